//! The tables of a policy file.

use super::{
    WrittenList, WrittenSignal, lists, refuse_twins,
    rollout::rollout,
    sending::{minimum_wait, second_person, waits},
    signal,
};
use crate::{
    message::Language,
    policy::{
        Exemption, Glob, HeaderGlob, OnExpiry, Policy, PolicyMode, PolicyTest, Scope, Terms,
        document::{Located, Table},
    },
};

/// Tests in one policy.
const MAX_TESTS: usize = 300;

/// Offers of one policy, and characters of one: they are read while the telephone rings.
const MAX_OFFERS: usize = 8;
const MAX_OFFER_CHARS: usize = 120;

/// A policy as written.
#[derive(Debug)]
pub(in crate::policy) struct WrittenPolicy {
    pub(in crate::policy) file: String,
    pub(in crate::policy) id: Located<String>,
    pub(in crate::policy) policy: Policy,
    pub(in crate::policy) without: Vec<Located<String>>,
    pub(in crate::policy) lists: Vec<WrittenList>,
    pub(in crate::policy) signals: Vec<WrittenSignal>,
}

/// The log-odds of news before a word is read: about one mail in fifty.
const DEFAULT_BASE: f64 = -4.0;

/// The share of its weight that the learned model keeps outside English: what it knows of
/// ordinary mail is English.
const MODEL_OTHER_LANGUAGES: f64 = 0.75;

/// Reads a policy; where something is wrong it is recorded and a harmless value stands in.
pub(super) fn decode(root: &Table<'_>, file: &str) -> WrittenPolicy {
    let id = root.string("id").and_then(identifier).required_located();
    let id = id.unwrap_or(Located { value: String::new(), span: 0..0 });
    let signals = signal::decode_all(root);
    let policy = Policy {
        id: id.value.clone(),
        file: file.to_owned(),
        title: root.string("title").required().unwrap_or_default(),
        category: root.string("category").and_then(identifier).required().unwrap_or_default(),
        description: root.string("description").or(String::new()),
        enabled: root.boolean("enabled").or(true),
        mode: root.choice("mode", &PolicyMode::ALL).optional(),
        rollout: rollout(root, file),
        base: root.float("base", -12.0..=0.0).or(DEFAULT_BASE),
        threshold: 0.5,
        terms: Terms::default(),
        second_person_at: None,
        escalates_at: None,
        scope: scope(root),
        exempt: exemptions(root),
        tests: tests(root),
        model_weight: 0.0,
        model_clip: 0.0,
        model_other_languages: MODEL_OTHER_LANGUAGES,
        reader_weight: 0.0,
        reader_clip: 0.0,
    };
    let policy = model(root, call(root, hold(root, file, policy)));
    if signals.is_empty() && !root.has("signal") && policy.model_weight == 0.0 {
        let help = "add a [[signal]] with `name`, `weight` and `any`".to_owned();
        root.add(id.span.clone(), "the policy has no signals: it would never hold", Some(help));
    }
    let without = root.strings("without").or(Vec::new());
    let lists = lists(root, file, None);
    WrittenPolicy { file: file.to_owned(), id, policy, without, lists, signals }
}

fn identifier(text: String) -> Result<String, (String, Option<String>)> {
    let good = text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if good {
        return Ok(text);
    }
    let help = "use lower case letters, digits and `_`, at most 64".to_owned();
    Err((format!("\"{text}\" is no identifier"), Some(help)))
}

fn hold(root: &Table<'_>, file: &str, mut policy: Policy) -> Policy {
    let Some(table) = root.table("hold") else { return policy };
    let terms = &mut policy.terms;
    policy.threshold = table.float("threshold", 0.01..=0.999).or(policy.threshold);
    terms.remind_after = table.duration("remind_after").or(terms.remind_after);
    let expire = table.duration("expire_after").located();
    // What does not read has been told, and nothing is compared with it.
    let mut ends = expire.is_some() || !table.has("expire_after");
    if let Some(expire) = expire {
        terms.expire_after = expire.value;
        if terms.expire_after < terms.remind_after {
            let help = "let the reminder come first: a shorter `remind_after`".to_owned();
            let message = "`hold.expire_after` is shorter than `hold.remind_after`";
            table.add(expire.span, message, Some(help));
            ends = false;
        }
    }
    let actions =
        [("return", OnExpiry::Return), ("release", OnExpiry::Release), ("keep", OnExpiry::Keep)];
    let action = table.choice("expiry_action", &actions).located();
    terms.expiry_action = action.as_ref().map_or(terms.expiry_action, |action| action.value);
    let whole = Some(terms.expire_after).filter(|_| ends);
    let escalates = waits(&table, terms, whole);
    terms.send_anyway = table.boolean("send_anyway").or(terms.send_anyway);
    minimum_wait(&table, terms, whole);
    let second = second_person(&table, terms);
    if let Some(action) = action.filter(|a| a.value == OnExpiry::Release && second.is_some()) {
        let message = "`hold.expiry_action` would send it without `hold.second_person`";
        let help = "let it come back or stay: \"return\" or \"keep\"".to_owned();
        table.add(action.span, message, Some(help));
    }
    terms.split = table.choice("recipients", &[("whole", false), ("split", true)]).or(false);
    policy.second_person_at = second.map(|span| (file.to_owned(), span));
    policy.escalates_at = escalates.map(|span| (file.to_owned(), span));
    table.finish();
    policy
}

