//! `callfirst init`: a folder to start from.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use clap::Args;

use super::out::{self, Failure};
use crate::{app, call::Guides, policy::PolicySet};

/// The commented configuration, the very file of `examples/`.
const CONFIGURATION: &str = include_str!("../../examples/callfirst.toml");

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst init /etc/callfirst

Files that exist are kept as they are.";

/// Write a commented configuration, the shipped policies, guides and texts, and a key with safe modes. Nothing that
/// exists is changed.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The folder; made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = &arguments.dir;
    let io = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| Failure::Broke(format!("cannot write {path}: {error}"))
    };
    make_folder(dir, 0o755).map_err(io(dir))?;
    make_folder(&dir.join("data"), 0o700).map_err(io(&dir.join("data")))?;
    let mut files = vec![(dir.join("callfirst.toml"), configuration())];
    let shipped = PolicySet::shipped().into_iter().chain(Guides::files());
    for source in shipped.chain(app::text_files()) {
        files.push((dir.join(&source.name), source.text));
    }
    for (path, text) in files {
        if let Some(folder) = path.parent() {
            make_folder(folder, 0o755).map_err(io(folder))?;
        }
        let word = if write_new(&path, &text).map_err(io(&path))? { "wrote" } else { "kept" };
        out::line(&format!("{word} {}", path.display()))?;
    }
    let key = dir.join("data/callfirst.db.key");
    app::load_or_make(&key).map_err(|error| Failure::broke("making the key", &error))?;
    out::line(&format!("ready {}", key.display()))?;
    let file = dir.join("callfirst.toml");
    let file = file.display();
    out::note(&format!(
        "\nNext: set `organisation` and `smtp.next_hop` in {file}, then\n  \
         callfirst check -c {file}\n  callfirst serve -c {file}\n\
         and, while it runs, make the first admin of the desk; it prints the link for the password:\n  \
         callfirst people add NAME --role operator -c {file}"
    ));
    Ok(())
}

/// The example keeps its store where a package would; a folder of one's own keeps it inside.
fn configuration() -> String {
    CONFIGURATION.replace("sqlite:/var/lib/callfirst/callfirst.db", "sqlite:data/callfirst.db")
}

fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(mode).create(path)
}

/// Writes a file unless it is there; says whether it wrote.
fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    let open = fs::OpenOptions::new().write(true).create_new(true).mode(0o644).open(path);
    match open {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
