//! Which kind of document an attachment is: by its first octets, else by its name and type.
//!
//! What it is called decides nothing where its octets are clear: mail programs send PDF files as
//! `application/octet-stream`, and a receiver's program opens what it recognises.

use memchr::memmem;

use super::Refusal;

/// A kind of document whose text we read, or know that we do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Portable Document Format.
    Pdf,
    /// Office Open XML, word processing.
    Docx,
    /// OpenDocument text.
    Odt,
    /// Rich Text Format.
    Rtf,
    /// Word's format before 2007, and the envelope of encrypted DOCX: not read.
    OldWord,
}

/// How far from the beginning programs look for `%PDF-`.
const PDF_WITHIN_OCTETS: usize = 1_024;

const ZIP: &[u8] = b"PK\x03\x04";
/// Compound File Binary: old Office, and encrypted new Office.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The stream that holds an encrypted document, in UTF-16.
const ENCRYPTED_PACKAGE: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

impl Kind {
    /// All kinds, by their names on the command line.
    pub const ALL: [(&'static str, Kind); 5] = [
        ("pdf", Kind::Pdf),
        ("docx", Kind::Docx),
        ("odt", Kind::Odt),
        ("rtf", Kind::Rtf),
        ("doc", Kind::OldWord),
    ];

    /// Its name on the command line, in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Pdf => "pdf",
            Kind::Docx => "docx",
            Kind::Odt => "odt",
            Kind::Rtf => "rtf",
            Kind::OldWord => "doc",
        }
    }

    /// Whether an attachment of this type may be a document at all. Pictures, sound, calendars and
    /// signatures are not worth decoding.
    pub fn may_be(media_type: &str) -> bool {
        let (class, rest) = media_type.split_once('/').unwrap_or((media_type, ""));
        match class {
            "text" => matches!(rest, "rtf" | "richtext"),
            "application" => !matches!(
                rest,
                "pgp-signature"
                    | "pgp-encrypted"
                    | "pgp-keys"
                    | "pkcs7-signature"
                    | "x-pkcs7-signature"
                    | "ics"
                    | "json"
                    | "xml"
                    | "ms-tnef"
            ),
            _ => false,
        }
    }

    /// The kind of an attachment; `None` where it is no document that we know.
    pub fn of(name: &str, media_type: &str, octets: &[u8]) -> Option<Kind> {
        let said = by_name(name).or_else(|| by_type(media_type));
        let head = octets.get(..PDF_WITHIN_OCTETS).unwrap_or(octets);
        if memmem::find(head, b"%PDF-").is_some() {
            return Some(Kind::Pdf);
        }
        if head.trim_ascii_start().starts_with(b"{\\rtf") {
            return Some(Kind::Rtf);
        }
        if octets.starts_with(ZIP) {
            return in_zip(octets).or(said.filter(|k| matches!(k, Kind::Docx | Kind::Odt)));
        }
        if octets.starts_with(COMPOUND) {
            // Spreadsheets and mails come in this envelope as well; only what says that it is
            // text is missed when it cannot be read.
            return said.map(|_| Kind::OldWord);
        }
        said
    }
}

fn by_name(name: &str) -> Option<Kind> {
    let ending = name.trim_end().rsplit_once('.')?.1.to_ascii_lowercase();
    match ending.as_str() {
        "pdf" => Some(Kind::Pdf),
        "docx" | "docm" | "dotx" => Some(Kind::Docx),
        "odt" | "ott" => Some(Kind::Odt),
        "rtf" => Some(Kind::Rtf),
        "doc" | "dot" => Some(Kind::OldWord),
        _ => None,
    }
}

fn by_type(media_type: &str) -> Option<Kind> {
    match media_type {
        "application/pdf" | "application/x-pdf" => Some(Kind::Pdf),
        "application/rtf" | "text/rtf" | "text/richtext" => Some(Kind::Rtf),
        "application/msword" => Some(Kind::OldWord),
        "application/vnd.oasis.opendocument.text" => Some(Kind::Odt),
        t if t.contains("wordprocessingml") => Some(Kind::Docx),
        _ => None,
    }
}

/// Packages name their main part in the clear.
fn in_zip(octets: &[u8]) -> Option<Kind> {
    // OpenDocument §3.3: the first entry, stored, is the type.
    let head = octets.get(..200).unwrap_or(octets);
    if memmem::find(head, b"mimetypeapplication/vnd.oasis.opendocument.text").is_some() {
        return Some(Kind::Odt);
    }
    memmem::find(octets, b"word/document.xml").map(|_| Kind::Docx)
}

/// Why a compound file gives no text.
pub(super) fn of_old_word(octets: &[u8]) -> Refusal {
    match memmem::find(octets, ENCRYPTED_PACKAGE) {
        Some(_) => Refusal::Encrypted,
        None => Refusal::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_go_before_names_and_types() {
        let any = "application/octet-stream";
        let cases: [(&str, &str, &[u8], Option<Kind>); 12] = [
            ("letter.pdf", "application/pdf", b"%PDF-1.7 ...", Some(Kind::Pdf)),
            ("scan0001", any, b"\n\n%PDF-1.4 ...", Some(Kind::Pdf)),
            ("letter.doc", "application/msword", b"{\\rtf1 ...", Some(Kind::Rtf)),
            ("letter.doc", "application/msword", COMPOUND, Some(Kind::OldWord)),
            ("letter.docx", any, COMPOUND, Some(Kind::OldWord)),
            ("prices.xls", "application/vnd.ms-excel", COMPOUND, None),
            ("letter.zip", "application/zip", b"PK\x03\x04.. word/document.xml", Some(Kind::Docx)),
            ("prices.xlsx", any, b"PK\x03\x04.. xl/workbook.xml", None),
            ("letter.pdf", "application/pdf", b"garbage", Some(Kind::Pdf)),
            ("letter.odt", any, b"PK\x03\x04.. cut", Some(Kind::Odt)),
            ("", "application/pdf", b"", Some(Kind::Pdf)),
            ("data.bin", any, b"garbage", None),
        ];
        for (name, media_type, octets, kind) in cases {
            assert_eq!(Kind::of(name, media_type, octets), kind, "{name} {media_type}");
        }
    }

    #[test]
    fn what_cannot_be_a_document_is_not_decoded() {
        for media_type in ["image/png", "text/calendar", "application/pkcs7-signature", "audio/x"] {
            assert!(!Kind::may_be(media_type), "{media_type}");
        }
        for media_type in ["application/pdf", "application/octet-stream", "text/rtf"] {
            assert!(Kind::may_be(media_type), "{media_type}");
        }
    }

    #[test]
    fn an_encrypted_document_is_told_from_an_old_one() {
        let encrypted = [COMPOUND, &[0; 600], ENCRYPTED_PACKAGE].concat();
        assert_eq!(of_old_word(&encrypted), Refusal::Encrypted);
        assert_eq!(of_old_word(COMPOUND), Refusal::Unreadable);
    }
}
