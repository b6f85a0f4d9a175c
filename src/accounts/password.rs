//! Passwords, as argon2id.
//!
//! Memory, passes and lanes are those of the OWASP cheat sheet (19 MiB, 2, 1); a hash tells its own,
//! so that one made by other figures still reads. Long, not composed: NIST SP 800-63B.

use std::sync::OnceLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use data_encoding::BASE32_NOPAD;

use super::{AccountError, Accounts};

/// The fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// The most octets: hashing reads all of it.
const MAX_PASSWORD_OCTETS: usize = 1024;

/// Why a password will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Guessed in no time.
    #[error("a password has at least {MIN_PASSWORD_CHARS} characters")]
    Short,
    /// More than anybody types.
    #[error("a password has at most {MAX_PASSWORD_OCTETS} octets")]
    Long,
    /// It can be guessed by whoever knows the log-in name.
    #[error("a password is not the log-in name, nor one character again and again")]
    Obvious,
}

/// Whether a password will do for this log-in name.
pub(super) fn fit(password: &str, login: &str) -> Result<(), Unfit> {
    let mut chars = password.chars();
    let first = chars.next();
    if password.chars().count() < MIN_PASSWORD_CHARS {
        Err(Unfit::Short)
    } else if password.len() > MAX_PASSWORD_OCTETS {
        Err(Unfit::Long)
    } else if password.to_lowercase().contains(login) && password.len() < login.len() + 8
        || chars.all(|c| Some(c) == first)
    {
        Err(Unfit::Obvious)
    } else {
        Ok(())
    }
}

/// A password of a machine's making, to be typed once: 100 bits in groups of five.
///
/// # Errors
/// [`AccountError::NoRandomness`] where the machine gives none.
pub fn random_password() -> Result<String, AccountError> {
    let mut octets = [0; 15];
    getrandom::fill(&mut octets).map_err(|_| AccountError::NoRandomness)?;
    let digits = BASE32_NOPAD.encode(&octets).to_ascii_lowercase();
    let groups = digits.as_bytes().chunks(5).map(|group| String::from_utf8_lossy(group));
    Ok(groups.take(4).collect::<Vec<_>>().join("-"))
}

impl Accounts {
    /// The hash of a password that will do.
    pub(super) async fn hashed(&self, login: &str, password: &str) -> Result<String, AccountError> {
        fit(password, login)?;
        let password = password.to_owned();
        self.working(move || {
            let hash = Argon2::default().hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|_| AccountError::NoRandomness)
        })
        .await?
    }

    /// Whether it is the password of this hash. Without a hash the same work is done for nothing, so
    /// that the time does not tell who has an account.
    pub(super) async fn is_password(
        &self,
        hash: Option<String>,
        password: &str,
    ) -> Result<bool, AccountError> {
        if password.len() > MAX_PASSWORD_OCTETS {
            return Ok(false);
        }
        let password = password.to_owned();
        self.working(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().or_else(|| nobodys()).unwrap_or_default();
            let is_it = PasswordHash::new(hash).is_ok_and(|hash| {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            });
            known && is_it
        })
        .await
    }

    /// Does work that takes a core, a few at a time and beside the runtime's threads.
    async fn working<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        // Nobody closes the semaphore, and the work does not panic.
        let place = self.checking.acquire().await.map_err(|_| AccountError::NoRandomness)?;
        let done = tokio::task::spawn_blocking(work).await;
        drop(place);
        done.map_err(|_| AccountError::NoRandomness)
    }
}

/// A hash that no password of anybody's has.
fn nobodys() -> Option<&'static str> {
    static HASH: OnceLock<Option<String>> = OnceLock::new();
    let make = || Argon2::default().hash_password(b"nobody's").ok().map(|hash| hash.to_string());
    HASH.get_or_init(make).as_deref()
}
