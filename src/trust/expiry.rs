//! When a certificate ends: the one field of it that an operator must not miss.
//!
//! A walk over DER to `notAfter` (RFC 5280 §4.1), and nothing else of it is read or believed.

use std::path::Path;

use rustls_pki_types::{CertificateDer, pem::PemObject};

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Seconds since 1970 at which the first certificate of a PEM file ends; `None` where it does not read.
pub fn ends_at(path: &Path) -> Option<i64> {
    let pem = std::fs::read(path).ok()?;
    let certificate = CertificateDer::pem_slice_iter(&pem).next()?.ok()?;
    not_after(&certificate)
}

fn not_after(der: &[u8]) -> Option<i64> {
    let (_, certificate, _) = element(der)?;
    let (_, mut rest, _) = element(certificate)?;
    // version (may be left out), serialNumber, signature, issuer, then validity.
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (tag, validity, _) = element(rest)?;
    if tag != SEQUENCE {
        return None;
    }
    let (_, _, second) = element(validity)?;
    let (tag, time, _) = element(second)?;
    seconds(tag, std::str::from_utf8(time).ok()?)
}

/// Tag, content and what stands behind it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let octets = usize::from(first & 0x7f);
        if octets == 0 || octets > 4 {
            return None;
        }
        let (long, behind) = rest.split_at_checked(octets)?;
        length = long.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
        rest = behind;
    }
    let (content, behind) = rest.split_at_checked(length)?;
    Some((tag, content, behind))
}

/// `YYMMDDHHMMSSZ`, 50 and up being of the last century, or `YYYYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5).
fn seconds(tag: u8, text: &str) -> Option<i64> {
    let text = match tag {
        UTC_TIME => {
            let year: u8 = text.get(..2)?.parse().ok()?;
            format!("{}{text}", if year >= 50 { "19" } else { "20" })
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_read_and_nonsense_is_none() {
        // The first is written as UTCTime, the second as GeneralizedTime.
        for year in [2031, 2060] {
            let key = rcgen::KeyPair::generate().unwrap();
            let mut parameters =
                rcgen::CertificateParams::new(["relay.example".to_owned()]).unwrap();
            parameters.not_after = rcgen::date_time_ymd(year, 1, 2);
            let certificate = parameters.self_signed(&key).unwrap();
            let der = certificate.der();
            let day = jiff::civil::date(i16::try_from(year).unwrap(), 1, 2);
            let end = day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
            assert_eq!(not_after(der), Some(end));
            for cut in 0..der.len() {
                assert_eq!(not_after(&der[..cut]), None);
            }
        }
        assert_eq!(not_after(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
