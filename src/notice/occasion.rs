//! What a notice is made from, and what comes out.

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    call::{CallSheet, Hours},
    decision::Decision,
    mail::{HoldId, Mailbox, Timestamp},
    message::Language,
    wording::Own,
};

use super::{Answer, Planned, Told, reply::Command};

/// One recipient that the next hop refused for good after the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// The forward-path.
    pub recipient: &'a str,
    /// The next hop's reply.
    pub reply: &'a str,
}

/// Which mail to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind<'a> {
    /// It was held just now.
    Hold,
    /// It was held just now, and another one of its conversation waits already.
    HeldToo {
        /// The page of that one.
        first: String,
    },
    /// It is held still.
    Reminder,
    /// It is held still, and soon its time is over.
    ExpiresSoon,
    /// The customer asked to be called back now.
    CallBack {
        /// For when exactly.
        at: Timestamp,
    },
    /// Something was promised to the customer, and its day has come.
    Promise(Promised<'a>),
    /// The same, and nobody answers: for the lead.
    Overdue {
        /// What.
        promised: Promised<'a>,
        /// By whom: an address.
        by: &'a str,
        /// How many reminders went out.
        reminders: u32,
    },
    /// Nobody decided in time; what then happened stands in the decision's terms.
    Expiry {
        /// The held mail as received; the sender gets it back, unless it is too large.
        original: &'a [u8],
    },
    /// The sender answered a notice by mail.
    Answer(Answer),
    /// Nobody decides: for who is above the sender.
    Escalated {
        /// Whose mail it is: an address.
        sender: &'a str,
    },
    /// The sender is away: for who stands in for him.
    Cover {
        /// Whose mail it is: an address.
        sender: &'a str,
    },
    /// Somebody else did something about it.
    Told(Told<'a>),
    /// It went out, though a call would have been better.
    WentOut,
    /// It was released, and the next hop refused it for good.
    Undeliverable {
        /// For whom, and what it said.
        refusals: Vec<Refusal<'a>>,
        /// The mail as received; the sender gets it back, unless it is too large.
        original: &'a [u8],
    },
    /// It was released, and the next hop puts it off for hours.
    Delayed {
        /// For whom: forward-paths.
        to: Vec<&'a str>,
        /// When it is given up.
        until: Timestamp,
    },
    /// The next hop took it after that.
    Arrived {
        /// For whom: forward-paths.
        to: Vec<&'a str>,
    },
}

/// What was promised on the telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised<'a> {
    /// To whom, as the sender named who answered; empty means the person of the call sheet.
    pub to: &'a str,
    /// In the sender's own words; may be empty.
    pub what: &'a str,
    /// By when.
    pub date: Date,
}

/// What there was with the same customer before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before<'a> {
    /// The open promise whose day is nearest.
    pub promise: Option<Promised<'a>>,
    /// How many mails of this sender were held for the customer: `3`, or `5+`.
    pub own: &'a str,
    /// How many of colleagues.
    pub others: &'a str,
}

/// That the notice may be answered by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByMail<'a> {
    /// Where the answers for this hold go: the Reply-To.
    pub address: &'a Mailbox,
    /// What may be asked for so.
    pub allowed: &'a [Command],
}

/// All that one notice says. Nothing of it needs to be clean: texts of the held mail are stripped
/// and cut when the notice is composed.
#[derive(Debug, Clone)]
pub struct Occasion<'a> {
    /// Which mail to write.
    pub kind: Kind<'a>,
    /// The language it is written in.
    pub language: Language,
    /// The organisation's own lines.
    pub own: &'a Own,
    /// The organisation's name.
    pub organisation: &'a str,
    /// The display name of our own From field: `Call First`.
    pub from_name: &'a str,
    /// The mailbox of our own From field.
    pub from: &'a Mailbox,
    /// The hold.
    pub hold: &'a HoldId,
    /// Whom the mail is for: the held mail's reverse-path, never its From or Reply-To; of an overdue
    /// promise, the lead.
    pub sender: &'a Mailbox,
    /// The display name of the held mail's From, where that is who it is for; may be empty.
    pub sender_name: &'a str,
    /// The held mail's subject.
    pub subject: &'a str,
    /// Its Message-ID without brackets.
    pub in_reply_to: Option<&'a str>,
    /// Its References without brackets, oldest first.
    pub references: &'a [String],
    /// The held forward-paths.
    pub recipients: &'a [String],
    /// What was decided; gives kind of news, evidence and terms.
    pub decision: &'a Decision,
    /// Whom to call and how.
    pub call: &'a CallSheet,
    /// What there was with the same customer before, if anything.
    pub before: Option<Before<'a>>,
    /// When people may be called.
    pub hours: &'a Hours,
    /// The sender's page: `https://…/h/<token>`. Nobody else gets it: it decides in his name.
    pub link: Option<&'a str>,
    /// How to answer by mail, where that is possible.
    pub by_mail: Option<ByMail<'a>>,
    /// What goes along as a calendar file, if anything is planned.
    pub planned: Option<Planned<'a>>,
    /// When it was held.
    pub created: Timestamp,
    /// When the next reminder comes, if one will.
    pub remind_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whose days and hours are meant.
    pub time_zone: &'a TimeZone,
    /// The notice's own Message-ID, without brackets.
    pub message_id: &'a str,
    /// The notice's Date.
    pub date: Timestamp,
    /// Name and value of the field that marks it as ours.
    pub mark: Option<(&'a str, &'a str)>,
}

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposedMail {
    /// Its Message-ID, without brackets.
    pub message_id: String,
    /// Header section and body, CRLF lines, seven-bit, no line longer than 998 octets.
    pub bytes: Vec<u8>,
    /// The subject, decoded.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}
