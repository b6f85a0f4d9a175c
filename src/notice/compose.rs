//! From an occasion to a mail's bytes.
//!
//! RFC 5322 (fields), RFC 2047 (words that are not ASCII), RFC 3834 (`Auto-Submitted`), RFC 2046
//! §5.2.1 (the mail that comes back). Everything is quoted-printable: seven-bit, and legible in the
//! source.

use askama::Template;
use jiff::tz::TimeZone;
use lettre::message::{
    Attachment, Body, Mailbox as Named, Mailboxes, MultiPart, SinglePart,
    header::{ContentTransferEncoding, ContentType, From, HeaderName, HeaderValue, Headers, To},
};

use super::{
    clean::line,
    digest::{Digest, Page},
    letter::{self, Letter},
    occasion::{ComposedMail, Kind, Occasion},
    plain,
    text::Texts,
};
use crate::{
    calendar::MEDIA_TYPE,
    decision::ExpiryAction,
    mail::{HoldId, Mailbox, Timestamp},
};

/// A larger mail does not come back with the notice: the sender has it in his sent mail, and the
/// notice must get through.
const MAX_RETURNED_OCTETS: usize = 10 << 20;
/// The most of the thread that is named, newest kept.
const MAX_REFERENCES: usize = 20;
/// A longer Message-ID is not repeated.
const MAX_MESSAGE_ID_OCTETS: usize = 250;
const MAX_SUBJECT: usize = 200;
const MAX_NAME: usize = 80;

/// Writes the mail for this occasion. The caller sends it with the null reverse-path, to
/// `occasion.sender` alone.
pub fn compose(occasion: &Occasion<'_>) -> ComposedMail {
    let original = original(occasion).filter(|o| (1..=MAX_RETURNED_OCTETS).contains(&o.len()));
    let letter = Letter::of(occasion, original.is_some());
    let text = plain::render(&letter);
    // Rendering writes to a string and fails only if formatting a value does; none of ours can.
    let html = letter.render().unwrap_or_default();
    let subject = match &occasion.kind {
        // It goes to another person: the held mail's subject is not for him.
        Kind::Overdue { .. } => letter.title.clone(),
        _ => subject(occasion.subject),
    };
    let mut bytes = headers(occasion, &letter.texts, &subject).to_string().into_bytes();
    bytes.extend_from_slice(b"MIME-Version: 1.0\r\n");
    bytes.extend_from_slice(&body(occasion, (&text, &html), original, letter.file).formatted());
    ComposedMail { message_id: occasion.message_id.to_owned(), bytes, subject, text, html }
}

/// The mail that comes back, where one does.
fn original<'a>(occasion: &Occasion<'a>) -> Option<&'a [u8]> {
    match occasion.kind {
        Kind::Expiry { original }
            if occasion.decision.terms.at_expiry() == ExpiryAction::Return =>
        {
            Some(original)
        }
        Kind::Undeliverable { original, .. } => Some(original),
        _ => None,
    }
}

/// `Re:` and the held mail's subject, so that mail programs put both in one thread; what happened
/// stands in the From field's name and in the first line.
fn subject(held: &str) -> String {
    let held = line(held, MAX_SUBJECT);
    if held.get(..3).is_some_and(|re| re.eq_ignore_ascii_case("re:")) {
        held
    } else {
        format!("Re: {held}").trim_end().to_owned()
    }
}

/// The bytes of a digest. It answers no mail, so it is generated, not replied.
pub(super) fn digest_bytes(digest: &Digest<'_>, page: &Page, text: &str, html: &str) -> Vec<u8> {
    let mut headers = Headers::new();
    addresses(&mut headers, (digest.from_name, page.words.from_digest), digest.from, digest.to, "");
    set(&mut headers, "Subject", &page.title);
    stamp(&mut headers, digest.date, digest.time_zone, digest.message_id);
    automatic(&mut headers, "auto-generated", false);
    let mut bytes = headers.to_string().into_bytes();
    bytes.extend_from_slice(b"MIME-Version: 1.0\r\n");
    bytes.extend_from_slice(&alternative(digest.hold, text, html).formatted());
    bytes
}

