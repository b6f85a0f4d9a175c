use super::*;
use crate::{
    decision::{HoldTerms, Mode, Reason, RecipientVerdict, Verdict},
    mail::{ForwardPath, Recipient, ReversePath},
    message::{Address, Header, Passage, PassageKind, Sentence},
};

fn ours() -> Organisation {
    Organisation { name: "Northwind".into(), domains: vec!["northwind.example".into()] }
}

fn path(address: &str) -> ForwardPath {
    ForwardPath::parse(address).unwrap()
}

fn envelope(recipients: &[&str]) -> Envelope {
    let recipients = recipients.iter().map(|r| Recipient::plain(path(r))).collect();
    Envelope::new(ReversePath::parse("tom@northwind.example").unwrap(), vec![], recipients).unwrap()
}

fn decision(recipients: &[&str], category: &str, language: Language) -> Decision {
    let held = |r: &&str| RecipientVerdict { address: path(r), verdict: Verdict::Hold };
    Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: Some(category.into()),
        category: Some(category.into()),
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language: Some(language),
        mode: Mode::Enforce,
        recipients: recipients.iter().map(held).collect(),
        evidence: vec![],
        terms: HoldTerms::default(),
        would_hold: false,
    }
}

fn passage(kind: PassageKind, text: &str) -> Passage {
    let sentences =
        text.split_inclusive(['.', '!', '?']).map(|s| Sentence::new(s.trim())).collect();
    Passage { kind, sentences, text: text.into() }
}

/// A mail from Tom to these people.
fn mail(to: &[(&str, &str)], passages: Vec<Passage>) -> Reading {
    let address =
        |name: &str, address: &str| Address { name: name.into(), address: address.into() };
    Reading {
        header: Header {
            from: vec![address("Tom Reed", "tom@northwind.example")],
            to: to.iter().map(|(n, a)| address(n, a)).collect(),
            ..Header::default()
        },
        passages,
        ..Reading::default()
    }
}

#[test]
fn the_sheet_keeps_the_largest_amount_that_the_sender_wrote() {
    let to = ["susan@hall.example"];
    let reading = mail(
        &[("Susan Hall", to[0])],
        vec![
            passage(PassageKind::Subject, "Your claim over 9.800 EUR"),
            passage(PassageKind::New, "We cannot cover $12,500.00. It is 80,000 % sure."),
            passage(PassageKind::Quoted, "You owe us 99.000 EUR."),
        ],
    );
    let decision = decision(&to, "claim_denial", Language::En);
    let sheet = prepare(
        &reading,
        &decision,
        &envelope(&to),
        &ours(),
        &Guides::shipped(),
        &Told::default(),
        &Weighed::default(),
    );
    assert_eq!(sheet.amount, Some(12_500), "nothing that the customer wrote");
}

#[test]
fn an_attachment_that_is_not_ours_to_weigh_makes_nothing_urgent() {
    let to = ["susan@hall.example"];
    let reading = mail(
        &[("Susan Hall", to[0])],
        vec![
            passage(PassageKind::New, "We cannot cover the $500."),
            passage(PassageKind::Attachment, "We are liable for up to $5,000,000."),
        ],
    );
    let mut decision = decision(&to, "claim_denial", Language::En);
    decision.terms.urgent_over = Some(10_000);
    let sheet = |unheard: &[usize]| {
        let weighed = Weighed { unheard: unheard.to_vec(), ..Weighed::default() };
        let (guides, told) = (Guides::shipped(), Told::default());
        prepare(&reading, &decision, &envelope(&to), &ours(), &guides, &told, &weighed)
    };
    assert_eq!((sheet(&[1]).amount, sheet(&[1]).is_urgent()), (Some(500), false));
    assert!(sheet(&[]).is_urgent());
}

#[test]
fn who_is_upset_in_what_is_quoted_is_not_us() {
    let to = ["susan@hall.example"];
    let said = "It is a disgrace, and we are sorry.";
    let decision = decision(&to, "claim_denial", Language::En);
    for (quoted, urgent) in [
        (format!("On 3 May 2026, Susan Hall <susan@hall.example> wrote:\n{said}"), true),
        (format!("On 3 May 2026, Tom Reed <tom@northwind.example> wrote:\n{said}"), false),
        (said.to_owned(), true),
    ] {
        let quoted = passage(PassageKind::Quoted, &quoted);
        let reading = mail(&[("Susan Hall", to[0])], vec![quoted]);
        let weighed = Weighed { upset: vec![said.to_owned()], ..Weighed::default() };
        let (guides, told) = (Guides::shipped(), Told::default());
        let sheet = prepare(&reading, &decision, &envelope(&to), &ours(), &guides, &told, &weighed);
        assert_eq!(sheet.is_urgent(), urgent, "{:?}", reading.passages);
    }
}

