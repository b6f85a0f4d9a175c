//! New policies and certificates without a restart: on SIGHUP, and when a policy file changes.
//!
//! A set that does not compile, or whose own tests fail, is refused with every reason in the log,
//! and the one that works stays. Policies and guides are taken over together or not at all.

use std::{path::Path, sync::Arc, time::Duration};

use notify::{RecursiveMode, Watcher};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
};
use tokio_util::sync::CancellationToken;

use super::{GuidesInForce, Policies, load_guides, load_policies};
use crate::{
    call::Guides,
    config::{Config, Mistakes},
    hold::{Actor, AuditEvent, HoldStore},
    intake::Tls,
    mail::Timestamp,
    policy::PolicySet,
    telemetry,
};

/// An editor writes a file in several steps; we look once it has been quiet for this long.
const QUIET: Duration = Duration::from_millis(500);

/// What a reload replaces.
pub(super) struct InForce {
    pub(super) policies: Policies,
    pub(super) guides: GuidesInForce,
}

/// Watches for reasons to reload, and reloads.
pub(super) struct Reloader {
    config: Config,
    in_force: InForce,
    tls: Option<Arc<Tls>>,
    store: Arc<dyn HoldStore>,
}

impl Reloader {
    pub(super) fn new(
        config: Config,
        in_force: InForce,
        tls: Option<Arc<Tls>>,
        store: &Arc<dyn HoldStore>,
    ) -> Reloader {
        Reloader { config, in_force, tls, store: Arc::clone(store) }
    }

    /// Until told to stop.
    pub(super) async fn run(self, stop: CancellationToken) {
        let changed = Arc::new(Notify::new());
        // Dropped, it watches no more.
        let _watcher = self.config.policy.dir.as_deref().and_then(|dir| watch(dir, &changed));
        let mut hangup = match signal(SignalKind::hangup()) {
            Ok(hangup) => hangup,
            Err(error) => return telemetry::service::trouble("listening for SIGHUP", &error),
        };
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = hangup.recv() => self.reload("signal").await,
                () = changed.notified() => {
                    while tokio::time::timeout(QUIET, changed.notified()).await.is_ok() {}
                    self.reload("file").await;
                }
            }
        }
    }

    async fn reload(&self, why: &str) {
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Reloading]);
        let config = self.config.clone();
        let loaded = tokio::task::spawn_blocking(move || load(&config)).await;
        match loaded {
            Ok(Ok((set, guides))) => {
                let (count, fingerprint) = (set.policies().len(), set.fingerprint().to_owned());
                if **self.in_force.guides.load() != guides {
                    self.in_force.guides.store(Arc::new(guides));
                    self.record(why, "guides_reloaded", None).await;
                }
                if fingerprint != self.in_force.policies.load().fingerprint() {
                    self.in_force.policies.store(Arc::new(set));
                    self.record(why, "policy_reloaded", Some(&fingerprint)).await;
                }
                telemetry::service::policies_reloaded(count, &fingerprint);
            }
            Ok(Err(mistakes)) => refused(&mistakes),
            Err(error) => telemetry::service::trouble("reloading policies", &error),
        }
        if let Some(tls) = &self.tls {
            // It logs by itself how that went; the old pair stays if it went wrong.
            let _ = tls.reload();
        }
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    }

    async fn record(&self, why: &str, what: &str, fingerprint: Option<&str>) {
        let actor = Actor {
            role: "service".to_owned(),
            name: "callfirst".to_owned(),
            via: why.to_owned(),
            address: None,
        };
        let fact = |f: &str| ("fingerprint".to_owned(), f.to_owned());
        let facts = fingerprint.map(fact).into_iter().collect();
        let event = AuditEvent { name: what.to_owned(), facts };
        if let Err(error) = self.store.record(None, actor, event, Timestamp::now()).await {
            telemetry::service::trouble("writing the audit log", &error);
        }
    }
}

fn load(config: &Config) -> Result<(PolicySet, Guides), Mistakes> {
    let set = load_policies(config)?;
    let guides = load_guides(&config.policy, &set)?;
    Ok((set, guides))
}

fn refused(mistakes: &Mistakes) {
    telemetry::service::policies_refused(&mistakes.in_lines());
}

/// Watches the folder, not its files: editors replace files by new ones.
fn watch(dir: &Path, changed: &Arc<Notify>) -> Option<notify::RecommendedWatcher> {
    let changed = Arc::clone(changed);
    let told = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|e| !e.kind.is_access()) {
            changed.notify_one();
        }
    };
    let watching = notify::recommended_watcher(told).and_then(|mut watcher| {
        watcher.watch(dir, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    watching.map_err(|error| telemetry::service::trouble("watching the policy folder", &error)).ok()
}
