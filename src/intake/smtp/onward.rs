//! The stage behind a session: in service the pipeline, in tests a script.
//!
//! The doors need nothing else of it. Replies come back as they go to the client.

use std::{future::Future, sync::Arc};

use crate::{
    intake::answer::answer,
    mail::{Content, Origin, Parameter, Recipient, Reply, ReversePath},
    pipeline::{Pipeline, Transaction},
    wire::smtp::Capabilities,
};

/// Takes transactions.
pub trait Onward: Clone + Send + Sync + 'static {
    /// A transaction that has begun.
    type Transaction: Underway;

    /// What the next hop offers, as last seen; `None` where it was never seen.
    fn capabilities(&self) -> Option<Arc<Capabilities>>;

    /// Begins a transaction. The reply is the client's either way.
    fn mail(
        &self,
        origin: Origin,
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
    ) -> impl Future<Output = Result<(Self::Transaction, Reply), Reply>> + Send;
}

/// A transaction that has begun. Dropping it abandons it.
pub trait Underway: Send + 'static {
    /// Asks for a recipient; a positive reply means that it is in the envelope.
    fn rcpt(&mut self, recipient: Recipient) -> impl Future<Output = Reply> + Send;

    /// How many recipients are in the envelope.
    fn accepted(&self) -> usize;

    /// The end of data: one reply for all (SMTP).
    fn finish(self, content: Content, trace: String) -> impl Future<Output = Reply> + Send;

    /// The end of data: one reply for each recipient, in order (LMTP).
    fn finish_each(
        self,
        content: Content,
        trace: String,
    ) -> impl Future<Output = Vec<Reply>> + Send;

    /// There will be no content.
    fn abandon(self) -> impl Future<Output = ()> + Send;
}

impl Onward for Arc<Pipeline> {
    type Transaction = Transaction;

    fn capabilities(&self) -> Option<Arc<Capabilities>> {
        self.knows_next_hop().then(|| Pipeline::capabilities(self))
    }

    async fn mail(
        &self,
        origin: Origin,
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
    ) -> Result<(Transaction, Reply), Reply> {
        Pipeline::mail(self, origin, reverse_path, parameters).await
    }
}

impl Underway for Transaction {
    async fn rcpt(&mut self, recipient: Recipient) -> Reply {
        Transaction::rcpt(self, recipient).await
    }

    fn accepted(&self) -> usize {
        Transaction::accepted(self)
    }

    async fn finish(self, content: Content, trace: String) -> Reply {
        answer(Transaction::finish(self, content, trace).await)
    }

    async fn finish_each(self, content: Content, trace: String) -> Vec<Reply> {
        let outcomes = Transaction::finish_each(self, content, trace).await;
        outcomes.into_iter().map(answer).collect()
    }

    async fn abandon(self) {
        Transaction::abandon(self).await;
    }
}
