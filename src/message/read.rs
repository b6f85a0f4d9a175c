//! Octets → [`Reading`].
//!
//! Puts the steps of this room together: header, part tree, text of each part, passages,
//! sentences, language. Each step is bounded by [`Limits`] and linear in what it is given.
//!
//! RFC 5322, RFC 2045 to 2049; where mail programs differ, what any of them would show is read.

use std::{borrow::Cow, collections::HashSet};

use super::{
    Attachment, Defect, Header, Limits, Met, Passage, PassageKind, Reading, charset, fields,
    header, html, language,
    lines::{self, Line},
    marks, normal,
    parts::{self, Enclosed, Part, Tree},
    sentences::{self, Lines},
    uuencode,
    zones::{self, Context, Run},
};

/// Reads one message. Never fails: what is odd about it is in [`Reading::defects`].
pub fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let mut met = Met::default();
    let bytes = within(bytes, limits.message_octets, &mut met);
    let section = fields::section(skip_blank_lines(bytes, &mut met), limits.fields, &mut met);
    let (header, other_subjects) = header::read(&section.fields, limits, &mut met);
    let tree = parts::walk(&section.fields, section.body, limits, &mut met);
    let (subject, prefixes) = marks::subject(&header.subject);
    let context = Context {
        supported: header.is_reply() || prefixes.reply || prefixes.forward,
        forward: prefixes.forward && !prefixes.reply,
    };
    let mut reader = Reader {
        met,
        header: &header,
        context,
        octets_left: limits.text_octets,
        sentences_left: limits.sentences,
        passages: Vec::new(),
        attachments: Vec::new(),
    };
    reader.passage(PassageKind::Subject, subject.to_owned(), Lines::Wrapped);
    for other in other_subjects {
        reader.passage(PassageKind::Subject, marks::subject(&other).0.to_owned(), Lines::Wrapped);
    }
    reader.tree(&tree);
    let Reader { met, passages, attachments, .. } = reader;
    let language = language_of(&passages);
    Reading { language, passages, attachments, defects: met.into_sorted(), header }
}

/// An attachment with its content, for those who can read what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Name, type and size.
    pub facts: Attachment,
    /// Decoded octets.
    pub content: Vec<u8>,
}

/// Every leaf of the message decoded, in order, under each reading of its encoding: for reading
/// attachments and for measuring what a hidden part can escape. Costs the size of the message.
pub fn attached(bytes: &[u8], limits: &Limits) -> Vec<Attached> {
    let mut met = Met::default();
    let bytes = within(bytes, limits.message_octets, &mut met);
    let section = fields::section(skip_blank_lines(bytes, &mut met), limits.fields, &mut met);
    let tree = parts::walk(&section.fields, section.body, limits, &mut met);
    let mut all = Vec::new();
    for part in &tree.parts {
        for content in part.readings(usize::MAX, &mut met) {
            let facts = Attachment {
                name: part.media.names.first().cloned().unwrap_or_default(),
                media_type: part.media.media_type.clone(),
                size_octets: content.len(),
                read: is_readable(part),
            };
            all.push(Attached { facts, content: content.into_owned() });
        }
    }
    all
}

/// Gives the attachments whose text is not in the reading, in order: what `wanted` says yes to,
/// decoded where it has `most` octets at most. What somebody else's forwarded message brought
/// along is his. Costs another walk through the message.
pub fn closed(
    bytes: &[u8],
    limits: &Limits,
    most: usize,
    wanted: impl Fn(&Attachment) -> bool,
    mut give: impl FnMut(&Attachment, Option<&[u8]>),
) {
    let mut met = Met::default();
    let bytes = within(bytes, limits.message_octets, &mut met);
    let section = fields::section(skip_blank_lines(bytes, &mut met), limits.fields, &mut met);
    let (header, _) = header::read(&section.fields, limits, &mut met);
    let tree = parts::walk(&section.fields, section.body, limits, &mut met);
    for part in tree.parts.iter().filter(|part| !is_readable(part)) {
        let enclosed = part.enclosed.and_then(|n| tree.enclosed.get(n));
        if enclosed.is_some_and(|e| kind_of(e, &header) == PassageKind::Forwarded) {
            continue;
        }
        let facts = Attachment {
            name: part.media.names.first().cloned().unwrap_or_default(),
            media_type: part.media.media_type.clone(),
            size_octets: part.size_octets(&mut met),
            read: false,
        };
        if !wanted(&facts) {
            continue;
        }
        if facts.size_octets > most {
            give(&facts, None);
        } else if let Some(octets) = part.readings(usize::MAX, &mut met).first() {
            give(&facts, Some(octets));
        }
    }
}

