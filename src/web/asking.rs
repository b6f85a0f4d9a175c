//! What the forms of one page are read against.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{
    WebState,
    text::{AfterCall, Others, Words},
};
use crate::{calendar::Week, call::CallSheet, hold::Hold, mail::Timestamp, notice::After};

/// No cause is longer, in characters, and no list has more.
pub const MAX_CAUSES: usize = 20;
/// See [`MAX_CAUSES`].
pub const MAX_CAUSE_CHARS: usize = 60;

/// What the house has set about calls.
#[derive(Debug, Clone)]
pub struct CallTerms {
    /// Why things happen here; empty means a list in the page's language.
    pub causes: Vec<String>,
    /// How long a new text is waited for.
    pub new_text_within: Duration,
}

impl Default for CallTerms {
    fn default() -> CallTerms {
        CallTerms { causes: Vec::new(), new_text_within: Duration::from_secs(7 * 24 * 3600) }
    }
}

/// See the module.
pub(super) struct Asking<'a> {
    pub(super) call: CallSheet,
    pub(super) now: Timestamp,
    pub(super) zone: &'a TimeZone,
    pub(super) week: &'a Week,
    pub(super) words: &'a Words<'a>,
    pub(super) after: &'a AfterCall<'a>,
    pub(super) others: &'a Others<'a>,
    /// What the notices say about it as well.
    pub(super) notice: &'a After<'a>,
    pub(super) causes: Vec<String>,
    pub(super) new_text_until: Timestamp,
    /// When the mail comes back or goes out, where one of them happens by itself.
    pub(super) ends_at: Option<Timestamp>,
}

impl<'a> Asking<'a> {
    /// For this hold, now.
    pub(super) fn about(
        state: &'a WebState,
        hold: &Hold,
        words: &'a Words<'a>,
        now: Timestamp,
    ) -> Asking<'a> {
        let team = state.team(hold);
        let after = &words.after;
        let terms = &state.call_terms;
        Asking {
            call: hold.call_sheet(),
            now,
            zone: team.week.zone(),
            week: &team.week,
            words,
            after,
            others: &words.others,
            notice: &words.shared.after,
            causes: match terms.causes.as_slice() {
                [] => after.causes.map(str::to_owned).to_vec(),
                own => own.to_vec(),
            },
            new_text_until: now.checked_add(terms.new_text_within).unwrap_or(now),
            ends_at: hold.ends_at(),
        }
    }
}
