//! What the words beside a number say it is: a telephone, a fax, or something else.

mod lists;

use self::lists::{DIRECT, FAX, OTHER, TELEPHONE};

/// How many words before a number are asked what it is.
const LABEL_WORDS: usize = 6;

/// What the words before a number say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// A mobile or a direct line.
    Direct,
    /// A telephone.
    Telephone,
    /// Nothing is said, and it looks like a telephone number.
    None,
    /// A fax.
    Fax,
}

/// What the nearest telling word says; `Some(None)` where it names something else, and `None` where
/// nothing is said.
pub(super) fn label(before: &str, after: &str) -> Option<Option<Label>> {
    let behind = label_behind(&after.to_lowercase());
    if behind == Some(Label::Fax) {
        return Some(behind);
    }
    let before = SIGNS.iter().fold(before.to_lowercase(), |text, sign| {
        if text.contains(*sign) { text.replace(*sign, &format!(" {sign} ")) } else { text }
    });
    let words = before
        .split(|c: char| c.is_whitespace() || ",;|•·()[]".contains(c))
        .filter(|w| !w.is_empty())
        .rev()
        .take(LABEL_WORDS);
    for (at, word) in words.enumerate() {
        // A lone letter is a label only where it touches the number.
        if let Some(said) = letter(word).filter(|_| at == 0).or_else(|| meaning(word)) {
            return Some(said);
        }
    }
    behind.map(Some)
}

/// `983 75 12 07 (fax)`: a label behind its number, and not before the next.
fn label_behind(after: &str) -> Option<Label> {
    let after = after.trim_start();
    let word = after.trim_start_matches(['(', '[', '-', '–', ' ', ',']);
    let length = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    let (word, rest) = word.split_at_checked(length)?;
    let next = rest.trim_start_matches([':', '.', ' ', '-']);
    let of_the_next = next.starts_with(|c: char| c.is_ascii_digit() || "+(0".contains(c));
    let fax = FAX.contains(&word) || (after.starts_with("(f)"));
    match meaning(word).flatten() {
        _ if of_the_next => None,
        _ if fax => Some(Label::Fax),
        said => said.filter(|_| after.starts_with(['(', '['])),
    }
}

/// Whether a word says what kind of number stands beside it, and not whose.
pub(super) fn is_label(word: &str) -> bool {
    matches!(meaning(word), Some(Some(_))) || KINDS.contains(&word)
}

/// Words beside a number that are no names.
const KINDS: [&str; 14] = [
    "handynummer",
    "mobilnummer",
    "nummer",
    "number",
    "text",
    "sms",
    "hotline",
    "zentral",
    "ramal",
    "ext",
    "whatsapp",
    "email",
    "mail",
    "internet",
];

/// Pictures of telephones and of fax machines; they stand without a space.
const SIGNS: [&str; 8] = ["☎", "📞", "☏", "✆", "📱", "📲", "📠", "🖷"];

/// `F +32 3 288 41 18`: what a lone letter says.
fn letter(word: &str) -> Option<Option<Label>> {
    match word {
        "f" => Some(Some(Label::Fax)),
        "m" => Some(Some(Label::Direct)),
        "t" | "p" | "d" => Some(Some(Label::Telephone)),
        _ => None,
    }
}

fn meaning(word: &str) -> Option<Option<Label>> {
    // "Tel/Fax": one line, and a fax may pick up.
    if word.split(['/', '&', '+', '-', '.', ':']).any(|part| FAX.contains(&part))
        || matches!(word, "f:" | "f." | "fx:")
    {
        return Some(Some(Label::Fax));
    }
    let plain = word.trim_end_matches(['.', ':']);
    let short = |list: &[&str]| list.contains(&word) || (plain.len() > 1 && list.contains(&plain));
    if short(&DIRECT) {
        return Some(Some(Label::Direct));
    }
    if short(&TELEPHONE) {
        return Some(Some(Label::Telephone));
    }
    // A short beginning stands in too many words: "po" in "pour", "vat" in "vater".
    let other = |other: &str| {
        plain.strip_prefix(other).is_some_and(|rest| {
            (other.len() > 3 && other != "part")
                || ["", "nr", "no", "id", "idnr", "num"].contains(&rest.trim_start_matches('-'))
        })
    };
    OTHER.iter().any(|o| other(o)).then_some(None)
}
