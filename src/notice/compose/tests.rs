mod pacing;

use std::{fs, path::PathBuf};

use jiff::tz::TimeZone;
use mail_parser::{MessageParser, MimeHeaders};

use super::*;
use crate::{
    call::{CallSheet, Dropped, FirstQuestion, Guide, Hours, Number, Person, Source, Urgency},
    decision::{Decision, Evidence, HoldTerms, Mode, Reason, RecipientVerdict, Verdict},
    mail::{ForwardPath, HoldId, Timestamp},
    message::Language,
    notice::{Answer, Before, ByMail, Ending, Plan, Planned, Promised, Refusal, reply::Command},
    wording::Own,
};

/// Everything an occasion borrows.
struct Setting {
    decision: Decision,
    call: CallSheet,
    from: Mailbox,
    sender: Mailbox,
    sender_name: String,
    subject: String,
    message_id: Option<String>,
    references: Vec<String>,
    recipients: Vec<String>,
    hold: HoldId,
    zone: TimeZone,
    hours: Hours,
    own: Own,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn evidence(text: &str, place: &str, weight: f64) -> Evidence {
    Evidence { text: text.into(), place: place.into(), signal: "s".into(), weight }
}

fn setting() -> Setting {
    let recipient = "susan.hall@hall.example";
    Setting {
        decision: Decision {
            verdict: Verdict::Hold,
            reason: Reason::Policy,
            policy: Some("warranty_denial".into()),
            category: Some("warranty_denial".into()),
            title: Some("a warranty denial".into()),
            probability: 0.97,
            threshold: 0.8,
            language: Some(Language::En),
            mode: Mode::Enforce,
            recipients: vec![RecipientVerdict {
                address: ForwardPath::parse(recipient).unwrap(),
                verdict: Verdict::Hold,
            }],
            evidence: vec![
                evidence("Unfortunately the repair is not covered by your warranty.", "new", 3.2),
                evidence("List-Id", "header", 1.0),
                evidence("Your warranty claim", "subject", 0.8),
                evidence("as discussed on the phone", "new", -1.0),
            ],
            terms: HoldTerms::default(),
            would_hold: false,
        },
        call: CallSheet {
            person: Some(Person {
                name: "Susan Hall".into(),
                address: recipient.into(),
                role: "Facilities Manager".into(),
            }),
            urgency: vec![],
            zone: Some("America/Chicago".into()),
            amount: None,
            numbers: vec![Number {
                e164: "+15124780143".into(),
                national: "(512) 478-0143".into(),
                source: Source::Signature,
                also: vec![Source::Directory],
                written: Some(jiff::civil::date(2026, 11, 3)),
                confidence: 0.95,
            }],
            guide: Guide {
                lines: vec![
                    "“I am sorry, Susan Hall. The warranty does not cover this repair, and I know you counted on it.”".into(),
                    "“I looked at it myself. This is what we found, and this is why: …”".into(),
                    "“Here is what I can do for you: … I will see to it by …, and call you then.”".into(),
                ],
                avoid: vec!["Do not leave the news on voice mail. Say who you are and when you will try again.".into()],
                    ..Guide::default()
            },
        },
        from: Mailbox::parse("callfirst@northwind-hvac.example").unwrap(),
        sender: Mailbox::parse("tom.reed@northwind-hvac.example").unwrap(),
        sender_name: "Tom Reed".into(),
        subject: "Your warranty claim W-2291".into(),
        message_id: Some("m1@northwind-hvac.example".into()),
        references: vec!["a@hall.example".into()],
        recipients: vec![recipient.into()],
        hold: HoldId::parse("0193a5c0ffee7000800000000000a11f").unwrap(),
        zone: TimeZone::get("America/Chicago").unwrap(),
        hours: Hours::default(),
        own: Own::default(),
    }
}

impl Setting {
    fn occasion<'a>(&'a self, kind: Kind<'a>, language: Language) -> Occasion<'a> {
        let planned = planned_for(&kind);
        Occasion {
            kind,
            language,
            own: &self.own,
            organisation: "Northwind HVAC",
            from_name: "Call First",
            from: &self.from,
            hold: &self.hold,
            sender: &self.sender,
            sender_name: &self.sender_name,
            subject: &self.subject,
            in_reply_to: self.message_id.as_deref(),
            references: &self.references,
            recipients: &self.recipients,
            decision: &self.decision,
            call: &self.call,
            before: None,
            hours: &self.hours,
            link: Some("https://callfirst.northwind-hvac.example/h/AbCdEf012345"),
            by_mail: None,
            planned,
            created: at("2026-11-24T15:10:00Z"),
            remind_at: Some(at("2026-11-24T19:10:00Z")),
            expires_at: at("2026-11-26T15:10:00Z"),
            time_zone: &self.zone,
            message_id: "n1@northwind-hvac.example",
            date: at("2026-11-24T15:10:01Z"),
            mark: Some(("X-Callfirst-Mark", "abc.def")),
        }
    }
}

/// What the service plans with such a mail.
fn planned_for(kind: &Kind<'_>) -> Option<Planned<'static>> {
    let (plan, at) = match kind {
        Kind::CallBack { at } => (Plan::Call, *at),
        Kind::Promise(_) => (Plan::FollowUp, at("2026-12-03T15:00:00Z")),
        _ => return None,
    };
    let public_url = "https://callfirst.northwind-hvac.example";
    Some(Planned { plan, at, sequence: 2, public_url })
}

const ORIGINAL: &[u8] =
    b"From: tom.reed@northwind-hvac.example\r\nSubject: Your warranty claim\r\n\r\nNot covered.\r\n";

fn promised() -> Promised<'static> {
    Promised { to: "", what: "a new compressor, 120 EUR", date: "2026-12-01".parse().unwrap() }
}

fn kinds() -> Vec<(&'static str, Kind<'static>)> {
    let refusals = vec![Refusal {
        recipient: "susan.hall@hall.example",
        reply: "550 5.1.1 No such mailbox here",
    }];
    vec![
        ("hold", Kind::Hold),
        ("reminder", Kind::Reminder),
        ("expiry", Kind::Expiry { original: ORIGINAL }),
        ("undeliverable", Kind::Undeliverable { refusals, original: ORIGINAL }),
        ("call-back", Kind::CallBack { at: at("2026-11-25T15:00:00Z") }),
        ("promise", Kind::Promise(promised())),
        (
            "overdue",
            Kind::Overdue {
                promised: promised(),
                by: "tom.reed@northwind-hvac.example",
                reminders: 5,
            },
        ),
        (
            "delayed",
            Kind::Delayed {
                to: vec!["susan.hall@hall.example"],
                until: at("2026-11-29T15:10:00Z"),
            },
        ),
        ("arrived", Kind::Arrived { to: vec!["susan.hall@hall.example"] }),
    ]
}

fn look(name: &str, html: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/looks");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("notice-{name}.html")), html).unwrap();
}

/// The golden files are whole mails; `BLESS=1` writes them anew, and one reads the difference.
fn golden(name: &str, mail: &[u8]) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/notices");
    let file = folder.join(format!("{name}.eml"));
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&file, mail).unwrap();
    }
    let expected = fs::read(&file).unwrap_or_default();
    assert!(
        expected == mail,
        "{} differs; BLESS=1 writes it anew. It is now:\n{}",
        file.display(),
        String::from_utf8_lossy(mail)
    );
}

