//! The demo's mail: the very files of `examples/mail`.

use crate::{
    cli::{envelope::Addresses, out::Failure},
    mail::{Content, Envelope},
    message::{Limits, read},
};

/// One sample, ready to be sent.
pub(super) struct Sample {
    pub(super) name: &'static str,
    /// What the labelling rule says of it.
    pub(super) is_bad_news: bool,
    pub(super) subject: String,
    /// Without brackets.
    pub(super) message_id: String,
    pub(super) envelope: Envelope,
    pub(super) content: Content,
}

/// Embeds files by name.
macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../examples/mail/", $name)))),+]
    };
}

const FILES: &[(&str, &[u8])] = embed![
    "hold-warranty_denial.eml",
    "pass-already-called.eml",
    "hold-delivery_delay.eml",
    "pass-good-news-de.eml",
    "hold-price_increase.eml",
    "pass-trivial-lateness.eml",
    "hold-warranty_denial-de.eml",
    "pass-quoted-bad-news.eml",
    "pass-invitation-to-talk.eml",
    "pass-newsletter.eml",
];

/// All of them, in the order in which they are sent.
pub(super) fn samples() -> Result<Vec<Sample>, Failure> {
    FILES.iter().map(|(name, bytes)| sample(name, bytes)).collect()
}

fn sample(name: &'static str, bytes: &[u8]) -> Result<Sample, Failure> {
    // Mail on the wire has CRLF; git keeps the examples with LF.
    let mut wire = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        wire.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
        wire.extend_from_slice(b"\r\n");
    }
    let header = read(&wire, &Limits::default()).header;
    Ok(Sample {
        name,
        is_bad_news: name.starts_with("hold-"),
        subject: header.subject,
        message_id: header.message_id.unwrap_or_default(),
        envelope: Addresses::default().envelope(&wire)?,
        content: Content::from(wire),
    })
}
