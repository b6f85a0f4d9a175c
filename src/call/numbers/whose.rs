//! Whose a number in a sentence is.
//!
//! Takes the words before and behind a number, says whether whoever writes gives his own, the
//! reader's, somebody else's, or one that is dead. The nearest word before it that tells decides:
//! "my driver's" is the driver's. A name nearer than "call me" is somebody's too. What is behind is asked
//! where nothing before tells, as verbs stand last in German and Dutch, and whether the number is dead.

use super::{
    labels::{is_home, is_label, is_place},
    lexicon::{Cue, cue},
    somebody::{is_name, is_title, one_of},
};
use crate::{call::names::Names, message::Language};

/// Whose a number is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of whoever writes.
    Writer,
    /// Of whoever reads.
    Reader,
    /// Of whom one is asked to call: of whoever writes, as a rule.
    Invited,
    /// Of an office or a shop: of the writer's, where nobody else was spoken of.
    Placed,
    /// Of the person to be called, by name.
    Person,
    /// The writer dialled it, and does not say whose it is.
    Dialled,
    /// Somebody else's.
    Stranger,
    /// Nobody's any more.
    Dead,
    /// Nothing is said.
    Unsaid,
}

/// Who takes part in the letter that a sentence stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct People<'a> {
    pub(super) language: Language,
    pub(super) writer: &'a Names,
    pub(super) person: &'a Names,
    pub(super) own: &'a Names,
    /// Whoever writes has an office or a shop, and may speak of it.
    pub(super) house: bool,
}

/// Words asked before a number, and behind it.
const WORDS_BEFORE: usize = 40;
const WORDS_BEHIND: usize = 8;
/// "0171 ... is no longer mine" tells at once.
const WORDS_TO_DEATH: usize = 6;

/// A word as written, and as looked up.
pub(super) struct Word<'a> {
    pub(super) raw: &'a str,
    pub(super) lower: String,
    /// It is the first of its sentence.
    pub(super) begins: bool,
    /// No comma and no bracket stands between it and the next.
    pub(super) touches: bool,
}

/// Whose the number between these two parts of a sentence is. `first`: no other stands before it there.
pub(super) fn whose(before: &str, behind: &str, first: bool, people: People<'_>) -> Whose {
    let before = words(before, first);
    let behind: Vec<Word<'_>> = words(behind, false).into_iter().take(WORDS_BEHIND).collect();
    let calls = |at| cue_at(&behind, at, people.language) == Some(Cue::Invite);
    let (said, surely) = by_words_before(&before, (0..behind.len()).any(calls), people);
    let cues = (0..behind.len()).filter_map(|at| Some((at, cue_at(&behind, at, people.language)?)));
    let mut cues = cues;
    if surely {
        let dies = |(at, cue): (usize, Cue)| cue == Cue::Dead && at < WORDS_TO_DEATH;
        return if said == Whose::Writer && !speaks_of_new(&before, people) && cues.any(dies) {
            Whose::Dead
        } else {
            said
        };
    }
    // "1 was my old one": what is dead is told behind whose it was.
    let told: Vec<(usize, Cue)> = cues.collect();
    let dead = told.iter().find(|(_, cue)| matches!(cue, Cue::Dead | Cue::New | Cue::Now));
    if dead.is_some_and(|(at, cue)| *cue == Cue::Dead && *at < WORDS_TO_DEATH) {
        return Whose::Dead;
    }
    match told
        .into_iter()
        .find(|(_, cue)| !matches!(cue, Cue::New | Cue::Now | Cue::Please | Cue::Invite))
    {
        Some((_, Cue::Mine)) if matches!(said, Whose::Unsaid | Whose::Placed | Whose::Invited) => {
            Whose::Writer
        }
        Some((_, Cue::Yours)) if matches!(said, Whose::Unsaid | Whose::Placed) => Whose::Reader,
        Some((_, Cue::Called)) => Whose::Dialled,
        Some((_, Cue::Dead)) => Whose::Dead,
        Some((_, Cue::Other)) if matches!(said, Whose::Unsaid | Whose::Placed) => Whose::Stranger,
        _ => said,
    }
}

/// Whether an article and a noun before a number say whom it belongs to: "I called the hotel on".
pub(super) fn says_whose(before: &str) -> bool {
    has_object(&words(before, true), false)
}

