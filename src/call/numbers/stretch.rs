//! A letter cut into stretches that are read as one: sentences, lines of a signature.
//!
//! Takes the lines of one author, gives texts with where they stand. A signature begins behind a closing
//! formula, `-- ` or the author's name, and is left for a postscript. Long lines above are joined, because
//! mail programs wrap them within a sentence.

use super::{
    candidate::Candidate,
    labels::{is_label, is_other},
    meeting, spelling,
};
use crate::{
    call::names::Names,
    message::{is_formula, is_postscript},
};

/// Mail programs wrap lines at 72 to 78; one that is longer than this may go on below.
const WRAPPED_CHARS: usize = 50;
/// A label that stands alone on its line is shorter than this.
const LABEL_CHARS: usize = 20;
/// No more is joined: the bound on the work for one number.
const MAX_STRETCH_OCTETS: usize = 1_500;
/// With so many small words a line is a sentence.
const PROSE_WORDS: usize = 5;
/// With fewer it is no sentence for sure.
const SMALL_WORDS_OF_A_LINE: usize = 3;

/// Lines that are read as one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) text: String,
    /// Below the letter.
    pub(super) signature: bool,
    /// In an invitation to a meeting.
    pub(super) meeting: bool,
    /// Of lines that a mail program has wrapped.
    pub(super) prose: bool,
}

/// The stretches of what one author wrote, whose names are given.
pub(super) fn stretches(lines: &[String], names: &[&Names]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let (mut signature, mut goes_on, mut meeting, mut blank) = (false, false, false, false);
    for line in spelling::plain(lines) {
        if line.is_empty() {
            (goes_on, meeting, blank) = (false, false, true);
            continue;
        }
        let first = all.is_empty();
        let begins = matches!(line.as_str(), "--" | "—" | "___")
            || is_formula(&line)
            || (!first || line.len() > LABEL_CHARS) && names.iter().any(|n| n.signs(&line));
        if is_postscript(&line) {
            (signature, goes_on) = (false, false);
        } else if begins {
            (signature, goes_on) = (true, false);
        }
        meeting |= !begins && small_words(&line) < PROSE_WORDS && meeting::heads(&line);
        let label = all.last().is_some_and(|last| is_a_label(&last.text));
        let goes = goes_on && !(label && is_a_label(&line));
        let counted = line.starts_with(|c: char| c.is_ascii_digit())
            && !blank
            && all.last().is_some_and(|last| counts_what_is_below(&last.text));
        let above = all.last_mut().filter(|last| goes || counted || goes_on_in_digits(last, &line));
        let joined = match above {
            Some(last) if last.text.len() + line.len() < MAX_STRETCH_OCTETS => {
                last.text.push(' ');
                last.text.push_str(&line);
                true
            }
            _ => {
                all.push(Stretch { text: line.clone(), signature, meeting, prose: false });
                false
            }
        };
        let wraps = line.chars().nth(WRAPPED_CHARS).is_some() && small_words(&line) > 2;
        goes_on = is_a_label(&line) || wraps;
        blank = false;
        if let Some(last) = all.last_mut() {
            last.prose = wraps || joined && last.prose;
        }
    }
    if !all.iter().any(|stretch| stretch.signature) {
        sign_the_end(&mut all);
    }
    all
}

/// A line that says of the digits below what they count: "Order number".
fn counts_what_is_below(line: &str) -> bool {
    let mut words = line.split_whitespace();
    line.chars().nth(LABEL_CHARS * 2).is_none()
        && !line.contains(|c: char| c.is_ascii_digit())
        && words.any(|word| is_other(&word.to_lowercase()))
}

/// A line that is a label, of the number below.
fn is_a_label(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    line.chars().nth(LABEL_CHARS).is_none()
        && (line.ends_with(':')
            || words.next().is_some_and(|word| is_label(&word.to_lowercase()))
                && words.all(|word| is_label(&word.to_lowercase())))
}

