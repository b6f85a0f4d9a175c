//! Every mail that a message could cause, for a person to look at. Nothing of it is sent.

use std::borrow::Cow;

use clap::ValueEnum;

use super::{Case, Letters, addressee};
use crate::{
    hold::Dossier,
    mail::{Envelope, HoldId, Mailbox, Timestamp},
    message::Language,
    notice::{
        Answer, ComposedMail, Decided, Ending, Kind, Promised, Refusal, Tidings, Told, Way,
        reply::Command,
    },
    team::Plan,
};

/// What the receiving server of a sample says.
const REFUSED: &str = "550 5.1.1 No such user here";
/// How many reminders of a promise a sample tells of.
const REMINDERS: u32 = 3;
/// The party to whom a sample for others is written.
const PARTY: u8 = 1;

/// Which mail to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sample {
    /// It was held just now
    Hold,
    /// It is held still
    Reminder,
    /// Its time is nearly up
    ExpiresSoon,
    /// The customer asked to be called back now
    Callback,
    /// The day of a promise has come
    Promise,
    /// Nobody says that a promise is kept: to the lead
    Overdue,
    /// It went out, though a call would have been better
    WentOut,
    /// Nobody decided in time
    Expiry,
    /// It was released, and the receiving server refused it
    Undeliverable,
    /// Nobody decides: to the lead
    Escalation,
    /// The sender is away: to who stands in
    Cover,
    /// It was handed over: to the colleague
    HandedOver,
    /// It was handed over and waits still
    HandedOverStill,
    /// Somebody else decided
    Decided,
    /// Somebody took the decision back
    TakenBack,
    /// A second person is asked
    SecondPerson,
    /// A second person did not agree
    Declined,
    /// Answers by mail: they called
    AnswerCalled,
    /// It is no bad news
    AnswerNoBadNews,
    /// It goes without a call
    AnswerAnyway,
    /// It goes, but not yet
    AnswerLater,
    /// A second person is asked first
    AnswerSecondPerson,
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
        let team = self.house.teams.of(envelope.reverse_path());
        let plan = Plan { terms, week: &team.week, urgent: dossier.call.is_urgent() };
        let case = Case {
            team,
            id: &HoldId::from_octets([0; 16]),
            envelope,
            dossier,
            call: Cow::Borrowed(&dossier.call),
            before: None,
            created: now,
            remind_at: Some(plan.remind_at(now)),
            expires_at: plan.end(now).expires_at,
            language,
            party: sample.is_for_others().then_some(PARTY),
            outcomes: 1,
            follow_up: Some((1, plan.remind_at(now))),
        };
        let sender = addressee(&case, &self.house.inside)?;
        let kind = kind(sample, &case, (sender, content), now);
        Some(self.compose_to(sender, &case, kind, "preview", now))
    }
}

impl Sample {
    /// Whether it is written to a party, with a page of its own.
    fn is_for_others(self) -> bool {
        matches!(
            self,
            Sample::Escalation
                | Sample::Cover
                | Sample::HandedOver
                | Sample::HandedOverStill
                | Sample::SecondPerson
        )
    }
}

fn kind<'a>(
    sample: Sample,
    case: &Case<'a>,
    (sender, content): (&'a Mailbox, &'a [u8]),
    now: Timestamp,
) -> Kind<'a> {
    let by = sender.as_str();
    let date = now.to_zoned(case.team.week.zone().clone()).date();
    let promised = Promised { to: "", what: "", date };
    let told = |what| Kind::Told(Told { by, words: "", what });
    let remind_at = case.remind_at.unwrap_or(now);
    let answer = match sample {
        Sample::Hold => return Kind::Hold,
        Sample::Reminder => return Kind::Reminder,
        Sample::ExpiresSoon => return Kind::ExpiresSoon,
        Sample::Callback => return Kind::CallBack { at: now },
        Sample::Promise => return Kind::Promise(promised),
        Sample::Overdue => return Kind::Overdue { promised, by, reminders: REMINDERS },
        Sample::WentOut => return Kind::WentOut,
        Sample::Expiry => return Kind::Expiry { original: content },
        Sample::Undeliverable => {
            let one = |recipient| Refusal { recipient, reply: REFUSED };
            let recipients = case.envelope.recipients().iter().map(|r| r.path.as_str());
            let refusals = recipients.map(one).collect();
            return Kind::Undeliverable { refusals, original: content };
        }
        Sample::Escalation => return Kind::Escalated { sender: by },
        Sample::Cover => return Kind::Cover { sender: by },
        Sample::HandedOver => return told(Tidings::HandedOver),
        Sample::HandedOverStill => return told(Tidings::HandedOverStill),
        Sample::Decided => return told(Tidings::Decided(Decided::CalledSend)),
        Sample::TakenBack => return told(Tidings::TakenBack),
        Sample::SecondPerson => return told(Tidings::Asked(Way::SendAnyway)),
        Sample::Declined => return told(Tidings::Declined),
        Sample::AnswerCalled => Answer::Called,
        Sample::AnswerNoBadNews => Answer::NoBadNews,
        Sample::AnswerAnyway => Answer::Anyway,
        Sample::AnswerLater => Answer::Later { at: remind_at },
        Sample::AnswerSecondPerson => Answer::SecondAsked,
        Sample::AnswerTakenBack => Answer::TakenBack,
        Sample::AnswerWaits => Answer::Waits { remind_at },
        Sample::AnswerAlready => Answer::Already { ending: Ending::LetGo, at: now },
        Sample::AnswerUnclear => Answer::Unclear,
        Sample::AnswerOnThePage => Answer::OnThePage { asked: Command::CalledSend },
        Sample::AnswerCallFirst => Answer::CallFirst,
        Sample::AnswerReasonMissing => Answer::ReasonMissing,
    };
    Kind::Answer(answer)
}
