//! Phrase patterns: `{we} {cannot} (cover|honour) .. {claim}` over the words of a sentence.
//!
//! [`syntax`](parse) reads a pattern, a [`Builder`] compiles all patterns of all policies into
//! one [`Phrases`], and [`Phrases::find`] finds which of them a sentence holds. A sentence is a
//! row of at most [`SPAN_WORDS`] words and a set of positions in it is one 128-bit number, so
//! that a pattern is a few shifts and masks, without backtracking, whatever a sender writes.

mod board;
mod build;
mod find;
mod gate;
mod lists;
mod needs;
mod span;
mod syntax;
mod trie;

pub(super) use build::Builder;
pub(super) use find::{Hit, Phrases, Scratch};
pub(super) use syntax::{Node, parse};

/// Words looked at together. A longer sentence is read in overlapping parts.
pub(super) const SPAN_WORDS: usize = 120;

/// How many words two neighbouring parts of a long sentence share.
pub(super) const OVERLAP_WORDS: usize = 40;

#[cfg(test)]
mod tests;
