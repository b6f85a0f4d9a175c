//! The middle of what was measured.

/// The value that `share` of the values do not exceed, by nearest rank; `None` of nothing.
pub(super) fn quantile(values: &mut [u64], share: f64) -> Option<u64> {
    values.sort_unstable();
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_rank() {
        assert_eq!(quantile(&mut [], 0.5), None);
        assert_eq!(quantile(&mut [7], 0.9), Some(7));
        assert_eq!(quantile(&mut [4, 1, 3, 2], 0.5), Some(2));
        assert_eq!(quantile(&mut [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9), Some(9));
    }
}
