//! A store of one hold, as far as the pages need it.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{
    call::{CallSheet, Guide, Number, Person, Source},
    decision::{Decision, Evidence, HoldTerms, Mode, Reason, RecipientVerdict, Verdict},
    hold::{
        AboutCustomer, Actor, Afterwards, Attempts, AuditEntry, AuditEvent, AuditHead, Behind,
        Change, Committed, Delivery, Dossier, Found, Histories, Hold, HoldError, HoldFilter,
        HoldStore, HoldSummary, Item, ItemId, ItemOutcome, NewHold, NewItem, Pacing, Prepared,
        Promise, PromiseChange, PromiseState, Queue, Queues, SameCustomer, Search, State, Step,
        Tally,
    },
    mail::{Envelope, ForwardPath, HoldId, Origin, Protocol, Recipient, ReversePath, Timestamp},
    message::Language,
};

pub(super) fn id() -> HoldId {
    HoldId::parse("0193a5c0ffee7000800000000000a11f").unwrap()
}

pub(super) fn held() -> Hold {
    let recipient = ForwardPath::parse("susan.hall@hall.example").unwrap();
    let sender = ReversePath::parse("tom.reed@northwind-hvac.example").unwrap();
    let evidence = Evidence {
        text: "Unfortunately the repair is not covered by your warranty.".into(),
        place: "new".into(),
        signal: "denial".into(),
        weight: 3.2,
    };
    Hold {
        id: id(),
        state: State::Held,
        envelope: Envelope::new(sender, vec![], vec![Recipient::plain(recipient.clone())]).unwrap(),
        deliveries: vec![Delivery::Waiting],
        origin: origin(),
        trace: String::new(),
        dossier: Dossier {
            subject: "Your warranty claim W-2291".into(),
            message_id: Some("m1@northwind-hvac.example".into()),
            references: vec![],
            header_from_name: "Tom Reed".into(),
            decision: Decision {
                verdict: Verdict::Hold,
                reason: Reason::Policy,
                policy: Some("warranty_denial".into()),
                category: Some("warranty_denial".into()),
                title: Some("a warranty denial".into()),
                probability: 0.97,
                threshold: 0.8,
                language: Some(Language::En),
                mode: Mode::Enforce,
                recipients: vec![RecipientVerdict { address: recipient, verdict: Verdict::Hold }],
                evidence: vec![evidence],
                terms: HoldTerms::default(),
                would_hold: false,
            },
            call: CallSheet {
                urgency: vec![],
                person: Some(Person {
                    name: "Susan Hall".into(),
                    address: "susan.hall@hall.example".into(),
                    role: "Facilities Manager".into(),
                }),
                numbers: vec![
                    Number {
                        e164: "+15124780143".into(),
                        national: "(512) 478-0143".into(),
                        source: Source::Signature,
                        also: vec![Source::Directory],
                        written: Some(jiff::civil::date(2026, 11, 3)),
                        confidence: 0.95,
                    },
                    Number {
                        e164: "+15124780100".into(),
                        national: "(512) 478-0100".into(),
                        source: Source::QuotedText,
                        also: vec![],
                        written: None,
                        confidence: 0.75,
                    },
                ],
                zone: Some("America/Chicago".into()),
                amount: None,
                guide: Guide {
                    lines: vec![
                        "“I am sorry, Susan Hall. The warranty does not cover this repair, and I know you counted on it.”".into(),
                        "“I looked at it myself. This is what we found, and this is why: …”".into(),
                        "“Here is what I can do for you: … I will see to it by …, and call you then.”".into(),
                    ],
                    avoid: vec!["Do not leave the news on voice mail. Say who you are and when you will try again.".into()],
                    ..Guide::default()
                },
            },
        },
        size_octets: 1000,
        created: "2026-11-24T15:10:00Z".parse().unwrap(),
        remind_at: Some("2026-11-24T19:10:00Z".parse().unwrap()),
        expires_at: "2026-11-26T15:10:00Z".parse().unwrap(),
        reminders: 0,
        outcomes: vec![],
        parties: vec![],
        watch: Default::default(),
    }
}

struct Inner {
    hold: Hold,
    changes: usize,
    views: Vec<Actor>,
    failing: bool,
    asked: usize,
    promise: Option<Promise>,
    before: SameCustomer,
}

pub(super) struct Fake(Mutex<Inner>);

