//! What needs no transaction: greetings, STARTTLS, XFORWARD and small talk.
//!
//! RFC 5321 §4.1.1.1, §4.3.1; RFC 2033 §4.1; RFC 3207 §4; Postfix XFORWARD_README.

use std::{
    ops::ControlFlow::{self, Break, Continue},
    sync::Arc,
    time::Duration,
};

use tokio::time::{sleep, timeout};

use super::{
    onward::Onward,
    session::{End, Hello, House, Session},
};
use crate::{
    intake::doors::Door,
    mail::{Reply, Status, Xforward},
    telemetry::smtp as telemetry,
    wire::smtp::{HeloName, XFORWARD_ATTRIBUTES},
};

/// How often a session looks whether the next hop was reached meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

impl<P: Onward> Session<P> {
    /// The first reply.
    pub(super) fn greet(&mut self) {
        let protocol = match self.door {
            Door::Smtp => "ESMTP",
            Door::Lmtp => "LMTP",
        };
        let hostname = &self.house.settings.hostname;
        self.connection.say(&Reply::bare(220, &format!("{hostname} {protocol} callfirst")));
    }

    pub(super) async fn helo(&mut self, name: HeloName) -> ControlFlow<End> {
        if self.door == Door::Lmtp {
            return self.refuse("hello", Status::SYNTAX, "this is LMTP, say LHLO");
        }
        self.start_over("hello").await;
        self.hello = Some(Hello { name, extended: false });
        self.connection.say(&Reply::bare(250, &self.house.settings.hostname));
        Continue(())
    }

    pub(super) async fn ehlo(&mut self, name: HeloName) -> ControlFlow<End> {
        if self.door == Door::Lmtp {
            return self.refuse("hello", Status::SYNTAX, "this is LMTP, say LHLO");
        }
        self.extended_hello(name).await
    }

    pub(super) async fn lhlo(&mut self, name: HeloName) -> ControlFlow<End> {
        if self.door == Door::Smtp {
            return self.refuse("hello", Status::SYNTAX, "this is SMTP, say EHLO");
        }
        self.extended_hello(name).await
    }

    async fn extended_hello(&mut self, name: HeloName) -> ControlFlow<End> {
        self.start_over("hello").await;
        let house = Arc::clone(&self.house);
        if !knows_next_hop(&house).await {
            const NOT_YET: Status = Status::new(421, "4.4.1");
            let reply = Reply::new(NOT_YET, "the next server was not reached yet, try again");
            return self.pass_back("hello", &reply);
        }
        self.hello = Some(Hello { name, extended: true });
        let reply = Reply::lines(250, self.keywords());
        self.connection.say(&reply);
        Continue(())
    }

    /// What we offer: nothing that the next hop could not carry out.
    fn keywords(&self) -> Vec<String> {
        let hop = self.hop();
        let mut lines = vec![
            self.house.settings.hostname.clone(),
            "PIPELINING".to_owned(),
            format!("SIZE {}", self.size_limit()),
            "8BITMIME".to_owned(),
            "ENHANCEDSTATUSCODES".to_owned(),
        ];
        for keyword in ["SMTPUTF8", "DSN"] {
            if hop.has(keyword) {
                lines.push(keyword.to_owned());
            }
        }
        if self.house.tls.is_some() && !self.under_tls {
            lines.push("STARTTLS".to_owned());
        }
        if self.may_xforward() {
            lines.push(format!("XFORWARD {}", XFORWARD_ATTRIBUTES.join(" ")));
        }
        lines
    }

    /// Forgets the transaction and what was told about it.
    pub(super) async fn start_over(&mut self, why: &'static str) {
        self.abandon(why).await;
        self.xforward = Xforward::default();
    }

    pub(super) async fn start_tls(&mut self) -> ControlFlow<End> {
        let Some(tls) = self.house.tls.clone() else {
            return self.refuse("tls", Status::NOT_OFFERED, "TLS is not offered here");
        };
        if self.under_tls {
            return self.refuse("tls", Status::SEQUENCE, "this is TLS already");
        }
        self.connection.say(&Reply::bare(220, "2.0.0 go ahead"));
        self.flush().await?;
        self.start_over("hello").await;
        self.hello = None;
        let patience = self.house.settings.command_time;
        match timeout(patience, self.connection.start_tls(&tls.acceptor())).await {
            Ok(Ok(())) => {
                self.under_tls = true;
                Continue(())
            }
            Ok(Err(cause)) => {
                telemetry::tls_failed(&self.id, &cause);
                Break(End::Lost)
            }
            Err(_) => {
                telemetry::limit_reached(&self.id, "command_time");
                Break(End::Lost)
            }
        }
    }

    /// What a trusted peer tells about its own client; holds until the end of the transaction.
    pub(super) fn take_xforward(&mut self, attributes: Vec<(String, String)>) -> ControlFlow<End> {
        if !self.may_xforward() {
            return self.refuse("xforward", Status::FORBIDDEN, "XFORWARD is not for you");
        }
        if self.transaction.is_some() {
            return self.refuse("xforward", Status::SEQUENCE, "not inside a transaction");
        }
        let kept = &mut self.xforward.attributes;
        // A second value takes the place of the first, so that no client can pile them up.
        kept.retain(|(name, _)| attributes.iter().all(|(fresh, _)| fresh != name));
        kept.extend(attributes);
        self.agree("ok")
    }

    pub(super) fn quit(&mut self) -> ControlFlow<End> {
        const BYE: Status = Status::new(221, "2.0.0");
        self.connection.say(&Reply::new(BYE, "goodbye"));
        Break(End::Quit)
    }

    /// Says nothing about who exists (RFC 5321 §3.5.3, §7.3).
    pub(super) fn vrfy(&mut self) -> ControlFlow<End> {
        const CANNOT_SAY: Status = Status::new(252, "2.5.0");
        self.connection.say(&Reply::new(CANNOT_SAY, "not verified, send the mail and see"));
        Continue(())
    }

    pub(super) fn help(&mut self) -> ControlFlow<End> {
        const HELP: Status = Status::new(214, "2.0.0");
        self.connection.say(&Reply::new(HELP, "see RFC 5321"));
        Continue(())
    }
}

/// Whether the next hop was ever reached; waits a little right after our start. A client that
/// is offered too little sends good mail back to its author (no SMTPUTF8) or reports on it
/// itself (no DSN); one that hears 421 tries again.
async fn knows_next_hop<P: Onward>(house: &House<P>) -> bool {
    let known = async {
        while house.onward.capabilities().is_none() {
            sleep(LOOK_AGAIN).await;
        }
    };
    tokio::select! {
        biased;
        known = timeout(house.settings.next_hop_wait, known) => known.is_ok(),
        () = house.shutdown.cancelled() => false,
    }
}
