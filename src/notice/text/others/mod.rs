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

/// See the module. Names in braces are filled in.
#[derive(Debug)]
pub(crate) struct Others {
    /// What follows our name in From.
    pub(crate) from_decided: &'static str,
    pub(crate) from_handed: &'static str,
    pub(crate) from_second: &'static str,
    pub(crate) from_declined: &'static str,
    pub(crate) from_taken_back: &'static str,
    /// Title of each decision; its words: `{by} {who} {subject}`
    pub(crate) decided: &'static str,
    pub(crate) called_send: &'static str,
    pub(crate) called_dont_send: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) rewritten: &'static str,
    pub(crate) false_alarm: &'static str,
    pub(crate) send_anyway: &'static str,
    pub(crate) agreed: &'static str,
    /// `{who} {subject}`
    pub(crate) returned: &'static str,
    pub(crate) sent_unasked: &'static str,
    pub(crate) nothing_left: &'static str,
    /// What somebody typed: `{by} {words}`
    pub(crate) words: &'static str,
    /// `{by} {who} {subject} {kind}`
    pub(crate) handed: [&'static str; 2],
    /// `{by} {who} {subject} {created}`
    pub(crate) handed_again: [&'static str; 2],
    /// `{by} {who} {subject}`
    pub(crate) taken_back: [&'static str; 2],
    /// `{by} {who} {subject} {kind}`
    pub(crate) second: [&'static str; 2],
    /// What is proposed: `{by}` at most
    pub(crate) without_call: &'static str,
    pub(crate) no_bad_news: &'static str,
    pub(crate) was_called: &'static str,
    pub(crate) nothing_before: &'static str,
    /// `{by} {who} {subject}`
    pub(crate) declined: [&'static str; 2],
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::message::Language;

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(n, _)| n).collect()
    }

    fn all(others: &'static Others) -> Vec<&'static str> {
        vec![
            others.from_decided,
            others.from_handed,
            others.from_second,
            others.from_declined,
            others.from_taken_back,
            others.decided,
            others.called_send,
            others.called_dont_send,
            others.withdrawn,
            others.rewritten,
            others.false_alarm,
            others.send_anyway,
            others.agreed,
            others.returned,
            others.sent_unasked,
            others.nothing_left,
            others.words,
            others.handed[0],
            others.handed[1],
            others.handed_again[0],
            others.handed_again[1],
            others.taken_back[0],
            others.taken_back[1],
            others.second[0],
            others.second[1],
            others.without_call,
            others.no_bad_news,
            others.was_called,
            others.nothing_before,
            others.declined[0],
            others.declined[1],
        ]
    }

    #[test]
    fn every_language_uses_the_same_values_as_english() {
        for language in Language::ALL {
            for (text, model) in
                all(crate::notice::Texts::of(language).others).into_iter().zip(all(&en::OTHERS))
            {
                assert!(!text.is_empty(), "{language:?}");
                assert_eq!(names(text), names(model), "{language:?}: {text}");
            }
        }
    }
}
