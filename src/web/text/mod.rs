//! The words of the sender's page: one file a language. What the notice says as well (whom to
//! call, how to tell it, what happens next) is taken from its texts, so that both say the same.

mod after;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod others;
mod pt;

pub(super) use self::{after::AfterCall, others::Others};
use crate::{
    message::Language,
    notice::Texts,
    wording::{Fixed, Own, Shipped, lines, shipped},
};

lines! {
    /// What the page says in one language. Names in braces are filled in.
    pub(super) struct Words<'a> {
        /// Shared with the notices.
        pub(super) shared: Fixed<Texts<'a>>,
        /// `{kind}`
        pub(super) held: &'a str,
        /// Title and first words of each other standing; `no_answer` takes `{when}`.
        pub(super) no_answer: [&'a str; 2],
        pub(super) approved: [&'a str; 2],
        pub(super) released: [&'a str; 2],
        pub(super) delivered: [&'a str; 2],
        /// `{who}`
        pub(super) withdrawn: [&'a str; 2],
        pub(super) returned: [&'a str; 2],
        pub(super) undeliverable: [&'a str; 2],
        pub(super) cancelled: [&'a str; 2],
        /// Somebody was quicker than this click.
        pub(super) already: &'a str,
        pub(super) subject: &'a str,
        pub(super) to: &'a str,
        pub(super) written: &'a str,
        /// Behind an address: `refused: 550 ...`.
        pub(super) refused: &'a str,
        pub(super) optional: &'a str,
        pub(super) called: Called<'a>,
        pub(super) nobody: Nobody<'a>,
        pub(super) take_back: Ticked<'a>,
        pub(super) good_news: Ticked<'a>,
        pub(super) anyway: Anyway<'a>,
        pub(super) missing: Missing<'a>,
        pub(super) history: History<'a>,
        /// `{id}`
        pub(super) footer: &'a str,
        /// What comes of a call.
        pub(super) after: AfterCall<'a>,
        /// Of several people on one hold.
        pub(super) others: Others<'a>,
    }
}

lines! {
    /// The form after a call.
    pub(super) struct Called<'a> {
        pub(super) title: &'a str,
        pub(super) which: &'a str,
        pub(super) number: &'a str,
        pub(super) another: &'a str,
        pub(super) whom: &'a str,
        pub(super) whom_hint: &'a str,
        pub(super) agreed: &'a str,
        pub(super) send: &'a str,
        pub(super) dont_send: &'a str,
    }
}

lines! {
    /// The form after a call that nobody took.
    pub(super) struct Nobody<'a> {
        pub(super) title: &'a str,
        pub(super) text: &'a str,
        pub(super) when: &'a str,
        pub(super) hour: &'a str,
        pub(super) afternoon: &'a str,
        pub(super) tomorrow: &'a str,
        pub(super) at: &'a str,
        pub(super) day_and_time: &'a str,
        pub(super) button: &'a str,
    }
}

lines! {
    /// A form with a box to tick.
    pub(super) struct Ticked<'a> {
        pub(super) title: &'a str,
        pub(super) text: &'a str,
        pub(super) tick: &'a str,
        pub(super) note: &'a str,
        pub(super) button: &'a str,
    }
}

lines! {
    /// The form without a call.
    pub(super) struct Anyway<'a> {
        pub(super) title: &'a str,
        pub(super) why: &'a str,
        pub(super) kept: &'a str,
        pub(super) button: &'a str,
    }
}

lines! {
    /// What a form still needs.
    pub(super) struct Missing<'a> {
        pub(super) unreadable: &'a str,
        pub(super) lay_open: &'a str,
        pub(super) choice: &'a str,
        pub(super) then: &'a str,
        pub(super) whom: &'a str,
        pub(super) tick_take_back: &'a str,
        pub(super) tick_good_news: &'a str,
        pub(super) when: &'a str,
        pub(super) past: &'a str,
        pub(super) after_expiry: &'a str,
        pub(super) too_far: &'a str,
        pub(super) reason: &'a str,
        pub(super) not_allowed: &'a str,
    }
}

lines! {
    /// What was done, said behind the name of who did it.
    pub(super) struct History<'a> {
        pub(super) title: &'a str,
        /// `{whom}`
        pub(super) called_send: &'a str,
        /// `{whom}`
        pub(super) called_dont_send: &'a str,
        /// `{when}`
        pub(super) no_answer: &'a str,
        pub(super) withdrawn: &'a str,
        pub(super) false_alarm: &'a str,
        pub(super) send_anyway: &'a str,
        pub(super) expired: &'a str,
    }
}

/// The table of a file in which these words stand.
const TABLE: &str = "page";

/// Every line of the page that ships in a language.
pub fn shipped_lines(language: Language) -> Vec<Shipped> {
    shipped(TABLE, Words::of(language))
}

impl Words<'static> {
    /// The words of a language, as they ship.
    pub(super) fn of(language: Language) -> &'static Words<'static> {
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

    /// The words of a language, with an organisation's own lines over them.
    pub(super) fn over(language: Language, own: &Own) -> Words<'_> {
        let words = own.over(language, TABLE, Words::of(language));
        Words { shared: Fixed(Texts::over(language, own)), ..words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_takes_the_same_values() {
        for language in Language::ALL {
            let words = Words::of(language);
            assert_eq!(words.shared.language, language);
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