/// A number within a sentence may be wrapped too: "on 0171 234" over "5678, or ...".
fn goes_on_in_digits(above: &Stretch, line: &str) -> bool {
    above.prose
        && above.text.ends_with(|c: char| c.is_ascii_digit())
        && line.starts_with(|c: char| c.is_ascii_digit())
}

/// Where nothing marks a signature, it is what stands at the end without sentences: a name and more.
fn sign_the_end(all: &mut [Stretch]) {
    let is_line = |s: &&mut Stretch| {
        small_words(&s.text) < SMALL_WORDS_OF_A_LINE
            && !s.text.trim_end().ends_with(['.', '?', '!', ','])
    };
    let end: Vec<&mut Stretch> = all.iter_mut().rev().take_while(is_line).collect();
    let named = end.last().is_some_and(|first| is_a_name(&first.text));
    if named {
        end.into_iter().for_each(|stretch| stretch.signature = true);
    }
}

/// Two to four words in capitals before any separator: "Ana Costa | Contabilidade".
fn is_a_name(line: &str) -> bool {
    let head = line.split(['|', '·', ',', '-', '–', '/']).next().unwrap_or_default();
    let words: Vec<&str> = head.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|w| {
            w.starts_with(char::is_uppercase) && w.chars().all(|c| c.is_alphabetic() || c == '.')
        })
}

/// Words in small letters, those in brackets left out: a fee or a note beside a number.
fn small_words(text: &str) -> usize {
    let mut depth = 0_u32;
    let open: String = text
        .chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })
        .collect();
    let small = |word: &&str| word.starts_with(char::is_lowercase) && word.chars().nth(1).is_some();
    open.split_whitespace().filter(small).count()
}

impl Stretch {
    /// Whether a candidate stands in a line of a signature, and not in a sentence below it.
    pub(super) fn is_signature(&self, candidate: &Candidate) -> bool {
        self.signature && small_words(self.sentence(candidate)) < PROSE_WORDS
    }

    /// Whether a candidate has its line to itself, with a label or none.
    pub(super) fn is_a_line(&self, candidate: &Candidate) -> bool {
        let (before, _) = self.text.split_at_checked(candidate.at).unwrap_or_default();
        let mut words = before.split(|c: char| !c.is_alphanumeric() && c != '.' && c != ':');
        words.all(|word| {
            let word = word.to_lowercase();
            word.chars().nth(1).is_none_or(|c| !c.is_alphanumeric()) || is_label(&word)
        })
    }

    /// Whether a candidate stands behind a separator or at the beginning, and not behind a word that may
    /// say it is something else.
    pub(super) fn stands_apart(&self, candidate: &Candidate) -> bool {
        let (before, _) = self.text.split_at_checked(candidate.at).unwrap_or_default();
        before.trim_end().chars().next_back().is_none_or(|c| "|·•,;/-–—(:".contains(c))
    }

    /// Whether nothing else stands in the line of a candidate.
    pub(super) fn is_alone(&self, candidate: &Candidate) -> bool {
        let (before, _) = self.text.split_at_checked(candidate.at).unwrap_or_default();
        let behind = self.text.get(candidate.end..).unwrap_or_default();
        !before.chars().chain(behind.chars()).any(char::is_alphanumeric)
    }

    /// The sentence that a candidate stands in.
    pub(super) fn sentence(&self, candidate: &Candidate) -> &str {
        let (from, to) = self.bounds(candidate);
        self.text.get(from..to).unwrap_or_default()
    }

    /// What stands before a candidate and behind it, in its sentence and up to its neighbours.
    pub(super) fn beside(
        &self,
        candidate: &Candidate,
        above: Option<&Candidate>,
        below: Option<&Candidate>,
    ) -> (&str, &str) {
        let (from, to) = self.bounds(candidate);
        let from = above.map_or(from, |above| from.max(above.end.min(candidate.at)));
        let to = below.map_or(to, |below| to.min(below.at.max(candidate.end)));
        let text = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        (text(from, candidate.at), text(candidate.end, to))
    }

