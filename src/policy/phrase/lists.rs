//! Many short lists, packed behind each other.

/// By number, from 0: a list.
#[derive(Debug, Clone)]
pub(super) struct Lists<T = u32> {
    /// Where each list begins; one more at the end.
    from: Vec<u32>,
    all: Vec<T>,
}

impl<T> Lists<T> {
    /// Packs them.
    pub(super) fn new(lists: impl IntoIterator<Item = impl IntoIterator<Item = T>>) -> Lists<T> {
        let mut packed = Lists { from: vec![0], all: Vec::new() };
        for list in lists {
            packed.all.extend(list);
            packed.from.push(u32::try_from(packed.all.len()).unwrap_or(u32::MAX));
        }
        packed
    }

    /// One of them; empty where there is none.
    #[inline]
    pub(super) fn of(&self, number: u32) -> &[T] {
        let range = self.from.get(number as usize..).and_then(|from| from.first_chunk::<2>());
        let list = range.and_then(|[a, b]| self.all.get(*a as usize..*b as usize));
        list.unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.from.len().saturating_sub(1)
    }
}
