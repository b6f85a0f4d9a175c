//! From what was understood to what is to be done, or to what must be said instead.

use std::time::Duration;

use crate::{
    calendar::Week,
    decision::LEAST_BETWEEN,
    hold::{Hold, Outcome, State},
    mail::Timestamp,
    notice::{
        Answer, Ending,
        reply::{Command, Understood},
    },
    release::MAX_REMIND_SECS,
};

/// The commands that a reply may give; never [`Command::Unclear`] or [`Command::None`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed(Vec<Command>);

impl Allowed {
    /// The commands that can be allowed, by the names of the configuration.
    pub const NAMES: [(&'static str, Command); 5] = [
        ("withdraw", Command::Withdraw),
        ("no_answer", Command::NoAnswer),
        ("called_send", Command::CalledSend),
        ("false_alarm", Command::FalseAlarm),
        ("send_anyway", Command::SendAnyway),
    ];

    /// Commands of [`Allowed::NAMES`].
    pub fn new(commands: Vec<Command>) -> Allowed {
        Allowed(commands)
    }

    /// In the order given.
    pub fn commands(&self) -> &[Command] {
        &self.0
    }

    /// Whoever may take his mail back may do so after a call too.
    fn has(&self, command: Command) -> bool {
        let needed = match command {
            Command::CalledDontSend => Command::Withdraw,
            command => command,
        };
        self.0.contains(&needed)
    }
}

/// What a reply comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Decide so, and say that it was done.
    Do(Outcome, Answer),
    /// Have a decision to send taken back whose mail waits, then look again; say this where it cannot be.
    TakeBack(Answer),
    /// Change nothing, and say why.
    Say(Answer),
    /// Change nothing and say nothing: somebody is only polite, or too late to matter.
    Nothing,
}

/// How long after its end a hold's sender still hears how it ended.
const TOLD_AFTER_END: Duration = Duration::from_secs(30 * 24 * 3600);
/// No reminder is put off for longer: the desk allows no more.
const MOST_WAIT: Duration = Duration::from_secs(MAX_REMIND_SECS as u64);
/// So long before its time runs out is the last that a mail is reminded of.
const LEAST_WAIT: Duration = LEAST_BETWEEN;

/// What this reply comes to, for a hold as it stands.
pub(super) fn wish(
    understood: &Understood,
    allowed: &Allowed,
    (hold, week): (&Hold, &Week),
    now: Timestamp,
) -> Wish {
    let command = understood.command;
    if hold.state != State::Held {
        return match (command, hold.waits_until(now)) {
            (Command::Unclear | Command::None, _) => Wish::Nothing,
            (Command::Withdraw | Command::CalledDontSend, Some(at)) if allowed.has(command) => {
                Wish::TakeBack(Answer::Later { at })
            }
            (_, Some(at)) => Wish::Say(Answer::Later { at }),
            _ => already(hold, now).map_or(Wish::Nothing, Wish::Say),
        };
    }
    match command {
        Command::None => Wish::Nothing,
        Command::Unclear => Wish::Say(Answer::Unclear),
        asked if !allowed.has(asked) => Wish::Say(Answer::OnThePage { asked }),
        Command::CalledSend | Command::FalseAlarm | Command::SendAnyway
            if hold.proposal().is_some() =>
        {
            Wish::Say(Answer::SecondAsked)
        }
        Command::CalledSend => Wish::Do(called(hold, true), Answer::Called),
        Command::CalledDontSend => Wish::Do(called(hold, false), Answer::TakenBack),
        Command::NoAnswer => match remind_at(hold, week, now) {
            Some(remind_at) => {
                let outcome = Outcome::NoAnswer { number: String::new(), remind_at };
                Wish::Do(outcome, Answer::Waits { remind_at })
            }
            // Its time is up: the worker is about to say how it ended.
            None => Wish::Nothing,
        },
        Command::Withdraw => {
            Wish::Do(Outcome::Withdrawn { note: String::new() }, Answer::TakenBack)
        }
        Command::FalseAlarm => {
            Wish::Do(Outcome::FalseAlarm { note: String::new() }, Answer::NoBadNews)
        }
        Command::SendAnyway => {
            let reason = understood.reason.clone().unwrap_or_default();
            Wish::Do(Outcome::SendAnyway { reason }, Answer::Anyway)
        }
    }
}

/// When to remind of a call that nobody took: when the sender is at work, and before the mail's time
/// runs out, where it does. `None` where it has.
fn remind_at(hold: &Hold, week: &Week, now: Timestamp) -> Option<Timestamp> {
    let most = now.checked_add(MOST_WAIT).unwrap_or(Timestamp::MAX);
    let at = week.at_work(hold.reminded_next(now).min(most));
    let Some(end) = hold.ends_at() else { return Some(at) };
    let last = end.checked_sub(LEAST_WAIT).unwrap_or(Timestamp::MIN);
    if at <= last {
        return Some(at);
    }
    let at_work = week.ahead_of(end, LEAST_WAIT);
    if at_work > now {
        return Some(at_work);
    }
    // Nobody is at work any more before it ends: where the worker has nothing else to say, it says
    // how it ended.
    if last > now {
        return Some(last);
    }
    // Less than a quarter of an hour is left: in the middle of it.
    let left_secs = end.as_second() - now.as_second();
    let half = Timestamp::from_second(now.as_second() + left_secs / 2).ok()?;
    Some(half).filter(|at| *at > now)
}

/// The reply does not say to whom they spoke, so it is whom the notice named.
fn called(hold: &Hold, send: bool) -> Outcome {
    let named = hold.dossier.call.person.as_ref();
    let named = named.map(|p| if p.name.is_empty() { &p.address } else { &p.name });
    let first = || hold.envelope.recipients().first().map(|r| r.path.as_str().to_owned());
    let person = named.cloned().or_else(first).unwrap_or_default();
    Outcome::Called {
        send,
        person,
        number: String::new(),
        note: String::new(),
        report: Box::default(),
    }
}

/// How and when it was decided; `None` where that is long ago or nobody did.
pub(super) fn already(hold: &Hold, now: Timestamp) -> Option<Answer> {
    let at = hold.outcomes.last().map(|(at, ..)| *at)?;
    let ending = match hold.state {
        State::Approved | State::Released | State::Delivered => Ending::LetGo,
        State::Withdrawn => Ending::TakenBack,
        State::Returned => Ending::Returned,
        State::Undeliverable => Ending::Undeliverable,
        State::Prepared | State::Held | State::Cancelled => return None,
    };
    let told_until = at.checked_add(TOLD_AFTER_END).unwrap_or(Timestamp::MAX);
    (now < told_until).then_some(Answer::Already { ending, at })
}
