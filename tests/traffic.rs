//! Recorded traffic, from the queue into the database and out again, on SQLite and PostgreSQL; and what
//! `callfirst traffic` tells of it.
//!
//! PostgreSQL is asked for where `CALLFIRST_TEST_POSTGRES` names a server
//! (`tests/support/postgres.sh start` starts one); elsewhere its tests print SKIPPED.
//! `BLESS=1` writes `tests/golden/traffic.txt` anew, and the diff is read.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may fail loudly, and says when it is skipped"
)]

use std::{fs, path::Path, process::Command, sync::Arc, time::Duration};

use callfirst::{
    app,
    call::CallSheet,
    decision::{self, Mode, Organisation, Question, Standing},
    hold::{self, Actor, Dossier, ItemKind, NewItem},
    mail::{Envelope, ForwardPath, HoldId, Mailbox, Recipient, ReversePath, Timestamp},
    message::{self, Limits},
    policy::{PolicySet, Source},
    release::Keys,
    store::{self, Database},
    team::{Member, Team, Teams},
    traffic::{
        Draft, Fate, Hasher, Letters, Log, Parts, Record, RecordId, Recorder, Settings, Sketch,
        Writer, recorder,
    },
};
use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const POSTGRES: &str = "CALLFIRST_TEST_POSTGRES";
const DAY: Duration = Duration::from_secs(24 * 3600);

const POLICY: &str = r#"
id = "delay"
title = "a delay"
category = "delivery_delay"
[[signal]]
name = "late"
weight = 3.5
any = ["late"]
[[signal]]
name = "very"
weight = 2.0
any = ["very"]
[[exempt]]
name = "legal"
senders = ["legal@us.example"]
"#;

/// A database of its own for one test; the folder goes with it.
struct Bench {
    database: Database,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Bench {
    async fn sqlite() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/callfirst.db", folder.path().display());
        let database = store::open(&url, &store::Settings::default()).await.unwrap();
        Bench { database, url, _folder: Some(folder) }
    }

    async fn postgres() -> Option<Bench> {
        let Ok(server) = std::env::var(POSTGRES) else {
            println!("SKIPPED: {POSTGRES} names no server");
            return None;
        };
        let schema = format!("t{}", uuid::Uuid::now_v7().simple());
        sqlx::any::install_default_drivers();
        let mut raw = sqlx::AnyConnection::connect(&server).await.unwrap();
        let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
        sqlx::query(create).execute(&mut raw).await.unwrap();
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options[search_path]={schema}");
        let database = store::open(&url, &store::Settings::default()).await.unwrap();
        Some(Bench { database, url, _folder: None })
    }

    fn log(&self) -> Log {
        Log::new(self.database.clone())
    }

    fn recorder(&self, settings: Settings) -> (Recorder, Writer) {
        queue(self.database.clone(), settings, Keys::new([5; 32]))
    }
}

/// Writes a letter of one line.
struct OneLine;

impl Letters for OneLine {
    fn went_out(
        &self,
        reference: &HoldId,
        envelope: &Envelope,
        _: &Dossier,
        at: Timestamp,
    ) -> Option<NewItem> {
        let to = envelope.reverse_path().mailbox()?.clone();
        Some(NewItem {
            kind: ItemKind::Notice {
                name: "went_out".to_owned(),
                bytes: format!("Subject: {reference}\r\n\r\n.\r\n").into_bytes(),
            },
            recipients: vec![Recipient::plain(ForwardPath::from(to))],
            due: at,
        })
    }
}

fn queue(database: Database, settings: Settings, keys: Keys) -> (Recorder, Writer) {
    let mut teams = Teams::of_house(Team::default());
    let north = Team { name: "north".to_owned(), ..Team::default() };
    teams.add(north, Member::parse("@north.us.example"));
    recorder(Parts {
        log: Log::new(database.clone()),
        store: hold::on(database, hold::Settings::default()),
        letters: Arc::new(OneLine),
        hasher: Hasher::new(keys.derived("traffic")),
        teams: Arc::new(teams),
        settings,
        pace: (2, 5),
        owed: Arc::new(Notify::new()),
    })
}

fn draft(from: &str, text: &str, mode: Mode, at: Timestamp) -> Draft {
    draft_beside(from, text, mode, at, None)
}

