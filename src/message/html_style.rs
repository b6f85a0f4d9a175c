//! Inline styles: what hides text from the reader.
//!
//! Takes the declarations of one element, gives what its children look like. Only inline styles
//! and presentational attributes are understood, no style sheets.

/// How text looks at one place of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    gone: bool,
    /// Too small to see; unlike `gone`, a child may set its own size again, as newsletters do.
    tiny: bool,
    colour: Option<Colour>,
    background: Option<Colour>,
}

impl Default for Look {
    fn default() -> Look {
        Look { gone: false, tiny: false, colour: Some([0; 3]), background: Some([255; 3]) }
    }
}

impl Look {
    /// Below an element with this style.
    pub(super) fn with(self, style: &Style) -> Look {
        let colour = style.colour.unwrap_or(self.colour);
        let background = style.background.unwrap_or(self.background);
        let tiny = style.font_is_zero.unwrap_or(self.tiny);
        Look { gone: self.gone || style.hides, tiny, colour, background }
    }

    /// Whether a reader sees nothing of text here.
    pub(super) fn is_hidden(self) -> bool {
        self.gone || self.tiny || self.colour.is_some() && self.colour == self.background
    }
}

type Colour = [u8; 3];

/// What one element says about itself.
#[derive(Debug, Default)]
pub(super) struct Style {
    hides: bool,
    font_is_zero: Option<bool>,
    /// The inner `None`: something that is no plain colour.
    colour: Option<Option<Colour>>,
    background: Option<Option<Colour>>,
}

impl Style {
    pub(super) fn hide(&mut self) {
        self.hides = true;
    }

    pub(super) fn colour(&mut self, value: &str) {
        self.colour = Some(colour(value));
    }

    pub(super) fn background(&mut self, value: &str) {
        self.background = Some(colour(value));
    }

    /// The value of a `style` attribute.
    pub(super) fn declarations(&mut self, text: &str) {
        let (mut no_height, mut overflow) = (false, false);
        for declaration in text.split(';').take(100) {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let name = name.trim().to_ascii_lowercase();
            let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
            match name.as_str() {
                "display" => self.hides |= value == "none",
                "visibility" => self.hides |= matches!(value.as_str(), "hidden" | "collapse"),
                "mso-hide" => self.hides |= value == "all",
                "opacity" => self.hides |= number(&value).is_some_and(|n| n < 0.1),
                "font-size" => self.font_is_zero = Some(number(&value).is_some_and(|n| n < 0.5)),
                "color" => self.colour(&value),
                "background-color" => self.background(&value),
                // A picture behind the text: nobody knows its colour.
                "background" => self.background = Some(value.split_whitespace().find_map(colour)),
                "max-height" | "height" | "max-width" | "width" => {
                    no_height |= number(&value).is_some_and(|n| n < 0.5);
                }
                "overflow" => overflow |= value == "hidden",
                "text-indent" | "left" | "top" | "margin-left" => {
                    self.hides |= number(&value).is_some_and(|n| n <= -999.0);
                }
                _ => {}
            }
        }
        self.hides |= no_height && overflow;
    }
}

/// The number in front of a unit.
fn number(value: &str) -> Option<f32> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'));
    value.get(..end.unwrap_or(value.len()))?.parse().ok()
}

/// `#rgb`, `#rrggbb`, `rgb(r,g,b)` and the names that hide text in practice.
fn colour(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(hex) = value.strip_prefix('#') {
        let digits: Vec<u8> = hex
            .chars()
            .map_while(|c| c.to_digit(16))
            .filter_map(|d| u8::try_from(d).ok())
            .collect();
        return match digits.as_slice() {
            [r, g, b] => Some([r * 17, g * 17, b * 17]),
            [a, b, c, d, e, f] => Some([a * 16 + b, c * 16 + d, e * 16 + f]),
            _ => None,
        };
    }
    if let Some(inner) = value.strip_prefix("rgb(").and_then(|v| v.strip_suffix(')')) {
        let mut numbers = inner.split(',').map(|n| n.trim().parse::<u8>().ok());
        return Some([numbers.next()??, numbers.next()??, numbers.next()??]);
    }
    Some(match value.as_str() {
        "white" | "window" => [255; 3],
        "black" | "windowtext" => [0; 3],
        "red" => [255, 0, 0],
        "green" => [0, 128, 0],
        "blue" => [0, 0, 255],
        "yellow" => [255, 255, 0],
        "gray" | "grey" => [128; 3],
        "silver" => [192; 3],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read() {
        assert_eq!(colour("#FFF"), Some([255; 3]));
        assert_eq!(colour("#0a0B0c"), Some([10, 11, 12]));
        assert_eq!(colour("rgb(1, 2,3)"), Some([1, 2, 3]));
        assert_eq!(colour("url(x.png)"), None);
    }
}
