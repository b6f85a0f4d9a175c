//! The words of one mail, each with a number: whoever asks what a word means keeps the answer by
//! its number and looks it up once a mail.
//!
//! A word is its own key, not a hash of it, so that no word can pass for another.

/// Words of a mail that get a number; those of a longer one are looked up every time.
const MOST_WORDS: usize = 1 << 12;

/// Places at first. There are always twice as many as words.
const FIRST_PLACES: usize = 1 << 9;

/// A word's octets, its first eight and its last or next eight. Up to sixteen octets that is the
/// whole word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    octets: u32,
    first: u64,
    last: u64,
}

/// The longest word that its key says whole.
const KEY_OCTETS: usize = 16;

impl Key {
    #[inline]
    fn of(text: &[u8], start: usize, end: usize) -> Key {
        let length = end.saturating_sub(start);
        let (first, last) = match length {
            0..=8 => (eight(text, start, length), 0),
            9..=KEY_OCTETS => (eight(text, start, 8), eight(text, start + 8, length - 8)),
            _ => (eight(text, start, 8), eight(text, end - 8, 8)),
        };
        Key { octets: u32::try_from(length).unwrap_or(u32::MAX), first, last }
    }

    #[inline]
    fn mixed(self) -> u64 {
        let both = self.first ^ self.last.rotate_left(29) ^ u64::from(self.octets);
        both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
    }
}

/// At most eight octets as a number.
#[inline]
fn eight(text: &[u8], at: usize, octets: usize) -> u64 {
    let near = text.get(at..).unwrap_or_default();
    match (near.first_chunk::<8>(), octets) {
        (_, 0) => 0,
        (Some(all), _) => u64::from_le_bytes(*all) & (u64::MAX >> (64 - 8 * octets.min(8))),
        (None, _) => near.iter().take(octets).rev().fold(0, |all, o| all << 8 | u64::from(*o)),
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(in crate::policy) struct Vocabulary {
    /// By place: a word's number and one, or 0. Open addressing.
    places: Vec<u16>,
    /// By number: the key, and where the word stands in `text`.
    words: Vec<(Key, usize)>,
    text: String,
}

impl Vocabulary {
    /// The number of a word that stands in a text; `None` where there are too many words.
    #[inline]
    pub(super) fn number(&mut self, text: &str, start: usize, end: usize) -> Option<u16> {
        let key = Key::of(text.as_bytes(), start, end);
        if self.words.len() * 2 >= self.places.len() {
            self.widen();
        }
        let mut at = self.place(key);
        while let Some(number) = self.places.get(at)?.checked_sub(1) {
            if self.is(number, key, text, start, end) {
                return Some(number);
            }
            at = (at + 1) & (self.places.len() - 1);
        }
        self.add(key, text.get(start..end)?, at)
    }

    #[cold]
    fn add(&mut self, key: Key, word: &str, place: usize) -> Option<u16> {
        let number =
            u16::try_from(self.words.len()).ok().filter(|n| usize::from(*n) < MOST_WORDS)?;
        self.words.push((key, self.text.len()));
        self.text.push_str(word);
        *self.places.get_mut(place)? = number + 1;
        Some(number)
    }

    /// How many words have a number.
    pub(in crate::policy) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word with a number.
    pub(in crate::policy) fn word(&self, number: u16) -> &str {
        let Some((key, start)) = self.words.get(usize::from(number)) else { return "" };
        self.text.get(*start..start + key.octets as usize).unwrap_or_default()
    }

    #[inline]
    fn is(&self, number: u16, key: Key, text: &str, start: usize, end: usize) -> bool {
        let Some((known, _)) = self.words.get(usize::from(number)) else { return false };
        *known == key
            && (end - start <= KEY_OCTETS || text.get(start..end) == Some(self.word(number)))
    }

    #[inline]
    fn place(&self, key: Key) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "only some bits count")]
        let mixed = key.mixed() as usize;
        mixed & self.places.len().saturating_sub(1)
    }

    #[cold]
    fn widen(&mut self) {
        self.places = vec![0; (self.places.len() * 2).max(FIRST_PLACES)];
        for at in 0..self.words.len() {
            let (Some((key, _)), Ok(number)) = (self.words.get(at), u16::try_from(at)) else {
                return;
            };
            let mut place = self.place(*key);
            while self.places.get(place).is_some_and(|taken| *taken != 0) {
                place = (place + 1) & (self.places.len() - 1);
            }
            if let Some(free) = self.places.get_mut(place) {
                *free = number + 1;
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
