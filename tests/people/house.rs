//! A house with one held mail: judged, held and shown by the very parts that the service uses.

use std::sync::Arc;

use axum::Router;
use callfirst::{
    app::{self, Judge, Judged},
    attachments::Attachments,
    call,
    decision::{Mode, Organisation, Verdict},
    hold::{
        Actor, Hold, HoldStore, MemoryStore, NewHold, NewItem, Outcome, Party, Settings, Watch,
    },
    mail::{
        Content, Envelope, ForwardPath, HoldId, Origin, Protocol, Recipient, ReversePath,
        Timestamp, Xforward,
    },
    policy::{Embedded, PolicySet, Source},
    release::{self, Desk, Keys},
    web::{self, CallTerms, WebState},
    wording::Languages,
};

/// Writes to nobody.
struct Silent;

impl release::Letters for Silent {
    fn decided(&self, _: &Hold, _: &Actor, _: &Outcome, _: Timestamp) -> Vec<NewItem> {
        Vec::new()
    }
    fn handed_over(
        &self,
        _: &Hold,
        _: Option<&Party>,
        _: &Actor,
        _: &str,
        _: Timestamp,
    ) -> Option<NewItem> {
        None
    }
    fn second_asked(
        &self,
        _: &Hold,
        _: &Party,
        _: &Actor,
        _: &Outcome,
        _: Timestamp,
    ) -> Option<NewItem> {
        None
    }
    fn declined(&self, _: &Hold, _: &Actor, _: &Actor, _: &str, _: Timestamp) -> Option<NewItem> {
        None
    }
}

/// The shipped policies with the lowest threshold there is.
pub(crate) fn lowest_policies() -> Arc<PolicySet> {
    let lowest = |source: Source| {
        let lines = source.text.lines().map(|line| match line.starts_with("threshold =") {
            true => "threshold = 0.01",
            false => line,
        });
        Source { text: lines.collect::<Vec<_>>().join("\n"), name: source.name }
    };
    let sources: Vec<Source> = PolicySet::shipped().into_iter().map(lowest).collect();
    Arc::new(PolicySet::compile(&sources, Some(Arc::new(Embedded { reader: true }))).unwrap())
}

/// The mail, to be held whatever a judge says of it.
pub(crate) fn held(policies: &Arc<PolicySet>, mail: &[u8]) -> NewHold {
    let inside = Organisation { name: "Northwind HVAC".into(), domains: vec!["us.example".into()] };
    let recipient = Recipient::plain(ForwardPath::parse("customer@there.example").unwrap());
    let sender = ReversePath::parse("staff@us.example").unwrap();
    let envelope = Envelope::new(sender, vec![], vec![recipient]).unwrap();
    let in_force = Arc::new(arc_swap::ArcSwap::new(policies.clone()));
    let program = env!("CARGO_BIN_EXE_callfirst").into();
    let attachments = Arc::new(Attachments::new(Default::default(), program));
    let judge = Judge::new(in_force, inside.clone(), Mode::Enforce, attachments);
    let mut judged: Judged = judge.judge(&envelope, mail);
    if judged.decision.verdict == Verdict::Pass {
        // Automatic mail and mail without a word to weigh: nobody would hold it, we do.
        judged.decision.verdict = Verdict::Hold;
        judged.decision.recipients.iter_mut().for_each(|r| r.verdict = Verdict::Hold);
        judged.call = call::prepare(
            &judged.reading,
            &judged.decision,
            &envelope,
            &inside,
            &call::Guides::shipped(),
            &call::Told::default(),
            &judged.weighed,
        );
    }
    let now: Timestamp = "2026-11-24T15:20:00Z".parse().unwrap();
    let terms = judged.decision.terms.clone();
    NewHold {
        watch: Watch::default(),
        id: HoldId::from_octets([5; 16]),
        idempotency_key: "0".repeat(64),
        envelope,
        origin: Origin {
            session_id: "s".into(),
            transaction_id: "t".into(),
            client: std::net::IpAddr::from([127, 0, 0, 1]),
            helo: "mx.us.example".into(),
            protocol: Protocol::Esmtp,
            xforward: Xforward::default(),
        },
        content: Content::from(mail.to_vec()),
        trace: String::new(),
        dossier: app::dossier(judged),
        created: now,
        remind_at: now.checked_add(terms.remind_after).ok(),
        expires_at: now.checked_add(terms.expire_after).unwrap(),
        outbox: vec![],
    }
}

/// The pages of a house with this one hold, and the path of its sender's page.
pub(crate) async fn site(new: NewHold) -> (Router, String) {
    let (now, keys) = (new.created, Keys::new([7; 32]));
    let path = format!("/h/{}", keys.link_token(&new.id));
    let store: Arc<dyn HoldStore> = Arc::new(MemoryStore::new(Settings::default()));
    store.hold(new).await.unwrap();
    let state = WebState {
        call_terms: CallTerms::default(),
        desk: Desk::new(store.clone(), Arc::new(Silent)),
        keys,
        store,
        organisation: "Northwind HVAC".into(),
        public_url: "https://callfirst.example".into(),
        teams: Arc::default(),
        hours: call::Hours::default(),
        own: Arc::default(),
        languages: Languages::default(),
        clock: Arc::new(move || now),
        random: Arc::new(|| [3; 16]),
        metrics: Arc::new(String::new),
    };
    (web::router(state), path)
}
