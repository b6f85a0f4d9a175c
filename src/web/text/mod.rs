//! The words of the sender's page: one file a language. What the notice says as well (whom to
//! call, how to tell it, what happens next) is taken from its texts, so that both say the same.

mod after;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod mute;
mod nl;
mod others;
mod pt;

pub(super) use self::{after::AfterCall, mute::Mute, others::Others};
use crate::{message::Language, notice::Texts};

/// What the page says in one language. Names in braces are filled in.
#[derive(Debug)]
pub(super) struct Words {
    /// Shared with the notices.
    pub(super) shared: &'static Texts,
    /// `{kind}`
    pub(super) held: &'static str,
    /// Title and first words of each other standing; `no_answer` takes `{when}`.
    pub(super) no_answer: [&'static str; 2],
    pub(super) approved: [&'static str; 2],
    pub(super) released: [&'static str; 2],
    pub(super) delivered: [&'static str; 2],
    /// `{who}`
    pub(super) withdrawn: [&'static str; 2],
    pub(super) returned: [&'static str; 2],
    pub(super) undeliverable: [&'static str; 2],
    pub(super) cancelled: [&'static str; 2],
    /// Somebody was quicker than this click.
    pub(super) already: &'static str,
    pub(super) subject: &'static str,
    pub(super) to: &'static str,
    pub(super) written: &'static str,
    /// Behind an address: `refused: 550 ...`.
    pub(super) refused: &'static str,
    pub(super) optional: &'static str,
    pub(super) called: Called,
    pub(super) nobody: Nobody,
    pub(super) take_back: Ticked,
    pub(super) good_news: Ticked,
    pub(super) anyway: Anyway,
    pub(super) missing: Missing,
    pub(super) history: History,
    /// `{id}`
    pub(super) footer: &'static str,
    /// What comes of a call.
    pub(super) after: &'static AfterCall,
    /// Of several people on one hold.
    pub(super) others: &'static Others,
    /// How to be reminded no more.
    pub(super) mute: &'static Mute,
}

/// The form after a call.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) title: &'static str,
    pub(super) which: &'static str,
    pub(super) number: &'static str,
    pub(super) another: &'static str,
    pub(super) whom: &'static str,
    pub(super) whom_hint: &'static str,
    pub(super) agreed: &'static str,
    pub(super) send: &'static str,
    pub(super) dont_send: &'static str,
}

/// The form after a call that nobody took.
#[derive(Debug)]
pub(super) struct Nobody {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) when: &'static str,
    pub(super) hour: &'static str,
    pub(super) afternoon: &'static str,
    pub(super) tomorrow: &'static str,
    pub(super) at: &'static str,
    pub(super) day_and_time: &'static str,
    pub(super) button: &'static str,
}

/// A form with a box to tick.
#[derive(Debug)]
pub(super) struct Ticked {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) tick: &'static str,
    pub(super) note: &'static str,
    pub(super) button: &'static str,
}

/// The form without a call.
#[derive(Debug)]
pub(super) struct Anyway {
    pub(super) title: &'static str,
    pub(super) why: &'static str,
    pub(super) kept: &'static str,
    pub(super) button: &'static str,
}

/// What a form still needs.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) unreadable: &'static str,
    pub(super) lay_open: &'static str,
    pub(super) choice: &'static str,
    pub(super) then: &'static str,
    pub(super) whom: &'static str,
    pub(super) tick_take_back: &'static str,
    pub(super) tick_good_news: &'static str,
    pub(super) when: &'static str,
    pub(super) past: &'static str,
    pub(super) after_expiry: &'static str,
    pub(super) too_far: &'static str,
    pub(super) reason: &'static str,
    pub(super) not_allowed: &'static str,
}

/// What was done, said behind the name of who did it.
#[derive(Debug)]
pub(super) struct History {
    pub(super) title: &'static str,
    /// `{whom}`
    pub(super) called_send: &'static str,
    /// `{whom}`
    pub(super) called_dont_send: &'static str,
    /// `{when}`
    pub(super) no_answer: &'static str,
    pub(super) withdrawn: &'static str,
    pub(super) false_alarm: &'static str,
    pub(super) send_anyway: &'static str,
    pub(super) expired: &'static str,
}

impl Words {
    /// The words of a language.
    pub(super) fn of(language: Language) -> &'static Words {
        match language {
            Language::En => &en::WORDS,
            Language::De => &de::WORDS,
            Language::Fr => &fr::WORDS,
            Language::Es => &es::WORDS,
            Language::It => &it::WORDS,
            Language::Nl => &nl::WORDS,
            Language::Pt => &pt::WORDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_takes_the_same_values() {
        for language in Language::ALL {
            let words = Words::of(language);
            assert_eq!(words.shared.code, language.code());
            for (text, name) in [
                (words.held, "{kind}"),
                (words.no_answer[1], "{when}"),
                (words.withdrawn[1], "{who}"),
                (words.history.called_send, "{whom}"),
                (words.history.called_dont_send, "{whom}"),
                (words.history.no_answer, "{when}"),
                (words.footer, "{id}"),
            ] {
                assert_eq!(
                    (text.matches(name).count(), text.matches('{').count()),
                    (1, 1),
                    "{text}"
                );
            }
        }
    }
}
