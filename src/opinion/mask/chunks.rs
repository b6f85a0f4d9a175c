//! A sentence as chunks between white space, punctuation apart.

/// What stands between two white spaces: `(“€1,200.”` is `(“€`, `1,200` and `.”`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk<'t> {
    /// The white space before it.
    pub(super) space: &'t str,
    /// What stands before its first letter or digit.
    pub(super) lead: &'t str,
    /// From its first to its last letter or digit; empty where it has none.
    pub(super) core: &'t str,
    /// What stands behind that.
    pub(super) trail: &'t str,
}

impl Chunk<'_> {
    /// The core in lower case.
    pub(super) fn lower(&self) -> String {
        self.core.to_lowercase()
    }

    /// Whether the core is of digits and the marks within numbers.
    pub(super) fn is_number(&self) -> bool {
        digits(self.core) > 0 && !self.core.chars().any(char::is_alphabetic)
    }

    /// Whether a clause ends here.
    pub(super) fn ends_clause(&self) -> bool {
        self.trail.contains([',', '.', ';', ':', '!', '?', '…', '–', '—'])
    }

    pub(super) fn is_capitalised(&self) -> bool {
        self.core.starts_with(char::is_uppercase)
    }
}

/// How many digits there are, of any script.
pub(super) fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// The chunks of a sentence, in order; together they are the sentence.
pub(super) fn of(text: &str) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (space, behind) = split(rest, |c| !c.is_whitespace());
        let (word, behind) = split(behind, char::is_whitespace);
        let (lead, word) = split(word, char::is_alphanumeric);
        let end = word.char_indices().rfind(|(_, c)| c.is_alphanumeric());
        let end = end.map_or(0, |(at, c)| at + c.len_utf8());
        let (core, trail) = word.split_at_checked(end).unwrap_or((word, ""));
        chunks.push(Chunk { space, lead, core, trail });
        rest = behind;
    }
    chunks
}

/// At the first character of a kind.
fn split(text: &str, is_it: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(is_it).unwrap_or(text.len())).unwrap_or((text, ""))
}

/// A core's runs of letters, and what stands between them; `true` for letters.
pub(super) fn runs(core: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = core;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphabetic();
        let (run, behind) = split(rest, |c| c.is_alphabetic() != is_word);
        rest = behind;
        Some((run, is_word))
    })
}
