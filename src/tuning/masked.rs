//! A mail as a test that may stand in a policy: who and whose taken out, the news left in.

use crate::{
    decision::Trial,
    message::{PassageKind, Reading},
    opinion::Mask,
    policy::PolicyTest,
};

/// Characters of a test's text at most, and of what it quotes or attaches: a test is read by people.
const MOST_TEXT: usize = 4_000;
const MOST_AROUND: usize = 1_500;

/// People of no age, language or sex.
const NAMES: [&str; 8] = ["Alex", "Robin", "Kim", "Sam", "Chris", "Jo", "Max", "Toni"];

/// How much of a mail a test keeps beside what was newly written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    Own,
    Quoted,
    Attached,
}

/// A mail's mask: the same word has the same stand-in throughout.
pub(super) struct Masked {
    mask: Mask,
}

impl Masked {
    pub(super) fn new(trial: &Trial) -> Masked {
        let reading = &trial.reading;
        let of = |kind: PassageKind| -> Vec<&str> {
            reading.of_kind(kind).flat_map(|p| &p.sentences).map(|s| s.text()).collect()
        };
        let own = reading.passages.iter().filter(|p| p.kind != PassageKind::Subject);
        let body: Vec<Vec<&str>> =
            own.map(|p| p.sentences.iter().map(|s| s.text()).collect()).collect();
        let subject = of(PassageKind::Subject);
        let (header, envelope) = (&reading.header, &trial.envelope);
        Masked { mask: Mask::new(header, envelope, reading.language, &subject, &body) }
    }

    /// A line with stand-ins for names, addresses and numbers that tell people and cases apart.
    pub(super) fn line(&mut self, text: &str) -> String {
        replaced(&self.mask.sentence(text), stand_in)
    }

    /// A line in which a name is this one word.
    pub(super) fn line_with(&mut self, text: &str, name: &str) -> String {
        replaced(&self.mask.sentence(text), |_, _| name.to_owned())
    }

    fn lines(&mut self, text: &str, most: usize) -> String {
        let mut out = String::new();
        for line in text.lines() {
            let line = self.line(line.trim_end());
            if out.chars().count() + line.chars().count() > most {
                break;
            }
            out.push_str(&line);
            out.push('\n');
        }
        out.trim().to_owned()
    }
}

/// The test that asks for `hold`, or that this mail passes.
pub(super) fn test_of(trial: &Trial, name: String, hold: bool, keeps: Keeps) -> PolicyTest {
    let mut masked = Masked::new(trial);
    let reading = &trial.reading;
    let subject = masked.line(&text_of(reading, PassageKind::Subject));
    let text = masked.lines(&text_of(reading, PassageKind::New), MOST_TEXT);
    let mut around = |kind: PassageKind| {
        let text = masked.lines(&text_of(reading, kind), MOST_AROUND);
        Some(text).filter(|text| !text.is_empty())
    };
    let quoted = match keeps {
        Keeps::Own => None,
        Keeps::Quoted | Keeps::Attached => around(PassageKind::Quoted),
    };
    let attached = match keeps {
        Keeps::Own | Keeps::Quoted => None,
        Keeps::Attached => around(PassageKind::Attachment),
    };
    PolicyTest { name, subject, text, quoted, attached, from: None, to: None, hold, until: None }
}

fn text_of(reading: &Reading, kind: PassageKind) -> String {
    reading.of_kind(kind).map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// The text with each `[KIND1]` as `stand_in` has it.
fn replaced(masked: &str, stand_in: impl Fn(&str, usize) -> String) -> String {
    let mut out = String::with_capacity(masked.len());
    let mut rest = masked;
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        match behind.split_once(']').and_then(|(inner, rest)| Some((placeholder(inner)?, rest))) {
            Some(((kind, number), after)) => {
                out.push_str(&stand_in(kind, number));
                rest = after;
            }
            None => {
                out.push('[');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

fn placeholder(inner: &str) -> Option<(&str, usize)> {
    let digits = inner.find(|c: char| c.is_ascii_digit())?;
    let (kind, number) = inner.split_at_checked(digits)?;
    let known = ["NAME", "EMAIL", "LINK", "IBAN", "PHONE", "NUMBER"].contains(&kind);
    Some((kind, number.parse().ok()?)).filter(|_| known)
}

fn stand_in(kind: &str, number: usize) -> String {
    match kind {
        "EMAIL" => format!("someone{number}@outside.example"),
        "LINK" => "https://www.example".to_owned(),
        "IBAN" => "DE00 0000 0000 0000 0000 00".to_owned(),
        "PHONE" => "+00 000 000000".to_owned(),
        "NUMBER" => format!("{}", 10_000 + number),
        _ => {
            let at = number.saturating_sub(1) % NAMES.len();
            NAMES.get(at).copied().unwrap_or("Alex").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_take_the_place_of_placeholders_and_of_nothing_else() {
        let shown = replaced("Dear [NAME1], [NAME2] [see NUMBER1] has [NUMBER1] [x", stand_in);
        assert_eq!(shown, "Dear Alex, Robin [see NUMBER1] has 10001 [x");
    }
}
