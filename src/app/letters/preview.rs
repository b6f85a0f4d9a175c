//! Every mail that a message could cause, for a person to look at. Nothing of it is sent.

use std::borrow::Cow;

use clap::ValueEnum;

use super::{Case, Letters, addressee};
use crate::{
    calendar::Week,
    hold::{Dossier, LetterName},
    mail::{Envelope, HoldId, Mailbox, Timestamp},
    message::Language,
    notice::{
        Answer, ComposedMail, Decided, Ending, Entry, Kind, Matter, Promised, Refusal, Tidings,
        Told, Way, reply::Command,
    },
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
    /// It was held just now, and another one of its conversation waits already
    HeldToo,
    /// It is held still
    Reminder,
    /// Its time is nearly up
    ExpiresSoon,
    /// Several of our mails as one
    Digest,
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
    /// It was released, and the receiving server puts it off for hours
    Delayed,
    /// It was delivered after that
    Arrived,
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
    /// The same, and it can be taken back until it goes out
    DecidedWaits,
    /// Nobody decided in time: to others than the sender
    DecidedByNobody,
    /// Somebody took the decision back
    TakenBack,
    /// A second person is asked
    SecondPerson,
    /// And is asked again
    SecondPersonStill,
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
        let sender = envelope.reverse_path();
        let plan = self.house.teams.plan(sender, terms, dossier.call.is_urgent(), [].into_iter());
        let case = Case {
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
        if sample == Sample::Digest {
            let entries = self.of_each_matter(sender, &case);
            let mails = (case.id, dossier.decision.language);
            return Some(self.as_one(sender, mails, entries, language, now));
        }
        let first = self.link(&case);
        let kind = kind(sample, &case, (sender, content, first), &team.week, now);
        let name = sample.letter().map_or(super::WENT_OUT, LetterName::as_str);
        Some(self.compose_to(sender, &case, kind, name, now))
    }

    /// A line of a digest for each thing that it may tell.
    fn of_each_matter<'a>(&self, sender: &'a Mailbox, case: &'a Case<'_>) -> Vec<Entry<'a>> {
        let by = sender.as_str();
        let told = |what| Matter::Told(Told { by, words: "", what });
        let matters = [
            Matter::Held,
            Matter::Held,
            Matter::Asked,
            Matter::Promise,
            Matter::Overdue { sender: by },
            told(Tidings::Declined),
            told(Tidings::Decided(Decided::CalledSend)),
            told(Tidings::Decided(Decided::Returned)),
            Matter::Delayed,
            Matter::Arrived,
        ];
        let entry = |matter| Entry {
            matter,
            subject: &case.dossier.subject,
            recipients: case.envelope.recipients().iter().map(|r| r.path.as_str()).collect(),
            of: None,
            decision: &case.dossier.decision,
            call: &case.dossier.call,
            created: case.created,
            ends_at: Some(case.expires_at),
            link: Some(self.link(case)),
        };
        matters.into_iter().map(entry).collect()
    }
}

impl Sample {
    /// Which letter about a hold it is a sample of; `None` where nothing was held.
    pub fn letter(self) -> Option<LetterName> {
        let letter = match self {
            Sample::WentOut => return None,
            Sample::Hold | Sample::HeldToo => LetterName::Hold,
            Sample::Reminder => LetterName::Reminder,
            Sample::ExpiresSoon => LetterName::ExpiresSoon,
            Sample::Digest => LetterName::Digest,
            Sample::Callback => LetterName::CallBack,
            Sample::Promise => LetterName::Promise,
            Sample::Overdue => LetterName::Overdue,
            Sample::Expiry => LetterName::Expiry,
            Sample::Undeliverable => LetterName::Undeliverable,
            Sample::Delayed => LetterName::Delayed,
            Sample::Arrived => LetterName::Arrived,
            Sample::Escalation => LetterName::Escalation,
            Sample::Cover => LetterName::Cover,
            Sample::HandedOver => LetterName::HandedOver,
            Sample::HandedOverStill => LetterName::Reminder,
            Sample::Decided | Sample::DecidedByNobody => LetterName::Decided,
            Sample::DecidedWaits => LetterName::DecidedWaits,
            Sample::TakenBack => LetterName::TakenBack,
            Sample::SecondPerson => LetterName::SecondAsked,
            Sample::SecondPersonStill => LetterName::SecondReminder,
            Sample::Declined => LetterName::Declined,
            Sample::AnswerCalled
            | Sample::AnswerNoBadNews
            | Sample::AnswerAnyway
            | Sample::AnswerLater
            | Sample::AnswerSecondPerson
            | Sample::AnswerTakenBack
            | Sample::AnswerWaits
            | Sample::AnswerAlready
            | Sample::AnswerUnclear
            | Sample::AnswerOnThePage
            | Sample::AnswerCallFirst
            | Sample::AnswerReasonMissing => LetterName::Answer,
        };
        Some(letter)
    }

    /// Whether it is written to a party, with a page of its own.
    fn is_for_others(self) -> bool {
        matches!(
            self,
            Sample::Escalation
                | Sample::Cover
                | Sample::HandedOver
                | Sample::HandedOverStill
                | Sample::SecondPerson
                | Sample::SecondPersonStill
        )
    }
}

fn kind<'a>(
    sample: Sample,
    case: &Case<'a>,
    (sender, content, first): (&'a Mailbox, &'a [u8], String),
    week: &Week,
    now: Timestamp,
) -> Kind<'a> {
    let by = sender.as_str();
    let date = now.to_zoned(week.zone().clone()).date();
    let promised = Promised { to: "", what: "", date };
    let told = |what| Kind::Told(Told { by, words: "", what });
    let remind_at = case.remind_at.unwrap_or(now);
    let recipients = case.envelope.recipients().iter().map(|r| r.path.as_str());
    let answer = match sample {
        Sample::Hold => return Kind::Hold,
        // A digest is no notice; it is composed apart.
        Sample::HeldToo | Sample::Digest => return Kind::HeldToo { first },
        Sample::Reminder => return Kind::Reminder,
        Sample::ExpiresSoon => return Kind::ExpiresSoon,
        Sample::Callback => return Kind::CallBack { at: now },
        Sample::Promise => return Kind::Promise(promised),
        Sample::Overdue => return Kind::Overdue { promised, by, reminders: REMINDERS },
        Sample::WentOut => return Kind::WentOut,
        Sample::Expiry => return Kind::Expiry { original: content },
        Sample::Undeliverable => {
            let one = |recipient| Refusal { recipient, reply: REFUSED };
            let refusals = recipients.map(one).collect();
            return Kind::Undeliverable { refusals, original: content };
        }
        Sample::Delayed => {
            return Kind::Delayed { to: recipients.collect(), until: case.expires_at };
        }
        Sample::Arrived => return Kind::Arrived { to: recipients.collect() },
        Sample::Escalation => return Kind::Escalated { sender: by },
        Sample::Cover => return Kind::Cover { sender: by },
        Sample::HandedOver => return told(Tidings::HandedOver),
        Sample::HandedOverStill => return told(Tidings::HandedOverStill),
        Sample::Decided => return told(Tidings::Decided(Decided::CalledSend)),
        Sample::DecidedWaits => return told(Tidings::DecidedWaits(Decided::SendAnyway)),
        Sample::DecidedByNobody => return told(Tidings::Decided(Decided::Returned)),
        Sample::TakenBack => return told(Tidings::TakenBack),
        Sample::SecondPerson | Sample::SecondPersonStill => {
            return told(Tidings::Asked(Way::SendAnyway));
        }
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
