//! Decides about one message.

use super::{
    Decision, Evidence, ExpiryAction, HoldTerms, Mode, Organisation, Reason, RecipientVerdict,
    SecondPerson, Standing, Verdict, rollout::mode,
};
use crate::{
    mail::{Envelope, Recipient},
    message::Reading,
    policy::{self, Contribution, OnExpiry, Policy, PolicySet, Terms, Weighed, Weight},
};

/// All that a decision is made from.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The policies.
    pub policies: &'q PolicySet,
    /// What the message says.
    pub reading: &'q Reading,
    /// From whom, to whom.
    pub envelope: &'q Envelope,
    /// Who is inside.
    pub organisation: &'q Organisation,
    /// The configuration's mode; a policy's own mode goes before it.
    pub mode: Mode,
    /// Where the sender stands, if policies are being rolled out.
    pub standing: Standing<'q>,
}

/// Terms shown at most: what comes behind them moves nothing.
const MAX_EVIDENCE: usize = 24;

/// Decides. Mail that is exempt is weighed all the same, so that an admin sees what the
/// exemption let through.
///
/// The order: null reverse-path, outside sender, internal recipients, automatic or bulk mail,
/// exempt senders, exempt recipients; then, of what a policy would hold, mail that confirms a
/// conversation. The first that fits is the reason.
pub fn decide(question: &Question<'_>) -> Decision {
    decide_by(question, &question.policies.weigh(question.reading))
}

/// The same by weights that are known already.
pub fn decide_by(question: &Question<'_>, weighed: &Weighed) -> Decision {
    let nearest = nearest(question, &weighed.weights);
    let mut decision = open(question);
    let Some((policy, weight)) = nearest else {
        decision.reason = exempt(question, None).unwrap_or(Reason::BelowThreshold);
        return decision;
    };
    describe(&mut decision, policy, weight);
    decision.mode = mode(question, policy);
    let reached = weight.probability >= policy.threshold;
    let exemption = exempt(question, Some(policy));
    let called = weighed.already_called.as_ref().filter(|_| reached && exemption.is_none());
    decision.would_hold = reached && exemption.is_some();
    decision.reason = match (exemption, &called) {
        (Some(reason), _) => reason,
        (None, Some(_)) => Reason::AlreadyCalled,
        (None, None) if reached => Reason::Policy,
        (None, None) => Reason::BelowThreshold,
    };
    if let Some(called) = called {
        decision.evidence.insert(0, evidence(called.clone()));
    }
    if decision.reason == Reason::Policy {
        decision.verdict = Verdict::Hold;
        let meant: Vec<bool> =
            question.envelope.recipients().iter().map(|r| meant(question, policy, r)).collect();
        for (recipient, meant) in decision.recipients.iter_mut().zip(meant) {
            if meant || !policy.terms.split {
                recipient.verdict = Verdict::Hold;
            }
        }
    }
    decision
}

/// A decision to pass, before anything is known.
fn open(question: &Question<'_>) -> Decision {
    let pass = |r: &Recipient| RecipientVerdict { address: r.path.clone(), verdict: Verdict::Pass };
    Decision {
        verdict: Verdict::Pass,
        reason: Reason::BelowThreshold,
        policy: None,
        category: None,
        title: None,
        probability: 0.0,
        threshold: 1.0,
        language: question.reading.language,
        mode: question.mode,
        recipients: question.envelope.recipients().iter().map(pass).collect(),
        evidence: Vec::new(),
        terms: HoldTerms::default(),
        would_hold: false,
    }
}

/// The policy that decides: of those whose threshold is reached the most probable, else the
/// one nearest to its threshold. Only policies meant for this sender and a recipient are asked.
fn nearest<'q>(question: &Question<'q>, weights: &'q [Weight]) -> Option<(&'q Policy, &'q Weight)> {
    let asked = weights.iter().filter_map(|weight| {
        let policy = question.policies.policies().get(weight.policy)?;
        is_asked(question, policy).then_some((policy, weight))
    });
    asked.max_by(|(a, x), (b, y)| {
        let reached = |p: &Policy, w: &Weight| w.probability >= p.threshold;
        let rank = reached(a, x).cmp(&reached(b, y));
        // Enforced before observed: a policy on trial must not shield mail from one at work.
        let further = || mode(question, a).cmp(&mode(question, b));
        let further = if reached(a, x) { further() } else { std::cmp::Ordering::Equal };
        rank.then(further).then(x.probability.total_cmp(&y.probability))
    })
}

