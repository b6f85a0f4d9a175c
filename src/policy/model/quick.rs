//! The same features as [`features`](super::features), for serving: by the number of a word
//! instead of its text.
//!
//! What a word by itself weighs (alone, as a stem, in the sentence before) is looked up once a
//! mail. Of the pairs and triples only those are looked up that may have a weight: `runs` has
//! every beginning of a longer run that has one. Which features there are, how often, and how
//! many, is what [`Cuts::visit`](super::features::Cuts::visit) says; a test compares the two.

use super::{
    features::{
        Hash, Kind, MOST_TOKEN_OCTETS, MOST_TOKENS, MOST_TOKENS_BEFORE, REACH, stem, word_hash,
    },
    frames::{self, ALL, Frame, Marks},
    table::{Entry, Table},
    weights::Weights,
};
use crate::policy::cut::{Cut, Cutter, Token, Vocabulary};

/// What is looked up once for the model.
#[derive(Debug, Default)]
pub(super) struct Quick {
    runs: Runs,
    /// By mark and mark, the first of them the lower: their weights together, or alone.
    frames: Vec<Entry>,
    /// By mark of the sentence before.
    frames_before: Vec<Entry>,
}

/// A set of hashes that may err: it has what was put in, and a little more.
#[derive(Debug, Default)]
struct Runs(Vec<u64>);

/// Bits of a hash that are looked at: the set has so many powers of two of bits. About one of
/// ten strangers passes.
const RUN_BITS: u32 = 19;

impl Runs {
    fn new() -> Runs {
        Runs(vec![0; 1 << (RUN_BITS - 6)])
    }

    fn insert(&mut self, run: Hash) {
        let bit = run.bits(RUN_BITS);
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    #[inline]
    fn has(&self, run: Hash) -> bool {
        let bit = run.bits(RUN_BITS);
        self.0.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

/// What the words of a mail weigh, by their number.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<Info>);

/// What a word weighs.
#[derive(Debug, Clone, Copy)]
struct Info {
    hash: u64,
    /// The run that is this word alone.
    run: Hash,
    /// A longer run that has a weight may begin with it.
    begins_runs: bool,
    /// What it is a cue for.
    marks: Marks,
    /// It is long enough to have a stem.
    has_stem: bool,
    alone: Entry,
    stem: Entry,
    before: Entry,
}

/// A sentence whose words are known.
pub(super) struct Sentence<'s> {
    quick: &'s Quick,
    table: &'s Table,
    known: &'s Known,
    tokens: &'s [Token],
    before: Option<&'s [Token]>,
}

impl Quick {
    pub(super) fn new(weights: &Weights, table: &Table) -> Quick {
        let mut runs = Runs::new();
        for line in weights.lines.iter().filter(|line| line.kind == Kind::Words) {
            let mut run = Hash::of(Kind::Words);
            for (at, word) in line.text.split(' ').enumerate() {
                if at == 1 {
                    runs.insert(run);
                }
                run = run.word(word_hash(word));
                if at > 0 {
                    runs.insert(run);
                }
            }
        }
        let weight = |hash: Hash| table.find(hash.finish()).unwrap_or(Entry::NOTHING);
        let of_pair = |(one, other): (Frame, Frame)| {
            let alone = Hash::of(Kind::Frame).word(one.hash());
            weight(if one == other { alone } else { alone.word(other.hash()) })
        };
        let pairs = ALL.into_iter().flat_map(|one| ALL.map(|other| (one, other)));
        let before = |frame: Frame| weight(Hash::of(Kind::FrameBefore).word(frame.hash()));
        Quick {
            runs,
            frames: pairs.map(of_pair).collect(),
            frames_before: ALL.map(before).to_vec(),
        }
    }

    /// A sentence, given the one before it in the same passage; `None` where one of them is so
    /// long that not all of it counts.
    pub(super) fn sentence<'s>(
        &'s self,
        table: &'s Table,
        before: Option<&str>,
        sentence: &str,
        cutter: &'s mut Cutter,
        known: &'s mut Known,
    ) -> Option<Sentence<'s>> {
        let (words, sentence, before) = cutter.both(before, sentence)?;
        let tokens = whole(sentence)?;
        let before = match before {
            Some(before) => Some(first_tokens(before)?),
            None => None,
        };
        self.know(words, table, known);
        Some(Sentence { quick: self, table, known, tokens, before })
    }

