//! What an attached text counts.
//!
//! A letter that the mail sends along is our own word: "please see our decision, attached". Terms
//! of business, a brochure, a paper, somebody else's letter are not, and they are full of sentences
//! that sound like bad news. What is attached is therefore believed by two signs: the mail points
//! to it, and it reads like a letter.
//!
//! | the mail | a letter | a short text | anything else |
//! | --- | --- | --- | --- |
//! | says nothing, or is short and points to it | whole | half | nothing |
//! | anything else | half | nothing | nothing |
//!
//! The words by which a mail points, and by which a letter greets, are signals of the policies.

use super::{
    PolicySet,
    model::Memory,
    phrase::{Hit, Scratch},
    weigh::Judged,
    written::{Gives, Place},
};
use crate::message::{Passage, PassageKind, Reading};

/// Sentences of a mail that only accompanies something, greeting and thanks included.
const SHORT_MAIL: usize = 12;
/// Sentences of a letter: four pages.
const LONGEST_LETTER: usize = 120;
/// Sentences before its greeting: letterhead, address, date, subject.
const BEFORE_GREETING: usize = 40;
/// Sentences of a text that greets nobody and is meant all the same: a filled-in form.
const LONGEST_FORM: usize = 30;
/// The shortest word that is taken for a name, in octets.
const SHORTEST_NAME: usize = 3;

/// The share that is not worth weighing.
pub(super) const NOTHING: f64 = 0.0;
const HALF: f64 = 0.5;
/// The share of what the sender wrote himself.
pub(super) const WHOLE: f64 = 1.0;

/// What a mail is beside what it brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mail {
    /// It says nothing, or little but what it brings.
    Covering,
    Other,
}

/// What an attached text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    Letter,
    Form,
    Other,
}

/// What listening to a sentence needs.
#[derive(Default)]
struct Ear {
    memory: Memory,
    scratch: Scratch,
    found: Vec<Hit>,
    signals: Vec<usize>,
}

impl PolicySet {
    /// The share of their weight that the sentences of each passage keep, in the order of the
    /// passages. Empty where all of them keep it whole: nothing is attached.
    pub(super) fn shares(&self, reading: &Reading) -> Vec<f64> {
        let is_attached = |p: &Passage| p.kind == PassageKind::Attachment;
        if !reading.passages.iter().any(is_attached) {
            return Vec::new();
        }
        let mut ear = Ear::default();
        let mail = self.mail(reading, &mut ear);
        let names = names_of_sender(reading);
        let share = |passage: &Passage| match passage.kind {
            PassageKind::Attachment => share(mail, self.looks(passage, &names, &mut ear)),
            _ => WHOLE,
        };
        reading.passages.iter().map(share).collect()
    }

    fn mail(&self, reading: &Reading, ear: &mut Ear) -> Mail {
        let of_kind = |kind: PassageKind| reading.of_kind(kind).flat_map(|p| &p.sentences);
        let said = of_kind(PassageKind::New).count();
        let sent_on = of_kind(PassageKind::Forwarded).next().is_some();
        if said == 0 && !sent_on {
            return Mail::Covering;
        }
        let subject = of_kind(PassageKind::Subject).map(|s| (Place::Subject, s));
        let mut own = subject.chain(of_kind(PassageKind::New).map(|s| (Place::New, s)));
        let points = said <= SHORT_MAIL
            && own.any(|(place, s)| {
                self.gives(Gives::PointsToAttachment, &Judged::alone(place, s), ear)
            });
        if points { Mail::Covering } else { Mail::Other }
    }

    fn looks(&self, passage: &Passage, names: &[String], ear: &mut Ear) -> Looks {
        let sentences = &passage.sentences;
        let mut head = sentences.iter().take(BEFORE_GREETING);
        let greeting =
            head.find(|s| self.gives(Gives::Letter, &Judged::alone(Place::Attachment, s), ear));
        match greeting {
            // A letter to us is not ours.
            Some(greeting) if has_name(greeting.normal(), names) => Looks::Other,
            Some(_) if sentences.len() <= LONGEST_LETTER => Looks::Letter,
            None if sentences.len() <= LONGEST_FORM => Looks::Form,
            _ => Looks::Other,
        }
    }

