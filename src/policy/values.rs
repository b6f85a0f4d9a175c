//! The values of a compiled policy.

use std::{ops::Range, time::Duration};

use super::Glob;
use crate::message::{Header, Language};

/// How far a policy's verdicts go; the later, the further. Without it the configuration says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyMode {
    /// They are only recorded.
    Observe,
    /// The mail goes out, and its sender is told that a call would have been better.
    Notify,
    /// The mail is held.
    Enforce,
}

impl PolicyMode {
    /// All of them with their names.
    pub const ALL: [(&'static str, PolicyMode); 3] = [
        ("observe", PolicyMode::Observe),
        ("notify", PolicyMode::Notify),
        ("enforce", PolicyMode::Enforce),
    ];
}

/// What a policy's mode is in one team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMode {
    /// The team's name.
    pub team: String,
    /// Its mode there; goes before the policy's own.
    pub mode: PolicyMode,
    /// Where that stands: file and octets.
    pub at: (String, Range<usize>),
}

/// How far a policy has got in a house, beside its mode: the table `[rollout]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The teams in which it has a mode of its own.
    pub teams: Vec<TeamMode>,
    /// For how many of 100 senders its mode counts.
    pub canary: f64,
    /// The furthest that it goes for the others.
    pub otherwise: PolicyMode,
}

impl Default for Rollout {
    fn default() -> Rollout {
        Rollout { teams: Vec::new(), canary: EVERYBODY, otherwise: PolicyMode::Observe }
    }
}

/// Of 100 senders, all.
pub(super) const EVERYBODY: f64 = 100.0;

impl Rollout {
    /// Its mode in this team, where it has one there.
    pub fn of_team(&self, team: &str) -> Option<PolicyMode> {
        self.teams.iter().find(|one| one.team == team).map(|one| one.mode)
    }

    /// Whether its mode counts for some senders only.
    pub fn is_canary(&self) -> bool {
        self.canary < EVERYBODY
    }
}

/// What happens to a hold nobody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExpiry {
    /// Back to the sender.
    Return,
    /// Out.
    Release,
    /// It stays.
    Keep,
}

/// Who sends only with a second person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondPerson {
    /// Whoever sends without a call.
    SendAnyway,
    /// Everybody.
    Always,
}

/// The `[hold]` table, but for the threshold, and `[call]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// First reminder.
    pub remind_after: Duration,
    /// End of the hold.
    pub expire_after: Duration,
    /// The sender is told so long before; zero: he is not.
    pub warn_before: Duration,
    /// Others hear of it after this long.
    pub escalate_after: Option<Duration>,
    /// Above this amount it is urgent.
    pub urgent_over: Option<u64>,
    /// What then happens.
    pub expiry_action: OnExpiry,
    /// Whether the sender may send it with a typed reason.
    pub send_anyway: bool,
    /// It goes out no sooner after it was held.
    pub minimum_wait: Duration,
    /// Who needs a second person.
    pub second_person: Option<SecondPerson>,
    /// Only where the mail names at least this amount.
    pub second_person_over: Option<u64>,
    /// Hold it only for the recipients meant.
    pub split: bool,
    /// What the sender may offer on the telephone.
    pub offer: Vec<String>,
    /// Whom he may ask where more is needed; may be empty.
    pub escalation: String,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            remind_after: Duration::from_secs(4 * 3600),
            expire_after: Duration::from_secs(48 * 3600),
            warn_before: Duration::from_secs(4 * 3600),
            escalate_after: None,
            urgent_over: None,
            expiry_action: OnExpiry::Return,
            send_anyway: true,
            minimum_wait: Duration::ZERO,
            second_person: None,
            second_person_over: None,
            split: false,
            offer: Vec::new(),
            escalation: String::new(),
        }
    }
}

/// A header field by name and value: `X-Department: legal*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderGlob {
    /// The field's name; case does not matter.
    pub name: String,
    /// Its whole value.
    pub value: Glob,
}

impl HeaderGlob {
    /// Whether any field of the header meets it.
    pub fn meets(&self, header: &Header) -> bool {
        let fields = header.fields.iter().filter(|(n, _)| n.eq_ignore_ascii_case(&self.name));
        fields.into_iter().any(|(_, value)| self.value.matches(value.trim()))
    }
}

