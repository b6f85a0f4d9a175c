//! A release that the next hop puts off: its sender hears once that it is late, and once that it was
//! delivered after all (RFC 5321 §4.5.4.1; the `delayed` of RFC 3464 in plain words).
//!
//! He hears of a delay when he is at work; what was delivered by the morning was none to him. The
//! recipients he was told of stand in the hold, by the commit that owes the letter.

use super::{Worker, outbox::Settled};
use crate::{
    hold::{Delivery, Hold, Item, ItemOutcome, NewItem},
    mail::{ForwardPath, Timestamp},
    telemetry::letters::guarded,
};

impl Worker {
    /// The letter that an attempt owes for a delay, or for its end.
    pub(super) fn word_of_delay(
        &self,
        item: &Item,
        hold: &Hold,
        settled: &Settled,
        now: Timestamp,
    ) -> Option<NewItem> {
        let told = &hold.watch.delayed;
        let waiting = positions(hold, settled, &Delivery::Waiting);
        let letter = if waiting.is_empty() {
            let mut arrived = positions(hold, settled, &Delivery::Delivered);
            arrived.retain(|position| told.contains(position));
            let to = paths(hold, &arrived);
            (!to.is_empty()).then(|| guarded(|| self.letters.arrived(hold, &to, now)))
        } else {
            let is_tried_on = matches!(settled.outcome, ItemOutcome::Again(_));
            let is_news = is_tried_on && told.is_empty() && self.is_late_enough(item, hold, now);
            let until = item.created.checked_add(self.settings.give_up_after);
            let (to, until) = (paths(hold, &waiting), until.unwrap_or(Timestamp::MAX));
            is_news.then(|| guarded(|| self.letters.delayed(hold, &to, until, now)))
        };
        letter.flatten().flatten()
    }

    /// Whether it is late for long, and its sender is there to hear of it.
    fn is_late_enough(&self, item: &Item, hold: &Hold, now: Timestamp) -> bool {
        let since = item.created.max(hold.not_before());
        let is_late = since.checked_add(self.settings.tell_delay_after).is_ok_and(|at| at <= now);
        is_late && self.settings.teams.of(hold.envelope.reverse_path()).week.is_open(now)
    }
}

/// The recipients with which it stands so, once this attempt is settled.
fn positions(hold: &Hold, settled: &Settled, so: &Delivery) -> Vec<usize> {
    let after = |position: usize, before: &Delivery| {
        let new = settled.deliveries.iter().find(|(settled, _)| *settled == position);
        new.filter(|_| *before == Delivery::Waiting).map_or(before == so, |(_, new)| new == so)
    };
    let all = hold.deliveries.iter().enumerate();
    all.filter(|(position, before)| after(*position, before))
        .map(|(position, _)| position)
        .collect()
}

fn paths(hold: &Hold, positions: &[usize]) -> Vec<ForwardPath> {
    let recipients = hold.envelope.recipients();
    positions.iter().filter_map(|p| Some(recipients.get(*p)?.path.clone())).collect()
}
