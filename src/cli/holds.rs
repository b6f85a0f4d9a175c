//! `callfirst holds`: the desk when the web is down.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Subcommand, ValueEnum};

use super::{
    NeedsConfiguration,
    out::{self, Failure, plain},
    setup,
};
use crate::{
    app,
    hold::{Actor, AuditEvent, Hold, HoldFilter, HoldStore, Outcome, State},
    mail::{HoldId, Timestamp},
    release::{Acted, Desk},
};

/// Held messages: list, show, release, withdraw, export.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// One line a hold, newest first
    List {
        #[command(flatten)]
        common: Common,
        /// Only these states
        #[arg(long, value_name = "STATE")]
        state: Vec<StateName>,
        /// Only of this sender
        #[arg(long, value_name = "ADDRESS")]
        sender: Option<String>,
    },
    /// All about one hold: words, recipients, call, history
    Show {
        /// The hold's id
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Let a held message go out
    Release {
        /// The hold's id
        id: String,
        /// Why, for the audit
        #[arg(long, default_value = "released at the command line")]
        reason: String,
        #[command(flatten)]
        common: Common,
    },
    /// Take a held message back; it is never sent
    Withdraw {
        /// The hold's id
        id: String,
        /// Why, for the audit
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        common: Common,
    },
    /// Write held messages as .eml files, byte for byte as received
    Export {
        /// Into this folder; it must exist
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Only these holds; without any, all that are held now
        #[arg(long = "id", value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Args)]
struct Common {
    #[command(flatten)]
    configured: NeedsConfiguration,
    /// JSON on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum StateName {
    Held,
    Approved,
    Released,
    Delivered,
    Withdrawn,
    Returned,
    Undeliverable,
    Cancelled,
}

impl From<StateName> for State {
    fn from(name: StateName) -> State {
        match name {
            StateName::Held => State::Held,
            StateName::Approved => State::Approved,
            StateName::Released => State::Released,
            StateName::Delivered => State::Delivered,
            StateName::Withdrawn => State::Withdrawn,
            StateName::Returned => State::Returned,
            StateName::Undeliverable => State::Undeliverable,
            StateName::Cancelled => State::Cancelled,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    setup::block_on(act(&arguments.what))?
}

async fn act(what: &What) -> Result<(), Failure> {
    match what {
        What::List { common, state, sender } => {
            let filter = HoldFilter {
                states: state.iter().map(|s| State::from(*s)).collect(),
                sender: sender.clone(),
                limit: 0,
            };
            list(open(common).await?.as_ref(), &filter, common.json).await
        }
        What::Show { id, common } => {
            show(open(common).await?.as_ref(), &hold_id(id)?, common.json).await
        }
        What::Release { id, reason, common } => {
            let outcome = Outcome::SendAnyway { reason: reason.clone() };
            decide(open(common).await?, &hold_id(id)?, outcome, common.json).await
        }
        What::Withdraw { id, reason, common } => {
            let outcome = Outcome::Withdrawn { note: reason.clone() };
            decide(open(common).await?, &hold_id(id)?, outcome, common.json).await
        }
        What::Export { dir, ids, common } => export(open(common).await?.as_ref(), dir, ids).await,
    }
}

async fn open(common: &Common) -> Result<Arc<dyn HoldStore>, Failure> {
    let config = setup::config(&common.configured.config)?;
    app::open_store(&config.store)
        .await
        .map_err(|error| Failure::broke("opening the hold store", &error))
}

fn hold_id(text: &str) -> Result<HoldId, Failure> {
    HoldId::parse(text).map_err(|error| Failure::Usage(format!("{text:?}: {error}")))
}

async fn list(store: &dyn HoldStore, filter: &HoldFilter, json: bool) -> Result<(), Failure> {
    let holds =
        store.list(filter).await.map_err(|error| Failure::broke("listing holds", &error))?;
    for hold in &holds {
        if json {
            out::json(hold)?;
        } else {
            out::line(&format!(
                "{}  {:<13}  due {}  {} → {}  {}",
                hold.id,
                hold.state.as_str(),
                hold.due.strftime("%Y-%m-%d %H:%M UTC"),
                plain(&hold.sender),
                plain(&hold.recipients.join(", ")),
                plain(&hold.subject),
            ))?;
        }
    }
    if !json && holds.is_empty() {
        out::note("no held messages");
    }
    Ok(())
}

async fn show(store: &dyn HoldStore, id: &HoldId, json: bool) -> Result<(), Failure> {
    let found = store.find(id).await.map_err(|error| Failure::broke("reading the hold", &error))?;
    let hold = found.ok_or_else(|| Failure::Broke(format!("there is no hold {id}")))?;
    let event = AuditEvent { name: "viewed".to_owned(), facts: Vec::new() };
    store
        .record(Some(id), operator(), event, Timestamp::now())
        .await
        .map_err(|error| Failure::broke("writing the audit log", &error))?;
    if json { out::json(&HoldView::of(&hold)) } else { out::line(&in_words(&hold)) }
}

/// One hold as `holds show --json` tells it.
#[derive(serde::Serialize)]
struct HoldView<'a> {
    id: &'a HoldId,
    state: State,
    created: Timestamp,
    due: Timestamp,
    sender: &'a str,
    recipients: Vec<RecipientView<'a>>,
    size_octets: u64,
    dossier: &'a crate::hold::Dossier,
    history: Vec<HistoryView<'a>>,
}

#[derive(serde::Serialize)]
struct RecipientView<'a> {
    address: &'a str,
    delivery: &'a crate::hold::Delivery,
}

#[derive(serde::Serialize)]
struct HistoryView<'a> {
    at: Timestamp,
    by: &'a Actor,
    outcome: &'a Outcome,
}

impl<'a> HoldView<'a> {
    fn of(hold: &'a Hold) -> HoldView<'a> {
        let paths = hold.envelope.recipients().iter().map(|r| r.path.as_str());
        HoldView {
            id: &hold.id,
            state: hold.state,
            created: hold.created,
            due: hold.expires_at,
            sender: hold.envelope.reverse_path().as_str(),
            recipients: paths
                .zip(&hold.deliveries)
                .map(|(address, delivery)| RecipientView { address, delivery })
                .collect(),
            size_octets: hold.size_octets,
            dossier: &hold.dossier,
            history: hold
                .outcomes
                .iter()
                .map(|(at, by, outcome)| HistoryView { at: *at, by, outcome })
                .collect(),
        }
    }
}

fn in_words(hold: &Hold) -> String {
    let decision = &hold.dossier.decision;
    let mut text = format!(
        "{}  {}\n  held  {}\n  due   {}\n  from  {}\n",
        hold.id,
        hold.state,
        hold.created,
        hold.expires_at,
        plain(hold.envelope.reverse_path().as_str()),
    );
    for (recipient, delivery) in hold.envelope.recipients().iter().zip(&hold.deliveries) {
        text.push_str(&format!("  to    {}  ({delivery:?})\n", plain(recipient.path.as_str())));
    }
    text.push_str(&format!("  subject  {}\n", plain(&hold.dossier.subject)));
    let policy = decision.policy.as_deref().unwrap_or_default();
    text.push_str(&format!("  policy   {policy}, probability {:.2}\n", decision.probability));
    for e in decision.evidence.iter().filter(|e| e.weight > 0.0 && !e.text.is_empty()) {
        text.push_str(&format!("    “{}”\n", plain(&e.text)));
    }
    for number in &hold.dossier.call.numbers {
        text.push_str(&format!(
            "  call  {}  ({})\n",
            plain(&number.national),
            plain(&number.source)
        ));
    }
    for (at, actor, outcome) in &hold.outcomes {
        text.push_str(&format!("  {at}  {} {}: {outcome:?}\n", actor.role, plain(&actor.name)));
    }
    text.pop();
    text
}

async fn decide(
    store: Arc<dyn HoldStore>,
    id: &HoldId,
    outcome: Outcome,
    json: bool,
) -> Result<(), Failure> {
    let acted = Desk::new(store).act(id, operator(), outcome, Timestamp::now()).await;
    let (hold, already) = match acted {
        Ok(Acted::Done(hold)) => (hold, false),
        Ok(Acted::Already(hold)) => (hold, true),
        Err(error) => return Err(Failure::broke("nothing was changed", &error)),
    };
    if json {
        out::json(&HoldView::of(&hold))?;
    } else if already {
        out::note(&format!("{id} is {} already; nothing was changed", hold.state));
    } else {
        out::line(&format!("{id} is {} now", hold.state))?;
    }
    if already { Err(Failure::Found) } else { Ok(()) }
}

async fn export(store: &dyn HoldStore, dir: &Path, ids: &[String]) -> Result<(), Failure> {
    let ids = if ids.is_empty() {
        let filter = HoldFilter { states: vec![State::Held], ..HoldFilter::default() };
        let held = store.list(&filter).await;
        let held = held.map_err(|error| Failure::broke("listing holds", &error))?;
        held.into_iter().map(|h| h.id).collect()
    } else {
        ids.iter().map(|id| hold_id(id)).collect::<Result<Vec<_>, _>>()?
    };
    for id in ids {
        let content = store.content(&id).await;
        let content = content.map_err(|error| Failure::broke("reading the content", &error))?;
        let path = dir.join(format!("{id}.eml"));
        write_new(&path, &content)
            .map_err(|error| Failure::Broke(format!("cannot write {}: {error}", path.display())))?;
        let event = AuditEvent { name: "exported".to_owned(), facts: Vec::new() };
        let recorded = store.record(Some(&id), operator(), event, Timestamp::now()).await;
        recorded.map_err(|error| Failure::broke("writing the audit log", &error))?;
        out::line(&path.display().to_string())?;
    }
    Ok(())
}

/// Held mail is confidential: the file is the owner's alone, and nothing is written over.
fn write_new(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn operator() -> Actor {
    let name = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    Actor {
        role: "operator".to_owned(),
        name: name.unwrap_or_else(|_| "unknown".to_owned()),
        via: "cli".to_owned(),
        address: None,
    }
}
