//! The next hop's half of a transaction: the envelope in lock step, then the content.
//!
//! The session idles while the content comes in and is judged. One that the next hop closed
//! meanwhile is replaced and the envelope said again; where the next hop now refuses somebody it
//! had accepted, nothing is sent, so that nobody is dropped in silence.

use crate::{
    mail::{Content, Envelope, Parameter, Recipient, Reply, ReversePath, Status, Xforward},
    relay::{Accepted, EnvelopeReplies, Handover, NextHop, RelayError, Session},
    telemetry,
};

/// The next hop's half.
pub(super) struct HopSide {
    next_hop: NextHop,
    told: Xforward,
    reverse_path: ReversePath,
    parameters: Vec<Parameter>,
    recipients: Vec<Recipient>,
    /// In step with the fields above; `None` once it was lost.
    session: Option<Session>,
}

/// How a whole envelope and its content fared.
pub(super) struct Sent {
    /// What each recipient was refused with; `None` where it was accepted.
    pub(super) refused: Vec<Option<Reply>>,
    /// The answer to the content; `None` where it was not sent.
    pub(super) answer: Option<Handover>,
}

/// What a refusal at replay means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Each {
    /// One reply for all: if one is refused, nothing is sent.
    Together,
    /// A reply for each: the content goes to those who are accepted.
    Apart,
}

impl HopSide {
    /// Says MAIL. `Err` is the reply to pass on.
    pub(super) async fn begin(
        next_hop: NextHop,
        told: Xforward,
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
    ) -> Result<(HopSide, Reply), Reply> {
        let begun = next_hop.begin(&reverse_path, &parameters, &told).await;
        let (session, reply) = begun.map_err(|error| no_answer(&error))?;
        let recipients = Vec::new();
        let session = Some(session);
        let mut side = HopSide { next_hop, told, reverse_path, parameters, recipients, session };
        if reply.is_positive() {
            return Ok((side, reply));
        }
        side.let_go();
        Err(reply)
    }

    /// Says RCPT; the next hop's reply, or ours where it gives none.
    pub(super) async fn rcpt(&mut self, recipient: Recipient) -> Reply {
        match self.try_rcpt(&recipient).await {
            Ok(reply) => {
                if reply.is_positive() {
                    self.recipients.push(recipient);
                }
                reply
            }
            Err(error) => no_answer(&error),
        }
    }

    async fn try_rcpt(&mut self, recipient: &Recipient) -> Result<Reply, RelayError> {
        let mut session = match self.session.take() {
            Some(session) => session,
            None => match self.say_again().await? {
                Ok(session) => session,
                Err(refusal) => return Ok(deferred(&refusal)),
            },
        };
        let reply = session.rcpt(recipient).await?;
        self.session = Some(session).filter(Session::is_usable);
        Ok(reply)
    }

    /// The envelope so far in a new session, or the first refusal.
    async fn say_again(&self) -> Result<Result<Session, Reply>, RelayError> {
        let refusal = |replies: &EnvelopeReplies| replies.refusal().cloned();
        let (session, refused) = match self.envelope() {
            Some(envelope) => {
                let (session, replies) =
                    self.next_hop.begin_envelope(&envelope, &self.told).await?;
                (session, refusal(&replies))
            }
            None => {
                let (path, parameters) = (&self.reverse_path, &self.parameters);
                let (session, mail) = self.next_hop.begin(path, parameters, &self.told).await?;
                (session, Some(mail).filter(|mail| !mail.is_positive()))
            }
        };
        Ok(match refused {
            None => Ok(session),
            Some(refusal) => {
                self.next_hop.recycle(session);
                Err(refusal)
            }
        })
    }

    /// The envelope as accepted so far; `None` without recipients.
    pub(super) fn envelope(&self) -> Option<Envelope> {
        let (path, parameters) = (self.reverse_path.clone(), self.parameters.clone());
        Envelope::new(path, parameters, self.recipients.clone()).ok()
    }

    /// Who the mail is from.
    pub(super) fn reverse_path(&self) -> &ReversePath {
        &self.reverse_path
    }

