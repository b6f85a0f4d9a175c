//! The child's side: gives up what it does not need before it looks at a document.
//!
//! Hard limits cannot be raised again, not even by code that took the process over; only root could.
//! It can open no file and no socket, start nothing, write to no file, leave no core behind, and it
//! has little memory and time. Standard output goes nowhere, because the readers of documents print
//! to it when they wonder; what is to be said goes out by a handle of our own.

use std::{env, fs::File, io, os::unix::process::CommandExt, process::Command};

use rustix::process::{Resource, Rlimit, setrlimit};

/// Processor time. A letter takes a hundredth of it; `SIGXCPU` ends the process.
const CPU_SECS: u64 = 5;
/// Memory that it may write to; most documents take some ten times their size.
const DATA_OCTETS: u64 = 256 << 20;

/// Keeps the allocator from mapping a gigabyte when the process starts: the limit of memory is one
/// on what is mapped from then on.
pub(super) const FRUGAL: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "0");

/// Confines this process for the rest of its life. Gives the place for the text.
pub fn confine() -> io::Result<File> {
    if env::var_os(FRUGAL.0).is_none() {
        // Started by hand: once more, with the same limits as in the service.
        let mut again = Command::new(super::this_program());
        again.args(env::args_os().skip(1)).env(FRUGAL.0, FRUGAL.1);
        return Err(again.exec());
    }
    let said = File::from(rustix::io::dup(rustix::stdio::stdout())?);
    rustix::stdio::dup2_stdout(File::create("/dev/null")?)?;
    // Where memory is short, the kernel shall take this process and not the service. Without
    // /proc there is nothing to say it to.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    for (resource, most) in [
        (Resource::Cpu, CPU_SECS),
        (Resource::Data, DATA_OCTETS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        // What is open stays open.
        (Resource::Nofile, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(said)
}
