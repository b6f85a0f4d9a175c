//! What holds for every request: headers, a time limit, a log line without the path, and that a form
//! comes from a page of ours.

use std::time::{Duration, Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};

use crate::telemetry;

/// From head to answer; the store's own limit is shorter.
const REQUEST_LIMIT: Duration = Duration::from_secs(20);

/// On every response, unless a page says otherwise for itself. The page holds a customer's name and number: nobody keeps it, frames it or
/// learns its address. No script and nothing from outside is ever run or loaded.
const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// Where our pages are, as browsers see it.
#[derive(Debug, Clone)]
pub struct Guard {
    origin: String,
    https: bool,
    /// Whether forms are looked at here; else whatever it guards looks closer.
    asks_forms: bool,
}

impl Guard {
    /// Takes scheme, host and port of the public URL.
    pub fn of(public_url: &str) -> Guard {
        let (scheme, rest) = public_url.split_once("://").unwrap_or(("http", public_url));
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        Guard {
            origin: format!("{scheme}://{host}").to_ascii_lowercase(),
            https: scheme.eq_ignore_ascii_case("https"),
            asks_forms: true,
        }
    }

    /// Whether browsers reach us under TLS only.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Headers, a time limit and a log line around pages that look at their forms themselves.
    pub fn around(self, pages: Router) -> Router {
        let guard = Guard { asks_forms: false, ..self };
        pages.layer(middleware::from_fn_with_state(guard, every_request))
    }

    /// Whether a request proves that it comes from a page of ours: by `Sec-Fetch-Site`, or by
    /// `Origin` from a browser that does not send that. One that says nothing proves nothing.
    pub fn is_proven_ours(&self, headers: &HeaderMap) -> bool {
        match headers.get("sec-fetch-site") {
            Some(site) => site == "same-origin",
            None => headers
                .get(header::ORIGIN)
                .and_then(|origin| origin.to_str().ok())
                .is_some_and(|origin| origin.eq_ignore_ascii_case(&self.origin)),
        }
    }

    /// Whether a request that acts comes from a page of ours.
    ///
    /// `Sec-Fetch-Site` decides where the browser sends it. Without it `Origin` does; `null` is let
    /// through, because browsers write that on forms of pages with `Referrer-Policy: no-referrer`.
    /// Neither replaces the nonce.
    fn is_ours(&self, headers: &HeaderMap) -> bool {
        let text = |name: &HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
        if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
            return site == "same-origin";
        }
        match text(&header::ORIGIN) {
            None | Some("null") => true,
            Some(origin) => origin.eq_ignore_ascii_case(&self.origin),
        }
    }
}

fn foreign() -> Response {
    super::message(
        StatusCode::FORBIDDEN,
        "Nothing was changed",
        "This form did not come from our page. Please open the link in our mail and decide there.",
    )
}

/// Wraps every handler, the fallback too.
pub(super) async fn every_request(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let route = route.as_deref().unwrap_or("other");
    let acts = !matches!(method, Method::GET | Method::HEAD);
    let mut response = if acts && guard.asks_forms && !guard.is_ours(request.headers()) {
        telemetry::web::foreign_form(route);
        foreign()
    } else {
        tokio::time::timeout(REQUEST_LIMIT, next.run(request))
            .await
            .unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if guard.https {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    telemetry::web::answered(method.as_str(), route, response.status().as_u16(), begun.elapsed());
    response
}
