//! Reads what came back. Strict: one JSON object of the form asked for, about the text that was
//! shown. Anything else is no opinion; nothing is guessed from prose.

use serde::{Deserialize, Serialize};

use crate::policy::model::Category;

/// What an answer without news says.
pub(super) const NO_CATEGORY: &str = "none";

/// What stands before the subject where it is sent.
pub(super) const SUBJECT: &str = "Subject: ";

/// A quotation of fewer words is in nearly every text; a whole sentence may be shorter.
const MIN_WORDS: usize = 3;

/// A second reader's opinion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The category of the news; `None`: there is none.
    pub category: Option<&'static str>,
    /// The sentence that tells it, as it was sent; empty without news.
    pub sentence: String,
    /// How sure it is, 0 to 1.
    pub sure: f64,
    /// The sentence's place among those that were sent.
    #[serde(skip)]
    pub(super) at: Option<usize>,
}

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// Not a chat completion: HTML, another protocol, half an answer.
    NoCompletion,
    /// The model did not come to its end: it rambled, or was stopped.
    Unfinished,
    /// Not the JSON object asked for, or something beside it.
    NoAnswer,
    /// A category that is none, or one that does not go with `news`.
    Category,
    /// A sentence that is not in the text.
    Sentence,
    /// Not a number from 0 to 1.
    Sure,
}

impl Invalid {
    /// One word, for metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Invalid::NoCompletion => "no_completion",
            Invalid::Unfinished => "unfinished",
            Invalid::NoAnswer => "no_answer",
            Invalid::Category => "wrong_category",
            Invalid::Sentence => "wrong_sentence",
            Invalid::Sure => "wrong_sure",
        }
    }
}

/// The parts of a chat completion that matter; servers add others.
#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: String,
}

/// The object asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    news: bool,
    category: String,
    sentence: String,
    sure: f64,
}

/// Reads a completion about these sentences.
pub(super) fn read(completion: &[u8], sentences: &[&str]) -> Result<Answer, Invalid> {
    let completion: Completion =
        serde_json::from_slice(completion).map_err(|_| Invalid::NoCompletion)?;
    let choice = completion.choices.into_iter().next().ok_or(Invalid::NoCompletion)?;
    if choice.finish_reason.is_some_and(|reason| reason != "stop") {
        return Err(Invalid::Unfinished);
    }
    let written: Written =
        serde_json::from_str(&choice.message.content).map_err(|_| Invalid::NoAnswer)?;
    if !(0.0..=1.0).contains(&written.sure) {
        return Err(Invalid::Sure);
    }
    let category = Category::named(&written.category).map(Category::name);
    match (written.news, category) {
        (true, Some(_)) => {
            let at = place(&written.sentence, sentences).ok_or(Invalid::Sentence)?;
            let sentence = written.sentence;
            Ok(Answer { category, sentence, sure: written.sure, at: Some(at) })
        }
        (false, None) if written.category == NO_CATEGORY => {
            Ok(Answer { category: None, sentence: String::new(), sure: written.sure, at: None })
        }
        _ => Err(Invalid::Category),
    }
}

