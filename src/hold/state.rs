//! The states of a held message and the ways between them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a held message stands.
///
/// ```text
/// prepared ─► held ◄─► approved ─► released ─► delivered
///     │        ├────► withdrawn       ├──────► undeliverable
///     ▼        ├────► returned       └─ (next hop says 4xx: stays, tried again)
/// cancelled    └─(no answer: stays held)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written, but the relay to the other recipients is still open; invisible.
    Prepared,
    /// Waiting for the sender.
    Held,
    /// Somebody decided that it goes; it waits in the outbox.
    Approved,
    /// An attempt to hand it to the next hop has begun.
    Released,
    /// The next hop took it for every recipient.
    Delivered,
    /// The sender took it back.
    Withdrawn,
    /// It expired and went back to the sender.
    Returned,
    /// The next hop refused it for good, for one recipient at least.
    Undeliverable,
    /// The relay to the other recipients failed, so nothing was accepted at all.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: [State; 9] = [
        State::Prepared,
        State::Held,
        State::Approved,
        State::Released,
        State::Delivered,
        State::Withdrawn,
        State::Returned,
        State::Undeliverable,
        State::Cancelled,
    ];

    /// As stored and as shown by `holds list --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Prepared => "prepared",
            State::Held => "held",
            State::Approved => "approved",
            State::Released => "released",
            State::Delivered => "delivered",
            State::Withdrawn => "withdrawn",
            State::Returned => "returned",
            State::Undeliverable => "undeliverable",
            State::Cancelled => "cancelled",
        }
    }

    /// The reverse of [`State::as_str`].
    pub fn from_text(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// Whether the store lets a hold go from here to there.
    pub fn may_become(self, next: State) -> bool {
        use State::*;
        matches!(
            (self, next),
            (Prepared, Held | Cancelled)
                | (Held, Approved | Withdrawn | Returned)
                | (Approved, Released | Held)
                | (Released, Delivered | Undeliverable)
        )
    }

    /// Whether nothing more comes after this state.
    pub fn is_ended(self) -> bool {
        !State::ALL.into_iter().any(|next| self.may_become(next))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
