//! Content-Type, Content-Disposition and Content-Transfer-Encoding → what programs make of them.
//!
//! Takes the raw fields of one part, gives media type, boundaries, charset, names and
//! encodings. Where a field can be understood in two ways both are given and
//! [`Defect::AmbiguousPart`] is noted: which one a mail program follows nobody knows.
//!
//! RFC 2045 §5, RFC 2183, RFC 2231.

use super::{Defect, Met, charset, fields::Field, normal, parameters, words};

/// How octets are wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Base64,
    QuotedPrintable,
    Uuencode,
}

/// What the fields of one part say.
#[derive(Debug, Clone)]
pub(super) struct Media {
    /// Lower case, without parameters; as the first field says.
    pub(super) media_type: String,
    /// Some reading of some field says `multipart/`.
    pub(super) multipart: bool,
    /// Every boundary that some reading gives.
    pub(super) boundaries: Vec<Vec<u8>>,
    pub(super) charset: Option<String>,
    /// File names, best first.
    pub(super) names: Vec<String>,
    /// `Content-Disposition: attachment`
    pub(super) attachment: bool,
    /// `format=flowed` (RFC 3676)
    pub(super) flowed: bool,
    /// `protocol=`, `smime-type=`: what a signed or encrypted part is.
    pub(super) kind: String,
    /// Never empty, best first.
    pub(super) encodings: Vec<Encoding>,
}

/// The bound on one field we are ready to take apart.
const MOST_OCTETS: usize = 16 << 10;
/// Ways to read one boundary that we follow.
const MOST_BOUNDARIES: usize = 8;