fn name(to: &[(&str, &str)], recipients: &[&str], passages: Vec<Passage>) -> Option<String> {
    let decision = decision(recipients, "other", Language::En);
    let (guides, told) = (Guides::shipped(), Told::default());
    prepare(
        &mail(to, passages),
        &decision,
        &envelope(recipients),
        &ours(),
        &guides,
        &told,
        &Weighed::default(),
    )
    .person
    .map(|p| p.name)
}

#[test]
fn the_person_is_the_first_held_recipient_outside() {
    let to = [("Ann", "ann@northwind.example"), ("Susan Hall", "s.hall@hall.example")];
    let all = ["ann@northwind.example", "s.hall@hall.example"];
    assert_eq!(name(&to, &all, vec![]).as_deref(), Some("Susan Hall"));
}

#[test]
fn a_name_that_is_turned_round_or_only_an_address_is_set_right() {
    let hall = ["s@hall.example"];
    assert_eq!(name(&[("Hall, Susan", "S@hall.example")], &hall, vec![]).unwrap(), "Susan Hall");
    let dear = || vec![passage(PassageKind::New, "\nDear Mrs Hall,\n\nWe looked at it.")];
    assert_eq!(name(&[("s@hall.example", "s@hall.example")], &hall, dear()).unwrap(), "Mrs Hall");
    let team = vec![passage(PassageKind::New, "Dear team,\nWe looked at it.")];
    assert_eq!(name(&[("", "s@hall.example")], &hall, team).unwrap(), "");
}

#[test]
fn greetings_of_seven_languages_give_a_name() {
    for (line, expected) in [
        ("Sehr geehrte Frau Özdemir,", "Frau Özdemir"),
        ("Guten Tag Herr Dr. Weber!", "Herr Dr. Weber"),
        ("Bonjour Madame Petit,", "Madame Petit"),
        ("Estimado señor García:", "señor García"),
        ("Gentile dott. Bianchi,", "dott. Bianchi"),
        ("Geachte heer De Vries,", "meneer De Vries"),
        ("Prezada Sra. Costa,", "Sra. Costa"),
        ("Hi Jo", "Jo"),
        ("Sehr geehrte Damen und Herren,", ""),
        ("Dear Sir or Madam,", ""),
        ("Hello there,", ""),
        ("Dear customer,", ""),
        ("We looked at it.", ""),
    ] {
        let passages = vec![passage(PassageKind::New, line)];
        assert_eq!(name(&[("", "a@b.example")], &["a@b.example"], passages).unwrap(), expected);
    }
}

#[test]
fn the_guide_speaks_to_people_as_the_mail_greets_them() {
    let regret = |to: &[(&str, &str)], recipients: &[&str]| {
        let mail = mail(to, vec![passage(PassageKind::New, "Dear Mrs Hall,")]);
        let decision = decision(recipients, "rejection", Language::En);
        let (envelope, guides) = (envelope(recipients), Guides::shipped());
        let sheet = prepare(
            &mail,
            &decision,
            &envelope,
            &ours(),
            &guides,
            &Told::default(),
            &Weighed::default(),
        );
        (sheet.person.unwrap().name, sheet.guide.lines[0].clone())
    };
    let susan = ("Susan Hall", "s@hall.example");
    let (name, said) = regret(&[susan], &["s@hall.example"]);
    assert_eq!(name, "Susan Hall");
    assert!(said.contains(", Mrs Hall."), "{said}");
    let (_, said) = regret(&[susan, ("", "c@d.example")], &["s@hall.example", "c@d.example"]);
    assert!(said.contains(", Susan Hall."), "{said}");
}

#[test]
fn a_greeting_names_nobody_where_several_are_addressed() {
    let passages = vec![passage(PassageKind::New, "Dear Susan,")];
    let to = [("", "a@b.example"), ("", "c@d.example")];
    assert_eq!(name(&to, &["a@b.example", "c@d.example"], passages).unwrap(), "");
}

#[test]
fn a_blind_copy_is_still_somebody_to_call() {
    let sheet = prepare(
        &mail(&[], vec![]),
        &decision(&["hidden@b.example"], "other", Language::En),
        &envelope(&["hidden@b.example"]),
        &ours(),
        &Guides::shipped(),
        &Told::default(),
        &Weighed::default(),
    );
    assert_eq!(sheet.person.unwrap().address, "hidden@b.example");
}

#[cfg(feature = "phone")]
mod letters;
mod told;

#[cfg(feature = "phone")]
mod numbers {
    use super::*;

    fn numbers(recipient: &str, language: Language, passages: Vec<Passage>) -> Vec<String> {
        let decision = decision(&[recipient], "warranty_denial", language);
        let reading = mail(&[("", recipient)], passages);
        let sheet = prepare(
            &reading,
            &decision,
            &envelope(&[recipient]),
            &ours(),
            &Guides::shipped(),
            &Told::default(),
            &Weighed::default(),
        );
        sheet.numbers.into_iter().map(|n| n.e164).collect()
    }

