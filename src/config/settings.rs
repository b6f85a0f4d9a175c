//! The configuration as meant. The doc comments are the manual of the keys.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::http::HeaderName;
use jiff::tz::TimeZone;

use super::CallSettings;
#[cfg(feature = "ldap")]
use crate::directory::LdapSettings;
#[cfg(feature = "oidc")]
use crate::rights::Role;
use crate::{
    accounts, attachments, audit, consult,
    decision::{GreyZone, Mode, Organisation},
    directory::CrmSettings,
    events::{self, SyslogSettings, WebhookSettings},
    hold::Retention,
    intake::{Network, TlsFiles},
    mail::Mailbox,
    opinion,
    policy::Preset,
    replies::{Allowed, Deputy, ReplyAddress, Trust},
    team::Teams,
    traffic,
    wording::Languages,
};

/// All of it.
#[derive(Debug, Clone)]
pub struct Config {
    /// `[organisation]`
    pub organisation: Organisation,
    /// `[smtp]`
    pub smtp: SmtpSettings,
    /// `[lmtp]`
    pub lmtp: Option<LmtpDoor>,
    /// `[store]`
    pub store: StoreSettings,
    /// `[web]`
    pub web: WebSettings,
    /// `[desk]`
    pub desk: DeskSettings,
    /// `[notice]`
    pub notice: NoticeSettings,
    /// `[call]`
    pub call: CallSettings,
    /// `[[team]]`, and the whole house as the team of everybody else.
    pub teams: Arc<Teams>,
    /// `[policy]`
    pub policy: PolicySettings,
    /// `[attachments]`
    pub attachments: attachments::Settings,
    /// `[traffic]`
    pub traffic: traffic::Settings,
    /// `[replies]`; without it a notice is answered on its page only.
    pub replies: Option<ReplySettings>,
    /// `[directory]`; without it the mail alone says whom to call.
    pub directory: Option<DirectorySettings>,
    /// `[second_reader]`; without it nobody is asked.
    pub second_reader: Option<SecondReaderSettings>,
    /// `[retention]`
    pub retention: Retention,
    /// `[audit]`; without it no head is signed.
    pub audit: Option<audit::Settings>,
    /// `[[webhook]]`, `[syslog]` and `[event_log]`: who hears of events.
    pub receivers: Vec<ReceiverSettings>,
    /// `[log]`
    pub log: LogSettings,
}

/// Somebody who hears of events.
#[derive(Debug, Clone)]
pub struct ReceiverSettings {
    /// What it is told.
    pub told: events::Settings,
    /// By which way.
    pub way: ReceiverWay,
}

/// By which way a receiver is told.
#[derive(Debug, Clone)]
pub enum ReceiverWay {
    /// A POST each.
    Webhook(WebhookSettings),
    /// RFC 5424.
    Syslog(SyslogSettings),
    /// JSON lines.
    File(PathBuf),
}

/// What to do with a message that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// The sending server keeps it and tries again.
    TempFail,
    /// It goes through unjudged.
    Pass,
}

/// What to do with a bare CR or LF in content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareNewlines {
    /// 554 after the end of data.
    Reject,
    /// It becomes CRLF before anything else happens.
    Normalize,
}

/// Whether the next hop is spoken to under TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextHopTls {
    /// Never; right for a next hop on this machine.
    Off,
    /// If it offers STARTTLS; its certificate is not checked.
    Opportunistic,
    /// Always, with a certificate that checks out.
    Required,
}

/// `[smtp]`
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Our name in greeting, EHLO and Received fields.
    pub hostname: String,
    /// Where the SMTP door listens.
    pub listen: Vec<SocketAddr>,
    /// `host:port` of the next hop.
    pub next_hop: String,
    /// TLS to the next hop. Default `"off"`.
    pub next_hop_tls: NextHopTls,
    /// The name for EHLO to the next hop. Default: `hostname`.
    pub next_hop_helo: String,
    /// Who may hand us mail. Needed where a door listens on more than loopback.
    pub trusted_networks: Vec<Network>,
    /// The largest message. Default 35 MiB.
    pub max_message_bytes: u64,
    /// Connections in all. Default 1000.
    pub max_connections: usize,
    /// Connections of one client address. Default: `max_connections`.
    pub max_connections_per_client: usize,
    /// Recipients of one message. Default 1000.
    pub max_recipients: usize,
    /// Received fields before we call it a loop. Default 100.
    pub max_received_fields: usize,
    /// Octets of messages kept in memory; more wait in files. Default 64 MiB.
    pub memory_bytes: u64,
    /// Silence between commands before we hang up. Default 5 minutes.
    pub command_timeout: Duration,
    /// Silence within data before we hang up. Default 3 minutes.
    pub data_timeout: Duration,
    /// The next hop's answer to a command. Default 1 minute.
    pub next_hop_command_timeout: Duration,
    /// The next hop's answer to the end of data. Default 10 minutes.
    pub next_hop_data_timeout: Duration,
    /// Bare CR and LF in content. Default `"reject"`.
    pub bare_newlines: BareNewlines,
    /// A message that cannot be judged. Default `"tempfail"`.
    pub on_error: OnError,
    /// STARTTLS, if both files are named.
    pub tls: Option<TlsFiles>,
    /// How long sessions may take to end on SIGTERM. Default 30 s.
    pub drain_timeout: Duration,
}

