//! `callfirst people`: accounts of the desk, the first of all among them.

use std::{collections::BTreeSet, path::Path};

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{
    NeedsConfiguration,
    out::{self, Failure, plain},
    setup,
};
use crate::{
    accounts::{Account, AccountError, Accounts, NewPerson, VouchedBy},
    app,
    config::Config,
    mail::{Mailbox, Timestamp},
    rights::Role,
};

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst people add kim --role operator --role reviewer --address kim@northwind.example
  callfirst people list
  callfirst people reset kim

`add` and `reset` print a link by which the person sets a password; it works once, for two days.
Every command here, `list` apart, writes itself into the audit log with your login name.";

/// Accounts of the desk: add, list, reset, disable, enable.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make an account, and print the link that sets its password
    Add {
        /// The log-in name: a-z, 0-9, dot, hyphen, underscore, @
        login: String,
        /// What people call him or her; without it, the log-in name
        #[arg(long, default_value = "")]
        name: String,
        /// The mailbox, by which own mail and led teams are known
        #[arg(long, value_name = "ADDRESS")]
        address: Option<String>,
        /// A role; may stand several times
        #[arg(long, value_name = "ROLE", required = true)]
        role: Vec<RoleName>,
        /// A team that a lead leads, beside those of the configuration; may stand several times
        #[arg(long, value_name = "NAME")]
        team: Vec<String>,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// Let somebody in again: a new link for the password, and no second factor until one is set up
    Reset {
        /// The log-in name
        login: String,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// Shut somebody out; all sessions end. The account stays for the audit
    Disable {
        /// The log-in name
        login: String,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// Let somebody in who was shut out
    Enable {
        /// The log-in name
        login: String,
        #[command(flatten)]
        configured: NeedsConfiguration,
    },
    /// One line a person: log-in name, roles, how he or she logs in
    List {
        #[command(flatten)]
        configured: NeedsConfiguration,
        /// JSON on stdout
        #[arg(long)]
        json: bool,
    },
}

/// The roles as arguments.
#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Sender,
    Lead,
    Reviewer,
    PolicyAdmin,
    Auditor,
    Operator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Sender => Role::Sender,
            RoleName::Lead => Role::Lead,
            RoleName::Reviewer => Role::Reviewer,
            RoleName::PolicyAdmin => Role::PolicyAdmin,
            RoleName::Auditor => Role::Auditor,
            RoleName::Operator => Role::Operator,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    setup::block_on(act(arguments))?
}

async fn act(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Add { login, name, address, role, team, configured } => {
            let address = address.as_deref().map(mailbox).transpose()?;
            let new = NewPerson {
                login: login.clone(),
                name: name.clone(),
                address,
                roles: role.iter().copied().map(Role::from).collect(),
                teams: team.iter().cloned().collect::<BTreeSet<String>>(),
                vouched_by: VouchedBy::Us,
            };
            let (config, accounts) = open(&configured.config).await?;
            add(&config, &accounts, new).await
        }
        What::Reset { login, configured } => {
            let (config, accounts) = open(&configured.config).await?;
            let whose = find(&accounts, login).await?;
            reset(&config, &accounts, &whose).await
        }
        What::Disable { login, configured } => {
            let (_, accounts) = open(&configured.config).await?;
            let id = find(&accounts, login).await?.person.id;
            let done = accounts.disable(&id, out::operator(), Timestamp::now()).await;
            done.map_err(|error| failed(&error))?;
            out::line(&format!("{login} is shut out, and logged out everywhere"))
        }
        What::Enable { login, configured } => {
            let (_, accounts) = open(&configured.config).await?;
            let id = find(&accounts, login).await?.person.id;
            let done = accounts.enable(&id, out::operator(), Timestamp::now()).await;
            done.map_err(|error| failed(&error))?;
            out::line(&format!("{login} may log in again"))
        }
        What::List { configured, json } => {
            let (_, accounts) = open(&configured.config).await?;
            let everybody = accounts.everybody().await.map_err(|error| failed(&error))?;
            everybody.iter().try_for_each(|account| tell(account, *json))
        }
    }
}

