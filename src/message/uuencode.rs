//! Files written into a text with uuencode.
//!
//! Takes text, gives it without them and what they are called. Mail programs of an older age, and
//! Outlook still, show such a file as an attachment.

use super::{Attachment, decode};

/// `None` if there are no such files.
pub(super) fn taken_out(text: &str) -> Option<(String, Vec<Attachment>)> {
    let opens_a_line = || memchr::memmem::find(text.as_bytes(), b"\nbegin ").is_some();
    if !text.starts_with("begin ") && !opens_a_line() {
        return None;
    }
    let mut rest = String::with_capacity(text.len());
    let mut files = Vec::new();
    let mut inside: Option<(String, String)> = None;
    for line in text.split_inclusive('\n') {
        let plain = line.trim_end_matches(['\r', '\n']);
        if let Some((name, data)) = &mut inside {
            if plain == "end" {
                let size_octets = decode::uudecode(data.as_bytes()).bytes.len();
                let media_type = "application/octet-stream".to_owned();
                files.push(Attachment {
                    name: std::mem::take(name),
                    media_type,
                    size_octets,
                    read: false,
                });
                inside = None;
            } else {
                data.push_str(line);
            }
        } else if let Some(name) = opens(plain) {
            inside = Some((name.to_owned(), String::new()));
        } else {
            rest.push_str(line);
        }
    }
    // Without an end it was no file: somebody begins a line with "begin 123 ".
    if let Some((_, data)) = inside {
        rest.push_str(&data);
    }
    (!files.is_empty()).then_some((rest, files))
}

/// `begin 644 name`
fn opens(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let good = (3..=4).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    (good && !name.trim().is_empty()).then(|| name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_a_text_is_an_attachment() {
        let (rest, files) =
            taken_out("Hello\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n").expect("a file");
        assert_eq!(rest, "Hello\nBye\n");
        assert_eq!(
            files,
            [Attachment {
                name: "cat.txt".into(),
                media_type: "application/octet-stream".into(),
                size_octets: 3,
                read: false
            }]
        );
    }

    #[test]
    fn words_that_begin_alike_are_words() {
        assert_eq!(taken_out("begin 644 nothing\nmore"), None);
        assert_eq!(taken_out("Let us\nbegin with this\nend\n"), None);
    }
}
