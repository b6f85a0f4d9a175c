//! What the last documents said.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use super::Outcome;
use crate::extract::Kind;

/// Documents that are remembered. With the longest text there is, 8 MiB.
const KEPT: usize = 64;

/// What a document is known by: its kind and the SHA-256 of its octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(Kind, [u8; 32]);

impl Name {
    pub(super) fn of(kind: Kind, octets: &[u8]) -> Name {
        Name(kind, Sha256::digest(octets).into())
    }
}

/// The last documents, most lately asked for last.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<VecDeque<(Name, Outcome)>>);

impl Memory {
    /// What became of this document, if it is remembered.
    pub(super) fn of(&self, name: &Name) -> Option<Outcome> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(n, _)| n == name)?;
        let found = kept.remove(at)?;
        let outcome = found.1.clone();
        kept.push_back(found);
        Some(outcome)
    }

    pub(super) fn keep(&self, name: Name, outcome: Outcome) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(n, _)| *n != name);
        kept.push_back((name, outcome));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_asked_for_lately_are_kept() {
        let memory = Memory::default();
        let name = |n: usize| Name::of(Kind::Pdf, &n.to_be_bytes());
        let text = |n: usize| Outcome::Text(n.to_string().into());
        for n in 0..KEPT {
            memory.keep(name(n), text(n));
        }
        assert_eq!(memory.of(&name(0)), Some(text(0)));
        memory.keep(name(KEPT), text(KEPT));
        assert_eq!(memory.of(&name(1)), None);
        assert_eq!(memory.of(&name(0)), Some(text(0)));
        assert_eq!(memory.of(&Name::of(Kind::Rtf, &0_usize.to_be_bytes())), None);
    }
}
