//! A reader that stops a bomb.

use std::io::{self, Read};

/// Gives what another reader gives, up to a limit; beyond it, an error.
pub(super) struct Inflated<R> {
    inner: R,
    left: u64,
}

impl<R> Inflated<R> {
    pub(super) fn new(inner: R, most: u64) -> Inflated<R> {
        Inflated { inner, left: most }
    }
}

/// What the error of a reader that went beyond its limit is.
pub(super) const BEYOND: io::ErrorKind = io::ErrorKind::FileTooLarge;

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(BEYOND.into()),
        }
        Ok(read)
    }
}
