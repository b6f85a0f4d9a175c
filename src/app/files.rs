//! The files that this service works by, as the audit knows them.

use std::path::Path;

use crate::{
    audit::Files,
    config::{self, Config},
    policy::PolicySet,
};

/// Digests of all of them; a file that cannot be read is left out, and so is told as removed.
/// `configuration` is the file that the configuration came from, where it came from one.
pub(super) fn files_of(config: &Config, configuration: Option<&Path>) -> Files {
    let mut files = Files::default();
    let dir = config.policy.dir.as_deref();
    let shipped = || Ok(PolicySet::shipped());
    let policies = dir.map_or_else(shipped, config::read_policies);
    let guides = dir.map_or_else(|| Ok(Vec::new()), config::read_guides);
    let texts = dir.map_or_else(|| Ok(Vec::new()), config::read_texts);
    let shadow = dir.map_or_else(|| Ok(Vec::new()), config::read_shadow);
    let folders =
        [("policies", policies), ("guides", guides), ("texts", texts), ("shadow", shadow)];
    for (folder, sources) in folders {
        for source in sources.unwrap_or_default() {
            files.add(
                &format!("{folder}/{}", name_of(Path::new(&source.name))),
                source.text.as_bytes(),
            );
        }
    }
    let people = config.directory.as_ref().and_then(|directory| directory.file.as_deref());
    for (kind, path) in [("configuration", configuration), ("people", people)] {
        let read = path.and_then(|path| Some((path, std::fs::read(path).ok()?)));
        if let Some((path, octets)) = read {
            files.add(&format!("{kind}/{}", name_of(path)), &octets);
        }
    }
    files
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
