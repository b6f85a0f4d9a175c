//! Whether a mail is the new text that its sender took an earlier one back for.

use std::collections::BTreeSet;

use super::{Dossier, Hold};
use crate::{
    decision::Verdict,
    mail::{Envelope, ForwardPath},
    message::bare_subject,
};

impl Hold {
    /// Whether such a mail is the new text of this one: from the same sender, for none but this
    /// one's recipients, and about the same thing, by thread or by subject. In doubt it is not. Nor is
    /// it where a second person or a wait is asked for: the new text is held then as any mail.
    pub fn is_rewritten_by(&self, envelope: &Envelope, dossier: &Dossier) -> bool {
        let known: Vec<String> =
            self.envelope.recipients().iter().map(|held| held.path.folded()).collect();
        let ours = |path: &ForwardPath| known.contains(&path.folded());
        let mut held = to_be_held(envelope, dossier).peekable();
        !self.dossier.decision.terms.binds_sending()
            && !dossier.decision.terms.binds_sending()
            && envelope.reverse_path().folded() == self.envelope.reverse_path().folded()
            && is_another_mail(&self.dossier, dossier)
            && held.peek().is_some()
            && held.all(ours)
            && is_same_thing(&self.dossier, dossier)
    }

    /// Whether such a mail of the same sender belongs to this one's conversation: for the same
    /// recipients, about the same thing, and with the same kind of news, so that the guide of the one
    /// serves for the other.
    pub fn is_same_conversation(&self, envelope: &Envelope, dossier: &Dossier) -> bool {
        let all = |envelope: &Envelope| -> BTreeSet<String> {
            envelope.recipients().iter().map(|r| r.path.folded()).collect()
        };
        envelope.reverse_path().folded() == self.envelope.reverse_path().folded()
            && all(envelope) == all(&self.envelope)
            && self.dossier.decision.category == dossier.decision.category
            && is_same_thing(&self.dossier, dossier)
    }
}

/// By thread or by subject.
fn is_same_thing(one: &Dossier, other: &Dossier) -> bool {
    is_same_thread(one, other) || is_same_thread(other, one) || is_same_subject(one, other)
}

/// The recipients the mail would be kept from: all of them, unless the decision names some.
/// Colleagues who are added to the new text do not matter.
fn to_be_held<'a>(
    envelope: &'a Envelope,
    dossier: &'a Dossier,
) -> impl Iterator<Item = &'a ForwardPath> {
    let passes = |path: &ForwardPath| {
        let verdicts = &dossier.decision.recipients;
        verdicts.iter().any(|r| r.address == *path && r.verdict == Verdict::Pass)
    };
    envelope.recipients().iter().map(|r| &r.path).filter(move |path| !passes(path))
}

/// The original itself may come again, after a lost reply or for its other recipients; it was taken
/// back and must not pass as its own new text. Without a Message-ID nobody can tell.
fn is_another_mail(original: &Dossier, new: &Dossier) -> bool {
    matches!((&original.message_id, &new.message_id), (Some(old), Some(new)) if old != new)
}

/// Both answer one mail, or the new text answers the one that was taken back.
fn is_same_thread(original: &Dossier, new: &Dossier) -> bool {
    let mut known = original.references.iter().chain(&original.message_id);
    known.any(|id| !id.is_empty() && new.references.contains(id))
}

fn is_same_subject(original: &Dossier, new: &Dossier) -> bool {
    let [original, new] = [original, new].map(|dossier| plain_subject(&dossier.subject));
    !original.is_empty() && original == new
}

/// A subject without its `Re:`, in lower case, blanks as one.
fn plain_subject(subject: &str) -> String {
    let words: Vec<&str> = bare_subject(subject).split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_the_same_whoever_answered_it() {
        for subject in [
            "Your claim",
            "RE: your  claim",
            "Re: AW: Your claim ",
            "Re[2]: Your claim",
            "Rép : Your claim",
            "Antwort: I: Your claim",
        ] {
            assert_eq!(plain_subject(subject), "your claim", "{subject}");
        }
        assert_eq!(plain_subject("Claim: your roof"), "claim: your roof");
        assert_eq!(plain_subject("Re:"), "");
    }
}
