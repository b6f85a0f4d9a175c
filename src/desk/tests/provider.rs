//! Logging in by an identity provider, from the button to the desk.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    desk::{
        ProviderLogIn,
        in_tests::{Answer, Browser, PASSWORD, Site},
    },
    oidc::{
        Provider,
        in_tests::{Scripted, query},
    },
    rights::Role,
};

async fn site(provider: &Scripted, groups: &[(&str, Role, Option<&str>)]) -> Site {
    let groups = groups
        .iter()
        .map(|(group, role, team)| ((*group).to_owned(), *role, team.map(str::to_owned)));
    let log_in = ProviderLogIn {
        name: "Us ID".to_owned(),
        issuer: provider.issuer.clone(),
        provider: Provider::new(provider.settings()),
        groups: groups.collect(),
    };
    Site::with(|state| state.provider = Some(Arc::new(log_in))).await
}

/// From the button to the way back, with claims changed; gives the browser and the last answer.
async fn through<'s>(
    site: &'s Site,
    provider: &Scripted,
    change: impl FnOnce(&mut Value),
) -> (Browser<'s>, Answer) {
    let mut browser = site.browser();
    let out = browser.get("/desk/log-in/provider?next=%2Fdesk%2Fpeople").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.body);
    let mut claims = provider.claims(out.to(), site.state.now().as_second());
    change(&mut claims);
    provider.script(|script| script.claims = claims);
    browser.cookie = out.cookie();
    let state = query(out.to())["state"].clone();
    let back = browser.get(&format!("/desk/log-in/provider/back?code=good&state={state}")).await;
    browser.cookie = back.cookie();
    (browser, back)
}

#[tokio::test]
async fn groups_make_roles_at_each_log_in() {
    let provider = Scripted::start().await;
    let groups = [("reviewers", Role::Reviewer, None), ("leads", Role::Lead, Some("service"))];
    let site = site(&provider, &groups).await;
    let page = site.browser().get("/desk/log-in").await;
    assert!(page.body.contains("Log in with Us ID"));
    let (kim, back) = through(&site, &provider, |_| ()).await;
    assert_eq!(back.to(), "/desk/people", "{}", back.body);
    assert!(kim.get("/desk").await.body.contains("Reviewer"));
    let (again, _) = through(&site, &provider, |claims| claims["groups"] = json!(["leads"])).await;
    let page = again.get("/desk").await;
    assert!(page.body.contains("Team lead") && !page.body.contains("Reviewer"));
    assert!(!kim.get("/desk").await.body.contains("Reviewer"), "in the other session too");
    let everybody = site.state.accounts.everybody().await.unwrap();
    assert_eq!(everybody.len(), 1, "the same person");
    assert_eq!(everybody[0].person.teams, ["service".to_owned()].into());
    let names: Vec<String> = site.audit().await.into_iter().map(|e| e.event.name).collect();
    assert_eq!(
        names,
        ["person_added", "person_changed", "logged_in", "person_changed", "logged_in"]
    );
}

#[tokio::test]
async fn somebody_elses_log_in_name_is_not_taken_over() {
    let provider = Scripted::start().await;
    let site = site(&provider, &[]).await;
    let kim = site.person("kim", &[Role::Operator]).await;
    let (_, back) = through(&site, &provider, |_| ()).await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    assert!(back.cookie().is_none());
    // Nor does a name at the provider that changed make a second person.
    let (_, back) = through(&site, &provider, |c| c["preferred_username"] = json!("kim.s")).await;
    assert_eq!(back.to(), "/desk/people");
    let (_, back) = through(&site, &provider, |c| c["preferred_username"] = json!("kim")).await;
    assert_eq!(back.to(), "/desk/people");
    let everybody = site.state.accounts.everybody().await.unwrap();
    let names: Vec<&str> = everybody.iter().map(|a| a.person.login.as_str()).collect();
    assert_eq!(names, ["kim", "kim.s"]);
    assert!(everybody[1].person.roles.is_empty(), "roles are given at the desk");
    assert!(kim.has_password || site.browser().log_in("kim", PASSWORD).await.to() == "/desk");
    // Whoever is shut out here stays out, whatever the provider says; he has no password either.
    let by = crate::hold::Actor::service("test", None);
    let id = &everybody[1].person.id;
    site.state.accounts.disable(id, by, site.state.now()).await.unwrap();
    let (_, back) = through(&site, &provider, |_| ()).await;
    assert_eq!(back.status, StatusCode::FORBIDDEN);
    assert_eq!(site.browser().log_in("kim.s", "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_way_back_that_was_not_begun_here_leads_nowhere() {
    let provider = Scripted::start().await;
    let site = site(&provider, &[]).await;
    let mut browser = site.browser();
    let out = browser.get("/desk/log-in/provider").await;
    let claims = provider.claims(out.to(), site.state.now().as_second());
    provider.script(|script| script.claims = claims);
    let state = query(out.to())["state"].clone();
    let path = format!("/desk/log-in/provider/back?code=good&state={state}");
    assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "without the cookie");
    browser.cookie = out.cookie();
    for (path, status) in [
        (format!("{path}x"), StatusCode::FORBIDDEN),
        (format!("{path}&iss=https%3A%2F%2Fevil.example"), StatusCode::FORBIDDEN),
        (format!("{path}&error=access_denied"), StatusCode::SEE_OTHER),
        (path.replace("good", "bad"), StatusCode::BAD_GATEWAY),
        (path.clone(), StatusCode::SEE_OTHER),
    ] {
        assert_eq!(browser.get(&path).await.status, status, "{path}");
    }
}
