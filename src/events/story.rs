//! The kinds of events that webhooks are told, and which entries of the audit they are.

use crate::hold::AuditEntry;

/// What happened, in the words of those who asked to hear it. The names are kept for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A mail is held.
    Held,
    /// Somebody decided what becomes of it.
    Decided,
    /// The decision to send it was taken back.
    TakenBack,
    /// It is on its way to the next hop.
    Released,
    /// The next hop took it.
    Delivered,
    /// The next hop refused it for good.
    Undeliverable,
    /// Nobody decided in time.
    Expired,
    /// A call made a promise.
    PromiseOpen,
    /// A promise is kept.
    PromiseKept,
    /// Its reminders are used up.
    PromiseLate,
    /// Other policies, guides or texts are in force.
    PoliciesReloaded,
}

impl Kind {
    /// Each of them.
    pub const ALL: [Kind; 11] = [
        Kind::Held,
        Kind::Decided,
        Kind::TakenBack,
        Kind::Released,
        Kind::Delivered,
        Kind::Undeliverable,
        Kind::Expired,
        Kind::PromiseOpen,
        Kind::PromiseKept,
        Kind::PromiseLate,
        Kind::PoliciesReloaded,
    ];

    /// As in configurations and payloads.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Held => "hold.held",
            Kind::Decided => "hold.decided",
            Kind::TakenBack => "hold.taken_back",
            Kind::Released => "hold.released",
            Kind::Delivered => "hold.delivered",
            Kind::Undeliverable => "hold.undeliverable",
            Kind::Expired => "hold.expired",
            Kind::PromiseOpen => "promise.open",
            Kind::PromiseKept => "promise.kept",
            Kind::PromiseLate => "promise.late",
            Kind::PoliciesReloaded => "policies.reloaded",
        }
    }

    /// What people read.
    pub fn in_words(self) -> &'static str {
        match self {
            Kind::Held => "A mail is held and its sender is asked to call",
            Kind::Decided => "It is decided what becomes of a held mail",
            Kind::TakenBack => "The decision to send a mail is taken back",
            Kind::Released => "A held mail is on its way",
            Kind::Delivered => "A held mail is delivered",
            Kind::Undeliverable => "A held mail cannot be delivered",
            Kind::Expired => "Nobody decided about a held mail in time",
            Kind::PromiseOpen => "A promise was made to a customer",
            Kind::PromiseKept => "A promise to a customer is kept",
            Kind::PromiseLate => "A promise to a customer is late",
            Kind::PoliciesReloaded => "Other policies are in force",
        }
    }

    /// What an entry of the audit tells; mostly nothing, sometimes two things.
    pub fn of(entry: &AuditEntry) -> impl Iterator<Item = Kind> {
        let told = match entry.event.name.as_str() {
            "held" => Some(Kind::Held),
            "called_send" | "called_dont_send" | "withdrawn" | "rewritten" | "false_alarm"
            | "send_anyway" | "agreed" => Some(Kind::Decided),
            "taken_back" => Some(Kind::TakenBack),
            "release_begun" => Some(Kind::Released),
            "delivered" => Some(Kind::Delivered),
            "undeliverable" => Some(Kind::Undeliverable),
            "expired" => Some(Kind::Expired),
            "promise_kept" => Some(Kind::PromiseKept),
            "promise_overdue" => Some(Kind::PromiseLate),
            "policy_reloaded" | "guides_reloaded" | "texts_reloaded" | "files_changed" => {
                Some(Kind::PoliciesReloaded)
            }
            _ => None,
        };
        let promised = entry.event.facts.iter().any(|(name, _)| name == "promised_for");
        told.into_iter().chain(promised.then_some(Kind::PromiseOpen))
    }
}
