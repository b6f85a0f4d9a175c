//! `callfirst erase --address`: a person's right to be forgotten.

use std::{
    io::{self, BufRead},
    path::PathBuf,
};

use clap::Args;

use super::{
    out::{self, Failure},
    setup,
};
use crate::{
    app,
    hold::{Eraser, Traces, can_be_erased},
    mail::{Mailbox, Timestamp},
    traffic::{Hasher, Log},
};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst erase --address kim@customer.example          says what there is; changes nothing
  callfirst erase --address kim@customer.example --now    asks for the address once more, and erases

Mail from or to the address that has ended loses its content and whatever names people or quotes them;
on other people's mail the part of this person goes, and in the audit his name. What is recorded of mail
from the address goes too. Mail that still waits is left: decide it first. Of the audit nothing that was done is erased, and its chain stays whole.
Exit 1 where something is left. The customer system, mailboxes and backups are not ours: see docs/retention.md.";

/// Erase what there is of one person.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(short, long, value_name = "FILE", default_value = "/etc/callfirst/callfirst.toml")]
    config: PathBuf,
    /// Whose; one address, spelled as it stands in the mail
    #[arg(long, value_name = "ADDRESS", value_parser = plain_address)]
    address: Mailbox,
    /// Erase, once the address is typed again. It cannot be undone
    #[arg(long)]
    now: bool,
}

fn plain_address(text: &str) -> Result<Mailbox, String> {
    let parsed = Mailbox::parse(text).ok().filter(|a| a.domain().is_some() && can_be_erased(a));
    parsed.ok_or_else(|| "an address such as kim@customer.example is wanted".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = setup::config(&arguments.config)?;
    let failed = |error| Failure::broke("erasing", &error);
    let keys = app::load_key(&config.store.key_file)
        .map_err(|error| Failure::usage("naming the address in recorded traffic", &error))?;
    let hasher = Hasher::new(keys.derived("traffic"));
    setup::block_on(async {
        // The same checks as for every command on the store: none is made where there is none.
        drop(setup::store(&config.store).await?);
        let database = app::open_database(&config.store).await;
        let database =
            database.map_err(|error| Failure::broke("opening the hold store", &error))?;
        let (eraser, traffic) = (Eraser::on(database.clone()), Log::new(database));
        let found = eraser.find(&arguments.address).await.map_err(failed)?;
        let records = traffic.count_of(&arguments.address, &hasher).await;
        let records = records.map_err(|error| Failure::broke("erasing", &error))?;
        tell(&found, records)?;
        if !arguments.now {
            out::note("nothing is erased; `--now` does it");
            return left(&found);
        }
        let holds = found.his.len() + found.part.len();
        if holds + found.entries.len() == 0 && records == 0 {
            return left(&found);
        }
        confirmed(&arguments.address)?;
        let (actor, now) = (out::operator(), Timestamp::now());
        let erased = eraser.erase(&arguments.address, &found, &actor, now).await;
        let erased = erased.map_err(failed)?;
        let records = traffic.erase_of(&arguments.address, &hasher, &actor, now).await;
        let records = records.map_err(|error| Failure::broke("erasing", &error))?;
        let log = eraser.settle().await.map_err(failed)?;
        out::line(&format!(
            "erased: {} of mail, {} of the audit, {} of traffic",
            counted(erased.holds, "hold", "holds"),
            counted(erased.entries, "entry", "entries"),
            counted(records, "record", "records")
        ))?;
        if !log {
            out::note("the store's log is being read; the service empties it within the hour");
        }
        if erased.passed > 0 {
            let holds = counted(erased.passed, "hold does", "holds do");
            out::note(&format!("{holds} not read or were changed meanwhile, and stay"));
            return Err(Failure::Found);
        }
        left(&found)
    })?
}

fn tell(found: &Traces, records: u64) -> Result<(), Failure> {
    let count = |n: usize| n as u64;
    out::line(&format!(
        "{} from or to this address, ended: erased whole",
        counted(count(found.his.len()), "mail", "mails")
    ))?;
    out::line(&format!(
        "{} of others on which this person acted: that part is erased",
        counted(count(found.part.len()), "mail", "mails")
    ))?;
    out::line(&format!(
        "{} of the audit: the name is erased, what was done stays",
        counted(count(found.entries.len()), "entry", "entries")
    ))?;
    out::line(&format!(
        "{} of traffic from this address: erased",
        counted(records, "record", "records")
    ))?;
    out::line(&format!(
        "{} not ended: left as {} first",
        counted(count(found.open.len()), "mail", "mails"),
        if found.open.len() == 1 { "it is; decide it" } else { "they are; decide them" }
    ))?;
    for id in &found.open {
        out::line(&format!("  {id}"))?;
    }
    Ok(())
}

/// Exit 1 where something of this person stays.
fn left(found: &Traces) -> Result<(), Failure> {
    if found.fixed > 0 {
        let entries = counted(found.fixed, "audit entry", "audit entries");
        out::note(&format!(
            "{entries} of an earlier release hold the name within the chain: it stays"
        ));
    }
    if found.open.is_empty() && found.fixed == 0 { Ok(()) } else { Err(Failure::Found) }
}

/// Asks for the address once more: whoever means another one finds out here.
fn confirmed(address: &Mailbox) -> Result<(), Failure> {
    out::note("This cannot be undone. Type the address again to erase:");
    let mut typed = String::new();
    let read = io::stdin().lock().read_line(&mut typed);
    read.map_err(|error| Failure::broke("reading the answer", &error))?;
    if typed.trim() == address.as_str() {
        return Ok(());
    }
    Err(Failure::Usage("that is not the address; nothing is erased".to_owned()))
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
