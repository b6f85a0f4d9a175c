//! A workshop for tests: a folder with one small policy, and a book.

use std::{fs, path::Path, sync::Arc};

use jiff::tz::TimeZone;

use super::{Book, Checks, Folder, Workshop};
use crate::{
    decision::Organisation,
    message::{self, Limits},
    policy::{Preset, Source},
    store::Database,
};

/// The policy: it holds what says that the crate is late.
pub(crate) const POLICY: &str = "# Ours.
id = \"late\"
title = \"a delay\"
category = \"delivery_delay\"

[hold]
threshold = 0.5

[[signal]]
name = \"late\"
weight = 5.0
any = [\"crate .. late\"]

[[signal]]
name = \"sorry\"
weight = 1.0
any = [\"sorry\"]

[[test]]
name = \"late\"
text = \"The crate will be late.\"
expect = \"hold\"
";

/// A workshop over `dir`, which is filled with [`POLICY`].
pub(crate) fn workshop(dir: &Path, database: Database, second_person: bool) -> Workshop {
    fs::write(dir.join("late.toml"), POLICY).unwrap();
    let folder = dir.to_owned();
    let checks = Checks {
        folder: Folder::new(Some(dir.to_owned())),
        read_files: Arc::new(move || {
            let mut names: Vec<_> = fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|e| e == "toml"))
                .collect();
            names.sort();
            let one = |path: &std::path::PathBuf| Source {
                name: path.display().to_string(),
                text: fs::read_to_string(path).unwrap(),
            };
            Ok(names.iter().map(one).collect())
        }),
        lacks: Arc::new(|_| Vec::new()),
        read_mail: Arc::new(|bytes| message::read(bytes, &Limits::default())),
        organisation: Organisation {
            name: "Us".to_owned(),
            domains: vec!["us.example".to_owned()],
        },
        model: None,
        preset: Preset::Balanced,
        second_person,
        layer_days: 90,
        zone: TimeZone::UTC,
        recordings: None,
    };
    Workshop::new(checks, Some(Book::new(database, "node")))
}
