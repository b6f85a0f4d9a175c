//! What the page shows about what came of the call: the promise, the same customer before, the
//! links to calendar files.

use super::{
    asking::Asking,
    opened::Opened,
    text::{AfterCall, Words},
};
use crate::{
    hold::{Actor, Hold, Outcome, Promise, PromiseState, PromiseStep, SameCustomer, State},
    mail::Timestamp,
    notice::{self, fill},
    release::MAX_FOLLOW_UP_DAYS,
};

/// What the store knows beside the hold.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) promise: Option<Promise>,
    pub(super) before: SameCustomer,
}

/// See the module.
pub(super) struct AfterView<'a> {
    pub(super) words: &'a AfterCall<'a>,
    /// What was promised and what comes next.
    pub(super) promise: Vec<String>,
    /// Whether there is still something to say of it.
    pub(super) is_promise_open: bool,
    pub(super) before: Vec<String>,
    pub(super) others: Option<String>,
    /// Relative addresses of calendar files.
    pub(super) call_file: Option<String>,
    pub(super) follow_up_file: Option<String>,
    pub(super) causes: Vec<String>,
    pub(super) anew_text: String,
    /// The days that may be promised.
    pub(super) first_day: String,
    pub(super) last_day: String,
}

impl<'a> AfterView<'a> {
    /// Of a hold as it stands.
    pub(super) fn of(opened: &Opened, beside: &Beside, asking: &Asking<'a>) -> AfterView<'a> {
        let (hold, token) = (&opened.hold, &opened.token);
        let words = asking.after;
        let say = |at| notice::say(at, asking.zone, &asking.words.shared);
        let file = |name: &str| format!("{token}/{name}.ics");
        let days = asking.week.days_ahead(asking.now, MAX_FOLLOW_UP_DAYS);
        let [first_day, last_day] =
            days.map(|(first, last)| [first.to_string(), last.to_string()]).unwrap_or_default();
        let open = beside.promise.as_ref().filter(|p| p.state == PromiseState::Open);
        AfterView {
            words,
            promise: beside.promise.as_ref().map(|p| lines(p, asking)).unwrap_or_default(),
            is_promise_open: open.is_some(),
            before: before(&beside.before, asking),
            others: others(&beside.before, words),
            call_file: call_at(hold, asking.now).map(|_| file("call")),
            follow_up_file: open.and_then(|p| p.remind_at).map(|_| file("follow-up")),
            causes: asking.causes.clone(),
            anew_text: match hold.dossier.decision.terms.binds_sending() {
                true => words.anew_held.to_owned(),
                false => fill(words.anew_text, &[("when", say(asking.new_text_until))]),
            },
            first_day,
            last_day,
        }
    }
}

/// When the next call is planned: what the sender chose last, if he chose a time that is to come.
pub(super) fn call_at(hold: &Hold, now: Timestamp) -> Option<Timestamp> {
    match hold.outcomes.last() {
        Some((_, _, Outcome::CallBack { at, .. } | Outcome::NoAnswer { remind_at: at, .. }))
            if hold.state == State::Held && *at > now =>
        {
            Some(*at)
        }
        _ => None,
    }
}

/// The customer's name, or the address.
pub(super) fn who(hold: &Hold) -> String {
    let person = hold.dossier.call.person.as_ref();
    let named = person.map(|p| if p.name.is_empty() { &p.address } else { &p.name });
    let first = || hold.envelope.recipients().first().map(|r| r.path.as_str().to_owned());
    named.cloned().or_else(first).unwrap_or_default()
}

/// What was promised in words, and by when.
fn of_promise(promise: &Promise, asking: &Asking<'_>) -> [(&'static str, String); 2] {
    let after = asking.notice;
    let what = match promise.what() {
        empty if empty.is_empty() => after.something.to_owned(),
        what => asking.words.shared.quoted(&what),
    };
    [("what", what), ("date", notice::say_day(promise.date, &asking.words.shared, after))]
}

fn lines(promise: &Promise, asking: &Asking<'_>) -> Vec<String> {
    let words = asking.after;
    let next = match (promise.state, promise.remind_at) {
        // Due now: the reminder is on its way.
        (PromiseState::Open, Some(at)) if at <= asking.now => None,
        (PromiseState::Open, Some(at)) => {
            let when = notice::say(at, asking.zone, &asking.words.shared);
            Some(fill(words.promise_remind, &[("when", when)]))
        }
        (PromiseState::Open, None) => Some(words.promise_quiet.to_owned()),
        (PromiseState::Kept, _) => Some(words.promise_kept.to_owned()),
        (PromiseState::Dropped, _) => Some(words.promise_dropped.to_owned()),
    };
    let open = fill(words.promise_open, &of_promise(promise, asking));
    std::iter::once(open).chain(next).collect()
}

/// Open promises to the same customer first, then the earlier holds.
fn before(before: &SameCustomer, asking: &Asking<'_>) -> Vec<String> {
    let promised = before
        .promises
        .iter()
        .map(|promise| fill(asking.notice.promised_before, &of_promise(promise, asking)));
    let earlier = before.earlier.iter().map(|earlier| {
        let when = notice::say(earlier.created, asking.zone, &asking.words.shared);
        let kind = asking.words.shared.category(&earlier.category);
        format!("{when}: {kind}. {}.", stands(earlier.state, asking.words))
    });
    promised.chain(earlier).collect()
}

fn stands<'a>(state: State, words: &Words<'a>) -> &'a str {
    let [title, _] = match state {
        State::Held | State::Prepared => words.shared.hold,
        State::Approved => words.approved,
        State::Released => words.released,
        State::Delivered => words.delivered,
        State::Withdrawn => words.withdrawn,
        State::Returned => words.returned,
        State::Undeliverable => words.undeliverable,
        State::Cancelled => words.cancelled,
    };
    title
}

fn others(before: &SameCustomer, words: &AfterCall) -> Option<String> {
    let count = || fill(words.others_before, &[("count", before.others_in_words())]);
    (before.of_others > 0).then(count)
}

/// What people said of a promise, for the history: who, what, and a word.
pub(super) fn said<'p>(
    promise: &'p Promise,
    asking: &Asking<'_>,
) -> Vec<(Timestamp, &'p Actor, String, &'p str)> {
    let after = asking.notice;
    let words = asking.after;
    let told = promise.steps.iter().filter_map(|(at, actor, step)| {
        let (what, note) = match step {
            PromiseStep::Kept { note } => (words.did_keep.to_owned(), note),
            PromiseStep::Dropped { note } => (words.did_drop.to_owned(), note),
            PromiseStep::Moved { follow_up, note } => {
                let date = notice::say_day(follow_up.date, &asking.words.shared, after);
                (fill(words.did_move, &[("date", date)]), note)
            }
            PromiseStep::Reminded | PromiseStep::PutOff | PromiseStep::Overdue => return None,
        };
        Some((*at, actor, what, note.as_str()))
    });
    told.collect()
}