pub(super) fn within<'a>(bytes: &'a [u8], most: usize, met: &mut Met) -> &'a [u8] {
    met.note_if(bytes.len() > most, Defect::Limit);
    bytes.get(..most).unwrap_or(bytes)
}

/// Empty lines before the header: some programs skip them, for others it is all body.
pub(super) fn skip_blank_lines<'a>(bytes: &'a [u8], met: &mut Met) -> &'a [u8] {
    let begin = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
    met.note_if(begin > 0 && begin < bytes.len(), Defect::HeaderLine);
    bytes.get(begin..).unwrap_or_default()
}

fn language_of(passages: &[Passage]) -> Option<super::Language> {
    let of_kind = |kind| {
        passages.iter().filter(move |p: &&Passage| p.kind == kind).flat_map(|p| &p.sentences)
    };
    let new = of_kind(PassageKind::New).chain(of_kind(PassageKind::Subject));
    language::of(new.map(|s| s.normal()))
}

struct Reader<'r> {
    met: Met,
    header: &'r Header,
    context: Context,
    octets_left: usize,
    sentences_left: usize,
    passages: Vec<Passage>,
    attachments: Vec<Attachment>,
}

/// Octets of a short sentence, and how many sentences a passage has room for at first.
const SENTENCE_OCTETS: usize = 64;
const MANY_SENTENCES: usize = 64;

/// What a leaf is to the reader.
#[derive(PartialEq)]
enum Role {
    Body,
    Attachment,
    Forwarded,
    Nothing,
}