/// Whom a policy concerns. An empty list asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only these senders.
    pub senders: Vec<Glob>,
    /// Not these.
    pub except_senders: Vec<Glob>,
    /// Only these recipients.
    pub recipients: Vec<Glob>,
    /// Not these.
    pub except_recipients: Vec<Glob>,
    /// Only mail with one of these fields.
    pub headers: Vec<HeaderGlob>,
    /// Not mail with one of these.
    pub except_headers: Vec<HeaderGlob>,
    /// Only mail in these languages; mail of unknown language is among them.
    pub languages: Vec<Language>,
}

impl Scope {
    /// Whether mail of this sender with this header is meant.
    pub fn has_mail(&self, sender: &str, header: &Header, language: Option<Language>) -> bool {
        let spoken = language.is_none_or(|l| self.languages.contains(&l));
        listed(&self.senders, &self.except_senders, sender)
            && (self.headers.is_empty() || self.headers.iter().any(|h| h.meets(header)))
            && !self.except_headers.iter().any(|h| h.meets(header))
            && (self.languages.is_empty() || spoken)
    }

    /// Whether mail to this recipient is meant.
    pub fn has_recipient(&self, recipient: &str) -> bool {
        listed(&self.recipients, &self.except_recipients, recipient)
    }
}

fn listed(only: &[Glob], except: &[Glob], address: &str) -> bool {
    (only.is_empty() || only.iter().any(|g| g.matches(address)))
        && !except.iter().any(|g| g.matches(address))
}

/// An `[[exempt]]` table: mail that is never held. One entry of any list is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Its name, for people.
    pub name: String,
    /// Senders never held.
    pub senders: Vec<Glob>,
    /// Recipients whose mail is never held.
    pub recipients: Vec<Glob>,
    /// Fields that a trusted system of ours sets.
    pub headers: Vec<HeaderGlob>,
}

impl Exemption {
    /// Whether mail of this sender with this header is exempt.
    pub fn has_mail(&self, sender: &str, header: &Header) -> bool {
        self.senders.iter().any(|g| g.matches(sender))
            || self.headers.iter().any(|h| h.meets(header))
    }

    /// Whether mail to this recipient is.
    pub fn has_recipient(&self, recipient: &str) -> bool {
        self.recipients.iter().any(|g| g.matches(recipient))
    }
}

/// A `[[test]]` table: a mail and what must become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTest {
    /// Its name.
    pub name: String,
    /// Subject; may be empty.
    pub subject: String,
    /// What the sender newly wrote.
    pub text: String,
    /// The message it answers.
    pub quoted: Option<String>,
    /// The text of what is attached.
    pub attached: Option<String>,
    /// Its sender; somebody inside by default.
    pub from: Option<String>,
    /// Its recipient; somebody outside by default.
    pub to: Option<String>,
    /// Whether this policy must hold it.
    pub hold: bool,
}

/// One policy, without its signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its identifier.
    pub id: String,
    /// The file that it stands in.
    pub file: String,
    /// The kind of news as staff read it: "a warranty denial".
    pub title: String,
    /// Its category.
    pub category: String,
    /// What it is for.
    pub description: String,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// Its own mode.
    pub mode: Option<PolicyMode>,
    /// For whom that counts.
    pub rollout: Rollout,
    /// Log-odds before a word is read.
    pub base: f64,
    /// From which probability it holds.
    pub threshold: f64,
    /// The terms of its holds.
    pub terms: Terms,
    /// Where its file asks for a second person: file and octets.
    pub second_person_at: Option<(String, Range<usize>)>,
    /// Where it wants somebody above the sender to hear: file and octets.
    pub escalates_at: Option<(String, Range<usize>)>,
    /// Whom it concerns.
    pub scope: Scope,
    /// Whom it spares.
    pub exempt: Vec<Exemption>,
    /// Its tests.
    pub tests: Vec<PolicyTest>,
    /// What the learned model's word counts for.
    pub model_weight: f64,
    /// The most that it may add or take, before it is weighted.
    pub model_clip: f64,
    /// How much of its weight is left where the mail is in another language than English.
    pub model_other_languages: f64,
    /// The same as `model_weight` where a sentence was read in its context.
    pub reader_weight: f64,
    /// The same as `model_clip` there.
    pub reader_clip: f64,
}
