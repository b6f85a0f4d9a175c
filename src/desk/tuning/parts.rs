//! A form that may bring a file (RFC 7578): its fields as octets.

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};

/// Fields at most: ours have a handful.
const MOST_FIELDS: usize = 20;

/// The fields of a form, by name.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<(String, Bytes)>);

impl Parts {
    /// Reads `multipart/form-data`; what is none has no fields.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Parts {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = kind
            .and_then(|kind| kind.split_once("boundary="))
            .map(|(_, rest)| rest.split(';').next().unwrap_or_default().trim().trim_matches('"'));
        let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else {
            return Parts::default();
        };
        let delimiter = format!("\r\n--{boundary}");
        let finder = memchr::memmem::Finder::new(delimiter.as_bytes());
        let mut fields = Vec::new();
        // The first delimiter has no line before it.
        let mut from = delimiter.len() - 2;
        for end in finder.find_iter(body).take(MOST_FIELDS) {
            if let Some(field) = body.get(from..end).and_then(|part| field(body, part)) {
                fields.push(field);
            }
            from = end + delimiter.len();
        }
        Parts(fields)
    }

    pub(super) fn octets(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(key, _)| key == name).map_or(&[], |(_, value)| value)
    }
}

fn field(body: &Bytes, part: &[u8]) -> Option<(String, Bytes)> {
    let part = part.strip_prefix(b"\r\n").unwrap_or(part);
    let end = memchr::memmem::find(part, b"\r\n\r\n")?;
    let (head, rest) = part.split_at_checked(end)?;
    let head = String::from_utf8_lossy(head);
    let (_, name) = head.split_once("name=\"")?;
    let name = name.split('"').next()?.to_owned();
    Some((name, body.slice_ref(rest.get(4..)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_and_a_file_are_read_and_the_end_is_no_field() {
        let mut headers = HeaderMap::new();
        let kind = "multipart/form-data; boundary=x7".parse().unwrap();
        headers.insert(header::CONTENT_TYPE, kind);
        let body = "--x7\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--x7\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.eml\"\r\nContent-Type: message/rfc822\r\n\r\n\
             From: a@b.example\r\n\r\nHi\r\n\r\n--x7--\r\n";
        let parts = Parts::read(&headers, &Bytes::from(body));
        assert_eq!(parts.octets("csrf"), b"abc");
        assert_eq!(parts.octets("file"), b"From: a@b.example\r\n\r\nHi\r\n");
        assert_eq!(parts.octets("none"), b"");
    }
}
