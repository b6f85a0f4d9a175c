//! The idempotency key: the same mail again is the same hold.
//!
//! A client that did not hear our 250 sends the mail again (RFC 1047). It is the same if
//! reverse-path, forward-paths and content are; and the same submission, if the peer told its
//! queue id (XFORWARD IDENT). Without one the peer is a before-queue proxy whose own Received
//! field, the uppermost, has a new time at each attempt: it is left out.

use sha2::{Digest, Sha256};

use crate::{
    mail::{Content, Envelope, Xforward},
    release::Keys,
};

const PIECE: usize = 256 * 1024;
/// More than any trace field; a longer one counts as content.
const MAX_FIELD: usize = 16 * 1024;

/// The key. Reads the content: blocks where that lies in a file.
pub(super) fn idempotency_key(
    keys: &Keys,
    envelope: &Envelope,
    content: &Content,
    told: &Xforward,
) -> std::io::Result<String> {
    let ident = told.get("IDENT");
    let skipped = if ident.is_some() { 0 } else { received_field(content)? };
    let digest = digest(content, skipped)?;
    let mut paths: Vec<&str> = envelope.recipients().iter().map(|r| r.path.as_str()).collect();
    paths.sort_unstable();
    let mut parts = vec![envelope.reverse_path().as_str().as_bytes()];
    parts.push(&digest);
    parts.push(ident.unwrap_or_default().as_bytes());
    parts.extend(paths.iter().map(|path| path.as_bytes()));
    Ok(keys.idempotency_key(&parts))
}

/// The key of a mail's text, whoever of its recipients it came for: a client may bring one mail in
/// several transactions. Reads the content: blocks where that lies in a file.
pub(super) fn text_key(
    keys: &Keys,
    envelope: &Envelope,
    content: &Content,
) -> std::io::Result<String> {
    let digest = digest(content, received_field(content)?)?;
    Ok(keys.idempotency_key(&[b"text", envelope.reverse_path().as_str().as_bytes(), &digest]))
}

/// SHA-256 of the content from an offset on.
pub(super) fn digest(content: &Content, from: u64) -> std::io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut offset = from;
    while offset < content.len() {
        let piece = content.read(offset, PIECE)?;
        hash.update(&piece);
        offset += piece.len() as u64;
    }
    Ok(hash.finalize().into())
}

/// How long the field at the very top is, if it is a Received field.
fn received_field(content: &Content) -> std::io::Result<u64> {
    let top = content.read(0, MAX_FIELD)?;
    let is_received = top.get(..9).is_some_and(|name| name.eq_ignore_ascii_case(b"Received:"));
    let ends = memchr::memmem::find_iter(&top, b"\r\n").map(|at| at + 2);
    let end = ends.into_iter().find(|at| !matches!(top.get(*at), Some(b' ' | b'\t')));
    Ok(end.filter(|_| is_received).unwrap_or(0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{ForwardPath, Recipient, ReversePath};

    fn key(to: &[&str], content: &str, ident: Option<&str>) -> String {
        let path = |p: &&str| Recipient::plain(ForwardPath::parse(p).expect("a path"));
        let sender = ReversePath::parse("a@us.example").expect("a path");
        let envelope = Envelope::new(sender, vec![], to.iter().map(path).collect());
        let attributes = ident.map(|i| ("IDENT".to_owned(), i.to_owned())).into_iter().collect();
        let content = Content::from(content.replace('\n', "\r\n").into_bytes());
        let keys = Keys::new([1; 32]);
        let envelope = envelope.expect("an envelope");
        idempotency_key(&keys, &envelope, &content, &Xforward { attributes }).expect("readable")
    }

    #[test]
    fn a_retry_is_the_same_mail() {
        let first = "Received: from a\n\tby b; Mon\nReceived: from c; Sun\nSubject: x\n\nhi\n";
        let again = "received: from a by b; Tue\nReceived: from c; Sun\nSubject: x\n\nhi\n";
        let to = ["x@c.example", "y@c.example"];
        assert_eq!(key(&to, first, None), key(&["y@c.example", "x@c.example"], again, None));
        assert_ne!(key(&to, first, Some("4A")), key(&to, again, Some("4A")));
        assert_eq!(key(&to, first, Some("4A")), key(&to, first, Some("4A")));
    }

    #[test]
    fn another_mail_is_another_mail() {
        let mail = "Received: a\nSubject: x\n\nhi\n";
        let one = key(&["x@c.example"], mail, None);
        assert_ne!(one, key(&["y@c.example"], mail, None));
        assert_ne!(one, key(&["x@c.example"], "Received: a\nSubject: y\n\nhi\n", None));
        assert_ne!(one, key(&["x@c.example"], mail, Some("4A")));
        assert_eq!(one, key(&["x@c.example"], mail, Some("[UNAVAILABLE]")));
    }
}
