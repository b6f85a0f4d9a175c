//! What people get to see of hostile mail: for every mail of the collections a call sheet, a notice
//! and a page are made, whatever a judge would say of it. The collections lie beside the checkout
//! (`CALLFIRST_SHARED`) and are never part of it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "helpers of tests are tests, though clippy looks at functions one by one"
)]

#[path = "people/house.rs"]
mod house;
#[path = "people/made.rs"]
mod made;
#[path = "people/seen.rs"]
mod seen;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

fn collections() -> Option<Vec<PathBuf>> {
    let place = std::env::var_os("CALLFIRST_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let place = place.join("hostile");
    if !place.is_dir() {
        eprintln!("SKIPPED: no collection of hostile mail at {}", place.display());
        return None;
    }
    let mut found = Vec::new();
    let mut todo = vec![place.join("eml"), place.join("generated")];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Some(found)
}

/// Generous: an unoptimised build on a busy machine. Quadratic work breaks it by far.
fn bound(octets: usize) -> Duration {
    Duration::from_secs(3) + Duration::from_micros(10) * u32::try_from(octets).unwrap_or(u32::MAX)
}

#[test]
fn every_hostile_mail_makes_a_notice_and_a_page_that_are_ours() {
    let Some(all) = collections() else { return };
    let policies = house::lowest_policies();
    let (next, slowest) = (AtomicUsize::new(0), Mutex::new((Duration::ZERO, PathBuf::new())));
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        while let Some(path) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mail = fs::read(path).unwrap();
            let begun = Instant::now();
            let made = runtime.block_on(made::all_of(&policies, &mail));
            let took = begun.elapsed();
            let name = path.display().to_string();
            assert!(took < bound(mail.len()), "{name}: {took:?}");
            seen::notice(&name, &made.notice);
            seen::html(&name, &made.notice.html, seen::NOTICE);
            assert_eq!(made.status, 200, "{name}");
            seen::html(&name, &made.page, seen::PAGE);
            let mut slowest = slowest.lock().unwrap();
            *slowest = std::mem::take(&mut *slowest).max((took, path.clone()));
        }
    };
    let threads = thread::available_parallelism().map_or(2, usize::from).min(4);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            if let Err(panic) = worker.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let (took, path) = slowest.into_inner().unwrap();
    println!("{} mails; slowest {took:?} {}", all.len(), path.display());
    assert!(all.len() > 1_000);
}
