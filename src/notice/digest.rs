//! Several matters in one mail: whom to call, about what, and where each is decided.
//!
//! A line each, the urgent ones first. It belongs to no thread, and it is answered on the pages, because one word by mail would not say which is meant.

use askama::Template;
use jiff::tz::TimeZone;

use super::{
    clean::{isolated, line},
    compose,
    occasion::ComposedMail,
    others::Told,
    plain,
    text::{Pacing, Texts, fill},
    when,
};
use crate::{
    call::CallSheet,
    decision::Decision,
    mail::{HoldId, Mailbox, Timestamp},
    message::Language,
    wording::Own,
};

const MAX_NAME: usize = 80;
const MAX_SUBJECT: usize = 120;

/// What one of several matters is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter<'a> {
    /// A mail waits for a call.
    Held,
    /// Its reader is asked to agree before it goes out.
    Asked,
    /// A promise has its day.
    Promise,
    /// Somebody's promise is past its day: for the lead, who asks him and not the customer.
    Overdue {
        /// Whose: an address.
        sender: &'a str,
    },
    /// Somebody did something about it, or nobody did in time.
    Told(Told<'a>),
    /// It was let go, and the receiving side puts it off.
    Delayed,
    /// It has arrived after that.
    Arrived,
    /// Something else happened to it.
    Other,
}

/// One of several matters.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// What it is.
    pub matter: Matter<'a>,
    /// The held mail's subject.
    pub subject: &'a str,
    /// The held forward-paths.
    pub recipients: Vec<&'a str>,
    /// Whose mail it is, where that is not the reader: an address.
    pub of: Option<&'a str>,
    /// What was decided.
    pub decision: &'a Decision,
    /// Whom to call.
    pub call: &'a CallSheet,
    /// When it was held.
    pub created: Timestamp,
    /// When its time is up, where it has an end.
    pub ends_at: Option<Timestamp>,
    /// The reader's page, where there is one.
    pub link: Option<String>,
}

/// All that a digest says. Nothing of it needs to be clean.
#[derive(Debug, Clone)]
pub struct Digest<'a> {
    /// The language it is written in.
    pub language: Language,
    /// The organisation's own lines.
    pub own: &'a Own,
    /// The organisation's name.
    pub organisation: &'a str,
    /// The display name of our own From field.
    pub from_name: &'a str,
    /// The mailbox of our own From field.
    pub from: &'a Mailbox,
    /// Whom it is for.
    pub to: &'a Mailbox,
    /// The hold that owes it.
    pub hold: &'a HoldId,
    /// What it tells.
    pub entries: Vec<Entry<'a>>,
    /// Whose days and hours are meant.
    pub time_zone: &'a TimeZone,
    /// Its own Message-ID, without brackets.
    pub message_id: &'a str,
    /// Its Date.
    pub date: Timestamp,
}

/// A line as shown.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) who: String,
    /// As read and as dialled.
    pub(super) number: Option<(String, String)>,
    /// What it is about, and since when.
    pub(super) about: Vec<String>,
    pub(super) urgent: Vec<&'a str>,
    pub(super) link: Option<String>,
}

/// A digest's content. Every text is clean; the template escapes it.
#[derive(Debug, Template)]
#[template(path = "digest.html")]
pub(super) struct Page<'a> {
    pub(super) texts: Texts<'a>,
    pub(super) words: Pacing<'a>,
    pub(super) title: String,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) footer: String,
}

/// Writes the digest. The caller sends it with the null reverse-path, to `digest.to` alone.
pub fn compose_digest(mut digest: Digest<'_>) -> ComposedMail {
    let urgent = |entry: &Entry<'_>| entry.matter == Matter::Held && entry.call.is_urgent();
    digest.entries.sort_by_key(|entry| (!urgent(entry), entry.created));
    let page = Page::of(&digest);
    let text = plain::render_digest(&page);
    // Rendering writes to a string and fails only if formatting a value does; none of ours can.
    let html = page.render().unwrap_or_default();
    let bytes = compose::digest_bytes(&digest, &page, &text, &html);
    let message_id = digest.message_id.to_owned();
    ComposedMail { message_id, bytes, subject: page.title, text, html }
}

