//! A sender who is away: somebody stands in for him.
//!
//! An automatic answer never acts on the mail, and is believed like any other reply. The most that a
//! forged one could do is tell one person of the house, whom the configuration names, of a hold, and
//! that once.

use super::{Replies, believe::Believed, settle::stays};
use crate::{
    hold::{Actor, AuditEvent, Change, Hold, HoldError, Party, PartyRole, Watch, is_same_person},
    mail::{Mailbox, Timestamp},
    telemetry::letters::guarded,
};

/// How often a hold is looked at for one absence; people do not act faster than that.
const MAX_LOOKS: u32 = 3;

/// Names the one note of an absence; no Message-ID is written so.
const ABSENCE: &[u8] = b"<absence>";

/// Who stands in, and what else is due then.
struct Cover {
    party: Party,
    watch: Option<Watch>,
}

impl Replies {
    /// "Not there": noted once a hold, and once somebody is asked to stand in; seen anew where somebody
    /// did something meanwhile.
    pub(super) async fn note_absence(
        &self,
        mut hold: Hold,
        believed: &Believed,
        now: Timestamp,
    ) -> Result<(), HoldError> {
        let mut left = MAX_LOOKS;
        loop {
            left -= 1;
            let change = self.absence(&hold, believed, now);
            match self.parts.store.change(&hold.id, change).await {
                Ok(_) | Err(HoldError::Repeated | HoldError::Already(_)) => return Ok(()),
                Err(HoldError::Overtaken) if left > 0 => {
                    let found = self.parts.store.find(&hold.id).await?;
                    hold = found.ok_or(HoldError::Unknown)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn absence(&self, hold: &Hold, believed: &Believed, now: Timestamp) -> Change {
        let actor = believed.actor();
        // A deputy's absence is none of the sender's.
        let is_his = hold.is_sender(&believed.author);
        let cover = is_his.then(|| self.cover(hold, &actor, now)).flatten();
        let mut facts = believed.facts();
        facts.extend(cover.iter().flat_map(|cover| cover.party.facts()));
        let compose = |cover: &Cover| self.parts.letters.cover(hold, &cover.party, now);
        let letter = cover.as_ref().and_then(|cover| guarded(|| compose(cover)).flatten());
        let watch = cover.as_ref().and_then(|cover| cover.watch.clone());
        Change {
            watch,
            outbox: letter.into_iter().collect(),
            parties: cover.into_iter().map(|cover| cover.party).collect(),
            event: AuditEvent { name: "sender_absent".to_owned(), facts },
            once: Some(self.parts.keys.reply_key(&hold.id, ABSENCE)),
            told: Some(hold.parties.len()),
            seen: Some(hold.outcomes.len()),
            ..stays(hold, actor, now)
        }
    }

    /// The first deputy, else the lead; nobody where somebody has it in hand already.
    fn cover(&self, hold: &Hold, by: &Actor, now: Timestamp) -> Option<Cover> {
        let in_hand = |p: &Party| matches!(p.role, PartyRole::Colleague | PartyRole::Cover);
        if hold.parties.iter().any(in_hand) {
            return None;
        }
        let sender = hold.envelope.reverse_path().as_str();
        let for_him = |d: &&super::Deputy| is_same_person(d.principal.as_str(), sender);
        let deputies = self.parts.deputies.iter().filter(for_him).map(|d| &d.deputy);
        let party = |who: &Mailbox, role| {
            let is_ours = self.parts.inside.is_inside(who);
            is_ours.then(|| hold.new_party(who, role, by, now)).flatten()
        };
        if let Some(party) = deputies.into_iter().find_map(|who| party(who, PartyRole::Cover)) {
            return Some(Cover { party, watch: None });
        }
        let team = self.parts.teams.of(hold.envelope.reverse_path());
        let party = party(team.lead.as_ref()?, PartyRole::Lead)?;
        // That is the first step of an escalation; the next one counts from here.
        let terms = &hold.dossier.decision.terms;
        let (teams, sender) = (&self.parts.teams, hold.envelope.reverse_path());
        let above = teams.above(sender).into_iter().skip(1).flatten();
        let plan = teams.plan(sender, terms, hold.dossier.call.is_urgent(), above);
        let escalated = hold.watch.escalated.max(1);
        let escalate_at =
            hold.watch.escalate_at.and_then(|_| plan.escalate_at(now, hold.expires_at));
        Some(Cover { party, watch: Some(Watch { escalate_at, escalated, ..hold.watch.clone() }) })
    }
}
