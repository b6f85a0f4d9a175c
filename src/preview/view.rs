//! The whole of a mail as a page shows it.

use super::{
    address::cut,
    fields::{self, Field},
    marked::{Run, marked},
};
use crate::{
    decision::Evidence,
    message::{self, Defect, Leaf, Limits, PassageKind, Reading},
};

/// The most octets of text that a page shows; the rest is in the mail itself.
const MAX_TEXT_OCTETS: usize = 200 << 10;
/// The most parts that a page lists.
const MAX_PARTS: usize = 200;

/// A mail to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The header fields that a reader looks for.
    pub fields: Vec<Field>,
    /// Every header field.
    pub all_fields: Vec<Field>,
    /// The text, in reading order; the subject is among the fields.
    pub passages: Vec<Passage>,
    /// Whether text was left out because there is too much.
    pub is_cut: bool,
    /// The subject, its words marked.
    pub subject: Vec<Run>,
    /// The parts.
    pub parts: Vec<ShownPart>,
    /// How many more parts there are.
    pub more_parts: usize,
    /// What was odd about it.
    pub defects: Vec<Defect>,
}

/// A run of text of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// What it is.
    pub kind: PassageKind,
    /// Its text.
    pub runs: Vec<Run>,
}

/// What a part is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Text of the mail.
    Text,
    /// The same as a web page.
    Html,
    /// Something that came along.
    Attached,
}

/// A part in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPart {
    /// Its number, to open it by.
    pub number: usize,
    /// What it is.
    pub kind: PartKind,
    /// Its file name; may be empty.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size, decoded.
    pub size_octets: usize,
    /// Whether its text was read.
    pub read: bool,
}

impl Preview {
    /// The parts that can be shown as web pages.
    pub fn pages(&self) -> impl Iterator<Item = &ShownPart> {
        self.parts.iter().filter(|part| part.kind == PartKind::Html)
    }

    /// Whether the words of this term are marked somewhere.
    pub fn marks(&self, term: usize) -> bool {
        let marks = |runs: &[Run]| runs.iter().any(|run| run.terms.contains(&term));
        marks(&self.subject) || self.passages.iter().any(|passage| marks(&passage.runs))
    }
}

/// Reads a mail to show it; terms are numbered from 1 in the order of the evidence.
pub fn preview(bytes: &[u8], evidence: &[Evidence], limits: &Limits) -> Preview {
    let reading = message::read(bytes, limits);
    let leaves = message::leaves(bytes, limits);
    let (passages, is_cut) = passages(&reading, evidence);
    Preview {
        fields: fields::main(&reading.header),
        all_fields: fields::all(&reading.header),
        subject: marked(&cut(&reading.header.subject), &quotes(evidence, PassageKind::Subject)),
        passages,
        is_cut,
        parts: leaves.iter().take(MAX_PARTS).map(part).collect(),
        more_parts: leaves.len().saturating_sub(MAX_PARTS),
        defects: reading.defects,
    }
}

fn passages(reading: &Reading, evidence: &[Evidence]) -> (Vec<Passage>, bool) {
    let (mut left, mut is_cut, mut shown) = (MAX_TEXT_OCTETS, false, Vec::new());
    for passage in reading.passages.iter().filter(|p| p.kind != PassageKind::Subject) {
        let end = passage.text.floor_char_boundary(left);
        let text = passage.text.get(..end).unwrap_or_default();
        is_cut |= end < passage.text.len();
        left = left.saturating_sub(text.len());
        if !text.trim().is_empty() {
            let runs = marked(text.trim_matches('\n'), &quotes(evidence, passage.kind));
            shown.push(Passage { kind: passage.kind, runs });
        }
    }
    (shown, is_cut)
}

/// The quotations of the evidence that stand in passages of a kind.
fn quotes(evidence: &[Evidence], kind: PassageKind) -> Vec<(usize, &str)> {
    let place = match kind {
        PassageKind::Subject => "subject",
        PassageKind::New => "new",
        PassageKind::Attachment => "attachment",
        PassageKind::Quoted | PassageKind::Forwarded => "quoted",
        PassageKind::Signature | PassageKind::Disclaimer => return Vec::new(),
    };
    let numbered = evidence.iter().enumerate().filter(|(_, term)| term.place == place);
    numbered.map(|(at, term)| (at + 1, term.text.as_str())).collect()
}

fn part(leaf: &Leaf) -> ShownPart {
    ShownPart {
        number: leaf.number,
        kind: match leaf {
            leaf if leaf.is_attached => PartKind::Attached,
            leaf if leaf.is_html => PartKind::Html,
            leaf if leaf.facts.media_type.starts_with("text/") => PartKind::Text,
            _ => PartKind::Attached,
        },
        name: cut(&leaf.facts.name),
        media_type: cut(&leaf.facts.media_type),
        size_octets: leaf.facts.size_octets,
        read: leaf.facts.read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str, place: &str) -> Evidence {
        Evidence { text: text.into(), place: place.into(), signal: "s".into(), weight: 1.0 }
    }

    #[test]
    fn words_are_marked_where_they_spoke_and_nowhere_else() {
        let mail = b"Subject: Re: We must decline\r\nFrom: Kim <kim@us.example>\r\n\
            In-Reply-To: <1@x.example>\r\n\r\nWe must decline\r\nit.\r\n\r\n\
            On Mon, 3 May 2026 at 10:00, Ann <a@x.example> wrote:\r\n> We must decline it.\r\n";
        let evidence = [term("We must decline it.", "new"), term("We must decline", "subject")];
        let preview = preview(mail, &evidence, &Limits::default());
        let subject: Vec<_> = preview.subject.iter().map(|r| (&*r.text, &*r.terms)).collect();
        assert_eq!(subject, [("Re: ", &[][..]), ("We must decline", &[2][..])]);
        let marked = |kind| {
            let passages = preview.passages.iter().filter(move |p| p.kind == kind);
            passages.flat_map(|p| &p.runs).flat_map(|r| r.terms.clone()).collect::<Vec<_>>()
        };
        assert_eq!(marked(PassageKind::New), [1]);
        assert_eq!(marked(PassageKind::Quoted), [0_usize; 0]);
        assert!(preview.marks(1) && preview.marks(2) && !preview.marks(3));
        assert_eq!(preview.fields[0].addresses[0].address, "kim@us.example");
    }

    #[test]
    fn an_attached_page_is_a_file_and_not_a_page() {
        let mail = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/html\r\n\r\n<p>one</p>\r\n\
            --b\r\nContent-Type: text/html; name=\"x.html\"\r\n\r\n<p>two</p>\r\n--b--\r\n";
        let preview = preview(mail, &[], &Limits::default());
        let kinds: Vec<_> = preview.parts.iter().map(|part| part.kind).collect();
        assert_eq!(kinds, [PartKind::Html, PartKind::Attached]);
        assert_eq!(preview.pages().count(), 1);
    }
}
