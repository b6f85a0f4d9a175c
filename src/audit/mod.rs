//! Carries the end of the audit outside: signed, by file and by mail.
//!
//! Who can write to the database can write a whole new chain, and sign nothing: the key lies apart from
//! it, and what was carried away is out of reach. A head that was signed is an entry of the audit itself
//! too, so a SIEM that hears the audit hears of each.

mod file;
mod files;
mod head;
mod keeper;
mod key;
mod letter;
mod signed;
#[cfg(test)]
mod tests;

pub use file::{BadHeads, read_heads};
pub use files::Files;
pub use head::{SignedHead, Untrue};
pub use keeper::{Keeper, Settings};
pub use key::{Key, KeyError, PublicKey};
