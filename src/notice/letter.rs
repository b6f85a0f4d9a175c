//! What a notice says, in its language, before it is text or HTML.

use askama::Template;

use super::{
    answer::Answer,
    clean::line,
    guide::Short,
    occasion::{Kind, Occasion, Promised, Refusal},
    quotes::{Quote, quotes},
    text::{Texts, fill},
    told::{self, Ahead, Read},
    when,
};
use crate::decision::{ExpiryAction, Verdict};

/// The most of one line of the guide, one name, one subject; in characters.
const MAX_GUIDE: usize = 480;
const MAX_NAME: usize = 80;
const MAX_SUBJECT: usize = 120;
const MAX_REPLY: usize = 200;
const MAX_PROMISE: usize = 160;
/// The most recipients and numbers; the page shows the rest.
const MAX_RECIPIENTS: usize = 5;
const MAX_NUMBERS: usize = 3;

/// A number as shown.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) text: String,
    /// For the `tel:` link: `+` and digits.
    pub(super) e164: String,
    pub(super) source: String,
}

/// The card of the person to call.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) role: String,
    /// What time it is there, and whether to call.
    pub(super) local: Option<String>,
    pub(super) numbers: Vec<Shown>,
}

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
        Letter {
            texts: *texts,
            title: title.to_owned(),
            lead: in_full(fill(lead, &values(occasion, texts)), occasion, texts),
            enclosure: enclosure.or(file.map(|_| after.file)),
            file: file.map(|planned| {
                let (who, numbers) = (called(occasion), &occasion.call.numbers);
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
            recipients_title: if failed { texts.refused_for } else { texts.held_for },
            recipients: if promise || answer || went_out || told && !asked {
                Vec::new()
            } else {
                recipients(occasion)
            },
            passed: if promise || answer || went_out || told {
                Vec::new()
            } else {
                passed(occasion)
            },
            card: (!failed && !overdue && !answer && !told)
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
                texts.footer,
                &[
                    ("organisation", line(occasion.organisation, MAX_NAME)),
                    ("id", occasion.hold.to_string()),
                ],
            ),
        }
    }
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
        | Kind::Promise(_)
        | Kind::Overdue { .. }
        | Kind::Answer(_) => false,
    }
}

fn title_and_lead<'a>(occasion: &Occasion<'_>, texts: &Texts<'a>) -> [&'a str; 2] {
    let after = &texts.after;
    match (&occasion.kind, occasion.decision.terms.at_expiry()) {
        (Kind::Answer(answer), _) => answer.words(&texts.answer),
        (Kind::Hold, _) => texts.hold,
        (Kind::HeldToo { .. }, _) => texts.pacing.held_too,
        (Kind::WentOut, _) => texts.passing.went_out,
        (Kind::Reminder, _) | (Kind::Expiry { .. }, ExpiryAction::Keep) => texts.reminder,
        (Kind::Expiry { .. }, ExpiryAction::Return) => texts.returned,
        (Kind::Expiry { .. }, ExpiryAction::Release) => texts.sent,
        (Kind::Undeliverable { .. }, _) => texts.failed,
        (Kind::ExpiresSoon, _) => texts.waiting.expiring,
        (Kind::Escalated { .. }, _) => texts.waiting.escalated,
        (Kind::Cover { .. }, _) => texts.waiting.cover,
        (Kind::CallBack { .. }, _) => after.call_back,
        (Kind::Promise(_), _) => after.promise,
        (Kind::Overdue { .. }, _) => after.overdue,
        (Kind::Told(told), _) => told.title_and_lead(&texts.others),
    }
}

/// The first words, and what follows them where others are told.
fn in_full(lead: String, occasion: &Occasion<'_>, texts: &Texts) -> String {
    let Kind::Told(told) = &occasion.kind else { return lead };
    let rest = told.rest(&texts.others);
    std::iter::once(lead).chain(rest).collect::<Vec<_>>().join(" ")
}

