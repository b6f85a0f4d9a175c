//! What the pages of the desk stand on.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Proxy;
use crate::{
    accounts::Accounts,
    hold::{Hold, HoldStore},
    mail::{Mailbox, Timestamp},
    release::Desk,
    rights::{Person, Whose},
    store::Database,
    team::Teams,
};
#[cfg(feature = "oidc")]
use crate::{oidc::Provider, rights::Role};

/// Everything the handlers need; built once by `app`.
#[derive(Clone)]
pub struct DeskState {
    /// Who may log in, and who is.
    pub accounts: Accounts,
    /// Held mail, and the audit.
    pub store: Arc<dyn HoldStore>,
    /// The database under both, for what neither tells.
    pub database: Database,
    /// Where decisions are made.
    pub decisions: Desk,
    /// The organisation's name.
    pub organisation: String,
    /// Where browsers see us: `https://callfirst.northwind-hvac.example`, with the path below which a
    /// proxy serves us, if it does.
    pub public_url: String,
    /// The proxy before us, where there is one.
    pub proxy: Proxy,
    /// The house's identity provider, where there is one.
    #[cfg(feature = "oidc")]
    pub provider: Option<Arc<ProviderLogIn>>,
    /// Makes the form's token of whoever has no session of ours.
    pub form_key: [u8; 32],
    /// Whose mail is of which team.
    pub teams: Arc<Teams>,
    /// The zone in which times are told.
    pub zone: TimeZone,
    /// The time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// Logging in by an identity provider.
#[cfg(feature = "oidc")]
pub struct ProviderLogIn {
    /// Its name on the button.
    pub name: String,
    /// Its URL, as it names itself.
    pub issuer: String,
    /// The provider.
    pub provider: Provider,
    /// What a group makes somebody, and of which team; none: roles are kept here.
    pub groups: Vec<(String, Role, Option<String>)>,
}

impl DeskState {
    /// The name of the house's own log-in, where there is one.
    pub(super) fn provider_name(&self) -> Option<String> {
        #[cfg(feature = "oidc")]
        return self.provider.as_ref().map(|provider| provider.name.clone());
        #[cfg(not(feature = "oidc"))]
        None
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The path below which we are served; empty at the root. Every link begins with it.
    pub fn root(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("").trim_end_matches('/')
    }

    /// A time in the house's zone: `22 Nov 2026, 17:05`.
    pub fn say(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%-d %b %Y, %H:%M").to_string()
    }

    /// Whose hold it is, as `rights` asks.
    pub fn whose<'a>(&'a self, hold: &'a Hold) -> Whose<'a> {
        let sender = hold.envelope.reverse_path();
        Whose { sender: sender.mailbox(), team: &self.teams.of(sender).name }
    }

    /// A person with what the configuration says of him: the teams whose lead he is.
    pub(super) fn with_teams(&self, person: Person) -> Person {
        let teams = self.teams.all().iter().chain([self.teams.house()]);
        let leads = teams.filter_map(|team| Some((team.name.as_str(), team.lead.as_ref()?)));
        person.leading(leads.collect::<Vec<(&str, &Mailbox)>>())
    }
}
