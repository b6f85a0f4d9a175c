//! What the words of one mail stand for: each is looked up once, and then known.
//!
//! Takes a word, gives its set. A word is its own key, not a hash of it, so that no word can pass
//! for another; a word of more than sixteen octets is looked up every time.

use super::trie::Set;

/// Words known at a time. Another word with the same place takes it.
const PLACES: usize = 256;

/// A word of one to sixteen octets: its length, and its first and last eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    octets: usize,
    first: u64,
    last: u64,
}

impl Key {
    fn of(word: &str) -> Option<Key> {
        let octets = word.as_bytes();
        let (first, last) = match (octets.first_chunk::<8>(), octets.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => (octets.iter().fold(0, |all, octet| all << 8 | u64::from(*octet)), 0),
        };
        let octets = octets.len();
        (1..=16).contains(&octets).then_some(Key { octets, first, last })
    }

    fn place(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 56) as usize % PLACES
    }
}

/// The words that were met.
#[derive(Debug, Default)]
pub(super) struct Known {
    places: Vec<Option<(Key, Set)>>,
}

impl Known {
    /// The set of a word, by `look_up` where it is not known.
    pub(super) fn get_or(&mut self, word: &str, look_up: impl Fn(&str) -> Set) -> Set {
        let Some(key) = Key::of(word) else { return look_up(word) };
        self.places.resize(PLACES, None);
        let Some(place) = self.places.get_mut(key.place()) else { return look_up(word) };
        match place {
            Some((known, set)) if *known == key => *set,
            _ => place.insert((key, look_up(word))).1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_key_of_its_own() {
        let words =
            ["a", "aa", "ab", "claim", "claims", "aaaaaaaa", "aaaaaaaaa", "abcdefghijklmnop"];
        for (at, word) in words.iter().enumerate() {
            assert!(words.iter().skip(at + 1).all(|other| Key::of(word) != Key::of(other)));
        }
        assert_eq!(Key::of("seventeen octets."), None);
    }

    #[test]
    fn a_word_is_looked_up_once_until_its_place_is_taken() {
        let mut known = Known::default();
        let looked = std::cell::Cell::new(0);
        let set = |text: &str| {
            looked.set(looked.get() + 1);
            Set::sized(text.len())
        };
        for word in ["claim", "claim", "claim", "thisissixteenplus", "thisissixteenplus"] {
            assert_eq!(known.get_or(word, set), Set::sized(word.len()));
        }
        assert_eq!(looked.get(), 3);
        for number in 0..2_000 {
            let word = "x".repeat(number % 16 + 1) + &number.to_string();
            assert_eq!(known.get_or(&word, set), Set::sized(word.len()), "{word}");
        }
    }
}
