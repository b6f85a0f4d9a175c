//! The words of the notices: one file a language. The sender's page says the same ones.
//!
//! Read each aloud after a change. `{name}` stands for a value; a test checks that every text uses
//! exactly the names it is given.

mod after;
mod de;
mod delivery;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod others;
mod pacing;
mod passing;
mod pt;
mod waiting;

pub(crate) use self::{
    after::After, delivery::Delivery, others::Others, pacing::Pacing, passing::Passing,
    waiting::Waiting,
};
use super::{answer::AnswerTexts, clean::line, guide_words::GuideWords};
pub(crate) use crate::call::fill;
use crate::{
    decision::Decision,
    message::Language,
    wording::{Key, Lines, Own, Shipped, Visit, lines, shipped},
};

/// The most of a policy's title that is shown, in characters.
const MAX_TITLE: usize = 80;

lines! {
    /// Every text of one language. Names in braces are filled in.
    pub struct Texts<'a> {
        /// Which.
        pub(crate) language: Language,
        /// Behind a title; French sets a space before it.
        pub(crate) colon: &'a str,
        /// Before and behind words that are quoted.
        pub(crate) quote: [&'a str; 2],
        /// What follows our name in From, because a list of mails shows little else.
        pub(crate) from_hold: &'a str,
        pub(crate) from_returned: &'a str,
        pub(crate) from_sent: &'a str,
        pub(crate) from_failed: &'a str,
        /// Title and first words of each mail: `{subject} {who} {kind}`, a reminder's `{created}`.
        pub(crate) hold: [&'a str; 2],
        pub(crate) reminder: [&'a str; 2],
        pub(crate) returned: [&'a str; 2],
        pub(crate) sent: [&'a str; 2],
        pub(crate) failed: [&'a str; 2],
        /// Whether the mail comes back with the notice.
        pub(crate) attached: &'a str,
        pub(crate) too_large: &'a str,
        pub(crate) words_title: &'a str,
        pub(crate) in_subject: &'a str,
        pub(crate) in_attachment: &'a str,
        pub(crate) held_for: &'a str,
        pub(crate) refused_for: &'a str,
        pub(crate) went_to: &'a str,
        pub(crate) call_title: &'a str,
        pub(crate) no_number: &'a str,
        pub(crate) sources: Sources<'a>,
        pub(crate) there: There<'a>,
        pub(crate) guide_title: &'a str,
        /// Regret, responsibility, remedy.
        pub(crate) three: [&'a str; 3],
        pub(crate) next_title: &'a str,
        /// `{when}`
        pub(crate) remind: &'a str,
        pub(crate) then_return: &'a str,
        pub(crate) then_release: &'a str,
        pub(crate) then_keep: &'a str,
        pub(crate) anyway: &'a str,
        pub(crate) button: &'a str,
        pub(crate) button_hint: &'a str,
        /// `{organisation} {id}`
        pub(crate) footer: &'a str,
        /// `{first} {count}`
        pub(crate) and_others: &'a str,
        pub(crate) no_subject: &'a str,
        /// What the mail reads like, by category.
        pub(crate) kinds: Kinds<'a>,
        /// `{weekday} {day} {month} {time}`
        pub(crate) when: &'a str,
        /// `{day} {month}`; in another year `{year}` too.
        pub(crate) day: [&'a str; 2],
        pub(crate) weekdays: [&'a str; 7],
        pub(crate) months: [&'a str; 12],
        /// What mails say of what comes after a call.
        pub(crate) after: After<'a>,
        /// What they say of mail that waits too long.
        pub(crate) waiting: Waiting<'a>,
        /// What they say of several people on one hold.
        pub(crate) others: Others<'a>,
        /// What they say where there are several at once.
        pub(crate) pacing: Pacing<'a>,
        /// What they say of a mail that is late on its way.
        pub(crate) delivery: Delivery<'a>,
        /// What they say of mail that went out.
        pub(crate) passing: Passing<'a>,
        /// The headings of the guide.
        pub(crate) guide: GuideWords<'a>,
        /// What we say to an answer by mail.
        pub(super) answer: AnswerTexts<'a>,
    }
}

lines! {
    /// Where we have a number from. Where there are two, the second takes the `{date}` of the mail.
    pub(crate) struct Sources<'a> {
        pub(crate) signature: [&'a str; 2],
        pub(crate) thread: [&'a str; 2],
        pub(crate) mail: &'a str,
        pub(crate) own_earlier: &'a str,
        pub(crate) colleague: &'a str,
        pub(crate) directory: &'a str,
        pub(crate) crm: &'a str,
        /// `{first} {second}`
        pub(crate) both: &'a str,
        /// What that makes it: sure, likely, unsure.
        pub(crate) worth: [&'a str; 3],
    }
}

lines! {
    /// What time it is where the person is.
    pub(crate) struct There<'a> {
        /// `{place} {time}`; where the place has no name `{time}` alone.
        pub(crate) time: [&'a str; 2],
        /// The same in a mail, which is read later than it is written.
        pub(crate) then: [&'a str; 2],
        /// `{there}`
        pub(crate) now: &'a str,
        /// `{there} {when} {yours}`
        pub(crate) later: &'a str,
        /// Today and tomorrow: `{time}`; another day: `{weekday} {time}`.
        pub(crate) after: [&'a str; 3],
        /// The same by the reader's clock: `{when}`
        pub(crate) yours: &'a str,
    }
}

/// What mail of each category reads like: the category, and what is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kinds<'a>(pub(crate) [(&'static str, &'a str); 12]);

impl Lines for Kinds<'static> {
    type Over<'o> = Kinds<'o>;

    fn over<'o>(&self, key: &mut Key, visit: &mut Visit<'_, 'o>) -> Kinds<'o> {
        Kinds(
            self.0.map(|(category, text)| {
                (category, key.below(category, |key| text.over(key, visit)))
            }),
        )
    }
}

/// The table of a file in which these texts stand.
const TABLE: &str = "notice";

impl Texts<'static> {
    /// The texts of a language, as they ship.
    pub const fn of(language: Language) -> &'static Texts<'static> {
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

    /// The texts of a language, with an organisation's own lines over them.
    pub fn over(language: Language, own: &Own) -> Texts<'_> {
        own.over(language, TABLE, Texts::of(language))
    }

    /// Every line that ships in a language.
    pub fn lines(language: Language) -> Vec<Shipped> {
        shipped(TABLE, Texts::of(language))
    }
}

impl<'a> Texts<'a> {
    /// What the mail reads like: "a warranty denial"; a category we do not know is "bad news". The
    /// policy's own title is written for staff in English; other languages have their own.
    pub(crate) fn kind(&self, decision: &Decision) -> String {
        match &decision.title {
            Some(title) if self.language == Language::En && !title.trim().is_empty() => {
                line(title, MAX_TITLE)
            }
            _ => self.category(decision.category.as_deref().unwrap_or_default()).to_owned(),
        }
    }

    /// Somebody's own words, in quotation marks.
    pub(crate) fn quoted(&self, words: &str) -> String {
        let [before, behind] = self.quote;
        format!("{before}{words}{behind}")
    }

    /// What mail of a category reads like; of one we do not know, "bad news".
    pub(crate) fn category(&self, category: &str) -> &'a str {
        let named = self.kinds.0.iter().find(|(c, _)| *c == category);
        named.or(self.kinds.0.last()).map_or("", |(_, text)| text)
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
            assert_eq!(texts.language, language);
            let pairs = [
                (texts.hold[1], english.hold[1]),
                (texts.reminder[1], english.reminder[1]),
                (texts.returned[1], english.returned[1]),
                (texts.sent[1], english.sent[1]),
                (texts.failed[1], english.failed[1]),
                (texts.passing.went_out[1], english.passing.went_out[1]),
                (texts.passing.footer, english.passing.footer),
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
                assert_eq!(names(text), names(model), "{language:?}: {text}");
            }
            let sources = &texts.sources;
            let plain = [sources.signature[0], sources.thread[0], sources.mail, sources.colleague];
            let others = [sources.own_earlier, sources.directory, sources.crm];
            for text in plain.into_iter().chain(others).chain(sources.worth) {
                assert!(!text.is_empty() && names(text).is_empty(), "{language:?}: {text}");
            }
            for ((category, text), (model, _)) in texts.kinds.0.iter().zip(&english.kinds.0) {
                assert_eq!(category, model);
                assert!(!text.is_empty());
            }
        }
    }
}
