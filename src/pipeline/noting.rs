//! Notes what went by, once it did: mail that the next hop took, and mail that is held. What it
//! refused comes again, or never was.

use super::{Judgement, Outcome, Pipeline};
use crate::{hold::Committed, mail::Envelope, traffic::Draft};

impl Pipeline {
    /// A judgement of mail that passes, if something is noted of it afterwards.
    pub(super) fn to_be_noted(&self, judgement: Judgement) -> Option<Box<Judgement>> {
        let is_noted = self.parts.traffic.is_some()
            && (judgement.sketch.is_some() || judgement.decision.only_tells());
        is_noted.then(|| Box::new(judgement))
    }

    /// The mail went to these recipients, if the outcomes say so.
    pub(super) fn note_passed(
        &self,
        judgement: Option<Box<Judgement>>,
        envelope: &Envelope,
        outcomes: &[Outcome],
    ) {
        let went = outcomes.iter().any(|outcome| matches!(outcome, Outcome::PassedOn(_)));
        let (Some(recorder), Some(judgement), true) = (&self.parts.traffic, judgement, went) else {
            return;
        };
        let Judgement { decision, dossier, sketch } = *judgement;
        recorder.take(Draft::of(envelope, &decision, &dossier, sketch, self.now()));
    }

    /// What is noted of mail that is to be held.
    pub(super) fn draft(&self, judgement: &mut Judgement, envelope: &Envelope) -> Option<Draft> {
        self.parts.traffic.as_ref()?;
        let sketch = judgement.sketch.take()?;
        let Judgement { decision, dossier, .. } = judgement;
        Some(Draft::of(envelope, decision, dossier, Some(sketch), self.now()))
    }

    /// The mail is held. One that came again was noted before.
    pub(super) fn note_held(&self, draft: Option<Draft>, committed: &Committed) {
        if let (Some(recorder), Some(draft)) = (&self.parts.traffic, draft)
            && !committed.again()
        {
            recorder.take(draft.held(committed.id()));
        }
    }
}
