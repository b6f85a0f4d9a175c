//! One message from envelope to answer, with one final reply a recipient.
//!
//! For mail of ours and for held mail that was let go: the caller settles each recipient by its
//! reply and tries again where there is none.

use super::{NextHop, RelayError, transfer::Handover};
use crate::{
    mail::{Content, Envelope, Reply, Xforward},
    telemetry,
};

impl NextHop {
    /// Delivers a message: `head` (trace fields, may be empty) on top of the content.
    ///
    /// Gives the position and the final reply of every recipient: its refusal at RCPT, or the
    /// reply to the content. On an error nobody is settled, and [`RelayError::is_ambiguous`]
    /// says whether a further attempt may make a second copy.
    pub async fn deliver(
        &self,
        envelope: &Envelope,
        xforward: &Xforward,
        head: &str,
        content: &Content,
    ) -> Result<Vec<(usize, Reply)>, RelayError> {
        let outcome = self.try_deliver(envelope, xforward, head, content).await;
        telemetry::relay::delivered(&outcome);
        outcome
    }

    async fn try_deliver(
        &self,
        envelope: &Envelope,
        xforward: &Xforward,
        head: &str,
        content: &Content,
    ) -> Result<Vec<(usize, Reply)>, RelayError> {
        let (mut session, replies) = self.begin_envelope(envelope, xforward).await?;
        let mut replies = replies.recipients;
        if replies.iter().any(Reply::is_positive) {
            let answer = match session.data(head, content).await? {
                Handover::Accepted(accepted) => accepted.reply().clone(),
                Handover::Refused(reply) => reply,
            };
            for reply in replies.iter_mut().filter(|reply| reply.is_positive()) {
                *reply = answer.clone();
            }
        }
        self.recycle(session);
        Ok(replies.into_iter().enumerate().collect())
    }
}
