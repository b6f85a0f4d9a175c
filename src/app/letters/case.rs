//! What there is to say about a hold, or a hold-to-be, whatever the letter.

use std::borrow::Cow;

use crate::{
    call::CallSheet,
    decision::Organisation,
    hold::{Dossier, Hold, NewHold, SameCustomer},
    mail::{Envelope, HoldId, Mailbox, Timestamp},
    message::Language,
    notice::{Answer, Kind, Plan, Planned},
};

/// What a hold and a hold-to-be have in common.
pub(super) struct Case<'a> {
    pub(super) id: &'a HoldId,
    pub(super) envelope: &'a Envelope,
    pub(super) dossier: &'a Dossier,
    pub(super) call: Cow<'a, CallSheet>,
    pub(super) before: Option<&'a SameCustomer>,
    pub(super) created: Timestamp,
    pub(super) remind_at: Option<Timestamp>,
    pub(super) expires_at: Timestamp,
    /// What it is written in, where that is not the reader's or the mail's language to say.
    pub(super) language: Option<Language>,
    /// Which party it is written to; `None`: the sender.
    pub(super) party: Option<u8>,
    /// How many outcomes the hold has: it counts how often a call was planned anew.
    pub(super) outcomes: usize,
    /// When a promise is asked about next, and how often it was moved.
    pub(super) follow_up: Option<(usize, Timestamp)>,
}

impl<'a> Case<'a> {
    pub(super) fn to_be(new: &'a NewHold, before: &'a SameCustomer) -> Case<'a> {
        Case {
            id: &new.id,
            envelope: &new.envelope,
            dossier: &new.dossier,
            call: Cow::Borrowed(&new.dossier.call),
            before: Some(before).filter(|before| !before.is_empty()),
            created: new.created,
            remind_at: new.remind_at,
            expires_at: new.expires_at,
            language: None,
            party: None,
            outcomes: 0,
            follow_up: None,
        }
    }

    pub(super) fn of(hold: &'a Hold) -> Case<'a> {
        Case {
            id: &hold.id,
            envelope: &hold.envelope,
            dossier: &hold.dossier,
            call: Cow::Owned(hold.call_sheet()),
            before: None,
            created: hold.created,
            remind_at: hold.remind_at,
            expires_at: hold.expires_at,
            language: None,
            party: None,
            outcomes: hold.outcomes.len(),
            follow_up: None,
        }
    }
}

/// What a mail of this kind puts into a calendar, as the page does.
pub(super) fn planned<'a>(
    kind: &Kind<'_>,
    case: &Case<'_>,
    public_url: &'a str,
) -> Option<Planned<'a>> {
    let call = |at, sequence| Planned { plan: Plan::Call, at, sequence, public_url };
    match kind {
        Kind::CallBack { at } => Some(call(*at, case.outcomes)),
        // It is composed before what it confirms is written.
        Kind::Answer(Answer::Waits { remind_at }) => Some(call(*remind_at, case.outcomes + 1)),
        Kind::Promise(_) => case.follow_up.map(|(sequence, at)| Planned {
            plan: Plan::FollowUp,
            at,
            sequence,
            public_url,
        }),
        _ => None,
    }
}

/// Whom a mail of ours goes to: the reverse-path, if it is one of us. A null or an outside one would
/// make it backscatter (RFC 3834 §2).
pub(super) fn addressee<'a>(case: &Case<'a>, inside: &Organisation) -> Option<&'a Mailbox> {
    case.envelope.reverse_path().mailbox().filter(|sender| inside.is_inside(sender))
}