#[test]
fn every_kind_in_every_language_is_as_it_was_read_aloud() {
    let setting = setting();
    for language in Language::ALL {
        for (name, kind) in kinds() {
            let mail = compose(&setting.occasion(kind, language));
            let name = format!("{name}.{}", language.code());
            look(&name, &mail.html);
            golden(&name, &mail.bytes);
        }
    }
}

/// What is written while nobody decides.
#[test]
fn what_others_hear_and_what_is_urgent_is_as_it_was_read_aloud() {
    let mut setting = setting();
    setting.call.urgency = vec![Urgency::LargeAmount, Urgency::Upset];
    let sender = "tom.reed@northwind-hvac.example";
    for language in Language::ALL {
        for (name, kind) in [
            ("expires-soon", Kind::ExpiresSoon),
            ("escalated", Kind::Escalated { sender }),
            ("cover", Kind::Cover { sender }),
        ] {
            let mail = compose(&setting.occasion(kind, language));
            assert!(!mail.text.contains(['{', '}']), "{}", mail.text);
            let lines: Vec<&str> = mail.text.split("\n\n").collect();
            let urgent = Texts::of(language).waiting.large_amount;
            assert_eq!(lines[2].replace('\n', " "), urgent, "in the first lines");
            assert!(mail.text.contains("/h/"), "{name}: with a link");
            let name = format!("{name}.{}", language.code());
            look(&name, &mail.html);
            golden(&name, mail.text.as_bytes());
        }
    }
}