impl Reader<'_> {
    fn tree(&mut self, tree: &Tree<'_>) {
        let mut done: HashSet<usize> = HashSet::new();
        let mut any_body = false;
        for part in &tree.parts {
            match self.role(part, tree, any_body) {
                Role::Nothing => {}
                Role::Attachment => self.whole(part, PassageKind::Attachment),
                Role::Forwarded => self.whole(part, PassageKind::Forwarded),
                Role::Body => {
                    any_body = true;
                    match part.alternative {
                        Some(group) if !done.insert(group) => {}
                        Some(group) => {
                            let branches: Vec<&Part<'_>> = tree
                                .parts
                                .iter()
                                .filter(|p| {
                                    p.alternative == Some(group) && p.enclosed == part.enclosed
                                })
                                .filter(|p| is_readable(p) && !p.media.attachment)
                                .collect();
                            self.body(&branches);
                        }
                        None => self.body(&[part]),
                    }
                }
            }
        }
        for message in &tree.enclosed {
            let kind = kind_of(message, self.header);
            self.passage(kind, message.subject.clone(), Lines::Wrapped);
        }
    }

    fn role(&mut self, part: &Part<'_>, tree: &Tree<'_>, any_body: bool) -> Role {
        let enclosed = part.enclosed.and_then(|n| tree.enclosed.get(n));
        let named = !part.media.names.is_empty();
        let readable = is_readable(part);
        let detached = part.media.attachment || (named && any_body) || !readable;
        if detached {
            self.attachment(part, readable);
        }
        if !readable {
            return Role::Nothing;
        }
        match enclosed {
            Some(message) if kind_of(message, self.header) == PassageKind::Forwarded => {
                Role::Forwarded
            }
            Some(_) => Role::Attachment,
            None if detached => Role::Attachment,
            None => Role::Body,
        }
    }

    fn attachment(&mut self, part: &Part<'_>, read: bool) {
        let mut names = part.media.names.iter();
        let media_type = part.media.media_type.clone();
        let size_octets = part.size_octets(&mut self.met);
        let name = names.next().cloned().unwrap_or_default();
        self.attachments.push(Attachment {
            name,
            media_type: media_type.clone(),
            size_octets,
            read,
        });
        // Further names that programs might show for the same part.
        for name in names {
            self.attachments.push(Attachment {
                name: name.clone(),
                media_type: media_type.clone(),
                size_octets,
                read,
            });
        }
    }

    /// All text of a part, as one passage.
    fn whole(&mut self, part: &Part<'_>, kind: PassageKind) {
        self.lines(part, |reader, lines| {
            let texts: Vec<&str> = lines.iter().map(|l| &*l.text).collect();
            reader.passage(kind, texts.join("\n"), width(part));
        });
    }

    /// A body in one or several alternatives: the last is what most readers see; of the others, and
    /// of other readings of the same, comes what it does not say.
    fn body(&mut self, branches: &[&Part<'_>]) {
        let mut said: Option<Said> = None;
        let several = branches.len() > 1;
        for part in branches.iter().rev() {
            self.lines(part, |reader, lines| {
                let runs = zones::runs(lines, reader.context);
                match &mut said {
                    None => said = Some(reader.first_said(runs, width(part), several)),
                    Some(said) => reader.what_is_more(runs, width(part), said),
                }
            });
        }
    }

    /// The reading that is given whole. What it said is only asked where others follow.
    fn first_said(&mut self, runs: Vec<Run>, lines: Lines, others_follow: bool) -> Said {
        let first = self.passages.len();
        for Run { kind, text } in runs {
            self.passage(kind, text, lines);
        }
        if !others_follow {
            return Said::default();
        }
        Said::from(self.passages.get(first..).unwrap_or_default())
    }

    fn what_is_more(&mut self, runs: Vec<Run>, lines: Lines, said: &mut Said) {
        for Run { kind, text } in runs {
            if said.all_of(&text) {
                continue;
            }
            let mut sentences = Vec::new();
            sentences::each(&text, lines, &mut self.sentences_left, &mut sentences);
            sentences.retain(|s| !said.has(s.normal()));
            if sentences.is_empty() {
                continue;
            }
            let texts: Vec<&str> = sentences.iter().map(|s| s.text()).collect();
            let text = texts.join("\n");
            said.add(&text);
            self.passages.push(Passage { kind, sentences, text });
        }
    }

    fn passage(&mut self, kind: PassageKind, text: String, lines: Lines) {
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        let mut sentences = Vec::with_capacity((text.len() / SENTENCE_OCTETS).min(MANY_SENTENCES));
        sentences::each(&text, lines, &mut self.sentences_left, &mut sentences);
        self.met.note_if(self.sentences_left == 0, Defect::Limit);
        self.passages.push(Passage { kind, sentences, text });
    }

    /// Gives the lines of a text part under each reading of its encoding and charset.
    fn lines(&mut self, part: &Part<'_>, mut give: impl FnMut(&mut Self, &[Line<'_>])) {
        // Encoded text is longer than what it says: four times is more than any encoding needs.
        let most = self.octets_left.saturating_mul(4);
        let readings = part.readings(most, &mut self.met);
        let mut texts = Vec::with_capacity(1);
        for octets in &readings {
            let charset::Decoded { text, other } =
                charset::decode(octets, part.media.charset.as_deref(), &mut self.met);
            for text in std::iter::once(text).chain(other) {
                texts.push(self.bounded(text));
            }
        }
        for text in &texts {
            let (text, inside_words) = normal::visible(text);
            self.met.note_if(inside_words, Defect::InvisibleCharacters);
            self.lines_of(&text, part, &mut give);
        }
    }

    fn lines_of(
        &mut self,
        text: &str,
        part: &Part<'_>,
        give: &mut impl FnMut(&mut Self, &[Line<'_>]),
    ) {
        if part.media.is_html() || looks_like_html(text) {
            let shown = html::read(text);
            self.met.note_if(shown.hidden, Defect::HiddenText);
            return give(self, &shown.lines);
        }
        let has = |words: &[u8]| memchr::memmem::find(text.as_bytes(), words).is_some();
        self.met.note_if(has(b"-----BEGIN PGP MESSAGE-----"), Defect::Encrypted);
        match uuencode::taken_out(text) {
            Some((rest, files)) => {
                self.met.note(Defect::Encoding);
                self.attachments.extend(files);
                give(self, &lines::of_text(&rest, part.media.flowed));
            }
            None => give(self, &lines::of_text(text, part.media.flowed)),
        }
    }

    fn bounded<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        if text.len() <= self.octets_left {
            self.octets_left -= text.len();
            return text;
        }
        self.met.note(Defect::Limit);
        let most = std::mem::take(&mut self.octets_left);
        let end = (0..=most).rev().find(|n| text.is_char_boundary(*n)).unwrap_or_default();
        Cow::Owned(text.get(..end).unwrap_or_default().to_owned())
    }
}

