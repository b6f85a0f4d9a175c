//! What the parameters of MAIL and RCPT mean, and whether they are well written.
//!
//! The parameters themselves go on as they came; a server that knows one must still refuse a
//! value that the extension does not have.
//!
//! RFC 1870 (SIZE), RFC 6152 (BODY), RFC 6531 (SMTPUTF8), RFC 3461 (RET, ENVID, NOTIFY,
//! ORCPT), RFC 4954 §5 (AUTH).

use super::xtext::is_xtext;
use crate::mail::Parameter;

/// RFC 3461 §4.4.
const MAX_ENVID_OCTETS: usize = 100;

/// RFC 3461 §4.2.
const MAX_ORCPT_OCTETS: usize = 500;

/// Why a parameter was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadParameter {
    /// We do not know it.
    #[error("the parameter is not known")]
    Unknown,
    /// We know it, but not this value.
    #[error("the parameter has no such value")]
    Value,
    /// It stands there twice.
    #[error("the parameter stands there twice")]
    Twice,
}

/// What the parameters of one MAIL ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailNeeds {
    /// The declared size in octets; a number beyond `u64` is its greatest value.
    pub size: Option<u64>,
    /// SMTPUTF8 stands there.
    pub smtputf8: bool,
    /// RET or ENVID stands there.
    pub dsn: bool,
}

/// Reads the parameters of MAIL.
pub fn mail_needs(parameters: &[Parameter]) -> Result<MailNeeds, BadParameter> {
    refuse_twice(parameters)?;
    let mut needs = MailNeeds::default();
    for parameter in parameters {
        let value = parameter.value();
        match parameter.keyword().to_ascii_uppercase().as_str() {
            "SIZE" => needs.size = Some(size(value)?),
            "BODY" => one_of(value, &["7BIT", "8BITMIME"])?,
            "SMTPUTF8" => {
                needs.smtputf8 = true;
                good(value.is_none())?;
            }
            "RET" => {
                needs.dsn = true;
                one_of(value, &["FULL", "HDRS"])?;
            }
            "ENVID" => {
                needs.dsn = true;
                good(value.is_some_and(|v| v.len() <= MAX_ENVID_OCTETS && is_xtext(v)))?;
            }
            // Not offered, but Postfix's before-queue proxy copies it from its own client.
            "AUTH" => good(value.is_some_and(|v| v == "<>" || is_xtext(v)))?,
            _ => return Err(BadParameter::Unknown),
        }
    }
    Ok(needs)
}

/// Reads the parameters of RCPT; `true` if DSN is asked for.
pub fn rcpt_needs_dsn(parameters: &[Parameter]) -> Result<bool, BadParameter> {
    refuse_twice(parameters)?;
    for parameter in parameters {
        let value = parameter.value().unwrap_or_default();
        match parameter.keyword().to_ascii_uppercase().as_str() {
            "NOTIFY" => good(is_notify(value))?,
            "ORCPT" => good(is_orcpt(value))?,
            _ => return Err(BadParameter::Unknown),
        }
    }
    Ok(!parameters.is_empty())
}

fn refuse_twice(parameters: &[Parameter]) -> Result<(), BadParameter> {
    let mut rest = parameters;
    while let Some((first, behind)) = rest.split_first() {
        if behind.iter().any(|other| other.is(first.keyword())) {
            return Err(BadParameter::Twice);
        }
        rest = behind;
    }
    Ok(())
}

fn good(is_good: bool) -> Result<(), BadParameter> {
    if is_good { Ok(()) } else { Err(BadParameter::Value) }
}

fn one_of(value: Option<&str>, known: &[&str]) -> Result<(), BadParameter> {
    good(value.is_some_and(|value| known.iter().any(|k| k.eq_ignore_ascii_case(value))))
}

fn size(value: Option<&str>) -> Result<u64, BadParameter> {
    let digits = value.unwrap_or_default();
    good(!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))?;
    Ok(digits.parse().unwrap_or(u64::MAX))
}

/// NEVER alone, or a list of the others (RFC 3461 §4.1).
fn is_notify(value: &str) -> bool {
    let when = ["SUCCESS", "FAILURE", "DELAY"];
    value.eq_ignore_ascii_case("NEVER")
        || value.split(',').all(|word| when.iter().any(|w| w.eq_ignore_ascii_case(word)))
}

/// An address type, `;` and xtext, or UTF-8 for the type of RFC 6533.
fn is_orcpt(value: &str) -> bool {
    let Some((kind, address)) = value.split_once(';') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || c == '-';
    value.len() <= MAX_ORCPT_OCTETS
        && !kind.is_empty()
        && kind.chars().all(atom)
        && !address.is_empty()
        && (is_xtext(address) || kind.eq_ignore_ascii_case("utf-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Vec<Parameter> {
        text.split(' ').filter_map(Parameter::parse).collect()
    }

    fn mail(text: &str) -> Result<MailNeeds, BadParameter> {
        mail_needs(&parameters(text))
    }

    #[test]
    fn known_parameters_are_understood() {
        assert_eq!(
            mail("SIZE=100 BODY=8BitMime SMTPUTF8 RET=hdrs ENVID=a+2Bb AUTH=<>"),
            Ok(MailNeeds { size: Some(100), smtputf8: true, dsn: true })
        );
        assert_eq!(mail("SIZE=99999999999999999999999").map(|n| n.size), Ok(Some(u64::MAX)));
        assert_eq!(mail(""), Ok(MailNeeds::default()));
        let rcpt = parameters("NOTIFY=failure,DELAY ORCPT=rfc822;dsn@orig.example");
        assert_eq!(rcpt_needs_dsn(&rcpt), Ok(true));
        assert_eq!(rcpt_needs_dsn(&parameters("ORCPT=utf-8;é@b.example")), Ok(true));
        assert_eq!(rcpt_needs_dsn(&[]), Ok(false));
    }

    #[test]
    fn unknown_wrong_and_repeated_parameters_are_refused() {
        assert_eq!(mail("FOO=BAR"), Err(BadParameter::Unknown));
        assert_eq!(mail("SIZE=1 size=2"), Err(BadParameter::Twice));
        for bad in
            ["BODY=NONSENSE", "BODY=BINARYMIME", "SIZE=abc", "SIZE=-1", "SIZE", "SMTPUTF8=1", "RET"]
        {
            assert_eq!(mail(bad), Err(BadParameter::Value), "{bad}");
        }
        for (bad, why) in [
            ("FOO=BAR", BadParameter::Unknown),
            ("NOTIFY=NEVER,SUCCESS", BadParameter::Value),
            ("NOTIFY=", BadParameter::Value),
            ("ORCPT=rfc822", BadParameter::Value),
            ("ORCPT=rfc822;é@b.example", BadParameter::Value),
            ("NOTIFY=NEVER NOTIFY=NEVER", BadParameter::Twice),
        ] {
            let got = rcpt_needs_dsn(&parameters(bad));
            assert!(got == Err(why) || parameters(bad).is_empty(), "{bad}: {got:?}");
        }
    }
}
