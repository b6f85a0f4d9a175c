//! Fits a linear separation: dual coordinate descent for the squared hinge loss
//! (Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", ICML 2008),
//! then a line that turns its scores into probabilities (Platt).
//!
//! One thread, f64, an order of visits that only the seed decides: the same numbers everywhere.

use super::arithmetic::logistic;

/// A sentence as features: which and how much. Sorted by feature.
pub(super) type Row = Vec<(u32, f64)>;

/// What the loss of a row counts, and on which side it should lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) positive: bool,
    pub(super) cost: f64,
}

/// Passes over all rows. The weights hardly move after half of them.
const PASSES: usize = 30;

/// A separation: a weight a feature, and the bias.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Separation {
    pub(super) weights: Vec<f64>,
    pub(super) bias: f64,
}

/// Separates the positive rows from the others.
pub(super) fn separate(
    rows: &[&Row],
    targets: &[Target],
    features: usize,
    seed: u64,
) -> Separation {
    let mut found = Separation { weights: vec![0.0; features], bias: 0.0 };
    let mut alphas = vec![0.0_f64; rows.len()];
    let squares: Vec<f64> =
        rows.iter().map(|row| 1.0 + row.iter().map(|(_, x)| x * x).sum::<f64>()).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut shuffler = Shuffler(seed);
    for _ in 0..PASSES {
        shuffler.shuffle(&mut order);
        for &at in &order {
            let (Some(row), Some(target), Some(alpha), Some(square)) =
                (rows.get(at), targets.get(at), alphas.get_mut(at), squares.get(at))
            else {
                continue;
            };
            let side = if target.positive { 1.0 } else { -1.0 };
            let slack = 0.5 / target.cost;
            let gradient = side * found.score(row) - 1.0 + slack * *alpha;
            let next = (*alpha - gradient / (square + slack)).max(0.0);
            found.add(row, (next - *alpha) * side);
            *alpha = next;
        }
    }
    found
}

impl Separation {
    /// Where a row lies: positive on the one side, negative on the other.
    pub(super) fn score(&self, row: &Row) -> f64 {
        let sum: f64 =
            row.iter().filter_map(|&(f, x)| Some(self.weights.get(f as usize)? * x)).sum();
        sum + self.bias
    }

    fn add(&mut self, row: &Row, step: f64) {
        if step == 0.0 {
            return;
        }
        for &(feature, x) in row {
            if let Some(weight) = self.weights.get_mut(feature as usize) {
                *weight += step * x;
            }
        }
        self.bias += step;
    }
}

/// Fits `logistic(slope * score + intercept)` to what came out, by Newton's method. The slope
/// never turns negative: a higher score must not mean less.
pub(super) fn calibrate(scored: &[(f64, bool)]) -> (f64, f64) {
    let (mut slope, mut intercept) = (1.0, 0.0);
    for _ in 0..60 {
        // A little pull towards (1, 0): defined also where the scores separate perfectly.
        let pull = 0.01;
        let (mut g0, mut g1) = (pull * (slope - 1.0), pull * intercept);
        let (mut h00, mut h01, mut h11) = (pull, 0.0, pull);
        for &(score, positive) in scored {
            let p = logistic(slope * score + intercept);
            let wrong = p - f64::from(u8::from(positive));
            let curve = p * (1.0 - p);
            g0 += wrong * score;
            g1 += wrong;
            h00 += curve * score * score;
            h01 += curve * score;
            h11 += curve;
        }
        let determinant = h00 * h11 - h01 * h01;
        if determinant.abs() < 1e-12 {
            break;
        }
        // Steps are cut: far from the goal Newton's method overshoots.
        slope -= ((h11 * g0 - h01 * g1) / determinant).clamp(-1.0, 1.0);
        intercept -= ((h00 * g1 - h01 * g0) / determinant).clamp(-1.0, 1.0);
    }
    (slope.max(0.0), intercept)
}

/// A small generator for the order of visits (SplitMix64): part of the recipe, so our own.
struct Shuffler(u64);

impl Shuffler {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            let below = last as u64 + 1;
            let other = usize::try_from(self.next() % below).unwrap_or_default();
            order.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_separates_what_can_be_separated() {
        let rows: Vec<Row> = vec![
            vec![(0, 1.0)],
            vec![(0, 1.0), (2, 0.5)],
            vec![(1, 1.0)],
            vec![(1, 1.0), (2, 0.5)],
        ];
        let targets = [true, true, false, false].map(|positive| Target { positive, cost: 1.0 });
        let found = separate(&rows.iter().collect::<Vec<_>>(), &targets, 3, 1);
        for (row, target) in rows.iter().zip(targets) {
            assert_eq!(found.score(row) > 0.0, target.positive);
        }
        assert!(found.weights[2].abs() < 0.1, "what both sides have says nothing");
    }

    #[test]
    fn calibration_finds_the_line_that_made_the_data() {
        let mut scored = Vec::new();
        for step in -20..=20 {
            let score = f64::from(step) * 0.1;
            let of_hundred = (100.0 * logistic(2.0 * score - 1.0)).round();
            scored.extend((0..100).map(|n| (score, f64::from(n) < of_hundred)));
        }
        let (slope, intercept) = calibrate(&scored);
        assert!((slope - 2.0).abs() < 0.05 && (intercept + 1.0).abs() < 0.05);
    }

    #[test]
    fn calibration_never_turns_the_order_round() {
        let (slope, _) = calibrate(&[(1.0, false), (2.0, false), (-1.0, true), (-2.0, true)]);
        assert!(slope >= 0.0);
        let (slope, intercept) = calibrate(&[(1.0, true), (-1.0, false)]);
        assert!(slope.is_finite() && intercept.is_finite(), "separable data has an answer");
    }

    #[test]
    fn an_order_is_a_permutation_that_the_seed_decides() {
        let shuffled = |seed| {
            let mut order: Vec<usize> = (0..50).collect();
            Shuffler(seed).shuffle(&mut order);
            order
        };
        assert_eq!(shuffled(7), shuffled(7));
        assert_ne!(shuffled(7), shuffled(8));
        let mut sorted = shuffled(7);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>());
    }
}
