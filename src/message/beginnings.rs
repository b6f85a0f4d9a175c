//! Says quickly that no phrase of a list begins like this line.

use std::sync::LazyLock;

/// The first three letters of each phrase of a list, a bit for each triple. What begins with
/// something else than three letters of ASCII is not judged.
pub(super) struct Beginnings([u64; TRIPLES.div_ceil(64)]);

const TRIPLES: usize = 26 * 26 * 26;

/// One for each list, made when it is first asked.
pub(super) type Lazy = LazyLock<Beginnings>;

impl Beginnings {
    /// For phrases in lower case.
    pub(super) fn of(phrases: &[&str]) -> Beginnings {
        let mut beginnings = Beginnings([0; TRIPLES.div_ceil(64)]);
        for phrase in phrases {
            let Some(triple) = triple(phrase) else { continue };
            if let Some(bits) = beginnings.0.get_mut(triple / 64) {
                *bits |= 1 << (triple % 64);
            }
        }
        beginnings
    }

    /// Whether a phrase may begin like this line, in any case of its letters.
    pub(super) fn may_be(&self, line: &str) -> bool {
        let Some(triple) = triple(line) else { return true };
        self.0.get(triple / 64).is_some_and(|bits| bits >> (triple % 64) & 1 == 1)
    }
}

fn triple(text: &str) -> Option<usize> {
    let letter = |octet: u8| {
        octet.is_ascii_alphabetic().then(|| usize::from(octet.to_ascii_lowercase() - b'a'))
    };
    let [first, second, third] = *text.as_bytes().first_chunk::<3>()?;
    Some((letter(first)? * 26 + letter(second)?) * 26 + letter(third)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_phrase_is_never_shut_out() {
        let beginnings = Beginnings::of(&["best regards", "à bientôt", "zz"]);
        for line in ["Best", "BEST REGARDS", "be", "à", "À bientôt", "b", "", "1st", "zZ", "ZZ."]
        {
            assert!(beginnings.may_be(line), "{line}");
        }
        for line in ["The fans", "between", "zzz", "bet"] {
            assert!(!beginnings.may_be(line), "{line}");
        }
    }
}