/// The sentence that a quotation is taken from, or begins in. Models change quotation marks, spaces
/// and capitals; words they may not change.
fn place(quotation: &str, sentences: &[&str]) -> Option<usize> {
    // The subject was sent with its label.
    let quotation = quotation.trim().strip_prefix(SUBJECT).unwrap_or(quotation);
    let wanted = words(quotation);
    if wanted.is_empty() {
        return None;
    }
    if let Some(whole) = sentences.iter().position(|s| words(s) == wanted) {
        return Some(whole);
    }
    if wanted.len() < MIN_WORDS {
        return None;
    }
    let all: Vec<(usize, String)> = sentences
        .iter()
        .enumerate()
        .flat_map(|(at, s)| words(s).into_iter().map(move |word| (at, word)))
        .collect();
    let found = all.windows(wanted.len()).find(|w| w.iter().map(|(_, word)| word).eq(&wanted));
    found.and_then(|window| window.first()).map(|(at, _)| *at)
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCES: [&str; 3] =
        ["Your order", "We are sorry, [NAME1].", "Your pump “[NUMBER1]” will come in May."];

    fn said(content: &str) -> Result<Answer, Invalid> {
        let body = serde_json::json!({
            "id": "x",
            "choices": [{ "index": 0, "finish_reason": "stop",
                          "message": { "role": "assistant", "content": content } }],
        });
        read(body.to_string().as_bytes(), &SENTENCES)
    }

    fn news(category: &str, sentence: &str, sure: f64) -> Result<Answer, Invalid> {
        let answer = serde_json::json!({
            "news": category != "none", "category": category, "sentence": sentence, "sure": sure,
        });
        said(&answer.to_string())
    }

    #[test]
    fn a_good_answer_is_taken() {
        let sentence = "your pump \"[NUMBER1]\" will come in May";
        let answer = news("delivery_delay", sentence, 0.9).unwrap();
        assert_eq!((answer.category, answer.at), (Some("delivery_delay"), Some(2)));
        assert_eq!(news("none", "", 1.0).unwrap().category, None);
        assert_eq!(news("other", "Your order", 0.5).unwrap().at, Some(0), "a whole short sentence");
        assert_eq!(news("other", "Subject: Your order", 0.5).unwrap().at, Some(0));
        assert_eq!(news("other", "sorry, [NAME1]. Your pump", 0.5).unwrap().at, Some(1));
    }

    #[test]
    fn lies_and_rambling_are_no_opinion() {
        for (content, why) in [
            ("This mail contains bad news.", Invalid::NoAnswer),
            (
                "```json\n{\"news\":false,\"category\":\"none\",\"sentence\":\"\",\"sure\":1}\n```",
                Invalid::NoAnswer,
            ),
            (
                "{\"news\":false,\"category\":\"none\",\"sentence\":\"\",\"sure\":1} I am sure.",
                Invalid::NoAnswer,
            ),
            (
                "{\"news\":false,\"category\":\"none\",\"sentence\":\"\",\"sure\":1,\"x\":1}",
                Invalid::NoAnswer,
            ),
            (
                "{\"news\":\"no\",\"category\":\"none\",\"sentence\":\"\",\"sure\":1}",
                Invalid::NoAnswer,
            ),
            ("{\"news\":false}", Invalid::NoAnswer),
            (
                "{\"news\":false,\"category\":\"other\",\"sentence\":\"\",\"sure\":1}",
                Invalid::Category,
            ),
            (
                "{\"news\":true,\"category\":\"none\",\"sentence\":\"Your order\",\"sure\":1}",
                Invalid::Category,
            ),
            ("news=false", Invalid::NoAnswer),
            ("", Invalid::NoAnswer),
        ] {
            assert_eq!(said(content), Err(why), "{content}");
        }
        assert_eq!(news("horoscope", "Your order", 1.0), Err(Invalid::Category));
        assert_eq!(news("other", "Your order is cancelled.", 1.0), Err(Invalid::Sentence));
        assert_eq!(news("other", "", 1.0), Err(Invalid::Sentence));
        assert_eq!(news("other", "in May", 1.0), Err(Invalid::Sentence), "two words prove nothing");
        assert_eq!(news("none", "", 1.5), Err(Invalid::Sure));
        assert_eq!(news("none", "", -0.1), Err(Invalid::Sure));
    }

    #[test]
    fn what_is_no_completion_is_no_answer() {
        for body in [&b"<html>Bad gateway</html>"[..], b"", b"{}", b"{\"choices\":[]}", b"\xff"] {
            assert_eq!(read(body, &SENTENCES), Err(Invalid::NoCompletion));
        }
        let cut = br#"{"choices":[{"finish_reason":"length","message":{"content":"{}"}}]}"#;
        assert_eq!(read(cut, &SENTENCES), Err(Invalid::Unfinished));
    }
}
