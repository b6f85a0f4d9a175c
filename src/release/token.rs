//! The tokens in a notice: in its link, and in the address that replies go to. They permit, so they
//! are never logged.
//!
//! Link: `base64url(version ‖ whose ‖ hold id ‖ HMAC-SHA-256 over purpose and all before it)`.
//! Version 1 has no `whose`: it is the sender's, whose address the hold knows. Version 2 is a
//! party's, and `whose` is the party's number, one octet. Reply: `base32(hold id ‖ the first 96
//! bits of the HMAC over purpose and hold id)`, in either case, because mail programs write local
//! parts as they like; it is the sender's alone. Neither opens what the other does. A one-time
//! effect comes from the hold's state, not from the token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use data_encoding::{BASE32_NOPAD_NOCASE, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::mail::{HoldId, ReversePath, Timestamp};

/// The first octet of the sender's token.
const OF_SENDER: u8 = 1;
/// The first octet of a party's.
const OF_PARTY: u8 = 2;
const TAG: usize = 32;
/// Octets of a hold's id.
const ID: usize = 16;
/// Octets of the tag in a reply's token. A local part has 64 octets (RFC 5321 §4.5.3.1.1), and 96 bits
/// (as in RFC 2404) are more than anybody can try by mail.
const SHORT_TAG: usize = 12;
/// A page that lay open for longer must be loaded again.
const NONCE_LIFE_SECS: i64 = 12 * 3600;

/// How many characters a reply's token has.
pub const REPLY_TOKEN_CHARS: usize = (8 * (ID + SHORT_TAG)).div_ceil(5);

/// Not a token of ours, or not for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid")]
pub struct BadToken;

/// The secret that signs links and pages. Has no `Debug` on purpose.
#[derive(Clone)]
pub struct Keys {
    secret: [u8; 32],
}

/// What a token permits, once its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The hold it is for.
    pub hold: HoldId,
    /// The number of the party whose it is; `None`: the sender's.
    pub party: Option<u8>,
}

impl Keys {
    /// From 32 random octets that are kept secret.
    pub fn new(secret: [u8; 32]) -> Keys {
        Keys { secret }
    }

    /// The token for the link in the notices to this hold's sender.
    pub fn link_token(&self, hold: &HoldId) -> String {
        self.link(vec![OF_SENDER], hold)
    }

    /// The token for the link in the letters to one of its parties.
    pub fn party_token(&self, hold: &HoldId, party: u8) -> String {
        self.link(vec![OF_PARTY, party], hold)
    }

