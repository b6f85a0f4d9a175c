use super::*;
use crate::{
    decision::{Evidence, HoldTerms, Mode, Reason, Verdict},
    message::{Passage, PassageKind, Sentence},
};

const CATEGORIES: [&str; 12] = [
    "warranty_denial",
    "claim_denial",
    "refund_refusal",
    "delivery_delay",
    "order_cancellation",
    "error_disclosure",
    "price_increase",
    "service_termination",
    "rejection",
    "complaint_response",
    "email_apology",
    "other",
];

fn decision(language: Language, news: &str) -> Decision {
    let evidence = (!news.is_empty()).then(|| Evidence {
        text: news.into(),
        place: "new".into(),
        signal: "news".into(),
        weight: 1.0,
    });
    Decision {
        verdict: Verdict::Hold,
        reason: Reason::Policy,
        policy: None,
        category: Some("other".into()),
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language: Some(language),
        mode: Mode::Enforce,
        recipients: vec![],
        evidence: evidence.into_iter().collect(),
        terms: HoldTerms::default(),
        would_hold: false,
    }
}

fn guide_of(
    category: &str,
    (language, name): (Language, &str),
    kind: PassageKind,
    text: &str,
) -> Guide {
    let sentence = Sentence::new(text);
    let passage = Passage { kind, sentences: vec![sentence], text: text.into() };
    let reading = Reading { passages: vec![passage], ..Reading::default() };
    let decision = decision(language, text);
    let decision = Decision { category: Some(category.into()), ..decision };
    let organisation = Organisation { name: "Northwind".into(), domains: vec![] };
    write(&Guides::shipped(), &reading, &decision, &organisation, (language, name))
}

fn english(category: &str, name: &str) -> Guide {
    guide_of(category, (Language::En, name), PassageKind::New, "")
}

/// Every sentence of a guide.
fn sentences(guide: &Guide) -> Vec<&String> {
    let parts = guide.parts.iter().flat_map(|p| [&p.says, &p.lacks]);
    let dropped = guide.drop.iter().flat_map(|d| [&d.words, &d.why, &d.instead]);
    let lists = guide.lines.iter().chain(&guide.avoid).chain(&guide.facts).chain(&guide.afterwards);
    let question = std::iter::once(&guide.first_question.question);
    let single = [&guide.news, &guide.if_nobody_answers].into_iter();
    let all = lists.chain(question).chain(&guide.first_question.answer).chain(single);
    all.chain(parts).chain(dropped).collect()
}

#[test]
fn every_language_has_every_part_for_every_category() {
    assert_eq!(Guides::files().len(), Language::ALL.len());
    for source in Guides::files() {
        Guides::compile(&[source], &[]).unwrap();
    }
    for language in Language::ALL {
        let guides = Guides::shipped();
        let names: Vec<&String> = guides.sheet(language).unwrap().categories.keys().collect();
        let mut expected = CATEGORIES.to_vec();
        expected.sort_unstable();
        assert_eq!(names, expected, "{}", language.code());
        for category in CATEGORIES {
            for name in ["Susan Hall", ""] {
                let guide = guide_of(category, (language, name), PassageKind::New, "");
                assert_eq!((guide.lines.len(), guide.parts.len()), (3, 3));
                assert!((1..=3).contains(&guide.first_question.answer.len()));
                assert!(guide.parts.iter().all(|p| !p.lacks.is_empty() && p.says.is_empty()));
                assert!(guide.afterwards.len() >= 3 && guide.avoid.len() == 1);
                assert!(guide.lines[0].contains("Susan Hall") != name.is_empty(), "{category}");
                assert!(guide.if_nobody_answers.contains("Northwind"));
                for line in sentences(&guide) {
                    assert!(!line.contains(['{', '}']), "{category}: {line}");
                }
                let must = [&guide.news, &guide.first_question.question, &guide.if_nobody_answers];
                assert!(must.into_iter().all(|line| !line.is_empty()), "{category}");
            }
        }
    }
}

#[test]
fn every_phrase_to_drop_is_found_as_it_is_written_and_quoted_so() {
    for language in Language::ALL {
        for spoiler in &Guides::shipped().sheet(language).unwrap().drop {
            for phrase in spoiler.phrases.iter().chain(&spoiler.take_out) {
                let written = phrase.replace('*', "").replace('…', "so");
                let text = format!("Xyz {written} zyx.");
                let guide = guide_of("other", (language, ""), PassageKind::New, &text);
                let quoted = |d: &crate::call::Dropped| text.contains(&d.words);
                assert!(!guide.drop.is_empty(), "{phrase}");
                assert!(guide.drop.iter().all(quoted), "{phrase}: {:?}", guide.drop);
            }
        }
    }
}

