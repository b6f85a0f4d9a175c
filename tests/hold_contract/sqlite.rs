//! What only a file can do: be copied in the middle, be opened twice, be of another release.

use std::{
    error::Error as _,
    fs,
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use callfirst::hold::{HoldError, HoldFilter, Outcome, Settings, State, open, verify_chain};
use callfirst::store::Unusable;

use crate::{
    afterwards::with_promise,
    bench::{Bench, DAY, at, change, event, new_hold, sender},
};

fn reason(error: &HoldError) -> &Unusable {
    error.source().and_then(|source| source.downcast_ref()).unwrap_or_else(|| panic!("{error:?}"))
}

async fn refused(url: &str) -> HoldError {
    match open(url, Settings::default()).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error,
    }
}

/// P-14: whatever was acknowledged is in the files as they lie there, without a clean close.
#[tokio::test]
async fn a_copy_of_the_files_after_each_acknowledgement_has_all_that_was_acknowledged() {
    let bench = Bench::sqlite().await;
    for acknowledged in 1..=12_usize {
        bench.store.hold(new_hold()).await.unwrap();
        let copy = tempfile::tempdir().unwrap();
        // The index (-shm) is left out: it is rebuilt from the log, as after a power cut.
        for name in ["held mail.db", "held mail.db-wal"] {
            let _absent_is_fine = fs::copy(bench.folder().join(name), copy.path().join(name));
        }
        let url = format!("sqlite:{}/held mail.db", copy.path().display());
        let store = open(&url, Settings::default()).await.unwrap();
        let lines = store.list(&HoldFilter::default()).await.unwrap();
        assert_eq!(lines.len(), acknowledged);
        assert_eq!(verify_chain(&*store).await.unwrap().head.number, acknowledged as u64);
        for line in lines {
            store.content(&line.id).await.unwrap();
        }
    }
}

/// P-14: a log cut anywhere, as a crash cuts it, opens to a prefix of what was written.
#[tokio::test]
async fn a_log_cut_anywhere_opens_and_is_whole() {
    let bench = Bench::sqlite().await;
    for _ in 0..4 {
        bench.store.hold(new_hold()).await.unwrap();
    }
    let database = fs::read(bench.folder().join("held mail.db")).unwrap();
    let log = fs::read(bench.folder().join("held mail.db-wal")).unwrap();
    let mut seen = 0;
    for cut in (0..=log.len()).step_by(log.len() / 24) {
        let copy = tempfile::tempdir().unwrap();
        fs::write(copy.path().join("held mail.db"), &database).unwrap();
        fs::write(copy.path().join("held mail.db-wal"), &log[..cut]).unwrap();
        fs::set_permissions(copy.path().join("held mail.db"), fs::Permissions::from_mode(0o600))
            .unwrap();
        let url = format!("sqlite:{}/held mail.db", copy.path().display());
        let store = open(&url, Settings::default()).await.unwrap();
        let lines = store.list(&HoldFilter::default()).await.unwrap();
        assert!(lines.len() >= seen, "a longer log holds less");
        seen = lines.len();
        assert_eq!(verify_chain(&*store).await.unwrap().head.number, seen as u64);
        for line in lines {
            store.content(&line.id).await.unwrap();
        }
    }
    assert_eq!(bench.store.list(&HoldFilter::default()).await.unwrap().len(), 4);
}

