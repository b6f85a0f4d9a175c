//! The numbers of the mail itself: whose is which.

use std::collections::BTreeSet;

use rlibphonenumber::Region;

use super::{
    candidate::{Candidate, in_text},
    houses::same_house,
    labels::Label,
    rounded, spelling,
    stretch::{Stretch, stretches},
    told::{dies_at_once, names_a_place, read},
    whose::{People, Whose, says_whose},
    words::speaks_to_you,
};
use crate::{
    call::{
        Number, Source,
        names::Names,
        thread::{Author, Segment, Thread},
    },
    message::{Language, PassageKind},
};

/// The numbers of one mail under one numbering plan.
#[derive(Debug, Default)]
pub(super) struct Mailed {
    /// The recipient's, or his company's.
    pub(super) theirs: Vec<Number>,
    /// Our own, and all that are said to be somebody else's or dead: struck out wherever they stand.
    pub(super) struck: BTreeSet<String>,
    /// In our words, and not said to be theirs, or in theirs and somebody else's by the look of it: only
    /// beneath a letter of theirs it is.
    pub(super) unclear: BTreeSet<String>,
}

/// What a mail is read for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) address: &'a str,
    pub(super) name: &'a str,
    pub(super) own: &'a Names,
    /// The language of our new words.
    pub(super) newly: Language,
    /// The language of the thread below.
    pub(super) earlier: Language,
    pub(super) region: Region,
}

impl Mailed {
    /// Reads the mail for numbers of the person.
    pub(super) fn find(thread: &Thread, search: Search<'_>) -> Mailed {
        let mut found = Mailed::default();
        let person = Names::of(search.name, search.address);
        for part in &thread.own {
            if part.kind == PassageKind::New {
                found.our_letter(&part.lines, &person, search, (Source::NewText, 0.8));
            } else {
                let lines = spelling::plain(&part.lines);
                let own = lines.iter().flat_map(|line| in_text(line, search.region));
                found.struck.extend(own.map(|c| c.e164));
            }
        }
        // In an older letter of ours "you" may be somebody else of theirs.
        let others = |s: &&Segment| matches!(&s.author, a @ Author::Outside { .. } if !a.is(search.address, search.name));
        let alone = !thread.segments.iter().any(|s| others(&s));
        for segment in &thread.segments {
            if segment.author != Author::Ours {
                found.their_letter(segment, &person, search);
            } else if alone {
                found.our_letter(&segment.lines, &person, search, (Source::OwnEarlier, 0.7));
            } else {
                found.our_letter(&segment.lines, &person, search, (Source::OwnEarlier, 0.0));
            }
        }
        found
    }

    /// The numbers that are the recipient's after all that was read.
    pub(super) fn kept(&self) -> Vec<Number> {
        let is_kept = |number: &&Number| {
            let signed = number.source == Source::Signature || number.source == Source::Colleague;
            !self.struck.contains(&number.e164)
                && (signed
                    || number.source == Source::NewText
                    || !self.unclear.contains(&number.e164))
        };
        self.theirs.iter().filter(is_kept).cloned().collect()
    }

    /// What we wrote: our numbers, and those that we say are the reader's.
    fn our_letter(
        &mut self,
        lines: &[String],
        person: &Names,
        search: Search<'_>,
        (source, worth): (Source, f64),
    ) {
        let language = if source == Source::NewText { search.newly } else { search.earlier };
        let people = People { language, writer: search.own, person, own: search.own, house: false };
        for stretch in stretches(lines, &[search.own]) {
            for (candidate, said, (before, _)) in read(&stretch, people, search.region) {
                let yours = match said {
                    Whose::Reader => true,
                    // Whom we called, if nobody else is named, is whom we write to.
                    Whose::Dialled => {
                        speaks_to_you(stretch.sentence(&candidate), language) || !says_whose(before)
                    }
                    Whose::Writer | Whose::Stranger | Whose::Dead => false,
                    Whose::Invited | Whose::Placed | Whose::Person | Whose::Unsaid => {
                        speaks_to_you(stretch.sentence(&candidate), language)
                    }
                };
                if !candidate.is_telephone() {
                    self.struck.insert(candidate.e164);
                } else if yours && worth > 0.0 && !stretch.is_signature(&candidate) {
                    self.theirs.push(candidate.into_number(source, worth));
                } else if matches!(said, Whose::Writer | Whose::Invited | Whose::Placed) && !yours
                    || stretch.is_signature(&candidate)
                    || (source == Source::OwnEarlier && stretch.is_a_line(&candidate))
                {
                    self.struck.insert(candidate.e164);
                } else if !yours {
                    self.unclear.insert(candidate.e164);
                }
            }
        }
    }

