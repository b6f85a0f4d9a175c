//! The judgement as a whole: the policies that ship, the model that ships, the reader that serves.
//!
//! The floors stand a little below what is reached (`docs/judgement/README.md`), so that figures
//! cannot fall unseen. They are for the part of `data/mails` that nothing is learned from.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests are tests, though clippy looks at functions one by one"
)]

#[path = "judgement/bounded.rs"]
mod bounded;
#[path = "judgement/examples.rs"]
mod examples;
#[path = "judgement/floors.rs"]
mod floors;
#[path = "judgement/model_word.rs"]
mod model_word;
#[path = "judgement/own_notices.rs"]
mod own_notices;
#[cfg(feature = "reader")]
#[path = "judgement/reader.rs"]
mod reader;
#[path = "judgement/training.rs"]
mod training;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use arc_swap::ArcSwap;
use callfirst::{
    app::{self, Judge},
    attachments::{Attachments, Settings},
    config::PolicySettings,
    decision::{Decision, Mode, Organisation},
    mail::{Envelope, ForwardPath, Mailbox, Recipient, ReversePath},
};

/// The judge with what ships.
static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let set = app::compile_policies(&PolicySettings::default())
        .unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let program = PathBuf::from(env!("CARGO_BIN_EXE_callfirst"));
    let attachments = Arc::new(Attachments::new(Settings::default(), program));
    let policies = Arc::new(ArcSwap::from_pointee(set));
    Judge::new(policies, inside("nowhere.example"), Mode::Enforce, attachments)
});

fn inside(domain: &str) -> Organisation {
    Organisation { name: "Inside".to_owned(), domains: vec![domain.to_owned()] }
}

/// Judges a mail whose sender's domain is the inside.
fn judge(from: &str, to: &[&str], mail: &[u8]) -> Decision {
    let sender = Mailbox::parse(from).unwrap();
    let inside = inside(sender.domain().unwrap_or_default());
    let to = to.iter().map(|to| Recipient::plain(ForwardPath::parse(to).unwrap())).collect();
    let envelope = Envelope::new(ReversePath::Mailbox(sender), Vec::new(), to).unwrap();
    JUDGE.judge_for(&inside, &envelope, mail).decision
}

/// A path of this repository.
fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Third-party mail that may not be shipped; `None`, and a line that says so, where it is not.
fn shared(path: &str) -> Option<PathBuf> {
    let folder =
        std::env::var_os("CALLFIRST_SHARED").map_or_else(|| ours("../shared"), PathBuf::from);
    let file = folder.join(path);
    if !file.exists() {
        eprintln!("SKIPPED: {path} is not in CALLFIRST_SHARED");
        return None;
    }
    Some(file)
}
