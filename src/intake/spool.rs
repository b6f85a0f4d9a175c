//! Where content lies while it arrives and is worked on.
//!
//! Small messages stay in memory as long as the budget of all sessions has room; the others go
//! to an unlinked temporary file. Nothing is promised yet, so nothing is synced: if we die, the
//! client has had no answer and sends again. A session never waits for memory that another
//! session holds.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::Arc,
};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::mail::{Content, Octets};

/// The budget is counted in pieces of this many octets.
const PIECE_OCTETS: usize = 4 << 10;

/// A file is written in pieces of about this size.
const WRITE_OCTETS: usize = 64 << 10;

/// What all messages together may take in memory.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pieces: Arc<Semaphore>,
    message_octets: usize,
    folder: PathBuf,
}

impl Budget {
    /// `total_octets` for all, `message_octets` for one; larger ones go to a file in `folder`.
    pub(super) fn new(total_octets: usize, message_octets: usize, folder: PathBuf) -> Budget {
        let pieces = (total_octets / PIECE_OCTETS).min(Semaphore::MAX_PERMITS);
        Budget { pieces: Arc::new(Semaphore::new(pieces)), message_octets, folder }
    }
}

/// One message on its way in.
#[derive(Debug)]
pub(super) struct Spool {
    budget: Budget,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Memory {
        octets: Vec<u8>,
        permit: Option<OwnedSemaphorePermit>,
    },
    File {
        file: File,
        unwritten: Vec<u8>,
        written: u64,
    },
    /// A write failed or was given up half-way.
    Lost,
}

/// Octets in memory, counted against the budget for as long as anybody holds them.
struct Counted {
    octets: Vec<u8>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.octets
    }
}

/// An unlinked file.
struct SpoolFile {
    file: File,
    octets: u64,
}

impl Octets for SpoolFile {
    fn len(&self) -> u64 {
        self.octets
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(buffer, offset)
    }
}

impl Spool {
    /// An empty message.
    pub(super) fn new(budget: &Budget) -> Spool {
        let place = Place::Memory { octets: Vec::new(), permit: None };
        Spool { budget: budget.clone(), place }
    }

    /// Adds to it. An error means that the message is lost.
    pub(super) async fn write(&mut self, more: &[u8]) -> io::Result<()> {
        match &mut self.place {
            Place::Memory { octets, permit } => {
                if self.budget.allows(octets.len() + more.len(), permit) {
                    octets.extend_from_slice(more);
                    return Ok(());
                }
            }
            Place::File { unwritten, .. } => {
                unwritten.extend_from_slice(more);
                if unwritten.len() < WRITE_OCTETS {
                    return Ok(());
                }
                return self.write_out(&[]).await;
            }
            Place::Lost => {}
        }
        self.write_out(more).await
    }

    /// The content, whole.
    pub(super) async fn finish(mut self) -> io::Result<Content> {
        if let Place::File { unwritten, .. } = &self.place
            && !unwritten.is_empty()
        {
            self.write_out(&[]).await?;
        }
        match self.place {
            Place::Memory { octets, permit } => {
                Ok(Content::from(Bytes::from_owner(Counted { octets, _permit: permit })))
            }
            Place::File { file, written, .. } => {
                Ok(Content::elsewhere(Arc::new(SpoolFile { file, octets: written })))
            }
            Place::Lost => Err(lost()),
        }
    }

    /// Writes what waits, and `more`, to the file; makes the file if there is none.
    async fn write_out(&mut self, more: &[u8]) -> io::Result<()> {
        let (file, mut octets, before, permit) =
            match std::mem::replace(&mut self.place, Place::Lost) {
                Place::Memory { octets, permit } => (None, octets, 0, permit),
                Place::File { file, unwritten, written } => (Some(file), unwritten, written, None),
                Place::Lost => return Err(lost()),
            };
        octets.extend_from_slice(more);
        let folder = self.budget.folder.clone();
        let work = move || -> io::Result<(File, Vec<u8>, u64)> {
            let mut file = match file {
                Some(file) => file,
                None => tempfile::tempfile_in(folder)?,
            };
            file.write_all(&octets)?;
            let written = before + octets.len() as u64;
            octets.clear();
            octets.shrink_to(WRITE_OCTETS);
            drop(permit);
            Ok((file, octets, written))
        };
        let (file, unwritten, written) = tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| io::Error::other("the spool's task did not finish"))??;
        self.place = Place::File { file, unwritten, written };
        Ok(())
    }
}

impl Budget {
    /// Whether a message may take this many octets of memory; takes what that needs.
    fn allows(&self, octets: usize, permit: &mut Option<OwnedSemaphorePermit>) -> bool {
        if octets > self.message_octets {
            return false;
        }
        let held = permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = octets.div_ceil(PIECE_OCTETS).saturating_sub(held);
        if missing == 0 {
            return true;
        }
        let Ok(missing) = u32::try_from(missing) else { return false };
        let Ok(fresh) = Arc::clone(&self.pieces).try_acquire_many_owned(missing) else {
            return false;
        };
        match permit {
            Some(permit) => permit.merge(fresh),
            None => *permit = Some(fresh),
        }
        true
    }
}

fn lost() -> io::Error {
    io::Error::other("the spooled message was lost by an earlier error")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn spool(budget: &Budget, octets: &[u8], piece: usize) -> Content {
        let mut spool = Spool::new(budget);
        for piece in octets.chunks(piece) {
            spool.write(piece).await.expect("written");
        }
        spool.finish().await.expect("finished")
    }

    fn sample(octets: u32) -> Vec<u8> {
        (0..octets).map(|i| (i % 251) as u8).collect()
    }

    #[tokio::test]
    async fn a_small_message_stays_in_memory_and_gives_its_share_back() {
        let budget = Budget::new(64 << 10, 32 << 10, std::env::temp_dir());
        let octets = sample(20_000);
        let content = spool(&budget, &octets, 777).await;
        assert_eq!(content.in_memory().map(|b| b.to_vec()), Some(octets));
        assert_eq!(budget.pieces.available_permits(), 16 - 5);
        drop(content);
        assert_eq!(budget.pieces.available_permits(), 16);
    }

    #[tokio::test]
    async fn a_large_message_goes_to_a_file_and_costs_no_memory() {
        let budget = Budget::new(64 << 10, 32 << 10, std::env::temp_dir());
        let octets = sample(300_000);
        let content = spool(&budget, &octets, 5000).await;
        assert!(content.in_memory().is_none());
        assert_eq!(budget.pieces.available_permits(), 16);
        assert_eq!(content.whole().expect("read").to_vec(), octets);
        assert_eq!(content.read(299_990, 100).expect("read").to_vec(), octets[299_990..]);
    }

    #[tokio::test]
    async fn without_room_in_memory_even_a_small_message_goes_to_a_file() {
        let budget = Budget::new(8 << 10, 32 << 10, std::env::temp_dir());
        let first = spool(&budget, &sample(8000), 1000).await;
        let second = spool(&budget, &sample(100), 10).await;
        assert!(first.in_memory().is_some() && second.in_memory().is_none());
        assert_eq!(second.whole().expect("read").to_vec(), sample(100));
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_an_error_and_stays_one() {
        let budget = Budget::new(0, 0, PathBuf::from("/nonexistent/callfirst"));
        let mut spool = Spool::new(&budget);
        assert!(spool.write(b"x").await.is_err());
        assert!(spool.write(b"x").await.is_err());
        assert!(spool.finish().await.is_err());
    }
}
