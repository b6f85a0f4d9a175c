//! Connections that are kept for the next question.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, Request,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT},
};

use super::{
    Endpoint, Failure,
    connection::{self, Connection, Reply},
    tls::Tls,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const US: HeaderValue = HeaderValue::from_static(concat!("callfirst/", env!("CARGO_PKG_VERSION")));

/// The server, and the idle connections to it.
pub(super) struct Pool {
    pub(super) endpoint: Endpoint,
    pub(super) tls: Option<Tls>,
    pub(super) plain_http: bool,
    /// `Bearer` and the key; marked as sensitive, so that it is never printed.
    pub(super) authorization: Option<HeaderValue>,
    pub(super) most_idle: usize,
    pub(super) idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// Posts a body and gives the whole answer, whatever its status.
    pub(super) async fn post(&self, body: String) -> Result<Reply, Failure> {
        let request = self.request(body)?;
        let (mut connection, response) = self.send(request).await?;
        let reply = connection::read(response).await?;
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
        let opened = Connection::open(&self.endpoint, self.tls.as_ref(), self.plain_http);
        let mut connection = opened.await?;
        let response = connection.send(request).await.map_err(|_| Failure::Broken)?;
        Ok((connection, response))
    }

    fn kept(&self) -> Option<Connection> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(Connection::is_open)
    }

    fn request(&self, body: String) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&self.endpoint.target)
            .header(HOST, &self.endpoint.authority)
            .header(CONTENT_TYPE, JSON)
            .header(ACCEPT, JSON)
            .header(USER_AGENT, US);
        if let Some(key) = &self.authorization {
            request = request.header(AUTHORIZATION, key);
        }
        request.body(Full::from(body)).map_err(|_| Failure::Broken)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
