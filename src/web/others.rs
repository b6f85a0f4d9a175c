//! What the page says where several people may act: whose mail it is, who decided, what is proposed
//! and what of it the reader may do.

use super::{
    WebState,
    asking::Asking,
    opened::Opened,
    text::{Others, Words},
};
use crate::{
    hold::{Actor, Hold, Outcome, State},
    mail::Timestamp,
    notice::{self, Texts, fill},
};

/// See the module.
pub(super) struct OthersView<'a> {
    pub(super) words: &'a Others<'a>,
    /// For a party: whose mail it is.
    pub(super) of_sender: Option<String>,
    /// Once it is decided: by whom and when.
    pub(super) decided_by: Option<String>,
    /// Whether the reader leads the team: he may send without a call in any case.
    pub(super) is_lead: bool,
    /// Whether a second person is asked: nothing is sent on this page until that is over.
    pub(super) is_proposed: bool,
    /// Whether the reader may agree or decline, and what he is asked.
    pub(super) agree: Option<String>,
    /// How it would go out, and what was typed with that.
    pub(super) proposed: Vec<String>,
    pub(super) decline_line: String,
    /// Which proposal that is: when it was made.
    pub(super) asked: String,
    /// Whether the reader may take the proposal back.
    pub(super) may_drop: bool,
    /// Whether the decision can still be taken back.
    pub(super) may_take_back: bool,
    pub(super) may_hand_over: bool,
    /// Said below each button that sends, where it then asks somebody.
    pub(super) second_hint: Option<&'a str>,
    /// The same for the button after a call.
    pub(super) second_hint_called: Option<&'a str>,
}

impl<'a> OthersView<'a> {
    /// For whoever opened the page.
    pub(super) fn of(state: &WebState, opened: &Opened, asking: &Asking<'a>) -> OthersView<'a> {
        let hold = &opened.hold;
        let (words, actor, desk) = (asking.others, opened.actor(None), &state.desk);
        let sender = ("sender", hold.envelope.reverse_path().as_str().to_owned());
        let say = |at| notice::say(at, asking.zone, &asking.words.shared);
        let proposal = hold.proposal();
        let by = proposal.map(|proposal| named(proposal.by)).unwrap_or_default();
        let agrees = desk.may_agree(hold, &actor);
        let asks = |outcome: &Outcome| {
            desk.needs_second(hold, &actor, outcome).then_some(words.asks_second)
        };
        OthersView {
            words,
            of_sender: opened.party.as_ref().map(|_| fill(words.of_sender, &[sender])),
            decided_by: decided_by(hold).map(|(at, by)| {
                fill(words.decided_by, &[("by", by.to_owned()), ("when", say(at))])
            }),
            is_lead: opened.party.as_ref().is_some_and(|p| p.role.leads()),
            is_proposed: proposal.is_some(),
            agree: agrees.then(|| fill(words.agree_text, &[("by", by.clone())])),
            proposed: proposal
                .map(|proposal| proposed(proposal.outcome, &by, &asking.words.shared))
                .unwrap_or_default(),
            decline_line: fill(words.decline_line, &[("by", by.clone())]),
            asked: proposal.map(|p| p.at.as_microsecond().to_string()).unwrap_or_default(),
            may_drop: proposal.is_some() && (opened.party.is_none() || by == actor.name),
            may_take_back: hold.waits_until(asking.now).is_some(),
            may_hand_over: hold.state == State::Held,
            second_hint: asks(&Outcome::FalseAlarm { note: String::new() }),
            second_hint_called: asks(&Outcome::Called {
                send: true,
                person: String::new(),
                number: String::new(),
                note: String::new(),
                report: Box::default(),
            }),
        }
    }
}

/// Whether reminders go to whoever opened the page: to second persons while they are asked, else to who
/// has it in hand.
pub(super) fn is_reminded(state: &WebState, opened: &Opened) -> bool {
    let hold = &opened.hold;
    match hold.proposal() {
        Some(_) => state.desk.may_agree(hold, &opened.actor(None)),
        None => hold.in_charge().map(|party| party.number) == opened.number(),
    }
}

/// How somebody would send it, in the words of the letter that asks.
fn proposed(outcome: &Outcome, by: &str, texts: &Texts) -> Vec<String> {
    let words = &texts.others;
    let (way, typed) = match outcome {
        Outcome::SendAnyway { reason } => (words.without_call, reason),
        Outcome::FalseAlarm { note } => (words.no_bad_news, note),
        Outcome::Called { note, .. } => (words.was_called, note),
        _ => return Vec::new(),
    };
    let values = [("by", by.to_owned()), ("words", typed.clone())];
    let typed = (!typed.trim().is_empty()).then_some(words.words);
    std::iter::once(way).chain(typed).map(|text| fill(text, &values)).collect()
}

fn named(actor: &Actor) -> String {
    if actor.name.is_empty() { actor.role.clone() } else { actor.name.clone() }
}

/// When and by whom it was decided, where a person did.
fn decided_by(hold: &Hold) -> Option<(Timestamp, &str)> {
    let (at, actor, outcome) = hold.outcomes.last()?;
    let is_over = !matches!(hold.state, State::Held | State::Prepared);
    let by_person = !matches!(outcome, Outcome::Expired) && !actor.name.is_empty();
    (is_over && by_person).then_some((*at, actor.name.as_str()))
}

/// Title and first words for where the hold stands, for whoever opened its page, with what they name
/// filled in. A time that has passed is not announced: then it is a hold like any other.
pub(super) fn standing<'a>(
    opened: &Opened,
    words: &Words<'a>,
    now: Timestamp,
    say: &dyn Fn(Timestamp) -> String,
) -> (&'a str, String) {
    let hold = &opened.hold;
    let coming = coming(hold).or(hold.waits_until(now)).filter(|at| *at > now);
    let [title, lead] = title_and_lead(opened, words, coming.is_some());
    let last = hold.outcomes.last();
    let proposal = hold.proposal().map(|proposal| proposal.by);
    let by = proposal.or(last.map(|(_, by, _)| by)).map(named).unwrap_or_default();
    let to = match last {
        Some((_, _, Outcome::HandedOver { to, .. })) => to.as_str().to_owned(),
        _ => String::new(),
    };
    let values = [
        ("kind", words.shared.kind(&hold.dossier.decision)),
        ("when", coming.map(say).unwrap_or_default()),
        ("who", held_for(hold, &words.shared)),
        ("by", by),
        ("to", to),
    ];
    (title, fill(lead, &values))
}

