//! What the pages show. The templates escape every value; nothing here is HTML.

use askama::Template;

use super::{
    WebState,
    form::{HoldForm, Missing, afternoon},
};
use crate::{
    call::{Number, Person},
    decision::{Evidence, ExpiryAction, Verdict},
    hold::{Actor, Delivery, Hold, Outcome, State},
    mail::Timestamp,
};

/// The most of each that is shown; a mail to a thousand people must not make a page of a megabyte.
const MAX_RECIPIENTS: usize = 20;
const MAX_QUOTES: usize = 5;
const MAX_HISTORY: usize = 20;

/// A page that only says something.
#[derive(Template)]
#[template(path = "message.html")]
pub(super) struct Message<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}

/// One line of what happened so far.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) said: String,
}

/// The page of one hold.
#[derive(Template)]
#[template(path = "hold.html")]
pub(super) struct HoldPage<'a> {
    organisation: &'a str,
    hold: &'a Hold,
    nonce: String,
    form: HoldForm,
    missing: Option<Missing>,
    /// A form came after somebody had decided.
    already: bool,
    title: &'static str,
    lead: String,
    subject: &'a str,
    created: String,
    recipients: Vec<String>,
    passed: Vec<&'a str>,
    person: Option<&'a Person>,
    numbers: Vec<(&'a Number, &'static str)>,
    guide: Vec<(&'static str, &'a str)>,
    guide_language: &'static str,
    quotes: Vec<(&'a str, &'static str)>,
    next: Vec<String>,
    history: Vec<Event>,
    has_afternoon: bool,
}

impl<'a> HoldPage<'a> {
    /// The page of a hold as it stands now.
    pub(super) fn of(
        state: &'a WebState,
        hold: &'a Hold,
        now: Timestamp,
        nonce: String,
        form: HoldForm,
        missing: Option<Missing>,
        already: bool,
    ) -> HoldPage<'a> {
        let dossier = &hold.dossier;
        let say = |at: Timestamp| say(at, state);
        let (title, lead) = standing(hold, &say);
        HoldPage {
            organisation: &state.organisation,
            nonce,
            form,
            missing,
            already,
            title,
            lead,
            subject: if dossier.subject.is_empty() { "(no subject)" } else { &dossier.subject },
            created: say(hold.created),
            recipients: recipients(hold),
            passed: passed(hold),
            person: dossier.call.person.as_ref(),
            numbers: dossier.call.numbers.iter().map(|n| (n, source(n))).collect(),
            guide: ["Regret", "Responsibility", "Remedy"]
                .into_iter()
                .zip(dossier.call.guide.lines.iter().map(String::as_str))
                .collect(),
            guide_language: dossier.decision.language.map_or("en", |l| l.code()),
            quotes: quotes(&dossier.decision.evidence),
            next: next(hold, &say),
            history: hold
                .outcomes
                .iter()
                .rev()
                .take(MAX_HISTORY)
                .map(|(at, actor, outcome)| event(*at, actor, outcome, &say))
                .collect(),
            has_afternoon: afternoon(&now.to_zoned(state.time_zone.clone())).is_some(),
            hold,
        }
    }

    /// Whether there is still something to decide.
    fn is_open(&self) -> bool {
        self.hold.state == State::Held
    }

    /// What is wrong with this form, if it was the one sent.
    fn problem(&self, action: &str) -> Option<&str> {
        self.missing.as_ref().filter(|_| self.form.action == action).map(|m| m.text)
    }

    /// What is wrong with a form that the page does not have.
    fn other_problem(&self) -> Option<&str> {
        let known = ["called", "no_answer", "withdraw", "false_alarm", "send_anyway"];
        self.missing
            .as_ref()
            .filter(|_| !known.contains(&self.form.action.as_str()))
            .map(|m| m.text)
    }

    /// What was typed into a form, to be typed no second time.
    fn typed<'s>(&'s self, action: &str, value: &'s str) -> &'s str {
        if self.form.action == action { value } else { "" }
    }

    fn may_send_anyway(&self) -> bool {
        self.hold.dossier.decision.terms.send_anyway
    }

    fn avoid(&self) -> &[String] {
        &self.hold.dossier.call.guide.avoid
    }
}

/// "Tuesday 24 November, 14:30".
fn say(at: Timestamp, state: &WebState) -> String {
    at.to_zoned(state.time_zone.clone()).strftime("%A %-d %B, %H:%M").to_string()
}

