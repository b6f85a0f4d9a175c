//! Threads for sessions, each with a runtime of its own.
//!
//! A session stays on the thread that it was given to, with all that it begins: what a lock-step
//! relay does between two waits is so short that to wake another thread for it costs more than
//! the work. The sessions of one client are dealt to the threads in turn.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use tokio::runtime::{Builder, Handle};
use tokio_util::sync::CancellationToken;

/// Threads that run until this is dropped.
#[derive(Debug)]
pub struct Lanes {
    handles: Vec<Handle>,
    stop: CancellationToken,
}

impl Lanes {
    /// Starts so many threads.
    pub fn start(count: usize) -> io::Result<Lanes> {
        let mut lanes = Lanes { handles: Vec::new(), stop: CancellationToken::new() };
        for number in 0..count {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            lanes.handles.push(runtime.handle().clone());
            let stopped = lanes.stop.clone();
            let name = format!("sessions-{number}");
            let run = move || runtime.block_on(stopped.cancelled());
            thread::Builder::new().name(name).spawn(run)?;
        }
        Ok(lanes)
    }

    /// The threads, to be dealt to sessions.
    pub(super) fn deal(&self) -> Deal {
        Deal { handles: self.handles.clone(), next: AtomicUsize::new(0) }
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Deals threads in turn.
#[derive(Debug, Default)]
pub(super) struct Deal {
    handles: Vec<Handle>,
    next: AtomicUsize,
}

impl Deal {
    /// The next one; `None` where there are none, and sessions run where they were let in.
    pub(super) fn next(&self) -> Option<&Handle> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        self.handles.get(turn.checked_rem(self.handles.len())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sessions_are_dealt_in_turn_and_stay_on_their_thread() {
        let lanes = Lanes::start(2).expect("started");
        let deal = lanes.deal();
        let mut names = Vec::new();
        for _ in 0..4 {
            let name = || thread::current().name().map(str::to_owned);
            let session = async move {
                let before = name();
                tokio::task::yield_now().await;
                assert_eq!(tokio::spawn(async move { name() }).await.expect("run"), before);
                before
            };
            names.push(deal.next().expect("a thread").spawn(session).await.expect("run"));
        }
        assert_eq!(
            names.iter().flatten().collect::<Vec<_>>(),
            ["sessions-0", "sessions-1", "sessions-0", "sessions-1"]
        );
        assert!(Deal::default().next().is_none());
    }
}
