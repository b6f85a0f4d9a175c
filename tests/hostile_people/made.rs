//! From a mail's bytes to the notice and the page, with the very parts that the service uses.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use callfirst::{
    app::{self, Judge, Judged},
    call,
    decision::{Mode, Organisation, Verdict},
    hold::{HoldStore, MemoryStore, NewHold},
    mail::{
        Content, Envelope, ForwardPath, HoldId, Mailbox, Origin, Protocol, Recipient, ReversePath,
        Timestamp, Xforward,
    },
    message::Language,
    notice::{self, ComposedMail, Kind, Occasion},
    policy::{Embedded, PolicySet, Source},
    release::{Desk, Keys},
    web::{self, WebState},
};
use jiff::tz::TimeZone;
use tower::ServiceExt;

/// What people get to see of one mail.
pub(crate) struct Made {
    pub(crate) notice: ComposedMail,
    pub(crate) status: u16,
    pub(crate) page: String,
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
    Arc::new(PolicySet::compile(&sources, Some(Arc::new(Embedded))).unwrap())
}

/// Judges the mail, holds it, composes the notice and opens the page.
pub(crate) async fn all_of(policies: &Arc<PolicySet>, mail: &[u8]) -> Made {
    let new = held(policies, mail);
    let notice = notice_of(&new);
    let id = new.id.clone();
    let (now, keys) = (new.created, Keys::new([7; 32]));
    let store: Arc<dyn HoldStore> = Arc::new(MemoryStore::new(Default::default()));
    store.hold(new).await.unwrap();
    let router = web::router(WebState {
        desk: Desk::new(store.clone()),
        keys: keys.clone(),
        store,
        organisation: "Northwind HVAC".into(),
        public_url: "https://callfirst.example".into(),
        time_zone: TimeZone::UTC,
        clock: Arc::new(move || now),
        random: Arc::new(|| [3; 16]),
        metrics: Arc::new(String::new),
    });
    let request = Request::get(format!("/h/{}", keys.link_token(&id))).body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let page = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    Made { notice, status, page: String::from_utf8(page.to_vec()).unwrap() }
}

fn held(policies: &Arc<PolicySet>, mail: &[u8]) -> NewHold {
    let inside = Organisation { name: "Northwind HVAC".into(), domains: vec!["us.example".into()] };
    let recipient = Recipient::plain(ForwardPath::parse("customer@there.example").unwrap());
    let sender = ReversePath::parse("staff@us.example").unwrap();
    let envelope = Envelope::new(sender, vec![], vec![recipient]).unwrap();
    let in_force = Arc::new(arc_swap::ArcSwap::new(policies.clone()));
    let judge = Judge::new(in_force, inside.clone(), Mode::Enforce);
    let mut judged: Judged = judge.judge(&envelope, mail);
    if judged.decision.verdict == Verdict::Pass {
        // Automatic mail and mail without a word to weigh: nobody would hold it, we do.
        judged.decision.verdict = Verdict::Hold;
        judged.decision.recipients.iter_mut().for_each(|r| r.verdict = Verdict::Hold);
        judged.call = call::prepare(&judged.reading, &judged.decision, &envelope, &inside);
    }
    let now: Timestamp = "2026-11-24T15:20:00Z".parse().unwrap();
    let terms = judged.decision.terms.clone();
    NewHold {
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

fn notice_of(new: &NewHold) -> ComposedMail {
    let mailbox = |text| Mailbox::parse(text).unwrap();
    let dossier = &new.dossier;
    notice::compose(&Occasion {
        kind: Kind::Hold,
        language: dossier.decision.language.unwrap_or(Language::En),
        organisation: "Northwind HVAC",
        from_name: "Call First",
        from: &mailbox("callfirst@us.example"),
        hold: &new.id,
        sender: &mailbox("staff@us.example"),
        sender_name: &dossier.header_from_name,
        subject: &dossier.subject,
        in_reply_to: dossier.message_id.as_deref(),
        references: &dossier.references,
        recipients: &["customer@there.example".to_owned()],
        decision: &dossier.decision,
        call: &dossier.call,
        link: "https://callfirst.example/h/token",
        created: new.created,
        remind_at: new.remind_at,
        expires_at: new.expires_at,
        time_zone: &TimeZone::UTC,
        message_id: "hold.1@us.example",
        date: new.created,
        mark: None,
    })
}
