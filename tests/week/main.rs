//! One week of a house, by a moved clock: forty holds and every way they end, with the parts that the
//! service uses, on a store on disk.
//!
//! `script.txt` says who does what when, `mails.txt` what is written, `house.toml` who works when;
//! `tests/golden/week/` is what everybody got and saw. The same week is played with the process dying
//! directly before and directly behind the commits of its store: the same mails go out, each once, but
//! for those that the next hop took when nobody lived to note it. They come a second time under the same
//! Message-ID. (That a real process may be killed so is shown by `tests/run crash-release after-call`.)
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says when it is skipped"
)]

mod book;
mod crash;
mod golden;
mod hop;
mod house;
mod play;
mod script;
mod whole;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callfirst::{
    hold::{LetterName, verify_chain},
    mail::Timestamp,
};
use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::OnceCell;

use crate::{
    book::Sent,
    crash::{Fate, Strike},
    hop::{Hop, Refusal},
    house::{Hands, House},
    play::Player,
};

/// Plays the week on a store of its own.
async fn played(url: String, strike: Strike) -> Player {
    let hands = Hands::default();
    let until = |at: &str| at.parse().unwrap();
    let refusals = vec![
        Refusal {
            recipient: "luc@petit-vins.example",
            reply: "550 5.2.2 mailbox full",
            until: until("2027-04-01T00:00:00Z"),
        },
        Refusal {
            recipient: "owen@busy.example",
            reply: "451 4.2.0 try later",
            until: until("2027-03-26T17:00:00Z"),
        },
    ];
    let hop = Hop::start(hands.clock(), refusals).await;
    let house = House::new(url, hands, hop, Fate::new(strike));
    let mut player = Player::new(house).await;
    player.play().await;
    verify_chain(&*player.store()).await.unwrap();
    player
}

async fn on_sqlite(strike: Strike) -> Player {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/week.db", folder.path().display());
    played(url, strike).await
}

/// How everything stands at the end: each hold, what people did about it, its promise.
async fn standing(week: &Player) -> Vec<String> {
    let mut all = Vec::new();
    for number in week.holds.keys() {
        let (hold, promise) = (week.hold(number).await, week.promise(number).await);
        let id = hold.id.as_str().to_owned();
        let deeds: Vec<_> =
            hold.outcomes.iter().map(|(at, by, what)| (at, &by.name, what)).collect();
        let steps = promise.map(|promise| (promise.state, promise.reminders, promise.steps));
        let all_of_it = format!(
            "{number} {:?} {:?} reminders {} {deeds:?} {:?} {:?} {:?} {steps:?}",
            hold.state, hold.deliveries, hold.reminders, hold.parties, hold.watch, hold.expires_at,
        );
        all.push(all_of_it.replace(&id, "ID"));
    }
    all
}

/// Each mail as a person reads it, and how often it went out.
fn mails(week: &Player) -> BTreeMap<String, usize> {
    let mut mails = BTreeMap::new();
    for sent in &week.book.sent {
        let Sent { at, to, kind, hold, subject, text, .. } = sent;
        let read = format!("{at} {hold} {kind} to {to}\n{subject}\n\n{text}");
        *mails.entry(week.book.masked(&read)).or_default() += 1;
    }
    mails
}

/// Who was told of which hold and when: by a mail of its own, or in a line of a digest, which has a link
/// to its page. Which mails become one may differ where somebody died between them.
async fn told(week: &Player) -> BTreeSet<(Timestamp, String, String)> {
    let mut told = BTreeSet::new();
    for sent in &week.book.sent {
        if sent.kind != LetterName::Digest.as_str() {
            told.insert((sent.at, sent.to.clone(), sent.hold.clone()));
            continue;
        }
        let links = sent.text.split("/h/").skip(1);
        let tokens: Vec<String> = links
            .map(|link| link.split_whitespace().next().unwrap_or_default())
            .map(|token| URL_SAFE_NO_PAD.decode(token).unwrap())
            .map(|token| String::from_utf8_lossy(&token).into_owned())
            .collect();
        for (number, id) in &week.holds {
            if tokens.iter().any(|token| token.contains(id.as_str())) {
                told.insert((sent.at, sent.to.clone(), number.clone()));
            }
        }
    }
    told
}

