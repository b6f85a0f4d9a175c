//! What would cure a mail: proposals, each with its diff and what it does, to be changed and taken.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    not_done, sentence,
    view::{DiffLine, EffectView, diff_lines, mistakes},
    work,
};
use crate::{
    changes::{Looked, NewEntry, Offer, Said, WorkshopError},
    decision::Trial,
    desk::{
        DeskState, Fields, Frame, Visitor, answer::page_with, not_found, page, see_other, trouble,
    },
    hold::AuditEvent,
    mail::HoldId,
    rights::Action,
    tuning::{Mark, Nothing, Proposal},
};

/// What is kept of a reason or a pattern, in characters.
const MOST_WORDS: usize = 600;

#[derive(Template)]
#[template(path = "desk/tuning/proposals.html")]
struct ProposalsPage {
    frame: Frame,
    /// "Held by mistake" or "Missed".
    title: &'static str,
    subject: String,
    /// Where its forms go.
    action: String,
    /// Back to where one came from.
    back: String,
    /// A tried mail, to be sent along again; `None` for a hold's.
    mail: Option<String>,
    mark: &'static str,
    nothing: Option<String>,
    offers: Vec<OfferView>,
    /// What was wrong with what was sent.
    problem: Option<String>,
    mistakes: Vec<String>,
    /// Whether taking writes at once.
    writes: bool,
    why: String,
    overrule: String,
}

struct OfferView {
    kind: &'static str,
    title: String,
    pattern: Option<String>,
    test_subject: String,
    test_text: String,
    test_bites: bool,
    effect: Option<EffectView>,
    diff: Vec<DiffLine>,
    is_open: bool,
}

impl OfferView {
    fn of(proposal: &Proposal, effect: Option<EffectView>, is_open: bool) -> OfferView {
        let test = proposal.test();
        OfferView {
            kind: proposal.kind.as_str(),
            title: proposal.title.clone(),
            pattern: proposal.pattern().map(str::to_owned),
            test_subject: test.map(|test| test.subject.clone()).unwrap_or_default(),
            test_text: test.map(|test| test.text.clone()).unwrap_or_default(),
            test_bites: proposal.test_bites,
            effect,
            diff: diff_lines(&proposal.diff()),
            is_open,
        }
    }
}

/// The mail that it is about.
pub(super) struct About {
    pub(super) trial: Trial,
    pub(super) mark: Mark,
    pub(super) hold: Option<HoldId>,
    /// As it was pasted, where it is no hold's.
    pub(super) pasted: Option<String>,
}

/// `/desk/holds/{id}/wrong`
pub(super) async fn of_hold(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    match hold(&state, &visitor, &id).await {
        Ok(about) => offered(&state, &visitor, about).await,
        Err(answer) => answer,
    }
}

/// The form of that page.
pub(super) async fn take_of_hold(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Fields,
) -> Response {
    match hold(&state, &visitor, &id).await {
        Ok(about) => taken(&state, &visitor, about, &form).await,
        Err(answer) => answer,
    }
}

/// Of a mail that was tried.
pub(super) async fn of_tried(
    State(state): State<DeskState>,
    visitor: Visitor,
    form: Fields,
) -> Response {
    let pasted = form.raw("mail").to_owned();
    let mark = if form.raw("mark") == "missed" { Mark::Missed } else { Mark::Wrong };
    let (content, envelope) = match super::try_mail::as_mail(&pasted, &state) {
        Ok(mail) => mail,
        Err(problem) => return super::try_mail::again(&state, &visitor, &pasted, problem),
    };
    let trial = work(&state, move |workshop| workshop.trial(envelope, &content)).await;
    let trial = match trial {
        Ok(trial) => trial,
        Err(answer) => return answer,
    };
    let about = About { trial, mark, hold: None, pasted: Some(pasted) };
    if form.raw("do").is_empty() {
        return offered(&state, &visitor, about).await;
    }
    taken(&state, &visitor, about, &form).await
}

