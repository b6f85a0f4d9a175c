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
    said::{Quote, Said, said},
};
use crate::{
    decision::{Decision, Organisation},
    message::{Language, Reading},
};
pub(crate) use fill::fill;
pub use guides::Guides;

/// A sentence of the mail is quoted up to here, in characters.
const MAX_QUOTE: usize = 200;
/// Of a sentence that is cut in front, so many characters stand behind the words found.
const TAIL: usize = 60;

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
    let afterwards = afterwards(sheet, drop.take_out.as_deref());
    Guide {
        parts: parts(sheet, &said, category),
        lines: three.into(),
        avoid: vec![sheet.voice_mail.clone()],
        news: lines.news.clone(),
        facts: facts(sheet, &said),
        first_question: first_question(lines),
        drop: drop.dropped,
        offer: decision.terms.offer.clone(),
        escalation: decision.terms.escalation.clone(),
        if_nobody_answers: fill(&sheet.leave, &[(NAME, name.as_str()), (ORGANISATION, house)]),
        afterwards,
    }
}

fn first_question(lines: &Lines) -> FirstQuestion {
    FirstQuestion { question: lines.question.clone(), answer: lines.answer.clone() }
}

/// The dates and amounts of the news, each in a line of its own, and how the mail says "you".
fn facts(sheet: &Sheet, said: &Said<'_>) -> Vec<String> {
    let pairs = [(&sheet.dates, DATES, &said.dates), (&sheet.amounts, AMOUNTS, &said.amounts)];
    let found = pairs.into_iter().filter(|(_, _, facts)| !facts.is_empty());
    let familiar = (said.familiar && !sheet.familiar.is_empty()).then(|| sheet.familiar.clone());
    found
        .map(|(line, name, facts)| fill(line, &[(name, &facts.join(", "))]))
        .chain(familiar)
        .collect()
}

/// What the mail says of each R, and what it lacks. That something is not there is said only of a
/// short mail without a word that may be meant so.
fn parts(sheet: &Sheet, said: &Said<'_>, category: &str) -> Vec<Part> {
    let missing = &sheet.missing;
    let lacks = |hint: bool, lack: &String, ask: &String| {
        Some(if said.short && !hint { lack.clone() } else { ask.clone() })
    };
    let hedged = |words| fill(&missing.plain_regret, &[(WORDS, words)]);
    let regret = match (&said.regret, &said.condition) {
        (Some(plain), _) => (Some(plain), None),
        (None, Some((sentence, words))) => (Some(sentence), Some(hedged(words))),
        (None, None) => (None, lacks(said.hint_of_regret, &missing.regret, &missing.ask_regret)),
    };
    // A plain apology names what it is for.
    let owned = said.hint_of_ownership || (category == APOLOGY && said.regret.is_some());
    let (quote, hint, lack, ask) = match REFUSALS.contains(&category) {
        true => (&said.reason, said.hint_of_reason, &missing.reason, &missing.ask_reason),
        false => (&said.ownership, owned, &missing.ownership, &missing.ask_ownership),
    };
    let responsibility = match quote {
        Some(quote) => (Some(quote), None),
        None => (None, lacks(hint, lack, ask)),
    };
    let undated = || (said.short && !said.time).then(|| missing.date.clone());
    let remedy = match &said.remedy {
        Some(quote) => (Some(quote), undated()),
        None => (None, lacks(said.hint_of_remedy, &missing.remedy, &missing.ask_remedy)),
    };
    let part = |(says, lacks): (Option<&Quote<'_>>, Option<String>)| Part {
        says: says.map(quoted).unwrap_or_default(),
        lacks: lacks.unwrap_or_default(),
    };
    [regret, responsibility, remedy].map(part).into()
}

/// A sentence of the mail; where it is long, what stands around the words found, cut between words.
fn quoted(quote: &Quote<'_>) -> String {
    let text = quote.sentence.trim_end();
    let bullet = text.len() - text.trim_start_matches(['-', '–', '•', '*', ' ']).len();
    let before = |at: usize| text.get(..at).unwrap_or_default();
    let chars = |from: usize, to: usize| text.get(from..to).unwrap_or_default().chars().count();
    let mut begin = bullet;
    if chars(begin, quote.words.end) > MAX_QUOTE {
        // As many characters before the words as there is room for, then on to a whole word.
        let room = MAX_QUOTE.saturating_sub(chars(quote.words.start, quote.words.end) + TAIL);
        let lead = before(quote.words.start).char_indices().rev().nth(room);
        let from = lead.map_or(bullet, |(at, _)| at);
        let gap = text.get(from..quote.words.start).and_then(|lead| lead.find(char::is_whitespace));
        begin = gap.map_or(quote.words.start, |gap| from + gap);
    }
    let rest = text.get(begin..).unwrap_or(text).trim_start();
    let head = if begin > bullet { "… " } else { "" };
    let Some((end, _)) = rest.char_indices().nth(MAX_QUOTE) else { return format!("{head}{rest}") };
    let cut = rest.get(..end).unwrap_or_default();
    let whole = cut.rfind(char::is_whitespace).and_then(|at| cut.get(..at)).unwrap_or(cut);
    format!("{head}{} …", whole.trim_end())
}

/// What to change in the held text; a phrase that may simply go is named.
fn afterwards(sheet: &Sheet, phrase: Option<&str>) -> Vec<String> {
    let lines = &sheet.afterwards;
    let take_out = phrase.map(|words| fill(&lines.take_out, &[(WORDS, words)]));
    let begin = std::iter::once(lines.begin.clone());
    begin.chain(take_out).chain([lines.agreed.clone(), lines.send_new.clone()]).collect()
}

#[cfg(test)]
mod tests;
