//! The demo's own pages: what was sent and what became of it, and the notices that staff got.

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{
    Router,
    extract::{Path, State as FromState},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use mail_parser::MessageParser;

use super::{
    mailbox::{Mail, Mailbox},
    samples::Sample,
};
use crate::{
    cli::setup::DryJudge,
    decision::{Decision, Reason},
    hold::{HoldFilter, HoldStore, HoldSummary, State},
    message::Language,
    notice::{Texts, quotes},
};

/// Pages of ours only, styled in place; nothing else is loaded.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What the pages show.
#[derive(Clone)]
pub(super) struct Shown {
    mailbox: Mailbox,
    /// Every sample, in the order sent.
    sent: Arc<Vec<Sent>>,
    /// Known once the service is built; the pages are part of it.
    store: Arc<OnceLock<Arc<dyn HoldStore>>>,
}

/// A sample and why it is held or passed.
struct Sent {
    subject: String,
    message_id: String,
    from: String,
    to: String,
    because: &'static str,
    words: Vec<String>,
}

impl Shown {
    pub(super) fn new(mailbox: Mailbox, samples: &[Sample], judge: &DryJudge) -> Shown {
        let sent = samples.iter().map(|sample| Sent::of(sample, judge)).collect();
        Shown { mailbox, sent: Arc::new(sent), store: Arc::default() }
    }

    /// Where to look up what became of a hold.
    pub(super) fn look_in(&self, store: Arc<dyn HoldStore>) {
        // Told once, by the stage that builds one service.
        let _ = self.store.set(store);
    }

    async fn holds(&self) -> Vec<HoldSummary> {
        match self.store.get() {
            Some(store) => store.list(&HoldFilter::default()).await.unwrap_or_default(),
            None => Vec::new(),
        }
    }
}

impl Sent {
    fn of(sample: &Sample, judge: &DryJudge) -> Sent {
        let content = sample.content.in_memory().map(|bytes| &bytes[..]).unwrap_or_default();
        let decision = judge.judge(&sample.envelope, content).decision;
        let (because, words) = why(&decision);
        let to = sample.envelope.recipients().iter().map(|r| r.path.as_str());
        Sent {
            subject: sample.subject.clone(),
            message_id: sample.message_id.clone(),
            from: sample.envelope.reverse_path().as_str().to_owned(),
            to: to.collect::<Vec<_>>().join(", "),
            because,
            words,
        }
    }
}

/// What decided, in a few words and in the sender's.
fn why(decision: &Decision) -> (&'static str, Vec<String>) {
    let against = decision.evidence.iter().find(|e| e.weight < 0.0).map(|e| e.text.clone());
    match decision.reason {
        Reason::Policy => {
            let quotes = quotes(&decision.evidence, Texts::of(Language::En));
            ("These words stopped it:", quotes.into_iter().map(|q| q.text).collect())
        }
        Reason::AlreadyCalled => {
            let talked = decision.evidence.first().map(|e| e.text.clone());
            ("Bad news, but they have talked:", talked.into_iter().collect())
        }
        Reason::Automatic => ("Sent by a machine to many.", Vec::new()),
        Reason::Internal => ("It stays inside the company.", Vec::new()),
        _ if against.is_some() => ("These words let it pass:", against.into_iter().collect()),
        _ => ("It tells nobody anything unwelcome.", Vec::new()),
    }
}

#[derive(Template)]
#[template(path = "demo.html")]
struct Overview<'a> {
    held: Vec<Row<'a>>,
    passed: Vec<Row<'a>>,
}

struct Row<'a> {
    sent: &'a Sent,
    /// `wait` or `gone`, for the colour.
    class: &'static str,
    standing: &'static str,
    /// The number of the notice about it.
    notice: Option<usize>,
}

/// `/`, `/demo/notices/N` and `/demo/holds/N`.
pub(super) fn router(shown: Shown) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/demo/notices/{number}", get(notice))
        .route("/demo/holds/{number}", get(hold))
        .with_state(shown)
}

async fn overview(FromState(shown): FromState<Shown>) -> Response {
    let (mails, holds) = (shown.mailbox.mails(), shown.holds().await);
    let (mut held, mut passed) = (Vec::new(), Vec::new());
    for sent in shown.sent.iter() {
        let is_it = |hold: &&HoldSummary| hold.message_id.as_ref() == Some(&sent.message_id);
        match holds.iter().find(is_it) {
            Some(hold) => {
                let (class, standing) = standing(hold.state);
                let notice = mails.iter().position(|m| answers(m, &sent.message_id));
                held.push(Row { sent, class, standing, notice });
            }
            None => passed.push(Row { sent, class: "gone", standing: "delivered", notice: None }),
        }
    }
    page(Overview { held, passed }.render().map_err(|_| ()))
}

fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Held | State::Prepared => ("wait", "waits for a call"),
        State::Approved | State::Released => ("gone", "on its way"),
        State::Delivered => ("gone", "delivered"),
        State::Withdrawn | State::Cancelled => ("wait", "taken back"),
        State::Returned => ("wait", "returned to its sender"),
        State::Undeliverable => ("wait", "could not be delivered"),
    }
}

async fn notice(FromState(shown): FromState<Shown>, Path(number): Path<usize>) -> Response {
    let mails = shown.mailbox.mails();
    let html = mails.get(number).and_then(|mail| {
        let parsed = MessageParser::default().parse(&mail.bytes)?;
        parsed.body_html(0).map(|html| html.into_owned())
    });
    page(html.ok_or(()))
}

/// The sender's page, as the link in the notice opens it.
async fn hold(FromState(shown): FromState<Shown>, Path(number): Path<usize>) -> Response {
    let link = shown.mailbox.mails().get(number).and_then(link);
    let path = link.as_deref().and_then(|link| link.get(link.find("/h/")?..));
    match path {
        Some(path) => Redirect::to(path).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn page(html: Result<String, ()>) -> Response {
    match html {
        Ok(html) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
        Err(()) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The decoded subject.
pub(super) fn subject(mail: &Mail) -> String {
    let parsed = MessageParser::default().parse_headers(&mail.bytes);
    parsed.and_then(|m| m.subject().map(str::to_owned)).unwrap_or_default()
}

/// Whether this is our notice about the mail with this Message-ID.
fn answers(mail: &Mail, message_id: &str) -> bool {
    let parsed = MessageParser::default().parse_headers(&mail.bytes);
    let about = parsed.as_ref().and_then(|m| m.in_reply_to().as_text());
    mail.reverse_path.is_empty() && about == Some(message_id)
}

/// The link to the sender's page in a notice.
pub(super) fn link(mail: &Mail) -> Option<String> {
    let parsed = MessageParser::default().parse(&mail.bytes)?;
    let text = parsed.body_text(0)?;
    let found = text.split_whitespace().find(|word| word.contains("/h/"))?;
    Some(found.trim_matches(|c| "<>().,".contains(c)).to_owned())
}
