//! The walk with one outcome for all recipients (SMTP).
//!
//! ```text
//! all pass   DATA to the next hop, its reply
//! all held   hold, committed ─► Held
//! mixed      prepared ─► RSET, envelope of the others, DATA ─► 2yz: in force ─► its reply
//!                                                          ├► 4yz, 5yz: cancelled ─► its reply
//!                                                          └► unknown: stays prepared ─► 451
//! ```
//!
//! RFC 5321 §4.1.1.4 knows no partial failure, hence the order: what is held is written before
//! anything goes out, and in force before the 250. A retry finds it by its key.

use super::{
    Failure, Judgement, Outcome, Pipeline, Transaction,
    hop::{Each, HopSide, Sent, report},
    plan::Plan,
    storing::Received,
    transaction::nobody,
};
use crate::{
    hold::{Committed, Prepared},
    mail::{Content, Envelope, Reply},
    relay::{Accepted, RelayError},
    telemetry,
};

impl Transaction {
    pub(super) async fn walk_together(mut self, content: Content, trace: String) -> Outcome {
        let Some(envelope) = self.hop.envelope() else { return nobody() };
        let received = self.received(content, trace);
        let pipeline = self.pipeline.clone();
        let plan = pipeline.plan(&received.origin, &envelope, &received.content).await;
        match plan {
            Err(failure) => Outcome::Failed(failure),
            Ok(Plan::Pass(judgement)) => {
                let (head, content) = (&received.trace, &received.content);
                let sent = self.hop.send_to_all(&envelope, Each::Together, head, content).await;
                let outcome = answered(sent.map(Sent::together));
                pipeline.note_passed(judgement, &envelope, std::slice::from_ref(&outcome));
                outcome
            }
            Ok(Plan::Hold(judgement)) => {
                self.hop.let_go();
                // Rare, and large as a future: every message would carry it along.
                match Box::pin(pipeline.hold(*judgement, envelope, &received)).await {
                    Ok(committed) => Outcome::Held(committed),
                    Err(failure) => Outcome::Failed(failure),
                }
            }
            Ok(Plan::Split { judgement, held, passed, .. }) => {
                let split = pipeline.split(&mut self.hop, *judgement, held, &passed, &received);
                Box::pin(split).await.unwrap_or_else(Outcome::Failed)
            }
        }
    }
}

impl Pipeline {
    /// Commits a hold.
    pub(super) async fn hold(
        &self,
        mut judgement: Judgement,
        envelope: Envelope,
        received: &Received,
    ) -> Result<Committed, Failure> {
        let policy = judgement.decision.policy.clone();
        let recipients = envelope.recipients().len();
        let draft = self.draft(&mut judgement, &envelope);
        let new = self.new_hold(judgement, envelope, received).await?;
        let committed = self.stored(received, self.parts.store.hold(new)).await?;
        report_held(received, &committed, policy.as_deref(), recipients);
        self.note_held(draft, &committed);
        Ok(committed)
    }

    async fn split(
        &self,
        hop: &mut HopSide,
        mut judgement: Judgement,
        held: Envelope,
        passed: &Envelope,
        received: &Received,
    ) -> Result<Outcome, Failure> {
        let policy = judgement.decision.policy.clone();
        let recipients = held.recipients().len();
        let draft = self.draft(&mut judgement, &held);
        let new = self.new_hold(judgement, held, received).await?;
        let store = &self.parts.store;
        let prepared = self.stored(received, store.prepare(new)).await?;
        let (head, content) = (&received.trace, &received.content);
        match hop.send_to(passed, Each::Together, head, content).await.map(Sent::together) {
            Ok(Some(Ok(accepted))) => {
                // Without this commit the held recipients would be lost behind our 250.
                let activation = store.activate(&prepared, self.now());
                let committed = self.stored(received, activation).await?;
                report_held(received, &committed, policy.as_deref(), recipients);
                self.note_held(draft, &committed);
                Ok(Outcome::PassedOn(accepted))
            }
            outcome => {
                let ambiguous = matches!(&outcome, Err(error) if error.is_ambiguous());
                if !ambiguous {
                    self.cancel(prepared, received).await;
                }
                Ok(answered(outcome))
            }
        }
    }

    /// Nobody accepted anything. Where this fails, the hold stays invisible and the retry or the
    /// sweeper finds it.
    async fn cancel(&self, prepared: Prepared, received: &Received) {
        let cancelled = self.parts.store.cancel(prepared, self.now());
        // Logged by `stored`; the reply does not depend on it.
        let _ = self.stored(received, cancelled).await;
    }
}

/// The next hop's answer as an outcome; 4xx where it gave none, or none for all.
fn answered(answer: Result<Option<Result<Accepted, Reply>>, RelayError>) -> Outcome {
    match answer {
        Ok(Some(Ok(accepted))) => Outcome::PassedOn(accepted),
        Ok(Some(Err(reply))) => Outcome::Refused(reply),
        Ok(None) => Outcome::Failed(Failure::NextHop),
        Err(error) => failed(&error),
    }
}

/// The next hop gave no answer.
pub(super) fn failed(error: &RelayError) -> Outcome {
    report(error);
    Outcome::Failed(Failure::from(error))
}

fn report_held(
    received: &Received,
    committed: &Committed,
    policy: Option<&str>,
    recipients: usize,
) {
    let (transaction_id, policy) = (&received.origin.transaction_id, policy.unwrap_or("none"));
    telemetry::pipeline::held(
        transaction_id,
        committed.id(),
        policy,
        recipients,
        committed.again(),
    );
}
