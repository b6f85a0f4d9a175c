//! One command line as a typed value.
//!
//! Takes a line without CRLF, gives a [`Command`] whose paths and parameters are kept as
//! written, or says why not. Verbs and keywords are read without regard to case, blanks at the
//! end are forgiven (RFC 5321 §4.1.1), a blank behind `FROM:` or `TO:` too since many clients
//! send one. Nothing else is repaired.
//!
//! RFC 5321 §4.1.1, RFC 2033 §4.1 (LHLO), RFC 3207 (STARTTLS), Postfix XFORWARD_README.

use super::xtext::is_xtext;
use crate::mail::{BadPath, ForwardPath, Parameter, Recipient, ReversePath};

/// A name in HELO longer than this is no host name (RFC 5321 §4.5.3.1.2).
const MAX_HELO_OCTETS: usize = 255;

/// Postfix sends at most 255 octets a value.
const MAX_XFORWARD_OCTETS: usize = 255;

/// The XFORWARD attributes there are.
pub const XFORWARD_ATTRIBUTES: [&str; 7] =
    ["NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"];

/// A command that can be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// HELO.
    Helo(HeloName),
    /// EHLO.
    Ehlo(HeloName),
    /// LHLO.
    Lhlo(HeloName),
    /// MAIL FROM.
    Mail(ReversePath, Vec<Parameter>),
    /// RCPT TO.
    Rcpt(Recipient),
    /// DATA.
    Data,
    /// RSET.
    Rset,
    /// NOOP, with or without text.
    Noop,
    /// QUIT.
    Quit,
    /// VRFY.
    Vrfy,
    /// HELP.
    Help,
    /// STARTTLS.
    StartTls,
    /// XFORWARD: attribute in upper case and value in xtext.
    Xforward(Vec<(String, String)>),
}

