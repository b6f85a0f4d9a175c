//! A store that fails, waits and tells; a judge by a word in the mail; a pipeline with both.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use super::*;
use crate::{
    call::CallSheet,
    decision::{Decision, ExpiryAction, HoldTerms, Mode, Reason, RecipientVerdict, Verdict},
    hold::{
        AboutCustomer, Actor, Afterwards, Attempts, AuditEntry, AuditEvent, AuditHead, Behind,
        Change, Committed, Delivery, Dossier, Found, Histories, Hold, HoldError, HoldFilter,
        HoldStore, HoldSummary, Item, ItemId, ItemKind, ItemOutcome, NewHold, NewItem, Pacing,
        Prepared, Promise, PromiseChange, Queue, Queues, SameCustomer, Search, State, Step, Tally,
        in_tests,
    },
    mail::*,
    relay::{self, NextHop, scripted_hop::ScriptedHop},
    release::Keys,
    replies::Replies,
    traffic::{self, Draft},
};

type MakeError = fn() -> HoldError;

/// Keeps what it was told, in order.
#[derive(Default)]
pub(super) struct FakeStore {
    pub(super) calls: Mutex<Vec<String>>,
    pub(super) holds: Mutex<Vec<NewHold>>,
    /// What a call by this name answers instead.
    pub(super) failing: Mutex<HashMap<&'static str, MakeError>>,
    /// `hold` waits here, if it is there.
    pub(super) gate: Option<Gate>,
    /// What `held_of` gives.
    pub(super) waiting: Mutex<Vec<Hold>>,
    /// What `find` gives.
    pub(super) found: Mutex<Option<Hold>>,
    /// The original that waits for a new text, and the key of the mail that was it.
    pub(super) original: Mutex<Option<(Hold, Option<String>)>>,
}

#[derive(Default)]
pub(super) struct Gate {
    pub(super) entered: Notify,
    pub(super) open: Notify,
    pub(super) passed: Notify,
}

impl FakeStore {
    pub(super) fn fails(self, call: &'static str, with: MakeError) -> FakeStore {
        self.failing.lock().unwrap().insert(call, with);
        self
    }

    pub(super) fn told(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, call: &'static str) -> Result<(), HoldError> {
        self.calls.lock().unwrap().push(call.to_owned());
        match self.failing.lock().unwrap().get(call) {
            Some(error) => Err(error()),
            None => Ok(()),
        }
    }

    fn keep(&self, new: NewHold) -> (HoldId, bool) {
        let mut holds = self.holds.lock().unwrap();
        let known = holds.iter().find(|h| h.idempotency_key == new.idempotency_key);
        if let Some(known) = known {
            return (known.id.clone(), true);
        }
        let id = new.id.clone();
        holds.push(new);
        (id, false)
    }
}

pub(super) fn broken() -> HoldError {
    HoldError::Failed { doing: "testing", source: "no disk".into() }
}

#[async_trait]
impl Afterwards for FakeStore {
    async fn promise(&self, _: &HoldId) -> Result<Option<Promise>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn due_promises(&self, _: Timestamp, _: u32) -> Result<Vec<(Hold, Promise)>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn histories(
        &self,
        _: Timestamp,
        _: Option<&Behind>,
        _: u32,
    ) -> Result<Histories, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn change_promise(
        &self,
        _: &HoldId,
        _: PromiseChange,
    ) -> Result<Option<Promise>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn open_promises(&self) -> Result<u64, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn same_customer(&self, _: AboutCustomer<'_>) -> Result<SameCustomer, HoldError> {
        Err(broken())
    }
    async fn rewrites(
        &self,
        _: &ReversePath,
        key: &str,
        _: Timestamp,
    ) -> Result<Vec<Hold>, HoldError> {
        let original = self.original.lock().unwrap().clone();
        let open = original.filter(|(_, used)| used.as_ref().is_none_or(|used| used == key));
        Ok(open.into_iter().map(|(hold, _)| hold).collect())
    }
    async fn use_rewrite(
        &self,
        _: &HoldId,
        key: &str,
        _: Actor,
        _: Timestamp,
    ) -> Result<bool, HoldError> {
        self.note("use_rewrite")?;
        if let Some((_, used)) = &mut *self.original.lock().unwrap() {
            *used = Some(key.to_owned());
        }
        Ok(true)
    }
}

