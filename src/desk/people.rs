//! Accounts of others: who has one, what each is, the way in for somebody new.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    DeskState, Fields, Frame, Route, Visitor, answer::page_with, message, not_found, page,
    see_other, trouble,
};
use crate::{
    accounts::{Account, AccountError, NewPerson, Standing, VouchedBy},
    mail::Mailbox,
    rights::{Action, PersonId, Role},
};

const HERE: &str = "/desk/people";

pub(super) fn routes() -> Vec<Route> {
    let right = Action::ManagePeople;
    vec![
        Route::get(HERE, right, list),
        Route::post(HERE, right, add),
        Route::get("/desk/people/new", right, new),
        Route::get("/desk/people/{id}", right, show),
        Route::post("/desk/people/{id}", right, change),
        Route::post("/desk/people/{id}/link", right, link),
        Route::post("/desk/people/{id}/factor", right, end_factor),
        Route::post("/desk/people/{id}/disable", right, disable),
        Route::post("/desk/people/{id}/enable", right, enable),
    ]
}

#[derive(Template)]
#[template(path = "desk/people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Row>,
}

struct Row {
    account: Account,
    roles: String,
    standing: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "desk/person.html")]
struct PersonPage {
    frame: Frame,
    /// `None`: somebody new.
    account: Option<Account>,
    login: String,
    name: String,
    address: String,
    roles: Vec<(Role, bool)>,
    teams: Vec<(String, bool)>,
    created: String,
    is_self: bool,
    done: &'static str,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/link.html")]
struct LinkPage {
    frame: Frame,
    account: Account,
    link: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

fn done(word: &str) -> &'static str {
    match word {
        "changed" => "It is changed, from now on and in every open session.",
        "factor" => {
            "The second factor is removed: the password alone logs in until a new one is set up."
        }
        "disabled" => "This person is shut out and logged out everywhere.",
        "enabled" => "This person may log in again.",
        _ => "",
    }
}

async fn list(State(state): State<DeskState>, visitor: Visitor) -> Response {
    let everybody = match state.accounts.everybody().await {
        Ok(everybody) => everybody,
        Err(error) => return trouble(&error),
    };
    let row =
        |account: Account| Row { roles: titles(&account), standing: standing(&account), account };
    let people = everybody.into_iter().map(row).collect();
    page(&PeoplePage { frame: visitor.frame(&state, HERE), people })
}

fn titles(account: &Account) -> String {
    let titles = account.person.roles.iter().map(|role| role.title());
    titles.collect::<Vec<_>>().join(", ")
}

/// How somebody logs in, and the colour of it.
fn standing(account: &Account) -> (&'static str, &'static str) {
    match (&account.vouched_by, account.disabled) {
        (_, Some(_)) => ("shut out", "off"),
        (VouchedBy::Proxy, None) => ("by the house's proxy", ""),
        (VouchedBy::Provider(_), None) => ("by the identity provider", ""),
        (VouchedBy::Us, None) if !account.has_password => ("no password yet", "wait"),
        (VouchedBy::Us, None) if account.has_factor => ("password and second factor", ""),
        (VouchedBy::Us, None) => ("password", "wait"),
    }
}

async fn new(State(state): State<DeskState>, visitor: Visitor) -> Response {
    page(&blank(&state, &visitor))
}

fn blank(state: &DeskState, visitor: &Visitor) -> PersonPage {
    PersonPage {
        frame: visitor.frame(state, HERE),
        account: None,
        login: String::new(),
        name: String::new(),
        address: String::new(),
        roles: Role::ALL.map(|role| (role, false)).into(),
        teams: teams(state, &BTreeSet::new()),
        created: String::new(),
        is_self: false,
        done: "",
        problem: None,
    }
}

/// Every team of the configuration and those that somebody leads beside, with what is ticked.
fn teams(state: &DeskState, ticked: &BTreeSet<String>) -> Vec<(String, bool)> {
    let known = state.teams.all().iter().map(|team| team.name.clone());
    let all: BTreeSet<String> = known.chain(ticked.iter().cloned()).collect();
    all.into_iter().map(|team| (team.clone(), ticked.contains(&team))).collect()
}

/// What a form says that somebody is.
fn told(form: &Fields) -> Result<Standing, String> {
    let address = match form.line("address") {
        empty if empty.is_empty() => None,
        typed => Some(Mailbox::parse(&typed).map_err(|_| {
            format!("“{typed}” is no mail address. Write it as kim@northwind.example.")
        })?),
    };
    Ok(Standing {
        name: form.line("name"),
        address,
        roles: form.all("role").filter_map(Role::from_text).collect(),
        teams: form.all("team").map(str::to_owned).collect(),
    })
}

async fn add(State(state): State<DeskState>, visitor: Visitor, form: Fields) -> Response {
    let login = form.line("login");
    let again = |problem: String| {
        let roles: BTreeSet<Role> = form.all("role").filter_map(Role::from_text).collect();
        let ticked = form.all("team").map(str::to_owned).collect();
        let shown = PersonPage {
            login: form.line("login"),
            name: form.line("name"),
            address: form.line("address"),
            roles: Role::ALL.map(|role| (role, roles.contains(&role))).into(),
            teams: teams(&state, &ticked),
            problem: Some(problem),
            ..blank(&state, &visitor)
        };
        page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
    };
    let Standing { name, address, roles, teams } = match told(&form) {
        Ok(standing) => standing,
        Err(problem) => return again(problem),
    };
    let new = NewPerson { login, name, address, roles, teams, vouched_by: VouchedBy::Us };
    let actor = visitor.actor(Action::ManagePeople);
    match state.accounts.add(new, actor, state.now()).await {
        Ok(account) => show_link(&state, &visitor, account).await,
        Err(error @ (AccountError::Taken(_) | AccountError::BadLogin)) => {
            again(format!("Nobody was added: {error}."))
        }
        Err(error) => trouble(&error),
    }
}

async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<Done>,
) -> Response {
    match find(&state, id).await {
        Ok(account) => person_page(&state, &visitor, account, done(&query.done), None),
        Err(answer) => answer,
    }
}

