//! How many sessions there are, in all and from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Why there is no place for another session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crowded {
    /// Too many sessions in all.
    Connections,
    /// Too many from this address.
    PerClient,
}

impl Crowded {
    /// One word for log and metric.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Crowded::Connections => "connections",
            Crowded::PerClient => "per_client",
        }
    }
}

/// Counts the sessions that are open.
#[derive(Debug)]
pub(super) struct Crowd {
    most: usize,
    most_per_client: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// A place for one session; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    crowd: Arc<Crowd>,
    client: IpAddr,
}

impl Crowd {
    pub(super) fn new(most: usize, most_per_client: usize) -> Arc<Crowd> {
        Arc::new(Crowd { most, most_per_client, counts: Mutex::default() })
    }

    /// Takes a place, if there is one.
    pub(super) fn enter(self: &Arc<Self>, client: IpAddr) -> Result<Place, Crowded> {
        let mut counts = self.lock();
        if counts.all >= self.most {
            return Err(Crowded::Connections);
        }
        let of_client = counts.by_client.entry(client).or_default();
        if *of_client >= self.most_per_client {
            return Err(Crowded::PerClient);
        }
        *of_client += 1;
        counts.all += 1;
        Ok(Place { crowd: Arc::clone(self), client })
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // Nothing inside the lock panics between two changes, so a poisoned count is right.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.lock();
        counts.all = counts.all.saturating_sub(1);
        if let Some(of_client) = counts.by_client.get_mut(&self.client) {
            *of_client = of_client.saturating_sub(1);
            if *of_client == 0 {
                counts.by_client.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_run_out_in_all_and_for_each_client_and_come_back() {
        let crowd = Crowd::new(3, 2);
        let (a, b) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let first = crowd.enter(a).expect("a place");
        let _second = crowd.enter(a).expect("a place");
        assert_eq!(crowd.enter(a).map(|_| ()), Err(Crowded::PerClient));
        let third = crowd.enter(b).expect("a place");
        assert_eq!(crowd.enter(b).map(|_| ()), Err(Crowded::Connections));
        drop(first);
        drop(third);
        assert!(crowd.enter(a).is_ok());
        assert_eq!(crowd.lock().by_client.len(), 1);
    }
}