impl<'a> Page<'a> {
    fn of(digest: &Digest<'a>) -> Page<'a> {
        let texts = Texts::over(digest.language, digest.own);
        let words = texts.pacing;
        let waiting = digest.entries.iter().filter(|entry| entry.matter == Matter::Held).count();
        let (title, count) = match waiting {
            // One is called about by its line; the rest is news.
            0 | 1 => (words.news, digest.entries.len()),
            waiting => (words.digest, waiting),
        };
        let (zone, now) = (digest.time_zone, digest.date);
        Page {
            texts,
            words,
            title: fill(title, &[("count", count.to_string())]),
            lines: digest.entries.iter().map(|e| Line::of(e, zone, now, &texts)).collect(),
            footer: fill(
                texts.footer,
                &[
                    ("organisation", line(digest.organisation, MAX_NAME)),
                    ("id", digest.hold.to_string()),
                ],
            ),
        }
    }
}

impl<'a> Line<'a> {
    fn of(entry: &Entry<'_>, zone: &TimeZone, now: Timestamp, texts: &Texts<'a>) -> Line<'a> {
        let who = match entry.matter {
            // The lead asks him, and not the customer.
            Matter::Overdue { sender } => isolated(&line(sender, MAX_NAME)),
            _ => who(entry, texts),
        };
        let calls = matches!(entry.matter, Matter::Held | Matter::Asked | Matter::Promise);
        let urgency = entry.call.urgency.iter().filter(|_| entry.matter == Matter::Held);
        Line {
            about: about(entry, &who, zone, now, texts),
            who,
            number: entry.call.numbers.iter().filter(|_| calls).find_map(|n| {
                super::letter::is_e164(&n.e164).then(|| (line(&n.national, 40), n.e164.clone()))
            }),
            urgent: urgency.map(|why| texts.waiting.urgent(*why)).collect(),
            link: entry.link.clone().filter(|_| !matches!(entry.matter, Matter::Overdue { .. })),
        }
    }
}

/// What a line is about, and until when.
fn about(
    entry: &Entry<'_>,
    who: &str,
    zone: &TimeZone,
    now: Timestamp,
    texts: &Texts,
) -> Vec<String> {
    let words = &texts.pacing;
    let subject = match line(entry.subject, MAX_SUBJECT) {
        empty if empty.is_empty() => texts.no_subject.to_owned(),
        subject => isolated(&subject),
    };
    let state = match &entry.matter {
        Matter::Overdue { .. } => {
            return vec![fill(words.overdue, &[("sender", who.to_owned())])];
        }
        Matter::Told(told) => return told.in_short(who, &subject, &texts.others),
        Matter::Held => fill(words.held, &[("when", when::say(entry.created, zone, texts))]),
        Matter::Asked => texts.others.from_second.to_owned(),
        Matter::Promise => words.promise.to_owned(),
        Matter::Delayed => texts.delivery.from_delayed.to_owned(),
        Matter::Arrived => texts.delivery.from_arrived.to_owned(),
        Matter::Other => words.other.to_owned(),
    };
    let of = entry.of.map(|of| isolated(&line(of, MAX_NAME)));
    let facts = [Some(texts.kind(entry.decision)), Some(state), of];
    let waits = matches!(entry.matter, Matter::Held | Matter::Asked);
    let ends = entry
        .ends_at
        .filter(|at| waits && *at > now)
        .map(|at| fill(texts.waiting.ends, &[("when", when::say(at, zone, texts))]));
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    [Some(subject), Some(facts), ends].into_iter().flatten().collect()
}

/// The person to call, or the first address, and how many more.
fn who(entry: &Entry<'_>, texts: &Texts) -> String {
    let person = entry.call.person.as_ref();
    let named = person.map(|p| if p.name.is_empty() { &p.address } else { &p.name });
    let first = named.map(String::as_str).or(entry.recipients.first().copied());
    let first = isolated(&line(first.unwrap_or_default(), MAX_NAME));
    match entry.recipients.len().saturating_sub(1) {
        0 => first,
        n => fill(texts.and_others, &[("first", first), ("count", n.to_string())]),
    }
}
