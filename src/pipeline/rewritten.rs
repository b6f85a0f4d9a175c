//! The new text of a mail that its sender took back on the page passes, once.
//!
//! Asked only about mail that would be held. It passes if it goes from the same sender to nobody
//! but the original's recipients, about the same thing (`Hold::is_rewritten_by`), within the time
//! that the page named, and if the store says that no other mail was the new text before. The same
//! text may come in several transactions, and again after a lost reply: it has one key, by which it
//! passes each time. A store that fails or gives no answer lets nothing pass: the mail is held.

use std::time::Duration;

use super::{Pipeline, key::text_key, plan::Plan, storing::asked};
use crate::{
    hold::{Actor, Hold},
    mail::{Content, Envelope, Origin, ReversePath},
    telemetry,
};

/// How long the store is asked: where it is in trouble, the client must still hear of it from the
/// hold that follows before its patience ends.
const ASK_LIMIT: Duration = Duration::from_secs(4);

impl Pipeline {
    /// Whether this mail is the new text that somebody waits for; then it is so from now on.
    pub(super) async fn is_new_text(
        &self,
        plan: &Plan,
        origin: &Origin,
        envelope: &Envelope,
        content: &Content,
    ) -> bool {
        let (Plan::Hold(judgement) | Plan::Split { judgement, .. }) = plan else { return false };
        let sender = envelope.reverse_path();
        if *sender == ReversePath::Null {
            return false;
        }
        let Some(key) = self.text_key(envelope, content).await else { return false };
        let is_original = |hold: &Hold| hold.is_rewritten_by(envelope, &judgement.dossier);
        let store = &self.parts.store;
        let work = async {
            let waiting = store.rewrites(sender, &key, self.now()).await?;
            let Some(original) = waiting.into_iter().find(is_original) else { return Ok(None) };
            let actor = Actor::service("smtp", Some(origin.client.to_string()));
            let used = store.use_rewrite(&original.id, &key, actor, self.now()).await?;
            Ok(used.then_some(original.id))
        };
        let answer = asked(origin, "whether it is a new text", ASK_LIMIT, work).await;
        let Some(original) = answer.flatten() else { return false };
        telemetry::pipeline::passed_as_new_text(&origin.transaction_id, &original);
        true
    }

    async fn text_key(&self, envelope: &Envelope, content: &Content) -> Option<String> {
        let (keys, envelope, content) =
            (self.parts.keys.clone(), envelope.clone(), content.clone());
        let work = tokio::task::spawn_blocking(move || text_key(&keys, &envelope, &content));
        work.await.ok()?.ok()
    }
}
