//! One page of a PDF: characters at places → lines and paragraphs.
//!
//! A PDF has no lines. A character that stands lower or higher than the one before it begins one;
//! a gap between lines that is larger than the page's usual one begins a paragraph. That matters:
//! a sentence is found within a paragraph.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

use super::text::Text;

/// Of the size of the type: a step down that is a new line ...
const LINE_STEP: f64 = 0.5;
/// ... a step to the right that is a space ...
const SPACE_STEP: f64 = 0.2;
/// ... and a step to the left that is one: letters are set closer than that.
const BACK_STEP: f64 = 1.0;
/// Of the usual gap between lines: what is a new paragraph.
const PARAGRAPH_GAP: f64 = 1.3;
/// Lines of a page; a page that is full of small type has two hundred.
const MOST_LINES: usize = 2_000;
/// Octets of a line.
const MOST_LINE_OCTETS: usize = 4_096;

#[derive(Debug, Default)]
struct Line {
    /// Of its foot, upwards.
    height: f64,
    text: String,
}

/// Gathers the lines of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    lines: Vec<Line>,
    /// Where the last character ended.
    end: f64,
    /// Whether the next character begins a piece of text.
    piece_begins: bool,
}

impl Page {
    /// Appends the page.
    pub(super) fn into_text(self, text: &mut Text) {
        let usual = self.usual_gap();
        let mut last: Option<&Line> = None;
        for line in &self.lines {
            let gap = last.map_or(0.0, |last| (last.height - line.height).abs());
            match last {
                None => text.new_paragraph(),
                Some(_) if gap > usual * PARAGRAPH_GAP => text.new_paragraph(),
                Some(last) if goes_on(&last.text, &line.text) => text.back_to(text.len() - 1),
                Some(_) => text.new_line(),
            }
            text.push(line.text.trim());
            last = Some(line);
        }
        text.new_paragraph();
    }

    /// The gap between lines of one paragraph: a quarter of the gaps that go down are not larger.
    /// Half would be too many: a short letter has as many paragraphs as lines.
    fn usual_gap(&self) -> f64 {
        let pairs = self.lines.iter().zip(self.lines.iter().skip(1));
        let mut gaps: Vec<f64> = pairs.map(|(a, b)| a.height - b.height).collect();
        gaps.retain(|gap| *gap > 0.0);
        gaps.sort_by(f64::total_cmp);
        gaps.get(gaps.len() / 4).copied().unwrap_or_default()
    }
}

/// Whether a word was divided at the end of the line: `war-` and `ranty`.
fn goes_on(line: &str, next: &str) -> bool {
    let divided =
        line.trim_end().strip_suffix('-').is_some_and(|l| l.ends_with(char::is_lowercase));
    divided && next.trim_start().starts_with(char::is_lowercase)
}

impl OutputDev for Page {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        // The scale of an area is the square of that of a length.
        let area = place.m11 * place.m22 - place.m12 * place.m21;
        let size = area.abs().sqrt() * font_size;
        let (x, y) = (place.m31, place.m32);
        let begins = std::mem::take(&mut self.piece_begins);
        let step = self.lines.last().map_or(f64::INFINITY, |line| (line.height - y).abs());
        if step > size * LINE_STEP {
            if self.lines.len() >= MOST_LINES {
                return Ok(());
            }
            self.lines.push(Line { height: y, text: String::new() });
        }
        if let Some(line) = self.lines.last_mut().filter(|l| l.text.len() < MOST_LINE_OCTETS) {
            let step = x - self.end;
            let apart = step > size * SPACE_STEP || step < -size * BACK_STEP;
            if begins && apart && !line.text.ends_with(' ') {
                line.text.push(' ');
            }
            line.text.push_str(text);
        }
        self.end = x + width * size;
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.piece_begins = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[(f64, &str)]) -> String {
        let lines =
            lines.iter().map(|(height, text)| Line { height: *height, text: (*text).to_owned() });
        let page = Page { lines: lines.collect(), ..Page::default() };
        let mut text = Text::default();
        page.into_text(&mut text);
        text.into_string()
    }

    #[test]
    fn a_larger_gap_is_a_paragraph_and_divided_words_are_joined() {
        let read = page(&[
            (700.0, "Dear Ms Huber,"),
            (670.0, "the repair is not covered by the war-"),
            (656.0, "ranty, and we cannot"),
            (642.0, "pay for it."),
            (612.0, "Yours"),
        ]);
        let wanted = "Dear Ms Huber,\n\nthe repair is not covered by the warranty, and we cannot\n\
                      pay for it.\n\nYours";
        assert_eq!(read.trim(), wanted);
    }

    #[test]
    fn a_page_without_text_adds_none() {
        assert_eq!(page(&[]), "");
    }
}
