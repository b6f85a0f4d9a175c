//! Accounts of the desk: people, passwords, sessions.
//!
//! All of it lies in the database, so that every node knows it, and each change is one commit with
//! its entry in the audit's chain. What opens something (the id of a session, of a link) lies
//! there as its SHA-256 only: whoever reads the database can log in as nobody.

mod account;
mod change;
mod error;
mod factor;
mod link;
mod log_in;
mod password;
mod people;
mod rows;
mod second;
mod secret;
mod session;
mod tries;
mod vouched;

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

pub use self::{
    account::{Account, NewPerson, VouchedBy},
    change::Standing,
    error::AccountError,
    factor::{Seal, Seed},
    log_in::{Checked, Entered, Tried},
    password::{MIN_PASSWORD_CHARS, Unfit, random_password},
    second::SetUp,
    secret::Secret,
    session::{Session, Visit},
    vouched::Given,
};
use crate::store::Database;

/// Passwords that are checked at once. Each takes 19 MiB and tens of milliseconds of one core; more
/// of them wait, so that tries to log in cannot take the machine from the mail.
const MOST_AT_ONCE: usize = 2;

/// How long somebody stays logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Unused for so long, a session ends.
    pub idle: Duration,
    /// However much it is used, it ends after this.
    pub longest: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { idle: Duration::from_secs(30 * 60), longest: Duration::from_secs(12 * 3600) }
    }
}

/// The accounts in a database; clones share everything.
#[derive(Debug, Clone)]
pub struct Accounts {
    db: Database,
    settings: Settings,
    seal: Seal,
    checking: Arc<Semaphore>,
}

impl Accounts {
    /// The accounts that this database keeps; `seal` closes the seeds of second factors.
    pub fn new(db: Database, settings: Settings, seal: Seal) -> Accounts {
        Accounts { db, settings, seal, checking: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }
}

#[cfg(test)]
mod tests;