/// Reads the Content-* fields of a part.
pub(super) fn read(fields: &[Field<'_>], default_type: &str, met: &mut Met) -> Media {
    let mut media = Media {
        media_type: default_type.to_owned(),
        multipart: false,
        boundaries: Vec::new(),
        charset: None,
        names: Vec::new(),
        attachment: false,
        flowed: false,
        kind: String::new(),
        encodings: Vec::new(),
    };
    let mut types = 0;
    for field in fields.iter().filter(|f| f.is("Content-Type")) {
        types += 1;
        media.content_type(&words::unfold(field.value, MOST_OCTETS), types == 1, met);
    }
    let mut dispositions = 0;
    for field in fields.iter().filter(|f| f.is("Content-Disposition")) {
        dispositions += 1;
        media.disposition(&words::unfold(field.value, MOST_OCTETS), met);
    }
    if types > 1 || dispositions > 1 {
        met.note(Defect::AmbiguousPart);
        met.note(Defect::DuplicateField);
    }
    for field in fields.iter().filter(|f| f.is("Content-Transfer-Encoding")) {
        media.encoding(&words::unfold(field.value, 1_000), met);
    }
    if media.encodings.is_empty() {
        media.encodings.push(Encoding::Identity);
    }
    media
}

impl Media {
    /// Whether its text is meant to be read by a person.
    pub(super) fn is_text(&self) -> bool {
        self.media_type.starts_with("text/")
            && self.media_type != "text/calendar"
            && self.media_type != "text/vcard"
            && self.media_type != "text/x-vcard"
            && self.media_type != "text/css"
            && self.media_type != "text/rtf"
    }

    pub(super) fn is_html(&self) -> bool {
        matches!(self.media_type.as_str(), "text/html" | "application/xhtml+xml")
    }

    fn content_type(&mut self, value: &[u8], first: bool, met: &mut Met) {
        let parsed = parameters::parse(value);
        met.note_if(parsed.strange, Defect::AmbiguousPart);
        let media_type = parsed.value.to_ascii_lowercase();
        let squeezed: String = media_type.chars().filter(|c| !c.is_whitespace()).collect();
        let well_formed =
            squeezed.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
        // Something like `text` or `multipart/` is no type; text is what most programs show then.
        met.note_if(!well_formed || squeezed.len() != media_type.len(), Defect::AmbiguousPart);
        if first && well_formed {
            self.media_type.clone_from(&squeezed);
        }
        let lower = value.to_ascii_lowercase();
        self.multipart |= squeezed.starts_with("multipart")
            || memchr::memmem::find(&lower, b"multipart").is_some();
        let mut boundaries = parsed.all("boundary");
        met.note_if(boundaries.len() > 1, Defect::AmbiguousPart);
        boundaries.extend(parameters::naive(value, b"boundary"));
        for boundary in boundaries {
            let trimmed = boundary.trim_ascii_end();
            let room = self.boundaries.len() < MOST_BOUNDARIES;
            if room && !trimmed.is_empty() && !self.boundaries.iter().any(|b| b == trimmed) {
                self.boundaries.push(trimmed.to_vec());
            }
        }
        if self.charset.is_none() {
            self.charset =
                parsed.first("charset").map(|c| String::from_utf8_lossy(&c).into_owned());
        }
        let is = |name: &str, wanted: &str| {
            parsed.first(name).is_some_and(|v| v.eq_ignore_ascii_case(wanted.as_bytes()))
        };
        self.flowed |= is("format", "flowed");
        for name in ["protocol", "smime-type"] {
            if let Some(value) = parsed.first(name) {
                self.kind.push_str(&String::from_utf8_lossy(&value).to_ascii_lowercase());
            }
        }
        self.add_names(&parsed, "name", met);
    }

    fn disposition(&mut self, value: &[u8], met: &mut Met) {
        let parsed = parameters::parse(value);
        met.note_if(parsed.strange, Defect::AmbiguousPart);
        self.attachment |= parsed.value.eq_ignore_ascii_case("attachment");
        // The name of the disposition is the one that most programs follow.
        let of_type = std::mem::take(&mut self.names);
        self.add_names(&parsed, "filename", met);
        if !self.names.is_empty() && !of_type.is_empty() && self.names.first() != of_type.first() {
            met.note(Defect::AmbiguousPart);
        }
        for name in of_type {
            self.add_name(name);
        }
    }

    fn add_names(&mut self, parsed: &parameters::Parameters, key: &str, met: &mut Met) {
        let all = parsed.all_with_charset(key);
        met.note_if(all.len() > 1, Defect::AmbiguousPart);
        for (label, bytes) in all {
            let name = match label {
                Some(label) => normal::printable(&charset::decode(&bytes, Some(&label), met).text),
                None => words::decode_words(&bytes, met),
            };
            self.add_name(name);
        }
    }

    fn add_name(&mut self, name: String) {
        if !name.trim().is_empty() && !self.names.contains(&name) && self.names.len() < 8 {
            self.names.push(name);
        }
    }

    fn encoding(&mut self, value: &[u8], met: &mut Met) {
        let text = parameters::without_comments(value);
        let had_comment = text.len() != value.len();
        let text = String::from_utf8_lossy(&text).trim().to_ascii_lowercase();
        let known = match text.as_str() {
            "7bit" | "8bit" | "binary" => Some(Encoding::Identity),
            "base64" => Some(Encoding::Base64),
            "quoted-printable" => Some(Encoding::QuotedPrintable),
            "x-uuencode" | "uuencode" | "x-uue" | "uue" | "x-uu" => {
                met.note(Defect::Encoding);
                Some(Encoding::Uuencode)
            }
            _ => None,
        };
        met.note_if(had_comment || known.is_none(), Defect::Encoding);
        let guess: &[Encoding] = match known {
            Some(Encoding::Identity) => &[Encoding::Identity],
            Some(Encoding::Base64) => &[Encoding::Base64],
            Some(Encoding::QuotedPrintable) => &[Encoding::QuotedPrintable],
            Some(Encoding::Uuencode) => &[Encoding::Uuencode],
            None if text.contains("64") => &[Encoding::Base64, Encoding::Identity],
            None if text.contains("quoted") => &[Encoding::QuotedPrintable, Encoding::Identity],
            None if text.contains("uu") => &[Encoding::Uuencode, Encoding::Identity],
            None => &[Encoding::Identity, Encoding::Base64, Encoding::QuotedPrintable],
        };
        let before = self.encodings.len();
        for encoding in guess {
            if !self.encodings.contains(encoding) {
                self.encodings.push(*encoding);
            }
        }
        if before > 0 {
            met.note(Defect::DuplicateField);
            met.note_if(self.encodings.len() > before, Defect::AmbiguousPart);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(fields: &[(&str, &str)]) -> (Media, Vec<Defect>) {
        let fields: Vec<Field<'_>> =
            fields.iter().map(|(n, v)| Field { name: n.as_bytes(), value: v.as_bytes() }).collect();
        let mut met = Met::default();
        let media = read(&fields, "text/plain", &mut met);
        (media, met.into_sorted())
    }

    #[test]
    fn an_ordinary_part_is_not_ambiguous() {
        let (m, odd) = media(&[
            ("Content-Type", " text/plain; charset=\"utf-8\"; format=flowed"),
            ("Content-Transfer-Encoding", " quoted-printable"),
            ("Content-Disposition", " inline"),
        ]);
        assert_eq!((m.media_type.as_str(), m.charset.as_deref()), ("text/plain", Some("utf-8")));
        assert!(m.flowed && odd.is_empty());
        assert_eq!(m.encodings, [Encoding::QuotedPrintable]);
    }

    #[test]
    fn both_of_two_types_are_followed() {
        let (m, odd) = media(&[
            ("Content-Type", "text/plain"),
            ("Content-Type", "multipart/mixed; boundary=b"),
        ]);
        assert!(m.multipart);
        assert_eq!(m.boundaries, [b"b"]);
        assert_eq!(odd, [Defect::DuplicateField, Defect::AmbiguousPart]);
    }

    #[test]
    fn every_boundary_counts() {
        let (m, odd) = media(&[("Content-Type", "multipart/mixed; boundary=a; boundary=\"b c\"")]);
        assert_eq!(m.boundaries, [&b"a"[..], b"b c"]);
        assert_eq!(odd, [Defect::AmbiguousPart]);
    }

    #[test]
    fn names_of_rfc_2231_and_2047_are_decoded() {
        let (m, odd) = media(&[(
            "Content-Disposition",
            "attachment; filename*0*=utf-8''Kostenvor%61nschlag; filename*1=\".pdf\"",
        )]);
        assert_eq!(m.names, ["Kostenvoranschlag.pdf"]);
        assert!(m.attachment && odd.is_empty());
        let (m, _) =
            media(&[("Content-Disposition", "attachment; filename=\"=?utf-8?q?=C3=A9.pdf?=\"")]);
        assert_eq!(m.names, ["é.pdf"]);
    }
}
