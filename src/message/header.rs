//! Header section → the facts that judging and answering need.
//!
//! Takes raw fields, gives them decoded and bounded. Of a field that stands twice the first is
//! kept, addresses of all of them, and it is noted.
//!
//! RFC 5322 §3.6.

use super::{
    Defect, Header, Limits, Met, addresses,
    fields::{self, Field},
    words,
};

/// Fields that may stand once (RFC 5322 §3.6, RFC 2045).
const ONCE: &[&str] = &[
    "Date",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Subject",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
];

/// Message-IDs kept of one field.
const MOST_IDS: usize = 100;

/// Reads the facts; other subjects than the first come back beside them.
pub(super) fn read(fields: &[Field<'_>], limits: &Limits, met: &mut Met) -> (Header, Vec<String>) {
    let mut header = Header::default();
    let mut other_subjects = Vec::new();
    let mut seen = vec![false; ONCE.len()];
    for field in fields {
        for (name, seen) in ONCE.iter().zip(&mut seen) {
            if field.is(name) {
                met.note_if(*seen, Defect::DuplicateField);
                *seen = true;
            }
        }
        met.note_if(field.value.len() > limits.field_octets, Defect::Limit);
        let raw = words::unfold(field.value, limits.field_octets);
        let value = words::decode_words(&raw, met);
        match field.name.to_ascii_lowercase().as_slice() {
            b"subject" if header.subject.is_empty() => header.subject.clone_from(&value),
            b"subject" if value != header.subject && other_subjects.len() < 4 => {
                other_subjects.push(value.clone())
            }
            b"from" => addresses::read(&raw, &mut header.from, met),
            b"sender" => addresses::read(&raw, &mut header.sender, met),
            b"reply-to" => addresses::read(&raw, &mut header.reply_to, met),
            b"to" => addresses::read(&raw, &mut header.to, met),
            b"cc" => addresses::read(&raw, &mut header.cc, met),
            b"bcc" => addresses::read(&raw, &mut header.bcc, met),
            b"message-id" if header.message_id.is_none() => {
                header.message_id = ids(&value).into_iter().next();
            }
            b"in-reply-to" if header.in_reply_to.is_empty() => header.in_reply_to = ids(&value),
            b"references" if header.references.is_empty() => header.references = ids(&value),
            _ => {}
        }
        let name = String::from_utf8_lossy(
            field.name.get(..field.name.len().min(200)).unwrap_or_default(),
        );
        header.fields.push((name.into_owned(), value));
    }
    (header, other_subjects)
}

/// The values of every field of this name, uppermost first: unfolded and whole, not decoded. For
/// fields that machines write for machines, where an encoded word is what it says, and a value that
/// was cut might say something else.
pub fn undecoded(message: &[u8], name: &str, limits: &Limits) -> Vec<String> {
    let section = fields::section(message, limits.fields, &mut Met::default());
    let values = section.fields.iter().filter(|field| field.is(name));
    let text = |value| String::from_utf8_lossy(&words::unfold(value, usize::MAX)).into();
    values.map(|field| text(field.value)).collect()
}

/// The Message-IDs of a value: what stands between brackets, or else single words with `@`.
fn ids(value: &str) -> Vec<String> {
    let clean = |id: &str| -> Option<String> {
        let id = id.trim();
        (!id.is_empty() && id.len() <= 998 && !id.contains(char::is_whitespace))
            .then(|| id.to_owned())
    };
    let bracketed: Vec<String> = value
        .split('<')
        .skip(1)
        .filter_map(|from| from.split_once('>').and_then(|(id, _)| clean(id)))
        .take(MOST_IDS)
        .collect();
    if !bracketed.is_empty() {
        return bracketed;
    }
    value
        .split_whitespace()
        .filter(|w| w.contains('@') && !w.contains(['<', '>']))
        .filter_map(clean)
        .take(MOST_IDS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> (Header, Vec<String>, Vec<Defect>) {
        let mut met = Met::default();
        let section = fields::section(text.as_bytes(), 100, &mut met);
        let (header, others) = read(&section.fields, &Limits::default(), &mut met);
        (header, others, met.into_sorted())
    }

    #[test]
    fn of_two_subjects_the_first_is_kept_and_the_other_told() {
        let (h, others, odd) = header("Subject: one\nSubject: two\nFrom: a@x\nFrom: b@x\n\n");
        assert_eq!(
            (h.subject.as_str(), others.as_slice(), h.from.len()),
            ("one", &["two".to_owned()][..], 2)
        );
        assert_eq!(odd, [Defect::DuplicateField]);
    }

    #[test]
    fn undecoded_values_are_unfolded_and_nothing_else() {
        let mail =
            b"X-A: one\r\n two (c)\r\nSubject: x\r\nx-a: =?utf-8?q?a=3B?=\r\n\r\nX-A: no\r\n";
        let values = undecoded(mail, "X-A", &Limits::default());
        assert_eq!(values, ["one two (c)", "=?utf-8?q?a=3B?="]);
    }

    #[test]
    fn message_ids_lose_their_brackets() {
        let (h, ..) = header(
            "Message-ID: <a@x>\nReferences: <1@x>\n <2@x> (c)\nIn-Reply-To: Your message <2@x>\n\n",
        );
        assert_eq!(h.message_id.as_deref(), Some("a@x"));
        assert_eq!(h.references, ["1@x", "2@x"]);
        assert_eq!(h.in_reply_to, ["2@x"]);
        assert!(h.is_reply());
    }
}
