//! Names by where they stand: behind a greeting, a title, "my name is", or at the end.

use super::{
    chunks::{self, Chunk},
    known::Known,
    words,
};

/// The last sentences of a passage, in which a name may stand alone.
pub(super) const CLOSING_SENTENCES: usize = 3;
/// Words of one name: "Ana María de la Cruz".
const NAME_WORDS: usize = 5;
/// A line of more words than this is no closing.
const CLOSING_WORDS: usize = 6;

/// Learns the names that a sentence gives away by what stands around them; `closing` where it is
/// one of the last.
pub(super) fn in_sentence(chunks: &[Chunk<'_>], closing: bool, known: &mut Known) {
    greetings(chunks, known);
    for at in 0..chunks.len() {
        if is_title(chunks, at) || introduces(chunks, at) {
            take(chunks.get(at + 1..).unwrap_or_default(), known);
        }
    }
    if closing && chunks.len() <= CLOSING_WORDS {
        closing_line(chunks, known);
    }
}

/// Learns the words that have their capital in the middle of the sentence: they are names at its
/// beginning too.
pub(super) fn by_capital(chunks: &[Chunk<'_>], known: &mut Known) {
    if is_title_case(chunks) {
        return;
    }
    let pairs = chunks.windows(2).filter_map(|pair| Some((pair.first()?, pair.last()?)));
    for (_, chunk) in pairs.filter(|(before, _)| is_inside(Some(before))) {
        let words = chunks::runs(chunk.core).filter(|(run, _)| looks_like_one(run));
        words.for_each(|(run, _)| known.add(run, false));
    }
}

/// `Ann, your order …`, `Ann:`: whom the first sentence of a letter speaks to. `Delivery: …` is a
/// heading.
pub(super) fn spoken_to(chunks: &[Chunk<'_>], known: &mut Known) {
    let alone = chunks.len() == 1;
    let first = chunks.first().filter(|c| c.is_capitalised());
    let name = first.filter(|c| c.trail == "," || alone && c.trail == ":");
    name.into_iter().for_each(|c| known.add_words(c.core));
}

/// `Dear Ann,`, `hallo peter`, `Bonjour Madame Petit, cher Monsieur Grand,`.
fn greetings(chunks: &[Chunk<'_>], known: &mut Known) {
    let greets = |c: &Chunk<'_>| words::GREETINGS.contains(c.lower().as_str());
    let mut begins = true;
    for (at, chunk) in chunks.iter().enumerate() {
        if begins && greets(chunk) {
            greeting(chunks.get(at..).unwrap_or_default(), known);
        }
        begins = chunk.trail == "," || begins && greets(chunk);
    }
}

fn greeting(chunks: &[Chunk<'_>], known: &mut Known) {
    let greets = |c: &&Chunk<'_>| words::GREETINGS.contains(c.lower().as_str());
    let count = chunks.iter().take_while(greets).count();
    let ended = chunks.iter().take(count).any(|c| c.trail.contains(['!', '.']));
    if ended {
        return;
    }
    let behind = chunks.get(count..).unwrap_or_default();
    take(behind, known);
    // "hi bob," and "hi bob": a word alone, written small.
    if let Some(name) = behind.first().filter(|c| !c.is_capitalised())
        && (name.ends_clause() || behind.len() == 1)
    {
        known.add(name.core, true);
    }
}

/// The words of a name at the beginning of what is left of a sentence: capitals, particles between
/// them, titles passed over.
fn take(chunks: &[Chunk<'_>], known: &mut Known) {
    for (at, chunk) in chunks.iter().take(NAME_WORDS).enumerate() {
        let lower = chunk.lower();
        let title = words::TITLES.contains(stem(&lower));
        let particle = words::PARTICLES.contains(lower.as_str());
        // "Ann & Ben".
        let joint = chunk.lead == "&";
        if !title && !particle && !joint {
            if !chunk.is_capitalised() || words::is_common(&lower) {
                return;
            }
            known.add_words(chunk.core);
        }
        let abbreviated = title && chunk.trail == "." || chunk.core.chars().count() == 1;
        let ended = chunk.ends_clause() && !abbreviated;
        if ended || chunks.get(at + 1).is_some_and(|n| !n.lead.is_empty() && n.lead != "&") {
            return;
        }
    }
}

/// Whether a title stands here: capitalised, and "M" and "Fr" with their full stop.
fn is_title(chunks: &[Chunk<'_>], at: usize) -> bool {
    let Some(chunk) = chunks.get(at) else { return false };
    let lower = chunk.lower();
    let word = stem(&lower);
    let short = lower.chars().count() <= 2;
    words::TITLES.contains(word)
        && (chunk.is_capitalised()
            || words::SMALL_TITLES.contains(word)
            || !short && chunk.trail == ".")
        && (!chunk.ends_clause() || chunk.trail == ".")
        && (!short || chunk.trail == "." || words::BARE_TITLES.contains(word))
}

/// `dott.ssa` and `sig.ra` are the same titles as `dott` and `sig`.
fn stem(word: &str) -> &str {
    word.split('.').next().unwrap_or_default()
}

/// Whether "my name is", in any of the languages, ends here.
fn introduces(chunks: &[Chunk<'_>], at: usize) -> bool {
    words::INTRODUCTIONS.iter().any(|phrase| {
        let words: Vec<&str> = phrase.split(' ').collect();
        let Some(start) = (at + 1).checked_sub(words.len()) else { return false };
        let here = chunks.get(start..=at).unwrap_or_default();
        here.len() == words.len() && here.iter().zip(words).all(|(c, w)| c.lower() == w)
    })
}

/// `Ann Lee`, `Thanks, Ann`, `Viele Grüße Peter`.
fn closing_line(chunks: &[Chunk<'_>], known: &mut Known) {
    let closes = |c: &Chunk<'_>| words::CLOSINGS.contains(c.lower().as_str());
    let behind = match chunks.iter().rposition(closes) {
        Some(last) => chunks.get(last + 1..).unwrap_or_default(),
        None => chunks,
    };
    let has_closing = behind.len() < chunks.len();
    let all_names =
        behind.iter().all(|c| c.is_capitalised() || words::PARTICLES.contains(c.lower().as_str()));
    let ended = chunks.last().is_some_and(|c| c.trail.contains(['?', '!', ':']));
    let ends_like_prose = !has_closing && chunks.last().is_some_and(|c| c.trail.contains('.'));
    if all_names && !ended && !ends_like_prose {
        behind.iter().for_each(|c| known.add_words(c.core));
    }
}

/// Whether most words have capitals, as in headings: then a capital tells nothing.
pub(super) fn is_title_case(chunks: &[Chunk<'_>]) -> bool {
    let long = chunks.iter().filter(|c| c.core.chars().count() >= 3 && !c.is_number());
    let (capitals, all) =
        long.fold((0, 0), |(n, all), c| (n + usize::from(c.is_capitalised()), all + 1));
    all > 2 && capitals * 2 > all
}

/// Whether a word behind this one stands inside its sentence.
pub(super) fn is_inside(before: Option<&Chunk<'_>>) -> bool {
    // A hyphen alone may begin an item of a list.
    let lone = |c: &Chunk<'_>| c.core.is_empty() && matches!(c.lead, ";" | "," | "&");
    before.is_some_and(|c| {
        lone(c) || !c.core.is_empty() && !c.trail.contains([':', '.', '!', '?', '"', '“'])
    })
}

/// A word with one capital that is none of the common ones.
pub(super) fn looks_like_one(word: &str) -> bool {
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    capital
        && letters.next().is_some_and(char::is_lowercase)
        && !words::is_common(&word.to_lowercase())
}
