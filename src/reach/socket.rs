//! A connection to the first address of a host that answers.

use std::net::SocketAddr;

use tokio::net::{TcpStream, lookup_host};

use super::{Unreached, Whither};

/// Connects to the addresses of the host in turn, but only to those that may be: what is checked is
/// what is connected to, so that a name cannot stand for another address the second time.
pub async fn connect(host: &str, port: u16, whither: Whither) -> Result<TcpStream, Unreached> {
    let found = lookup_host((host, port)).await;
    let all: Vec<SocketAddr> = found.map_err(|_| Unreached::Nobody)?.collect();
    let allowed: Vec<SocketAddr> = all.iter().copied().filter(|a| whither.allows(a.ip())).collect();
    if allowed.is_empty() && !all.is_empty() {
        return Err(Unreached::Beyond(whither));
    }
    let stream = TcpStream::connect(allowed.as_slice()).await.map_err(|_| Unreached::Nobody)?;
    // A question is one write; nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}
