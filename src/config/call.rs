//! `[call]`: when people may be called, and what the house has set about what comes of a call.

use std::{collections::BTreeSet, path::Path, time::Duration};

use jiff::civil::Date;

use crate::{
    call::Hours,
    decision::Organisation,
    mail::Mailbox,
    policy::document::Table,
    web::{CallTerms, MAX_CAUSE_CHARS, MAX_CAUSES},
};

use super::{fields::number, holidays::holidays, hours::hours, team::inside};

/// More people asked about one mail would each wait for the other.
const MAX_SECONDS: usize = 4;
/// More reminders of one promise would be nagging.
const MAX_PROMISE_REMINDERS: i64 = 20;
/// Bounds of the time that a new text is waited for: an hour to thirty days.
const NEW_TEXT: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(3600)..=Duration::from_secs(30 * 24 * 3600);

/// `[call]`
#[derive(Debug, Clone)]
pub struct CallSettings {
    /// When people may be called, and when staff are reminded of a promise. Default: Monday to
    /// Friday, 9 to 18 o'clock.
    pub hours: Hours,
    /// On which days nobody is at work here. Default: none.
    pub holidays: BTreeSet<Date>,
    /// What the page offers and how long a new text is waited for. Default: a list in the page's
    /// language, 7 days.
    pub terms: CallTerms,
    /// Hears once of a promise that nobody says is kept, and of a hold that nobody decides. Default:
    /// nobody.
    pub lead: Option<Mailbox>,
    /// Hears of such a hold after the lead. Default: nobody.
    pub admin: Option<Mailbox>,
    /// Who is asked where a policy wants a second person. Default: the lead, if there is one.
    pub second: Vec<Mailbox>,
    /// How often a promise is reminded of. Default 5.
    pub promise_reminders: u32,
}

impl Default for CallSettings {
    fn default() -> CallSettings {
        CallSettings {
            hours: Hours::default(),
            holidays: BTreeSet::new(),
            terms: CallTerms::default(),
            lead: None,
            admin: None,
            second: Vec::new(),
            promise_reminders: 5,
        }
    }
}

/// Reads the section; `organisation` says who is inside.
pub(super) fn decode(
    t: &Table<'_>,
    folder: &Path,
    organisation: Option<&Organisation>,
) -> CallSettings {
    let default = CallSettings::default();
    let lead = inside(t, "lead", organisation);
    let second = second(t, organisation);
    CallSettings {
        hours: hours(t, &default.hours),
        holidays: holidays(t, folder).unwrap_or_default(),
        terms: CallTerms {
            causes: causes(t),
            new_text_within: new_text_within(t).unwrap_or(default.terms.new_text_within),
        },
        second: if t.has("second") { second } else { lead.iter().cloned().collect() },
        lead,
        admin: inside(t, "admin", organisation),
        promise_reminders: number(
            t,
            "promise_reminders",
            default.promise_reminders,
            MAX_PROMISE_REMINDERS,
        ),
    }
}

fn causes(t: &Table<'_>) -> Vec<String> {
    let wanted = "short causes such as \"Late delivery\"";
    let causes = t.parsed_list("causes", wanted, |text| {
        let text = text.trim();
        let good = (1..=MAX_CAUSE_CHARS).contains(&text.chars().count())
            && !text.chars().any(char::is_control);
        good.then(|| text.to_owned())
    });
    if causes.len() > MAX_CAUSES {
        t.add(
            t.span(),
            format!("`call.causes` has {} entries, at most {MAX_CAUSES} will do", causes.len()),
            Some("people choose from it on a telephone".to_owned()),
        );
    }
    causes.into_iter().map(|cause| cause.value).collect()
}