/// Whether a policy is meant for this sender and one of the recipients.
pub(super) fn is_asked(question: &Question<'_>, policy: &Policy) -> bool {
    let (scope, reading) = (&policy.scope, question.reading);
    let sender = question.envelope.reverse_path().as_str();
    let mut recipients = question.envelope.recipients().iter();
    scope.has_mail(sender, &reading.header, reading.language)
        && recipients.any(|r| scope.has_recipient(r.path.as_str()))
}

fn describe(decision: &mut Decision, policy: &Policy, weight: &Weight) {
    decision.policy = Some(policy.id.clone());
    decision.category = Some(policy.category.clone());
    decision.title = Some(policy.title.clone());
    decision.probability = weight.probability;
    decision.threshold = policy.threshold;
    decision.terms = terms(&policy.terms);
    let all = weight.contributions.iter().take(MAX_EVIDENCE);
    decision.evidence = all.cloned().map(evidence).collect();
}

fn evidence(from: Contribution) -> Evidence {
    Evidence {
        text: from.text,
        place: from.place.to_owned(),
        signal: from.signal,
        weight: from.weight,
    }
}

fn terms(terms: &Terms) -> HoldTerms {
    HoldTerms {
        remind_after: terms.remind_after,
        expire_after: terms.expire_after,
        warn_before: terms.warn_before,
        escalate_after: terms.escalate_after,
        urgent_over: terms.urgent_over,
        expiry_action: match terms.expiry_action {
            OnExpiry::Return => ExpiryAction::Return,
            OnExpiry::Release => ExpiryAction::Release,
            OnExpiry::Keep => ExpiryAction::Keep,
        },
        send_anyway: terms.send_anyway,
        minimum_wait: terms.minimum_wait,
        second_person: terms.second_person.map(|asked| match asked {
            policy::SecondPerson::SendAnyway => SecondPerson::SendAnyway,
            policy::SecondPerson::Always => SecondPerson::Always,
        }),
        second_person_over: terms.second_person_over,
        split: terms.split,
        offer: terms.offer.clone(),
        escalation: terms.escalation.clone(),
    }
}

/// The first exemption that fits, in the order of [`decide`].
pub(super) fn exempt(question: &Question<'_>, policy: Option<&Policy>) -> Option<Reason> {
    let Some(sender) = question.envelope.reverse_path().mailbox() else {
        return Some(Reason::NullReversePath);
    };
    if !question.organisation.is_inside(sender) {
        return Some(Reason::OutsideSender);
    }
    let recipients = question.envelope.recipients();
    let is_inside = |r: &&Recipient| question.organisation.is_inside(r.path.mailbox());
    if recipients.iter().all(|r| is_inside(&r)) {
        return Some(Reason::Internal);
    }
    if is_automatic(question.reading) {
        return Some(Reason::Automatic);
    }
    let own = policy.map(|p| p.exempt.as_slice()).unwrap_or_default();
    let mut exemptions = question.policies.exemptions().iter().chain(own);
    if exemptions.clone().any(|e| e.has_mail(sender.as_str(), &question.reading.header)) {
        return Some(Reason::ExemptSender);
    }
    let mut outside = recipients.iter().filter(|r| !is_inside(r));
    let spared = outside.all(|r| exemptions.clone().any(|e| e.has_recipient(r.path.as_str())));
    (spared && exemptions.next().is_some()).then_some(Reason::ExemptRecipient)
}

/// Sent by a program or to a list. RFC 3834 §5, RFC 2919 §2; `Precedence` is older than both
/// and never standardised.
fn is_automatic(reading: &Reading) -> bool {
    let header = &reading.header;
    let submitted = header.field("Auto-Submitted").is_some_and(|value| {
        let value = value.split(';').next().unwrap_or_default().trim();
        !value.is_empty() && !value.eq_ignore_ascii_case("no")
    });
    let bulk = header.field("Precedence").is_some_and(|value| {
        ["bulk", "list", "junk"].iter().any(|p| value.trim().eq_ignore_ascii_case(p))
    });
    submitted || bulk || header.field("List-Id").is_some()
}

/// Whether a split hold keeps the mail from this recipient: outside, meant, not spared.
fn meant(question: &Question<'_>, policy: &Policy, recipient: &Recipient) -> bool {
    let address = recipient.path.as_str();
    let mut exemptions = question.policies.exemptions().iter().chain(&policy.exempt);
    !question.organisation.is_inside(recipient.path.mailbox())
        && policy.scope.has_recipient(address)
        && !exemptions.any(|e| e.has_recipient(address))
}
