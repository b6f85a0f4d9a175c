//! The provider: found by its own description, asked for its keys and for tokens.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;
use tokio::{sync::Mutex, time::timeout};

use super::{
    begun::Begun,
    claims::{Claims, Identity},
    keys::Keys,
    signed::Signed,
};
use crate::{
    http::{self, BadSettings, Call, Client, Endpoint, Failure, Secret},
    mail::Timestamp,
};

/// No answer of a provider is longer.
const MAX_ANSWER_OCTETS: usize = 512 << 10;
/// A person waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(8);
/// The description and the keys are asked for anew after this.
const FRESH_FOR: Duration = Duration::from_secs(3600);
/// A token signed by a key that we do not know makes us ask for the keys, but not more often.
const KEYS_EVERY: Duration = Duration::from_secs(60);

/// What a provider is asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its URL, exactly as it names itself.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// The file of our secret there; without it PKCE alone proves that the code is ours.
    pub secret_file: Option<PathBuf>,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Which claim is the log-in name.
    pub login_claim: String,
    /// Which claim lists the groups.
    pub groups_claim: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
}

/// Why nobody was told who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider gave no answer that we can use.
    #[error("the identity provider could not be asked for {what}: {why}")]
    Unanswered {
        /// What was asked for.
        what: &'static str,
        /// In a word.
        why: &'static str,
    },
    /// It describes itself as another.
    #[error("the identity provider calls itself another issuer than `desk.oidc.issuer`")]
    OtherIssuer,
    /// An address of it that will not do.
    #[error("the identity provider names an address for {0} that cannot be used")]
    BadEndpoint(&'static str),
    /// The file of our secret or of authorities is not in order.
    #[error("cannot use the files of `desk.oidc`")]
    Files(#[source] BadSettings),
    /// What the browser brought back is not of the log-in that it began.
    #[error("the answer belongs to no log-in that was begun in this browser")]
    OtherBrowser,
    /// The token is not good.
    #[error("the token of the identity provider is not good: {0}")]
    BadToken(&'static str),
    /// The machine gave no randomness.
    #[error("the machine gave no randomness")]
    NoRandomness,
}

/// An identity provider. Shared by all who log in.
pub struct Provider {
    settings: Settings,
    found: Mutex<Option<Arc<Found>>>,
}

/// What the provider told of itself.
struct Found {
    since: Instant,
    authorize: String,
    token: Client,
    jwks: Client,
    jwks_target: String,
    keys: Mutex<(Instant, Arc<Keys>)>,
}

/// `/.well-known/openid-configuration`, as far as we need it.
#[derive(Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// Asks nobody yet: a provider that is down must not keep the mail from being served.
    pub fn new(settings: Settings) -> Provider {
        Provider { settings, found: Mutex::default() }
    }

    /// Where to send a browser that is to come back to `redirect`, and what it must bring.
    pub async fn begin(&self, redirect: &str) -> Result<(String, Begun), OidcError> {
        let found = self.found().await?;
        let begun = Begun::new().ok_or(OidcError::NoRandomness)?;
        let scopes =
            std::iter::once("openid").chain(self.settings.scopes.iter().map(String::as_str));
        let scopes = scopes.collect::<Vec<_>>().join(" ");
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", redirect),
            ("scope", &scopes),
            ("state", &begun.state),
            ("nonce", &begun.nonce),
            ("code_challenge", &begun.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        let joint = if found.authorize.contains('?') { '&' } else { '?' };
        Ok((format!("{}{joint}{query}", found.authorize), begun))
    }

    /// Who came back with this code, in the browser that began.
    pub async fn finish(
        &self,
        begun: &Begun,
        (state, code): (&str, &str),
        redirect: &str,
        now: Timestamp,
    ) -> Result<Identity, OidcError> {
        if !bool::from(begun.state.as_bytes().ct_eq(state.as_bytes())) {
            return Err(OidcError::OtherBrowser);
        }
        let found = self.found().await?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", &begun.verifier),
        ];
        if self.settings.secret_file.is_none() {
            fields.push(("client_id", &self.settings.client_id));
        }
        let tokens: Tokens = ask(&found.token, Call::Form(form(&fields)), "a token").await?;
        let signed = Signed::read(&tokens.id_token).ok_or(OidcError::BadToken("form"))?;
        let keys = found.keys(signed.key.as_deref()).await?;
        let payload = signed.payload(&keys).ok_or(OidcError::BadToken("signature"))?;
        let claims = Claims::read(&payload).ok_or(OidcError::BadToken("claims"))?;
        if let Some(fault) = claims.fault(&self.settings, begun, now) {
            return Err(OidcError::BadToken(fault));
        }
        claims.identity(&self.settings).ok_or(OidcError::BadToken("names nobody"))
    }

    /// What the provider tells of itself, asked for once in a while.
    async fn found(&self) -> Result<Arc<Found>, OidcError> {
        let mut found = self.found.lock().await;
        if let Some(found) = found.as_ref().filter(|found| found.since.elapsed() < FRESH_FOR) {
            return Ok(Arc::clone(found));
        }
        let fresh = Arc::new(self.find().await?);
        *found = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn find(&self) -> Result<Found, OidcError> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let at = format!("{issuer}/.well-known/openid-configuration");
        let (client, target) = self.client(&at, false, "its description")?;
        let told: Description = ask(&client, Call::Get(&target), "its description").await?;
        if told.issuer != self.settings.issuer {
            return Err(OidcError::OtherIssuer);
        }
        let (token, _) = self.client(&told.token_endpoint, true, "tokens")?;
        let (jwks, jwks_target) = self.client(&told.jwks_uri, false, "its keys")?;
        // Browsers are sent there: nothing but a page, and no clear text to the world.
        let page = endpoint(&told.authorization_endpoint, "log-ins")?;
        if page.is_plain_and_public() {
            return Err(OidcError::BadEndpoint("log-ins"));
        }
        let keys: Keys = ask(&jwks, Call::Get(&jwks_target), "its keys").await?;
        let now = Instant::now();
        Ok(Found {
            since: now,
            authorize: told.authorization_endpoint,
            token,
            jwks,
            jwks_target,
            keys: Mutex::new((now, Arc::new(keys))),
        })
    }

    fn client(
        &self,
        url: &str,
        is_secret: bool,
        what: &'static str,
    ) -> Result<(Client, String), OidcError> {
        let endpoint = endpoint(url, what)?;
        let target = endpoint.target.clone();
        let file = self.settings.secret_file.as_deref().filter(|_| is_secret);
        let secret = file.map(|file| Secret::basic(&self.settings.client_id, file)).transpose();
        let client = Client::new(http::Settings {
            endpoint,
            secret: secret.map_err(OidcError::Files)?,
            ca_file: self.settings.ca_file.clone(),
            plain_http: false,
            most_idle: 1,
            most_octets: MAX_ANSWER_OCTETS,
        });
        Ok((client.map_err(OidcError::Files)?, target))
    }
}

impl Found {
    /// The keys, asked for anew where one of this id is not among them.
    async fn keys(&self, id: Option<&str>) -> Result<Arc<Keys>, OidcError> {
        let mut kept = self.keys.lock().await;
        let (since, keys) = &*kept;
        if keys.knows(id) || since.elapsed() < KEYS_EVERY {
            return Ok(Arc::clone(keys));
        }
        let fresh: Keys = ask(&self.jwks, Call::Get(&self.jwks_target), "its keys").await?;
        let fresh = Arc::new(fresh);
        *kept = (Instant::now(), Arc::clone(&fresh));
        Ok(fresh)
    }
}

fn endpoint(url: &str, what: &'static str) -> Result<Endpoint, OidcError> {
    let graphic = url.bytes().all(|octet| octet.is_ascii_graphic());
    let endpoint = url.parse::<Endpoint>().ok().filter(|_| graphic && !url.contains('#'));
    endpoint.ok_or(OidcError::BadEndpoint(what))
}

async fn ask<T: DeserializeOwned>(
    client: &Client,
    call: Call<'_>,
    what: &'static str,
) -> Result<T, OidcError> {
    let unanswered = |why| OidcError::Unanswered { what, why };
    let asked = timeout(PATIENCE, client.ask(call)).await;
    let reply = asked.map_err(|_| unanswered(Failure::TimedOut.word()))?;
    let reply = reply.map_err(|failure| unanswered(failure.word()))?;
    if reply.status != 200 {
        return Err(unanswered(Failure::Status(reply.status).word()));
    }
    serde_json::from_slice(&reply.body).map_err(|_| unanswered("garbled"))
}

/// Fields as a form, encoded.
fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