fn second(t: &Table<'_>, organisation: Option<&Organisation>) -> Vec<Mailbox> {
    let wanted = "addresses of the house such as \"lead@northwind.example\"";
    let inside = |mailbox: &Mailbox| organisation.is_none_or(|inside| inside.is_inside(mailbox));
    let second = t.parsed_list("second", wanted, |text| Mailbox::parse(text).ok().filter(inside));
    if second.len() > MAX_SECONDS {
        t.add(
            t.span(),
            format!("`call.second` has {} entries, at most {MAX_SECONDS} will do", second.len()),
            Some(
                "name people; whoever reads a shared mailbox could agree to his own mail"
                    .to_owned(),
            ),
        );
    }
    second.into_iter().map(|mailbox| mailbox.value).collect()
}

fn new_text_within(t: &Table<'_>) -> Option<Duration> {
    let within = t.duration("new_text_within").and_then(|within| match within {
        within if NEW_TEXT.contains(&within) => Ok(within),
        _ => Err(("must be 1 hour to 30 days".to_owned(), Some("\"7d\"".to_owned()))),
    });
    within.optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    fn read(keys: &str) -> Result<CallSettings, String> {
        let us = Organisation { name: "Us".into(), domains: vec!["northwind.example".into()] };
        section("call", keys, |t| decode(t, Path::new("."), Some(&us)))
    }

    #[test]
    fn hours_to_call_have_bounds() {
        assert_eq!(read("").unwrap().hours, Hours::default());
        let hours = read("from = \"8:30\"\nto = \"17:00\"\ndays = [\"Monday\"]").unwrap().hours;
        assert_eq!((hours.from.to_string().as_str(), hours.days.len()), ("08:30:00", 1));
        for (keys, wanted) in [
            ("from = \"9\"", "`call.from` must be a time such as"),
            ("from = \"18:00\"", "earlier than `call.to`"),
            ("to = \"24:00\"", "`call.to` must be a time such as"),
            ("days = []", "at least one day"),
            ("days = [\"Montag\"]", "\"Montag\" is no day"),
            ("days = 5", "array of strings"),
            ("hours = 9", "unknown key"),
        ] {
            let told = read(keys).unwrap_err();
            assert!(told.contains(wanted), "{keys}: {told}");
            assert_eq!(told.matches("error:").count(), 1, "{keys}: {told}");
        }
    }

    #[test]
    fn the_lead_is_the_second_person_where_nobody_else_is_named() {
        let second = |keys: &str| {
            let second = read(keys).unwrap().second;
            second.iter().map(Mailbox::to_string).collect::<Vec<_>>()
        };
        assert!(second("").is_empty());
        assert_eq!(second("lead = \"lead@northwind.example\""), ["lead@northwind.example"]);
        let both = "lead = \"lead@northwind.example\"\nsecond = [\"ann@northwind.example\"]";
        assert_eq!(second(both), ["ann@northwind.example"]);
    }

    #[test]
    fn one_section_has_the_hours_and_what_comes_of_a_call() {
        let call = read(
            "to = \"17:00\"\ncauses = [\"Invoice\"]\nlead = \"lead@northwind.example\"\n\
             promise_reminders = 2\nnew_text_within = \"1d\"",
        );
        let call = call.unwrap();
        assert_eq!((call.hours.to.hour(), call.promise_reminders), (17, 2));
        assert_eq!((call.terms.causes.len(), call.lead.is_some()), (1, true));
        assert_eq!(call.terms.new_text_within, Duration::from_secs(24 * 3600));
        for keys in [
            "lead = \"somebody@elsewhere.example\"",
            "lead = \"nobody\"",
            "admin = \"somebody@elsewhere.example\"",
            "holidays = [\"Christmas\"]",
            "second = [\"somebody@elsewhere.example\"]",
            "second = [\"a@northwind.example\", \"b@northwind.example\", \"c@northwind.example\", \"d@northwind.example\", \"e@northwind.example\"]",
            "promise_reminders = 0",
            "new_text_within = \"31d\"",
            "new_text_within = \"59m\"",
            "causes = [\"\"]",
            "cause = []",
        ] {
            assert!(read(keys).unwrap_err().contains("call."), "{keys}");
        }
    }
}
