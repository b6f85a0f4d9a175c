//! The mark that lets our own mail pass when it comes by again.
//!
//! `X-Callfirst-Mark: <hold id>.<HMAC over hold id and content>` stands directly on top of the
//! content it vouches for: below it every octet counts, above it only trace fields may stand,
//! because anything else could change what the reader sees. A released mail must also go from
//! its sender to recipients of its hold, and that hold must have been let go; so a mark cut out
//! of a delivered mail opens nothing for anybody else. A mark that proves nothing is ignored and
//! the mail is judged like any other.

use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::{Pipeline, key::digest};
use crate::{
    hold::{Hold, State},
    mail::{Content, Envelope, HoldId, ReversePath},
    release::Keys,
};

/// The field's name.
pub const MARK_FIELD: &str = "X-Callfirst-Mark";
/// A mark further down than this is not looked for.
const MAX_TOP: usize = 64 * 1024;
/// What mail servers put on top of a mail they pass on.
const TRACE: [&str; 8] = [
    "received",
    "return-path",
    "delivered-to",
    "dkim-signature",
    "authentication-results",
    "arc-seal",
    "arc-message-signature",
    "arc-authentication-results",
];

/// The mark for this content, CRLF at its end: the last line of what is put on top of it. Reads
/// the content: blocks where that lies in a file.
pub fn mark_field(keys: &Keys, hold: &HoldId, content: &Content) -> std::io::Result<String> {
    let mark = keys.mark(hold, &digest(content, 0)?);
    Ok(format!("{MARK_FIELD}: {hold}.{mark}\r\n"))
}

/// A mark as found, and where the content begins that it speaks of.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    hold: HoldId,
    mark: String,
    behind: u64,
}

impl Pipeline {
    /// Whether this is a notice of ours or a mail that was let go, by its mark.
    pub(super) async fn is_ours(&self, envelope: &Envelope, content: &Content) -> bool {
        let Some(found) = content.read(0, MAX_TOP).ok().and_then(|top| find(&top)) else {
            return false;
        };
        // Rare, and large as a future: every message would carry it along.
        Box::pin(self.is_proven(found, envelope, content)).await
    }

    async fn is_proven(&self, found: Found, envelope: &Envelope, content: &Content) -> bool {
        let (content, keys) = (content.clone(), self.parts.keys.clone());
        let id = found.hold.clone();
        let proof = tokio::task::spawn_blocking(move || {
            let expected = keys.mark(&found.hold, &digest(&content, found.behind).ok()?);
            bool::from(expected.as_bytes().ct_eq(found.mark.as_bytes())).then_some(())
        });
        if proof.await.ok().flatten().is_none() {
            return false;
        }
        if *envelope.reverse_path() == ReversePath::Null {
            return true;
        }
        let asked = timeout(self.parts.settings.store_limit, self.parts.store.find(&id)).await;
        matches!(asked, Ok(Ok(Some(hold))) if lets_go(&hold, envelope))
    }
}

fn lets_go(hold: &Hold, envelope: &Envelope) -> bool {
    let let_go = matches!(
        hold.state,
        State::Approved | State::Released | State::Delivered | State::Undeliverable
    );
    let meant = |r: &crate::mail::Recipient| {
        hold.envelope.recipients().iter().any(|held| held.path == r.path)
    };
    let_go
        && hold.envelope.reverse_path() == envelope.reverse_path()
        && envelope.recipients().iter().all(meant)
}

/// The uppermost mark, if only trace fields stand above it.
fn find(top: &[u8]) -> Option<Found> {
    let mut start = 0;
    for end in memchr::memmem::find_iter(top, b"\r\n") {
        let line = top.get(start..end)?;
        start = end + 2;
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let (name, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        let name = name.trim_end();
        if name.eq_ignore_ascii_case(MARK_FIELD) {
            let (hold, mark) = value.trim().split_once('.')?;
            let hold = HoldId::parse(hold).ok()?;
            return Some(Found { hold, mark: mark.to_owned(), behind: start as u64 });
        }
        if !TRACE.iter().any(|trace| name.eq_ignore_ascii_case(trace)) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_mark_is_found_below_trace_fields_only() {
        let field = format!("x-callfirst-mark: {ID}.abc\r\n");
        let found = |text: String| find(text.as_bytes()).map(|f| (f.mark, f.behind as usize));
        let below = format!("Received: from a\r\n\tby b\r\nDKIM-Signature: v=1\r\n{field}");
        assert_eq!(found(format!("{below}Subject: x\r\n\r\n")), Some(("abc".into(), below.len())));
        assert_eq!(found(format!("Subject: new\r\n{field}Subject: x\r\n\r\n")), None);
        assert_eq!(found(format!("\r\n{field}")), None);
        assert_eq!(found("Received: x\r\n\r\n".into()), None);
        assert_eq!(found("X-Callfirst-Mark: nonsense\r\n".into()), None);
    }
}
