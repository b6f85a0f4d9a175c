//! The directory, joined to the judge: whom it knows, and what the customer system says of the person
//! whom a held message is for.

use super::{Judge, Judged, StartError};
use crate::{
    call,
    config::{Config, DirectorySettings, Mistakes},
    decision::Organisation,
    directory::{BadFile, Crm, Directory, Mistake, People, Terms, read},
    http::BadSettings,
    mail::Envelope,
    policy::Diagnostic,
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

/// The customer system that a configuration names. Reads its key and certificates, asks nobody.
pub fn customer_system(config: &Config) -> Result<Option<Crm>, BadSettings> {
    let settings = config.directory.as_ref().and_then(|directory| directory.crm.as_ref());
    settings.map(Crm::new).transpose()
}

/// Both, for the service.
pub(super) fn directory(config: &Config) -> Result<Directory, StartError> {
    let people = load_people(config).map_err(|m| StartError::Mistakes(Box::new(m)))?;
    telemetry::directory::people(people.len());
    let crm = customer_system(config).map_err(StartError::CustomerSystem)?;
    Ok(Directory::new(people, crm))
}

impl Judge {
    /// Asks the customer system about the person whom a message is for, where there is one and the
    /// message is to be held. Without an answer the sheet stays as it is.
    pub async fn look_up(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        mut judged: Judged,
    ) -> Judged {
        let Some(crm) = self.system_for(&judged) else { return judged };
        let Judged { reading, decision, .. } = &judged;
        let Some(address) = call::address(reading, decision, envelope, organisation) else {
            return judged;
        };
        if let Some(known) = crm.look_up(&address).await {
            let told = self.directory.told(&address, Some(known));
            judged.call = self.sheet(organisation, envelope, &judged, &told);
        }
        judged
    }

    /// The customer system, where there is one and the message is to be held: then it is waited for.
    pub(super) fn system_for(&self, judged: &Judged) -> Option<&Crm> {
        self.directory.crm().filter(|_| judged.decision.bites())
    }
}

#[cfg(test)]
mod tests;
