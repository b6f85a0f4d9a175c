//! It passed and should have been held: what would have held it.

use super::{
    Bench, Edit, Kind, NewSignal, Nothing, Proposal,
    bench::{log_odds, probability},
    cure::{Cure, Standing},
    masked::Masked,
    phrase,
    wrong::{MARGIN, halves_up, lightest, sentences, twentieths_up},
};
use crate::{
    decision::{Reason, Trial, Verdict},
    message::{PassageKind, Reading},
};

/// A threshold is proposed down to here: below, a policy holds what it does not believe.
const LOWEST_THRESHOLD: f64 = 0.25;
/// One signal is strengthened by this much at most.
const MOST_STRONGER: f64 = 0.5;
/// What new words weigh at most: the heaviest that ship.
const MOST_PHRASE: f64 = 7.0;
/// Patterns tried.
const MOST_PATTERNS: usize = 6;

/// Proposals for a mail that passed and should have been held by this policy, or by the one that came
/// nearest. Each of them holds it, and the test that it brings.
///
/// # Errors
/// Nothing would help, or is needed.
pub fn missed(
    bench: &Bench<'_>,
    trial: &Trial,
    policy: Option<&str>,
) -> Result<Vec<Proposal>, Nothing> {
    let cure = Cure::start(bench, trial, Verdict::Hold)?;
    let decision = &cure.before.live.decision;
    let nearest = decision.policy.clone();
    match (decision.verdict, decision.reason) {
        (Verdict::Hold, _) => return Err(Nothing::Held(nearest.unwrap_or_default())),
        (Verdict::Pass, Reason::BelowThreshold | Reason::Policy) => {}
        (Verdict::Pass, reason) => return Err(Nothing::Spared(reason)),
    }
    let wanted = policy.map(str::to_owned).or(nearest).ok_or(Nothing::NoPolicy)?;
    let standing = cure.before.lowest(trial, &wanted).ok_or(Nothing::NoPolicy)?;
    let ways: [fn(&Cure<'_>, &Standing<'_>) -> Option<Proposal>; 3] =
        [phrase, strengthen, threshold];
    Ok(ways.iter().filter_map(|way| way(&cure, &standing)).collect())
}

/// Words of the sentence that comes nearest, which from now on speak for the news.
fn phrase(cure: &Cure<'_>, standing: &Standing<'_>) -> Option<Proposal> {
    let mut masked = Masked::new(cure.trial);
    let reading = &cure.trial.reading;
    let mut tried = sentences(reading, standing);
    tried.extend(longest(reading));
    // A subject names the matter, seldom the news.
    tried.sort_by_key(|text| is_subject(reading, text));
    for sentence in tried {
        let found = phrase::patterns(&sentence, &mut masked, &cure.commonness());
        for pattern in found.into_iter().take(MOST_PATTERNS) {
            let signal = |weight: f64, always: bool| NewSignal {
                policy: Some(standing.policy.id.clone()),
                name: phrase::name_of("says", &pattern),
                language: reading.language,
                weight,
                pattern: pattern.clone(),
                always,
            };
            let found =
                lightest(halves_up(MARGIN - standing.above), MOST_PHRASE, |weight, always| {
                    let new = signal(weight, always);
                    Some(new).filter(|new| cures(cure, standing, &[Edit::Signal(new.clone())]))
                });
            if let Some(new) = found {
                let title = format!("“{pattern}” speaks for {}", standing.policy.title);
                return finish(cure, standing, Kind::Phrase, title, vec![Edit::Signal(new)]);
            }
        }
    }
    None
}

fn is_subject(reading: &Reading, sentence: &str) -> bool {
    let subject = reading.of_kind(PassageKind::Subject).flat_map(|p| &p.sentences);
    subject.into_iter().any(|s| s.text() == sentence)
}

/// The longest sentence that was newly written: where no signal says anything, it says most.
fn longest(reading: &Reading) -> Option<String> {
    let own = reading.of_kind(PassageKind::New).flat_map(|p| &p.sentences);
    own.max_by_key(|s| s.text().chars().count()).map(|s| s.text().to_owned())
}

/// The signal that spoke loudest, a little louder.
fn strengthen(cure: &Cure<'_>, standing: &Standing<'_>) -> Option<Proposal> {
    let set = cure.before.sets.written();
    let id = &standing.policy.id;
    let positive = standing.weight.contributions.iter().filter(|term| term.weight > 0.0);
    let known = positive.filter_map(|term| Some((term, set.signal(id, &term.signal)?)));
    let (term, (weight, shared)) = known.into_iter().next()?;
    let by = twentieths_up((0.01 - standing.above) / (term.weight / weight));
    if by > MOST_STRONGER {
        return None;
    }
    let policy = (!shared).then(|| id.clone());
    let edits = vec![Edit::Adjust { policy, signal: term.signal.clone(), by, until: None }];
    let title = format!("{} a little more for {}", term.signal, standing.policy.title);
    cures(cure, standing, &edits)
        .then(|| finish(cure, standing, Kind::Strengthen, title, edits))
        .flatten()
}

/// The threshold just below it.
fn threshold(cure: &Cure<'_>, standing: &Standing<'_>) -> Option<Proposal> {
    let id = &standing.policy.id;
    let written = cure.before.sets.written().policy(id)?.threshold;
    let to = (probability(log_odds(written) + standing.above) * 100.0).floor() / 100.0;
    let edits = vec![Edit::Threshold { policy: id.clone(), to }];
    let title = format!("{} holds from {to:.2} on", standing.policy.title);
    (to >= LOWEST_THRESHOLD && cures(cure, standing, &edits))
        .then(|| finish(cure, standing, Kind::Threshold, title, edits))
        .flatten()
}

fn cures(cure: &Cure<'_>, standing: &Standing<'_>, edits: &[Edit]) -> bool {
    let looked = cure.look(edits, &cure.test);
    looked.is_some_and(|looked| cure.is_cured(&looked, &standing.policy.category))
}

fn finish(
    cure: &Cure<'_>,
    standing: &Standing<'_>,
    kind: Kind,
    title: String,
    edits: Vec<Edit>,
) -> Option<Proposal> {
    cure.proposal(kind, title, edits, (&standing.policy.id, cure.test.clone()))
}
