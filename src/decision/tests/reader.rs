//! A reader for tests of this room: plain text mail, quotes marked by `>`.

use super::{Passage, PassageKind, Reading, Sentence};

/// Reads what the tests of policies build.
pub(crate) fn read(bytes: &[u8]) -> Reading {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut reading = Reading::default();
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(':') {
            reading.header.fields.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    let field = |n: &str| reading.header.field(n).unwrap_or_default().to_owned();
    let (subject, answers) = (field("Subject"), !field("In-Reply-To").is_empty());
    reading.header.subject = subject;
    if answers {
        reading.header.in_reply_to.push("earlier".to_owned());
    }
    let (quoted, new): (Vec<&str>, Vec<&str>) = body.lines().partition(|l| l.starts_with('>'));
    let new: Vec<&str> = new.into_iter().filter(|l| !l.ends_with("wrote:")).collect();
    let subject = reading.header.subject.trim_start_matches("Re: ").to_owned();
    for (kind, text) in [
        (PassageKind::Subject, subject),
        (PassageKind::New, new.join("\n")),
        (PassageKind::Quoted, quoted.join("\n").replace("> ", "")),
    ] {
        let sentences = sentences(&text);
        reading.passages.push(Passage { kind, sentences, text });
    }
    reading
}

fn sentences(text: &str) -> Vec<Sentence> {
    let mut all = Vec::new();
    for block in text.split("\n\n") {
        let mut start = 0;
        let flat = block.replace('\n', " ");
        let ends = flat.match_indices(['.', '!', '?']).map(|(i, m)| i + m.len());
        for end in ends.chain([flat.len()]) {
            let ended =
                flat.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
            let number = flat.get(..end).is_some_and(|head| head.ends_with('.'))
                && flat
                    .get(start..end)
                    .and_then(|t| t.split(' ').next_back())
                    .is_some_and(|w| w.len() < 4 || w.starts_with(|c: char| c.is_ascii_digit()));
            if ended && (!number || end == flat.len()) {
                let text = flat.get(start..end).unwrap_or_default().trim().to_owned();
                if !text.is_empty() {
                    let normal = normal(&text);
                    all.push(Sentence { text, normal });
                }
                start = end;
            }
        }
    }
    all
}

fn normal(text: &str) -> String {
    let mut text = text.to_lowercase().replace(['\u{2019}', '\u{2018}'], "'");
    for (short, long) in [
        ("can't", "cannot"),
        ("won't", "will not"),
        ("shan't", "shall not"),
        ("n't", " not"),
        ("'re", " are"),
        ("'ve", " have"),
        ("i'm", "i am"),
        ("it's", "it is"),
        ("that's", "that is"),
        ("there's", "there is"),
        ("he's", "he is"),
        ("she's", "she is"),
        ("what's", "what is"),
        ("'ll", " will"),
        ("'d", " would"),
    ] {
        text = text.replace(short, long);
    }
    text
}
