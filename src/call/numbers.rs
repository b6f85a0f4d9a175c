//! Which telephone numbers of the thread are the recipient's.
//!
//! Takes numbers from what people outside wrote, and from sentences of the sender that speak of
//! *your* number. Never a fax, never a number of our own: a number that stands in our signature,
//! in quoted mail of ours or beside "call us" is struck out wherever else it stands. In doubt a
//! number is left out: calling a stranger with bad news is worse than looking the number up.

mod candidate;

use std::collections::BTreeSet;

use self::candidate::{Candidate, in_text};
use super::{
    Number, Person, region,
    thread::{Author, Segment, Thread},
};
use crate::{
    mail::Mailbox,
    message::{Language, PassageKind, Reading},
};

/// More choices than this are no help.
const MAX_NUMBERS: usize = 5;

/// The recipient's numbers, best first.
pub(super) fn find(
    reading: &Reading,
    person: Option<&Person>,
    thread: &Thread,
    language: Language,
) -> Vec<Number> {
    let address = person.map_or("", |p| p.address.as_str());
    let quoted: String =
        thread.segments.iter().flat_map(|s| &s.lines).fold(String::new(), |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        });
    // Numbers with a country code are found under any plan, so that an empty first try means that
    // the guess was wrong.
    for guess in region::guesses(address, &quoted, language) {
        let found = find_under(reading, address, thread, guess);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn find_under(
    reading: &Reading,
    address: &str,
    thread: &Thread,
    region: rlibphonenumber::Region,
) -> Vec<Number> {
    let mut ours: BTreeSet<String> = BTreeSet::new();
    let mut theirs: Vec<Number> = Vec::new();
    let own_parts = [PassageKind::Signature, PassageKind::Disclaimer];
    for passage in reading.passages.iter().filter(|p| own_parts.contains(&p.kind)) {
        ours.extend(in_text(&passage.text, region).into_iter().map(|c| c.e164));
    }
    for passage in reading.of_kind(PassageKind::New) {
        for sentence in &passage.sentences {
            for candidate in in_text(&sentence.text, region) {
                if speaks_of_your_number(&sentence.text) && candidate.is_telephone() {
                    theirs.push(candidate.into_number("new text", 0.8));
                } else {
                    ours.insert(candidate.e164);
                }
            }
        }
    }
    for segment in &thread.segments {
        from_segment(segment, address, region, &mut ours, &mut theirs);
    }
    theirs.retain(|n| !ours.contains(&n.e164));
    theirs.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut seen = BTreeSet::new();
    theirs.retain(|n| seen.insert(n.e164.clone()));
    theirs.truncate(MAX_NUMBERS);
    theirs
}

fn from_segment(
    segment: &Segment,
    address: &str,
    region: rlibphonenumber::Region,
    ours: &mut BTreeSet<String>,
    theirs: &mut Vec<Number>,
) {
    let confidence = match &segment.author {
        Author::Ours => {
            let text = segment.lines.join("\n");
            ours.extend(in_text(&text, region).into_iter().map(|c| c.e164));
            return;
        }
        Author::Outside { address: author, .. } if author.eq_ignore_ascii_case(address) => 0.95,
        Author::Outside { address: author, .. } if same_domain(author, address) => 0.75,
        Author::Outside { .. } => 0.45,
        Author::Unknown => 0.65,
    };
    let mut signed = false;
    let mut before = "";
    for line in &segment.lines {
        signed |= closes(line);
        // A label may stand alone on the line above: "Phone:".
        let label_above = before.trim_end().ends_with(':') && before.chars().count() < 20;
        let text = if label_above { format!("{before} {line}") } else { line.clone() };
        for candidate in in_text(&text, region) {
            if speaks_of_your_number(&text) {
                // Here "your number" is the one they called: ours.
                ours.insert(candidate.e164);
            } else if candidate.is_telephone() {
                let source = if signed { "quoted signature" } else { "quoted text" };
                theirs.push(candidate.into_number(source, confidence));
            }
        }
        before = line;
    }
}

fn same_domain(one: &str, other: &str) -> bool {
    let domain =
        |a: &str| Mailbox::parse(a).ok().and_then(|m| m.domain().map(str::to_ascii_lowercase));
    domain(one).is_some() && domain(one) == domain(other)
}

/// Words with which a letter closes: behind them stands the signature.
fn closes(line: &str) -> bool {
    const CLOSINGS: [&str; 24] = [
        "--",
        "regards",
        "kind regards",
        "best",
        "many thanks",
        "thanks",
        "thank you",
        "yours",
        "sincerely",
        "cheers",
        "mit freundlichen",
        "freundliche grüße",
        "viele grüße",
        "beste grüße",
        "gruß",
        "cordialement",
        "bien à vous",
        "saludos",
        "un saludo",
        "atentamente",
        "cordiali saluti",
        "met vriendelijke",
        "com os melhores",
        "atenciosamente",
    ];
    let line = line.trim().to_lowercase();
    line.chars().count() < 50 && CLOSINGS.iter().any(|c| line.starts_with(c))
}

/// Whether a sentence speaks of the other side's number.
fn speaks_of_your_number(text: &str) -> bool {
    const PHRASES: [&str; 49] = [
        "your number",
        "your phone",
        "your mobile",
        "your cell",
        "your office",
        "your hotline",
        "your line",
        "your service line",
        "call you",
        "called you",
        "calling you",
        "reach you",
        "reached you",
        "ring you",
        "rang you",
        "phone you",
        "phoned you",
        "try you",
        "tried you",
        "ihre nummer",
        "ihrer nummer",
        "ihre telefon",
        "ihre rufnummer",
        "ihre hotline",
        "ihrer hotline",
        "sie unter",
        "sie an unter",
        "dich unter",
        "deine nummer",
        "deiner nummer",
        "vous appeler",
        "vous joindre",
        "vous rappeler",
        "appelé au",
        "votre numéro",
        "llamarle",
        "le llam",
        "su número",
        "su teléfono",
        "contactarle",
        "chiamarla",
        "contattarla",
        "raggiungerla",
        "suo numero",
        "u bellen",
        "uw nummer",
        "u te bereiken",
        "ligar-lhe",
        "seu número",
    ];
    let text = text.to_lowercase();
    PHRASES.iter().any(|p| text.contains(p))
}

impl Candidate {
    fn into_number(self, source: &str, confidence: f64) -> Number {
        // A bare number is likelier to be something else than one that says "Tel.".
        let factor = match self.label {
            candidate::Label::Direct => 1.0,
            candidate::Label::Telephone => 0.98,
            _ => 0.85,
        };
        Number {
            e164: self.e164,
            national: self.national,
            source: source.to_owned(),
            confidence: (confidence * factor * 100.0).round() / 100.0,
        }
    }
}
