//! TBD
pub mod evaluate;
pub mod labelled;
pub mod train;
