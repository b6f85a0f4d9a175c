//! What the pages show. The templates escape every value; nothing here is HTML.

use askama::Template;

use super::{
    WebState,
    after::{AfterView, Beside},
    asking::Asking,
    form::{HoldForm, Missing, afternoon},
    guide::Folded,
    history::{Event, history},
    opened::Opened,
    others::{OthersView, is_reminded, standing},
    text::{Mute, Words},
};
use crate::{
    call::{Number, Person, Urgency},
    decision::Verdict,
    hold::{Delivery, Hold, State},
    mail::Timestamp,
    notice::{self, Quote, Texts, fill},
};

/// The most of each that is shown; a mail to a thousand people must not make a page of a megabyte.
const MAX_RECIPIENTS: usize = 20;
/// The forms that the page always has while it is held; what is wrong with another is said on top.
const FORMS: [&str; 11] = [
    "called",
    "no_answer",
    "call_back",
    "wrong_number",
    "withdraw",
    "anew",
    "false_alarm",
    "send_anyway",
    "mute",
    "promise",
    "hand_over",
];

/// Those of them that it does not have while a second person is asked.
const SENDING: [&str; 2] = ["false_alarm", "send_anyway"];

/// Those that it has besides where its reader is asked to agree.
const ANSWERS: [&str; 2] = ["agree", "decline"];

/// A page that only says something.
#[derive(Template)]
#[template(path = "message.html")]
pub(super) struct Message<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}

/// The page of one hold.
#[derive(Template)]
#[template(path = "hold.html")]
pub(super) struct HoldPage<'a> {
    words: &'a Words<'a>,
    organisation: &'a str,
    hold: &'a Hold,
    nonce: String,
    form: HoldForm,
    missing: Option<Missing<'a>>,
    /// A form came after somebody had decided.
    already: bool,
    title: &'a str,
    lead: String,
    /// Why the call comes before others.
    urgent: Vec<&'a str>,
    subject: &'a str,
    created: String,
    recipients: Vec<String>,
    passed: Vec<&'a str>,
    person: Option<&'a Person>,
    numbers: Vec<(Number, String)>,
    local: Option<String>,
    guide: Vec<(&'a str, &'a str)>,
    folded: Folded<'a>,
    quotes: Vec<Quote<'a>>,
    next: Vec<String>,
    history: Vec<Event>,
    footer: String,
    has_afternoon: bool,
    after: AfterView<'a>,
    others: OthersView<'a>,
    /// How to be reminded no more, where something else ends the waiting.
    mute: Option<&'a Mute<'a>>,
}

/// The form that was sent, if one was, and what is wrong with it.
pub(super) struct Asked<'a> {
    pub(super) form: HoldForm,
    pub(super) missing: Option<Missing<'a>>,
    /// A form came after somebody had decided.
    pub(super) already: bool,
}