fn headers(occasion: &Occasion<'_>, texts: &Texts, subject: &str) -> Headers {
    let mut headers = Headers::new();
    let from_name = (occasion.from_name, state(occasion, texts));
    addresses(&mut headers, from_name, occasion.from, occasion.sender, occasion.sender_name);
    if let Some(by_mail) = occasion.by_mail.filter(|_| letter::is_open(occasion)) {
        set(&mut headers, "Reply-To", &format!("<{}>", by_mail.address));
    }
    set(&mut headers, "Subject", subject);
    let Occasion { date, time_zone, message_id, .. } = *occasion;
    stamp(&mut headers, date, time_zone, message_id);
    if !matches!(occasion.kind, Kind::Overdue { .. }) {
        thread(occasion, &mut headers);
    }
    automatic(
        &mut headers,
        "auto-replied",
        occasion.by_mail.is_some() && letter::is_open(occasion),
    );
    if let Some((name, value)) = occasion.mark {
        set(&mut headers, name, value);
    }
    headers
}

/// From, with what happened behind our name, and To.
fn addresses(
    headers: &mut Headers,
    (name, state): (&str, &str),
    from: &Mailbox,
    to: &Mailbox,
    to_name: &str,
) {
    match named(&line(&format!("{name} - {state}"), MAX_NAME), from) {
        Some(mailbox) => headers.set(From::from(Mailboxes::from(mailbox))),
        None => set(headers, "From", &format!("<{from}>")),
    }
    match named(&line(to_name, MAX_NAME), to) {
        Some(mailbox) => headers.set(To::from(Mailboxes::from(mailbox))),
        None => set(headers, "To", &format!("<{to}>")),
    }
}

/// When it was written, and its name.
fn stamp(headers: &mut Headers, date: Timestamp, zone: &TimeZone, id: &str) {
    let date = date.to_zoned(zone.clone());
    set(headers, "Date", &jiff::fmt::rfc2822::to_string(&date).unwrap_or_default());
    set(headers, "Message-ID", &format!("<{id}>"));
}

/// That no person wrote it (RFC 3834). Exchange answers automatic mail unless it is asked not to.
/// Where an answer is heard, who is away may say so: somebody else is asked to call then.
fn automatic(headers: &mut Headers, how: &str, hears: bool) {
    set(headers, "Auto-Submitted", how);
    let suppressed = if hears { "DR, NDR, RN, NRN, AutoReply" } else { "All" };
    set(headers, "X-Auto-Response-Suppress", suppressed);
}

/// What the name in From adds: a list of mails shows name and subject, and the subject is the held
/// mail's own.
fn state<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> &'a str {
    let after = &texts.after;
    match (&occasion.kind, occasion.decision.terms.at_expiry()) {
        (Kind::Answer(_), _) => texts.answer.from,
        (Kind::Hold | Kind::Reminder, _) | (Kind::Expiry { .. }, ExpiryAction::Keep) => {
            texts.from_hold
        }
        (Kind::Expiry { .. }, ExpiryAction::Return) => texts.from_returned,
        (Kind::Expiry { .. }, ExpiryAction::Release) => texts.from_sent,
        (Kind::Undeliverable { .. }, _) => texts.from_failed,
        (Kind::Delayed { .. }, _) => texts.delivery.from_delayed,
        (Kind::Arrived { .. }, _) => texts.delivery.from_arrived,
        (Kind::HeldToo { .. }, _) => texts.pacing.from_held_too,
        (Kind::WentOut, _) => texts.passing.from,
        (Kind::ExpiresSoon, _) => texts.waiting.from_expiring,
        (Kind::Escalated { .. }, _) => texts.waiting.from_escalated,
        (Kind::Cover { .. }, _) => texts.waiting.from_cover,
        (Kind::CallBack { .. }, _) => after.from_call_back,
        (Kind::Promise(_), _) => after.from_promise,
        (Kind::Overdue { .. }, _) => after.from_overdue,
        (Kind::Told(told), _) => told.from(&texts.others),
    }
}

