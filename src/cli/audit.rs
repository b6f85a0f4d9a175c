//! `callfirst audit`: whether the log of who did what is whole; the log as a table; the public key.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    NeedsConfiguration,
    out::{self, Failure},
    report::since,
    setup,
};
use crate::{
    audit::{Key, PublicKey, SignedHead, read_heads},
    config::Config,
    hold::{self, AuditEntry, AuditHead, HoldStore},
    mail::Timestamp,
    report::harmless,
};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst audit verify -c /etc/callfirst/callfirst.toml
  callfirst audit verify --heads heads.jsonl --public-key auditor/callfirst.pub
  callfirst audit verify --kept 4711:9f86d081...
  callfirst audit export --since 30d --csv > audit.csv
  callfirst audit public-key

`verify` prints NUMBER:DIGEST of the last entry: keep it elsewhere and give it back with --kept, or
have heads signed and carried outside ([audit] in the configuration) and give them with --heads: then a log
that was cut short or written anew shows too. Exit 1 if the log is broken.";

/// Entries read at a time.
const PAGE: u32 = 1_000;

/// The audit log: who did what, each entry chained to the one before.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check that no entry was changed, removed or put in between
    Verify(Verify),
    /// Write the log to standard output
    Export(Export),
    /// Print the public half of the key that signs heads
    PublicKey {
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
}

#[derive(Args)]
struct Verify {
    #[command(flatten)]
    configured: NeedsConfiguration,
    /// An end of the log as an earlier run printed it; the log must still go through it
    #[arg(long, value_name = "NUMBER:DIGEST", value_parser = kept_head)]
    kept: Option<AuditHead>,
    /// Signed heads: the file of `audit.heads_file`, or a mail with one; may come several times. By
    /// default the file of the configuration
    #[arg(long, value_name = "FILE")]
    heads: Vec<PathBuf>,
    /// The public key that signed them, kept since the first start; several after a change of keys. By
    /// default that of the configuration's own key, which proves less
    #[arg(long, value_name = "FILE")]
    public_key: Vec<PathBuf>,
}

#[derive(Args)]
struct Export {
    #[command(flatten)]
    configured: NeedsConfiguration,
    /// Only what happened within this time, such as 30d
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<Duration>,
    /// One JSON object an entry; this is the default
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// A table; what a spreadsheet would take for a formula begins with an apostrophe
    #[arg(long)]
    csv: bool,
}

fn kept_head(text: &str) -> Result<AuditHead, String> {
    let parsed = text.split_once(':').and_then(|(number, digest)| {
        let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        let number = number.parse().ok().filter(|_| is_digest)?;
        Some(AuditHead { number, digest: digest.to_ascii_lowercase() })
    });
    parsed.ok_or_else(|| "a number, a colon and 64 hexadecimal digits are wanted".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Verify(wanted) => verify(wanted),
        What::Export(wanted) => export(wanted),
        What::PublicKey { configured } => {
            let config = setup::config(&configured.config)?;
            out::line(&own_key(&config)?.digits())
        }
    }
}

fn verify(wanted: &Verify) -> Result<(), Failure> {
    let config = setup::config(&wanted.configured.config)?;
    let signed = heads(wanted, &config)?;
    let mut kept: Vec<AuditHead> = signed.iter().map(SignedHead::head).collect();
    kept.extend(wanted.kept.clone());
    setup::block_on(async {
        let store = setup::store(&config.store).await?;
        match hold::verify_chain_through(store.as_ref(), &kept).await {
            Ok(verified) => {
                let head = verified.head;
                if !signed.is_empty() {
                    let n = signed.len();
                    let heads = if n == 1 { "head" } else { "heads" };
                    out::note(&format!("it goes through {n} signed {heads}"));
                }
                out::line(&format!("the log is whole up to {}:{}", head.number, head.digest))
            }
            Err(broken) => {
                out::note(&format!("the audit log is not whole: {broken}"));
                if let Some(head) =
                    broken.number().and_then(|n| signed.iter().find(|h| h.number >= n))
                {
                    let (number, at) = (head.number, head.at);
                    out::note(&format!("the head of entry {number} was signed at {at}"));
                }
                Err(Failure::Found)
            }
        }
    })?
}

