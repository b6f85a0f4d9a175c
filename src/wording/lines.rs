//! Lines that ship, and how to walk over all of them.

use std::ops::Deref;

use crate::message::Language;

/// Where a line stands in a file: the names of tables, then its own.
#[derive(Debug, Default)]
pub(crate) struct Key(Vec<&'static str>);

impl Key {
    /// A table of the file.
    pub(crate) fn of(table: &'static str) -> Key {
        Key(vec![table])
    }

    /// Does something below this key.
    pub(crate) fn below<T>(&mut self, name: &'static str, work: impl FnOnce(&mut Key) -> T) -> T {
        self.0.push(name);
        let done = work(self);
        self.0.pop();
        done
    }

    /// Its names.
    pub(crate) fn names(&self) -> &[&'static str] {
        &self.0
    }
}

/// Is shown every line with its key, and the place where the key holds a list; gives what is said.
pub(crate) type Visit<'v, 'o> = dyn FnMut(&Key, Option<usize>, &'static str) -> &'o str + 'v;

/// Shipped lines, over which others may stand.
pub(crate) trait Lines {
    /// The same lines, some of them an organisation's own.
    type Over<'o>;

    /// Shows every line, and gives what then is said.
    fn over<'o>(&self, key: &mut Key, visit: &mut Visit<'_, 'o>) -> Self::Over<'o>;
}

impl Lines for &'static str {
    type Over<'o> = &'o str;

    fn over<'o>(&self, key: &mut Key, visit: &mut Visit<'_, 'o>) -> &'o str {
        visit(key, None, self)
    }
}

impl<const N: usize> Lines for [&'static str; N] {
    type Over<'o> = [&'o str; N];

    fn over<'o>(&self, key: &mut Key, visit: &mut Visit<'_, 'o>) -> [&'o str; N] {
        let mut places = 0..;
        self.map(|line| visit(key, places.next(), line))
    }
}

impl Lines for Language {
    type Over<'o> = Language;

    fn over<'o>(&self, _: &mut Key, _: &mut Visit<'_, 'o>) -> Language {
        *self
    }
}

/// What is not replaced here: words that a program reads, or lines that have a table of their own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed<T>(pub(crate) T);

impl<T> Deref for Fixed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Copy> Lines for Fixed<T> {
    type Over<'o> = Fixed<T>;

    fn over<'o>(&self, _: &mut Key, _: &mut Visit<'_, 'o>) -> Fixed<T> {
        *self
    }
}

/// Makes a struct of lines: every field is one, or a list of them, or a struct of lines again.
macro_rules! lines {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident<$life:lifetime> {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $name<$life> {
            $($(#[$field_meta])* $field_vis $field: $type,)*
        }

        impl $crate::wording::Lines for $name<'static> {
            type Over<'o> = $name<'o>;

            fn over<'o>(
                &self,
                key: &mut $crate::wording::Key,
                visit: &mut $crate::wording::Visit<'_, 'o>,
            ) -> $name<'o> {
                $name {
                    $($field: key.below(stringify!($field), |key| {
                        $crate::wording::Lines::over(&self.$field, key, visit)
                    }),)*
                }
            }
        }
    };
}
pub(crate) use lines;

/// What ships under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// The tables it stands in, and its name.
    pub(super) names: Vec<&'static str>,
    /// Its line, or its lines in their order.
    pub(super) lines: Vec<&'static str>,
    /// Whether it is a list.
    pub(super) is_list: bool,
}

/// All that ships in one table, key by key.
pub(crate) fn shipped(table: &'static str, lines: &impl Lines) -> Vec<Shipped> {
    let mut found: Vec<Shipped> = Vec::new();
    lines.over(&mut Key::of(table), &mut |key, place, line| {
        match found.last_mut().filter(|last| place.is_some() && last.names == key.names()) {
            Some(list) => list.lines.push(line),
            None => found.push(Shipped {
                names: key.names().to_vec(),
                lines: vec![line],
                is_list: place.is_some(),
            }),
        }
        line
    });
    found
}
