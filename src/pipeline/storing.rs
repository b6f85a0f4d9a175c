//! Writes a hold: the message and the notice it owes, one commit.

use std::{future::Future, time::Duration};

use tokio::time::timeout;
use uuid::Uuid;

use super::{Failure, Judgement, Pipeline, key::idempotency_key};
use crate::{
    decision::ExpiryAction,
    hold::{AboutCustomer, Hold, HoldError, NewHold, SameCustomer, Watch},
    mail::{Content, Envelope, HoldId, Origin},
    team::End,
    telemetry::{self, pipeline::Trouble},
};

/// How long a notice waits to learn what there was with the customer before.
const BEFORE_LIMIT: Duration = Duration::from_secs(2);

/// Of what one sender has waiting for one recipient, no more is looked at: behind so many the notice
/// is the long one.
const MAX_WAITING: u32 = 20;

/// What a door handed in besides the envelope.
#[derive(Clone)]
pub(super) struct Received {
    pub(super) origin: Origin,
    pub(super) content: Content,
    pub(super) trace: String,
}

impl Pipeline {
    /// The hold of these recipients, with its notice, ready to be committed.
    pub(super) async fn new_hold(
        &self,
        judgement: Judgement,
        envelope: Envelope,
        received: &Received,
    ) -> Result<NewHold, Failure> {
        let transaction_id = &received.origin.transaction_id;
        let now = self.now();
        let terms = judgement.decision.terms.clone();
        let (teams, sender) = (&self.parts.teams, envelope.reverse_path());
        let above = teams.above(sender).into_iter().flatten();
        let plan = teams.plan(sender, &terms, judgement.dossier.call.is_urgent(), above);
        let End { expires_at, warn_at } = plan.end(now);
        // Nothing but reminders wakes a hold that is kept beyond its expiry.
        let kept = terms.at_expiry() == ExpiryAction::Keep;
        let mut new = NewHold {
            id: HoldId::from_octets(Uuid::now_v7().into_bytes()),
            idempotency_key: self.key(&envelope, received).await?,
            envelope,
            origin: received.origin.clone(),
            content: received.content.clone(),
            trace: received.trace.clone(),
            dossier: judgement.dossier,
            created: now,
            remind_at: Some(plan.remind_at(now)).filter(|at| kept || *at < expires_at),
            expires_at,
            watch: Watch {
                warn_at,
                escalate_at: plan.escalate_at(now, expires_at),
                ..Watch::default()
            },
            outbox: Vec::new(),
        };
        let before = self.before(&new).await;
        let waiting = self.waiting(&new).await;
        new.outbox = self.compose(&new, &before, waiting.as_ref()).map_err(|trouble| {
            telemetry::pipeline::judging_failed(transaction_id, trouble, false);
            Failure::from(trouble)
        })?;
        Ok(new)
    }

    /// What there was with the customer before. The notice does without it where the store is slow
    /// or in trouble: the hold must not fail for a line of help.
    async fn before(&self, new: &NewHold) -> SameCustomer {
        let Some(person) = &new.dossier.call.person else { return SameCustomer::default() };
        let about = AboutCustomer {
            address: &person.address,
            sender: new.envelope.reverse_path(),
            but: &new.id,
        };
        let work = self.parts.store.same_customer(about);
        asked(&new.origin, "what there was before", BEFORE_LIMIT, work).await.unwrap_or_default()
    }

    /// The first hold of the same conversation that waits already. Where the store does not say,
    /// the notice is the long one.
    async fn waiting(&self, new: &NewHold) -> Option<Hold> {
        let to = new.envelope.recipients().first()?.path.folded();
        let sender = new.envelope.reverse_path();
        let work = self.parts.store.held_of(sender, Some(&to), MAX_WAITING);
        let held = asked(&new.origin, "what waits already", BEFORE_LIMIT, work).await?;
        let same = |hold: &Hold| hold.is_same_conversation(&new.envelope, &new.dossier);
        held.into_iter().find(|hold| hold.id != new.id && same(hold))
    }

    /// Waits for the store, but not for ever. Behind the limit the outcome is unknown: 4xx, and
    /// the retry finds the hold by its key if it is there.
    pub(super) async fn stored<T>(
        &self,
        received: &Received,
        doing: impl Future<Output = Result<T, HoldError>>,
    ) -> Result<T, Failure> {
        let limit = self.parts.settings.store_limit;
        let outcome = timeout(limit, doing).await.unwrap_or(Err(HoldError::Silent(limit)));
        outcome.map_err(|error| {
            telemetry::pipeline::store_failed(&received.origin.transaction_id, &error);
            Failure::from(&error)
        })
    }

    async fn key(&self, envelope: &Envelope, received: &Received) -> Result<String, Failure> {
        let (keys, envelope) = (self.parts.keys.clone(), envelope.clone());
        let (content, told) = (received.content.clone(), received.origin.xforward.clone());
        let work = move || idempotency_key(&keys, &envelope, &content, &told);
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(key)) => Ok(key),
            Ok(Err(_)) | Err(_) => {
                let transaction_id = &received.origin.transaction_id;
                telemetry::pipeline::judging_failed(transaction_id, Trouble::Unreadable, false);
                Err(Failure::Judging)
            }
        }
    }
}

/// What the store says, for what a transaction can do without: `None` where it is slow or in
/// trouble, and that is told.
pub(super) async fn asked<T>(
    origin: &Origin,
    what: &'static str,
    limit: Duration,
    doing: impl Future<Output = Result<T, HoldError>>,
) -> Option<T> {
    let answer = timeout(limit, doing).await.unwrap_or(Err(HoldError::Silent(limit)));
    answer
        .inspect_err(|error| {
            telemetry::pipeline::store_did_not_say(&origin.transaction_id, what, error);
        })
        .ok()
}
