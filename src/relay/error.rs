//! Why the next hop could not be asked, or did not answer.

use std::io;

use crate::{
    mail::Reply,
    trust::BadAuthorities,
    wire::smtp::{BadContent, ReplyError},
};

/// What happened instead of a reply. The mail is still the sender's: 4xx.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// All sessions were in use for as long as we may wait.
    #[error("all sessions to the next hop are in use")]
    Busy,
    /// No connection, no TLS, no greeting, no sign-in.
    #[error("no session with the next hop: {step} failed")]
    Connect {
        /// `connect`, `greeting`, `STARTTLS`, `EHLO`, `AUTH`.
        step: &'static str,
        /// Why.
        #[source]
        source: Option<io::Error>,
    },
    /// The next hop closed the connection.
    #[error("the next hop closed the connection")]
    Closed {
        /// The end of data may have reached it.
        after_dot: bool,
    },
    /// The next hop was silent for longer than it may be.
    #[error("the next hop was silent for too long")]
    TimedOut {
        /// The end of data may have reached it.
        after_dot: bool,
    },
    /// The next hop said something that is no answer to what we said.
    #[error("the next hop broke the protocol: {fault}")]
    Protocol {
        /// What was wrong.
        fault: Fault,
        /// The end of data may have reached it.
        after_dot: bool,
    },
    /// The content cannot be sent.
    #[error("the content cannot be sent")]
    Content(#[source] ContentError),
}

impl RelayError {
    /// Whether the next hop may have taken the mail all the same: a second attempt may make a
    /// second copy (RFC 1047).
    pub fn is_ambiguous(&self) -> bool {
        match self {
            RelayError::Closed { after_dot }
            | RelayError::TimedOut { after_dot }
            | RelayError::Protocol { after_dot, .. } => *after_dot,
            RelayError::Busy | RelayError::Connect { .. } | RelayError::Content(_) => false,
        }
    }

    /// One word for metrics and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            RelayError::Busy => "busy",
            RelayError::Connect { .. } => "connect",
            RelayError::Closed { .. } => "closed",
            RelayError::TimedOut { .. } => "timed_out",
            RelayError::Protocol { .. } => "protocol",
            RelayError::Content(_) => "content",
        }
    }

    /// The next hop said no before there was a session; what it said goes into the log.
    pub(super) fn turned_away(step: &'static str, reply: &Reply) -> RelayError {
        let source = Some(io::Error::other(format!("it said {reply}")));
        RelayError::Connect { step, source }
    }

    /// The same failure, but behind the end of data.
    pub(super) fn behind_the_dot(self) -> RelayError {
        match self {
            RelayError::Closed { .. } => RelayError::Closed { after_dot: true },
            RelayError::TimedOut { .. } => RelayError::TimedOut { after_dot: true },
            RelayError::Protocol { fault, .. } => RelayError::Protocol { fault, after_dot: true },
            other @ (RelayError::Busy | RelayError::Connect { .. } | RelayError::Content(_)) => {
                other
            }
        }
    }
}

/// How the next hop broke the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not a reply at all.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// A reply of a class that cannot follow this command.
    #[error("a reply that does not fit the command")]
    Class,
    /// Octets nobody asked for: from then on replies would be one off.
    #[error("octets that answer no command")]
    Unasked,
}

/// Why content cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It holds an octet that must not go out.
    #[error(transparent)]
    Bad(#[from] BadContent),
    /// It cannot be read any more.
    #[error("reading it failed")]
    Unreadable(#[from] io::Error),
}

/// Settings that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// The address is not `host:port`.
    #[error("{0:?} is not host:port, such as \"127.0.0.1:10026\"")]
    Address(String),
    /// The name for EHLO would not go through as one word.
    #[error("{0:?} is no host name for EHLO")]
    HeloName(String),
    /// A limit is zero.
    #[error("{0} must not be zero")]
    Zero(&'static str),
    /// Sign-in would send the secret in clear.
    #[error("sign-in to the next hop needs TLS to be required")]
    AuthWithoutTls,
    /// The CA file is not in order.
    #[error("cannot use the certificate authorities for the next hop")]
    Authorities(#[from] BadAuthorities),
    /// The server name is none, or nobody can be believed.
    #[error("TLS to the next hop: {0}")]
    Tls(String),
}

impl crate::telemetry::relay::NoAnswer for RelayError {
    fn kind(&self) -> &'static str {
        RelayError::kind(self)
    }

    fn is_ambiguous(&self) -> bool {
        RelayError::is_ambiguous(self)
    }
}
