//! What came of the call, on the page: reports, attempts, promises, calendar files, new texts.

use super::*;
use crate::{
    hold::{
        Actor, Amount, CallReport, Earlier, FollowUp, Mood, Promise, PromiseState, PromiseStep,
        SameCustomer,
    },
    mail::HoldId,
};

const CALLED: &str = "action=called&then=dont_send&number=%2B15124780143";

fn report(site: &Site) -> CallReport {
    let hold = site.store.hold();
    hold.report().cloned().unwrap()
}

fn promise() -> Promise {
    Promise {
        hold: id(),
        state: PromiseState::Open,
        made: now(),
        remedy: "a new compressor".into(),
        amount: Amount::parse("120 EUR"),
        accountable: String::new(),
        date: "2026-12-01".parse().unwrap(),
        remind_at: Some("2026-12-01T15:00:00Z".parse().unwrap()),
        reminders: 0,
        steps: Vec::new(),
    }
}

#[tokio::test]
async fn three_taps_are_enough_and_the_folded_part_stays_folded() {
    let site = site();
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("<details class=\"fold\">"), "{page}");
    assert!(page.contains("What did you promise?"));
    site.post(CALLED).await;
    assert!(report(&site).is_empty());
    assert!(site.store.promise_now().is_none());
}

#[tokio::test]
async fn what_came_of_the_call_is_kept_and_a_day_makes_a_promise() {
    let site = site();
    let told = "&remedy=a+new+compressor&amount=1.250%2C50+%E2%82%AC&follow_up=2026-12-01\
                &accountable=Ann&cause=Late+delivery&mood=at_risk&justified=yes";
    assert_eq!(site.post(&format!("{CALLED}{told}")).await.status, StatusCode::SEE_OTHER);
    let expected = CallReport {
        remedy: "a new compressor".into(),
        amount: Amount::parse("1250.50 EUR"),
        follow_up: Some(FollowUp {
            date: "2026-12-01".parse().unwrap(),
            // Nine o'clock in Chicago.
            remind_at: "2026-12-01T15:00:00Z".parse().unwrap(),
        }),
        accountable: "Ann".into(),
        cause: "Late delivery".into(),
        mood: Some(Mood::AtRisk),
        justified: Some(true),
    };
    assert_eq!(report(&site), expected);
    let page = site.get(&site.path()).await.body;
    look("promise", &page);
    for said in [
        "Your promise",
        "“a new compressor, 1250.50 EUR”, by Tuesday 1 December.",
        "We will remind you on Tuesday 1 December at 09:00.",
        "follow-up.ics",
        "Late delivery",
    ] {
        assert!(page.contains(said), "not said: {said}\n{page}");
    }
}

#[tokio::test]
async fn a_wrong_field_is_named_and_the_rest_is_still_there() {
    for (field, said) in [
        ("amount=some", "such as 120 EUR"),
        ("follow_up=2026-11-23", "from today on"),
        ("follow_up=2028-01-01", "from today on"),
        ("follow_up=soon", "from today on"),
    ] {
        let site = site();
        let answer = site.post(&format!("{CALLED}&remedy=a+visit&{field}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.body.contains(said) && answer.body.contains("value=\"a visit\""), "{field}");
        assert!(answer.body.contains("<details class=\"fold\" open>"));
        assert_eq!(site.state(), State::Held);
    }
    // A cause that was not offered is none, a mood that is none is none.
    let site = site();
    site.post(&format!("{CALLED}&cause=%3Cb%3E&mood=angry&justified=maybe")).await;
    assert!(report(&site).is_empty());
}

#[tokio::test]
async fn a_wrong_number_is_not_offered_again_and_another_is() {
    let site = site();
    let missing = site.post("action=wrong_number").await;
    assert!(missing.body.contains("Please say which number was wrong."));
    site.post("action=wrong_number&number=%2B15124780143").await;
    assert_eq!(site.state(), State::Held);
    let page = site.get(&site.path()).await.body;
    assert!(!page.contains("tel:+15124780143") && page.contains("tel:+15124780100"), "{page}");
    assert!(page.contains("reached a wrong number"));
}

#[tokio::test]
async fn a_number_is_known_however_it_is_typed() {
    for typed in ["512-478-0143", "+1 (512) 478 0143", "001 512 478 0143"] {
        let site = site();
        let typed = typed.replace('+', "%2B").replace(' ', "+");
        site.post(&format!("action=wrong_number&other_number={typed}")).await;
        let page = site.get(&site.path()).await.body;
        assert!(!page.contains("tel:+15124780143"), "{typed}");
    }
    let site = site();
    site.post("action=wrong_number&other_number=478-0143").await;
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("tel:+15124780143"), "half a number is another");
}