/// What is handed over of a mail, weighed by a shadow too where there is one.
fn draft_beside(from: &str, text: &str, mode: Mode, at: Timestamp, shadow: Option<&str>) -> Draft {
    let set = |text: &str| {
        let source = Source { name: "delay.toml".to_owned(), text: text.to_owned() };
        PolicySet::compile(&[source], None).unwrap()
    };
    let (live, shadow) = (set(POLICY), shadow.map(set));
    let mail = format!("Message-ID: <n1@us.example>\r\n\r\n{text}\r\n");
    let reading = message::read(mail.as_bytes(), &Limits::default());
    let to = Recipient::plain(ForwardPath::parse("bob@outside.example").unwrap());
    let envelope = Envelope::to_one(ReversePath::parse(from).unwrap(), to);
    let organisation =
        Organisation { name: "Us".to_owned(), domains: vec!["us.example".to_owned()] };
    let question = |policies| Question {
        policies,
        reading: &reading,
        envelope: &envelope,
        organisation: &organisation,
        mode,
        standing: Standing::default(),
    };
    let (weighed, spoken) = live.weigh_in_full(&reading);
    let decision = decision::decide_by(&question(&live), &weighed);
    let mut sketch = Sketch::of(&question(&live), &weighed, &spoken);
    if let Some(shadow) = &shadow {
        let (weighed, shadowed) = (shadow.weigh(&reading), ["delay".to_owned()]);
        sketch = sketch.with_shadow(&decision, &question(shadow), &weighed, &shadowed);
    }
    let dossier = Dossier {
        subject: "Pump".to_owned(),
        message_id: reading.header.message_id.clone(),
        references: Vec::new(),
        header_from_name: String::new(),
        decision: decision.clone(),
        call: CallSheet::default(),
    };
    Draft::of(&envelope, &decision, &dossier, Some(Box::new(sketch)), at)
}

/// Writes all that was handed over.
async fn written(recorder: Recorder, writer: Writer) {
    drop(recorder);
    let stop = CancellationToken::new();
    stop.cancel();
    writer.run(stop).await;
}

async fn all(log: &Log, since: Timestamp) -> Vec<Record> {
    let (mut records, mut behind) = (Vec::new(), None);
    loop {
        let page = log.near(since, behind.as_ref(), 2).await.unwrap();
        records.extend(page.records);
        behind = page.next;
        if behind.is_none() {
            return records;
        }
    }
}

fn ago(time: Duration) -> Timestamp {
    Timestamp::now().checked_sub(time).unwrap()
}

async fn what_is_handed_over_is_found_again(bench: Bench) {
    let (recorder, writer) = bench.recorder(Settings::default());
    let hold = HoldId::from_octets([7; 16]);
    let (ann, legal) = ("ann@north.us.example", "legal@us.example");
    let very = "It is very late.";
    recorder.take(draft(ann, very, Mode::Enforce, ago(4 * DAY)).held(&hold));
    recorder.take(draft(ann, very, Mode::Observe, ago(3 * DAY)));
    recorder.take(draft(legal, very, Mode::Enforce, ago(2 * DAY)));
    recorder.take(draft(ann, "It is late.", Mode::Enforce, ago(DAY)));
    recorder.take(draft(ann, "All is well.", Mode::Enforce, ago(DAY)));
    written(recorder, writer).await;
    let log = bench.log();
    let near = all(&log, ago(5 * DAY)).await;
    let fates: Vec<Fate> = near.iter().map(|record| record.fate).collect();
    assert_eq!(fates, [Fate::Held, Fate::Observed, Fate::Exempt, Fate::Passed]);
    let teams: Vec<&str> = near.iter().map(|record| record.team.as_str()).collect();
    assert_eq!(teams, ["north", "north", "", "north"]);
    assert_eq!(log.of_hold(&hold).await.unwrap().as_ref(), Some(&near[0]));
    assert_eq!(log.find(&near[1].id).await.unwrap().as_ref(), Some(&near[1]));
    assert_eq!(log.find(&RecordId("x".to_owned())).await.unwrap(), None);
    let exempt = log.exempt(ago(5 * DAY), None, 10).await.unwrap();
    assert_eq!(exempt.records, [near[2].clone()]);
    assert_eq!(exempt.records[0].detail.message_id.as_deref(), Some("n1@us.example"));
    assert!(exempt.next.is_none());
    assert_eq!(all(&log, ago(2 * DAY + DAY / 2)).await.len(), 2, "since then");
    let counted = log.counted(ago(5 * DAY)).await.unwrap();
    assert_eq!(counted.iter().map(|c| c.mails).sum::<u64>(), 5, "ordinary mail too");
    assert!(counted.iter().all(|c| c.since.as_second() % 900 == 0));
}

