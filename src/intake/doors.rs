//! The listeners: who may come in, and how they are shut.
//!
//! Every listener is bound before anything is served. A stranger is greeted 554, a client too
//! many 421; neither costs a session. Told to stop, the doors shut at once, idle sessions hear
//! 421, and those inside a message may finish it within a time.

use std::{
    future::Future,
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    crowd::{Crowd, Place},
    lanes::{Deal, Lanes},
    network::Network,
    settings::Settings,
    smtp::{House, Io, Onward, Session},
    spool::Budget,
    tls::Tls,
};
use crate::{
    mail::{Reply, Status},
    pipeline::Pipeline,
    telemetry::smtp as telemetry,
};

/// Connections that wait to be taken; a burst of the relay before us must fit.
const BACKLOG: u32 = 1024;

/// Without file descriptors taking the next connection fails at once: wait, do not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Which protocol a door speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// SMTP, RFC 5321: one reply for a message.
    Smtp,
    /// LMTP, RFC 2033: one reply for each recipient of a message.
    Lmtp,
}

impl Door {
    /// `smtp` or `lmtp`.
    pub fn as_str(self) -> &'static str {
        match self {
            Door::Smtp => "smtp",
            Door::Lmtp => "lmtp",
        }
    }
}

/// Doors that are bound and not yet served.
pub struct Doors<P: Onward = Arc<Pipeline>> {
    listeners: Vec<(Door, TcpListener)>,
    settings: Settings,
    tls: Option<Arc<Tls>>,
    onward: P,
    deal: Deal,
}

impl<P: Onward> Doors<P> {
    /// Binds every listener; must be called inside a Tokio runtime.
    ///
    /// Without a trusted network nobody could be served, and that is an error rather than an
    /// open relay or a dumb one.
    pub fn bind(settings: Settings, tls: Option<Arc<Tls>>, onward: P) -> io::Result<Doors<P>> {
        if settings.trusted_networks.is_empty() {
            let text = "trusted_networks is empty: say who may hand us mail";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let smtp = settings.smtp.iter().map(|address| (Door::Smtp, address));
        let lmtp = settings.lmtp.iter().map(|address| (Door::Lmtp, address));
        let listeners = smtp
            .chain(lmtp)
            .map(|(door, address)| Ok((door, listen(*address)?)))
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Doors { listeners, settings, tls, onward, deal: Deal::default() })
    }

    /// Deals the sessions to these threads, which must outlive them. Without any they run where
    /// the doors are served.
    pub fn with_lanes(self, lanes: &Lanes) -> Doors<P> {
        Doors { deal: lanes.deal(), ..self }
    }

    /// Where the doors are, SMTP first; with the port that was chosen where 0 was asked for.
    pub fn addresses(&self) -> io::Result<Vec<(Door, SocketAddr)>> {
        self.listeners.iter().map(|(door, l)| Ok((*door, l.local_addr()?))).collect()
    }

