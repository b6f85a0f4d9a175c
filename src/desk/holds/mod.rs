//! Held mail: the queue and one hold.
//!
//! - `query`: what an address of the queue asks for; `queue`: the page.
//! - `hold` and its parts: one hold with all that is known of it; `content`: the mail itself, which is
//!   shown and given out only with an entry in the audit (`views`).
//! - `deed`: what somebody at the desk may do, always through `release::Desk`; `act` does it with one
//!   hold, `bulk` and `jobs` with many, each in a commit of its own.
//!
//! Whether somebody may is asked of `rights` for each hold: a hold out of reach is not found.

mod act;
mod bulk;
mod content;
mod deed;
mod facts;
mod hold;
mod jobs;
mod query;
mod queue;
mod scope;
mod timeline;
mod told;
mod views;

use super::Route;
use crate::rights::Action;

use self::{jobs::Jobs, views::Views};

/// A form with five hundred ids is longer than others.
const BULK_OCTETS: usize = 64 << 10;

/// What the pages of held mail remember between requests; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    /// Which views of content are in the audit already.
    views: Views,
    /// What is being done with many holds, and was.
    jobs: Jobs,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk/holds", Action::SeeQueue, queue::show),
        Route::post("/desk/holds/bulk", Action::DecideInBulk, bulk::ask).with_body_of(BULK_OCTETS),
        Route::post("/desk/holds/bulk/do", Action::DecideInBulk, bulk::begin)
            .with_body_of(BULK_OCTETS),
        Route::get("/desk/holds/bulk/{job}", Action::DecideInBulk, bulk::show),
        Route::get("/desk/holds/{id}", Action::SeeHold, hold::show),
        Route::post("/desk/holds/{id}", Action::Decide, act::act),
        Route::get("/desk/holds/{id}/mail.eml", Action::SeeContent, content::whole),
        Route::get("/desk/holds/{id}/parts/{part}", Action::SeeContent, content::part),
        Route::get("/desk/holds/{id}/frame/{part}", Action::SeeContent, content::frame),
    ]
}
