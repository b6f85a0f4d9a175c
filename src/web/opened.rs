//! Whose page it is: a link names a hold, and the sender or a party of it.

use axum::{Extension, response::Response};

use super::{WebState, not_found, serve::Peer, trouble};
use crate::{
    hold::{Actor, Hold, Party},
    release::ActError,
    telemetry,
};

/// No token of ours is longer.
const MAX_TOKEN_OCTETS: usize = 200;

/// A hold, and who opened its page.
pub(super) struct Opened {
    pub(super) hold: Hold,
    /// `None`: its sender.
    pub(super) party: Option<Party>,
    /// What opened it.
    pub(super) token: String,
}

/// The hold that a token opens. A token that is garbled, forged, of a hold that is gone or of nobody
/// who may see it gives one and the same page.
pub(super) async fn find(state: &WebState, token: String) -> Result<Opened, Response> {
    if token.len() > MAX_TOKEN_OCTETS {
        return Err(not_found());
    }
    let bearer = state.keys.read_link(&token).map_err(|_| not_found())?;
    let hold = match state.desk.look(&bearer.hold).await {
        Ok(hold) => hold,
        Err(ActError::Unknown) => return Err(not_found()),
        Err(error) => {
            telemetry::web::failed(Some(&bearer.hold), &error);
            return Err(trouble());
        }
    };
    let party = match bearer.party {
        None => None,
        Some(number) => Some(hold.party(number).cloned().ok_or_else(not_found)?),
    };
    Ok(Opened { hold, party, token })
}

impl Opened {
    /// Who acts: a notice went to its reader alone, so whoever has its link is that person.
    pub(super) fn actor(&self, peer: Option<Extension<Peer>>) -> Actor {
        let address = peer.map(|Extension(Peer(address))| address.ip().to_string());
        match &self.party {
            Some(party) => party.actor("page", address),
            None => self.hold.sender_actor("page", address),
        }
    }

    /// The number of the party whose page it is.
    pub(super) fn number(&self) -> Option<u8> {
        self.party.as_ref().map(|party| party.number)
    }
}
