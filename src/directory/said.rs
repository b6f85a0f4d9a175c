//! What a source that is asked over the net says of a person. Its texts may hold anything; what is no
//! name, role, number, language or zone by its looks is passed over.

use crate::{
    call::{self, Known, Source},
    message::Language,
};

/// Longer texts are no name, role or number.
const MAX_CHARS: usize = 80;
/// More numbers than this are no help.
const MAX_NUMBERS: usize = 8;

/// Texts as they came; empty where nothing was said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) name: String,
    pub(super) role: String,
    /// Best first.
    pub(super) numbers: Vec<String>,
    /// A language tag such as `en-GB`.
    pub(super) language: String,
    pub(super) zone: String,
    /// The country of numbers without a country code.
    pub(super) country: Option<String>,
}

impl Said {
    /// What of it can be meant.
    pub(super) fn known(self, source: Source) -> Known {
        let language = plain(&self.language);
        let numbers = self.numbers.iter().take(MAX_NUMBERS);
        Known {
            source,
            whole_domain: false,
            name: plain(&self.name).to_owned(),
            role: plain(&self.role).to_owned(),
            numbers: numbers.map(|n| plain(n).to_owned()).filter(|n| !n.is_empty()).collect(),
            country: self.country,
            language: Language::from_code(language.split(['-', '_']).next().unwrap_or_default()),
            zone: Some(plain(&self.zone).to_owned()).filter(|zone| call::is_zone(zone)),
        }
    }
}

/// A text of one short line, or nothing.
pub(super) fn plain(text: &str) -> &str {
    let text = text.trim();
    let good = text.chars().nth(MAX_CHARS).is_none() && !text.chars().any(char::is_control);
    if good { text } else { "" }
}
