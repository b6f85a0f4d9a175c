//! The door before every page: who comes, whether he may, whether a form is one of ours.

use std::net::{IpAddr, Ipv6Addr};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};
use data_encoding::HEXLOWER;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use ring::hmac;
use subtle::ConstantTimeEq;

use super::{
    DeskState, Needs, Visitor,
    answer::{finished, message, see_other, trouble},
    cookie,
};
use crate::{
    telemetry,
    web::{Guard, Peer},
};

/// Of a form that uploads, the token stands within so many octets of its beginning.
const TOKEN_WITHIN: usize = 1024;

/// What one route's door asks for.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) state: DeskState,
    pub(super) needs: Needs,
    pub(super) acts: bool,
    pub(super) most_octets: usize,
}

/// The client's address, for handlers that have no visitor.
#[derive(Debug, Clone)]
pub(super) struct Client(pub(super) String);

/// Lets a request in, or answers it.
pub(super) async fn enter(State(door): State<Door>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    let client = Client(door.state.proxy.client(peer, request.headers()).to_string());
    let visitor = match door.visitor(request.headers(), peer, &client.0).await {
        Ok(visitor) => visitor,
        Err(answer) => return finished(&door.state, None, answer),
    };
    let answer = door.let_in(request, client, visitor.clone(), next).await;
    finished(&door.state, visitor.as_ref(), answer.unwrap_or_else(|answer| answer))
}

impl Door {
    async fn let_in(
        &self,
        mut request: Request,
        client: Client,
        visitor: Option<Visitor>,
        next: Next,
    ) -> Result<Response, Response> {
        if self.acts && !Guard::of(&self.state.public_url).is_proven_ours(request.headers()) {
            telemetry::web::foreign_form("desk");
            return Err(foreign());
        }
        match (self.needs, &visitor) {
            (Needs::Nothing, _) | (Needs::LogIn, Some(_)) => {}
            (Needs::Right(action), Some(visitor)) => visitor.may(action)?,
            (Needs::LogIn | Needs::Right(_), None) => return Err(self.to_log_in(&request)),
        }
        if self.acts {
            let token = visitor.as_ref().map(|visitor| visitor.csrf.as_str());
            let token = token.filter(|_| self.needs != Needs::Nothing);
            request = self.own_form(request, token).await?;
        }
        request.extensions_mut().insert(client);
        if let Some(visitor) = visitor {
            request.extensions_mut().insert(visitor);
        }
        Ok(next.run(request).await)
    }

    async fn visitor(
        &self,
        headers: &HeaderMap,
        peer: IpAddr,
        address: &str,
    ) -> Result<Option<Visitor>, Response> {
        let state = &self.state;
        if let Some(login) = state.proxy.vouched(peer, headers, state.now()) {
            return self.vouched(&login, address).await.map(Some);
        }
        let Some(secret) = cookie::brought(state, headers) else { return Ok(None) };
        let visit = state.accounts.visit(&secret, state.now()).await;
        let visit = visit.map_err(|error| trouble(&error))?;
        Ok(visit.map(|visit| Visitor {
            person: state.with_teams(visit.account.person),
            csrf: secret.derived("form"),
            session: visit.session.id,
            address: address.to_owned(),
        }))
    }

    /// Whom the proxy names. He needs an account here: it says what he may.
    async fn vouched(&self, login: &str, address: &str) -> Result<Visitor, Response> {
        let state = &self.state;
        let found = state.accounts.find_login(login).await.map_err(|error| trouble(&error))?;
        let account = found.filter(|account| account.disabled.is_none()).ok_or_else(stranger)?;
        // No session, so its forms have one token as long as the key is the same; where they come
        // from is looked at besides.
        let key = hmac::Key::new(hmac::HMAC_SHA256, &state.form_key);
        let token = hmac::sign(&key, account.person.id.as_str().as_bytes());
        Ok(Visitor {
            person: state.with_teams(account.person),
            csrf: HEXLOWER.encode(token.as_ref()),
            session: String::new(),
            address: address.to_owned(),
        })
    }

    /// On to the log-in, and back to where he wanted to go.
    fn to_log_in(&self, request: &Request) -> Response {
        let wanted = request.uri().path_and_query().map_or("", |path| path.as_str());
        if self.acts || wanted == "/desk" {
            return see_other(&self.state, "/desk/log-in");
        }
        let wanted = utf8_percent_encode(wanted, NON_ALPHANUMERIC);
        see_other(&self.state, &format!("/desk/log-in?next={wanted}"))
    }

    /// The request with its body read, if the body is a form with the visitor's token; a form that
    /// logs somebody in has none yet, and its origin must do.
    async fn own_form(&self, request: Request, token: Option<&str>) -> Result<Request, Response> {
        let (parts, body) = request.into_parts();
        let kind = Kind::of(&parts.headers).ok_or_else(foreign)?;
        let body = to_bytes(body, self.most_octets).await.map_err(|_| too_large())?;
        if let Some(token) = token {
            let brought = kind.token(&body).unwrap_or_default();
            if !bool::from(brought.as_bytes().ct_eq(token.as_bytes())) {
                telemetry::web::foreign_form("desk");
                return Err(foreign());
            }
        }
        Ok(Request::from_parts(parts, Body::from(body)))
    }
}

/// How a form of a browser comes.
enum Kind {
    Fields,
    Parts,
}

impl Kind {
    fn of(headers: &HeaderMap) -> Option<Kind> {
        let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        match kind.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Some(Kind::Fields),
            "multipart/form-data" => Some(Kind::Parts),
            _ => None,
        }
    }

    /// The value of the field `csrf`.
    fn token(&self, body: &Bytes) -> Option<String> {
        match self {
            Kind::Fields => {
                let fields = body.split(|octet| *octet == b'&');
                let value = fields.filter_map(|field| field.strip_prefix(b"csrf=")).next()?;
                Some(percent_decode(value).decode_utf8().ok()?.into_owned())
            }
            Kind::Parts => {
                let front = body.get(..TOKEN_WITHIN.min(body.len()))?;
                let front = String::from_utf8_lossy(front);
                let (_, rest) = front.split_once("name=\"csrf\"\r\n\r\n")?;
                Some(rest.split("\r\n").next()?.to_owned())
            }
        }
    }
}

fn stranger() -> Response {
    message(
        StatusCode::FORBIDDEN,
        "You have no account here",
        "Your house’s log-in knows you, and this desk does not yet. Ask whoever looks after \
         accounts here to add you.",
    )
}

fn foreign() -> Response {
    message(
        StatusCode::FORBIDDEN,
        "Nothing was changed",
        "This form did not come from a page of ours that is still valid. Load the page again and \
         send its form from there.",
    )
}

fn too_large() -> Response {
    message(
        StatusCode::PAYLOAD_TOO_LARGE,
        "Nothing was changed",
        "What was sent is larger than this page takes.",
    )
}
