//! What the pages stand on.

use std::sync::Arc;

use super::CallTerms;
use crate::{
    call::Hours,
    hold::{Hold, HoldStore},
    mail::Timestamp,
    message::Language,
    release::{Desk, Keys},
    team::{Team, Teams},
};

/// Everything the handlers need; built once by `app`.
#[derive(Clone)]
pub struct WebState {
    /// Where decisions are made.
    pub desk: Desk,
    /// Reads links, makes and checks nonces.
    pub keys: Keys,
    /// For the audit of views and for `/readyz`.
    pub store: Arc<dyn HoldStore>,
    /// The organisation's name.
    pub organisation: String,
    /// Where browsers see us: `https://callfirst.northwind-hvac.example`.
    pub public_url: String,
    /// Whose days, hours and language the pages speak in.
    pub teams: Arc<Teams>,
    /// What the house has set about calls.
    pub call_terms: CallTerms,
    /// When people may be called.
    pub hours: Hours,
    /// The time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Sixteen random octets; each page view takes some.
    pub random: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
    /// The metrics as Prometheus reads them.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

impl WebState {
    /// The team of a hold's sender.
    pub(super) fn team(&self, hold: &Hold) -> &Team {
        self.teams.of(hold.envelope.reverse_path())
    }

    /// The language of a hold's page, as of its notice: what the team reads, else a guess from the
    /// mail.
    pub(super) fn language(&self, hold: &Hold) -> Language {
        let guess = hold.dossier.decision.language;
        self.team(hold).language.or(guess).unwrap_or(Language::En)
    }
}
