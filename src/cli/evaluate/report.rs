//! What `evaluate` reports: counted from judged rows, ready to be printed or serialised.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Judged,
    statistics::{Share, Tenth, area_under_curve, calibration, count, percentile},
};
use crate::{cli::labelled::Label, decision::Evidence};

/// How many of the worst mistakes are shown.
const WORST: usize = 20;
/// How many pieces of evidence are shown of each.
const EVIDENCE: usize = 3;

/// The whole report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Mails judged.
    pub mails: usize,
    /// Of those held, how many were to be held. Depends on how many of each kind a set has.
    pub precision: Share,
    /// Of those to be held, how many were.
    pub recall: Share,
    /// Of those to pass, how many were held.
    pub false_holds: Share,
    /// Chance that a mail to be held is thought likelier than one to pass.
    pub area_under_curve: Option<f64>,
    /// Of those held rightly, how many under the labelled category.
    pub category_right: Share,
    /// Pairs that differ in little and have both labels: how many have both verdicts right.
    pub pairs_right: Share,
    /// The same by what makes the difference.
    pub pairs_by_flip: BTreeMap<String, Share>,
    /// Recall and false holds by set.
    pub by_set: BTreeMap<String, Group>,
    /// And by language.
    pub by_language: BTreeMap<String, Group>,
    /// Recall by category of news.
    pub recall_by_category: BTreeMap<String, Share>,
    /// False holds by kind of pass.
    pub false_holds_by_kind: BTreeMap<String, Share>,
    /// What was said against what was true.
    pub calibration: Vec<Tenth>,
    /// Time a mail.
    pub time: Time,
    /// The mistakes it was surest of.
    pub worst: Vec<Mistake>,
}

/// Both rates of some mails.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Group {
    /// Of those to be held, how many were.
    pub recall: Share,
    /// Of those to pass, how many were held.
    pub false_holds: Share,
}

/// Time a mail, microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Time {
    /// Half took less.
    pub median_us: f64,
    /// The mean.
    pub mean_us: f64,
    /// 99 of 100 took less.
    pub p99_us: f64,
}

/// A mail judged wrongly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// The set it is from.
    pub set: String,
    /// Its id there.
    pub id: String,
    /// `true`: held and should have passed. `false`: passed and should have been held.
    pub false_hold: bool,
    /// The labelled category or kind of pass.
    pub labelled: String,
    /// The category that was found.
    pub found: Option<String>,
    /// How sure the judge was of holding.
    pub probability: f64,
    /// Its subject.
    pub subject: String,
    /// What spoke loudest.
    pub evidence: Vec<Evidence>,
}

impl Report {
    /// Counts.
    pub fn of(judged: &[Judged]) -> Report {
        let all = Vec::from_iter(judged);
        let rates = group(&all);
        let held = all.iter().filter(|j| j.verdict.hold);
        let scored: Vec<(f64, bool)> =
            all.iter().map(|j| (j.verdict.probability, to_hold(j))).collect();
        let pairs = pairs(judged);
        Report {
            mails: judged.len(),
            precision: Share::among(held.clone(), |j| to_hold(j)),
            recall: rates.recall,
            false_holds: rates.false_holds,
            category_right: Share::among(held.filter(|j| to_hold(j)), |j| {
                j.verdict.category.as_deref() == Some(&j.row.category)
            }),
            pairs_right: Share::among(&pairs, |(_, right)| *right),
            pairs_by_flip: grouped(&pairs, |(flip, _)| flip.clone())
                .into_iter()
                .map(|(flip, pairs)| (flip, Share::among(pairs, |(_, right)| *right)))
                .collect(),
            by_set: groups(&all, |j| j.set.clone()),
            by_language: groups(&all, |j| j.row.lang.clone()),
            recall_by_category: held_by_category(all.iter().copied().filter(|j| to_hold(j))),
            false_holds_by_kind: held_by_category(all.iter().copied().filter(|j| !to_hold(j))),
            calibration: calibration(&scored),
            area_under_curve: area_under_curve(scored),
            time: time(judged),
            worst: worst(judged),
        }
    }
}

fn to_hold(judged: &Judged) -> bool {
    judged.row.label == Label::Hold
}

/// Sorted into heaps by a key.
fn grouped<T>(all: &[T], key: impl Fn(&T) -> String) -> BTreeMap<String, Vec<&T>> {
    let mut heaps: BTreeMap<String, Vec<&T>> = BTreeMap::new();
    for one in all {
        heaps.entry(key(one)).or_default().push(one);
    }
    heaps
}

fn group(all: &[&Judged]) -> Group {
    let (hold, pass): (Vec<&Judged>, Vec<&Judged>) = all.iter().partition(|j| to_hold(j));
    Group {
        recall: Share::among(hold, |j| j.verdict.hold),
        false_holds: Share::among(pass, |j| j.verdict.hold),
    }
}

fn groups(all: &[&Judged], key: impl Fn(&Judged) -> String) -> BTreeMap<String, Group> {
    grouped(all, |j| key(j))
        .into_iter()
        .map(|(key, of_key)| (key, group(&of_key.into_iter().copied().collect::<Vec<_>>())))
        .collect()
}

