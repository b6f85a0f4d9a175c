//! Questions for tests of other rooms.

use super::question::{Question, Shown};

/// A question of these sentences, as if nothing had to be masked.
pub(crate) fn question(sentences: &[&str]) -> Question {
    let shown = |text: &&str| Shown {
        masked: (*text).to_owned(),
        written: (*text).to_owned(),
        place: "new",
    };
    Question {
        sent: sentences.iter().map(|s| format!("{s}\n")).collect(),
        shown: sentences.iter().map(shown).collect(),
    }
}
