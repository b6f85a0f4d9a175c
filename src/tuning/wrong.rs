//! It was held and should have passed: what would have let it.

use super::{
    Bench, Edit, Except, Kind, NewSignal, Nothing, Proposal,
    bench::{log_odds, probability},
    cure::{Cure, Looked, MOST_ROUNDS, Standing},
    edit::has_common,
    masked::Masked,
    phrase,
};
use crate::{
    decision::{Trial, Verdict},
    message::{PassageKind, Reading},
    policy::PolicyTest,
};

/// A threshold is proposed up to here: a policy that wants more holds hardly anything.
const HIGHEST_THRESHOLD: f64 = 0.95;
/// One signal is weakened by this much at most: more unlearns the news itself (docs/tuning.md).
const MOST_WEAKER: f64 = 0.5;
/// What damping words weigh at most.
const MOST_DAMP: f64 = 10.0;
/// What a cure leaves between the mail and the threshold, in log-odds: mail is never quite the same.
pub(super) const MARGIN: f64 = 0.3;
/// Sentences whose words are tried, and patterns of each.
const MOST_SENTENCES: usize = 3;
const MOST_PATTERNS: usize = 4;
/// Whose mail everybody's is: of these a domain is no customer.
const PUBLIC_DOMAINS: [&str; 14] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
];

