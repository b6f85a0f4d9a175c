//! What became of a message, as a reply. The only place where the one turns into the other.
//!
//! A 250 comes from a next hop that said so, from a hold that is committed, or from a reply to a notice
//! that is done with; a refusal can never be a 250, whoever made it.

use crate::{
    mail::{Reply, Status},
    pipeline::{Failure, Outcome},
};

/// 451 4.3.2: more is being judged than the machine can bear.
const BUSY: Status = Status::new(451, "4.3.2");

/// 451 4.7.0: whether it may go could not be found out.
const NOT_JUDGED: Status = Status::new(451, "4.7.0");

/// The reply to the end of data.
pub(super) fn answer(outcome: Outcome) -> Reply {
    match outcome {
        Outcome::PassedOn(accepted) => accepted.reply().clone(),
        Outcome::Held(committed) => Reply::ok(&format!("held as {}", committed.id())),
        Outcome::Heard(_) => Reply::ok("heard"),
        Outcome::Refused(reply) => refusal(reply),
        Outcome::Failed(failure) => failed(failure),
    }
}

fn failed(failure: Failure) -> Reply {
    match failure {
        Failure::StoreFull => Reply::new(Status::FULL, "no room to hold mail, try again later"),
        Failure::Store => Reply::new(Status::LOCAL_ERROR, "mail cannot be held now, try again"),
        Failure::NextHop => Reply::new(Status::NO_ANSWER, "the next server gave no answer"),
        Failure::Judging => Reply::new(NOT_JUDGED, "the mail could not be read, try again"),
        Failure::Busy => Reply::new(BUSY, "too busy, try again later"),
    }
}

/// Promise 1: what nobody took must not sound as if somebody had.
fn refusal(reply: Reply) -> Reply {
    if reply.is_transient() || reply.is_permanent() {
        return reply;
    }
    Reply::new(Status::LOCAL_ERROR, "the next server gave a reply that does not fit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_leaves_the_mail_with_its_sender() {
        let all =
            [Failure::StoreFull, Failure::Store, Failure::NextHop, Failure::Judging, Failure::Busy];
        let wires: Vec<Vec<u8>> =
            all.into_iter().map(|f| answer(Outcome::Failed(f)).to_wire()).collect();
        for wire in &wires {
            assert!(wire.starts_with(b"45"), "{}", String::from_utf8_lossy(wire));
            assert_eq!(wires.iter().filter(|other| *other == wire).count(), 1);
        }
    }

    #[test]
    fn a_refusal_goes_through_verbatim_but_never_as_a_yes() {
        let refused = Reply::bare(550, "5.7.1 not here");
        assert_eq!(answer(Outcome::Refused(refused.clone())), refused);
        for code in [250, 252, 354] {
            assert_eq!(answer(Outcome::Refused(Reply::bare(code, "2.0.0 ok"))).code(), 451);
        }
    }
}
