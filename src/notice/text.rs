//! The words of the notices: one file a language.
//!
//! Read each aloud after a change. `{name}` stands for a value; a test checks that every text uses
//! exactly the names it is given.

mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;

use crate::message::Language;

/// Every text of one language. Names in braces are what [`fill`] puts in.
#[derive(Debug)]
pub(super) struct Texts {
    /// ISO 639-1.
    pub(super) code: &'static str,
    /// What follows our name in From, because a list of mails shows little else.
    pub(super) from_hold: &'static str,
    pub(super) from_returned: &'static str,
    pub(super) from_sent: &'static str,
    pub(super) from_failed: &'static str,
    /// Title and first words of each mail: `{subject} {who} {kind}`, a reminder's `{created}`.
    pub(super) hold: [&'static str; 2],
    pub(super) reminder: [&'static str; 2],
    pub(super) returned: [&'static str; 2],
    pub(super) sent: [&'static str; 2],
    pub(super) failed: [&'static str; 2],
    /// Whether the mail comes back with the notice.
    pub(super) attached: &'static str,
    pub(super) too_large: &'static str,
    pub(super) words_title: &'static str,
    pub(super) in_subject: &'static str,
    pub(super) in_attachment: &'static str,
    pub(super) held_for: &'static str,
    pub(super) refused_for: &'static str,
    pub(super) went_to: &'static str,
    pub(super) call_title: &'static str,
    pub(super) no_number: &'static str,
    pub(super) number_from_signature: &'static str,
    pub(super) number_from_thread: &'static str,
    pub(super) number_from_mail: &'static str,
    pub(super) guide_title: &'static str,
    /// Regret, responsibility, remedy.
    pub(super) three: [&'static str; 3],
    pub(super) next_title: &'static str,
    /// `{when}`
    pub(super) remind: &'static str,
    pub(super) then_return: &'static str,
    pub(super) then_release: &'static str,
    pub(super) then_keep: &'static str,
    pub(super) anyway: &'static str,
    pub(super) button: &'static str,
    pub(super) button_hint: &'static str,
    /// `{organisation} {id}`
    pub(super) footer: &'static str,
    /// `{first} {count}`
    pub(super) and_others: &'static str,
    pub(super) no_subject: &'static str,
    /// What the mail reads like, by category.
    pub(super) kinds: [(&'static str, &'static str); 12],
    /// `{weekday} {day} {month} {time}`
    pub(super) when: &'static str,
    pub(super) weekdays: [&'static str; 7],
    pub(super) months: [&'static str; 12],
}

impl Texts {
    /// The texts of a language.
    pub(super) fn of(language: Language) -> &'static Texts {
        match language {
            Language::En => &en::TEXTS,
            Language::De => &de::TEXTS,
            Language::Fr => &fr::TEXTS,
            Language::Es => &es::TEXTS,
            Language::It => &it::TEXTS,
            Language::Nl => &nl::TEXTS,
            Language::Pt => &pt::TEXTS,
        }
    }

    /// "a warranty denial"; a category we do not know reads as "bad news".
    pub(super) fn kind(&self, category: &str) -> &'static str {
        let named = self.kinds.iter().find(|(c, _)| *c == category);
        named.or(self.kinds.last()).map_or("", |(_, text)| text)
    }
}

/// Puts values in for `{name}`, in one pass: a value that holds braces is not filled again.
pub(super) fn fill(text: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            filled.push('{');
            rest = behind;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(n, _)| *n == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<_> =
            text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(n, _)| n).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_uses_the_same_values_as_english() {
        let english = Texts::of(Language::En);
        for language in Language::ALL {
            let texts = Texts::of(language);
            assert_eq!(texts.code, language.code());
            let pairs = [
                (texts.hold[1], english.hold[1]),
                (texts.reminder[1], english.reminder[1]),
                (texts.returned[1], english.returned[1]),
                (texts.sent[1], english.sent[1]),
                (texts.failed[1], english.failed[1]),
                (texts.remind, english.remind),
                (texts.then_return, english.then_return),
                (texts.then_release, english.then_release),
                (texts.then_keep, english.then_keep),
                (texts.footer, english.footer),
                (texts.and_others, english.and_others),
                (texts.when, "{weekday}{day}{month}{time}"),
            ];
            for (text, model) in pairs {
                assert_eq!(names(text), names(model), "{}: {text}", texts.code);
            }
            for ((category, text), (model, _)) in texts.kinds.iter().zip(&english.kinds) {
                assert_eq!(category, model);
                assert!(!text.is_empty());
            }
        }
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let values = [("a", "{b}".to_owned()), ("b", "no".to_owned())];
        assert_eq!(fill("x {a} y { z", &values), "x {b} y { z");
    }
}
