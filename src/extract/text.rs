//! Text as it is gathered, up to a limit.

/// The text of one document at most. A letter has a few thousand octets; what is longer than this
/// is a book, and its first pages show that.
pub const MOST_TEXT_OCTETS: usize = 128 << 10;

/// Gathers text and says when it has enough.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Adds text; what is beyond the limit is dropped, and a NUL, which no text has.
    pub(super) fn push(&mut self, text: &str) {
        for c in text.chars().filter(|c| *c != '\0') {
            if self.is_full() {
                return;
            }
            self.0.push(c);
        }
    }

    /// A space, unless white space stands there.
    pub(super) fn space(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(char::is_whitespace) {
            self.push(" ");
        }
    }

    /// Ends the line.
    pub(super) fn new_line(&mut self) {
        let end = self.0.trim_end_matches(' ').len();
        self.0.truncate(end);
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.push("\n");
        }
    }

    /// Ends the paragraph: an empty line follows.
    pub(super) fn new_paragraph(&mut self) {
        self.new_line();
        self.new_line();
    }

    /// Whether there is no room for more.
    pub(super) fn is_full(&self) -> bool {
        // The longest character has four octets.
        self.0.len() + 4 > MOST_TEXT_OCTETS
    }

    /// How much there is: a place to go back to.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes back what was added since.
    pub(super) fn back_to(&mut self, len: usize) {
        if self.0.is_char_boundary(len) {
            self.0.truncate(len);
        }
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_grows_beyond_its_limit() {
        let mut text = Text::default();
        text.push(&"€".repeat(MOST_TEXT_OCTETS));
        assert!(text.is_full());
        assert!(text.into_string().len() <= MOST_TEXT_OCTETS);
    }

    #[test]
    fn lines_and_paragraphs_end_once() {
        let mut text = Text::default();
        text.new_paragraph();
        text.push("one");
        text.space();
        text.new_line();
        text.push("two");
        text.new_paragraph();
        text.new_paragraph();
        text.push("three");
        assert_eq!(text.into_string(), "one\ntwo\n\nthree");
    }
}