fn title_and_lead<'a>(opened: &Opened, words: &Words<'a>, is_coming: bool) -> [&'a str; 2] {
    let (hold, after, others) = (&opened.hold, &words.after, &words.others);
    let last = hold.outcomes.last().map(|(_, _, outcome)| outcome);
    match (hold.state, last) {
        (State::Held, _) if hold.proposal().is_some() => others.asked,
        (State::Held, Some(Outcome::Declined { .. })) => others.declined,
        (State::Held, Some(Outcome::HandedOver { party, .. })) if *party != opened.number() => {
            others.handed
        }
        (State::Held | State::Prepared, Some(Outcome::NoAnswer { .. })) if is_coming => {
            words.no_answer
        }
        (State::Held | State::Prepared, Some(Outcome::CallBack { .. })) if is_coming => {
            after.call_back
        }
        (State::Held | State::Prepared, Some(Outcome::WrongNumber { .. })) => after.wrong_number,
        (State::Withdrawn, Some(Outcome::Rewritten { .. }))
            if is_coming && !hold.dossier.decision.terms.binds_sending() =>
        {
            after.rewritten
        }
        (State::Held | State::Prepared, _) => [words.shared.hold[0], words.held],
        (State::Approved, _) if is_coming => others.waits,
        (State::Approved, _) => words.approved,
        (State::Released, _) => words.released,
        (State::Delivered, _) => words.delivered,
        (State::Withdrawn, _) => words.withdrawn,
        (State::Returned, _) => words.returned,
        (State::Undeliverable, _) => words.undeliverable,
        (State::Cancelled, _) => words.cancelled,
    }
}

/// Whom the mail was held for: the person to call, and how many more. Others may have got it.
fn held_for(hold: &Hold, texts: &Texts) -> String {
    let first = super::after::who(hold);
    match hold.envelope.recipients().len().saturating_sub(1) {
        0 => first,
        more => fill(texts.and_others, &[("first", first), ("count", more.to_string())]),
    }
}

/// The time that the first words name. A reminder comes when the hold says, which may be later than
/// was asked for.
fn coming(hold: &Hold) -> Option<Timestamp> {
    match hold.outcomes.last() {
        Some((_, _, Outcome::NoAnswer { .. })) => hold.remind_at,
        Some((_, _, Outcome::CallBack { at, .. } | Outcome::Rewritten { until: at, .. })) => {
            Some(*at)
        }
        _ => None,
    }
}
