//! The numbers of a stretch, and what the words beside each tell of it.

use rlibphonenumber::Region;

use super::{
    candidate::{Candidate, in_text},
    labels::{Label, is_place},
    lexicon::{Cue, cue},
    meeting,
    stretch::Stretch,
    whose::{People, Whose, whose},
};

/// The candidates of a stretch, whose each is said to be, and the words beside it.
pub(super) fn read<'s>(
    stretch: &'s Stretch,
    people: People<'_>,
    region: Region,
) -> Vec<(Candidate, Whose, (&'s str, &'s str))> {
    let candidates = in_text(&stretch.text, region);
    let mut all = Vec::with_capacity(candidates.len());
    let mut last = Whose::Unsaid;
    for (at, candidate) in candidates.iter().enumerate() {
        let above = at.checked_sub(1).and_then(|n| candidates.get(n));
        let (before, behind) = stretch.beside(candidate, above, candidates.get(at + 1));
        let goes_on = above.is_some_and(|a| stretch.in_one_sentence(a, candidate));
        let mut said = whose(before, behind, !goes_on, people);
        if last == Whose::Dead && said == Whose::Dead {
            // "1 is the old one, it's now 2": what is said before the comma is said of the other.
            let clause = before.rsplit([',', ';', ')']).next().unwrap_or_default();
            said = whose(clause, behind, false, people);
        }
        if goes_on {
            said = going_on(said, last, before);
        }
        last = said;
        let mut candidate = candidate.clone();
        if stretch.meeting || meeting::is_dialled_in(stretch.sentence(&candidate), behind) {
            candidate.label = Label::Machine;
        }
        all.push((candidate, said, (before, behind)));
    }
    all
}

/// Whose a number is in a sentence that spoke of another: "on 1, otherwise on 2" goes on about the same,
/// "I called 1 and the shop, 2" too. "No longer 1, but 2" does not.
fn going_on(said: Whose, last: Whose, before: &str) -> Whose {
    let words = before.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    match (said, last) {
        (Whose::Unsaid, Whose::Dead) if !words.clone().all(is_and) => Whose::Writer,
        (Whose::Unsaid, last) => last,
        (Whose::Placed, Whose::Dialled | Whose::Reader) => last,
        (said, _) => said,
    }
}

/// What joins two numbers of one kind.
fn is_and(word: &str) -> bool {
    const AND: &str = "and or und oder et ou y o e ed en of";
    AND.split(' ').any(|and| and.eq_ignore_ascii_case(word))
}

/// Whether the words before a number name a desk or a shop: "Emergencies 0171 ..." is no one person's.
pub(super) fn names_a_place(before: &str) -> bool {
    before.split(|c: char| !c.is_alphabetic()).any(|word| is_place(&word.to_lowercase()))
}

/// Whether the words right before a number say that it is dead, with no other digits between.
pub(super) fn dies_at_once((before, behind): (&str, &str), people: People<'_>) -> bool {
    let is_dead = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        cue(&word, people.language) == Some(Cue::Dead)
    };
    let digits = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let near = |word: &&str| !digits(word);
    before.split_whitespace().rev().take_while(near).take(3).any(is_dead)
        || behind.split_whitespace().take_while(near).take(3).any(is_dead)
}