    /// Whether a signal of this meaning is met in a sentence.
    fn gives(&self, what: Gives, judged: &Judged<'_>, ear: &mut Ear) -> bool {
        self.hits(judged, &mut ear.memory, &mut ear.scratch, &mut ear.found, &mut ear.signals);
        ear.signals.iter().any(|s| self.signals.get(*s).is_some_and(|s| s.gives == what))
    }
}

fn share(mail: Mail, looks: Looks) -> f64 {
    match (mail, looks) {
        (Mail::Covering, Looks::Letter) => WHOLE,
        (Mail::Covering, Looks::Form) | (Mail::Other, Looks::Letter) => HALF,
        (Mail::Other, Looks::Form) | (_, Looks::Other) => NOTHING,
    }
}

/// The words of the sender's name, as a greeting would have them.
fn names_of_sender(reading: &Reading) -> Vec<String> {
    let from = reading.header.from.iter().map(|from| {
        let local_part = from.address.rsplit_once('@').map_or("", |(local_part, _)| local_part);
        format!("{} {local_part}", from.name)
    });
    let words = from.flat_map(|text| words(&text).collect::<Vec<String>>());
    words.filter(|word| word.len() >= SHORTEST_NAME).collect()
}

fn has_name(greeting: &str, names: &[String]) -> bool {
    words(greeting).any(|word| names.contains(&word))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::{self, Limits},
        policy::Source,
    };

    const SIGNS: &str = r#"
        common = true

        [[signal]]
        name = "points"
        gives = "points_to_attachment"
        where = ["subject", "new"]
        unless = []
        any = ["attached"]

        [[signal]]
        name = "letter"
        gives = "letter"
        where = ["attachment"]
        any = ["^ dear"]
    "#;

    /// The share of a text that comes with a mail.
    fn share_of(attached: &str, mail: &str) -> f64 {
        let source = Source { name: "signs.toml".to_owned(), text: SIGNS.to_owned() };
        let set = PolicySet::compile(&[source], None).unwrap();
        let mail = format!("From: Dana Reyes <dr@us.example>\r\nSubject: x\r\n\r\n{mail}\r\n");
        let limits = Limits::default();
        let mut reading = message::read(mail.as_bytes(), &limits);
        assert!(set.shares(&reading).is_empty(), "nothing is attached");
        reading.add_attached(attached, &limits);
        let shares = set.shares(&reading);
        assert_eq!(shares.len(), reading.passages.len());
        assert!(shares[..shares.len() - 1].iter().all(|share| *share == WHOLE));
        shares[shares.len() - 1]
    }

    #[test]
    fn what_is_attached_counts_by_what_the_mail_and_the_text_are() {
        let letter = "Northwind\n\nDear Ms Huber,\n\nwe refuse.\n";
        let form = "Claim: 4711\n\nDecision: refused\n";
        let terms = "We refuse a claim that comes late.\n\n".repeat(LONGEST_FORM + 1);
        let book = format!("Dear reader,\n\n{}", "We refuse.\n\n".repeat(LONGEST_LETTER));
        let late = format!("{}Dear Ann,\n", "We refuse.\n\n".repeat(BEFORE_GREETING));
        let (pointing, other) = ("It is attached.", "See you on Monday.");
        let long = format!("It is attached.\r\n\r\n{}", "More.\r\n\r\n".repeat(SHORT_MAIL));
        for (attached, mail, share) in [
            (letter, pointing, WHOLE),
            (letter, "", WHOLE),
            (letter, other, HALF),
            (letter, &long, HALF),
            (form, pointing, HALF),
            (form, "", HALF),
            (form, other, NOTHING),
            (form, &long, NOTHING),
            (&terms, pointing, NOTHING),
            (&terms, "", NOTHING),
            (&book, pointing, NOTHING),
            (&late, pointing, NOTHING),
        ] {
            assert!((share_of(attached, mail) - share).abs() < f64::EPSILON, "{attached} / {mail}");
        }
    }

    #[test]
    fn a_letter_to_the_sender_is_not_his() {
        for greeting in ["Dear Ms Reyes,", "Dear Dana", "dear dana reyes!"] {
            let letter = format!("{greeting}\n\nwe refuse.\n");
            assert!(share_of(&letter, "It is attached.") <= NOTHING, "{greeting}");
        }
    }
}
