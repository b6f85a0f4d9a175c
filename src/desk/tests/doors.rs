//! Every route of the table with every role, and every way in which a form is not ours.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, header},
};

use crate::{
    desk::{
        Needs, Route,
        in_tests::{Site, form},
        table,
    },
    rights::{Action, Role},
};

/// A path of a route with something in its places.
fn path(route: &Route) -> String {
    let part =
        |part: &str| if part.starts_with('{') { "nothing".to_owned() } else { part.to_owned() };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn posts() -> Vec<Route> {
    table().into_iter().filter(|route| route.method == Method::POST).collect()
}

/// What a page that refuses for want of a right says.
const FORBIDDEN: &str = "Your account does not allow this";

#[tokio::test]
async fn each_role_gets_what_the_table_says_and_nothing_else() {
    let site = Site::new().await;
    for role in Role::ALL {
        let browser = site.visitor(role.as_str(), &[role]).await;
        let token = browser.token().await;
        for route in table().iter().filter(|route| route.path != "/desk/log-out") {
            let request = match route.method {
                Method::POST => form(&path(route), &[("csrf", &token)]),
                _ => Request::get(path(route)).body(Body::empty()).unwrap(),
            };
            let answer = browser.send(request).await;
            let is_refused = answer.body.contains(FORBIDDEN);
            let may = match route.needs {
                Needs::Right(action) => role.may(action),
                Needs::LogIn | Needs::Nothing => true,
            };
            let told = format!("{role:?} {} {}", route.method, route.path);
            assert_eq!(!is_refused, may, "{told}");
            assert_eq!(answer.status == StatusCode::FORBIDDEN && is_refused, !may, "{told}");
            assert!(answer.status.as_u16() < 500, "{told}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_log_in() {
    let site = Site::new().await;
    let nobody = site.browser();
    for route in table().iter().filter(|route| route.needs != Needs::Nothing) {
        let request = match route.method {
            Method::POST => form(&path(route), &[]),
            _ => Request::get(path(route)).body(Body::empty()).unwrap(),
        };
        let answer = nobody.send(request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", route.path);
        assert!(answer.to().starts_with("/desk/log-in"), "{}: {}", route.path, answer.to());
    }
}

#[tokio::test]
async fn a_form_that_is_not_ours_does_nothing_on_any_route() {
    let site = Site::new().await;
    let browser = site.visitor("root", &Role::ALL).await;
    let token = browser.token().await;
    let before = site.audit().await.len();
    for route in posts() {
        let path = path(&route);
        let good = || form(&path, &[("csrf", &token)]);
        let changed = |change: &dyn Fn(&mut Request<Body>)| {
            let mut request = good();
            change(&mut request);
            request
        };
        let foreign = HeaderValue::from_static("https://evil.example");
        let mut bad = vec![
            (
                "a foreign site",
                changed(&|r| {
                    r.headers_mut()
                        .insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
                }),
            ),
            (
                "a sister site",
                changed(&|r| {
                    r.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("same-site"));
                }),
            ),
            (
                "typed into the address",
                changed(&|r| {
                    r.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("none"));
                }),
            ),
            (
                "a foreign origin",
                changed(&|r| {
                    r.headers_mut().remove("sec-fetch-site");
                    r.headers_mut().insert(header::ORIGIN, foreign.clone());
                }),
            ),
            (
                "a null origin",
                changed(&|r| {
                    r.headers_mut().remove("sec-fetch-site");
                    r.headers_mut().insert(header::ORIGIN, HeaderValue::from_static("null"));
                }),
            ),
            (
                "no origin",
                changed(&|r| {
                    r.headers_mut().remove("sec-fetch-site");
                    r.headers_mut().remove(header::ORIGIN);
                }),
            ),
            (
                "text",
                changed(&|r| {
                    let text = HeaderValue::from_static("text/plain");
                    r.headers_mut().insert(header::CONTENT_TYPE, text);
                }),
            ),
            (
                "json",
                changed(&|r| {
                    let json = HeaderValue::from_static("application/json");
                    r.headers_mut().insert(header::CONTENT_TYPE, json);
                }),
            ),
            (
                "no kind",
                changed(&|r| {
                    r.headers_mut().remove(header::CONTENT_TYPE);
                }),
            ),
        ];
        if route.needs != Needs::Nothing {
            bad.push(("no token", form(&path, &[])));
            bad.push(("an empty token", form(&path, &[("csrf", "")])));
            bad.push(("another token", form(&path, &[("csrf", &"0".repeat(64))])));
        }
        for (what, request) in bad {
            let answer = browser.send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} with {what}", route.path);
            assert!(answer.body.contains("Nothing was changed"), "{} with {what}", route.path);
        }
    }
    assert_eq!(site.audit().await.len(), before, "something was done");
    // An older browser sends no `Sec-Fetch-Site`, and our own origin.
    let mut old = form("/desk/account/sessions", &[("csrf", &token)]);
    old.headers_mut().remove("sec-fetch-site");
    assert_eq!(browser.send(old).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_of_another_session_is_none() {
    let site = Site::new().await;
    let kim = site.visitor("kim", &[Role::Operator]).await;
    let tom = site.visitor("tom", &[Role::Operator]).await;
    let request = form("/desk/people", &[("csrf", &kim.token().await), ("login", "eve")]);
    assert_eq!(tom.send(request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_upload_brings_its_token_first() {
    let site = Site::new().await;
    let kim = site.visitor("kim", &[]).await;
    let token = kim.token().await;
    let parts = |token: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b--\r\n"
        );
        let mut request = form("/desk/account/sessions", &[]);
        let kind = HeaderValue::from_static("multipart/form-data; boundary=b");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        *request.body_mut() = Body::from(body);
        request
    };
    assert_eq!(kim.send(parts("")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(kim.send(parts(&"0".repeat(64))).await.status, StatusCode::FORBIDDEN);
    assert_ne!(kim.send(parts(&token)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn no_page_changes_anything_when_it_is_looked_at() {
    let site = Site::new().await;
    let root = site.visitor("root", &Role::ALL).await;
    let before = site.audit().await.len();
    for method in [Method::GET, Method::HEAD] {
        for route in table().iter().filter(|route| route.method == Method::GET) {
            let request = Request::builder().method(method.clone()).uri(path(route));
            let answer = root.send(request.body(Body::empty()).unwrap()).await;
            assert!(answer.status.as_u16() < 500, "{method} {}", route.path);
        }
    }
    assert_eq!(site.audit().await.len(), before);
}

#[tokio::test]
async fn every_answer_says_how_it_may_be_used() {
    let site = Site::new().await;
    let root = site.visitor("root", &Role::ALL).await;
    for route in table().iter().filter(|route| route.method == Method::GET) {
        let answer = root.get(&path(route)).await;
        for (name, part) in [
            ("content-security-policy", "default-src 'none'"),
            ("content-security-policy", "frame-ancestors 'none'"),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age"),
        ] {
            let value = answer.headers.get(name).map(|value| value.to_str().unwrap());
            assert!(value.is_some_and(|v| v.contains(part)), "{} {name}: {value:?}", route.path);
        }
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("unsafe"), "{}", route.path);
        assert!(!answer.body.contains("<script") && !answer.body.contains(" style="));
    }
}

#[tokio::test]
async fn the_host_that_a_client_names_stands_nowhere() {
    let site = Site::new().await;
    let root = site.visitor("root", &Role::ALL).await;
    for route in table().iter().filter(|route| route.method == Method::GET) {
        let request = Request::get(path(route)).header(header::HOST, "evil.example");
        let request = request.header("x-forwarded-host", "evil.example");
        let answer = root.send(request.body(Body::empty()).unwrap()).await;
        assert!(!answer.body.contains("evil.example") && !answer.to().contains("evil"));
    }
}

#[test]
fn every_link_of_the_navigation_is_a_page_with_the_same_right() {
    for (path, label, right) in crate::desk::frame::LINKS {
        let page = table().into_iter().find(|r| r.path == *path && r.method == Method::GET);
        let page = page.unwrap_or_else(|| panic!("{label} leads nowhere"));
        let needs = right.map_or(Needs::LogIn, Needs::Right);
        assert_eq!(page.needs, needs, "{label}");
    }
}

#[test]
fn every_action_is_some_roles() {
    for action in Action::ALL {
        assert!(Role::ALL.iter().any(|role| role.may(action)), "{action:?}");
        assert_eq!(Action::from_text(action.as_str()), Some(action));
    }
}

/// The table of roles in `docs/desk.md` is the one that is asked.
#[test]
fn the_page_has_the_matrix() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/desk.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once("the_page_has_the_matrix` -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of matrix -->").unwrap();
    let titles = Role::ALL.map(Role::title).join(" | ");
    let mut matrix = format!("\n| | {titles} |\n|{}\n", " --- |".repeat(Role::ALL.len() + 1));
    for action in Action::ALL {
        let cells = Role::ALL.map(|role| if role.may(action) { "yes" } else { "" }).join(" | ");
        matrix.push_str(&format!("| {} | {cells} |\n", action.title()));
    }
    let whole =
        format!("{before}the_page_has_the_matrix` -->\n{matrix}\n<!-- end of matrix -->{after}");
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, whole).unwrap();
    }
    assert!(page == whole, "BLESS=1 cargo test --lib the_page_has_the_matrix");
}
