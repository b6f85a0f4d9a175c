//! The service: built whole before a door opens, drained before it ends.

use std::{
    net::SocketAddr,
    num::NonZero,
    path::Path,
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use arc_swap::{ArcSwap, ArcSwapOption};
use axum::Router;
use jiff::Timestamp;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    BadRemote, GuidesInForce, House, Judge, KeyFileError, Letters, OwnInForce, Policies, Second,
    ShadowInForce, desk as desk_of, load_guides, load_or_make, load_own_lines, load_policies,
    load_shadow,
    outside::{self, State},
    people, reload,
    replies::replies,
    workshop::{previews, workshop},
};
use crate::{
    accounts::{AccountError, Accounts},
    attachments::{self, Attachments},
    audit::{Keeper, KeyError},
    changes::{Book, Recordings},
    config::{self, Config, Mistakes, NextHopTls, StoreSettings},
    desk,
    events::{BadReceiver, Tellers},
    hold::{self, Eraser, HoldError, HoldStore},
    http,
    intake::{self, Doors, Lanes, Tls, TlsError},
    pipeline::{self, Pipeline},
    relay::{self, NextHop},
    release::{Desk, Keys},
    store::{self, Database, StoreError},
    telemetry,
    traffic::{self, Hasher, Log, Postman, Writer},
    web::{self, WebState},
    wire::smtp::LineEnds,
    worker::{self, Worker},
};

/// How often the next hop is asked what it offers while nothing else is to do.
const PROBE_EVERY: Duration = Duration::from_secs(60);

/// How often the samples of the histograms are folded; nobody may come to scrape them.
const METRICS_EVERY: Duration = Duration::from_secs(5);

