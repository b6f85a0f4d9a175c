//! A connection to the first address of a host that answers.

use std::net::{IpAddr, SocketAddr};

use tokio::net::{TcpStream, lookup_host};

use super::Unreached;

/// Connects to those addresses of the host in turn to which one may: what is checked is what is
/// connected to.
pub async fn connect(
    host: &str,
    port: u16,
    may: impl Fn(IpAddr) -> bool,
) -> Result<TcpStream, Unreached> {
    let found = lookup_host((host, port)).await;
    let all: Vec<SocketAddr> = found.map_err(|_| Unreached::Nobody)?.collect();
    let allowed: Vec<SocketAddr> = all.iter().copied().filter(|a| may(a.ip())).collect();
    if allowed.is_empty() && !all.is_empty() {
        return Err(Unreached::TooFar);
    }
    let stream = TcpStream::connect(allowed.as_slice()).await.map_err(|_| Unreached::Nobody)?;
    // A question is one write; nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

/// Whether an address is this machine's or a private network's (RFC 1918, 3927, 4193, 4291).
pub fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
