//! Policies and guides from a folder or from the binary, compiled and tested before they are in
//! force.

use std::{ops::Range, path::Path, sync::Arc};

use arc_swap::ArcSwapOption;

use crate::{
    call::Guides,
    config::{self, Config, Mistakes, PolicySettings},
    decision::{self, Organisation, TestResult},
    message::{self, Limits},
    policy::{Diagnostic, Embedded, PolicySet, Source, TeamMode},
};

/// Loads the policies that a configuration names; without a folder, the shipped ones. A set whose
/// own tests fail is not taken.
///
/// Files that are as they shipped were tested when this binary was: they need not be again, and a
/// relay that never sees suspicious mail never loads the reader.
pub fn load_policies(config: &Config) -> Result<PolicySet, Mistakes> {
    let sources = sources(config.policy.dir.as_deref())?;
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
    let mut diagnostics = nobody_to_ask(&set, config);
    diagnostics.extend(no_such_team(&set, config));
    if diagnostics.is_empty() { Ok(set) } else { Err(Mistakes { diagnostics, sources }) }
}

/// Policies that have a mode of their own in a team that is not there: a typing error would leave it
/// out of the roll-out, and nobody would see.
fn no_such_team(set: &PolicySet, config: &Config) -> Vec<Diagnostic> {
    let names: Vec<&str> = config.teams.all().iter().map(|team| team.name.as_str()).collect();
    let named = set.policies().iter().flat_map(|policy| &policy.rollout.teams);
    let unknown = named.filter(|one| !names.contains(&one.team.as_str()));
    let told = |one: &TeamMode| {
        let help = match names.as_slice() {
            [] => "add it to the configuration: `[[team]]` with `name` and `members`".to_owned(),
            names => format!("teams of the configuration: {}", names.join(", ")),
        };
        let message = format!("`rollout.teams`: there is no team \"{}\"", one.team);
        let (file, span) = one.at.clone();
        Diagnostic { file, span, message, help: Some(help) }
    };
    unknown.map(told).collect()
}

/// Policies that want a second person, or somebody above the sender, where the configuration names
/// none: their mail could never be sent, and nobody would ever hear of it.
fn nobody_to_ask(set: &PolicySet, config: &Config) -> Vec<Diagnostic> {
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

/// A shadow version of some policies: weighed beside those in force, and never in force itself.
#[derive(Debug)]
pub struct Shadow {
    /// All policies, with the shadow's files in the place of those of the same name.
    pub set: PolicySet,
    /// The policies of the shadow's files.
    pub policies: Vec<String>,
}

/// The shadow, while there is one; replaced whole on reload.
pub type ShadowInForce = Arc<ArcSwapOption<Shadow>>;

/// Loads the files of the policy folder's own folder `shadow`; without any there is no shadow. Their
/// tests are not run: `callfirst test` does that once they stand in the folder above.
pub fn load_shadow(config: &Config) -> Result<Option<Shadow>, Mistakes> {
    let Some(dir) = config.policy.dir.as_deref() else { return Ok(None) };
    let shadow = config::read_shadow(dir)?;
    if shadow.is_empty() {
        return Ok(None);
    }
    let file = |source: &Source| Path::new(&source.name).file_name().map(ToOwned::to_owned);
    let is_beside = |source: &Source| Path::new(&source.name).parent() == Some(dir);
    let mut sources = config::read_policies(dir)?;
    sources.retain(|live| !is_beside(live) || !shadow.iter().any(|s| file(s) == file(live)));
    let names: Vec<String> = shadow.iter().map(|source| source.name.clone()).collect();
    sources.extend(shadow);
    let set = compile_for(sources, config)?.with_preset(config.policy.preset);
    let policies = set.policies().iter().filter(|policy| names.contains(&policy.file));
    let policies = policies.map(|policy| policy.id.clone()).collect();
    Ok(Some(Shadow { set, policies }))
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

fn sources(dir: Option<&Path>) -> Result<Vec<Source>, Mistakes> {
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
