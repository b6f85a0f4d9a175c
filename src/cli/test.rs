//! `callfirst test`: the tests written in the policies.

use clap::Args;
use serde::Serialize;

use super::{
    Configured,
    out::{self, Failure, Paint, plain},
    setup,
};
use crate::{app, config::PolicySettings, decision::Evidence};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst test -c /etc/callfirst/callfirst.toml

Only tests that fail are told. Exit 1 if one did; 2 if the policies do not compile.";

/// Run the tests written in the policies and tell which fail, and why.
#[derive(Args)]
#[command(after_help = HELP)]
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
    expect: &'static str,
    passed: bool,
    probability: Option<f64>,
    evidence: &'a [Evidence],
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = match &arguments.configured.config {
        Some(path) => setup::config(path)?.policy,
        None => PolicySettings::default(),
    };
    let set = app::compile_policies(&settings).map_err(|mistakes| setup::tell(&mistakes))?;
    let results = app::run_own_tests(&set);
    let paint = Paint::stderr();
    for result in &results {
        let evidence = result.decision.as_ref().map_or(&[][..], |d| &d.evidence);
        if arguments.json {
            out::json(&Line {
                policy: &result.policy,
                test: &result.name,
                expect: if result.expect_hold { "hold" } else { "pass" },
                passed: result.passed,
                probability: result.decision.as_ref().map(|d| d.probability),
                evidence,
            })?;
        }
        if !result.passed {
            out::note(&format!("{}: {}", paint.red("failed"), app::test_failure(result)));
            for e in evidence {
                out::note(&format!("  {:+6.2}  {}  [{}]", e.weight, plain(&e.text), e.signal));
            }
        }
    }
    let failed = results.iter().filter(|r| !r.passed).count();
    out::note(&format!("{} passed, {failed} failed", results.len() - failed));
    if failed > 0 { Err(Failure::Found) } else { Ok(()) }
}
