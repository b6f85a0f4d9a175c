//! The words of the notices: one file a language. The sender's page says the same ones.
//!
//! Read each aloud after a change. `{name}` stands for a value; a test checks that every text uses
//! exactly the names it is given.

mod after;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod others;
mod pacing;
mod pt;
mod waiting;

pub(crate) use self::{after::After, others::Others, pacing::Pacing, waiting::Waiting};
use super::{answer::AnswerTexts, clean::line, guide_words::GuideWords};
pub(crate) use crate::call::fill;
use crate::{decision::Decision, message::Language};

/// The most of a policy's title that is shown, in characters.
const MAX_TITLE: usize = 80;

/// Every text of one language. Names in braces are filled in.
#[derive(Debug)]
pub struct Texts {
    /// ISO 639-1.
    pub(crate) code: &'static str,
    /// Behind a title; French sets a space before it.
    pub(crate) colon: &'static str,
    /// Before and behind words that are quoted.
    pub(crate) quote: [&'static str; 2],
    /// What follows our name in From, because a list of mails shows little else.
    pub(crate) from_hold: &'static str,
    pub(crate) from_returned: &'static str,
    pub(crate) from_sent: &'static str,
    pub(crate) from_failed: &'static str,
    /// Title and first words of each mail: `{subject} {who} {kind}`, a reminder's `{created}`.
    pub(crate) hold: [&'static str; 2],
    pub(crate) reminder: [&'static str; 2],
    pub(crate) returned: [&'static str; 2],
    pub(crate) sent: [&'static str; 2],
    pub(crate) failed: [&'static str; 2],
    /// Whether the mail comes back with the notice.
    pub(crate) attached: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) words_title: &'static str,
    pub(crate) in_subject: &'static str,
    pub(crate) in_attachment: &'static str,
    pub(crate) held_for: &'static str,
    pub(crate) refused_for: &'static str,
    pub(crate) went_to: &'static str,
    pub(crate) call_title: &'static str,
    pub(crate) no_number: &'static str,
    pub(crate) sources: Sources,
    pub(crate) there: There,
    pub(crate) guide_title: &'static str,
    /// Regret, responsibility, remedy.
    pub(crate) three: [&'static str; 3],
    pub(crate) next_title: &'static str,
    /// `{when}`
    pub(crate) remind: &'static str,
    pub(crate) then_return: &'static str,
    pub(crate) then_release: &'static str,
    pub(crate) then_keep: &'static str,
    pub(crate) anyway: &'static str,
    pub(crate) button: &'static str,
    pub(crate) button_hint: &'static str,
    /// `{organisation} {id}`
    pub(crate) footer: &'static str,
    /// `{first} {count}`
    pub(crate) and_others: &'static str,
    pub(crate) no_subject: &'static str,
    /// What the mail reads like, by category.
    pub(crate) kinds: [(&'static str, &'static str); 12],
    /// `{weekday} {day} {month} {time}`
    pub(crate) when: &'static str,
    /// `{day} {month}`; in another year `{year}` too.
    pub(crate) day: [&'static str; 2],
    pub(crate) weekdays: [&'static str; 7],
    pub(crate) months: [&'static str; 12],
    /// What mails say of what comes after a call.
    pub(crate) after: &'static After,
    /// What they say of several people on one hold.
    pub(crate) others: &'static Others,
    /// What they say of one that waits too long, or should not.
    pub(crate) waiting: &'static Waiting,
    /// What they say where there are several at once.
    pub(crate) pacing: &'static Pacing,
    /// The headings of the guide.
    pub(crate) guide: &'static GuideWords,
    /// What we say to an answer by mail.
    pub(super) answer: &'static AnswerTexts,
}

/// Where we have a number from. Where there are two, the second takes the `{date}` of the mail.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) signature: [&'static str; 2],
    pub(crate) thread: [&'static str; 2],
    pub(crate) mail: &'static str,
    pub(crate) own_earlier: &'static str,
    pub(crate) colleague: &'static str,
    pub(crate) directory: &'static str,
    pub(crate) crm: &'static str,
    /// `{first} {second}`
    pub(crate) both: &'static str,
    /// What that makes it: sure, likely, unsure.
    pub(crate) worth: [&'static str; 3],
}

/// What time it is where the person is.
#[derive(Debug)]
pub(crate) struct There {
    /// `{place} {time}`; where the place has no name `{time}` alone.
    pub(crate) time: [&'static str; 2],
    /// The same in a mail, which is read later than it is written.
    pub(crate) then: [&'static str; 2],
    /// `{there}`
    pub(crate) now: &'static str,
    /// `{there} {when} {yours}`
    pub(crate) later: &'static str,
    /// Today and tomorrow: `{time}`; another day: `{weekday} {time}`.
    pub(crate) after: [&'static str; 3],
    /// The same by the reader's clock: `{when}`
    pub(crate) yours: &'static str,
}

impl Texts {
    /// The texts of a language.
    pub const fn of(language: Language) -> &'static Texts {
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

    /// What the mail reads like: "a warranty denial"; a category we do not know is "bad news". The
    /// policy's own title is written for staff in English; other languages have their own.
    pub(crate) fn kind(&self, decision: &Decision) -> String {
        match &decision.title {
            Some(title) if self.code == "en" && !title.trim().is_empty() => line(title, MAX_TITLE),
            _ => self.category(decision.category.as_deref().unwrap_or_default()).to_owned(),
        }
    }

    /// Somebody's own words, in quotation marks.
    pub(crate) fn quoted(&self, words: &str) -> String {
        let [before, behind] = self.quote;
        format!("{before}{words}{behind}")
    }

    /// What mail of a category reads like; of one we do not know, "bad news".
    pub(crate) fn category(&self, category: &str) -> &'static str {
        let named = self.kinds.iter().find(|(c, _)| *c == category);
        named.or(self.kinds.last()).map_or("", |(_, text)| text)
    }
}

/// The names in braces of a text, sorted.
#[cfg(test)]
pub(super) fn names(text: &str) -> Vec<&str> {
    let mut names: Vec<_> =
        text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(n, _)| n).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

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
                (texts.day[0], "{day}{month}"),
                (texts.day[1], "{day}{month}{year}"),
                (texts.sources.signature[1], "{date}"),
                (texts.sources.thread[1], "{date}"),
                (texts.sources.both, "{first}{second}"),
                (texts.there.time[0], "{place}{time}"),
                (texts.there.time[1], "{time}"),
                (texts.there.then[0], "{place}{time}"),
                (texts.there.then[1], "{time}"),
                (texts.there.now, "{there}"),
                (texts.there.later, "{there}{when}{yours}"),
                (texts.there.after[0], "{time}"),
                (texts.there.after[1], "{time}"),
                (texts.there.after[2], "{weekday}{time}"),
                (texts.there.yours, "{when}"),
            ];
            for (text, model) in pairs {
                assert_eq!(names(text), names(model), "{}: {text}", texts.code);
            }
            let sources = &texts.sources;
            let plain = [sources.signature[0], sources.thread[0], sources.mail, sources.colleague];
            let others = [sources.own_earlier, sources.directory, sources.crm];
            for text in plain.into_iter().chain(others).chain(sources.worth) {
                assert!(!text.is_empty() && names(text).is_empty(), "{}: {text}", texts.code);
            }
            for ((category, text), (model, _)) in texts.kinds.iter().zip(&english.kinds) {
                assert_eq!(category, model);
                assert!(!text.is_empty());
            }
        }
    }
}
