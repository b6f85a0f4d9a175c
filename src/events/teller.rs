//! Tells each receiver what it wants to hear, in order, until it has heard it or it is too old.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    Deaf, Event, Include, Kind,
    event::About,
    place::{Place, Places},
};
use crate::{
    hold::{AuditEntry, HoldError, HoldStore},
    mail::Timestamp,
    store::Database,
    telemetry,
};

/// How often to look for news.
const POLL: Duration = Duration::from_secs(1);
/// Entries read at a time.
const PAGE: u32 = 200;
/// A node that tells nothing for so long has died; longer than telling one takes.
const LEASE: Duration = Duration::from_secs(60);
/// One that is refused is tried so often, should the receiver be mended meanwhile.
const REFUSALS: u32 = 5;
/// Entries that nobody wants are noted as heard only every so many: reading them again costs less.
const NOTE_EVERY: u64 = 1_000;
/// Pauses between attempts; the last one again and again.
const PAUSES_SECS: [i64; 8] = [1, 5, 30, 120, 600, 1800, 3600, 7200];

/// Somebody who hears of events.
#[async_trait]
pub trait Receiver: Send + Sync {
    /// How many events it takes at once.
    fn most(&self) -> usize;
    /// Tells it; all of them or none counts as heard.
    async fn tell(&self, events: &[Event]) -> Result<(), Deaf>;
}

/// Which events a receiver hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// These kinds.
    Kinds(BTreeSet<Kind>),
    /// Every entry of the audit.
    Audit,
}

/// How a receiver is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its name in the store; another name is another receiver.
    pub name: String,
    /// What it hears.
    pub wanted: Wanted,
    /// What it hears beyond bare facts.
    pub include: Include,
    /// What it could not be told for so long is given up.
    pub give_up_after: Duration,
}

/// What time it is; tests move it.
type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Every receiver of this service.
pub struct Tellers {
    tellers: Vec<Arc<Teller>>,
}

/// One receiver, and what tells it.
struct Teller {
    settings: Settings,
    receiver: Box<dyn Receiver>,
    places: Places,
    store: Arc<dyn HoldStore>,
}

/// What became of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// There is more.
    More,
    /// Nothing to tell, or not now.
    Rest,
}

impl Tellers {
    /// These receivers, on this node.
    pub fn new(
        receivers: Vec<(Settings, Box<dyn Receiver>)>,
        node: &str,
        (db, store): (Database, Arc<dyn HoldStore>),
    ) -> Tellers {
        let places = Places::new(db, node);
        let teller = |(settings, receiver)| {
            let (places, store) = (places.clone(), Arc::clone(&store));
            Arc::new(Teller { settings, receiver, places, store })
        };
        Tellers { tellers: receivers.into_iter().map(teller).collect() }
    }

    /// Until told to stop; what is just being told is finished.
    pub async fn run(self, clock: Clock, stop: CancellationToken) {
        let mut all = JoinSet::new();
        for teller in self.tellers {
            all.spawn(teller.keep_running(Arc::clone(&clock), stop.clone()));
        }
        all.join_all().await;
    }
}