/// A held mail that this person may read; looking at it is in the audit.
async fn hold(state: &DeskState, visitor: &Visitor, id: &str) -> Result<About, Response> {
    let id = HoldId::parse(id).map_err(|_| not_found())?;
    let hold = state.store.find(&id).await.map_err(|error| trouble(&error))?;
    let hold = hold
        .filter(|hold| visitor.person.may_with(Action::SeeContent, state.whose(hold)))
        .ok_or_else(not_found)?;
    let content = state.store.content(&id).await.map_err(|error| trouble(&error))?;
    let event = AuditEvent {
        name: "viewed".to_owned(),
        facts: vec![("for".to_owned(), "tuning".to_owned())],
    };
    let actor = visitor.actor(Action::ProposeChange);
    let entered = state.store.record(Some(&id), actor, event, state.now()).await;
    entered.map_err(|error| trouble(&error))?;
    let envelope = hold.envelope;
    let trial = work(state, move |workshop| workshop.trial(envelope, &content)).await?;
    Ok(About { trial, mark: Mark::Wrong, hold: Some(id), pasted: None })
}

/// Proposals with what they do; takes its time.
async fn offers(
    state: &DeskState,
    about: About,
) -> Result<(About, Result<Vec<Offer>, Nothing>), Response> {
    let now = state.now();
    let (about, found) = work(state, move |workshop| {
        let found = workshop.propose(&about.trial, about.mark, None, now);
        (about, found)
    })
    .await?;
    let mut found = found.map_err(|error| not_done(&error))?;
    let recorded = state.workshop.recorded(now).await.map_err(|error| trouble(&error))?;
    if let (Ok(offers), Some(recorded)) = (&mut found, recorded) {
        let projected = state.workshop.project(offers, &recorded, now);
        projected.map_err(|error| not_done(&error))?;
    }
    Ok((about, found))
}

async fn offered(state: &DeskState, visitor: &Visitor, about: About) -> Response {
    let (about, found) = match offers(state, about).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let mut shown = shell(state, visitor, &about);
    match found {
        Ok(offers) => {
            let one = |(at, offer): (usize, &Offer)| {
                let effect = EffectView::of(&offer.effect).with(offer.projection);
                OfferView::of(&offer.proposal, Some(effect), at == 0)
            };
            shown.offers = offers.iter().enumerate().map(one).collect();
            if offers.is_empty() {
                shown.nothing = Some(
                    "No small change of a policy would help here. Its words would have to be \
                     written anew: see its file."
                        .to_owned(),
                );
            }
        }
        Err(why) => shown.nothing = Some(nothing(&why)),
    }
    page(&shown)
}

fn shell(state: &DeskState, visitor: &Visitor, about: &About) -> ProposalsPage {
    let root = state.root();
    let (action, back) = match &about.hold {
        Some(id) => (format!("{root}/desk/holds/{id}/wrong"), format!("{root}/desk/holds/{id}")),
        None => (format!("{root}/desk/try/proposals"), format!("{root}/desk/try")),
    };
    ProposalsPage {
        frame: visitor.frame(state, "/desk/policies"),
        title: match about.mark {
            Mark::Wrong => "Held by mistake",
            Mark::Missed => "Missed",
        },
        subject: about.trial.reading.header.subject.clone(),
        action,
        back,
        mail: about.pasted.clone(),
        mark: match about.mark {
            Mark::Wrong => "wrong",
            Mark::Missed => "missed",
        },
        nothing: None,
        offers: Vec::new(),
        problem: None,
        mistakes: Vec::new(),
        writes: visitor.person.may(Action::AcceptChange) && !state.workshop.wants_second_person(),
        why: String::new(),
        overrule: String::new(),
    }
}