/// The mail is gone: there is nothing to decide, and no page.
#[test]
fn mail_that_went_out_has_a_letter_that_asks_for_a_call_and_nothing_else() {
    let setting = setting();
    for language in Language::ALL {
        let mail = compose(&setting.occasion(Kind::WentOut, language));
        assert!(!mail.text.contains(['{', '}']), "{}", mail.text);
        assert!(!mail.text.contains("/h/") && !mail.html.contains("/h/"), "{}", mail.text);
        let name = format!("went-out.{}", language.code());
        look(&name, &mail.html);
        golden(&name, mail.text.as_bytes());
    }
}

fn answers() -> Vec<Answer> {
    let (remind_at, decided) = (at("2026-11-24T19:10:00Z"), at("2026-11-24T16:20:00Z"));
    let already = |ending| Answer::Already { ending, at: decided };
    vec![
        Answer::Called,
        Answer::NoBadNews,
        Answer::Anyway,
        Answer::TakenBack,
        Answer::Waits { remind_at },
        already(Ending::LetGo),
        already(Ending::TakenBack),
        already(Ending::Returned),
        already(Ending::Undeliverable),
        Answer::Unclear,
        Answer::OnThePage { asked: Command::CalledSend },
        Answer::CallFirst,
        Answer::ReasonMissing,
    ]
}

const ALLOWED: [Command; 5] = [
    Command::Withdraw,
    Command::NoAnswer,
    Command::CalledSend,
    Command::FalseAlarm,
    Command::SendAnyway,
];

#[test]
fn every_answer_in_every_language_is_as_it_was_read_aloud() {
    let setting = setting();
    let address = Mailbox::parse("callfirst+token@northwind-hvac.example").unwrap();
    for language in Language::ALL {
        let mut said = String::new();
        for (number, answer) in answers().into_iter().enumerate() {
            let mut occasion = setting.occasion(Kind::Answer(answer.clone()), language);
            occasion.by_mail = Some(ByMail { address: &address, allowed: &ALLOWED });
            let mail = compose(&occasion);
            let fields = fields(&mail.bytes);
            let field =
                |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
            let reply_to = answer.is_open().then_some("<callfirst+token@northwind-hvac.example>");
            assert_eq!(field("Reply-To"), reply_to, "{answer:?}");
            assert_eq!(field("Auto-Submitted"), Some("auto-replied"));
            assert_eq!(mail.text.contains("/h/"), answer.is_open(), "{answer:?}");
            assert!(!mail.text.contains(['{', '}']), "{}", mail.text);
            look(&format!("answer-{number}.{}", language.code()), &mail.html);
            said.push_str(&format!("=== {answer:?}\n{}\n", mail.text));
        }
        golden(&format!("answers.{}", language.code()), said.as_bytes());
    }
}

#[test]
fn a_notice_names_the_words_that_work_by_mail_and_no_others() {
    let mut setting = setting();
    let address = Mailbox::parse("callfirst+token@northwind-hvac.example").unwrap();
    let compose_with = |setting: &Setting, kind, allowed: &[Command]| {
        let mut occasion = setting.occasion(kind, Language::En);
        occasion.by_mail = Some(ByMail { address: &address, allowed });
        compose(&occasion)
    };
    let few = [Command::NoAnswer, Command::Withdraw];
    let mail = compose_with(&setting, Kind::Hold, &few);
    let said = "answer this mail with one of these: “no answer”, “withdraw”.";
    assert!(flat(&mail.text).contains(said) && mail.html.contains("“no answer”, “withdraw”"));
    golden("hold-by-mail.en", &mail.bytes);
    for (send_anyway, offered) in [(true, true), (false, false)] {
        setting.decision.terms.send_anyway = send_anyway;
        let mail = compose_with(&setting, Kind::Reminder, &ALLOWED);
        assert_eq!(mail.text.contains("“send: and why”"), offered);
        assert!(flat(&mail.text).contains("“called”, “no answer”, “withdraw”, “false alarm”"));
    }
    // What is over has no answer.
    let mail = compose_with(&setting, Kind::Expiry { original: ORIGINAL }, &ALLOWED);
    assert!(fields(&mail.bytes).iter().all(|(name, _)| name != "Reply-To"));
    assert!(!mail.text.contains("answer this mail"));
}