/// `[lmtp]`
#[derive(Debug, Clone)]
pub struct LmtpDoor {
    /// Where the LMTP door listens.
    pub listen: Vec<SocketAddr>,
}

/// `[store]`
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite:/path/to/file.db` or `postgres://...`
    pub url: String,
    /// The key that signs links and marks: 32 random octets in hexadecimal, mode 0600. Nodes that
    /// share a store share it. Default: beside the SQLite file, or beside the configuration file;
    /// made at the first start.
    pub key_file: PathBuf,
    /// This node's name among those that share the store; the same at every start. Default: the
    /// machine's name and the first SMTP door.
    pub node: String,
}

/// `[web]`
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Where staff's pages listen.
    pub listen: SocketAddr,
    /// How staff's browsers reach them; without a slash at its end.
    pub public_url: String,
}

/// `[desk]`
#[derive(Debug, Clone)]
pub struct DeskSettings {
    /// Whether the pages of the desk are served. Default `true`: without an account nobody gets in.
    pub enabled: bool,
    /// How long people stay logged in. Default: 30 minutes unused, 12 hours in all.
    pub sessions: accounts::Settings,
    /// Reverse proxies before the pages: what they tell of a client's address is believed.
    pub proxy_networks: Vec<Network>,
    /// The field in which they name who is logged in. Default: none, people log in here.
    pub proxy_header: Option<HeaderName>,
    /// Whether a change of a policy needs somebody else's word than its proposer's. Default `false`.
    pub second_person_for_policies: bool,
    /// How many days a change lasts that several people's marks asked for. Default 90.
    pub local_layer_days: u32,
    /// `[desk.oidc]`; without it people log in with passwords kept here.
    #[cfg(feature = "oidc")]
    pub oidc: Option<ProviderSettings>,
}

/// `[desk.oidc]`
#[cfg(feature = "oidc")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Its name on the button. Default `"your house’s log-in"`.
    pub name: String,
    /// How it is asked.
    pub ask: crate::oidc::Settings,
    /// What a group makes somebody, and of which team; none: roles are kept at the desk.
    pub groups: Vec<(String, Role, Option<String>)>,
}

impl Default for DeskSettings {
    fn default() -> DeskSettings {
        DeskSettings {
            enabled: true,
            sessions: accounts::Settings::default(),
            proxy_networks: Vec::new(),
            proxy_header: None,
            second_person_for_policies: false,
            local_layer_days: 90,
            #[cfg(feature = "oidc")]
            oidc: None,
        }
    }
}

/// `[notice]`
#[derive(Debug, Clone)]
pub struct NoticeSettings {
    /// Display name of the From field; may be empty.
    pub from_name: String,
    /// Its address.
    pub from: Mailbox,
    /// The zone in which notices tell times. Default: the machine's, else UTC.
    pub time_zone: String,
    /// Who reads which language. Default: that of the mail, else English.
    pub languages: Languages,
    /// Mails of ours to one address within an hour that come one by one; the rest comes as
    /// digests. Default 5.
    pub most_per_hour: u32,
    /// Mails of ours to one address within a day; the rest waits for the next working morning.
    /// Default 40.
    pub most_per_day: u32,
    /// A mail that was let go and is not delivered for so long is told of to its sender. Default: 4 hours.
    pub delayed_after: Duration,
}

impl NoticeSettings {
    /// The zone in which times are told, and whose days and weeks are meant.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

/// `[policy]`
#[derive(Debug, Clone)]
pub struct PolicySettings {
    /// The folder of the policy files; `None` means the shipped ones.
    pub dir: Option<PathBuf>,
    /// How far verdicts go. Default `"enforce"`.
    pub mode: Mode,
    /// How sure all policies must be. Default `"balanced"`.
    pub preset: Preset,
    /// Whether suspicious sentences are read a second time, in their context. Default `true`.
    pub reader: bool,
}

impl Default for PolicySettings {
    fn default() -> PolicySettings {
        PolicySettings { dir: None, mode: Mode::Enforce, preset: Preset::Balanced, reader: true }
    }
}

/// `[directory]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectorySettings {
    /// The table of people.
    pub file: Option<PathBuf>,
    /// The country of numbers without a country code.
    pub country: Option<String>,
    /// The customer system.
    pub crm: Option<CrmSettings>,
    /// The LDAP directory.
    #[cfg(feature = "ldap")]
    pub ldap: Option<LdapSettings>,
}

/// `[second_reader]`
#[derive(Debug, Clone, PartialEq)]
pub struct SecondReaderSettings {
    /// Probabilities in doubt. Default 0.2 to 0.8.
    pub zone: GreyZone,
    /// What its word is worth, in log-odds. Default 2.
    pub weight: f64,
    /// What is sent. Default 4,000 characters, masked.
    pub limits: opinion::Limits,
    /// Where it is asked, and how often at most.
    pub ask: consult::Settings,
}

/// `[replies]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplySettings {
    /// Where replies go.
    pub address: ReplyAddress,
    /// What they may ask for. Default: withdraw, no answer.
    pub allowed: Allowed,
    /// How they prove whose they are.
    pub trust: Trust,
    /// Who may answer for whom. Default: nobody.
    pub deputies: Vec<Deputy>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people and journald.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[log]`
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// Default `"text"`.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`; the variable `CALLFIRST_LOG` wins. Default `"info"`.
    pub level: String,
}
