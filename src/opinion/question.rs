//! What a second reader is asked: the rule, and the mail's own sentences between two marked lines.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    answer::{self, Answer, Invalid, NO_CATEGORY, SUBJECT},
    choice::{self, Own},
    mask::Mask,
};
use crate::{
    decision::{Decision, Word},
    mail::Envelope,
    message::Reading,
    policy::model::Category,
};

/// The labelling rule in short; a change of its words is a new file and a new number.
const RULE: &str = include_str!("rule-1.txt");
/// Which rule is asked by.
pub const RULE_VERSION: u32 = 1;

/// Tokens of an answer at most: a sentence and a few words around it.
const ANSWER_TOKENS: u32 = 300;
/// Digits of its digest that mark where the text begins and ends.
const MARK_DIGITS: usize = 16;
/// Stands for sentences that were left out.
const GAP: &str = "[…]";

/// What is sent at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Characters of the mail.
    pub characters: usize,
    /// Whether names and numbers are masked.
    pub mask: bool,
}

/// One question about one mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The mail's part of it, a sentence a line.
    pub(super) sent: String,
    /// The sentences of it.
    pub(super) shown: Vec<Shown>,
}

/// A sentence as it is sent and as it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) masked: String,
    pub(super) written: String,
    pub(super) place: &'static str,
}

impl Question {
    /// The question about a mail; `None` where its sender wrote nothing that may be shown.
    pub fn about(
        reading: &Reading,
        envelope: &Envelope,
        decision: &Decision,
        limits: Limits,
    ) -> Option<Question> {
        let own = choice::own(reading);
        let mut masked = masked(reading, envelope, &own, limits);
        let mut left = limits.characters;
        let mut chosen = vec![false; own.len()];
        for at in choice::by_weight(&own, decision) {
            let (Some(text), Some(chosen)) = (masked.get_mut(at), chosen.get_mut(at)) else {
                continue;
            };
            let length = text.chars().count();
            if left == limits.characters && length > left {
                // Not even the loudest fits: its beginning must do.
                *text = text.chars().take(left).collect();
            } else if length > left {
                continue;
            }
            left = left.saturating_sub(length);
            *chosen = true;
        }
        let mut question = Question { sent: String::new(), shown: Vec::new() };
        let mut gap = false;
        for ((own, masked), chosen) in own.iter().zip(masked).zip(chosen) {
            if chosen {
                question.show(own, masked, std::mem::take(&mut gap));
            } else {
                gap = true;
            }
        }
        if gap {
            question.sent.push_str(GAP);
            question.sent.push('\n');
        }
        (!question.shown.is_empty()).then_some(question)
    }

    fn show(&mut self, own: &Own<'_>, masked: String, after_gap: bool) {
        if after_gap {
            self.sent.push_str(GAP);
            self.sent.push('\n');
        }
        if own.is_subject {
            self.sent.push_str(SUBJECT);
        }
        self.sent.push_str(&masked);
        self.sent.push('\n');
        self.shown.push(Shown {
            masked,
            written: own.text().to_owned(),
            place: if own.is_subject { "subject" } else { "new" },
        });
    }

    /// What is sent of the mail.
    pub fn sent(&self) -> &str {
        &self.sent
    }

    /// The body of the request for a chat completion. `structured` asks the server to hold the
    /// answer to its form.
    pub fn request(&self, model: &str, structured: bool) -> String {
        let mark = self.mark();
        let text = format!("<mail {mark}>\n{}</mail {mark}>\n", self.sent);
        let mut request = json!({
            "model": model,
            "messages": [
                { "role": "system", "content": RULE },
                { "role": "user", "content": text },
            ],
            "temperature": 0,
            "max_tokens": ANSWER_TOKENS,
            "stream": false,
        });
        if let (true, Some(fields)) = (structured, request.as_object_mut()) {
            fields.insert("response_format".to_owned(), form());
        }
        request.to_string()
    }

    /// Marks where the text begins and ends. No text can foresee its own digest, so none can end
    /// itself early.
    fn mark(&self) -> String {
        let mut digits = HEXLOWER.encode(&Sha256::digest(&self.sent));
        digits.truncate(MARK_DIGITS);
        digits
    }

    /// Reads a chat completion as an answer to this question.
    pub fn answer(&self, completion: &[u8]) -> Result<Answer, Invalid> {
        let masked: Vec<&str> = self.shown.iter().map(|s| s.masked.as_str()).collect();
        answer::read(completion, &masked)
    }

    /// The answer as a word that a decision can hear, with the sender's words as written.
    pub fn word(&self, answer: &Answer) -> Word {
        let shown = answer.at.and_then(|at| self.shown.get(at));
        Word {
            category: answer.category,
            sure: answer.sure,
            text: shown.map(|s| s.written.clone()).unwrap_or_default(),
            place: shown.map_or("message", |s| s.place),
        }
    }
}

/// All sentences as they may be sent.
fn masked(reading: &Reading, envelope: &Envelope, own: &[Own<'_>], limits: Limits) -> Vec<String> {
    if !limits.mask {
        return own.iter().map(|own| own.text().to_owned()).collect();
    }
    let subject: Vec<&str> = own.iter().filter(|o| o.is_subject).map(Own::text).collect();
    let passages = own.chunk_by(|a, b| a.passage == b.passage);
    let body: Vec<Vec<&str>> = passages
        .filter(|passage| passage.iter().all(|own| !own.is_subject))
        .map(|passage| passage.iter().map(Own::text).collect())
        .collect();
    let mut mask = Mask::new(&reading.header, envelope, reading.language, &subject, &body);
    own.iter().map(|own| mask.sentence(own.text())).collect()
}

/// The answer's form, as a JSON schema.
fn form() -> Value {
    let categories: Vec<&str> = Category::all().map(Category::name).chain([NO_CATEGORY]).collect();
    json!({
        "type": "json_schema",
        "json_schema": {
            "name": "verdict",
            "strict": true,
            "schema": {
                "type": "object",
                "properties": {
                    "news": { "type": "boolean" },
                    "category": { "type": "string", "enum": categories },
                    "sentence": { "type": "string" },
                    "sure": { "type": "number" },
                },
                "required": ["news", "category", "sentence", "sure"],
                "additionalProperties": false,
            },
        },
    })
}

#[cfg(test)]
mod tests;