#[test]
fn every_category_has_its_notice() {
    let mut setting = setting();
    setting.decision.title = None;
    for category in
        crate::notice::text::Texts::of(Language::En).kinds.0.map(|(category, _)| category)
    {
        setting.decision.category = Some(category.into());
        let mail = compose(&setting.occasion(Kind::Hold, Language::En));
        assert!(mail.text.contains("It reads like"), "{category}");
        golden(&format!("category-{category}"), mail.text.as_bytes());
    }
}

#[test]
fn the_hold_notice_says_all_that_the_sender_needs() {
    let setting = setting();
    let mail = compose(&setting.occasion(Kind::Hold, Language::En));
    let flat = flat(&mail.text);
    for said in [
        "has not been delivered",
        "Unfortunately the repair is not covered by your warranty.",
        "Your warranty claim (subject)",
        "susan.hall@hall.example",
        "(512) 478-0143",
        "We will remind you on Tuesday 24 November at 13:10.",
        "On Thursday 26 November at 09:10, your mail comes back to you, undelivered.",
        "https://callfirst.northwind-hvac.example/h/AbCdEf012345",
        "Do not leave the news on voice mail",
    ] {
        assert!(flat.contains(said), "not said: {said}\n{}", mail.text);
    }
    assert!(!flat.contains("as discussed"), "words that spoke for passing were shown");
    assert!(!flat.contains("List-Id"), "a header was shown as the sender's words");
    assert!(mail.html.contains("href=\"tel:+15124780143\""));
    assert!(!mail.html.contains("<img") && !mail.html.contains("<script"));
}

/// The text as one line: where it wraps is no matter of these tests.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn terms_change_what_is_said_to_happen() {
    let mut setting = setting();
    setting.decision.terms.send_anyway = false;
    setting.decision.terms.expiry_action = ExpiryAction::Release;
    let mail = compose(&setting.occasion(Kind::Hold, Language::En));
    assert!(flat(&mail.text).contains("goes out as it is"), "{}", mail.text);
    assert!(!mail.text.contains("cannot wait"));
    let mail = compose(&setting.occasion(Kind::Expiry { original: ORIGINAL }, Language::En));
    assert!(flat(&mail.text).contains("has now gone out"));
    assert!(
        !String::from_utf8_lossy(&mail.bytes).contains("message/rfc822"),
        "it was sent, it need not come back"
    );
    setting.decision.terms.expiry_action = ExpiryAction::Keep;
    let mail = compose(&setting.occasion(Kind::Expiry { original: ORIGINAL }, Language::En));
    let text = flat(&mail.text);
    assert!(text.contains("still waiting") && text.contains("we will ask again"));
}

#[test]
fn the_mail_comes_back_octet_for_octet() {
    let setting = setting();
    let eight_bit = "Subject: x\r\n\r\nGrüße\r\n".as_bytes();
    for original in [ORIGINAL, eight_bit] {
        let mail = compose(&setting.occasion(Kind::Expiry { original }, Language::En));
        assert!(mail.bytes.is_ascii());
        let parsed = MessageParser::new().parse(&mail.bytes).unwrap();
        let attachment = parsed.attachment(0).unwrap();
        assert_eq!(attachment.attachment_name(), Some("returned-mail.eml"));
        assert_eq!(attachment.contents(), original);
    }
}

#[test]
fn a_mail_too_large_stays_in_the_sent_folder() {
    let setting = setting();
    let original = vec![b'a'; MAX_RETURNED_OCTETS + 1];
    let mail = compose(&setting.occasion(Kind::Expiry { original: &original }, Language::En));
    assert!(mail.bytes.len() < 100_000);
    assert!(mail.text.contains("too large to attach"));
}

/// RFC 5322 fields of a header section, read strictly: name, value unfolded.
fn fields(mail: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(mail).unwrap();
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "a bare CR or LF");
    assert!(text.split("\r\n").all(|line| line.len() <= 998), "a line too long");
    let (header, _) = text.split_once("\r\n\r\n").unwrap();
    let unfolded = header.replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no field: {line:?}")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A guide with this text in every part that a notice shows.
