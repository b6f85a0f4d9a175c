//! `callfirst test`: the tests written in the policies.

use clap::Args;
use serde::Serialize;

use super::{
    Configured,
    out::{self, Failure, Paint},
    setup,
};
use crate::{app, decision};

/// Run the tests written in the policies and tell which fail, and why.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// One JSON object a test on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    policy: &'a str,
    test: &'a str,
    passed: bool,
    failure: Option<&'a str>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let dir = match &arguments.configured.config {
        Some(path) => setup::config(path)?.policy.dir,
        None => None,
    };
    let set = app::compile_policies(dir.as_deref()).map_err(|mistakes| setup::tell(&mistakes))?;
    let results = decision::run_tests(&set);
    let paint = Paint::stderr();
    let mut failed = 0;
    for result in &results {
        if arguments.json {
            out::json(&Line {
                policy: &result.policy,
                test: &result.name,
                passed: result.failure.is_none(),
                failure: result.failure.as_ref().map(|d| d.message.as_str()),
            })?;
        }
        if let Some(failure) = &result.failure {
            failed += 1;
            let shown = match paint.is_on() {
                true => failure.render_coloured(set.sources()),
                false => failure.render(set.sources()),
            };
            out::note(&format!("{shown}\n"));
        }
    }
    let passed = results.len() - failed;
    out::note(&format!("{passed} passed, {failed} failed"));
    if failed > 0 { Err(Failure::Found) } else { Ok(()) }
}
