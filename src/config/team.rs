//! `[[team]]`: people who work together. What a team does not say is as for the whole house.

use std::{collections::BTreeSet, path::Path};

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    calendar::Week,
    call::Hours,
    decision::{Mode, Organisation},
    mail::Mailbox,
    message::Language,
    policy::document::{Located, Table},
    team::{Member, Team, Teams},
};

use super::{CallSettings, holidays::holidays, hours::hours};

/// Teams, and members of one, that anybody keeps by hand.
const MAX_TEAMS: usize = 500;
const MAX_MEMBERS: usize = 5_000;

/// What a team inherits.
pub(super) struct House<'a> {
    pub(super) organisation: Option<&'a Organisation>,
    pub(super) call: &'a CallSettings,
    pub(super) time_zone: TimeZone,
}

impl House<'_> {
    fn week(&self, hours: &Hours, zone: TimeZone, holidays: Option<BTreeSet<Date>>) -> Week {
        let holidays = holidays.unwrap_or_else(|| self.call.holidays.clone());
        Week::new(zone, hours.range(), hours.days.clone()).without(holidays)
    }
}

/// All teams of a configuration.
pub(super) fn teams(root: &Table<'_>, folder: &Path, house: &House<'_>) -> Teams {
    let tables = root.tables("team");
    if let Some(extra) = tables.get(MAX_TEAMS) {
        let help = format!("a house may have {MAX_TEAMS}; members may be whole domains");
        extra.add(extra.span(), "too many teams", Some(help));
    }
    let mut teams = Teams::of_house(Team {
        name: String::new(),
        lead: house.call.lead.clone(),
        week: house.week(&house.call.hours, house.time_zone.clone(), None),
        language: None,
        mode: None,
    })
    .with_admin(house.call.admin.clone());
    for t in tables {
        add(&t, folder, house, &mut teams);
        t.finish();
    }
    teams
}

fn add(t: &Table<'_>, folder: &Path, house: &House<'_>, teams: &mut Teams) {
    let name = t.string("name").required_located();
    if let Some(name) = name.as_ref().filter(|n| teams.all().iter().any(|t| t.name == n.value)) {
        let message = format!("a second team is called \"{}\"", name.value);
        t.add(name.span.clone(), message, Some("give each its own name".to_owned()));
    }
    let members = members(t, house, teams);
    let zone = zone(t).unwrap_or_else(|| house.time_zone.clone());
    let hours = hours(t, &house.call.hours);
    let team = Team {
        name: name.map(|name| name.value).unwrap_or_default(),
        lead: inside(t, "lead", house.organisation).or_else(|| house.call.lead.clone()),
        week: house.week(&hours, zone, holidays(t, folder)),
        language: t.choice("language", &Language::ALL.map(|l| (l.code(), l))).optional(),
        mode: t.choice("mode", &Mode::ALL).optional(),
    };
    teams.add(team, members);
}

fn members(t: &Table<'_>, house: &House<'_>, teams: &Teams) -> Vec<Member> {
    let wanted = "addresses, or domains such as \"@service.northwind.example\"";
    let named = t.strings("members").and_then(|named| match named.len() {
        0 => Err(("must name somebody".to_owned(), Some(format!("add {wanted}")))),
        1..=MAX_MEMBERS => Ok(named),
        _ => {
            let message = format!("has more than {MAX_MEMBERS} entries");
            Err((message, Some("name their domain".to_owned())))
        }
    });
    let named = named.required().unwrap_or_default();
    named.into_iter().filter_map(|name| one(t, house, teams, &name)).collect()
}

/// A member who is inside and in no other team.
fn one(t: &Table<'_>, house: &House<'_>, teams: &Teams, name: &Located<String>) -> Option<Member> {
    let (path, span) = (t.path_of("members"), name.span.clone());
    let Some(member) = Member::parse(&name.value) else {
        let message = format!("`{path}`: \"{}\" is no address", name.value);
        let help = "an address, or a domain such as \"@service.northwind.example\"";
        t.add(span, message, Some(help.to_owned()));
        return None;
    };
    let somebody = member.example()?;
    if house.organisation.is_some_and(|inside| !inside.is_inside(&somebody)) {
        let message = format!("`{path}` names somebody outside of `organisation.domains`");
        t.add(span, message, Some("only mail from inside is ever held".to_owned()));
        return None;
    }
    if let Some(other) = teams.given(&member) {
        let message = format!("`{path}` names somebody who is in team \"{}\"", other.name);
        t.add(span, message, Some("leave him in one of the two".to_owned()));
        return None;
    }
    Some(member)
}

fn zone(t: &Table<'_>) -> Option<TimeZone> {
    let zone = t.string("time_zone").and_then(|name| {
        TimeZone::get(&name).map_err(|_| {
            let help = "a name such as \"Europe/Berlin\" or \"UTC\"".to_owned();
            (format!("\"{name}\" is no time zone"), Some(help))
        })
    });
    zone.optional()
}

