//! Stories of holds that nobody decides, in the working hours of their sender. The clock stands on
//! Friday 15 January 2027, eight o'clock UTC; people are at work from nine to five.

use super::*;
use crate::{call::Urgency, hold::PartyRole, team::Plan};

/// A house whose letters nobody takes: what was asked of it is what counts.
async fn house(lead: Option<&str>, admin: Option<&str>) -> House {
    let [lead, admin] = [lead, admin].map(|who| who.map(|who| Mailbox::parse(who).unwrap()));
    let teams = Teams::of_house(Team { lead, ..Team::default() }).with_admin(admin);
    House::with(&[], Settings::new("one", Arc::new(teams))).await
}

/// A hold as the pipeline writes it.
fn planned(terms: HoldTerms, urgency: Vec<Urgency>, created: Timestamp) -> NewHold {
    let week = Week::default();
    let plan = Plan { terms: &terms, week: &week, above: &week, urgent: !urgency.is_empty() };
    let end = plan.end(created);
    let escalate_at = plan.escalate_at(created, end.expires_at);
    let watch = Watch { warn_at: end.warn_at, escalate_at, ..Watch::default() };
    let (remind_at, expires_at) = (Some(plan.remind_at(created)), end.expires_at);
    let mut new = new_hold(1, &["one@c.example"], terms.clone(), created);
    new.dossier.call.urgency = urgency;
    NewHold { remind_at, expires_at, watch, ..new }
}

/// What somebody did about a hold that leaves it held.
fn happened(outcome: Outcome, now: Timestamp) -> Change {
    Change {
        from: State::Held,
        to: State::Held,
        outcome: Some(outcome),
        actor: Actor::service("page", None),
        remind_at: None,
        reminded: false,
        expires_at: None,
        watch: None,
        outbox: vec![],
        parties: vec![],
        told: None,
        seen: None,
        event: AuditEvent { name: "happened".into(), facts: vec![] },
        once: None,
        now,
    }
}

impl House {
    /// What was asked for; when the next reminder comes is told elsewhere.
    fn told(&self) -> Vec<String> {
        let name = |asked: String| asked.split(", next").next().unwrap_or_default().to_owned();
        self.asked().into_iter().map(name).collect()
    }

    async fn planned(&self, terms: HoldTerms, urgency: Vec<Urgency>) -> HoldId {
        let new = planned(terms, urgency, (self.clock)());
        self.store.hold(new).await.unwrap().id().clone()
    }

    /// What is asked for hour by hour, and when.
    async fn hours(&self, hours: i64) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..hours {
            self.later(HOUR);
            let before = self.told().len();
            for _ in 0..3 {
                self.worker.attend_due_holds((self.clock)()).await;
            }
            let now = (self.clock)().strftime("%a %H").to_string();
            told.extend(self.told().into_iter().skip(before).map(|asked| format!("{now} {asked}")));
        }
        told
    }
}

#[tokio::test]
async fn reminders_come_at_work_the_last_one_says_so_and_then_it_expires() {
    let house = house(None, None).await;
    let id = house.planned(HoldTerms::default(), vec![]).await;
    // Held on Friday at eight, with two days to go: nobody is there on Sunday.
    assert_eq!(
        house.hours(4 * 24).await,
        ["Fri 12 expires_soon", "Fri 16 reminder", "Sun 08 expired, 18 octets"],
        "the reminder an hour before the warning is the warning"
    );
    assert_eq!(house.hold(&id).await.state, State::Returned);
}

#[tokio::test]
async fn what_was_held_behind_the_last_hour_of_the_week_waits_for_monday() {
    let house = house(None, None).await;
    house.later(8 * HOUR + 30 * MINUTE);
    house.planned(HoldTerms::default(), vec![]).await;
    assert_eq!(
        house.hours(4 * 24).await,
        ["Mon 09 expires_soon", "Mon 13 expired, 18 octets"],
        "one letter at a time, and none on Saturday"
    );
}

/// Whoever sets the time of the next reminder counts as the notice did: twice as fast where it is urgent.
#[tokio::test]
async fn an_urgent_hold_is_reminded_of_as_fast_after_somebody_did_something() {
    let house = house(None, None).await;
    let expire_after = Duration::from_secs(30 * 24 * 3600);
    let terms = HoldTerms { expire_after, ..HoldTerms::default() };
    let id = house.planned(terms, vec![Urgency::LargeAmount]).await;
    house.later(HOUR);
    for outcome in [
        Outcome::Muted,
        Outcome::HandedOver {
            to: Mailbox::parse("ann@us.example").unwrap(),
            party: None,
            words: String::new(),
        },
    ] {
        house.store.change(&id, happened(outcome, (house.clock)())).await.unwrap();
    }
    assert_eq!(house.hold(&id).await.remind_at, Some(at(3 * HOUR)));
}

