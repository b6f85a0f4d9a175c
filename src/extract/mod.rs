//! The octets of a document → its text.
//!
//! Takes an attachment as it was sent, gives what a reader of its first pages would see, one line
//! of the document a line. Knows PDF, Word (DOCX), OpenDocument text and RTF; HTML and plain text
//! are read by `message`. Knows nothing of mail.
//!
//! Every step is bounded, but parsers of such formats are large and other people's: they may
//! panic, loop or eat memory. So nothing of this room but [`Kind`] is called in the service
//! itself: `attachments` calls it in a process of its own.

mod inflated;
mod kind;
mod office;
mod package;
#[cfg(feature = "pdf")]
mod page;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "pdf")]
mod repaired;
mod rtf;
mod text;

pub use kind::Kind;
pub use text::MOST_TEXT_OCTETS;

/// Why there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A password is needed.
    #[error("it is encrypted")]
    Encrypted,
    /// It is broken, of pictures only, or of a kind that is not read.
    #[error("no text can be read in it")]
    Unreadable,
    /// It unfolds to more than we are ready to look at.
    #[error("it unfolds to more than is looked at")]
    TooLarge,
}

/// The text of a document's first pages, at most [`MOST_TEXT_OCTETS`]. Never empty.
pub fn text(kind: Kind, octets: &[u8]) -> Result<String, Refusal> {
    let text = match kind {
        #[cfg(feature = "pdf")]
        Kind::Pdf => pdf::text(octets),
        #[cfg(not(feature = "pdf"))]
        Kind::Pdf => Err(Refusal::Unreadable),
        Kind::Docx => package::docx(octets),
        Kind::Odt => package::odt(octets),
        Kind::Rtf => rtf::text(octets),
        Kind::OldWord => Err(kind::of_old_word(octets)),
    }?;
    if text.chars().any(char::is_alphanumeric) { Ok(text) } else { Err(Refusal::Unreadable) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rtf_piece() -> impl Strategy<Value = String> {
        let known = prop::sample::select(vec![
            "{",
            "}",
            "\\u-10179?",
            "\\u56832?",
            "\\'e",
            "\\'e4",
            "\\bin9 ",
            "\\uc2 ",
            "\\par",
            "\\v",
            "\\*",
            "\\ansicpg",
            "\\ansicpg932",
            "\\",
            "text ",
        ]);
        prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[ -~é]{0,9}"]
    }

    fn xml_piece() -> impl Strategy<Value = String> {
        let known = prop::sample::select(vec![
            "<w:p>",
            "</w:p>",
            "<w:r>",
            "</w:r>",
            "<w:t>",
            "</w:t>",
            "<w:vanish/>",
            "<w:del>",
            "</w:del>",
            "<w:br/>",
            "&amp;",
            "&#x110000;",
            "&nothing;",
            "<![CDATA[é]]>",
            "<!--",
            "-->",
            "text",
        ]);
        prop_oneof![6 => known.prop_map(str::to_owned), 1 => "[ -~é]{0,9}"]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arbitrary_octets_are_no_trouble(octets in prop::collection::vec(any::<u8>(), 0..600)) {
            for (_, kind) in Kind::ALL {
                let _ = text(kind, &octets);
            }
        }

        #[test]
        fn arbitrary_rtf_is_read_within_its_limit(pieces in prop::collection::vec(rtf_piece(), 0..60)) {
            let rtf = format!("{{\\rtf1 {}", pieces.concat());
            if let Ok(text) = text(Kind::Rtf, rtf.as_bytes()) {
                prop_assert!(text.len() <= MOST_TEXT_OCTETS && !text.contains('\0'));
            }
        }

        #[test]
        fn arbitrary_xml_is_read(pieces in prop::collection::vec(xml_piece(), 0..60)) {
            let xml = format!("<d>{}", pieces.concat());
            let document = package::tests::package(&[("word/document.xml", xml.as_bytes())]);
            let _ = text(Kind::Docx, &document);
        }
    }
}
