//! A time limit for things done one after the other, cheap where it is not reached.
//!
//! `tokio::time::timeout` puts an alarm into the runtime's wheel and takes it out again at each
//! wait; a relay in lock step waits eight times a message. A [`TimeLimit`] leaves its alarm where
//! it is: what is done later ends later, so the alarm goes off early at worst, and is then set
//! to the time that counts.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// The time limit of one connection. Belongs to the runtime in which it first waited.
#[derive(Debug, Default)]
pub struct TimeLimit {
    alarm: Option<Pin<Box<Sleep>>>,
}

impl TimeLimit {
    /// What `doing` gives, or `None` where it takes longer than `limit`. What is ready at once
    /// costs not even a look at the clock.
    pub async fn keep<F: Future>(&mut self, limit: Duration, doing: F) -> Option<F::Output> {
        let mut doing = pin!(doing);
        let mut deadline = None;
        poll_fn(|context| {
            if let Poll::Ready(done) = doing.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + limit);
            self.is_over(deadline, context).map(|()| None)
        })
        .await
    }

    /// Ready at the deadline.
    fn is_over(&mut self, deadline: Instant, context: &mut Context<'_>) -> Poll<()> {
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() > deadline {
            alarm.as_mut().reset(deadline);
        }
        while alarm.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use tokio::time::{sleep, timeout};

    use super::*;

    const SHORT: Duration = Duration::from_millis(40);
    const LONG: Duration = Duration::from_secs(600);

    /// Whether it was done in time; the test must not wait for a limit that nobody keeps.
    async fn in_time(
        limit: &mut TimeLimit,
        most: Duration,
        doing: impl Future<Output = ()>,
    ) -> bool {
        let kept = timeout(LONG / 10, limit.keep(most, doing)).await;
        kept.expect("the limit is kept").is_some()
    }

    #[tokio::test]
    async fn each_of_many_has_its_own_time() {
        let mut limit = TimeLimit::default();
        // Together far longer than the limit: the first alarm goes off during the others.
        for _ in 0..4 {
            assert!(in_time(&mut limit, SHORT, sleep(SHORT * 3 / 4)).await);
        }
        assert!(!in_time(&mut limit, SHORT, pending()).await);
        // The alarm has gone off: the next has its time all the same.
        assert!(in_time(&mut limit, SHORT, sleep(SHORT * 3 / 4)).await);
        assert!(in_time(&mut limit, Duration::ZERO, ready(())).await);
        assert!(!in_time(&mut limit, Duration::ZERO, pending()).await);
    }

    #[tokio::test]
    async fn a_shorter_limit_is_kept_although_the_alarm_stands_later() {
        let mut limit = TimeLimit::default();
        assert!(in_time(&mut limit, LONG, sleep(SHORT / 4)).await);
        assert!(!in_time(&mut limit, SHORT, pending()).await);
        assert!(in_time(&mut limit, LONG, sleep(SHORT * 2)).await);
    }

    #[tokio::test]
    async fn an_alarm_that_goes_off_while_nothing_waits_harms_nobody() {
        let mut limit = TimeLimit::default();
        assert!(in_time(&mut limit, SHORT, sleep(SHORT / 4)).await);
        sleep(SHORT * 2).await;
        assert!(in_time(&mut limit, SHORT, sleep(SHORT * 3 / 4)).await);
        assert!(!in_time(&mut limit, SHORT, pending()).await);
    }
}
