//! Who wrote which part of a thread.
//!
//! Takes the quoted and forwarded passages, gives runs of lines with their author where an
//! attribution ("On … <jane@…> wrote:", "Von: …") names one. What the attribution does not tell
//! stays unknown: a number of our own must not be taken for the customer's.

mod attribution;

use jiff::civil::Date;

use self::attribution::{Own, attribution};
use super::names::{Names, greets_somebody};
use crate::{
    decision::Organisation,
    message::{PassageKind, Reading},
};

/// Lines looked at in one mail; a thread longer than this has named its people already.
const MAX_LINES: usize = 4_000;
/// A line longer than this is no signature and no attribution.
const MAX_LINE_CHARS: usize = 400;
/// Who wrote a run of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    /// Somebody inside.
    Ours,
    /// Somebody outside.
    Outside {
        /// The address, lower case; empty where only a name is given.
        address: String,
        /// The name beside it, possibly empty.
        name: String,
    },
    /// Nobody was named.
    Unknown,
}

impl Author {
    /// Whether this is the person of that address, or, under another address, of that full name.
    pub(super) fn is(&self, address: &str, name: &str) -> bool {
        match self {
            Author::Outside { address: author, name: named } => {
                author.eq_ignore_ascii_case(address)
                    || (name.split_whitespace().nth(1).is_some() && same_name(named, name))
            }
            Author::Ours | Author::Unknown => false,
        }
    }

    /// The name beside the address.
    pub(super) fn name(&self) -> &str {
        match self {
            Author::Outside { name, .. } => name,
            Author::Ours | Author::Unknown => "",
        }
    }
}

/// "Hall, Susan" is "Susan Hall".
fn same_name(one: &str, other: &str) -> bool {
    let words = |name: &str| {
        let mut words: Vec<String> = name
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.sort_unstable();
        words
    };
    words(one) == words(other)
}

/// A run of quoted lines by one author.
#[derive(Debug)]
pub(super) struct Segment {
    /// Who wrote it.
    pub(super) author: Author,
    /// When, where it is told.
    pub(super) written: Option<Date>,
    /// Its lines, quote marks removed.
    pub(super) lines: Vec<String>,
}

/// A part of what the sender newly wrote.
#[derive(Debug)]
#[cfg_attr(not(feature = "phone"), expect(dead_code, reason = "only numbers are looked for in it"))]
pub(super) struct OwnPart {
    /// News, signature or small print.
    pub(super) kind: PassageKind,
    /// Its lines.
    pub(super) lines: Vec<String>,
}

/// A mail cut by author.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// What others wrote, and older letters of ours, in reading order.
    pub(super) segments: Vec<Segment>,
    /// What the sender newly wrote.
    pub(super) own: Vec<OwnPart>,
}

impl Thread {
    /// Cuts the passages of a reading.
    pub(super) fn of(reading: &Reading, organisation: &Organisation) -> Thread {
        let own = Own { organisation, names: own_names(reading) };
        let mut thread = Thread::default();
        let (mut author, mut written) = (Author::Unknown, None);
        let mut left = MAX_LINES;
        for passage in &reading.passages {
            let mut quoted = match passage.kind {
                PassageKind::Quoted | PassageKind::Forwarded => true,
                PassageKind::New | PassageKind::Signature | PassageKind::Disclaimer => false,
                PassageKind::Subject | PassageKind::Attachment => continue,
            };
            if quoted {
                thread.begin(&author, written);
            } else {
                thread.own.push(OwnPart { kind: passage.kind, lines: Vec::new() });
            }
            let lines: Vec<&str> = passage.text.lines().take(left).map(readable).collect();
            left -= lines.len();
            let mut at = 0;
            while let Some(line) = lines.get(at) {
                if let Some(named) = attribution(&lines, at, &own) {
                    (author, written) = (named.author, named.written);
                    quoted |=
                        matches!(&author, Author::Outside { address, .. } if !address.is_empty());
                    if quoted {
                        thread.begin(&author, written);
                    }
                    at += named.lines;
                    continue;
                }
                // Nobody greets himself: some mail programs mark nothing.
                if !quoted && at > 0 && own.names.is_greeted(line) {
                    quoted = true;
                    thread.begin(&Author::Unknown, None);
                }
                thread.push(quoted, line);
                at += 1;
            }
        }
        thread
    }

