//! Log lines on their way to stderr, several at a write.
//!
//! A line waits for others for a moment, so that a busy relay does not pay a write for each
//! message and its threads do not queue for stderr. What a person must hear about (`warn` and
//! above) goes out at once, and so does all that waits when [`Flush`] is dropped, at the end of
//! the process. Killed, it loses what the moment held.

use std::{
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait.
const MOMENT: Duration = Duration::from_millis(20);

/// With so many octets waiting, whoever adds a line writes.
const MOST_WAITING: usize = 32 << 10;

static WAITING: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static FILLED: Condvar = Condvar::new();

/// Starts the thread that writes. Without it every line is written at once.
pub(super) fn start() -> Lines {
    let writer = thread::Builder::new().name("log".to_owned()).spawn(write_for_ever);
    Lines { may_wait: writer.is_ok() }
}

/// Makes a writer for each line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    may_wait: bool,
}

/// Writes one line.
#[derive(Debug)]
pub(super) struct Line {
    may_wait: bool,
}

/// Writes all lines that wait when it is dropped.
#[derive(Debug)]
#[must_use = "lines that wait are lost without it"]
pub struct Flush(());

impl Flush {
    pub(super) fn at_the_end() -> Flush {
        Flush(())
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        write_out(&mut waiting());
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { may_wait: self.may_wait }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        Line { may_wait: self.may_wait && *meta.level() > Level::WARN }
    }
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = waiting();
        let first = waiting.is_empty();
        waiting.extend_from_slice(line);
        if !self.may_wait || waiting.len() > MOST_WAITING {
            write_out(&mut waiting);
        } else if first {
            FILLED.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_for_ever() {
    loop {
        let filled = FILLED.wait_while(waiting(), |waiting| waiting.is_empty());
        drop(filled);
        thread::sleep(MOMENT);
        write_out(&mut waiting());
    }
}

/// Nobody listening is no error: there is nobody to tell.
fn write_out(waiting: &mut Vec<u8>) {
    let _ = io::stderr().lock().write_all(waiting);
    waiting.clear();
}

/// A panic elsewhere cannot leave a line half added.
fn waiting() -> MutexGuard<'static, Vec<u8>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}