/// Proposals for a mail that was held and should have passed, the narrowest first. Each of them lets
/// it pass, and the test that it brings.
///
/// # Errors
/// Nothing would help, or is needed.
pub fn wrong(bench: &Bench<'_>, trial: &Trial) -> Result<Vec<Proposal>, Nothing> {
    let cure = Cure::start(bench, trial, Verdict::Pass)?;
    let decision = &cure.before.live.decision;
    if decision.verdict == Verdict::Pass {
        return Err(Nothing::Passes(decision.reason));
    }
    let ways: [fn(&Cure<'_>) -> Option<Proposal>; 7] =
        [damp, subject, recipient, sender, weaken, domain, threshold];
    Ok(ways.iter().filter_map(|way| way(&cure)).collect())
}

/// Changes each policy that holds the mail, round after round, until none does. `edit` gives a
/// policy's edits anew, from how it stands as written.
fn each_policy(
    cure: &Cure<'_>,
    test: &PolicyTest,
    edit: impl Fn(&Standing<'_>, &Looked) -> Option<Vec<Edit>>,
) -> Option<(String, Vec<Edit>)> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut first = None;
    let mut done: Vec<String> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let looked = cure.look(&edits, test)?;
        let holding = looked.holding(cure.trial);
        let Some(standing) = holding.first() else {
            return cure.is_cured(&looked, "").then_some((first?, edits));
        };
        let id = standing.policy.id.clone();
        if done.contains(&id) {
            return None;
        }
        edits.extend(edit(standing, &looked)?);
        first.get_or_insert_with(|| id.clone());
        done.push(id);
    }
    None
}

fn titles(cure: &Cure<'_>, edits: &[Edit]) -> String {
    let set = cure.before.sets.written();
    let title = |id: &str| set.policy(id).map_or(id.to_owned(), |p| p.title.clone());
    let mut all: Vec<String> = Vec::new();
    for edit in edits {
        let id = match edit {
            Edit::Threshold { policy, .. } | Edit::Except { policy, .. } => Some(policy),
            Edit::Adjust { policy, .. } => policy.as_ref(),
            Edit::Signal(new) => new.policy.as_ref(),
            Edit::Test { .. } => None,
        };
        let title = id.map_or_else(|| "every policy".to_owned(), |id| title(id));
        if !all.contains(&title) {
            all.push(title);
        }
    }
    all.join(" and ")
}

/// Words of the sentence that counted most, which from now on speak against the news.
fn damp(cure: &Cure<'_>) -> Option<Proposal> {
    let holding = cure.before.holding(cure.trial);
    let first = holding.first()?;
    // Where several policies hear the same, all of them hear what speaks against it.
    let shared = holding.len() > 1 && has_common(cure.bench.sources);
    let home = (!shared).then(|| first.policy.id.clone());
    let above = holding.iter().map(|one| one.above).fold(0.0, f64::max);
    let mut masked = Masked::new(cure.trial);
    for sentence in sentences(&cure.trial.reading, first).into_iter().take(MOST_SENTENCES) {
        let found = phrase::patterns(&sentence, &mut masked, &cure.commonness());
        for pattern in found.into_iter().take(MOST_PATTERNS) {
            if let Some(edit) = damped(cure, &home, &pattern, above) {
                let edits = vec![Edit::Signal(edit)];
                let of = titles(cure, &edits);
                let title = format!("“{pattern}” speaks against {of}");
                let test = (first.policy.id.as_str(), cure.test.clone());
                return cure.proposal(Kind::Damp, title, edits, test);
            }
        }
    }
    None
}

/// The lightest signal of this pattern that lets the mail pass: as signals are heard, or else
/// whatever stands around it.
fn damped(cure: &Cure<'_>, home: &Option<String>, pattern: &str, above: f64) -> Option<NewSignal> {
    let signal = |weight: f64, always: bool| NewSignal {
        policy: home.clone(),
        name: phrase::name_of("not", pattern),
        language: cure.trial.reading.language,
        weight,
        pattern: pattern.to_owned(),
        always,
    };
    let cures = |new: &NewSignal| {
        let looked = cure.look(&[Edit::Signal(new.clone())], &cure.test);
        looked.is_some_and(|looked| cure.is_cured(&looked, ""))
    };
    lightest(halves_up(above + MARGIN), MOST_DAMP, |weight, always| {
        Some(signal(-weight, always)).filter(|new| cures(new))
    })
}

/// The first that does, by weight: it is asked first whether the heaviest would.
pub(super) fn lightest(
    least: f64,
    most: f64,
    cures: impl Fn(f64, bool) -> Option<NewSignal>,
) -> Option<NewSignal> {
    let always = [false, true].into_iter().find(|always| cures(most, *always).is_some())?;
    let mut weight = least;
    while weight < most {
        if let Some(found) = cures(weight, always) {
            return Some(found);
        }
        weight += 1.0;
    }
    cures(most, always)
}

/// Up to the next half: nobody can weigh words more finely.
pub(super) fn halves_up(number: f64) -> f64 {
    (number * 2.0).ceil() / 2.0
}

/// The sentences that speak for a policy, whole, the heaviest first.
pub(super) fn sentences(reading: &Reading, standing: &Standing<'_>) -> Vec<String> {
    let terms = standing.weight.contributions.iter().filter(|term| term.weight > 0.0);
    let mut by_sentence: Vec<(String, f64)> = Vec::new();
    for term in terms.filter(|term| term.place != "quoted" && term.place != "message") {
        let Some(whole) = whole(reading, &term.text) else { continue };
        match by_sentence.iter_mut().find(|(text, _)| *text == whole) {
            Some((_, sum)) => *sum += term.weight,
            None => by_sentence.push((whole, term.weight)),
        }
    }
    by_sentence.sort_by(|a, b| b.1.total_cmp(&a.1));
    by_sentence.into_iter().map(|(text, _)| text).collect()
}

/// The sentence that evidence shows the beginning of.
fn whole(reading: &Reading, shown: &str) -> Option<String> {
    let head = shown.strip_suffix('…').unwrap_or(shown);
    let own = reading.passages.iter().filter(|p| p.kind != PassageKind::Quoted);
    let mut all = own.flat_map(|p| &p.sentences).map(|s| s.text());
    all.find(|text| text.starts_with(head)).map(str::to_owned)
}

/// Mail with a subject like this one.
fn subject(cure: &Cure<'_>) -> Option<Proposal> {
    let pattern = subject_glob(&cure.trial.reading.header.subject)?;
    let test = cure.with_test(|test| test.subject = pattern.replace('*', "1"));
    let field = format!("Subject: {pattern}");
    let title = |of: &str| format!("mail with the subject “{pattern}” does not concern {of}");
    except(cure, Kind::Subject, Except::Headers, &field, test, &title)
}

/// A subject whose numbers may be any; `None` where too little of it stays the same to tell it from
/// others.
fn subject_glob(subject: &str) -> Option<String> {
    const FEWEST_LETTERS: usize = 10;
    let mut glob = String::new();
    for word in subject.split_whitespace() {
        let numbered = word.contains(|c: char| c.is_ascii_digit() || c == '*');
        if !glob.is_empty() {
            glob.push(' ');
        }
        glob.push_str(if numbered { "*" } else { word });
    }
    let kept = glob.chars().filter(|c| c.is_alphabetic()).count();
    let is_answer = glob.to_lowercase().starts_with("re:");
    (kept >= FEWEST_LETTERS && glob.contains('*') && !is_answer).then_some(glob)
}

/// Mail to this address.
fn recipient(cure: &Cure<'_>) -> Option<Proposal> {
    let [one] = cure.trial.envelope.recipients() else { return None };
    let address = one.path.as_str().to_ascii_lowercase();
    let test = cure.with_test(|test| test.to = Some(address.clone()));
    let title = |of: &str| format!("mail to {address} does not concern {of}");
    except(cure, Kind::Recipient, Except::Recipients, &address, test, &title)
}

/// Mail of this sender.
fn sender(cure: &Cure<'_>) -> Option<Proposal> {
    let address = cure.trial.envelope.reverse_path().mailbox()?.as_str().to_ascii_lowercase();
    let test = cure.with_test(|test| test.from = Some(address.clone()));
    let title = |of: &str| format!("mail of {address} does not concern {of}");
    except(cure, Kind::Sender, Except::Senders, &address, test, &title)
}

/// Mail to anybody of this domain.
fn domain(cure: &Cure<'_>) -> Option<Proposal> {
    let mut domains = cure
        .trial
        .envelope
        .recipients()
        .iter()
        .filter_map(|r| r.path.mailbox().domain().map(str::to_ascii_lowercase));
    let domain = domains.next()?;
    if PUBLIC_DOMAINS.contains(&domain.as_str()) || domains.any(|other| other != domain) {
        return None;
    }
    let pattern = format!("*@{domain}");
    let test = cure.with_test(|test| test.to = Some(format!("someone@{domain}")));
    let title = |of: &str| format!("mail to {domain} does not concern {of}");
    except(cure, Kind::Domain, Except::Recipients, &pattern, test, &title)
}

fn except(
    cure: &Cure<'_>,
    kind: Kind,
    what: Except,
    pattern: &str,
    test: PolicyTest,
    title: &dyn Fn(&str) -> String,
) -> Option<Proposal> {
    let edit = |standing: &Standing<'_>, _: &Looked| {
        let policy = standing.policy.id.clone();
        Some(vec![Edit::Except { policy, what, pattern: pattern.to_owned() }])
    };
    let (first, edits) = each_policy(cure, &test, edit)?;
    let title = title(&titles(cure, &edits));
    cure.proposal(kind, title, edits, (&first, test))
}

