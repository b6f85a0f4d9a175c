//! Who may do what: the one place that every handler of the desk asks.
//!
//! A person has roles; a role allows actions; some roles reach only a part of the holds. All of it is
//! the table in `role.rs` and [`Person::reach`], so that a test can write out the whole matrix.

mod action;
mod person;
mod reach;
mod role;

pub use self::{
    action::Action,
    person::{Person, PersonId},
    reach::{Reach, Whose},
    role::Role,
};
