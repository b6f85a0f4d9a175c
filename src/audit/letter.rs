//! The mail that carries a head to an auditor's mailbox: plain text, the head on one line.

use jiff::{fmt::rfc2822, tz::TimeZone};

use super::SignedHead;
use crate::mail::Mailbox;

/// The mail, whole. Lines stay below 998 octets (RFC 5322 §2.1.1): a head has some 450.
pub(super) fn letter(head: &SignedHead, from: &Mailbox, to: &Mailbox) -> Vec<u8> {
    let (number, digest) = (head.number, head.digest.get(..16).unwrap_or_default());
    let date = rfc2822::to_string(&head.at.to_zoned(TimeZone::UTC)).unwrap_or_default();
    let domain = from.domain().unwrap_or("localhost");
    let line = serde_json::to_string(head).unwrap_or_default();
    format!(
        "From: callfirst <{from}>\r\n\
         To: <{to}>\r\n\
         Subject: callfirst audit: signed head {number}\r\n\
         Date: {date}\r\n\
         Message-ID: <audit-head-{number}-{digest}@{domain}>\r\n\
         Auto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         This is the end of callfirst's audit log, signed. Please keep this mail where\r\n\
         nobody who runs callfirst can change it. Whoever doubts the log later runs\r\n\
         \r\n\
         callfirst audit verify --heads SAVED-MAIL --public-key KEY.pub\r\n\
         \r\n\
         {line}\r\n",
        from = from.as_str(),
        to = to.as_str(),
    )
    .into_bytes()
}
