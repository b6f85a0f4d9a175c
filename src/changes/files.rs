//! The policy folder: read whole, written file by file, each at once or not at all.

use std::{
    fs, io,
    io::Write,
    os::unix::fs::{MetadataExt, fchown},
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use super::{FileText, entry::text_of};
use crate::policy::{PolicySet, Source};

/// Where the policies are.
#[derive(Debug, Clone)]
pub struct Folder {
    /// `None`: those that ship, which nobody can change.
    dir: Option<PathBuf>,
}

/// Why a change cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is nothing to write to.
    #[error(
        "the policies that ship cannot be changed: `callfirst init` writes them into a folder, and `[policy] dir` names it"
    )]
    Shipped,
    /// Somebody was quicker.
    #[error("{0} was changed meanwhile: look at the change again, as the file is now")]
    Changed(String),
    /// Others keep these files.
    #[error("{file} cannot be written here: take the patch to where these files are kept")]
    ReadOnly {
        /// Which.
        file: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The name leads out of the folder.
    #[error("{0} is no file of the policy folder")]
    Outside(String),
    /// Ours to repair.
    #[error("{file} could not be written")]
    Failed {
        /// Which.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Folder {
    /// This folder; `None` for the policies that ship.
    pub fn new(dir: Option<PathBuf>) -> Folder {
        Folder { dir }
    }

    /// Its path, if it is one.
    pub fn path(&self) -> Option<&Path> {
        self.dir.as_deref()
    }

    /// Files as others read them, by their names below the folder.
    pub fn named(&self, mut sources: Vec<Source>) -> Vec<Source> {
        let dir = self.dir.as_deref().unwrap_or(Path::new("policies"));
        for source in &mut sources {
            if let Ok(inside) = Path::new(&source.name).strip_prefix(dir) {
                source.name = inside.display().to_string();
            }
        }
        sources
    }

    /// The shipped ones by the same names.
    pub fn shipped(&self) -> Vec<Source> {
        Folder { dir: None }.named(PolicySet::shipped())
    }

    /// Whether files of it can be written, as far as the system says: asking makes none, because a new
    /// file in the folder makes the service read it again.
    pub fn is_writable(&self) -> bool {
        let writes = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
        self.dir.as_deref().is_some_and(|dir| access(dir, writes).is_ok())
    }

    /// Writes files, if each is still what the change was made on. `now` is what they are.
    ///
    /// Several are renamed one after the other; the one with the new test, which comes first in a
    /// change, last: a death between them leaves a set that compiles and passes its tests.
    ///
    /// # Errors
    /// Nothing was written, or, where the system failed between two files, not all.
    pub fn write(&self, files: &[FileText], now: &[Source]) -> Result<(), WriteError> {
        let dir = self.dir.as_deref().ok_or(WriteError::Shipped)?;
        for file in files {
            if text_of(now, &file.file) != file.before {
                return Err(WriteError::Changed(file.file.clone()));
            }
        }
        let ready: Vec<Ready<'_>> =
            files.iter().rev().map(|file| Ready::make(dir, file)).collect::<Result<_, _>>()?;
        ready.into_iter().try_for_each(Ready::put)
    }
}

/// A file written beside the one that it is to be.
struct Ready<'f> {
    file: &'f FileText,
    path: PathBuf,
    temporary: tempfile::NamedTempFile,
}

impl<'f> Ready<'f> {
    fn make(dir: &Path, file: &'f FileText) -> Result<Ready<'f>, WriteError> {
        let is_plain = Path::new(&file.file)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !is_plain || !file.file.ends_with(".toml") {
            return Err(WriteError::Outside(file.file.clone()));
        }
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                WriteError::ReadOnly { file: file.file.clone(), source }
            }
            _ => WriteError::Failed { file: file.file.clone(), source },
        };
        let path = dir.join(&file.file);
        // A link stays a link: what it leads to is replaced.
        let path = path.canonicalize().unwrap_or(path);
        let folder = path.parent().unwrap_or(dir);
        let temporary = prepared(folder, &path, &file.after).map_err(failed)?;
        Ok(Ready { file, path, temporary })
    }

    fn put(self) -> Result<(), WriteError> {
        let name = &self.file.file;
        let failed = |source| WriteError::Failed { file: name.clone(), source };
        // Once more, at the last moment: an editor may have been quicker.
        let found = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other.map_err(failed)?,
        };
        if found != self.file.before {
            return Err(WriteError::Changed(name.clone()));
        }
        self.temporary.persist(&self.path).map_err(|error| failed(error.error))?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

/// The text in a file of the same folder, durable, with mode and owner of the one that is there.
fn prepared(folder: &Path, like: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    // No `.toml`: a reload in this very moment must not read it.
    let mut temporary = tempfile::Builder::new().prefix(".callfirst-").tempfile_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    if let Ok(there) = fs::metadata(like) {
        let file = temporary.as_file();
        // A service that does not own the file keeps its group where it may; its mode always.
        let _ = fchown(file, Some(there.uid()), Some(there.gid()));
        file.set_permissions(there.permissions())?;
    } else {
        use std::os::unix::fs::PermissionsExt;
        temporary.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    temporary.as_file().sync_all()?;
    Ok(temporary)
}
