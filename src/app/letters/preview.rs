//! Every mail that a message could cause, for a person to look at. Nothing of it is sent.

use std::borrow::Cow;

use clap::ValueEnum;

use super::{Case, Letters, addressee};
use crate::{
    hold::Dossier,
    mail::{Envelope, HoldId, Timestamp},
    message::Language,
    notice::reply::Command,
    notice::{Answer, ComposedMail, Ending, Kind, Promised, Refusal},
};

/// What the receiving server of a sample says.
const REFUSED: &str = "550 5.1.1 No such user here";
/// How many reminders of a promise a sample tells of.
const REMINDERS: u32 = 3;

/// Which mail to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sample {
    /// It was held just now
    Hold,
    /// It is held still
    Reminder,
    /// The customer asked to be called back now
    Callback,
    /// The day of a promise has come
    Promise,
    /// Nobody says that a promise is kept: to the lead
    Overdue,
    /// Nobody decided in time
    Expiry,
    /// It was released, and the receiving server refused it
    Undeliverable,
    /// Answers by mail: they called
    AnswerCalled,
    /// It is no bad news
    AnswerNoBadNews,
    /// It goes without a call
    AnswerAnyway,
    /// It is taken back
    AnswerTakenBack,
    /// Nobody answered the telephone
    AnswerWaits,
    /// Somebody decided before
    AnswerAlready,
    /// Nobody could tell what was meant
    AnswerUnclear,
    /// It is done on the page only
    AnswerOnThePage,
    /// The policy asks for a call
    AnswerCallFirst,
    /// Why it cannot wait was not said
    AnswerReasonMissing,
}

impl Letters {
    /// One of the mails that a judged message could cause. Its link names a hold that is not there.
    /// `None` where the message's sender is not one of us.
    pub fn preview(
        &self,
        sample: Sample,
        language: Option<Language>,
        (envelope, content, dossier): (&Envelope, &[u8], &Dossier),
        now: Timestamp,
    ) -> Option<ComposedMail> {
        let terms = &dossier.decision.terms;
        let case = Case {
            id: &HoldId::from_octets([0; 16]),
            envelope,
            dossier,
            call: Cow::Borrowed(&dossier.call),
            before: None,
            created: now,
            remind_at: now.checked_add(terms.remind_after).ok(),
            expires_at: now.checked_add(terms.expire_after).unwrap_or(now),
            language,
        };
        let date = now.to_zoned(self.house.time_zone.clone()).date();
        let promised = Promised { to: "", what: "", date };
        let kind = match sample {
            Sample::Hold => Kind::Hold,
            Sample::Reminder => Kind::Reminder,
            Sample::Callback => Kind::CallBack { at: now },
            Sample::Promise => Kind::Promise(promised),
            Sample::Overdue => {
                let by = envelope.reverse_path().as_str();
                Kind::Overdue { promised, by, reminders: REMINDERS }
            }
            Sample::Expiry => Kind::Expiry { original: content },
            Sample::Undeliverable => {
                let one = |recipient| Refusal { recipient, reply: REFUSED };
                let recipients = envelope.recipients().iter().map(|r| r.path.as_str());
                Kind::Undeliverable { refusals: recipients.map(one).collect(), original: content }
            }
            answer => Kind::Answer(answered(answer, case.remind_at.unwrap_or(now), now)?),
        };
        let sender = addressee(&case, &self.house.inside)?;
        let to = self.house.lead.as_ref().filter(|_| sample == Sample::Overdue).unwrap_or(sender);
        Some(self.compose_to(to, &case, kind, "preview", now))
    }
}

fn answered(sample: Sample, remind_at: Timestamp, now: Timestamp) -> Option<Answer> {
    Some(match sample {
        Sample::AnswerCalled => Answer::Called,
        Sample::AnswerNoBadNews => Answer::NoBadNews,
        Sample::AnswerAnyway => Answer::Anyway,
        Sample::AnswerTakenBack => Answer::TakenBack,
        Sample::AnswerWaits => Answer::Waits { remind_at },
        Sample::AnswerAlready => Answer::Already { ending: Ending::LetGo, at: now },
        Sample::AnswerUnclear => Answer::Unclear,
        Sample::AnswerOnThePage => Answer::OnThePage { asked: Command::CalledSend },
        Sample::AnswerCallFirst => Answer::CallFirst,
        Sample::AnswerReasonMissing => Answer::ReasonMissing,
        Sample::Hold
        | Sample::Reminder
        | Sample::Callback
        | Sample::Promise
        | Sample::Overdue
        | Sample::Expiry
        | Sample::Undeliverable => return None,
    })
}