async fn open(path: &Path) -> Result<(Config, Accounts), Failure> {
    let config = setup::config(path)?;
    let database = setup::database(&config.store).await?;
    let keys = app::load_key(&config.store.key_file)
        .map_err(|error| Failure::broke("reading the key of the store", &error))?;
    let accounts = app::accounts(&config, database, &keys).map_err(|error| failed(&error))?;
    Ok((config, accounts))
}

async fn add(config: &Config, accounts: &Accounts, new: NewPerson) -> Result<(), Failure> {
    let now = Timestamp::now();
    let made = accounts.add(new, out::operator(), now).await.map_err(|error| failed(&error))?;
    link(config, accounts, &made).await
}

async fn find(accounts: &Accounts, login: &str) -> Result<Account, Failure> {
    let found = accounts.find_login(login).await.map_err(|error| failed(&error))?;
    found.ok_or_else(|| Failure::Usage(format!("nobody logs in as {}", plain(login))))
}

async fn reset(config: &Config, accounts: &Accounts, whose: &Account) -> Result<(), Failure> {
    if whose.disabled.is_some() {
        let login = &whose.person.login;
        return Err(Failure::Usage(format!("{login} is shut out: `people enable {login}` first")));
    }
    if whose.has_factor {
        let ended = accounts.end_factor(&whose.person.id, out::operator(), Timestamp::now()).await;
        ended.map_err(|error| failed(&error))?;
        out::note(&format!("{} has no second factor any more", whose.person.login));
    }
    link(config, accounts, whose).await
}

/// Prints the link that sets a password: alone on stdout, so that it can be sent on.
async fn link(config: &Config, accounts: &Accounts, whose: &Account) -> Result<(), Failure> {
    let (person, now) = (&whose.person, Timestamp::now());
    let secret = accounts.password_link(&person.id, out::operator(), now).await;
    let secret = secret.map_err(|error| failed(&error))?;
    out::note(&format!("{} sets a password here, once, within two days:", person.login));
    out::line(&format!("{}/desk/password/{}", config.web.public_url, secret.reveal()))
}

#[derive(Serialize)]
struct Line<'a> {
    login: &'a str,
    name: &'a str,
    address: Option<&'a str>,
    roles: Vec<&'static str>,
    teams: &'a BTreeSet<String>,
    password: bool,
    second_factor: bool,
    disabled: bool,
}

fn tell(account: &Account, json: bool) -> Result<(), Failure> {
    let person = &account.person;
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    if json {
        return out::json(&Line {
            login: &person.login,
            name: &person.name,
            address: person.address.as_ref().map(Mailbox::as_str),
            roles,
            teams: &person.teams,
            password: account.has_password,
            second_factor: account.has_factor,
            disabled: account.disabled.is_some(),
        });
    }
    let standing = match (account.disabled, account.has_password, account.has_factor) {
        (Some(_), _, _) => "disabled",
        (None, _, true) => "password and second factor",
        (None, true, false) => "password",
        (None, false, false) => "no password yet",
    };
    let name = plain(&person.name);
    out::line(&format!("{:<24} {:<32} {standing}  {name}", person.login, roles.join(" ")))
}

fn mailbox(text: &str) -> Result<Mailbox, Failure> {
    Mailbox::parse(text).map_err(|error| Failure::usage(&format!("reading \"{text}\""), &error))
}

/// What the person at the keyboard can mend is a mistake of usage; the rest is trouble.
fn failed(error: &AccountError) -> Failure {
    match error {
        AccountError::Taken(_) | AccountError::BadLogin | AccountError::Unknown => {
            Failure::Usage(error.to_string())
        }
        AccountError::Store(_) | AccountError::Unfit(_) | AccountError::NoRandomness => {
            Failure::broke("changing accounts", error)
        }
    }
}
