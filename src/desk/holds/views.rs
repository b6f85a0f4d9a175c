//! Which views of content go into the audit: the first of each person, hold and hour, on each node.
//! After a restart a view may be written once more, never once less.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    desk::{DeskState, Visitor},
    hold::{AuditEvent, Hold, HoldError},
    mail::{HoldId, Timestamp},
    rights::{Action, PersonId},
};

const ONCE_IN_SECS: i64 = 3600;
/// Beyond this many the old ones are forgotten; forgetting only means a second line.
const MAX_REMEMBERED: usize = 20_000;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Looked {
    /// The page with the mail's text.
    Page,
    /// The mail, or a part of it, was taken out.
    Taken,
}

/// The views written in the last hour. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Views(Arc<Mutex<HashMap<View, Timestamp>>>);

/// Whose, of which hold, how.
type View = (PersonId, HoldId, Looked);

impl Views {
    /// Sees that a view is in the audit. What cannot be written must not be shown.
    pub(super) async fn note(
        &self,
        state: &DeskState,
        visitor: &Visitor,
        hold: &Hold,
        looked: Looked,
    ) -> Result<(), HoldError> {
        let now = state.now();
        let key = (visitor.person.id.clone(), hold.id.clone(), looked);
        if self.is_written(&key, now) {
            return Ok(());
        }
        let name = match looked {
            Looked::Page => "content_viewed",
            Looked::Taken => "content_taken",
        };
        let event = AuditEvent { name: name.to_owned(), facts: Vec::new() };
        let actor = visitor.actor(Action::SeeContent);
        state.store.record(Some(&hold.id), actor, event, now).await?;
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_REMEMBERED {
            seen.retain(|_, at| !is_over(*at, now));
        }
        if seen.len() >= MAX_REMEMBERED {
            seen.clear();
        }
        seen.insert(key, now);
        Ok(())
    }

    fn is_written(&self, key: &View, now: Timestamp) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(key).is_some_and(|at| !is_over(*at, now))
    }
}

fn is_over(at: Timestamp, now: Timestamp) -> bool {
    !(0..ONCE_IN_SECS).contains(&now.as_second().saturating_sub(at.as_second()))
}
