//! Stories of TLS and sign-in, with a certificate made for the occasion.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

use super::{scripted_hop::ScriptedHop, *};
use crate::trust::BadAuthorities;

const HELLO: &str = "S: 220 hop\n C: EHLO us.example\n S: 250-hop\n S: 250 STARTTLS\n";
const START: &str = "C: STARTTLS\n S: 220 go\n TLS\n C: EHLO us.example\n S: 250-hop\n";

/// An acceptor for `hop.example` and the file that vouches for it.
fn certificate(folder: &TempDir) -> (TlsAcceptor, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["hop.example".to_owned()]).expect("certificate");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, made.cert.pem()).expect("a file");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a server");
    (TlsAcceptor::from(Arc::new(config)), file)
}

fn required(ca_file: &Path, name: &str) -> Tls {
    Tls::Required { ca_file: Some(ca_file.to_owned()), server_name: Some(name.to_owned()) }
}

async fn probe(hop: &ScriptedHop, tls: Tls, auth: Option<Auth>) -> Result<Vec<bool>, RelayError> {
    let settings = Settings { tls, auth, ..Settings::new(hop.address.clone(), "us.example") };
    let capabilities = NextHop::new(settings).expect("good settings").probe().await?;
    Ok(["DSN", "STARTTLS", "INJECTED"].map(|keyword| capabilities.has(keyword)).to_vec())
}

#[tokio::test]
async fn what_is_offered_inside_tls_is_what_counts() {
    let folder = TempDir::new().expect("a folder");
    let (acceptor, ca) = certificate(&folder);
    for tls in [required(&ca, "hop.example"), Tls::Opportunistic] {
        let script = format!("{HELLO} {START} S: 250 DSN");
        let hop = ScriptedHop::start_with(&[&script], Some(acceptor.clone())).await;
        assert_eq!(probe(&hop, tls, None).await.expect("a session"), [true, false, false]);
        hop.data().await;
    }
}

#[tokio::test]
async fn required_tls_wants_the_right_name_and_a_known_authority() {
    let folder = TempDir::new().expect("a folder");
    let (acceptor, ca) = certificate(&folder);
    let other = TempDir::new().expect("a folder");
    let (_, stranger) = certificate(&other);
    for tls in [required(&ca, "other.example"), required(&stranger, "hop.example")] {
        let script = format!("{HELLO} C: STARTTLS\n S: 220 go\n TLS");
        let hop = ScriptedHop::start_with(&[&script], Some(acceptor.clone())).await;
        let error = probe(&hop, tls, None).await.expect_err("no trust");
        assert!(matches!(error, RelayError::Connect { step: "STARTTLS", .. }), "{error:?}");
        hop.data().await;
    }
}

#[tokio::test]
async fn a_hop_without_starttls_gets_mail_in_clear_only_if_that_is_allowed() {
    let folder = TempDir::new().expect("a folder");
    let (_, ca) = certificate(&folder);
    let clear = "S: 220 hop\n C: EHLO us.example\n S: 250-hop\n S: 250 DSN\n";
    let hop = ScriptedHop::start(&[clear]).await;
    assert!(probe(&hop, Tls::Opportunistic, None).await.expect("one")[0]);
    hop.data().await;
    let refused = format!("{clear} C: STARTTLS\n S: 502 5.5.1 what\n");
    let hop = ScriptedHop::start(&[&refused]).await;
    let error = probe(&hop, required(&ca, "hop.example"), None).await.expect_err("clear text");
    assert!(matches!(error, RelayError::Connect { step: "STARTTLS", .. }), "{error:?}");
    hop.data().await;
}

#[tokio::test]
async fn clear_text_behind_starttls_is_never_taken_for_an_answer_inside() {
    let folder = TempDir::new().expect("a folder");
    let (acceptor, ca) = certificate(&folder);
    let script = format!("{HELLO} C: STARTTLS\n S: 220 go\\n250-hop\\n250 INJECTED\n SILENT");
    let hop = ScriptedHop::start_with(&[&script], Some(acceptor)).await;
    let error = probe(&hop, required(&ca, "hop.example"), None).await.expect_err("an injection");
    assert!(matches!(error, RelayError::Protocol { fault: Fault::Unasked, .. }), "{error:?}");
    hop.data().await;
}

#[tokio::test]
async fn sign_in_takes_the_mechanism_that_is_offered() {
    let folder = TempDir::new().expect("a folder");
    let (acceptor, ca) = certificate(&folder);
    let secret_file = folder.path().join("secret");
    std::fs::write(&secret_file, "pa ss\n").expect("a file");
    let auth = Auth { user: "user".into(), secret_file };
    for (dialogue, works) in [
        ("S: 250 AUTH LOGIN PLAIN\n C: AUTH PLAIN AHVzZXIAcGEgc3M=\n S: 235 2.7.0 in", true),
        (
            "S: 250 AUTH LOGIN\n C: AUTH LOGIN\n S: 334 VXNlcg==\n C: dXNlcg==\n S: 334 UGFzcw==\n
            C: cGEgc3M=\n S: 235 2.7.0 in",
            true,
        ),
        ("S: 250 AUTH PLAIN\n C: AUTH PLAIN AHVzZXIAcGEgc3M=\n S: 535 5.7.8 no", false),
        ("S: 250 AUTH GSSAPI", false),
    ] {
        let script = format!("{HELLO} {START} {dialogue}");
        let hop = ScriptedHop::start_with(&[&script], Some(acceptor.clone())).await;
        let outcome = probe(&hop, required(&ca, "hop.example"), Some(auth.clone())).await;
        assert_eq!(outcome.is_ok(), works, "{dialogue}: {outcome:?}");
        if let Err(error) = outcome {
            assert!(matches!(error, RelayError::Connect { step: "AUTH", .. }), "{error:?}");
        }
        hop.data().await;
    }
}

#[test]
fn files_that_are_missing_or_empty_are_told_at_the_start() {
    let folder = TempDir::new().expect("a folder");
    let missing = folder.path().join("missing.pem");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").expect("a file");
    let settings = |ca| Settings { tls: required(ca, "a"), ..Settings::new("h:25", "us.example") };
    assert!(matches!(
        NextHop::new(settings(&missing)),
        Err(BadSettings::Authorities(BadAuthorities::File { .. }))
    ));
    assert!(matches!(NextHop::new(settings(&empty)), Err(BadSettings::Authorities(_))));
}
