//! What somebody at the desk may do with a hold. All of it goes through `release::Desk`, whose rules
//! hold here as everywhere: a second person, a least wait, a policy that wants a call.

use std::fmt::Display;

use crate::{
    desk::{DeskState, Visitor},
    hold::{Actor, Hold, Outcome, State},
    mail::{Mailbox, Timestamp},
    release::{ActError, Acted},
    rights::Action,
};

use super::told;

/// A reason needs a word or two, and is no letter.
const MIN_REASON_CHARS: usize = 5;
const MAX_REASON_CHARS: usize = 1_000;

/// One thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// It is no bad news: it goes out, and tells of a policy that is wrong.
    FalseAlarm,
    /// It goes out without a call.
    SendAnyway,
    /// It is taken back, and does not go out.
    Withdraw,
    /// Whoever is to call is reminded now.
    Remind,
    /// Somebody else is to call.
    HandOver,
    /// Agrees to what is proposed.
    Agree,
    /// Does not.
    Decline,
    /// Takes his own proposal back.
    Drop,
    /// Takes the decision to send back, while it waits.
    TakeBack,
}

impl Deed {
    pub(super) const ALL: [Deed; 9] = [
        Deed::FalseAlarm,
        Deed::SendAnyway,
        Deed::Withdraw,
        Deed::Remind,
        Deed::HandOver,
        Deed::Agree,
        Deed::Decline,
        Deed::Drop,
        Deed::TakeBack,
    ];
    /// Those that can be done with many at once.
    pub(super) const IN_BULK: [Deed; 5] =
        [Deed::FalseAlarm, Deed::SendAnyway, Deed::Withdraw, Deed::Remind, Deed::HandOver];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Deed::FalseAlarm => "false_alarm",
            Deed::SendAnyway => "send_anyway",
            Deed::Withdraw => "withdraw",
            Deed::Remind => "remind",
            Deed::HandOver => "hand_over",
            Deed::Agree => "agree",
            Deed::Decline => "decline",
            Deed::Drop => "drop",
            Deed::TakeBack => "take_back",
        }
    }

    pub(super) fn from_text(text: &str) -> Option<Deed> {
        Deed::ALL.into_iter().find(|deed| deed.as_str() == text)
    }

    /// What a button says.
    pub(super) fn title(self) -> &'static str {
        match self {
            Deed::FalseAlarm => "Release: it is no bad news",
            Deed::SendAnyway => "Release without a call",
            Deed::Withdraw => "Take back for good",
            Deed::Remind => "Remind now",
            Deed::HandOver => "Hand over",
            Deed::Agree => "Agree",
            Deed::Decline => "Do not agree",
            Deed::Drop => "Take the proposal back",
            Deed::TakeBack => "Take the decision back",
        }
    }

    /// What it does, for whoever is about to do it.
    pub(super) fn effect(self) -> &'static str {
        match self {
            Deed::FalseAlarm => "It goes out now, and counts as a false alarm of its policy.",
            Deed::SendAnyway => "It goes out though nobody called. Its policy may forbid this.",
            Deed::Withdraw => "It does not go out, and its sender is told.",
            Deed::Remind => "Whoever is to call gets a reminder, once at work.",
            Deed::HandOver => "A colleague gets its notice and the reminders from now on.",
            Deed::Agree => "It goes out as proposed.",
            Deed::Decline => "It stays held, and whoever proposed it hears why.",
            Deed::Drop => "It stays held; nobody is asked to agree any more.",
            Deed::TakeBack => "It is held again.",
        }
    }

    /// Whether a reason is to be typed.
    pub(super) fn wants_reason(self) -> bool {
        match self {
            Deed::FalseAlarm
            | Deed::SendAnyway
            | Deed::Withdraw
            | Deed::HandOver
            | Deed::Decline => true,
            Deed::Remind | Deed::Agree | Deed::Drop | Deed::TakeBack => false,
        }
    }
}

/// What is to be done, with what it takes.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) deed: Deed,
    pub(super) reason: String,
    /// To whom it is handed over.
    pub(super) to: Option<Mailbox>,
    /// Which proposal was read, where one is answered.
    pub(super) proposed: Option<Timestamp>,
}

