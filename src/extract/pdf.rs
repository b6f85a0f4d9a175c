//! PDF → text of its first pages.
//!
//! By `pdf-extract`, which panics where it is at a loss: each page is caught by itself, so that one
//! odd picture does not hide the letter around it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, Error};

use super::{Refusal, page::Page, repaired::repaired, text::Text};

/// Pages that are read. A letter has one or two; a book shows on ten what it is.
const MOST_PAGES: u32 = 10;

/// What a PDF file ends with.
const END: &[u8] = b"%%EOF";

/// The text of a PDF file.
pub(super) fn text(octets: &[u8]) -> Result<String, Refusal> {
    // What mail programs put behind the end keeps the library from finding it.
    let end = memchr::memmem::rfind(octets, END).map(|at| at + END.len());
    let octets = end.and_then(|end| octets.get(..end)).unwrap_or(octets);
    let document = match opened(octets) {
        Err(Refusal::Unreadable) => opened(&repaired(octets).ok_or(Refusal::Unreadable)?),
        opened => opened,
    }?;
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

fn opened(octets: &[u8]) -> Result<Document, Refusal> {
    let open = || {
        let mut document = Document::load_mem(octets).map_err(|error| refusal(&error))?;
        if document.is_encrypted() {
            // Many are encrypted against changes only, and open with an empty password.
            document.decrypt("").map_err(|error| refusal(&error))?;
        }
        Ok(document)
    };
    catch_unwind(open).unwrap_or(Err(Refusal::Unreadable))
}

fn refusal(error: &Error) -> Refusal {
    match error {
        Error::Decryption(_) | Error::AlreadyEncrypted => Refusal::Encrypted,
        _ => Refusal::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One page that shows one line.
    fn file(line: &str) -> Vec<u8> {
        let content = format!("BT /F1 11 Tf 56 800 Td ({line}) Tj ET");
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        ];
        let (mut file, mut table) = ("%PDF-1.4\n".to_owned(), String::new());
        for (number, object) in (1..).zip(&objects) {
            table.push_str(&format!("{:010} 00000 n \n", file.len()));
            file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
        }
        let begin = file.len();
        file.push_str(&format!("xref\n0 6\n0000000000 65535 f \n{table}"));
        file.push_str("trailer\n<< /Size 6 /Root 1 0 R >>\n");
        file.push_str(&format!("startxref\n{begin}\n%%EOF\n"));
        file.into_bytes()
    }

    #[test]
    fn what_stands_before_and_behind_the_file_is_no_trouble() {
        let file = file("Dear Ms Huber");
        for octets in
            [file.clone(), [b"\r\n\r\n", &file[..]].concat(), [&file[..], &[0; 5_000]].concat()]
        {
            assert_eq!(text(&octets).unwrap().trim(), "Dear Ms Huber");
        }
    }

    #[test]
    fn a_file_whose_table_is_lost_is_mended() {
        let file = String::from_utf8(file("Dear Ms Huber")).unwrap();
        let (without_table, _) = file.split_once("xref").unwrap();
        let (without_end, _) = file.split_once("startxref").unwrap();
        for broken in [
            file.replace("startxref\n", "startxref\n9"),
            file.replacen("%PDF-1.4\n", "%PDF-1.4\n% saved with other line ends\n", 1),
            without_end.to_owned(),
            format!("{without_table}trailer << /Root 1 0 R >>"),
        ] {
            assert_eq!(text(broken.as_bytes()).unwrap().trim(), "Dear Ms Huber", "{broken}");
        }
    }

    #[test]
    fn what_is_no_pdf_is_unreadable() {
        for octets in [&b""[..], b"%PDF-1.4", b"%PDF-1.4\n%%EOF", &file("x")[..200]] {
            assert_eq!(text(octets), Err(Refusal::Unreadable));
        }
    }
}
