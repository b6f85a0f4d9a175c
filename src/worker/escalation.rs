//! Nobody decides: the lead of the sender's team hears of it, and after as long again the admin, each
//! when he is at work. Each becomes a party of the hold, once.

use super::{Worker, due::stays};
use crate::{
    hold::{Actor, Change, Hold, PartyRole, Watch},
    mail::{Mailbox, Timestamp},
    telemetry::letters::guarded,
};

/// What those above a sender are on a hold, in the order of [`Teams::above`].
///
/// [`Teams::above`]: crate::team::Teams::above
const ROLES: [PartyRole; 2] = [PartyRole::Lead, PartyRole::Admin];

impl Worker {
    /// The next one above the sender becomes a party and gets a letter; where there is nobody left,
    /// nobody is looked for again.
    pub(super) fn escalation(&self, hold: &Hold, now: Timestamp) -> Change {
        let by = Actor::service("worker", None);
        let next = self.above(hold).find_map(|(step, who)| {
            let role = *ROLES.get(step)?;
            Some((step, hold.new_party(who, role, &by, now)?))
        });
        let Some((step, party)) = next else {
            let watch = Watch { escalate_at: None, ..hold.watch.clone() };
            return Change { watch: Some(watch), ..stays(hold, "nobody_above", now) };
        };
        let is_last = step + 1 == ROLES.len();
        let mut watch = Watch {
            escalate_at: None,
            escalated: u32::try_from(step + 1).unwrap_or(u32::MAX),
            ..hold.watch.clone()
        };
        // Counted in the hours of whoever comes after him.
        let after = Hold { watch: watch.clone(), ..hold.clone() };
        let plan = self.plan(&after);
        watch.escalate_at = plan.escalate_at(now, hold.expires_at).filter(|_| !is_last);
        let letter = guarded(|| self.letters.escalated(hold, &party, now)).flatten();
        let mut change = stays(hold, "escalated", now);
        change.event.facts.extend(party.facts());
        Change {
            watch: Some(watch),
            outbox: letter.into_iter().collect(),
            parties: vec![party],
            ..change
        }
    }

    /// Who above the sender is still to hear of it, by steps: not who knows of it already.
    pub(super) fn above(&self, hold: &Hold) -> impl Iterator<Item = (usize, &Mailbox)> {
        let done = usize::try_from(hold.watch.escalated).unwrap_or(ROLES.len());
        let above = self.settings.teams.above(hold.envelope.reverse_path());
        let above = above.into_iter().enumerate().skip(done);
        let named = above.filter_map(|(step, who)| Some((step, who?)));
        named.filter(|(_, who)| !hold.is_sender(who) && hold.party_at(who).is_none())
    }
}
