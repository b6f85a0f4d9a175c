//! A queue whose other end a test holds, and what may lie in it.

use tokio::sync::mpsc;

use super::{Draft, Fate, Recorder, Sketch};
use crate::mail::HoldId;

pub(crate) fn open() -> (Recorder, mpsc::Receiver<Draft>) {
    let (queue, taken) = mpsc::channel(4);
    (Recorder { queue }, taken)
}

/// Of a mail that no policy came near to.
pub(crate) fn sketch() -> Box<Sketch> {
    Box::new(Sketch { set: "0".to_owned(), near: Vec::new(), shadow: None })
}

impl Draft {
    /// What became of the mail, its hold, and whether its sender is told.
    pub(crate) fn told(&self) -> (Fate, Option<HoldId>, bool) {
        (self.fate, self.hold.clone(), self.letter.is_some())
    }
}
