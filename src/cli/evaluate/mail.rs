//! A labelled row as the mail that would come from the relay (RFC 5322, RFC 2047, UTF-8).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::cli::labelled::Row;

/// Where a row that names no sender comes from.
const SENDER: &str = "sender@company.example";
/// Where a row that names no recipient goes to: outside.
const RECIPIENT: &str = "recipient@elsewhere.example";

/// The address of a header mailbox: `x@y` of `Name <x@y>`.
pub fn address(mailbox: &str) -> &str {
    let inner = mailbox.rsplit_once('<').map_or(mailbox, |(_, rest)| rest);
    inner.trim().trim_end_matches('>').trim()
}

/// The sender's address.
pub fn sender(row: &Row) -> &str {
    row.from.as_deref().map(address).filter(|a| a.contains('@')).unwrap_or(SENDER)
}

/// The recipients' addresses, at least one.
pub fn recipients(row: &Row) -> Vec<&str> {
    let named: Vec<&str> =
        row.to.iter().map(|to| address(to)).filter(|a| a.contains('@')).collect();
    if named.is_empty() { vec![RECIPIENT] } else { named }
}

/// The domain that counts as inside for this row: its sender's. Rows are written by many
/// organisations; mail that stays within the sender's domain is mail between colleagues.
pub fn inside(row: &Row) -> &str {
    sender(row).rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// The whole mail. A quoted mail stands below the new text under `>`; the mail is then a reply.
pub fn bytes(row: &Row) -> Vec<u8> {
    let name = row.from.as_deref().and_then(|f| f.split_once('<')).map_or("", |(name, _)| name);
    let mut mail = format!(
        "From: {}<{}>\r\nTo: {}\r\nSubject: {}\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\
         Message-ID: <{}@evaluate.example>\r\n",
        encoded(name),
        one_line(sender(row)),
        one_line(&recipients(row).join(", ")),
        encoded(&row.subject),
        row.id.chars().filter(char::is_ascii_alphanumeric).collect::<String>(),
    );
    let quoted = row.quoted.as_deref().filter(|q| !q.trim().is_empty());
    if quoted.is_some() {
        mail.push_str("In-Reply-To: <before@evaluate.example>\r\n");
    }
    mail.push_str(
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n",
    );
    for line in row.text.lines() {
        mail.push_str(line.trim_end_matches('\r'));
        mail.push_str("\r\n");
    }
    if let Some(quoted) = quoted {
        mail.push_str("\r\n");
        for line in quoted.lines() {
            mail.push_str("> ");
            mail.push_str(line.trim_end_matches('\r'));
            mail.push_str("\r\n");
        }
    }
    mail.into_bytes()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A header text: as it is where ASCII allows, otherwise encoded words of whole characters, each
/// within 75 octets.
fn encoded(text: &str) -> String {
    const OCTETS_A_WORD: usize = 42;
    let text = one_line(text);
    if text.is_ascii() && !text.contains("=?") {
        return text;
    }
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > OCTETS_A_WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words: Vec<String> =
        words.iter().map(|w| format!("=?utf-8?B?{}?=", STANDARD.encode(w))).collect();
    format!("{} ", words.join("\r\n "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_row_of_ours_becomes_a_reply_with_its_thread_below() {
        let row =
            row(r#"{"id":"de-1","from":"Zoë <z@a.example>","to":["b@c.example","D <d@e.example>"],
                "subject":"Größe","text":"Hallo.\nGruß","quoted":"Was kostet das?",
                "label":"pass"}"#);
        let mail = String::from_utf8(bytes(&row)).unwrap();
        assert!(mail.starts_with("From: =?utf-8?B?"), "{mail}");
        assert!(mail.contains("<z@a.example>\r\nTo: b@c.example, d@e.example\r\n"), "{mail}");
        assert!(mail.contains("In-Reply-To: "), "{mail}");
        assert!(mail.ends_with("\r\n\r\nHallo.\r\nGruß\r\n\r\n> Was kostet das?\r\n"), "{mail}");
        assert_eq!(inside(&row), "a.example");
    }

    #[test]
    fn a_row_of_others_gets_a_sender_inside_and_a_recipient_outside() {
        let row = row(r#"{"id":"A1","subject":"x\r\nBcc: y@z","body":"Hi","label":"hold"}"#);
        let mail = String::from_utf8(bytes(&row)).unwrap();
        assert!(mail.contains("Subject: x  Bcc: y@z\r\n"), "no line of its own: {mail}");
        assert!(!mail.contains("In-Reply-To"));
        assert_eq!((sender(&row), recipients(&row)), (SENDER, vec![RECIPIENT]));
    }

    #[test]
    fn long_subjects_are_encoded_in_words_of_whole_characters() {
        for line in encoded(&"ü".repeat(200)).split("\r\n ") {
            assert!(line.trim_end().len() <= 75, "{line}");
        }
    }
}
