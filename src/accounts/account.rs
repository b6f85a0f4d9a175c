//! What is kept of a person.

use std::collections::BTreeSet;

use super::AccountError;
use crate::{
    mail::{Mailbox, Timestamp},
    rights::{Person, Role},
};

/// No log-in name is longer.
const MAX_LOGIN_CHARS: usize = 64;

/// Who says that somebody is who he says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VouchedBy {
    /// We do: he has a password here.
    Us,
    /// The proxy before us.
    Proxy,
    /// An identity provider, by its name for him (`sub`).
    Provider(String),
}

impl VouchedBy {
    pub(super) fn as_text(&self) -> String {
        match self {
            VouchedBy::Us => "local".to_owned(),
            VouchedBy::Proxy => "proxy".to_owned(),
            VouchedBy::Provider(subject) => format!("oidc:{subject}"),
        }
    }

    pub(super) fn from_text(text: &str) -> Option<VouchedBy> {
        match text.split_once(':') {
            Some(("oidc", subject)) => Some(VouchedBy::Provider(subject.to_owned())),
            None if text == "local" => Some(VouchedBy::Us),
            None if text == "proxy" => Some(VouchedBy::Proxy),
            _ => None,
        }
    }
}

/// A person, and how he logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who he is and what he may do.
    pub person: Person,
    /// Who says that it is he.
    pub vouched_by: VouchedBy,
    /// Whether a password is set.
    pub has_password: bool,
    /// When it was.
    pub password_set: Option<Timestamp>,
    /// Whether a second factor is asked for.
    pub has_factor: bool,
    /// When the account was made.
    pub created: Timestamp,
    /// When he was shut out; `None` while he may log in.
    pub disabled: Option<Timestamp>,
}

/// Somebody who gets an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// What he will type to log in; see [`login`].
    pub login: String,
    /// What people call him; empty: his log-in name.
    pub name: String,
    /// His mailbox.
    pub address: Option<Mailbox>,
    /// What he is.
    pub roles: BTreeSet<Role>,
    /// The teams that he leads.
    pub teams: BTreeSet<String>,
    /// Who says that it is he.
    pub vouched_by: VouchedBy,
}

/// A log-in name as it is kept: lower case; letters that look alike elsewhere have no place in it,
/// because it stands in the audit for whoever did something.
pub(super) fn login(typed: &str) -> Result<String, AccountError> {
    let login = typed.trim().to_ascii_lowercase();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
    let fits = !login.is_empty() && login.len() <= MAX_LOGIN_CHARS && login.chars().all(good);
    fits.then_some(login).ok_or(AccountError::BadLogin)
}