    /// Serves until `shutdown`, then drains.
    pub async fn serve(self, shutdown: CancellationToken) {
        let settings = self.settings;
        let drain_time = settings.drain_time;
        let crowd = Crowd::new(settings.max_connections, settings.max_connections_per_client);
        let budget = Budget::new(
            settings.total_memory_octets,
            settings.message_memory_octets,
            settings.spool_folder.clone(),
        );
        let (tls, onward) = (self.tls, self.onward);
        let house = Arc::new(House { settings, budget, onward, tls, shutdown: shutdown.clone() });
        let porch = Porch {
            house,
            crowd,
            deal: Arc::new(self.deal),
            sessions: TaskTracker::new(),
            cut_off: CancellationToken::new(),
        };
        let mut listening = JoinSet::new();
        for (door, listener) in self.listeners {
            listening.spawn(porch.clone().stand_at(door, listener));
        }
        shutdown.cancelled().await;
        while listening.join_next().await.is_some() {}
        porch.drain(drain_time).await;
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let named = |cause: io::Error| io::Error::new(cause.kind(), format!("{address}: {cause}"));
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let socket = socket.map_err(named)?;
    // A restart must not wait for connections of the last run to be forgotten.
    socket.set_reuseaddr(true).map_err(named)?;
    socket.bind(address).map_err(named)?;
    socket.listen(BACKLOG).map_err(named)
}

/// Where clients are let in.
struct Porch<P> {
    house: Arc<House<P>>,
    crowd: Arc<Crowd>,
    deal: Arc<Deal>,
    sessions: TaskTracker,
    /// The drain time is over.
    cut_off: CancellationToken,
}

impl<P> Clone for Porch<P> {
    fn clone(&self) -> Self {
        Porch {
            house: Arc::clone(&self.house),
            crowd: Arc::clone(&self.crowd),
            deal: Arc::clone(&self.deal),
            sessions: self.sessions.clone(),
            cut_off: self.cut_off.clone(),
        }
    }
}

impl<P: Onward> Porch<P> {
    async fn stand_at(self, door: Door, listener: TcpListener) {
        if let Ok(address) = listener.local_addr() {
            telemetry::listening(door.as_str(), address);
        }
        loop {
            let taken = tokio::select! {
                biased;
                () = self.house.shutdown.cancelled() => return,
                taken = listener.accept() => taken,
            };
            match taken {
                Ok((stream, peer)) => self.let_in(door, stream, peer.ip().to_canonical()),
                Err(cause) => {
                    telemetry::accept_failed(door.as_str(), &cause);
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn let_in(&self, door: Door, stream: TcpStream, client: IpAddr) {
        let hostname = &self.house.settings.hostname;
        let trusted = &self.house.settings.trusted_networks;
        if !trusted.iter().any(|network: &Network| network.contains(client)) {
            telemetry::connection_refused(door.as_str(), client, "stranger");
            turn_away(stream, &Reply::bare(554, &format!("{hostname} 5.7.1 no service for you")));
            return;
        }
        match self.crowd.enter(client) {
            Ok(place) => self.serve_one(door, stream, client, place),
            Err(crowded) => {
                telemetry::connection_refused(door.as_str(), client, crowded.as_str());
                let text = "too many connections, try again later";
                turn_away(stream, &Reply::new(Status::TOO_MANY, text));
            }
        }
    }

    fn serve_one(&self, door: Door, stream: TcpStream, client: IpAddr, place: Place) {
        // Replies are small and the client waits for each.
        let _ = stream.set_nodelay(true);
        let attended = attend(Arc::clone(&self.house), door, client, place, self.cut_off.clone());
        let Some(lane) = self.deal.next() else {
            self.sessions.spawn(attended(stream));
            return;
        };
        // The socket is watched by the runtime of its thread, not by ours.
        let moved = stream.into_std().map(|stream| async move {
            match TcpStream::from_std(stream) {
                Ok(stream) => attended(stream).await,
                Err(cause) => telemetry::accept_failed(door.as_str(), &cause),
            }
        });
        match moved {
            Ok(session) => drop(self.sessions.spawn_on(session, lane)),
            Err(cause) => telemetry::accept_failed(door.as_str(), &cause),
        }
    }

    async fn drain(&self, drain_time: Duration) {
        self.sessions.close();
        let in_time = timeout(drain_time, self.sessions.wait()).await.is_ok();
        telemetry::drained(if in_time { 0 } else { self.sessions.len() });
        self.cut_off.cancel();
        self.sessions.wait().await;
    }
}

/// Serves a client on its stream until one of them ends it, or the drain time is over.
fn attend<P: Onward>(
    house: Arc<House<P>>,
    door: Door,
    client: IpAddr,
    place: Place,
    cut_off: CancellationToken,
) -> impl FnOnce(TcpStream) -> Attended {
    move |stream| {
        let io: Box<dyn Io> = Box::new(stream);
        let session = Session::new(house, door, io, client);
        Box::pin(async move {
            tokio::select! {
                () = session.run() => {}
                () = cut_off.cancelled() => {}
            }
            drop(place);
        })
    }
}

/// A client served to the end.
type Attended = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One line and no session. A fresh socket has room for it, so nothing waits.
fn turn_away(stream: TcpStream, reply: &Reply) {
    if let Ok(mut socket) = stream.into_std() {
        let _ = socket.write(&reply.to_wire());
    }
}

#[cfg(test)]
mod tests;
