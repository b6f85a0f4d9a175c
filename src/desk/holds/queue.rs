//! The queue: what is held and what became of it, searched and in pages.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::{
    deed::Deed,
    query::{Query, Show},
    scope, told,
};
use crate::{
    desk::{DeskState, Frame, Visitor, page, trouble},
    hold::{HoldError, Line, MAX_TALLY, Order, State as HoldState, Tally},
    mail::Timestamp,
    rights::Action,
};

/// Recipients that a line names.
const MAX_RECIPIENTS: usize = 2;

#[derive(Template)]
#[template(path = "desk/holds/queue.html")]
struct QueuePage {
    frame: Frame,
    query: Query,
    tabs: Vec<Tab>,
    orders: Vec<(&'static str, &'static str, bool)>,
    policies: Vec<String>,
    categories: Vec<String>,
    teams: Vec<String>,
    rows: Vec<Row>,
    /// The address of the next page.
    next: Option<String>,
    /// The address of the first page, where this is another.
    first: Option<String>,
    /// What may be done with many; empty: nothing.
    deeds: Vec<Deed>,
    /// The search, to be sent with a form.
    search: String,
}

struct Tab {
    href: String,
    title: &'static str,
    count: String,
    is_here: bool,
}

/// A line of the table.
struct Row {
    id: String,
    subject: String,
    sender: String,
    recipients: Vec<String>,
    more: usize,
    state: &'static str,
    badge: &'static str,
    is_urgent: bool,
    is_proposed: bool,
    policy: String,
    created: String,
    /// When it ends, while it is held.
    ends: String,
}

/// GET
pub(super) async fn show(
    State(state): State<DeskState>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Query::read(&query.unwrap_or_default());
    match queue_page(&state, &visitor, query).await {
        Ok(shown) => page(&shown),
        Err(error) => trouble(&error),
    }
}

async fn queue_page(
    state: &DeskState,
    visitor: &Visitor,
    query: Query,
) -> Result<QueuePage, HoldError> {
    let reach = visitor.reach(Action::SeeQueue);
    let whole = scope::senders(state, &reach, None).await?;
    let team = Some(query.team.as_str()).filter(|team| !team.is_empty());
    let senders = match team {
        Some(team) => scope::senders(state, &reach, Some(team)).await?,
        None => whole.clone(),
    };
    let found = state.store.search(&query.search(senders, &state.zone)).await?;
    let tally = state.store.tally(whole.as_deref()).await?;
    let set = state.policies.load();
    let policies = set.policies();
    let mut categories: Vec<String> = policies.iter().map(|p| p.category.clone()).collect();
    categories.sort();
    categories.dedup();
    let root = state.root();
    let address = |text: &str| format!("{root}/desk/holds?{text}");
    Ok(QueuePage {
        frame: visitor.frame(state, "/desk/holds"),
        tabs: Show::ALL.into_iter().map(|show| tab(root, &query, show, &tally)).collect(),
        orders: orders(query.order),
        policies: policies.iter().map(|policy| policy.id.clone()).collect(),
        categories,
        teams: state.teams.all().iter().map(|team| team.name.clone()).collect(),
        rows: found.lines.iter().map(|line| row(state, line)).collect(),
        next: found.next.map(|place| address(&query.behind(&place))),
        first: query.behind.as_ref().map(|_| address(&query.write())),
        deeds: match visitor.person.may(Action::DecideInBulk) {
            true => Deed::IN_BULK.to_vec(),
            false => Vec::new(),
        },
        search: query.write(),
        query,
    })
}

fn tab(root: &str, query: &Query, show: Show, tally: &Tally) -> Tab {
    let of = |state: &HoldState| {
        tally.states.iter().find(|(s, _)| s == state).map_or(0, |(_, number)| *number)
    };
    let number = match show {
        Show::Second => Some(tally.proposed),
        Show::Stuck => Some(tally.stuck),
        Show::All => None,
        show => Some(show.states().iter().map(of).sum()),
    };
    Tab {
        href: format!("{root}/desk/holds?{}", query.shown(show).write()),
        title: show.title(),
        count: number.map(counted).unwrap_or_default(),
        is_here: query.show == show,
    }
}

/// A number, or that there are more than were counted.
fn counted(number: u32) -> String {
    if number < MAX_TALLY { number.to_string() } else { "1,000+".to_owned() }
}

fn orders(now: Order) -> Vec<(&'static str, &'static str, bool)> {
    let title = |order| match order {
        Order::Newest => "newest first",
        Order::Ending => "ending first",
        Order::Urgent => "most urgent first",
    };
    Order::ALL.into_iter().map(|o| (o.as_str(), title(o), o == now)).collect()
}

fn row(state: &DeskState, line: &Line) -> Row {
    let summary = &line.summary;
    let is_held = summary.state == HoldState::Held;
    Row {
        id: summary.id.to_string(),
        subject: summary.subject.clone(),
        sender: summary.sender.clone(),
        recipients: summary.recipients.iter().take(MAX_RECIPIENTS).cloned().collect(),
        more: summary.recipients.len().saturating_sub(MAX_RECIPIENTS),
        state: told::state(summary.state),
        badge: told::badge(summary.state),
        is_urgent: is_held && !line.place.calm,
        is_proposed: line.is_proposed,
        policy: summary.policy.clone(),
        created: state.say(summary.created),
        ends: match line.place.ends_at {
            _ if !is_held => String::new(),
            at if at == Timestamp::MAX => "not by itself".to_owned(),
            at => state.say(at),
        },
    }
}
