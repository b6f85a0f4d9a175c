//! How to tell it: the guide for this very mail.
//!
//! Takes what was read and decided and a [`Guides`]; gives a [`Guide`]. The sentences come from
//! `policies/guides/<language>.toml`, in the language of the mail, because they are said to its
//! recipient. What they quote and name is the mail's own, or is left out.

mod departments;
mod drop;
mod file;
mod fill;
mod guides;

use self::{
    file::{Lines, Sheet},
    fill::{AMOUNTS, DATES, NAME, ORGANISATION, WORDS, comma_name},
};
use super::{
    FirstQuestion, Guide, Part,
    said::{Said, said},
};
use crate::{
    decision::{Decision, Organisation},
    message::{Language, Reading},
};
pub(crate) use fill::fill;
pub use guides::Guides;

/// A sentence of the mail is quoted up to here, in characters.
const MAX_QUOTE: usize = 200;

/// Categories in which we refuse or end something: they owe a reason. In the others something went
/// wrong: they owe a word about whose doing it was.
const REFUSALS: [&str; 6] = [
    "warranty_denial",
    "claim_denial",
    "refund_refusal",
    "price_increase",
    "service_termination",
    "rejection",
];

const APOLOGY: &str = "email_apology";

/// The guide for a mail, in this language, said to this person.
pub(super) fn write(
    guides: &Guides,
    reading: &Reading,
    decision: &Decision,
    organisation: &Organisation,
    (language, name): (Language, &str),
) -> Guide {
    let Some(sheet) = guides.sheet(language) else { return Guide::default() };
    let category = decision.category.as_deref().unwrap_or_default();
    let own = sheet.categories.get(category);
    let Some(lines) = own.or_else(|| sheet.categories.get("other")) else {
        return Guide::default();
    };
    let name = comma_name(name);
    let say = |line: &String| fill(line, &[(NAME, &name)]);
    let three = [&lines.regret, &lines.responsibility, &lines.remedy].map(say);
    let said = said(reading, decision, language);
    let house = match organisation.name.as_str() {
        "" => "…",
        name => name,
    };
    let drop = drop::find(&sheet.drop, reading, decision);
    let afterwards = afterwards(sheet, drop.first().map(|d| d.words.as_str()));
    Guide {
        parts: parts(sheet, &said, category),
        lines: three.into(),
        avoid: vec![sheet.voice_mail.clone()],
        news: lines.news.clone(),
        facts: facts(sheet, &said),
        first_question: first_question(lines),
        drop,
        offer: decision.terms.offer.clone(),
        escalation: decision.terms.escalation.clone(),
        if_nobody_answers: fill(&sheet.leave, &[(NAME, name.as_str()), (ORGANISATION, house)]),
        afterwards,
    }
}

fn first_question(lines: &Lines) -> FirstQuestion {
    FirstQuestion { question: lines.question.clone(), answer: lines.answer.clone() }
}

/// The dates and amounts of the news, each in a line of its own.
fn facts(sheet: &Sheet, said: &Said<'_>) -> Vec<String> {
    let pairs = [(&sheet.dates, DATES, &said.dates), (&sheet.amounts, AMOUNTS, &said.amounts)];
    let found = pairs.into_iter().filter(|(_, _, facts)| !facts.is_empty());
    found.map(|(line, name, facts)| fill(line, &[(name, &facts.join(", "))])).collect()
}

/// What the mail says of each R, and what it lacks. A word that may be meant so keeps us from
/// saying that it is not there.
fn parts(sheet: &Sheet, said: &Said<'_>, category: &str) -> Vec<Part> {
    let missing = &sheet.missing;
    // A plain apology names what it is for.
    let owned = said.hint_of_ownership || (category == APOLOGY && said.regret.is_some());
    let hedged = |words| fill(&missing.plain_regret, &[(WORDS, words)]);
    let regret = match (said.regret, said.condition) {
        (Some(plain), _) => (Some(plain), None),
        (None, Some((sentence, words))) => (Some(sentence), Some(hedged(words))),
        (None, None) => (None, Some(missing.regret.clone())),
    };
    let responsibility = match REFUSALS.contains(&category) {
        true => (said.reason, (!said.hint_of_reason).then(|| missing.reason.clone())),
        false => (said.ownership, (!owned).then(|| missing.ownership.clone())),
    };
    let remedy = match (said.hint_of_remedy, said.time) {
        (false, _) => (None, Some(missing.remedy.clone())),
        (true, false) => (said.remedy, Some(missing.date.clone())),
        (true, true) => (said.remedy, None),
    };
    let part = |(says, lacks): (Option<&str>, Option<String>)| Part {
        says: says.map(quoted).unwrap_or_default(),
        lacks: lacks.unwrap_or_default(),
    };
    [regret, responsibility, remedy].map(part).into()
}

/// A sentence of the mail, cut between words where it is long.
fn quoted(sentence: &str) -> String {
    let text = sentence.trim_start_matches(['-', '•', '*', ' ']).trim();
    let Some((end, _)) = text.char_indices().nth(MAX_QUOTE) else { return text.to_owned() };
    let cut = text.get(..end).unwrap_or_default();
    let whole = cut.rfind(char::is_whitespace).and_then(|at| cut.get(..at)).unwrap_or(cut);
    format!("{} …", whole.trim_end())
}

/// What to change in the held text; the first phrase to drop is named.
fn afterwards(sheet: &Sheet, phrase: Option<&str>) -> Vec<String> {
    let lines = &sheet.afterwards;
    let take_out = phrase.map(|words| fill(&lines.take_out, &[(WORDS, words)]));
    let begin = std::iter::once(lines.begin.clone());
    begin.chain(take_out).chain([lines.agreed.clone(), lines.send_new.clone()]).collect()
}

#[cfg(test)]
mod tests;
