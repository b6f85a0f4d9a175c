//! Mail to an address for replies: heard here, never passed on.
//!
//! Such a recipient is ours and the next hop does not learn of it. Others of the same mail get it as usual.
//! SMTP has one reply for all, so the reply is heard first: whatever the others' server then says,
//! the client may send it all again, and what was heard is not done twice. One mail answers one notice:
//! a second address of ours is for the client's next try (RFC 5321 §4.5.3.1.10).

use std::sync::Arc;

use tokio::time::timeout;

use super::{Failure, Outcome, Transaction};
use crate::{
    hold::HoldError,
    mail::{Content, Recipient, Reply, Status},
    replies::{Addressed, HearError, Heard, Replies, ReplyMail},
    telemetry,
};

/// The recipient that is ours.
pub(super) struct Ours {
    replies: Arc<Replies>,
    addressed: Addressed,
    /// Its place among the accepted recipients.
    place: usize,
}

impl Transaction {
    /// The reply to RCPT for an address of ours; `None` for every other.
    pub(super) fn claim(&mut self, recipient: &Recipient) -> Option<Reply> {
        let replies = self.pipeline.parts.replies.as_ref()?;
        let addressed = replies.addressed(&recipient.path)?;
        if self.ours.is_some() {
            return Some(Reply::new(Status::TOO_MANY_RECIPIENTS, "one answer at a time"));
        }
        if let Some(refusal) = replies.refusal(&addressed, self.hop.reverse_path()) {
            return Some(refusal);
        }
        let (replies, place) = (Arc::clone(replies), self.hop.accepted());
        self.ours = Some(Ours { replies, addressed, place });
        Some(Reply::new(Status::new(250, "2.1.5"), "ok"))
    }

    /// One outcome for all (SMTP). What is refused of the reply is not held against the others.
    pub(super) async fn hear_and_walk_together(
        mut self,
        content: Content,
        trace: String,
    ) -> Outcome {
        if let Some(ours) = self.ours.take() {
            // Rare, and large as a future: every message would carry it along.
            let heard = Box::pin(self.hear(ours, &content)).await;
            if self.hop.accepted() == 0 || matches!(heard, Outcome::Failed(_)) {
                self.hop.let_go();
                return heard;
            }
        }
        self.walk_together(content, trace).await
    }

    /// An outcome for each recipient (LMTP).
    pub(super) async fn hear_and_walk_apart(
        mut self,
        content: Content,
        trace: String,
    ) -> Vec<Outcome> {
        let Some(ours) = self.ours.take() else { return self.walk_apart(content, trace).await };
        let place = ours.place;
        let heard = Box::pin(self.hear(ours, &content)).await;
        let mut outcomes = match self.hop.accepted() {
            0 => {
                self.hop.let_go();
                Vec::new()
            }
            _ => self.walk_apart(content, trace).await,
        };
        outcomes.insert(place.min(outcomes.len()), heard);
        outcomes
    }

    async fn hear(&self, ours: Ours, content: &Content) -> Outcome {
        let reply = ReplyMail {
            addressed: ours.addressed,
            origin: self.origin.clone(),
            reverse_path: self.hop.reverse_path().clone(),
            content: content.clone(),
        };
        let limit = self.pipeline.parts.settings.store_limit;
        let heard = timeout(limit, ours.replies.hear(reply, self.pipeline.now())).await;
        match heard.unwrap_or(Err(HearError::Store(HoldError::Silent(limit)))) {
            Ok(Heard::Taken(taken)) => Outcome::Heard(taken),
            Ok(Heard::Refused(reply)) => Outcome::Refused(reply),
            Err(error) => {
                telemetry::replies::failed(&self.origin.transaction_id, &error);
                Outcome::Failed(match error {
                    HearError::Store(error) => Failure::from(&error),
                    HearError::Unreadable(_) => Failure::Judging,
                })
            }
        }
    }
}
