//! The envelope of one mail transaction.
//!
//! RFC 5321 §2.3.1; parameters of RFC 1870, 3461, 6152, 6531 are kept as written.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ForwardPath, ReversePath};

/// An envelope needs somebody to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an envelope needs at least one recipient")]
pub struct NoRecipients;

/// One ESMTP parameter of MAIL or RCPT, as written: `SIZE=500`, `SMTPUTF8`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter(String);

impl Parameter {
    /// Takes `keyword` or `keyword=value`; `None` where RFC 5321 §4.1.2 would not.
    pub fn parse(text: &str) -> Option<Parameter> {
        let keyword = text.split('=').next().unwrap_or_default();
        let good_keyword = !keyword.is_empty()
            && !keyword.starts_with('-')
            && keyword.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let good_value = text.chars().all(|c| !c.is_control() && c != ' ');
        let empty_value = text.ends_with('=') && text.len() == keyword.len() + 1;
        (good_keyword && good_value && !empty_value).then(|| Parameter(text.to_owned()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the first `=`, as written; compare without regard to case.
    pub fn keyword(&self) -> &str {
        self.0.split('=').next().unwrap_or_default()
    }

    /// What stands behind the first `=`.
    pub fn value(&self) -> Option<&str> {
        self.0.split_once('=').map(|(_, value)| value)
    }

    /// Whether the keyword is this one; case does not matter.
    pub fn is(&self, keyword: &str) -> bool {
        self.keyword().eq_ignore_ascii_case(keyword)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One recipient that the next hop accepted, with its RCPT parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The forward-path.
    pub path: ForwardPath,
    /// `NOTIFY=`, `ORCPT=` and whatever else stood there.
    pub parameters: Vec<Parameter>,
}

impl Recipient {
    /// A recipient without parameters.
    pub fn plain(path: ForwardPath) -> Recipient {
        Recipient { path, parameters: Vec::new() }
    }
}

/// Reverse-path, parameters and at least one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Envelope {
    reverse_path: ReversePath,
    parameters: Vec<Parameter>,
    recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Written {
    reverse_path: ReversePath,
    parameters: Vec<Parameter>,
    recipients: Vec<Recipient>,
}

impl TryFrom<Written> for Envelope {
    type Error = NoRecipients;
    fn try_from(w: Written) -> Result<Envelope, NoRecipients> {
        Envelope::new(w.reverse_path, w.parameters, w.recipients)
    }
}

impl Envelope {
    /// Refuses an envelope without recipients.
    pub fn new(
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
        recipients: Vec<Recipient>,
    ) -> Result<Envelope, NoRecipients> {
        if recipients.is_empty() {
            return Err(NoRecipients);
        }
        Ok(Envelope { reverse_path, parameters, recipients })
    }

    /// An envelope for one recipient, without parameters.
    pub fn to_one(reverse_path: ReversePath, recipient: Recipient) -> Envelope {
        Envelope { reverse_path, parameters: Vec::new(), recipients: vec![recipient] }
    }

    /// The path of MAIL FROM.
    pub fn reverse_path(&self) -> &ReversePath {
        &self.reverse_path
    }

    /// The parameters of MAIL FROM, as written.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Never empty, in the order of the RCPT commands.
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// The same envelope for some of its recipients, by position.
    pub fn only(&self, keep: impl Fn(usize) -> bool) -> Result<Envelope, NoRecipients> {
        let recipients = self.recipients.iter().enumerate();
        let kept = recipients.filter(|(i, _)| keep(*i)).map(|(_, r)| r.clone()).collect();
        Envelope::new(self.reverse_path.clone(), self.parameters.clone(), kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_no_envelope_in_constructor_and_deserialiser() {
        assert_eq!(Envelope::new(ReversePath::Null, vec![], vec![]), Err(NoRecipients));
        let json = r#"{"reverse_path":"Null","parameters":[],"recipients":[]}"#;
        assert!(serde_json::from_str::<Envelope>(json).is_err());
    }

    #[test]
    fn parameters_keep_their_spelling() {
        let p = Parameter::parse("Ret=FULL").expect("a parameter");
        assert!(p.is("RET"));
        assert_eq!((p.as_str(), p.value()), ("Ret=FULL", Some("FULL")));
        for bad in ["", "=x", "SIZE=", "a b", "-x=1", "X=\u{7}"] {
            assert!(Parameter::parse(bad).is_none(), "{bad:?}");
        }
    }
}
