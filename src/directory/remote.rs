//! Sources that are asked over the net: one question about one address, within all limits.
//!
//! Whatever is asked, and however it is spoken to: an answer is remembered, nobody waits for a turn, and
//! for an answer no longer than its time; a source that fails is left alone for a while. No answer is an
//! outcome.

use std::time::{Duration, Instant};

use tokio::time::timeout;

#[cfg(feature = "ldap")]
use super::ldap::{Ldap, LdapSettings};
use super::{
    cache::Cache,
    crm::{Crm, CrmSettings},
};
use crate::{
    call::{Known, Source},
    http,
    reach::{Gate, Limits, Turn},
    telemetry,
};

/// What questions may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// From the connection to the last octet of the answer.
    pub timeout: Duration,
    /// How long an answer is good.
    pub cache: Duration,
    /// How much may be asked.
    pub limits: Limits,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It knows the person.
    Known(Known),
    /// It knows nobody.
    Unknown,
    /// It knows several, and does not say which is meant.
    #[cfg_attr(not(feature = "ldap"), expect(dead_code, reason = "a customer system gives one"))]
    Ambiguous,
    /// No usable answer; a word that says why.
    NoAnswer(&'static str),
}

/// See the module. Shared by all sessions.
pub struct Remote {
    service: Service,
    gate: Gate,
    timeout: Duration,
    cache: Cache,
}

enum Service {
    Crm(Box<Crm>),
    #[cfg(feature = "ldap")]
    Ldap(Ldap),
}

impl Remote {
    /// A customer system. Reads key and certificates, asks nobody.
    pub fn crm(settings: &CrmSettings) -> Result<Remote, http::BadSettings> {
        let tell = |turn| tell(Source::Crm, turn);
        Ok(Remote::new(Service::Crm(Box::new(Crm::new(settings)?)), &settings.bounds, tell))
    }

    /// An LDAP directory. Reads password and certificates, asks nobody.
    #[cfg(feature = "ldap")]
    pub fn ldap(settings: &LdapSettings) -> Result<Remote, crate::reach::BadSettings> {
        let tell = |turn| tell(Source::Ldap, turn);
        Ok(Remote::new(Service::Ldap(Ldap::new(settings)?), &settings.bounds, tell))
    }

    fn new(service: Service, bounds: &Bounds, tell: fn(Turn)) -> Remote {
        Remote {
            service,
            gate: Gate::new(bounds.limits, tell),
            timeout: bounds.timeout,
            cache: Cache::new(bounds.cache),
        }
    }

    /// What it knows about an address. Never waits for its turn, and for an answer no longer than
    /// the timeout.
    pub async fn look_up(&self, address: &str) -> Option<Known> {
        let source = self.source().word();
        let address = address.to_lowercase();
        let began = Instant::now();
        if let Some(known) = self.cache.get(&address, began) {
            telemetry::directory::remembered(source);
            return known;
        }
        let entry = match self.gate.enter() {
            Ok(entry) => entry,
            Err(refusal) => {
                telemetry::directory::not_asked(source, refusal.word());
                return None;
            }
        };
        let asked = timeout(self.timeout, self.ask(&address)).await;
        let outcome = asked.unwrap_or(Outcome::NoAnswer(TIMED_OUT));
        telemetry::directory::asked(source, outcome.word(), began.elapsed());
        let known = match outcome {
            Outcome::Known(known) => Some(known),
            Outcome::Unknown | Outcome::Ambiguous => None,
            Outcome::NoAnswer(_) => return None,
        };
        entry.succeeded();
        self.cache.put(&address, known.clone(), Instant::now());
        known
    }

    async fn ask(&self, address: &str) -> Outcome {
        match &self.service {
            Service::Crm(crm) => crm.ask(address).await,
            #[cfg(feature = "ldap")]
            Service::Ldap(ldap) => ldap.ask(address).await,
        }
    }

    fn source(&self) -> Source {
        match self.service {
            Service::Crm(_) => Source::Crm,
            #[cfg(feature = "ldap")]
            Service::Ldap(_) => Source::Ldap,
        }
    }
}

/// The word for an answer that did not come in time.
const TIMED_OUT: &str = "timed_out";

impl Outcome {
    /// One word, for metrics and logs.
    fn word(&self) -> &'static str {
        match self {
            Outcome::Known(_) => "known",
            Outcome::Unknown => "unknown",
            Outcome::Ambiguous => "ambiguous",
            Outcome::NoAnswer(why) => why,
        }
    }
}

fn tell(source: Source, turn: Turn) {
    match turn {
        Turn::Rests(pause) => telemetry::directory::rests(source.word(), pause),
        Turn::IsBack => telemetry::directory::is_back(source.word()),
    }
}
