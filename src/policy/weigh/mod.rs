//! Weighs a reading by all policies.
//!
//! The arithmetic, the same for every policy, all in log-odds:
//!
//! ```text
//! sentence = sum of the weights of its signals, each once, + the model's word, clipped ([`word`]);
//!            of an attached text the share that `attached` gives it
//! message  = base + best sentence + 1/2 of the second + 1/4 of the third (those above zero)
//!          + signals of the message, each times how often it was met up to its limit
//! probability = 1 / (1 + e^-message)
//! ```
//!
//! Three sentences and not all: a long mail must not be held for its length.

mod judged;
mod silenced;
mod spoken;
mod terms;
mod word;

pub(super) use judged::Judged;
pub use silenced::Silenced;
pub use spoken::{Saying, Spoken, SumOf};
pub use terms::{Contribution, Weighed, Weight};

use judged::judged;
use silenced::Silence;
use terms::{heaviest_first, probability};
use word::{Word, doubt};

use super::{
    PolicySet,
    around::{Phrase, Surroundings},
    attached::{NOTHING, WHOLE},
    model::Memory,
    model_hook::{Candidate, Understood},
    phrase::{Hit, Scratch},
    set::{FRAME_KINDS, FRAMES, Signal},
    written::{Fact, Frame, Frames, Gives, Place},
};
use crate::message::{Language, Reading, Sentence};

/// Shares of the best sentences.
pub const SHARES: [f64; 3] = [1.0, 0.5, 0.25];

/// What a sentence says to a policy: signals and their weights.
#[derive(Debug, Default, Clone)]
struct Said {
    sum: f64,
    sentence: usize,
    /// Whether the model's word on it is the reader's.
    read: bool,
    terms: Vec<(Option<usize>, f64)>,
}

/// A sentence and what is known of it before the model is asked.
struct Heard<'s> {
    judged: &'s Judged<'s>,
    /// The signals that it fires.
    hits: &'s [usize],
    /// Whether one that would have spoken for news was silenced.
    taken_back: bool,
    /// The reader's scores, if it was read in its context.
    read: Option<&'s [f64]>,
}

/// Sentences kept in which somebody is upset; one of them is enough.
const MAX_UPSET: usize = 8;

/// How the model is asked about all sentences of a mail.
struct Asks {
    english: bool,
    /// The score at and below which its word is the same for every policy.
    floor: f64,
}

impl PolicySet {
    /// Weighs a reading. Linear in its length. What looks suspicious is read a second time, in
    /// its context, and weighed again with what was understood.
    pub fn weigh(&self, reading: &Reading) -> Weighed {
        self.weigh_noting(reading, None)
    }

    /// The same, and what stands behind the sums.
    pub fn weigh_in_full(&self, reading: &Reading) -> (Weighed, Spoken) {
        let mut spoken = Spoken::default();
        (self.weigh_noting(reading, Some(&mut spoken)), spoken)
    }

    fn weigh_noting(&self, reading: &Reading, mut spoken: Option<&mut Spoken>) -> Weighed {
        let shares = self.shares(reading);
        let judged = judged(reading, &shares);
        let noting = spoken.as_deref_mut();
        let (mut weighed, suspicious) = self.weigh_once(reading, &judged, &[], noting);
        let understood = self.read_again(&judged, &suspicious);
        if !understood.is_empty() {
            weighed = self.weigh_once(reading, &judged, &understood, spoken).0;
        }
        let unheard = shares.iter().enumerate().filter(|(_, share)| **share <= NOTHING);
        weighed.unheard = unheard.map(|(at, _)| at).collect();
        weighed
    }