#[tokio::test]
async fn a_call_back_is_reminded_of_and_goes_into_the_calendar() {
    let site = site();
    let missing = site.post("action=call_back").await;
    assert!(missing.body.contains("Please give the day and time they asked for."));
    let early = site.post("action=call_back&at=2026-11-24T09%3A00").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let far = site.post("action=call_back&at=2026-12-24T09%3A00").await;
    assert!(far.body.contains("within the next two weeks"));
    let file = format!("{}/call.ics", site.path());
    assert_eq!(site.get(&file).await.status, StatusCode::NOT_FOUND);
    site.post("action=call_back&at=2026-11-25T09%3A30").await;
    let at: Timestamp = "2026-11-25T15:30:00Z".parse().unwrap();
    assert_eq!(site.store.hold().remind_at, Some(at));
    let page = site.get(&site.path()).await.body;
    look("call-back", &page);
    assert!(page.contains("They want your call on Wednesday 25 November at 09:30."), "{page}");
    let answer = site.get(&file).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    for line in ["DTSTART:20261125T153000Z", "SUMMARY:Call Susan Hall", "CLASS:PRIVATE"] {
        assert!(answer.body.contains(&format!("\r\n{line}\r\n")), "{line}: {}", answer.body);
    }
    // A second call back moves the first in the calendar.
    site.post("action=call_back&at=2026-11-25T10%3A30").await;
    let moved = site.get(&file).await.body;
    let uid = |file: &str| file.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
    assert_eq!(uid(&answer.body), uid(&moved));
    assert!(answer.body.contains("SEQUENCE:1\r\n") && moved.contains("SEQUENCE:2\r\n"));
}

#[tokio::test]
async fn a_good_link_without_an_appointment_says_so() {
    let site = site();
    for file in ["call", "follow-up"] {
        let good = site.get(&format!("{}/{file}.ics", site.path())).await;
        assert_eq!(good.status, StatusCode::NOT_FOUND);
        assert!(good.body.contains("Nothing is planned"), "{file}: {}", good.body);
        let wrong = site.get(&format!("{}x/{file}.ics", site.path())).await;
        assert!(wrong.body.contains("This link opens nothing"), "{file}: {}", wrong.body);
    }
}

#[tokio::test]
async fn asking_for_the_head_of_a_calendar_file_is_no_view() {
    let site = site();
    site.post("action=call_back&at=2026-11-25T09%3A30").await;
    let file = format!("{}/call.ics", site.path());
    let head = Request::head(&file).body(Body::empty()).unwrap();
    assert_eq!(site.send(head).await.status, StatusCode::OK);
    assert_eq!(site.store.views(), 0);
    site.get(&file).await;
    assert_eq!(site.store.views(), 1);
}

