//! Shares with their intervals, percentiles, calibration: the arithmetic of `evaluate`.

use serde::Serialize;

/// A share of cases, with the interval in which its true value lies 19 times of 20.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// Cases that did.
    pub hits: usize,
    /// Cases in all.
    pub of: usize,
    /// Their ratio; `None` without cases.
    pub share: Option<f64>,
    /// Lower end of the 95 % Wilson interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Share {
    /// So many hits of so many cases.
    pub fn new(hits: usize, of: usize) -> Share {
        if of == 0 {
            return Share { hits, of, share: None, low: 0.0, high: 1.0 };
        }
        let (n, p) = (count(of), count(hits) / count(of));
        let square = Z * Z;
        let centre = p + square / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
        let whole = 1.0 + square / n;
        let low = ((centre - reach) / whole).max(0.0);
        let high = ((centre + reach) / whole).min(1.0);
        Share { hits, of, share: Some(p), low, high }
    }

    /// The cases of `all` for which `hit` is true.
    pub fn among<T>(all: impl IntoIterator<Item = T>, hit: impl Fn(&T) -> bool) -> Share {
        let (mut hits, mut of) = (0, 0);
        for one in all {
            of += 1;
            hits += usize::from(hit(&one));
        }
        Share::new(hits, of)
    }
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts of mails are far below 2^52")]
pub fn count(n: usize) -> f64 {
    n as f64
}

/// The value below which `part` (0 to 1) of the sorted values lie: nearest rank. `None` without
/// values.
pub fn percentile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of values"
    )]
    let rank = (part.clamp(0.0, 1.0) * count(sorted.len())).ceil() as usize;
    sorted.get(rank.saturating_sub(1).min(last)).copied()
}

/// The chance that a mail to be held gets a higher probability than one to pass; ties count half.
/// `None` where one of the kinds is missing.
pub fn area_under_curve(mut scored: Vec<(f64, bool)>) -> Option<f64> {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut lower, mut won, mut held) = (0.0, 0.0, 0.0);
    for equal in scored.chunk_by(|a, b| a.0 == b.0) {
        let to_hold = count(equal.iter().filter(|(_, hold)| *hold).count());
        let to_pass = count(equal.len()) - to_hold;
        won += to_hold * (lower + to_pass / 2.0);
        lower += to_pass;
        held += to_hold;
    }
    (held * lower > 0.0).then(|| won / (held * lower))
}

/// Mails whose probability fell into one tenth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tenth {
    /// Lower end of the tenth.
    pub from: f64,
    /// How many mails.
    pub mails: usize,
    /// Their mean probability.
    pub said: f64,
    /// How many of them were to be held.
    pub true_share: Share,
}

/// What was said against what was true, a tenth at a time; empty tenths are left out.
pub fn calibration(scored: &[(f64, bool)]) -> Vec<Tenth> {
    (0..10_u8)
        .filter_map(|tenth| {
            let from = f64::from(tenth) / 10.0;
            let to = if tenth == 9 { f64::INFINITY } else { f64::from(tenth + 1) / 10.0 };
            let within: Vec<&(f64, bool)> =
                scored.iter().filter(|(p, _)| (from..to).contains(p)).collect();
            let said = within.iter().map(|(p, _)| p).sum::<f64>() / count(within.len());
            let true_share = Share::among(&within, |(_, hold)| *hold);
            (!within.is_empty()).then_some(Tenth { from, mails: within.len(), said, true_share })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 5e-4, "{a} is not {b}");
    }

    #[test]
    fn wilson_intervals_are_those_of_the_books() {
        // Newcombe 1998, table I: score method without continuity correction.
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let share = Share::new(hits, of);
            near(share.low, low);
            near(share.high, high);
        }
        assert_eq!(Share::new(0, 0).share, None);
        near(Share::new(20, 20).high, 1.0);
    }

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(percentile(&values, 0.5), Some(2.0));
        assert_eq!(percentile(&values, 0.99), Some(4.0));
        assert_eq!(percentile(&values, 0.0), Some(1.0));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn the_area_is_the_share_of_pairs_in_the_right_order() {
        assert_eq!(area_under_curve(vec![(0.9, true), (0.1, false)]), Some(1.0));
        assert_eq!(area_under_curve(vec![(0.1, true), (0.9, false)]), Some(0.0));
        assert_eq!(area_under_curve(vec![(0.5, true), (0.5, false)]), Some(0.5));
        let mixed = vec![(0.8, true), (0.4, true), (0.6, false), (0.2, false)];
        assert_eq!(area_under_curve(mixed), Some(0.75));
        assert_eq!(area_under_curve(vec![(0.5, true)]), None);
    }

    #[test]
    fn every_mail_falls_into_one_tenth() {
        let tenths = calibration(&[(0.0, false), (0.05, true), (0.95, true), (1.0, true)]);
        assert_eq!(
            tenths.iter().map(|t| (t.mails, t.true_share.hits)).collect::<Vec<_>>(),
            [(2, 1), (2, 2)]
        );
        near(tenths[1].said, 0.975);
    }
}
