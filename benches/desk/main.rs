//! How long the pages of held mail take with 200,000 holds, on SQLite and on PostgreSQL.
//!
//! Fills a database, has each page made by the router so many times, prints the median and the
//! longest, and fails where a median is above 200 ms. PostgreSQL where `CALLFIRST_TEST_POSTGRES`
//! names a server. `DESK_HOLDS` sets another number of holds.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench that cannot be set up should say so and end"
)]
#![allow(dead_code, clippy::panic, reason = "the tests' site can do more, and fails loudly")]

#[path = "../../tests/desk_holds/site.rs"]
mod site;

use std::time::{Duration, Instant};

use callfirst::{mail::HoldId, rights::Role};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use site::{Browser, Site, new_hold};

const HOLDS: u64 = 200_000;
const MOST_MS: u128 = 200;
const TIMES: usize = 15;
/// Senders, each of one of the two teams.
const SENDERS: u64 = 2_000;
const POLICIES: [&str; 12] = [
    "warranty",
    "price",
    "delay",
    "claim",
    "rejection",
    "recall",
    "contract",
    "payment",
    "layoff",
    "outage",
    "quality",
    "other",
];
const WORDS: [&str; 8] =
    ["refusal", "warranty", "delivery", "offer", "contract", "invoice", "application", "heating"];

#[tokio::main]
async fn main() {
    let holds = std::env::var("DESK_HOLDS").ok().and_then(|n| n.parse().ok()).unwrap_or(HOLDS);
    let mut is_quick = true;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("desk.db").display());
    is_quick &= measured("SQLite", &url, folder, holds).await;
    match std::env::var("CALLFIRST_TEST_POSTGRES") {
        Ok(server) => {
            sqlx::any::install_default_drivers();
            let mut raw = sqlx::AnyConnection::connect(&server).await.unwrap();
            raw.execute("DROP SCHEMA IF EXISTS desk_bench CASCADE").await.unwrap();
            raw.execute("CREATE SCHEMA desk_bench").await.unwrap();
            let mark = if server.contains('?') { '&' } else { '?' };
            let url = format!("{server}{mark}options[search_path]=desk_bench");
            is_quick &= measured("PostgreSQL", &url, tempfile::tempdir().unwrap(), holds).await;
            raw.execute("DROP SCHEMA desk_bench CASCADE").await.unwrap();
        }
        Err(_) => println!("SKIPPED: CALLFIRST_TEST_POSTGRES names no server"),
    }
    if !is_quick {
        println!("a page takes more than {MOST_MS} ms");
        std::process::exit(1);
    }
}

