//! `callfirst check`: everything that `serve` would look at, without opening a door.

use clap::Args;

use super::{
    NeedsConfiguration,
    out::{self, Failure},
    setup,
};
use crate::{
    app,
    config::{Config, Mistakes},
    directory::People,
    policy::PolicySet,
    telemetry::Chain,
    wording::Own,
};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst check -c /etc/callfirst/callfirst.toml

Tells every mistake at once, with file and line. Opens no door and no store.
Exit 1 if a policy fails its own tests, 2 if there is a mistake; `serve` refuses both.";

/// Check configuration and policies and run the policies' own tests; opens nothing.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: NeedsConfiguration,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = setup::config(&arguments.configured.config)?;
    let Read { policies, own, people } =
        read(&config).map_err(|mistakes| setup::tell(&mistakes))?;
    let tests = app::run_own_tests(&policies);
    let failed: Vec<_> = tests.iter().filter(|test| !test.passed).collect();
    for test in &failed {
        out::note(&format!("error: {}", app::test_failure(test)));
    }
    if !failed.is_empty() {
        out::note(&format!(
            "{} of {} tests of the policies fail; `callfirst test` shows the words that counted",
            failed.len(),
            tests.len()
        ));
        return Err(Failure::Found);
    }
    let warnings = crate::config::warnings(&config).into_iter();
    for warning in warnings.chain(app::passed_over(&config, &people)) {
        out::note(&format!("warning: {warning}"));
    }
    // Only a warning: the configuration may be checked on another machine.
    if let Err(error) = app::check_key(&config.store.key_file) {
        out::note(&format!("warning: `serve` would not start here: {}", Chain(&error)));
    }
    // The same: its key and certificates may lie elsewhere. Nobody is asked.
    if let Some(Err(error)) = config.second_reader.as_ref().map(app::Second::new) {
        out::note(&format!("warning: `serve` would not start here: {}", Chain(&error)));
    }
    if let Err(error) = app::check_outside(&config) {
        out::note(&format!("warning: `serve` would not start here: {}", Chain(&error)));
    }
    if let Err(error) = app::remotes(&config) {
        out::note(&format!("warning: `serve` would not start here: {}", Chain(&error)));
    }
    match own.count() {
        0 => {}
        1 => out::note("1 key of the texts is your own"),
        keys => out::note(&format!("{keys} keys of the texts are your own")),
    }
    if !people.is_empty() {
        out::note(&format!("the directory knows {} people", people.len()));
    }
    out::note(&format!(
        "{} is good: {} policies ({}) and their {} tests, mode {}",
        arguments.configured.config.display(),
        policies.policies().len(),
        policies.fingerprint(),
        tests.len(),
        config.policy.mode.as_str(),
    ));
    Ok(())
}

/// What the files beside the configuration say.
struct Read {
    policies: PolicySet,
    own: Own,
    people: People,
}

/// Reads them all, so that a mistake in one hides none of another. Guides are read where the policies
/// are: they name their categories.
fn read(config: &Config) -> Result<Read, Mistakes> {
    let mut all = Vec::new();
    let policies = note(app::compile_policies_with(config), &mut all);
    if let Some(policies) = &policies {
        note(app::load_guides(&config.policy, policies), &mut all);
    }
    let own = note(app::load_own_lines(&config.policy), &mut all);
    if policies.is_some() {
        // Else it would tell the same mistakes again.
        note(app::load_shadow(config), &mut all);
    }
    let people = note(app::load_people(config), &mut all);
    match (policies, own, people) {
        (Some(policies), Some(own), Some(people)) if all.is_empty() => {
            Ok(Read { policies, own, people })
        }
        _ => Err(all.into_iter().fold(Mistakes::default(), Mistakes::and)),
    }
}

fn note<T>(found: Result<T, Mistakes>, all: &mut Vec<Mistakes>) -> Option<T> {
    found.map_err(|mistakes| all.push(mistakes)).ok()
}
