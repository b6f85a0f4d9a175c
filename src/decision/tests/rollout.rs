//! How far a policy goes: by policy, by team, by sender.

use super::*;
use crate::policy::Source;

/// The mode of a decision on news from a sender who stands so.
fn mode(policy: &str, configured: Mode, standing: Standing<'_>) -> Mode {
    let text = LATE.replacen("[hold]", &format!("{policy}\n[hold]"), 1);
    let reading = whole_reading(MAIL.as_bytes());
    let decision = decide(&Question {
        policies: &policies(&text),
        reading: &reading,
        envelope: &envelope("ann@inside.example", &["bob@outside.example"]),
        organisation: &organisation(),
        mode: configured,
        standing,
    });
    assert_eq!(decision.verdict, Verdict::Hold, "{policy}");
    assert_eq!(decision.bites(), decision.mode == Mode::Enforce);
    assert_eq!(decision.only_tells(), decision.mode == Mode::Notify);
    decision.mode
}

#[test]
fn the_teams_mode_goes_before_the_policys_and_that_before_the_houses() {
    let north = Standing { team: "north", ..Standing::default() };
    let south = Standing { team: "south", ..Standing::default() };
    let teams = "[rollout.teams]\nnorth = \"enforce\"\n";
    for (policy, configured, standing, wanted) in [
        ("", Mode::Enforce, north, Mode::Enforce),
        ("", Mode::Notify, north, Mode::Notify),
        ("mode = \"notify\"", Mode::Enforce, north, Mode::Notify),
        ("mode = \"enforce\"", Mode::Observe, north, Mode::Enforce),
        (&format!("mode = \"observe\"\n{teams}"), Mode::Enforce, north, Mode::Enforce),
        (&format!("mode = \"observe\"\n{teams}"), Mode::Enforce, south, Mode::Observe),
        (teams, Mode::Notify, south, Mode::Notify),
    ] {
        assert_eq!(mode(policy, configured, standing), wanted, "{policy} {standing:?}");
    }
}

#[test]
fn a_team_that_is_kept_back_gets_no_more_than_that_and_none_gets_more_by_it() {
    let kept = |most| Standing { team: "north", most: Some(most), place: None };
    let teams = "[rollout.teams]\nnorth = \"enforce\"\n";
    assert_eq!(mode(teams, Mode::Enforce, kept(Mode::Notify)), Mode::Notify);
    assert_eq!(mode("mode = \"observe\"", Mode::Enforce, kept(Mode::Enforce)), Mode::Observe);
}

#[test]
fn a_higher_percentage_keeps_those_who_were_canaries() {
    let at = |place| Standing { place: Some(place), ..Standing::default() };
    let canary = |percent: f64, more: &str| format!("[rollout]\ncanary = {percent:?}\n{more}");
    for (percent, place, wanted) in [
        (0.0, 0.0, Mode::Observe),
        (10.0, 9.99, Mode::Enforce),
        (10.0, 10.0, Mode::Observe),
        (25.0, 9.99, Mode::Enforce),
        (25.0, 10.0, Mode::Enforce),
        (100.0, 99.999, Mode::Enforce),
    ] {
        assert_eq!(mode(&canary(percent, ""), Mode::Enforce, at(place)), wanted, "{percent}");
    }
    let told = canary(10.0, "otherwise = \"notify\"\n");
    assert_eq!(mode(&told, Mode::Enforce, at(50.0)), Mode::Notify);
    assert_eq!(mode(&told, Mode::Observe, at(50.0)), Mode::Observe, "never further than its mode");
    assert_eq!(mode(&told, Mode::Enforce, Standing::default()), Mode::Enforce, "nobody can tell");
}

#[test]
fn of_two_that_are_sure_enough_the_one_that_goes_further_decides() {
    let one = |id: &str, mode: &str, weight: f64| Source {
        name: format!("{id}.toml"),
        text: format!(
            "id = \"{id}\"\ntitle = \"x\"\ncategory = \"other\"\nmode = \"{mode}\"\n\
             [[signal]]\nname = \"{id}\"\nweight = {weight:?}\nany = [\"late\"]\n"
        ),
    };
    let sources = [one("a", "observe", 9.0), one("b", "notify", 6.0), one("c", "notify", 7.0)];
    let set = PolicySet::compile(&sources, None).unwrap();
    let reading = whole_reading(MAIL.as_bytes());
    let envelope = envelope("ann@inside.example", &["bob@outside.example"]);
    let question = Question {
        policies: &set,
        reading: &reading,
        envelope: &envelope,
        organisation: &organisation(),
        mode: Mode::Enforce,
        standing: Standing::default(),
    };
    assert_eq!(decide(&question).policy.as_deref(), Some("c"));
    let weighed = set.weigh(&reading);
    let surveyed = survey(&question, &weighed, 0.05);
    let modes: Vec<_> = surveyed.iter().map(|s| (s.policy.id.as_str(), s.mode)).collect();
    assert_eq!(modes, [("a", Mode::Observe), ("b", Mode::Notify), ("c", Mode::Notify)]);
    assert!(surveyed.iter().all(|s| s.spared.is_none()));
}
