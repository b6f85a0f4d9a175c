//! Which sentences are read together.

use std::ops::Range;

use super::WINDOW;
use crate::policy::Candidate;

/// Windows around the most suspicious sentences, in the order of suspicion and at most `most`.
/// `sizes` are the sentences' pieces; each costs one more for its end, and a window one for its
/// beginning.
///
/// A window grows from its candidate by turns: what stands before explains more than what
/// follows, so two sentences before come for each one behind.
pub(super) fn windows(sizes: &[usize], candidates: &[Candidate], most: usize) -> Vec<Range<usize>> {
    let mut candidates = candidates.to_vec();
    candidates.sort_by(|a, b| b.suspicion.total_cmp(&a.suspicion).then(a.at.cmp(&b.at)));
    let mut windows: Vec<Range<usize>> = Vec::new();
    for candidate in candidates {
        if windows.len() == most {
            break;
        }
        if candidate.at < sizes.len() && !windows.iter().any(|w| w.contains(&candidate.at)) {
            windows.push(around(candidate.at, sizes));
        }
    }
    windows
}

fn around(at: usize, sizes: &[usize]) -> Range<usize> {
    let size = |at: usize| sizes.get(at).map_or(usize::MAX, |size| size + 1);
    let mut room = (WINDOW - 1).saturating_sub(size(at));
    let mut window = at..at + 1;
    let mut turn = 0;
    let (mut before, mut behind) = (true, true);
    while before || behind {
        let backwards = before && (turn % 3 != 2 || !behind);
        turn += 1;
        let next = if backwards { window.start.checked_sub(1) } else { Some(window.end) };
        let fits = next.filter(|next| *next < sizes.len() && size(*next) <= room);
        match (backwards, fits) {
            (true, Some(next)) => window.start = next,
            (false, Some(next)) => window.end = next + 1,
            (true, None) => before = false,
            (false, None) => behind = false,
        }
        room -= fits.map_or(0, size);
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(at: usize, suspicion: f64) -> Candidate {
        Candidate { at, suspicion }
    }

    #[test]
    fn a_short_mail_is_one_window() {
        assert_eq!(windows(&[10; 5], &[at(4, 1.0), at(0, 2.0)], 2), vec![0..5]);
    }

    #[test]
    fn a_long_mail_is_read_around_what_is_most_suspicious_with_more_before_than_behind() {
        let found = windows(&[14; 40], &[at(20, 1.0), at(30, 3.0), at(2, 2.0)], 2);
        assert_eq!(found, vec![26..32, 0..6]);
    }

    #[test]
    fn a_sentence_as_long_as_a_window_stands_alone() {
        assert_eq!(windows(&[5, 94, 5], &[at(1, 0.0)], 1), vec![1..2]);
        assert!(windows(&[], &[at(3, 0.0)], 1).is_empty());
    }
}
