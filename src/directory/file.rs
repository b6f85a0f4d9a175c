//! The file of people, read from disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Mistake, People, Terms};

/// No table of people is larger.
const MAX_FILE_OCTETS: u64 = 32 << 20;
/// Digits of its digest that tell one content from another.
const FINGERPRINT_DIGITS: usize = 12;

/// Why a file of people is not taken.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    /// Cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no table of people by its size.
    #[error("{0} is larger than {MAX_FILE_OCTETS} octets")]
    TooLarge(PathBuf),
    /// Another encoding.
    #[error("{0} is not UTF-8")]
    NotUtf8(PathBuf),
    /// Lines that cannot be meant.
    #[error("{path} has mistakes")]
    Mistakes {
        /// Which file.
        path: PathBuf,
        /// In the order of its lines.
        mistakes: Vec<Mistake>,
    },
}

/// Reads a file of people.
pub fn read(path: &Path, terms: &Terms) -> Result<People, BadFile> {
    let unreadable = |source| BadFile::Unreadable { path: path.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.len() > MAX_FILE_OCTETS {
        return Err(BadFile::TooLarge(path.to_owned()));
    }
    let octets = fs::read(path).map_err(unreadable)?;
    let mut fingerprint = HEXLOWER.encode(&Sha256::digest(&octets));
    fingerprint.truncate(FINGERPRINT_DIGITS);
    let text = String::from_utf8(octets).map_err(|_| BadFile::NotUtf8(path.to_owned()))?;
    People::parse(&text, fingerprint, terms)
        .map_err(|mistakes| BadFile::Mistakes { path: path.to_owned(), mistakes })
}