fn full_guide(text: &str) -> Guide {
    let some = || text.to_owned();
    Guide {
        lines: vec![some(); 3],
        avoid: vec![some()],
        first_question: FirstQuestion { question: some(), answer: vec![some()] },
        drop: vec![Dropped { words: some(), why: some(), instead: some() }],
        offer: vec![some()],
        escalation: some(),
        ..Guide::default()
    }
}

#[test]
fn the_short_guide_stands_in_text_and_html() {
    let mut setting = setting();
    setting.call.guide = Guide {
        first_question: FirstQuestion {
            question: "“Why is it not covered?”".into(),
            answer: vec!["Say what you found.".into()],
        },
        drop: vec![Dropped {
            words: "unfortunately".into(),
            why: "Nobody talks like that.".into(),
            instead: "Say “I am sorry”.".into(),
        }],
        offer: vec!["a free inspection".into(), "up to 200 EUR goodwill".into()],
        escalation: "Maria Lopez, after-sales".into(),
        ..setting.call.guide
    };
    let mail = compose(&setting.occasion(Kind::Hold, Language::En));
    for part in [mail.text.replace("\n    ", " "), mail.html] {
        for said in [
            "Do not leave the news on voice mail.",
            "They will ask first:",
            "“Why is it not covered?”",
            "Say what you found.",
            "Your mail says “unfortunately”. Say “I am sorry”.",
            "a free inspection; up to 200 EUR goodwill",
            "Maria Lopez, after-sales",
        ] {
            assert!(part.contains(said), "{said}\n{part}");
        }
    }
    let returned = compose(&setting.occasion(Kind::Expiry { original: ORIGINAL }, Language::En));
    assert!(!returned.text.contains("They will ask first"), "there is nothing left to decide");
}

#[test]
fn hostile_words_add_no_field_and_no_recipient() {
    let hostile = [
        "x\r\nBcc: victim@other.example\r\n\r\n<script>alert(1)</script>",
        "\u{2028}Bcc: victim@other.example",
        "=?utf-8?q?x=0D=0ABcc:_victim@other.example?=",
        "\"; <victim@other.example>, \"",
        "\u{202e}evil\u{2066}",
        "a\0b\u{1b}[31m",
        "{lead} {{ 7*7 }} {% raw %}",
        "",
    ];
    let long = "ä".repeat(5_000);
    for text in hostile.into_iter().chain([long.as_str(), &"e\u{301}".repeat(3_000)]) {
        let mut setting = setting();
        setting.subject = text.to_owned();
        setting.sender_name = text.to_owned();
        setting.message_id = Some(format!("{text}@x"));
        setting.references = vec![format!("{text}@y"), "good@y".into()];
        setting.call.person =
            Some(Person { name: text.to_owned(), address: text.to_owned(), role: text.to_owned() });
        setting.call.numbers[0].e164 = format!("+1\"{text}");
        setting.call.guide = full_guide(text);
        setting.decision.title = Some(text.to_owned());
        setting.decision.evidence = vec![evidence(text, "new", 1.0)];
        setting.recipients = vec![text.to_owned()];
        for (_, kind) in kinds() {
            let mail = compose(&setting.occasion(kind, Language::En));
            let fields = fields(&mail.bytes);
            let mut names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
            names.retain(|n| !["In-Reply-To", "References"].contains(n));
            names.sort_unstable();
            assert_eq!(
                names,
                [
                    "Auto-Submitted",
                    "Content-Type",
                    "Date",
                    "From",
                    "MIME-Version",
                    "Message-ID",
                    "Subject",
                    "To",
                    "X-Auto-Response-Suppress",
                    "X-Callfirst-Mark",
                ]
            );
            let parsed = MessageParser::new().parse(&mail.bytes).unwrap();
            let to: Vec<_> = parsed.to().unwrap().iter().filter_map(|a| a.address()).collect();
            assert_eq!(to, ["tom.reed@northwind-hvac.example"], "{text:?}");
            assert!(!mail.html.contains("<script>"));
            assert!(!mail.html.contains("tel:+1\""));
            assert!(!mail.html.contains(['\u{202e}', '\u{2066}', '\0', '\u{1b}']));
            assert!(!mail.text.contains(['\u{202e}', '\0', '\u{1b}', '\r']));
            assert!(mail.bytes.len() < 80_000, "{} octets", mail.bytes.len());
        }
    }
}

