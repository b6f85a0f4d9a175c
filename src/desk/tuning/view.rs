//! Changes and their effects as templates show them.

use crate::{
    changes::{Projection, Said},
    policy::{Diagnostic, Source},
    tuning::{Changed, Effect},
};

/// Reference mails named at most.
const MOST_NAMED: usize = 12;

/// A line of a diff.
#[derive(Debug, Clone)]
pub(super) struct DiffLine {
    /// `add`, `del`, `at` or nothing.
    pub(super) class: &'static str,
    pub(super) text: String,
}

pub(super) fn diff_lines(diff: &str) -> Vec<DiffLine> {
    let one = |line: &str| {
        let class = match line.chars().next() {
            Some('+') if line.starts_with("+++") => "at",
            Some('-') if line.starts_with("---") => "at",
            Some('+') => "add",
            Some('-') => "del",
            Some('@') => "at",
            _ => "",
        };
        DiffLine { class, text: line.to_owned() }
    };
    diff.lines().map(one).collect()
}

/// What a change does.
#[derive(Debug, Clone)]
pub(super) struct EffectView {
    pub(super) is_good: bool,
    pub(super) tests: String,
    pub(super) failed: Vec<String>,
    pub(super) reference: String,
    pub(super) refusals: Vec<String>,
    pub(super) changed: Vec<String>,
    pub(super) more: usize,
    pub(super) cures: Option<bool>,
    pub(super) traffic: Option<String>,
}

impl EffectView {
    pub(super) fn of(effect: &Effect) -> EffectView {
        let mut view = EffectView::said(&Said::from(effect));
        let changed = &effect.reference.changed;
        view.changed = changed.iter().take(MOST_NAMED).map(named).collect();
        view.more = changed.len().saturating_sub(MOST_NAMED);
        view.cures = effect.cures;
        view.is_good = effect.is_good();
        view
    }

    /// The same with what recorded traffic says.
    pub(super) fn with(mut self, projection: Option<Projection>) -> EffectView {
        self.traffic = projection.map(|p| {
            let about = if p.is_estimate { "about " } else { "" };
            format!("recorded traffic: {:.1} holds a day, then {about}{:.1}", p.before, p.after)
        });
        self
    }

    /// What the book kept of it.
    pub(super) fn said(said: &Said) -> EffectView {
        let (before, after, of) = said.news;
        let ordinary = said.ordinary;
        let tests = match said.failed.len() {
            0 => format!("all {} own tests pass", said.tests),
            failed => format!("{failed} of {} own tests fail", said.tests),
        };
        EffectView {
            is_good: said.failed.is_empty() && said.refusals.is_empty(),
            tests,
            failed: said.failed.clone(),
            reference: format!(
                "reference mails: of {of} with bad news {before} are held, then {after}; of {} ordinary ones {}, then {}",
                ordinary.2, ordinary.0, ordinary.1
            ),
            refusals: said.refusals.clone(),
            changed: Vec::new(),
            more: 0,
            cures: None,
            traffic: said.holds_a_day.map(|(before, after)| {
                format!("recorded traffic: {before:.1} holds a day, then {after:.1}")
            }),
        }
    }
}

fn named(one: &Changed) -> String {
    let becomes = if one.held { "held now" } else { "passes now" };
    let kind = if one.news { "bad news" } else { "ordinary" };
    format!("{becomes}: {} ({kind}, {}, {})", one.subject, one.category, one.language)
}

/// Mistakes as the command line shows them: file, line, column and what would do.
pub(super) fn mistakes(diagnostics: &[Diagnostic], sources: &[Source]) -> Vec<String> {
    diagnostics.iter().map(|one| one.render(sources)).collect()
}
