//! One mail transaction, as a door sees it: MAIL, RCPT, the content, an outcome.
//!
//! Made by MAIL and used up by the end of data or by `abandon`, so that nothing of one mail can
//! be left over for the next.

use std::{future::Future, sync::Arc, time::Instant};

use tracing::Instrument;

use super::{Failure, Outcome, Pipeline, hearing::Ours, hop::HopSide, storing::Received};
use crate::{
    mail::{Content, Origin, Parameter, Recipient, Reply, ReversePath, Status},
    telemetry,
};

/// A transaction between MAIL and the end of data. Dropping it abandons it.
pub struct Transaction {
    pub(super) pipeline: Arc<Pipeline>,
    pub(super) origin: Origin,
    pub(super) hop: HopSide,
    /// The recipient that is an address for replies to a notice.
    pub(super) ours: Option<Ours>,
}

impl Pipeline {
    /// Says MAIL to the next hop, with what a trusted peer told about its client. Gives the
    /// transaction and the next hop's 250, or the reply to pass on.
    pub async fn mail(
        self: &Arc<Self>,
        origin: Origin,
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
    ) -> Result<(Transaction, Reply), Reply> {
        let next_hop = self.parts.next_hop.clone();
        let told = origin.xforward.clone();
        let (hop, reply) = HopSide::begin(next_hop, told, reverse_path, parameters).await?;
        Ok((Transaction { pipeline: self.clone(), origin, hop, ours: None }, reply))
    }
}

impl Transaction {
    /// Says RCPT to the next hop, unless it is for us. A positive reply puts the recipient into the
    /// envelope.
    pub async fn rcpt(&mut self, recipient: Recipient) -> Reply {
        match self.claim(&recipient) {
            Some(reply) => reply,
            None => self.hop.rcpt(recipient).await,
        }
    }

    /// How many recipients were accepted.
    pub fn accepted(&self) -> usize {
        self.hop.accepted() + usize::from(self.ours.is_some())
    }

    /// The end of data came: one outcome for all (SMTP). `trace` is put on top of the content,
    /// CRLF at its end.
    pub async fn finish(self, content: Content, trace: String) -> Outcome {
        let (id, began) = (self.origin.transaction_id.clone(), Instant::now());
        let outcome = to_its_end(self.hear_and_walk_together(content, trace)).await;
        let outcome = outcome.unwrap_or(Outcome::Failed(Failure::Judging));
        telemetry::pipeline::concluded(&id, outcome.kind(), began.elapsed());
        outcome
    }

    /// The end of data came: one outcome for each accepted recipient, in order (LMTP).
    pub async fn finish_each(self, content: Content, trace: String) -> Vec<Outcome> {
        let (id, began) = (self.origin.transaction_id.clone(), Instant::now());
        let recipients = self.accepted();
        let outcomes = to_its_end(self.hear_and_walk_apart(content, trace)).await;
        let outcomes =
            outcomes.unwrap_or_else(|| vec![Outcome::Failed(Failure::Judging); recipients]);
        for outcome in &outcomes {
            telemetry::pipeline::concluded(&id, outcome.kind(), began.elapsed());
        }
        outcomes
    }

    /// The client gave it up: RSET to the next hop, in the background.
    pub async fn abandon(mut self) {
        self.hop.let_go();
    }

    /// What the door handed in, beside the envelope.
    pub(super) fn received(&self, content: Content, trace: String) -> Received {
        Received { origin: self.origin.clone(), content, trace }
    }
}

/// Nobody to send it to: the door should have refused DATA.
pub(super) fn nobody() -> Outcome {
    Outcome::Refused(Reply::new(Status::new(554, "5.5.1"), "no valid recipients"))
}

/// Runs what the end of data began to its end, even if the client goes and the door drops us:
/// the next hop may have the mail by then. `None` if it panicked.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(done) => Some(done),
        Err(_) => {
            telemetry::pipeline::broke_down();
            None
        }
    }
}
