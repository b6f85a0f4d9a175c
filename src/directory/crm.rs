//! The customer system: one question about one address, over HTTP.

use std::{path::PathBuf, str::FromStr};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Bounds, answer, remote::Outcome};
use crate::http::{self, BadEndpoint, BadSettings, Call, Client, Endpoint, Failure, Secret};

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

/// Where it is, and how it is asked.
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
    /// What it may cost.
    pub bounds: Bounds,
    /// The country of numbers without a country code.
    pub country: Option<String>,
}

/// See the module.
pub(super) struct Crm {
    client: Client,
    template: Template,
    country: Option<String>,
}

impl Crm {
    /// Reads key and certificates. Asks nobody.
    pub(super) fn new(settings: &CrmSettings) -> Result<Crm, BadSettings> {
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
            most_idle: settings.bounds.limits.at_once,
            most_octets: MAX_ANSWER_OCTETS,
        })?;
        Ok(Crm { client, template: settings.url.clone(), country: settings.country.clone() })
    }

    /// Asks about an address in lower case.
    pub(super) async fn ask(&self, address: &str) -> Outcome {
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
