//! The guide for this very mail: what it takes from a mail, and that it invents nothing.
//!
//! `tests/golden/guides/NAME.eml` is a mail; `X-Language`, `X-Category` and `X-News` say how it was
//! judged and which words stopped it. `NAME.toml` is its guide. `BLESS=1` writes the guides anew;
//! read the diff.

#![expect(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use std::{fs, path::Path};

use callfirst::{
    call::{self, Guide, Guides, Told},
    decision::{
        Decision, Evidence, HoldTerms, Mode, Organisation, Reason, RecipientVerdict, Verdict,
    },
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Language, Limits, Reading},
    policy::{Source, Weighed},
};

const RECIPIENT: &str = "s.hall@hall.example";

fn decision(reading: &Reading) -> Decision {
    let field = |name| reading.header.field(name).unwrap().to_owned();
    let evidence =
        Evidence { text: field("X-News"), place: "new".into(), signal: "news".into(), weight: 3.0 };
    Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: Some(field("X-Category")),
        category: Some(field("X-Category")),
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language: Language::from_code(&field("X-Language")),
        mode: Mode::Enforce,
        recipients: vec![RecipientVerdict {
            address: ForwardPath::parse(RECIPIENT).unwrap(),
            verdict: Verdict::Hold,
        }],
        evidence: vec![evidence],
        terms: HoldTerms {
            offer: vec!["a free inspection".into()],
            escalation: "Maria Lopez, after-sales".into(),
            ..HoldTerms::default()
        },
        would_hold: false,
    }
}

fn guide(mail: &[u8], guides: &Guides) -> (Reading, Guide) {
    let reading = message::read(mail, &Limits::default());
    let recipient = Recipient::plain(ForwardPath::parse(RECIPIENT).unwrap());
    let sender = ReversePath::parse("tom@northwind.example").unwrap();
    let envelope = Envelope::new(sender, vec![], vec![recipient]).unwrap();
    let ours = Organisation { name: "Northwind".into(), domains: vec!["northwind.example".into()] };
    let sheet = call::prepare(
        &reading,
        &decision(&reading),
        &envelope,
        &ours,
        guides,
        &Told::default(),
        &Weighed::default(),
    );
    (reading, sheet.guide)
}

/// Every golden mail: its name and its octets.
fn mails() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/guides");
    let mut mails: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .map(|path| (path.with_extension("").display().to_string(), fs::read(&path).unwrap()))
        .collect();
    mails.sort();
    assert!(mails.len() >= 12, "only {} mails", mails.len());
    mails
}