/// Title and first words for where the hold stands.
fn standing(hold: &Hold, say: &dyn Fn(Timestamp) -> String) -> (&'static str, String) {
    let kind = hold.dossier.decision.title.as_deref().unwrap_or("bad news");
    let last = hold.outcomes.last().map(|(_, _, outcome)| outcome);
    let (title, lead) = match (hold.state, last) {
        (State::Held | State::Prepared, Some(Outcome::NoAnswer { remind_at, .. })) => (
            "No answer yet",
            format!(
                "We remind you on {}. Your mail waits until then, undelivered.",
                say(*remind_at)
            ),
        ),
        (State::Held | State::Prepared, _) => (
            "Not delivered yet: please call first",
            format!("It reads like {kind}, and that is better heard from you than read."),
        ),
        (State::Approved, _) => {
            ("It goes out", "Your mail is on its way to the next server.".into())
        }
        (State::Released, _) => (
            "It goes out",
            "Your mail is being handed over. If the receiving server refuses it, we tell you."
                .into(),
        ),
        (State::Delivered, _) => ("It went out", "Your mail was handed over for delivery.".into()),
        (State::Withdrawn, _) => ("Taken back", "Nobody got your mail, and nobody will.".into()),
        (State::Returned, _) => (
            "Returned to you",
            "Nobody decided in time, so your mail came back to you. It was not delivered.".into(),
        ),
        (State::Undeliverable, _) => (
            "Could not be delivered",
            "It was released, and the receiving server refused it for good.".into(),
        ),
        (State::Cancelled, _) => ("Not held", "Your mail server kept this mail itself.".into()),
    };
    (title, lead)
}

fn recipients(hold: &Hold) -> Vec<String> {
    let all = hold.envelope.recipients().iter().map(|r| r.path.as_str());
    let mut shown: Vec<String> = all
        .zip(hold.deliveries.iter().map(Some).chain(std::iter::repeat(None)))
        .take(MAX_RECIPIENTS)
        .map(|(path, delivery)| match delivery {
            Some(Delivery::Refused(reply)) => format!("{path} (refused: {reply})"),
            _ => path.to_owned(),
        })
        .collect();
    let more = hold.envelope.recipients().len().saturating_sub(MAX_RECIPIENTS);
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown
}

/// Who got it at once, where it was held for some only.
fn passed(hold: &Hold) -> Vec<&str> {
    let decision = &hold.dossier.decision;
    let passed = decision.recipients.iter().filter(|r| r.verdict == Verdict::Pass);
    let split = decision.terms.split;
    passed.filter(|_| split).take(MAX_RECIPIENTS).map(|r| r.address.as_str()).collect()
}

fn source(number: &Number) -> &'static str {
    match number.source.as_str() {
        "quoted signature" => "from the signature in their mail",
        "new text" => "from your own mail",
        _ => "from their mail in this thread",
    }
}

fn quotes(evidence: &[Evidence]) -> Vec<(&str, &'static str)> {
    let heavy = evidence.iter().filter(|e| e.weight > 0.0 && !e.text.is_empty());
    heavy
        .filter_map(|e| match e.place.as_str() {
            "new" => Some((e.text.as_str(), "")),
            "subject" => Some((e.text.as_str(), "subject")),
            "attachment" => Some((e.text.as_str(), "attachment")),
            _ => None,
        })
        .take(MAX_QUOTES)
        .collect()
}

fn next(hold: &Hold, say: &dyn Fn(Timestamp) -> String) -> Vec<String> {
    let remind = hold.remind_at.filter(|at| *at < hold.expires_at);
    let mut next: Vec<String> =
        remind.map(|at| format!("We remind you on {}.", say(at))).into_iter().collect();
    let expires = say(hold.expires_at);
    next.push(match hold.dossier.decision.terms.expiry_action {
        ExpiryAction::Return => format!("On {expires} it comes back to you, undelivered."),
        ExpiryAction::Release => format!("On {expires} it goes out as it is."),
        ExpiryAction::Keep => format!("It stays here, and after {expires} we ask again."),
    });
    next
}

fn event(
    at: Timestamp,
    actor: &Actor,
    outcome: &Outcome,
    say: &dyn Fn(Timestamp) -> String,
) -> Event {
    let (what, said) = match outcome {
        Outcome::Called { send, person, number, note } => {
            let whom = [person.as_str(), number.as_str()];
            let whom: Vec<&str> = whom.into_iter().filter(|w| !w.is_empty()).collect();
            let then = if *send { "and sent the mail" } else { "and took the mail back" };
            (format!("called {} {then}", whom.join(", ")), note.as_str())
        }
        Outcome::NoAnswer { number, remind_at } => {
            let number = if number.is_empty() { String::new() } else { format!(" at {number}") };
            (format!("reached nobody{number}; reminder on {}", say(*remind_at)), "")
        }
        Outcome::Withdrawn { note } => ("took the mail back".to_owned(), note.as_str()),
        Outcome::FalseAlarm { note } => {
            ("said that it is no bad news, and sent it".to_owned(), note.as_str())
        }
        Outcome::SendAnyway { reason } => ("sent it without a call".to_owned(), reason.as_str()),
        Outcome::Expired => ("ended the wait".to_owned(), ""),
    };
    let who = if actor.name.is_empty() { actor.role.clone() } else { actor.name.clone() };
    Event { when: say(at), who, what, said: said.to_owned() }
}
