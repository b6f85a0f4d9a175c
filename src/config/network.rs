//! A range of addresses: `192.0.2.0/24`, `::1`.

use std::{fmt, net::IpAddr};

/// An address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Parses `address/bits`; a bare address is itself alone. Bits behind the prefix must be zero,
    /// because `10.1.2.3/8` is usually a slip for one of two different things.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) => digits.parse().ok().filter(|p| *p <= all)?,
            None => all,
        };
        let network = Network { address, prefix };
        (masked(address, prefix) == address).then_some(network)
    }

    /// Whether the address lies in it. An IPv4 address that came through an IPv6 socket
    /// (`::ffff:192.0.2.1`) is taken for what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && masked(address, self.prefix) == self.address
    }

    /// Whether only this machine lies in it.
    pub fn is_loopback(&self) -> bool {
        match self.address {
            IpAddr::V4(a) => a.is_loopback() && self.prefix >= 8,
            IpAddr::V6(a) => a.is_loopback() && self.prefix == 128,
        }
    }
}

fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(a) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4((a.to_bits() & mask).into())
        }
        IpAddr::V6(a) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6((a.to_bits() & mask).into())
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_inside_or_outside() {
        let inside = |net: &str, ip: &str| Network::parse(net).unwrap().contains(ip.parse().unwrap());
        assert!(inside("127.0.0.0/8", "127.9.9.9"));
        assert!(inside("127.0.0.0/8", "::ffff:127.0.0.1"));
        assert!(!inside("127.0.0.0/8", "128.0.0.1"));
        assert!(inside("::1/128", "::1"));
        assert!(inside("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!inside("2001:db8::/32", "2001:db9::1"));
        assert!(inside("0.0.0.0/0", "8.8.8.8"));
        assert!(!inside("0.0.0.0/0", "::1"));
        assert!(inside("192.0.2.7", "192.0.2.7"));
    }

    #[test]
    fn slips_are_refused() {
        for text in ["", "10.1.2.3/8", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "localhost", "10/8"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
