//! Reminds whoever is to call before the time has come.

use super::{ActError, Acted, Desk};
use crate::{
    hold::{Actor, AuditEvent, Change, State},
    mail::{HoldId, Timestamp},
};

impl Desk {
    /// Has the next reminder go out now, or once its addressee is at work.
    pub async fn remind(
        &self,
        id: &HoldId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Acted, ActError> {
        self.change(id, |hold| {
            if hold.state != State::Held {
                return Ok(None);
            }
            if let Some(why) = hold.is_not_reminded(now) {
                return Err(ActError::Incomplete(why));
            }
            Ok(Some(Change {
                from: State::Held,
                to: State::Held,
                outcome: None,
                actor: actor.clone(),
                remind_at: Some(now),
                reminded: false,
                expires_at: None,
                watch: None,
                outbox: Vec::new(),
                parties: Vec::new(),
                told: None,
                seen: Some(hold.outcomes.len()),
                event: AuditEvent { name: "reminder_asked".to_owned(), facts: Vec::new() },
                once: None,
                now,
            }))
        })
        .await
    }
}
