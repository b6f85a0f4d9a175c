//! Placeholders of a template.
//!
//! `{, name}` becomes ", Mrs Hall", or nothing where no name is known; the others stand for their
//! value. One pass: a value that holds braces is not filled again.

use super::departments::is_department;

/// What stands for the person's name.
pub(super) const NAME: &str = ", name";
/// What stands for the organisation's.
pub(super) const ORGANISATION: &str = "organisation";
/// What stands for words of the mail.
pub(super) const WORDS: &str = "words";
/// What stands for dates of the mail.
pub(super) const DATES: &str = "dates";
/// What stands for amounts of the mail.
pub(super) const AMOUNTS: &str = "amounts";

/// Puts values in for `{name}`.
pub(crate) fn fill(text: &str, values: &[(&str, impl AsRef<str>)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((placeholder, after)) = behind.split_once('}') else {
            filled.push('{');
            rest = behind;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(name, _)| *name == placeholder) {
            filled.push_str(value.as_ref());
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The placeholders of a template, in order; `Err` where a brace has no fellow.
pub(super) fn placeholders(text: &str) -> Result<Vec<&str>, ()> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let behind = rest.get(at..).and_then(|r| r.strip_prefix('{')).ok_or(())?;
        let (placeholder, after) = behind.split_once('}').ok_or(())?;
        if placeholder.contains('{') {
            return Err(());
        }
        found.push(placeholder);
        rest = after;
    }
    Ok(found)
}

/// What `{, name}` becomes. Nobody says "I am sorry, Accounts".
pub(super) fn comma_name(name: &str) -> String {
    if name.is_empty() || is_department(name) { String::new() } else { format!(", {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let values = [("a", "{b}"), ("b", "no")];
        assert_eq!(fill("x {a} y { z", &values), "x {b} y { z");
    }
}