/// Why the service did not start. Nothing was opened that is not closed again.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Policies or certificates are not in order.
    #[error("{}", .0.render(false))]
    Mistakes(Box<Mistakes>),
    /// No key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// No store.
    #[error("cannot open the hold store")]
    Store(#[source] StoreError),
    /// The desk's accounts cannot be used.
    #[error("cannot use the accounts of the desk")]
    Accounts(#[from] AccountError),
    /// No certificate.
    #[error("cannot offer STARTTLS")]
    Tls(#[from] TlsError),
    /// The next hop cannot be meant.
    #[error("cannot use the next hop")]
    NextHop(#[from] relay::BadSettings),
    /// The second reader's key or certificates are not in order.
    #[error("cannot use the second reader")]
    SecondReader(#[source] http::BadSettings),
    /// A source of people that is asked over the net is not in order.
    #[error(transparent)]
    People(#[from] BadRemote),
    /// No threads for sessions.
    #[error("cannot start the threads of the doors")]
    Threads(#[source] std::io::Error),
    /// A door is taken or not ours.
    #[error("cannot listen")]
    Listen(#[source] std::io::Error),
    /// The door of the pages is taken or not ours.
    #[error("cannot listen on `web.listen`, {0}")]
    Pages(std::net::SocketAddr, #[source] std::io::Error),
    /// A receiver of events is not in order.
    #[error("cannot use {name}")]
    Receiver {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: BadReceiver,
    },
    /// No key to sign the audit's head.
    #[error(transparent)]
    AuditKey(#[from] KeyError),
    /// No metrics.
    #[error("cannot collect metrics")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
}

/// Everything built and bound; nothing served yet.
pub struct Service {
    doors: Doors,
    lanes: Lanes,
    web: TcpListener,
    router: Router,
    worker: Arc<Worker>,
    writer: Writer,
    postman: Postman,
    next_hop: NextHop,
    store: Arc<dyn HoldStore>,
    /// Those of the desk, where it is served.
    accounts: Option<Accounts>,
    reloader: reload::Reloader,
    keeper: Option<Keeper>,
    tellers: Tellers,
    state: State,
    clock: worker::Clock,
    policies: Policies,
    drain_timeout: Duration,
}

/// Opens the hold store that a configuration names.
pub async fn open_store(settings: &StoreSettings) -> Result<Arc<dyn HoldStore>, HoldError> {
    Ok(hold::on(open_database(settings).await?, hold::Settings::default()))
}

/// Opens the database that a configuration names.
pub async fn open_database(settings: &StoreSettings) -> Result<Database, StoreError> {
    store::open(&settings.url, &store::Settings::default()).await
}

impl Service {
    /// Builds everything, in the order in which it depends on each other, and binds every door.
    /// `more` are pages beside staff's own.
    pub async fn build(config: &Config, more: Router) -> Result<Service, StartError> {
        let clock: worker::Clock = Arc::new(Timestamp::now);
        let policies = load_policies(config).map_err(|m| StartError::Mistakes(Box::new(m)))?;
        let guides = load_guides(&config.policy, &policies);
        let guides = guides.map_err(|m| StartError::Mistakes(Box::new(m)))?;
        let guides: GuidesInForce = Arc::new(ArcSwap::from_pointee(guides));
        let policies: Policies = Arc::new(ArcSwap::from_pointee(policies));
        let own = load_own_lines(&config.policy).map_err(|m| StartError::Mistakes(Box::new(m)))?;
        let own: OwnInForce = Arc::new(ArcSwap::from_pointee(own));
        let keys = load_or_make(&config.store.key_file)?;
        let database = open_database(&config.store).await.map_err(StartError::Store)?;
        let log = Log::new(database.clone());
        let store = hold::on(database.clone(), hold::Settings::default());
        let next_hop = NextHop::new(next_hop_settings(config))?;
        let letters = Letters::new(house(config, keys.clone(), Arc::clone(&own)));
        let decisions = Desk::new(Arc::clone(&store), Arc::new(letters.clone()))
            .with_seconds(config.call.second.clone());
        let second = config.second_reader.as_ref().map(Second::new).transpose();
        let second = second.map_err(StartError::SecondReader)?.map(Arc::new);
        let directory = Arc::new(people::directory(config)?);
        let attachments = Attachments::new(config.attachments.clone(), attachments::this_program());
        let shadow = shadow(config);
        let mut judge = Judge::new(
            Arc::clone(&policies),
            config.organisation.clone(),
            config.policy.mode,
            Arc::new(attachments),
        )
        .with_guides(Arc::clone(&guides))
        .with_second(second)
        .with_directory(Arc::clone(&directory))
        .with_senders(Arc::clone(&config.teams), Some(keys.clone()));
        if config.traffic.record {
            judge = judge.taking_down(Arc::clone(&shadow));
        }
        let owed = Arc::new(Notify::new());
        let postman = Postman::new(log.clone(), next_hop.clone(), Arc::clone(&owed));
        let (recorder, writer) = traffic::recorder(traffic::Parts {
            log,
            store: Arc::clone(&store),
            letters: Arc::new(letters.clone()),
            hasher: Hasher::new(keys.derived("traffic")),
            teams: Arc::clone(&config.teams),
            settings: config.traffic,
            pace: (config.notice.most_per_hour, config.notice.most_per_day),
            owed,
        });
        let pipeline = Pipeline::new(pipeline::Parts {
            judge: Arc::new(judge.clone()),
            prompter: Arc::new(letters.clone()),
            store: Arc::clone(&store),
            next_hop: next_hop.clone(),
            teams: Arc::clone(&config.teams),
            replies: replies(config, &keys, &decisions, &letters).map(Arc::new),
            traffic: Some(recorder),
            keys: keys.clone(),
            settings: pipeline_settings(config),
            clock: Arc::clone(&clock),
        });
        let tls = match &config.smtp.tls {
            Some(files) => Some(Arc::new(Tls::load(files.clone())?)),
            None => None,
        };
        let doors = Doors::bind(intake_settings(config), tls.clone(), pipeline)
            .map_err(StartError::Listen)?;
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let lanes = Lanes::start(cores).map_err(StartError::Threads)?;
        let web = TcpListener::bind(config.web.listen)
            .await
            .map_err(|error| StartError::Pages(config.web.listen, error))?;
        let worker = Worker::new(
            Arc::clone(&store),
            next_hop.clone(),
            Arc::new(letters.clone()),
            worker_settings(config),
        )
        .with_retention(Eraser::on(database.clone()), config.retention.clone());
        let keeper = outside::keeper(config, &database, &store, &next_hop)?;
        let tellers = outside::tellers(config, &database, &store)?;
        let accounts = desk_of::accounts(config, database.clone(), &keys)?;
        let book = Book::new(database.clone(), &config.store.node);
        let hasher = Hasher::new(keys.derived("traffic"));
        let recordings = Recordings { log: Log::new(database.clone()), hasher };
        let workshop = workshop(config, (Some(book.clone()), Some(recordings)), &judge);
        let tries = (workshop, previews(letters.clone(), judge, Arc::clone(&clock)));
        let on = (database.clone(), accounts.clone());
        let state = desk_of::state(config, on, tries, (&decisions, &policies, &keys), &clock);
        let accounts = config.desk.enabled.then_some(accounts);
        let desk_pages = if config.desk.enabled { desk::router(state) } else { Router::new() };
        let pages = web::router(web_state(config, keys, decisions, (&clock, &own))?);
        let router = pages.merge(desk_pages).merge(more);
        Ok(Service {
            doors: doors.with_lanes(&lanes),
            lanes,
            web,
            router,
            worker: Arc::new(worker),
            writer,
            postman,
            next_hop,
            reloader: reload::Reloader::new(
                config.clone(),
                reload::InForce { policies: Arc::clone(&policies), guides, own, shadow, book },
                tls,
                directory,
                database,
            ),
            keeper,
            tellers,
            state: State::of(config),
            store,
            accounts,
            clock,
            policies,
            drain_timeout: config.smtp.drain_timeout,
        })
    }

    /// Says which file the configuration came from, so that the audit tells when it changes.
    #[must_use]
    pub fn configured_by(mut self, file: &Path) -> Service {
        self.reloader.configured_by(file);
        self
    }

    /// Where mail comes in.
    pub fn mail_addresses(&self) -> std::io::Result<Vec<SocketAddr>> {
        Ok(self.doors.addresses()?.into_iter().map(|(_, address)| address).collect())
    }

    /// The hold store in use.
    pub fn store(&self) -> Arc<dyn HoldStore> {
        Arc::clone(&self.store)
    }

    /// Who may log in to the desk; `None` where it is not served.
    pub fn accounts(&self) -> Option<&Accounts> {
        self.accounts.as_ref()
    }

    /// Serves until `stop`, then drains: no new connections, what is under way is finished.
    pub async fn serve(self, stop: CancellationToken) {
        let mut work = JoinSet::new();
        let probing = tokio::spawn(self.next_hop.clone().keep_probing(PROBE_EVERY));
        let folding = tokio::spawn(fold_metrics());
        let looking = tokio::spawn(self.state.keep_looking());
        self.reloader.note_files("start").await;
        if let Ok(doors) = self.doors.addresses() {
            let doors: Vec<SocketAddr> = doors.into_iter().map(|(_, address)| address).collect();
            telemetry::service::ready(&doors, self.policies.load().policies().len());
        }
        if let Some(accounts) = &self.accounts {
            desk_of::tell_if_nobody(accounts).await;
        }
        if let Some(keeper) = self.keeper {
            work.spawn(keeper.run(Arc::clone(&self.clock), stop.clone()));
        }
        work.spawn(self.tellers.run(Arc::clone(&self.clock), stop.clone()));
        work.spawn(self.worker.keep_running(self.clock, stop.clone()));
        work.spawn(web::serve(self.web, self.router, stop.clone()));
        work.spawn(self.reloader.run(stop.clone()));
        work.spawn(self.postman.run(stop.clone()));
        // It writes until the last mail has come through the doors.
        let doors_closed = CancellationToken::new();
        work.spawn(self.writer.run(doors_closed.clone()));
        notify_systemd(&[sd_notify::NotifyState::Ready]);
        let doors = tokio::spawn(self.doors.serve(stop.clone()));
        stop.cancelled().await;
        notify_systemd(&[sd_notify::NotifyState::Stopping]);
        telemetry::service::draining(self.drain_timeout.as_secs());
        drop(doors.await);
        doors_closed.cancel();
        probing.abort();
        folding.abort();
        looking.abort();
        let finished = tokio::time::timeout(self.drain_timeout, work.join_all()).await;
        self.next_hop.close().await;
        drop(self.lanes);
        telemetry::service::drained(finished.is_ok());
    }
}

/// A shadow with mistakes casts none: nothing depends on it.
fn shadow(config: &Config) -> ShadowInForce {
    let loaded = load_shadow(config).unwrap_or_else(|mistakes| {
        telemetry::service::shadow_refused(&mistakes.in_lines());
        None
    });
    Arc::new(ArcSwapOption::from_pointee(loaded))
}

/// Not being run by systemd is no error.
fn notify_systemd(state: &[sd_notify::NotifyState<'_>]) {
    let _ = sd_notify::notify(state);
}

/// What every mail of ours has in common, by the configuration.
pub fn house(config: &Config, keys: Keys, own: OwnInForce) -> House {
    House {
        organisation: config.organisation.name.clone(),
        inside: config.organisation.clone(),
        from_name: config.notice.from_name.clone(),
        from: config.notice.from.clone(),
        public_url: config.web.public_url.clone(),
        teams: Arc::clone(&config.teams),
        hours: config.call.hours.clone(),
        keys,
        replies: config.replies.clone(),
        own,
        languages: config.notice.languages.clone(),
    }
}

fn next_hop_settings(config: &Config) -> relay::Settings {
    let smtp = &config.smtp;
    let mut settings = relay::Settings::new(&smtp.next_hop, &smtp.next_hop_helo);
    settings.tls = match smtp.next_hop_tls {
        NextHopTls::Off => relay::Tls::Off,
        NextHopTls::Opportunistic => relay::Tls::Opportunistic,
        NextHopTls::Required => relay::Tls::Required { ca_file: None, server_name: None },
    };
    settings.limits.command = smtp.next_hop_command_timeout;
    settings.limits.dot = smtp.next_hop_data_timeout;
    settings.max_sessions = smtp.max_connections;
    settings
}

fn pipeline_settings(config: &Config) -> pipeline::Settings {
    let on_error = match config.smtp.on_error {
        config::OnError::TempFail => pipeline::OnError::Tempfail,
        config::OnError::Pass => pipeline::OnError::Pass,
    };
    pipeline::Settings {
        on_error,
        attachments_limit: config.attachments.time,
        ..pipeline::Settings::default()
    }
}

fn intake_settings(config: &Config) -> intake::Settings {
    let smtp = &config.smtp;
    intake::Settings {
        hostname: smtp.hostname.clone(),
        smtp: smtp.listen.clone(),
        lmtp: config.lmtp.as_ref().map(|l| l.listen.clone()).unwrap_or_default(),
        trusted_networks: smtp.trusted_networks.clone(),
        xforward_networks: smtp.trusted_networks.clone(),
        max_connections: smtp.max_connections,
        max_connections_per_client: smtp.max_connections_per_client,
        max_recipients: smtp.max_recipients,
        max_message_octets: smtp.max_message_bytes,
        max_received_fields: smtp.max_received_fields,
        line_ends: match smtp.bare_newlines {
            config::BareNewlines::Reject => LineEnds::Keep,
            config::BareNewlines::Normalize => LineEnds::Normalise,
        },
        total_memory_octets: usize::try_from(smtp.memory_bytes).unwrap_or(usize::MAX),
        command_time: smtp.command_timeout,
        data_time: smtp.data_timeout,
        drain_time: smtp.drain_timeout,
        ..intake::Settings::default()
    }
}

fn web_state(
    config: &Config,
    keys: Keys,
    desk: Desk,
    (clock, own): (&worker::Clock, &OwnInForce),
) -> Result<WebState, StartError> {
    let metrics = metrics_handle()?;
    Ok(WebState {
        keys,
        store: desk.store(),
        desk,
        organisation: config.organisation.name.clone(),
        public_url: config.web.public_url.clone(),
        teams: Arc::clone(&config.teams),
        call_terms: config.call.terms.clone(),
        hours: config.call.hours.clone(),
        own: Arc::clone(own),
        languages: config.notice.languages.clone(),
        clock: Arc::clone(clock),
        random: Arc::new(random_octets),
        metrics: Arc::new(move || metrics.render()),
    })
}

fn worker_settings(config: &Config) -> worker::Settings {
    worker::Settings {
        promise_reminders: config.call.promise_reminders,
        tell_delay_after: config.notice.delayed_after,
        pace: worker::Pace {
            most_per_hour: config.notice.most_per_hour,
            most_per_day: config.notice.most_per_day,
        },
        ..worker::Settings::new(&config.store.node, Arc::clone(&config.teams))
    }
}

/// The recorder is the process's; whoever comes first installs it.
fn metrics_handle() -> Result<PrometheusHandle, StartError> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new().install_recorder()?;
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// Folds the samples of the histograms. Without it they pile up, one a message, until somebody
/// asks for the metrics.
async fn fold_metrics() {
    let Ok(metrics) = metrics_handle() else { return };
    loop {
        tokio::time::sleep(METRICS_EVERY).await;
        metrics.run_upkeep();
    }
}

/// The kernel's randomness does not fail once the machine is up; if it ever did, a fresh UUID
/// still makes every nonce another one, and the key is what keeps it from being guessed.
fn random_octets() -> [u8; 16] {
    let mut octets = [0; 16];
    match getrandom::fill(&mut octets) {
        Ok(()) => octets,
        Err(_) => uuid::Uuid::now_v7().into_bytes(),
    }
}