    /// What somebody outside wrote, or nobody we know.
    fn their_letter(&mut self, segment: &Segment, person: &Names, search: Search<'_>) {
        let witness = witness(segment, person, search);
        let writer = match &segment.author {
            Author::Outside { address, name } => Names::of(name, address),
            Author::Ours | Author::Unknown => Names::default(),
        };
        let himself = matches!(witness, Some((Source::QuotedText, _)));
        let names: Vec<&Names> = if himself { vec![&writer, person] } else { vec![&writer] };
        let people = People {
            language: search.earlier,
            writer: if himself && segment.author == Author::Unknown { person } else { &writer },
            person,
            own: search.own,
            house: same_house(search.address, search.address),
        };
        for stretch in stretches(&segment.lines, &names) {
            for (candidate, said, beside) in read(&stretch, people, search.region) {
                let signed = stretch.is_signature(&candidate);
                let said = settled(&candidate, said, &stretch, (beside, people));
                if matches!(said, Whose::Reader | Whose::Dialled | Whose::Dead)
                    || !candidate.is_telephone()
                {
                    self.struck.insert(candidate.e164);
                    continue;
                }
                // Nobody has a stranger's number below his name.
                if said == Whose::Stranger {
                    self.unclear.insert(candidate.e164);
                    continue;
                }
                let Some((source, worth)) = witness else { continue };
                let offered = match said {
                    Whose::Person => true,
                    Whose::Writer | Whose::Invited if himself => {
                        !candidate.bare || !signed || stretch.stands_apart(&candidate)
                    }
                    // A colleague's own line is his; the house's is everybody's.
                    Whose::Writer => {
                        (signed || stretch.is_a_line(&candidate))
                            && !candidate.bare
                            && (candidate.label != Label::Direct && !candidate.mobile
                                || names_a_place(beside.0))
                    }
                    _ => false,
                };
                if offered {
                    let source = if signed && himself && segment.author != Author::Unknown {
                        Source::Signature
                    } else {
                        source
                    };
                    let number = candidate.into_number(source, worth);
                    self.theirs.push(Number { written: segment.written, ..number });
                }
            }
        }
    }
}

/// Whose a number in a letter of theirs is, where it stands in it considered too.
fn settled(
    candidate: &Candidate,
    said: Whose,
    stretch: &Stretch,
    (beside, people): ((&str, &str), People<'_>),
) -> Whose {
    let (signed, line) = (stretch.is_signature(candidate), stretch.is_a_line(candidate));
    match said {
        // A service line in a sentence is some company's, and he speaks of it.
        Whose::Unsaid | Whose::Placed | Whose::Invited if candidate.service && !signed && !line => {
            Whose::Stranger
        }
        // Digits in a row need somebody who says whose they are, or a line of a signature.
        Whose::Writer | Whose::Person if candidate.run && !signed => said,
        _ if candidate.run && !(signed && stretch.is_alone(candidate)) => Whose::Unsaid,
        Whose::Placed | Whose::Stranger | Whose::Unsaid if signed => Whose::Writer,
        // "Alte Gasse 5" is no old number.
        Whose::Dead if signed && !dies_at_once(beside, people) => Whose::Writer,
        Whose::Unsaid if line && !candidate.bare => Whose::Writer,
        Whose::Placed => Whose::Invited,
        // "till two, then the mobile, ..."; German writes a name as any noun.
        Whose::Unsaid if candidate.label == Label::Direct && people.language != Language::De => {
            Whose::Writer
        }
        said => said,
    }
}

/// What numbers of this author are worth for calling the person, if anything.
fn witness(segment: &Segment, person: &Names, search: Search<'_>) -> Option<(Source, f64)> {
    match &segment.author {
        Author::Ours => None,
        Author::Unknown => Some((Source::QuotedText, 0.65)),
        Author::Outside { address, .. } if address.eq_ignore_ascii_case(search.address) => {
            Some((Source::QuotedText, 0.95))
        }
        author if author.is(search.address, search.name) => Some((Source::QuotedText, 0.85)),
        Author::Outside { address, name } if address.is_empty() => {
            let house = || names_house(segment, search.address).then_some((Source::Colleague, 0.6));
            person.fits(name).then_some((Source::QuotedText, 0.75)).or_else(house)
        }
        // Somebody of another house is a stranger to the news.
        Author::Outside { address, .. } => {
            same_house(address, search.address).then_some((Source::Colleague, 0.7))
        }
    }
}

/// Whether a letter has the recipient's domain in it, as signatures do: `www.hall.example`.
fn names_house(segment: &Segment, address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let own = same_house(address, address);
    own && segment.lines.iter().any(|line| line.to_lowercase().contains(&domain.to_lowercase()))
}

impl Candidate {
    pub(super) fn into_number(self, source: Source, confidence: f64) -> Number {
        // A bare number is likelier to be something else than one that says "Tel.".
        let factor = match self.label {
            Label::Direct => 1.0,
            Label::Telephone => 0.98,
            _ => 0.85,
        };
        Number {
            e164: self.e164,
            national: self.national,
            source,
            also: Vec::new(),
            written: None,
            confidence: rounded(confidence * factor),
        }
    }
}
