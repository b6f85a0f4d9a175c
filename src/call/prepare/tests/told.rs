//! What a directory tells, beside the thread.

use super::*;
use crate::call::{CallSheet, Known, Source, known::entry};

const SUSAN: &str = "s@hall.co.uk";

fn sheet(thread: &str, told: &Told) -> CallSheet {
    let new = passage(PassageKind::New, "Dear Mrs Hall,\nIt is not covered.");
    let mut reading = mail(&[("", SUSAN)], vec![new, passage(PassageKind::Quoted, thread)]);
    reading.language = Some(Language::En);
    let decision = decision(&[SUSAN], "warranty_denial", Language::En);
    prepare(
        &reading,
        &decision,
        &envelope(&[SUSAN]),
        &ours(),
        &Guides::shipped(),
        told,
        &Weighed::default(),
    )
}

fn told(entries: Vec<Known>) -> Told {
    Told { entries, ..Told::default() }
}

fn person(sheet: &CallSheet) -> (&str, &str) {
    sheet.person.as_ref().map_or(("", ""), |p| (&p.name, &p.role))
}

#[test]
fn the_role_is_the_persons_own_word_and_else_the_directorys() {
    let known = |name: &str, role: &str| {
        let entry = entry(Source::Directory);
        told(vec![Known { name: name.to_owned(), role: role.to_owned(), ..entry }])
    };
    let signed = "On Tue, Susan Hall <s@hall.co.uk> wrote:\nSusan Hall here, as head of the house.\n\
        When does it come?\nRegards\nSusan Hall\nHead of Purchasing | Hall Ltd\n12 Manager Street\n";
    let whole = sheet(signed, &known("Susan Hall", "Buyer"));
    assert_eq!(person(&whole), ("Susan Hall", "Head of Purchasing"));
    let unsigned = "On Tue, Susan Hall <s@hall.co.uk> wrote:\nWhen?\n";
    assert_eq!(person(&sheet(unsigned, &known("Susan Hall", "Buyer"))), ("Susan Hall", "Buyer"));
    // A colleague's role is nobody else's.
    let other = "On Tue, Ann Lee <a@hall.co.uk> wrote:\nRegards\nAnn Lee\nManaging Director\n";
    assert_eq!(person(&sheet(other, &Told::default())), ("Mrs Hall", ""));
}

#[test]
fn an_entry_for_a_whole_domain_names_nobody() {
    let house = Known {
        whole_domain: true,
        name: "Hall Ltd".to_owned(),
        role: "Reception".to_owned(),
        zone: Some("Europe/London".to_owned()),
        ..entry(Source::Directory)
    };
    let sheet = sheet("", &told(vec![house]));
    assert_eq!(person(&sheet), ("Mrs Hall", ""));
    assert_eq!(sheet.zone.as_deref(), Some("Europe/London"));
}

#[cfg(feature = "phone")]
mod numbers {
    use std::{collections::BTreeSet, sync::Arc};

    use super::*;

    fn listed(source: Source, numbers: &[&str]) -> Known {
        Known { numbers: numbers.iter().map(|n| (*n).to_owned()).collect(), ..entry(source) }
    }

    const THREAD: &str = "On 17 Nov 2026, Susan Hall <s@hall.co.uk> wrote:\nRegards\nSusan Hall\n\
        T: 020 7946 0018\n\
        On 16 Nov 2026, Tom Reed <tom@northwind.example> wrote:\nTom\nTel. 020 7946 0100\n";

    fn offered(sheet: &CallSheet) -> Vec<(&str, Source, f64)> {
        sheet.numbers.iter().map(|n| (n.e164.as_str(), n.source, n.confidence)).collect()
    }

    #[test]
    fn sources_that_agree_are_surer_than_each_and_stand_first() {
        let thread = format!(
            "{THREAD}On 17 Nov 2026, Susan Hall <s@hall.co.uk> wrote:\nMobile 07911 123456\n"
        );
        let alone = sheet(&thread, &Told::default());
        let first = alone.numbers[0].e164.as_str();
        assert_eq!(first, "+447911123456", "the mobile first: {:?}", offered(&alone));
        let both = sheet(&thread, &told(vec![listed(Source::Directory, &["+44 (0)20 7946 0018"])]));
        let best = &both.numbers[0];
        assert_eq!((best.e164.as_str(), best.source), ("+442079460018", Source::Signature));
        assert_eq!((best.also.as_slice(), best.confidence), (&[Source::Directory][..], 0.99));
        assert_eq!(best.written, Some(jiff::civil::date(2026, 11, 17)));
        assert_eq!(both.numbers.len(), 2);
    }

