//! Policies and guides from a folder or from the binary, compiled and tested before they are in
//! force.

use std::{ops::Range, path::Path, sync::Arc};

use jiff::tz::TimeZone;

use crate::{
    call::Guides,
    config::{self, Config, Mistakes, PolicySettings},
    decision::{self, Organisation, TestResult},
    mail::Timestamp,
    message::{self, Limits},
    policy::{Diagnostic, Embedded, PolicySet, Source},
};

/// Loads the policies that a configuration names; without a folder, the shipped ones. A set whose
/// own tests fail is not taken.
///
/// Files that are as they shipped were tested when this binary was: they need not be again, and a
/// relay that never sees suspicious mail never loads the reader.
pub fn load_policies(config: &Config) -> Result<PolicySet, Mistakes> {
    load_sources(config, sources(config.policy.dir.as_deref())?)
}

/// The same of files that were read already.
pub(super) fn load_sources(config: &Config, sources: Vec<Source>) -> Result<PolicySet, Mistakes> {
    let tested = same_files(&sources, &PolicySet::shipped());
    let set = compile_for(sources, config)?;
    // A policy's tests are about its words; they run with its thresholds as written.
    let results = if tested { Vec::new() } else { run_own_tests(&set) };
    let failed: Vec<Diagnostic> = results.iter().filter(|t| !t.passed).map(diagnostic).collect();
    if failed.is_empty() {
        Ok(set.with_preset(config.policy.preset))
    } else {
        Err(Mistakes { diagnostics: failed, sources: vec![] })
    }
}

/// The same without running the policies' tests, and before the preset: for the command that reports
/// on them.
pub fn compile_with(config: &Config) -> Result<PolicySet, Mistakes> {
    compile_for(sources(config.policy.dir.as_deref())?, config)
}

/// Compiles policies that the configuration has everything for.
fn compile_for(sources: Vec<Source>, config: &Config) -> Result<PolicySet, Mistakes> {
    let set = compile_sources(sources.clone(), &config.policy)?;
    match nobody_to_ask(&set, config) {
        nobody if nobody.is_empty() => Ok(set),
        diagnostics => Err(Mistakes { diagnostics, sources }),
    }
}

/// Policies that want a second person, or somebody above the sender, where the configuration names
/// none: their mail could never be sent, and nobody would ever hear of it.
pub(super) fn nobody_to_ask(set: &PolicySet, config: &Config) -> Vec<Diagnostic> {
    let asking = || set.policies().iter().filter(|policy| policy.enabled);
    let told = |place: &Option<(String, Range<usize>)>, message: &str, help: &str| {
        let (file, span) = place.clone()?;
        Some(Diagnostic { file, span, message: message.to_owned(), help: Some(help.to_owned()) })
    };
    let seconds = asking().filter(|_| config.call.second.is_empty()).filter_map(|policy| {
        told(
            &policy.second_person_at,
            "`hold.second_person` asks for a second person, and nobody is one",
            "name them in the configuration: `[call] second = [\"lead@northwind.example\"]`",
        )
    });
    let call = &config.call;
    let leads = config.teams.all().iter().any(|team| team.lead.is_some());
    let is_anybody = leads || call.lead.is_some() || call.admin.is_some();
    let above = asking().filter(|_| !is_anybody).filter_map(|policy| {
        told(
            &policy.escalates_at,
            "`hold.escalate_after` asks for somebody above the sender, and nobody is",
            "name him in the configuration: `[call] lead = \"lead@northwind.example\"`",
        )
    });
    seconds.chain(above).collect()
}

/// Only compiled: for the commands that judge without a service.
pub fn compile(settings: &PolicySettings) -> Result<PolicySet, Mistakes> {
    compile_sources(sources(settings.dir.as_deref())?, settings)
}

/// The guides for these policies: the shipped ones, with the files of the policy folder's own folder
/// `guides` over them.
pub fn load_guides(settings: &PolicySettings, policies: &PolicySet) -> Result<Guides, Mistakes> {
    let sources = settings.dir.as_deref().map_or_else(|| Ok(Vec::new()), config::read_guides)?;
    let categories: Vec<&str> = policies.policies().iter().map(|p| p.category.as_str()).collect();
    Guides::compile(&sources, &categories).map_err(|diagnostics| Mistakes { diagnostics, sources })
}

pub(super) fn sources(dir: Option<&Path>) -> Result<Vec<Source>, Mistakes> {
    dir.map_or_else(|| Ok(PolicySet::shipped()), config::read_policies)
}

/// Whether two folders hold files of the same names and texts, wherever they lie.
fn same_files(these: &[Source], those: &[Source]) -> bool {
    let name = |source: &Source| Path::new(&source.name).file_name().map(ToOwned::to_owned);
    let found = |one: &Source| those.iter().any(|o| name(o) == name(one) && o.text == one.text);
    these.len() == those.len() && these.iter().all(found)
}

fn compile_sources(sources: Vec<Source>, settings: &PolicySettings) -> Result<PolicySet, Mistakes> {
    let model = Embedded { reader: settings.reader };
    PolicySet::compile(&sources, Some(Arc::new(model)))
        .map(|set| set.on(Timestamp::now().to_zoned(TimeZone::system()).date()))
        .map_err(|diagnostics| Mistakes { diagnostics, sources })
}

/// Runs the tests written in the policies. Their mails come from an organisation of their own, so
/// that they pass or fail wherever they are run.
pub fn run_own_tests(set: &PolicySet) -> Vec<TestResult> {
    let organisation =
        Organisation { name: "Inside".to_owned(), domains: vec!["inside.example".to_owned()] };
    let limits = Limits::default();
    decision::run_tests(set, &organisation, &|bytes| message::read(bytes, &limits))
}

/// A failed test as a mistake of its policy.
fn diagnostic(result: &TestResult) -> Diagnostic {
    Diagnostic {
        file: result.policy.clone(),
        span: 0..0,
        message: failure(result),
        help: Some("`callfirst test` shows the words that counted".to_owned()),
    }
}

/// What a failed test says.
pub fn failure(result: &TestResult) -> String {
    let wanted = if result.expect_hold { "hold" } else { "pass" };
    let got = match &result.decision {
        None => "has an address that is none".to_owned(),
        Some(d) => {
            let verdict = match d.verdict {
                decision::Verdict::Hold => "held",
                decision::Verdict::Pass => "passed",
            };
            format!(
                "{verdict} ({}, {} at {:.2}, holds from {:.2})",
                d.reason.as_str(),
                d.policy.as_deref().unwrap_or("no policy"),
                d.probability,
                d.threshold
            )
        }
    };
    format!("policy {}, test \"{}\": should {wanted}, {got}", result.policy, result.name)
}
