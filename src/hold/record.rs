//! What is kept of a held message, and what can happen to it.

use serde::{Deserialize, Serialize};

use super::{Outcome, Party, Slip, State, Watch};
use crate::{
    call::CallSheet,
    decision::{Decision, ExpiryAction},
    mail::{Content, Envelope, ForwardPath, HoldId, Origin, Recipient, Timestamp},
};

/// What pages, notices and reminders need, kept beside the content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// Subject, decoded.
    pub subject: String,
    /// Message-ID without brackets.
    pub message_id: Option<String>,
    /// References without brackets, oldest first, for threading.
    pub references: Vec<String>,
    /// From field: display name, possibly empty.
    pub header_from_name: String,
    /// What was decided and why.
    pub decision: Decision,
    /// Whom to call and how.
    pub call: CallSheet,
}

/// A message to hold, with the notice it owes: one commit.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Its id.
    pub id: HoldId,
    /// Names reverse-path, recipients and content (32 octets, hexadecimal): a retry after a lost
    /// 250 finds the hold that is there.
    pub idempotency_key: String,
    /// The envelope of the recipients that are held.
    pub envelope: Envelope,
    /// Where it came from.
    pub origin: Origin,
    /// The bytes as received.
    pub content: Content,
    /// The Received field that goes on top when it is released, CRLF at its end.
    pub trace: String,
    /// What pages and notices need.
    pub dossier: Dossier,
    /// When it was held.
    pub created: Timestamp,
    /// When the first reminder is due.
    pub remind_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What else is due while nobody decides.
    pub watch: Watch,
    /// The notices owed.
    pub outbox: Vec<NewItem>,
}

/// Whether one recipient has got it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Not yet.
    Waiting,
    /// The next hop said 250.
    Delivered,
    /// The next hop refused for good, with this reply.
    Refused(String),
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `sender`, `operator`, `service`, or what a party is: `colleague`, `second`, `lead`, `admin`,
    /// `cover`.
    pub role: String,
    /// An address or a login name.
    pub name: String,
    /// `page`, `mail`, `cli`, `worker`, `smtp`.
    pub via: String,
    /// The client's address, if there is one.
    pub address: Option<String>,
}

impl Actor {
    /// The service itself, by `worker` or `smtp`, or by what made it reload.
    pub fn service(via: &str, address: Option<String>) -> Actor {
        Actor {
            role: "service".to_owned(),
            name: "callfirst".to_owned(),
            via: via.to_owned(),
            address,
        }
    }
}

/// A held message without its content.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// Where it stands.
    pub state: State,
    /// The envelope of the held recipients.
    pub envelope: Envelope,
    /// One a recipient, in the envelope's order.
    pub deliveries: Vec<Delivery>,
    /// Where it came from.
    pub origin: Origin,
    /// The Received field for the release.
    pub trace: String,
    /// What pages and notices need.
    pub dossier: Dossier,
    /// Octets of the content.
    pub size_octets: u64,
    /// When it was held.
    pub created: Timestamp,
    /// When the next reminder is due.
    pub remind_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// How many reminders went out.
    pub reminders: u32,
    /// What people did, oldest first.
    pub outcomes: Vec<(Timestamp, Actor, Outcome)>,
    /// What else was done and is due while nobody decides.
    pub watch: Watch,
    /// Who may act on it besides the sender, by number.
    pub parties: Vec<Party>,
}

/// A line of `holds list`.
#[derive(Debug, Clone, Serialize)]
pub struct HoldSummary {
    /// Its id.
    pub id: HoldId,
    /// Where it stands.
    pub state: State,
    /// When it was held.
    pub created: Timestamp,
    /// The reverse-path.
    pub sender: String,
    /// The held forward-paths.
    pub recipients: Vec<String>,
    /// Subject.
    pub subject: String,
    /// The policy that held it.
    pub policy: String,
    /// Its category.
    pub category: String,
    /// Message-ID without brackets.
    pub message_id: Option<String>,
    /// When it expires.
    pub due: Timestamp,
}

/// Which holds to list; the default is every visible one, newest first.
#[derive(Debug, Clone, Default)]
pub struct HoldFilter {
    /// Only these states; empty means all but `prepared`.
    pub states: Vec<State>,
    /// Only of this reverse-path.
    pub sender: Option<String>,
    /// At most this many; 0 means no limit.
    pub limit: u32,
}