async fn what_is_old_or_too_much_is_forgotten(bench: Bench) {
    let (recorder, writer) = bench.recorder(Settings::default());
    for days in 1..=6 {
        let at = ago(days * DAY);
        recorder.take(draft("ann@us.example", "It is very late.", Mode::Observe, at));
    }
    written(recorder, writer).await;
    let log = bench.log();
    let kept = async || all(&log, Timestamp::UNIX_EPOCH).await.len();
    assert_eq!(log.forget(Timestamp::now(), 5 * DAY + DAY / 2, 100).await.unwrap(), 1);
    assert_eq!(kept().await, 5);
    assert_eq!(log.forget(Timestamp::now(), 50 * DAY, 3).await.unwrap(), 2);
    assert_eq!(kept().await, 3);
    assert_eq!(log.forget(Timestamp::now(), 50 * DAY, 3).await.unwrap(), 0);
    let oldest = all(&log, Timestamp::UNIX_EPOCH).await[0].at;
    assert!(oldest > ago(3 * DAY + DAY / 2), "the oldest went");
}

async fn an_address_gets_a_bounded_number_of_letters(bench: Bench) {
    let now = Timestamp::now();
    for _ in 0..4 {
        // Of a batch one is told of; each writer here has a batch of its own.
        let (recorder, writer) = bench.recorder(Settings::default());
        for _ in 0..3 {
            recorder.take(draft("ann@us.example", "It is very late.", Mode::Notify, now));
        }
        recorder.take(draft("Eva@us.example", "It is late.", Mode::Notify, now));
        written(recorder, writer).await;
    }
    let records = all(&bench.log(), ago(DAY)).await;
    let told = records.iter().filter(|r| r.fate == Fate::Notified).count();
    assert_eq!((records.len(), told), (16, 12), "all are recorded");
    let rows = bench.letters_owed().await;
    assert_eq!(rows, 2, "two an hour, and none to whose mail is below the threshold");
}

async fn one_persons_records_are_erased_and_nobody_elses(bench: Bench) {
    let (recorder, writer) = bench.recorder(Settings::default());
    for from in ["Ann@us.example", "ann@us.example", "joann@us.example", "eva@us.example"] {
        recorder.take(draft(from, "It is very late.", Mode::Observe, ago(DAY)));
    }
    written(recorder, writer).await;
    let (log, hasher) = (bench.log(), Hasher::new(Keys::new([5; 32]).derived("traffic")));
    let ann = Mailbox::parse("ANN@us.example").unwrap();
    let other_key = Hasher::new(Keys::new([6; 32]).derived("traffic"));
    assert_eq!(log.count_of(&ann, &other_key).await.unwrap(), 0);
    assert_eq!(log.count_of(&ann, &hasher).await.unwrap(), 2);
    let by = Actor::service("test", None);
    let erase = async || log.erase_of(&ann, &hasher, &by, Timestamp::now()).await.unwrap();
    assert_eq!((erase().await, erase().await), (2, 0));
    let left: Vec<String> =
        all(&log, ago(2 * DAY)).await.into_iter().map(|record| record.detail.sender).collect();
    assert_eq!(left, ["joann@us.example", "eva@us.example"].map(|from| hasher.address(from)));
    let store = hold::on(bench.database.clone(), hold::Settings::default());
    let entries = store.audit(1, 10).await.unwrap();
    let told: Vec<&str> = entries.iter().map(|entry| entry.event.name.as_str()).collect();
    assert_eq!(told, ["erased"], "once");
    assert!(!format!("{entries:?}").to_lowercase().contains("ann@"), "and not whose");
    hold::verify_chain(store.as_ref()).await.unwrap();
}

impl Bench {
    async fn letters_owed(&self) -> i64 {
        let mut raw = sqlx::AnyConnection::connect(&self.url).await.unwrap();
        let count = "SELECT COUNT(*) FROM passing_letters WHERE due IS NOT NULL";
        sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap()
    }
}

