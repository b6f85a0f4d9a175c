//! What the doors can be told: addresses, trust and limits.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use super::network::Network;
use crate::wire::smtp::LineEnds;

/// Settings of the SMTP and LMTP doors.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Our name in the greeting and in the Received field.
    pub hostname: String,
    /// Where SMTP is spoken.
    pub smtp: Vec<SocketAddr>,
    /// Where LMTP is spoken.
    pub lmtp: Vec<SocketAddr>,
    /// Who may hand us mail; anybody else is greeted 554. Default: loopback.
    pub trusted_networks: Vec<Network>,
    /// Who may tell us about its own client by XFORWARD, which goes into the audit. Only counts
    /// inside `trusted_networks`. Default: loopback.
    pub xforward_networks: Vec<Network>,
    /// Sessions at a time; the next one is greeted 421. Default 1,000.
    pub max_connections: usize,
    /// Sessions at a time from one address. Default 500: the relay before us is one address.
    pub max_connections_per_client: usize,
    /// Recipients accepted in one transaction; the next gets 452. Default 1,000.
    pub max_recipients: usize,
    /// Octets of content; the next hop's SIZE counts where it is smaller. Default 36,700,160
    /// (35 MiB: what large providers take).
    pub max_message_octets: u64,
    /// Refused commands in one session, then 421. Default 20.
    pub max_errors: u32,
    /// Commands that move no mail (NOOP, RSET, EHLO, ...) between two messages, then 421.
    /// Default 1,000.
    pub max_idle_commands: u32,
    /// Received fields in a message; more is a loop (RFC 5321 §6.3). Default 100.
    pub max_received_fields: usize,
    /// Received fields of our own in a message; more is a loop through us. Default 2: a mailing
    /// list on our own relay may bring a message back once.
    pub max_own_received_fields: usize,
    /// What to do with a lone CR or LF in content. [`LineEnds::Keep`], the default, refuses the
    /// message; [`LineEnds::Normalise`] makes CRLF of each. NUL is refused either way.
    pub line_ends: LineEnds,
    /// Octets of one message kept in memory; a larger one goes to a file. Default 256 KiB.
    pub message_memory_octets: usize,
    /// Octets of all messages kept in memory while they arrive or are worked on; beyond that
    /// even small ones go to a file. Default 64 MiB.
    pub total_memory_octets: usize,
    /// Where such files lie; they have no name and vanish with the process. Default: the
    /// system's folder for temporary files.
    pub spool_folder: PathBuf,
    /// How long a client may take for one command, and to take a reply. Default 5 min
    /// (RFC 5321 §4.5.3.2.7).
    pub command_time: Duration,
    /// How long a client may be silent inside the data. Default 3 min (RFC 5321 §4.5.3.2.5).
    pub data_time: Duration,
    /// How long a client may take for the data of one message. Default 30 min.
    pub message_time: Duration,
    /// How long EHLO waits for the next hop to be reached for the first time after our start,
    /// before it is answered 421. Default 5 s.
    pub next_hop_wait: Duration,
    /// How long sessions may take to finish their message once we are told to stop. Default
    /// 30 s.
    pub drain_time: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            hostname: "localhost".to_owned(),
            smtp: Vec::new(),
            lmtp: Vec::new(),
            trusted_networks: Network::loopback(),
            xforward_networks: Network::loopback(),
            max_connections: 1000,
            max_connections_per_client: 500,
            max_recipients: 1000,
            max_message_octets: 36_700_160,
            max_errors: 20,
            max_idle_commands: 1000,
            max_received_fields: 100,
            max_own_received_fields: 2,
            line_ends: LineEnds::Keep,
            message_memory_octets: 256 << 10,
            total_memory_octets: 64 << 20,
            spool_folder: std::env::temp_dir(),
            command_time: Duration::from_secs(300),
            data_time: Duration::from_secs(180),
            message_time: Duration::from_secs(1800),
            next_hop_wait: Duration::from_secs(5),
            drain_time: Duration::from_secs(30),
        }
    }
}