#[async_trait]
impl Queues for FakeStore {
    async fn search(&self, _: &Search) -> Result<Found, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn tally(&self, _: Option<&[String]>) -> Result<Tally, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn senders(&self) -> Result<Vec<String>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn audit_of(&self, _: &HoldId, _: u32) -> Result<Vec<AuditEntry>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn attempts(&self, _: &HoldId) -> Result<Option<Attempts>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
}

#[async_trait]
impl Pacing for FakeStore {
    async fn addressees(&self, _: Timestamp, _: u32) -> Result<Vec<String>, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn queue(&self, _: &str, _: Timestamp) -> Result<Queue, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn step(&self, _: &str, _: Step, _: Timestamp) -> Result<bool, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn held_of(
        &self,
        _: &ReversePath,
        _: Option<&str>,
        _: u32,
    ) -> Result<Vec<Hold>, HoldError> {
        if let Some(error) = self.failing.lock().unwrap().get("held_of") {
            return Err(error());
        }
        Ok(self.waiting.lock().unwrap().clone())
    }
}

#[async_trait]
impl HoldStore for FakeStore {
    async fn hold(&self, new: NewHold) -> Result<Committed, HoldError> {
        self.note("hold")?;
        if let Some(gate) = &self.gate {
            gate.entered.notify_one();
            gate.open.notified().await;
        }
        let (id, again) = self.keep(new);
        if let Some(gate) = &self.gate {
            gate.passed.notify_one();
        }
        Ok(in_tests::committed(&id, again))
    }
    async fn prepare(&self, new: NewHold) -> Result<Prepared, HoldError> {
        self.note("prepare")?;
        Ok(in_tests::prepared(&self.keep(new).0))
    }
    async fn audit_head(&self) -> Result<AuditHead, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn reclaim(&self, _: &str) -> Result<u64, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn sweep(&self, _: Timestamp) -> Result<u64, HoldError> {
        unreachable!("no pipeline asks for it")
    }
    async fn activate(&self, prepared: &Prepared, _: Timestamp) -> Result<Committed, HoldError> {
        self.note("activate")?;
        Ok(in_tests::committed(prepared.id(), false))
    }
    async fn cancel(&self, _: Prepared, _: Timestamp) -> Result<(), HoldError> {
        self.note("cancel")
    }
    async fn find(&self, _: &HoldId) -> Result<Option<Hold>, HoldError> {
        self.note("find")?;
        Ok(self.found.lock().unwrap().clone())
    }
    async fn list(&self, _: &HoldFilter) -> Result<Vec<HoldSummary>, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn content(&self, _: &HoldId) -> Result<Bytes, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn change(&self, _: &HoldId, _: Change) -> Result<Hold, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn notices_since(&self, _: &HoldId, _: &str, _: Timestamp) -> Result<u64, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn lease_items(
        &self,
        _: &str,
        _: Timestamp,
        _: Duration,
        _: u32,
    ) -> Result<Vec<Item>, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn begin_release(&self, _: &ItemId, _: &str, _: Timestamp) -> Result<Hold, HoldError> {
        Err(HoldError::Unknown)
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
        Err(HoldError::Unknown)
    }
    async fn due_holds(&self, _: Timestamp, _: u32) -> Result<Vec<Hold>, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn record(
        &self,
        _: Option<&HoldId>,
        _: Actor,
        _: AuditEvent,
        _: Timestamp,
    ) -> Result<(), HoldError> {
        Err(HoldError::Unknown)
    }
    async fn audit(&self, _: u64, _: u32) -> Result<Vec<AuditEntry>, HoldError> {
        Err(HoldError::Unknown)
    }
    async fn ready(&self) -> Result<(), HoldError> {
        Ok(())
    }
    async fn overdue(&self, _now: Timestamp) -> Result<(u64, Option<Timestamp>), HoldError> {
        Ok((0, None))
    }

    async fn counts(&self) -> Result<Vec<(State, u64)>, HoldError> {
        Err(HoldError::Unknown)
    }
}

