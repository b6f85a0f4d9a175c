//! Proposals as the command line tells them.

use serde::Serialize;

use crate::{
    changes::{Offer, Said},
    cli::out::plain,
    tuning::{Changed, FailedTest, Standing},
};

/// Reference mails named in words; `--json` has them all.
const MOST_NAMED: usize = 6;

/// One line of `--json`.
#[derive(Serialize)]
pub(super) struct Line<'o> {
    proposal: usize,
    kind: &'static str,
    title: &'o str,
    diff: String,
    good: bool,
    cures: bool,
    test_bites: bool,
    effect: Said,
    failed_tests: &'o [FailedTest],
    changed: &'o [Changed],
}

pub(super) fn json_line(proposal: usize, offer: &Offer) -> Line<'_> {
    let Offer { proposal: change, effect, projection } = offer;
    Line {
        proposal,
        kind: change.kind.as_str(),
        title: &change.title,
        diff: change.diff(),
        good: effect.is_good(),
        cures: effect.cures == Some(true),
        test_bites: change.test_bites,
        effect: Said::from(effect).with(*projection),
        failed_tests: &effect.failed_tests,
        changed: &effect.reference.changed,
    }
}

/// A proposal in words, its diff below.
pub(super) fn in_words(number: usize, offer: &Offer) -> String {
    let Offer { proposal, effect, projection } = offer;
    let mut text = format!("{number}. {}\n", plain(&proposal.title));
    for line in of_effect(&Said::from(effect).with(*projection)) {
        text.push_str(&format!("   {line}\n"));
    }
    let changed = &effect.reference.changed;
    for one in changed.iter().take(MOST_NAMED) {
        let becomes = if one.held { "held" } else { "passed" };
        let kind = if one.news { "bad news" } else { "ordinary" };
        text.push_str(&format!(
            "     now {becomes}: {} ({kind}, {}, {}) {}\n",
            one.id,
            one.category,
            one.language,
            plain(&one.subject)
        ));
    }
    if changed.len() > MOST_NAMED {
        text.push_str(&format!("     and {} more\n", changed.len() - MOST_NAMED));
    }
    if !proposal.test_bites {
        text.push_str("   its test passes without the change, too: look at its words\n");
    }
    for line in proposal.diff().lines() {
        text.push_str(&format!("   {}\n", plain(line)));
    }
    text
}

/// What a change was said to do, in lines.
pub(in crate::cli) fn of_effect(said: &Said) -> Vec<String> {
    let mut lines = Vec::new();
    lines.push(match said.failed.as_slice() {
        [] => format!("own tests: all {} pass", said.tests),
        failed => format!(
            "own tests: {} of {} FAIL: {}",
            failed.len(),
            said.tests,
            plain(&failed.join("; "))
        ),
    });
    let (before, after, of) = said.news;
    let ordinary = said.ordinary;
    lines.push(format!(
        "reference mails: bad news held {before} → {after} of {of}, ordinary mail held {} → {} of {}",
        ordinary.0, ordinary.1, ordinary.2
    ));
    if let Some((before, after)) = said.holds_a_day {
        lines.push(format!("recorded traffic: {before:.1} → {after:.1} holds a day"));
    }
    lines.extend(said.refusals.iter().map(|why| format!("REFUSED: {why}")));
    lines
}

/// What marks ask for, in a line.
pub(super) fn standing_line(number: usize, one: &Standing) -> String {
    format!(
        "{number}. {} of {} by {:+.2}: marked {} times by {} people",
        plain(&one.signal),
        plain(&one.policy),
        one.by,
        one.marks,
        one.people
    )
}
