//! An LDAP directory (RFC 4511): one search for one address.
//!
//! Each question has a connection of its own: connect, TLS, bind, search, good-bye. Answers are
//! remembered, so there are few; and no connection is found dead when it is needed. Nothing is said in
//! clear but what the settings allow, referrals are not followed, and whatever a directory answers
//! ends as an outcome.

mod conversation;
mod entry;
mod failure;
mod message;
mod server;
mod settings;

use std::sync::Arc;

use tokio::task::JoinSet;

use self::{
    conversation::{Found, Question, start_tls},
    failure::Failure,
};
use super::remote::Outcome;
use crate::reach::{self, BadSettings, Tls};

pub use server::{BadUrl, Security, Server};
pub use settings::{Attribute, Attributes, BadAttribute, BadFilter, Bind, Filter, LdapSettings};

/// See the module.
pub(super) struct Ldap(Arc<Directory>);

struct Directory {
    server: Server,
    security: Security,
    tls: Option<Tls>,
    question: Question,
    filter: Filter,
    attributes: Attributes,
    country: Option<String>,
}

impl Ldap {
    /// Reads password and certificates. Asks nobody.
    pub(super) fn new(settings: &LdapSettings) -> Result<Ldap, BadSettings> {
        let tls = match settings.security {
            Security::Tls | Security::StartTls => {
                Some(Tls::new(&settings.server.host, settings.ca_file.as_deref())?)
            }
            Security::ClearHere | Security::Clear => None,
        };
        let bind = settings.bind.as_ref().map(|bind| {
            reach::secret(&bind.password_file, "password").map(|word| (bind.dn.clone(), word))
        });
        let whole_seconds = settings.bounds.timeout.as_secs().saturating_add(1);
        let question = Question {
            bind: bind.transpose()?,
            base: settings.base.clone(),
            attributes: settings.attributes.names(),
            most_entries: settings.most_entries,
            seconds: i32::try_from(whole_seconds).unwrap_or(i32::MAX),
        };
        Ok(Ldap(Arc::new(Directory {
            server: settings.server.clone(),
            security: settings.security,
            tls,
            question,
            filter: settings.filter.clone(),
            attributes: settings.attributes.clone(),
            country: settings.country.clone(),
        })))
    }

    /// Asks about an address in lower case.
    pub(super) async fn ask(&self, address: &str) -> Outcome {
        // In a task of its own, which ends with this future: the library panics at some answers that
        // are not of the form, and no mail may come to harm.
        let mut task = JoinSet::new();
        let (directory, address) = (Arc::clone(&self.0), address.to_owned());
        task.spawn(async move { directory.ask(&address).await });
        match task.join_next().await {
            Some(Ok(Ok(outcome))) => outcome,
            Some(Ok(Err(failure))) => Outcome::NoAnswer(failure.word()),
            Some(Err(_)) | None => Outcome::NoAnswer(Failure::Broken.word()),
        }
    }
}

impl Directory {
    async fn ask(&self, address: &str) -> Result<Outcome, Failure> {
        let Server { host, port, .. } = &self.server;
        let mut stream = reach::connect(host, *port, self.security.whither()).await?;
        let filter = self.filter.of(address);
        let found = match &self.tls {
            None => self.question.put(stream, &filter).await?,
            Some(tls) => {
                if self.security == Security::StartTls {
                    start_tls(&mut stream).await?;
                }
                self.question.put(tls.over(stream).await?, &filter).await?
            }
        };
        Ok(match found {
            Found::Entries(entries) => {
                entry::read(entries, &self.attributes, self.country.as_deref())
            }
            Found::TooMany => Outcome::Ambiguous,
        })
    }
}

#[cfg(test)]
mod tests;
