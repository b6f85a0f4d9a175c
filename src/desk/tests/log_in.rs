//! Logging in: wrong passwords, session ids, second factors, proxies.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderName, Request, StatusCode},
};

use crate::{
    desk::{
        Proxy,
        in_tests::{PASSWORD, Site, form},
    },
    hold::Actor,
    rights::Role,
};

#[tokio::test]
async fn after_wrong_passwords_even_the_right_one_must_wait_and_nobody_else() {
    let site = Site::new().await;
    site.person("kim", &[]).await;
    let mut thief = site.browser();
    let mut refused = 0;
    for n in 0..20 {
        let answer = thief.log_in("kim", &format!("wrong password {n}")).await;
        refused += usize::from(answer.status == StatusCode::UNAUTHORIZED);
        assert!(matches!(answer.status.as_u16(), 401 | 429), "{}", answer.status);
        assert!(answer.cookie().is_none());
    }
    assert_eq!(refused, 5, "the others were not even looked at");
    let answer = thief.log_in("kim", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.body.contains("try again in"), "{}", answer.body);
    // Kim herself, elsewhere, is not shut out by it.
    let mut kim = site.browser();
    kim.peer = [192, 0, 2, 77].into();
    assert_eq!(kim.log_in("kim", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // The wait ends, and grows with the next failure.
    site.wait_secs(2);
    assert_eq!(thief.log_in("kim", "wrong again").await.status, StatusCode::UNAUTHORIZED);
    site.wait_secs(1);
    assert_eq!(thief.log_in("kim", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    site.wait_secs(3);
    assert_eq!(thief.log_in("kim", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn tries_at_once_are_all_counted() {
    let site = Site::new().await;
    site.person("kim", &[]).await;
    let tries = (0..12).map(|n| {
        let browser = site.browser();
        async move {
            let wrong = format!("wrong password {n}");
            browser.send(form("/desk/log-in", &[("login", "kim"), ("password", &wrong)])).await
        }
    });
    let mut refused = 0;
    let mut waiting: Vec<_> = tries.map(Box::pin).collect();
    while let Some(one) = waiting.pop() {
        // Polled together in pairs: each counts before its password is looked at.
        let answers = match waiting.pop() {
            Some(two) => {
                let (one, two) = tokio::join!(one, two);
                vec![one, two]
            }
            None => vec![one.await],
        };
        refused += answers.iter().filter(|a| a.status == StatusCode::UNAUTHORIZED).count();
    }
    assert_eq!(refused, 5);
}

#[tokio::test]
async fn an_unknown_name_is_answered_like_a_wrong_password() {
    let site = Site::new().await;
    site.person("kim", &[]).await;
    let mut browser = site.browser();
    let known = browser.log_in("kim", "wrong password").await;
    let unknown = browser.log_in("eve", "wrong password").await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.body.replace("kim", "eve"), unknown.body);
}

#[tokio::test]
async fn an_id_that_the_browser_brought_never_becomes_a_session() {
    let site = Site::new().await;
    site.person("kim", &[]).await;
    let mut browser = site.browser();
    let planted = format!("__Host-callfirst={}", "A".repeat(43));
    browser.cookie = Some(planted.clone());
    let answer = browser.log_in("kim", PASSWORD).await;
    assert_ne!(answer.cookie(), Some(planted.clone()));
    let field = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-callfirst=", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(field.contains(part), "{field}");
    }
    assert!(!field.contains("Domain"), "{field}");
    let thief = site.browser_with(Some(planted));
    assert_eq!(thief.get("/desk").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn logging_in_anew_ends_the_session_before() {
    let site = Site::new().await;
    let mut kim = site.visitor("kim", &[]).await;
    let before = kim.cookie.clone();
    assert_eq!(kim.log_in("kim", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_ne!(kim.cookie, before);
    let old = site.browser_with(before);
    assert_eq!(old.get("/desk").await.status, StatusCode::SEE_OTHER);
    assert_eq!(kim.get("/desk").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_ends_unused_and_in_any_case() {
    let site = Site::new().await;
    let kim = site.visitor("kim", &[]).await;
    for _ in 0..23 {
        site.wait_secs(29 * 60);
        assert_eq!(kim.get("/desk").await.status, StatusCode::OK);
    }
    site.wait_secs(31 * 60);
    assert_eq!(kim.get("/desk").await.status, StatusCode::SEE_OTHER, "unused");
    let mut kim = site.browser();
    assert_eq!(kim.log_in("kim", PASSWORD).await.status, StatusCode::SEE_OTHER);
    for _ in 0..24 {
        site.wait_secs(29 * 60);
        kim.get("/desk").await;
    }
    site.wait_secs(25 * 60);
    assert_eq!(kim.get("/desk").await.status, StatusCode::SEE_OTHER, "twelve hours");
}

#[tokio::test]
async fn logging_out_ends_it_on_our_side_too() {
    let site = Site::new().await;
    let kim = site.visitor("kim", &[]).await;
    let answer = kim.post("/desk/log-out", &[]).await;
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(kim.get("/desk").await.status, StatusCode::SEE_OTHER);
    let names: Vec<String> = site.audit().await.into_iter().map(|e| e.event.name).collect();
    assert_eq!(names, ["person_added", "password_set", "logged_in", "logged_out"]);
}

#[tokio::test]
async fn after_the_log_in_one_is_where_one_wanted_to_be_and_never_elsewhere() {
    let site = Site::new().await;
    site.person("kim", &[]).await;
    let asked = site.browser().get("/desk/people?x=1%262").await;
    assert_eq!(asked.to(), "/desk/log-in?next=%2Fdesk%2Fpeople%3Fx%3D1%25262");
    let page = site.browser().get(asked.to()).await;
    assert_eq!(page.hidden("next"), "/desk/people?x=1%262");
    for (next, to) in [("/desk/people", "/desk/people"), ("//evil.example", "/desk")] {
        let fields = [("login", "kim"), ("password", PASSWORD), ("next", next)];
        let answer = site.browser().send(form("/desk/log-in", &fields)).await;
        assert_eq!(answer.to(), to);
    }
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let site = Site::new().await;
    let here = site.visitor("kim", &[]).await;
    let mut there = site.browser();
    there.log_in("kim", PASSWORD).await;
    let change = |current: &'static str, new: &'static str| {
        [("current", current), ("password", new), ("again", new)]
    };
    let path = "/desk/account/password";
    for (current, new, why) in [
        ("wrong", "a new long password", "current password is not right"),
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "again and again"),
    ] {
        let answer = here.post(path, &change(current, new)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(why), "{}", answer.body);
    }
    assert_eq!(there.get("/desk").await.status, StatusCode::OK);
    let answer = here.post(path, &change(PASSWORD, "a new long password")).await;
    assert_eq!(answer.to(), "/desk/account?done=password");
    assert_eq!(here.get("/desk").await.status, StatusCode::OK);
    assert_eq!(there.get("/desk").await.status, StatusCode::SEE_OTHER);
    assert_eq!(there.log_in("kim", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(there.log_in("kim", "a new long password").await.status, StatusCode::SEE_OTHER);
}

/// Sets up a second factor in the browser; gives what was shown.
async fn with_factor(
    site: &Site,
    kim: &crate::desk::in_tests::Browser<'_>,
) -> (crate::accounts::Seed, Vec<String>) {
    let page = kim.get("/desk/account/factor").await;
    let closed = page.hidden("seed");
    let account = site.state.accounts.find_login("kim").await.unwrap().unwrap();
    let seed = site.state.accounts.offered_factor(&closed, &account.person.id).unwrap();
    let code = seed.code_at(site.state.now());
    let fields = [("seed", closed.as_str()), ("code", &code), ("current", PASSWORD)];
    let answer = kim.post("/desk/account/factor", &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let codes = answer.body.split("<li class=\"mono\">").skip(1);
    (seed, codes.map(|rest| rest.split('<').next().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_no_code_works_twice() {
    let site = Site::new().await;
    let kim = site.visitor("kim", &[]).await;
    let (seed, codes) = with_factor(&site, &kim).await;
    assert_eq!(codes.len(), 8);
    let mut again = site.browser();
    assert!(again.log_in("kim", PASSWORD).await.to().starts_with("/desk/log-in/code"));
    let half = again.cookie.clone();
    assert_eq!(again.get("/desk").await.status, StatusCode::SEE_OTHER, "half is not in");
    let code = |code: &str| form("/desk/log-in/code", &[("code", code)]);
    let used = seed.code_at(site.state.now());
    let answer = again.send(code(&used)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "the code of the set-up was used");
    site.wait_secs(30);
    let now = seed.code_at(site.state.now());
    let answer = again.send(code(&now)).await;
    assert_eq!(answer.to(), "/desk");
    assert_ne!(answer.cookie(), half, "a new id");
    let in_ = site.browser_with(answer.cookie());
    assert_eq!(in_.get("/desk").await.status, StatusCode::OK);
    // The same code once more, and one of the recovery codes twice.
    for (typed, works) in [(&now, false), (&codes[3], true), (&codes[3], false)] {
        let mut other = site.browser();
        other.log_in("kim", PASSWORD).await;
        let answer = other.send(code(&typed.to_uppercase())).await;
        assert_eq!(answer.status == StatusCode::SEE_OTHER, works, "{typed}");
    }
    // Guessing codes is bounded as guessing passwords is.
    let mut thief = site.browser();
    thief.peer = [192, 0, 2, 66].into();
    thief.log_in("kim", PASSWORD).await;
    let mut seen = Vec::new();
    for n in 0..8 {
        seen.push(thief.send(code(&format!("00000{n}"))).await.status.as_u16());
    }
    assert_eq!(seen[4..], [429; 4], "{seen:?}");
}

#[tokio::test]
async fn a_half_session_is_over_after_five_minutes() {
    let site = Site::new().await;
    let kim = site.visitor("kim", &[]).await;
    let (seed, _) = with_factor(&site, &kim).await;
    let mut late = site.browser();
    late.log_in("kim", PASSWORD).await;
    site.wait_secs(301);
    let code = seed.code_at(site.state.now());
    let answer = late.send(form("/desk/log-in/code", &[("code", &code)])).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(late.get("/desk/log-in/code").await.to(), "/desk/log-in");
}

#[tokio::test]
async fn a_name_in_a_field_is_believed_from_the_proxy_alone() {
    let site = Site::with(|state| {
        let ours = |address: std::net::IpAddr| address == std::net::IpAddr::from([10, 0, 0, 1]);
        let field = HeaderName::from_static("x-remote-user");
        state.proxy = Proxy::new(Arc::new(ours), Some(field));
    })
    .await;
    let kim = site.person("kim", &[Role::Operator]).await;
    let page = |name: &str| {
        let request = Request::get("/desk/people").header("x-remote-user", name);
        request.body(Body::empty()).unwrap()
    };
    let stranger = site.browser();
    assert_eq!(stranger.send(page("kim")).await.status, StatusCode::SEE_OTHER);
    let mut proxied = site.browser();
    proxied.peer = [10, 0, 0, 1].into();
    let shown = proxied.send(page("Kim")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(proxied.send(page("eve")).await.status, StatusCode::FORBIDDEN);
    // Its forms have a token too.
    let send = |token: &str| {
        let fields = [("csrf", token), ("login", "new"), ("role", "auditor")];
        let mut request = form("/desk/people", &fields);
        request.headers_mut().insert("x-remote-user", "kim".parse().unwrap());
        request
    };
    assert_eq!(proxied.send(send("")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(proxied.send(send(&shown.hidden("csrf"))).await.status, StatusCode::OK);
    let by = Actor::service("test", None);
    site.state.accounts.disable(&kim.person.id, by, site.state.now()).await.unwrap();
    assert_eq!(proxied.send(page("kim")).await.status, StatusCode::FORBIDDEN);
}
