//! What is told to others than the sender, or to the sender about others.

use super::{
    clean::{isolated, line},
    text::{Others, fill},
};

/// The most of an address, and of what somebody typed; in characters.
const MAX_BY: usize = 80;
const MAX_WORDS: usize = 400;

/// One of several people did something about a held mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// Who did it: an address.
    pub by: &'a str,
    /// What he wrote with it; may be empty.
    pub words: &'a str,
    /// What it was.
    pub what: Tidings,
}

/// See [`Told`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidings {
    /// It is decided; nothing is left to do.
    Decided(Decided),
    /// It was decided, and waits before it goes out: it can be taken back.
    DecidedWaits(Decided),
    /// It is handed over to the reader.
    HandedOver,
    /// It was, and waits for the reader's call still.
    HandedOverStill,
    /// The decision to send is taken back.
    TakenBack,
    /// The reader is asked to agree before it goes out.
    Asked(Way),
    /// A second person did not agree that it goes out.
    Declined,
}

/// How a hold was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// After a call, it goes out.
    CalledSend,
    /// After a call, it does not.
    CalledDontSend,
    /// Taken back.
    Withdrawn,
    /// Taken back for a new text.
    Rewritten,
    /// No bad news.
    FalseAlarm,
    /// Sent without a call.
    SendAnyway,
    /// A second person agreed: it goes out.
    Agreed,
    /// By nobody: it went back.
    Returned,
    /// By nobody: it goes out.
    SentUnasked,
}

/// How somebody would send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// After a call.
    Called,
    /// As no bad news.
    FalseAlarm,
    /// Without a call.
    SendAnyway,
}

impl Told<'_> {
    /// What follows our name in From.
    pub(super) fn from<'t>(&self, others: &Others<'t>) -> &'t str {
        match self.what {
            Tidings::Decided(_) | Tidings::DecidedWaits(_) => others.from_decided,
            Tidings::HandedOver | Tidings::HandedOverStill => others.from_handed,
            Tidings::TakenBack => others.from_taken_back,
            Tidings::Asked(_) => others.from_second,
            Tidings::Declined => others.from_declined,
        }
    }

    /// Title and first words.
    pub(super) fn title_and_lead<'t>(&self, others: &Others<'t>) -> [&'t str; 2] {
        match self.what {
            Tidings::Decided(decided) | Tidings::DecidedWaits(decided) => {
                [others.decided, decided.words(others)]
            }
            Tidings::HandedOver => others.handed,
            Tidings::HandedOverStill => others.handed_again,
            Tidings::TakenBack => others.taken_back,
            Tidings::Asked(_) => others.second,
            Tidings::Declined => others.declined,
        }
    }

    /// What the first words name.
    pub(super) fn values(&self) -> [(&'static str, String); 2] {
        [
            ("by", isolated(&line(self.by, MAX_BY))),
            ("words", isolated(&line(self.words, MAX_WORDS))),
        ]
    }

    /// What follows the first words: what is proposed, what is left to do, what somebody typed.
    pub(super) fn rest(&self, others: &Others<'_>) -> Vec<String> {
        let way = match self.what {
            Tidings::Asked(Way::Called) => Some(others.was_called),
            Tidings::Asked(Way::FalseAlarm) => Some(others.no_bad_news),
            Tidings::Asked(Way::SendAnyway) => Some(others.without_call),
            _ => None,
        };
        let typed = (!self.words.trim().is_empty()).then_some(others.words);
        let then = match self.what {
            Tidings::Decided(_) => Some(others.nothing_left),
            Tidings::Asked(_) => Some(others.nothing_before),
            _ => None,
        };
        let values = self.values();
        [way, then, typed].into_iter().flatten().map(|text| fill(text, &values)).collect()
    }

    /// All of it in a line or two, among others.
    pub(super) fn in_short(&self, who: &str, subject: &str, others: &Others<'_>) -> Vec<String> {
        let [_, lead] = self.title_and_lead(others);
        let about = [("who", who.to_owned()), ("subject", subject.to_owned())];
        let values: Vec<_> = self.values().into_iter().chain(about).collect();
        let typed = (!self.words.trim().is_empty()).then_some(others.words);
        std::iter::once(lead).chain(typed).map(|text| fill(text, &values)).collect()
    }

    /// Whether it asks its reader to call.
    pub(super) fn waits(&self) -> bool {
        matches!(self.what, Tidings::HandedOver | Tidings::HandedOverStill)
    }

    /// Whether it asks its reader to agree.
    pub(super) fn asks_to_agree(&self) -> bool {
        matches!(self.what, Tidings::Asked(_))
    }

    /// Whether the words that stopped the mail belong to it.
    pub(super) fn quotes(&self) -> bool {
        self.waits() || self.asks_to_agree()
    }

    /// Whether there is something to decide.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.what, Tidings::Decided(_) | Tidings::DecidedWaits(_))
    }

    /// Whether it was decided and can still be taken back, on the page.
    pub(super) fn is_revocable(&self) -> bool {
        matches!(self.what, Tidings::DecidedWaits(_))
    }
}

impl Decided {
    fn words<'t>(self, others: &Others<'t>) -> &'t str {
        match self {
            Decided::CalledSend => others.called_send,
            Decided::CalledDontSend => others.called_dont_send,
            Decided::Withdrawn => others.withdrawn,
            Decided::Rewritten => others.rewritten,
            Decided::FalseAlarm => others.false_alarm,
            Decided::SendAnyway => others.send_anyway,
            Decided::Agreed => others.agreed,
            Decided::Returned => others.returned,
            Decided::SentUnasked => others.sent_unasked,
        }
    }
}
