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