    /// Whether two candidates stand in one sentence.
    pub(super) fn in_one_sentence(&self, one: &Candidate, other: &Candidate) -> bool {
        self.bounds(one).0 == self.bounds(other).0
    }

    /// Where the sentence of a candidate begins and ends. Digits alone belong to the sentence before:
    /// "Call me after three. 847 ..."
    fn bounds(&self, candidate: &Candidate) -> (usize, usize) {
        let (mut above, mut from, mut to) = (0, 0, self.text.len());
        for (at, mark) in self.text.match_indices(['.', '!', '?']) {
            let end = at + mark.len();
            if !ends_sentence(&self.text, end) || (candidate.at..candidate.end).contains(&at) {
                continue;
            }
            if end <= candidate.at {
                (above, from) = (from, end);
            } else {
                to = end;
                break;
            }
        }
        let text = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        let lone = !text(from, candidate.at).contains(char::is_alphanumeric)
            && !text(candidate.end, to).contains(char::is_alphanumeric);
        (if lone { above } else { from }, to)
    }
}

/// Words that a full stop shortens: a sentence goes on behind them.
const SHORTENED: &str = "tel fon fax mob cell tél port móv tlf tlm telef no nr n nº mr mrs ms dr prof hr fr sr sra m \
    mme mlle sig dott rag geom ing avv arch dhr mevr mw ca bzw ext int str st ap app z.b i.d.r p d";

/// Whether a sentence ends before this octet: a capital or a digit follows, and nothing is shortened.
fn ends_sentence(text: &str, end: usize) -> bool {
    let (before, behind) = text.split_at_checked(end).unwrap_or((text, ""));
    let next = behind.trim_start();
    let word = before.trim_end_matches(['.', '!', '?']).rsplit(|c: char| !c.is_alphanumeric());
    let word = word.map(str::to_lowercase).next().unwrap_or_default();
    next.len() < behind.len()
        && next.starts_with(|c: char| c.is_uppercase() || "¿¡+(0123456789".contains(c))
        && !SHORTENED.split_whitespace().any(|short| short == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::numbers::labels::Label;

    fn cut(text: &str) -> Vec<(String, bool)> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let names = Names::of("Susan Hall", "");
        stretches(&lines, &[&names]).into_iter().map(|s| (s.text, s.signature)).collect()
    }

    #[test]
    fn a_signature_begins_behind_formula_dashes_or_name_and_ends_at_a_postscript() {
        for mark in ["Kind regards", "--", "Susan", "S. Hall", "Susan Hall, Hall Ltd"] {
            let all = cut(&format!("Hi Tom,\n\nWe wait.\n{mark}\nT 1\n\nPS: call Jo\n"));
            let signed: Vec<bool> = all.iter().map(|(_, signature)| *signature).collect();
            assert_eq!(signed, [false, false, true, true, false], "{mark}");
        }
    }

    #[test]
    fn a_wrapped_sentence_is_joined_and_a_table_is_not() {
        let all = cut(
            "I have been waiting for two weeks now and called you again on\n1 today.\nTel.\nFax:\n2\n",
        );
        assert_eq!(all[0].0.lines().count(), 1);
        assert!(all[0].0.ends_with("1 today."));
        assert_eq!(all[2].0, "Fax: 2");
    }

    #[test]
    fn a_sentence_ends_before_a_capital() {
        let text = "I rang you on 1. Call Tel. 2 please! And Mr. Day too";
        let stretch = Stretch { text: text.into(), ..Stretch::default() };
        let at = |word: &str| {
            let at = text.find(word).unwrap();
            let (e164, national) = Default::default();
            let candidate = Candidate {
                e164,
                national,
                label: Label::None,
                at,
                end: at + 1,
                bare: false,
                run: false,
                service: false,
                mobile: false,
            };
            stretch.sentence(&candidate).trim().to_owned()
        };
        assert_eq!(at("rang"), "I rang you on 1.");
        assert_eq!(at("2"), "Call Tel. 2 please!");
    }
}
