//! What one key of a table held.

use std::ops::Range;

use super::Table;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The octets it was read from.
    pub span: Range<usize>,
}

/// What was found under a key. A wrong value has been recorded already; say what its absence
/// means with [`optional`](Field::optional), [`required`](Field::required) or [`or`](Field::or).
#[derive(Debug)]
#[must_use = "say whether the key is optional, required or has a default"]
pub struct Field<'t, 'a, T> {
    pub(super) table: &'t Table<'a>,
    pub(super) key: &'static str,
    /// What would do, such as `a string`.
    pub(super) wanted: &'static str,
    pub(super) held: Held<T>,
}

/// See [`Field`].
#[derive(Debug)]
pub(super) enum Held<T> {
    Absent,
    Wrong,
    Value(T, Range<usize>),
}

impl<'t, 'a, T> Field<'t, 'a, T> {
    /// The value, if it is there and good.
    pub fn optional(self) -> Option<T> {
        self.located().map(|l| l.value)
    }

    /// The value with its place, if it is there and good.
    pub fn located(self) -> Option<Located<T>> {
        match self.held {
            Held::Value(value, span) => Some(Located { value, span }),
            Held::Absent | Held::Wrong => None,
        }
    }

    /// The value; its absence is a mistake.
    pub fn required(self) -> Option<T> {
        self.required_located().map(|l| l.value)
    }

    /// The value with its place; its absence is a mistake.
    pub fn required_located(self) -> Option<Located<T>> {
        if matches!(self.held, Held::Absent) {
            self.table.missing(self.key, self.wanted);
        }
        self.located()
    }

    /// The value, or this default where it is absent or wrong.
    pub fn or(self, default: T) -> T {
        self.optional().unwrap_or(default)
    }

    /// Reads further: `read` turns the value into what is meant, or says what is wrong with it
    /// and what would do.
    pub fn and_then<U>(
        self,
        read: impl FnOnce(T) -> Result<U, (String, Option<String>)>,
    ) -> Field<'t, 'a, U> {
        let held = match self.held {
            Held::Absent => Held::Absent,
            Held::Wrong => Held::Wrong,
            Held::Value(value, span) => match read(value) {
                Ok(value) => Held::Value(value, span),
                Err((message, help)) => {
                    let message = format!("`{}`: {message}", self.table.path_of(self.key));
                    self.table.add(span, message, help);
                    Held::Wrong
                }
            },
        };
        Field { table: self.table, key: self.key, wanted: self.wanted, held }
    }
}