    /// The scores of the sentences that the model read in their context, by their places in
    /// `judged`; empty where it read none.
    fn read_again(&self, judged: &[Judged<'_>], suspicious: &[Candidate]) -> Understood {
        let Some(model) = self.model.as_ref().filter(|_| !suspicious.is_empty()) else {
            return Understood::new();
        };
        let own = judged.iter().enumerate().filter(|(_, j)| j.place != Place::Quoted);
        let (places, sentences): (Vec<usize>, Vec<&Sentence>) =
            own.map(|(at, judged)| (at, judged.sentence)).unzip();
        let among_own =
            |c: &Candidate| Some(Candidate { at: places.binary_search(&c.at).ok()?, ..*c });
        let candidates: Vec<Candidate> = suspicious.iter().filter_map(among_own).collect();
        let read = model.read_in_context(&sentences, &candidates);
        let mut understood = vec![None; if read.is_empty() { 0 } else { judged.len() }];
        for (at, scores) in places.iter().zip(read) {
            if let Some(slot) = understood.get_mut(*at) {
                *slot = scores;
            }
        }
        understood
    }

    /// One weighing, and the sentences that should be read in their context. `understood` has the
    /// scores of those that were.
    fn weigh_once(
        &self,
        reading: &Reading,
        judged: &[Judged<'_>],
        understood: &[Option<Vec<f64>>],
        mut spoken: Option<&mut Spoken>,
    ) -> (Weighed, Vec<Candidate>) {
        if let Some(spoken) = spoken.as_deref_mut() {
            spoken.begin();
        }
        let (mut suspicious, mut upset) = (Vec::new(), Vec::new());
        let mut best: Vec<[Said; 3]> = vec![Default::default(); self.policies.len()];
        let mut met: Vec<Met> = vec![Met::default(); self.signals.len()];
        let mut scratch = Scratch::default();
        let mut memory = Memory::default();
        let (mut found, mut hits, mut scores) = (Vec::new(), Vec::new(), Vec::new());
        let categories = self.model_categories();
        let english = reading.language.is_none_or(|l| l == Language::En);
        let asks = Asks { english, floor: self.floor_of_the_model(&categories, english) };
        let reads_above = self.model.as_ref().map_or(f64::INFINITY, |model| model.reads_above());
        for (index, judged) in judged.iter().enumerate() {
            let taken_back = self.hits(judged, &mut memory, &mut scratch, &mut found, &mut hits);
            self.note(index, judged, &hits, &mut met);
            if upset.len() < MAX_UPSET && self.is_upset(&hits) {
                upset.push(judged.sentence.text().to_owned());
            }
            let read = understood.get(index).and_then(Option::as_deref);
            let heard = Heard { judged, hits: &hits, taken_back, read };
            if let Some(word) = self.word(&heard, &asks, &mut memory, &mut scores) {
                let suspicion = self.add_sentence(index, &hits, &word, &categories, &mut best);
                if let Some(spoken) = spoken.as_deref_mut() {
                    spoken.note(self, judged, &hits, &word, &categories);
                }
                if suspicion > reads_above && judged.place != Place::Quoted {
                    suspicious.push(Candidate { at: index, suspicion });
                }
            }
        }
        for (signal, met) in self.signals.iter().zip(&mut met) {
            met.times += u32::from(signal.fact.as_ref().is_some_and(|f| is_so(f, reading)));
        }
        // Few signals are met, and each policy asks for them.
        let indexed = self.signals.iter().zip(&met).enumerate();
        let of_message: Vec<_> = indexed.filter(|(_, (_, met))| met.times > 0).collect();
        if let Some(spoken) = spoken {
            spoken.end(of_message.iter().map(|(at, (s, met))| (*at, met.times.min(s.limit))));
        }
        let all = self.policies.iter().zip(&best).enumerate().filter(|(_, (p, _))| p.enabled);
        let weights = all.map(|(policy, (_, said))| self.sum(policy, said, &of_message, judged));
        let already_called = self.already_called(&met, judged);
        let weights = weights.collect();
        (Weighed { weights, already_called, upset, unheard: Vec::new() }, suspicious)
    }

    fn is_upset(&self, hits: &[usize]) -> bool {
        hits.iter().any(|&hit| self.signals.get(hit).is_some_and(|s| s.gives == Gives::Upset))
    }

    /// Notes the signals of the message that a sentence fires.
    fn note(&self, index: usize, judged: &Judged<'_>, hits: &[usize], met: &mut [Met]) {
        for &signal in hits.iter().filter(|_| judged.share >= WHOLE) {
            if let (Some(met), Some(s)) = (met.get_mut(signal), self.signals.get(signal))
                && s.of_message
            {
                met.times += 1;
                met.sentence.get_or_insert(index);
            }
        }
    }

    /// What the model says of a sentence. Without a sum above zero a sentence is nobody's best:
    /// where no signal speaks for it, the model's word matters only where it does, else there is
    /// `None`.
    fn word<'s>(
        &self,
        heard: &Heard<'s>,
        asks: &Asks,
        memory: &mut Memory,
        scores: &'s mut Vec<f64>,
    ) -> Option<Word<'s>> {
        let Heard { judged, hits, taken_back, read } = *heard;
        let any = |says: fn(&Signal) -> bool| {
            hits.iter().any(|&hit| self.signals.get(hit).is_some_and(says))
        };
        let spoken_for = any(Signal::speaks_for);
        let counts = spoken_for || read.is_some();
        scores.clear();
        if let (Some(model), true) = (&self.model, judged.place != Place::Quoted) {
            let floor = if counts { asks.floor } else { 0.0 };
            model.log_odds(judged.previous, judged.sentence, floor, memory, scores);
        }
        let speaks = counts || scores.iter().any(|score| *score > 0.0);
        speaks.then(|| Word {
            scores,
            english: asks.english,
            read,
            silenced: taken_back && !spoken_for,
            denied: any(Signal::speaks_against),
            share: judged.share,
        })
    }

