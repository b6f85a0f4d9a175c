//! New policies, certificates and people without a restart: on SIGHUP, and when their files change.
//!
//! A set that does not compile, or whose own tests fail, is refused with every reason in the log,
//! and the one that works stays. Policies, guides and texts are taken over together or not at
//! all. So it is with the file of people, by itself.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::tz::TimeZone;
use notify::{RecursiveMode, Watcher};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
    time::{interval, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    GuidesInForce, OwnInForce, Policies, Shadow, ShadowInForce,
    files::files_of,
    load_guides, load_own_lines, load_people, load_shadow,
    policies::{load_sources, sources},
};
use crate::{
    call::Guides,
    changes::{Book, Folder},
    config::{Config, Mistakes},
    directory::Directory,
    hold::AuditEvent,
    intake::Tls,
    mail::Timestamp,
    policy::{PolicySet, Source},
    store::Database,
    telemetry,
    wording::Own,
};

/// An editor writes a file in several steps; we look once it has been quiet for this long.
const QUIET: Duration = Duration::from_millis(500);

/// A file that is written to all the time is looked at all the same after this long.
const MOST_UNREST: Duration = Duration::from_secs(10);

/// An adjustment ends with its day: it is looked for this often.
const LOOKS_FOR_A_NEW_DAY: Duration = Duration::from_secs(600);

/// What a reload replaces.
pub(super) struct InForce {
    pub(super) policies: Policies,
    pub(super) guides: GuidesInForce,
    pub(super) own: OwnInForce,
    /// Where the book of changes hears what was taken over.
    pub(super) book: Book,
    pub(super) shadow: ShadowInForce,
}

/// Watches for reasons to reload, and reloads.
pub(super) struct Reloader {
    config: Config,
    in_force: InForce,
    tls: Option<Arc<Tls>>,
    directory: Arc<Directory>,
    database: Database,
    configuration: Option<PathBuf>,
}

impl Reloader {
    pub(super) fn new(
        config: Config,
        in_force: InForce,
        tls: Option<Arc<Tls>>,
        directory: Arc<Directory>,
        database: Database,
    ) -> Reloader {
        Reloader { config, in_force, tls, directory, database, configuration: None }
    }

    /// Names the file that the configuration came from.
    pub(super) fn configured_by(&mut self, file: &Path) {
        self.configuration = Some(file.to_owned());
    }

