//! The second factor: codes by time (RFC 6238, six digits of SHA-1 every 30 seconds, which is what
//! every authenticator reads), and codes for whoever lost it.

use data_encoding::{BASE32_NOPAD, BASE32_NOPAD_NOCASE, BASE64URL_NOPAD};
use ring::{aead, hmac};
use subtle::ConstantTimeEq;

use super::AccountError;
use crate::{mail::Timestamp, rights::PersonId};

/// Octets of a seed: as many as the hash gives (RFC 4226 §4).
const SEED_OCTETS: usize = 20;
/// Seconds of a code.
const STEP_SECS: i64 = 30;
/// How many steps a clock may be off, to either side.
const STEPS_OFF: i64 = 1;
const DIGITS: usize = 6;
/// Codes for whoever lost his second factor: how many, and of how many octets.
pub(super) const RECOVERY_CODES: usize = 8;
const RECOVERY_OCTETS: usize = 10;

/// What an authenticator and we share. Has no `Debug` on purpose.
#[derive(Clone)]
pub struct Seed([u8; SEED_OCTETS]);

impl Seed {
    /// A new one.
    ///
    /// # Errors
    /// [`AccountError::NoRandomness`] where the machine gives none.
    pub fn new() -> Result<Seed, AccountError> {
        let mut octets = [0; SEED_OCTETS];
        getrandom::fill(&mut octets).map_err(|_| AccountError::NoRandomness)?;
        Ok(Seed(octets))
    }

    /// As a person types it into an authenticator.
    pub fn in_base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The step of time whose code this is, if it is that of now or of a step beside it.
    pub(super) fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let this = now.as_second().div_euclid(STEP_SECS);
        let mut steps = this.saturating_sub(STEPS_OFF)..=this.saturating_add(STEPS_OFF);
        steps.find(|step| bool::from(self.code(*step).as_bytes().ct_eq(code.as_bytes())))
    }

    /// The code that an authenticator shows now.
    #[cfg(test)]
    pub(crate) fn code_at(&self, now: Timestamp) -> String {
        self.code(now.as_second().div_euclid(STEP_SECS))
    }

    /// The code of a step (RFC 4226 §5.3).
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = tag.last().map_or(0, |last| usize::from(last & 0x0f));
        let four = tag.get(offset..).and_then(|rest| rest.first_chunk::<4>());
        let number = u32::from_be_bytes(four.copied().unwrap_or_default()) & 0x7fff_ffff;
        format!("{:0width$}", number % 1_000_000, width = DIGITS)
    }
}

/// What a code may look like when it is typed: spaces do not count.
pub(super) fn typed(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_lowercase()
}

/// Whether it is of the form of the codes by time.
pub(super) fn is_by_time(code: &str) -> bool {
    code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit())
}

/// New codes for whoever loses his second factor, as they are shown: once.
pub(super) fn recovery_codes() -> Result<Vec<String>, AccountError> {
    let one = |_| {
        let mut octets = [0; RECOVERY_OCTETS];
        getrandom::fill(&mut octets).map_err(|_| AccountError::NoRandomness)?;
        let text = BASE32_NOPAD_NOCASE.encode(&octets).to_lowercase();
        let groups = text.as_bytes().chunks(4).map(String::from_utf8_lossy);
        Ok(groups.collect::<Vec<_>>().join("-"))
    };
    (0..RECOVERY_CODES).map(one).collect()
}

/// Closes and opens what the database must not tell: with a key that lies beside it, in a file.
#[derive(Clone)]
pub struct Seal(aead::LessSafeKey);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// With this key.
    ///
    /// # Errors
    /// [`AccountError::NoRandomness`] never, but for a key that the cipher does not take.
    pub fn new(key: &[u8; 32]) -> Result<Seal, AccountError> {
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, key);
        Ok(Seal(aead::LessSafeKey::new(key.map_err(|_| AccountError::NoRandomness)?)))
    }

    /// A seed, closed, for this person only.
    ///
    /// # Errors
    /// [`AccountError::NoRandomness`] where the machine gives none.
    pub fn close(&self, seed: &Seed, person: &PersonId) -> Result<String, AccountError> {
        let mut nonce = [0; aead::NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| AccountError::NoRandomness)?;
        let mut closed = seed.0.to_vec();
        let unique = aead::Nonce::assume_unique_for_key(nonce);
        let about = aead::Aad::from(person.as_str());
        self.0
            .seal_in_place_append_tag(unique, about, &mut closed)
            .map_err(|_| AccountError::NoRandomness)?;
        Ok(BASE64URL_NOPAD.encode(&[&nonce[..], &closed[..]].concat()))
    }

    /// The seed that was closed for this person; `None` for anything else.
    pub fn open(&self, closed: &str, person: &PersonId) -> Option<Seed> {
        let octets = BASE64URL_NOPAD.decode(closed.as_bytes()).ok()?;
        let (nonce, closed) = octets.split_first_chunk::<{ aead::NONCE_LEN }>()?;
        let mut closed = closed.to_vec();
        let unique = aead::Nonce::assume_unique_for_key(*nonce);
        let about = aead::Aad::from(person.as_str());
        let seed = self.0.open_in_place(unique, about, &mut closed).ok()?;
        Some(Seed(<[u8; SEED_OCTETS]>::try_from(&*seed).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
        let seed = Seed(*b"12345678901234567890");
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(seed.code(second / STEP_SECS), code, "{second}");
        }
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(seed.step_of("287082", at(59)), Some(1));
        assert_eq!(seed.step_of("287082", at(89)), Some(1), "a clock that is behind");
        assert_eq!(seed.step_of("287082", at(120)), None);
        assert_eq!(seed.step_of("", at(59)), None);
    }

    #[test]
    fn a_seed_opens_for_its_person_and_its_key_only() {
        let seal = Seal::new(&[7; 32]).unwrap();
        let (kim, tom) = (PersonId::new("kim"), PersonId::new("tom"));
        let closed = seal.close(&Seed([1; 20]), &kim).unwrap();
        assert!(seal.open(&closed, &kim).is_some_and(|seed| seed.0 == [1; 20]));
        assert!(seal.open(&closed, &tom).is_none());
        assert!(Seal::new(&[8; 32]).unwrap().open(&closed, &kim).is_none());
        assert!(seal.open("", &kim).is_none() && seal.open("AAAA", &kim).is_none());
    }

    #[test]
    fn codes_for_the_worst_day_are_all_different_and_long() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), RECOVERY_CODES);
        assert!(codes.iter().all(|code| typed(code).len() == 16), "{codes:?}");
    }
}
