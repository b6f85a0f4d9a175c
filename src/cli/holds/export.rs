//! Takes held messages out of the store.

use std::{fs, io::Write, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{find, hold_id, promise_of, view::HoldView};
use crate::{
    cli::out::{self, Failure},
    hold::{AuditEvent, HoldFilter, HoldStore, State},
    mail::{HoldId, Timestamp},
};

/// One hold as `holds export` tells it on stdout.
#[derive(Serialize)]
struct Exported<'a> {
    #[serde(flatten)]
    hold: HoldView<'a>,
    /// The message as received, where it is not written to a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_base64: Option<String>,
    /// The file it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

/// Writes the holds named, or all that are held now: files into `dir`, and on stdout their names or,
/// with `json`, a line of JSON for each; else all of it as JSON lines on stdout.
pub(super) async fn export(
    store: &dyn HoldStore,
    dir: Option<&Path>,
    ids: &[String],
    json: bool,
) -> Result<(), Failure> {
    if let Some(dir) = dir.filter(|dir| !dir.is_dir()) {
        let dir = dir.display();
        return Err(Failure::Usage(format!("{dir} is no folder: make it first, mode 0700")));
    }
    let ids = if ids.is_empty() {
        let filter = HoldFilter { states: vec![State::Held], ..HoldFilter::default() };
        let held = store.list(&filter).await;
        let held = held.map_err(|error| Failure::broke("listing holds", &error))?;
        held.into_iter().map(|h| h.id).collect()
    } else {
        ids.iter().map(|id| hold_id(id)).collect::<Result<Vec<_>, _>>()?
    };
    for id in ids {
        let content = store.content(&id).await;
        let content = content.map_err(|error| Failure::broke("reading the content", &error))?;
        // Recorded first: nobody takes a message out unseen.
        let event = AuditEvent { name: "exported".to_owned(), facts: Vec::new() };
        let recorded = store.record(Some(&id), out::operator(), event, Timestamp::now()).await;
        recorded.map_err(|error| Failure::broke("writing the audit log", &error))?;
        match dir {
            Some(dir) => {
                let path = dir.join(format!("{id}.eml"));
                write_new(&path, &content).map_err(|error| {
                    Failure::Broke(format!("cannot write {}: {error}", path.display()))
                })?;
                let file = path.display().to_string();
                if json {
                    tell(store, &id, None, Some(file)).await?;
                } else {
                    out::line(&file)?;
                }
            }
            None => tell(store, &id, Some(STANDARD.encode(&content)), None).await?,
        }
    }
    Ok(())
}

async fn tell(
    store: &dyn HoldStore,
    id: &HoldId,
    content_base64: Option<String>,
    file: Option<String>,
) -> Result<(), Failure> {
    let hold = find(store, id).await?;
    let promise = promise_of(store, id).await?;
    let hold = HoldView::of(&hold, promise.as_ref());
    out::json(&Exported { hold, content_base64, file })
}

/// Held mail is confidential: the file is the owner's alone, and nothing is written over.
fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