/// Holds mail with the word `DENIED` for every recipient whose address begins with `out`;
/// `SPLIT`, `OBSERVE`, `KEEP`, `PANIC` in the mail do what they say;
/// with `SETTLES`, `STALLS` and `BREAKS` it doubts. Counts what it saw.
#[derive(Default)]
pub(super) struct WordJudge {
    pub(super) seen: Mutex<u32>,
    /// The times that it was given for what is `ATTACHED`.
    pub(super) times: Mutex<Vec<Duration>>,
    /// A mail with the word `WAIT` waits until it is told.
    pub(super) wait: Mutex<Option<std::sync::mpsc::Receiver<()>>>,
}

impl Judge for WordJudge {
    fn judge_at_once(&self, envelope: &Envelope, content: &[u8]) -> Option<Judged> {
        let attached = memchr::memmem::find(content, b"ATTACHED").is_some();
        (!attached).then(|| self.judge(envelope, content))
    }

    /// `SLOW` takes all the time there is.
    fn judge_in(&self, time: Duration, envelope: &Envelope, content: &[u8]) -> Judged {
        self.times.lock().unwrap().push(time);
        if memchr::memmem::find(content, b"SLOW").is_some() {
            std::thread::sleep(time);
        }
        self.judge(envelope, content)
    }
}

impl WordJudge {
    pub(super) fn judge(&self, envelope: &Envelope, content: &[u8]) -> Judged {
        *self.seen.lock().unwrap() += 1;
        let has = |word: &str| memchr::memmem::find(content, word.as_bytes()).is_some();
        if has("WAIT")
            && let Some(wait) = &*self.wait.lock().unwrap()
        {
            wait.recv().unwrap();
        }
        assert!(!has("PANIC"), "judge breaks down on purpose");
        let mode = match () {
            () if has("OBSERVE") => Mode::Observe,
            () if has("NOTIFY") => Mode::Notify,
            () => Mode::Enforce,
        };
        let verdict = if has("DENIED") { Verdict::Hold } else { Verdict::Pass };
        let one = |r: &Recipient| RecipientVerdict {
            address: r.path.clone(),
            verdict: if r.path.as_str().starts_with("out") { verdict } else { Verdict::Pass },
        };
        let mut judgement =
            judgement(verdict, mode, has("SPLIT"), envelope.recipients().iter().map(one).collect());
        judgement.sketch = has("NOTED").then(traffic::in_tests::sketch);
        if has("KEEP") {
            let terms = &mut judgement.decision.terms;
            (terms.expiry_action, terms.remind_after) = (ExpiryAction::Keep, terms.expire_after);
        }
        let inquiry =
            |settles| Some(Box::new(FakeInquiry { settles, first: judgement.clone() }) as _);
        let inquiry = match () {
            () if has("SETTLES") => inquiry(Settles::Otherwise),
            () if has("STALLS") => inquiry(Settles::Never),
            () if has("BREAKS") => inquiry(Settles::ByPanic),
            () => None,
        };
        Judged { judgement, inquiry }
    }
}

/// How an inquiry ends.
#[derive(Clone, Copy)]
enum Settles {
    Otherwise,
    Never,
    ByPanic,
}

struct FakeInquiry {
    settles: Settles,
    first: Judgement,
}

#[async_trait]
impl Inquiry for FakeInquiry {
    /// Otherwise: what was to be held passes.
    async fn conclude(mut self: Box<Self>) -> Judgement {
        match self.settles {
            Settles::Otherwise => {
                self.first.decision.verdict = Verdict::Pass;
                self.first
            }
            Settles::Never => std::future::pending().await,
            Settles::ByPanic => panic!("an inquiry breaks down on purpose"),
        }
    }
}

fn judgement(
    verdict: Verdict,
    mode: Mode,
    split: bool,
    recipients: Vec<RecipientVerdict>,
) -> Judgement {
    let decision = Decision {
        verdict,
        reason: if verdict == Verdict::Hold { Reason::Policy } else { Reason::BelowThreshold },
        policy: Some("denial".into()),
        category: None,
        title: None,
        probability: 0.9,
        threshold: 0.5,
        language: None,
        mode,
        recipients,
        evidence: Vec::new(),
        terms: HoldTerms { split, ..HoldTerms::default() },
        would_hold: false,
    };
    let dossier = Dossier {
        subject: "Your claim".into(),
        message_id: Some("new@us.example".into()),
        references: Vec::new(),
        header_from_name: String::new(),
        decision: decision.clone(),
        call: CallSheet::default(),
    };
    Judgement { decision, dossier, sketch: None }
}

