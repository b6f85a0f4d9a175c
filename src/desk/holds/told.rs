//! States, outcomes and events in words.

use crate::{
    call::Urgency,
    decision::{Reason, SecondPerson},
    hold::{Outcome, State},
    message::{Defect, PassageKind},
};

/// A state in a word or two.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Prepared => "being accepted",
        State::Held => "held",
        State::Approved => "to go out",
        State::Released => "going out",
        State::Delivered => "delivered",
        State::Withdrawn => "taken back",
        State::Returned => "returned",
        State::Undeliverable => "undeliverable",
        State::Cancelled => "never accepted",
    }
}

/// The class of its badge.
pub(super) fn badge(state: State) -> &'static str {
    match state {
        State::Held | State::Approved | State::Released => "wait",
        State::Delivered => "",
        _ => "off",
    }
}

/// What was done, and what was said with it.
pub(super) fn outcome(
    outcome: &Outcome,
    say: &dyn Fn(crate::mail::Timestamp) -> String,
) -> (String, String) {
    match outcome {
        Outcome::Called { send, person, number, note, report } => {
            let whom = [person.as_str(), number.as_str()];
            let whom: Vec<&str> = whom.into_iter().filter(|w| !w.is_empty()).collect();
            let then = if *send { "sent the mail" } else { "took the mail back" };
            let mut said = vec![note.clone(), report.what()];
            said.extend([report.accountable.clone(), report.cause.clone()]);
            said.retain(|line| !line.is_empty());
            (format!("called {} and {then}", whom.join(", ")), said.join("\n"))
        }
        Outcome::NoAnswer { number, remind_at } => {
            (format!("reached nobody; reminder on {}", say(*remind_at)), number.clone())
        }
        Outcome::WrongNumber { number } => ("the number was wrong".to_owned(), number.clone()),
        Outcome::CallBack { number, at } => {
            (format!("will call again on {}", say(*at)), number.clone())
        }
        Outcome::Withdrawn { note } => ("took the mail back".to_owned(), note.clone()),
        Outcome::Rewritten { note, until } => {
            (format!("took it back for a new text, until {}", say(*until)), note.clone())
        }
        Outcome::FalseAlarm { note } => {
            ("said that it is no bad news, and sent it".to_owned(), note.clone())
        }
        Outcome::SendAnyway { reason } => ("sent it without a call".to_owned(), reason.clone()),
        Outcome::Muted => ("wants no more reminders".to_owned(), String::new()),
        Outcome::HandedOver { to, words, .. } => (format!("handed it over to {to}"), words.clone()),
        Outcome::Proposed { outcome: proposed } => {
            let (what, said) = self::outcome(proposed, say);
            (format!("asked a second person to agree: {what}"), said)
        }
        Outcome::Agreed => ("agreed; it goes out".to_owned(), String::new()),
        Outcome::Declined { words } => ("did not agree".to_owned(), words.clone()),
        Outcome::Dropped => ("took the proposal back".to_owned(), String::new()),
        Outcome::TakenBack => ("took the decision back".to_owned(), String::new()),
        Outcome::Expired => ("nobody decided in time".to_owned(), String::new()),
    }
}

/// What a passage is.
pub(super) fn passage(kind: &PassageKind) -> &'static str {
    match kind {
        PassageKind::Subject => "Subject",
        PassageKind::New => "What the sender wrote",
        PassageKind::Quoted => "An earlier message, quoted",
        PassageKind::Forwarded => "An earlier message, forwarded",
        PassageKind::Signature => "Signature",
        PassageKind::Disclaimer => "Standard text",
        PassageKind::Attachment => "An attached text",
    }
}

/// Where a term of the verdict stands.
pub(super) fn place(place: &str) -> &str {
    match place {
        "new" => "newly written",
        "message" => "the mail as a whole",
        "quoted" => "in the quoted mail",
        other => other,
    }
}

/// Why the call is urgent.
pub(super) fn urgency(why: Urgency) -> &'static str {
    match why {
        Urgency::LargeAmount => "a large amount",
        Urgency::Upset => "the customer sounds upset",
    }
}

/// Why it was decided so.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Policy => "a policy's threshold was reached",
        Reason::BelowThreshold => "no policy's threshold was reached",
        Reason::Automatic => "sent by a program or to a list",
        Reason::Internal => "inside the house only",
        Reason::ExemptSender => "the sender is exempt",
        Reason::ExemptRecipient => "the recipients are exempt",
        Reason::AlreadyCalled => "it confirms a conversation",
        Reason::NullReversePath => "a report of a mail server",
        Reason::OutsideSender => "the sender is outside",
    }
}

/// Whose word more its policy wants.
pub(super) fn second(second: Option<SecondPerson>) -> &'static str {
    match second {
        None => "nobody's",
        Some(SecondPerson::SendAnyway) => "a second person's, to send it without a call",
        Some(SecondPerson::Always) => "a second person's, however it is sent",
    }
}

/// What is odd about a mail.
pub(super) fn defect(defect: &Defect) -> &'static str {
    match defect {
        Defect::HeaderLine => "a header line is no field",
        Defect::DuplicateField => "a header field stands twice",
        Defect::Multipart => "its parts are not divided cleanly",
        Defect::Encoding => "an encoding does not decode cleanly",
        Defect::Charset => "a character set is unknown or broken",
        Defect::AmbiguousPart => "a part can be understood in two ways",
        Defect::HiddenText => "text is hidden from the reader",
        Defect::InvisibleCharacters => "invisible characters stand inside words",
        Defect::Encrypted => "something is encrypted and was not read",
        Defect::Limit => "it is too large to be read whole",
        Defect::UnreadableAttachment => "an attachment has no text that could be read",
    }
}

/// `12 octets`, `3.4 KB`, `1.2 MB`.
pub(super) fn size(octets: u64) -> String {
    match octets {
        0..1_000 => format!("{octets} octets"),
        1_000..1_000_000 => format!("{:.1} KB", octets as f64 / 1e3),
        _ => format!("{:.1} MB", octets as f64 / 1e6),
    }
}
