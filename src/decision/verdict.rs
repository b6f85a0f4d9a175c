//! The values of this room.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{mail::ForwardPath, message::Language, policy::PolicyMode};

/// Hold it or let it pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Keep it and prompt the sender to call.
    Hold,
    /// Pass it on.
    Pass,
}

/// How far verdicts go; the later, the further.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Pass everything on and record what would have been held.
    Observe,
    /// The same, and tell the sender that a call would have been better.
    Notify,
    /// Hold what is to be held.
    #[default]
    Enforce,
}

impl Mode {
    /// All of them with their names.
    pub const ALL: [(&'static str, Mode); 3] =
        [("observe", Mode::Observe), ("notify", Mode::Notify), ("enforce", Mode::Enforce)];

    /// As files spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Observe => "observe",
            Mode::Notify => "notify",
            Mode::Enforce => "enforce",
        }
    }
}

impl From<PolicyMode> for Mode {
    fn from(mode: PolicyMode) -> Mode {
        match mode {
            PolicyMode::Observe => Mode::Observe,
            PolicyMode::Notify => Mode::Notify,
            PolicyMode::Enforce => Mode::Enforce,
        }
    }
}

/// Why the verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A policy's threshold was reached.
    Policy,
    /// No policy's threshold was reached.
    BelowThreshold,
    /// `Auto-Submitted`, a list, or bulk precedence (RFC 3834, RFC 2919).
    Automatic,
    /// Every recipient is inside.
    Internal,
    /// A listed sender.
    ExemptSender,
    /// Every outside recipient is listed.
    ExemptRecipient,
    /// The mail confirms a conversation that took place.
    AlreadyCalled,
    /// `MAIL FROM:<>`: a report.
    NullReversePath,
    /// The sender is outside: the mail is not ours to hold.
    OutsideSender,
}

impl Reason {
    /// As the contract spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Policy => "policy",
            Reason::BelowThreshold => "below_threshold",
            Reason::Automatic => "automatic",
            Reason::Internal => "internal",
            Reason::ExemptSender => "exempt_sender",
            Reason::ExemptRecipient => "exempt_recipient",
            Reason::AlreadyCalled => "already_called",
            Reason::NullReversePath => "null_reverse_path",
            Reason::OutsideSender => "outside_sender",
        }
    }
}

/// Our side of the line between inside and outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its name, as shown in notices.
    pub name: String,
    /// Its mail domains, lower case; subdomains count as inside.
    pub domains: Vec<String>,
}

impl Organisation {
    /// Whether an address is ours. A bare `postmaster` is; with no domain configured nothing else is.
    pub fn is_inside(&self, mailbox: &crate::mail::Mailbox) -> bool {
        let Some(domain) = mailbox.domain() else { return true };
        let domain = domain.trim_end_matches('.').to_ascii_lowercase();
        self.domains.iter().any(|d| {
            domain == *d || domain.strip_suffix(d.as_str()).is_some_and(|rest| rest.ends_with('.'))
        })
    }
}

/// What happens to a hold nobody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryAction {
    /// Undelivered, back to the sender with a notice.
    #[default]
    Return,
    /// It goes out.
    Release,
    /// It stays and the sender is reminded again.
    Keep,
}

/// Who sends only with a second person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondPerson {
    /// Whoever sends without a call: anyway, or as a false alarm.
    SendAnyway,
    /// Whoever called, too.
    Always,
}

/// The terms of a hold, as the policy that caused it set them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldTerms {
    /// First reminder after this long, and again after each such span until expiry.
    pub remind_after: Duration,
    /// The expiry action comes after this long.
    pub expire_after: Duration,
    /// The sender is told so long before, at work; zero: he is not.
    #[serde(default = "warn_before")]
    pub warn_before: Duration,
    /// Who leads the sender's team hears after this long, and after as long again the admin.
    #[serde(default)]
    pub escalate_after: Option<Duration>,
    /// From above this amount the mail is urgent, whatever the currency.
    #[serde(default)]
    pub urgent_over: Option<u64>,
    /// What then happens.
    pub expiry_action: ExpiryAction,
    /// Whether the sender may send it without a call, with a typed reason.
    pub send_anyway: bool,
    /// It goes out no sooner after it was held, whoever decides.
    #[serde(default)]
    pub minimum_wait: Duration,
    /// Who sends only with a second person's word.
    #[serde(default)]
    pub second_person: Option<SecondPerson>,
    /// That word is needed only where the mail names at least this amount, in whatever currency.
    #[serde(default)]
    pub second_person_over: Option<u64>,
    /// Hold it only for outside recipients the policy means and pass it on to the others.
    pub split: bool,
    /// What the sender may offer on the telephone.
    #[serde(default)]
    pub offer: Vec<String>,
    /// Whom he may ask where more is needed; may be empty.
    #[serde(default)]
    pub escalation: String,
}

