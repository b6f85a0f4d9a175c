//! The words of the page where several people may act: handing over, taking back, a second person.
//! One file a language.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod nl;
pub(super) mod pt;

use crate::wording::lines;

lines! {
    /// See the module. Names in braces are filled in.
    pub(in crate::web) struct Others<'a> {
        /// `{sender}`
        pub(in crate::web) of_sender: &'a str,
        /// `{by} {when}`
        pub(in crate::web) decided_by: &'a str,
        /// Handing over to a colleague.
        pub(in crate::web) hand_title: &'a str,
        pub(in crate::web) hand_text: &'a str,
        pub(in crate::web) hand_address: &'a str,
        pub(in crate::web) hand_line: &'a str,
        pub(in crate::web) hand_button: &'a str,
        /// `{to}`
        pub(in crate::web) handed: [&'a str; 2],
        /// `{to}`
        pub(in crate::web) did_hand_over: &'a str,
        pub(in crate::web) missing_address: &'a str,
        pub(in crate::web) missing_outside: &'a str,
        pub(in crate::web) missing_self: &'a str,
        pub(in crate::web) missing_often: &'a str,
        /// While it can be taken back: `{when}`
        pub(in crate::web) waits: [&'a str; 2],
        pub(in crate::web) back_title: &'a str,
        pub(in crate::web) back_text: &'a str,
        pub(in crate::web) back_tick: &'a str,
        pub(in crate::web) back_button: &'a str,
        pub(in crate::web) did_take_back: &'a str,
        pub(in crate::web) too_late: &'a str,
        /// While a second person is asked: `{by}`
        pub(in crate::web) asked: [&'a str; 2],
        pub(in crate::web) asks_second: &'a str,
        pub(in crate::web) agree_title: &'a str,
        /// `{by}`
        pub(in crate::web) agree_text: &'a str,
        pub(in crate::web) agree_tick: &'a str,
        pub(in crate::web) agree_button: &'a str,
        pub(in crate::web) decline_title: &'a str,
        pub(in crate::web) decline_line: &'a str,
        pub(in crate::web) decline_button: &'a str,
        pub(in crate::web) drop_title: &'a str,
        pub(in crate::web) drop_text: &'a str,
        pub(in crate::web) drop_tick: &'a str,
        pub(in crate::web) drop_button: &'a str,
        /// `{what}`
        pub(in crate::web) did_propose: &'a str,
        pub(in crate::web) did_agree: &'a str,
        pub(in crate::web) did_decline: &'a str,
        pub(in crate::web) did_drop: &'a str,
        pub(in crate::web) missing_agree: &'a str,
        pub(in crate::web) missing_second: &'a str,
        pub(in crate::web) missing_tick: &'a str,
        pub(in crate::web) missing_line: &'a str,
        /// It was proposed or taken back too often.
        pub(in crate::web) missing_turns: &'a str,
        /// Whoever has this page may not do it.
        pub(in crate::web) missing_right: &'a str,
        /// What was answered is not what is proposed now.
        pub(in crate::web) missing_other: &'a str,
        /// It cannot be proposed twice.
        pub(in crate::web) missing_pending: &'a str,
        /// `{by}`
        pub(in crate::web) declined: [&'a str; 2],
    }
}

#[cfg(test)]
mod tests {
    use crate::message::Language;

    #[test]
    fn every_language_takes_the_same_values() {
        for language in Language::ALL {
            let words = crate::web::text::Words::of(language).others;
            for (text, names) in [
                (words.of_sender, &["{sender}"][..]),
                (words.decided_by, &["{by}", "{when}"]),
                (words.handed[1], &["{to}"]),
                (words.did_hand_over, &["{to}"]),
                (words.waits[1], &["{when}"]),
                (words.asked[1], &["{by}"]),
                (words.agree_text, &["{by}"]),
                (words.decline_line, &["{by}"]),
                (words.did_propose, &["{what}"]),
                (words.declined[1], &["{by}"]),
            ] {
                let known = names.iter().all(|name| text.matches(name).count() == 1);
                assert!(known && text.matches('{').count() == names.len(), "{text}");
            }
        }
    }
}
