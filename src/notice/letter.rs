//! What a notice says, in its language, before it is text or HTML.

mod people;
mod words;

use askama::Template;

use self::{
    people::{card, passed, person, recipients},
    words::{in_full, of_promise, title_and_lead, values},
};
use super::{
    answer::Answer,
    clean::line,
    guide::Short,
    occasion::{Kind, Occasion},
    quotes::{Quote, quotes},
    text::{Texts, fill},
    told::{self, Ahead},
    when,
};
use crate::decision::ExpiryAction;

pub(super) use self::people::{Card, is_e164};

/// The most of one line of the guide and of one name, in characters.
const MAX_GUIDE: usize = 480;
const MAX_NAME: usize = 80;

/// A notice's content. Every text is clean; the template escapes it.
#[derive(Debug, Template)]
#[template(path = "notice.html")]
pub(super) struct Letter<'a> {
    pub(super) texts: Texts<'a>,
    pub(super) title: String,
    pub(super) lead: String,
    /// The calendar file that comes along: its name and text.
    pub(super) file: Option<(String, String)>,
    /// What comes along with the notice.
    pub(super) enclosure: Option<&'a str>,
    /// Why the call comes before others.
    pub(super) urgent: Vec<&'a str>,
    /// What there was with the same customer before.
    pub(super) before: Option<String>,
    pub(super) quotes: Vec<Quote<'a>>,
    pub(super) recipients_title: &'a str,
    pub(super) recipients: Vec<String>,
    pub(super) passed: Vec<String>,
    pub(super) card: Option<Card>,
    /// Label and sentence: regret, responsibility, remedy.
    pub(super) guide: Vec<(&'a str, String)>,
    /// What stands below them, while there is something to say.
    pub(super) short: Option<Short<'a>>,
    pub(super) next: Vec<String>,
    pub(super) link: Option<String>,
    pub(super) button: &'a str,
    pub(super) button_hint: &'a str,
    /// The page of another mail: its label and its address.
    pub(super) other_page: Option<(&'a str, String)>,
    /// Which words work as an answer by mail.
    pub(super) by_mail: Option<String>,
    pub(super) footer: String,
}

impl<'a> Letter<'a> {
    /// Says what this occasion asks for; `enclosed` tells whether the mail comes along.
    pub(super) fn of(occasion: &Occasion<'a>, enclosed: bool) -> Letter<'a> {
        let texts = &Texts::over(occasion.language, occasion.own);
        let action = occasion.decision.terms.at_expiry();
        let [button, button_hint] = button(occasion, texts);
        let waits = waits(occasion);
        let answers = &texts.answer;
        let [title, lead] = title_and_lead(occasion, texts);
        let failed = matches!(occasion.kind, Kind::Undeliverable { .. });
        let sent = matches!(occasion.kind, Kind::Delayed { .. } | Kind::Arrived { .. });
        let after = &texts.after;
        // The lead gets no link: it would let him decide in the sender's name; and he asks the
        // sender first, not the customer.
        let asks = matches!(occasion.kind, Kind::Promise(_));
        let overdue = matches!(occasion.kind, Kind::Overdue { .. });
        let promise = asks || overdue;
        // On the page it can still be taken back.
        let later = match &occasion.kind {
            Kind::Answer(answer) => matches!(answer, Answer::Later { .. }),
            Kind::Told(told) => told.is_revocable(),
            _ => false,
        };
        let answer = matches!(occasion.kind, Kind::Answer(_));
        let asked = matches!(&occasion.kind, Kind::Told(told) if told.quotes());
        let told = matches!(occasion.kind, Kind::Told(_)) && !waits;
        let went_out = matches!(occasion.kind, Kind::WentOut);
        let says_all = waits && !matches!(occasion.kind, Kind::HeldToo { .. });
        let by_mail = occasion.by_mail.filter(|_| is_open(occasion));
        let enclosure = match &occasion.kind {
            Kind::Undeliverable { .. } => Some(enclosed),
            Kind::Expiry { .. } if action == ExpiryAction::Return => Some(enclosed),
            _ => None,
        };
        let file = occasion.planned.filter(|planned| planned.is_ahead(occasion.date));
        let enclosure = enclosure.map(|e| if e { texts.attached } else { texts.too_large });
        let (words_title, footer) = if went_out {
            (texts.passing.words_title, texts.passing.footer)
        } else {
            (texts.words_title, texts.footer)
        };
        Letter {
            texts: Texts { words_title, ..*texts },
            title: title.to_owned(),
            lead: in_full(fill(lead, &values(occasion, texts)), occasion, texts),
            enclosure: enclosure.or(file.map(|_| after.file)),
            file: file.map(|planned| {
                let (who, numbers) = (people::called(occasion), &occasion.call.numbers);
                let text = planned.render(occasion.hold, who, numbers, after, occasion.date);
                (planned.plan.file_name(), text)
            }),
            urgent: if waits { urgent(occasion, texts) } else { Vec::new() },
            before: before(occasion, texts),
            quotes: if says_all || asked || went_out {
                quotes(&occasion.decision.evidence, texts)
            } else {
                Vec::new()
            },
            recipients_title: match occasion.kind {
                Kind::Undeliverable { .. } => texts.refused_for,
                Kind::Delayed { .. } => texts.delivery.not_yet,
                Kind::Arrived { .. } => texts.delivery.reached,
                _ => texts.held_for,
            },
            recipients: if promise || answer || went_out || told && !asked {
                Vec::new()
            } else {
                recipients(occasion)
            },
            passed: if promise || answer || went_out || told || sent {
                Vec::new()
            } else {
                passed(occasion)
            },
            card: (!failed && !overdue && !answer && !told && !sent)
                .then(|| card(occasion, texts))
                .flatten(),
            guide: if says_all || went_out { guide(occasion, texts) } else { Vec::new() },
            short: says_all.then(|| Short::of(&occasion.call.guide, texts)),
            next: if waits { next(occasion, texts) } else { Vec::new() },
            link: occasion.link.filter(|_| is_open(occasion) || asks || later).map(str::to_owned),
            button,
            button_hint,
            other_page: other_page(occasion, texts),
            by_mail: by_mail
                .and_then(|by| answers.invitation(&by, occasion.decision.terms.send_anyway, texts)),
            footer: fill(
                footer,
                &[
                    ("organisation", line(occasion.organisation, MAX_NAME)),
                    ("id", occasion.hold.to_string()),
                ],
            ),
        }
    }
}

/// One line about what there was with the same customer before: the open promise above all.
fn before(occasion: &Occasion<'_>, texts: &Texts) -> Option<String> {
    let before = occasion.before.as_ref()?;
    let after = &texts.after;
    Some(match &before.promise {
        Some(promised) => fill(after.promised_before, &of_promise(promised, texts)),
        None => {
            let own = ("own", before.own.to_owned());
            let others = ("others", before.others.to_owned());
            fill(after.before, &[("who", person(occasion)), own, others])
        }
    })
}

/// The link's words, and the words below it: what its page is for.
fn button<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> [&'a str; 2] {
    let hint = texts.others.page_hint;
    match &occasion.kind {
        Kind::Promise(_) | Kind::Overdue { .. } => [texts.after.button, texts.after.button_hint],
        Kind::Told(told) if told.asks_to_agree() => [texts.others.second_button, hint],
        Kind::Told(told) if told.is_revocable() => [texts.pacing.page, hint],
        Kind::Answer(Answer::Later { .. }) => [texts.pacing.page, hint],
        _ => [texts.button, texts.button_hint],
    }
}

/// Whether there is something to decide.
pub(super) fn is_open(occasion: &Occasion<'_>) -> bool {
    match &occasion.kind {
        Kind::Answer(answer) => answer.is_open(),
        Kind::Told(told) => told.is_open(),
        _ => waits(occasion),
    }
}

/// Whether this asks its reader to call, and so says all that helps.
fn waits(occasion: &Occasion<'_>) -> bool {
    match &occasion.kind {
        Kind::Told(told) => told.waits(),
        Kind::Hold
        | Kind::HeldToo { .. }
        | Kind::Reminder
        | Kind::ExpiresSoon
        | Kind::CallBack { .. }
        | Kind::Escalated { .. }
        | Kind::Cover { .. } => true,
        Kind::Expiry { .. } => occasion.decision.terms.at_expiry() == ExpiryAction::Keep,
        Kind::WentOut
        | Kind::Undeliverable { .. }
        | Kind::Delayed { .. }
        | Kind::Arrived { .. }
        | Kind::Promise(_)
        | Kind::Overdue { .. }
        | Kind::Answer(_) => false,
    }
}

/// Where a mail of the same conversation waits already.
fn other_page<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> Option<(&'a str, String)> {
    let Kind::HeldToo { first } = &occasion.kind else { return None };
    Some((texts.pacing.first_page, first.clone()))
}

fn urgent<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> Vec<&'a str> {
    let words = &texts.waiting;
    occasion.call.urgency.iter().map(|why| words.urgent(*why)).collect()
}

fn guide<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> Vec<(&'a str, String)> {
    texts.three.into_iter().zip(lines(&occasion.call.guide.lines)).collect()
}

fn lines(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| line(text, MAX_GUIDE)).collect()
}

/// What happens, and when, if the sender does nothing; and what he may do without a call.
fn next(occasion: &Occasion<'_>, texts: &Texts) -> Vec<String> {
    let terms = &occasion.decision.terms;
    if matches!(occasion.kind, Kind::Escalated { .. } | Kind::Cover { .. }) {
        // The reminders are the sender's, and it is to him that it comes back.
        let when = ("when", when::say(occasion.expires_at, occasion.time_zone, texts));
        let ends = fill(texts.waiting.ends, &[when]);
        return Some(ends)
            .filter(|_| terms.at_expiry() != ExpiryAction::Keep)
            .into_iter()
            .collect();
    }
    let ahead = Ahead { remind_at: occasion.remind_at, expires_at: occasion.expires_at };
    let (then, date, zone) = (terms.at_expiry(), occasion.date, occasion.time_zone);
    let mut next = match &occasion.kind {
        // Whoever was handed it is reminded, but it comes back to its sender.
        Kind::Told(told) if told.waits() => told::next_for_others(then, ahead, date, zone, texts),
        _ => told::next(then, ahead, date, zone, texts),
    };
    if terms.send_anyway {
        next.push(texts.anyway.to_owned());
    }
    next
}
