//! The policies, what came of their holds, and one file with its text to change.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    not_done,
    proposals::enter,
    sentence,
    view::{DiffLine, EffectView, diff_lines, mistakes},
    work,
};
use crate::{
    changes::{FileText, NewEntry, WorkshopError},
    desk::{
        DeskState, Fields, Frame, Visitor, answer::page_with, not_found, page, see_other, trouble,
    },
    hold::{self, PolicyFigures},
    mail::Timestamp,
    rights::Action,
    tuning::{Kind, MARKS_COUNT_DAYS, Mark, Marked, Standing},
};

/// Figures are of so many days.
const FIGURES_DAYS: i64 = 30;
/// The longest text of a file.
const LONGEST: usize = 1 << 20;

#[derive(Template)]
#[template(path = "desk/tuning/policies.html")]
struct PoliciesPage {
    frame: Frame,
    folder: Option<String>,
    writable: bool,
    days: i64,
    policies: Vec<PolicyRow>,
    others: Vec<String>,
    waiting: Vec<(u64, String, String)>,
    standing: Vec<StandingRow>,
    may_propose: bool,
    mistakes: Vec<String>,
}

struct PolicyRow {
    file: String,
    title: String,
    enabled: bool,
    threshold: f64,
    tests: usize,
    figures: Option<PolicyFigures>,
}

struct StandingRow {
    policy: String,
    signal: String,
    by: String,
    marks: usize,
    people: usize,
}

