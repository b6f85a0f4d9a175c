//! What we say to somebody who answered a notice: what was done, or why nothing was.
//!
//! Short, in the language of the answer, to the hold's sender alone. The words that work by mail
//! stand here too, so that the notice and the answer name the same ones.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod nl;
pub(super) mod pt;

use super::{
    occasion::{ByMail, Occasion},
    reply::Command,
    text::{Texts, fill},
    when,
};
use crate::{
    mail::Timestamp,
    wording::{Fixed, lines},
};

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// They called; it goes out.
    Called,
    /// It is no bad news; it goes out.
    NoBadNews,
    /// It goes out without a call.
    Anyway,
    /// It goes out, but not before then.
    Later {
        /// When.
        at: Timestamp,
    },
    /// A second person is asked whether it goes out.
    SecondAsked,
    /// It stays here for good.
    TakenBack,
    /// Nobody answered; it waits.
    Waits {
        /// Until they are reminded.
        remind_at: Timestamp,
    },
    /// Somebody decided before, or time did.
    Already {
        /// What.
        ending: Ending,
        /// When.
        at: Timestamp,
    },
    /// Nobody could tell what was meant.
    Unclear,
    /// Understood, but done on the page only.
    OnThePage {
        /// What was asked for.
        asked: Command,
    },
    /// The policy asks for a call.
    CallFirst,
    /// Why it must go without a call was not said.
    ReasonMissing,
}

/// How a hold was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It goes out or went out.
    LetGo,
    /// Its sender took it back.
    TakenBack,
    /// Its time ran out and it came back.
    Returned,
    /// The next hop refused it.
    Undeliverable,
}

impl Answer {
    /// Whether there is still something to decide.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Answer::Waits { .. }
            | Answer::SecondAsked
            | Answer::Unclear
            | Answer::OnThePage { .. }
            | Answer::CallFirst
            | Answer::ReasonMissing => true,
            Answer::Called
            | Answer::NoBadNews
            | Answer::Anyway
            | Answer::Later { .. }
            | Answer::TakenBack
            | Answer::Already { .. } => false,
        }
    }

    /// Title and lead; `{subject} {who} {kind}` of the lead are the caller's to fill.
    pub(super) fn words<'a>(&self, texts: &AnswerTexts<'a>) -> [&'a str; 2] {
        match self {
            Answer::Called => texts.called,
            Answer::NoBadNews => texts.no_bad_news,
            Answer::Anyway => texts.anyway,
            Answer::Later { .. } => texts.later,
            Answer::SecondAsked => texts.second_asked,
            Answer::TakenBack => texts.taken_back,
            Answer::Waits { .. } => texts.waits,
            Answer::Already { .. } => texts.already,
            Answer::Unclear => texts.unclear,
            Answer::OnThePage { .. } => texts.on_the_page,
            Answer::CallFirst => texts.call_first,
            Answer::ReasonMissing => texts.reason_missing,
        }
    }

    /// What else its lead speaks of.
    pub(super) fn values(
        &self,
        occasion: &Occasion<'_>,
        texts: &Texts,
    ) -> Vec<(&'static str, String)> {
        let own = &texts.answer;
        let say = |at: Timestamp| ("when", when::say(at, occasion.time_zone, texts));
        match self {
            Answer::Waits { remind_at: at } | Answer::Later { at } => vec![say(*at)],
            Answer::Already { ending, at } => {
                let [let_go, taken_back, returned, undeliverable] = own.endings;
                let how = match ending {
                    Ending::LetGo => let_go,
                    Ending::TakenBack => taken_back,
                    Ending::Returned => returned,
                    Ending::Undeliverable => undeliverable,
                };
                vec![("how", how.to_owned()), say(*at)]
            }
            Answer::OnThePage { asked } => {
                vec![("asked", own.word(*asked).unwrap_or_default().to_owned())]
            }
            _ => Vec::new(),
        }
    }
}

lines! {
    /// The texts of one language.
    pub(super) struct AnswerTexts<'a> {
        /// What follows our name in From.
        pub(super) from: &'a str,
        /// `{words}`
        by_mail: &'a str,
        /// In the order of [`ORDER`]; a test answers with each of them.
        words: Fixed<[&'static str; 5]>,
        called: [&'a str; 2],
        no_bad_news: [&'a str; 2],
        anyway: [&'a str; 2],
        /// `{when}`
        later: [&'a str; 2],
        second_asked: [&'a str; 2],
        taken_back: [&'a str; 2],
        /// `{when}`
        waits: [&'a str; 2],
        /// `{how} {when}`
        already: [&'a str; 2],
        unclear: [&'a str; 2],
        /// `{asked}`
        on_the_page: [&'a str; 2],
        /// `{kind}`
        call_first: [&'a str; 2],
        reason_missing: [&'a str; 2],
        /// In the order of [`Ending`].
        endings: [&'a str; 4],
    }
}

/// The commands that have a word.
const ORDER: [Command; 5] = [
    Command::CalledSend,
    Command::NoAnswer,
    Command::Withdraw,
    Command::FalseAlarm,
    Command::SendAnyway,
];

impl AnswerTexts<'_> {
    fn word(&self, command: Command) -> Option<&'static str> {
        let command = match command {
            Command::CalledDontSend => Command::CalledSend,
            command => command,
        };
        ORDER.iter().zip(*self.words).find(|(c, _)| **c == command).map(|(_, word)| word)
    }

    /// "You can also just answer …", with the words that work for this hold; `None` where none does.
    pub(super) fn invitation(
        &self,
        by_mail: &ByMail<'_>,
        send_anyway: bool,
        texts: &Texts,
    ) -> Option<String> {
        let works =
            |c: &Command| by_mail.allowed.contains(c) && (send_anyway || *c != Command::SendAnyway);
        let words: Vec<String> = ORDER
            .iter()
            .filter(|c| works(c))
            .filter_map(|c| Some(texts.quoted(self.word(*c)?)))
            .collect();
        (!words.is_empty()).then(|| fill(self.by_mail, &[("words", words.join(", "))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::{self, Language, Limits},
        notice::{reply::understand, text::names},
    };

    #[test]
    fn every_word_that_is_offered_is_understood() {
        for language in Language::ALL {
            for (command, word) in ORDER.into_iter().zip(*Texts::of(language).answer.words) {
                let reply = format!(
                    "From: a@us.example\r\nSubject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{word}\r\n"
                );
                let understood = understand(&message::read(reply.as_bytes(), &Limits::default()));
                assert_eq!(understood.command, command, "{language:?}: {word}");
            }
        }
    }

    #[test]
    fn every_language_fills_the_same_values() {
        let all = |t: &AnswerTexts<'static>| {
            [
                t.called,
                t.no_bad_news,
                t.anyway,
                t.taken_back,
                t.waits,
                t.already,
                t.unclear,
                t.on_the_page,
                t.call_first,
                t.reason_missing,
                [t.from, t.by_mail],
            ]
        };
        let english = all(&Texts::of(Language::En).answer);
        for language in Language::ALL {
            for ([title, lead], [_, model]) in all(&Texts::of(language).answer).iter().zip(english)
            {
                assert!(!title.is_empty() && names(title).is_empty());
                assert_eq!(names(lead), names(model), "{language:?}: {lead}");
            }
        }
    }
}
