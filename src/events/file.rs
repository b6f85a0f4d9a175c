//! A file of JSON lines, for a collector on this machine.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf};

use async_trait::async_trait;

use super::{Deaf, Event, Receiver, payload::line};

/// Events written at a time.
const MOST: usize = 200;

/// See the module. It is opened anew for each time, so that it may be rotated away.
pub struct EventFile {
    path: PathBuf,
}

impl EventFile {
    /// This file; it need not be there.
    pub fn new(path: PathBuf) -> EventFile {
        EventFile { path }
    }
}

#[async_trait]
impl Receiver for EventFile {
    fn most(&self) -> usize {
        MOST
    }

    async fn tell(&self, events: &[Event]) -> Result<(), Deaf> {
        let lines: String = events.iter().map(|event| line(event) + "\n").collect();
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut file =
                fs::OpenOptions::new().append(true).create(true).mode(0o640).open(path)?;
            file.write_all(lines.as_bytes())?;
            file.sync_data()
        });
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Deaf::Later("unwritable")),
        }
    }
}
