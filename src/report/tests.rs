use super::*;
use crate::{
    hold::{CallReport, Mood, Promise, PromiseState},
    mail::{HoldId, ReversePath},
};

const NOW: &str = "2026-11-20T12:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn history(created: &str, state: State, outcomes: Vec<(&str, Outcome)>) -> History {
    History {
        sender: ReversePath::parse("eva@us.example").unwrap(),
        state,
        created: at(created),
        policy: "warranty_denial".into(),
        category: "warranty_denial".into(),
        signals: vec!["not-covered".into(), "not-covered".into(), "model".into()],
        recipients: vec!["kim@customer.test".into()],
        outcomes: outcomes.into_iter().map(|(time, outcome)| (at(time), outcome)).collect(),
        promise: None,
    }
}

fn called(send: bool, report: CallReport) -> Outcome {
    Outcome::Called {
        send,
        person: "Kim".into(),
        number: "+4930".into(),
        note: String::new(),
        report: Box::new(report),
    }
}

fn promise(date: &str) -> Promise {
    Promise {
        hold: HoldId::from_octets([1; 16]),
        state: PromiseState::Open,
        made: at("2026-11-16T10:00:00Z"),
        remedy: "a refund".into(),
        amount: None,
        accountable: String::new(),
        date: date.parse().unwrap(),
        remind_at: None,
        reminders: 0,
        steps: Vec::new(),
    }
}

fn rows(histories: &[History]) -> Vec<Row> {
    let mut tally = Tally::new(TimeZone::get("Europe/Berlin").unwrap(), at(NOW));
    histories.iter().for_each(|history| tally.add(history, "service"));
    tally.rows()
}

fn named<'r>(rows: &'r [Row], group: Group, name: &str) -> &'r Figures {
    &rows.iter().find(|row| row.group == group && row.name == name).unwrap().figures
}

#[test]
fn a_time_in_which_nothing_was_held_has_one_row_of_zeros() {
    let rows = rows(&[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].figures.held, 0);
    assert_eq!(rows[0].figures.called_share, None);
    assert_eq!(rows[0].figures.customers, Some(0));
}

#[test]
fn every_hold_is_counted_where_it_ended_and_once() {
    let day = "2026-11-16T09:00:00Z";
    let later = "2026-11-16T09:30:00Z";
    let note = String::new;
    let until = at("2026-11-18T09:00:00Z");
    let ends = [
        (State::Held, vec![]),
        (State::Delivered, vec![(later, called(true, CallReport::default()))]),
        (State::Withdrawn, vec![(later, called(false, CallReport::default()))]),
        (State::Withdrawn, vec![(later, Outcome::Withdrawn { note: note() })]),
        (State::Withdrawn, vec![(later, Outcome::Rewritten { note: note(), until })]),
        (State::Delivered, vec![(later, Outcome::FalseAlarm { note: note() })]),
        (State::Undeliverable, vec![(later, Outcome::SendAnyway { reason: "urgent".into() })]),
        (State::Returned, vec![(later, Outcome::Expired)]),
        (State::Cancelled, vec![]),
    ];
    let histories = ends.map(|(state, outcomes)| history(day, state, outcomes));
    let rows = rows(&histories);
    let f = named(&rows, Group::Total, "all");
    assert_eq!(f.held, 8, "what was never accepted was never held");
    let each = [
        f.open,
        f.sent_after_call,
        f.withdrawn_after_call,
        f.withdrawn,
        f.rewritten,
        f.false_alarms,
        f.sent_without_call,
        f.expired,
    ];
    assert_eq!(each, [1; 8]);
    assert_eq!((f.called, f.called_share, f.undeliverable), (2, Some(0.286), 1));
    assert_eq!(named(&rows, Group::Policy, "warranty_denial").false_alarms, 1);
    assert_eq!(named(&rows, Group::Signal, "warranty_denial/not-covered").held, 8, "not twice");
}

#[test]
fn what_a_second_person_agreed_to_is_counted_as_what_it_is_and_what_was_taken_back_as_nothing() {
    let day = "2026-11-16T09:00:00Z";
    let later = "2026-11-16T09:30:00Z";
    let proposed = |outcome| Outcome::Proposed { outcome: Box::new(outcome) };
    let alarm = || Outcome::FalseAlarm { note: String::new() };
    let report = || CallReport {
        mood: Some(Mood::Kept),
        cause: "Late delivery".into(),
        ..CallReport::default()
    };
    let call = || called(true, report());
    let histories = [
        (State::Delivered, vec![(later, proposed(alarm())), (later, Outcome::Agreed)]),
        (State::Approved, vec![(later, proposed(call())), (later, Outcome::Agreed)]),
        (State::Held, vec![(later, proposed(alarm()))]),
        (State::Held, vec![(later, call()), (later, Outcome::TakenBack)]),
    ]
    .map(|(state, outcomes)| history(day, state, outcomes));
    let rows = rows(&histories);
    let f = named(&rows, Group::Total, "all");
    assert_eq!((f.false_alarms, f.sent_after_call, f.open), (1, 1, 2));
    assert_eq!((f.called, f.customers_kept), (2, 2));
    assert_eq!(named(&rows, Group::Cause, "Late delivery").sent_after_call, 1);
}

#[test]
fn time_to_call_is_that_of_the_first_conversation() {
    let call_back = Outcome::CallBack { number: "+4930".into(), at: at("2026-11-17T09:00:00Z") };
    let unanswered =
        Outcome::NoAnswer { number: "+4930".into(), remind_at: at("2026-11-16T12:00:00Z") };
    let rows = rows(&[history(
        "2026-11-16T09:00:00Z",
        State::Delivered,
        vec![
            ("2026-11-16T09:10:00Z", unanswered),
            ("2026-11-16T10:05:59Z", call_back),
            ("2026-11-17T09:05:00Z", called(true, CallReport::default())),
        ],
    )]);
    let f = named(&rows, Group::Total, "all");
    assert_eq!((f.minutes_to_call_median, f.minutes_to_call_90), (Some(65), Some(65)));
    assert_eq!((f.no_answer, f.called), (1, 1));
}

#[test]
fn a_week_begins_on_monday_in_the_houses_zone() {
    // Sunday 23:30 UTC is Monday in Berlin.
    let rows = rows(&[history("2026-11-15T23:30:00Z", State::Held, vec![])]);
    assert_eq!(named(&rows, Group::Week, "2026-11-16").held, 1);
}

#[test]
fn causes_moods_and_promises_are_those_of_the_last_call() {
    let report = |cause: &str, mood| CallReport {
        cause: cause.into(),
        mood: Some(mood),
        justified: Some(true),
        ..CallReport::default()
    };
    let told = history(
        "2026-11-16T09:00:00Z",
        State::Delivered,
        vec![("2026-11-16T10:00:00Z", called(true, report("Late delivery", Mood::AtRisk)))],
    );
    let overdue = History { promise: Some(promise("2026-11-19")), ..told.clone() };
    let due_today = History { promise: Some(promise("2026-11-20")), ..told };
    let rows = rows(&[overdue, due_today]);
    let f = named(&rows, Group::Cause, "Late delivery");
    assert_eq!((f.held, f.customers_at_risk, f.justified), (2, 2, 2));
    assert_eq!((f.promises, f.promises_open, f.promises_overdue), (2, 2, 1));
    let total = named(&rows, Group::Total, "all");
    assert_eq!((total.customers, total.customers_held_again), (Some(1), Some(1)));
}