    /// How many recipients were accepted.
    pub(super) fn accepted(&self) -> usize {
        self.recipients.len()
    }

    /// Sends the content to every accepted recipient, in the session that knows them if it is
    /// still there.
    pub(super) async fn send_to_all(
        &mut self,
        envelope: &Envelope,
        each: Each,
        head: &str,
        content: &Content,
    ) -> Result<Sent, RelayError> {
        if let Some(mut session) = self.session.take()
            && session.is_alive().await
        {
            match session.data(head, content).await {
                // It went away between our look and our DATA; nothing was accepted.
                Err(RelayError::Closed { after_dot: false }) => {}
                outcome => {
                    let answer = Some(outcome?);
                    self.next_hop.recycle(session);
                    return Ok(Sent { refused: vec![None; envelope.recipients().len()], answer });
                }
            }
        }
        telemetry::pipeline::envelope_said_again();
        // Rare, and large as a future: every message would carry it along.
        Box::pin(self.send_to(envelope, each, head, content)).await
    }

    /// Sends the content to this envelope, said anew: there is no way to take back a RCPT.
    pub(super) async fn send_to(
        &mut self,
        envelope: &Envelope,
        each: Each,
        head: &str,
        content: &Content,
    ) -> Result<Sent, RelayError> {
        let (mut session, replies) = self.begin_anew(envelope).await?;
        let refused: Vec<Option<Reply>> = replies
            .recipients
            .into_iter()
            .map(|reply| Some(reply).filter(|reply| !reply.is_positive()))
            .collect();
        let send = match each {
            Each::Together => refused.iter().all(Option::is_none),
            Each::Apart => refused.iter().any(Option::is_none),
        };
        let answer = if send { Some(session.data(head, content).await?) } else { None };
        self.next_hop.recycle(session);
        Ok(Sent { refused, answer })
    }

    /// The session at hand if it lives, else another.
    async fn begin_anew(
        &mut self,
        envelope: &Envelope,
    ) -> Result<(Session, EnvelopeReplies), RelayError> {
        if let Some(mut session) = self.session.take()
            && session.is_alive().await
        {
            match session.envelope(envelope, &self.told).await {
                Ok(replies) if session.is_usable() => return Ok((session, replies)),
                Ok(_) | Err(RelayError::Closed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.next_hop.begin_envelope(envelope, &self.told).await
    }

    /// Ends the transaction without mail; RSET goes out in the background.
    pub(super) fn let_go(&mut self) {
        if let Some(session) = self.session.take() {
            self.next_hop.recycle(session);
        }
    }
}

impl Drop for HopSide {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Sent {
    /// The proof, the refusal that all share, or `None` where they fared differently.
    pub(super) fn together(self) -> Option<Result<Accepted, Reply>> {
        match self.answer {
            Some(Handover::Accepted(accepted)) => Some(Ok(accepted)),
            Some(Handover::Refused(reply)) => Some(Err(reply)),
            None => {
                let refusals: Option<Vec<Reply>> = self.refused.into_iter().collect();
                let refusals = refusals.filter(|all| all.iter().all(Reply::is_permanent))?;
                refusals.into_iter().next().map(Err)
            }
        }
    }
}

/// Tells of a failure that the relay has not told of itself.
pub(super) fn report(error: &RelayError) {
    if !matches!(error, RelayError::Connect { .. }) {
        telemetry::pipeline::next_hop_silent(error);
    }
}

/// 451 for a next hop that gave no answer.
fn no_answer(error: &RelayError) -> Reply {
    report(error);
    match error {
        RelayError::Busy => {
            Reply::new(Status::new(451, "4.3.2"), "too much mail at once, please try again later")
        }
        _ => Reply::new(Status::NO_ANSWER, "the next mail server gives no answer"),
    }
}

/// The next hop changed its mind about what it had accepted: the client should try again and
/// hear it where it belongs.
fn deferred(refusal: &Reply) -> Reply {
    telemetry::pipeline::next_hop_changed_its_mind(refusal.code());
    Reply::new(Status::NO_ANSWER, "the next mail server changed its mind, please try again")
}
