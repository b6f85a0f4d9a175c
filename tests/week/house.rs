//! The house of the week: the service's own parts over a store on disk, a next hop that remembers and a
//! clock that is moved. Whatever of it lies in memory can be dropped and built anew.

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use arc_swap::ArcSwap;
use axum::Router;
use callfirst::{
    app::{self, Judge, Letters},
    attachments::{self, Attachments},
    call::Guides,
    config::Config,
    hold::{HoldStore, Settings, open},
    mail::Timestamp,
    pipeline::{self, Pipeline},
    policy::{Embedded, PolicySet, Source},
    relay::{self, NextHop},
    release::{Desk, Keys},
    replies::{self, Replies},
    web::{self, WebState},
    worker::{self, Clock, Worker},
};

use crate::{
    crash::{Fate, Mortal},
    hop::Hop,
};

/// The terms of the week by policy; what is not named is as it ships.
const TERMS: &[(&str, &str)] = &[
    ("warranty_denial", "escalate_after = \"24h\""),
    ("claim_denial", "second_person = \"send_anyway\"\nurgent_over = 10_000"),
    ("refund_refusal", "expire_after = \"24h\"\nexpiry_action = \"release\""),
    ("delivery_delay", "expire_after = \"24h\"\nexpiry_action = \"keep\""),
    ("order_cancellation", "minimum_wait = \"30m\""),
    ("price_increase", "minimum_wait = \"2h\""),
    ("rejection", "second_person = \"always\""),
    ("service_termination", "escalate_after = \"8h\"\nexpire_after = \"72h\""),
];

/// The clock of the week.
#[derive(Clone, Default)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(crate) fn set(&self, to: Timestamp) {
        self.0.store(to.as_second(), Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
    }

    pub(crate) fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || hands.now())
    }
}

/// What outlives a process.
pub(crate) struct House {
    pub(crate) config: Config,
    pub(crate) keys: Keys,
    pub(crate) hands: Hands,
    pub(crate) hop: Hop,
    pub(crate) fate: Arc<Fate>,
    url: String,
}

/// What does not.
pub(crate) struct Process {
    pub(crate) store: Arc<dyn HoldStore>,
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) worker: Arc<Worker>,
    pub(crate) router: Router,
}

impl House {
    pub(crate) fn new(url: String, hands: Hands, hop: Hop, fate: Arc<Fate>) -> House {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/week/house.toml");
        let config = Config::load(&file).map_err(|mistakes| mistakes.render(false));
        let config = config.unwrap_or_else(|told| panic!("{told}"));
        House { config, keys: Keys::new([7; 32]), hands, hop, fate, url }
    }

    /// A process on what the last one left.
    pub(crate) async fn start(&self) -> Process {
        let few = Settings {
            database: callfirst::store::Settings { connections: 2, ..Default::default() },
            ..Settings::default()
        };
        let store = open(&self.url, few).await.unwrap();
        let store: Arc<dyn HoldStore> = Arc::new(Mortal::new(store, Arc::clone(&self.fate)));
        let config = &self.config;
        let teams = Arc::clone(&config.teams);
        // One thing at a time, so that a week is played the same each time.
        let settings = worker::Settings {
            promise_reminders: config.call.promise_reminders,
            batch: 1,
            ..worker::Settings::new("week", Arc::clone(&teams))
        };
        store.reclaim(&settings.node).await.unwrap();
        let letters = Letters::new(app::house(config, self.keys.clone(), Arc::default()));
        let desk = Desk::new(Arc::clone(&store), Arc::new(letters.clone()))
            .with_seconds(config.call.second.clone());
        let to_hop = relay::Settings::new(&self.hop.address, "relay.northwind-hvac.example");
        let next_hop = NextHop::new(to_hop).unwrap();
        let pipeline = Pipeline::new(pipeline::Parts {
            judge: Arc::new(self.judge()),
            prompter: Arc::new(letters.clone()),
            store: Arc::clone(&store),
            next_hop: next_hop.clone(),
            teams: Arc::clone(&teams),
            replies: Some(Arc::new(self.replies(&desk, &letters))),
            traffic: None,
            keys: self.keys.clone(),
            settings: pipeline::Settings::default(),
            clock: self.hands.clock(),
        });
        let router = web::router(self.pages(desk));
        let worker = Worker::new(Arc::clone(&store), next_hop, Arc::new(letters), settings);
        Process { store, pipeline, worker: Arc::new(worker), router }
    }

    fn judge(&self) -> Judge {
        let documents = Attachments::new(Default::default(), attachments::this_program());
        let policies = Arc::new(ArcSwap::new(policies()));
        let organisation = self.config.organisation.clone();
        Judge::new(policies, organisation, self.config.policy.mode, Arc::new(documents))
            .with_guides(Arc::new(ArcSwap::new(Guides::shipped())))
    }

    fn replies(&self, desk: &Desk, letters: &Letters) -> Replies {
        let settings = self.config.replies.clone().unwrap();
        Replies::new(replies::Parts {
            desk: desk.clone(),
            address: settings.address,
            allowed: settings.allowed,
            trust: settings.trust,
            deputies: settings.deputies,
            teams: Arc::clone(&self.config.teams),
            inside: self.config.organisation.clone(),
            keys: self.keys.clone(),
            store: desk.store(),
            letters: Arc::new(letters.clone()),
        })
    }

    fn pages(&self, desk: Desk) -> WebState {
        let config = &self.config;
        WebState {
            keys: self.keys.clone(),
            store: desk.store(),
            desk,
            organisation: config.organisation.name.clone(),
            public_url: config.web.public_url.clone(),
            teams: Arc::clone(&config.teams),
            call_terms: config.call.terms.clone(),
            own: Arc::default(),
            languages: config.notice.languages.clone(),
            hours: config.call.hours.clone(),
            clock: self.hands.clock(),
            random: Arc::new(|| [3; 16]),
            metrics: Arc::new(String::new),
        }
    }
}

/// The policies that ship, on the terms of the week. Compiled once: they are values.
fn policies() -> Arc<PolicySet> {
    static POLICIES: OnceLock<Arc<PolicySet>> = OnceLock::new();
    let compiled = POLICIES.get_or_init(|| {
        let sources: Vec<Source> = PolicySet::shipped().into_iter().map(on_terms).collect();
        let model = Arc::new(Embedded { reader: false });
        Arc::new(PolicySet::compile(&sources, Some(model)).unwrap())
    });
    Arc::clone(compiled)
}

fn on_terms(source: Source) -> Source {
    let of = |(id, _): &&(&str, &str)| source.name.ends_with(&format!("/{id}.toml"));
    let Some((_, terms)) = TERMS.iter().find(of) else { return source };
    let named = |line: &str| {
        let (key, _) = line.split_once(" = ").unwrap_or_default();
        !key.is_empty() && terms.lines().any(|term| term.starts_with(&format!("{key} =")))
    };
    let (head, hold) = source.text.split_once("[hold]\n").unwrap();
    let (hold, rest) = hold.split_once("\n\n").unwrap();
    let kept: Vec<&str> = hold.lines().filter(|line| !named(line)).collect();
    let text = format!("{head}[hold]\n{}\n{terms}\n\n{rest}", kept.join("\n"));
    Source { text, ..source }
}
