//! What the pages stand on.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;

use super::CallTerms;
use crate::{
    call::Hours,
    hold::HoldStore,
    mail::Timestamp,
    release::{Desk, Keys},
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
    /// Whose days and hours the pages speak of.
    pub time_zone: TimeZone,
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
