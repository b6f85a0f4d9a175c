//! A browser in thirty lines, for `demo --exit`: one request, one answer, loopback only.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// No page of ours is larger.
const MAX_PAGE: u64 = 4 << 20;

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

pub(super) async fn get(server: SocketAddr, path: &str) -> std::io::Result<Answer> {
    ask(server, &format!("GET {path} HTTP/1.0\r\nHost: {server}\r\n\r\n")).await
}

/// Sends a form as a browser would from a page of the same server.
pub(super) async fn post(
    server: SocketAddr,
    path: &str,
    fields: &[(&str, &str)],
) -> std::io::Result<Answer> {
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    let form = fields.iter().map(pair).collect::<Vec<_>>().join("&");
    let request = format!(
        "POST {path} HTTP/1.0\r\nHost: {server}\r\nOrigin: http://{server}\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    ask(server, &request).await
}

async fn ask(server: SocketAddr, request: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MAX_PAGE).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    match (status, body) {
        (Some(status), Some(body)) => Ok(Answer { status, body }),
        _ => Err(std::io::ErrorKind::InvalidData.into()),
    }
}

fn encoded(text: &str) -> String {
    let one = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(b).to_string()
        }
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(one).collect()
}

/// The value of a form's hidden field.
pub(super) fn hidden_field(page: &str, name: &str) -> Option<String> {
    let at = page.find(&format!("name=\"{name}\""))?;
    let rest = page.get(at..)?;
    let rest = rest.get(..rest.find('>')?)?;
    let value = rest.split_once("value=\"")?.1;
    value.split('"').next().map(str::to_owned)
}
