//! How to tell it: regret, responsibility, remedy, and what to leave out.
//!
//! The sentences come from `guides/<language>.toml`, one table a category. They are said to the
//! recipient, so they are in the language of the mail. `avoid` answers the mail's own words where
//! they belong to the phrases that spoil an apology.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::Guide;
use crate::message::{Language, PassageKind, Reading};

/// More advice than this is not read before a call.
const MAX_AVOID: usize = 4;

/// One language's guide.
#[derive(Debug, Default, Deserialize)]
struct Sheet {
    /// What always holds: no voice mail, no "if".
    avoid: Vec<String>,
    /// Phrases of the mail that spoil an apology; the advice quotes the words as `{words}`.
    #[serde(default)]
    drop: Vec<Spoiler>,
    /// By category; `other` is for the rest.
    #[serde(flatten)]
    categories: BTreeMap<String, Lines>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spoiler {
    /// In the normal form of [`crate::message::Sentence::normal`].
    phrases: Vec<String>,
    advice: String,
}

/// `{, name}` becomes ", Mrs Hall", or nothing where no name is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    regret: String,
    responsibility: String,
    remedy: String,
}

/// The files, by language.
const TEXTS: [(&str, &str); 7] = [
    ("en", include_str!("guides/en.toml")),
    ("de", include_str!("guides/de.toml")),
    ("fr", include_str!("guides/fr.toml")),
    ("es", include_str!("guides/es.toml")),
    ("it", include_str!("guides/it.toml")),
    ("nl", include_str!("guides/nl.toml")),
    ("pt", include_str!("guides/pt.toml")),
];

static SHEETS: LazyLock<BTreeMap<&'static str, Sheet>> = LazyLock::new(|| {
    // A test reads every file strictly; here one that failed would only mean an empty guide.
    TEXTS.into_iter().map(|(code, text)| (code, toml::from_str(text).unwrap_or_default())).collect()
});

/// The guide for a mail of this category, in this language, said to this person.
pub(super) fn write(
    category: Option<&str>,
    language: Language,
    name: &str,
    reading: &Reading,
) -> Guide {
    let Some(sheet) = SHEETS.get(language.code()) else { return Guide::default() };
    let lines = category.and_then(|c| sheet.categories.get(c)).or(sheet.categories.get("other"));
    let name =
        if name.is_empty() || is_department(name) { String::new() } else { format!(", {name}") };
    let lines = lines.map_or_else(Vec::new, |l| {
        [&l.regret, &l.responsibility, &l.remedy].map(|s| s.replace("{, name}", &name)).into()
    });
    let mut avoid = sheet.avoid.clone();
    avoid.extend(spoilers(sheet, reading));
    avoid.truncate(MAX_AVOID);
    Guide { lines, avoid }
}

/// Names of departments and of addresses that many read: nobody says "I am sorry, Accounts".
const DEPARTMENTS: &[&str] = &[
    "accounting",
    "accounts",
    "achats",
    "acquisti",
    "administratie",
    "administration",
    "administrativo",
    "amministrazione",
    "atendimento",
    "billing",
    "boekhouding",
    "buchhaltung",
    "compras",
    "comptabilité",
    "contabilidad",
    "contabilidade",
    "contabilità",
    "contact",
    "customer",
    "department",
    "einkauf",
    "finance",
    "financeiro",
    "helpdesk",
    "info",
    "inkoop",
    "invoices",
    "kundendienst",
    "kundenservice",
    "office",
    "orders",
    "payable",
    "purchasing",
    "reception",
    "rechnungen",
    "sales",
    "secretariat",
    "sekretariat",
    "service",
    "support",
    "team",
    "vendas",
    "vendite",
    "ventas",
    "ventes",
    "verkauf",
    "verkoop",
    "vertrieb",
];

/// Whether one of the name's words names a department.
fn is_department(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.into_iter().any(|word| DEPARTMENTS.contains(&word.as_str()))
}

/// The mail's own words that are better left out when talking, each kind once.
fn spoilers<'a>(sheet: &'a Sheet, reading: &'a Reading) -> impl Iterator<Item = String> + 'a {
    let said = |phrase: &str| {
        reading
            .of_kind(PassageKind::New)
            .flat_map(|p| &p.sentences)
            .any(|sentence| sentence.normal.contains(phrase))
    };
    sheet.drop.iter().filter_map(move |spoiler| {
        let words = spoiler.phrases.iter().find(|p| said(p))?;
        Some(spoiler.advice.replace("{words}", words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn every_language_has_three_lines_for_every_category() {
        for language in Language::ALL {
            let (_, text) = TEXTS.iter().find(|(code, _)| *code == language.code()).unwrap();
            let sheet: Sheet = toml::from_str(text).unwrap();
            assert!(!sheet.avoid.is_empty());
            let names: Vec<_> = sheet.categories.keys().map(String::as_str).collect();
            let mut expected = CATEGORIES.to_vec();
            expected.sort_unstable();
            assert_eq!(names, expected, "{}", language.code());
            for category in CATEGORIES {
                for name in ["Susan Hall", ""] {
                    let guide = write(Some(category), language, name, &Reading::default());
                    assert_eq!(guide.lines.len(), 3);
                    for line in &guide.lines {
                        assert!(!line.contains(['{', '}']), "{category}: {line}");
                        assert!(line.chars().count() <= 260, "{category}: too long to say: {line}");
                    }
                    assert_eq!(
                        guide.lines[0].contains("Susan Hall"),
                        !name.is_empty(),
                        "{category} {}",
                        language.code()
                    );
                }
            }
        }
    }

    #[test]
    fn a_department_is_not_spoken_to_by_name() {
        let first = |name| {
            write(Some("rejection"), Language::En, name, &Reading::default()).lines[0].clone()
        };
        for name in ["Accounts", "Accounts Payable", "Team Einkauf", "info"] {
            assert_eq!(first(name), first(""), "{name}");
        }
        assert!(first("Susan Hall").contains(", Susan Hall"));
    }

    #[test]
    fn an_unknown_category_gets_the_general_guide() {
        let guide = write(Some("made_up"), Language::En, "", &Reading::default());
        assert_eq!(guide, write(Some("other"), Language::En, "", &Reading::default()));
    }

    #[test]
    fn words_that_spoil_an_apology_are_answered_in_the_mails_language() {
        use crate::message::{Passage, Sentence};
        let advice = |language, kind, normal: &str| {
            let sentence = Sentence { text: normal.into(), normal: normal.into() };
            let passage = Passage { kind, sentences: vec![sentence], text: normal.into() };
            let reading = Reading { passages: vec![passage], ..Reading::default() };
            write(Some("email_apology"), language, "", &reading).avoid
        };
        let english = "we apologise for any inconvenience this may have caused";
        let heard = advice(Language::En, PassageKind::New, english);
        assert_eq!(heard.len(), 2);
        assert!(heard[1].contains("any inconvenience this may have"), "{heard:?}");
        let heard =
            advice(Language::De, PassageKind::New, "leider gilt das laut unseren agb nicht");
        assert_eq!(heard.len(), 3, "{heard:?}");
        let quoted = advice(Language::En, PassageKind::Quoted, english);
        assert_eq!(quoted.len(), 1, "the customer's words were held against the sender");
    }
}
