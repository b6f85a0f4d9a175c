//! Bars made of parts, standing (one a week) or lying (one a policy).

use std::fmt::Write as _;

use super::{coordinate, escaped, step};

/// Standing bars: the drawing's width and height, and the room for its labels.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 44.0;
const BELOW: f64 = 24.0;
const ABOVE: f64 = 12.0;
/// Lying bars: the height of one with its name above it.
const LINE: f64 = 40.0;
/// No standing bar is wider: two weeks are not two walls.
const WIDEST: f64 = 48.0;
/// The least room for a label below a standing bar.
const LABEL: f64 = 52.0;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// Its parts, in the order of [`Bars::parts`].
    pub values: Vec<u64>,
}

impl Bar {
    fn total(&self) -> u64 {
        self.values.iter().fold(0, |sum, value| sum.saturating_add(*value))
    }
}

/// Some bars, each made of the same parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What the whole shows; read aloud in place of the drawing.
    pub title: String,
    /// The parts' names, first to last; part `n` has the class `sN`, from 1 to 8.
    pub parts: Vec<String>,
    /// The bars.
    pub bars: Vec<Bar>,
}

impl Bars {
    /// Side by side, the first part at the bottom: time goes to the right.
    pub fn standing(&self) -> String {
        let most = self.most();
        let step = step(most);
        let top = most.div_ceil(step).saturating_mul(step).max(1);
        let height = HEIGHT - ABOVE - BELOW;
        let scale = |value: u64| value as f64 / top as f64 * height;
        let mut svg = self.head(WIDTH, HEIGHT);
        for at in (0..=top).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let y = coordinate(HEIGHT - BELOW - scale(at));
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"axis end\" x=\"{}\" y=\"{y}\" dy=\"4\">{at}</text>",
                LEFT - 8.0
            );
        }
        let room = (WIDTH - LEFT) / self.bars.len().max(1) as f64;
        let wide = (room * 0.72).min(WIDEST);
        let every = (LABEL / room).ceil().max(1.0) as usize;
        for (place, bar) in self.bars.iter().enumerate() {
            let middle = LEFT + room * (place as f64 + 0.5);
            let mut foot = HEIGHT - BELOW;
            for (part, value) in bar.values.iter().enumerate().filter(|(_, value)| **value > 0) {
                let tall = scale(*value);
                foot -= tall;
                let rect = (middle - wide / 2.0, foot, wide, tall);
                self.part(&mut svg, bar, part, *value, rect);
            }
            if place % every == 0 {
                let _ = write!(
                    svg,
                    "<text class=\"axis middle\" x=\"{}\" y=\"{}\">{}</text>",
                    coordinate(middle),
                    HEIGHT - 6.0,
                    escaped(&bar.label)
                );
            }
        }
        svg.push_str("</svg>");
        svg
    }

    /// One below the other, each with its name and its sum: for things without an order of their own.
    pub fn lying(&self) -> String {
        let most = self.most().max(1) as f64;
        let mut svg = self.head(WIDTH, LINE * self.bars.len().max(1) as f64);
        for (place, bar) in self.bars.iter().enumerate() {
            let top = LINE * place as f64;
            let _ = write!(
                svg,
                "<text class=\"name\" x=\"0\" y=\"{}\">{}</text>\
                 <text class=\"name end\" x=\"{WIDTH}\" y=\"{0}\">{}</text>",
                coordinate(top + 14.0),
                escaped(&bar.label),
                bar.total()
            );
            let mut left = 0.0;
            for (part, value) in bar.values.iter().enumerate().filter(|(_, value)| **value > 0) {
                let wide = *value as f64 / most * WIDTH;
                self.part(&mut svg, bar, part, *value, (left, top + 20.0, wide, 12.0));
                left += wide;
            }
        }
        svg.push_str("</svg>");
        svg
    }

    fn most(&self) -> u64 {
        self.bars.iter().map(Bar::total).max().unwrap_or(0)
    }

    fn head(&self, width: f64, height: f64) -> String {
        let title = escaped(&self.title);
        format!(
            "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{title}\" \
             xmlns=\"http://www.w3.org/2000/svg\">",
            coordinate(width),
            coordinate(height)
        )
    }

    /// A rectangle (x, y, width, height) with its figure.
    fn part(
        &self,
        svg: &mut String,
        bar: &Bar,
        part: usize,
        value: u64,
        rect: (f64, f64, f64, f64),
    ) {
        let (x, y, width, height) = rect;
        let name = self.parts.get(part).map_or("", String::as_str);
        let _ = write!(
            svg,
            "<rect class=\"s{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">\
             <title>{}: {} {value}</title></rect>",
            part % 8 + 1,
            coordinate(x),
            coordinate(y),
            coordinate(width),
            coordinate(height),
            escaped(&bar.label),
            escaped(name),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(bars: &[(&str, &[u64])]) -> Bars {
        let bar = |(label, values): &(&str, &[u64])| Bar {
            label: (*label).to_owned(),
            values: values.to_vec(),
        };
        Bars {
            title: "Held".into(),
            parts: vec!["called".into(), "expired".into()],
            bars: bars.iter().map(bar).collect(),
        }
    }

    fn heights(svg: &str) -> Vec<f64> {
        let rects = svg.split("<rect").skip(1);
        let height = |rect: &str| {
            let rest = rect.split_once(" height=\"").unwrap().1;
            rest.split_once('"').unwrap().0.parse().unwrap()
        };
        rects.map(height).collect()
    }

    #[test]
    fn parts_are_as_tall_as_their_figures() {
        let svg = bars(&[("1 Nov", &[3, 1]), ("8 Nov", &[0, 2])]).standing();
        let tall = heights(&svg);
        assert_eq!(tall.len(), 3, "nothing is drawn of a part of 0: {svg}");
        assert!((tall[0] - 3.0 * tall[1]).abs() < 0.05 && (tall[2] - 2.0 * tall[1]).abs() < 0.05);
        assert!(svg.contains("<title>1 Nov: called 3</title>"), "{svg}");
        assert!(svg.contains("class=\"s2\""));
    }

    #[test]
    fn a_name_is_text_and_nothing_else() {
        let svg = bars(&[("<script>alert(1)</script>", &[1])]).lying();
        assert!(!svg.contains("<script"), "{svg}");
        assert!(svg.contains("&lt;script&gt;"));
    }

    #[test]
    fn nothing_and_very_much_are_drawn_too() {
        for some in [bars(&[]), bars(&[("a", &[])]), bars(&[("a", &[u64::MAX, u64::MAX])])] {
            for svg in [some.standing(), some.lying()] {
                assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"), "{svg}");
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }

    #[test]
    fn of_many_weeks_only_some_are_named() {
        let many: Vec<(String, [u64; 1])> = (0..60).map(|n| (format!("week {n}"), [1])).collect();
        let many: Vec<(&str, &[u64])> =
            many.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect();
        let svg = bars(&many).standing();
        let named = svg.matches("class=\"axis middle\"").count();
        assert!((8..=12).contains(&named), "{named}");
    }
}
