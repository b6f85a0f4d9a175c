//! Plays the week: moves the clock, hands in mail, opens pages and presses their buttons, answers by
//! mail; lets the worker do what has fallen due; begins anew when the process died.

use std::collections::BTreeMap;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use callfirst::{
    hold::{Hold, Promise},
    mail::{
        Content, ForwardPath, HoldId, Origin, Protocol, Recipient, ReversePath, Timestamp, Xforward,
    },
    pipeline::Outcome,
};
use jiff::SignedDuration;
use tower::ServiceExt;

use crate::{
    book::{Book, Page},
    house::{House, Process},
    script::{self, Act, MONDAY, What, address, berlin, text},
};

/// How often the worker looks while nobody does anything.
const TICK: SignedDuration = SignedDuration::from_mins(15);

pub(crate) struct Player {
    pub(crate) house: House,
    process: Process,
    /// Ids of the holds by their numbers.
    pub(crate) holds: BTreeMap<String, HoldId>,
    pub(crate) book: Book,
}

impl Player {
    pub(crate) async fn new(house: House) -> Player {
        let process = house.start().await;
        Player { house, process, holds: BTreeMap::new(), book: Book::default() }
    }

    /// The whole week, act by act.
    pub(crate) async fn play(&mut self) {
        let midnight = |day| {
            let date = MONDAY.checked_add(jiff::Span::new().days(day)).unwrap();
            date.to_zoned(berlin()).unwrap().timestamp()
        };
        let mut acts = script::acts().into_iter().peekable();
        let mut tick: Timestamp = midnight(0);
        let end = midnight(7).checked_add(jiff::Span::new().hours(16)).unwrap();
        while tick < end {
            while let Some(act) = acts.next_if(|act| act.at <= tick) {
                self.house.hands.set(act.at);
                self.act(&act).await;
                self.work().await;
            }
            self.house.hands.set(tick);
            self.work().await;
            tick = tick.checked_add(TICK).unwrap();
        }
        assert_eq!(acts.next().map(|act| act.at), None, "behind the end of the week");
    }

    /// A hold as the store has it.
    pub(crate) async fn hold(&self, number: &str) -> Hold {
        self.process.store.find(&self.holds[number]).await.unwrap().unwrap()
    }

    /// Its promise.
    pub(crate) async fn promise(&self, number: &str) -> Option<Promise> {
        self.process.store.promise(&self.holds[number]).await.unwrap()
    }

    pub(crate) fn store(&self) -> std::sync::Arc<dyn callfirst::hold::HoldStore> {
        self.process.store.clone()
    }

    /// Whatever is due now, to its end.
    async fn work(&mut self) {
        let (clock, fate) = (self.house.hands.clock(), self.house.fate.clone());
        loop {
            let did = tokio::select! {
                biased;
                () = fate.death() => None,
                did = self.process.worker.turn(&clock) => Some(did),
            };
            match did {
                Some(0) => break,
                Some(_) => {}
                None => self.begin_anew().await,
            }
        }
        self.book.mails(self.house.hop.take());
    }

    async fn begin_anew(&mut self) {
        self.process = self.house.start().await;
    }

    /// One act. Who gets no answer looks whether it was done; a mail server sends again.
    async fn act(&mut self, act: &Act) {
        let fate = self.house.fate.clone();
        let before = self.standing(act).await;
        loop {
            let done = tokio::select! {
                biased;
                () = fate.death() => None,
                done = self.perform(act) => Some(done),
            };
            if let Some((id, pages)) = done {
                if let Some(id) = id {
                    self.book.name(&id, &act.hold);
                    self.holds.insert(act.hold.clone(), id);
                }
                self.book.acted(act, &pages);
                return;
            }
            self.begin_anew().await;
            let is_form = matches!(act.what, What::Does | What::Tries);
            if is_form && self.standing(act).await != before {
                return;
            }
        }
    }

    /// How a hold stands, and its promise.
    async fn standing(&self, act: &Act) -> String {
        let Some(id) = self.holds.get(&act.hold) else { return String::new() };
        let hold = self.process.store.find(id).await.unwrap().unwrap();
        let promise = self.process.store.promise(id).await.unwrap();
        format!("{:?} {:?} {:?} {promise:?}", hold.state, hold.outcomes, hold.parties)
    }

    async fn perform(&self, act: &Act) -> (Option<HoldId>, Vec<Page>) {
        let told = |why: &str| panic!("{act:?}: {why}");
        match act.what {
            What::Mail => match self.hand_in(act, self.mail(act)).await {
                Outcome::Held(committed) => {
                    self.is_as_meant(act, committed.id()).await;
                    (Some(committed.id().clone()), vec![])
                }
                other => told(&format!("{other:?}")),
            },
            What::Rewrite => match self.hand_in(act, self.rewrite(act)).await {
                Outcome::PassedOn(_) => (None, vec![]),
                other => told(&format!("{other:?}")),
            },
            What::Replies => match self.hand_in(act, self.reply(act)).await {
                Outcome::Heard(_) => (None, vec![]),
                other => told(&format!("{other:?}")),
            },
            // A machine's answer is not acted on, and its writer's server hears so.
            What::Away => match self.hand_in(act, self.reply(act)).await {
                Outcome::Heard(_) | Outcome::Refused(_) => (None, vec![]),
                other => told(&format!("{other:?}")),
            },
            What::Look => (None, vec![self.get(act).await]),
            What::Does => {
                let before = self.get(act).await;
                let (status, body) = self.post(act).await;
                if status != StatusCode::SEE_OTHER {
                    told(&format!("{status} {}", crate::book::plain(&body)));
                }
                (None, vec![before, self.get(act).await])
            }
            What::Tries => {
                let (status, body) = self.post(act).await;
                if status != StatusCode::UNPROCESSABLE_ENTITY {
                    told(&status.to_string());
                }
                (None, vec![Page { html: body }])
            }
        }
    }

