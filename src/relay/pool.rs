//! Sessions that nobody needs just now.
//!
//! The newest is taken first, so that the others may grow old and be closed with QUIT. A task
//! closes them while there are any and ends with the last. Each runtime has its own: a session
//! is taken only where its socket is watched.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Session, opening::home};

/// Idle sessions, at most so many, for at most so long.
pub(super) struct Pool {
    idle: Mutex<Idle>,
    most: usize,
    life: Duration,
}

#[derive(Default)]
struct Idle {
    /// Oldest first, with the time they came.
    sessions: VecDeque<(Instant, Session)>,
    /// Somebody will close them when they are old.
    watched: bool,
}

impl Pool {
    pub(super) fn new(most: usize, life: Duration) -> Pool {
        Pool { idle: Mutex::default(), most, life }
    }

    /// The session of this runtime that came last, if it is still there and silent.
    pub(super) async fn take(&self) -> Option<Session> {
        let home = home();
        loop {
            let (_, mut session) = {
                let sessions = &mut self.lock().sessions;
                let last = sessions.iter().rposition(|(_, session)| session.home == home)?;
                sessions.remove(last)?
            };
            if session.is_alive().await {
                session.pooled = true;
                return Some(session);
            }
        }
    }

    /// Keeps a session whose last transaction is ended.
    pub(super) fn put(self: &Arc<Self>, mut session: Session) {
        session.permit = None;
        let mut idle = self.lock();
        idle.sessions.push_back((Instant::now(), session));
        // The oldest gives way: it may be of a runtime that has less to do now.
        if idle.sessions.len() > self.most
            && let Some((_, oldest)) = idle.sessions.pop_front()
        {
            tokio::spawn(oldest.quit());
        }
        if !idle.watched {
            idle.watched = true;
            let pool = Arc::downgrade(self);
            let life = self.life;
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(life).await;
                    match pool.upgrade() {
                        Some(pool) if pool.close_old().await => {}
                        _ => return,
                    }
                }
            });
        }
    }

    /// Closes all, for the end of the service.
    pub(super) async fn close_all(&self) {
        let sessions = std::mem::take(&mut self.lock().sessions);
        for (_, session) in sessions {
            session.quit().await;
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().sessions.is_empty()
    }

    /// Closes what is too old; whether any are left to watch.
    async fn close_old(&self) -> bool {
        loop {
            let session = {
                let mut idle = self.lock();
                match idle.sessions.front() {
                    None => {
                        idle.watched = false;
                        return false;
                    }
                    Some((since, _)) if since.elapsed() < self.life => return true,
                    Some(_) => idle.sessions.pop_front(),
                }
            };
            if let Some((_, session)) = session {
                session.quit().await;
            }
        }
    }

    /// A panic elsewhere cannot leave the list half changed.
    fn lock(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
