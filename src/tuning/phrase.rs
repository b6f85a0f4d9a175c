//! A sentence's own telling words as a pattern.
//!
//! Names and dates become a gap, numbers `#`; of the rest the few words in a row that are rarest in
//! ordinary mail. What an admin would write, had he the time.

use super::masked::Masked;
use crate::{
    message::Sentence,
    policy::{Spelled, spelled},
};

/// Telling words of a pattern: fewer say too little, more never come again. Common ones between them are
/// not counted, up to a length.
const FEWEST: usize = 2;
const MOST: usize = 4;
const LONGEST: usize = 9;
/// A word that more than this share of the reference mails of its language have tells nothing.
const COMMON: f64 = 0.1;
/// Added to how common a word is, so that one that is nowhere is not everything.
const SMOOTH: f64 = 0.01;
/// Stands for a name while the sentence is cut into words.
const NAME: &str = "xnamex";

/// Months and days of the week in the seven languages, as mail spells them.
const DATES: &[&str] = &[
    "january february march april may june july august september october november december",
    "monday tuesday wednesday thursday friday saturday sunday",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "lunes martes miércoles jueves viernes sábado domingo",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "segunda terça quarta quinta sexta",
];

/// One place of a pattern.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Word(String, f64),
    Number,
    Gap,
}

impl Item {
    fn shown(&self) -> &str {
        match self {
            Item::Word(word, _) => word,
            Item::Number => "#",
            Item::Gap => "..",
        }
    }

    /// What it tells.
    fn worth(&self) -> f64 {
        match self {
            Item::Word(_, common) => -(common + SMOOTH).min(1.0).ln(),
            Item::Number | Item::Gap => 0.0,
        }
    }

    fn tells(&self) -> bool {
        matches!(self, Item::Word(_, common) if *common < COMMON)
    }
}

/// Patterns for a sentence, the most telling first; none where it has too few words of its own.
pub(super) fn patterns(
    sentence: &str,
    masked: &mut Masked,
    commonness: &dyn Fn(&str) -> f64,
) -> Vec<String> {
    let masked = Sentence::new(&masked.line_with(sentence, NAME));
    let items = items(&spelled(&masked), commonness);
    let mut windows: Vec<(f64, &[Item])> = Vec::new();
    for start in 0..items.len() {
        for end in start + 1..=items.len() {
            let window = items.get(start..end).unwrap_or_default();
            let words = window.iter().filter(|item| item.tells()).count();
            let ends =
                window.first().is_some_and(Item::tells) && window.last().is_some_and(Item::tells);
            if words > MOST || window.len() > LONGEST {
                break;
            }
            if words >= FEWEST && ends {
                windows.push((window.iter().map(Item::worth).sum(), window));
            }
        }
    }
    // The longer of two that tell the same comes later in the text: the first is as good.
    windows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found: Vec<String> = Vec::new();
    for (_, window) in windows {
        let pattern = window.iter().map(Item::shown).collect::<Vec<_>>().join(" ");
        if !found.contains(&pattern) {
            found.push(pattern);
        }
    }
    found
}

fn items(words: &[Spelled], commonness: &dyn Fn(&str) -> f64) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for word in words {
        let item = if word.is_number {
            Item::Number
        } else if word.is_sign || word.word == NAME || is_date(&word.word) {
            Item::Gap
        } else {
            Item::Word(word.word.clone(), commonness(&word.word))
        };
        // One gap is as wide as two.
        if item != Item::Gap || items.last() != Some(&Item::Gap) {
            items.push(item);
        }
    }
    items
}

fn is_date(word: &str) -> bool {
    // "may" is a month and, far more often, not.
    word != "may" && DATES.iter().any(|line| line.split(' ').any(|date| date == word))
}

/// A name for a signal, made of a pattern's words.
pub(super) fn name_of(prefix: &str, pattern: &str) -> String {
    const MOST_CHARS: usize = 40;
    let mut name = prefix.to_owned();
    for word in pattern.split(' ').filter(|w| w.chars().all(char::is_alphanumeric)) {
        if name.chars().count() + word.chars().count() > MOST_CHARS {
            break;
        }
        name.push('-');
        name.push_str(word);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_generalised_and_common_words_left_at_the_ends() {
        let words = spelled(&Sentence::new("The 3 glass panels arrive on Friday, as agreed."));
        let common = |word: &str| if ["the", "on", "as"].contains(&word) { 0.6 } else { 0.01 };
        let items = items(&words, &common);
        let shown: Vec<&str> = items.iter().map(Item::shown).collect();
        assert_eq!(shown, ["the", "#", "glass", "panels", "arrive", "on", "..", "as", "agreed"]);
    }

    #[test]
    fn a_signal_is_called_by_its_words() {
        assert_eq!(name_of("not", "delayed release # capsules"), "not-delayed-release-capsules");
        assert_eq!(name_of("not", "# .. (a|b)"), "not");
    }
}