/// One line of notice a hold.
struct OneLine;
impl Prompter for OneLine {
    fn hold_notice(&self, new: &NewHold, _: &SameCustomer, first: Option<&Hold>) -> Vec<NewItem> {
        let said = first.map_or("please call", |_| "held too");
        let kind = ItemKind::Notice { name: "hold".into(), bytes: format!("{said}\r\n").into() };
        vec![NewItem { kind, recipients: Vec::new(), due: new.created }]
    }
}

pub(super) fn keys() -> Keys {
    Keys::new([9; 32])
}

pub(super) fn noon() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

/// A pipeline in front of a scripted hop.
pub(super) struct Stage {
    pub(super) pipeline: Arc<Pipeline>,
    pub(super) store: Arc<FakeStore>,
    pub(super) judge: Arc<WordJudge>,
    pub(super) hop: ScriptedHop,
    /// What is noted of mail that went by.
    pub(super) noted: mpsc::Receiver<Draft>,
}

impl Stage {
    pub(super) async fn new(scripts: &[&str]) -> Stage {
        Stage::with(scripts, FakeStore::default(), Settings::default()).await
    }

    pub(super) async fn with(scripts: &[&str], store: FakeStore, settings: Settings) -> Stage {
        Stage::built(scripts, store, settings, |_| None).await
    }

    /// With what hears replies to notices.
    pub(super) async fn built(
        scripts: &[&str],
        store: FakeStore,
        settings: Settings,
        replies: impl FnOnce(Arc<FakeStore>) -> Option<Replies>,
    ) -> Stage {
        let hop = ScriptedHop::start(scripts).await;
        let mut relay = relay::Settings::new(hop.address.clone(), "us.example");
        relay.limits.command = Duration::from_secs(5);
        relay.limits.dot = Duration::from_millis(100);
        let (store, judge) = (Arc::new(store), Arc::new(WordJudge::default()));
        let (recorder, noted) = traffic::in_tests::open();
        let pipeline = Pipeline::new(Parts {
            teams: Arc::default(),
            judge: judge.clone(),
            prompter: Arc::new(OneLine),
            store: store.clone(),
            next_hop: NextHop::new(relay).unwrap(),
            replies: replies(store.clone()).map(Arc::new),
            traffic: Some(recorder),
            keys: keys(),
            settings,
            clock: Arc::new(noon),
        });
        Stage { pipeline, store, judge, hop, noted }
    }

    /// MAIL and RCPT, all accepted.
    pub(super) async fn envelope(&self, to: &[&str]) -> Transaction {
        let mut transaction = self.mail("a@us.example").await;
        for path in to {
            let reply = transaction.rcpt(recipient(path)).await;
            assert!(reply.is_positive(), "{path}: {reply}");
        }
        assert_eq!(transaction.accepted(), to.len());
        transaction
    }

    pub(super) async fn mail(&self, from: &str) -> Transaction {
        let path = ReversePath::parse(from).unwrap();
        let mail = self.pipeline.mail(origin(), path, vec![]).await;
        mail.map_err(|reply| reply.to_string()).unwrap().0
    }

    pub(super) async fn send(&self, to: &[&str], content: &str) -> Outcome {
        self.envelope(to).await.finish(content.to_owned().into_bytes().into(), TRACE.into()).await
    }

    pub(super) async fn send_each(&self, to: &[&str], content: &str) -> Vec<Outcome> {
        let content = content.to_owned().into_bytes().into();
        self.envelope(to).await.finish_each(content, TRACE.into()).await
    }

    /// What reached the hop; fails where its script was not followed.
    pub(super) async fn at_hop(self) -> Vec<String> {
        drop(self.pipeline);
        let data = self.hop.data().await;
        data.into_iter().map(|d| String::from_utf8(d).unwrap()).collect()
    }
}

pub(super) const TRACE: &str = "Received: by us\r\n";

pub(super) fn recipient(path: &str) -> Recipient {
    Recipient::plain(ForwardPath::parse(path).unwrap())
}

pub(super) fn origin() -> Origin {
    Origin {
        session_id: "s1".into(),
        transaction_id: "t1".into(),
        client: [127, 0, 0, 1].into(),
        helo: "client".into(),
        protocol: Protocol::Esmtp,
        xforward: Xforward::default(),
    }
}
