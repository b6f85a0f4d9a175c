//! A reverse proxy before us: whose address a request has, and whom the proxy vouches for.
//!
//! Only what comes from the networks named in the configuration is believed. From anywhere else the
//! same fields are a stranger's words: they change nothing, and the log says that they came.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderName};

use crate::{mail::Timestamp, telemetry};

/// A stranger who sends the field again and again is told of once in this time.
const TOLD_EVERY_SECS: i64 = 60;
/// No log-in name is longer.
const MAX_NAME_OCTETS: usize = 64;

/// What we believe of a proxy.
#[derive(Clone)]
pub struct Proxy {
    /// Whether an address is one of the proxy's.
    pub is_one: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// The field in which it names who is logged in; without it people log in here.
    pub header: Option<HeaderName>,
    told: Arc<AtomicI64>,
}

impl Proxy {
    /// One at these addresses.
    pub fn new(
        is_one: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
        header: Option<HeaderName>,
    ) -> Proxy {
        Proxy { is_one, header, told: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    /// None: every request is its peer's own.
    pub fn none() -> Proxy {
        Proxy::new(Arc::new(|_| false), None)
    }

    /// The client's address: the peer's, or the last one before our proxies that they tell.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !(self.is_one)(peer) {
            return peer;
        }
        let fields = headers.get_all("x-forwarded-for").iter().rev();
        let told = fields.filter_map(|field| field.to_str().ok()).flat_map(|f| f.rsplit(','));
        let mut told = told.map_while(|address| address.trim().parse::<IpAddr>().ok());
        told.find(|address| !(self.is_one)(*address)).map_or(peer, |found| found.to_canonical())
    }

    /// The log-in name that our proxy vouches for.
    pub(super) fn vouched(
        &self,
        peer: IpAddr,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Option<String> {
        let mut values = headers.get_all(self.header.as_ref()?).iter();
        let value = values.next()?;
        if !(self.is_one)(peer.to_canonical()) {
            self.tell(now);
            return None;
        }
        // Two values: one of them may be the client's own, which the proxy should have removed.
        let name = value.to_str().ok().filter(|_| values.next().is_none())?.trim();
        (!name.is_empty() && name.len() <= MAX_NAME_OCTETS).then(|| name.to_ascii_lowercase())
    }

    fn tell(&self, now: Timestamp) {
        let now = now.as_second();
        let last = self.told.load(Ordering::Relaxed);
        if now.saturating_sub(last) >= TOLD_EVERY_SECS {
            self.told.store(now, Ordering::Relaxed);
            telemetry::desk::header_from_stranger();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy() -> Proxy {
        let ours = |address: IpAddr| address == IpAddr::from([10, 0, 0, 1]);
        Proxy::new(Arc::new(ours), Some(HeaderName::from_static("x-remote-user")))
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_address_is_what_our_proxy_saw_and_not_what_the_client_says() {
        let (ours, stranger) = ([10, 0, 0, 1].into(), [192, 0, 2, 9].into());
        for (peer, field, address) in [
            (stranger, "198.51.100.7", "192.0.2.9"),
            (ours, "198.51.100.7", "198.51.100.7"),
            (ours, "203.0.113.1, 198.51.100.7", "198.51.100.7"),
            (ours, "198.51.100.7, 10.0.0.1", "198.51.100.7"),
            (ours, "198.51.100.7, nonsense", "10.0.0.1"),
            (ours, "", "10.0.0.1"),
            (ours, "::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            let told = headers(&[("x-forwarded-for", field)]);
            assert_eq!(proxy().client(peer, &told).to_string(), address, "{peer} {field}");
        }
        assert_eq!(proxy().client(ours, &headers(&[])).to_string(), "10.0.0.1");
    }

    #[test]
    fn a_name_is_believed_from_the_proxy_alone() {
        let (ours, stranger) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([192, 0, 2, 9]));
        let kim = headers(&[("x-remote-user", "Kim")]);
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(proxy().vouched(ours, &kim, now).as_deref(), Some("kim"));
        assert_eq!(proxy().vouched(stranger, &kim, now), None);
        let two = headers(&[("x-remote-user", "kim"), ("x-remote-user", "admin")]);
        assert_eq!(proxy().vouched(ours, &two, now), None, "one of them is the client's");
        assert_eq!(proxy().vouched(ours, &headers(&[("x-remote-user", "")]), now), None);
        assert_eq!(Proxy::none().vouched(ours, &kim, now), None);
    }
}