fn person_page(
    state: &DeskState,
    visitor: &Visitor,
    account: Account,
    done: &'static str,
    problem: Option<String>,
) -> Response {
    let person = &account.person;
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = PersonPage {
        login: person.login.clone(),
        name: person.name.clone(),
        address: person.address.as_ref().map(|a| a.as_str().to_owned()).unwrap_or_default(),
        roles: Role::ALL.map(|role| (role, person.roles.contains(&role))).into(),
        teams: teams(state, &person.teams),
        created: state.say(account.created),
        is_self: person.id == visitor.person.id,
        done,
        problem,
        account: Some(account),
        ..blank(state, visitor)
    };
    page_with(status, &shown)
}

async fn find(state: &DeskState, id: String) -> Result<Account, Response> {
    let found = state.accounts.find(&PersonId::new(id)).await.map_err(|error| trouble(&error))?;
    found.ok_or_else(not_found)
}

/// Somebody else's account. Nobody gives himself roles or shuts himself out: another has to.
async fn others(state: &DeskState, visitor: &Visitor, id: String) -> Result<Account, Response> {
    let account = find(state, id).await?;
    if account.person.id == visitor.person.id {
        return Err(message(
            StatusCode::FORBIDDEN,
            "Somebody else has to do this",
            "Nobody changes his own roles or shuts himself out. Another operator can, or whoever \
             has the command line: callfirst people.",
        ));
    }
    Ok(account)
}

async fn change(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Fields,
) -> Response {
    let account = match others(&state, &visitor, id).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let to = match told(&form) {
        Ok(standing) => standing,
        Err(problem) => return person_page(&state, &visitor, account, "", Some(problem)),
    };
    let (person, actor) = (&account.person.id, visitor.actor(Action::ManagePeople));
    match state.accounts.change(person, &to, actor, state.now()).await {
        Ok(_) => see_other(&state, &format!("{HERE}/{person}?done=changed")),
        Err(error) => trouble(&error),
    }
}

async fn link(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    match others(&state, &visitor, id).await {
        Ok(account) => show_link(&state, &visitor, account).await,
        Err(answer) => answer,
    }
}

/// The link that sets a password: on this page and nowhere else.
async fn show_link(state: &DeskState, visitor: &Visitor, account: Account) -> Response {
    let actor = visitor.actor(Action::ManagePeople);
    match state.accounts.password_link(&account.person.id, actor, state.now()).await {
        Ok(secret) => {
            let link = format!("{}/desk/password/{}", state.public_url, secret.reveal());
            page(&LinkPage { frame: visitor.frame(state, HERE), account, link })
        }
        Err(error) => trouble(&error),
    }
}

async fn end_factor(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Response {
    let account = match others(&state, &visitor, id).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let (person, actor) = (&account.person.id, visitor.actor(Action::ManagePeople));
    match state.accounts.end_factor(person, actor, state.now()).await {
        Ok(()) => see_other(&state, &format!("{HERE}/{person}?done=factor")),
        Err(error) => trouble(&error),
    }
}

async fn disable(state: State<DeskState>, visitor: Visitor, id: Path<String>) -> Response {
    shut(state, visitor, id, true).await
}

async fn enable(state: State<DeskState>, visitor: Visitor, id: Path<String>) -> Response {
    shut(state, visitor, id, false).await
}

async fn shut(
    State(state): State<DeskState>,
    visitor: Visitor,
    Path(id): Path<String>,
    out: bool,
) -> Response {
    let account = match others(&state, &visitor, id).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let (person, actor) = (&account.person.id, visitor.actor(Action::ManagePeople));
    let (done, shut) = if out {
        ("disabled", state.accounts.disable(person, actor, state.now()).await)
    } else {
        ("enabled", state.accounts.enable(person, actor, state.now()).await)
    };
    match shut {
        Ok(()) => see_other(&state, &format!("{HERE}/{person}?done={done}")),
        Err(error) => trouble(&error),
    }
}