    fn link(&self, mut token: Vec<u8>, hold: &HoldId) -> String {
        token.extend_from_slice(hold.as_str().as_bytes());
        let tag = self.tag("link", &[&token]);
        token.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Reads a token from a link; constant time in the signature.
    pub fn read_link(&self, token: &str) -> Result<Bearer, BadToken> {
        let token = URL_SAFE_NO_PAD.decode(token).map_err(|_| BadToken)?;
        let (signed, tag) =
            token.split_at_checked(token.len().saturating_sub(TAG)).ok_or(BadToken)?;
        let good: bool = self.tag("link", &[signed]).ct_eq(tag).into();
        let (party, id) = match signed {
            _ if !good => return Err(BadToken),
            [OF_SENDER, id @ ..] => (None, id),
            [OF_PARTY, party, id @ ..] => (Some(*party), id),
            _ => return Err(BadToken),
        };
        let id = std::str::from_utf8(id).map_err(|_| BadToken)?;
        Ok(Bearer { hold: HoldId::parse(id).map_err(|_| BadToken)?, party })
    }

    /// The token in the address that replies to this hold's notices go to: lower case, letters and
    /// digits only, [`REPLY_TOKEN_CHARS`] long.
    pub fn reply_token(&self, hold: &HoldId) -> String {
        let mut token = hold.to_octets().to_vec();
        token.extend_from_slice(&self.reply_tag(hold));
        BASE32_NOPAD_NOCASE.encode(&token).to_ascii_lowercase()
    }

    /// Reads a token from such an address, in either case; constant time in the signature. It opens
    /// no page, and who sent the reply it does not tell.
    pub fn read_reply(&self, token: &str) -> Result<Bearer, BadToken> {
        let octets = BASE32_NOPAD_NOCASE.decode(token.as_bytes()).map_err(|_| BadToken)?;
        let (id, tag) = octets.split_first_chunk::<ID>().ok_or(BadToken)?;
        let hold = HoldId::from_octets(*id);
        let good: bool = self.reply_tag(&hold).ct_eq(tag).into();
        good.then_some(Bearer { hold, party: None }).ok_or(BadToken)
    }

    fn reply_tag(&self, hold: &HoldId) -> [u8; SHORT_TAG] {
        let mut short = [0; SHORT_TAG];
        short
            .iter_mut()
            .zip(self.tag("reply", &[hold.as_str().as_bytes()]))
            .for_each(|(s, t)| *s = t);
        short
    }

    /// Names one reply to a hold's notices: the same reply again is the same name.
    pub fn reply_key(&self, hold: &HoldId, what: &[u8]) -> String {
        HEXLOWER.encode(&self.tag("reply key", &[hold.as_str().as_bytes(), what]))
    }

    /// The nonce of a page's form: for this hold, this view.
    pub fn nonce(&self, hold: &HoldId, view: [u8; 16], now: Timestamp) -> String {
        let mut nonce = now.as_second().to_be_bytes().to_vec();
        nonce.extend_from_slice(&view);
        let tag = self.tag("form", &[hold.as_str().as_bytes(), &nonce]);
        nonce.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(nonce)
    }

    /// Whether a form came from a page of ours for this hold, not too long ago.
    pub fn check_nonce(&self, hold: &HoldId, nonce: &str, now: Timestamp) -> Result<(), BadToken> {
        let nonce = URL_SAFE_NO_PAD.decode(nonce).map_err(|_| BadToken)?;
        let (signed, tag) =
            nonce.split_at_checked(nonce.len().saturating_sub(TAG)).ok_or(BadToken)?;
        let good: bool = self.tag("form", &[hold.as_str().as_bytes(), signed]).ct_eq(tag).into();
        let made = signed.first_chunk::<8>().map(|b| i64::from_be_bytes(*b)).ok_or(BadToken)?;
        let age_secs = now.as_second().saturating_sub(made);
        (good && (-60..=NONCE_LIFE_SECS).contains(&age_secs)).then_some(()).ok_or(BadToken)
    }

    /// The mark on mail of ours that comes by again: bound to the hold and its content's digest.
    pub fn mark(&self, hold: &HoldId, content_digest: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.tag("mark", &[hold.as_str().as_bytes(), content_digest]))
    }

    /// A key for another purpose, which tells nothing of this one.
    pub fn derived(&self, purpose: &str) -> [u8; 32] {
        self.tag("derived key", &[purpose.as_bytes()])
    }

    /// The idempotency key of a transaction: reverse-path, sorted forward-paths, content digest.
    pub fn idempotency_key(&self, parts: &[&[u8]]) -> String {
        HEXLOWER.encode(&self.tag("key", parts))
    }

    /// A sender's place among 100, 0 to below 100: always the same, and nobody outside can tell
    /// whose is low. The case of letters does not count.
    pub fn place(&self, sender: &ReversePath) -> f64 {
        let tag = self.tag("place", &[sender.folded().as_bytes()]);
        let [a, b, c, d, ..] = tag;
        100.0 * f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
    }

