//! The page of one hold: facts, why it is held, the mail, whom to call, what was done, what may be done.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};

use super::{
    act::DeedForm,
    deed::{Deed, actor, offered},
    facts::{self, To},
    scope,
    timeline::{self, Event},
    told,
    views::Looked,
};
use crate::{
    call::{Number, Person},
    decision::Evidence,
    desk::{DeskState, Frame, Visitor, page_with, trouble},
    hold::{Hold, HoldError},
    message::{Limits, PassageKind, read},
    policy::Silenced,
    preview::{PartKind, Preview, ShownAddress, ShownPart, preview},
    rights::Action,
};

/// Lines of the audit that the page shows.
const MAX_AUDIT: u32 = 200;

#[derive(Template)]
#[template(path = "desk/holds/hold.html")]
struct HoldPage {
    frame: Frame,
    hold: Hold,
    subject: String,
    state: &'static str,
    badge: &'static str,
    urgency: Vec<&'static str>,
    sender: ShownAddress,
    recipients: Vec<To>,
    more: usize,
    facts: Vec<(&'static str, String)>,
    reason: &'static str,
    terms: Vec<Term>,
    silenced: Vec<Silenced>,
    mail: Mail,
    person: Option<Person>,
    numbers: Vec<Number>,
    timeline: Vec<Event>,
    audit: Vec<Event>,
    parties: Vec<(String, &'static str, String)>,
    deeds: Vec<Deed>,
    /// Whether the visitor may say that the verdict was wrong, and propose what to change.
    may_propose: bool,
    proposal: Option<Proposed>,
    asked: Asked,
}

/// One term of the verdict.
struct Term {
    number: usize,
    signal: String,
    weight: String,
    speaks_for: bool,
    text: String,
    place: String,
    is_marked: bool,
}

/// The mail, as far as it may be read.
enum Mail {
    Shown(Box<Preview>),
    NotAllowed,
    Erased,
}

/// What a second person is asked.
struct Proposed {
    by: String,
    at: String,
    what: String,
    said: String,
    micros: i64,
}

/// The form that was sent, if one was.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) form: DeedForm,
    pub(super) problem: Option<String>,
    pub(super) is_done: bool,
}

/// GET
pub(super) async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    method: Method,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let hold = match scope::hold(&state, &visitor, &id, Action::SeeHold).await {
        Ok(hold) => hold,
        Err(answer) => return answer,
    };
    let is_done = query.as_deref() == Some("done=1");
    // HEAD shows nothing, so it is no view; nor does it read the mail.
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    hold_page(&state, &visitor, hold, Asked { is_done, ..Asked::default() }).await
}

/// The page of a hold, with what came of a form.
pub(super) async fn hold_page(
    state: &DeskState,
    visitor: &Visitor,
    hold: Hold,
    asked: Asked,
) -> Response {
    let status = match asked.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    match made(state, visitor, hold, asked).await {
        Ok(shown) => page_with(status, &shown),
        Err(error) => trouble(&error),
    }
}

async fn made(
    state: &DeskState,
    visitor: &Visitor,
    hold: Hold,
    asked: Asked,
) -> Result<HoldPage, HoldError> {
    let now = state.now();
    let (mail, silenced) = mail(state, visitor, &hold).await?;
    let promise = state.store.promise(&hold.id).await?;
    let entries = state.store.audit_of(&hold.id, MAX_AUDIT).await?;
    let attempts = state.store.attempts(&hold.id).await?;
    let (recipients, more) = facts::recipients(&hold);
    let may_decide = visitor.person.may_with(Action::Decide, state.whose(&hold));
    let decision = &hold.dossier.decision;
    let sheet = hold.call_sheet();
    Ok(HoldPage {
        frame: visitor.frame(state, "/desk/holds"),
        subject: match hold.dossier.subject.as_str() {
            "" => "(no subject)".to_owned(),
            subject => subject.to_owned(),
        },
        state: told::state(hold.state),
        badge: told::badge(hold.state),
        urgency: hold.urgency().iter().map(|why| told::urgency(*why)).collect(),
        sender: facts::sender(&hold),
        recipients,
        more,
        facts: facts::facts(state, &hold, attempts, now),
        reason: told::reason(decision.reason),
        terms: terms(&decision.evidence, &mail),
        silenced,
        mail,
        person: sheet.person,
        numbers: sheet.numbers,
        timeline: timeline::timeline(state, &hold, promise.as_ref()),
        audit: timeline::audit(state, &entries),
        parties: facts::parties(state, &hold),
        may_propose: visitor.person.may(Action::ProposeChange),
        deeds: match may_decide {
            true => offered(state, &hold, &actor(visitor), now),
            false => Vec::new(),
        },
        proposal: proposal(state, &hold),
        asked,
        hold,
    })
}

