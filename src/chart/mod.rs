//! Charts as SVG, made here: no script, no style of their own, readable without colours.
//!
//! Pure: figures in, text out. Colours are classes (`s1` to `s8`) of the page's style sheet, so that
//! light and dark are one chart; every piece has a title with its figure, and the page shows the same
//! figures as a table beneath.

mod bars;

pub use bars::{Bar, Bars};

/// A number for a coordinate: two decimals at most, none where there are none.
fn coordinate(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text as it may stand in SVG; characters that XML knows nothing of become spaces.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

/// A step for the lines behind a chart: 1, 2 or 5 times a power of ten, five lines at most.
fn step(most: u64) -> u64 {
    let mut unit = 1;
    loop {
        for times in [1, 2, 5] {
            let step: u64 = unit * times;
            if most.div_ceil(step) <= 5 {
                return step;
            }
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_round_lines_lie_behind_a_chart() {
        for (most, wanted) in [(0, 1), (1, 1), (5, 1), (6, 2), (11, 5), (26, 10), (1_234, 500)] {
            assert_eq!(step(most), wanted, "{most}");
        }
        assert_eq!(step(u64::MAX / 4) % 10, 0);
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(coordinate(3.0), "3");
        assert_eq!(coordinate(2.5), "2.5");
        assert_eq!(coordinate(1.0 / 3.0), "0.33");
        assert_eq!(coordinate(100.0), "100");
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("<a b='c'>&\"\u{7}"), "&lt;a b=&#39;c&#39;&gt;&amp;&quot; ");
    }
}
