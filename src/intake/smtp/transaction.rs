//! The envelope: MAIL, RCPT, RSET, in lock step with the stage behind.
//!
//! Syntax, order and limits are judged here; everything else is the next hop's to say, and its
//! reply goes back verbatim.
//!
//! RFC 5321 §3.3, §4.1.1.2, §4.1.1.3, §4.1.1.5, §4.1.4.

use std::ops::ControlFlow::{self, Continue};

use super::{
    onward::{Onward, Underway},
    session::{End, Session},
};
use crate::{
    intake::doors::Door,
    mail::{Mailbox, Origin, Parameter, Protocol, Recipient, Reply, ReversePath, Status},
    telemetry::smtp as telemetry,
    wire::smtp::{BadParameter, MailNeeds, mail_needs, rcpt_needs_dsn},
};

/// 550 5.6.7: needs SMTPUTF8 (RFC 6531 §3.5).
const NEEDS_SMTPUTF8: Status = Status::new(550, "5.6.7");

/// A transaction that has begun.
pub(super) struct Open<T> {
    pub(super) underway: T,
    pub(super) origin: Origin,
    pub(super) smtputf8: bool,
    /// Whether a RCPT was tried.
    pub(super) tried: bool,
}

impl<P: Onward> Session<P> {
    pub(super) async fn mail(
        &mut self,
        reverse_path: ReversePath,
        parameters: Vec<Parameter>,
    ) -> ControlFlow<End> {
        let Some(hello) = &self.hello else {
            return self.refuse("mail", Status::SEQUENCE, "greet first");
        };
        if self.transaction.is_some() {
            return self.refuse("mail", Status::SEQUENCE, "a transaction is open already");
        }
        if !hello.extended && !parameters.is_empty() {
            return self.refuse("mail", Status::PARAMETER, "parameters need EHLO");
        }
        let needs = match mail_needs(&parameters) {
            Ok(needs) => needs,
            Err(bad) => return self.refuse_parameter("mail", bad),
        };
        if let Some((status, text)) = self.cannot_carry(needs, reverse_path.mailbox()) {
            return self.refuse("mail", status, text);
        }
        let origin = self.origin();
        match self.house.onward.mail(origin.clone(), reverse_path, parameters).await {
            Ok((underway, reply)) => {
                self.transactions += 1;
                let smtputf8 = needs.smtputf8;
                self.transaction = Some(Open { underway, origin, smtputf8, tried: false });
                self.pass_back("mail", &reply)
            }
            Err(reply) => self.pass_back("mail", &reply),
        }
    }

    /// Why this MAIL asks for more than can be done, if it does.
    fn cannot_carry(
        &self,
        needs: MailNeeds,
        mailbox: Option<&Mailbox>,
    ) -> Option<(Status, &'static str)> {
        if needs.size.is_some_and(|size| size > self.size_limit()) {
            return Some((Status::TOO_LARGE, "larger than is taken here"));
        }
        if needs.dsn && !self.hop().has("DSN") {
            return Some((Status::PARAMETER, "DSN is not offered"));
        }
        if needs.smtputf8 && !self.hop().has("SMTPUTF8") {
            return Some((NEEDS_SMTPUTF8, "SMTPUTF8 is not offered"));
        }
        if !needs.smtputf8 && mailbox.is_some_and(Mailbox::is_internationalised) {
            return Some((NEEDS_SMTPUTF8, "an address beyond ASCII needs SMTPUTF8"));
        }
        None
    }

    fn origin(&self) -> Origin {
        let extended = self.hello.as_ref().is_some_and(|hello| hello.extended);
        let protocol = match (self.door, extended, self.under_tls) {
            (Door::Lmtp, _, false) => Protocol::Lmtp,
            (Door::Lmtp, _, true) => Protocol::Lmtps,
            (Door::Smtp, false, _) => Protocol::Smtp,
            (Door::Smtp, true, false) => Protocol::Esmtp,
            (Door::Smtp, true, true) => Protocol::Esmtps,
        };
        Origin {
            session_id: self.id.clone(),
            transaction_id: format!("{}.{}", self.id, self.transactions + 1),
            client: self.client,
            helo: self.hello.as_ref().map(|h| h.name.as_str().to_owned()).unwrap_or_default(),
            protocol,
            xforward: self.xforward.clone(),
        }
    }

    pub(super) async fn rcpt(&mut self, recipient: Recipient) -> ControlFlow<End> {
        let Some(open) = &mut self.transaction else {
            return self.refuse("rcpt", Status::SEQUENCE, "say MAIL first");
        };
        open.tried = true;
        let extended = self.hello.as_ref().is_some_and(|hello| hello.extended);
        if !extended && !recipient.parameters.is_empty() {
            return self.refuse("rcpt", Status::PARAMETER, "parameters need EHLO");
        }
        if recipient.path.mailbox().is_internationalised() && !open.smtputf8 {
            let text = "an address beyond ASCII needs SMTPUTF8";
            return self.refuse("rcpt", NEEDS_SMTPUTF8, text);
        }
        match rcpt_needs_dsn(&recipient.parameters) {
            Ok(dsn) if dsn && !self.hop().has("DSN") => {
                return self.refuse("rcpt", Status::PARAMETER, "DSN is not offered");
            }
            Ok(_) => {}
            Err(bad) => return self.refuse_parameter("rcpt", bad),
        }
        self.ask_for(recipient).await
    }

    /// The limit, then the next hop's own answer. Too many is no error of the client: it sends
    /// the others the next time (RFC 5321 §4.5.3.1.10).
    async fn ask_for(&mut self, recipient: Recipient) -> ControlFlow<End> {
        let most = self.house.settings.max_recipients;
        let Some(open) = &mut self.transaction else { return Continue(()) };
        if open.underway.accepted() >= most {
            telemetry::limit_reached(&self.id, "max_recipients");
            let reply = Reply::new(Status::TOO_MANY_RECIPIENTS, "too many recipients");
            return self.pass_back("rcpt", &reply);
        }
        let reply = open.underway.rcpt(recipient).await;
        self.pass_back("rcpt", &reply)
    }

    pub(super) async fn rset(&mut self) -> ControlFlow<End> {
        self.start_over("reset").await;
        self.agree("forgotten")
    }

    /// Lets go of the transaction, if there is one.
    pub(super) async fn abandon(&mut self, why: &'static str) {
        if let Some(open) = self.transaction.take() {
            telemetry::transaction_abandoned(&open.origin.transaction_id, why);
            open.underway.abandon().await;
        }
    }

    fn refuse_parameter(&mut self, stage: &'static str, bad: BadParameter) -> ControlFlow<End> {
        let status = match bad {
            BadParameter::Unknown => Status::PARAMETER,
            BadParameter::Value | BadParameter::Twice => Status::ARGUMENT,
        };
        self.refuse(stage, status, &bad.to_string())
    }
}
