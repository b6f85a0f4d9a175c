//! The figures of one row.

use jiff::civil::Date;
use serde::Serialize;

use super::median::quantile;
use crate::hold::{History, Mood, Outcome, Promise, PromiseState, State};

/// What came of some holds. Every hold is counted in exactly one of `open`, `sent_after_call`,
/// `withdrawn_after_call`, `withdrawn`, `rewritten`, `false_alarms`, `sent_without_call` and
/// `expired`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Mails held.
    pub held: u64,
    /// Nobody has decided yet.
    pub open: u64,
    /// Somebody spoke to the customer, whatever then became of the mail.
    pub called: u64,
    /// The share of decided holds in which somebody called, 0 to 1; none where nothing is decided.
    pub called_share: Option<f64>,
    /// Went out as the written confirmation of a call.
    pub sent_after_call: u64,
    /// Said on the telephone, and not sent.
    pub withdrawn_after_call: u64,
    /// Taken back without a call.
    pub withdrawn: u64,
    /// Taken back for a new text.
    pub rewritten: u64,
    /// Was no bad news.
    pub false_alarms: u64,
    /// Sent without a call: by the sender with a reason, or by an operator.
    pub sent_without_call: u64,
    /// Nobody decided in time.
    pub expired: u64,
    /// The next hop refused it after the release.
    pub undeliverable: u64,
    /// Calls that nobody answered.
    pub no_answer: u64,
    /// Half of the calls came within so many minutes after the mail was held.
    pub minutes_to_call_median: Option<u64>,
    /// Nine of ten did.
    pub minutes_to_call_90: Option<u64>,
    /// Promises made in calls.
    pub promises: u64,
    /// Of these: done.
    pub promises_kept: u64,
    /// No longer needed.
    pub promises_dropped: u64,
    /// Still to be done.
    pub promises_open: u64,
    /// Of the open ones: their day has passed.
    pub promises_overdue: u64,
    /// Customers who stay, as the caller saw it.
    pub customers_kept: u64,
    /// Who may leave.
    pub customers_at_risk: u64,
    /// Who have left.
    pub customers_lost: u64,
    /// Complaints that were justified, as the caller saw it.
    pub justified: u64,
    /// That were not.
    pub unjustified: u64,
    /// Customers for whom mail was held; of the total only.
    pub customers: Option<u64>,
    /// Of these: more than once; of the total only.
    pub customers_held_again: Option<u64>,
}

/// Figures while they are counted.
#[derive(Debug, Default)]
pub(super) struct Counted {
    figures: Figures,
    /// Holds that are decided and in which somebody called.
    called_and_decided: u64,
    /// Minutes from the hold to its first call.
    waits: Vec<u64>,
}

impl Counted {
    pub(super) fn add(&mut self, history: &History, today: Date) {
        let figures = &mut self.figures;
        let end = last_word(history).and_then(ending);
        figures.held += 1;
        *end.unwrap_or(|f| &mut f.open)(figures) += 1;
        figures.undeliverable += u64::from(history.state == State::Undeliverable);
        let unanswered = |outcome: &Outcome| matches!(outcome, Outcome::NoAnswer { .. });
        let outcomes = || history.outcomes.iter();
        figures.no_answer += outcomes().filter(|(_, o)| unanswered(o)).count() as u64;
        if let Some((at, _)) = outcomes().find(|(_, o)| is_call(o)) {
            figures.called += 1;
            self.called_and_decided += u64::from(end.is_some());
            let seconds = at.duration_since(history.created).as_secs();
            self.waits.push(u64::try_from(seconds).unwrap_or(0) / 60);
        }
        add_promise(figures, history.promise.as_ref(), today);
        add_customer(figures, history);
    }