    fn quoted(text: &str) -> Vec<Passage> {
        vec![passage(PassageKind::New, "It is not covered."), passage(PassageKind::Quoted, text)]
    }

    #[test]
    fn the_signature_of_the_quoted_mail_gives_the_number() {
        for (recipient, language, line, expected) in [
            ("s@hall.example", Language::En, "Phone: (512) 478-0143", "+15124780143"),
            ("s@hall.co.uk", Language::En, "T: 020 7946 0018", "+442079460018"),
            ("s@hall.de", Language::De, "Tel.: 030 / 901820-17", "+493090182017"),
            ("s@hall.example", Language::De, "Mobil: 0171 2345678", "+491712345678"),
            ("s@hall.example", Language::Fr, "Tél. : 01 42 68 53 00", "+33142685300"),
            ("s@hall.example", Language::Es, "Móvil: 612 345 678", "+34612345678"),
            ("s@hall.it", Language::It, "Cell. 347 1234567", "+393471234567"),
            ("s@hall.example", Language::Nl, "Mobiel 06-12345678", "+31612345678"),
            ("s@hall.pt", Language::Pt, "Telemóvel: 912 345 678", "+351912345678"),
            ("s@hall.example", Language::En, "+41 44 668 18 00", "+41446681800"),
            ("s@hall.example", Language::En, "Direct: +49 (0) 30 901820-17", "+493090182017"),
            ("s@hall.de", Language::De, "Tel 0049 30 90182017", "+493090182017"),
            ("s@hall.example", Language::En, "You can call me at 512.478.0143", "+15124780143"),
            ("s@hall.example", Language::En, "Office 512-478-0143 x22", "+15124780143"),
            ("s@hall.example", Language::En, "512-478-0143", "+15124780143"),
            ("s@hall.fr", Language::Fr, "Port. 06 12 34 56 78", "+33612345678"),
            ("s@hall.at", Language::De, "M: 0664 1234567", "+436641234567"),
            ("s@hall.ch", Language::Fr, "Tél. 044 668 18 00", "+41446681800"),
            ("s@hall.example", Language::It, "Tel. +39 02 8646 0111", "+390286460111"),
            ("s@hall.br", Language::Pt, "Celular: (11) 96123-4567", "+5511961234567"),
            ("s@hall.mx", Language::Es, "Tel. 55 5204 5500", "+525552045500"),
            (
                "s@hall.fr",
                Language::Fr,
                "Joignable à partir de 9h au 06 12 48 90 33",
                "+33612489033",
            ),
            ("s@hall.es", Language::Es, "Tfno.: 952381420", "+34952381420"),
            ("s@hall.pt", Language::Pt, "Pode ligar-me para o 917 204 855", "+351917204855"),
            ("s@hall.it", Language::It, "Mi chiami al 348 7719023", "+393487719023"),
            (
                "s@hall.de",
                Language::De,
                "Ich habe Sie unter 040 30050211 nicht erreicht. Rückruf an 0511 897720",
                "+49511897720",
            ),
            ("s@hall.es", Language::Es, "T 952 381 420 | F 952 381 421", "+34952381420"),
        ] {
            let text = format!(
                "On Tue, Susan Hall <{recipient}> wrote:\n> My boiler is broken.\n> Regards\n> Susan Hall\n> {line}\n"
            );
            assert_eq!(numbers(recipient, language, quoted(&text)), [expected], "{line}");
        }
    }