/// One signal a little weaker, or two.
fn weaken(cure: &Cure<'_>) -> Option<Proposal> {
    let edit = |standing: &Standing<'_>, looked: &Looked| weaker(standing, looked);
    let (first, edits) = each_policy(cure, &cure.test, edit)?;
    let name = |edit: &Edit| match edit {
        Edit::Adjust { signal, .. } => Some(signal.clone()),
        _ => None,
    };
    let names: Vec<String> = edits.iter().filter_map(name).collect();
    let title = format!("{} a little less for {}", names.join(" and "), titles(cure, &edits));
    cure.proposal(Kind::Weaken, title, edits, (&first, cure.test.clone()))
}

fn weaker(standing: &Standing<'_>, looked: &Looked) -> Option<Vec<Edit>> {
    let set = looked.sets.written();
    let id = &standing.policy.id;
    let mut left = standing.above + 0.01;
    let mut edits: Vec<Edit> = Vec::new();
    for term in standing.weight.contributions.iter().filter(|term| term.weight > 0.0) {
        let Some((weight, shared)) = set.signal(id, &term.signal) else { continue };
        let known =
            |edit: &Edit| matches!(edit, Edit::Adjust { signal, .. } if *signal == term.signal);
        if edits.len() >= 2 || edits.iter().any(known) || weight <= MOST_WEAKER {
            continue;
        }
        // What the mail loses for each unit that the signal does.
        let share = term.weight / weight;
        let by = twentieths_up(left / share).min(MOST_WEAKER);
        left -= by * share;
        let policy = (!shared).then(|| id.clone());
        let signal = term.signal.clone();
        edits.push(Edit::Adjust { policy, signal, by: -by, until: None });
        if left <= 0.0 {
            return Some(edits);
        }
    }
    None
}

/// Up to the next twentieth; what is one already stays one, whatever a sum of fractions left behind it.
pub(super) fn twentieths_up(number: f64) -> f64 {
    const TINY: f64 = 1e-9;
    (number * 20.0 - TINY).ceil() / 20.0
}

/// The threshold just above it.
fn threshold(cure: &Cure<'_>) -> Option<Proposal> {
    let edit = |standing: &Standing<'_>, looked: &Looked| {
        let id = &standing.policy.id;
        let written = looked.sets.written().policy(id)?.threshold;
        let needed = probability(log_odds(written) + standing.above);
        let to = ((needed * 100.0).floor() + 1.0) / 100.0;
        (to <= HIGHEST_THRESHOLD).then(|| vec![Edit::Threshold { policy: id.clone(), to }])
    };
    let (first, edits) = each_policy(cure, &cure.test, edit)?;
    let to = edits.iter().find_map(|edit| match edit {
        Edit::Threshold { to, .. } => Some(*to),
        _ => None,
    });
    let title = format!("{} holds from {:.2} on", titles(cure, &edits), to.unwrap_or_default());
    cure.proposal(Kind::Threshold, title, edits, (&first, cure.test.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_generalised_over_its_numbers_or_left_alone() {
        let glob = subject_glob("Weekly delivery report 47 / 2026").unwrap();
        assert_eq!(glob, "Weekly delivery report * / *");
        assert_eq!(subject_glob("Your order"), None);
        assert_eq!(subject_glob("Re: Order 4711 and delivery"), None);
        assert_eq!(subject_glob("No. 12"), None);
    }
}
