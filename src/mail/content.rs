//! The bytes of a message as received: header section and body, CRLF lines,
//! dots unstuffed, without the end of data.
//!
//! Small messages lie in memory, large ones behind [`Octets`] (a spool file of
//! `intake`, chunks of `hold`). Nobody changes them.

use std::{fmt, io, sync::Arc};

use bytes::Bytes;

/// Bytes that lie somewhere else and can be read from any place.
pub trait Octets: Send + Sync {
    /// How many there are.
    fn len(&self) -> u64;
    /// Fills `buffer` from `offset`; fewer than asked only at the end.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The content of one message.
#[derive(Clone)]
pub struct Content(Place);

#[derive(Clone)]
enum Place {
    Memory(Bytes),
    Elsewhere(Arc<dyn Octets>),
}

impl Content {
    /// Content that lies elsewhere, usually in a spool file.
    pub fn elsewhere(octets: Arc<dyn Octets>) -> Content {
        Content(Place::Elsewhere(octets))
    }

    /// How many octets.
    pub fn len(&self) -> u64 {
        match &self.0 {
            Place::Memory(bytes) => bytes.len() as u64,
            Place::Elsewhere(octets) => octets.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, if they lie in memory already.
    pub fn in_memory(&self) -> Option<&Bytes> {
        match &self.0 {
            Place::Memory(bytes) => Some(bytes),
            Place::Elsewhere(_) => None,
        }
    }

    /// All bytes at once. Costs their size in memory unless they are there already.
    pub fn whole(&self) -> io::Result<Bytes> {
        match &self.0 {
            Place::Memory(bytes) => Ok(bytes.clone()),
            Place::Elsewhere(octets) => self.read(0, octets.len() as usize),
        }
    }

    /// Up to `most` bytes from `offset`; empty behind the end. Blocks while it reads a file.
    pub fn read(&self, offset: u64, most: usize) -> io::Result<Bytes> {
        match &self.0 {
            Place::Memory(bytes) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let to = from.saturating_add(most).min(bytes.len());
                Ok(bytes.slice(from..to))
            }
            Place::Elsewhere(octets) => {
                let left = octets.len().saturating_sub(offset);
                let mut buffer = vec![0; most.min(usize::try_from(left).unwrap_or(usize::MAX))];
                let mut filled = 0;
                while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
                    match octets.read_at(offset + filled as u64, rest)? {
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        n => filled += n,
                    }
                }
                Ok(buffer.into())
            }
        }
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Content {
        Content(Place::Memory(bytes))
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        Content(Place::Memory(bytes.into()))
    }
}

/// Never the bytes: they must not reach a log.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} octets)", self.len())
    }
}