#[test]
fn it_threads_with_the_held_mail_and_is_marked_automatic() {
    let mut setting = setting();
    setting.references = (0..40).map(|n| format!("r{n}@hall.example")).collect();
    let mail = compose(&setting.occasion(Kind::Hold, Language::En));
    let fields = fields(&mail.bytes);
    let value = |name: &str| fields.iter().find(|(n, _)| n == name).unwrap().1.clone();
    assert_eq!(value("In-Reply-To"), "<m1@northwind-hvac.example>");
    let references = value("References");
    let references: Vec<_> = references.split_whitespace().collect();
    assert_eq!(references.len(), MAX_REFERENCES);
    assert_eq!(references.last(), Some(&"<m1@northwind-hvac.example>"));
    assert_eq!(references[0], "<r21@hall.example>");
    assert_eq!(value("Subject"), "Re: Your warranty claim W-2291");
    assert_eq!(value("Auto-Submitted"), "auto-replied");
    assert_eq!(value("X-Auto-Response-Suppress"), "All");
    assert_eq!(value("Message-ID"), "<n1@northwind-hvac.example>");
    assert_eq!(value("Date"), "Tue, 24 Nov 2026 09:10:01 -0600");
    let address = Mailbox::parse("reply+1@northwind-hvac.example").unwrap();
    let mut occasion = setting.occasion(Kind::Hold, Language::En);
    occasion.by_mail = Some(ByMail { address: &address, allowed: &[Command::Withdraw] });
    let asked = String::from_utf8(compose(&occasion).bytes).unwrap();
    let oof = "X-Auto-Response-Suppress: DR, NDR, RN, NRN, AutoReply\r\n";
    assert!(asked.contains(oof), "who is away may say so where it is heard");
    assert_eq!(subject("RE: x"), "RE: x");
    assert_eq!(subject(""), "Re:");
}

#[test]
fn a_sender_with_an_odd_local_part_still_gets_his_notice() {
    let mut setting = setting();
    setting.sender = Mailbox::parse("\"tom reed\"@northwind-hvac.example").unwrap();
    let mail = compose(&setting.occasion(Kind::Hold, Language::En));
    let fields = fields(&mail.bytes);
    let to = &fields.iter().find(|(n, _)| n == "To").unwrap().1;
    assert!(to.contains("\"tom reed\"@northwind-hvac.example"), "{to}");
}

proptest::proptest! {
    #[test]
    fn any_words_give_a_mail_to_one_person(
        subject in "(?s).{0,80}", name in "(?s).{0,80}", quote in "(?s).{0,200}",
    ) {
        let mut setting = setting();
        setting.subject = subject;
        setting.sender_name = name;
        setting.decision.evidence = vec![evidence(&quote, "new", 1.0)];
        let mail = compose(&setting.occasion(Kind::Hold, Language::En));
        let fields = fields(&mail.bytes);
        assert_eq!(fields.len(), 12);
        let parsed = MessageParser::new().parse(&mail.bytes).unwrap();
        let to: Vec<_> = parsed.to().unwrap().iter().filter_map(|a| a.address()).collect();
        assert_eq!(to, ["tom.reed@northwind-hvac.example"]);
        assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), mail.text.trim_end());
    }
}

#[test]
fn a_promise_is_asked_about_by_link_and_the_lead_gets_none() {
    let setting = setting();
    let [_, _, _, _, call_back, promise, overdue, ..] = &kinds()[..] else { panic!("nine kinds") };
    let mail = |kind: &Kind<'static>| compose(&setting.occasion(kind.clone(), Language::En));
    let link = "https://callfirst.northwind-hvac.example/h/AbCdEf012345";
    let asked = mail(&promise.1);
    let words = asked.text.replace('\n', " ");
    assert!(words.contains("“a new compressor, 120 EUR”, by Tuesday 1 December"), "{words}");
    assert!(asked.text.contains(link) && asked.html.contains("It is done, or"));
    assert!(!words.contains("How to say it") && !words.contains("Held for"), "{words}");
    let nameless = Kind::Promise(Promised { what: "", ..self::promised() });
    let words = flat(&mail(&nameless).text);
    assert!(words.contains("you promised Susan Hall: to see to it, by Tuesday"), "{words}");
    let told = mail(&overdue.1);
    assert!(!told.text.contains("/h/") && !told.html.contains("/h/"), "{}", told.text);
    assert!(told.text.replace('\n', " ").contains("reminders sent: 5"), "{}", told.text);
    let source = String::from_utf8_lossy(&told.bytes);
    for held in ["W-2291", "m1@northwind-hvac.example", "In-Reply-To", "References"] {
        assert!(!source.contains(held), "the lead is told {held} of the held mail:\n{source}");
    }
    assert_eq!(told.subject, "A promise to a customer is overdue");
    let call = mail(&call_back.1);
    assert!(call.text.contains("Wednesday 25 November at 09:00"), "{}", call.text);
    assert!(call.text.contains(link) && call.text.contains("How to say it"));
}