/// `/desk/policies`
pub(super) async fn list(State(state): State<DeskState>, visitor: Visitor) -> Response {
    let now = state.now();
    let read = work(&state, move |workshop| {
        let sources = workshop.sources()?;
        let writable = workshop.folder().is_writable();
        Ok::<_, WorkshopError>((sources, workshop.policies(now), writable))
    })
    .await;
    let (sources, sets, writable) = match read {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return not_done(&error),
        Err(answer) => return answer,
    };
    let figures = match hold::policy_figures(&state.database, before(now, FIGURES_DAYS)).await {
        Ok(figures) => figures,
        Err(error) => return trouble(&error),
    };
    let waiting = match state.workshop.book() {
        Ok(book) => book.waiting().await,
        Err(error) => return not_done(&error),
    };
    let waiting = match waiting {
        Ok(waiting) => waiting,
        Err(error) => return trouble(&error),
    };
    let standing = match standing(&state, now).await {
        Ok(standing) => standing,
        Err(answer) => return answer,
    };
    let (mut policies, mut wrong) = (Vec::new(), Vec::new());
    match &sets {
        Ok(sets) => {
            for policy in sets.written().policies() {
                policies.push(PolicyRow {
                    file: policy.file.clone(),
                    title: policy.title.clone(),
                    enabled: policy.enabled,
                    threshold: policy.threshold,
                    tests: policy.tests.len(),
                    figures: figures.iter().find(|f| f.policy == policy.id).cloned(),
                });
            }
        }
        Err(WorkshopError::Mistakes(diagnostics)) => wrong = mistakes(diagnostics, &sources),
        Err(error) => return not_done(error),
    }
    let others = sources.iter().filter(|source| policies.iter().all(|p| p.file != source.name));
    page(&PoliciesPage {
        frame: visitor.frame(&state, "/desk/policies"),
        folder: state.workshop.folder().path().map(|path| path.display().to_string()),
        writable,
        days: FIGURES_DAYS,
        others: others.map(|source| source.name.clone()).collect(),
        policies,
        waiting: waiting
            .into_iter()
            .map(|one| (one.number, one.new.title, one.proposed.1.name))
            .collect(),
        standing: standing
            .into_iter()
            .map(|one| StandingRow {
                by: format!("{:+.2}", one.by),
                policy: one.policy,
                signal: one.signal,
                marks: one.marks,
                people: one.people,
            })
            .collect(),
        may_propose: visitor.person.may(Action::ProposeChange),
        mistakes: wrong,
    })
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

/// What people's marks ask for.
async fn standing(state: &DeskState, now: Timestamp) -> Result<Vec<Standing>, Response> {
    let since = before(now, MARKS_COUNT_DAYS);
    let alarms = hold::false_alarms(&state.database, since).await;
    let alarms = alarms.map_err(|error| trouble(&error))?;
    let book = state.workshop.book().map_err(|error| not_done(&error))?;
    let mut marks = book.missed_since(since).await.map_err(|error| trouble(&error))?;
    marks.extend(alarms.into_iter().map(|alarm| Marked {
        at: alarm.at,
        person: alarm.person,
        mark: Mark::Wrong,
        policy: alarm.policy,
        signals: alarm.signals,
    }));
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    // Files with mistakes are told on the page; nothing stands against them.
    Ok(work(state, move |workshop| workshop.standing(&marks, now)).await?.unwrap_or_default())
}

/// Proposes what marks ask for.
pub(super) async fn take_standing(
    State(state): State<DeskState>,
    visitor: Visitor,
    form: Fields,
) -> Response {
    let now = state.now();
    let found = match standing(&state, now).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let wanted = found
        .into_iter()
        .find(|one| one.policy == form.raw("policy") && one.signal == form.raw("signal"));
    let Some(one) = wanted else { return not_found() };
    let title =
        format!("{} of {} by {:+.2}, as {} marks ask", one.signal, one.policy, one.by, one.marks);
    let looked = work(&state, move |workshop| {
        let changed = workshop.with_standing(&one, now)?;
        workshop.look(&changed, None, now)
    })
    .await;
    let looked = match looked {
        Ok(Ok(looked)) => looked,
        Ok(Err(error)) => return not_done(&error),
        Err(answer) => return answer,
    };
    let overruled = Some(form.line("overrule")).filter(|why| !why.is_empty());
    let new = NewEntry {
        kind: "standing".to_owned(),
        title,
        why: form.line("why"),
        hold: None,
        files: Vec::new(),
        said: None,
        overruled,
        undoes: None,
    };
    match enter(&state, &visitor, &looked, new).await {
        Ok(number) => see_other(&state, &format!("/desk/policies/history/{number}")),
        Err(error) => not_done(&error),
    }
}

#[derive(Template)]
#[template(path = "desk/tuning/file.html")]
struct FilePage {
    frame: Frame,
    file: String,
    lines: Vec<(usize, String)>,
    text: String,
    /// The digest of the text that the edit was begun on.
    writable: bool,
    may_propose: bool,
    writes: bool,
    is_open: bool,
    problem: Option<String>,
    mistakes: Vec<String>,
    effect: Option<EffectView>,
    diff: Vec<DiffLine>,
    before: String,
    why: String,
    overrule: String,
}

impl FilePage {
    fn of(state: &DeskState, visitor: &Visitor, file: &str, text: &str) -> FilePage {
        let may_propose = visitor.person.may(Action::ProposeChange);
        FilePage {
            frame: visitor.frame(state, "/desk/policies"),
            file: file.to_owned(),
            lines: (1..).zip(text.lines().map(str::to_owned)).collect(),
            text: text.to_owned(),
            writable: state.workshop.folder().is_writable(),
            may_propose,
            writes: visitor.person.may(Action::AcceptChange)
                && !state.workshop.wants_second_person(),
            is_open: false,
            problem: None,
            mistakes: Vec::new(),
            effect: None,
            diff: Vec::new(),
            before: crate::changes::digest(text),
            why: String::new(),
            overrule: String::new(),
        }
    }
}

/// `/desk/policies/file/{file}`
pub(super) async fn file(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Response {
    match text_of(&state, &file).await {
        Ok(text) => page(&FilePage::of(&state, &visitor, &file, &text)),
        Err(answer) => answer,
    }
}

async fn text_of(state: &DeskState, file: &str) -> Result<String, Response> {
    let sources = work(state, |workshop| workshop.sources()).await?;
    let sources = sources.map_err(|error| not_done(&error))?;
    let found = sources.into_iter().find(|source| source.name == file);
    found.map(|source| source.text).ok_or_else(not_found)
}

/// Looks at an edited text, or enters it.
pub(super) async fn change(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(file): Path<String>,
    form: Fields,
) -> Response {
    let before = match text_of(&state, &file).await {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    // A form's lines end in CRLF; a file of policies has the ends that it had.
    let mut after = form.raw("text").replace("\r\n", "\n");
    if before.ends_with('\n') && !after.ends_with('\n') {
        after.push('\n');
    }
    let mut shown = FilePage::of(&state, &visitor, &file, &before);
    shown.is_open = true;
    shown.text.clone_from(&after);
    (shown.why, shown.overrule) = (form.line("why"), form.line("overrule"));
    if after.len() > LONGEST {
        shown.problem = Some("A file of policies has at most one megabyte.".to_owned());
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    if form.raw("before") != shown.before {
        shown.problem = Some(
            "The file was changed while you wrote. Below is what you wrote, compared with the file \
             as it is now; look again before you take it."
                .to_owned(),
        );
    }
    let (name, text, now) = (file.clone(), after.clone(), state.now());
    let looked = work(&state, move |workshop| workshop.look(&[(name, text)], None, now)).await;
    let looked = match looked {
        Ok(Ok(looked)) => looked,
        Ok(Err(error)) => return not_done(&error),
        Err(answer) => return answer,
    };
    shown.mistakes = mistakes(&looked.mistakes, &looked.sources);
    shown.effect = looked.effect.as_ref().map(EffectView::of);
    shown.diff = diff_lines(&looked.files.iter().map(FileText::diff).collect::<String>());
    if form.raw("do") == "take" && shown.problem.is_none() {
        let new = NewEntry {
            kind: Kind::Own.as_str().to_owned(),
            title: format!("{file} edited at the desk"),
            why: shown.why.clone(),
            hold: None,
            files: Vec::new(),
            said: None,
            overruled: Some(shown.overrule.clone()).filter(|why| !why.is_empty()),
            undoes: None,
        };
        match enter(&state, &visitor, &looked, new).await {
            Ok(number) => return see_other(&state, &format!("/desk/policies/history/{number}")),
            Err(WorkshopError::Refused(why)) => shown.problem = Some(sentence(&why.to_string())),
            Err(error) => return not_done(&error),
        }
    }
    let status = match shown.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    page_with(status, &shown)
}
