//! The walk with an outcome for each recipient (LMTP).
//!
//! Held recipients get their 250 from the commit, the others theirs from the next hop: neither
//! waits for the other, so nothing needs to be prepared. RFC 2033 §4.2.

use super::{
    Failure, Outcome, Transaction,
    hop::{Each, Sent},
    plan::Plan,
    whole::failed,
};
use crate::{
    mail::Content,
    relay::{Handover, RelayError},
};

impl Transaction {
    pub(super) async fn walk_apart(mut self, content: Content, trace: String) -> Vec<Outcome> {
        let Some(envelope) = self.hop.envelope() else { return Vec::new() };
        let count = envelope.recipients().len();
        let received = self.received(content, trace);
        let pipeline = self.pipeline.clone();
        let (head, content) = (&received.trace, &received.content);
        match pipeline.plan(&received.origin, &envelope, content).await {
            Err(failure) => vec![Outcome::Failed(failure); count],
            Ok(Plan::Pass(judgement)) => {
                let sent = self.hop.send_to_all(&envelope, Each::Apart, head, content).await;
                let outcomes = one_each(sent, count);
                pipeline.note_passed(judgement, &envelope, &outcomes);
                outcomes
            }
            Ok(Plan::Hold(judgement)) => {
                self.hop.let_go();
                let committed = pipeline.hold(*judgement, envelope, &received).await;
                vec![committed.map_or_else(Outcome::Failed, Outcome::Held); count]
            }
            Ok(Plan::Split { judgement, held, passed, is_held }) => {
                let committed = pipeline.hold(*judgement, held, &received).await;
                let committed = committed.map_or_else(Outcome::Failed, Outcome::Held);
                let sent = self.hop.send_to(&passed, Each::Apart, head, content).await;
                let mut sent = one_each(sent, passed.recipients().len()).into_iter();
                let outcome = |held| {
                    let passed = if held { None } else { sent.next() };
                    passed.unwrap_or_else(|| committed.clone())
                };
                is_held.into_iter().map(outcome).collect()
            }
        }
    }
}

fn one_each(sent: Result<Sent, RelayError>, count: usize) -> Vec<Outcome> {
    let sent = match sent {
        Ok(sent) => sent,
        Err(error) => return vec![failed(&error); count],
    };
    let answer = match sent.answer {
        Some(Handover::Accepted(accepted)) => Outcome::PassedOn(accepted),
        Some(Handover::Refused(reply)) => Outcome::Refused(reply),
        None => Outcome::Failed(Failure::NextHop),
    };
    let outcome = |refusal: Option<_>| refusal.map_or_else(|| answer.clone(), Outcome::Refused);
    sent.refused.into_iter().map(outcome).collect()
}