#[test]
fn a_dozen_mails_have_the_guide_that_was_read_and_found_good() {
    let mut wrong = Vec::new();
    for (name, mail) in mails() {
        let (_, guide) = guide(&mail, &Guides::shipped());
        let written = toml::to_string_pretty(&guide).unwrap();
        let expected = Path::new(&name).with_extension("toml");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &written).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != written {
            wrong.push(format!("{name}:\n{written}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_quoted_that_the_mail_does_not_say() {
    let marks = [("dates = \"{dates}\"", "{dates}"), ("amounts = \"{amounts}\"", "{amounts}")];
    let only_facts = marks.map(|(line, _)| line).join("\n");
    for (name, mail) in mails() {
        let (reading, shipped) = guide(&mail, &Guides::shipped());
        let said: Vec<&str> = reading
            .of_kind(message::PassageKind::New)
            .flat_map(|p| &p.sentences)
            .map(|s| s.text())
            .collect();
        let whole = |words: &str| -> String {
            words.trim_start_matches("… ").trim_end_matches(" …").to_owned()
        };
        let stands = |words: &str| said.iter().any(|s| s.contains(&whole(words)));
        for part in &shipped.parts {
            assert!(stands(&part.says), "{name}: “{}”", part.says);
        }
        for dropped in &shipped.drop {
            assert!(stands(&dropped.words), "{name}: “{}”", dropped.words);
        }
        // Guides whose lines of facts are the facts alone.
        let file = format!("{}.toml", reading.header.field("X-Language").unwrap());
        let bare = [Source { name: file, text: only_facts.clone() }];
        let (_, bare) = guide(&mail, &Guides::compile(&bare, &[]).unwrap());
        for fact in bare.facts.iter().flat_map(|facts| facts.split(", ")) {
            assert!(stands(fact), "{name}: {fact}");
        }
    }
}

#[test]
fn what_a_policy_lets_offer_is_in_the_guide() {
    let (_, mail) = mails().swap_remove(0);
    let (_, guide) = guide(&mail, &Guides::shipped());
    assert_eq!(guide.offer, ["a free inspection"]);
    assert_eq!(guide.escalation, "Maria Lopez, after-sales");
}

#[test]
fn a_broken_guide_says_file_line_and_what_would_do() {
    for (file, text, message) in [
        ("en.toml", "leave = \"Hello {nmae}\"", "`leave`: unknown placeholder `{nmae}`"),
        ("en.toml", "leave = \"Hello {, name\"", "`leave`: a brace has no fellow"),
        ("en.toml", "voice_mail = \"\"", "`voice_mail`: must not be empty"),
        ("en.toml", "voicemail = \"x\"", "unknown key `voicemail`"),
        ("en.toml", "[missing]\nregrets = \"x\"", "unknown key `missing.regrets`"),
        (
            "en.toml",
            "[category.warranty_denail]\nnews = \"x\"",
            "no policy has the category `warranty_denail`",
        ),
        (
            "en.toml",
            "[category.lost_keys]\nnews = \"x\"",
            "`category.lost_keys.question` is missing",
        ),
        ("en.toml", "[category.rejection]\nanswer = []", "`category.rejection.answer` has 0 lines"),
        (
            "en.toml",
            "[[drop]]\nphrases = [\"…\"]\nwhy = \"x\"\ninstead = \"y\"",
            "the phrase has no word",
        ),
        ("en.toml", "[[drop]]\nphrases = [\"x\"]\nwhy = \"x\"", "`drop[0].instead` is missing"),
        ("en.toml", "voice_mail = \"a\\nb\"", "`voice_mail` has more than one line"),
        ("da.toml", "voice_mail = \"a\"", "da.toml is the guide of no language"),
        ("en.toml", "voice_mail = ", "not TOML"),
    ] {
        let sources = [Source { name: file.into(), text: text.into() }];
        let mistakes = Guides::compile(&sources, &["lost_keys"]).unwrap_err();
        let told: Vec<String> = mistakes.iter().map(|m| m.render(&sources)).collect();
        assert!(told.iter().any(|t| t.contains(message)), "{text}:\n{}", told.join("\n"));
        assert!(told.iter().all(|t| t.contains(file)), "{told:?}");
    }
    let long = format!("voice_mail = \"{}\"", "word ".repeat(60));
    let sources = [Source { name: "de.toml".into(), text: long }];
    let mistakes = Guides::compile(&sources, &[]).unwrap_err();
    assert!(mistakes[0].message.contains("300 characters"), "{mistakes:?}");
}

#[test]
fn an_own_file_replaces_what_it_names_and_leaves_the_rest() {
    let (_, mail) = mails().into_iter().find(|(name, _)| name.contains("en-delay")).unwrap();
    let text =
        "voice_mail = \"Leave nothing.\"\n[category.delivery_delay]\nnews = \"“It is late.”\"";
    let sources = [Source { name: "policies/guides/en.toml".into(), text: text.into() }];
    let own = Guides::compile(&sources, &[]).unwrap();
    let (_, ours) = guide(&mail, &own);
    let (_, shipped) = guide(&mail, &Guides::shipped());
    assert_eq!((ours.avoid[0].as_str(), ours.news.as_str()), ("Leave nothing.", "“It is late.”"));
    assert_eq!(Guide { avoid: shipped.avoid.clone(), news: shipped.news.clone(), ..ours }, shipped);
}
