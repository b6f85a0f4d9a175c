//! Which telephone numbers are the recipient's.
//!
//! Takes numbers from what people outside wrote, from sentences of the sender that speak of *your*
//! number, and from what a directory says. Never a fax, never a number of our own: a number that
//! stands in our signature, in quoted mail of ours, beside "call us" or in the directory of our own
//! people is struck out wherever else it stands. In doubt a number is left out: calling a stranger
//! with bad news is worse than looking the number up.

mod candidate;
mod houses;
mod labels;
mod lexicon;
mod listed;
mod mailed;
mod meeting;
mod somebody;
mod spelling;
mod stretch;
mod told;
mod whose;
mod words;

use std::collections::BTreeSet;

use rlibphonenumber::Region;

use self::mailed::{Mailed, Search};
use super::{
    Number, Person, Source, Told,
    names::Names,
    region,
    thread::{Author, Thread},
};
use crate::message::{Language, Reading};

pub use self::listed::{dialled, is_country};

/// More choices than this are no help.
const MAX_NUMBERS: usize = 5;
/// However many agree, a number may have changed hands.
const SUREST: f64 = 0.99;

/// The recipient's numbers, best first.
pub(super) fn find(
    reading: &Reading,
    person: Option<&Person>,
    thread: &Thread,
    language: Language,
    told: &Told,
) -> Vec<Number> {
    let (address, name) = person.map_or(("", ""), |p| (&p.address, &p.name));
    let (mut theirs, ours) = in_mail(reading, (address, name), thread, language);
    let entries = told.entries.iter();
    theirs.extend(entries.flat_map(|entry| listed::numbers(entry, address, language)));
    theirs.retain(|n| !ours.contains(&n.e164) && !told.ours.contains(&n.e164));
    merged(theirs)
}

/// Theirs and ours by the mail. A number in our new words that is not said to be theirs is no
/// proof of being ours: where a directory lists it, it stays.
fn in_mail(
    reading: &Reading,
    person: (&str, &str),
    thread: &Thread,
    language: Language,
) -> (Vec<Number>, BTreeSet<String>) {
    let theirs = thread.segments.iter().filter(|s| s.author != Author::Ours);
    let lines = theirs.flat_map(|s| &s.lines);
    let quoted: String = lines.flat_map(|line| [line.as_str(), "\n"]).collect();
    let mut ours = BTreeSet::new();
    // Numbers with a country code are found under any plan, so that an empty first try means that
    // the guess was wrong.
    let from = reading.header.from.first();
    let own = from.map_or_else(Names::default, |a| Names::of(&a.name, &a.address));
    let earlier = earlier(reading, region::spoken(person.0)).unwrap_or(language);
    let newly = reading.language.unwrap_or(earlier);
    let (address, name) = person;
    let mut regions = region::guesses(address, &quoted, reading.language.unwrap_or(earlier));
    for spoken in [earlier, language] {
        regions.extend(region::guesses(address, &quoted, spoken));
    }
    let mut tried: Vec<Region> = Vec::new();
    for region in regions {
        if tried.contains(&region) {
            continue;
        }
        tried.push(region);
        let search = Search { address, name, own: &own, newly, earlier, region };
        let found = Mailed::find(thread, search);
        let kept = found.kept();
        ours.extend(found.struck);
        if !kept.is_empty() {
            return (kept, ours);
        }
    }
    (Vec::new(), ours)
}

/// The language of the thread. Of few words the guess may be wrong: where the answer is in the language
/// that is spoken there, so was the question.
fn earlier(reading: &Reading, spoken: Option<Language>) -> Option<Language> {
    let newly = reading.language;
    let agreed = spoken.filter(|_| spoken == newly);
    agreed.or_else(|| reading.quoted_language()).or(newly).or(spoken)
}

/// Each number once, surest first. Where witnesses agree that do not know of each other, it is surer.
fn merged(mut numbers: Vec<Number>) -> Vec<Number> {
    numbers.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Number> = Vec::new();
    for number in numbers {
        let Some(known) = kept.iter_mut().find(|k| k.e164 == number.e164) else {
            kept.push(number);
            continue;
        };
        let heard = std::iter::once(&known.source).chain(&known.also);
        if heard.into_iter().any(|source| are_one_witness(*source, number.source)) {
            continue;
        }
        known.also.push(number.source);
        known.written = known.written.or(number.written);
        let doubt = (1.0 - known.confidence) * (1.0 - number.confidence);
        known.confidence = rounded((1.0 - doubt).min(SUREST));
    }
    kept.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    kept.truncate(MAX_NUMBERS);
    kept
}

/// What stands in the quoted thread was written once, and what we say now and said earlier is said
/// by us. The table of people is often an export of the LDAP directory.
fn are_one_witness(one: Source, other: Source) -> bool {
    let quoted = [Source::Signature, Source::QuotedText, Source::Colleague, Source::OwnEarlier];
    let said_by_us = [Source::NewText, Source::OwnEarlier];
    let listed_by_us = [Source::Directory, Source::Ldap];
    let both = |of: &[Source]| of.contains(&one) && of.contains(&other);
    one == other || both(&quoted) || both(&said_by_us) || both(&listed_by_us)
}

/// Two decimals are all that a guess deserves.
fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}