    /// The category stands in the name of the text; the terms of the week hang on it.
    async fn is_as_meant(&self, act: &Act, id: &HoldId) {
        let hold = self.process.store.find(id).await.unwrap().unwrap();
        let policy = hold.dossier.decision.policy.unwrap_or_default();
        assert!(act.how.starts_with(&format!("{policy}-")), "{act:?}: held as {policy}");
    }

    async fn hand_in(&self, act: &Act, mail: (Vec<String>, String)) -> Outcome {
        let (to, content) = mail;
        let local = ("SOURCE".to_owned(), "LOCAL".to_owned());
        let origin = Origin {
            session_id: "s".into(),
            transaction_id: format!("t{}", act.hold),
            client: std::net::IpAddr::from([127, 0, 0, 1]),
            helo: "mail.northwind-hvac.example".into(),
            protocol: Protocol::Esmtp,
            xforward: Xforward { attributes: vec![local] },
        };
        let from = ReversePath::parse(&address(&act.who)).unwrap();
        let begun = self.process.pipeline.mail(origin, from, vec![]).await;
        let (mut transaction, _) = begun.unwrap_or_else(|reply| panic!("{act:?}: {reply}"));
        for to in to {
            let reply = transaction.rcpt(Recipient::plain(ForwardPath::parse(&to).unwrap())).await;
            assert!(reply.is_positive(), "{act:?}: {reply}");
        }
        let content = Content::from(content.replace('\n', "\r\n").into_bytes());
        let trace =
            "Received: from mail.northwind-hvac.example by relay.northwind-hvac.example\r\n";
        transaction.finish(content, trace.to_owned()).await
    }

    fn head(&self, act: &Act, to: &str, subject: &str, name: &str) -> String {
        let date = jiff::fmt::rfc2822::to_string(&act.at.to_zoned(berlin())).unwrap();
        let who = &act.who;
        format!(
            "From: {} <{}>\nTo: {to}\nSubject: {}\nDate: {date}\nMessage-ID: <{name}>\n\
             MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
             Content-Transfer-Encoding: 8bit\n",
            capitalised(who),
            address(who),
            encoded(subject),
        )
    }

    fn mail(&self, act: &Act) -> (Vec<String>, String) {
        let text = text(&act.how);
        let name = format!("m{}@northwind-hvac.example", act.hold);
        let (display, to) = text.to.trim_end_matches('>').split_once(" <").unwrap();
        let head = self.head(act, &format!("{} <{to}>", encoded(display)), &text.subject, &name);
        (vec![to.to_owned()], format!("{head}\n{}\n", text.words))
    }

    /// To the original's recipient.
    fn rewrite(&self, act: &Act) -> (Vec<String>, String) {
        let (subject, words) = act.how.split_once(" = ").unwrap();
        let original = script::acts().into_iter().find(|a| a.hold == act.hold).unwrap();
        let to = text(&original.how).to;
        let (_, to) = to.trim_end_matches('>').split_once(" <").unwrap();
        let name = format!("m{}-anew@northwind-hvac.example", act.hold);
        let head = self.head(act, to, subject, &name);
        (vec![to.to_owned()], format!("{head}\n{words}\n"))
    }

    /// An answer to the notice: to the address in it.
    fn reply(&self, act: &Act) -> (Vec<String>, String) {
        let to = self.book.reply_to(&act.hold, &address(&act.who));
        let away = act.what == What::Away;
        let at = act.at.as_second();
        let name = format!("r{}-{at}@northwind-hvac.example", act.hold);
        let (subject, words) = match away {
            true => ("Automatic reply: not delivered", "I am out of the office until Easter."),
            false => ("Re: not delivered", act.how.as_str()),
        };
        let head = self.head(act, &to, subject, &name);
        let auto = if away { "Auto-Submitted: auto-replied\n" } else { "" };
        (vec![to], format!("{head}{auto}\n{words}\n"))
    }

    async fn get(&self, act: &Act) -> Page {
        let page = self.book.link(&act.hold, &address(&act.who));
        let (status, html) = self.send(Request::get(page).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{act:?}");
        Page { html }
    }

    /// A form of the page as a browser sends it.
    async fn post(&self, act: &Act) -> (StatusCode, String) {
        let (id, page) = (&self.holds[&act.hold], self.book.link(&act.hold, &address(&act.who)));
        let mut fields: Vec<String> = act.how.split("; ").map(field).collect();
        fields.push(format!("nonce={}", self.house.keys.nonce(id, [1; 16], act.at)));
        // Which proposal is answered stands in the page.
        let (_, html) = self.send(Request::get(&page).body(Body::empty()).unwrap()).await;
        let asked =
            html.split_once("name=\"asked\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        fields.extend(asked.map(|(micros, _)| format!("asked={micros}")));
        let request = Request::post(page)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(fields.join("&"))).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.process.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, String::from_utf8(body.to_vec()).unwrap())
    }
}

fn field(field: &str) -> String {
    let (key, value) = field.split_once('=').unwrap();
    let escaped: String = value.bytes().map(|octet| format!("%{octet:02X}")).collect();
    format!("{key}={escaped}")
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// RFC 2047, where it must be.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let octets: String = text.bytes().map(|octet| format!("={octet:02X}")).collect();
    format!("=?utf-8?Q?{octets}?=")
}
