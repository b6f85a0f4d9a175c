//! The contract's part beyond the decision, each within the store's time.

use async_trait::async_trait;

use super::SqlStore;
use crate::{
    hold::{
        AboutCustomer, Actor, Afterwards, Behind, Histories, Hold, HoldError, Promise,
        PromiseChange, SameCustomer,
    },
    mail::{HoldId, ReversePath, Timestamp},
};

#[async_trait]
impl Afterwards for SqlStore {
    async fn promise(&self, hold: &HoldId) -> Result<Option<Promise>, HoldError> {
        self.db.within("reading a promise", self.promise_of(hold)).await
    }

    async fn due_promises(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(Hold, Promise)>, HoldError> {
        self.db.within("looking for due promises", self.promises_awake(now, most)).await
    }

    async fn change_promise(
        &self,
        hold: &HoldId,
        change: PromiseChange,
    ) -> Result<Option<Promise>, HoldError> {
        self.db.within("changing a promise", self.step_promise(hold, &change)).await
    }

    async fn open_promises(&self) -> Result<u64, HoldError> {
        self.db.within("counting promises", self.count_open_promises()).await
    }

    async fn histories(
        &self,
        since: Timestamp,
        behind: Option<&Behind>,
        most: u32,
    ) -> Result<Histories, HoldError> {
        self.db.within("reading histories", self.histories_since(since, behind, most)).await
    }

    async fn same_customer(&self, about: AboutCustomer<'_>) -> Result<SameCustomer, HoldError> {
        self.db.within("looking for the same customer", self.before_with(about)).await
    }

    async fn rewrites(
        &self,
        sender: &ReversePath,
        key: &str,
        now: Timestamp,
    ) -> Result<Vec<Hold>, HoldError> {
        self.db
            .within("looking for a new text's original", self.rewrites_of(sender, key, now))
            .await
    }

    async fn use_rewrite(
        &self,
        original: &HoldId,
        key: &str,
        actor: Actor,
        now: Timestamp,
    ) -> Result<bool, HoldError> {
        let work = self.close_rewrite(original, key, actor, now);
        self.db.within("letting a new text pass", work).await
    }
}
