//! The demo's own pages: what was sent, what arrived, and staff's mailbox with the notices.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use mail_parser::MessageParser;

use super::{
    mailbox::{Mail, Mailbox},
    samples::Sample,
};

/// Pages of ours only, styled in place; nothing else is loaded.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What the pages show.
#[derive(Clone)]
pub(super) struct Shown {
    mailbox: Mailbox,
    /// Subject and first recipient of every sample, in the order sent.
    sent: Vec<(String, String)>,
}

impl Shown {
    pub(super) fn new(mailbox: Mailbox, samples: &[Sample]) -> Shown {
        let recipient =
            |s: &Sample| s.envelope.recipients().iter().map(|r| r.path.as_str().to_owned()).next();
        let told = |s: &Sample| (s.subject.clone(), recipient(s).unwrap_or_default());
        Shown { mailbox, sent: samples.iter().map(told).collect() }
    }
}

#[derive(Template)]
#[template(path = "demo.html")]
struct Overview {
    rows: Vec<Row>,
    notices: Vec<Notice>,
    held: usize,
    delivered: usize,
}

struct Row {
    subject: String,
    recipient: String,
    delivered: bool,
}

struct Notice {
    number: usize,
    to: String,
    subject: String,
}

/// `/` and `/demo/notices/N`.
pub(super) fn router(shown: Shown) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/demo/notices/{number}", get(notice))
        .with_state(shown)
}

async fn overview(State(shown): State<Shown>) -> Response {
    let mails = shown.mailbox.mails();
    let subjects: Vec<(String, &Mail)> = mails.iter().map(|m| (subject(m), m)).collect();
    let arrived = |(subject, recipient): &(String, String)| {
        subjects.iter().any(|(s, m)| {
            s == subject && m.forward_paths.contains(recipient) && !m.reverse_path.is_empty()
        })
    };
    let rows: Vec<Row> = shown
        .sent
        .iter()
        .map(|sent| Row {
            subject: sent.0.clone(),
            recipient: sent.1.clone(),
            delivered: arrived(sent),
        })
        .collect();
    let notices = subjects
        .iter()
        .enumerate()
        .filter(|(_, (_, mail))| mail.reverse_path.is_empty())
        .map(|(number, (subject, mail))| Notice {
            number,
            to: mail.forward_paths.join(", "),
            subject: subject.clone(),
        })
        .collect();
    let delivered = rows.iter().filter(|r| r.delivered).count();
    let held = rows.len() - delivered;
    page(Overview { rows, notices, held, delivered }.render().map_err(|_| ()))
}

async fn notice(State(shown): State<Shown>, Path(number): Path<usize>) -> Response {
    let mails = shown.mailbox.mails();
    let html = mails.get(number).and_then(|mail| {
        let parsed = MessageParser::default().parse(&mail.bytes)?;
        parsed.body_html(0).map(|html| html.into_owned())
    });
    page(html.ok_or(()))
}

fn page(html: Result<String, ()>) -> Response {
    match html {
        Ok(html) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
        Err(()) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The decoded subject; our own samples and notices have one each.
pub(super) fn subject(mail: &Mail) -> String {
    let parsed = MessageParser::default().parse_headers(&mail.bytes);
    parsed.and_then(|m| m.subject().map(str::to_owned)).unwrap_or_default()
}

/// The link to the sender's page in a notice.
pub(super) fn link(mail: &Mail) -> Option<String> {
    let parsed = MessageParser::default().parse(&mail.bytes)?;
    let text = parsed.body_text(0)?;
    let found = text.split_whitespace().find(|word| word.contains("/h/"))?;
    Some(found.trim_matches(|c| "<>().,".contains(c)).to_owned())
}
