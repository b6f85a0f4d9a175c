//! The rules by which a hold changes: values only, so that every store keeps the same ones.
//!
//! Takes a hold and what is asked, gives the hold as it then stands and the audit's facts, or
//! refuses and leaves the hold as it was.

use std::{collections::BTreeSet, time::Duration};

use super::{
    HoldError, LetterName, Outcome, State, Watch,
    afterwards::MAX_FOUND_BY,
    party::join,
    record::{
        Actor, AuditEvent, Change, Delivery, Dossier, Hold, ItemKind, ItemOutcome, NewHold, NewItem,
    },
};
use crate::mail::Timestamp;

/// A prepared hold that nobody came back for is dropped after this long: the client gives up
/// after five days (RFC 5321 §4.5.4.1), so nobody can come back any more.
const PREPARED_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Something that the caller should not have asked for.
#[derive(Debug, thiserror::Error)]
pub(in crate::hold) enum Misuse {
    /// Not a way through the state machine.
    #[error("a hold does not go from {0} to {1}")]
    Way(State, State),
    /// A position beyond the hold's recipients.
    #[error("the hold has no recipient at this position")]
    Recipient,
    /// A release cannot be done while somebody waits.
    #[error("a recipient of the release is not settled")]
    Unsettled,
    /// Notices have no recipients to settle.
    #[error("only a release settles recipients")]
    NoRelease,
    /// Content that could not be read, or is longer or shorter than it said.
    #[error("the content to hold has another length than it said")]
    Length,
}

impl Misuse {
    pub(in crate::hold) fn while_doing(self, doing: &'static str) -> HoldError {
        HoldError::Failed { doing, source: Box::new(self) }
    }
}

