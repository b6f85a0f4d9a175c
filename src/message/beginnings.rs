//! Says quickly that no phrase of a list begins like this line.

use std::sync::LazyLock;

/// How the phrases of a list begin: a bit for each three signs. All signs of ASCII that are no
/// letters are one; what begins with something beyond ASCII is not judged.
pub(super) struct Beginnings([u64; TRIPLES.div_ceil(64)]);

/// Letters, and what is none.
const SIGNS: usize = 27;
const TRIPLES: usize = SIGNS * SIGNS * SIGNS;

/// One for each list, made when it is first asked.
pub(super) type Lazy = LazyLock<Beginnings>;

impl Beginnings {
    /// For phrases in lower case.
    pub(super) fn of(phrases: &[&str]) -> Beginnings {
        let mut beginnings = Beginnings([0; TRIPLES.div_ceil(64)]);
        for phrase in phrases {
            // Of a phrase of two letters no third can be a part.
            let padded =
                if phrase.len() < 3 { format!("{phrase}   ") } else { (*phrase).to_owned() };
            let Some(triple) = triple(&padded) else { continue };
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

/// The first three signs as a number.
fn triple(text: &str) -> Option<usize> {
    let sign = |octet: u8| match octet.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => Some(usize::from(letter - b'a')),
        0x80.. => None,
        _ => Some(SIGNS - 1),
    };
    let [first, second, third] = *text.as_bytes().first_chunk::<3>()?;
    Some((sign(first)? * SIGNS + sign(second)?) * SIGNS + sign(third)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_phrase_is_never_shut_out() {
        let beginnings = Beginnings::of(&["best regards", "à bientôt", "zz", "p.s"]);
        for line in [
            "Best",
            "BEST REGARDS",
            "be",
            "à",
            "À bientôt",
            "b",
            "",
            "zZ",
            "ZZ.",
            "zz, Ann",
            "P.S.",
        ] {
            assert!(beginnings.may_be(line), "{line}");
        }
        for line in ["The fans", "between", "zzz", "1. best", "pas", "   "] {
            assert!(!beginnings.may_be(line), "{line}");
        }
    }
}