    /// The signals that a sentence fires, each once. Gives whether one that would have spoken for
    /// news was silenced by what stands around it: a negation, a condition, a question.
    pub(in crate::policy) fn hits(
        &self,
        judged: &Judged<'_>,
        memory: &mut Memory,
        scratch: &mut Scratch,
        found: &mut Vec<Hit>,
        signals: &mut Vec<usize>,
    ) -> bool {
        signals.clear();
        let mut taken_back = false;
        let signal_of = |owner: u32| Some((owner.checked_sub(FRAMES)?) as usize);
        let heard = |owner| {
            let signal = signal_of(owner).and_then(|index| self.signals.get(index));
            signal.is_some_and(|signal| signal.places.has(judged.place))
        };
        let sentence = judged.sentence.normal();
        memory.cutter.turn(sentence);
        self.phrases.find(sentence, &memory.cutter, heard, scratch, found);
        let asks = judged.asks();
        let mut surroundings = Surroundings::new(&self.cues, sentence);
        for hit in found.iter() {
            let Some(index) = signal_of(hit.owner) else { continue };
            let Some(signal) = self.signals.get(index) else { continue };
            let silenced = self.silence(signal, hit, &mut surroundings, found, asks).is_some();
            taken_back |= silenced && signal.speaks_for();
            if !silenced && !signals.contains(&index) {
                signals.push(index);
            }
        }
        taken_back
    }

    /// What silences a signal where its phrase was found: the frames that it does not want, or
    /// none of those that it asks for; `None` where it is heard.
    fn silence(
        &self,
        signal: &Signal,
        hit: &Hit,
        surroundings: &mut Surroundings<'_>,
        found: &[Hit],
        asks: bool,
    ) -> Option<Silence> {
        let mut frames = frames_of(hit, signal.language, found, asks);
        if signal.unless.and(signal.only).look_around() {
            let phrase = Phrase { start: hit.start, end: hit.end };
            frames = frames.and(surroundings.around(signal.language, phrase));
        }
        if signal.unless.meet(frames) {
            return Some(Silence::By(signal.unless.common(frames)));
        }
        let asked_for = signal.only == Frames::default() || signal.only.meet(frames);
        (!asked_for).then_some(Silence::Without(signal.only))
    }

    /// Adds a sentence's sums to the best of each policy it says something to, and gives the
    /// highest.
    fn add_sentence(
        &self,
        sentence: usize,
        hits: &[usize],
        word: &Word<'_>,
        categories: &[Option<usize>],
        best: &mut [[Said; 3]],
    ) -> f64 {
        let mut highest = f64::NEG_INFINITY;
        let of_sentence = |index: &&usize| self.signals.get(**index).is_some_and(|s| !s.of_message);
        for (policy, best) in best.iter_mut().enumerate() {
            let Some(this) = self.policies.get(policy).filter(|p| p.enabled) else { continue };
            let category = categories.get(policy).copied().flatten();
            let says = category.and_then(|category| word.to(this, category));
            let signals = hits.iter().filter(of_sentence).filter_map(|&index| {
                let signal = self.signals.get(index)?;
                self.hears(policy, index, signal).then_some((Some(index), signal.weight))
            });
            let terms = says.map(|says| (None, says)).into_iter().chain(signals);
            let terms = terms.map(|(signal, weight)| (signal, weight * word.share));
            let terms = terms.filter(|(_, weight)| *weight != 0.0);
            // Most sentences are nobody's best; their terms are not kept.
            let sum: f64 = terms.clone().map(|(_, weight)| weight).sum();
            highest = highest.max(sum);
            let place = best.iter().position(|b| sum > b.sum).filter(|_| sum > 0.0);
            if let Some(tail) = place.and_then(|place| best.get_mut(place..)) {
                tail.rotate_right(1);
                if let Some(slot) = tail.first_mut() {
                    *slot =
                        Said { sum, sentence, read: word.read.is_some(), terms: terms.collect() };
                }
            }
        }
        highest
    }

