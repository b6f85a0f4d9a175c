//! A mail, its test, and whether a change cures both.

use super::{
    Bench, Kind, Nothing, Proposal, Sets,
    bench::{Verdict, ask, log_odds},
    edit::{Edit, apply},
    masked::{Keeps, test_of},
    proposal::file_changes,
};
use crate::{
    decision::{Trial, Verdict as Says},
    message::Language,
    policy::{Policy, PolicySet, PolicyTest, Weight},
};

/// Policies that may have to be changed together, and steps in which a change is found.
pub(super) const MOST_ROUNDS: usize = 6;

/// A mail to be cured by changes of policies.
pub(super) struct Cure<'c> {
    pub(super) bench: &'c Bench<'c>,
    pub(super) trial: &'c Trial,
    pub(super) before: Looked,
    pub(super) test: PolicyTest,
    wanted: Says,
    test_bites: bool,
}

/// What one state of the files makes of the mail and of its test.
pub(super) struct Looked {
    pub(super) sets: Sets,
    pub(super) live: Verdict,
    /// `None` where the test's addresses are none.
    test: Option<(Trial, Verdict)>,
}

/// A policy and what it makes of the mail or its test, whichever is more.
pub(super) struct Standing<'l> {
    pub(super) policy: &'l Policy,
    /// Its weighing of that one.
    pub(super) weight: &'l Weight,
    /// Log-odds by which that one stands above the threshold it is judged by.
    pub(super) above: f64,
}

impl<'c> Cure<'c> {
    /// Looks at the mail as things are. `wanted` is what should become of it.
    pub(super) fn start(
        bench: &'c Bench<'c>,
        trial: &'c Trial,
        wanted: Says,
    ) -> Result<Cure<'c>, Nothing> {
        let sets = bench.compile(bench.sources).map_err(Nothing::Mistakes)?;
        let live = ask(sets.live(), trial);
        let name = name_of_test(bench, wanted);
        let mut cure = Cure {
            bench,
            trial,
            before: Looked { sets, live, test: None },
            test: test_of(trial, name.clone(), wanted == Says::Hold, Keeps::Own),
            wanted,
            test_bites: false,
        };
        // The least of the mail that is judged as the mail is.
        for keeps in [Keeps::Own, Keeps::Quoted, Keeps::Attached] {
            let test = test_of(trial, name.clone(), wanted == Says::Hold, keeps);
            if cure.bites(&test) {
                cure.test = test;
                cure.test_bites = true;
                break;
            }
        }
        let looked = cure.ask_test(&cure.before.sets, &cure.test);
        cure.before.test = looked;
        Ok(cure)
    }

    fn bites(&self, test: &PolicyTest) -> bool {
        let asked = self.ask_test(&self.before.sets, test);
        asked.is_some_and(|(_, verdict)| verdict.decision.verdict != self.wanted)
    }

    fn ask_test(&self, sets: &Sets, test: &PolicyTest) -> Option<(Trial, Verdict)> {
        let trial = Trial::of(test, self.bench.organisation, self.bench.read)?;
        let verdict = ask(sets.written(), &trial);
        Some((trial, verdict))
    }

    /// How common a word is in mail of this one's language.
    pub(super) fn commonness(&self) -> impl Fn(&str) -> f64 + use<'c> {
        let language = self.trial.reading.language.unwrap_or(Language::En);
        let bench = self.bench;
        move |word: &str| (bench.commonness)(language, word)
    }

    /// The same mail with another test.
    pub(super) fn with_test(&self, change: impl FnOnce(&mut PolicyTest)) -> PolicyTest {
        let mut test = self.test.clone();
        change(&mut test);
        test
    }

    /// What the files make of both, changed so; `None` where that does not compile.
    pub(super) fn look(&self, edits: &[Edit], test: &PolicyTest) -> Option<Looked> {
        let sources = apply(self.bench.sources, edits).ok()?;
        let sets = self.bench.compile(&sources).ok()?;
        let live = ask(sets.live(), self.trial);
        let test = self.ask_test(&sets, test);
        Some(Looked { sets, live, test })
    }

    /// Whether both come out as wanted; of a mail to be held by this policy's category, because so
    /// its test is judged.
    pub(super) fn is_cured(&self, looked: &Looked, category: &str) -> bool {
        let well = |verdict: &Verdict| {
            let decision = &verdict.decision;
            let by_it = decision.category.as_deref() == Some(category);
            decision.verdict == self.wanted && (self.wanted == Says::Pass || by_it)
        };
        well(&looked.live) && looked.test.as_ref().is_none_or(|(_, verdict)| well(verdict))
    }

    /// The proposal of these edits, with its test in the file of this policy.
    pub(super) fn proposal(
        &self,
        kind: Kind,
        title: String,
        mut edits: Vec<Edit>,
        (policy, test): (&str, PolicyTest),
    ) -> Option<Proposal> {
        edits.push(Edit::Test { policy: policy.to_owned(), test });
        let after = apply(self.bench.sources, &edits).ok()?;
        // The test, too, must be one that compiles.
        self.bench.compile(&after).ok()?;
        let changes = file_changes(self.bench.sources, &after);
        Some(Proposal { kind, title, edits, changes, test_bites: self.test_bites })
    }
}

impl Looked {
    /// The policies that hold the mail or its test, the one that decides first.
    pub(super) fn holding(&self, trial: &Trial) -> Vec<Standing<'_>> {
        let mut all = standing(self.sets.live(), trial, &self.live);
        if let Some((test, verdict)) = &self.test {
            all.extend(standing(self.sets.written(), test, verdict));
        }
        let decides = self.live.decision.policy.as_deref();
        all.retain(|one| one.above >= 0.0);
        all.sort_by(|a, b| {
            let first = (Some(b.policy.id.as_str()) == decides)
                .cmp(&(Some(a.policy.id.as_str()) == decides));
            first.then(b.above.total_cmp(&a.above))
        });
        let mut seen = Vec::new();
        all.retain(|one| {
            let new = !seen.contains(&one.policy.id);
            seen.push(one.policy.id.clone());
            new
        });
        all
    }

    /// How a policy stands to the mail or its test, whichever is farther below its threshold.
    pub(super) fn lowest<'l>(&'l self, trial: &Trial, policy: &str) -> Option<Standing<'l>> {
        let mut all = standing(self.sets.live(), trial, &self.live);
        if let Some((test, verdict)) = &self.test {
            all.extend(standing(self.sets.written(), test, verdict));
        }
        let of_policy = all.into_iter().filter(|one| one.policy.id == policy);
        of_policy.min_by(|a, b| a.above.total_cmp(&b.above))
    }
}

/// How each policy that is meant for a mail stands to it.
fn standing<'l>(set: &'l PolicySet, trial: &Trial, verdict: &'l Verdict) -> Vec<Standing<'l>> {
    let sender = trial.envelope.reverse_path().as_str();
    let reading = &trial.reading;
    let one = |weight: &'l Weight| {
        let policy = set.policies().get(weight.policy)?;
        let scope = &policy.scope;
        let mut recipients = trial.envelope.recipients().iter();
        let meant = scope.has_mail(sender, &reading.header, reading.language)
            && recipients.any(|r| scope.has_recipient(r.path.as_str()));
        let above = weight.log_odds - log_odds(policy.threshold);
        meant.then_some(Standing { policy, weight, above })
    };
    verdict.weighed.weights.iter().filter_map(one).collect()
}

fn name_of_test(bench: &Bench<'_>, wanted: Says) -> String {
    match wanted {
        Says::Pass => format!("false alarm of {}", bench.today),
        Says::Hold => format!("missed one of {}", bench.today),
    }
}
