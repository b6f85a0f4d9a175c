//! Where the symbols of a span stand.

use super::find::{Places, Symbol};

/// Where each symbol stands in a span.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// By symbol: its number among those that stand anywhere, from 1.
    numbers: Vec<u32>,
    /// By number, from 0: the symbol and its places.
    pub(super) standing: Vec<(Symbol, Places)>,
}

impl Board {
    /// Makes room for so many symbols.
    pub(super) fn widen(&mut self, symbols: usize) {
        self.numbers.resize(symbols, 0);
    }

    #[inline]
    pub(super) fn stand(&mut self, symbol: Symbol, at: Places) {
        let Some(number) = self.numbers.get_mut(symbol as usize) else { return };
        if let Some((_, places)) =
            (*number as usize).checked_sub(1).and_then(|n| self.standing.get_mut(n))
        {
            *places |= at;
            return;
        }
        self.standing.push((symbol, at));
        *number = u32::try_from(self.standing.len()).unwrap_or(0);
    }

    #[inline]
    pub(super) fn stands(&self, symbol: Symbol) -> bool {
        self.numbers.get(symbol as usize).is_some_and(|number| *number != 0)
    }

    #[inline]
    pub(super) fn places_of(&self, symbol: Symbol) -> Places {
        let number = self.numbers.get(symbol as usize).copied().unwrap_or(0) as usize;
        let standing = number.checked_sub(1).and_then(|n| self.standing.get(n));
        standing.map_or(0, |(_, places)| *places)
    }

    pub(super) fn clear(&mut self) {
        for (symbol, _) in self.standing.drain(..) {
            if let Some(number) = self.numbers.get_mut(symbol as usize) {
                *number = 0;
            }
        }
    }
}
