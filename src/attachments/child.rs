//! One child: started, fed, listened to, ended.
//!
//! The document goes to it in memory that both see (a `memfd`), so that neither can wait for the
//! other to read. It inherits no open file, and of the environment nothing.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{MemfdFlags, memfd_create},
};

use super::{confined::FRUGAL, refusal_of};
use crate::extract::{Kind, MOST_TEXT_OCTETS, Refusal};

/// How a child ended.
#[derive(Debug)]
pub(super) enum Ended {
    Text(String),
    Refused(Refusal),
    /// Of itself, in none of the ways that it should.
    Died,
    /// It was killed.
    OutOfTime,
}

/// Has a child read a document, not beyond `until`. An error: there is no child.
pub(super) fn run(program: &Path, kind: Kind, octets: &[u8], until: Instant) -> io::Result<Ended> {
    let child = Command::new(program)
        .arg0("callfirst")
        .args(["extract", kind.name()])
        .env_clear()
        .env(FRUGAL.0, FRUGAL.1)
        .current_dir("/")
        .stdin(in_memory(octets)?)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Guarded(child).listen(until))
}

fn in_memory(octets: &[u8]) -> io::Result<File> {
    let mut file = File::from(memfd_create("attachment", MemfdFlags::CLOEXEC)?);
    file.write_all(octets)?;
    file.rewind()?;
    Ok(file)
}

/// A child that does not outlive us.
struct Guarded(Child);

impl Guarded {
    fn listen(mut self, until: Instant) -> Ended {
        let Some(stdout) = self.0.stdout.take() else { return Ended::Died };
        let Some(octets) = whole(stdout, until) else { return Ended::OutOfTime };
        let Some(status) = self.status(until) else { return Ended::OutOfTime };
        match String::from_utf8(octets) {
            Ok(text) if status.success() && text.len() <= MOST_TEXT_OCTETS => Ended::Text(text),
            _ => refusal_of(status.code()).map_or(Ended::Died, Ended::Refused),
        }
    }

    /// How it ended. It has closed its output, so it is ending now; unless somebody else rules it.
    fn status(&mut self, until: Instant) -> Option<std::process::ExitStatus> {
        loop {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Some(status);
            }
            if Instant::now() >= until {
                return None;
            }
            thread::sleep(Duration::from_micros(200));
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // Of one that has been waited for, both do nothing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// All that it says until it closes its output; `None` where it is not done in time. What is said
/// beyond the limit is dropped, but for one octet that tells.
fn whole(mut stdout: ChildStdout, until: Instant) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        let left = until.checked_duration_since(Instant::now()).filter(|l| !l.is_zero())?;
        let left = Timespec::try_from(left).ok()?;
        match poll(&mut [PollFd::new(&stdout, PollFlags::IN)], Some(&left)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => continue,
            Ok(_) => {}
            Err(_) => return None,
        }
        match stdout.read(&mut buffer) {
            Ok(0) => return Some(all),
            Ok(read) => {
                all.extend_from_slice(buffer.get(..read).unwrap_or_default());
                all.truncate(MOST_TEXT_OCTETS + 1);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
