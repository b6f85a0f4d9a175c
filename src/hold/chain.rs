//! The audit chain: each entry carries the digest of the one before, so that a change, a gap, a
//! swap or an insertion shows, and where.
//!
//! Who can write to the database can also write a whole new chain. Therefore the head (number and
//! digest) is worth keeping elsewhere: [`verify_chain_against`] finds a cut tail by it.
//!
//! What names people is not in the chain itself, only its digest: see [`Slip`].

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{
    Actor, AuditEntry, AuditEvent, AuditHead, HoldError, HoldStore,
    slip::{Slip, salt},
    steps::whole_micros,
};
use crate::mail::{HoldId, Timestamp};

/// Entries read at a time while the chain is checked.
const PAGE: u32 = 1_000;

/// The digest before the first entry.
pub(in crate::hold) fn beginning() -> String {
    "0".repeat(64)
}

/// The next link behind `head`.
pub(in crate::hold) fn link(
    head: &AuditHead,
    hold: Option<&HoldId>,
    actor: Actor,
    event: AuditEvent,
    now: Timestamp,
) -> AuditEntry {
    let slip = Slip::of(&actor, &event, salt());
    let mut entry = AuditEntry {
        number: head.number.saturating_add(1),
        at: whole_micros(now),
        hold: hold.cloned(),
        actor,
        event,
        previous: head.digest.clone(),
        digest: String::new(),
        slip: Some(slip),
    };
    entry.digest = digest(&entry);
    entry
}

/// SHA-256 over the entry's canonical form, hexadecimal. Every text is preceded by its length, so
/// that no two entries share a form; a missing one has a length that no text can have.
pub(in crate::hold) fn digest(entry: &AuditEntry) -> String {
    let slip = entry.slip.as_ref();
    let mut form = Form::new(match slip {
        None => b"callfirst audit 1\n",
        Some(_) => b"callfirst audit 2\n",
    });
    form.number(entry.number.to_be_bytes());
    form.number(entry.at.as_microsecond().to_be_bytes());
    form.text(entry.hold.as_ref().map(HoldId::as_str));
    form.text(Some(&entry.actor.role));
    match slip {
        None => form.text(Some(&entry.actor.name)),
        Some(slip) => form.text(Some(&slip.digest)),
    }
    form.text(Some(&entry.actor.via));
    if slip.is_none() {
        form.text(entry.actor.address.as_deref());
    }
    form.text(Some(&entry.event.name));
    for (name, value) in &entry.event.facts {
        form.text(Some(name));
        match slip {
            Some(slip) if slip.covers(name) => form.text(None),
            _ => form.text(Some(value)),
        }
    }
    form.text(None);
    form.text(Some(&entry.previous));
    form.digest()
}

/// Texts and numbers on their way into a digest.
pub(in crate::hold) struct Form(Sha256);

impl Form {
    pub(in crate::hold) fn new(kind: &[u8]) -> Form {
        Form(Sha256::new_with_prefix(kind))
    }

    fn number(&mut self, octets: [u8; 8]) {
        self.0.update(octets);
    }

    pub(in crate::hold) fn text(&mut self, text: Option<&str>) {
        self.number(text.map_or(u64::MAX, |t| t.len() as u64).to_be_bytes());
        self.0.update(text.unwrap_or_default());
    }

    pub(in crate::hold) fn digest(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}

/// The chain is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Its end, worth keeping elsewhere.
    pub head: AuditHead,
}

/// The chain is not whole, or could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BrokenChain {
    /// Entries are missing here.
    #[error("audit entry {0} is missing")]
    Missing(u64),
    /// The entry's digest does not fit its content.
    #[error("audit entry {0} was changed after it was written")]
    Changed(u64),
    /// The entry does not follow from the one before it.
    #[error("audit entry {0} does not follow from the one before it")]
    Unlinked(u64),
    /// The entry cannot be read at all.
    #[error("audit entry {number} cannot be read: {why}")]
    Unreadable {
        /// Which.
        number: u64,
        /// What the store says.
        why: String,
    },
    /// Entries were added or cut without raising the head.
    #[error("the audit ends at entry {last}, but its head says {head}")]
    Head {
        /// The last entry there is.
        last: u64,
        /// What the head says.
        head: u64,
    },
    /// Nothing is known: the store gave no answer.
    #[error("the audit could not be read")]
    Store(#[from] HoldError),
}