impl Order {
    /// From a form; what is missing, in a sentence.
    pub(super) fn of(deed: Deed, reason: &str, to: &str) -> Result<Order, &'static str> {
        let reason: String =
            reason.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let length = reason.chars().count();
        if deed.wants_reason() && length < MIN_REASON_CHARS {
            return Err("Please say in a few words why.");
        }
        if length > MAX_REASON_CHARS {
            return Err("Please say it in fewer words: a thousand characters at most.");
        }
        let to = match deed {
            Deed::HandOver => {
                Some(Mailbox::parse(to.trim()).map_err(|_| "Please give a colleague's address.")?)
            }
            _ => None,
        };
        Ok(Order { deed, reason, to, proposed: None })
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    /// Done; how it stands now.
    Done(String),
    /// Not done, and why.
    NotDone(String),
}

/// Who acts: the mailbox is his name where he has one, so that he is the same person as the one who
/// gets letters and follows their links. Nobody agrees to his own proposal by another door.
pub(super) fn actor(visitor: &Visitor) -> Actor {
    let actor = visitor.actor(Action::Decide);
    match &visitor.person.address {
        Some(address) => Actor { name: address.as_str().to_owned(), ..actor },
        None => actor,
    }
}

/// Does it with one hold.
pub(super) async fn perform(
    state: &DeskState,
    hold: &Hold,
    actor: Actor,
    order: &Order,
    now: Timestamp,
) -> Came {
    let (desk, id, reason) = (&state.decisions, &hold.id, order.reason.clone());
    let proposed = order.proposed.or(hold.proposal().map(|proposal| proposal.at));
    let acted = match (order.deed, &order.to, proposed) {
        (Deed::FalseAlarm, ..) => {
            desk.act(id, actor, Outcome::FalseAlarm { note: reason }, now).await
        }
        (Deed::SendAnyway, ..) => desk.act(id, actor, Outcome::SendAnyway { reason }, now).await,
        (Deed::Withdraw, ..) => desk.act(id, actor, Outcome::Withdrawn { note: reason }, now).await,
        (Deed::Remind, ..) => desk.remind(id, actor, now).await,
        (Deed::HandOver, Some(to), _) => desk.hand_over(id, actor, (to.clone(), reason), now).await,
        (Deed::Agree, _, Some(proposed)) => desk.agree(id, actor, proposed, now).await,
        (Deed::Decline, _, Some(proposed)) => {
            desk.decline(id, actor, (proposed, reason), now).await
        }
        (Deed::Drop, ..) => desk.drop_proposal(id, actor, now).await,
        (Deed::TakeBack, ..) => desk.take_back(id, actor, now).await,
        (Deed::HandOver, None, _) => return not_done("no colleague was named"),
        (Deed::Agree | Deed::Decline, _, None) => return not_done("nothing is proposed any more"),
    };
    match acted {
        Ok(Acted::Done(hold)) => Came::Done(stands(state, &hold, order.deed, now)),
        Ok(Acted::Already(hold)) => {
            not_done(format!("somebody was first: it is {}", told::state(hold.state)))
        }
        Err(ActError::Store(error)) => {
            crate::telemetry::web::failed(Some(id), &error);
            not_done("the store failed; nothing was changed")
        }
        Err(error) => not_done(error),
    }
}

fn not_done(why: impl Display) -> Came {
    Came::NotDone(why.to_string())
}

/// How it stands after something was done.
fn stands(state: &DeskState, hold: &Hold, deed: Deed, now: Timestamp) -> String {
    if deed == Deed::Remind {
        return "a reminder goes out".to_owned();
    }
    if hold.proposal().is_some() {
        return "a second person is asked to agree".to_owned();
    }
    match (hold.state, hold.waits_until(now)) {
        (State::Approved, Some(at)) => format!("it goes out on {}", state.say(at)),
        (State::Held, _) if deed == Deed::HandOver => "handed over; it stays held".to_owned(),
        (state, _) => format!("it is {}", told::state(state)),
    }
}

/// What may be done with a hold as it stands, by this person.
pub(super) fn offered(state: &DeskState, hold: &Hold, actor: &Actor, now: Timestamp) -> Vec<Deed> {
    let desk = &state.decisions;
    let (is_held, proposal) = (hold.state == State::Held, hold.proposal());
    let is_own = proposal.is_some_and(|p| crate::hold::is_same_person(&p.by.name, &actor.name));
    let may = |deed: &Deed| match deed {
        Deed::FalseAlarm | Deed::SendAnyway => is_held && proposal.is_none(),
        Deed::Withdraw | Deed::HandOver => is_held,
        Deed::Remind => is_held && hold.is_not_reminded(now).is_none(),
        Deed::Agree | Deed::Decline => desk.may_agree(hold, actor),
        Deed::Drop => is_own,
        Deed::TakeBack => hold.waits_until(now).is_some(),
    };
    Deed::ALL.into_iter().filter(may).collect()
}