fn values(occasion: &Occasion<'_>, texts: &Texts) -> Vec<(&'static str, String)> {
    let spoken_with = match &occasion.kind {
        Kind::CallBack { .. } => Some(person(occasion)),
        Kind::Promise(promised) | Kind::Overdue { promised, .. } => {
            Some(promised_to(promised, occasion))
        }
        _ => None,
    };
    let subject = match line(occasion.subject, MAX_SUBJECT) {
        empty if empty.is_empty() => texts.no_subject.to_owned(),
        subject => super::clean::isolated(&subject),
    };
    let mut values = vec![
        ("subject", subject),
        ("who", spoken_with.unwrap_or_else(|| who(occasion, texts))),
        ("kind", texts.kind(occasion.decision)),
        ("created", when::say(occasion.created, occasion.time_zone, texts)),
    ];
    match &occasion.kind {
        Kind::CallBack { at } => {
            values.push(("when", when::say(*at, occasion.time_zone, texts)));
        }
        Kind::Promise(promised) => values.extend(of_promise(promised, texts)),
        Kind::Overdue { promised, by, reminders } => {
            values.extend(of_promise(promised, texts));
            values.push(("sender", super::clean::isolated(&line(by, MAX_NAME))));
            values.push(("count", reminders.to_string()));
        }
        Kind::Answer(answer) => {
            values.extend(answer.values(occasion, texts));
        }
        Kind::Told(told) => values.extend(told.values()),
        Kind::Escalated { sender } | Kind::Cover { sender } => {
            values.push(("sender", super::clean::isolated(&line(sender, MAX_NAME))));
        }
        Kind::Hold
        | Kind::HeldToo { .. }
        | Kind::WentOut
        | Kind::Reminder
        | Kind::ExpiresSoon
        | Kind::Expiry { .. }
        | Kind::Undeliverable { .. } => {}
    }
    values
}

/// What was promised, and by when.
fn of_promise(promised: &Promised<'_>, texts: &Texts) -> [(&'static str, String); 2] {
    let after = &texts.after;
    let what = match line(promised.what, MAX_PROMISE) {
        empty if empty.is_empty() => after.something.to_owned(),
        what => texts.quoted(&super::clean::isolated(&what)),
    };
    [("what", what), ("date", when::say_day(promised.date, texts, after))]
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

/// Whom the promise was made to: who answered, else the person that was to be called.
fn promised_to(promised: &Promised<'_>, occasion: &Occasion<'_>) -> String {
    match line(promised.to, MAX_NAME) {
        empty if empty.is_empty() => person(occasion),
        to => super::clean::isolated(&to),
    }
}

/// All whom the held mail is for: the person, and how many more.
fn who(occasion: &Occasion<'_>, texts: &Texts) -> String {
    let first = person(occasion);
    match occasion.recipients.len().saturating_sub(1) {
        0 => first,
        n => fill(texts.and_others, &[("first", first), ("count", n.to_string())]),
    }
}

/// The person to call, or the first address.
fn person(occasion: &Occasion<'_>) -> String {
    super::clean::isolated(&line(called(occasion), MAX_NAME))
}

fn called<'a>(occasion: &'a Occasion<'_>) -> &'a str {
    let person = occasion.call.person.as_ref();
    person
        .map(|p| if p.name.is_empty() { p.address.as_str() } else { p.name.as_str() })
        .or(occasion.recipients.first().map(String::as_str))
        .unwrap_or_default()
}

fn recipients(occasion: &Occasion<'_>) -> Vec<String> {
    if let Kind::Undeliverable { refusals, .. } = &occasion.kind {
        return refusals.iter().take(MAX_RECIPIENTS).map(refused).collect();
    }
    bounded(occasion.recipients.iter().map(String::as_str))
}

fn refused(refusal: &Refusal<'_>) -> String {
    format!("{}: {}", line(refusal.recipient, MAX_NAME), line(refusal.reply, MAX_REPLY))
}

/// Who got the mail at once, where it was held for some only.
fn passed(occasion: &Occasion<'_>) -> Vec<String> {
    let decision = occasion.decision;
    let failed = matches!(occasion.kind, Kind::Undeliverable { .. });
    if !decision.terms.split || failed {
        return Vec::new();
    }
    let passed = decision.recipients.iter().filter(|r| r.verdict == Verdict::Pass);
    bounded(passed.map(|r| r.address.as_str()))
}

fn bounded<'a>(addresses: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut shown = Vec::new();
    let mut more = 0_usize;
    for address in addresses {
        if shown.len() < MAX_RECIPIENTS {
            shown.push(line(address, MAX_NAME));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        shown.push(format!("+ {more}"));
    }
    shown
}

fn card(occasion: &Occasion<'_>, texts: &Texts) -> Option<Card> {
    let person = occasion.call.person.as_ref()?;
    let today = occasion.date.to_zoned(occasion.time_zone.clone()).date();
    Some(Card {
        name: line(&person.name, MAX_NAME),
        address: line(&person.address, MAX_NAME),
        role: line(&person.role, MAX_NAME),
        local: told::local_time(
            occasion.call,
            occasion.hours,
            occasion.date,
            occasion.time_zone,
            texts,
            Read::Later,
        )
        .filter(|_| waits(occasion)),
        numbers: occasion
            .call
            .numbers
            .iter()
            .filter(|n| is_e164(&n.e164))
            .take(MAX_NUMBERS)
            .map(|n| Shown {
                text: line(&n.national, 40),
                e164: n.e164.clone(),
                source: told::source(n, today, texts),
            })
            .collect(),
    })
}

/// What a `tel:` link may hold.
pub(super) fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
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