impl Teller {
    /// One that panics begins anew, and keeps no other from being told.
    async fn keep_running(self: Arc<Self>, clock: Clock, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let mut running = JoinSet::new();
            running.spawn(Arc::clone(&self).run(Arc::clone(&clock), stop.clone()));
            if let Some(Err(_)) = running.join_next().await {
                telemetry::worker::broke_down("telling events");
                tokio::time::sleep(POLL).await;
            }
        }
    }

    async fn run(self: Arc<Self>, clock: Clock, stop: CancellationToken) {
        let mut place = None;
        while !stop.is_cancelled() {
            let turn = self.turn(&mut place, &clock).await.unwrap_or_else(|error| {
                telemetry::worker::store_failed("telling events", &error);
                // Looked up again: nobody knows what was noted.
                place = None;
                Turn::Rest
            });
            if turn == Turn::Rest {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        }
        // Another node may go on at once.
        let _ = self.places.leave(&self.settings.name).await;
    }

    /// Looks behind the place that it knows of, and tells a page of it.
    async fn turn(&self, known: &mut Option<Place>, clock: &Clock) -> Result<Turn, HoldError> {
        let name = &self.settings.name;
        let place = match *known {
            Some(place) => place,
            None => self.places.of(name).await?,
        };
        *known = Some(place);
        if place.due > clock() {
            return Ok(Turn::Rest);
        }
        let page = self.store.audit(place.heard.saturating_add(1), PAGE).await?;
        let Some(last) = page.last().map(|entry| entry.number) else {
            telemetry::events::waiting(name, 0, None);
            return Ok(Turn::Rest);
        };
        let wants = page.iter().any(|entry| self.kinds(entry).next().is_some());
        if !wants && last.saturating_sub(place.heard) < NOTE_EVERY && page.len() < PAGE as usize {
            telemetry::events::waiting(name, 0, None);
            return Ok(Turn::Rest);
        }
        let Some(place) = self.places.take(name, clock(), LEASE).await? else {
            *known = None;
            return Ok(Turn::Rest);
        };
        let page: Vec<AuditEntry> =
            page.into_iter().filter(|entry| entry.number > place.heard).collect();
        let (place, turn) = self.tell_page(place, page, clock).await?;
        *known = place;
        Ok(turn)
    }

    async fn tell_page(
        &self,
        mut place: Place,
        page: Vec<AuditEntry>,
        clock: &Clock,
    ) -> Result<(Option<Place>, Turn), HoldError> {
        let name = &self.settings.name;
        let mut page = page.into_iter().peekable();
        while page.peek().is_some() {
            let (mut batch, mut last, mut oldest) = (Vec::new(), place.heard, None);
            while let Some(entry) = page.next_if(|_| batch.len() < self.receiver.most()) {
                last = entry.number;
                for kind in self.kinds(&entry) {
                    let hold = self.about(&entry).await?;
                    oldest.get_or_insert(entry.at);
                    batch.push(Event::new(&entry, kind, hold));
                }
            }
            let next = self.tell(&batch, place, last, clock).await;
            if !self.places.note(name, &next).await? {
                // Another node has it: what this one told is told again under the same id.
                return Ok((None, Turn::Rest));
            }
            place = next;
            if place.heard < last {
                let waiting = self.store.audit_head().await?.number.saturating_sub(place.heard);
                telemetry::events::waiting(name, waiting, oldest.map(|at| age(at, clock())));
                return Ok((Some(place), Turn::Rest));
            }
            // The lease goes on while there is something to tell.
            if page.peek().is_some() && self.places.take(name, clock(), LEASE).await?.is_none() {
                return Ok((None, Turn::Rest));
            }
        }
        Ok((Some(place), Turn::More))
    }

    /// Tells a batch; the place behind it, or the same one with another time.
    async fn tell(&self, batch: &[Event], place: Place, last: u64, clock: &Clock) -> Place {
        let heard = Place { heard: last, attempts: 0, due: Timestamp::UNIX_EPOCH };
        let Some(first) = batch.first() else { return heard };
        let name = &self.settings.name;
        let deaf = match self.receiver.tell(batch).await {
            Ok(()) => {
                telemetry::events::told(name, batch.len());
                return heard;
            }
            Err(deaf) => deaf,
        };
        let now = clock();
        let attempts = place.attempts.saturating_add(1);
        let is_old = age(first.at(), now) >= self.settings.give_up_after;
        let is_refused = matches!(deaf, Deaf::Refused(_)) && attempts >= REFUSALS;
        if is_old || is_refused {
            telemetry::events::given_up(name, &first.id, deaf.word());
            return Place { heard: first.entry.number, ..heard };
        }
        let nth = usize::try_from(place.attempts).unwrap_or(usize::MAX).min(PAUSES_SECS.len() - 1);
        let pause = PAUSES_SECS.get(nth).copied().unwrap_or_default();
        telemetry::events::put_off(name, deaf.word(), pause);
        let due = Timestamp::from_second(now.as_second().saturating_add(pause)).unwrap_or(now);
        Place { attempts, due, ..place }
    }

    /// What an entry is to this receiver.
    fn kinds(&self, entry: &AuditEntry) -> impl Iterator<Item = Option<Kind>> {
        let kinds: Vec<Option<Kind>> = match &self.settings.wanted {
            Wanted::Audit => vec![None],
            Wanted::Kinds(kinds) => {
                Kind::of(entry).filter(|kind| kinds.contains(kind)).map(Some).collect()
            }
        };
        kinds.into_iter()
    }

    async fn about(&self, entry: &AuditEntry) -> Result<Option<About>, HoldError> {
        let Some(id) = &entry.hold else { return Ok(None) };
        match self.store.find(id).await {
            Ok(hold) => Ok(hold.map(|hold| About::of(&hold, self.settings.include))),
            // What happened is told all the same.
            Err(HoldError::Corrupt(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// How long ago.
fn age(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(at)).unwrap_or_default()
}
