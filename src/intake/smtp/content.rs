//! DATA: the content from 354 to the reply at its end.
//!
//! Whatever is wrong with the content, it is read to its true end before it is refused: a
//! refusal half-way would let the rest be read as commands. A client that goes away, is silent
//! or closes its half of the connection has not ended its data, and nothing of it goes on.
//!
//! RFC 5321 §4.1.1.4, §4.5.3.1.10, §6.3; RFC 2033 §4.2.

use std::{
    ops::ControlFlow::{self, Break, Continue},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    onward::{Onward, Underway},
    session::{End, Session},
    transaction::Open,
};
use crate::{
    intake::{doors::Door, settings::Settings, spool::Spool},
    mail::{Content, Reply, Status, Timestamp, Xforward},
    telemetry::smtp as telemetry,
    wire::smtp::{DataReader, LineEnds, TraceScan, received_field},
};

/// 554 5.5.1: DATA with nobody to go to.
const NOBODY: Status = Status::new(554, "5.5.1");

/// Why content is refused before anybody reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Size,
    LineEnds,
    Loop,
    Spool,
}

impl Trouble {
    fn as_str(self) -> &'static str {
        match self {
            Trouble::Size => "size",
            Trouble::LineEnds => "line_ends",
            Trouble::Loop => "loop",
            Trouble::Spool => "spool",
        }
    }

    fn reply(self) -> Reply {
        match self {
            Trouble::Size => Reply::new(Status::TOO_LARGE, "larger than is taken here"),
            Trouble::LineEnds => {
                Reply::new(Status::CONTENT, "the mail holds a lone CR, a lone LF or a NUL")
            }
            Trouble::Loop => Reply::new(Status::LOOP, "the mail goes round in a loop"),
            Trouble::Spool => Reply::new(Status::FULL, "no room for the mail, try again later"),
        }
    }
}

/// Content on its way in.
struct Incoming {
    reader: DataReader,
    scan: TraceScan,
    /// `None` once it is clear that the content will be refused.
    spool: Option<Spool>,
    trouble: Option<Trouble>,
    octets: u64,
    most_octets: u64,
}

/// Content that has arrived.
struct Arrived {
    content: Result<Content, Trouble>,
    octets: u64,
    needs_empty_line: bool,
}

impl<P: Onward> Session<P> {
    pub(super) async fn data(&mut self) -> ControlFlow<End> {
        let tried = match &self.transaction {
            None => return self.refuse("data", Status::SEQUENCE, "say MAIL first"),
            Some(open) => open.tried,
        };
        let Some(open) = self.transaction.take_if(|open| open.underway.accepted() > 0) else {
            return match tried {
                false => self.refuse("data", Status::SEQUENCE, "say RCPT first"),
                true => self.refuse("data", NOBODY, "no valid recipients"),
            };
        };
        self.connection.say(&Reply::bare(354, "go ahead, end with <CR><LF>.<CR><LF>"));
        let arrived = self.receive(&open.origin.transaction_id).await;
        self.connection.data_ended();
        self.xforward = Xforward::default();
        match arrived {
            Continue(arrived) => self.finish(open, arrived).await,
            Break(end) => {
                telemetry::transaction_abandoned(&open.origin.transaction_id, end.as_str());
                open.underway.abandon().await;
                Break(end)
            }
        }
    }

    /// Reads to the true end.
    async fn receive(&mut self, transaction_id: &str) -> ControlFlow<End, Arrived> {
        self.flush().await?;
        let deadline = Instant::now() + self.house.settings.message_time;
        let mut incoming = self.incoming();
        let mut piece = Vec::new();
        loop {
            let ended = self.connection.take_data(&mut incoming.reader, &mut piece);
            incoming.take(&piece, transaction_id).await;
            piece.clear();
            if ended {
                return Continue(incoming.arrived(&self.house.settings, transaction_id).await);
            }
            self.await_data(deadline).await?;
        }
    }

    fn incoming(&self) -> Incoming {
        let settings = &self.house.settings;
        Incoming {
            reader: DataReader::new(settings.line_ends),
            scan: TraceScan::new(&settings.hostname),
            spool: Some(Spool::new(&self.house.budget)),
            trouble: None,
            octets: 0,
            most_octets: self.size_limit(),
        }
    }

