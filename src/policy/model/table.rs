//! The weights in memory: found by a feature's hash in one or two looks.

use super::{
    features::Hash,
    weights::{PerCategory, Weights},
};

/// A feature's weights, as written: for news, not scaled, in the highest octet; below it the place
/// of those for the categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

impl Entry {
    /// That of a feature nobody weighed.
    pub(super) const NOTHING: Entry = Entry(NO_CATEGORIES);

    /// For news, not scaled.
    #[inline]
    pub(super) fn news(self) -> i32 {
        let [news, ..] = self.0.to_be_bytes();
        i32::from(i8::from_be_bytes([news]))
    }

    /// Where its weights for the categories are.
    #[inline]
    pub(super) fn categories(self) -> Option<u32> {
        let place = self.0 & PLACE;
        (place != NO_CATEGORIES).then_some(place)
    }
}

/// Open addressing over the hash; at most half full, so that a feature nobody weighed (most of
/// them) costs about one look.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    categories: Vec<PerCategory<i8>>,
}

/// Half of a feature's hash, and its entry in the other four octets: all that a sentence's news
/// asks of a feature lies in one place. Two features of the same half hash and place are one in
/// 2^32.
#[derive(Debug, Clone, Copy)]
struct Slot {
    half: u32,
    entry: Entry,
}

/// The place of the categories of a feature that has none.
const NO_CATEGORIES: u32 = 0x00ff_fffe;
/// The bits of an entry that are the place.
const PLACE: u32 = 0x00ff_ffff;
/// The entry of a slot that has none: no place is so high.
const EMPTY: Entry = Entry(u32::MAX);

impl Table {
    pub(super) fn new(weights: &Weights) -> Table {
        let empty = Slot { half: 0, entry: EMPTY };
        let mut table = Table {
            slots: vec![empty; (weights.lines.len() * 2 + 1).next_power_of_two()],
            categories: Vec::new(),
        };
        for line in &weights.lines {
            let mut place = NO_CATEGORIES;
            if let Some(all) = line.categories {
                let next = u32::try_from(table.categories.len()).unwrap_or(NO_CATEGORIES);
                place = next.min(NO_CATEGORIES);
                table.categories.push(all);
            }
            let [news] = line.news.to_be_bytes();
            let entry = Entry(u32::from(news) << 24 | place);
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
    #[inline]
    pub(super) fn find(&self, hash: u64) -> Option<Entry> {
        let half = half(hash);
        let mut at = self.place(hash);
        loop {
            let slot = self.slots.get(at)?;
            if slot.entry == EMPTY {
                return None;
            }
            if slot.half == half {
                return Some(slot.entry);
            }
            at = self.place(at as u64 + 1);
        }
    }

    /// The weights for the categories at a place that an entry names, not scaled.
    pub(super) fn categories(&self, place: u32) -> Option<&PerCategory<i8>> {
        self.categories.get(place as usize)
    }

    /// Where a hash is looked for first.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        let last = self.slots.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
        let low = hash as usize;
        low & last
    }
}

/// The bits of a hash that do not decide its place.
#[inline]
fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}