#[test]
fn what_there_was_before_is_one_line() {
    let setting = setting();
    let with = |before| {
        let occasion = setting.occasion(Kind::Hold, Language::En);
        compose(&Occasion { before: Some(before), ..occasion })
    };
    let promised = with(Before { promise: Some(promised()), own: "1", others: "0" });
    let line = "Still open from an earlier call: “a new compressor, 120 EUR”, \
                by Tuesday 1 December.";
    assert!(promised.text.replace('\n', " ").contains(line), "{}", promised.text);
    assert!(promised.html.contains("Still open from an earlier call"));
    let counted = with(Before { promise: None, own: "5+", others: "2" });
    let line = "Held before for Susan Hall: 5+ of yours, 2 of colleagues.";
    assert!(counted.text.contains(line), "{}", counted.text);
}

#[test]
fn only_who_was_called_asked_for_a_call_back_or_was_promised_something() {
    let mut setting = setting();
    setting.recipients.push("ben.ito@hall.example".into());
    let [hold, _, _, _, call_back, promise, overdue, ..] = &kinds()[..] else {
        panic!("nine kinds")
    };
    let said =
        |kind: &Kind<'static>| flat(&compose(&setting.occasion(kind.clone(), Language::En)).text);
    assert!(said(&hold.1).contains("to Susan Hall and 1 more has not been delivered"));
    assert!(said(&call_back.1).contains("Susan Hall asked you to call back"));
    assert!(said(&promise.1).contains("you promised Susan Hall:"));
    assert!(said(&overdue.1).contains("promised Susan Hall:"));
    let told = Kind::Promise(Promised { to: "Ann, her deputy", ..promised() });
    assert!(said(&told).contains("you promised Ann, her deputy:"));
}

#[test]
fn a_planned_call_comes_along_as_a_calendar_file_that_tells_little() {
    let setting = setting();
    let kind = Kind::CallBack { at: at("2026-11-24T15:10:00Z") };
    let mail = compose(&setting.occasion(kind.clone(), Language::En));
    let read = MessageParser::default().parse(&mail.bytes).unwrap();
    let outer = read.content_type().unwrap();
    assert_eq!((outer.ctype(), outer.subtype()), ("multipart", Some("mixed")));
    let [file] = &read.attachments().collect::<Vec<_>>()[..] else { panic!("one file") };
    assert_eq!(file.attachment_name(), Some("call.ics"));
    let media = file.content_type().unwrap();
    assert_eq!((media.ctype(), media.subtype()), ("text", Some("calendar")));
    assert_eq!(media.attribute("method"), None);
    let text = String::from_utf8(file.contents().to_vec()).unwrap();
    for said in [
        "BEGIN:VCALENDAR\r\n",
        "\r\nUID:call-0193a5c0ffee7000800000000000a11f@callfirst.northwind-hvac.example\r\n",
        "\r\nSEQUENCE:2\r\n",
        "\r\nDTSTART:20261124T151000Z\r\n",
        "\r\nSUMMARY:Call Susan Hall\r\n",
        "\r\nCLASS:PRIVATE\r\n",
    ] {
        assert!(text.replace("\r\n ", "").contains(said), "{said} is not in\n{text}");
    }
    for kept in [setting.subject.as_str(), "AbCdEf012345", "METHOD", "ORGANIZER"] {
        assert!(!text.contains(kept), "the calendar is told {kept}:\n{text}");
    }
    assert!(mail.text.contains("The attached file puts it into your calendar."));
    let late =
        Occasion { date: at("2026-11-24T15:25:00Z"), ..setting.occasion(kind, Language::En) };
    let late = compose(&late);
    let read = MessageParser::default().parse(&late.bytes).unwrap();
    assert_eq!(read.attachment_count(), 0, "a call whose time is over is put into no calendar");
    assert!(!late.text.contains("attached"));
}
