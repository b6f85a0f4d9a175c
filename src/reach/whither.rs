//! Which addresses may be connected to. A URL that somebody configured, or a name that somebody else
//! answers for, must not lead into the house (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whither {
    /// Any.
    Anywhere,
    /// This machine and private networks.
    Near,
    /// This machine.
    ThisMachine,
    /// Addresses of the open network only.
    Public,
}

impl Whither {
    /// Whether this address is one of them.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Whither::Anywhere => true,
            Whither::Near => is_near(address),
            Whither::ThisMachine => address.to_canonical().is_loopback(),
            Whither::Public => is_public(address),
        }
    }
}

/// Whether an address is this machine's or a private network's (RFC 1918, 3927, 4193, 4291).
pub fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// Whether packets to it leave the house: not to the networks of RFC 6890 and its registry, nor to one
/// of them wrapped in IPv6 (mapped, compatible, NAT64 of RFC 6052, 6to4 of RFC 3056).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation()
        || a == 0
        // Carrier NAT, IETF protocols, 6to4 anycast, benchmarks, reserved.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let wrapped = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match [a, b, c, d, e, f] {
        [0x64, 0xff9b, 0, 0, 0, 0] => wrapped(g, h),
        [0x2002, high, low, ..] => wrapped(high, low),
        // Global unicast only, without Teredo, ORCHID, documentation and the other special ones.
        _ => a & 0xe000 == 0x2000 && !(a == 0x2001 && (b < 0x200 || b == 0xdb8)) && a != 0x3fff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_house_is_public_however_it_is_written() {
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.9.9",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.170",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::1",
            "2001:db8::1",
            "2001::1",
            "100::1",
            "fec0::1",
        ] {
            let address = inside.parse().unwrap();
            assert!(!Whither::Public.allows(address), "{inside}");
            assert!(Whither::Anywhere.allows(address));
        }
        for outside in
            ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8", "2a00::1"]
        {
            assert!(Whither::Public.allows(outside.parse().unwrap()), "{outside}");
            assert!(!Whither::ThisMachine.allows(outside.parse().unwrap()));
        }
        assert!(Whither::ThisMachine.allows("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!Whither::ThisMachine.allows("10.0.0.1".parse().unwrap()));
    }
}