    /// Whether a signal speaks to a policy: its own, or everybody's and not unwanted.
    fn hears(&self, policy: usize, index: usize, signal: &Signal) -> bool {
        match signal.policy {
            Some(owner) => owner == policy,
            None => !self.without.get(policy).is_some_and(|w| w.contains(&index)),
        }
    }

    fn sum(
        &self,
        policy: usize,
        said: &[Said; 3],
        of_message: &[(usize, (&Signal, &Met))],
        judged: &[Judged<'_>],
    ) -> Weight {
        let mut contributions = Vec::new();
        for (said, share) in said.iter().zip(SHARES) {
            let words = judged.get(said.sentence);
            let model = if said.read { "reader" } else { "model" };
            for (signal, weight) in &said.terms {
                let name = signal.and_then(|s| self.signals.get(s)).map_or(model, |s| &s.name);
                contributions.push(contribution(words, name, weight * share));
            }
        }
        for &(index, (signal, met)) in of_message {
            if signal.weight != 0.0 && self.hears(policy, index, signal) {
                let words = met.sentence.and_then(|s| judged.get(s));
                let weight = signal.weight * f64::from(met.times.min(signal.limit));
                contributions.push(contribution(words, &signal.name, weight));
            }
        }
        heaviest_first(&mut contributions);
        let base = self.policies.get(policy).map_or(0.0, |p| p.base);
        let log_odds = base + contributions.iter().map(|c| c.weight).sum::<f64>();
        Weight { policy, log_odds, probability: probability(log_odds), contributions }
    }

    fn already_called(&self, met: &[Met], judged: &[Judged<'_>]) -> Option<Contribution> {
        let mut all = self.signals.iter().zip(met);
        let (signal, met) = all.find(|(s, m)| s.gives == Gives::AlreadyCalled && m.times > 0)?;
        let words = met.sentence.and_then(|s| judged.get(s));
        Some(contribution(words, &signal.name, signal.weight))
    }

    fn model_categories(&self) -> Vec<Option<usize>> {
        let Some(model) = &self.model else { return Vec::new() };
        let category = |p: &super::Policy| match p.model_weight {
            0.0 => None,
            _ => model.category(&p.category),
        };
        self.policies.iter().map(category).collect()
    }

    /// The score at and below which the model's word is the same for every policy.
    fn floor_of_the_model(&self, categories: &[Option<usize>], english: bool) -> f64 {
        let asking =
            self.policies.iter().zip(categories).filter(|(_, category)| category.is_some());
        -asking.map(|(policy, _)| doubt(policy, english)).fold(0.0, f64::max)
    }
}

/// How often a signal of the message was met, and where first.
#[derive(Debug, Default, Clone)]
struct Met {
    times: u32,
    sentence: Option<usize>,
}

/// What the words around a hit make of it.
fn frames_of(hit: &Hit, language: Language, found: &[Hit], asks: bool) -> Frames {
    let mut frames = Frames::default();
    if hit.negated {
        frames = frames.with(Frame::Negated);
    }
    if asks && hit.in_last_clause {
        frames = frames.with(Frame::Question);
    }
    for cue in found.iter().filter(|h| h.owner < FRAMES) {
        // "we refuse it if the seal is broken": a condition right behind counts as well.
        let near = cue.start < hit.start || cue.start <= hit.end + 2;
        let spoken = cue.owner / FRAME_KINDS == language as u32;
        let frame = Frame::all().nth((cue.owner % FRAME_KINDS) as usize);
        if let (Some(frame), true) = (frame, near && spoken) {
            frames = frames.with(frame);
        }
    }
    frames
}

fn is_so(fact: &Fact, reading: &Reading) -> bool {
    match fact {
        Fact::Reply => reading.header.is_reply(),
        Fact::FirstMail => !reading.header.is_reply(),
        Fact::Attachment(name) => reading.attachments.iter().any(|a| name.matches(&a.name)),
        Fact::Defect(defect) => reading.defects.contains(defect),
        Fact::Recipients(least) => reading.header.to.len() + reading.header.cc.len() >= *least,
        Fact::Header(name, value) => {
            let fields = reading.header.fields.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
            fields.into_iter().any(|(_, v)| value.matches(v.trim()))
        }
    }
}

fn contribution(words: Option<&Judged<'_>>, signal: &str, weight: f64) -> Contribution {
    let (text, place) = match words {
        Some(judged) => (judged.sentence.text(), judged.place.name()),
        None => ("", "message"),
    };
    Contribution::new(text, place, signal, weight)
}
