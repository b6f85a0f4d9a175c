//! A unigram vocabulary (Kudo 2018): cuts words into the pieces that make them likeliest.

use std::collections::HashMap;

/// Stands before every word.
const SPACE: char = '▁';
/// The longest piece, in characters.
const LONGEST: usize = 16;
/// Longer "words" are cut off: nobody writes them, and the search is quadratic in nothing else.
const LONGEST_WORD: usize = 64;

/// The first piece of a run.
pub(super) const BEGIN: u32 = 0;
/// The last piece of each sentence.
pub(super) const END: u32 = 2;
/// What no other piece covers.
const UNKNOWN: u32 = 3;

/// How much worse an unknown character is than the worst piece.
const UNKNOWN_MALUS: f32 = 10.0;

/// The pieces with their scores: natural logarithms of how often they are met.
#[derive(Debug)]
pub(super) struct Pieces {
    known: HashMap<Box<str>, (u32, f32)>,
    unknown_score: f32,
}

impl Pieces {
    /// From `piece TAB score` lines; a line's number is the piece's.
    pub(super) fn parse(text: &str) -> Option<Pieces> {
        let mut known = HashMap::new();
        let mut least = 0.0_f32;
        for (line, number) in text.lines().zip(0..) {
            let (piece, score) = line.split_once('\t')?;
            let score: f32 = score.parse().ok()?;
            least = least.min(score);
            known.insert(piece.into(), (number, score));
        }
        Some(Pieces { known, unknown_score: least - UNKNOWN_MALUS })
    }

    pub(super) fn count(&self) -> usize {
        self.known.len()
    }

    /// The pieces of a text, at most `most`.
    pub(super) fn cut(&self, text: &str, most: usize) -> Vec<u32> {
        let mut out = Vec::new();
        let mut search = Search::default();
        for word in text.split_whitespace() {
            if out.len() >= most {
                break;
            }
            self.cut_word(word, &mut search, &mut out);
        }
        out.truncate(most);
        out
    }

    /// The best way to each place of the word is kept; the last one is walked back.
    fn cut_word(&self, word: &str, search: &mut Search, out: &mut Vec<u32>) {
        search.begin(word);
        let Search { text, starts, best } = search;
        let places = starts.len() - 1;
        for start in 0..places {
            let before = best.get(start).map_or(0.0, |step| step.score);
            for end in start + 1..=places.min(start + LONGEST) {
                let span = starts.get(start).zip(starts.get(end));
                let Some(piece) = span.and_then(|(a, b)| text.get(*a..*b)) else { continue };
                let (piece, score) = match self.known.get(piece) {
                    Some(known) => *known,
                    None if end == start + 1 => (UNKNOWN, self.unknown_score),
                    None => continue,
                };
                if let Some(step) = best.get_mut(end)
                    && before + score > step.score
                {
                    *step = Step { score: before + score, piece, from: start };
                }
            }
        }
        let first = out.len();
        let mut at = places;
        while let Some(step) = best.get(at).filter(|_| at > 0) {
            out.push(step.piece);
            at = step.from;
        }
        out.get_mut(first..).unwrap_or_default().reverse();
    }
}

#[derive(Debug, Clone, Copy)]
struct Step {
    score: f32,
    piece: u32,
    from: usize,
}

/// Buffers of the search.
#[derive(Debug, Default)]
struct Search {
    text: String,
    /// Where each character starts, and the end.
    starts: Vec<usize>,
    best: Vec<Step>,
}

impl Search {
    fn begin(&mut self, word: &str) {
        self.text.clear();
        self.text.push(SPACE);
        self.text.extend(word.chars().take(LONGEST_WORD));
        self.starts.clear();
        self.starts.extend(self.text.char_indices().map(|(at, _)| at));
        self.starts.push(self.text.len());
        self.best.clear();
        self.best
            .resize(self.starts.len(), Step { score: f32::NEG_INFINITY, piece: UNKNOWN, from: 0 });
        if let Some(first) = self.best.first_mut() {
            first.score = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Pieces {
        let text = "<s>\t0\n<pad>\t0\n</s>\t0\n<unk>\t0\n▁the\t-3\n▁claim\t-7\n▁\t-4\nc\t-6\nl\t-6\na\t-6\ni\t-6\nm\t-6\ns\t-5\n";
        Pieces::parse(text).unwrap()
    }

    #[test]
    fn a_word_is_cut_where_that_is_likeliest() {
        assert_eq!(pieces().cut("the claims", 9), [4, 5, 12]);
    }

    #[test]
    fn what_no_piece_covers_is_unknown_and_nothing_is_lost_behind_it() {
        assert_eq!(pieces().cut("cé s", 9), [6, 7, UNKNOWN, 6, 12]);
    }

    #[test]
    fn a_text_is_cut_off_and_a_word_without_end_costs_no_more_than_its_limit() {
        assert_eq!(pieces().cut("the the the", 2), [4, 4]);
        assert_eq!(pieces().cut(&"s".repeat(10_000), usize::MAX).len(), LONGEST_WORD + 1);
    }
}
