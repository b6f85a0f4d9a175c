//! What hears answers to notices, by the configuration.

use std::sync::Arc;

use super::Letters;
use crate::{
    config::Config,
    hold::HoldStore,
    release::Keys,
    replies::{Parts, Replies},
};

/// `None` where `[replies]` is not there.
pub(super) fn replies(
    config: &Config,
    keys: &Keys,
    store: &Arc<dyn HoldStore>,
    letters: &Letters,
) -> Option<Replies> {
    let settings = config.replies.clone()?;
    Some(Replies::new(Parts {
        address: settings.address,
        allowed: settings.allowed,
        trust: settings.trust,
        deputies: settings.deputies,
        inside: config.organisation.clone(),
        keys: keys.clone(),
        store: Arc::clone(store),
        letters: Arc::new(letters.clone()),
    }))
}
