//! Nobody decides: the lead of the sender's team hears of it, and after as long again the admin. Each
//! becomes a party of the hold, once.

use super::{Worker, due::stays};
use crate::{
    hold::{Actor, Change, Hold, Party, PartyRole, Watch},
    mail::{Mailbox, Timestamp},
    team::Plan,
    telemetry::letters::guarded,
};

/// Who is above a sender.
const STEPS: [PartyRole; 2] = [PartyRole::Lead, PartyRole::Admin];

impl Worker {
    /// The next one above the sender becomes a party and gets a letter; where there is nobody left,
    /// nobody is looked for again.
    pub(super) fn escalation(&self, hold: &Hold, plan: &Plan<'_>, now: Timestamp) -> Change {
        let done = usize::try_from(hold.watch.escalated).unwrap_or(STEPS.len());
        let above = STEPS.into_iter().enumerate().skip(done);
        let next =
            above.filter_map(|(step, role)| Some((step, self.above(hold, role, now)?))).next();
        let Some((step, party)) = next else {
            let watch = Watch { escalate_at: None, ..hold.watch.clone() };
            return Change { watch: Some(watch), ..stays(hold, "nobody_above", now) };
        };
        let is_last = step + 1 == STEPS.len();
        let watch = Watch {
            escalate_at: plan.escalate_at(now, hold.expires_at).filter(|_| !is_last),
            escalated: u32::try_from(step + 1).unwrap_or(u32::MAX),
            ..hold.watch.clone()
        };
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

    /// Somebody above the sender; `None` where nobody is named, or he knows of it already.
    fn above(&self, hold: &Hold, role: PartyRole, now: Timestamp) -> Option<Party> {
        let who: &Mailbox = match role {
            PartyRole::Admin => self.settings.admin.as_ref()?,
            _ => self.settings.teams.of(hold.envelope.reverse_path()).lead.as_ref()?,
        };
        hold.new_party(who, role, &Actor::service("worker", None), now)
    }
}
