//! The directory: its file, and questions to those who are asked over the net. Never an address, a name or a number.

use std::time::Duration;

use metrics::{counter, gauge, histogram};
use tracing::{debug, error, info, warn};

/// A refused file may have a mistake on each line; `callfirst check` shows them all.
const MAX_TOLD: usize = 20;

/// So many addresses are known from the file.
pub fn people(people: usize) {
    gauge!("callfirst_directory_people").set(people as f64);
}

/// A new file is in force.
pub fn reloaded(known: usize, fingerprint: &str) {
    counter!("callfirst_directory_reloads_total", "result" => "taken").increment(1);
    people(known);
    info!(
        people = known,
        fingerprint, "a new directory of {known} people is in force ({fingerprint})"
    );
}

/// A new file was refused; the old one stays.
pub fn refused(problems: &[String]) {
    counter!("callfirst_directory_reloads_total", "result" => "refused").increment(1);
    error!(problems = problems.len(), "a new directory was refused, the old one stays");
    for problem in problems.iter().take(MAX_TOLD) {
        error!(problem, "directory refused: {problem}");
    }
}

/// A source was asked.
pub fn asked(source: &'static str, outcome: &'static str, took: Duration) {
    counter!("callfirst_directory_asked_total", "outcome" => outcome, "source" => source)
        .increment(1);
    histogram!("callfirst_directory_seconds", "source" => source).record(took.as_secs_f64());
    let duration_ms = took.as_millis() as u64;
    let name = name(source);
    debug!(source, outcome, duration_ms, "asked {name}: {outcome} after {duration_ms} ms");
}

/// It was asked not long ago.
pub fn remembered(source: &'static str) {
    counter!("callfirst_directory_remembered_total", "source" => source).increment(1);
}

/// It was not asked, to keep a limit.
pub fn not_asked(source: &'static str, why: &'static str) {
    counter!("callfirst_directory_not_asked_total", "source" => source, "why" => why).increment(1);
    let name = name(source);
    debug!(source, why, "{name} was not asked: {why}");
}

/// It failed so often that it is left alone for a while.
pub fn rests(source: &'static str, pause: Duration) {
    counter!("callfirst_directory_rests_total", "source" => source).increment(1);
    let (name, pause_secs) = (name(source), pause.as_secs());
    warn!(source, pause_secs, "{name} gave no usable answer; it is left alone for {pause_secs} s");
}

/// It answers again.
pub fn is_back(source: &'static str) {
    let name = name(source);
    info!(source, "{name} answers again");
}

/// What the word of a source stands for.
fn name(source: &'static str) -> &'static str {
    match source {
        "ldap" => "the LDAP directory",
        _ => "the customer system",
    }
}
