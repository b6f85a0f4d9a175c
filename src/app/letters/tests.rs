//! In whose language and by whose clock a letter is written.

mod pacing;

use super::*;
use crate::{
    calendar::Week,
    call::CallSheet,
    decision::{Decision, HoldTerms, Mode, Organisation, Reason, Verdict},
    hold::Dossier,
    mail::{Content, Envelope, HoldId, ReversePath},
    release::Keys,
    team::{Member, Team},
};

fn mailbox(text: &str) -> Mailbox {
    Mailbox::parse(text).unwrap()
}

/// A house with a team in Lisbon, who read Portuguese.
fn letters(languages: Languages) -> Letters {
    let mut teams = Teams::of_house(Team::default());
    let zone = jiff::tz::TimeZone::get("Europe/Lisbon").unwrap();
    let lisbon = Team {
        name: "Lisbon".into(),
        lead: None,
        week: Week::default().in_zone(zone),
        language: Some(Language::Pt),
        mode: None,
    };
    teams.add(lisbon, Member::parse("@lisboa.us.example"));
    Letters::new(House {
        organisation: "Us".into(),
        inside: Organisation { name: "Us".into(), domains: vec!["us.example".into()] },
        from_name: "Call First".into(),
        from: mailbox("callfirst@us.example"),
        public_url: "https://callfirst.us.example".into(),
        teams: Arc::new(teams),
        hours: crate::call::Hours::default(),
        keys: Keys::new([7; 32]),
        replies: None,
        own: Arc::default(),
        languages,
    })
}

fn dossier(language: Option<Language>) -> Dossier {
    let decision = Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: None,
        category: None,
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language,
        mode: Mode::Enforce,
        recipients: vec![],
        evidence: vec![],
        terms: HoldTerms::default(),
        would_hold: false,
    };
    Dossier {
        subject: "Your claim".into(),
        message_id: None,
        references: vec![],
        header_from_name: String::new(),
        decision,
        call: CallSheet::default(),
    }
}

/// Held on a Tuesday in summer at two in the afternoon, UTC.
fn notice(sender: &str, language: Option<Language>) -> String {
    notice_with(Languages::default(), Sample::Hold, sender, language)
}

fn notice_with(
    languages: Languages,
    sample: Sample,
    sender: &str,
    language: Option<Language>,
) -> String {
    let to = Recipient::plain(ForwardPath::parse("kim@them.example").unwrap());
    let envelope = Envelope::new(ReversePath::parse(sender).unwrap(), vec![], vec![to]).unwrap();
    let now = "2026-07-14T14:00:00Z".parse().unwrap();
    let about = (&envelope, &b""[..], &dossier(language));
    letters(languages).preview(sample, None, about, now).unwrap().text.replace('\n', " ")
}

#[test]
fn a_team_reads_its_own_language_by_its_own_clock_whatever_the_mail_is_in() {
    let lisbon = notice("ana@lisboa.us.example", Some(Language::De));
    assert!(lisbon.contains("15 de julho (quarta-feira), às 09:00"), "{lisbon}");
    let house = notice("tom@us.example", Some(Language::De));
    assert!(house.contains("Mittwoch, 15. Juli um 09:00 Uhr"), "{house}");
    assert!(notice("tom@us.example", None).contains("Wednesday 15 July at 09:00"));
}

#[test]
fn what_was_said_of_a_reader_comes_before_his_team_and_the_mail() {
    let languages = Languages {
        addresses: [("ana@lisboa.us.example".to_owned(), Language::Fr)].into(),
        domains: [("us.example".to_owned(), Language::It)].into(),
        default: Language::Nl,
    };
    for (sender, mail, greeting) in [
        ("ana@lisboa.us.example", Some(Language::De), Language::Fr),
        ("rui@lisboa.us.example", Some(Language::De), Language::It),
    ] {
        let said = notice_with(languages.clone(), Sample::Hold, sender, mail);
        let [title, _] = crate::notice::Texts::of(greeting).hold;
        assert!(said.starts_with(title), "{sender}: {said}");
    }
    let only_default = Languages { default: Language::Nl, ..Languages::default() };
    let [title, _] = crate::notice::Texts::of(Language::Nl).hold;
    let said = |mail| notice_with(only_default.clone(), Sample::Hold, "tom@us.example", mail);
    assert!(said(None).starts_with(title));
    assert!(!said(Some(Language::De)).starts_with(title));
}

#[test]
fn every_mail_can_be_looked_at_and_says_all_its_values() {
    for sample in <Sample as clap::ValueEnum>::value_variants() {
        for language in Language::ALL {
            let said = notice_with(Languages::default(), *sample, "tom@us.example", Some(language));
            assert!(!said.contains(['{', '}']), "{sample:?} {language:?}: {said}");
        }
    }
}

#[test]
fn there_is_a_sample_of_every_letter() {
    let samples = <Sample as clap::ValueEnum>::value_variants();
    for name in LetterName::ALL {
        assert!(samples.iter().any(|sample| sample.letter() == Some(name)), "none of {name:?}");
    }
}
