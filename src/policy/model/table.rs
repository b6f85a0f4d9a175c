//! The weights in memory: found by a feature's hash in one or two looks.

use super::{
    features::Hash,
    weights::{PerCategory, Weights},
};

/// A feature's weight, and where its weights for the categories are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Scaled.
    pub(super) news: f64,
    categories: Option<u32>,
}

/// Open addressing over the hash; at most half full, so that a feature nobody weighed (most of
/// them) costs about one look.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    entries: Vec<Entry>,
    categories: Vec<PerCategory<f64>>,
}

/// Half of a feature's hash, and the number of its entry: the entry itself is fetched only for
/// the feature that has it. Two features of the same half hash and place are one in 2^32.
#[derive(Debug, Clone, Copy)]
struct Slot {
    half: u32,
    entry: u32,
}

/// The entry of a slot that has none.
const EMPTY: u32 = u32::MAX;

impl Table {
    pub(super) fn new(weights: &Weights) -> Table {
        let empty = Slot { half: 0, entry: EMPTY };
        let mut table = Table {
            slots: vec![empty; (weights.lines.len() * 2 + 1).next_power_of_two()],
            entries: Vec::with_capacity(weights.lines.len()),
            categories: Vec::new(),
        };
        for (line, entry) in weights.lines.iter().zip(0..EMPTY) {
            let categories = line.categories.map(|all| {
                table.categories.push(all.map(|w| f64::from(w) * weights.category_scale));
                u32::try_from(table.categories.len() - 1).unwrap_or(EMPTY)
            });
            let news = f64::from(line.news) * weights.news_scale;
            table.entries.push(Entry { news, categories });
            let hash = Hash::feature(line.kind, &line.text);
            let mut at = table.place(hash);
            while let Some(slot) = table.slots.get_mut(at) {
                if slot.entry == EMPTY {
                    *slot = Slot { half: half(hash), entry };
                    break;
                }
                at = table.place(at as u64 + 1);
            }
        }
        table
    }

    /// The entry of the feature with this hash.
    pub(super) fn find(&self, hash: u64) -> Option<&Entry> {
        let half = half(hash);
        let mut at = self.place(hash);
        loop {
            let slot = self.slots.get(at)?;
            if slot.entry == EMPTY {
                return None;
            }
            if slot.half == half {
                return self.entries.get(slot.entry as usize);
            }
            at = self.place(at as u64 + 1);
        }
    }

    /// An entry's weights for the categories.
    pub(super) fn categories(&self, entry: &Entry) -> Option<&PerCategory<f64>> {
        self.categories.get(entry.categories? as usize)
    }

    /// Where a hash is looked for first.
    fn place(&self, hash: u64) -> usize {
        let last = self.slots.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
        let low = hash as usize;
        low & last
    }
}

/// The bits of a hash that do not decide its place.
fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}
