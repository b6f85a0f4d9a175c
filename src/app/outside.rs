//! What goes outside beside mail: signed heads of the audit, events; and what the machine itself tells of
//! its state.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::StartError;
use crate::{
    audit::{self, Keeper, Key},
    config::{Config, ReceiverWay},
    events::{EventFile, Receiver, Syslog, Tellers, Webhook},
    hold::HoldStore,
    relay::NextHop,
    store::Database,
    telemetry, trust,
};

/// How often certificate and disk are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// What signs heads, where a configuration wants it.
pub(super) fn keeper(
    config: &Config,
    db: &Database,
    store: &Arc<dyn HoldStore>,
    next_hop: &NextHop,
) -> Result<Option<Keeper>, StartError> {
    let Some(settings) = config.audit.clone() else { return Ok(None) };
    let key = Key::load_or_make(&settings.key_file)?;
    let on = (db.clone(), Arc::clone(store));
    Ok(Some(Keeper::new((key, settings), &config.store.node, on, next_hop.clone())))
}

/// Who tells events to those whom a configuration names.
pub(super) fn tellers(
    config: &Config,
    db: &Database,
    store: &Arc<dyn HoldStore>,
) -> Result<Tellers, StartError> {
    let mut receivers = Vec::new();
    for one in &config.receivers {
        let receiver = receiver(&one.way);
        let named = |source| StartError::Receiver { name: one.told.name.clone(), source };
        receivers.push((one.told.clone(), receiver.map_err(named)?));
    }
    Ok(Tellers::new(receivers, &config.store.node, (db.clone(), Arc::clone(store))))
}

fn receiver(way: &ReceiverWay) -> Result<Box<dyn Receiver>, crate::events::BadReceiver> {
    Ok(match way {
        ReceiverWay::Webhook(settings) => Box::new(Webhook::new(settings)?),
        ReceiverWay::Syslog(settings) => Box::new(Syslog::new(settings.clone())?),
        ReceiverWay::File(path) => Box::new(EventFile::new(path.clone())),
    })
}

/// Whether receivers and key would do at a start. Asks nobody, makes nothing.
pub fn check_outside(config: &Config) -> Result<(), StartError> {
    for one in &config.receivers {
        let named = |source| StartError::Receiver { name: one.told.name.clone(), source };
        receiver(&one.way).map_err(named)?;
    }
    if let Some(audit) = &config.audit
        && audit.key_file.exists()
    {
        audit::Key::load(&audit.key_file)?;
    }
    Ok(())
}

/// What is looked at from time to time, so that nobody is surprised by it.
pub(super) struct State {
    certificate: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl State {
    pub(super) fn of(config: &Config) -> State {
        let certificate = config.smtp.tls.as_ref().map(|tls| tls.certificate.clone());
        let file = config.store.url.strip_prefix("sqlite:").map(Path::new);
        let folder = file.and_then(Path::parent).map(Path::to_path_buf);
        State { certificate, folder }
    }

    /// Until the task is ended.
    pub(super) async fn keep_looking(self) {
        let state = Arc::new(self);
        loop {
            let looking = Arc::clone(&state);
            let _ = tokio::task::spawn_blocking(move || looking.look()).await;
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn look(&self) {
        if let Some(path) = &self.certificate
            && let Some(end) = trust::ends_at(path)
        {
            telemetry::service::certificate_ends(end);
        }
        if let Some(folder) = &self.folder
            && let Ok(disk) = rustix::fs::statvfs(folder)
        {
            let (free, all) = (disk.f_bavail, disk.f_blocks);
            telemetry::service::disk(
                free.saturating_mul(disk.f_frsize),
                all.saturating_mul(disk.f_frsize),
            );
        }
    }
}