/// The `[call]` table: what the person who calls may offer, and who can offer more.
fn call(root: &Table<'_>, mut policy: Policy) -> Policy {
    let Some(table) = root.table("call") else { return policy };
    let offers = table.strings("offer").or(Vec::new());
    if let Some(extra) = offers.get(MAX_OFFERS) {
        let help = format!("nobody reads more than {MAX_OFFERS} before a call");
        table.add(extra.span.clone(), "too many offers", Some(help));
    }
    for offer in &offers {
        if let Err((message, help)) = one_line(offer.value.clone()) {
            table.add(offer.span.clone(), format!("`call.offer`: {message}"), help);
        }
    }
    policy.terms.offer = offers.into_iter().map(|offer| offer.value).collect();
    policy.terms.escalation = table.string("escalation").and_then(one_line).or(String::new());
    table.finish();
    policy
}

fn one_line(text: String) -> Result<String, (String, Option<String>)> {
    let length = text.chars().count();
    if length > MAX_OFFER_CHARS {
        let help = format!("use at most {MAX_OFFER_CHARS}: it is read while the telephone rings");
        return Err((format!("{length} characters are too long"), Some(help)));
    }
    if text.chars().any(char::is_control) {
        return Err(("has more than one line".to_owned(), Some("write one line".to_owned())));
    }
    Ok(text)
}

fn model(root: &Table<'_>, mut policy: Policy) -> Policy {
    let Some(table) = root.table("model") else { return policy };
    policy.model_weight = table.float("weight", 0.0..=2.0).required().unwrap_or(0.0);
    policy.model_clip = table.float("clip", 0.0..=8.0).or(2.0);
    policy.reader_weight = table.float("reader_weight", 0.0..=4.0).or(policy.model_weight);
    policy.reader_clip = table.float("reader_clip", 0.0..=12.0).or(policy.model_clip);
    policy.model_other_languages =
        table.float("other_languages", 0.0..=1.0).or(MODEL_OTHER_LANGUAGES);
    table.finish();
    policy
}

fn scope(root: &Table<'_>) -> Scope {
    let Some(table) = root.table("scope") else { return Scope::default() };
    let scope = Scope {
        senders: globs(&table, "senders"),
        except_senders: globs(&table, "except_senders"),
        recipients: globs(&table, "recipients"),
        except_recipients: globs(&table, "except_recipients"),
        headers: header_globs(&table, "headers"),
        except_headers: header_globs(&table, "except_headers"),
        languages: table
            .parsed_list("languages", "codes: en, de, fr, es, it, nl, pt", Language::from_code)
            .into_iter()
            .map(|l| l.value)
            .collect(),
    };
    table.finish();
    scope
}

/// All `[[exempt]]`s of a file.
pub(super) fn exemptions(root: &Table<'_>) -> Vec<Exemption> {
    let one = |table: Table<'_>| {
        let exemption = Exemption {
            name: table.string("name").required().unwrap_or_default(),
            senders: globs(&table, "senders"),
            recipients: globs(&table, "recipients"),
            headers: header_globs(&table, "headers"),
        };
        if !["senders", "recipients", "headers"].iter().any(|key| table.has(key)) {
            let help = "add `senders`, `recipients` or `headers`".to_owned();
            table.add(table.span(), "the exemption exempts nobody", Some(help));
        }
        table.finish();
        exemption
    };
    root.tables("exempt").into_iter().map(one).collect()
}

fn globs(table: &Table<'_>, key: &'static str) -> Vec<Glob> {
    let wanted = "addresses such as \"*@example.com\"";
    let read = |text: &str| text.contains(['@', '*']).then(|| Glob::new(text));
    table.parsed_list(key, wanted, read).into_iter().map(|g| g.value).collect()
}

fn header_globs(table: &Table<'_>, key: &'static str) -> Vec<HeaderGlob> {
    let wanted = "fields such as \"X-Department: legal*\"";
    let read = |text: &str| {
        let (name, value) = text.split_once(':')?;
        let good = !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic());
        good.then(|| HeaderGlob { name: name.to_owned(), value: Glob::new(value) })
    };
    table.parsed_list(key, wanted, read).into_iter().map(|g| g.value).collect()
}

fn tests(root: &Table<'_>) -> Vec<PolicyTest> {
    let tables = root.tables("test");
    if let Some(extra) = tables.get(MAX_TESTS) {
        let help = format!("a policy may have {MAX_TESTS}");
        extra.add(extra.span(), "too many tests", Some(help));
    }
    let mut names = Vec::new();
    let mut tests = Vec::new();
    for table in tables {
        let name = table.string("name").required_located();
        let test = PolicyTest {
            name: name.as_ref().map(|n| n.value.clone()).unwrap_or_default(),
            subject: table.string("subject").or(String::new()),
            text: table.string("text").required().unwrap_or_default(),
            quoted: table.string("quoted").optional(),
            attached: table.string("attached").optional(),
            from: table.string("from").optional(),
            to: table.string("to").optional(),
            hold: table.choice("expect", &[("hold", true), ("pass", false)]).required()
                == Some(true),
        };
        table.finish();
        names.extend(name);
        tests.push(test);
    }
    refuse_twins(root, names.iter(), "test");
    tests
}
