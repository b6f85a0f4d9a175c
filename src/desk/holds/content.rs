//! The mail itself: whole, a part of it, or a part that is a web page in its frame.
//!
//! What is given out is octets of no type that a browser would show; what is shown stands in a
//! sandbox that may do nothing (`preview`). Each is in the audit before it is on its way.

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use super::{scope, views::Looked};
use crate::{
    desk::{DeskState, Visitor, not_found, trouble},
    hold::{Hold, HoldError},
    message::{Limits, open_leaf},
    preview::{FRAME_POLICY, frame as framed},
    rights::Action,
};

/// Whatever it is, it stays where it is put: nothing runs in it and nothing is loaded for it.
const FILE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// The longest file name that is offered.
const MAX_NAME_CHARS: usize = 120;

/// GET: the mail as it was received.
pub(super) async fn whole(
    State(state): State<DeskState>,
    visitor: Visitor,
    method: Method,
    Path(id): Path<String>,
) -> Response {
    match opened(&state, &visitor, &method, &id, Looked::Taken).await {
        Ok((hold, octets)) => file(&format!("{}.eml", hold.id), octets),
        Err(answer) => answer,
    }
}

/// GET: one part of it, decoded.
pub(super) async fn part(
    State(state): State<DeskState>,
    visitor: Visitor,
    method: Method,
    Path((id, part)): Path<(String, String)>,
) -> Response {
    let Ok(part) = part.parse::<usize>() else { return not_found() };
    let (_, octets) = match opened(&state, &visitor, &method, &id, Looked::Taken).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    match open_leaf(&octets, &Limits::default(), part) {
        Some(leaf) => {
            let name = leaf.leaf.facts.name;
            let name = if name.is_empty() { format!("part-{part}") } else { name };
            file(&name, Bytes::from(leaf.octets))
        }
        None => not_found(),
    }
}

/// GET: a part that is a web page, cleaned, for the frame of the hold's page.
pub(super) async fn frame(
    State(state): State<DeskState>,
    visitor: Visitor,
    method: Method,
    Path((id, part)): Path<(String, String)>,
) -> Response {
    let Ok(part) = part.parse::<usize>() else { return not_found() };
    let (_, octets) = match opened(&state, &visitor, &method, &id, Looked::Page).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let leaf = open_leaf(&octets, &Limits::default(), part);
    let leaf = leaf.filter(|leaf| leaf.leaf.is_html && !leaf.leaf.is_attached);
    let Some(html) = leaf.and_then(|leaf| leaf.text) else { return not_found() };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, FRAME_POLICY),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, framed(&html)).into_response()
}

/// The hold and its octets, once the view is in the audit. HEAD shows nothing, so it is no view.
async fn opened(
    state: &DeskState,
    visitor: &Visitor,
    method: &Method,
    id: &str,
    looked: Looked,
) -> Result<(Hold, Bytes), Response> {
    let hold = scope::hold(state, visitor, id, Action::SeeContent).await?;
    if method == Method::GET {
        let noted = state.held.views.note(state, visitor, &hold, looked).await;
        noted.map_err(|error| trouble(&error))?;
    }
    match state.store.content(&hold.id).await {
        Ok(octets) => Ok((hold, octets)),
        // Erased, as its time was over.
        Err(HoldError::Already(_)) => Err(not_found()),
        Err(error) => Err(trouble(&error)),
    }
}

fn file(name: &str, octets: Bytes) -> Response {
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let disposition = (header::CONTENT_DISPOSITION, disposition(name));
    (headers, [disposition], octets).into_response()
}

/// `attachment`, with a name that is one everywhere (RFC 6266, RFC 8187).
fn disposition(name: &str) -> HeaderValue {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' };
    let ascii: String = last.chars().take(MAX_NAME_CHARS).map(plain).collect();
    let ascii = ascii.trim_start_matches(['.', ' ']).trim_end();
    let ascii = if ascii.is_empty() { "file" } else { ascii };
    let shown: String = last.chars().take(MAX_NAME_CHARS).filter(|c| !c.is_control()).collect();
    let other = percent_encoding::utf8_percent_encode(&shown, percent_encoding::NON_ALPHANUMERIC);
    let whole = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{other}");
    HeaderValue::from_str(&whole).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_a_name_and_nothing_else() {
        for (name, field) in [
            ("a b.pdf", "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b%2Epdf"),
            ("../../etc/passwd", "attachment; filename=\"passwd\"; filename*=UTF-8''passwd"),
            (
                "x\"; y=\r\nZ: 1",
                "attachment; filename=\"x___y_____Z__1\"; filename*=UTF-8''x%22%3B%20y%3DZ%3A%201",
            ),
            ("größe", "attachment; filename=\"gr__e\"; filename*=UTF-8''gr%C3%B6%C3%9Fe"),
            (".", "attachment; filename=\"file\"; filename*=UTF-8''%2E"),
        ] {
            let expected = field.replace("x___y_____Z__1", "x__ y___Z_ 1");
            assert_eq!(disposition(name).to_str().unwrap(), expected, "{name:?}");
        }
    }
}
