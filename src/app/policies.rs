//! Policies from a folder or from the binary, compiled and tested before they are in force.

use std::{path::Path, sync::Arc};

use crate::{
    config::{self, Config, Mistakes},
    decision,
    policy::{Diagnostic, PolicySet, Source},
};

/// Loads the policies that a configuration names; without a folder, the shipped ones. A set whose
/// own tests fail is not taken.
pub fn load_policies(config: &Config) -> Result<PolicySet, Mistakes> {
    let set = compile(config.policy.dir.as_deref())?;
    match failed_tests(&set) {
        failed if failed.is_empty() => Ok(set),
        diagnostics => Err(Mistakes { diagnostics, sources: set.sources().to_vec() }),
    }
}

/// The same without running the policies' tests: for the commands that report on them.
pub fn compile(dir: Option<&Path>) -> Result<PolicySet, Mistakes> {
    let sources: Vec<Source> = match dir {
        Some(dir) => config::read_policies(dir)?,
        None => PolicySet::shipped_sources(),
    };
    PolicySet::compile(&sources, Some(Arc::new(crate::policy::model::Embedded)))
        .map_err(|diagnostics| Mistakes { diagnostics, sources })
}

fn failed_tests(set: &PolicySet) -> Vec<Diagnostic> {
    let results = decision::run_tests(set);
    results.into_iter().filter_map(|result| result.failure).collect()
}
