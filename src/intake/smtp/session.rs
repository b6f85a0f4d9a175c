//! The loop of one session: hear a command, obey it, until one of the two has enough.
//!
//! The session knows what was said so far (greeting, transaction, XFORWARD, TLS) and nothing
//! of mail: what a transaction is worth is decided behind [`Onward`]. A transaction lives from
//! MAIL to the end of its data, RSET, a new greeting or the end of the session, never longer.

use std::{
    net::IpAddr,
    ops::ControlFlow::{self, Break, Continue},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    caught::caught,
    connection::{Connection, Io, Said},
    onward::Onward,
    transaction::Open,
};
use crate::{
    intake::{doors::Door, network::Network, settings::Settings, spool::Budget, tls::Tls},
    limit::TimeLimit,
    mail::{Reply, Status, Xforward},
    telemetry::smtp as telemetry,
    wire::smtp::{BadCommand, Capabilities, Command, HeloName, LineFault},
};

/// How long a client that is hung up on may go on sending.
const LINGER: Duration = Duration::from_secs(1);

/// What all sessions share.
pub(in crate::intake) struct House<P> {
    pub(in crate::intake) settings: Settings,
    pub(in crate::intake) budget: Budget,
    pub(in crate::intake) onward: P,
    pub(in crate::intake) tls: Option<Arc<Tls>>,
    /// We are told to stop.
    pub(in crate::intake) shutdown: CancellationToken,
}

/// Why a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Quit,
    Lost,
    TimedOut,
    Limit,
    Shutdown,
    /// What the client speaks is not SMTP, or cannot be trusted to be cut right.
    Foreign,
    /// We said 421, in the next hop's words or our own.
    Unavailable,
    Panicked,
}

impl End {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            End::Quit => "quit",
            End::Lost => "lost",
            End::TimedOut => "timeout",
            End::Limit => "limit",
            End::Shutdown => "shutdown",
            End::Foreign => "foreign",
            End::Unavailable => "unavailable",
            End::Panicked => "panic",
        }
    }
}

/// How the client greeted.
#[derive(Debug, Clone)]
pub(super) struct Hello {
    pub(super) name: HeloName,
    /// By EHLO or LHLO, so that parameters may follow.
    pub(super) extended: bool,
}

/// One session.
pub(in crate::intake) struct Session<P: Onward> {
    pub(super) house: Arc<House<P>>,
    pub(super) door: Door,
    pub(super) connection: Connection,
    pub(super) time: TimeLimit,
    /// Ours of the house's: all sessions look at theirs after each line, from every core.
    shutdown: CancellationToken,
    pub(super) id: String,
    pub(super) client: IpAddr,
    pub(super) under_tls: bool,
    pub(super) hello: Option<Hello>,
    pub(super) xforward: Xforward,
    pub(super) transaction: Option<Open<P::Transaction>>,
    /// How many transactions began.
    pub(super) transactions: u64,
    /// How many messages were answered.
    pub(super) messages: u64,
    errors: u32,
    pub(super) idle_commands: u32,
}

impl<P: Onward> Session<P> {
    pub(in crate::intake) fn new(
        house: Arc<House<P>>,
        door: Door,
        io: Box<dyn Io>,
        client: IpAddr,
    ) -> Session<P> {
        Session {
            shutdown: house.shutdown.child_token(),
            house,
            door,
            connection: Connection::new(io),
            time: TimeLimit::default(),
            id: Uuid::now_v7().simple().to_string(),
            client,
            under_tls: false,
            hello: None,
            xforward: Xforward::default(),
            transaction: None,
            transactions: 0,
            messages: 0,
            errors: 0,
            idle_commands: 0,
        }
    }

    /// Serves the client to the end. A panic inside is answered 421 and goes no further.
    pub(in crate::intake) async fn run(mut self) {
        let began = Instant::now();
        telemetry::session_opened(self.door.as_str(), &self.id, self.client);
        let end = match caught(self.converse()).await {
            Some(end) => end,
            None => {
                telemetry::session_panicked(&self.id);
                const BROKEN: Status = Status::new(421, "4.3.0");
                self.connection.say(&Reply::new(BROKEN, "something went wrong here, try again"));
                End::Panicked
            }
        };
        // What is left must not cross the border either, nor be waited for without end.
        let closing = timeout(self.house.settings.command_time, caught(self.close(end)));
        let _ = closing.await;
        let (door, why) = (self.door.as_str(), end.as_str());
        telemetry::session_closed(door, &self.id, why, self.messages, began.elapsed());
    }

    async fn converse(&mut self) -> End {
        self.greet();
        loop {
            if let Break(end) = self.step().await {
                return end;
            }
        }
    }

    async fn step(&mut self) -> ControlFlow<End> {
        match self.hear().await? {
            Said::Line(Ok(command)) => self.obey(command).await,
            Said::Line(Err(bad)) => self.refuse_command(bad),
            Said::Fault(fault) => self.refuse_line(fault),
        }
    }

    /// Waits for the next line, for as long as a client may take and we are to run.
    async fn hear(&mut self) -> ControlFlow<End, Said> {
        let patience = self.house.settings.command_time;
        let heard = tokio::select! {
            biased;
            () = self.shutdown.cancelled() => {
                self.connection.say(&Reply::new(Status::CLOSING, "closing, try again later"));
                return Break(End::Shutdown);
            }
            heard = self.time.keep(patience, self.connection.next()) => heard,
        };
        match heard {
            Some(Ok(Some(said))) => Continue(said),
            Some(Ok(None) | Err(_)) => Break(End::Lost),
            None => {
                telemetry::limit_reached(&self.id, "command_time");
                self.connection.say(&Reply::new(Status::TIMED_OUT, "silent for too long"));
                Break(End::TimedOut)
            }
        }
    }

