//! Records judged again, compared with the same mail judged by the changed policies themselves.

use super::*;
use crate::{
    decision::{self, Mode, Organisation, Question, Standing},
    hold::Dossier,
    mail::{Envelope, ForwardPath, Recipient, ReversePath, Timestamp},
    message::{self, Language, Limits},
    policy::{PolicySet, Source},
    team::{Member, Team, Teams},
};

/// A policy with signals of sentences, one that speaks against, and signals of the message.
const DELAY: &str = r#"
id = "delay"
title = "a delay"
category = "delivery_delay"
[hold]
threshold = 0.5
[[signal]]
name = "late"
weight = 3.0
any = ["late"]
[[signal]]
name = "sorry"
weight = 1.5
any = ["sorry"]
[[signal]]
name = "only-tea"
weight = -2.0
any = ["tea"]
[[signal]]
name = "angry"
weight = 0.5
scope = "message"
limit = 2
any = ["angry"]
"#;

const REFUSAL: &str = "id = \"refusal\"\ntitle = \"a refusal\"\ncategory = \"claim_denial\"\n\
    mode = \"notify\"\n[[signal]]\nname = \"refuse\"\nweight = 6.0\nany = [\"refuse\"]\n\
    [[exempt]]\nname = \"legal\"\nsenders = [\"legal@us.example\"]\n";

const MAILS: [&str; 9] = [
    "Your pump is late.",
    "Your pump is late. Sorry, it is late again. It is late, sorry. And the valve is late.",
    "We are sorry, it will be late.",
    "The tea is late, sorry.",
    "You are angry. We are angry. So angry. It is late.",
    "We refuse it.",
    "It is late, and we refuse it.",
    "All is well.",
    "Sorry for the tea.",
];

fn set(delay: &str) -> PolicySet {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let sources = [source("delay.toml", delay), source("refusal.toml", REFUSAL)];
    PolicySet::compile(&sources, None).unwrap()
}

fn hasher() -> Hasher {
    Hasher::new([3; 32])
}

fn teams() -> Teams {
    let mut teams = Teams::of_house(Team::default());
    let north = Team { name: "north".to_owned(), ..Team::default() };
    teams.add(north, Member::parse("@north.us.example"));
    teams
}

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + hours * 3600).unwrap()
}

/// What is recorded of a mail from here to there.
fn recorded_of(
    set: &PolicySet,
    shadow: Option<&PolicySet>,
    from: &str,
    to: &str,
    text: &str,
) -> Record {
    let mail = format!("Message-ID: <m1@us.example>\r\n\r\n{text}\r\n");
    let reading = message::read(mail.as_bytes(), &Limits::default());
    let to = Recipient::plain(ForwardPath::parse(to).unwrap());
    let envelope = Envelope::to_one(ReversePath::parse(from).unwrap(), to);
    let organisation =
        Organisation { name: "Us".to_owned(), domains: vec!["us.example".to_owned()] };
    let question = |policies| Question {
        policies,
        reading: &reading,
        envelope: &envelope,
        organisation: &organisation,
        mode: Mode::Enforce,
        standing: Standing::default(),
    };
    let (weighed, spoken) = set.weigh_in_full(&reading);
    assert_eq!(weighed, set.weigh(&reading), "looking closer changes nothing");
    let asked = question(set);
    let decision = decision::decide_by(&asked, &weighed);
    let mut sketch = Sketch::of(&asked, &weighed, &spoken);
    if let Some(shadow) = shadow {
        let weighed = shadow.weigh(&reading);
        let shadowed = ["delay".to_owned()];
        sketch = sketch.with_shadow(&decision, &question(shadow), &weighed, &shadowed);
    }
    let dossier = Dossier {
        subject: "Secret".to_owned(),
        message_id: reading.header.message_id.clone(),
        references: Vec::new(),
        header_from_name: String::new(),
        decision: decision.clone(),
        call: crate::call::CallSheet::default(),
    };
    let draft = Draft::of(&envelope, &decision, &dossier, Some(Box::new(sketch)), at(0));
    draft.record(&hasher(), &teams()).unwrap()
}

fn recorded(set: &PolicySet, text: &str) -> Record {
    recorded_of(set, None, "ann@north.us.example", "bob@outside.example", text)
}

/// The policy that a mail is held by, and how sure it is.
fn judged(set: &PolicySet, text: &str) -> (Option<String>, Vec<(String, f64)>) {
    let record = recorded(set, text);
    let policy = record.detail.policy.clone().filter(|_| record.fate.is_hold());
    let near = record.detail.near.into_iter().map(|near| (near.policy, near.probability));
    (policy, near.collect())
}

