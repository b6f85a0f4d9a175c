//! What the words beside a number say it is: a telephone, a fax, or something else.

mod lists;

use self::lists::LISTS;
use std::collections::HashSet;

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
    /// A fax, a pager, a meeting: nobody speaks there.
    Machine,
}

/// What the nearest telling word says; `Some(None)` where it names something else, and `None` where
/// nothing is said.
pub(super) fn label(before: &str, after: &str) -> Option<Option<Label>> {
    let behind = label_behind(&after.to_lowercase());
    if behind == Some(Label::Machine) {
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
    let (mut counted, mut extension) = (false, None);
    let mut words = words.enumerate().peekable();
    while let Some((at, word)) = words.next() {
        // "in case", "in order to": nothing is counted.
        if matches!(word, "case" | "order") && words.peek().is_some_and(|(_, above)| *above == "in")
        {
            continue;
        }
        // "chantier n° 06 14": a thing has a number unless what is before says telephone.
        if at == 0 && matches!(word, "n°" | "nº" | "n°:" | "nº:" | "№") {
            counted = true;
            continue;
        }
        if counted && at == 1 {
            let owned = |word: &str| OWNERS.contains(&word);
            return match meaning(word) {
                Some(said) => Some(said),
                None if owned(word) => Some(Some(Label::Telephone)),
                None => Some(None),
            };
        }
        // "Fax DW 20" is a fax.
        if is_extension(word.trim_end_matches(['.', ':'])) {
            extension = Some(Some(Label::Direct));
            continue;
        }
        // A lone letter is a label only where it touches the number.
        if let Some(said) = letter(word).filter(|_| at == 0).or_else(|| meaning(word)) {
            return Some(said);
        }
    }
    extension.or(behind.map(Some))
}

/// Before "n°" these do not say what is counted.
const OWNERS: [&str; 22] = [
    "au", "le", "mon", "un", "ce", "notre", "nouveau", "al", "el", "mi", "nuevo", "il", "mio",
    "nuovo", "o", "meu", "novo", "no", "pelo", "ao", "este", "nuestro",
];

/// `983 75 12 07 (fax)`: a label behind its number, and not before the next.
fn label_behind(after: &str) -> Option<Label> {
    let after = after.trim_start();
    let word = after.trim_start_matches(['(', '[', '-', '–', ' ', ',']);
    let length = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    let (word, rest) = word.split_at_checked(length)?;
    let next = rest.trim_start_matches([':', '.', ' ', '-']);
    let of_the_next = next.starts_with(|c: char| c.is_ascii_digit() || "+(0".contains(c));
    let of_the_next = of_the_next
        || !after.starts_with(['(', '['])
            && rest.chars().take(CHARS_TO_THE_NEXT).any(|c| c.is_ascii_digit());
    let fax = is_fax(word) || (after.starts_with("(f)"));
    match meaning(word).flatten() {
        _ if of_the_next => None,
        _ if fax => Some(Label::Machine),
        said => said.filter(|_| after.starts_with(['(', '['])),
    }
}

/// ", Fax DW 0911 1234-20": no more stands between a label and its number.
const CHARS_TO_THE_NEXT: usize = 12;

/// Whether a word says what kind of number stands beside it, and not whose.
pub(super) fn is_label(word: &str) -> bool {
    matches!(meaning(word), Some(Some(_))) || KINDS.contains(&word)
}

/// Whether a word says that the number beside it is no telephone's.
pub(super) fn is_other(word: &str) -> bool {
    meaning(word) == Some(None)
}

/// Whether a word names where people are to be met: an office, a reception.
pub(super) fn is_place(word: &str) -> bool {
    LISTS.places.contains(word)
}

/// Whether a word says where people live.
pub(super) fn is_home(word: &str) -> bool {
    LISTS.homes.contains(word)
}

/// Whether a word says that a short number behind it is the end of the one before.
pub(super) fn is_extension(word: &str) -> bool {
    EXTENSIONS.contains(&word)
}

/// `DW 34`, of offices whose extensions are dialled from outside.
const EXTENSIONS: [&str; 6] = ["dw", "durchwahl", "durchw", "klappe", "kl", "nst"];

/// "eFax", "Zentralfax" and "Faxnummer" are of the kind.
fn is_fax(part: &str) -> bool {
    LISTS.fax.contains(part) || part.ends_with("fax") || part.starts_with("fax")
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
        "f" => Some(Some(Label::Machine)),
        "m" | "d" | "c" => Some(Some(Label::Direct)),
        "t" | "p" | "o" | "h" => Some(Some(Label::Telephone)),
        _ => None,
    }
}

fn meaning(word: &str) -> Option<Option<Label>> {
    // "Tel/Fax": one line, and a fax may pick up.
    if word.split(['/', '&', '+', '-', '.', ':']).any(is_fax) || matches!(word, "f:" | "f." | "fx:")
    {
        return Some(Some(Label::Machine));
    }
    let plain = word.trim_end_matches(['.', ':']);
    let short =
        |list: &HashSet<&str>| list.contains(word) || (plain.len() > 1 && list.contains(plain));
    if short(&LISTS.direct) {
        return Some(Some(Label::Direct));
    }
    if short(&LISTS.telephone) || is_place(plain) || is_home(plain) {
        return Some(Some(Label::Telephone));
    }
    // A short beginning stands in too many words: "po" in "pour", "vat" in "vater".
    let other = |other: &str| {
        plain.strip_prefix(other).is_some_and(|rest| {
            (other.len() > 3 && other != "part")
                || ["", "nr", "no", "id", "idnr", "num"].contains(&rest.trim_start_matches('-'))
        })
    };
    (LISTS.other.iter().any(|o| other(o)) || counts_something(plain)).then_some(None)
}

/// `Anlagennummer`, `vergunningsnr`: of a thing, because that of a telephone is known by its name.
fn counts_something(word: &str) -> bool {
    ["nummer", "nr", "nummern", "-no", "number"].iter().any(|end| {
        word.strip_suffix(end).is_some_and(|thing| {
            let thing = thing.trim_end_matches(['-', '.', 's']);
            thing.chars().nth(1).is_some() && !CALLED.iter().any(|part| thing.contains(part))
        })
    })
}

/// What telephone numbers are called after: `Geschäftsnummer`, `werknummer`, `Notfallnummer`.
const CALLED: [&str; 24] = [
    "tel",
    "fon",
    "handy",
    "mobil",
    "mobiel",
    "ruf",
    "anruf",
    "wahl",
    "haupt",
    "privat",
    "privé",
    "büro",
    "geschäft",
    "dienst",
    "werk",
    "not",
    "fest",
    "service",
    "kontakt",
    "direkt",
    "direct",
    "algemeen",
    "zentral",
    "nood",
];
