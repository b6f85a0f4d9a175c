//! Why something about accounts could not be done.

use super::Unfit;
use crate::store::{self, StoreError};

/// Why it was not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The database's word.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else logs in by this name.
    #[error("somebody else logs in as {0}")]
    Taken(String),
    /// A name nobody can type, or that looks like another.
    #[error("a log-in name is 1 to 64 of a-z, 0-9, dot, hyphen, underscore and @")]
    BadLogin,
    /// Nobody has this id or name.
    #[error("there is no such person")]
    Unknown,
    /// The password will not do.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The machine gave no randomness, or a hash could not be made.
    #[error("the machine gave no randomness")]
    NoRandomness,
}

/// Why a statement of ours did not come to its end.
pub(super) type Fault = store::Fault<AccountError>;

impl From<AccountError> for Fault {
    fn from(error: AccountError) -> Fault {
        Fault::Told(error)
    }
}
