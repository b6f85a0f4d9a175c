//! Message → parts, every one that some mail program would show.
//!
//! Takes header fields and body, gives the leaves of the part tree in order. A multipart is
//! cut at every boundary that any reading of its fields gives; text before the first and behind
//! the last delimiter is a part too; a missing boundary is guessed from what looks like one.
//! Depth, number of parts and octets are bounded, and so is the work: each level is looked at
//! once.
//!
//! RFC 2046 §5; the ways to hide a part are those of the public collection "MIME is broken".

use std::borrow::Cow;

use super::{
    Address, Defect, Limits, Met, addresses, boundaries, decode,
    fields::{self, Field},
    media::{self, Encoding, Media},
    words,
};

/// A leaf of the part tree.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) media: Media,
    /// As it stands in the message, still encoded.
    pub(super) raw: Cow<'a, [u8]>,
    /// The outermost multipart/alternative it stands in.
    pub(super) alternative: Option<usize>,
    /// The enclosed message it belongs to, an index into [`Tree::enclosed`].
    pub(super) enclosed: Option<usize>,
}

/// What the header of an enclosed message says.
#[derive(Debug, Default)]
pub(super) struct Enclosed {
    pub(super) subject: String,
    pub(super) from: Vec<Address>,
}

/// All leaves.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) enclosed: Vec<Enclosed>,
}

/// Walks a message whose header section is read already.
pub(super) fn walk<'a>(
    fields: &[Field<'a>],
    body: &'a [u8],
    limits: &Limits,
    met: &mut Met,
) -> Tree<'a> {
    let mut walk = Walk { limits, met, tree: Tree::default(), entities: 0, alternatives: 0 };
    walk.entity(
        fields,
        body,
        &Place { depth: 0, alternative: None, enclosed: None, default_type: "text/plain" },
    );
    walk.tree
}

/// Where in the tree we are.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    alternative: Option<usize>,
    enclosed: Option<usize>,
    default_type: &'static str,
}

struct Walk<'l, 'a> {
    limits: &'l Limits,
    met: &'l mut Met,
    tree: Tree<'a>,
    entities: usize,
    alternatives: usize,
}

