//! An identity provider on loopback that does what its script says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Settings;

/// Our name there.
pub(crate) const CLIENT: &str = "callfirst";

/// A provider.
#[derive(Clone)]
pub(crate) struct Scripted {
    pub(crate) issuer: String,
    inner: Arc<Inner>,
}

struct Inner {
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
    script: Mutex<Script>,
}

/// What it does with the next log-in.
#[derive(Clone)]
pub(crate) struct Script {
    /// The claims, as they go into the token.
    pub(crate) claims: Value,
    /// `ES256`, `EdDSA`, `none`, or an algorithm that it only says.
    pub(crate) algorithm: &'static str,
    /// The id of the key that it says.
    pub(crate) key: &'static str,
    /// Changes one octet of the signature.
    pub(crate) garble: bool,
    /// The challenge of the log-in that a code is for.
    pub(crate) challenge: String,
    /// The token endpoint answers this status.
    pub(crate) status: u16,
    /// What it calls itself.
    pub(crate) issuer: Option<String>,
    /// How often it was asked for keys.
    pub(crate) keys_asked: usize,
    /// How the token endpoint was asked last.
    pub(crate) authorization: Option<String>,
}

impl Scripted {
    pub(crate) async fn start() -> Scripted {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/staff", listener.local_addr().unwrap());
        let random = SystemRandom::new();
        let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let ec = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let inner = Arc::new(Inner {
            ec: EcdsaKeyPair::from_pkcs8(how, ec.as_ref(), &random).unwrap(),
            ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
            script: Mutex::new(Script {
                claims: json!({}),
                algorithm: "ES256",
                key: "ec",
                garble: false,
                challenge: String::new(),
                status: 200,
                issuer: None,
                keys_asked: 0,
                authorization: None,
            }),
        });
        let it = Scripted { issuer, inner };
        let router = Router::new()
            .route("/staff/.well-known/openid-configuration", get(describe))
            .route("/staff/keys", get(keys))
            .route("/staff/token", post(token))
            .with_state(it.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        it
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            secret_file: None,
            ca_file: None,
            login_claim: "preferred_username".to_owned(),
            groups_claim: "groups".to_owned(),
            scopes: vec!["profile".to_owned()],
        }
    }

    pub(crate) fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.inner.script.lock().unwrap());
    }

    pub(crate) fn seen(&self) -> Script {
        self.inner.script.lock().unwrap().clone()
    }

    /// Claims that are all as they should be, for the log-in that this page begins.
    pub(crate) fn claims(&self, page: &str, now: i64) -> Value {
        let asked = query(page);
        self.script(|script| script.challenge = asked["code_challenge"].clone());
        json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "u-17", "exp": now + 300, "iat": now,
            "nonce": asked["nonce"], "preferred_username": "Kim", "name": "Kim Ström",
            "email": "kim@us.example", "email_verified": true, "groups": ["staff", "reviewers"],
        })
    }
}

/// The fields of an address.
pub(crate) fn query(page: &str) -> BTreeMap<String, String> {
    let fields = page.split_once('?').unwrap().1.split('&');
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    fields.filter_map(|f| f.split_once('=')).map(|(n, v)| (n.to_owned(), decoded(v))).collect()
}

async fn describe(State(it): State<Scripted>) -> Json<Value> {
    let at = &it.issuer;
    Json(json!({
        "issuer": it.seen().issuer.unwrap_or_else(|| at.clone()),
        "authorization_endpoint": format!("{at}/authorize"),
        "token_endpoint": format!("{at}/token"), "jwks_uri": format!("{at}/keys"),
    }))
}

async fn keys(State(it): State<Scripted>) -> Json<Value> {
    it.script(|script| script.keys_asked += 1);
    let point = it.inner.ec.public_key().as_ref().to_vec();
    let text = |octets: &[u8]| BASE64URL_NOPAD.encode(octets);
    Json(json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig",
          "x": text(&point[1..33]), "y": text(&point[33..]) },
        { "kty": "OKP", "crv": "Ed25519", "kid": "ed",
          "x": text(it.inner.ed.public_key().as_ref()) },
        { "kty": "EC", "crv": "P-256", "kid": "enc", "use": "enc",
          "x": text(&point[1..33]), "y": text(&point[33..]) },
    ] }))
}

async fn token(
    State(it): State<Scripted>,
    headers: HeaderMap,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let authorization = headers.get("authorization").map(|v| v.to_str().unwrap().to_owned());
    it.script(|script| script.authorization = authorization);
    let script = it.seen();
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(&fields["code_verifier"]));
    if fields["code"] != "good" || challenge != script.challenge || script.status != 200 {
        let status = StatusCode::from_u16(script.status.max(400)).unwrap();
        return (status, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    Json(json!({ "access_token": "x", "token_type": "Bearer", "id_token": it.signed(&script) }))
        .into_response()
}

impl Scripted {
    fn signed(&self, script: &Script) -> String {
        let header = json!({ "alg": script.algorithm, "kid": script.key });
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let text = format!("{}.{}", part(&header), part(&script.claims));
        let mut signature = match script.algorithm {
            "none" => Vec::new(),
            "EdDSA" => self.inner.ed.sign(text.as_bytes()).as_ref().to_vec(),
            _ => {
                let random = SystemRandom::new();
                self.inner.ec.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec()
            }
        };
        if script.garble {
            signature[7] ^= 1;
        }
        format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}
