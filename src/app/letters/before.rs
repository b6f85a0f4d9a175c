//! What is said of a customer's past.

use crate::{
    hold::{Promise, SameCustomer},
    notice::{Before, Promised},
};

/// The open promise in words, the rest as two numbers.
#[derive(Default)]
pub(super) struct Numbers {
    what: String,
    own: String,
    others: String,
}

pub(super) fn numbers(before: &SameCustomer) -> Numbers {
    Numbers {
        what: before.promises.first().map(Promise::what).unwrap_or_default(),
        own: before.own_in_words(),
        others: before.others_in_words(),
    }
}

pub(super) fn told<'a>(before: &SameCustomer, numbers: &'a Numbers) -> Before<'a> {
    let promise = before.promises.first();
    Before {
        promise: promise.map(|p| Promised { to: "", what: &numbers.what, date: p.date }),
        own: &numbers.own,
        others: &numbers.others,
    }
}