impl BrokenChain {
    /// The entry that is not as it was; `None` where nothing is known.
    pub fn number(&self) -> Option<u64> {
        match self {
            BrokenChain::Missing(n) | BrokenChain::Changed(n) | BrokenChain::Unlinked(n) => {
                Some(*n)
            }
            BrokenChain::Unreadable { number, .. } => Some(*number),
            BrokenChain::Head { last, head } => Some(last.min(head).saturating_add(1)),
            BrokenChain::Store(_) => None,
        }
    }
}

/// Checks every entry up to the head as it is now. Entries that come in meanwhile are left for
/// the next time.
pub async fn verify_chain(store: &dyn HoldStore) -> Result<Verified, BrokenChain> {
    verify_chain_through(store, &[]).await
}

/// The same, and that the chain still goes through a head that was kept elsewhere.
pub async fn verify_chain_against(
    store: &dyn HoldStore,
    kept: &AuditHead,
) -> Result<Verified, BrokenChain> {
    verify_chain_through(store, std::slice::from_ref(kept)).await
}

/// The same for many heads.
pub async fn verify_chain_through(
    store: &dyn HoldStore,
    kept: &[AuditHead],
) -> Result<Verified, BrokenChain> {
    let mut kept: Vec<&AuditHead> = kept.iter().filter(|head| head.number > 0).collect();
    kept.sort_by_key(|head| head.number);
    let mut kept = kept.into_iter().peekable();
    let head = store.audit_head().await?;
    let mut at = AuditHead { number: 0, digest: beginning() };
    if store.audit(0, 1).await.is_ok_and(|first| first.iter().any(|e| e.number == 0)) {
        return Err(BrokenChain::Unlinked(0));
    }
    while at.number < head.number {
        let page = read_page(store, at.number.saturating_add(1)).await?;
        if page.is_empty() {
            return Err(BrokenChain::Head { last: at.number, head: head.number });
        }
        for entry in page.into_iter().take_while(|e| e.number <= head.number) {
            at = follow(&at, &entry)?;
            while let Some(known) = kept.next_if(|known| known.number == at.number) {
                if known.digest != at.digest {
                    return Err(BrokenChain::Changed(at.number));
                }
            }
        }
    }
    if at.digest != head.digest {
        return Err(BrokenChain::Changed(at.number));
    }
    if let Some(beyond) = kept.next_back() {
        return Err(BrokenChain::Head { last: head.number, head: beyond.number });
    }
    beyond(store, &head).await?;
    Ok(Verified { head })
}

/// An entry must follow the one before it and carry its own digest.
fn follow(before: &AuditHead, entry: &AuditEntry) -> Result<AuditHead, BrokenChain> {
    let expected = before.number.saturating_add(1);
    if entry.number != expected {
        return Err(BrokenChain::Missing(expected));
    }
    let names = entry.slip.as_ref().is_none_or(|slip| slip.fits(&entry.actor, &entry.event));
    if entry.digest != digest(entry) || !names {
        return Err(BrokenChain::Changed(entry.number));
    }
    if entry.previous != before.digest {
        return Err(BrokenChain::Unlinked(entry.number));
    }
    Ok(AuditHead { number: entry.number, digest: entry.digest.clone() })
}

/// An entry behind the head that the head does not know by now was put there by somebody else.
async fn beyond(store: &dyn HoldStore, head: &AuditHead) -> Result<(), BrokenChain> {
    let Some(entry) = store.audit(head.number.saturating_add(1), 1).await?.into_iter().next()
    else {
        return Ok(());
    };
    let now = store.audit_head().await?;
    if now.number < entry.number {
        return Err(BrokenChain::Head { last: entry.number, head: now.number });
    }
    Ok(())
}

/// A page; where one entry of it cannot be read, the way there and then its number.
async fn read_page(store: &dyn HoldStore, from: u64) -> Result<Vec<AuditEntry>, BrokenChain> {
    match store.audit(from, PAGE).await {
        Err(HoldError::Corrupt(_)) => {}
        other => return Ok(other?),
    }
    match store.audit(from, 1).await {
        Err(HoldError::Corrupt(why)) => Err(BrokenChain::Unreadable { number: from, why }),
        other => Ok(other?),
    }
}