    /// Looks up the words that are new since the last sentence.
    fn know(&self, words: &Vocabulary, table: &Table, known: &mut Known) {
        for number in known.0.len()..words.len() {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            known.0.push(self.info(words.word(number), table));
        }
    }

    fn info(&self, word: &str, table: &Table) -> Info {
        let weight = |hash: Hash| table.find(hash.finish()).unwrap_or(Entry::NOTHING);
        let hash = word_hash(word);
        let run = Hash::of(Kind::Words).word(hash);
        let stem = stem(word).map(|stem| Hash::of(Kind::Stem).word(word_hash(stem)));
        Info {
            hash,
            run,
            begins_runs: self.runs.has(run),
            marks: Marks::default().with(frames::cue(hash)),
            has_stem: stem.is_some(),
            alone: weight(run),
            stem: stem.map_or(Entry::NOTHING, weight),
            before: weight(Hash::of(Kind::WordBefore).word(hash)),
        }
    }
}

fn octets(token: &Token) -> usize {
    token.end as usize
}

/// The tokens of a sentence that has not too many.
fn whole(cut: &Cut) -> Option<&[Token]> {
    let most = MOST_TOKENS * MOST_TOKEN_OCTETS;
    let short = cut.tokens().last().is_none_or(|token| octets(token) + 1 < most);
    (short && cut.tokens().len() < MOST_TOKENS).then_some(cut.tokens())
}

/// The tokens of a sentence that count for the next one; `None` where that depends on more than
/// their number.
fn first_tokens(cut: &Cut) -> Option<&[Token]> {
    let all = cut.tokens();
    let first = all.get(..MOST_TOKENS_BEFORE).unwrap_or(all);
    let most = MOST_TOKENS_BEFORE * MOST_TOKEN_OCTETS;
    let short = first.last().is_none_or(|token| octets(token) + 1 < most);
    let sign = all.get(MOST_TOKENS_BEFORE).is_some_and(|token| token.is_sign);
    (short && !sign).then_some(first)
}

