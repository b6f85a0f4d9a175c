//! What is believed of a provider, and what is not.

use serde_json::{Value, json};

use super::{
    Begun, Identity, OidcError, Provider,
    in_tests::{CLIENT, Script, Scripted, query},
    keys::{Algorithm, Keys},
};
use crate::mail::Timestamp;

const NOW: i64 = 1_795_514_400;
const BACK: &str = "https://desk.us.example/desk/log-in/provider/back";

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// One log-in with claims and a script changed.
async fn log_in(
    provider: &Scripted,
    claims: impl FnOnce(&mut Value),
    script: impl FnOnce(&mut Script),
) -> Result<Identity, OidcError> {
    let asked = Provider::new(provider.settings());
    let (page, begun) = asked.begin(BACK).await?;
    let mut good = provider.claims(&page, NOW);
    claims(&mut good);
    provider.script(|s| {
        s.claims = good;
        script(s);
    });
    let state = begun.state.clone();
    asked.finish(&begun, (&state, "good"), BACK, now()).await
}

#[tokio::test]
async fn a_good_token_tells_who_it_is() {
    let provider = Scripted::start().await;
    for (algorithm, key) in [("ES256", "ec"), ("EdDSA", "ed")] {
        let who = log_in(&provider, |_| (), |s| (s.algorithm, s.key) = (algorithm, key)).await;
        let who = who.unwrap();
        assert_eq!((who.subject.as_str(), who.login.as_str()), ("u-17", "Kim"));
        assert_eq!(who.address.as_deref(), Some("kim@us.example"));
        assert_eq!(who.groups, ["staff", "reviewers"]);
    }
    let (page, _) = Provider::new(provider.settings()).begin(BACK).await.unwrap();
    let asked = query(&page);
    assert_eq!(asked["redirect_uri"], BACK);
    assert_eq!(
        (asked["response_type"].as_str(), asked["scope"].as_str()),
        ("code", "openid profile")
    );
    assert_eq!(asked["code_challenge_method"], "S256");
}

#[tokio::test]
async fn a_token_that_is_not_about_this_log_in_is_nothing() {
    let provider = Scripted::start().await;
    let cases: [(&str, &str, Value); 12] = [
        ("iss", "issuer", json!("https://evil.example")),
        ("aud", "audience", json!("another")),
        ("aud", "audience", json!(null)),
        ("aud", "authorised party", json!([CLIENT, "another"])),
        ("azp", "authorised party", json!("another")),
        ("exp", "expired", json!(NOW - 61)),
        ("exp", "expired", json!(null)),
        ("iat", "not valid yet", json!(NOW + 61)),
        ("nbf", "not valid yet", json!(NOW + 61)),
        ("nonce", "nonce", json!("of another log-in")),
        ("nonce", "nonce", json!(null)),
        ("sub", "names nobody", json!("")),
    ];
    for (claim, fault, value) in cases {
        let told = log_in(&provider, |claims| claims[claim] = value.clone(), |_| ()).await;
        match told {
            Err(OidcError::BadToken(found)) => assert_eq!(found, fault, "{claim} {value}"),
            other => panic!("{claim} {value}: {other:?}"),
        }
    }
    let told = log_in(&provider, |c| c["email_verified"] = json!(false), |_| ()).await.unwrap();
    assert_eq!(told.address, None, "an address that nobody has checked");
}

#[tokio::test]
async fn a_signature_that_is_not_the_providers_is_nothing() {
    let provider = Scripted::start().await;
    type Change = fn(&mut Script);
    let scripts: [(&str, Change); 7] = [
        ("one octet", |s| s.garble = true),
        ("none", |s| s.algorithm = "none"),
        ("a shared secret", |s| s.algorithm = "HS256"),
        ("another kind", |s| s.algorithm = "RS256"),
        ("another key", |s| s.key = "ed"),
        ("a key that is not there", |s| s.key = "gone"),
        ("a key for something else", |s| s.key = "enc"),
    ];
    for (what, script) in scripts {
        let fresh = |s: &mut Script| {
            (s.garble, s.algorithm, s.key) = (false, "ES256", "ec");
            script(s);
        };
        let told = log_in(&provider, |_| (), fresh).await;
        assert!(matches!(told, Err(OidcError::BadToken("form" | "signature"))), "{what}: {told:?}");
    }
}