    fn tag(&self, purpose: &str, parts: &[&[u8]]) -> [u8; TAG] {
        // HMAC takes a key of any length: `new_from_slice` cannot fail.
        #[allow(clippy::expect_used)]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any key length");
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> HoldId {
        HoldId::from_octets([n; 16])
    }

    #[test]
    fn a_token_opens_its_hold_and_any_changed_bit_opens_nothing() {
        let keys = Keys::new([7; 32]);
        let token = keys.link_token(&id(1));
        assert_eq!(keys.read_link(&token), Ok(Bearer { hold: id(1), party: None }));
        assert!(Keys::new([8; 32]).read_link(&token).is_err());
        for i in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[i] = if bytes[i] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            if changed != token {
                assert!(keys.read_link(&changed).is_err(), "octet {i}");
            }
        }
        for junk in ["", "x", "AAAA", "é"] {
            assert!(keys.read_link(junk).is_err());
        }
    }

    #[test]
    fn a_token_names_its_party_and_nobody_makes_himself_another() {
        let keys = Keys::new([7; 32]);
        let token = keys.party_token(&id(1), 3);
        assert_eq!(keys.read_link(&token), Ok(Bearer { hold: id(1), party: Some(3) }));
        // The sender's token of before: the same octets for ever, or links in sent mail die.
        let sender = "ATAxMDEwMTAxMDEwMTAxMDEwMTAxMDEwMTAxMDEwMTAx";
        assert!(keys.link_token(&id(1)).starts_with(sender), "{}", keys.link_token(&id(1)));
        let octets = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for i in 0..octets.len() {
            let mut changed = octets.clone();
            changed[i] ^= 1;
            assert!(keys.read_link(&URL_SAFE_NO_PAD.encode(changed)).is_err(), "octet {i}");
        }
        let without_party = [&octets[..1], &octets[2..]].concat();
        assert!(keys.read_link(&URL_SAFE_NO_PAD.encode(without_party)).is_err());
    }

    #[test]
    fn a_reply_token_survives_a_mail_program_and_no_changed_letter() {
        let keys = Keys::new([7; 32]);
        let token = keys.reply_token(&id(1));
        assert_eq!(token.len(), REPLY_TOKEN_CHARS);
        assert!(token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{token}");
        for written in [token.clone(), token.to_ascii_uppercase()] {
            assert_eq!(keys.read_reply(&written), Ok(Bearer { hold: id(1), party: None }));
        }
        assert!(Keys::new([8; 32]).read_reply(&token).is_err());
        for i in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[i] = if bytes[i] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(keys.read_reply(&changed).is_err(), "letter {i}");
        }
        let short = token.split_at(REPLY_TOKEN_CHARS - 8).0;
        for junk in ["", "x", "aaaaaaaa", short, "é", &format!("{token}aaaaaaaa")] {
            assert!(keys.read_reply(junk).is_err(), "{junk}");
        }
        assert!(keys.read_link(&token).is_err(), "it opens no page");
        assert!(keys.read_reply(&keys.link_token(&id(1))).is_err());
    }

    #[test]
    fn a_sender_keeps_his_place_and_senders_are_spread_evenly() {
        let keys = Keys::new([7; 32]);
        let place = |address: &str| keys.place(&ReversePath::parse(address).unwrap());
        assert!((place("Ann@us.example") - place("ann@US.example")).abs() < f64::EPSILON);
        let below = (0..1_000).filter(|n| place(&format!("s{n}@us.example")) < 25.0).count();
        assert!((200..300).contains(&below), "{below} of 1,000 are below 25");
        assert!((0..100).all(|n| (0.0..100.0).contains(&place(&format!("{n}@us.example")))));
    }

    #[test]
    fn a_nonce_is_for_one_hold_and_not_for_ever() {
        let keys = Keys::new([7; 32]);
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let nonce = keys.nonce(&id(1), [3; 16], now);
        let at = |secs| Timestamp::from_second(1_800_000_000 + secs).unwrap();
        assert_eq!(keys.check_nonce(&id(1), &nonce, at(60)), Ok(()));
        assert!(keys.check_nonce(&id(2), &nonce, at(60)).is_err());
        assert!(keys.check_nonce(&id(1), &nonce, at(NONCE_LIFE_SECS + 1)).is_err());
    }
}