    /// What talks to the next hop is boxed: a thousand idle sessions must not each carry the
    /// room for it.
    async fn obey(&mut self, command: Command) -> ControlFlow<End> {
        self.count_idle(&command)?;
        match command {
            Command::Helo(name) => self.helo(name).await,
            Command::Ehlo(name) => self.ehlo(name).await,
            Command::Lhlo(name) => self.lhlo(name).await,
            Command::Mail(path, parameters) => Box::pin(self.mail(path, parameters)).await,
            Command::Rcpt(recipient) => Box::pin(self.rcpt(recipient)).await,
            Command::Data => Box::pin(self.data()).await,
            Command::Rset => self.rset().await,
            Command::Noop => self.agree("ok"),
            Command::Quit => self.quit(),
            Command::Vrfy => self.vrfy(),
            Command::Help => self.help(),
            Command::StartTls => Box::pin(self.start_tls()).await,
            Command::Xforward(attributes) => self.take_xforward(attributes),
        }
    }

    /// Counts what moves no mail; a session cannot be kept busy with it for ever.
    fn count_idle(&mut self, command: &Command) -> ControlFlow<End> {
        match command {
            Command::Mail(..) | Command::Rcpt(_) | Command::Data | Command::Quit => Continue(()),
            _ => {
                self.idle_commands += 1;
                if self.idle_commands <= self.house.settings.max_idle_commands {
                    return Continue(());
                }
                self.too_much("max_idle_commands", "too many commands that move no mail")
            }
        }
    }

    fn refuse_command(&mut self, bad: BadCommand) -> ControlFlow<End> {
        match bad {
            BadCommand::Unknown => self.refuse("command", Status::SYNTAX, "not a command"),
            BadCommand::NotOffered => {
                self.refuse("command", Status::NOT_OFFERED, "that command is not offered here")
            }
            BadCommand::Syntax(form) => {
                self.refuse("command", Status::ARGUMENT, &format!("it goes: {form}"))
            }
            BadCommand::Path(bad) => {
                const ADDRESS: Status = Status::new(501, "5.1.3");
                self.refuse("path", ADDRESS, &bad.to_string())
            }
            BadCommand::Foreign => {
                self.refuse("command", Status::NOT_OFFERED, "only SMTP is spoken here, closing")?;
                Break(End::Foreign)
            }
        }
    }

    fn refuse_line(&mut self, fault: LineFault) -> ControlFlow<End> {
        self.refuse("line", Status::SYNTAX, &fault.to_string())?;
        if fault.is_fatal() { Break(End::Foreign) } else { Continue(()) }
    }

    /// A 250 of ours that promises nothing.
    pub(super) fn agree(&mut self, text: &str) -> ControlFlow<End> {
        self.connection.say(&Reply::ok(text));
        Continue(())
    }

    /// A reply of somebody else, verbatim. Behind a 421 the connection is closed, whoever said it.
    pub(super) fn pass_back(&mut self, stage: &'static str, reply: &Reply) -> ControlFlow<End> {
        if !reply.is_positive() {
            telemetry::refused(&self.id, stage, reply);
        }
        self.connection.say(reply);
        if reply.code() == 421 { Break(End::Unavailable) } else { Continue(()) }
    }

    /// Refuses what the client did wrong, and counts it.
    pub(super) fn refuse(
        &mut self,
        stage: &'static str,
        status: Status,
        text: &str,
    ) -> ControlFlow<End> {
        let reply = Reply::new(status, text);
        telemetry::refused(&self.id, stage, &reply);
        self.errors += 1;
        if self.errors > self.house.settings.max_errors {
            return self.too_much("max_errors", "too many errors, closing");
        }
        self.connection.say(&reply);
        Continue(())
    }

    pub(super) fn too_much(&mut self, limit: &'static str, text: &str) -> ControlFlow<End> {
        telemetry::limit_reached(&self.id, limit);
        self.connection.say(&Reply::new(Status::TOO_MANY, text));
        Break(End::Limit)
    }

    /// Sends what waits, within the time a client may take.
    pub(super) async fn flush(&mut self) -> ControlFlow<End> {
        let limit = self.house.settings.command_time;
        match self.time.keep(limit, self.connection.flush()).await {
            Some(Ok(())) => Continue(()),
            Some(Err(_)) => Break(End::Lost),
            None => Break(End::TimedOut),
        }
    }

    /// Lets go of everything: the next hop first, since it may be waiting.
    async fn close(&mut self, end: End) {
        self.abandon(end.as_str()).await;
        if end != End::Lost && self.connection.flush().await.is_ok() {
            // A client that does not take its last reply is its own affair.
            let _ = self.connection.shutdown().await;
            if matches!(end, End::Limit | End::Foreign) {
                let _ = timeout(LINGER, self.connection.linger()).await;
            }
        }
    }

    /// What the next hop offers; nothing while it was never seen.
    pub(super) fn hop(&self) -> Arc<Capabilities> {
        self.house.onward.capabilities().unwrap_or_default()
    }

    /// The largest content taken, in octets.
    pub(super) fn size_limit(&self) -> u64 {
        let ours = self.house.settings.max_message_octets;
        self.hop().size_limit().map_or(ours, |theirs| ours.min(theirs))
    }

    pub(super) fn may_xforward(&self) -> bool {
        let settings = &self.house.settings;
        settings.xforward_networks.iter().any(|n: &Network| n.contains(self.client))
    }
}
