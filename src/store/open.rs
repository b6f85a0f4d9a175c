//! Opens the database that a URL names: `sqlite:/path/to/file.db`, `postgres://...` or
//! `postgresql://...`.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{Database, Settings, StoreError};

/// Why a store cannot be opened as it is; the `source` of [`StoreError::Failed`].
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// No such kind of store.
    #[error("store.url begins with none of sqlite:, postgres: and postgresql:")]
    Scheme,
    /// Options behind the file name.
    #[error("store.url takes no options behind the file name: nothing may weaken the store")]
    Options,
    /// A name that is no file's.
    #[error("store.url names no file: write sqlite:/var/lib/callfirst/callfirst.db")]
    NoFile,
    /// The folder is not there.
    #[error("the folder {} does not exist: create it, owned by the service's user", .0.display())]
    NoFolder(PathBuf),
    /// The file cannot be made or opened.
    #[error("cannot open {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Everybody on the machine can read held mail.
    #[error("{} is open to every user of this machine: chmod 600 it", .0.display())]
    OpenToAll(PathBuf),
    /// A database program older than we can trust with mail.
    #[error("SQLite {0} may lose commits in WAL mode: 3.51.3 or newer is needed")]
    Version(String),
    /// A setting that does not take, or that loses commits.
    #[error("{setting} is {found}, but must be {wanted} or held mail may be lost")]
    Setting {
        /// The database's name for it.
        setting: &'static str,
        /// As it is.
        found: String,
        /// As it must be.
        wanted: &'static str,
    },
    /// Written by a later release.
    #[error("the store was written by a newer callfirst (schema {found}, this one knows {known})")]
    Newer {
        /// The store's schema.
        found: i64,
        /// Ours.
        known: i64,
    },
}

impl Unusable {
    fn while_opening(self) -> StoreError {
        StoreError::Failed { doing: "opening the store", source: Box::new(self) }
    }
}

/// Opens the database, brings its schema up to date and checks that its commits are durable.
///
/// # Errors
/// [`StoreError::Failed`] with an [`Unusable`] as source where the operator can do something.
pub async fn open(url: &str, settings: &Settings) -> Result<Database, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let file = database_file(path).map_err(Unusable::while_opening)?;
        return Database::sqlite(&file, settings.clone()).await;
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Database::postgres(url, settings.clone()).await;
    }
    Err(Unusable::Scheme.while_opening())
}

/// The database file, there and private. SQLite gives its companions (`-wal`, `-shm`) the same mode.
fn database_file(written: &str) -> Result<PathBuf, Unusable> {
    if written.contains('?') {
        return Err(Unusable::Options);
    }
    // `sqlite:///var/x.db` is as common as `sqlite:/var/x.db`.
    let path = Path::new(written.strip_prefix("//").unwrap_or(written));
    let name = path.file_name().ok_or(Unusable::NoFile)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(|_| Unusable::NoFolder(folder.to_owned()))?;
    let path = folder.join(name);
    make_private(&folder, &path).map_err(|source| Unusable::File { path: path.clone(), source })?;
    let mode = path.metadata().map(|m| m.permissions().mode());
    match mode {
        Ok(mode) if mode & 0o007 == 0 => Ok(path),
        Ok(_) => Err(Unusable::OpenToAll(path)),
        Err(source) => Err(Unusable::File { path, source }),
    }
}

/// Makes the file if it is not there, and its name durable with it.
fn make_private(folder: &Path, path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => {
            file.sync_all()?;
            File::open(folder)?.sync_all()
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
