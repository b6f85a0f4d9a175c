//! PDF → text of its first pages.
//!
//! By `pdf-extract`, which panics where it is at a loss: each page is caught by itself, so that one
//! odd picture does not hide the letter around it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, Error};

use super::{Refusal, page::Page, text::Text};

/// Pages that are read. A letter has one or two; a book shows on ten what it is.
const MOST_PAGES: u32 = 10;

/// The text of a PDF file.
pub(super) fn text(octets: &[u8]) -> Result<String, Refusal> {
    let load = || {
        let mut document = Document::load_mem(octets).map_err(|error| refusal(&error))?;
        if document.is_encrypted() {
            // Many are encrypted against changes only, and open with an empty password.
            document.decrypt("").map_err(|error| refusal(&error))?;
        }
        Ok(document)
    };
    let document = catch_unwind(load).unwrap_or(Err(Refusal::Unreadable))?;
    let mut text = Text::default();
    for number in 1..=MOST_PAGES {
        let mut page = Page::default();
        let read = || pdf_extract::output_doc_page(&document, &mut page, number);
        // What was read before it failed is shown as well.
        let _ = catch_unwind(AssertUnwindSafe(read));
        page.into_text(&mut text);
        if text.is_full() {
            break;
        }
    }
    Ok(text.into_string())
}

fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Decryption(_) | Error::AlreadyEncrypted => Refusal::Encrypted,
        _ => Refusal::Unreadable,
    }
}
