//! The words of one mail, each with a number: whoever asks what a word means keeps the answer by
//! its number and looks it up once a mail.
//!
//! A word is its own key, not a hash of it, so that no word can pass for another.

use std::collections::HashMap;

/// Words of a mail that get a number; those of a longer one are looked up every time.
const MOST_WORDS: usize = 1 << 12;

/// Places at first. There are always more than twice as many as short words.
const FIRST_PLACES: usize = 1 << 9;

/// The longest word that is its own key; longer ones are rare.
pub(super) const KEY_OCTETS: usize = 16;

/// A short word's octets and zeros behind them, as two numbers. No word has a zero in it, so no two
/// words have one key. That of a longer word is nothing but zeros.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
}

impl Key {
    /// Of the word that begins here and has so many octets; `None` where that is too long.
    #[inline]
    fn of(near: &[u8; KEY_OCTETS], octets: usize) -> Option<Key> {
        let [a, b, c, d, e, f, g, h, last @ ..] = *near;
        let first = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let last = u64::from_le_bytes(last);
        match octets {
            1..=8 => Some(Key { first: first & lowest(octets), last: 0 }),
            9..=KEY_OCTETS => Some(Key { first, last: last & lowest(octets - 8) }),
            _ => None,
        }
    }

    #[inline]
    fn mixed(self) -> u64 {
        (self.first ^ self.last.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
    }
}

/// The lowest octets of a number, one to eight.
#[inline]
fn lowest(octets: usize) -> u64 {
    u64::MAX >> ((8 - octets) * 8 % 64)
}

/// A word that has a number.
#[derive(Debug, Clone, Copy)]
struct Known {
    key: Key,
    /// Where it stands in the vocabulary's text.
    start: u32,
    end: u32,
}

/// See the module.
#[derive(Debug)]
pub(in crate::policy) struct Vocabulary {
    /// By place: a short word's number and one, or 0. Open addressing.
    places: Vec<u16>,
    /// The longer words.
    long: HashMap<String, u16>,
    /// By number.
    words: Vec<Known>,
    text: String,
}

impl Default for Vocabulary {
    fn default() -> Vocabulary {
        Vocabulary {
            places: vec![0; FIRST_PLACES],
            long: HashMap::new(),
            words: Vec::new(),
            text: String::new(),
        }
    }
}

impl Vocabulary {
    /// The number of a word that stands in a text; `None` where there are too many words. Quick
    /// where the word is short and known, and [`KEY_OCTETS`] octets follow its beginning.
    #[inline]
    pub(super) fn number(&mut self, text: &str, start: usize, end: usize) -> Option<u16> {
        match self.known(text.as_bytes(), start, end) {
            Some(number) => Some(number),
            None => self.learn(text.get(start..end)?),
        }
    }

    #[inline]
    fn known(&self, text: &[u8], start: usize, end: usize) -> Option<u16> {
        let near = text.get(start..)?.first_chunk::<KEY_OCTETS>()?;
        let key = Key::of(near, end.wrapping_sub(start))?;
        let mut at = self.place(key);
        loop {
            let number = self.places.get(at)?.checked_sub(1)?;
            if self.words.get(usize::from(number))?.key == key {
                return Some(number);
            }
            at = self.next(at);
        }
    }

    #[cold]
    fn learn(&mut self, word: &str) -> Option<u16> {
        let mut near = [0; KEY_OCTETS];
        near.iter_mut().zip(word.bytes()).for_each(|(to, from)| *to = from);
        let key = Key::of(&near, word.len());
        let known = match key {
            Some(_) => self.known(&near, 0, word.len()),
            None => self.long.get(word).copied(),
        };
        known.or_else(|| self.add(word, key.unwrap_or_default()))
    }

    fn add(&mut self, word: &str, key: Key) -> Option<u16> {
        let number =
            u16::try_from(self.words.len()).ok().filter(|n| usize::from(*n) < MOST_WORDS)?;
        let start = u32::try_from(self.text.len()).ok()?;
        let end = u32::try_from(self.text.len() + word.len()).ok()?;
        self.words.push(Known { key, start, end });
        self.text.push_str(word);
        if key == Key::default() {
            self.long.insert(word.to_owned(), number);
        } else {
            self.take_place(key, number);
        }
        if self.words.len() * 2 >= self.places.len() {
            self.widen();
        }
        Some(number)
    }

    /// How many words have a number.
    pub(in crate::policy) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word with a number.
    pub(in crate::policy) fn word(&self, number: u16) -> &str {
        let Some(known) = self.words.get(usize::from(number)) else { return "" };
        self.text.get(known.start as usize..known.end as usize).unwrap_or_default()
    }

    #[inline]
    fn place(&self, key: Key) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "only some bits count")]
        let mixed = key.mixed() as usize;
        mixed & self.places.len().wrapping_sub(1)
    }

    #[inline]
    fn next(&self, place: usize) -> usize {
        (place + 1) & self.places.len().wrapping_sub(1)
    }

    fn take_place(&mut self, key: Key, number: u16) {
        let mut place = self.place(key);
        while self.places.get(place).is_some_and(|taken| *taken != 0) {
            place = self.next(place);
        }
        if let Some(free) = self.places.get_mut(place) {
            *free = number + 1;
        }
    }

    fn widen(&mut self) {
        self.places = vec![0; self.places.len() * 2];
        for (number, Known { key, .. }) in (0..).zip(self.words.clone()) {
            if key != Key::default() {
                self.take_place(key, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(words: &mut Vocabulary, word: &str) -> Option<u16> {
        // Inside of a longer text and at its end: the key is read differently.
        let longer = format!("{word} and more of it");
        let inside = words.number(&longer, 0, word.len());
        assert_eq!(words.number(word, 0, word.len()), inside);
        inside
    }

    #[test]
    fn every_word_has_one_number_of_its_own() {
        let mut words = Vocabulary::default();
        let long = "x".repeat(20);
        let all: Vec<String> = (0..1_000)
            .map(|n| format!("{}{n}", "y".repeat(n % 25)))
            .chain([format!("{long}a{long}"), format!("{long}b{long}"), "é".into(), "a".into()])
            .collect();
        for (word, n) in all.iter().zip(0..) {
            assert_eq!(number(&mut words, word), Some(n), "{word}");
        }
        for (word, n) in all.iter().zip(0..) {
            assert_eq!(number(&mut words, word), Some(n), "{word}");
            assert_eq!(words.word(n), word);
        }
        assert_eq!(words.len(), all.len());
    }

    #[test]
    fn too_many_words_have_no_number_and_the_others_keep_theirs() {
        let mut words = Vocabulary::default();
        let numbers: Vec<_> = (0..5_000).map(|n| number(&mut words, &n.to_string())).collect();
        assert_eq!(numbers.iter().flatten().count(), MOST_WORDS);
        assert_eq!((number(&mut words, "7"), number(&mut words, "4999")), (Some(7), None));
    }
}