async fn measured(name: &str, url: &str, folder: tempfile::TempDir, holds: u64) -> bool {
    let site = Site::on(url, folder).await;
    let template = site.hold(new_hold("eva@north.us.example", "Our refusal")).await;
    let begun = Instant::now();
    fill(url, &template, holds).await;
    println!("{name}: {holds} holds in {:.0} s", begun.elapsed().as_secs_f64());
    let reviewer = site.visitor("rae", &[Role::Reviewer]).await;
    let lead = site.visitor("lea", &[Role::Lead]).await;
    let sender = site.visitor_at("eva7", "sender7@south.us.example", &[Role::Sender]).await;
    let deep = far_down(&reviewer, "/desk/holds?show=all", 40).await;
    let pages = [
        ("held, newest first", &reviewer, "/desk/holds".to_owned()),
        ("held, most urgent first", &reviewer, "/desk/holds?order=urgent".to_owned()),
        ("held, ending first", &reviewer, "/desk/holds?order=ending".to_owned()),
        ("all", &reviewer, "/desk/holds?show=all".to_owned()),
        ("all, 40 pages down", &reviewer, deep),
        ("all, ending first", &reviewer, "/desk/holds?show=all&order=ending".to_owned()),
        ("delivered", &reviewer, "/desk/holds?show=delivered".to_owned()),
        ("stuck", &reviewer, "/desk/holds?show=stuck".to_owned()),
        ("second person asked", &reviewer, "/desk/holds?show=second".to_owned()),
        ("one policy of all", &reviewer, "/desk/holds?show=all&policy=layoff".to_owned()),
        ("a policy that nobody has", &reviewer, "/desk/holds?show=all&policy=none".to_owned()),
        ("one category, held", &reviewer, "/desk/holds?category=layoff".to_owned()),
        (
            "a day in the past",
            &reviewer,
            "/desk/holds?show=all&from=2026-10-01&to=2026-10-01".to_owned(),
        ),
        (
            "one sender",
            &reviewer,
            "/desk/holds?show=all&sender=sender7@south.us.example".to_owned(),
        ),
        (
            "one recipient",
            &reviewer,
            "/desk/holds?show=all&recipient=kim77@customer.example".to_owned(),
        ),
        ("a common word", &reviewer, "/desk/holds?show=all&q=warranty".to_owned()),
        ("a rare word", &reviewer, "/desk/holds?show=all&q=n77".to_owned()),
        ("two words", &reviewer, "/desk/holds?show=all&q=warranty+n77".to_owned()),
        ("the beginning of a word", &reviewer, "/desk/holds?show=all&q=warr*".to_owned()),
        (
            "a common word, held, one policy",
            &reviewer,
            "/desk/holds?q=warranty&policy=layoff".to_owned(),
        ),
        ("one team", &reviewer, "/desk/holds?show=all&team=north".to_owned()),
        ("a lead's queue", &lead, "/desk/holds?show=all".to_owned()),
        ("a sender's own", &sender, "/desk/holds?show=all".to_owned()),
        ("one hold", &reviewer, format!("/desk/holds/{template}")),
    ];
    let mut is_quick = true;
    for (what, browser, path) in &pages {
        let (median, longest) = timed(browser, path).await;
        is_quick &= median.as_millis() < MOST_MS;
        println!(
            "{name:10} {what:34} {:6.1} ms, at most {:6.1} ms",
            millis(median),
            millis(longest)
        );
    }
    is_quick
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

async fn timed(browser: &Browser<'_>, path: &str) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let answer = browser.get(path).await;
        times.push(begun.elapsed());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    times.sort_unstable();
    (times[TIMES / 2], times[TIMES - 1])
}

/// The address of a page so many pages down.
async fn far_down(browser: &Browser<'_>, path: &str, pages: usize) -> String {
    let mut path = path.to_owned();
    for _ in 0..pages {
        let body = browser.get(&path).await.body;
        let Some((before, _)) = body.split_once("\" rel=\"next\"") else { return path };
        let (_, next) = before.rsplit_once("href=\"").unwrap();
        path = next.replace("&amp;", "&").replace("&#38;", "&");
    }
    path
}

/// Copies of one hold, each with its own facts: one in 40 still held, the newest more often.
async fn fill(url: &str, template: &HoldId, holds: u64) {
    sqlx::any::install_default_drivers();
    let mut raw = sqlx::AnyConnection::connect(&url.replace(' ', "%20")).await.unwrap();
    let is_postgres = url.starts_with("postgres");
    let row = sqlx::query("SELECT created FROM holds WHERE id = $1").bind(template.as_str());
    let now: i64 = row.fetch_one(&mut raw).await.unwrap().get(0);
    raw.execute("BEGIN").await.unwrap();
    for n in 1..=holds {
        one(&mut raw, template, n, now, holds).await;
        if n % 10_000 == 0 {
            raw.execute("COMMIT").await.unwrap();
            raw.execute("BEGIN").await.unwrap();
        }
    }
    raw.execute("COMMIT").await.unwrap();
    if is_postgres {
        // As its own housekeeping does after a while.
        raw.execute("VACUUM ANALYZE").await.unwrap();
    }
    raw.close().await.unwrap();
}

async fn one(raw: &mut sqlx::AnyConnection, template: &HoldId, n: u64, now: i64, holds: u64) {
    let id = format!("{:032x}", (n << 32) | n.wrapping_mul(0x9e37_79b9) & 0xffff_ffff);
    let created = now - i64::try_from(holds - n).unwrap() * 100_000_000;
    let state = match n % 40 {
        0 => "held",
        1 => "approved",
        2 if n % 400 == 2 => "released",
        2 => "undeliverable",
        3..8 => "withdrawn",
        8..10 => "returned",
        _ => "delivered",
    };
    let sender = n % SENDERS;
    let team = if sender.is_multiple_of(2) { "north" } else { "south" };
    let policy = POLICIES[usize::try_from(n).unwrap() % POLICIES.len()];
    let word = WORDS[usize::try_from(n / 3).unwrap() % WORDS.len()];
    let subject = format!("Re: {word} n{}", n % 9_000);
    sqlx::query(
        "INSERT INTO holds (id, state, created, remind_at, expires_at, wake_at, reminders, revision, \
         reverse_path, sender, subject, message_id, policy, category, size_octets, content_digest, \
         trace, envelope, deliveries, origin, dossier, outcomes, watch, parties, calm, ends_at, \
         proposed) SELECT $1, $2, $3, NULL, $4, NULL, 0, 0, $5, $5, $6, NULL, $7, $7, size_octets, \
         content_digest, trace, envelope, deliveries, origin, dossier, outcomes, watch, parties, $8, \
         $4, $9 FROM holds WHERE id = $10",
    )
    .bind(&id)
    .bind(state)
    .bind(created)
    .bind(created + 172_800_000_000)
    .bind(format!("sender{sender}@{team}.us.example"))
    .bind(&subject)
    .bind(policy)
    .bind(i64::from(!n.is_multiple_of(7)))
    .bind(i64::from(n.is_multiple_of(800)))
    .bind(template.as_str())
    .execute(&mut *raw)
    .await
    .unwrap();
    let words = ["re", word, &format!("n{}", n % 9_000)].map(|word| word.as_bytes().to_vec());
    let [a, b, c] = words;
    sqlx::query(
        "INSERT INTO subject_words (word, created, hold_id) VALUES ($1, $4, $5), ($2, $4, $5), \
         ($3, $4, $5)",
    )
    .bind(a)
    .bind(b)
    .bind(c)
    .bind(created)
    .bind(&id)
    .execute(&mut *raw)
    .await
    .unwrap();
    sqlx::query("INSERT INTO held_for (address, sender, created, hold_id) VALUES ($1, $2, $3, $4)")
        .bind(format!("kim{}@customer.example", n % 5_000))
        .bind(format!("sender{sender}@{team}.us.example"))
        .bind(created)
        .bind(&id)
        .execute(&mut *raw)
        .await
        .unwrap();
    let outbox = "INSERT INTO outbox (id, hold_id, state, kind, name, octets, recipients, created, \
                  due, attempts, addressee) VALUES ($1, $2, $3, 'release', '', $4, '[]', $5, $5, $6, NULL)";
    if matches!(state, "delivered" | "released" | "approved") {
        sqlx::query(AssertSqlSafe(outbox))
            .bind(format!("item{n}"))
            .bind(&id)
            .bind(if state == "delivered" { "done" } else { "due" })
            .bind(Vec::<u8>::new())
            .bind(created)
            .bind(i64::from(state == "released"))
            .execute(&mut *raw)
            .await
            .unwrap();
    }
    sqlx::query(
        "INSERT INTO audit (number, at, hold_id, actor, event, previous, digest) \
         SELECT $1, at, $2, actor, event, previous, digest FROM audit WHERE hold_id = $3",
    )
    .bind(i64::try_from(n).unwrap() + 1_000)
    .bind(&id)
    .bind(template.as_str())
    .execute(&mut *raw)
    .await
    .unwrap();
}
