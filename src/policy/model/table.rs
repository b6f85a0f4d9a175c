//! The weights in memory: found by a feature's hash in one or two looks.

use super::{
    features::Hash,
    weights::{PerCategory, Weights},
};

/// A feature's weight, and where its weights for the categories are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    hash: u64,
    /// Scaled.
    pub(super) news: f64,
    categories: Option<u32>,
}

/// Open addressing over the hash; at most half full, so that a feature nobody weighed (most of
/// them) costs about one look.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<u32>,
    entries: Vec<Entry>,
    categories: Vec<PerCategory<f64>>,
}

/// A slot without an entry.
const EMPTY: u32 = u32::MAX;

impl Table {
    pub(super) fn new(weights: &Weights) -> Table {
        let mut table = Table {
            slots: vec![EMPTY; (weights.lines.len() * 2 + 1).next_power_of_two()],
            entries: Vec::with_capacity(weights.lines.len()),
            categories: Vec::new(),
        };
        for (line, at) in weights.lines.iter().zip(0..EMPTY) {
            let hash = Hash::feature(line.kind, &line.text);
            let categories = line.categories.map(|all| {
                table.categories.push(all.map(|w| f64::from(w) * weights.category_scale));
                u32::try_from(table.categories.len() - 1).unwrap_or(EMPTY)
            });
            let news = f64::from(line.news) * weights.news_scale;
            table.entries.push(Entry { hash, news, categories });
            let mut slot = table.slot(hash);
            while let Some(taken) = table.slots.get_mut(slot) {
                if *taken == EMPTY {
                    *taken = at;
                    break;
                }
                slot = table.slot(slot as u64 + 1);
            }
        }
        table
    }

    /// The entry of the feature with this hash.
    pub(super) fn find(&self, hash: u64) -> Option<&Entry> {
        let mut slot = self.slot(hash);
        loop {
            // An empty slot's number is behind the last entry: `None`, and the search ends.
            let entry = self.entries.get(*self.slots.get(slot)? as usize)?;
            if entry.hash == hash {
                return Some(entry);
            }
            slot = self.slot(slot as u64 + 1);
        }
    }

    /// An entry's weights for the categories.
    pub(super) fn categories(&self, entry: &Entry) -> Option<&PerCategory<f64>> {
        self.categories.get(entry.categories? as usize)
    }

    fn slot(&self, hash: u64) -> usize {
        let last = self.slots.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
        let low = hash as usize;
        low & last
    }
}