impl Sentence<'_> {
    /// Gives the weights of its features to `see`, and some that weigh nothing. Returns how many
    /// features there are, whether or not they weigh anything.
    pub(super) fn visit(&self, see: &mut impl FnMut(Entry)) -> usize {
        let words = self.tokens.len();
        // Each alone, with the next, with the next two.
        let mut count = words + words.saturating_sub(1) + words.saturating_sub(2);
        let mut marks = Marks::default();
        for (at, info) in self.tokens.iter().enumerate().map(|(at, t)| (at, self.info(t))) {
            let Some(info) = info else { continue };
            marks = marks.and(info.marks);
            see(info.alone);
            if info.has_stem {
                see(info.stem);
                count += 1;
            }
            if info.begins_runs {
                self.runs(info, at, see);
            }
            if info.marks.has(Frame::Negated) {
                count += self.negated(at, see);
            }
        }
        match self.before {
            None => marks.insert(Frame::First),
            Some(before) => count += self.before(before, see),
        }
        count + self.frame(marks, see)
    }

    #[inline]
    fn info(&self, token: &Token) -> Option<&Info> {
        self.known.0.get(usize::from(token.number))
    }

    #[inline]
    fn info_at(&self, at: usize) -> Option<&Info> {
        self.info(self.tokens.get(at)?)
    }

    #[inline]
    fn weight(&self, hash: Hash) -> Entry {
        self.table.find(hash.finish()).unwrap_or(Entry::NOTHING)
    }

    /// The pair and the triple that begin with a word.
    #[inline]
    fn runs(&self, first: &Info, at: usize, see: &mut impl FnMut(Entry)) {
        let Some(second) = self.info_at(at + 1) else { return };
        let pair = first.run.word(second.hash);
        if !self.quick.runs.has(pair) {
            return;
        }
        see(self.weight(pair));
        let Some(third) = self.info_at(at + 2) else { return };
        let triple = pair.word(third.hash);
        if self.quick.runs.has(triple) {
            see(self.weight(triple));
        }
    }

    /// The words in the reach of a negation.
    fn negated(&self, at: usize, see: &mut impl FnMut(Entry)) -> usize {
        let (forwards, backwards) = REACH;
        let mut count = 0;
        let mut one = |kind: Kind, token: &Token| {
            if let Some(info) = self.info(token) {
                see(self.weight(Hash::of(kind).word(info.hash)));
            }
            count += 1;
        };
        let same_clause = |token: &&Token| !token.begins_clause;
        let behind = self.tokens.iter().skip(at + 1).take(forwards).take_while(same_clause);
        behind.for_each(|token| one(Kind::Negated, token));
        let mut clause_began = self.tokens.get(at).is_some_and(|token| token.begins_clause);
        for token in self.tokens.iter().take(at).rev().take(backwards) {
            if clause_began {
                break;
            }
            clause_began = token.begins_clause;
            one(Kind::NegatedBehind, token);
        }
        count
    }

    /// What the sentence before adds: its words and its marks.
    fn before(&self, tokens: &[Token], see: &mut impl FnMut(Entry)) -> usize {
        let mut marks = Marks::default();
        for info in tokens.iter().filter_map(|token| self.info(token)) {
            see(info.before);
            marks = marks.and(info.marks);
        }
        let mut count = tokens.len();
        for place in marks.places() {
            see(self.quick.frames_before.get(place).copied().unwrap_or(Entry::NOTHING));
            count += 1;
        }
        count
    }

    /// Each mark, and each two together.
    fn frame(&self, marks: Marks, see: &mut impl FnMut(Entry)) -> usize {
        let mut count = 0;
        for (at, one) in marks.places().enumerate() {
            let row = self.quick.frames.get(one * ALL.len()..).unwrap_or_default();
            for other in marks.places().skip(at) {
                see(row.get(other).copied().unwrap_or(Entry::NOTHING));
                count += 1;
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Model, *};
    use crate::policy::model::features::Cuts;

    /// How many features there are, and the sums of their weights for news and of the places of
    /// those for categories.
    type Seen = (usize, i32, u64);

    fn quick(
        model: &Model,
        before: Option<&str>,
        sentence: &str,
        memory: (&mut Cutter, &mut Known),
    ) -> Option<Seen> {
        let (cutter, known) = memory;
        let sentence = model.quick.sentence(&model.table, before, sentence, cutter, known)?;
        let (mut news, mut places) = (0, 0);
        let count = sentence.visit(&mut |entry| {
            news += entry.news();
            places += entry.categories().map_or(0, |place| u64::from(place) + 1);
        });
        Some((count, news, places))
    }

    fn slow(model: &Model, before: Option<&str>, sentence: &str) -> Seen {
        let (mut news, mut places) = (0, 0);
        let count = Cuts::default().visit(before, sentence, &mut |_, _, hash| {
            let entry = model.table.find(hash).unwrap_or(Entry::NOTHING);
            news += entry.news();
            places += entry.categories().map_or(0, |place| u64::from(place) + 1);
        });
        (count, news, places)
    }

    #[test]
    fn it_sees_what_training_saw() {
        let model = Model::embedded();
        let (mut cutter, mut known) = (Cutter::default(), Known::default());
        let mut before: Option<&str> = None;
        let many = |word: &str, times| word.repeat(times);
        let sentences = [
            "we regret that we cannot cover the claim, as the warranty has ended.",
            "we regret that we cannot cover the claim, as the warranty has ended.",
            "the price rises by 4.5% to €1,250.00 from 1 march!",
            "leider können wir ihre rechnung nr. 4711/a nicht begleichen: der vertrag ist beendet",
            "désolé, c'est non... pas avant l'été ?!",
            "no, not now (never); why?",
            "",
            "?",
            "unfortunately",
            &many("not a ", 31),
            &format!("{}why? what then", many("word ", 31)),
            "as discussed on the phone",
            &format!("{}why ? what then", many("word ", 31)),
            "we will not pay",
            &many("wordwithoutend", 27),
            "after a long word",
            &many("refused, ", 94),
            &many("refused, ", 95),
            &many("refused, ", 96),
            "x² + ½ = 3,5 £ and 20 %",
        ];
        let mut quick_ones = 0;
        for sentence in sentences {
            for before in [before, None] {
                if let Some(seen) = quick(model, before, sentence, (&mut cutter, &mut known)) {
                    assert_eq!(seen, slow(model, before, sentence), "{before:?} {sentence}");
                    quick_ones += 1;
                }
            }
            before = Some(sentence);
        }
        assert!(quick_ones > sentences.len());
    }
}