/// What changes, all of it in one commit with its audit entry and what it owes.
#[derive(Debug, Clone)]
pub struct Change {
    /// Only from this state; another one is told to the caller and nothing changes.
    pub from: State,
    /// To this state; the same one where it stays.
    pub to: State,
    /// What people did.
    pub outcome: Option<Outcome>,
    /// Who.
    pub actor: Actor,
    /// A new reminder time; `None` leaves it.
    pub remind_at: Option<Timestamp>,
    /// Counts a reminder.
    pub reminded: bool,
    /// A new end; `None` leaves it.
    pub expires_at: Option<Timestamp>,
    /// What else is due from now on; `None` leaves it.
    pub watch: Option<Watch>,
    /// Mail that is owed by this change.
    pub outbox: Vec<NewItem>,
    /// Who becomes a party by it, numbered for the hold as it was seen; another number by now is
    /// [`HoldError::Overtaken`](super::HoldError::Overtaken).
    pub parties: Vec<Party>,
    /// How many parties were thought of when its letters were written, where all must hear of it;
    /// another number by now is [`HoldError::Overtaken`](super::HoldError::Overtaken) too.
    pub told: Option<usize>,
    /// How many outcomes the hold had when it was looked at, where nobody may have done anything since;
    /// another number by now is [`HoldError::Overtaken`](super::HoldError::Overtaken) too.
    pub seen: Option<usize>,
    /// The audit entry's event.
    pub event: AuditEvent,
    /// Names what asked for it (32 octets, hexadecimal), so that the same asked twice changes nothing
    /// the second time.
    pub once: Option<String>,
    /// When.
    pub now: Timestamp,
}

/// What an outbox item carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// A mail of ours, complete: notice, reminder, expiry notice, failure notice.
    Notice {
        /// `hold`, `reminder`, `expiry`, `undeliverable`, `answer`, ...
        name: String,
        /// The mail's bytes, CRLF lines.
        bytes: Vec<u8>,
    },
    /// The held message itself, to the recipients that have not got it.
    Release,
}

/// Mail that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// What to send.
    pub kind: ItemKind,
    /// To whom; empty for [`ItemKind::Release`], whose recipients are the hold's.
    pub recipients: Vec<Recipient>,
    /// Not before.
    pub due: Timestamp,
}

/// The id of an outbox item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemId(pub String);

/// An outbox item that this node has leased.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The hold it belongs to.
    pub hold: HoldId,
    /// What to send.
    pub kind: ItemKind,
    /// To whom; empty for a release.
    pub recipients: Vec<Recipient>,
    /// How many attempts were begun before this one.
    pub attempts: u32,
    /// When it was first owed.
    pub created: Timestamp,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum ItemOutcome {
    /// Done with.
    Done,
    /// Try again then; the recipients in `deliveries` are settled already.
    Again(Timestamp),
    /// Given up; somebody is told.
    Failed(String),
}

/// What happened, for the audit. Never content, never tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// `held`, `viewed`, `approved`, `withdrawn`, `reminded`, `delivered`, `policy_reloaded`, ...
    pub name: String,
    /// Plain facts: policy, recipient count, reply code.
    pub facts: Vec<(String, String)>,
}

/// A link of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// 1, 2, 3, ... without gaps.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Which hold, if any.
    pub hold: Option<HoldId>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: AuditEvent,
    /// SHA-256 of the entry before, hexadecimal; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 of this entry's canonical form with `previous`, hexadecimal.
    pub digest: String,
    /// What stands in the chain for the words that name people; `None` in entries of releases
    /// that wrote those words into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slip: Option<Slip>,
}

/// The end of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The last entry's number; 0 while there is none.
    pub number: u64,
    /// Its digest; 64 zeros while there is none.
    pub digest: String,
}

impl Hold {
    /// When it ends though nobody decided; `None` where its policy keeps it.
    pub fn ends_at(&self) -> Option<Timestamp> {
        match self.dossier.decision.terms.at_expiry() {
            ExpiryAction::Keep => None,
            ExpiryAction::Return | ExpiryAction::Release => Some(self.expires_at),
        }
    }

    /// The held forward-paths that have not got it yet, with their positions.
    pub fn waiting(&self) -> impl Iterator<Item = (usize, &ForwardPath)> {
        let paths = self.envelope.recipients().iter().map(|r| &r.path);
        paths
            .zip(&self.deliveries)
            .enumerate()
            .filter(|(_, (_, delivery))| **delivery == Delivery::Waiting)
            .map(|(i, (path, _))| (i, path))
    }
}