    /// Until told to stop.
    pub(super) async fn run(self, stop: CancellationToken) {
        let changed = Arc::new(Notify::new());
        // Dropped, it watches no more.
        let _watcher = self.config.policy.dir.as_deref().and_then(|dir| watch(dir, None, &changed));
        let new_people = Arc::new(Notify::new());
        let _watcher_of_people =
            self.people_file().and_then(|file| watch(folder_of(&file), Some(&file), &new_people));
        self.start_book().await;
        let mut days = interval(LOOKS_FOR_A_NEW_DAY);
        let mut hangup = match signal(SignalKind::hangup()) {
            Ok(hangup) => hangup,
            Err(error) => return telemetry::service::trouble("listening for SIGHUP", &error),
        };
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = hangup.recv() => {
                    self.reload("signal").await;
                    self.reload_people().await;
                }
                () = new_people.notified() => {
                    quiet(&new_people).await;
                    self.reload_people().await;
                }
                _ = days.tick() => {
                    if self.something_ended() {
                        self.reload("date").await;
                    }
                }
                () = changed.notified() => {
                    quiet(&changed).await;
                    self.reload("file").await;
                }
            }
        }
    }

    async fn reload(&self, why: &str) {
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Reloading]);
        let config = self.config.clone();
        let loaded = tokio::task::spawn_blocking(move || load(&config)).await;
        let in_force = match loaded {
            Ok(Ok(Loaded { sources, set, guides, own })) => {
                let (count, fingerprint) = (set.policies().len(), set.fingerprint().to_owned());
                let mut taken = Vec::new();
                if **self.in_force.guides.load() != guides {
                    self.in_force.guides.store(Arc::new(guides));
                    taken.push("guides_reloaded");
                }
                if **self.in_force.own.load() != own {
                    self.in_force.own.store(Arc::new(own));
                    taken.push("texts_reloaded");
                }
                if fingerprint != self.in_force.policies.load().fingerprint() {
                    self.in_force.policies.store(Arc::new(set));
                    taken.push("policy_reloaded");
                }
                for what in &taken {
                    self.record(why, what, Some(&fingerprint)).await;
                }
                telemetry::service::policies_reloaded(count, &fingerprint);
                self.enter(sources).await;
                true
            }
            Ok(Err(mistakes)) => {
                refused(&mistakes);
                false
            }
            Err(error) => {
                telemetry::service::trouble("reloading policies", &error);
                false
            }
        };
        self.reload_shadow(why).await;
        if in_force {
            // A comment or a space: nothing else is in force, and yet a file is another.
            self.note_files(why).await;
        }
        if let Some(tls) = &self.tls {
            // It logs by itself how that went; the old pair stays if it went wrong.
            let _ = tls.reload();
        }
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    }

    /// What the book knows of the files when the service starts.
    async fn start_book(&self) {
        match sources(self.config.policy.dir.as_deref()) {
            Ok(sources) => self.enter(sources).await,
            Err(mistakes) => refused(&mistakes),
        }
    }

    /// Enters into the book what was taken over. That it cannot be entered changes no policy.
    async fn enter(&self, sources: Vec<Source>) {
        let folder = Folder::new(self.config.policy.dir.clone());
        let sources = folder.named(sources);
        if let Err(error) = self.in_force.book.took_over(&sources, Timestamp::now()).await {
            telemetry::service::trouble("entering changes of policies", &error);
        }
    }

    /// Whether an adjustment or a test of the policies in force ended before today.
    fn something_ended(&self) -> bool {
        let today = Timestamp::now().to_zoned(TimeZone::system()).date();
        self.in_force.policies.load().changes_after().is_some_and(|last| last < today)
    }

    /// By itself: a shadow with mistakes must not keep good policies out, and the one before stays.
    async fn reload_shadow(&self, why: &str) {
        let config = self.config.clone();
        match tokio::task::spawn_blocking(move || load_shadow(&config)).await {
            Ok(Ok(shadow)) => {
                let print = |s: &Shadow| s.set.fingerprint().to_owned();
                let is = shadow.as_ref().map(print);
                let was = self.in_force.shadow.load_full().as_deref().map(print);
                if is != was {
                    self.in_force.shadow.store(shadow.map(Arc::new));
                    self.record(why, "shadow_reloaded", is.as_deref()).await;
                }
            }
            Ok(Err(mistakes)) => telemetry::service::shadow_refused(&mistakes.in_lines()),
            Err(error) => telemetry::service::trouble("reloading the shadow", &error),
        }
    }

    fn people_file(&self) -> Option<PathBuf> {
        self.config.directory.as_ref().and_then(|directory| directory.file.clone())
    }

    async fn reload_people(&self) {
        if self.people_file().is_none() {
            return;
        }
        let config = self.config.clone();
        match tokio::task::spawn_blocking(move || load_people(&config)).await {
            Ok(Ok(people)) => {
                let (known, fingerprint) = (people.len(), people.fingerprint().to_owned());
                if fingerprint != self.directory.people().fingerprint() {
                    self.directory.replace(people);
                    telemetry::directory::reloaded(known, &fingerprint);
                }
                self.note_files("file").await;
            }
            Ok(Err(mistakes)) => telemetry::directory::refused(&mistakes.in_lines()),
            Err(error) => telemetry::service::trouble("reloading the directory", &error),
        }
    }

    /// Tells the audit which files are in force, where they are others than it knows.
    pub(super) async fn note_files(&self, why: &str) {
        self.tell_audit(why, None).await;
    }

    async fn record(&self, why: &str, what: &str, fingerprint: Option<&str>) {
        let fact = |f: &str| ("fingerprint".to_owned(), f.to_owned());
        let facts = fingerprint.map(fact).into_iter().collect();
        self.tell_audit(why, Some(AuditEvent { name: what.to_owned(), facts })).await;
    }

    async fn tell_audit(&self, why: &str, event: Option<AuditEvent>) {
        let (config, file) = (self.config.clone(), self.configuration.clone());
        let files = tokio::task::spawn_blocking(move || files_of(&config, file.as_deref())).await;
        let files = match files {
            Ok(files) => files,
            Err(error) => return telemetry::service::trouble("reading files in force", &error),
        };
        let node = &self.config.store.node;
        let noted = files.note(&self.database, node, (why, event), Timestamp::now()).await;
        if let Err(error) = noted {
            telemetry::service::trouble("writing the audit log", &error);
        }
    }
}

/// Waits until nothing has changed for a while.
async fn quiet(changed: &Notify) {
    let rest = async { while timeout(QUIET, changed.notified()).await.is_ok() {} };
    // It looks then, whether they rest or not.
    let _ = timeout(MOST_UNREST, rest).await;
}

/// What a reload found.
struct Loaded {
    sources: Vec<Source>,
    set: PolicySet,
    guides: Guides,
    own: Own,
}

fn load(config: &Config) -> Result<Loaded, Mistakes> {
    let sources = sources(config.policy.dir.as_deref())?;
    let set = load_sources(config, sources.clone())?;
    let guides = load_guides(&config.policy, &set)?;
    let own = load_own_lines(&config.policy)?;
    Ok(Loaded { sources, set, guides, own })
}

fn refused(mistakes: &Mistakes) {
    telemetry::service::policies_refused(&mistakes.in_lines());
}

/// Watches a folder, not its files: editors replace files by new ones. With `file`, only what
/// happens to a file of that name counts: others, the store's among them, may lie beside it.
fn watch(
    dir: &Path,
    file: Option<&Path>,
    changed: &Arc<Notify>,
) -> Option<notify::RecommendedWatcher> {
    let changed = Arc::clone(changed);
    let name = file.and_then(Path::file_name).map(ToOwned::to_owned);
    let concerns = move |event: &notify::Event| {
        name.is_none() || event.paths.iter().any(|path| path.file_name() == name.as_deref())
    };
    let told = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|e| !e.kind.is_access() && concerns(&e)) {
            changed.notify_one();
        }
    };
    let depth = match file {
        Some(_) => RecursiveMode::NonRecursive,
        None => RecursiveMode::Recursive,
    };
    let watching = notify::recommended_watcher(told).and_then(|mut watcher| {
        watcher.watch(dir, depth)?;
        Ok(watcher)
    });
    watching.map_err(|error| telemetry::service::trouble("watching a folder", &error)).ok()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