    /// Whether somebody inside wrote this sentence, and nobody else. In doubt not: what is quoted
    /// without a name is what is answered.
    pub(super) fn is_ours(&self, sentence: &str) -> bool {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = words(sentence);
        let has = |segment: &&Segment| words(&segment.lines.join(" ")).contains(&sentence);
        let mut authors =
            self.segments.iter().filter(has).map(|segment| &segment.author).peekable();
        authors.peek().is_some() && authors.all(|author| *author == Author::Ours)
    }

    fn push(&mut self, quoted: bool, line: &str) {
        let lines = if quoted {
            self.segments.last_mut().map(|segment| &mut segment.lines)
        } else {
            self.own.last_mut().map(|part| &mut part.lines)
        };
        if let Some(lines) = lines {
            lines.push(line.to_owned());
        }
    }

    fn begin(&mut self, author: &Author, written: Option<Date>) {
        self.segments.push(Segment { author: author.clone(), written, lines: Vec::new() });
    }

    /// Cuts further where names tell: mail programs lose marks, and people answer below a quote. A
    /// line signed with the full name of one side is not the other's, and nobody greets himself.
    pub(super) fn cut_by_names(self, reading: &Reading, (address, name): (&str, &str)) -> Thread {
        let (own, person) = (own_names(reading), Names::of(name, address));
        let his = Author::Outside { address: address.to_lowercase(), name: name.to_owned() };
        let somebody = Author::Outside { address: String::new(), name: String::new() };
        let mut cut = Thread { own: self.own, ..Thread::default() };
        for segment in self.segments {
            let his_segment = segment.author.is(address, name);
            cut.begin(&segment.author, segment.written);
            let (mut any_words, mut signed) = (false, false);
            for line in segment.lines {
                let author = cut.segments.last().map_or(&Author::Unknown, |s| &s.author);
                let turned = if *author == Author::Ours {
                    if person.signs_in_full(&line) {
                        Some(&his)
                    } else {
                        (any_words && own.is_greeted(&line)).then_some(&Author::Unknown)
                    }
                } else if own.signs_in_full(&line) && !person.signs_in_full(&line) {
                    Some(&Author::Ours)
                } else if *author == Author::Unknown && person.signs(&line) {
                    Some(&his)
                } else if his_segment && signed && is_to_a_stranger(&line, &own, &person) {
                    Some(&somebody)
                } else {
                    let may_be_ours = *author == Author::Unknown || (his_segment && any_words);
                    (may_be_ours && person.is_greeted(&line)).then_some(&Author::Ours)
                };
                if let Some(turned) = turned.filter(|turned| **turned != *author) {
                    cut.begin(turned, None);
                }
                any_words |= !line.is_empty();
                signed |= any_words && person.signs(&line);
                if let Some(segment) = cut.segments.last_mut() {
                    segment.lines.push(line);
                }
            }
        }
        cut
    }
}

/// Below his name a greeting of neither him nor us begins what somebody else wrote to somebody else.
fn is_to_a_stranger(line: &str, own: &Names, person: &Names) -> bool {
    greets_somebody(line) && !own.is_greeted(line) && !person.is_greeted(line)
}

fn own_names(reading: &Reading) -> Names {
    let from = reading.header.from.first();
    from.map_or_else(Names::default, |a| Names::of(&a.name, &a.address))
}

/// A line without its quote marks; nothing, where it is too long to be looked at.
fn readable(line: &str) -> &str {
    let line = line.trim_start_matches(['>', '|', ' ', '\t', '\u{a0}']).trim_end();
    if line.chars().nth(MAX_LINE_CHARS).is_some() { "" } else { line }
}
