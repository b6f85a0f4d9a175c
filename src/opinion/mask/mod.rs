//! Names and numbers out, placeholders in.
//!
//! Takes a mail's own sentences and its header; gives the sentences with `[NAME1]`, `[EMAIL1]`,
//! `[LINK1]`, `[IBAN1]`, `[PHONE1]`, `[NUMBER1]` in place of what tells people and cases apart. The
//! same word has the same placeholder throughout the mail. Amounts, percentages, dates and times
//! stay: whether news is bad depends on them. In doubt a word is masked.
//!
//! Names are known from the header, from greetings, titles, introductions and closing lines, and,
//! in languages that write nouns small, by a capital in the middle of a sentence.

mod chunks;
mod known;
mod names;
mod numbers;
mod words;

use std::collections::HashMap;

use crate::{
    mail::Envelope,
    message::{Header, Language},
};

use chunks::Chunk;
use known::Known;

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Name,
    Email,
    Link,
    Iban,
    Phone,
    Number,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Name => "NAME",
            Kind::Email => "EMAIL",
            Kind::Link => "LINK",
            Kind::Iban => "IBAN",
            Kind::Phone => "PHONE",
            Kind::Number => "NUMBER",
        }
    }
}

/// Masks the sentences of one mail.
#[derive(Debug)]
pub struct Mask {
    known: Known,
    capitals_are_names: bool,
    given: HashMap<(Kind, String), usize>,
    last: HashMap<Kind, usize>,
}

impl Mask {
    /// Learns the names of a mail: of its header, its subject and the passages of its body, as
    /// sentences.
    pub fn new(
        header: &Header,
        envelope: &Envelope,
        language: Option<Language>,
        subject: &[&str],
        body: &[Vec<&str>],
    ) -> Mask {
        let mut known = Known::of(header, envelope);
        // German writes every noun so.
        let capitals_are_names = language != Some(Language::De);
        let mut learn = |sentence: &str, closing: bool| {
            let chunks = chunks::of(sentence);
            names::in_sentence(&chunks, closing, &mut known);
            if capitals_are_names {
                names::by_capital(&chunks, &mut known);
            }
        };
        subject.iter().for_each(|sentence| learn(sentence, false));
        for sentences in body {
            let last = sentences.len().saturating_sub(names::CLOSING_SENTENCES);
            for (at, sentence) in sentences.iter().enumerate() {
                learn(sentence, at >= last);
            }
        }
        if let Some(first) = body.first().and_then(|sentences| sentences.first()) {
            names::spoken_to(&chunks::of(first), &mut known);
        }
        Mask { known, capitals_are_names, given: HashMap::new(), last: HashMap::new() }
    }

    /// One sentence, masked.
    pub fn sentence(&mut self, text: &str) -> String {
        let chunks = chunks::of(text);
        let found = numbers::find(&chunks);
        let capitals = self.capitals_are_names && !names::is_title_case(&chunks);
        let mut out = String::with_capacity(text.len());
        let mut before = None;
        let mut at = 0;
        while let Some(chunk) = chunks.get(at) {
            out.push_str(chunk.space);
            out.push_str(chunk.lead);
            if let Some(hit) = found.iter().find(|hit| hit.chunks.start == at) {
                let last = chunks.get(hit.chunks.end.saturating_sub(1)).unwrap_or(chunk);
                out.push_str(&self.placeholder(hit.kind, std::slice::from_ref(&hit.key)));
                out.push_str(last.trail);
                at = hit.chunks.end.max(at + 1);
                before = Some(last);
                continue;
            }
            self.word(chunk, capitals && names::is_inside(before), &mut out);
            out.push_str(chunk.trail);
            before = Some(chunk);
            at += 1;
        }
        out
    }

    /// A chunk without numbers: its runs of letters, those that are names masked.
    fn word(&mut self, chunk: &Chunk<'_>, capital_is_name: bool, out: &mut String) {
        for (run, is_word) in chunks::runs(chunk.core) {
            let by_capital = capital_is_name && names::looks_like_one(run);
            if is_word && (by_capital || self.known.has(run)) {
                out.push_str(&self.placeholder(Kind::Name, &[run.to_lowercase()]));
            } else {
                out.push_str(run);
            }
        }
    }

    /// The placeholder of these words, a new one where none of them has one.
    fn placeholder(&mut self, kind: Kind, keys: &[String]) -> String {
        let known = keys.iter().find_map(|key| self.given.get(&(kind, key.clone())).copied());
        let number = known.unwrap_or_else(|| {
            let last = self.last.entry(kind).or_default();
            *last += 1;
            *last
        });
        for key in keys {
            self.given.insert((kind, key.clone()), number);
        }
        format!("[{}{number}]", kind.word())
    }
}

#[cfg(test)]
mod tests;