/// The mail and what its policy found and did not hear, if this visitor may read it; the view is in
/// the audit before.
async fn mail(
    state: &DeskState,
    visitor: &Visitor,
    hold: &Hold,
) -> Result<(Mail, Vec<Silenced>), HoldError> {
    if !visitor.person.may_with(Action::SeeContent, state.whose(hold)) {
        return Ok((Mail::NotAllowed, Vec::new()));
    }
    let octets = match state.store.content(&hold.id).await {
        Ok(octets) => octets,
        Err(HoldError::Already(_)) => return Ok((Mail::Erased, Vec::new())),
        Err(error) => return Err(error),
    };
    state.held.views.note(state, visitor, hold, Looked::Page).await?;
    let (evidence, policies) = (hold.dossier.decision.evidence.clone(), state.policies.load_full());
    let policy = hold.dossier.decision.policy.clone().unwrap_or_default();
    // A large mail is read for a second and more: not where others wait.
    let shown = tokio::task::spawn_blocking(move || {
        let limits = Limits::default();
        let silenced = policies.silenced(&read(&octets, &limits), &policy);
        (preview(&octets, &evidence, &limits), silenced)
    });
    let (shown, silenced) = shown.await.map_err(|error| HoldError::Failed {
        doing: "reading held mail to show it",
        source: Box::new(error),
    })?;
    Ok((Mail::Shown(Box::new(shown)), silenced))
}

fn terms(evidence: &[Evidence], mail: &Mail) -> Vec<Term> {
    let is_readable = matches!(mail, Mail::Shown(_));
    let numbered = evidence.iter().enumerate().map(|(at, term)| (at + 1, term));
    let of = |(number, term): (usize, &Evidence)| Term {
        number,
        signal: term.signal.clone(),
        weight: format!("{:+.2}", term.weight),
        speaks_for: term.weight > 0.0,
        // The words are the mail's: who may not read it does not read them here.
        text: if is_readable { term.text.clone() } else { String::new() },
        place: told::place(&term.place).to_owned(),
        is_marked: matches!(mail, Mail::Shown(shown) if shown.marks(number)),
    };
    numbered.map(of).collect()
}

fn proposal(state: &DeskState, hold: &Hold) -> Option<Proposed> {
    let proposal = hold.proposal()?;
    let (what, said) = told::outcome(proposal.outcome, &|at| state.say(at));
    Some(Proposed {
        by: proposal.by.name.clone(),
        at: state.say(proposal.at),
        what,
        said,
        micros: proposal.at.as_microsecond(),
    })
}

impl HoldPage {
    fn decision(&self) -> &crate::decision::Decision {
        &self.hold.dossier.decision
    }

    fn is_deed(&self, deed: &Deed) -> bool {
        self.asked.form.deed == deed.as_str()
    }

    fn answers(&self) -> impl Iterator<Item = &Deed> {
        self.deeds.iter().filter(|deed| matches!(deed, Deed::Agree | Deed::Decline))
    }

    fn others(&self) -> impl Iterator<Item = &Deed> {
        self.deeds.iter().filter(|deed| !matches!(deed, Deed::Agree | Deed::Decline))
    }
}

fn kind(part: &ShownPart) -> &'static str {
    match part.kind {
        PartKind::Text => "text of the mail",
        PartKind::Html => "the same as a web page",
        PartKind::Attached if part.read => "attached, and read",
        PartKind::Attached => "attached",
    }
}

fn size(part: &ShownPart) -> String {
    told::size(u64::try_from(part.size_octets).unwrap_or(u64::MAX))
}