/// The store keeps microseconds.
pub(in crate::hold) fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// A moment `span` later; the last one there is, if that is beyond it.
pub(in crate::hold) fn later(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// Before this moment a prepared hold is too old to keep.
pub(in crate::hold) fn prepared_horizon(now: Timestamp) -> Timestamp {
    now.checked_sub(PREPARED_LIFE).unwrap_or(Timestamp::MIN)
}

/// A new hold, and its state.
pub(in crate::hold) fn hold_from(new: &NewHold, state: State) -> Hold {
    Hold {
        id: new.id.clone(),
        state,
        envelope: new.envelope.clone(),
        deliveries: vec![Delivery::Waiting; new.envelope.recipients().len()],
        origin: new.origin.clone(),
        trace: new.trace.clone(),
        dossier: new.dossier.clone(),
        size_octets: new.content.len(),
        created: whole_micros(new.created),
        remind_at: new.remind_at.map(whole_micros),
        expires_at: whole_micros(new.expires_at),
        reminders: 0,
        outcomes: Vec::new(),
        watch: new.watch.whole_micros(),
        parties: Vec::new(),
    }
}

/// Whether a retry with the same key is answered with this hold: as long as it is open, and for
/// `window` after it ended. One that was cancelled was never accepted.
pub(in crate::hold) fn adopts(
    state: State,
    ended_at: Option<Timestamp>,
    now: Timestamp,
    window: Duration,
) -> bool {
    match (state, ended_at) {
        (State::Cancelled, _) => false,
        (_, None) => true,
        (_, Some(ended)) => now < later(ended, window),
    }
}

/// When the worker must look at a hold: at its reminder, its expiry or a word before that, and when
/// others are to hear of it, while it waits for the sender. Where the policy keeps it beyond its
/// expiry, that does not wake it.
pub(in crate::hold) fn wake_at(hold: &Hold) -> Option<Timestamp> {
    if hold.state != State::Held {
        return None;
    }
    let all = [hold.remind_at, hold.ends_at(), hold.warns_at(), hold.watch.escalate_at];
    all.into_iter().flatten().min()
}

/// Makes the change, or says why not.
pub(in crate::hold) fn apply(hold: &mut Hold, change: &Change) -> Result<(), HoldError> {
    if hold.state == State::Prepared {
        return Err(HoldError::Unknown);
    }
    if hold.state != change.from {
        return Err(HoldError::Already(hold.state));
    }
    if change.from != change.to && !change.from.may_become(change.to) {
        return Err(Misuse::Way(change.from, change.to).while_doing("changing a hold"));
    }
    if change.told.is_some_and(|told| told != hold.parties.len())
        || change.seen.is_some_and(|seen| seen != hold.outcomes.len())
    {
        return Err(HoldError::Overtaken);
    }
    join(&mut hold.parties, &change.parties)?;
    hold.state = change.to;
    if let Some(outcome) = &change.outcome {
        hold.outcomes.push((whole_micros(change.now), change.actor.clone(), outcome.clone()));
        if let Outcome::CallBack { at, .. } = outcome {
            let expires_at = whole_micros(after_call_back(hold, *at));
            if expires_at > hold.expires_at {
                hold.expires_at = expires_at;
                // He was warned of another end.
                if hold.watch.warned_at.take().is_some() {
                    hold.watch.warn_at = Some(whole_micros(*at));
                }
            }
        }
        mute(hold, outcome, change.now);
    }
    if let Some(at) = change.expires_at {
        hold.expires_at = whole_micros(at);
    }
    if let Some(watch) = &change.watch {
        // Once said it stays said: whoever watches may have looked before.
        let muted_at = hold.watch.muted_at;
        hold.watch = Watch { muted_at, ..watch.whole_micros() };
    }
    match change.remind_at {
        // A time that a person named since stands, until it has come.
        Some(_) if is_unwanted(hold, change) && !change.reminded => {}
        Some(_) if is_unwanted(hold, change) => hold.remind_at = None,
        Some(at) => hold.remind_at = Some(whole_micros(at)),
        // Reminded, and no further reminder asked for.
        None if change.reminded => hold.remind_at = None,
        None => {}
    }
    if change.reminded {
        hold.reminders = hold.reminders.saturating_add(1);
    }
    Ok(())
}

/// Reminders end for whoever wants none, but for a time that he named; somebody else whose turn it is
/// then gets them again: who it is handed over to, who is asked to agree, who hears that nobody did.
fn mute(hold: &mut Hold, outcome: &Outcome, now: Timestamp) {
    match outcome {
        Outcome::Muted => {
            hold.watch.muted_at = Some(whole_micros(now));
            hold.remind_at = hold.remind_at.filter(|_| hold.is_asked_for());
        }
        Outcome::HandedOver { .. } | Outcome::Proposed { .. } | Outcome::Declined { .. }
            if hold.watch.muted_at.take().is_some() =>
        {
            hold.remind_at = Some(whole_micros(hold.reminded_next(now)));
        }
        _ => {}
    }
}

/// Whether nobody wants the reminder that a change brings: only a time that a person names counts.
fn is_unwanted(hold: &Hold, change: &Change) -> bool {
    let named = matches!(change.outcome, Some(Outcome::NoAnswer { .. } | Outcome::CallBack { .. }));
    hold.watch.muted_at.is_some() && !named
}

/// Whether a change ends the release that is owed: it takes back the decision to send, or owes
/// another release instead.
pub(in crate::hold) fn recalls(change: &Change) -> bool {
    let is_other = change.outbox.iter().any(|item| item.kind == ItemKind::Release);
    change.from == State::Approved
        && (change.to == State::Held || change.to == State::Approved && is_other)
}

/// Until when a hold waits at least, whose customer asked to be called back then: the sender is
/// reminded at that time, and has as long to call as he has after every reminder.
fn after_call_back(hold: &Hold, at: Timestamp) -> Timestamp {
    hold.reminded_next(at)
}

/// An attempt to release begins. Tried before is fine: the next hop may have said 4xx.
pub(in crate::hold) fn begin_release(hold: &mut Hold) -> Result<(), HoldError> {
    match hold.state {
        State::Approved | State::Released => {
            hold.state = State::Released;
            Ok(())
        }
        other => Err(HoldError::Already(other)),
    }
}

/// What becomes of an outbox item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::hold) enum ItemEnd {
    /// Done with.
    Done,
    /// Due again.
    Again(Timestamp),
    /// Given up.
    Failed(String),
}

/// Settles recipients of a release and says what becomes of its item.
pub(in crate::hold) fn settle_release(
    hold: &mut Hold,
    outcome: &ItemOutcome,
    deliveries: &[(usize, Delivery)],
    owed: &[NewItem],
) -> Result<ItemEnd, HoldError> {
    const DOING: &str = "settling a release";
    let unbegun = hold.state == State::Approved
        && deliveries.is_empty()
        && matches!(outcome, ItemOutcome::Again(_));
    if hold.state != State::Released && !unbegun {
        return Err(HoldError::Already(hold.state));
    }
    let mut settled = hold.deliveries.clone();
    for (position, delivery) in deliveries {
        let place =
            settled.get_mut(*position).ok_or_else(|| Misuse::Recipient.while_doing(DOING))?;
        // What was said first stands: a 250 cannot be taken back.
        if *place == Delivery::Waiting {
            *place = delivery.clone();
        }
    }
    if let ItemOutcome::Failed(why) = outcome {
        for place in settled.iter_mut().filter(|d| **d == Delivery::Waiting) {
            *place = Delivery::Refused(why.clone());
        }
    }
    let end = if !settled.contains(&Delivery::Waiting) {
        let all = settled.iter().all(|d| *d == Delivery::Delivered);
        hold.state = if all { State::Delivered } else { State::Undeliverable };
        match outcome {
            ItemOutcome::Failed(why) => ItemEnd::Failed(why.clone()),
            ItemOutcome::Done | ItemOutcome::Again(_) => ItemEnd::Done,
        }
    } else if let ItemOutcome::Again(at) = outcome {
        ItemEnd::Again(whole_micros(*at))
    } else {
        return Err(Misuse::Unsettled.while_doing(DOING));
    };
    hold.deliveries = settled;
    if owed.iter().any(tells_of_delay) {
        hold.watch.delayed = hold.waiting().map(|(position, _)| position).collect();
    }
    Ok(end)
}