    #[test]
    fn digits_that_are_no_telephone_are_left_alone() {
        for line in [
            "Date: 17.11.2026, 14:02",
            "On 2026-11-17 we wrote to you",
            "Ihr Schreiben vom 03.11.2026",
            "IBAN DE89 3704 0044 0532 0130 00",
            "IBAN: GB29 NWBK 6016 1331 9268 19",
            "Konto 0532013000, BLZ 370 400 44",
            "Card 4111 1111 1111 1111",
            "Order 5124780143",
            "Order number: 512-478-0143",
            "Order no. 0171 2345678",
            "Auftragsnummer 0301234567",
            "Kundennr. 0301 234567",
            "Invoice #2026 0117 4480",
            "Rechnung Nr. 030-901820-17",
            "Claim number 512-478-0143",
            "Tracking 1Z999AA10123456784",
            "https://shop.example/track/5124780143",
            "VAT GB 123 4567 89",
            "USt-IdNr. DE 301 234 567",
            "Serial number 0301234567",
            "The amount is €1.234.567,89",
            "5124780143",
            "susan5124780143@hall.example",
            "Nº de pedido 612 345 678",
            "N° de commande 01 42 68 53 00",
            "Lieferschein 0511-2026-4711",
            "Booking 020 7946 0821",
            "Your line 020 7946 0100: nobody answers",
        ] {
            let text = format!("On Tue, Susan Hall <s@hall.de> wrote:\n> Hello\n> {line}\n");
            for language in [Language::De, Language::En, Language::Es, Language::Fr] {
                for recipient in ["s@hall.de", "s@hall.example"] {
                    let found = numbers(recipient, language, quoted(&text));
                    assert!(found.is_empty(), "{line} in {language:?}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn a_fax_is_never_called() {
        for line in [
            "Fax: 030 901820-18",
            "Telefax 030 90182018",
            "Tel/Fax: 030 90182018",
            "F: 030 90182018",
            "030 90182018 (Fax)",
        ] {
            let text = format!("Von: Eva <e@hall.de>\nGruß\nEva\n{line}\nTel. 030 901820-17\n");
            assert_eq!(
                numbers("e@hall.de", Language::De, quoted(&text)),
                ["+493090182017"],
                "{line}"
            );
        }
        let one_line = "Von: Eva <e@hall.de>\nGruß\nTel. 030 901820-17 | Fax 030 901820-18\n";
        assert_eq!(numbers("e@hall.de", Language::De, quoted(one_line)), ["+493090182017"]);
    }

    #[test]
    fn a_number_of_our_own_is_never_offered() {
        let signature = passage(PassageKind::Signature, "Tom Reed\nNorthwind\nTel. (512) 478-0199");
        let thread = "On Mon, Susan Hall <s@hall.example> wrote:\n> I rang your office on (512) 478-0100.\n> I also had (512) 478-0199.\n> Susan\n> Cell (512) 478-0143\n\
            > On Fri, Tom Reed <tom@northwind.example> wrote:\n>> Regards\n>> Tom\n>> Tel. (512) 478-0177\n";
        let new = "It is not covered. Questions? Call us at (512) 478-0188.";
        let passages =
            vec![passage(PassageKind::New, new), signature, passage(PassageKind::Quoted, thread)];
        assert_eq!(numbers("s@hall.example", Language::En, passages), ["+15124780143"]);
    }

    #[test]
    fn a_sentence_that_is_wrapped_is_read_whole() {
        let thread = "On Mon, Susan Hall <s@hall.example> wrote:\n\
            > I have been waiting for two weeks now and I have called you again and again on\n\
            > (512) 478-0100 this morning. Call me on (512) 478-0143.\n";
        assert_eq!(numbers("s@hall.example", Language::En, quoted(thread)), ["+15124780143"]);
    }

    #[test]
    fn the_senders_own_words_may_give_their_number() {
        let passages = vec![passage(
            PassageKind::New,
            "I tried to reach you on 0171 2345678 this morning. It is not covered.",
        )];
        assert_eq!(numbers("e@hall.de", Language::En, passages), ["+491712345678"]);
    }

    #[test]
    fn the_recipients_own_number_comes_before_a_colleagues_and_a_strangers() {
        let thread = "From: Bob <bob@other.example>\nTel. 020 7946 0011\n\
            From: Ann <ann@hall.co.uk>\nTel. 020 7946 0012\n\
            From: Susan <s@hall.co.uk>\nTel. 020 7946 0013\nMobile 07911 123456\n";
        let found = numbers("s@hall.co.uk", Language::En, quoted(thread));
        assert_eq!(found, ["+447911123456", "+442079460013", "+442079460012"], "no stranger's");
    }

    #[test]
    fn a_label_on_the_line_above_counts() {
        let thread = "From: Susan <s@hall.example>\nMobile:\n612 345 678\nFax:\n912 345 678\n";
        assert_eq!(numbers("s@hall.example", Language::Es, quoted(thread)), ["+34612345678"]);
    }

    #[test]
    fn a_word_that_begins_like_another_does_not_hide_a_number() {
        let thread = "From: Ann <a@b.fr>\nPour tout renseignement +33 1 42 68 53 00\n";
        assert_eq!(numbers("a@b.fr", Language::Fr, quoted(thread)), ["+33142685300"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_numbers_that_can_be_dialled(text in ".{0,300}", line in "[0-9A-Za-z+(). /:-]{0,60}") {
            let thread = format!("From: Ann <a@b.de>\n{text}\n{line}\n");
            for number in numbers("a@b.de", Language::De, quoted(&thread)) {
                let digits = number.strip_prefix('+').unwrap();
                assert!(digits.len() <= 17 && digits.bytes().all(|b| b.is_ascii_digit()));
            }
        }
    }

    #[test]
    fn hostile_text_is_bounded_work() {
        let text = "030 901820-17 ".repeat(20_000);
        assert!(numbers("s@hall.de", Language::De, quoted(&text)).len() <= 5);
    }
}
