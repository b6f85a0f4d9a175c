//! A server, and the connections to it that are kept for the next question.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, Request,
    header::{ACCEPT, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT},
    http::request::Builder,
};

use super::{
    BadSettings, Endpoint, Failure, Secret,
    connection::{self, Connection, Reply},
};
use crate::reach::{Tls, Whither};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const US: HeaderValue = HeaderValue::from_static(concat!("callfirst/", env!("CARGO_PKG_VERSION")));

/// What a client is built from.
#[derive(Debug)]
pub struct Settings {
    /// Where it is asked.
    pub endpoint: Endpoint,
    /// What proves who asks; nothing where there is none.
    pub secret: Option<Secret>,
    /// Certificate authorities beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Whether clear text may go to an address that is not private.
    pub plain_http: bool,
    /// Connections that are kept while nothing is asked.
    pub most_idle: usize,
    /// The most octets of an answer.
    pub most_octets: usize,
}

/// One question.
#[derive(Debug)]
pub enum Call<'q> {
    /// GET of this path and query.
    Get(&'q str),
    /// POST of this JSON to the endpoint's own path.
    Post(String),
    /// The same with more header fields.
    Told {
        /// The JSON.
        body: String,
        /// Names and values of the fields.
        fields: Vec<(&'static str, String)>,
    },
    /// POST of this form, encoded, to the endpoint's own path.
    Form(String),
}

/// See the module. Shared by all sessions.
pub struct Client {
    endpoint: Endpoint,
    tls: Option<Tls>,
    whither: Whither,
    secret: Option<Secret>,
    most_idle: usize,
    most_octets: usize,
    idle: Mutex<Vec<Connection>>,
}

impl Client {
    /// Reads certificates. Asks nobody.
    pub fn new(settings: Settings) -> Result<Client, BadSettings> {
        let tls = match settings.endpoint.tls {
            true => Some(Tls::new(&settings.endpoint.host, settings.ca_file.as_deref())?),
            false => None,
        };
        // Clear text stays in the house, but where it is meant to leave.
        let whither = match tls.is_some() || settings.plain_http {
            true => Whither::Anywhere,
            false => Whither::Near,
        };
        Ok(Client {
            endpoint: settings.endpoint,
            tls,
            whither,
            secret: settings.secret,
            most_idle: settings.most_idle,
            most_octets: settings.most_octets,
            idle: Mutex::default(),
        })
    }

    /// The same client, for other addresses than its endpoint's scheme says.
    #[must_use]
    pub fn reaching(mut self, whither: Whither) -> Client {
        self.whither = whither;
        self
    }

    /// Asks, and gives the whole answer, whatever its status.
    pub async fn ask(&self, call: Call<'_>) -> Result<Reply, Failure> {
        let request = self.request(call)?;
        let (mut connection, response) = self.send(request).await?;
        let reply = connection::read(response, self.most_octets).await?;
        let kept = connection.is_idle().await;
        let mut idle = self.idle();
        if kept && idle.len() < self.most_idle {
            idle.push(connection);
        }
        Ok(reply)
    }

    /// On a connection that was kept, else on a new one: a server may close what is idle at any
    /// time.
    async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Connection, hyper::Response<hyper::body::Incoming>), Failure> {
        while let Some(mut connection) = self.kept() {
            match connection.send(request).await {
                Ok(response) => return Ok((connection, response)),
                Err(Some(unsent)) => request = unsent,
                Err(None) => return Err(Failure::Broken),
            }
        }
        let opened = Connection::open(&self.endpoint, self.tls.as_ref(), self.whither);
        let mut connection = opened.await?;
        let response = connection.send(request).await.map_err(|_| Failure::Broken)?;
        Ok((connection, response))
    }

    fn kept(&self) -> Option<Connection> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(Connection::is_open)
    }

    fn request(&self, call: Call<'_>) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .header(HOST, &self.endpoint.authority)
            .header(ACCEPT, JSON)
            .header(USER_AGENT, US);
        if let Some(secret) = &self.secret {
            request = request.header(&secret.name, &secret.value);
        }
        let (request, body) = match call {
            Call::Get(target) => (request.method(Method::GET).uri(target), Bytes::new()),
            Call::Post(body) => {
                let request = request.method(Method::POST).uri(&self.endpoint.target);
                (request.header(CONTENT_TYPE, JSON), Bytes::from(body))
            }
            Call::Told { body, fields } => {
                let request = request.method(Method::POST).uri(&self.endpoint.target);
                let request = request.header(CONTENT_TYPE, JSON);
                let with = |request: Builder, (name, value)| request.header(name, value);
                (fields.into_iter().fold(request, with), Bytes::from(body))
            }
            Call::Form(body) => {
                let request = request.method(Method::POST).uri(&self.endpoint.target);
                (request.header(CONTENT_TYPE, FORM), Bytes::from(body))
            }
        };
        request.body(Full::from(body)).map_err(|_| Failure::Broken)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
