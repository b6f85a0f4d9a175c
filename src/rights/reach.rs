//! Which holds somebody's right reaches.

use std::collections::BTreeSet;

use crate::mail::Mailbox;

/// Whose hold it is: what [`Reach::covers`] must know of it.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The mailbox of its reverse-path; `None` for the null one.
    pub sender: Option<&'a Mailbox>,
    /// The name of the sender's team; empty for the house itself.
    pub team: &'a str,
}

/// The holds that somebody may do something with. For lists it becomes a condition of the query,
/// so that what is out of reach is neither shown nor counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every hold.
    All,
    /// Some, or none at all.
    Some {
        /// Holds of this sender, in lower case.
        own: Option<String>,
        /// Holds of the members of these teams; the empty name is everybody who is in none.
        teams: BTreeSet<String>,
    },
}

impl Reach {
    /// No hold.
    pub const NONE: Reach = Reach::Some { own: None, teams: BTreeSet::new() };

    /// Whether this hold is one of them.
    pub fn covers(&self, whose: Whose<'_>) -> bool {
        match self {
            Reach::All => true,
            Reach::Some { own, teams } => {
                let sender = whose.sender.map(|sender| sender.as_str().to_lowercase());
                (own.is_some() && *own == sender) || teams.contains(whose.team)
            }
        }
    }

    /// What either of them reaches.
    #[must_use]
    pub fn or(self, other: Reach) -> Reach {
        match (self, other) {
            (Reach::Some { own, mut teams }, Reach::Some { own: other, teams: more }) => {
                teams.extend(more);
                Reach::Some { own: own.or(other), teams }
            }
            (Reach::All, _) | (_, Reach::All) => Reach::All,
        }
    }
}