#[test]
fn the_customers_words_are_not_held_against_the_sender() {
    let text = "Unfortunately you failed to deliver; sorry for any inconvenience.";
    let quoted = guide_of("other", (Language::En, ""), PassageKind::Quoted, text);
    assert!(quoted.drop.is_empty() && quoted.parts.iter().all(|p| p.says.is_empty()));
    let new = guide_of("other", (Language::En, ""), PassageKind::New, text);
    assert!(new.drop.len() >= 2);
}

#[test]
fn what_no_blame_is_is_not_held_against_the_sender() {
    for (language, innocent, blame) in [
        (Language::En, "You should have received it on Monday.", "You should have read the terms."),
        (Language::De, "Sie hätten es am Montag bekommen sollen.", "Sie hätten das melden müssen."),
        (Language::Fr, "Vous auriez dû le recevoir lundi.", "Vous auriez dû nous prévenir."),
        (Language::Es, "El paquete debería haber llegado.", "Debería habernos avisado antes."),
        (Language::It, "Il pacco avrebbe dovuto arrivare.", "Avrebbe dovuto avvisarci prima."),
        (Language::Nl, "U had het maandag moeten krijgen.", "U had dat eerder moeten melden."),
        (Language::Pt, "A encomenda deveria ter chegado.", "Deveria ter avisado antes."),
    ] {
        let dropped = |text| guide_of("other", (language, ""), PassageKind::New, text).drop;
        assert_eq!(dropped(innocent), [], "{innocent}");
        assert_eq!(dropped(blame).len(), 1, "{blame}");
    }
}

#[test]
fn a_perhaps_spoils_the_news_and_nothing_else() {
    for (language, text, news) in [
        (Language::En, "Perhaps we can speak tomorrow.", "Perhaps it will be late."),
        (Language::De, "Vielleicht sprechen wir morgen.", "Vielleicht kommt es später."),
    ] {
        let sentences = vec![Sentence::new(text), Sentence::new(news)];
        let passage = Passage { kind: PassageKind::New, sentences, text: String::new() };
        let reading = Reading { passages: vec![passage], ..Reading::default() };
        let guides = Guides::shipped();
        let with = |evidence: &str| {
            let drop = &guides.sheet(language).unwrap().drop;
            drop::find(drop, &reading, &decision(language, evidence)).dropped
        };
        assert_eq!(with(news).len(), 1, "{news}");
        assert_eq!(with("another sentence").len(), 0, "{text}");
    }
}

#[test]
fn a_department_is_not_spoken_to_by_name() {
    let first = |name| english("rejection", name).lines[0].clone();
    for name in ["Accounts", "Accounts Payable", "Team Einkauf", "info"] {
        assert_eq!(first(name), first(""), "{name}");
    }
    assert!(first("Susan Hall").contains(", Susan Hall"));
}

#[test]
fn an_unknown_category_gets_the_general_guide() {
    assert_eq!(english("made_up", ""), english("other", ""));
}

#[test]
fn a_name_with_braces_is_a_name() {
    let guide = english("rejection", "{organisation} {words}");
    assert!(guide.lines[0].contains("{organisation} {words}"));
}

#[test]
fn what_stands_in_the_mail_is_not_said_to_lack() {
    // For each R: `=` where the mail is quoted, `!` where it lacks it, `?` where it may have it.
    let told = |category: &str, text: &str| {
        let guide = guide_of(category, (Language::En, ""), PassageKind::New, text);
        let sign = |part: &Part| match part.lacks.as_str() {
            "" => '=',
            lacks if lacks.starts_with("We did not see") => '!',
            _ => '?',
        };
        guide.parts.iter().map(sign).collect::<String>()
    };
    for (category, text, expected) in [
        ("delivery_delay", "I am sorry: it was our mistake.", "==!"),
        ("delivery_delay", "We will send it by Friday.", "!!="),
        ("delivery_delay", "We will send a replacement.", "!!!"),
        ("warranty_denial", "It failed because of wear.", "!=!"),
        ("warranty_denial", "We cannot offer a replacement.", "!!!"),
        ("claim_denial", "Your payment was refused.", "!!!"),
        ("other", "This is not our fault.", "!?!"),
        ("email_apology", "I am sorry for what I said.", "=?!"),
        ("delivery_delay", "The wrong part was sent.", "!?!"),
        ("other", "Sorry for the late reply.", "?!!"),
        ("other", "We are sorry if this hurt you.", "?!!"),
        ("order_cancellation", "Your deposit goes back to you.", "!!?"),
        ("error_disclosure", "A mistake at our end, so they did not leave.", "!?!"),
        ("refund_refusal", "Here is the reason:", "!?!"),
        ("complaint_response", "If our mistake is in it, say so.", "!?!"),
    ] {
        assert_eq!(told(category, text), expected, "{text}");
    }
    let long = "It is late. ".repeat(9);
    let sentences = long.split_inclusive(". ").map(Sentence::new).collect();
    let passage = Passage { kind: PassageKind::New, sentences, text: long.clone() };
    let reading = Reading { passages: vec![passage], ..Reading::default() };
    let decision = decision(Language::En, "It is late.");
    let sheet = (Language::En, "");
    let organisation = Organisation { name: String::new(), domains: vec![] };
    let guide = write(&Guides::shipped(), &reading, &decision, &organisation, sheet);
    assert!(guide.parts.iter().all(|part| !part.lacks.starts_with("We did not see")));
}