/// Whether a letter says that a mail is late on its way.
fn tells_of_delay(item: &NewItem) -> bool {
    matches!(&item.kind, ItemKind::Notice { name, .. } if name == LetterName::Delayed.as_str())
}

/// What becomes of a notice's item.
pub(in crate::hold) fn settle_notice(
    outcome: &ItemOutcome,
    deliveries: &[(usize, Delivery)],
) -> Result<ItemEnd, HoldError> {
    if !deliveries.is_empty() {
        return Err(Misuse::NoRelease.while_doing("settling a notice"));
    }
    Ok(match outcome {
        ItemOutcome::Done => ItemEnd::Done,
        ItemOutcome::Again(at) => ItemEnd::Again(whole_micros(*at)),
        ItemOutcome::Failed(why) => ItemEnd::Failed(why.clone()),
    })
}

/// A node's worker as actor.
pub(in crate::hold) fn worker(node: &str) -> Actor {
    Actor { name: node.to_owned(), ..Actor::service("worker", None) }
}

/// The audit's event for a hold that is written: `held` or `prepared`.
pub(in crate::hold) fn written_event(hold: &Hold) -> AuditEvent {
    let (policy, category) = named(&hold.dossier);
    event(
        hold.state.as_str(),
        [
            ("policy", policy.to_owned()),
            ("category", category.to_owned()),
            ("recipients", hold.deliveries.len().to_string()),
            ("octets", hold.size_octets.to_string()),
        ],
    )
}

/// The audit's event for a settled item. Of a reply only the codes: its text names recipients, and
/// stands with the delivery, where it is erased in its time.
pub(in crate::hold) fn settled_event(
    kind: &ItemKind,
    hold: &Hold,
    outcome: &ItemOutcome,
    end: &ItemEnd,
) -> AuditEvent {
    let mut facts = match kind {
        ItemKind::Notice { name, .. } => vec![("notice", name.clone())],
        ItemKind::Release => {
            let count = |f: fn(&Delivery) -> bool| {
                hold.deliveries.iter().filter(|d| f(d)).count().to_string()
            };
            vec![
                ("delivered", count(|d| *d == Delivery::Delivered)),
                ("refused", count(|d| matches!(d, Delivery::Refused(_)))),
                ("waiting", count(|d| *d == Delivery::Waiting)),
            ]
        }
    };
    if let ItemOutcome::Failed(why) = outcome {
        facts.push(("reply", code_of(why)));
    }
    let name = match (kind, end) {
        (ItemKind::Release, ItemEnd::Again(_)) => "release_deferred",
        (ItemKind::Release, ItemEnd::Done | ItemEnd::Failed(_)) => hold.state.as_str(),
        (ItemKind::Notice { .. }, ItemEnd::Done) => "notice_sent",
        (ItemKind::Notice { .. }, ItemEnd::Again(_)) => "notice_deferred",
        (ItemKind::Notice { .. }, ItemEnd::Failed(_)) => "notice_failed",
    };
    event(name, facts)
}

/// The codes that a reply begins with, `550 5.1.1`; empty where we gave up by ourselves.
pub(in crate::hold) fn code_of(reply: &str) -> String {
    let is_code = |word: &&str| word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    reply.split([' ', '-']).take_while(is_code).take(2).collect::<Vec<_>>().join(" ")
}

/// An event from its name and facts.
pub(in crate::hold) fn event(
    name: &str,
    facts: impl IntoIterator<Item = (&'static str, String)>,
) -> AuditEvent {
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    AuditEvent { name: name.to_owned(), facts }
}

/// Policy and category of a dossier; empty where the decision names none.
pub(in crate::hold) fn named(dossier: &Dossier) -> (&str, &str) {
    let decision = &dossier.decision;
    (
        decision.policy.as_deref().unwrap_or_default(),
        decision.category.as_deref().unwrap_or_default(),
    )
}

/// The recipients by which a hold is found again, in lower case, none twice; none of a mail to very
/// many.
pub(in crate::hold) fn found_by(hold: &Hold) -> impl Iterator<Item = String> {
    let recipients = hold.envelope.recipients();
    let told = if recipients.len() > MAX_FOUND_BY { &[] } else { recipients };
    told.iter().map(|r| r.path.folded()).collect::<BTreeSet<_>>().into_iter()
}

/// What an owed item is called in the store.
pub(in crate::hold) fn item_words(item: &NewItem) -> (&'static str, &str, &[u8]) {
    match &item.kind {
        ItemKind::Notice { name, bytes } => ("notice", name, bytes),
        ItemKind::Release => ("release", "", &[]),
    }
}
