//! Recall over false holds, for every threshold, as an SVG picture.
//!
//! Takes probabilities with labels, gives a picture that needs nothing else: the share of bad
//! news that is held against the share of other mail that is held falsely, the latter on a
//! logarithmic axis, because what matters happens below one in a hundred.

use std::fmt::Write as _;

use super::Judged;
use crate::cli::labelled::Label;

/// The size of the field that the curve is drawn in.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
/// Room for the axes.
const LEFT: f64 = 64.0;
const TOP: f64 = 40.0;
const BELOW: f64 = 56.0;
/// The axis begins at one false hold in a thousand mails.
const LEAST: f64 = 0.001;

/// A share of false holds and the recall that it buys.
type Point = (f64, f64);

/// The curve's corners, from the highest threshold to the lowest.
fn corners(judged: &[Judged]) -> Vec<Point> {
    let mut all: Vec<(f64, bool)> =
        judged.iter().map(|j| (j.verdict.probability, j.row.label == Label::Hold)).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    #[expect(clippy::cast_precision_loss, reason = "sets have some thousand mails")]
    let count = |hold: bool| all.iter().filter(|(_, h)| *h == hold).count().max(1) as f64;
    let (holds, passes) = (count(true), count(false));
    let (mut held, mut falsely) = (0.0, 0.0);
    let mut corners = Vec::new();
    for (at, (probability, hold)) in all.iter().enumerate() {
        if *hold {
            held += 1.0
        } else {
            falsely += 1.0
        }
        // Mails with the same probability are held together.
        if all.get(at + 1).is_none_or(|(next, _)| next < probability) {
            corners.push((falsely / passes, held / holds));
        }
    }
    corners
}

/// The picture. `title` says what was judged.
pub(super) fn svg(title: &str, judged: &[Judged]) -> String {
    let mut out = String::new();
    // A String takes all that is written to it.
    let _ = write_svg(&mut out, title, judged);
    out
}

fn write_svg(out: &mut String, title: &str, judged: &[Judged]) -> std::fmt::Result {
    let (width, height) = (LEFT + WIDTH + 24.0, TOP + HEIGHT + BELOW);
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\">\n\
         <title>Recall over false holds: {title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"15\" fill=\"#222\">{title}</text>"
    )?;
    for (share, label) in [
        (0.001, "0.1 %"),
        (0.003, "0.3 %"),
        (0.01, "1 %"),
        (0.03, "3 %"),
        (0.1, "10 %"),
        (0.3, "30 %"),
        (1.0, "100 %"),
    ] {
        let (x, bottom) = (x(share), TOP + HEIGHT);
        writeln!(
            out,
            "<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{label}</text>",
            bottom + 18.0
        )?;
    }
    for tenth in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let (y, right) = (y(tenth), LEFT + WIDTH);
        writeln!(
            out,
            "<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#444\">{:.0} %</text>",
            LEFT - 8.0,
            y + 4.0,
            tenth * 100.0
        )?;
    }
    let points: Vec<String> =
        corners(judged).iter().map(|(f, r)| format!("{:.1},{:.1}", x(*f), y(*r))).collect();
    writeln!(
        out,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#0b5cad\" stroke-width=\"2\"/>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#222\">held falsely, of mail that should pass</text>\n\
         <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\" fill=\"#222\">held, of bad news</text>\n</svg>",
        points.join(" "),
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 42.0,
        TOP + HEIGHT / 2.0
    )
}

fn x(share: f64) -> f64 {
    LEFT + WIDTH * (1.0 - share.max(LEAST).log10() / LEAST.log10())
}

fn y(share: f64) -> f64 {
    TOP + HEIGHT * (1.0 - share)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::evaluate::RowVerdict;

    fn judged(probability: f64, label: &str) -> Judged {
        let row = format!(r#"{{"id":"1","text":"x","label":"{label}"}}"#);
        Judged {
            set: String::new(),
            row: serde_json::from_str(&row).unwrap(),
            verdict: RowVerdict {
                hold: false,
                probability,
                category: None,
                evidence: Vec::new(),
                elapsed: Duration::ZERO,
            },
        }
    }

    #[test]
    fn the_curve_goes_from_the_surest_to_the_last_and_equals_go_together() {
        let all =
            [judged(0.9, "hold"), judged(0.5, "hold"), judged(0.5, "pass"), judged(0.1, "pass")];
        assert_eq!(corners(&all), [(0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]);
    }

    #[test]
    fn the_picture_is_whole_for_no_mail_too() {
        let picture = svg("a < b", &[]);
        assert!(picture.contains("<title>Recall over false holds: a &lt; b</title>"));
        assert!(picture.trim_end().ends_with("</svg>"), "{picture}");
    }
}
