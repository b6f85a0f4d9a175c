//! What an ID token claims, and whether it is about this log-in (OpenID Connect Core 1.0 §3.1.3.7).

use serde_json::{Map, Value};

use super::{Begun, Settings};
use crate::mail::Timestamp;

/// How far the provider's clock may be off.
const LEEWAY_SECS: i64 = 60;
/// No name or group is longer, and nobody is in more groups.
const MAX_CHARS: usize = 200;
const MAX_GROUPS: usize = 1_000;

/// Who somebody is, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider's own name for him, which never becomes somebody else's.
    pub subject: String,
    /// What he would log in by.
    pub login: String,
    /// What people call him; may be empty.
    pub name: String,
    /// His mailbox, if the provider has checked it.
    pub address: Option<String>,
    /// The groups that he is in.
    pub groups: Vec<String>,
}

/// The claims of a token whose signature is good.
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn read(payload: &[u8]) -> Option<Claims> {
        serde_json::from_slice(payload).ok().map(Claims)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn second(&self, name: &str) -> Option<i64> {
        let number = self.0.get(name)?;
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))
    }

    /// What is wrong with it, in a word; `None` where nothing is.
    pub(super) fn fault(
        &self,
        settings: &Settings,
        begun: &Begun,
        now: Timestamp,
    ) -> Option<&'static str> {
        let now = now.as_second();
        let audience: Vec<&str> = match self.0.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let party = self.text("azp");
        if self.text("iss") != Some(&settings.issuer) {
            Some("issuer")
        } else if !audience.contains(&settings.client_id.as_str()) {
            Some("audience")
        } else if party.is_some_and(|party| party != settings.client_id)
            || (audience.len() > 1 && party.is_none())
        {
            Some("authorised party")
        } else if self.second("exp").is_none_or(|end| end.saturating_add(LEEWAY_SECS) <= now) {
            Some("expired")
        } else if self.second("iat").is_none_or(|at| at > now.saturating_add(LEEWAY_SECS))
            || self.second("nbf").is_some_and(|at| at > now.saturating_add(LEEWAY_SECS))
        {
            Some("not valid yet")
        } else if self.text("nonce") != Some(&begun.nonce) {
            Some("nonce")
        } else {
            None
        }
    }

    /// Who it is about; `None` where it names nobody.
    pub(super) fn identity(&self, settings: &Settings) -> Option<Identity> {
        let short = |text: &str| text.chars().take(MAX_CHARS).collect::<String>();
        let login = self.text(&settings.login_claim).or_else(|| self.text("email"));
        let is_checked = self.0.get("email_verified").is_none_or(|v| *v == Value::Bool(true));
        let groups = match self.0.get(&settings.groups_claim) {
            Some(Value::Array(groups)) => groups
                .iter()
                .take(MAX_GROUPS)
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        };
        Some(Identity {
            subject: self.text("sub").filter(|subject| subject.len() <= 255)?.to_owned(),
            login: short(login?),
            name: short(self.text("name").unwrap_or_default()),
            address: self.text("email").filter(|_| is_checked).map(short),
            groups,
        })
    }
}