impl Fake {
    pub(super) fn new(hold: Hold) -> Fake {
        Fake(Mutex::new(Inner {
            hold,
            changes: 0,
            views: vec![],
            failing: false,
            asked: 0,
            promise: None,
            before: SameCustomer::default(),
        }))
    }

    pub(super) fn hold(&self) -> Hold {
        self.0.lock().unwrap().hold.clone()
    }

    pub(super) fn edit(&self, edit: impl FnOnce(&mut Hold)) {
        edit(&mut self.0.lock().unwrap().hold);
    }

    /// As if a promise had been made.
    pub(super) fn makes(&self, promise: Promise) {
        self.0.lock().unwrap().promise = Some(promise);
    }

    pub(super) fn promise_now(&self) -> Option<Promise> {
        self.0.lock().unwrap().promise.clone()
    }

    /// What there was with the customer.
    pub(super) fn before(&self, before: SameCustomer) {
        self.0.lock().unwrap().before = before;
    }

    pub(super) fn changes(&self) -> usize {
        self.0.lock().unwrap().changes
    }

    pub(super) fn views(&self) -> usize {
        self.0.lock().unwrap().views.len()
    }

    pub(super) fn viewer(&self) -> Option<String> {
        self.0.lock().unwrap().views.last().and_then(|a| a.address.clone())
    }

    /// How often it was asked whether it is ready.
    pub(super) fn asked(&self) -> usize {
        self.0.lock().unwrap().asked
    }

    pub(super) fn fail(&self, failing: bool) {
        self.0.lock().unwrap().failing = failing;
    }

    fn works(&self) -> Result<(), HoldError> {
        if self.0.lock().unwrap().failing {
            return Err(HoldError::Silent(Duration::from_secs(1)));
        }
        Ok(())
    }
}

#[async_trait]
impl Afterwards for Fake {
    async fn promise(&self, _: &HoldId) -> Result<Option<Promise>, HoldError> {
        self.works()?;
        Ok(self.0.lock().unwrap().promise.clone())
    }
    async fn histories(
        &self,
        _: Timestamp,
        _: Option<&Behind>,
        _: u32,
    ) -> Result<Histories, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn change_promise(
        &self,
        _: &HoldId,
        change: PromiseChange,
    ) -> Result<Option<Promise>, HoldError> {
        self.works()?;
        let mut inner = self.0.lock().unwrap();
        let Some(promise) = &mut inner.promise else { return Ok(None) };
        if promise.state != PromiseState::Open || !promise.apply(&change) {
            return Ok(None);
        }
        Ok(Some(promise.clone()))
    }
    async fn same_customer(&self, _: AboutCustomer<'_>) -> Result<SameCustomer, HoldError> {
        Ok(self.0.lock().unwrap().before.clone())
    }
    async fn due_promises(&self, _: Timestamp, _: u32) -> Result<Vec<(Hold, Promise)>, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn open_promises(&self) -> Result<u64, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn rewrites(
        &self,
        _: &ReversePath,
        _: &str,
        _: Timestamp,
    ) -> Result<Vec<Hold>, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn use_rewrite(
        &self,
        _: &HoldId,
        _: &str,
        _: Actor,
        _: Timestamp,
    ) -> Result<bool, HoldError> {
        unreachable!("no page asks for it")
    }
}

#[async_trait]
impl Queues for Fake {
    async fn search(&self, _: &Search) -> Result<Found, HoldError> {
        unreachable!("no page of a sender asks for it")
    }
    async fn tally(&self, _: Option<&[String]>) -> Result<Tally, HoldError> {
        unreachable!("no page of a sender asks for it")
    }
    async fn senders(&self) -> Result<Vec<String>, HoldError> {
        unreachable!("no page of a sender asks for it")
    }
    async fn audit_of(&self, _: &HoldId, _: u32) -> Result<Vec<AuditEntry>, HoldError> {
        unreachable!("no page of a sender asks for it")
    }
    async fn attempts(&self, _: &HoldId) -> Result<Option<Attempts>, HoldError> {
        unreachable!("no page of a sender asks for it")
    }
}

#[async_trait]
impl Pacing for Fake {
    async fn addressees(&self, _: Timestamp, _: u32) -> Result<Vec<String>, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn queue(&self, _: &str, _: Timestamp) -> Result<Queue, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn step(&self, _: &str, _: Step, _: Timestamp) -> Result<bool, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn held_of(
        &self,
        _: &ReversePath,
        _: Option<&str>,
        _: u32,
    ) -> Result<Vec<Hold>, HoldError> {
        unreachable!("no page asks for it")
    }
}

