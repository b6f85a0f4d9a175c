//! Several matters as one mail, and the second mail of one conversation.

use super::*;
use crate::notice::{Decided, Digest, Entry, Matter, Tidings, Told, compose_digest};

const OVERDUE: Matter<'_> = Matter::Overdue { sender: "kim@northwind-hvac.example" };

const RETURNED: Tidings = Tidings::Decided(Decided::Returned);

fn link(nth: usize) -> String {
    format!("https://callfirst.northwind-hvac.example/h/AbCdEf01234{nth}")
}

fn entry<'a>(nth: usize, setting: &'a Setting, matter: Matter<'a>) -> Entry<'a> {
    Entry {
        subject: if nth == 3 { "" } else { &setting.subject },
        recipients: setting.recipients.iter().map(String::as_str).collect(),
        of: (nth == 5).then_some("kim@northwind-hvac.example"),
        decision: &setting.decision,
        call: &setting.call,
        created: at(&format!("2026-11-24T{:02}:10:00Z", 12 + nth % 3)),
        ends_at: Some(at("2026-11-26T10:00:00Z")),
        link: Some(link(nth)).filter(|_| matter != OVERDUE),
        matter,
    }
}

fn digest<'a>(setting: &'a Setting, language: Language, entries: Vec<Entry<'a>>) -> Digest<'a> {
    Digest {
        language,
        own: &setting.own,
        organisation: "Northwind HVAC",
        from_name: "Call First",
        from: &setting.from,
        to: &setting.sender,
        hold: &setting.hold,
        entries,
        time_zone: &setting.zone,
        message_id: "digest.1@northwind-hvac.example",
        date: at("2026-11-24T15:10:01Z"),
    }
}

#[test]
fn a_digest_has_a_line_each_the_urgent_ones_first_and_is_as_it_was_read_aloud() {
    let (plain, mut urgent) = (setting(), setting());
    urgent.call.urgency = vec![Urgency::LargeAmount];
    for language in Language::ALL {
        let entries = [
            (&plain, Matter::Held),
            (&plain, Matter::Promise),
            (&urgent, Matter::Held),
            (&plain, Matter::Held),
            (&plain, OVERDUE),
            (&plain, Matter::Other),
            (&plain, Matter::Delayed),
            (&plain, Matter::Arrived),
            (
                &plain,
                Matter::Told(Told { by: "kim@northwind-hvac.example", words: "", what: RETURNED }),
            ),
        ];
        let entries = entries.into_iter().enumerate().map(|(n, (of, what))| entry(n, of, what));
        let mail = compose_digest(digest(&plain, language, entries.collect()));
        assert!(!mail.text.contains(['{', '}']), "{}", mail.text);
        assert!(mail.text.find(&link(2)).unwrap() < mail.text.find(&link(0)).unwrap());
        assert!(!mail.text.contains(&link(4)), "no link for the lead");
        let fields = fields(&mail.bytes);
        let has = |name: &str| fields.iter().any(|(field, _)| field == name);
        assert!(has("Auto-Submitted") && !has("In-Reply-To") && !has("Reply-To"));
        look(&format!("digest.{}", language.code()), &mail.html);
        golden(&format!("digest.{}", language.code()), &mail.bytes);
    }
}

#[test]
fn a_line_says_when_its_time_is_up_and_what_somebody_did() {
    let setting = setting();
    let by = "kim@northwind-hvac.example";
    let told = |what| Matter::Told(Told { by, words: "she knows", what });
    let declined = told(Tidings::Declined);
    let decided = told(Tidings::Decided(Decided::CalledSend));
    for language in Language::ALL {
        let ended = at("2026-11-24T15:10:00Z");
        let entries = vec![
            entry(0, &setting, Matter::Held),
            Entry { ends_at: Some(ended), ..entry(1, &setting, Matter::Asked) },
            entry(2, &setting, declined.clone()),
            entry(0, &setting, decided.clone()),
        ];
        let mail = compose_digest(digest(&setting, language, entries));
        let text = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let texts = Texts::of(language);
        let ends = texts.waiting.ends.split("{when}").collect::<Vec<_>>();
        assert_eq!(text.matches(ends[0]).count(), 1, "what is past is not said to come: {text}");
        assert_eq!(text.matches("she knows").count(), 2, "{text}");
        assert!(!text.contains(texts.pacing.other), "{text}");
        assert!(mail.subject.contains('4'), "one waits for a call: {}", mail.subject);
    }
}

#[test]
fn the_second_mail_of_a_conversation_has_a_short_notice_with_both_pages() {
    let setting = setting();
    for language in Language::ALL {
        let mail = compose(&setting.occasion(Kind::HeldToo { first: link(9) }, language));
        assert!(mail.text.contains(&link(9)) && mail.html.contains(&link(9)));
        assert!(mail.text.contains("/h/AbCdEf012345") && !mail.text.contains("Unfortunately"));
        let whole = compose(&setting.occasion(Kind::Hold, language));
        assert!(2 * mail.text.len() < whole.text.len() * 3 / 2, "{}", mail.text);
        look(&format!("held-too.{}", language.code()), &mail.html);
        golden(&format!("held-too.{}", language.code()), mail.text.as_bytes());
    }
}
