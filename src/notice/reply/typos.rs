//! A command with one letter wrong: "witdraw".
//!
//! The first sentence must be that command and nothing else, and one letter may be missing, too many, wrong or
//! changed places with its neighbour. "Called" is not among them: "appeler" is no slip of "appelé", and
//! a mail that goes out cannot be taken back.

use super::{
    Command,
    words::{WORDS, Words},
};
use crate::message::Language;

/// A shorter phrase has neighbours that mean something else.
const MIN_LETTERS: usize = 7;

/// The command that was meant, and its language.
pub(super) fn command(sentence: &str) -> Option<(Command, Language)> {
    let sentence: Vec<char> = sentence.chars().collect();
    let meant = |phrase: &&str| {
        phrase.len() >= MIN_LETTERS && one_slip(&sentence, &phrase.chars().collect::<Vec<_>>())
    };
    let found = |words: &Words| {
        let has = |phrases: &[&str]| phrases.iter().any(meant);
        if has(words.withdraw) {
            Some(Command::Withdraw)
        } else if has(words.no_answer) {
            Some(Command::NoAnswer)
        } else {
            // This one lets the mail go, so only the phrase that the notice itself names.
            has(words.false_alarm.get(..1)?).then_some(Command::FalseAlarm)
        }
    };
    WORDS.iter().find_map(|words| Some((found(words)?, words.language)))
}

/// Whether one slip makes the one the other.
fn one_slip(typed: &[char], meant: &[char]) -> bool {
    let same = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let (typed, meant) =
        (typed.get(same..).unwrap_or_default(), meant.get(same..).unwrap_or_default());
    match (typed, meant) {
        ([a, b, typed @ ..], [c, d, meant @ ..]) if a == d && b == c && typed == meant => true,
        ([_, typed @ ..], [_, meant @ ..]) if typed == meant => true,
        ([_, rest @ ..], meant) if rest == meant => true,
        (typed, [_, rest @ ..]) => typed == rest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        for (typed, meant) in [
            ("witdraw", Some(Command::Withdraw)),
            ("withdrraw", Some(Command::Withdraw)),
            ("wihtdraw", Some(Command::Withdraw)),
            ("withdrew", Some(Command::Withdraw)),
            ("no anwser", Some(Command::NoAnswer)),
            ("fasle alarm", Some(Command::FalseAlarm)),
            ("fehlalram", Some(Command::FalseAlarm)),
            ("widraw", None),
            ("got bad news", None),
            ("caled", None),
            ("appeler", None),
            ("sent", None),
            ("", None),
        ] {
            assert_eq!(command(typed).map(|(c, _)| c), meant, "{typed}");
        }
    }
}
