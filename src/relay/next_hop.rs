//! The next hop as the rest of the house sees it.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

use super::{
    BadSettings, EnvelopeReplies, RelayError, Session, Settings, pool::Pool, tls::Encryption,
};
use crate::{
    mail::{Envelope, Parameter, Reply, ReversePath, Xforward},
    telemetry,
    wire::smtp::Capabilities,
};

/// How soon an absent next hop is asked again for what it offers; then twice as long, and so on.
const PROBE_AGAIN: Duration = Duration::from_secs(1);

/// The mail server we pass mail on to. Cheap to clone; clones share sessions.
#[derive(Clone)]
pub struct NextHop {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Arc<Settings>,
    address: (String, u16),
    encryption: Encryption,
    pool: Arc<Pool>,
    in_use: Arc<Semaphore>,
    capabilities: ArcSwapOption<Capabilities>,
}

impl NextHop {
    /// Checks the settings and reads the CA file; connects to nothing yet.
    pub fn new(settings: Settings) -> Result<NextHop, BadSettings> {
        let address = settings.checked()?;
        let encryption = Encryption::prepare(&settings.tls, &address.0)?;
        Ok(NextHop {
            shared: Arc::new(Shared {
                address,
                encryption,
                pool: Arc::new(Pool::new(settings.pool_size, settings.pool_idle)),
                in_use: Arc::new(Semaphore::new(settings.max_sessions.min(Semaphore::MAX_PERMITS))),
                capabilities: ArcSwapOption::empty(),
                settings: Arc::new(settings),
            }),
        })
    }

    /// What the next hop offers, as last seen; `None` before the first session. Whoever offers
    /// too little to a client makes it bounce mail (no SMTPUTF8) that could have gone out, so
    /// nothing should be offered before this is known.
    pub fn capabilities(&self) -> Option<Arc<Capabilities>> {
        self.shared.capabilities.load_full()
    }

    /// How long the next hop may take for its answer behind the end of data.
    pub fn answer_limit(&self) -> Duration {
        self.shared.settings.limits.dot
    }

    /// Opens a session to learn what the next hop offers, and keeps it for the first mail.
    pub async fn probe(&self) -> Result<Arc<Capabilities>, RelayError> {
        let session = self.open(self.permit().await?).await?;
        let capabilities = session.capabilities().clone();
        self.recycle(session);
        Ok(capabilities)
    }

    /// Probes at once and then every so often, and sooner while nobody answers. Never ends;
    /// to be spawned beside the doors.
    pub async fn keep_probing(self, every: Duration) {
        let soon = PROBE_AGAIN.min(every);
        let mut again = soon;
        loop {
            if self.probe().await.is_ok() {
                again = soon;
                sleep(every).await;
            } else {
                sleep(again).await;
                again = again.saturating_mul(2).min(every);
            }
        }
    }

    /// A session in which MAIL was said, and the reply. One from the pool that turns out dead
    /// is replaced once: nothing was accepted in it.
    pub async fn begin(
        &self,
        reverse_path: &ReversePath,
        parameters: &[Parameter],
        told: &Xforward,
    ) -> Result<(Session, Reply), RelayError> {
        let mut session = self.session().await?;
        let outcome = session.mail(reverse_path, parameters, told).await;
        if session.pooled && is_dead(&session, &outcome) {
            telemetry::relay::session_replaced(&self.shared.settings.address);
            let permit = session.permit.take();
            drop(session);
            let permit = match permit {
                Some(permit) => permit,
                None => self.permit().await?,
            };
            session = self.open(permit).await?;
            let reply = session.mail(reverse_path, parameters, told).await?;
            return Ok((session, reply));
        }
        outcome.map(|reply| (session, reply))
    }

    /// A session in which the whole envelope was said, and the replies.
    pub async fn begin_envelope(
        &self,
        envelope: &Envelope,
        told: &Xforward,
    ) -> Result<(Session, EnvelopeReplies), RelayError> {
        let (path, parameters) = (envelope.reverse_path(), envelope.parameters());
        let (mut session, mail) = self.begin(path, parameters, told).await?;
        let replies = session.recipients(mail, envelope.recipients()).await?;
        Ok((session, replies))
    }

    /// Takes a session back: ends an open transaction in the background, keeps the session if
    /// it is good for another. Outside a runtime it is just closed.
    pub fn recycle(&self, mut session: Session) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !session.usable {
            return;
        }
        let pool = self.shared.pool.clone();
        if !session.needs_reset {
            let _guard = runtime.enter();
            return pool.put(session);
        }
        runtime.spawn(async move {
            if session.reset().await.is_ok() {
                pool.put(session);
            }
        });
    }

    /// Closes the idle sessions with QUIT.
    pub async fn close(&self) {
        self.shared.pool.close_all().await;
    }

    /// Whether no session waits in the pool.
    #[cfg(test)]
    pub(crate) fn is_idle_empty(&self) -> bool {
        self.shared.pool.is_empty()
    }

    async fn session(&self) -> Result<Session, RelayError> {
        let permit = self.permit().await?;
        match self.shared.pool.take().await {
            Some(mut session) => {
                session.permit = Some(permit);
                Ok(session)
            }
            None => self.open(permit).await,
        }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, RelayError> {
        let permit = self.shared.in_use.clone().acquire_owned();
        match timeout(self.shared.settings.limits.connect, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(RelayError::Busy),
        }
    }

    async fn open(&self, permit: OwnedSemaphorePermit) -> Result<Session, RelayError> {
        let shared = &self.shared;
        let settings = shared.settings.clone();
        let opened = Session::open(settings, &shared.address, &shared.encryption).await;
        telemetry::relay::next_hop_answered(opened.is_ok());
        match opened {
            Ok(mut session) => {
                session.permit = Some(permit);
                shared.capabilities.store(Some(session.capabilities().clone()));
                Ok(session)
            }
            Err(error) => {
                telemetry::relay::session_failed(&shared.settings.address, &error);
                Err(error)
            }
        }
    }
}

/// Whether a pooled session was closed by the other side while it idled.
fn is_dead(session: &Session, outcome: &Result<Reply, RelayError>) -> bool {
    match outcome {
        Ok(_) => !session.usable,
        Err(RelayError::Closed { .. }) => true,
        Err(_) => false,
    }
}
