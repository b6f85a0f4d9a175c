//! How long to wait before the next attempt.

use std::time::Duration;

/// A minute, then twice as long each time, an hour at most: the next hop may be restarting
/// (soon back) or down for the night (no use in asking every minute).
pub(super) fn wait(attempts: u32) -> Duration {
    let minutes = 1_u64.checked_shl(attempts.min(6)).unwrap_or(60);
    Duration::from_secs(60 * minutes.min(60))
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn the_wait_grows_and_ends_at_an_hour() {
        let minutes: Vec<u64> = (0..9).map(|n| wait(n).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait(u32::MAX).as_secs(), 3600);
    }
}
