//! One HTTP/1.1 connection to a server.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{Request, Response, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;

use super::{Endpoint, Failure};
use crate::reach::{self, Tls, Whither};

/// Octets of head and buffered body; hyper's least is 8 KiB.
const BUFFER_OCTETS: usize = 16 << 10;

/// A connection that takes one request at a time.
#[derive(Debug)]
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Bytes,
}

impl Connection {
    /// Connects, to the first address that answers. Where clear text may not travel far, only to a
    /// private one.
    pub(super) async fn open(
        endpoint: &Endpoint,
        tls: Option<&Tls>,
        whither: Whither,
    ) -> Result<Connection, Failure> {
        let stream = reach::connect(&endpoint.host, endpoint.port, whither).await?;
        match tls {
            None => Connection::over(stream).await,
            Some(tls) => Connection::over(tls.over(stream).await?).await,
        }
    }

    async fn over<S>(stream: S) -> Result<Connection, Failure>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(BUFFER_OCTETS);
        let shaken = builder.handshake(TokioIo::new(stream)).await;
        let (sender, driver) = shaken.map_err(|_| Failure::Broken)?;
        // It ends when the sender is dropped or the server hangs up; whoever waits for an answer
        // hears of its errors.
        tokio::spawn(async move { drop(driver.await) });
        Ok(Connection { sender })
    }

    /// Whether the server is still there, as far as we know.
    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Whether it takes another request, now that an answer was read to its end. False where the
    /// server closes it.
    pub(super) async fn is_idle(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    /// Sends a request and waits for its head. Gives the request back where it was not sent: the
    /// server had closed the connection before.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Option<Request<Full<Bytes>>>> {
        if self.sender.ready().await.is_err() {
            return Err(Some(request));
        }
        self.sender.try_send_request(request).await.map_err(|mut error| error.take_message())
    }
}

/// Reads an answer to its end.
pub(super) async fn read(
    response: Response<Incoming>,
    most_octets: usize,
) -> Result<Reply, Failure> {
    let status = response.status().as_u16();
    match Limited::new(response.into_body(), most_octets).collect().await {
        Ok(body) => Ok(Reply { status, body: body.to_bytes() }),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::TooLarge),
        Err(_) => Err(Failure::Broken),
    }
}
