//! The words of the page about what comes of a call: outcomes, promises, the same customer before.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod nl;
pub(super) mod pt;

use crate::wording::lines;

lines! {
    /// What the page says about it in one language. Names in braces are filled in.
    pub(in crate::web) struct AfterCall<'a> {
        /// The folded part of the form after a call.
        pub(in crate::web) promised_title: &'a str,
        pub(in crate::web) promised_lead: &'a str,
        pub(in crate::web) remedy: &'a str,
        pub(in crate::web) amount: &'a str,
        pub(in crate::web) amount_hint: &'a str,
        pub(in crate::web) by_when: &'a str,
        pub(in crate::web) accountable: &'a str,
        pub(in crate::web) accountable_hint: &'a str,
        pub(in crate::web) cause: &'a str,
        pub(in crate::web) mood: &'a str,
        /// Kept, at risk, lost.
        pub(in crate::web) moods: [&'a str; 3],
        pub(in crate::web) justified: &'a str,
        pub(in crate::web) yes: &'a str,
        pub(in crate::web) no: &'a str,
        /// Where the configuration names none.
        pub(in crate::web) causes: [&'a str; 6],
        /// The form for a wrong number.
        pub(in crate::web) wrong_title: &'a str,
        pub(in crate::web) wrong_text: &'a str,
        pub(in crate::web) wrong_button: &'a str,
        /// The form for a call back.
        pub(in crate::web) back_title: &'a str,
        pub(in crate::web) back_text: &'a str,
        pub(in crate::web) back_when: &'a str,
        pub(in crate::web) back_button: &'a str,
        /// The form for a new text.
        pub(in crate::web) anew_title: &'a str,
        /// `{when}`
        pub(in crate::web) anew_text: &'a str,
        /// The same where the new text is held as well.
        pub(in crate::web) anew_held: &'a str,
        pub(in crate::web) anew_tick: &'a str,
        pub(in crate::web) anew_button: &'a str,
        /// Title and first words of each standing.
        pub(in crate::web) wrong_number: [&'a str; 2],
        /// `{when}`
        pub(in crate::web) call_back: [&'a str; 2],
        /// `{who} {when}`
        pub(in crate::web) rewritten: [&'a str; 2],
        /// What was done, said behind the name of who did it.
        pub(in crate::web) did_wrong_number: &'a str,
        /// `{when}`
        pub(in crate::web) did_call_back: &'a str,
        pub(in crate::web) did_rewrite: &'a str,
        /// The promise and its form.
        pub(in crate::web) promise_title: &'a str,
        /// `{what} {date}`
        pub(in crate::web) promise_open: &'a str,
        /// `{when}`
        pub(in crate::web) promise_remind: &'a str,
        pub(in crate::web) promise_quiet: &'a str,
        pub(in crate::web) promise_kept: &'a str,
        pub(in crate::web) promise_dropped: &'a str,
        pub(in crate::web) is_it_done: &'a str,
        pub(in crate::web) done: &'a str,
        pub(in crate::web) another_day: &'a str,
        pub(in crate::web) new_day: &'a str,
        pub(in crate::web) dropped: &'a str,
        pub(in crate::web) word: &'a str,
        pub(in crate::web) tell_us: &'a str,
        pub(in crate::web) did_keep: &'a str,
        /// `{date}`
        pub(in crate::web) did_move: &'a str,
        pub(in crate::web) did_drop: &'a str,
        /// What there was with the customer before.
        pub(in crate::web) before_title: &'a str,
        /// `{count}`
        pub(in crate::web) others_before: &'a str,
        /// The link to a calendar file.
        pub(in crate::web) into_calendar: &'a str,
        /// What a form still needs.
        pub(in crate::web) missing_amount: &'a str,
        pub(in crate::web) missing_day: &'a str,
        pub(in crate::web) missing_back: &'a str,
        pub(in crate::web) missing_number: &'a str,
        pub(in crate::web) missing_word: &'a str,
        pub(in crate::web) missing_anew: &'a str,
    }
}

#[cfg(test)]
mod tests {
    use crate::{message::Language, web::text::Words};

    #[test]
    fn every_language_takes_the_same_values() {
        for language in Language::ALL {
            let words = Words::of(language).after;
            for (text, names) in [
                (words.anew_text, vec!["{when}"]),
                (words.call_back[1], vec!["{when}"]),
                (words.rewritten[1], vec!["{who}", "{when}"]),
                (words.did_call_back, vec!["{when}"]),
                (words.promise_open, vec!["{what}", "{date}"]),
                (words.promise_remind, vec!["{when}"]),
                (words.did_move, vec!["{date}"]),
                (words.others_before, vec!["{count}"]),
            ] {
                assert!(names.iter().all(|name| text.contains(name)), "{language:?}: {text}");
                assert_eq!(text.matches('{').count(), names.len(), "{language:?}: {text}");
            }
        }
    }
}
