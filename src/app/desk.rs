//! The desk, put together by the configuration.

use std::sync::Arc;

use crate::{
    accounts::{AccountError, Accounts, Seal},
    config::Config,
    desk::{DeskState, Proxy},
    release::{Desk, Keys},
    store::Database,
    telemetry, worker,
};
#[cfg(feature = "oidc")]
use crate::{config::ProviderSettings, desk::ProviderLogIn, oidc::Provider};

/// The accounts in a database; the key of the store closes what it must not tell.
pub fn accounts(
    config: &Config,
    database: Database,
    keys: &Keys,
) -> Result<Accounts, AccountError> {
    let seal = Seal::new(&keys.derived("second factors"))?;
    Ok(Accounts::new(database, config.desk.sessions, seal))
}

/// What the pages of the desk stand on.
pub(super) fn state(
    config: &Config,
    (database, accounts): (Database, Accounts),
    (decisions, keys): (&Desk, &Keys),
    clock: &worker::Clock,
) -> DeskState {
    DeskState {
        accounts,
        store: decisions.store(),
        database,
        decisions: decisions.clone(),
        organisation: config.organisation.name.clone(),
        public_url: config.web.public_url.clone(),
        proxy: proxy(config),
        #[cfg(feature = "oidc")]
        provider: config.desk.oidc.as_ref().map(|settings| Arc::new(provider(settings))),
        form_key: keys.derived("forms of the desk"),
        teams: Arc::clone(&config.teams),
        zone: config.notice.zone(),
        clock: Arc::clone(clock),
    }
}

fn proxy(config: &Config) -> Proxy {
    let networks = config.desk.proxy_networks.clone();
    let is_one = move |address| networks.iter().any(|network| network.contains(address));
    Proxy::new(Arc::new(is_one), config.desk.proxy_header.clone())
}

#[cfg(feature = "oidc")]
fn provider(settings: &ProviderSettings) -> ProviderLogIn {
    ProviderLogIn {
        name: settings.name.clone(),
        issuer: settings.ask.issuer.clone(),
        provider: Provider::new(settings.ask.clone()),
        groups: settings.groups.clone(),
    }
}

/// Says how to make an account where nobody has one: the desk is there and lets nobody in.
pub(super) async fn tell_if_nobody(accounts: &Accounts) {
    if matches!(accounts.are_any().await, Ok(false)) {
        telemetry::desk::nobody();
    }
}