fn held_by_category<'a>(all: impl Iterator<Item = &'a Judged>) -> BTreeMap<String, Share> {
    let all: Vec<&Judged> = all.collect();
    grouped(&all, |j| j.row.category.clone())
        .into_iter()
        .map(|(category, of_it)| (category, Share::among(of_it, |j| j.verdict.hold)))
        .collect()
}

/// Each complete pair: the kind of difference, and whether both verdicts are right.
fn pairs(judged: &[Judged]) -> Vec<(String, bool)> {
    let mut pairs: BTreeMap<(&str, &str), Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        if let Some(pair) = &one.row.pair {
            pairs.entry((&one.set, pair)).or_default().push(one);
        }
    }
    pairs
        .into_values()
        .filter(|twins| twins.iter().any(|j| to_hold(j)) && twins.iter().any(|j| !to_hold(j)))
        .map(|twins| {
            let flip = twins.iter().find_map(|j| j.row.flip.as_deref()).unwrap_or_default();
            let kind = flip.split_once(':').map_or(flip, |(kind, _)| kind);
            (kind.to_owned(), twins.iter().all(|j| j.verdict.hold == to_hold(j)))
        })
        .collect()
}

fn time(judged: &[Judged]) -> Time {
    let mut micros: Vec<f64> =
        judged.iter().map(|j| j.verdict.elapsed.as_secs_f64() * 1e6).collect();
    micros.sort_by(f64::total_cmp);
    Time {
        median_us: percentile(&micros, 0.5).unwrap_or_default(),
        mean_us: micros.iter().sum::<f64>() / count(micros.len().max(1)),
        p99_us: percentile(&micros, 0.99).unwrap_or_default(),
    }
}

fn worst(judged: &[Judged]) -> Vec<Mistake> {
    let mut wrong: Vec<&Judged> = judged.iter().filter(|j| j.verdict.hold != to_hold(j)).collect();
    // How sure it was of the wrong thing.
    let sure = |j: &Judged| {
        if j.verdict.hold { j.verdict.probability } else { 1.0 - j.verdict.probability }
    };
    wrong.sort_by(|a, b| sure(b).total_cmp(&sure(a)));
    wrong
        .into_iter()
        .take(WORST)
        .map(|j| Mistake {
            set: j.set.clone(),
            id: j.row.id.clone(),
            false_hold: j.verdict.hold,
            labelled: j.row.category.clone(),
            found: j.verdict.category.clone(),
            probability: j.verdict.probability,
            subject: j.row.subject.clone(),
            evidence: j.verdict.evidence.iter().take(EVIDENCE).cloned().collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cli::evaluate::RowVerdict;

    fn judged(id: &str, label: &str, pair: &str, hold: bool, probability: f64) -> Judged {
        let category = if label == "hold" { "claim_denial" } else { "approval" };
        let row = serde_json::from_value(serde_json::json!({
            "id": id, "text": "t", "label": label, "category": category,
            "pair": pair, "flip": "negation: denied / not denied",
        }))
        .unwrap();
        let verdict = RowVerdict {
            hold,
            probability,
            category: Some("claim_denial".to_owned()),
            evidence: Vec::new(),
            elapsed: Duration::from_micros(50),
        };
        Judged { set: "own".to_owned(), row, verdict }
    }

    #[test]
    fn two_pairs_of_which_one_is_right() {
        let report = Report::of(&[
            judged("1a", "hold", "1", true, 0.9),
            judged("1b", "pass", "1", false, 0.2),
            judged("2a", "hold", "2", true, 0.8),
            judged("2b", "pass", "2", true, 0.7),
        ]);
        let counts = |share: Share| (share.hits, share.of);
        assert_eq!(counts(report.recall), (2, 2));
        assert_eq!(counts(report.false_holds), (1, 2));
        assert_eq!(counts(report.precision), (2, 3));
        assert_eq!(counts(report.category_right), (2, 2));
        assert_eq!(counts(report.pairs_right), (1, 2));
        assert_eq!(counts(report.pairs_by_flip["negation"]), (1, 2));
        assert_eq!(counts(report.by_language["en"].false_holds), (1, 2));
        assert_eq!(counts(report.recall_by_category["claim_denial"]), (2, 2));
        assert_eq!(counts(report.false_holds_by_kind["approval"]), (1, 2));
        assert_eq!(report.area_under_curve, Some(1.0));
        assert!((report.time.median_us - 50.0).abs() < 1e-6);
        assert_eq!(report.worst.len(), 1);
        assert!(report.worst[0].id == "2b" && report.worst[0].false_hold);
    }

    #[test]
    fn a_mistake_it_was_surer_of_comes_first() {
        let report = Report::of(&[
            judged("a", "hold", "1", false, 0.4),
            judged("b", "hold", "2", false, 0.01),
            judged("c", "pass", "3", true, 0.7),
        ]);
        let ids: Vec<&str> = report.worst.iter().map(|m| m.id.as_str()).collect();
        assert_eq!(ids, ["b", "c", "a"]);
    }

    #[test]
    fn no_mail_gives_a_report_without_numbers() {
        let report = Report::of(&[]);
        assert_eq!((report.recall.share, report.area_under_curve), (None, None));
        assert!(report.time.mean_us == 0.0);
    }
}
