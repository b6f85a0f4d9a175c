//! Which MAIL and RCPT parameters this next hop may see.
//!
//! Takes parameters as the client wrote them and what the next hop offers, gives those that
//! may go on, as written, or the reply of ours where leaving one out would break what it
//! promises. A before-queue Postfix sends parameters that we never offered, so this filter
//! stands behind the doors too.
//!
//! RFC 5321 §4.1.1.11; RFC 1870; RFC 3461 §5.2 (a hop without DSN gets none); RFC 4954 §5;
//! RFC 6152; RFC 6531 §3.4; RFC 3030.

use crate::{
    mail::{Parameter, Recipient, Reply, ReversePath, Status},
    wire::smtp::Capabilities,
};

/// 550 5.6.7 (RFC 6531 §3.5).
const NEEDS_SMTPUTF8: Status = Status::new(550, "5.6.7");

/// The MAIL command, or our refusal.
pub(super) fn mail_command(
    reverse_path: &ReversePath,
    parameters: &[Parameter],
    offered: &Capabilities,
) -> Result<String, Reply> {
    let international = reverse_path.mailbox().is_some_and(|m| m.is_internationalised());
    if international && !offered.has("SMTPUTF8") {
        return Err(no_smtputf8());
    }
    let kept = keep(parameters, offered)?;
    Ok(format!("MAIL FROM:<{}>{kept}\r\n", reverse_path.as_str()))
}

/// The RCPT command, or our refusal.
pub(super) fn rcpt_command(recipient: &Recipient, offered: &Capabilities) -> Result<String, Reply> {
    if recipient.path.mailbox().is_internationalised() && !offered.has("SMTPUTF8") {
        return Err(no_smtputf8());
    }
    let kept = keep(&recipient.parameters, offered)?;
    Ok(format!("RCPT TO:<{}>{kept}\r\n", recipient.path))
}

fn no_smtputf8() -> Reply {
    Reply::new(NEEDS_SMTPUTF8, "the next mail server does not take internationalised mail")
}

fn keep(parameters: &[Parameter], offered: &Capabilities) -> Result<String, Reply> {
    let mut kept = String::new();
    for parameter in parameters {
        if fate(parameter, offered)? {
            kept.push(' ');
            kept.push_str(parameter.as_str());
        }
    }
    Ok(kept)
}

/// Whether the parameter goes on; an error where it may neither go on nor be left out.
fn fate(parameter: &Parameter, offered: &Capabilities) -> Result<bool, Reply> {
    let keyword = parameter.keyword().to_ascii_uppercase();
    match keyword.as_str() {
        // Hints: without them the mail is the same.
        "SIZE" => Ok(offered.has("SIZE")),
        "AUTH" => Ok(offered.has("AUTH")),
        "RET" | "ENVID" | "NOTIFY" | "ORCPT" => Ok(offered.has("DSN")),
        // 8-bit content goes out unchanged even then, as every mail server does today: a
        // conversion would break its signatures.
        "BODY" => match parameter.value() {
            Some(v) if v.eq_ignore_ascii_case("7BIT") || v.eq_ignore_ascii_case("8BITMIME") => {
                Ok(offered.has("8BITMIME"))
            }
            _ => Err(unsupported(&keyword)),
        },
        "SMTPUTF8" if !offered.has("SMTPUTF8") => Err(no_smtputf8()),
        // Anything else promises something (REQUIRETLS, HOLDFOR, BY): on if offered, else no.
        other if offered.has(keyword_of_extension(other)) => Ok(true),
        _ => Err(unsupported(&keyword)),
    }
}

/// The EHLO keyword that offers a parameter, where the two differ.
fn keyword_of_extension(parameter: &str) -> &str {
    match parameter {
        "BY" => "DELIVERBY",
        "HOLDFOR" | "HOLDUNTIL" => "FUTURERELEASE",
        "SOLICIT" => "NO-SOLICITING",
        "TRANSID" => "CHECKPOINT",
        same => same,
    }
}

fn unsupported(keyword: &str) -> Reply {
    Reply::new(Status::PARAMETER, &format!("the next mail server does not offer {keyword}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::ForwardPath;

    fn parameters(text: &str) -> Vec<Parameter> {
        text.split_whitespace().map(|p| Parameter::parse(p).expect("a parameter")).collect()
    }

    fn mail(path: &str, text: &str, offered: &[&str]) -> Result<String, u16> {
        let path = ReversePath::parse(path).expect("a path");
        let offered = Capabilities::from_lines(offered.iter().copied());
        mail_command(&path, &parameters(text), &offered).map_err(|reply| reply.code())
    }

    #[test]
    fn a_hop_that_offers_all_sees_all_as_written() {
        let all = ["SIZE 1000", "8BITMIME", "SMTPUTF8", "DSN", "AUTH PLAIN"];
        let written = "Size=5 body=8bitmime SMTPUTF8 RET=HDRS ENVID=a+2Bb AUTH=<>";
        assert_eq!(
            mail("é@a.example", written, &all),
            Ok(format!("MAIL FROM:<é@a.example> {written}\r\n"))
        );
    }

    #[test]
    fn a_hop_without_extensions_sees_the_bare_command() {
        let written = "SIZE=5 BODY=8BITMIME RET=HDRS ENVID=x AUTH=<>";
        assert_eq!(mail("", written, &[]), Ok("MAIL FROM:<>\r\n".into()));
        let recipient = Recipient {
            path: ForwardPath::parse("b@c.example").expect("a path"),
            parameters: parameters("NOTIFY=NEVER ORCPT=rfc822;b@c.example"),
        };
        let command = rcpt_command(&recipient, &Capabilities::default()).expect("a command");
        assert_eq!(command, "RCPT TO:<b@c.example>\r\n");
    }

    #[test]
    fn what_promises_something_is_refused_where_it_cannot_be_kept() {
        assert_eq!(mail("a@b.example", "SMTPUTF8", &["8BITMIME"]), Err(550));
        assert_eq!(mail("é@b.example", "", &[]), Err(550));
        assert_eq!(mail("a@b.example", "REQUIRETLS", &[]), Err(555));
        assert_eq!(mail("a@b.example", "BODY=BINARYMIME", &["8BITMIME", "BINARYMIME"]), Err(555));
        assert!(mail("a@b.example", "BY=9;R", &["DELIVERBY 5"]).is_ok());
    }
}