/// Whether a mail may be a line of a digest instead, or is one.
fn may_be_joined(mail: &str) -> bool {
    let kind = mail.split(' ').nth(2).unwrap_or_default();
    LetterName::from_text(kind).is_some_and(|name| !name.goes_at_once())
}

/// A week in which nothing dies.
struct Unbroken {
    standing: Vec<String>,
    mails: BTreeMap<String, usize>,
    told: BTreeSet<(Timestamp, String, String)>,
    files: Vec<(String, String)>,
}

/// Played once for all tests.
async fn unbroken() -> &'static Unbroken {
    static WEEK: OnceCell<Unbroken> = OnceCell::const_new();
    let play = || async {
        let week = on_sqlite(Strike::Never).await;
        whole::every_way_was_gone(&week).await;
        whole::nobody_was_disturbed(&week).await;
        golden::look(&week.book);
        let files = golden::files(&week.book, &week.house.config);
        Unbroken {
            standing: standing(&week).await,
            mails: mails(&week),
            told: told(&week).await,
            files,
        }
    };
    WEEK.get_or_init(play).await
}

/// Plays the week with deaths and without; gives how many mails came twice, and the steps struck.
async fn struck(strike: Strike) -> (usize, HashSet<String>) {
    let broken = on_sqlite(strike).await;
    let Unbroken { standing: expected, mails: whole, told: all, .. } = unbroken().await;
    assert_eq!(*expected, standing(&broken).await);
    let got = mails(&broken);
    assert!(whole.values().all(|count| *count == 1), "something goes out twice without a death");
    let twice = got.values().filter(|count| **count == 2).count();
    assert!(got.values().all(|count| *count <= 2), "struck once, sent three times");
    let differs = whole.keys().filter(|mail| !got.contains_key(*mail));
    let differs = differs.chain(got.keys().filter(|mail| !whole.contains_key(*mail)));
    let lost: Vec<&String> = differs.filter(|mail| !may_be_joined(mail)).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    let told = told(&broken).await;
    let otherwise: Vec<_> = all.symmetric_difference(&told).collect();
    assert!(otherwise.is_empty(), "told of something else, or at another time: {otherwise:#?}");
    // Whoever gets one twice can tell: it has the same name.
    let named = broken.book.sent.iter().map(|sent| (&sent.message_id, &sent.to));
    assert_eq!(named.collect::<BTreeSet<_>>().len(), got.len());
    (twice, broken.house.fate.struck())
}

#[tokio::test]
async fn the_week_as_it_was_read_and_found_good() {
    golden::compare(&unbroken().await.files);
}

/// The same files: the stores differ in nothing that a person sees.
#[tokio::test]
async fn the_same_week_on_postgres() {
    let Ok(server) = std::env::var("CALLFIRST_TEST_POSTGRES") else {
        println!("SKIPPED: CALLFIRST_TEST_POSTGRES names no server");
        return;
    };
    sqlx::any::install_default_drivers();
    let mut raw = sqlx::AnyConnection::connect(&server).await.unwrap();
    let schema = format!("week{}", std::process::id());
    let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options[search_path]={schema}");
    let week = played(url, Strike::Never).await;
    golden::compare(&golden::files(&week.book, &week.house.config));
}

#[tokio::test]
async fn a_death_behind_any_commit_loses_nothing_and_sends_nothing_twice() {
    let (twice, struck) = struck(Strike::Behind).await;
    assert!(struck.len() > 500, "only {} deaths", struck.len());
    assert_eq!(twice, 0);
}

#[tokio::test]
async fn a_death_before_any_commit_repeats_what_the_next_hop_took_and_nothing_else() {
    let (twice, struck) = struck(Strike::Before).await;
    let unsettled = struck.iter().filter(|step| step.starts_with("settle ")).count();
    assert!(struck.len() > 500, "only {} deaths", struck.len());
    assert!(twice <= unsettled, "{twice} mails came twice, and {unsettled} were not settled");
    assert!(twice > 0, "nothing died between the next hop and the mark");
}