#[tokio::test]
async fn a_code_is_of_the_browser_that_began() {
    let provider = Scripted::start().await;
    let asked = Provider::new(provider.settings());
    let (page, begun) = asked.begin(BACK).await.unwrap();
    let claims = provider.claims(&page, NOW);
    provider.script(|script| script.claims = claims);
    let (_, other) = asked.begin(BACK).await.unwrap();
    for state in ["", "x", other.state.as_str()] {
        let told = asked.finish(&begun, (state, "good"), BACK, now()).await;
        assert!(matches!(told, Err(OidcError::OtherBrowser)), "{told:?}");
    }
    // The code of one log-in in another browser: the verifier does not fit.
    let state = other.state.clone();
    let told = asked.finish(&other, (&state, "good"), BACK, now()).await;
    assert!(matches!(told, Err(OidcError::Unanswered { what: "a token", .. })), "{told:?}");
    let kept = Begun::from_cookie(&begun.in_cookie());
    assert!(kept.is_some_and(|kept| kept == begun));
    for bad in ["", "a.b.c", "..", &begun.state] {
        assert!(Begun::from_cookie(bad).is_none(), "{bad}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_or_another_is_told_by_name() {
    let provider = Scripted::start().await;
    let told = log_in(&provider, |_| (), |s| s.status = 500).await;
    assert!(matches!(told, Err(OidcError::Unanswered { why: "server_error", .. })), "{told:?}");
    provider.script(|s| s.issuer = Some("https://other.example".to_owned()));
    let told = log_in(&provider, |_| (), |_| ()).await;
    assert!(matches!(told, Err(OidcError::OtherIssuer)), "{told:?}");
    let mut gone = provider.settings();
    gone.issuer = "http://127.0.0.1:1/staff".to_owned();
    let told = Provider::new(gone).begin(BACK).await.err().unwrap();
    assert!(matches!(told, OidcError::Unanswered { why: "unreachable", .. }), "{told:?}");
}

#[tokio::test]
async fn our_secret_is_shown_to_the_token_endpoint() {
    let provider = Scripted::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "s:ecret\n").unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut settings = provider.settings();
    settings.secret_file = Some(file);
    let asked = Provider::new(settings);
    let (page, begun) = asked.begin(BACK).await.unwrap();
    let claims = provider.claims(&page, NOW);
    provider.script(|script| script.claims = claims);
    let state = begun.state.clone();
    asked.finish(&begun, (&state, "good"), BACK, now()).await.unwrap();
    // "callfirst:s%3Aecret"
    assert_eq!(provider.seen().authorization.unwrap(), "Basic Y2FsbGZpcnN0OnMlM0FlY3JldA==");
    assert_eq!(provider.seen().keys_asked, 1);
}

#[test]
fn rsa_is_checked_too() {
    // RFC 7515, appendix A.2.
    let keys: Keys = serde_json::from_value(json!({ "keys": [{ "kty": "RSA", "e": "AQAB",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ" }] }))
    .unwrap();
    let text = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = data_encoding::BASE64URL_NOPAD.decode(b"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw").unwrap();
    assert!(keys.signed((Algorithm::Rs256, None), text.as_bytes(), &signature));
    assert!(!keys.signed((Algorithm::Ps256, None), text.as_bytes(), &signature));
    assert!(!keys.signed((Algorithm::Rs256, None), b"another", &signature));
    assert!(!keys.signed((Algorithm::Rs256, Some("x")), text.as_bytes(), &signature));
}