impl HoldTerms {
    /// What happens to it when nobody decides. Time is no second person: where one is wanted, nothing
    /// goes out by itself.
    pub fn at_expiry(&self) -> ExpiryAction {
        match self.expiry_action {
            ExpiryAction::Release if self.second_person.is_some() => ExpiryAction::Return,
            action => action,
        }
    }

    /// How long after now the next reminder comes, before anybody's working hours are thought of: the
    /// one rule for whoever sets such a time. Half as long where the mail is urgent, and never so soon
    /// that it is nagging.
    pub fn until_reminder(&self, urgent: bool) -> Duration {
        HoldTerms::hurried(self.remind_after, urgent)
    }

    /// The same until the next one above the sender hears of it; `None` where nobody is to.
    pub fn until_escalation(&self, urgent: bool) -> Option<Duration> {
        Some(HoldTerms::hurried(self.escalate_after?, urgent))
    }

    fn hurried(span: Duration, urgent: bool) -> Duration {
        let span = if urgent { span / 2 } else { span };
        span.max(LEAST_BETWEEN)
    }

    /// Whether more than its sender's word decides when it goes out: a second person, or a wait.
    pub fn binds_sending(&self) -> bool {
        self.second_person.is_some() || !self.minimum_wait.is_zero()
    }
}

/// Whatever a policy says, no two letters about one hold come sooner after each other.
pub const LEAST_BETWEEN: Duration = Duration::from_secs(15 * 60);

/// What a policy that says nothing means, and a hold of an earlier release.
fn warn_before() -> Duration {
    Duration::from_secs(4 * 3600)
}

impl Default for HoldTerms {
    fn default() -> Self {
        HoldTerms {
            remind_after: Duration::from_secs(4 * 3600),
            expire_after: Duration::from_secs(48 * 3600),
            warn_before: warn_before(),
            escalate_after: None,
            urgent_over: None,
            expiry_action: ExpiryAction::Return,
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

/// One thing that spoke for or against holding: the contract's `evidence`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The sender's own words, short.
    pub text: String,
    /// Where they stand: `subject`, `new`, `attachment`, or a fact such as `header`.
    #[serde(rename = "where")]
    pub place: String,
    /// The signal's name in its policy.
    pub signal: String,
    /// What it adds to the log-odds; negative speaks for passing.
    pub weight: f64,
}

/// The verdict for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientVerdict {
    /// Whom.
    pub address: ForwardPath,
    /// Hold or pass.
    pub verdict: Verdict,
}

/// What was decided about one message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What enforce mode does with it.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The policy that decided or came nearest.
    pub policy: Option<String>,
    /// Its category, as in the labelling rule.
    pub category: Option<String>,
    /// What staff read as the kind of news: "a warranty denial".
    pub title: Option<String>,
    /// How sure the policy is, 0 to 1.
    pub probability: f64,
    /// From which probability it holds.
    pub threshold: f64,
    /// The language it was judged in.
    pub language: Option<Language>,
    /// Whether the verdict bites.
    pub mode: Mode,
    /// One verdict a recipient, in the envelope's order.
    pub recipients: Vec<RecipientVerdict>,
    /// What spoke for and against, heaviest first.
    pub evidence: Vec<Evidence>,
    /// The terms of the hold.
    pub terms: HoldTerms,
    /// Exempt, and would have been held otherwise: listed for the admin.
    pub would_hold: bool,
}

impl Decision {
    /// Whether the sender is told of mail that goes out: the verdict, in the mode between.
    pub fn only_tells(&self) -> bool {
        self.verdict == Verdict::Hold && self.mode == Mode::Notify
    }

    /// Whether anything is held now: the verdict, unless we only observe.
    pub fn bites(&self) -> bool {
        self.verdict == Verdict::Hold && self.mode == Mode::Enforce
    }
}