/// Why a line is no command for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCommand {
    /// No such verb.
    #[error("not a command")]
    Unknown,
    /// A verb of SMTP or an extension that is not offered.
    #[error("a command that is not offered")]
    NotOffered,
    /// What follows are no SMTP commands: HTTP, or the octets behind BDAT. Close.
    #[error("another protocol")]
    Foreign,
    /// Wrong arguments; this is how the command goes.
    #[error("the arguments do not fit: {0}")]
    Syntax(&'static str),
    /// The path will not do.
    #[error("{0}")]
    Path(#[from] BadPath),
}

/// What a client called itself: one word, printable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeloName(String);

impl HeloName {
    /// Takes one word of at most 255 octets. Whatever could break out of a Received field (a
    /// comment's parenthesis, a quote, an octet beyond ASCII) is kept as `?`.
    pub fn parse(text: &str) -> Option<HeloName> {
        let good = !text.is_empty()
            && text.len() <= MAX_HELO_OCTETS
            && text.chars().all(|c| !c.is_control() && !c.is_whitespace());
        let keep =
            |c: char| if c.is_ascii_alphanumeric() || ".-_:[]".contains(c) { c } else { '?' };
        good.then(|| HeloName(text.chars().map(keep).collect()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Command {
    /// Reads one line, without its CRLF.
    pub fn parse(line: &str) -> Result<Command, BadCommand> {
        let line = line.trim_end_matches([' ', '\t']);
        let (verb, arguments) = line.split_once(' ').unwrap_or((line, ""));
        let bare = |command: Command, form| match arguments {
            "" => Ok(command),
            _ => Err(BadCommand::Syntax(form)),
        };
        let named = |make: fn(HeloName) -> Command, form| {
            HeloName::parse(arguments).map(make).ok_or(BadCommand::Syntax(form))
        };
        match verb.to_ascii_uppercase().as_str() {
            "HELO" => named(Command::Helo, "HELO hostname"),
            "EHLO" => named(Command::Ehlo, "EHLO hostname"),
            "LHLO" => named(Command::Lhlo, "LHLO hostname"),
            "MAIL" => mail(arguments),
            "RCPT" => rcpt(arguments),
            "DATA" => bare(Command::Data, "DATA"),
            "RSET" => bare(Command::Rset, "RSET"),
            "QUIT" => bare(Command::Quit, "QUIT"),
            "STARTTLS" => bare(Command::StartTls, "STARTTLS"),
            "NOOP" => Ok(Command::Noop),
            "HELP" => Ok(Command::Help),
            "VRFY" if arguments.is_empty() => Err(BadCommand::Syntax("VRFY address")),
            "VRFY" => Ok(Command::Vrfy),
            "XFORWARD" => xforward(arguments),
            "EXPN" | "AUTH" | "ETRN" | "TURN" | "ATRN" | "SEND" | "SOML" | "SAML" | "XCLIENT"
            | "BURL" => Err(BadCommand::NotOffered),
            "BDAT" | "GET" | "POST" | "PUT" | "HEAD" | "CONNECT" | "OPTIONS" | "DELETE"
            | "PATCH" | "TRACE" | "PRI" => Err(BadCommand::Foreign),
            _ => Err(BadCommand::Unknown),
        }
    }
}

fn mail(arguments: &str) -> Result<Command, BadCommand> {
    const FORM: &str = "MAIL FROM:<address> [parameters]";
    let (path, parameters) = path_and_parameters(arguments, "FROM:", FORM)?;
    Ok(Command::Mail(ReversePath::parse(path)?, parameters))
}

fn rcpt(arguments: &str) -> Result<Command, BadCommand> {
    const FORM: &str = "RCPT TO:<address> [parameters]";
    let (path, parameters) = path_and_parameters(arguments, "TO:", FORM)?;
    Ok(Command::Rcpt(Recipient { path: ForwardPath::parse(path)?, parameters }))
}

/// `FROM:<path> parameters` as the text between the brackets and the parameters.
fn path_and_parameters<'a>(
    arguments: &'a str,
    keyword: &str,
    form: &'static str,
) -> Result<(&'a str, Vec<Parameter>), BadCommand> {
    let bad = BadCommand::Syntax(form);
    let (said, rest) = arguments.split_at_checked(keyword.len()).ok_or(bad)?;
    if !said.eq_ignore_ascii_case(keyword) {
        return Err(bad);
    }
    let inside = rest.trim_start_matches(' ').strip_prefix('<').ok_or(bad)?;
    let end = closing_bracket(inside).ok_or(bad)?;
    let (path, rest) = inside.split_at_checked(end).ok_or(bad)?;
    let rest = rest.strip_prefix('>').ok_or(bad)?;
    if !rest.is_empty() && !rest.starts_with(' ') {
        return Err(bad);
    }
    let words = rest.split(' ').filter(|word| !word.is_empty());
    let parameters: Option<Vec<Parameter>> = words.map(Parameter::parse).collect();
    Ok((path, parameters.ok_or(bad)?))
}

/// Where the `>` stands that closes the path: not one inside a quoted local part.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn xforward(arguments: &str) -> Result<Command, BadCommand> {
    let bad = BadCommand::Syntax("XFORWARD attribute=value...");
    let words = arguments.split(' ').filter(|word| !word.is_empty());
    let attribute = |word: &str| {
        let (name, value) = word.split_once('=')?;
        let name = name.to_ascii_uppercase();
        let good = XFORWARD_ATTRIBUTES.contains(&name.as_str())
            && !value.is_empty()
            && value.len() <= MAX_XFORWARD_OCTETS
            && is_xtext(value);
        good.then(|| (name, value.to_owned()))
    };
    let attributes: Vec<(String, String)> =
        words.map(attribute).collect::<Option<_>>().ok_or(bad)?;
    if attributes.is_empty() { Err(bad) } else { Ok(Command::Xforward(attributes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail_of(line: &str) -> (String, Vec<String>) {
        match Command::parse(line) {
            Ok(Command::Mail(path, parameters)) => {
                (path.as_str().to_owned(), parameters.iter().map(ToString::to_string).collect())
            }
            other => panic!("{line:?} gave {other:?}"),
        }
    }

    #[test]
    fn verbs_are_read_in_any_case_and_blanks_at_the_end_are_forgiven() {
        assert_eq!(Command::parse("nOoP and text"), Ok(Command::Noop));
        assert_eq!(Command::parse("RSET  \t"), Ok(Command::Rset));
        assert!(matches!(Command::parse("eHlO client.example"), Ok(Command::Ehlo(_))));
        assert_eq!(mail_of("mAiL fRoM:<a@b.example> ").0, "a@b.example");
    }

    #[test]
    fn paths_and_parameters_stay_as_written() {
        assert_eq!(mail_of("MAIL FROM:<>"), (String::new(), vec![]));
        assert_eq!(
            mail_of("MAIL FROM: <\"a> b\"@C.example>  Size=5 ret=HDRS"),
            ("\"a> b\"@C.example".to_owned(), vec!["Size=5".to_owned(), "ret=HDRS".to_owned()])
        );
        let Ok(Command::Rcpt(to)) = Command::parse("RCPT TO:<é@b.example> NOTIFY=NEVER") else {
            panic!("refused");
        };
        assert_eq!((to.path.as_str(), to.parameters.len()), ("é@b.example", 1));
    }

    #[test]
    fn malformed_commands_are_refused() {
        for line in [
            "MAIL",
            "MAIL FROM",
            "MAIL FORM:<a@b.example>",
            "MAIL TO:<a@b.example>",
            "MAIL FROM:",
            "MAIL FROM:<a@b.example",
            "MAIL FROM:<a b@c.example> x y",
            "MAIL FROM:a@b.example",
            "MAIL FROM:<a@b.example>x",
            "MAIL FROM:<a@b.example> =x",
            "RCPT TO:<>",
            "RCPT TO",
            "RCPT TO:<@x.example:a@b.example>",
            "RCPT TO:<a@b.example>\u{b}RCPT TO:<c@d.example>",
            "EHLO",
            "EHLO a b",
            "EHLO x\tX-Evil:",
            "DATA now",
            "QUIT 1",
            "STARTTLS x",
            "VRFY",
            "XFORWARD",
            "XFORWARD NAME",
            "XFORWARD NAME=",
            "XFORWARD EVIL=1",
            "XFORWARD NAME=a\u{e9}",
        ] {
            assert!(
                matches!(Command::parse(line), Err(BadCommand::Syntax(_) | BadCommand::Path(_))),
                "{line:?} gave {:?}",
                Command::parse(line)
            );
        }
        let long = format!("EHLO {}", "y".repeat(400));
        assert!(Command::parse(&long).is_err());
    }

    #[test]
    fn what_is_not_ours_is_told_apart() {
        assert_eq!(Command::parse(""), Err(BadCommand::Unknown));
        assert_eq!(Command::parse("MAILFROM:<a@b>"), Err(BadCommand::Unknown));
        assert_eq!(Command::parse("NO\tOP"), Err(BadCommand::Unknown));
        assert_eq!(Command::parse("EXPN staff"), Err(BadCommand::NotOffered));
        assert_eq!(Command::parse("POST / HTTP/1.1"), Err(BadCommand::Foreign));
        assert_eq!(Command::parse("BDAT 5 LAST"), Err(BadCommand::Foreign));
    }

    #[test]
    fn a_hostile_helo_name_is_harmless_in_a_header() {
        let shown = |text| HeloName::parse(text).map(|name| name.0);
        assert_eq!(shown("a)\\(b"), Some("a???b".to_owned()));
        assert_eq!(shown("[IPv6:2001:db8::1]"), Some("[IPv6:2001:db8::1]".to_owned()));
        assert_eq!(shown("jürgen-pc"), Some("j?rgen-pc".to_owned()));
    }

    #[test]
    fn xforward_keeps_xtext_values() {
        assert_eq!(
            Command::parse("XFORWARD name=[UNAVAILABLE] ADDR=192.0.2.7 HELO=a+2Bb"),
            Ok(Command::Xforward(vec![
                ("NAME".to_owned(), "[UNAVAILABLE]".to_owned()),
                ("ADDR".to_owned(), "192.0.2.7".to_owned()),
                ("HELO".to_owned(), "a+2Bb".to_owned()),
            ]))
        );
    }
}
