//! `callfirst holds`: the desk when the web is down.

mod export;
mod view;

use std::{path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use clap::{Args, Subcommand, ValueEnum};

use self::view::{HoldView, in_words};
use super::{
    NeedsConfiguration,
    out::{self, Failure, plain},
    setup,
};
use crate::{
    app::{self, Letters},
    hold::{AuditEvent, Hold, HoldFilter, HoldStore, Outcome, Promise, State},
    mail::{HoldId, Mailbox, Timestamp},
    release::{ActError, Acted, Along, Desk},
    wording::Own,
};

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst holds list --state held
  callfirst holds show ID
  callfirst holds release ID --reason \"called on the mobile, web was down\"

Every command here, `list` apart, writes itself into the audit log with your login name. Exit 1 if
the hold was decided already; nothing is changed then.";

/// Held messages: list, show, release, withdraw, export.
#[derive(Args)]
#[command(after_help = HELP)]
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
        /// At once, without the wait that its policy asks for; also where it is decided and waits
        #[arg(long)]
        now: bool,
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
    /// Take back a decision to send, while its mail waits as its policy asks: it is held again
    TakeBack {
        /// The hold's id
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Hand a held message over to somebody else in the house, who gets its notice and the reminders
    HandOver {
        /// The hold's id
        id: String,
        /// Whom to: an inside address
        to: String,
        /// A line for that person
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        common: Common,
    },
    /// Take held messages out, byte for byte as received: as .eml files into a folder, or with
    /// all that is known about them as JSON lines on stdout
    Export {
        /// Into this folder, which must exist, as ID.eml; without it, JSON lines on stdout
        #[arg(value_name = "DIR")]
        dir: Option<PathBuf>,
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
        What::Release { id, reason, now, common } => {
            let outcome = Outcome::SendAnyway { reason: reason.clone() };
            let along = Along { at_once: *now, ..Along::default() };
            decide(common, &hold_id(id)?, outcome, along).await
        }
        What::Withdraw { id, reason, common } => {
            let outcome = Outcome::Withdrawn { note: reason.clone() };
            decide(common, &hold_id(id)?, outcome, Along::default()).await
        }
        What::TakeBack { id, common } => {
            let id = &hold_id(id)?;
            let desk = desk(common).await?;
            tell(common, id, desk.take_back(id, out::operator(), Timestamp::now()).await)
        }
        What::HandOver { id, to, note, common } => hand_over(common, &hold_id(id)?, to, note).await,
        What::Export { dir, ids, common } => {
            export::export(open(common).await?.as_ref(), dir.as_deref(), ids, common.json).await
        }
    }
}

async fn open(common: &Common) -> Result<Arc<dyn HoldStore>, Failure> {
    let config = setup::config(&common.configured.config)?;
    setup::store(&config.store).await
}

fn hold_id(text: &str) -> Result<HoldId, Failure> {
    HoldId::parse(text).map_err(|error| {
        let shown: String = text.chars().take(40).collect();
        Failure::Usage(format!("{shown:?}: {error}; `callfirst holds list` shows them"))
    })
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
    let hold = find(store, id).await?;
    let event = AuditEvent { name: "viewed".to_owned(), facts: Vec::new() };
    store
        .record(Some(id), out::operator(), event, Timestamp::now())
        .await
        .map_err(|error| Failure::broke("writing the audit log", &error))?;
    let promise = promise_of(store, id).await?;
    let promise = promise.as_ref();
    if json {
        out::json(&HoldView::of(&hold, promise))
    } else {
        out::line(&in_words(&hold, promise))
    }
}

async fn promise_of(store: &dyn HoldStore, id: &HoldId) -> Result<Option<Promise>, Failure> {
    store.promise(id).await.map_err(|error| Failure::broke("reading the promise", &error))
}

async fn find(store: &dyn HoldStore, id: &HoldId) -> Result<Hold, Failure> {
    let found = store.find(id).await.map_err(|error| Failure::broke("reading the hold", &error))?;
    found.ok_or_else(|| {
        Failure::Broke(format!("there is no hold {id}; `callfirst holds list` shows them"))
    })
}

/// A desk as the service has it: whoever else was written to hears of the decision.
async fn desk(common: &Common) -> Result<Desk, Failure> {
    let config = setup::config(&common.configured.config)?;
    let store = setup::store(&config.store).await?;
    let keys = app::load_key(&config.store.key_file)
        .map_err(|error| Failure::usage("reading the key of links", &error))?;
    // A mistake in a text must not keep an operator from deciding.
    let own = app::load_own_lines(&config.policy).unwrap_or_else(|_| {
        out::note("warning: your texts have mistakes (`callfirst check`); ours are used");
        Own::default()
    });
    let own = Arc::new(ArcSwap::from_pointee(own));
    let letters = Letters::new(app::house(&config, keys, own));
    Ok(Desk::new(store, Arc::new(letters)).with_seconds(config.call.second))
}

async fn decide(
    common: &Common,
    id: &HoldId,
    outcome: Outcome,
    along: Along,
) -> Result<(), Failure> {
    let desk = desk(common).await?;
    tell(common, id, desk.act_along(id, out::operator(), outcome, along, Timestamp::now()).await)
}

async fn hand_over(common: &Common, id: &HoldId, to: &str, note: &str) -> Result<(), Failure> {
    let shown: String = to.chars().take(80).collect();
    let to = Mailbox::parse(to).map_err(|error| Failure::Usage(format!("{shown:?}: {error}")))?;
    let desk = desk(common).await?;
    let asked = (to, note.to_owned());
    tell(common, id, desk.hand_over(id, out::operator(), asked, Timestamp::now()).await)
}

fn tell(common: &Common, id: &HoldId, acted: Result<Acted, ActError>) -> Result<(), Failure> {
    let json = common.json;
    let (hold, already) = match acted {
        Ok(Acted::Done(hold)) => (hold, false),
        Ok(Acted::Already(hold)) => (hold, true),
        Err(error) => return Err(Failure::broke("nothing was changed", &error)),
    };
    if json {
        out::json(&HoldView::of(&hold, None))?;
    } else if already {
        out::note(&format!("{id} is {} already; nothing was changed", hold.state));
        if hold.waits_until(Timestamp::now()).is_some() {
            out::note(
                "it waits as its policy asks: `callfirst holds take-back` has it held again, `callfirst holds release --now` lets it go",
            );
        }
    } else {
        out::line(&format!("{id} is {} now", hold.state))?;
    }
    if already { Err(Failure::Found) } else { Ok(()) }
}
