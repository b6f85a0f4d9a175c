//! The words of the page where several people may act: handing over, taking back, a second person.
//! One file a language.

pub(super) mod de;
pub(super) mod en;
pub(super) mod es;
pub(super) mod fr;
pub(super) mod it;
pub(super) mod nl;
pub(super) mod pt;

/// See the module. Names in braces are filled in.
#[derive(Debug)]
pub(in crate::web) struct Others {
    /// `{sender}`
    pub(in crate::web) of_sender: &'static str,
    /// `{by} {when}`
    pub(in crate::web) decided_by: &'static str,
    /// Handing over to a colleague.
    pub(in crate::web) hand_title: &'static str,
    pub(in crate::web) hand_text: &'static str,
    pub(in crate::web) hand_address: &'static str,
    pub(in crate::web) hand_line: &'static str,
    pub(in crate::web) hand_button: &'static str,
    /// `{to}`
    pub(in crate::web) handed: [&'static str; 2],
    /// `{to}`
    pub(in crate::web) did_hand_over: &'static str,
    pub(in crate::web) missing_address: &'static str,
    pub(in crate::web) missing_outside: &'static str,
    pub(in crate::web) missing_self: &'static str,
    pub(in crate::web) missing_often: &'static str,
    /// While it can be taken back: `{when}`
    pub(in crate::web) waits: [&'static str; 2],
    pub(in crate::web) back_title: &'static str,
    pub(in crate::web) back_text: &'static str,
    pub(in crate::web) back_tick: &'static str,
    pub(in crate::web) back_button: &'static str,
    pub(in crate::web) did_take_back: &'static str,
    pub(in crate::web) too_late: &'static str,
    /// While a second person is asked: `{by}`
    pub(in crate::web) asked: [&'static str; 2],
    pub(in crate::web) asks_second: &'static str,
    pub(in crate::web) agree_title: &'static str,
    /// `{by}`
    pub(in crate::web) agree_text: &'static str,
    pub(in crate::web) agree_tick: &'static str,
    pub(in crate::web) agree_button: &'static str,
    pub(in crate::web) decline_title: &'static str,
    pub(in crate::web) decline_line: &'static str,
    pub(in crate::web) decline_button: &'static str,
    pub(in crate::web) drop_title: &'static str,
    pub(in crate::web) drop_text: &'static str,
    pub(in crate::web) drop_tick: &'static str,
    pub(in crate::web) drop_button: &'static str,
    /// `{what}`
    pub(in crate::web) did_propose: &'static str,
    pub(in crate::web) did_agree: &'static str,
    pub(in crate::web) did_decline: &'static str,
    pub(in crate::web) did_drop: &'static str,
    pub(in crate::web) missing_agree: &'static str,
    pub(in crate::web) missing_second: &'static str,
    pub(in crate::web) missing_tick: &'static str,
    pub(in crate::web) missing_line: &'static str,
    /// It was proposed or taken back too often.
    pub(in crate::web) missing_turns: &'static str,
    /// Whoever has this page may not do it.
    pub(in crate::web) missing_right: &'static str,
    /// What was answered is not what is proposed now.
    pub(in crate::web) missing_other: &'static str,
    /// It cannot be proposed twice.
    pub(in crate::web) missing_pending: &'static str,
    /// `{by}`
    pub(in crate::web) declined: [&'static str; 2],
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
