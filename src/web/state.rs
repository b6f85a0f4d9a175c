//! What the pages stand on.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::{CallTerms, opened::Opened};
use crate::{
    call::Hours,
    hold::{Hold, HoldStore},
    mail::Timestamp,
    message::Language,
    release::{Desk, Keys},
    team::{Team, Teams},
    wording::{Languages, Own},
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
    /// The organisation's own lines, as they are in force.
    pub own: Arc<ArcSwap<Own>>,
    /// Who reads which language.
    pub languages: Languages,
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

    /// The language of a page: of whoever opened it, as its notice is.
    pub(super) fn language(&self, opened: &Opened) -> Language {
        let hold = &opened.hold;
        let party = opened.party.as_ref().map(|party| &party.address);
        let reader = party.or(hold.envelope.reverse_path().mailbox());
        let mail = hold.dossier.decision.language;
        self.languages.choose(reader, self.team(hold).language, mail)
    }
}
