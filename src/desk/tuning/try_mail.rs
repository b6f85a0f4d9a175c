//! A mail that is not sent, judged: what was read, what counted, what would be done. Nothing is kept,
//! nothing is sent.

use askama::Template;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{parts::Parts, sets, work};
use crate::{
    decision::{Evidence, RecipientVerdict, Verdict},
    desk::{DeskState, Frame, Visitor, answer::page_with, page},
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Limits, PassageKind, Reading},
    rights::Action,
};

/// The longest mail that is tried, in octets.
const LONGEST: usize = 1 << 20;
/// Recipients looked at.
const MOST_RECIPIENTS: usize = 50;

#[derive(Template)]
#[template(path = "desk/tuning/try.html")]
struct TryPage {
    frame: Frame,
    mail: String,
    problem: Option<&'static str>,
    tried: Option<Tried>,
    may_propose: bool,
}

struct Tried {
    held: bool,
    reason: String,
    policy: String,
    probability: f64,
    threshold: f64,
    language: &'static str,
    base: Option<f64>,
    would_hold: bool,
    evidence: Vec<Evidence>,
    others: Vec<(String, f64, f64)>,
    recipients: Vec<RecipientVerdict>,
    passages: Vec<(&'static str, String)>,
    notice: Option<String>,
}

/// `/desk/try`
pub(super) async fn form(State(state): State<DeskState>, visitor: Visitor) -> Response {
    page(&shell(&state, &visitor, String::new()))
}

fn shell(state: &DeskState, visitor: &Visitor, mail: String) -> TryPage {
    TryPage {
        frame: visitor.frame(state, "/desk/try"),
        mail,
        problem: None,
        tried: None,
        may_propose: visitor.person.may(Action::ProposeChange),
    }
}

/// The form again, with what is wrong.
pub(super) fn again(
    state: &DeskState,
    visitor: &Visitor,
    mail: &str,
    problem: &'static str,
) -> Response {
    let mut shown = shell(state, visitor, mail.to_owned());
    shown.problem = Some(problem);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Judges what was pasted or uploaded.
pub(super) async fn judge(
    State(state): State<DeskState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Parts::read(&headers, &body);
    let file = form.octets("file");
    let given = if file.is_empty() { form.octets("mail") } else { file };
    let mail = String::from_utf8_lossy(given).into_owned();
    // An upload is judged as its octets are; what was pasted is text.
    let (content, envelope) = match as_mail(&mail, &state) {
        Ok((_, envelope)) if !file.is_empty() => (file.to_vec(), envelope),
        Ok(mail) => mail,
        Err(problem) => return again(&state, &visitor, &mail, problem),
    };
    let sets = match sets(&state).await {
        Ok(sets) => sets,
        Err(answer) => return answer,
    };
    let previews = state.previews.clone();
    let tried = work(&state, move |workshop| {
        let trial = workshop.trial(envelope.clone(), &content);
        let weighed = sets.live().weigh(&trial.reading);
        let decision = trial.decide_by(sets.live(), &weighed);
        let nearest = decision.policy.clone();
        let mut others: Vec<(String, f64, f64)> = weighed
            .weights
            .iter()
            .filter_map(|weight| {
                let policy = sets.live().policies().get(weight.policy)?;
                (Some(&policy.id) != nearest.as_ref())
                    .then(|| (policy.id.clone(), weight.probability, policy.threshold))
            })
            .collect();
        others.sort_by(|a, b| b.1.total_cmp(&a.1));
        let policy = nearest.as_deref().and_then(|id| sets.live().policy(id));
        Tried {
            held: decision.verdict == Verdict::Hold,
            reason: decision.reason.as_str().replace('_', " "),
            policy: policy.map(|policy| policy.id.clone()).unwrap_or_default(),
            probability: decision.probability,
            threshold: decision.threshold,
            language: decision.language.map_or("unknown", |language| language.code()),
            base: policy.map(|policy| policy.base),
            would_hold: decision.would_hold,
            evidence: decision.evidence,
            others,
            recipients: decision.recipients,
            passages: passages(&trial.reading),
            notice: previews(&envelope, &content),
        }
    })
    .await;
    match tried {
        Ok(tried) => {
            let mut shown = shell(&state, &visitor, mail);
            shown.tried = Some(tried);
            page(&shown)
        }
        Err(answer) => answer,
    }
}

/// What was pasted as a mail: with its header, or only its text, which then is from somebody inside
/// to somebody outside.
pub(super) fn as_mail(
    pasted: &str,
    state: &DeskState,
) -> Result<(Vec<u8>, Envelope), &'static str> {
    if pasted.trim().is_empty() {
        return Err("Paste a mail, or choose a file.");
    }
    if pasted.len() > LONGEST {
        return Err(
            "This mail is larger than one megabyte; the relay would judge it, this page does not.",
        );
    }
    let inside = state.domain();
    let lines = pasted.replace("\r\n", "\n").replace('\n', "\r\n");
    let first = lines.split("\r\n").next().unwrap_or_default();
    let has_header = first.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    }) && lines.contains("\r\n\r\n");
    let content = match has_header {
        true => lines.into_bytes(),
        false => format!(
            "From: somebody@{inside}\r\nTo: customer@outside.example\r\nSubject: \r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\n{lines}\r\n"
        )
        .into_bytes(),
    };
    let header = message::read(&content, &Limits::default()).header;
    let from = header.sender.first().or(header.from.first()).map(|from| from.address.as_str());
    let from = from.and_then(|from| ReversePath::parse(from).ok());
    let somebody = || ReversePath::parse(&format!("somebody@{inside}")).ok();
    let all = header.to.iter().chain(&header.cc).chain(&header.bcc);
    let mut recipients: Vec<Recipient> = all
        .filter_map(|to| ForwardPath::parse(&to.address).ok())
        .take(MOST_RECIPIENTS)
        .map(Recipient::plain)
        .collect();
    if recipients.is_empty() {
        let customer = ForwardPath::parse("customer@outside.example").ok();
        recipients.extend(customer.map(Recipient::plain));
    }
    let envelope =
        from.or_else(somebody).and_then(|from| Envelope::new(from, Vec::new(), recipients).ok());
    envelope.map(|envelope| (content, envelope)).ok_or("Nobody is named whom it could be from.")
}

fn passages(reading: &Reading) -> Vec<(&'static str, String)> {
    let kind = |kind| match kind {
        PassageKind::Subject => "subject",
        PassageKind::New => "newly written",
        PassageKind::Quoted => "quoted: context only",
        PassageKind::Forwarded => "forwarded: context only",
        PassageKind::Signature => "signature: not judged",
        PassageKind::Disclaimer => "disclaimer: not judged",
        PassageKind::Attachment => "attached",
    };
    reading.passages.iter().map(|passage| (kind(passage.kind), passage.text.clone())).collect()
}
