//! A range of addresses, as `192.0.2.0/24`, `2001:db8::/32` or one address.

use std::{fmt, net::IpAddr, str::FromStr};

/// Not an address range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a network: write it as 192.0.2.0/24, 2001:db8::/32 or as one address")]
pub struct BadNetwork;

/// A range of addresses that share a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

impl Network {
    /// Every loopback address: `127.0.0.0/8` and `::1`.
    pub fn loopback() -> Vec<Network> {
        vec![
            Network { address: IpAddr::from([127, 0, 0, 0]), prefix_bits: 8 },
            Network { address: IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1u16]), prefix_bits: 128 },
        ]
    }

    /// Whether the address lies in it. An IPv4 address written as IPv6 is read as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same_front(u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32, self)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                same_front(ours.to_bits(), theirs.to_bits(), 128, self)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn same_front(ours: u128, theirs: u128, width: u32, network: &Network) -> bool {
    // Shifting by the whole width is what a prefix of 0 asks for: everything is inside.
    let shift = width.saturating_sub(network.prefix_bits);
    (ours ^ theirs).checked_shr(shift).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = BadNetwork;

    /// Refuses bits behind the prefix: `10.1.2.3/8` is more likely a slip than meant.
    fn from_str(text: &str) -> Result<Network, BadNetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| BadNetwork)?;
        let (width, bits) = match address {
            IpAddr::V4(v4) => (32, u128::from(v4.to_bits())),
            IpAddr::V6(v6) => (128, v6.to_bits()),
        };
        let prefix_bits: u32 = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| BadNetwork)?,
            None => width,
        };
        let host_bits = width.checked_sub(prefix_bits).ok_or(BadNetwork)?;
        let mask = 1u128.checked_shl(host_bits).map_or(u128::MAX, |top| top - 1);
        if bits & mask != 0 {
            return Err(BadNetwork);
        }
        Ok(Network { address, prefix_bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(network: &str, address: &str) -> bool {
        let network: Network = network.parse().expect("a network");
        network.contains(address.parse().expect("an address"))
    }

    #[test]
    fn an_address_is_inside_or_not() {
        assert!(inside("127.0.0.0/8", "127.255.3.4"));
        assert!(!inside("127.0.0.0/8", "128.0.0.1"));
        assert!(inside("::1/128", "::1") && !inside("::1", "::2"));
        assert!(inside("192.0.2.7", "192.0.2.7") && !inside("192.0.2.7", "192.0.2.6"));
        assert!(inside("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(inside("192.0.2.0/24", "::ffff:192.0.2.9"));
        assert!(inside("0.0.0.0/0", "8.8.8.8") && !inside("0.0.0.0/0", "2001:db8::1"));
        assert!(inside("::/0", "2001:db8::1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for bad in ["", "10.0.0.0/33", "10.1.2.3/8", "::1/129", "host", "10.0.0.0/", "1.2.3.4/-1"] {
            assert_eq!(bad.parse::<Network>(), Err(BadNetwork), "{bad:?}");
        }
    }
}