#[test]
fn thresholds_and_weights_are_exact() {
    let live = set(DELAY);
    for (change, changed) in [
        (
            Change::Threshold { policy: "delay".to_owned(), to: 0.2 },
            DELAY.replace("threshold = 0.5", "threshold = 0.2"),
        ),
        (
            Change::Threshold { policy: "delay".to_owned(), to: 0.9 },
            DELAY.replace("threshold = 0.5", "threshold = 0.9"),
        ),
        (weight(Some("delay"), "late", 4.5), DELAY.replace("weight = 3.0", "weight = 4.5")),
        (weight(None, "late", 0.5), DELAY.replace("weight = 3.0", "weight = 0.5")),
        (weight(Some("delay"), "sorry", 5.0), DELAY.replace("weight = 1.5", "weight = 5.0")),
        (weight(Some("delay"), "only-tea", -6.0), DELAY.replace("weight = -2.0", "weight = -6.0")),
        (weight(Some("delay"), "angry", 2.0), DELAY.replace("weight = 0.5", "weight = 2.0")),
    ] {
        let then = set(&changed);
        for text in MAILS {
            let record = recorded(&live, text);
            let effect = rejudge([&record], &change);
            let (policy, _) = judged(&then, text);
            let after = effect.changed.first().map_or_else(
                || record.detail.policy.clone().filter(|_| record.fate.is_hold()),
                |changed| changed.after.clone(),
            );
            // Mail that came nowhere near is not told apart, and that is said.
            let near = record.detail.near.iter().any(|n| n.policy == "delay" && n.sum.is_some());
            if near || !effect.unseen {
                assert_eq!(after, policy, "{change:?}: {text}");
            }
            assert_eq!(effect.uncertain, 0);
            assert!(!effect.estimate);
        }
    }
}

fn weight(policy: Option<&str>, signal: &str, to: f64) -> Change {
    Change::Weight { policy: policy.map(str::to_owned), signal: signal.to_owned(), to }
}

#[test]
fn a_recorded_sum_is_the_sum_that_was_weighed() {
    let shipped = PolicySet::compile(
        &PolicySet::shipped(),
        Some(std::sync::Arc::new(crate::policy::Embedded { reader: false })),
    )
    .unwrap();
    let texts = [
        "Unfortunately we cannot cover your claim. The warranty has ended.",
        "Your order will be two weeks late. We are sorry. The spare part is not available.",
        "We have to raise our prices by 8 % from January. The contract ends in May.",
    ];
    for text in texts {
        let record = recorded(&shipped, text);
        let sums = record.detail.near.iter().filter_map(|near| Some((near, near.sum.as_ref()?)));
        let mut seen = 0;
        for (near, sum) in sums {
            let weighed = near.probability;
            let again = 1.0 / (1.0 + (-sum.log_odds()).exp());
            assert!((weighed - again).abs() < 1e-9, "{}: {weighed} {again}", near.policy);
            seen += 1;
        }
        assert!(seen > 0, "{text}");
    }
}

#[test]
fn a_phrase_damps_the_sentences_that_have_it_and_is_called_an_estimate() {
    let records = MAILS.map(|text| recorded(&set(DELAY), text));
    let phrase = hasher().phrase("pump is late").unwrap();
    let change = Change::Phrase { policy: Some("delay".to_owned()), phrase, weight: -3.0 };
    let effect = rejudge(&records, &change);
    assert!(effect.estimate);
    let damped =
        DELAY.to_owned() + "[[signal]]\nname = \"pump\"\nweight = -3.0\nany = [\"pump is late\"]\n";
    let then = MAILS.iter().filter(|text| judged(&set(&damped), text).0.is_some()).count();
    assert_eq!(effect.after, then as u64);
    assert!(effect.after <= effect.before);
}

#[test]
fn a_narrower_scope_spares_whom_it_names() {
    let live = set(DELAY);
    let text = "It is late, and we refuse it. It is late, sorry.";
    let records = [
        recorded_of(&live, None, "ann@north.us.example", "bob@outside.example", text),
        recorded_of(&live, None, "eva@us.example", "kim@partner.example", text),
    ];
    let (new, hasher) = (ScopeChange::default, hasher());
    for (scope, wanted) in [
        (new().senders(&hasher, Side::Except, &["ANN@north.us.example"]), [true, false]),
        (new().senders(&hasher, Side::Except, &["*@us.example"]), [false, true]),
        (new().senders(&hasher, Side::Only, &["*@north.us.example"]), [false, true]),
        (new().recipients(&hasher, Side::Except, &["*@partner.example"]), [false, true]),
        (new().recipients(&hasher, Side::Only, &["*@partner.example"]), [true, false]),
    ] {
        let scope = scope.unwrap();
        for (record, spared) in records.iter().zip(wanted) {
            let change = Change::Scope { policy: "delay".to_owned(), scope: scope.clone() };
            let effect = rejudge([record], &change);
            assert_eq!(!effect.changed.is_empty(), spared, "{scope:?}");
        }
    }
    let german = new().languages(&[Language::De]);
    assert!(german.spares(&records[0].detail) || records[0].detail.language.is_none());
    assert!(new().senders(&hasher, Side::Only, &["ann*@us.example"]).is_err());
    assert!(new().recipients(&hasher, Side::Only, &["bob@outside.example"]).is_err());
}