/// An address of somebody inside: what is said to him is about customers.
pub(super) fn inside(
    t: &Table<'_>,
    key: &'static str,
    organisation: Option<&Organisation>,
) -> Option<Mailbox> {
    let address = t.string(key).and_then(|text| match Mailbox::parse(&text) {
        Ok(address) if address.domain().is_none() => Err(no_address(&text)),
        Ok(address) if organisation.is_none_or(|o| o.is_inside(&address)) => Ok(address),
        Ok(_) => Err((
            format!("\"{text}\" is outside of `organisation.domains`"),
            Some("what was written to a customer stays in the house".to_owned()),
        )),
        Err(_) => Err(no_address(&text)),
    });
    address.optional()
}

fn no_address(text: &str) -> (String, Option<String>) {
    let help = "an address such as \"service-lead@northwind.example\"".to_owned();
    (format!("\"{text}\" is no address"), Some(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mail::ReversePath,
        policy::{Source, document::Document},
    };

    const CALL: &str = "[[team]]\nname = \"service\"\nmembers = [\"@service.us.example\"]\n";

    fn read(text: &str) -> Result<Teams, String> {
        let us = Organisation { name: "Us".into(), domains: vec!["us.example".into()] };
        let source = Source { name: "callfirst.toml".into(), text: text.into() };
        let (document, _) = Document::parse(&source);
        let document = document.unwrap();
        let found = document.findings();
        let root = document.root(&found);
        let call = CallSettings {
            lead: Mailbox::parse("boss@us.example").ok(),
            holidays: ["2026-12-25".parse().unwrap()].into(),
            ..CallSettings::default()
        };
        let house = House { organisation: Some(&us), call: &call, time_zone: TimeZone::UTC };
        let teams = teams(&root, Path::new("."), &house);
        root.finish();
        let told = found.into_diagnostics();
        let told: Vec<String> =
            told.iter().map(|d| d.render(std::slice::from_ref(&source))).collect();
        if told.is_empty() { Ok(teams) } else { Err(told.join("\n")) }
    }

    fn team_of<'t>(teams: &'t Teams, sender: &str) -> &'t Team {
        teams.of(&ReversePath::parse(sender).unwrap())
    }

    #[test]
    fn what_a_team_does_not_say_is_as_for_the_house() {
        let at = |text: &str| text.parse().unwrap();
        let own = "lead = \"kim@us.example\"\nfrom = \"07:00\"\nto = \"15:30\"\ndays = [\"saturday\"]\n\
                   time_zone = \"Europe/Lisbon\"\nholidays = [\"2026-12-26\"]\nlanguage = \"pt\"\n";
        let teams = read(&format!("{CALL}{own}")).unwrap();
        let service = team_of(&teams, "eva@service.us.example");
        assert_eq!(service.lead.as_ref().map(Mailbox::as_str), Some("kim@us.example"));
        assert_eq!(service.language, Some(Language::Pt));
        assert!(service.week.is_open(at("2026-11-28T07:00:00Z")));
        assert!(!service.week.is_open(at("2026-12-26T07:00:00Z")), "its own holiday");
        let teams = read(CALL).unwrap();
        for sender in ["eva@service.us.example", "eva@us.example"] {
            let team = team_of(&teams, sender);
            assert_eq!(team.lead.as_ref().map(Mailbox::as_str), Some("boss@us.example"));
            assert!(team.week.is_open(at("2026-11-24T17:30:00Z")));
            assert!(!team.week.is_open(at("2026-12-25T10:00:00Z")), "the house's holiday");
        }
    }

    #[test]
    fn mistakes_name_the_line_the_key_and_what_would_do() {
        for (text, wanted) in [
            ("[[team]]\nmembers = [\"@us.example\"]", vec!["`team[0].name` is missing"]),
            ("[[team]]\nname = \"a\"", vec!["`team[0].members` is missing", "add `members`"]),
            ("[[team]]\nname = \"a\"\nmembers = []", vec!["`team[0].members`: must name somebody"]),
            ("[[team]]\nname = \"a\"\nmembers = [\"eva\"]", vec!["team[0].members", "\"eva\""]),
            (
                "[[team]]\nname = \"a\"\nmembers = [\"@them.example\"]",
                vec!["outside of `organisation.domains`", "callfirst.toml:3"],
            ),
            (
                &format!("{CALL}[[team]]\nname = \"b\"\nmembers = [\"@SERVICE.us.example\"]"),
                vec!["`team[1].members`", "in team \"service\""],
            ),
            (
                &format!("{CALL}[[team]]\nname = \"service\"\nmembers = [\"a@us.example\"]"),
                vec!["a second team is called \"service\""],
            ),
            (&format!("{CALL}lead = \"x@them.example\""), vec!["`team[0].lead`", "outside"]),
            (&format!("{CALL}from = \"19:00\""), vec!["`team[0].from` must be earlier"]),
            (&format!("{CALL}time_zone = \"Mars\""), vec!["`team[0].time_zone`", "Europe/Berlin"]),
            (&format!("{CALL}language = \"la\""), vec!["`team[0].language`", "`pt`"]),
            (&format!("{CALL}zone = \"UTC\""), vec!["unknown key `team[0].zone`", "time_zone"]),
        ] {
            let told = read(text).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{part} is not in:\n{told}");
            }
            assert_eq!(told.matches("error:").count(), 1, "{text}: {told}");
        }
    }
}
