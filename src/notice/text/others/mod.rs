//! The words to and about others than the sender: what somebody decided, a mail handed over, a
//! second person's word. One file a language.
//!
//! `{by}` is an address; `{words}` stands in quotation marks, because somebody typed them.

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
    pub(crate) struct Others<'a> {
        /// What follows our name in From.
        pub(crate) from_decided: &'a str,
        pub(crate) from_handed: &'a str,
        pub(crate) from_second: &'a str,
        pub(crate) from_declined: &'a str,
        pub(crate) from_taken_back: &'a str,
        /// Title of each decision; its words: `{by} {who} {subject}`
        pub(crate) decided: &'a str,
        pub(crate) called_send: &'a str,
        pub(crate) called_dont_send: &'a str,
        pub(crate) withdrawn: &'a str,
        pub(crate) rewritten: &'a str,
        pub(crate) false_alarm: &'a str,
        pub(crate) send_anyway: &'a str,
        pub(crate) agreed: &'a str,
        /// `{who} {subject}`
        pub(crate) returned: &'a str,
        pub(crate) sent_unasked: &'a str,
        pub(crate) nothing_left: &'a str,
        /// What somebody typed: `{by} {words}`
        pub(crate) words: &'a str,
        /// `{by} {who} {subject} {kind}`
        pub(crate) handed: [&'a str; 2],
        /// `{by} {who} {subject} {created}`
        pub(crate) handed_again: [&'a str; 2],
        /// `{by} {who} {subject}`
        pub(crate) taken_back: [&'a str; 2],
        /// `{by} {who} {subject} {kind}`
        pub(crate) second: [&'a str; 2],
        pub(crate) second_button: &'a str,
        /// Below a link that asks for no call.
        pub(crate) page_hint: &'a str,
        /// What is proposed: `{by}` at most
        pub(crate) without_call: &'a str,
        pub(crate) no_bad_news: &'a str,
        pub(crate) was_called: &'a str,
        pub(crate) nothing_before: &'a str,
        /// `{by} {who} {subject}`
        pub(crate) declined: [&'a str; 2],
    }
}
