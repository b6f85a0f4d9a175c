//! What a person asks for by answering a notice.
//!
//! Takes the reading of the reply, gives one command or says that it is unclear. Only what was
//! newly written counts, and of that the first few sentences; a question asks for nothing, two
//! commands at once are unclear, and a machine's answer (RFC 3834) is none. Whether the reply may
//! be believed is the caller's to find out first.

mod machine;
mod typos;
mod words;

pub use machine::{Machine, machine};

use serde::Serialize;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use self::words::{WORDS, Words};
use super::clean::line;
use crate::message::{Language, PassageKind, Reading};

/// What was asked for, by the names of `callfirst reply --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Reached by telephone; send it as the written confirmation.
    CalledSend,
    /// Reached by telephone; all is said, do not send it.
    CalledDontSend,
    /// Nobody answered.
    NoAnswer,
    /// Take it back.
    Withdraw,
    /// It is no bad news.
    FalseAlarm,
    /// Send it without a call; the reason may be missing, and then it must be asked for.
    SendAnyway,
    /// A person wrote, and we do not know what they want.
    Unclear,
    /// Nobody wrote: an automatic answer or a delivery report.
    None,
}

impl Command {
    /// By its name in `callfirst reply --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Command::CalledSend => "called_send",
            Command::CalledDontSend => "called_dont_send",
            Command::NoAnswer => "no_answer",
            Command::Withdraw => "withdraw",
            Command::FalseAlarm => "false_alarm",
            Command::SendAnyway => "send_anyway",
            Command::Unclear => "unclear",
            Command::None => "none",
        }
    }

    /// For people.
    pub fn in_words(self) -> &'static str {
        match self {
            Command::CalledSend => "I called, send it",
            Command::CalledDontSend => "I called, don't send it",
            Command::NoAnswer => "no answer",
            Command::Withdraw => "withdraw it",
            Command::FalseAlarm => "false alarm, send it",
            Command::SendAnyway => "send it anyway",
            Command::Unclear => "unclear",
            Command::None => "nothing: nobody wrote this",
        }
    }
}

/// What was understood of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// What is asked for.
    pub command: Command,
    /// Why it must be sent without a call, in the sender's words.
    pub reason: Option<String>,
    /// The language of the command, else of the text.
    pub language: Option<Language>,
}

/// Sentences that are looked at: a command comes first, and what follows is talk or a quotation
/// that nobody marked.
const MAX_SENTENCES: usize = 3;
/// A longer reason is a letter.
const MAX_REASON: usize = 500;
const MAX_TEXT_CHARS: usize = 4_000;

/// Reads a reply to one of our notices.
pub fn understand(reading: &Reading) -> Understood {
    let nothing = |command| Understood { command, reason: None, language: reading.language };
    if machine(reading).is_some() {
        return nothing(Command::None);
    }
    let text = new_text(reading);
    let said: Vec<String> = sentences(&text)
        .take(MAX_SENTENCES)
        .filter(|s| !s.ends_with('?'))
        .map(folded)
        .take_while(|s| !is_boilerplate(s))
        .collect();
    let heard = format!(" {} ", said.join(" | "));
    // Of equals the text's own language wins, then the first of the list: hence from behind.
    let spoken = WORDS
        .iter()
        .rev()
        .map(|words| Heard::of(words, &heard))
        .max_by_key(|h| (h.strength(), reading.language == Some(h.words.language)));
    let Some(spoken) = spoken.filter(|h| h.strength() > 0) else {
        let typo = said.first().and_then(|first| typos::command(first));
        return typo.map_or(nothing(Command::Unclear), |(command, language)| Understood {
            command,
            reason: None,
            language: Some(language),
        });
    };
    let command = spoken.command();
    let reason = (command == Command::SendAnyway).then(|| reason(&text, spoken.words)).flatten();
    Understood { command, reason, language: Some(spoken.words.language) }
}

/// What was newly written, without markup of ours.
fn new_text(reading: &Reading) -> String {
    let new = reading.of_kind(PassageKind::New).map(|p| p.text.as_str());
    new.collect::<Vec<_>>().join("\n").chars().take(MAX_TEXT_CHARS).collect()
}

/// Sentences and lines, without empty ones and greetings.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['\n', '.', '!', '?'])
        .map(|s| s.trim().trim_end_matches(['.', '!']))
        .filter(|s| s.chars().any(char::is_alphanumeric))
        .filter(|s| !is_greeting(s))
}

/// Legal words below a mail, where nothing marked them; "please delete it" is none of ours.
fn is_boilerplate(folded: &str) -> bool {
    words::BOILERPLATE.iter().any(|words| folded.contains(words))
}

fn is_greeting(sentence: &str) -> bool {
    let plain = folded(sentence);
    let words: Vec<&str> = plain.split_whitespace().filter(|w| *w != "|").collect();
    words.len() <= 4 && words.first().is_some_and(|w| words::GREETINGS.contains(w))
}