#[tokio::test]
async fn those_above_hear_of_it_in_their_own_hours() {
    let [lead, admin] =
        ["lead@ny.us.example", "admin@us.example"].map(|who| Mailbox::parse(who).ok());
    let house_itself = Team { lead, ..Team::default() };
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let new_york = Team { week: Week::default().in_zone(zone), ..Team::default() };
    let mut teams = Teams::of_house(house_itself).with_admin(admin);
    teams.add(new_york, crate::team::Member::parse("@ny.us.example"));
    let house = House::with(&[], Settings::new("one", Arc::new(teams))).await;
    let span = |hours: u64| Duration::from_secs(hours * 3600);
    let terms = HoldTerms {
        escalate_after: Some(span(3)),
        remind_after: span(14 * 24),
        expire_after: span(6 * 24),
        ..HoldTerms::default()
    };
    house.planned(terms, vec![]).await;
    // The lead at nine by his own clock, though people here are at work for hours by then; the admin is
    // in no team, and goes by the sender's.
    let told = house.hours(4 * 24).await;
    let expected =
        ["Fri 14 escalated to lead@ny.us.example", "Mon 09 escalated to admin@us.example"];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn after_three_days_of_downtime_one_letter_comes_at_work_and_time_to_call() {
    let house = house(Some("lead@us.example"), None).await;
    let day = Duration::from_secs(24 * 3600);
    let terms = HoldTerms { escalate_after: Some(day), ..HoldTerms::default() };
    let id = house.planned(terms, vec![]).await;
    // Back on Monday evening, when everything is overdue.
    house.later(3 * DAY + 12 * HOUR);
    assert_eq!(house.hours(12).await, [""; 0], "not by night");
    assert_eq!(
        house.hours(12).await,
        [
            "Tue 09 expires_soon",
            "Tue 09 escalated to lead@us.example",
            "Tue 13 expired, 18 octets",
            "Tue 13 told"
        ]
    );
    assert_eq!(house.hold(&id).await.reminders, 1);
}

#[tokio::test]
async fn a_clock_that_jumps_forward_and_back_says_nothing_twice() {
    let house = house(Some("lead@us.example"), Some("admin@us.example")).await;
    let day = Duration::from_secs(24 * 3600);
    let expire_after = Duration::from_secs(14 * 24 * 3600);
    let terms = HoldTerms { escalate_after: Some(day), expire_after, ..HoldTerms::default() };
    house.planned(terms, vec![]).await;
    // To Thursday of the week after, and back to Friday at noon.
    house.later(6 * DAY + 4 * HOUR);
    for _ in 0..5 {
        house.worker.attend_due_holds((house.clock)()).await;
    }
    let told = ["reminder", "escalated to lead@us.example"];
    assert_eq!(house.told(), told, "one letter each, not one an interval");
    house.later(-6 * DAY);
    assert_eq!(house.hours(5 * 24).await, [""; 0]);
    assert_eq!(house.told(), told);
}

#[tokio::test]
async fn the_lead_hears_of_it_once_then_the_admin_then_it_expires() {
    let house = house(Some("lead@us.example"), Some("admin@us.example")).await;
    let span = |hours: u64| Duration::from_secs(hours * 3600);
    let terms = HoldTerms {
        escalate_after: Some(span(24)),
        remind_after: span(14 * 24),
        expire_after: span(6 * 24),
        ..HoldTerms::default()
    };
    let id = house.planned(terms, vec![]).await;
    let told = house.hours(7 * 24).await;
    assert_eq!(
        told,
        [
            // A day after Friday is Saturday.
            "Mon 09 escalated to lead@us.example",
            "Tue 09 escalated to admin@us.example",
            "Wed 13 expires_soon",
            "Thu 08 expired, 18 octets",
            "Thu 08 told",
            "Thu 08 told",
        ]
    );
    let hold = house.hold(&id).await;
    let roles: Vec<_> = hold.parties.iter().map(|party| party.role).collect();
    assert_eq!(roles, [PartyRole::Lead, PartyRole::Admin]);
    assert_eq!(hold.watch.escalated, 2);
}

#[tokio::test]
async fn both_above_hear_of_it_before_a_short_hold_ends() {
    let house = house(Some("lead@us.example"), Some("admin@us.example")).await;
    let day = Duration::from_secs(24 * 3600);
    house.planned(HoldTerms { escalate_after: Some(day), ..HoldTerms::default() }, vec![]).await;
    let told = house.hours(3 * 24).await;
    let above = told.iter().filter(|told| told.contains("escalated")).collect::<Vec<_>>();
    assert_eq!(
        above,
        ["Fri 13 escalated to lead@us.example", "Fri 15 escalated to admin@us.example"],
        "held on Friday at eight, it ends on Sunday: {told:?}"
    );
}

#[tokio::test]
async fn nobody_hears_of_his_own_mail_and_without_anybody_above_nothing_is_looked_for_again() {
    for (lead, admin, told) in [
        (Some("Tom@US.example"), Some("admin@us.example"), vec!["escalated to admin@us.example"]),
        (Some("lead@us.example"), Some("lead@us.example"), vec!["escalated to lead@us.example"]),
        (None, None, vec![]),
    ] {
        let house = house(lead, admin).await;
        let span = |hours: u64| Duration::from_secs(hours * 3600);
        let terms = HoldTerms {
            escalate_after: Some(span(2)),
            remind_after: span(14 * 24),
            expire_after: span(13 * 24),
            ..HoldTerms::default()
        };
        let id = house.planned(terms, vec![]).await;
        house.hours(3 * 24 + 4).await;
        assert_eq!(house.told(), told, "{lead:?} {admin:?}");
        assert_eq!(house.hold(&id).await.watch.escalate_at, None);
        assert_eq!(house.worker.attend_due_holds((house.clock)()).await, 0);
    }
}

#[tokio::test]
async fn what_is_urgent_is_reminded_of_and_told_above_twice_as_fast() {
    let house = house(Some("lead@us.example"), None).await;
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    let terms = HoldTerms { escalate_after: Some(hours(6)), ..HoldTerms::default() };
    house.planned(terms, vec![Urgency::Upset]).await;
    assert_eq!(
        house.hours(6).await,
        [
            "Fri 10 reminder",
            "Fri 11 escalated to lead@us.example",
            "Fri 12 expires_soon",
            "Fri 14 reminder"
        ]
    );
}

#[tokio::test]
async fn a_time_that_somebody_named_is_kept_by_night_too() {
    let house = house(None, None).await;
    let id = house.planned(HoldTerms::default(), vec![]).await;
    let at = at(14 * HOUR);
    let outcome = Outcome::CallBack { number: "+15125550100".into(), at };
    let change = Change { remind_at: Some(at), ..happened(outcome, (house.clock)()) };
    house.store.change(&id, change).await.unwrap();
    assert_eq!(house.hours(16).await, ["Fri 13 expires_soon", "Fri 22 reminder"]);
}

#[tokio::test]
async fn a_warning_leaves_time_to_call() {
    for (remind_hour, told) in [
        // With the reminder just behind it.
        (53, ["Sun 13 expires_soon", "Sun 16 expired, 18 octets"]),
        // Not with one a few minutes before the end.
        (55, ["Sun 12 expires_soon", "Sun 16 expired, 18 octets"]),
    ] {
        let hours = jiff::civil::time(9, 0, 0, 0)..jiff::civil::time(17, 0, 0, 0);
        let every_day = Week::new(jiff::tz::TimeZone::UTC, hours, vec![]);
        let teams = Arc::new(Teams::of_house(Team { week: every_day, ..Team::default() }));
        let house = House::with(&[], Settings::new("one", teams)).await;
        let new = planned(HoldTerms::default(), vec![], (house.clock)());
        let watch = Watch { warn_at: Some(at(52 * HOUR)), ..new.watch };
        let (remind_at, expires_at) = (Some(at(remind_hour * HOUR)), at(56 * HOUR));
        house.store.hold(NewHold { remind_at, expires_at, watch, ..new }).await.unwrap();
        assert_eq!(house.hours(3 * 24).await, told);
    }
}

#[tokio::test]
async fn a_warning_that_comes_late_moves_the_end() {
    let house = house(None, None).await;
    house.later(3 * DAY + 6 * HOUR);
    house.planned(HoldTerms::default(), vec![]).await;
    // Held on Monday at 14, to be told on Wednesday at ten of the end at 14; down until half past 13.
    house.later(2 * DAY - 90 * MINUTE);
    assert_eq!(house.hours(8).await, ["Wed 13 expires_soon", "Wed 17 expired, 18 octets"]);
}

#[tokio::test]
async fn the_lead_hears_of_nothing_that_is_in_hand() {
    let hours = |hours: u64| Duration::from_secs(hours * 3600);
    let to = Mailbox::parse("ann@us.example").unwrap();
    let handed = Outcome::HandedOver { to, party: None, words: String::new() };
    let call_back =
        Outcome::CallBack { number: "+15125550100".into(), at: at(3 * DAY + 18 * HOUR) };
    for (outcome, told) in [
        (handed, "Mon 15 escalated to lead@us.example"),
        // Six hours after the call back of Tuesday at two in the morning.
        (call_back, "Tue 09 escalated to lead@us.example"),
    ] {
        let house = house(Some("lead@us.example"), None).await;
        house.later(3 * DAY);
        let terms = HoldTerms {
            escalate_after: Some(hours(6)),
            expire_after: hours(10 * 24),
            remind_after: hours(9 * 24),
            ..HoldTerms::default()
        };
        let id = house.planned(terms, vec![]).await;
        house.later(HOUR);
        let change = happened(outcome, (house.clock)());
        house.store.change(&id, change).await.unwrap();
        let above = house.hours(3 * 24).await;
        let above: Vec<_> = above.iter().filter(|told| told.contains("escalated")).collect();
        assert_eq!(above, [told]);
    }
}

#[tokio::test]
async fn of_a_new_end_the_sender_is_warned_again() {
    let house = house(None, None).await;
    house.later(3 * DAY);
    let id = house.planned(HoldTerms::default(), vec![]).await;
    // Held on Monday at eight, to expire on Wednesday; told of that on Tuesday.
    assert_eq!(house.hours(36).await.last().unwrap(), "Tue 13 expires_soon");
    let at = at(6 * DAY + 3 * HOUR);
    let outcome = Outcome::CallBack { number: "+15125550100".into(), at };
    let now = (house.clock)();
    let change = Change { remind_at: Some(at), ..happened(outcome, now) };
    house.store.change(&id, change).await.unwrap();
    assert_eq!(house.hours(4 * 24).await, ["Thu 11 expires_soon", "Thu 15 expired, 18 octets"]);
}

#[tokio::test]
async fn of_two_nodes_that_see_one_hold_due_one_reminds() {
    let house = house(None, None).await;
    let id = house.planned(HoldTerms::default(), vec![]).await;
    house.later(4 * HOUR);
    let now = (house.clock)();
    let due = house.store.due_holds(now, 16).await.unwrap();
    assert_eq!(house.worker.attend(&due, now).await, 1);
    assert_eq!(house.worker.attend(&due, now).await, 0, "the other saw it before that");
    assert_eq!(house.hold(&id).await.reminders, 1);
}

#[tokio::test]
async fn what_a_person_named_meanwhile_stays() {
    let house = house(None, None).await;
    let id = house.planned(HoldTerms::default(), vec![]).await;
    house.later(5 * HOUR);
    let now = (house.clock)();
    let due = house.store.due_holds(now, 16).await.unwrap();
    let at = at(3 * DAY);
    let outcome = Outcome::CallBack { number: "+15125550100".into(), at };
    let change = Change { remind_at: Some(at), ..happened(outcome, now) };
    let called = house.store.change(&id, change).await.unwrap();
    assert_eq!(house.worker.attend(&due, now).await, 0);
    let hold = house.hold(&id).await;
    assert_eq!((hold.remind_at, hold.expires_at), (Some(at), called.expires_at));
}

/// A hold of an earlier release has no watch: it, too, ends with a word before.
#[tokio::test]
async fn a_hold_of_an_earlier_release_is_warned_of_before_it_ends() {
    let house = house(None, None).await;
    let new = planned(HoldTerms::default(), vec![], (house.clock)());
    let new = NewHold { watch: Watch::default(), remind_at: None, ..new };
    house.store.hold(new).await.unwrap();
    assert_eq!(house.hours(4 * 24).await, ["Mon 09 expires_soon", "Mon 13 expired, 18 octets"]);
}