impl<'a> HoldPage<'a> {
    /// The page of a hold as it stands now.
    pub(super) fn of(
        state: &'a WebState,
        (opened, words): (&'a Opened, &'a Words<'a>),
        beside: &Beside,
        now: Timestamp,
        nonce: String,
        Asked { form, missing, already }: Asked<'a>,
    ) -> HoldPage<'a> {
        let hold = &opened.hold;
        let asking = Asking::about(state, hold, words, now);
        let dossier = &hold.dossier;
        let zone = state.team(hold).week.zone();
        let shared = &*words.shared;
        let say = |at: Timestamp| notice::say(at, zone, shared);
        let (title, lead) = standing(opened, words, now, &say);
        HoldPage {
            words,
            organisation: &state.organisation,
            nonce,
            form,
            missing,
            already,
            title,
            lead,
            urgent: urgent(&dossier.call.urgency, shared),
            subject: if dossier.subject.is_empty() { shared.no_subject } else { &dossier.subject },
            created: say(hold.created),
            recipients: recipients(hold, words),
            passed: passed(hold),
            person: dossier.call.person.as_ref(),
            numbers: numbers(state, hold, now, shared),
            local: notice::local_time(
                &dossier.call,
                &state.hours,
                now,
                zone,
                shared,
                notice::Read::Now,
            ),
            guide: shared
                .three
                .into_iter()
                .zip(dossier.call.guide.lines.iter().map(String::as_str))
                .collect(),
            folded: Folded::of(&dossier.call.guide, shared),
            quotes: notice::quotes(&dossier.decision.evidence, shared),
            next: next(state, opened, now, shared),
            history: history(hold, beside, &asking, &say),
            after: AfterView::of(opened, beside, &asking),
            others: OthersView::of(state, opened, &asking),
            mute: hold
                .ends_at()
                .filter(|_| hold.proposal().is_none() && is_reminded(state, opened))
                .map(|_| &words.mute),
            footer: fill(words.footer, &[("id", hold.id.to_string())]),
            has_afternoon: afternoon(&now.to_zoned(zone.clone())).is_some(),
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

    /// Whether it is this field of this form that is wrong or missing.
    fn is_wrong(&self, action: &str, field: &str) -> bool {
        self.form.action == action && self.missing.as_ref().is_some_and(|m| m.field == field)
    }

    /// What is wrong with a form that the page does not have.
    fn other_problem(&self) -> Option<&str> {
        let action = self.form.action.as_str();
        let is_absent = self.others.is_proposed && SENDING.contains(&action);
        let answers = self.others.agree.is_some() && ANSWERS.contains(&action);
        let is_here = FORMS.contains(&action) || answers;
        self.missing.as_ref().filter(|_| is_absent || !is_here).map(|m| m.text)
    }

    /// What was typed into a form, to be typed no second time.
    fn typed<'s>(&'s self, action: &str, value: &'s str) -> &'s str {
        if self.form.action == action { value } else { "" }
    }

    /// Whether the folded part of the form has something to show.
    fn is_report_open(&self) -> bool {
        let form = &self.form;
        let typed = [
            &form.remedy,
            &form.amount,
            &form.follow_up,
            &form.accountable,
            &form.cause,
            &form.mood,
            &form.justified,
        ];
        form.action == "called" && typed.iter().any(|field| !field.is_empty())
    }

    fn may_send_anyway(&self) -> bool {
        let allowed = self.hold.dossier.decision.terms.send_anyway || self.others.is_lead;
        allowed && !self.others.is_proposed
    }

    fn avoid(&self) -> &[String] {
        &self.hold.dossier.call.guide.avoid
    }
}

/// Why the call comes before others, in the words of the notice.
fn urgent<'a>(why: &[Urgency], texts: &Texts<'a>) -> Vec<&'a str> {
    why.iter().map(|why| texts.waiting.urgent(*why)).collect()
}

/// What happens, and when, if nobody does anything.
fn next(state: &WebState, opened: &Opened, now: Timestamp, texts: &Texts) -> Vec<String> {
    let hold = &opened.hold;
    let (then, zone) = (hold.dossier.decision.terms.at_expiry(), state.team(hold).week.zone());
    let ahead = notice::Ahead {
        remind_at: hold.remind_at.filter(|_| is_reminded(state, opened)),
        expires_at: hold.expires_at,
    };
    match opened.party {
        None => notice::next(then, ahead, now, zone, texts),
        Some(_) => notice::next_for_others(then, ahead, now, zone, texts),
    }
}

fn recipients(hold: &Hold, words: &Words) -> Vec<String> {
    let all = hold.envelope.recipients().iter().map(|r| r.path.as_str());
    let mut shown: Vec<String> = all
        .zip(hold.deliveries.iter().map(Some).chain(std::iter::repeat(None)))
        .take(MAX_RECIPIENTS)
        .map(|(path, delivery)| match delivery {
            Some(Delivery::Refused(reply)) => format!("{path} ({}: {reply})", words.refused),
            _ => path.to_owned(),
        })
        .collect();
    let more = hold.envelope.recipients().len().saturating_sub(MAX_RECIPIENTS);
    if more > 0 {
        shown.push(format!("+ {more}"));
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

/// Each number that is offered, with where it is from.
fn numbers(state: &WebState, hold: &Hold, now: Timestamp, texts: &Texts) -> Vec<(Number, String)> {
    let today = now.to_zoned(state.team(hold).week.zone().clone()).date();
    let numbers = hold.call_sheet().numbers.into_iter();
    let told = |number| (notice::source(&number, today, texts), number);
    numbers.map(told).map(|(source, number)| (number, source)).collect()
}