/// Lower case, no accents, single blanks: what people type on a telephone. Of punctuation the colon
/// stays, and a comma becomes `|`.
fn folded(text: &str) -> String {
    let plain: String = text
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .flat_map(|c| match c {
            'ß' => ['s', 's'],
            ':' => [' ', ':'],
            ',' | ';' => [' ', '|'],
            c if c.is_alphanumeric() => ['\0', c],
            _ => ['\0', ' '],
        })
        .filter(|c| *c != '\0')
        .collect();
    plain.replace(':', ": ").replace('|', "| ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What one language's words find in a text.
struct Heard {
    words: &'static Words,
    called: bool,
    not_called: bool,
    no_answer: bool,
    send: bool,
    dont_send: bool,
    withdraw: bool,
    false_alarm: bool,
    anyway: bool,
    /// A command is named and refused: "not a false alarm", "never send it".
    refused: bool,
    hits: usize,
}

impl Heard {
    fn of(words: &'static Words, heard: &str) -> Heard {
        let mut hits = 0;
        let mut says = |phrases: &[&str]| {
            // The longest phrase counts: it tells languages with common words apart.
            let longest = phrases
                .iter()
                .filter(|p| heard.contains(&format!(" {p} ")))
                .map(|p| p.len())
                .max()
                .unwrap_or_default();
            hits += longest;
            longest > 0
        };
        let send = says(words.send);
        let given_reason = words.send.iter().any(|s| {
            heard.contains(&format!(" {s} : "))
                || words.because.iter().any(|b| heard.contains(&format!(" {s} {b} ")))
        });
        let negated = |phrases: &[&str]| phrases.iter().any(|p| is_negated(heard, p, words.not));
        let commands = [words.withdraw, words.false_alarm, words.anyway];
        let dont_send = says(words.dont_send);
        Heard {
            called: says(words.called),
            not_called: says(words.not_called) || negated(words.called),
            refused: commands.into_iter().any(negated) || (negated(words.send) && !dont_send),
            no_answer: says(words.no_answer),
            send,
            dont_send,
            withdraw: says(words.withdraw),
            false_alarm: says(words.false_alarm),
            anyway: says(words.anyway) || given_reason,
            words,
            hits,
        }
    }

    fn strength(&self) -> usize {
        self.hits
    }

    fn command(&self) -> Command {
        if self.refused {
            return Command::Unclear;
        }
        let take_back = self.withdraw || self.dont_send;
        if self.false_alarm {
            let clash = self.no_answer || self.called || take_back;
            return if clash { Command::Unclear } else { Command::FalseAlarm };
        }
        if self.anyway && !take_back && (!self.called || self.not_called) {
            return Command::SendAnyway;
        }
        if self.no_answer {
            let clash = take_back || self.send;
            return if clash { Command::Unclear } else { Command::NoAnswer };
        }
        match (self.called && !self.not_called, take_back) {
            (true, true) => Command::CalledDontSend,
            (true, false) => Command::CalledSend,
            (false, true) if !self.called => Command::Withdraw,
            (false, true) => Command::Unclear,
            (false, false) if self.send && !self.not_called => Command::SendAnyway,
            (false, false) => Command::Unclear,
        }
    }
}

/// Whether a word of refusal stands before the phrase, within three words and no comma.
fn is_negated(heard: &str, phrase: &str, not: &[&str]) -> bool {
    heard.match_indices(&format!(" {phrase} ")).any(|(at, _)| {
        let before = heard.get(..at).unwrap_or_default();
        before.split_whitespace().rev().take_while(|w| *w != "|").take(3).any(|w| not.contains(&w))
    })
}

/// The words behind the colon, else behind "because", else the sentences behind the command. An empty
/// line ends them: below it stands a name.
fn reason(text: &str, words: &Words) -> Option<String> {
    let behind_colon = text.split_once(':').map(|(_, reason)| first_paragraph(reason));
    let found = behind_colon.or_else(|| {
        let lower = text.to_lowercase();
        let because = words.because.iter().find_map(|b| lower.find(&format!(" {b} ")))?;
        // Lower case may be longer than the text; then the place is past a boundary and we give up.
        text.get(because..).map(first_paragraph)
    });
    let found = found.or_else(|| {
        let rest: Vec<&str> = sentences(text).skip(1).take(MAX_SENTENCES).collect();
        (!rest.is_empty()).then(|| rest.join(". "))
    })?;
    let found = line(&found, MAX_REASON);
    found.chars().any(char::is_alphanumeric).then_some(found)
}

fn first_paragraph(text: &str) -> String {
    let paragraphs = text.trim_start().split("\n\n");
    paragraphs.map(str::trim).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