/// Each scenario as a test on each database.
macro_rules! on_every_database {
    ($($scenario:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $scenario() {
                crate::$scenario(crate::Bench::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $scenario() {
                if let Some(bench) = crate::Bench::postgres().await {
                    crate::$scenario(bench).await;
                }
            })*
        }
    };
}

on_every_database! {
    what_is_handed_over_is_found_again,
    what_is_old_or_too_much_is_forgotten,
    an_address_gets_a_bounded_number_of_letters,
    one_persons_records_are_erased_and_nobody_elses,
}

/// A house with recorded mail of three days.
async fn house() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let config = "[organisation]\nname = \"Us\"\ndomains = [\"us.example\"]\n\
        [smtp]\nhostname = \"relay.us.example\"\nlisten = [\"127.0.0.1:10025\"]\n\
        next_hop = \"127.0.0.1:10026\"\n[store]\nurl = \"sqlite:callfirst.db\"\n\
        [web]\nlisten = \"127.0.0.1:8025\"\npublic_url = \"http://127.0.0.1:8025\"\n\
        [notice]\nfrom = \"callfirst@us.example\"\ntime_zone = \"UTC\"\n\
        [policy]\ndir = \"policies\"\n";
    fs::write(path.join("callfirst.toml"), config).unwrap();
    fs::create_dir(path.join("policies")).unwrap();
    fs::write(path.join("policies/delay.toml"), POLICY).unwrap();
    let url = format!("sqlite:{}", path.join("callfirst.db").display());
    let database = store::open(&url, &store::Settings::default()).await.unwrap();
    let keys = app::load_or_make(&path.join("callfirst.db.key")).unwrap();
    let (recorder, writer) = queue(database, Settings::default(), keys);
    let shadow = POLICY.replace("weight = 3.5", "weight = 5.0");
    for (days, from, text, mode) in [
        (3, "ann@north.us.example", "It is very late.", Mode::Enforce),
        (3, "ann@north.us.example", "All is well.", Mode::Enforce),
        (2, "eva@us.example", "It is very late, as our usual notice says.", Mode::Notify),
        (2, "legal@us.example", "It is very late.", Mode::Enforce),
        (1, "eva@us.example", "It is very late.", Mode::Observe),
        (1, "eva@us.example", "It is late.", Mode::Enforce),
    ] {
        recorder.take(draft_beside(from, text, mode, ago(days * DAY), Some(&shadow)));
    }
    written(recorder, writer).await;
    folder
}

fn callfirst(folder: &Path, arguments: &[&str], exit: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_callfirst"))
        .args(["traffic", "-c", "callfirst.toml"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
    said
}

/// The same with days by how long ago they are, and without times and ids.
fn timeless(mut text: String) -> String {
    for days in 0..=15 {
        let day = ago(days * DAY).strftime("%Y-%m-%d").to_string();
        text = text.replace(&day, &format!("day -{days:02}  "));
    }
    let time = regex::Regex::new(r"\d\d:\d\d").unwrap();
    let id = regex::Regex::new("[0-9a-f]{32}").unwrap();
    let text = time.replace_all(&text, "hh:mm");
    id.replace_all(&text, "ID").into_owned()
}

#[tokio::test]
async fn the_command_tells_what_went_by_and_what_would_change() {
    let folder = house().await;
    let mut said = String::new();
    for arguments in [
        &[][..],
        &["--policy", "delay", "--threshold", "0.9"],
        &["--policy", "delay", "--weight", "late=1.5"],
        &["--damp", "our usual notice"],
        &["--preset", "strict"],
    ] {
        let told = callfirst(folder.path(), arguments, 0);
        said += &format!("$ callfirst traffic {}\n{told}\n", arguments.join(" "));
    }
    let said = timeless(said);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/traffic.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&golden, &said).unwrap();
    }
    assert_eq!(fs::read_to_string(&golden).unwrap_or_default(), said, "BLESS=1 writes it anew");
    for line in callfirst(folder.path(), &["--json", "--preset", "strict"], 0).lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["what"].is_string(), "{line}");
    }
}

#[tokio::test]
async fn what_cannot_be_supposed_is_told_with_what_can() {
    let folder = house().await;
    for (arguments, part) in [
        (&["--policy", "dely"][..], "there are: delay"),
        (&["--policy", "delay", "--threshold", "0.01"], "0.05 to 0.999"),
        (&["--threshold", "0.5"], "--policy"),
        (&["--policy", "delay", "--weight", "lat=2"], "no policy has a signal \"lat\""),
        (&["--damp", "{thing} late"], "only words in a row"),
    ] {
        let said = callfirst(folder.path(), arguments, 2);
        assert!(said.contains(part), "{part} is not in: {said}");
    }
}
