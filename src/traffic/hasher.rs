//! Names for addresses, domains and words that only this house can make, and nobody can read back
//! without trying what he guesses.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{message, policy::words};

/// Octets of the name of an address or a domain.
const NAME: usize = 8;
/// The longest run of words that has a name of its own.
const LONGEST: usize = 3;
/// Words of a sentence that are named; behind them a sentence is a list.
const MAX_WORDS: usize = 60;

/// Names things by a key. Has no `Debug` on purpose.
#[derive(Clone)]
pub struct Hasher {
    key: [u8; 32],
}

/// Words in a row, as they would be found among the names of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    pub(super) grams: Vec<u32>,
}

/// A phrase that cannot be looked for, because it is more, or less, than words in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only words in a row can be looked for in recorded traffic, no lists, gaps or stars")]
pub struct NotWords;

impl Hasher {
    /// By a key of 32 secret octets that is used for nothing else.
    pub fn new(key: [u8; 32]) -> Hasher {
        Hasher { key }
    }

    /// The name of an address; the case of letters does not count.
    pub fn address(&self, address: &str) -> String {
        self.name("address", address)
    }

    /// The name of a domain, likewise.
    pub fn domain(&self, domain: &str) -> String {
        self.name("domain", domain.trim_end_matches('.'))
    }

    /// The names of the words of a sentence, and of two and three words in a row. `normal` is the
    /// sentence as patterns see it. Sorted, each once.
    pub fn grams(&self, normal: &str) -> Vec<u32> {
        let mut words = words(normal);
        words.truncate(MAX_WORDS);
        let runs = (1..=LONGEST).flat_map(|long| words.windows(long));
        let mut grams: Vec<u32> = runs.map(|run| self.gram(run)).collect();
        grams.sort_unstable();
        grams.dedup();
        grams
    }

    /// A phrase as a policy writes it: words in a row and nothing else.
    pub fn phrase(&self, written: &str) -> Result<Phrase, NotWords> {
        if written.contains(['{', '}', '(', ')', '[', ']', '|', '*', '#', '^'])
            || written.contains("..")
        {
            return Err(NotWords);
        }
        let sentences = message::sentences(written);
        let [sentence] = sentences.as_slice() else { return Err(NotWords) };
        let words = words(sentence.normal());
        if words.is_empty() || words.len() > MAX_WORDS {
            return Err(NotWords);
        }
        let long = words.len().min(LONGEST);
        Ok(Phrase { grams: words.windows(long).map(|run| self.gram(run)).collect() })
    }

    fn gram(&self, run: &[&str]) -> u32 {
        let [a, b, c, d, ..] = self.tag("words", &run.join(" "));
        u32::from_be_bytes([a, b, c, d])
    }

    fn name(&self, kind: &str, what: &str) -> String {
        let tag = self.tag(kind, &what.to_lowercase());
        HEXLOWER.encode(tag.get(..NAME).unwrap_or_default())
    }

    fn tag(&self, kind: &str, what: &str) -> [u8; 32] {
        // HMAC takes a key of any length: `new_from_slice` cannot fail.
        #[allow(clippy::expect_used)]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any key length");
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(what.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl Phrase {
    /// Whether a sentence with these names has it: every run of it is there.
    pub(super) fn is_in(&self, grams: &[u32]) -> bool {
        self.grams.iter().all(|gram| grams.binary_search(gram).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_where_its_words_stand_in_a_row() {
        let hasher = Hasher::new([1; 32]);
        let normal = |text: &str| message::sentences(text)[0].normal().to_owned();
        let grams = hasher.grams(&normal("We can't deliver the spare part before Friday."));
        for (phrase, wanted) in [
            ("spare part", true),
            ("Spare", true),
            ("we cannot deliver the spare part", true),
            ("can't deliver", true),
            ("part spare", false),
            ("spare parts", false),
            ("deliver spare", false),
        ] {
            assert_eq!(hasher.phrase(phrase).unwrap().is_in(&grams), wanted, "{phrase}");
        }
        let other = Hasher::new([2; 32]);
        assert!(!other.phrase("spare part").unwrap().is_in(&grams), "another key, other names");
        assert!(grams.is_sorted());
    }

    #[test]
    fn what_is_more_than_words_is_not_looked_for() {
        let hasher = Hasher::new([1; 32]);
        for pattern in ["{part} late", "a .. b", "late*", "(a|b)", "#", "", "  ", "One. Two."] {
            assert_eq!(hasher.phrase(pattern), Err(NotWords), "{pattern}");
        }
    }

    #[test]
    fn names_do_not_depend_on_case_and_kinds_do_not_meet() {
        let hasher = Hasher::new([1; 32]);
        assert_eq!(hasher.address("Ann@US.example"), hasher.address("ann@us.example"));
        assert_eq!(hasher.domain("us.example."), hasher.domain("US.example"));
        assert_ne!(hasher.domain("us.example"), hasher.address("us.example"));
        assert_eq!(hasher.domain("us.example").len(), 16);
    }
}
