//! The words of the page about what comes of a call: outcomes, promises, the same customer before.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod nl;
pub(super) mod pt;

/// What the page says about it in one language. Names in braces are filled in.
#[derive(Debug)]
pub(in crate::web) struct AfterCall {
    /// The folded part of the form after a call.
    pub(in crate::web) promised_title: &'static str,
    pub(in crate::web) promised_lead: &'static str,
    pub(in crate::web) remedy: &'static str,
    pub(in crate::web) amount: &'static str,
    pub(in crate::web) amount_hint: &'static str,
    pub(in crate::web) by_when: &'static str,
    pub(in crate::web) accountable: &'static str,
    pub(in crate::web) accountable_hint: &'static str,
    pub(in crate::web) cause: &'static str,
    pub(in crate::web) mood: &'static str,
    /// Kept, at risk, lost.
    pub(in crate::web) moods: [&'static str; 3],
    pub(in crate::web) justified: &'static str,
    pub(in crate::web) yes: &'static str,
    pub(in crate::web) no: &'static str,
    /// Where the configuration names none.
    pub(in crate::web) causes: [&'static str; 6],
    /// The form for a wrong number.
    pub(in crate::web) wrong_title: &'static str,
    pub(in crate::web) wrong_text: &'static str,
    pub(in crate::web) wrong_button: &'static str,
    /// The form for a call back.
    pub(in crate::web) back_title: &'static str,
    pub(in crate::web) back_text: &'static str,
    pub(in crate::web) back_when: &'static str,
    pub(in crate::web) back_button: &'static str,
    /// The form for a new text.
    pub(in crate::web) anew_title: &'static str,
    /// `{when}`
    pub(in crate::web) anew_text: &'static str,
    /// The same where the new text is held as well.
    pub(in crate::web) anew_held: &'static str,
    pub(in crate::web) anew_tick: &'static str,
    pub(in crate::web) anew_button: &'static str,
    /// Title and first words of each standing.
    pub(in crate::web) wrong_number: [&'static str; 2],
    /// `{when}`
    pub(in crate::web) call_back: [&'static str; 2],
    /// `{who} {when}`
    pub(in crate::web) rewritten: [&'static str; 2],
    /// What was done, said behind the name of who did it.
    pub(in crate::web) did_wrong_number: &'static str,
    /// `{when}`
    pub(in crate::web) did_call_back: &'static str,
    pub(in crate::web) did_rewrite: &'static str,
    /// The promise and its form.
    pub(in crate::web) promise_title: &'static str,
    /// `{what} {date}`
    pub(in crate::web) promise_open: &'static str,
    /// `{when}`
    pub(in crate::web) promise_remind: &'static str,
    pub(in crate::web) promise_quiet: &'static str,
    pub(in crate::web) promise_kept: &'static str,
    pub(in crate::web) promise_dropped: &'static str,
    pub(in crate::web) is_it_done: &'static str,
    pub(in crate::web) done: &'static str,
    pub(in crate::web) another_day: &'static str,
    pub(in crate::web) new_day: &'static str,
    pub(in crate::web) dropped: &'static str,
    pub(in crate::web) word: &'static str,
    pub(in crate::web) tell_us: &'static str,
    pub(in crate::web) did_keep: &'static str,
    /// `{date}`
    pub(in crate::web) did_move: &'static str,
    pub(in crate::web) did_drop: &'static str,
    /// What there was with the customer before.
    pub(in crate::web) before_title: &'static str,
    /// `{count}`
    pub(in crate::web) others_before: &'static str,
    /// Calendar files: the link, and the titles in them.
    pub(in crate::web) into_calendar: &'static str,
    /// `{who}`
    pub(in crate::web) event_call: &'static str,
    /// `{who}`
    pub(in crate::web) event_follow_up: &'static str,
    /// What a form still needs.
    pub(in crate::web) missing_amount: &'static str,
    pub(in crate::web) missing_day: &'static str,
    pub(in crate::web) missing_back: &'static str,
    pub(in crate::web) missing_number: &'static str,
    pub(in crate::web) missing_word: &'static str,
    pub(in crate::web) missing_anew: &'static str,
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
                (words.event_call, vec!["{who}"]),
                (words.event_follow_up, vec!["{who}"]),
            ] {
                assert!(names.iter().all(|name| text.contains(name)), "{language:?}: {text}");
                assert_eq!(text.matches('{').count(), names.len(), "{language:?}: {text}");
            }
        }
    }
}