/// The signed heads to go by, each of them believed.
fn heads(wanted: &Verify, config: &Config) -> Result<Vec<SignedHead>, Failure> {
    let configured = config.audit.as_ref().and_then(|audit| audit.heads_file.clone());
    let files = match wanted.heads.as_slice() {
        [] => configured.filter(|file| file.exists()).into_iter().collect(),
        files => files.to_vec(),
    };
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let keys = match wanted.public_key.as_slice() {
        [] => {
            out::note(
                "signatures are checked by the key on this machine; --public-key proves more",
            );
            vec![own_key(config)?]
        }
        files => files.iter().map(|file| public_key(file)).collect::<Result<_, _>>()?,
    };
    let mut all = Vec::new();
    for file in &files {
        let heads = read_heads(file).map_err(|e| Failure::usage("reading signed heads", &e))?;
        for head in heads {
            if let Err(untrue) = head.check(&keys) {
                let (file, number) = (file.display(), head.number);
                out::note(&format!("{file}: the head of entry {number} is not believed: {untrue}"));
                return Err(Failure::Found);
            }
            all.push(head);
        }
    }
    all.sort_by_key(|head| head.number);
    Ok(all)
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    PublicKey::read(file).map_err(|error| Failure::usage("reading the public key", &error))
}

fn own_key(config: &Config) -> Result<PublicKey, Failure> {
    let Some(audit) = &config.audit else {
        return Err(Failure::Usage("no head is signed: there is no table [audit]".to_owned()));
    };
    let key = Key::load(&audit.key_file);
    Ok(key.map_err(|error| Failure::usage("reading the key that signs heads", &error))?.public())
}

/// An entry as a row. Facts that come several times stand one after the other.
#[derive(Serialize)]
struct Row {
    number: u64,
    at: String,
    hold: String,
    event: String,
    role: String,
    who: String,
    via: String,
    address: String,
    facts: String,
    digest: String,
}

impl Row {
    fn of(entry: &AuditEntry) -> Row {
        let facts = entry.event.facts.iter();
        let facts: Vec<String> = facts.map(|(name, value)| format!("{name}={value}")).collect();
        Row {
            number: entry.number,
            at: entry.at.to_string(),
            hold: entry.hold.as_ref().map(ToString::to_string).unwrap_or_default(),
            event: harmless(&entry.event.name),
            role: harmless(&entry.actor.role),
            who: harmless(&entry.actor.name),
            via: harmless(&entry.actor.via),
            address: harmless(entry.actor.address.as_deref().unwrap_or_default()),
            facts: harmless(&facts.join("; ")),
            digest: entry.digest.clone(),
        }
    }
}

fn export(wanted: &Export) -> Result<(), Failure> {
    let config = setup::config(&wanted.configured.config)?;
    let since = wanted.since.and_then(|since| Timestamp::now().checked_sub(since).ok());
    let since = since.unwrap_or(Timestamp::MIN);
    setup::block_on(async {
        let store = setup::store(&config.store).await?;
        if wanted.csv { table(store, since).await } else { lines(store, since).await }
    })?
}

async fn lines(store: Arc<dyn HoldStore>, since: Timestamp) -> Result<(), Failure> {
    let mut from = 1;
    while let Some((page, next)) = page(&*store, from).await? {
        page.iter().filter(|entry| entry.at >= since).try_for_each(out::json)?;
        from = next;
    }
    Ok(())
}

async fn table(store: Arc<dyn HoldStore>, since: Timestamp) -> Result<(), Failure> {
    let broken = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => out::unwritten(error),
        other => Failure::Broke(format!("writing the table: {other:?}")),
    };
    let mut table = csv::Writer::from_writer(io::stdout());
    let mut from = 1;
    while let Some((page, next)) = page(&*store, from).await? {
        for entry in page.iter().filter(|entry| entry.at >= since) {
            table.serialize(Row::of(entry)).map_err(broken)?;
        }
        from = next;
    }
    table.flush().map_err(out::unwritten)
}

/// Entries from a number on, and where to go on; `None` at the end.
async fn page(store: &dyn HoldStore, from: u64) -> Result<Option<(Vec<AuditEntry>, u64)>, Failure> {
    let page = store.audit(from, PAGE).await;
    let page = page.map_err(|error| Failure::broke("reading the audit log", &error))?;
    let next = page.last().map(|last| last.number.saturating_add(1));
    Ok(next.map(|next| (page, next)))
}