impl<'a> Walk<'_, 'a> {
    /// A message or a part: its fields and what stands behind them.
    fn entity(&mut self, fields: &[Field<'a>], body: &'a [u8], place: &Place) {
        self.entities += 1;
        if self.entities > self.limits.parts || place.depth > self.limits.depth {
            self.met.note(Defect::Limit);
            return;
        }
        let media = media::read(fields, place.default_type, self.met);
        self.note_unreadable(&media);
        if media.multipart || !media.boundaries.is_empty() {
            if self.multipart(&media, body, place) {
                return;
            }
        } else if is_message(&media.media_type) && self.message(&media, body, place) {
            return;
        } else if media.is_text() && boundaries::guess(body).is_some() {
            // Parts under the name of plain text: some programs show them as parts.
            self.met.note(Defect::Multipart);
            if self.multipart(&media, body, place) {
                return;
            }
        }
        self.leaf(media, Cow::Borrowed(body), place);
    }

    fn leaf(&mut self, media: Media, raw: Cow<'a, [u8]>, place: &Place) {
        let (alternative, enclosed) = (place.alternative, place.enclosed);
        self.tree.parts.push(Part { media, raw, alternative, enclosed });
    }

    /// `false` if there is nothing in it that could be cut.
    fn multipart(&mut self, media: &Media, body: &'a [u8], place: &Place) -> bool {
        if !media.media_type.starts_with("multipart/") {
            self.met.note(Defect::AmbiguousPart);
        }
        let mut known = media.boundaries.clone();
        if !boundaries::any(body, &known) {
            self.met.note(Defect::Multipart);
            match boundaries::guess(body) {
                Some(guess) => known = vec![guess],
                None => return self.wrapped(media, body, place),
            }
        }
        let inner = Place {
            depth: place.depth + 1,
            alternative: place.alternative.or_else(|| self.alternative(media)),
            default_type: if media.media_type == "multipart/digest" {
                "message/rfc822"
            } else {
                "text/plain"
            },
            ..*place
        };
        let cut = boundaries::cut(body, &known);
        self.met.note_if(!cut.closed || cut.odd, Defect::Multipart);
        self.stray(cut.preamble, place);
        for segment in cut.segments {
            if self.entities > self.limits.parts {
                self.met.note(Defect::Limit);
                break;
            }
            if segment.behind_close && !boundaries::begins_with_content_field(segment.bytes) {
                self.stray(segment.bytes, place);
                continue;
            }
            self.met.note_if(segment.behind_close, Defect::Multipart);
            // An empty line in front of the fields of a part: some programs read them all the same.
            let trimmed = segment.bytes.trim_ascii_start();
            let late = trimmed.len() < segment.bytes.len()
                && boundaries::begins_with_content_field(trimmed);
            self.met.note_if(late, Defect::Multipart);
            let bytes = if late { trimmed } else { segment.bytes };
            let section = fields::section(bytes, self.limits.fields, self.met);
            self.entity(&section.fields, section.body, &inner);
        }
        true
    }

    fn alternative(&mut self, media: &Media) -> Option<usize> {
        (media.media_type == "multipart/alternative").then(|| {
            self.alternatives += 1;
            self.alternatives
        })
    }

    /// A multipart may not be encoded (RFC 2045 §6.4); programs differ about one that is.
    fn wrapped(&mut self, media: &Media, body: &'a [u8], place: &Place) -> bool {
        let Some(octets) = unwrapped(media, body) else { return false };
        self.met.note(Defect::Encoding);
        let plain = Media { encodings: vec![Encoding::Identity], ..media.clone() };
        self.owned(&octets, |inner, octets| inner.multipart(&plain, octets, place))
    }

    /// `message/rfc822` and its kin.
    fn message(&mut self, media: &Media, body: &'a [u8], place: &Place) -> bool {
        let place = &Place { depth: place.depth + 1, default_type: "text/plain", ..*place };
        match unwrapped(media, body) {
            Some(octets) => self.owned(&octets, |inner, octets| inner.enclosed(octets, place)),
            None => self.enclosed(body, place),
        }
    }

    fn enclosed(&mut self, bytes: &'a [u8], place: &Place) -> bool {
        let section = fields::section(bytes, self.limits.fields, self.met);
        if section.fields.is_empty() {
            return false;
        }
        let mut head = Enclosed::default();
        for field in &section.fields {
            if field.is("From") && head.from.is_empty() {
                addresses::read(
                    &words::unfold(field.value, self.limits.field_octets),
                    &mut head.from,
                    self.met,
                );
            } else if field.is("Subject") && head.subject.is_empty() {
                head.subject = words::decode_words(
                    &words::unfold(field.value, self.limits.field_octets),
                    self.met,
                );
            }
        }
        self.tree.enclosed.push(head);
        let enclosed = Some(self.tree.enclosed.len() - 1);
        self.entity(
            &section.fields,
            section.body,
            &Place { enclosed, alternative: None, ..*place },
        );
        true
    }

    /// Goes on in octets that are not part of the message as received.
    fn owned(
        &mut self,
        octets: &[u8],
        go: impl for<'l, 'b> FnOnce(&mut Walk<'l, 'b>, &'b [u8]) -> bool,
    ) -> bool {
        let enclosed = std::mem::take(&mut self.tree.enclosed);
        let mut inner = Walk {
            limits: self.limits,
            met: self.met,
            tree: Tree { parts: Vec::new(), enclosed },
            entities: self.entities,
            alternatives: self.alternatives,
        };
        let done = go(&mut inner, octets);
        let Walk { tree, entities, alternatives, .. } = inner;
        (self.entities, self.alternatives) = (entities, alternatives);
        self.tree.enclosed = tree.enclosed;
        let own = |p: Part<'_>| Part {
            raw: Cow::Owned(p.raw.into_owned()),
            media: p.media,
            alternative: p.alternative,
            enclosed: p.enclosed,
        };
        self.tree.parts.extend(tree.parts.into_iter().map(own));
        done
    }

    /// Text outside of all parts.
    fn stray(&mut self, bytes: &'a [u8], place: &Place) {
        let text = bytes.trim_ascii();
        if text.is_empty() || is_known_preamble(text) {
            return;
        }
        self.met.note(Defect::Multipart);
        let media = media::read(&[], "text/plain", self.met);
        self.leaf(media, Cow::Borrowed(bytes), place);
    }

    fn note_unreadable(&mut self, media: &Media) {
        let kind = media.media_type.as_str();
        let encrypted = kind == "multipart/encrypted"
            || kind == "application/pgp-encrypted"
            || ((kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime")
                && !media.kind.contains("certs-only"));
        self.met.note_if(encrypted, Defect::Encrypted);
        // A fragment cannot be judged, and what lies elsewhere is not looked at.
        let elsewhere = matches!(kind, "message/partial" | "message/external-body");
        self.met.note_if(elsewhere, Defect::AmbiguousPart);
        // TNEF: the words may be in there, in Microsoft's own format.
        let tnef = matches!(kind, "application/ms-tnef" | "application/vnd.ms-tnef");
        self.met.note_if(tnef, Defect::Encoding);
    }
}

fn is_message(media_type: &str) -> bool {
    matches!(media_type, "message/rfc822" | "message/global" | "message/news")
}

/// Decoded, if the fields say that it is encoded.
fn unwrapped(media: &Media, body: &[u8]) -> Option<Vec<u8>> {
    match media.encodings.first()? {
        Encoding::Identity => None,
        Encoding::Base64 => Some(decode::base64(body).bytes),
        Encoding::QuotedPrintable => Some(decode::quoted_printable(body).bytes),
        Encoding::Uuencode => Some(decode::uudecode(body).bytes),
    }
}

/// What mail programs put in front of the first part for programs older than MIME.
fn is_known_preamble(text: &[u8]) -> bool {
    let head = text.get(..text.len().min(400)).unwrap_or_default().to_ascii_lowercase();
    text.len() < 400
        && [
            &b"multi-part message"[..],
            b"multipart message",
            b"mime format",
            b"mime-format",
            b"mime message",
        ]
        .iter()
        .any(|known| memchr::memmem::find(&head, known).is_some())
}

impl Part<'_> {
    /// What the part says under each reading of its encoding, best first, never empty.
    /// At most `most` octets of the raw part are looked at.
    pub(super) fn readings(&self, most: usize, met: &mut Met) -> Vec<Cow<'_, [u8]>> {
        let raw = self.raw.get(..self.raw.len().min(most)).unwrap_or_default();
        let cut = raw.len() < self.raw.len();
        met.note_if(cut, Defect::Limit);
        let mut readings: Vec<Cow<'_, [u8]>> = Vec::with_capacity(1);
        let mut sure = self.media.encodings.len() == 1;
        for encoding in &self.media.encodings {
            let reading = match encoding {
                Encoding::Identity => Cow::Borrowed(raw),
                Encoding::Base64 if !sure && !decode::looks_like_base64(raw) => continue,
                Encoding::Base64 => self.octets(decode::base64(raw), cut, &mut sure, met),
                Encoding::QuotedPrintable => {
                    self.octets(decode::quoted_printable(raw), cut, &mut sure, met)
                }
                Encoding::Uuencode => match memchr::memmem::find(raw, b"begin ") {
                    Some(at) => {
                        let from = raw.get(at..).unwrap_or_default();
                        let line = memchr::memchr(b'\n', from).map_or(from.len(), |n| n + 1);
                        Cow::Owned(decode::uudecode(from.get(line..).unwrap_or_default()).bytes)
                    }
                    None => self.octets(decode::uudecode(raw), cut, &mut sure, met),
                },
            };
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        // Base64 with words in it: some programs show the words.
        let wordy = !sure
            && self.media.is_text()
            && raw.iter().filter(|b| **b == b' ').count() > raw.len() / 20;
        if readings.is_empty() || (wordy && !readings.iter().any(|r| r.as_ref() == raw)) {
            readings.push(Cow::Borrowed(raw));
        }
        readings
    }

    fn octets<'b>(
        &self,
        octets: decode::Octets,
        cut: bool,
        sure: &mut bool,
        met: &mut Met,
    ) -> Cow<'b, [u8]> {
        if !octets.clean && !cut {
            met.note(Defect::Encoding);
            *sure = false;
        }
        Cow::Owned(octets.bytes)
    }

    /// The size when decoded, without keeping what it says.
    pub(super) fn size_octets(&self, met: &mut Met) -> usize {
        match self.media.encodings.as_slice() {
            [Encoding::Identity] => self.raw.len(),
            [Encoding::Base64] => {
                let (size, clean) = decode::measure_base64(&self.raw);
                met.note_if(!clean, Defect::Encoding);
                size
            }
            _ => self.readings(usize::MAX, met).first().map_or(0, |r| r.len()),
        }
    }
}