/// Looks at a proposal with other words, or takes it.
async fn taken(state: &DeskState, visitor: &Visitor, about: About, form: &Fields) -> Response {
    let (about, found) = match offers(state, about).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let offers = found.unwrap_or_default();
    let wanted = offers.into_iter().find(|o| o.proposal.kind.as_str() == form.raw("kind"));
    // The files have changed since the page was made, and it is no proposal any more.
    let Some(offer) = wanted else { return offered(state, visitor, about).await };
    let cut = |name: &str| form.raw(name).chars().take(MOST_WORDS).collect::<String>();
    let pattern = Some(cut("pattern").trim().to_owned()).filter(|pattern| !pattern.is_empty());
    let (subject, text) = (form.line("test_subject"), form.raw("test_text").replace('\r', ""));
    let now = state.now();
    let projection = offer.projection;
    let (about, done) = match work(state, move |workshop| {
        let test = (subject.as_str(), text.as_str());
        let done =
            workshop.amended(&offer.proposal, pattern.as_deref(), test, now).and_then(|one| {
                let proposal = one.unwrap_or(offer.proposal);
                let files = proposal.changes.iter().map(|c| (c.file.clone(), c.after.clone()));
                let files: Vec<(String, String)> = files.collect();
                let looked = workshop.look(&files, Some((&about.trial, about.mark)), now)?;
                Ok((proposal, looked))
            });
        (about, done)
    })
    .await
    {
        Ok(done) => done,
        Err(answer) => return answer,
    };
    let (proposal, looked) = match done {
        Ok(done) => done,
        Err(error) => return not_done(&error),
    };
    let (why, overrule) = (cut("why"), cut("overrule"));
    let mut problem = None;
    if form.raw("do") == "take" {
        let new = NewEntry {
            kind: proposal.kind.as_str().to_owned(),
            title: proposal.title.clone(),
            why: why.clone(),
            hold: about.hold.as_ref().map(|id| id.as_str().to_owned()),
            files: Vec::new(),
            said: looked.effect.as_ref().map(|effect| Said::from(effect).with(projection)),
            overruled: Some(overrule.clone()).filter(|why| !why.trim().is_empty()),
            undoes: None,
        };
        match enter(state, visitor, &looked, new).await {
            Ok(number) => return see_other(state, &format!("/desk/policies/history/{number}")),
            Err(WorkshopError::Refused(why)) => problem = Some(sentence(&why.to_string())),
            Err(error) => return not_done(&error),
        }
    }
    let mut shown = shell(state, visitor, &about);
    let effect = looked.effect.as_ref().map(|effect| EffectView::of(effect).with(projection));
    shown.offers = vec![OfferView::of(&proposal, effect, true)];
    shown.mistakes = mistakes(&looked.mistakes, &looked.sources);
    (shown.why, shown.overrule) = (why, overrule);
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    shown.problem = problem;
    page_with(status, &shown)
}

/// Enters a change, and writes it where this person may and nobody else is needed. Gives its number.
pub(super) async fn enter(
    state: &DeskState,
    visitor: &Visitor,
    looked: &Looked,
    new: NewEntry,
) -> Result<u64, WorkshopError> {
    let workshop = &state.workshop;
    let number =
        workshop.enter(looked, new, &visitor.actor(Action::ProposeChange), state.now()).await?;
    let writes = visitor.person.may(Action::AcceptChange) && !workshop.wants_second_person();
    if writes && workshop.folder().is_writable() {
        workshop.accept(number, &visitor.actor(Action::AcceptChange), state.now()).await?;
    }
    Ok(number)
}

fn nothing(why: &Nothing) -> String {
    match why {
        Nothing::Passes(reason) => format!(
            "The policies as they are now let it pass already ({}). Nothing needs to be changed.",
            reason.as_str().replace('_', " ")
        ),
        Nothing::Held(policy) => format!(
            "The policies as they are now hold it already ({policy}). Nothing needs to be changed."
        ),
        Nothing::Spared(reason) => format!(
            "It passes for a reason that none of its words changes: {}.",
            reason.as_str().replace('_', " ")
        ),
        Nothing::NoPolicy => {
            "No policy is meant for mail of this sender to these recipients.".to_owned()
        }
        Nothing::Mistakes(_) => {
            "The policy files have mistakes as they are: `callfirst check` tells them.".to_owned()
        }
    }
}