/// An enclosed message is somebody else's, unless it is from the very sender: then it may be
/// a way to say something without writing it.
fn kind_of(message: &Enclosed, header: &Header) -> PassageKind {
    let ours =
        |a: &super::Address| header.from.iter().any(|f| f.address.eq_ignore_ascii_case(&a.address));
    if message.from.iter().any(ours) { PassageKind::Attachment } else { PassageKind::Forwarded }
}

fn width(part: &Part<'_>) -> Lines {
    if part.media.is_html() { Lines::Blocks } else { Lines::Wrapped }
}

/// A part whose text a person is meant to read, whatever its type says.
pub(super) fn is_readable(part: &Part<'_>) -> bool {
    if part.media.is_text() || part.media.is_html() {
        return true;
    }
    let name = part.media.names.first().map(|n| n.to_ascii_lowercase()).unwrap_or_default();
    let text_name =
        [".txt", ".htm", ".html", ".csv", ".md", ".log"].iter().any(|e| name.ends_with(e));
    let anything = matches!(
        part.media.media_type.as_str(),
        "application/octet-stream" | "application/text" | "application/html"
    );
    (anything && text_name)
        || (!part.media.media_type.contains('/'))
        || part.media.media_type.starts_with("multipart/")
}

fn looks_like_html(text: &str) -> bool {
    let head = text.trim_start().as_bytes();
    let begins = |tag: &[u8]| head.get(..tag.len()).is_some_and(|h| h.eq_ignore_ascii_case(tag));
    begins(b"<html") || begins(b"<!doctype html") || begins(b"<body") || begins(b"<head")
}

/// What the alternatives have said already: letters and digits only, since programs wrap, quote and
/// punctuate the two differently.
#[derive(Default)]
struct Said {
    sentences: HashSet<String>,
    whole: String,
    work_left: usize,
}

/// Octets searched for sentences that are cut differently; what is not found then is said twice.
const SEARCH_OCTETS: usize = 8 << 20;

impl Said {
    fn from(passages: &[Passage]) -> Said {
        let mut said = Said { work_left: SEARCH_OCTETS, ..Said::default() };
        for passage in passages {
            said.add(&passage.text);
            said.sentences.extend(passage.sentences.iter().map(|s| squeezed(s.normal())));
        }
        said
    }

    fn add(&mut self, text: &str) {
        squeeze(&normal::normal(text), &mut self.whole);
    }

    fn all_of(&mut self, text: &str) -> bool {
        self.contains(&squeezed(&normal::normal(text)))
    }

    fn has(&mut self, sentence: &str) -> bool {
        let sentence = squeezed(sentence);
        sentence.is_empty() || self.sentences.contains(&sentence) || self.contains(&sentence)
    }

    fn contains(&mut self, squeezed: &str) -> bool {
        if self.work_left < self.whole.len() {
            return false;
        }
        self.work_left -= self.whole.len();
        memchr::memmem::find(self.whole.as_bytes(), squeezed.as_bytes()).is_some()
    }
}

fn squeeze(text: &str, into: &mut String) {
    into.extend(text.chars().filter(|c| c.is_alphanumeric()));
}

fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    squeeze(text, &mut out);
    out
}