/// P-15: service and command line on one file.
#[tokio::test]
async fn two_handles_on_one_file_never_hear_that_it_is_locked() {
    let bench = Bench::sqlite().await;
    let other = bench.second().await;
    let began = Instant::now();
    let tasks: Vec<_> = [bench.store.clone(), other]
        .into_iter()
        .flat_map(|store| std::iter::repeat_n(store, 4))
        .map(|store| {
            tokio::spawn(async move {
                for n in 0..25 {
                    let id = store.hold(new_hold()).await.unwrap().id().clone();
                    let withdraw = change(State::Held, State::Withdrawn, at(n));
                    store.change(&id, withdraw).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!(bench.store.list(&HoldFilter::default()).await.unwrap().len(), 200);
    assert_eq!(verify_chain(&*bench.store).await.unwrap().head.number, 400);
}

/// P-16: first starts at once, and starts after an older and a newer release.
#[tokio::test]
async fn ten_first_starts_at_once_make_one_schema() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/new.db", folder.path().display());
    let starts: Vec<_> = (0..10)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { open(&url, Settings::default()).await.map(|_| ()) })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

/// P-16: what the first release wrote reads, and its schema grows when it is opened.
#[tokio::test]
async fn a_store_of_the_first_release_is_brought_up_to_date_and_its_rows_read() {
    let bench = Bench::sqlite().await;
    let id = bench.store.hold(new_hold()).await.unwrap().id().clone();
    for statement in [
        "DROP TABLE promises",
        "DROP TABLE held_for",
        "DROP TABLE rewrites",
        "DELETE FROM _sqlx_migrations WHERE version = 2",
        r#"UPDATE holds SET outcomes = '[["2026-11-21T10:00:00Z",
            {"role":"sender","name":"clerk@northwind-hvac.example","via":"page","address":null},
            {"kind":"called","send":true,"person":"Kim","number":"+4930","note":"agreed"}]]'"#,
    ] {
        bench.raw(statement).await;
    }
    let store = bench.second().await;
    let hold = store.find(&id).await.unwrap().unwrap();
    let (_, _, outcome) = &hold.outcomes[0];
    let Outcome::Called { note, report, .. } = outcome else { panic!("{outcome:?}") };
    assert!(note == "agreed" && report.is_empty());
    assert_eq!(store.promise(&id).await.unwrap(), None);
    assert!(store.due_promises(at(0), 10).await.unwrap().is_empty());
}

/// A row that does not read keeps no promise beside it waiting.
#[tokio::test]
async fn a_promise_or_a_hold_that_does_not_read_is_passed_over() {
    let bench = Bench::sqlite().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(with_promise(&*bench.store, at(DAY)).await);
    }
    bench.raw(&format!("UPDATE holds SET dossier = 'x' WHERE id = '{}'", ids[0])).await;
    bench.raw(&format!("UPDATE promises SET promise = 'x' WHERE hold_id = '{}'", ids[1])).await;
    let due = bench.store.due_promises(at(DAY), 1).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].0.id, ids[2]);
}

#[tokio::test]
async fn a_store_written_by_a_newer_release_is_refused_and_left_alone() {
    let bench = Bench::sqlite().await;
    bench
        .raw(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9001, 'of tomorrow', TRUE, x'00', 0)",
        )
        .await;
    let error = refused(bench.url()).await;
    // What it knows grows with every migration.
    let is_newer = matches!(reason(&error), Unusable::Newer { found: 9001, known: 5..9001 });
    assert!(is_newer, "{error:?}");
}

#[tokio::test]
async fn a_file_that_cannot_be_private_or_durable_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display();
    let error = refused(&format!("sqlite:{place}/missing/x.db")).await;
    assert!(matches!(reason(&error), Unusable::NoFolder(_)));
    let error = refused(&format!("sqlite:{place}/x.db?mode=memory")).await;
    assert!(matches!(reason(&error), Unusable::Options));
    for no_file in ["sqlite:", "sqlite:/", "sqlite:.."] {
        assert!(matches!(reason(&refused(no_file).await), Unusable::NoFile), "{no_file}");
    }
    for scheme in ["mysql://x/y", "file:x", ""] {
        assert!(matches!(reason(&refused(scheme).await), Unusable::Scheme), "{scheme}");
    }
    fs::write(folder.path().join("open.db"), b"").unwrap();
    let all = fs::Permissions::from_mode(0o644);
    fs::set_permissions(folder.path().join("open.db"), all).unwrap();
    let error = refused(&format!("sqlite:{place}/open.db")).await;
    assert!(matches!(reason(&error), Unusable::OpenToAll(_)));
    fs::write(folder.path().join("junk.db"), [7_u8; 8192]).unwrap();
    fs::set_permissions(folder.path().join("junk.db"), fs::Permissions::from_mode(0o600)).unwrap();
    let error = refused(&format!("sqlite:{place}/junk.db")).await;
    assert!(matches!(error, HoldError::Corrupt(_)), "{error:?}");
}

#[tokio::test]
async fn the_files_are_for_the_service_alone() {
    let bench = Bench::sqlite().await;
    bench.store.record(None, sender(), event("viewed"), at(0)).await.unwrap();
    for file in fs::read_dir(bench.folder()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
