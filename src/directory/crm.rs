//! The customer system: one question about one address, within all limits.

use std::{
    path::PathBuf,
    str::FromStr,
    time::{Duration, Instant},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::timeout;

use super::{answer, cache::Cache};
use crate::{
    call::Known,
    http::{self, BadEndpoint, BadSettings, Call, Client, Endpoint, Failure, Secret},
    reach::{Gate, Limits, Turn},
    telemetry,
};

/// No answer has more octets: a name, a role and a few numbers.
const MAX_ANSWER_OCTETS: usize = 16 << 10;
/// Where the address goes into the URL.
const PLACE: &str = "{address}";
/// Stands for it while the URL is taken apart.
const STAND_IN: &str = "callfirst-address";

/// A URL with a place for the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Where it is asked.
    pub endpoint: Endpoint,
    /// Path and query before and behind the address.
    around: (String, String),
}

/// Why a URL will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// No URL.
    #[error(transparent)]
    Endpoint(#[from] BadEndpoint),
    /// No place for the address, several, or one outside of path and query.
    #[error("must hold `{PLACE}` once, in its path or query")]
    Place,
}

impl FromStr for Template {
    type Err = BadTemplate;

    fn from_str(url: &str) -> Result<Template, BadTemplate> {
        let endpoint: Endpoint = url.replace(PLACE, STAND_IN).parse()?;
        let around = endpoint.target.split_once(STAND_IN).ok_or(BadTemplate::Place)?;
        let around = (around.0.to_owned(), around.1.to_owned());
        match url.matches(PLACE).count() {
            1 => Ok(Template { endpoint, around }),
            _ => Err(BadTemplate::Place),
        }
    }
}

impl Template {
    fn target(&self, address: &str) -> String {
        let (before, behind) = &self.around;
        format!("{before}{}{behind}", utf8_percent_encode(address, NON_ALPHANUMERIC))
    }
}

/// Where it is, and what it may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrmSettings {
    /// Where it is asked.
    pub url: Template,
    /// The file with its key; without it none is sent.
    pub key_file: Option<PathBuf>,
    /// The field that takes the key; without it `Authorization: Bearer`.
    pub key_field: Option<String>,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// From the connection to the last octet of the answer.
    pub timeout: Duration,
    /// How long an answer is good.
    pub cache: Duration,
    /// How much may be asked.
    pub limits: Limits,
    /// The country of numbers without a country code.
    pub country: Option<String>,
}

/// See the module. Shared by all sessions.
pub struct Crm {
    client: Client,
    gate: Gate,
    template: Template,
    timeout: Duration,
    cache: Cache,
    country: Option<String>,
}

/// What became of a question.
enum Outcome {
    Known(Known),
    Unknown,
    NoAnswer(&'static str),
}

impl Crm {
    /// Reads key and certificates. Asks nobody.
    pub fn new(settings: &CrmSettings) -> Result<Crm, BadSettings> {
        let secret = settings.key_file.as_deref().map(|path| match &settings.key_field {
            Some(field) => Secret::in_field(field, path),
            None => Secret::bearer(path),
        });
        let client = Client::new(http::Settings {
            endpoint: settings.url.endpoint.clone(),
            secret: secret.transpose()?,
            ca_file: settings.ca_file.clone(),
            // Whom a house writes bad news to is nobody's business on the way.
            plain_http: false,
            most_idle: settings.limits.at_once,
            most_octets: MAX_ANSWER_OCTETS,
        })?;
        Ok(Crm {
            client,
            gate: Gate::new(settings.limits, tell),
            template: settings.url.clone(),
            timeout: settings.timeout,
            cache: Cache::new(settings.cache),
            country: settings.country.clone(),
        })
    }

    /// What it knows about an address. Never waits for its turn, and for an answer no longer than
    /// the timeout.
    pub async fn look_up(&self, address: &str) -> Option<Known> {
        let address = address.to_lowercase();
        let began = Instant::now();
        if let Some(known) = self.cache.get(&address, began) {
            telemetry::directory::remembered();
            return known;
        }
        let entry = match self.gate.enter() {
            Ok(entry) => entry,
            Err(refusal) => {
                telemetry::directory::not_asked(refusal.word());
                return None;
            }
        };
        let outcome = match timeout(self.timeout, self.ask(&address)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::NoAnswer(Failure::TimedOut.word()),
        };
        let (word, known) = match outcome {
            Outcome::Known(known) => ("known", Some(known)),
            Outcome::Unknown => ("unknown", None),
            Outcome::NoAnswer(why) => {
                telemetry::directory::asked(why, began.elapsed());
                return None;
            }
        };
        entry.succeeded();
        telemetry::directory::asked(word, began.elapsed());
        self.cache.put(&address, known.clone(), Instant::now());
        known
    }

    async fn ask(&self, address: &str) -> Outcome {
        let reply = match self.client.ask(Call::Get(&self.template.target(address))).await {
            Ok(reply) => reply,
            Err(failure) => return Outcome::NoAnswer(failure.word()),
        };
        match reply.status {
            200 => answer::read(&reply.body, self.country.as_deref())
                .map_or(Outcome::NoAnswer("invalid"), Outcome::Known),
            204 | 404 => Outcome::Unknown,
            status => Outcome::NoAnswer(Failure::Status(status).word()),
        }
    }
}

fn tell(turn: Turn) {
    match turn {
        Turn::Rests(pause) => telemetry::directory::rests(pause),
        Turn::IsBack => telemetry::directory::is_back(),
    }
}
