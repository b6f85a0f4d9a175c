//! The desk, put together by the configuration.

use std::sync::Arc;

use crate::{
    accounts::Accounts, changes::Workshop, config::Config, desk::DeskState, release::Desk, store::Database, telemetry,
    worker,
};

/// What the pages of the desk stand on.
pub(super) fn state(
    config: &Config,
    (database, workshop): (Database, Workshop),
    decisions: &Desk,
    clock: &worker::Clock,
) -> DeskState {
    DeskState {
        accounts: Accounts::new(database.clone(), config.desk.sessions),
        store: decisions.store(),
        database,
        decisions: decisions.clone(),
        organisation: config.organisation.name.clone(),
        public_url: config.web.public_url.clone(),
        teams: Arc::clone(&config.teams),
        zone: config.notice.zone(),
        clock: Arc::clone(clock),
        workshop,
    }
}

/// Says how to make an account where nobody has one: the desk is there and lets nobody in.
pub(super) async fn tell_if_nobody(accounts: &Accounts) {
    if matches!(accounts.are_any().await, Ok(false)) {
        telemetry::desk::nobody();
    }
}