#[test]
fn a_part_always_has_a_word_and_never_our_own_line() {
    for language in Language::ALL {
        for text in ["We offer because wrong sorry mistake?", "", "x, y"] {
            let guide = guide_of("other", (language, ""), PassageKind::New, text);
            for (part, line) in guide.parts.iter().zip(&guide.lines) {
                assert!(!part.says.is_empty() || !part.lacks.is_empty(), "{text}");
                assert!(part.lacks != *line && !part.lacks.contains('…'), "{}", part.lacks);
            }
        }
    }
}

#[test]
fn a_mail_that_says_du_is_not_told_with_sie_unawares() {
    for (language, friend, other) in [
        (Language::De, "Ich melde mich bei dir, wenn du Zeit hast.", "Ich melde mich bei Ihnen."),
        (Language::Fr, "Tu sais que je pense à toi.", "Vous savez que je pense à vous."),
        (Language::Nl, "Ik bel je als je tijd hebt.", "Ik bel u als u tijd hebt."),
        (Language::En, "I will call you when you have time.", "You know."),
    ] {
        let facts = |text| guide_of("other", (language, ""), PassageKind::New, text).facts.len();
        let expected = usize::from(language != Language::En);
        assert_eq!((facts(friend), facts(other)), (expected, 0), "{friend}");
    }
}

#[test]
fn only_what_may_simply_go_is_to_be_taken_out() {
    let taken = |language, text: &str| {
        let guide = guide_of("claim_denial", (language, ""), PassageKind::New, text);
        (guide.drop.len(), guide.afterwards.get(1).unwrap().clone())
    };
    for (language, text) in [
        (Language::De, "Ihr Antrag wurde abgelehnt."),
        (Language::De, "Leider geht es nicht."),
        (Language::Nl, "Uw claim is afgewezen."),
        (Language::Fr, "Nous sommes au regret d'y renoncer."),
    ] {
        let (dropped, second) = taken(language, text);
        assert_eq!(dropped, 1, "{text}");
        let shipped = Guides::shipped();
        assert_eq!(second, shipped.sheet(language).unwrap().afterwards.agreed, "{text}");
    }
    let text = "Nous avons le regret de vous faire savoir que non.";
    let (_, second) = taken(Language::Fr, text);
    assert!(second.contains("Nous avons le regret de vous faire savoir que"), "{second}");
}

#[test]
fn a_long_sentence_is_cut_around_the_words_found() {
    let text = format!("{}and for that we are sorry indeed.", "that it is late ".repeat(16));
    let guide = guide_of("other", (Language::En, ""), PassageKind::New, &text);
    assert!(guide.parts[0].says.starts_with("… ") && guide.parts[0].says.contains("sorry"));
}

#[test]
fn a_long_sentence_is_cut_between_words() {
    let text = format!("I am sorry {}", "that it is late ".repeat(40));
    let guide = guide_of("other", (Language::En, ""), PassageKind::New, &text);
    let says = guide.parts[0].says.strip_suffix(" …").unwrap();
    assert!(text.starts_with(says) && says.chars().count() <= MAX_QUOTE);
}

proptest::proptest! {
    #[test]
    fn any_text_is_quoted_as_it_stands(text in r"(?s)[a-z,.{} äß€0-9]{0,60}(sorry|leider|our mistake|\{name\})(?s).{0,80}") {
        for language in [Language::En, Language::De] {
            let guide = guide_of("other", (language, ""), PassageKind::New, &text);
            for part in &guide.parts {
                let says = part.says.trim_start_matches("… ").trim_end_matches(" …");
                assert!(text.contains(says), "{says}");
            }
            assert!(guide.drop.iter().all(|d| text.contains(&d.words)));
        }
    }
}