    #[test]
    fn one_thread_is_one_witness_however_often_a_number_stands_in_it() {
        let twice = format!("{THREAD}{THREAD}");
        let number = &sheet(&twice, &Told::default()).numbers[0];
        assert!(number.also.is_empty() && number.confidence < 0.95, "{number:?}");
    }

    #[test]
    fn a_table_and_the_directory_that_it_was_exported_from_are_one_witness() {
        let lists = |source| listed(source, &["020 7946 0018"]);
        let both = sheet("", &told(vec![lists(Source::Directory), lists(Source::Ldap)]));
        assert_eq!(offered(&both), [("+442079460018", Source::Directory, 0.9)]);
        assert!(both.numbers[0].also.is_empty());
        let others = sheet("", &told(vec![lists(Source::Ldap), lists(Source::Crm)]));
        assert_eq!(others.numbers[0].also, [Source::Crm], "{:?}", others.numbers);
    }

    #[test]
    fn our_own_numbers_stay_ours_whoever_lists_them() {
        let ours = BTreeSet::from(["+442079460111".to_owned()]);
        let crm = listed(Source::Crm, &["020 7946 0100", "020 7946 0111", "Fax 020 7946 0019"]);
        let told = Told { entries: vec![crm], ours: Arc::new(ours) };
        let sheet = sheet(THREAD, &told);
        assert_eq!(offered(&sheet), [("+442079460018", Source::Signature, 0.93)]);
    }

    #[test]
    fn a_listed_number_may_stand_in_our_words_too() {
        let new = "Dear Mrs Hall,\nIt is not covered (020 7946 0018).";
        let reading = mail(&[("", SUSAN)], vec![passage(PassageKind::New, new)]);
        let decision = decision(&[SUSAN], "other", Language::En);
        let with = |told: &Told| {
            let sheet = prepare(
                &reading,
                &decision,
                &envelope(&[SUSAN]),
                &ours(),
                &Guides::shipped(),
                told,
                &Weighed::default(),
            );
            sheet.numbers.into_iter().map(|n| n.e164).collect::<Vec<_>>()
        };
        assert!(with(&Told::default()).is_empty());
        let entry = listed(Source::Directory, &["020 7946 0018"]);
        assert_eq!(with(&told(vec![entry])), ["+442079460018"]);
    }

    #[test]
    fn the_houses_entry_is_worth_less_than_the_persons() {
        let house = Known { whole_domain: true, ..listed(Source::Directory, &["020 7946 0800"]) };
        let own = listed(Source::Crm, &["07911 123456", "020 7946 0018"]);
        let sheet = sheet("", &told(vec![own, house]));
        let expected = [
            ("+447911123456", Source::Crm, 0.9),
            ("+442079460018", Source::Crm, 0.88),
            ("+442079460800", Source::Directory, 0.7),
        ];
        assert_eq!(offered(&sheet), expected);
        assert_eq!(sheet.zone.as_deref(), Some("Europe/London"));
    }

    #[test]
    fn a_neighbour_at_a_mail_provider_is_no_colleague() {
        let thread = |address: &str| format!("From: Bob <bob@{address}>\nTel. 020 7946 0011\n");
        let at = |domain: &str| {
            let to = format!("s@{domain}");
            let quoted = passage(PassageKind::Quoted, &thread(domain));
            let reading = mail(&[("", &to)], vec![quoted]);
            let decision = decision(&[&to], "other", Language::En);
            let sheet = prepare(
                &reading,
                &decision,
                &envelope(&[&to]),
                &ours(),
                &Guides::shipped(),
                &Told::default(),
                &Weighed::default(),
            );
            sheet.numbers.into_iter().map(|n| n.source).collect::<Vec<_>>()
        };
        assert_eq!(at("hall.co.uk"), [Source::Colleague]);
        assert!(at("yahoo.co.uk").is_empty());
    }
}
