//! Makes words of a held mail fit to be shown: no controls, no direction marks, bounded length.
//!
//! The sender wrote them, or somebody who wants the notice to say what we did not
//! (header injection, reversed text, a "name" of three pages).

use unicode_segmentation::UnicodeSegmentation;

/// One line of at most `most` characters as people count them; more ends in "…".
pub(super) fn line(text: &str, most: usize) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .filter(|c| !is_invisible(*c))
        .collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut graphemes = words.graphemes(true);
    let kept: String = graphemes.by_ref().take(most).map(one_mark).collect();
    if graphemes.next().is_some() { format!("{}…", kept.trim_end()) } else { kept }
}

/// The same for plain text, where no `<bdi>` can keep right-to-left words in their place:
/// FSI … PDI around them (UAX 9).
pub(super) fn isolated(text: &str) -> String {
    if text.chars().any(is_right_to_left) {
        format!("\u{2068}{text}\u{2069}")
    } else {
        text.to_owned()
    }
}

/// Direction marks, zero-width characters and tags: they show nothing and change what is shown.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// A letter under a tower of combining marks covers the lines around it: four are enough for
/// every script in use.
fn one_mark(grapheme: &str) -> String {
    grapheme.chars().take(MAX_CHARS_IN_GRAPHEME).collect()
}

const MAX_CHARS_IN_GRAPHEME: usize = 12;

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_direction_marks_go() {
        assert_eq!(line("a\r\nBcc: x@y\u{2028}b\u{202e}c\0\u{200b}d", 99), "a Bcc: x@y bc d");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(line("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}e\u{301}…");
        assert_eq!(line("ab", 2), "ab");
    }

    #[test]
    fn right_to_left_words_stay_in_their_place() {
        assert_eq!(isolated("שלום"), "\u{2068}שלום\u{2069}");
        assert_eq!(isolated("hello"), "hello");
    }

    #[test]
    fn a_tower_of_marks_is_taken_down() {
        let tower = format!("a{}", "\u{301}".repeat(500));
        assert_eq!(line(&tower, 5).chars().count(), MAX_CHARS_IN_GRAPHEME);
    }
}
