//! What our letters are called in the outbox, and what that means for their way.
//!
//! The name is the one thing that the store and the worker know of a letter: whether it waits its turn,
//! whether it still asks for something when it is sent late. It is stored, so none is ever renamed; a
//! row of a release that knew more names has one that does not parse, and is sent as it is.

/// The name of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterName {
    /// A mail was held.
    Hold,
    /// It is held still.
    Reminder,
    /// Its time is nearly up.
    ExpiresSoon,
    /// The customer wants to be called back now.
    CallBack,
    /// It is handed over to its reader.
    HandedOver,
    /// Its reader stands in for who is away.
    Cover,
    /// Nobody decided, and its reader is above the sender.
    Escalation,
    /// A second person is asked to agree.
    SecondAsked,
    /// And is asked again.
    SecondReminder,
    /// A second person did not agree.
    Declined,
    /// It is decided, by another or by nobody in time.
    Decided,
    /// The same, but it waits before it goes out and can be taken back.
    DecidedWaits,
    /// A decision to send was taken back, and it is held again.
    TakenBack,
    /// A promise has its day.
    Promise,
    /// Nobody said that it is kept.
    Overdue,
    /// Nobody decided in time.
    Expiry,
    /// The next hop refused it after the release.
    Undeliverable,
    /// The next hop has put it off for hours.
    Delayed,
    /// It was delivered after that.
    Arrived,
    /// To an answer by mail.
    Answer,
    /// Several letters as one.
    Digest,
}

/// What a letter asks its reader for; once that is done it comes too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsksFor {
    /// A call, and to say what becomes of the mail.
    Decision,
    /// To agree that it goes out.
    Agreement,
    /// To say whether a promise is kept.
    Word,
    /// Patience, while a mail is on its way.
    Patience,
    /// Nothing: it tells.
    Nothing,
}

impl LetterName {
    /// Each of them.
    pub const ALL: [LetterName; 21] = [
        LetterName::Hold,
        LetterName::Reminder,
        LetterName::ExpiresSoon,
        LetterName::CallBack,
        LetterName::HandedOver,
        LetterName::Cover,
        LetterName::Escalation,
        LetterName::SecondAsked,
        LetterName::SecondReminder,
        LetterName::Declined,
        LetterName::Decided,
        LetterName::DecidedWaits,
        LetterName::TakenBack,
        LetterName::Promise,
        LetterName::Overdue,
        LetterName::Expiry,
        LetterName::Undeliverable,
        LetterName::Delayed,
        LetterName::Arrived,
        LetterName::Answer,
        LetterName::Digest,
    ];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            LetterName::Hold => "hold",
            LetterName::Reminder => "reminder",
            LetterName::ExpiresSoon => "expires_soon",
            LetterName::CallBack => "call_back",
            LetterName::HandedOver => "handed_over",
            LetterName::Cover => "cover",
            LetterName::Escalation => "escalation",
            LetterName::SecondAsked => "second_asked",
            LetterName::SecondReminder => "second_reminder",
            LetterName::Declined => "declined",
            LetterName::Decided => "decided",
            LetterName::DecidedWaits => "decided_waits",
            LetterName::TakenBack => "taken_back",
            LetterName::Promise => "promise",
            LetterName::Overdue => "overdue",
            LetterName::Expiry => "expiry",
            LetterName::Undeliverable => "undeliverable",
            LetterName::Delayed => "delayed",
            LetterName::Arrived => "arrived",
            LetterName::Answer => "answer",
            LetterName::Digest => "digest",
        }
    }

    /// The reverse of [`LetterName::as_str`].
    pub fn from_text(text: &str) -> Option<LetterName> {
        LetterName::ALL.into_iter().find(|name| name.as_str() == text)
    }

    /// Whether it never waits its turn: an answer to what somebody just did, a call at a time that he
    /// named, the word before a mail's time is up or before it goes out, which would come too late, a
    /// question that keeps a mail from going out, and what returns it.
    pub fn goes_at_once(self) -> bool {
        matches!(
            self,
            LetterName::Answer
                | LetterName::CallBack
                | LetterName::ExpiresSoon
                | LetterName::DecidedWaits
                | LetterName::SecondAsked
                | LetterName::Expiry
                | LetterName::Undeliverable
        )
    }

    /// Whether it is no news of the moment, so that several of it say as much in one mail.
    pub fn is_no_news(self) -> bool {
        matches!(
            self,
            LetterName::Reminder
                | LetterName::SecondReminder
                | LetterName::Promise
                | LetterName::Overdue
                | LetterName::Escalation
        )
    }

    /// Whether it only tells of what others have ended, so that it waits until its reader is at work:
    /// nothing is left for him to do.
    pub fn rests(self) -> bool {
        matches!(self, LetterName::Decided | LetterName::Arrived)
    }

    /// What it asks for.
    pub fn asks_for(self) -> AsksFor {
        match self {
            LetterName::Hold
            | LetterName::Reminder
            | LetterName::ExpiresSoon
            | LetterName::CallBack
            | LetterName::HandedOver
            | LetterName::TakenBack
            | LetterName::Cover
            | LetterName::Escalation => AsksFor::Decision,
            LetterName::SecondAsked | LetterName::SecondReminder => AsksFor::Agreement,
            LetterName::Promise | LetterName::Overdue => AsksFor::Word,
            LetterName::Delayed => AsksFor::Patience,
            LetterName::Declined
            | LetterName::Decided
            | LetterName::DecidedWaits
            | LetterName::Arrived
            | LetterName::Expiry
            | LetterName::Undeliverable
            | LetterName::Answer
            | LetterName::Digest => AsksFor::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_again() {
        for name in LetterName::ALL {
            assert_eq!(LetterName::from_text(name.as_str()), Some(name));
        }
        assert_eq!(LetterName::from_text("expired"), None);
    }
}