fn thread(occasion: &Occasion<'_>, headers: &mut Headers) {
    let Some(held) = occasion.in_reply_to.filter(|id| is_message_id(id)) else { return };
    set(headers, "In-Reply-To", &format!("<{held}>"));
    let known = occasion.references.iter().map(String::as_str);
    let mut ids: Vec<&str> = known.filter(|id| is_message_id(id) && *id != held).collect();
    let oldest = ids.len().saturating_sub(MAX_REFERENCES - 1);
    ids.drain(..oldest);
    ids.push(held);
    let references: Vec<String> = ids.into_iter().map(|id| format!("<{id}>")).collect();
    set(headers, "References", &references.join(" "));
}

/// Printable ASCII without blanks and brackets; anything else is not repeated.
fn is_message_id(id: &str) -> bool {
    (3..=MAX_MESSAGE_ID_OCTETS).contains(&id.len())
        && id.contains('@')
        && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}

/// `None` for a mailbox that the builder does not know how to write (quoted local parts).
fn named(name: &str, mailbox: &Mailbox) -> Option<Named> {
    let address = mailbox.as_str().parse().ok()?;
    Some(Named::new((!name.is_empty()).then(|| name.to_owned()), address))
}

/// Sets a field. The value is encoded where it is not ASCII; a name that is none is left out.
fn set(headers: &mut Headers, name: &str, value: &str) {
    let value: String = value.chars().filter(|c| !c.is_control()).collect();
    if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
        headers.insert_raw(HeaderValue::new(name, value));
    }
}

fn body(
    occasion: &Occasion<'_>,
    (text, html): (&str, &str),
    original: Option<&[u8]>,
    file: Option<(String, String)>,
) -> MultiPart {
    let alternative = alternative(occasion.hold, text, html);
    let enclosed = original.map(returned).into_iter().chain(file.map(calendar)).collect::<Vec<_>>();
    if enclosed.is_empty() {
        return alternative;
    }
    let mixed =
        MultiPart::mixed().boundary(boundary("mixed", occasion.hold)).multipart(alternative);
    enclosed.into_iter().fold(mixed, MultiPart::singlepart)
}

fn alternative(hold: &HoldId, text: &str, html: &str) -> MultiPart {
    MultiPart::alternative()
        .boundary(boundary("alternative", hold))
        .singlepart(quoted_printable(ContentType::TEXT_PLAIN, text))
        .singlepart(quoted_printable(ContentType::TEXT_HTML, html))
}

/// `=_` cannot stand in quoted-printable text, and the hold's id is not known before.
fn boundary(part: &str, hold: &HoldId) -> String {
    format!("=_{part}_{hold}")
}

fn quoted_printable(content_type: ContentType, text: &str) -> SinglePart {
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let encoding = ContentTransferEncoding::QuotedPrintable;
    let body = Body::new_with_encoding(text, encoding).unwrap_or_else(Body::new);
    SinglePart::builder().header(content_type).body(body)
}

/// A calendar file as an attachment (RFC 5545 §8.1). It has no `method`: it invites nobody.
fn calendar((name, text): (String, String)) -> SinglePart {
    let content_type = ContentType::parse(MEDIA_TYPE).unwrap_or(ContentType::TEXT_PLAIN);
    let encoding = ContentTransferEncoding::QuotedPrintable;
    let body = Body::new_with_encoding(text, encoding).unwrap_or_else(Body::new);
    Attachment::new(name).body(body, content_type)
}

/// The sender's mail as an attachment. RFC 2046 §5.2.1 allows no encoding of `message/rfc822`, and
/// the notice stays seven-bit; so a mail that is not goes as a file, which mail programs open too.
fn returned(original: &[u8]) -> SinglePart {
    let seven_bit = original.is_ascii()
        && !original.contains(&0)
        && original.split(|b| *b == b'\n').all(|line| line.len() <= 998);
    let name = "returned-mail.eml".to_owned();
    let media_type = if seven_bit { "message/rfc822" } else { "application/octet-stream" };
    let content_type = ContentType::parse(media_type).unwrap_or(ContentType::TEXT_PLAIN);
    let body = if seven_bit {
        Body::dangerous_pre_encoded(original.to_vec(), ContentTransferEncoding::SevenBit)
    } else {
        let encoding = ContentTransferEncoding::Base64;
        Body::new_with_encoding(original.to_vec(), encoding).unwrap_or_else(Body::new)
    };
    Attachment::new(name).body(body, content_type)
}

#[cfg(test)]
mod tests;