#[tokio::test]
async fn a_time_that_has_passed_is_not_announced() {
    let site = site();
    site.post("action=call_back&at=2026-11-24T16%3A00").await;
    site.later(24 * 3600);
    let page = site.get(&site.path()).await.body;
    assert!(!page.contains("They want your call on") && !page.contains("call.ics"), "{page}");
    assert!(!page.contains("We will remind you on") && page.contains("your mail comes back"));
    assert_eq!(site.get(&format!("{}/call.ics", site.path())).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn after_a_reminder_the_next_one_is_announced() {
    let site = site();
    site.post("action=no_answer&when=hour").await;
    let next = "2026-11-25T15:20:00Z".parse().unwrap();
    site.store.edit(|hold| hold.remind_at = Some(next));
    site.later(2 * 3600);
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("We will remind you on Wednesday 25 November at 09:20. Your mail waits"));
    assert!(!page.contains("call.ics"), "{page}");
}

#[tokio::test]
async fn a_calendar_file_tells_no_subject_no_sum_and_no_way_in() {
    let site = site();
    site.store.makes(promise());
    let token = site.keys.link_token(&id());
    let file = site.get(&format!("{}/follow-up.ics", site.path())).await;
    assert!(file.body.contains("SUMMARY:Follow up with Susan Hall\r\n"), "{}", file.body);
    for hidden in ["warranty", "W-2291", "compressor", "120 EUR", "http", token.as_str()] {
        assert!(!file.body.replace("\r\n ", "").contains(hidden), "{hidden}: {}", file.body);
    }
    assert_eq!(site.store.views(), 1);
    for wrong in ["/h/nonsense/call.ics", "/h/nonsense/follow-up.ics"] {
        assert_eq!(site.get(wrong).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_promise_is_kept_moved_or_dropped_by_who_says_so() {
    let site = site();
    site.store.makes(promise());
    site.store.edit(|hold| hold.state = State::Delivered);
    let pressed = site.post("action=promise").await;
    assert!(pressed.body.contains("Please choose whether it is done."), "{}", pressed.body);
    let no_day = site.post("action=promise&promise=another_day&note=part+is+late").await;
    assert!(no_day.body.contains("from today on") && no_day.body.contains("part is late"));
    site.post("action=promise&promise=another_day&follow_up=2026-12-08&note=part+is+late").await;
    let moved = site.store.promise_now().unwrap();
    assert_eq!(moved.date.to_string(), "2026-12-08");
    assert_eq!(moved.remind_at, Some("2026-12-08T15:00:00Z".parse().unwrap()));
    let done = site.post("action=promise&promise=done").await;
    assert_eq!(done.headers[header::LOCATION], site.keys.link_token(&id()).as_str());
    let again = site.post("action=promise&promise=dropped").await;
    assert!(again.headers[header::LOCATION].to_str().unwrap().ends_with("?already=1"));
    assert_eq!(site.store.promise_now().unwrap().state, PromiseState::Kept);
    let page = site.get(&site.path()).await.body;
    for said in
        ["You kept it. Thank you.", "moved the promise to Tuesday 8 December", "part is late"]
    {
        assert!(page.contains(said), "{said}\n{page}");
    }
    assert!(!page.contains("<form"), "nothing is left to say");
}

#[tokio::test]
async fn a_hold_without_a_promise_takes_no_word_about_one() {
    let site = site();
    let answer = site.post("action=promise&promise=done").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(site.state(), State::Held);
}

#[tokio::test]
async fn a_mail_is_taken_back_for_a_new_text_with_a_tick() {
    let site = site();
    let pressed = site.post("action=anew").await;
    assert!(pressed.body.contains("Please tick the box to take your mail back."));
    site.post("action=anew&sure=yes").await;
    let until = now() + jiff::SignedDuration::from_hours(7 * 24);
    assert_eq!(site.outcome(), Some(Outcome::Rewritten { note: String::new(), until }));
    assert_eq!(site.state(), State::Withdrawn);
    let page = site.get(&site.path()).await.body;
    look("anew", &page);
    assert!(page.contains("if you send it before Tuesday 1 December at 09:20"), "{page}");
    assert!(page.contains("with the same subject, or as an answer in the same conversation"));
    site.later(8 * 24 * 3600);
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("<h1>Taken back</h1>") && !page.contains("1 December"), "{page}");
}

#[tokio::test]
async fn of_a_split_mail_only_those_it_was_held_for_did_not_get_it() {
    let site = site();
    site.store.edit(|hold| hold.dossier.decision.terms.split = true);
    site.post("action=withdraw&sure=yes").await;
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("The mail to Susan Hall was not delivered and will not be."), "{page}");
    assert!(!page.contains("Nobody got"), "{page}");
}

#[tokio::test]
async fn the_same_customer_before_is_told_and_colleagues_only_counted() {
    let site = site();
    let earlier = Earlier {
        id: HoldId::from_octets([9; 16]),
        state: State::Delivered,
        created: "2026-11-02T15:00:00Z".parse().unwrap(),
        category: "delivery_delay".into(),
    };
    let before = SameCustomer { promises: vec![promise()], earlier: vec![earlier], of_others: 20 };
    site.store.before(before);
    let page = site.get(&site.path()).await.body;
    look("before", &page);
    for said in [
        "Still open from an earlier call: “a new compressor, 120 EUR”, by Tuesday 1 December.",
        "Monday 2 November at 09:00: a delay. It went out.",
        "Mails of colleagues that were held for this customer: 20+.",
    ] {
        assert!(page.contains(said), "not said: {said}\n{page}");
    }
    // The link of this hold opens no other one.
    assert!(!page.contains(&site.keys.link_token(&HoldId::from_octets([9; 16]))));
}

#[tokio::test]
async fn who_heard_of_a_promise_is_not_told_on_the_page() {
    let site = site();
    let service = Actor {
        role: "service".into(),
        name: "callfirst".into(),
        via: "worker".into(),
        address: None,
    };
    let mut overdue = promise();
    overdue.remind_at = None;
    overdue.steps.push((now(), service, PromiseStep::Overdue));
    site.store.makes(overdue);
    site.store.edit(|hold| hold.state = State::Delivered);
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("We will not ask again.") && !page.contains("follow-up.ics"), "{page}");
}
