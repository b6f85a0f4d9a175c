//! Neither log nor metrics learn a link, a number or a word of a mail from the pages.
//!
//! The only test of its program: call sites of the log are one for a whole process, and another
//! test's subscriber would decide what this one hears.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are tests, though clippy looks at functions one by one"
)]

#[path = "people/house.rs"]
mod house;

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use tower::ServiceExt;

const MAIL: &[u8] = b"From: Tom Reed <tom@us.example>\r\nTo: Susan Hall <customer@there.example>\r\n\
    Subject: Your claim W-2291\r\n\r\nDear Susan,\r\n\r\nunfortunately the repair is not covered by \
    your warranty. Canary.\r\n";

/// What the log wrote.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn get(router: &Router, path: &str) -> u16 {
    let request = Request::get(path).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

async fn post(router: &Router, path: &str, site: &str, form: &str) -> u16 {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", site)
        .body(Body::from(form.to_owned()))
        .unwrap();
    router.clone().oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn neither_log_nor_metrics_learn_a_token_or_a_word_of_the_mail() {
    let written = Written::default();
    let writer = written.clone();
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(log).unwrap();
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    metrics::set_global_recorder(recorder).unwrap();

    let new = house::held(&house::lowest_policies(), MAIL);
    let keys = callfirst::release::Keys::new([7; 32]);
    let nonce = keys.nonce(&new.id, [1; 16], new.created);
    let (router, path) = house::site(new).await;
    let token = path.trim_start_matches("/h/").to_owned();
    let form = |fields: &str| format!("{fields}&note=Canary&nonce={nonce}");
    assert_eq!(get(&router, &path).await, 200);
    assert_eq!(get(&router, &format!("/x/{token}")).await, 404);
    assert_eq!(get(&router, &format!("{path}x")).await, 404);
    let withdraw = form("action=withdraw");
    assert_eq!(post(&router, &path, "same-origin", &withdraw).await, 422);
    assert_eq!(post(&router, &path, "cross-site", &withdraw).await, 403);
    let called = form("action=called&then=send&person=Canary");
    assert_eq!(post(&router, &path, "same-origin", &called).await, 303);

    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let metrics = metrics.render();
    for said in ["route=\"/h/{token}\"", "action=\"called_send\"", "foreign_forms_total 1"] {
        assert!(metrics.contains(said), "{said} not in\n{metrics}");
    }
    assert!(log.contains("called_send") && log.contains("/h/{token}"), "no log:\n{log}");
    for secret in [&token, &nonce, "Canary", "Susan", "customer@", "W-2291", "covered"] {
        let secret: &str = secret;
        assert!(!log.contains(secret) && !metrics.contains(secret), "{secret} in\n{log}{metrics}");
    }
}
