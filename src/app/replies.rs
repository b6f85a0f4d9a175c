//! What hears answers to notices, by the configuration.

use std::sync::Arc;

use super::Letters;
use crate::{
    config::Config,
    release::{Desk, Keys},
    replies::{Parts, Replies},
};

/// `None` where `[replies]` is not there.
pub(super) fn replies(
    config: &Config,
    keys: &Keys,
    desk: &Desk,
    letters: &Letters,
) -> Option<Replies> {
    let settings = config.replies.clone()?;
    Some(Replies::new(Parts {
        desk: desk.clone(),
        address: settings.address,
        allowed: settings.allowed,
        trust: settings.trust,
        deputies: settings.deputies,
        teams: Arc::clone(&config.teams),
        inside: config.organisation.clone(),
        keys: keys.clone(),
        store: desk.store(),
        letters: Arc::new(letters.clone()),
    }))
}