#[test]
fn what_would_be_held_is_counted_by_day_team_and_policy() {
    let live = set(DELAY);
    let mut records: Vec<Record> = MAILS.iter().map(|text| recorded(&live, text)).collect();
    let late = recorded_of(&live, None, "eva@us.example", "bob@outside.example", MAILS[1]);
    records.push(Record { at: at(24), ..late });
    let rows = |outlook| projected(&records, outlook, jiff::tz::TimeZone::UTC);
    let count = |rows: &[Row]| -> Vec<(String, String, [u64; 3])> {
        let one = |r: &Row| (r.team.clone(), r.policy.clone(), [r.held, r.notified, r.observed]);
        rows.iter().map(one).collect()
    };
    let as_it_was = count(&rows(Outlook::default()));
    let held = |policy: &str| {
        let is_held = |text: &&&str| judged(&live, text).0.as_deref() == Some(policy);
        MAILS.iter().filter(is_held).count() as u64
    };
    let (delays, refusals) = (held("delay"), held("refusal"));
    let wanted = [
        ("north".to_owned(), "delay".to_owned(), [delays, 0, 0]),
        ("north".to_owned(), "refusal".to_owned(), [0, refusals, 0]),
        (String::new(), "delay".to_owned(), [1, 0, 0]),
    ];
    assert_eq!(as_it_was, wanted);
    let observed = rows(Outlook::default().mode("delay", Some("north"), Mode::Observe));
    assert!(count(&observed).contains(&("north".into(), "delay".into(), [0, 0, delays])));
    let none = rows(Outlook::default().threshold("delay", 0.999).threshold("refusal", 0.999));
    assert!(none.is_empty());
    use crate::policy::Preset;
    let all = |rows: Vec<Row>| rows.iter().map(Row::all).sum::<u64>();
    let [cautious, balanced, strict] = [Preset::Cautious, Preset::Balanced, Preset::Strict]
        .map(|to| all(rows(Outlook::default().preset(Preset::Balanced, to))));
    assert!(cautious <= balanced && balanced <= strict, "{cautious} {balanced} {strict}");
    let with = |preset| set(DELAY).with_preset(preset);
    let strictly = MAILS.iter().filter(|t| judged(&with(Preset::Strict), t).0.is_some()).count();
    let late = judged(&with(Preset::Strict), MAILS[1]).0.is_some();
    assert_eq!(strict, strictly as u64 + u64::from(late));
}

#[test]
fn a_shadow_is_noted_where_it_differs_or_comes_near() {
    let (live, shadow) = (set(DELAY), set(&DELAY.replace("weight = 3.0", "weight = 9.0")));
    let record =
        |text| recorded_of(&live, Some(&shadow), "ann@us.example", "bob@outside.example", text);
    let more = record("Your pump is late.");
    let differences: Vec<Difference> = shadow_differences([&more]).collect();
    assert_eq!(differences.len(), 1);
    assert_eq!(
        (differences[0].live.as_deref(), differences[0].shadow.as_deref()),
        (None, Some("delay"))
    );
    let same = record("Your pump is late. Sorry, it is late again. It is late, sorry.");
    assert!(same.detail.shadow.is_some(), "it came near");
    assert_eq!(shadow_differences([&same]).count(), 0);
    assert!(record("All is well.").detail.shadow.is_none());
}

#[test]
fn a_record_has_no_word_and_no_address() {
    let live = set(DELAY);
    let held = recorded(&live, MAILS[6]);
    let text = serde_json::to_string(&held).unwrap();
    for secret in ["ann", "bob", "outside", "example", "Secret", "it is", "m1"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let exempt =
        recorded_of(&live, None, "legal@us.example", "bob@outside.example", "We refuse it.");
    assert_eq!(exempt.fate, Fate::Exempt);
    assert_eq!(exempt.detail.message_id.as_deref(), Some("m1@us.example"), "to be found by");
    assert_eq!(exempt.detail.near[0].spared, Some(decision::Reason::ExemptSender));
    let read: Detail = serde_json::from_str(&serde_json::to_string(&held.detail).unwrap()).unwrap();
    assert_eq!(read, held.detail);
}

#[test]
fn an_exempt_mail_is_held_by_no_supposed_threshold() {
    let live = set(DELAY);
    let exempt =
        recorded_of(&live, None, "legal@us.example", "bob@outside.example", "We refuse it.");
    let inside = recorded_of(&live, None, "ann@us.example", "kim@us.example", "We refuse it.");
    for record in [exempt, inside] {
        let lower = Outlook::default().threshold("refusal", 0.05);
        assert!(lower.decides(&record).is_none());
    }
}
