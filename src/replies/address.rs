//! The address that replies go to: `callfirst+TOKEN@northwind.example`.

use crate::{
    mail::{ForwardPath, HoldId, Mailbox},
    release::{Keys, REPLY_TOKEN_CHARS},
};

/// RFC 5321 §4.5.3.1.1.
const MAX_LOCAL_PART: usize = 64;

/// The mailbox that replies go to, and how a token is put into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyAddress {
    local_part: String,
    separator: char,
    domain: String,
}

/// A forward-path of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The hold, where the token is one of ours.
    pub(super) hold: Option<HoldId>,
}

impl Addressed {
    /// Whether the token names a hold.
    pub fn is_genuine(&self) -> bool {
        self.hold.is_some()
    }
}

impl ReplyAddress {
    /// The longest local part that leaves room for a token.
    pub const MAX_MAILBOX: usize = MAX_LOCAL_PART - REPLY_TOKEN_CHARS - 1;
    /// What may stand before the token.
    pub const SEPARATORS: [char; 5] = ['+', '-', '_', '.', '='];

    /// `None` where the mailbox has no domain, is no plain atom, or is too long to take a token.
    pub fn new(mailbox: &Mailbox, separator: char) -> Option<ReplyAddress> {
        let local_part = mailbox.local_part();
        let plain = |c: char| c.is_ascii_alphanumeric() || Self::SEPARATORS.contains(&c);
        let good = local_part.len() <= Self::MAX_MAILBOX
            && local_part.chars().all(plain)
            && Self::SEPARATORS.contains(&separator);
        good.then_some(ReplyAddress {
            local_part: local_part.to_owned(),
            separator,
            domain: mailbox.domain()?.to_owned(),
        })
    }

    /// Where replies to this hold's notices go.
    pub fn of(&self, hold: &HoldId, keys: &Keys) -> Option<Mailbox> {
        let ReplyAddress { local_part, separator, domain } = self;
        Mailbox::parse(&format!("{local_part}{separator}{}@{domain}", keys.reply_token(hold))).ok()
    }

    /// Whether a forward-path is such an address; case does not matter, because mail programs do
    /// not keep it. The bare mailbox is somebody else's, and so is what only begins like it
    /// (`callfirst-team`): what does not look like a token is none.
    pub(super) fn read(&self, path: &ForwardPath, keys: &Keys) -> Option<Addressed> {
        let mailbox = path.mailbox();
        let domain = mailbox.domain()?;
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        let (ours, rest) = mailbox.local_part().split_at_checked(self.local_part.len())?;
        let token = rest.strip_prefix(self.separator)?;
        let is_token = token.len() == REPLY_TOKEN_CHARS
            && token.bytes().all(|octet| octet.is_ascii_alphanumeric());
        let same = domain.eq_ignore_ascii_case(&self.domain)
            && ours.eq_ignore_ascii_case(&self.local_part);
        (same && is_token)
            .then(|| Addressed { hold: keys.read_reply(token).ok().map(|bearer| bearer.hold) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> Mailbox {
        Mailbox::parse(text).unwrap()
    }

    #[test]
    fn an_address_comes_back_however_it_was_written() {
        let (keys, hold) = (Keys::new([7; 32]), HoldId::from_octets([1; 16]));
        for separator in ReplyAddress::SEPARATORS {
            let longest = "a".repeat(ReplyAddress::MAX_MAILBOX);
            let ours = ReplyAddress::new(&mailbox(&format!("{longest}@us.example")), separator);
            let ours = ours.unwrap();
            let written = ours.of(&hold, &keys).unwrap();
            assert_eq!(written.local_part().len(), MAX_LOCAL_PART);
            for path in [written.as_str().to_owned(), written.as_str().to_uppercase()] {
                let path = ForwardPath::parse(&path).unwrap();
                assert_eq!(ours.read(&path, &keys), Some(Addressed { hold: Some(hold.clone()) }));
            }
        }
    }

    #[test]
    fn other_addresses_are_not_ours_and_other_tokens_name_nothing() {
        let keys = Keys::new([7; 32]);
        let ours = ReplyAddress::new(&mailbox("callfirst@us.example"), '+').unwrap();
        let read = |path: &str| ours.read(&ForwardPath::parse(path).unwrap(), &keys);
        for path in [
            "callfirst@us.example",
            "callfirst+x@them.example",
            "tom@us.example",
            "postmaster",
            "callfirst-x@us.example",
            "\"callfirst+x\"@us.example",
            "callfirstx+x@us.example",
            "callfirst+@us.example",
            "callfirst+news@us.example",
            "callfirst+é@us.example",
        ] {
            assert_eq!(read(path), None, "{path}");
        }
        let token = "a".repeat(REPLY_TOKEN_CHARS);
        for path in
            [format!("callfirst+{token}@us.example"), format!("CallFirst+{token}@US.example.")]
        {
            assert_eq!(read(&path), Some(Addressed { hold: None }), "{path}");
        }
        for other in [token.replace('a', "-"), format!("{token}a")] {
            assert_eq!(read(&format!("callfirst+{other}@us.example")), None, "{other}");
        }
    }

    #[test]
    fn a_mailbox_without_room_is_no_reply_address() {
        for text in ["postmaster", "\"a b\"@us.example", "much-too-long-a-name@us.example"] {
            assert_eq!(ReplyAddress::new(&mailbox(text), '+'), None, "{text}");
        }
        assert_eq!(ReplyAddress::new(&mailbox("a@us.example"), '*'), None);
    }
}