fn speaks_of_new(before: &[Word<'_>], people: People<'_>) -> bool {
    let new = |at| matches!(cue_at(before, at, people.language), Some(Cue::New | Cue::Now));
    (0..before.len()).any(new)
}

/// What the words before a number say, and whether one of them says it outright. `calls`: behind it
/// stands a verb of calling, as in "bitte 0171 ... anrufen".
fn by_words_before(words: &[Word<'_>], calls: bool, people: People<'_>) -> (Whose, bool) {
    let (mut invited, mut placed, mut named, mut of_another, mut now) =
        (false, false, false, false, false);
    for at in (0..words.len()).rev().take(WORDS_BEFORE) {
        let Some(word) = words.get(at) else { break };
        if is_title(word) {
            return (Whose::Stranger, true);
        }
        match cue_at(words, at, people.language) {
            Some(Cue::Mine | Cue::New) if named => return (Whose::Stranger, true),
            Some(Cue::Mine | Cue::New) => return (Whose::Writer, true),
            Some(Cue::Yours) => return (Whose::Reader, true),
            Some(Cue::Called) if named => return (Whose::Stranger, true),
            Some(Cue::Called) => return (Whose::Dialled, true),
            Some(Cue::Other) => return (Whose::Stranger, true),
            // "The old one is dead, it is now ...": the number is the one of now.
            Some(Cue::Dead) if now && !named => return (Whose::Writer, true),
            Some(Cue::Dead) => return (Whose::Dead, true),
            // "You were out on your mobile, so please ring ...": it is the writer who waits.
            Some(Cue::Please) if (invited || calls) && !named && !of_another => {
                return (Whose::Writer, true);
            }
            Some(Cue::Please) => {}
            Some(cue @ (Cue::Invite | Cue::Now)) => {
                invited = true;
                now |= cue == Cue::Now;
                // "Call the hotel on": it is the hotel's.
                of_another |= has_object(words.get(at + 1..).unwrap_or_default(), people.house);
            }
            None if people.writer.has(&word.lower) => return (Whose::Writer, true),
            None if people.person.has(&word.lower) => return (Whose::Person, true),
            None => {
                placed |= is_home(&word.lower) || people.house && is_place(&word.lower);
                named |= is_name(words, at, people);
            }
        }
    }
    match (invited, named || of_another) {
        (_, true) => (Whose::Stranger, false),
        (true, false) => (Whose::Invited, false),
        (false, false) if placed => (Whose::Placed, false),
        (false, false) => (Whose::Unsaid, false),
    }
}

const ARTICLES: &str =
    "the a an der die das den dem le la les el los las il lo gli de het een o os as ao";
/// What stands behind an article and is nobody.
const TIMES: &str = "morning afternoon evening day week meantime same following usual above matinée journée soirée \
    mañana tarde tardes noche mattina mattinata pomeriggio sera serata ochtend middag avond manhã noite vormittag \
    nachmittag abend nächste nächsten semaine semana settimana line office main central general número numéro numero büro \
    message messages voicemail msg note nachricht messaggio mensaje mensagem recado bericht répondeur mailbox \
    suivant graag maison casa huis bureau seguinte siguiente seguente volgende";

/// Whether an article and a noun stand in these words: who is to be called. Where `house`, an office is
/// the writer's.
fn has_object(words: &[Word<'_>], house: bool) -> bool {
    words.windows(2).any(|two| match two {
        [article, noun] => {
            one_of(ARTICLES, &article.lower)
                && !one_of(TIMES, &noun.lower)
                && (!is_label(&noun.lower) || !house && is_place(&noun.lower))
                && noun.lower.chars().nth(2).is_some()
                && noun.lower.chars().all(char::is_alphabetic)
        }
        _ => false,
    })
}

fn words(text: &str, mut begins: bool) -> Vec<Word<'_>> {
    let mut all = Vec::new();
    for token in text.split_whitespace() {
        for raw in token.split(['\'', '’', '/', '(', ')', ',', ';', ':', '"', '„', '“', '-', '–'])
        {
            let bare = raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
            let lower = bare.trim_matches('.').to_lowercase();
            if !lower.is_empty() {
                let touches = token.ends_with(|c: char| c.is_alphanumeric() || c == '.');
                all.push(Word { raw: bare, lower, begins, touches });
                begins = false;
            }
        }
    }
    all
}

fn cue_at(words: &[Word<'_>], at: usize, language: Language) -> Option<Cue> {
    let word = words.get(at)?;
    let before = at.checked_sub(1).and_then(|n| words.get(n));
    let pair = before.and_then(|before| cue(&format!("{}_{}", before.lower, word.lower), language));
    pair.or_else(|| cue(&word.lower, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, language: Language) -> Whose {
        let (writer, own) = (Names::of("Susan Hall", ""), Names::of("Tom Reed", ""));
        let (before, behind) = text.split_once('#').unwrap();
        whose(
            before,
            behind,
            true,
            People { language, writer: &writer, person: &writer, own: &own, house: true },
        )
    }

    #[test]
    fn the_nearest_word_decides() {
        for (text, language, expected) in [
            ("Please call me on #", Language::En, Whose::Writer),
            ("Any bother just text #", Language::En, Whose::Invited),
            ("You can reach our driver Sam on #", Language::En, Whose::Stranger),
            ("my colleague Jan, #", Language::En, Whose::Stranger),
            ("I rang UPS on #", Language::En, Whose::Stranger),
            ("I tried your office line, #", Language::En, Whose::Reader),
            ("I tried #, twice", Language::En, Whose::Dialled),
            ("I have a new mobile, #. The old one", Language::En, Whose::Writer),
            ("The old one, #, no longer works", Language::En, Whose::Dead),
            ("my mobile, #, no longer works", Language::En, Whose::Dead),
            ("Sie erreichen mich unter #", Language::De, Whose::Writer),
            ("Herr Krause hat die #", Language::De, Whose::Stranger),
            ("Unter # habe ich niemanden erreicht", Language::De, Whose::Dialled),
            ("Unter # erreichen Sie mich bis 16 Uhr", Language::De, Whose::Writer),
            ("voyez avec mon courtier M. Petit au #", Language::Fr, Whose::Stranger),
            ("mon nouveau numéro est le # (l'ancien ne marche plus)", Language::Fr, Whose::Writer),
            ("El # ya está dado de baja", Language::Es, Whose::Dead),
            ("Para lo demás estoy yo en el #", Language::Es, Whose::Writer),
            ("Il mio commercialista (rag. Vanni, #) c'è", Language::It, Whose::Stranger),
            ("voor de kraan kunt u chauffeur Piet bellen: #", Language::Nl, Whose::Stranger),
            ("O técnico da Daikin, #, diz que não", Language::Pt, Whose::Stranger),
            ("Sala 204, #", Language::Pt, Whose::Unsaid),
        ] {
            assert_eq!(said(text, language), expected, "{text}");
        }
    }
}
