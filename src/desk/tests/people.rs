//! Accounts of others.

use axum::http::StatusCode;

use crate::{
    desk::in_tests::{PASSWORD, Site, form},
    rights::Role,
};

/// The link that a page shows.
fn link(body: &str) -> &str {
    let (_, rest) = body.split_once("<p class=\"card mono\">https://desk.us.example").unwrap();
    rest.split('<').next().unwrap()
}

#[tokio::test]
async fn somebody_new_sets_a_password_by_a_link_that_works_once() {
    let site = Site::new().await;
    let root = site.visitor("root", &[Role::Operator]).await;
    let fields = [("login", "Eve"), ("name", "Eve <b>"), ("role", "auditor"), ("role", "lead")];
    let answer = root.post("/desk/people", &fields).await;
    let path = link(&answer.body).to_owned();
    assert!(answer.body.contains("Eve &#60;b&#62;"), "{}", answer.body);
    let mut eve = site.browser();
    assert_eq!(eve.get(&path).await.status, StatusCode::OK);
    assert_eq!(eve.get(&path).await.status, StatusCode::OK, "looking does not spend it");
    let set = |password: &str| form(&path, &[("password", password), ("again", password)]);
    assert_eq!(eve.send(set("short")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(eve.send(set("my own long words")).await.to(), "/desk/log-in");
    assert_eq!(eve.send(set("another long words")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.log_in("eve", "my own long words").await.to(), "/desk");
    let page = eve.get("/desk").await;
    assert!(page.body.contains("Auditor") && page.body.contains("Team lead"));
    // The old link ends with a new one, and a new one in two days.
    let person = site.state.accounts.find_login("eve").await.unwrap().unwrap().person.id;
    let of = |answer: &crate::desk::in_tests::Answer| link(&answer.body).to_owned();
    let one = of(&root.post(&format!("/desk/people/{person}/link"), &[]).await);
    let two = of(&root.post(&format!("/desk/people/{person}/link"), &[]).await);
    assert_eq!(eve.get(&one).await.status, StatusCode::NOT_FOUND);
    assert_eq!(eve.get(&two).await.status, StatusCode::OK);
    site.wait_secs(49 * 3600);
    assert_eq!(eve.get(&two).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_at_once() {
    let site = Site::new().await;
    let root = site.visitor("root", &[Role::Operator]).await;
    let eve = site.visitor("eve", &[Role::Operator]).await;
    assert_eq!(eve.get("/desk/people").await.status, StatusCode::OK);
    let person = site.state.accounts.find_login("eve").await.unwrap().unwrap().person.id;
    let path = format!("/desk/people/{person}");
    let answer = root.post(&path, &[("name", "Eve"), ("role", "auditor")]).await;
    assert_eq!(answer.to(), format!("{path}?done=changed"));
    assert_eq!(eve.get("/desk/people").await.status, StatusCode::FORBIDDEN);
    let last = site.audit().await.pop().unwrap();
    assert_eq!((last.event.name.as_str(), last.actor.name.as_str()), ("person_changed", "root"));
    assert_eq!((last.actor.role.as_str(), last.actor.via.as_str()), ("operator", "desk"));
    let fact = |name: &str| last.event.facts.iter().find(|(n, _)| n == name).unwrap().1.clone();
    assert_eq!((fact("roles_before"), fact("roles")), ("operator".into(), "auditor".into()));
    let answer = root.post(&path, &[("name", "Eve"), ("address", "nowhere")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_is_shut_out_is_out_at_once() {
    let site = Site::new().await;
    let root = site.visitor("root", &[Role::Operator]).await;
    let mut eve = site.visitor("eve", &[Role::Reviewer]).await;
    let person = site.state.accounts.find_login("eve").await.unwrap().unwrap().person.id;
    root.post(&format!("/desk/people/{person}/disable"), &[]).await;
    assert_eq!(eve.get("/desk").await.status, StatusCode::SEE_OTHER);
    assert_eq!(eve.log_in("eve", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    root.post(&format!("/desk/people/{person}/enable"), &[]).await;
    assert_eq!(eve.log_in("eve", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_raises_himself_or_shuts_himself_out() {
    let site = Site::new().await;
    let root = site.visitor("root", &[Role::Operator]).await;
    let person = site.state.accounts.find_login("root").await.unwrap().unwrap().person.id;
    let before = site.audit().await.len();
    for path in ["", "/link", "/factor", "/disable", "/enable"] {
        let path = format!("/desk/people/{person}{path}");
        let answer = root.post(&path, &[("role", "reviewer")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(site.audit().await.len(), before);
}

#[tokio::test]
async fn a_name_is_given_once_and_reads_in_one_way() {
    let site = Site::new().await;
    let root = site.visitor("root", &[Role::Operator]).await;
    for (login, why) in [
        ("ROOT", "somebody else logs in as root"),
        ("", "a log-in name is"),
        ("kìm", "a log-in name is"),
        ("kim tom", "a log-in name is"),
    ] {
        let answer = root.post("/desk/people", &[("login", login), ("role", "lead")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{login}");
        assert!(answer.body.contains(why), "{login}: {}", answer.body);
    }
}