#[async_trait]
impl HoldStore for Fake {
    async fn audit_head(&self) -> Result<AuditHead, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn reclaim(&self, _: &str) -> Result<u64, HoldError> {
        unreachable!("no page asks for it")
    }
    async fn sweep(&self, _: Timestamp) -> Result<u64, HoldError> {
        unreachable!("no page asks for it")
    }

    async fn find(&self, id: &HoldId) -> Result<Option<Hold>, HoldError> {
        self.works()?;
        Ok(Some(self.hold()).filter(|h| h.id == *id))
    }

    async fn change(&self, id: &HoldId, change: Change) -> Result<Hold, HoldError> {
        self.works()?;
        let mut inner = self.0.lock().unwrap();
        assert_eq!(inner.hold.id, *id);
        if inner.hold.state != change.from {
            return Err(HoldError::Already(inner.hold.state));
        }
        inner.changes += 1;
        let made = Promise::made_by(&inner.hold, &change);
        inner.promise = made.or(inner.promise.take());
        inner.hold.parties.extend(change.parties);
        inner.hold.state = change.to;
        inner.hold.remind_at = change.remind_at.or(inner.hold.remind_at);
        if let Some(outcome) = change.outcome {
            inner.hold.outcomes.push((change.now, change.actor, outcome));
        }
        Ok(inner.hold.clone())
    }

    async fn record(
        &self,
        _: Option<&HoldId>,
        actor: Actor,
        event: AuditEvent,
        _: Timestamp,
    ) -> Result<(), HoldError> {
        self.works()?;
        assert_eq!(event.name, "viewed");
        self.0.lock().unwrap().views.push(actor);
        Ok(())
    }

    async fn ready(&self) -> Result<(), HoldError> {
        self.0.lock().unwrap().asked += 1;
        self.works()
    }

    async fn hold(&self, _: NewHold) -> Result<Committed, HoldError> {
        unreachable!()
    }
    async fn prepare(&self, _: NewHold) -> Result<Prepared, HoldError> {
        unreachable!()
    }
    async fn activate(&self, _: &Prepared, _: Timestamp) -> Result<Committed, HoldError> {
        unreachable!()
    }
    async fn cancel(&self, _: Prepared, _: Timestamp) -> Result<(), HoldError> {
        unreachable!()
    }
    async fn list(&self, _: &HoldFilter) -> Result<Vec<HoldSummary>, HoldError> {
        unreachable!()
    }
    async fn content(&self, _: &HoldId) -> Result<Bytes, HoldError> {
        unreachable!()
    }
    async fn notices_since(&self, _: &HoldId, _: &str, _: Timestamp) -> Result<u64, HoldError> {
        unreachable!()
    }
    async fn lease_items(
        &self,
        _: &str,
        _: Timestamp,
        _: Duration,
        _: u32,
    ) -> Result<Vec<Item>, HoldError> {
        unreachable!()
    }
    async fn begin_release(&self, _: &ItemId, _: &str, _: Timestamp) -> Result<Hold, HoldError> {
        unreachable!()
    }
    async fn settle_item(
        &self,
        _: &ItemId,
        _: &str,
        _: ItemOutcome,
        _: Vec<(usize, Delivery)>,
        _: Vec<NewItem>,
        _: Timestamp,
    ) -> Result<(), HoldError> {
        unreachable!()
    }
    async fn due_holds(&self, _: Timestamp, _: u32) -> Result<Vec<Hold>, HoldError> {
        unreachable!()
    }
    async fn audit(&self, _: u64, _: u32) -> Result<Vec<AuditEntry>, HoldError> {
        unreachable!()
    }
    async fn overdue(&self, _now: Timestamp) -> Result<(u64, Option<Timestamp>), HoldError> {
        Ok((0, None))
    }

    async fn counts(&self) -> Result<Vec<(State, u64)>, HoldError> {
        unreachable!()
    }
}

fn origin() -> Origin {
    Origin {
        session_id: "s1".into(),
        transaction_id: "t1".into(),
        client: std::net::IpAddr::from([127, 0, 0, 1]),
        helo: "mx.northwind-hvac.example".into(),
        protocol: Protocol::Esmtp,
        xforward: crate::mail::Xforward::default(),
    }
}