    /// Counts with it what others counted.
    pub(super) fn join(&mut self, other: Counted) {
        let Counted { figures: f, called_and_decided, waits } = other;
        self.figures.held += f.held;
        self.figures.open += f.open;
        self.figures.called += f.called;
        self.figures.sent_after_call += f.sent_after_call;
        self.figures.withdrawn_after_call += f.withdrawn_after_call;
        self.figures.withdrawn += f.withdrawn;
        self.figures.rewritten += f.rewritten;
        self.figures.false_alarms += f.false_alarms;
        self.figures.sent_without_call += f.sent_without_call;
        self.figures.expired += f.expired;
        self.figures.undeliverable += f.undeliverable;
        self.figures.no_answer += f.no_answer;
        self.figures.promises += f.promises;
        self.figures.promises_kept += f.promises_kept;
        self.figures.promises_dropped += f.promises_dropped;
        self.figures.promises_open += f.promises_open;
        self.figures.promises_overdue += f.promises_overdue;
        self.figures.customers_kept += f.customers_kept;
        self.figures.customers_at_risk += f.customers_at_risk;
        self.figures.customers_lost += f.customers_lost;
        self.figures.justified += f.justified;
        self.figures.unjustified += f.unjustified;
        self.called_and_decided += called_and_decided;
        self.waits.extend(waits);
    }

    pub(super) fn figures(mut self) -> Figures {
        let decided = self.figures.held - self.figures.open;
        let share = self.called_and_decided as f64 / decided as f64;
        Figures {
            called_share: (decided > 0).then_some((share * 1000.0).round() / 1000.0),
            minutes_to_call_median: quantile(&mut self.waits, 0.5),
            minutes_to_call_90: quantile(&mut self.waits, 0.9),
            ..self.figures
        }
    }
}

/// Whether a conversation took place.
fn is_call(outcome: &Outcome) -> bool {
    matches!(outcome.meant(), Outcome::Called { .. } | Outcome::CallBack { .. })
}

/// What ended a hold: where a second person agreed, what had been proposed; nothing where the decision
/// was taken back.
fn last_word(history: &History) -> Option<&Outcome> {
    let mut last = history.outcomes.iter().rev().map(|(_, outcome)| outcome);
    let is_word =
        |o: &&Outcome| matches!(o, Outcome::TakenBack | Outcome::Agreed) || ending(o).is_some();
    match last.find(is_word)? {
        Outcome::TakenBack => None,
        Outcome::Agreed => {
            let proposed = last.find(|outcome| matches!(outcome, Outcome::Proposed { .. }));
            proposed.map(Outcome::meant)
        }
        outcome => Some(outcome),
    }
}

/// Where a hold that ended so is counted; `None` where the outcome ends nothing.
fn ending(outcome: &Outcome) -> Option<fn(&mut Figures) -> &mut u64> {
    match outcome {
        Outcome::Called { send: true, .. } => Some(|f| &mut f.sent_after_call),
        Outcome::Called { send: false, .. } => Some(|f| &mut f.withdrawn_after_call),
        Outcome::Withdrawn { .. } => Some(|f| &mut f.withdrawn),
        Outcome::Rewritten { .. } => Some(|f| &mut f.rewritten),
        Outcome::FalseAlarm { .. } => Some(|f| &mut f.false_alarms),
        Outcome::SendAnyway { .. } => Some(|f| &mut f.sent_without_call),
        Outcome::Expired => Some(|f| &mut f.expired),
        Outcome::NoAnswer { .. }
        | Outcome::WrongNumber { .. }
        | Outcome::CallBack { .. }
        | Outcome::Muted
        | Outcome::HandedOver { .. }
        | Outcome::Proposed { .. }
        | Outcome::Agreed
        | Outcome::Declined { .. }
        | Outcome::Dropped
        | Outcome::TakenBack => None,
    }
}

fn add_promise(figures: &mut Figures, promise: Option<&Promise>, today: Date) {
    let Some(promise) = promise else { return };
    figures.promises += 1;
    match promise.state {
        PromiseState::Kept => figures.promises_kept += 1,
        PromiseState::Dropped => figures.promises_dropped += 1,
        PromiseState::Open => {
            figures.promises_open += 1;
            figures.promises_overdue += u64::from(promise.date < today);
        }
    }
}

/// What the last call told of the customer.
fn add_customer(figures: &mut Figures, history: &History) {
    let mut calls = history.outcomes.iter().rev();
    let report = calls.find_map(|(_, outcome)| match outcome.meant() {
        Outcome::Called { report, .. } => Some(report),
        _ => None,
    });
    let Some(report) = report else { return };
    match report.mood {
        Some(Mood::Kept) => figures.customers_kept += 1,
        Some(Mood::AtRisk) => figures.customers_at_risk += 1,
        Some(Mood::Lost) => figures.customers_lost += 1,
        None => {}
    }
    figures.justified += u64::from(report.justified == Some(true));
    figures.unjustified += u64::from(report.justified == Some(false));
}