    async fn await_data(&mut self, deadline: Instant) -> ControlFlow<End> {
        let silence = self.house.settings.data_time;
        let left = deadline.saturating_duration_since(Instant::now());
        match self.time.keep(silence.min(left), self.connection.more_data()).await {
            Some(Ok(1..)) => Continue(()),
            Some(Ok(0) | Err(_)) => Break(End::Lost),
            None => {
                let limit = if silence < left { "data_time" } else { "message_time" };
                telemetry::limit_reached(&self.id, limit);
                self.connection.say(&Reply::new(Status::TIMED_OUT, "the mail took too long"));
                Break(End::TimedOut)
            }
        }
    }

    /// Hands the content on and answers.
    async fn finish(&mut self, open: Open<P::Transaction>, arrived: Arrived) -> ControlFlow<End> {
        let began = Instant::now();
        let recipients = open.underway.accepted();
        let transaction_id = open.origin.transaction_id.clone();
        let octets = arrived.octets;
        let replies = match arrived.content {
            Ok(content) => {
                let trace = self.trace(&open, arrived.needs_empty_line);
                match self.door {
                    Door::Smtp => vec![open.underway.finish(content, trace).await],
                    Door::Lmtp => open.underway.finish_each(content, trace).await,
                }
            }
            Err(trouble) => {
                telemetry::content_refused(&transaction_id, trouble.as_str(), octets);
                open.underway.abandon().await;
                vec![trouble.reply(); self.owed(recipients)]
            }
        };
        self.messages += 1;
        self.idle_commands = 0;
        self.answer_all(replies, recipients, &transaction_id, octets, began.elapsed())
    }

    /// How many replies the end of data owes.
    fn owed(&self, recipients: usize) -> usize {
        match self.door {
            Door::Smtp => 1,
            Door::Lmtp => recipients,
        }
    }

    /// One reply, or with LMTP one for each accepted recipient, never fewer: the client counts.
    fn answer_all(
        &mut self,
        mut replies: Vec<Reply>,
        recipients: usize,
        transaction_id: &str,
        octets: u64,
        took: Duration,
    ) -> ControlFlow<End> {
        let missing = Reply::new(Status::LOCAL_ERROR, "no answer for this recipient, try again");
        replies.resize(self.owed(recipients), missing);
        let mut flow = Continue(());
        for reply in &replies {
            let door = self.door.as_str();
            telemetry::transaction_answered(door, transaction_id, recipients, octets, reply, took);
            if let Break(end) = self.pass_back("content", reply) {
                flow = Break(end);
            }
        }
        flow
    }

    /// The Received field, and an empty line where the content needs one behind it.
    fn trace(&self, open: &Open<P::Transaction>, needs_empty_line: bool) -> String {
        let hostname = &self.house.settings.hostname;
        let mut trace = received_field(&open.origin, hostname, open.smtputf8, Timestamp::now());
        if needs_empty_line {
            trace.push_str("\r\n");
        }
        trace
    }
}

impl Incoming {
    /// Takes a piece of the content. What will be refused is not kept.
    async fn take(&mut self, piece: &[u8], transaction_id: &str) {
        self.octets += piece.len() as u64;
        self.scan.read(piece);
        let found = self.reader.findings();
        let repaired = self.reader.line_ends() == LineEnds::Normalise;
        if self.octets > self.most_octets {
            self.give_up(Trouble::Size);
        } else if found.nul || (!repaired && (found.bare_cr || found.bare_lf)) {
            self.give_up(Trouble::LineEnds);
        }
        if let Some(spool) = &mut self.spool
            && let Err(cause) = spool.write(piece).await
        {
            telemetry::spool_failed(transaction_id, &cause);
            self.give_up(Trouble::Spool);
        }
    }

    /// Remembers the first trouble and lets go of what was kept.
    fn give_up(&mut self, trouble: Trouble) {
        self.trouble.get_or_insert(trouble);
        self.spool = None;
    }

    async fn arrived(mut self, settings: &Settings, transaction_id: &str) -> Arrived {
        let went_round = self.scan.hops() > settings.max_received_fields
            || self.scan.own_hops() > settings.max_own_received_fields;
        if went_round {
            self.give_up(Trouble::Loop);
        }
        let content = match (self.trouble, self.spool) {
            (None, Some(spool)) => spool.finish().await.map_err(|cause| {
                telemetry::spool_failed(transaction_id, &cause);
                Trouble::Spool
            }),
            (trouble, _) => Err(trouble.unwrap_or(Trouble::Spool)),
        };
        let needs_empty_line = self.scan.needs_empty_line();
        Arrived { content, octets: self.octets, needs_empty_line }
    }
}
