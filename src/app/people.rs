//! The directory, joined to the judge: whom it knows, and what those say of the person whom a held
//! message is for who are asked over the net.

use super::{Judge, Judged, StartError};
use crate::{
    call,
    config::{Config, DirectorySettings, Mistakes},
    decision::Organisation,
    directory::{BadFile, Directory, Mistake, People, Remote, Remotes, Terms, read},
    http,
    mail::Envelope,
    policy::Diagnostic,
    reach,
    telemetry::{self, Chain},
};

/// Reads the file of people that a configuration names; without one nobody is known.
pub fn load_people(config: &Config) -> Result<People, Mistakes> {
    let Some(DirectorySettings { file: Some(file), country, .. }) = &config.directory else {
        return Ok(People::default());
    };
    let terms = Terms { organisation: config.organisation.clone(), country: country.clone() };
    read(file, &terms).map_err(|error| match &error {
        BadFile::Mistakes { path, mistakes } => {
            let path = path.display().to_string();
            let diagnostics = mistakes.iter().map(|m| diagnostic(&path, m)).collect();
            // Without the text: its lines hold names and numbers, and what is told goes into a journal.
            Mistakes { diagnostics, sources: Vec::new() }
        }
        BadFile::Unreadable { .. } | BadFile::TooLarge(_) | BadFile::NotUtf8(_) => {
            let help = "`directory.file` names a table of people, CSV in UTF-8";
            Mistakes::about_file(file, Chain(&error).to_string(), help)
        }
    })
}

/// What of the file was passed over, one line each.
pub fn passed_over(config: &Config, people: &People) -> Vec<String> {
    let file = config.directory.as_ref().and_then(|directory| directory.file.as_deref());
    let file = file.map(|file| file.display().to_string()).unwrap_or_default();
    let one = |m: &Mistake| format!("{file}:{}: {}; {}", m.line, m.message, m.help);
    people.warnings().iter().map(one).collect()
}

fn diagnostic(path: &str, mistake: &Mistake) -> Diagnostic {
    Diagnostic {
        file: format!("{path}:{}", mistake.line),
        span: 0..0,
        message: mistake.message.clone(),
        help: Some(mistake.help.to_owned()),
    }
}

/// Why a source of people cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum BadRemote {
    /// Its key or certificates are not in order.
    #[error("cannot use the customer system of `directory.url`")]
    Crm(#[source] http::BadSettings),
    /// Its password or certificates are not in order.
    #[error("cannot use the LDAP directory of `directory.ldap`")]
    Ldap(#[source] reach::BadSettings),
}

/// Those of a configuration that are asked over the net. Reads their secrets and certificates, asks
/// nobody.
pub fn remotes(config: &Config) -> Result<Remotes, BadRemote> {
    let Some(directory) = &config.directory else { return Ok(Remotes::default()) };
    let crm = directory.crm.as_ref().map(Remote::crm).transpose().map_err(BadRemote::Crm)?;
    #[cfg(feature = "ldap")]
    let ldap = directory.ldap.as_ref().map(Remote::ldap).transpose().map_err(BadRemote::Ldap)?;
    #[cfg(not(feature = "ldap"))]
    let ldap = None;
    Ok(Remotes { ldap, crm })
}

/// All of them, for the service.
pub(super) fn directory(config: &Config) -> Result<Directory, StartError> {
    let people = load_people(config).map_err(|m| StartError::Mistakes(Box::new(m)))?;
    telemetry::directory::people(people.len());
    Ok(Directory::new(people, remotes(config)?))
}

impl Judge {
    /// Asks those who are asked over the net about the person whom a message is for, where there are any
    /// and the message is to be held. Without an answer the sheet stays as it is.
    pub async fn look_up(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        mut judged: Judged,
    ) -> Judged {
        if !self.looks_up(&judged) {
            return judged;
        }
        let Judged { reading, decision, .. } = &judged;
        let Some(address) = call::address(reading, decision, envelope, organisation) else {
            return judged;
        };
        let answers = self.directory.look_up(&address).await;
        if !answers.is_empty() {
            let told = self.directory.told(&address, answers);
            judged.call = self.sheet(organisation, envelope, &judged, &told);
        }
        judged
    }

    /// Whether somebody is asked over the net about the person: then that is waited for.
    pub(super) fn looks_up(&self, judged: &Judged) -> bool {
        self.directory.asks() && judged.decision.bites()
    }
}

#[cfg(test)]
mod tests;
