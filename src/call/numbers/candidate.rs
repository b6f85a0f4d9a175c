//! Numbers in a text, each with what the words beside it say it is.
//!
//! The numbering plans know which digits may be a telephone number; only the words around tell an
//! order number of ten digits from one. Dates, IBANs, card and order numbers are refused here.

use rlibphonenumber::{
    PHONE_NUMBER_UTIL, PhoneNumberFormat, Region,
    phonenumber_matcher::{FindNumberExt, Leniency},
};

/// Lines looked at in one text; with the length of a line the bound on work.
const MAX_LINES: usize = 400;
/// Never reached in a line of bounded length: rlibphonenumber 2.2.15 subtracts below zero where
/// its tries run out.
const MAX_TRIES: u64 = u32::MAX as u64;
/// A longer line is prose without breaks; it is read up to here.
const MAX_LINE_OCTETS: usize = 2_000;
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

/// A telephone number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// With country code, digits only.
    pub(super) e164: String,
    /// As people of its country write it.
    pub(super) national: String,
    /// What it is said to be.
    pub(super) label: Label,
}

impl Candidate {
    /// Whether somebody will answer there.
    pub(super) fn is_telephone(&self) -> bool {
        self.label != Label::Fax
    }
}

/// The numbers of a text in order. Numbers without country code belong to `region`.
pub(super) fn in_text(text: &str, region: Region) -> Vec<Candidate> {
    text.lines().take(MAX_LINES).flat_map(|line| in_line(bounded(line), region)).collect()
}

fn bounded(line: &str) -> &str {
    let mut end = line.len().min(MAX_LINE_OCTETS);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or_default()
}

fn in_line(line: &str, region: Region) -> Vec<Candidate> {
    if line.chars().filter(char::is_ascii_digit).count() < 6 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut behind = 0;
    let matches = line
        .phone_number_matcher_builder()
        .leniency(Leniency::Valid)
        .preferred_region(region)
        .max_tries(MAX_TRIES)
        .build();
    for hit in matches {
        let before = line.get(behind..hit.start).unwrap_or_default();
        let after = line.get(hit.end()..).unwrap_or_default();
        behind = hit.end();
        if is_part_of_something(before, after) || is_date(hit.raw_string) {
            continue;
        }
        let Some(label) = label(before, after, hit.raw_string) else { continue };
        let written = |format| PHONE_NUMBER_UTIL.format(&hit.number, format).into_owned();
        found.push(Candidate {
            e164: written(PhoneNumberFormat::E164),
            national: written(PhoneNumberFormat::National),
            label,
        });
    }
    found
}

/// An amount, an address, a link, a longer code: `€1200`, `#4711`, `tel4711@x`, `DE12 3456…`.
fn is_part_of_something(before: &str, after: &str) -> bool {
    let touches_before = before
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || "#$€£@/\\_=&%-".contains(c));
    let touches_after =
        after.chars().next().is_some_and(|c| c.is_alphanumeric() || "@%€$£_=".contains(c));
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    touches_before || touches_after || word.contains("://") || iban_begins(before)
}

/// Whether the words before end in `DE12` or `GB29 NWBK`: a number behind it is an account.
fn iban_begins(before: &str) -> bool {
    before.split_whitespace().rev().take(7).any(|word| {
        let mut octets = word.bytes();
        let mut next = || octets.next().unwrap_or(b' ');
        next().is_ascii_uppercase()
            && next().is_ascii_uppercase()
            && next().is_ascii_digit()
            && next().is_ascii_digit()
    })
}

/// `17.11.2026`, `2026-11-17`: three groups of the lengths of a date.
fn is_date(raw: &str) -> bool {
    let groups: Vec<usize> =
        raw.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect();
    let spaced = raw.starts_with('+') || raw.starts_with('(');
    !spaced
        && matches!(groups.as_slice(), [1 | 2, 1 | 2, 2 | 4, ..] | [4, 1 | 2, 1 | 2])
        && !(raw.starts_with('0') && groups.len() >= 4)
}

/// What the nearest telling word says; `None` where it names something else, or where nothing is
/// said and the shape is not that of a telephone number.
fn label(before: &str, after: &str, raw: &str) -> Option<Label> {
    let after = after.trim_start().to_lowercase();
    if after.starts_with("(fax") || after.starts_with("fax") && !after.starts_with("fax:") {
        return Some(Label::Fax);
    }
    let before = before.to_lowercase();
    let words = before
        .split(|c: char| c.is_whitespace() || ",;|•·()[]".contains(c))
        .filter(|w| !w.is_empty())
        .rev()
        .take(LABEL_WORDS);
    for (at, word) in words.enumerate() {
        // A lone letter is a label only where it touches the number.
        if let Some(said) = letter(word).filter(|_| at == 0).or_else(|| meaning(word)) {
            return said;
        }
    }
    looks_like_a_telephone_number(raw).then_some(Label::None)
}

const FAX: [&str; 5] = ["fax", "telefax", "facsimile", "télécopie", "telecopie"];
const DIRECT: [&str; 20] = [
    "mobile",
    "mobil",
    "mobiel",
    "mob",
    "cell",
    "cellphone",
    "cellulare",
    "celular",
    "handy",
    "portable",
    "port",
    "móvil",
    "movil",
    "gsm",
    "direct",
    "durchwahl",
    "telemóvel",
    "telemovel",
    "m:",
    "whatsapp",
];
const TELEPHONE: [&str; 46] = [
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "telefoon",
    "téléphone",
    "phone",
    "ph",
    "fon",
    "t:",
    "p:",
    "d:",
    "t.",
    "p.",
    "☎",
    "📞",
    "☏",
    "call",
    "ring",
    "reach",
    "dial",
    "rufnummer",
    "anrufen",
    "anruf",
    "erreichen",
    "erreichbar",
    "appeler",
    "appelez",
    "joindre",
    "joignable",
    "llamar",
    "llamarme",
    "llámeme",
    "chiamare",
    "chiamarmi",
    "chiamami",
    "bellen",
    "bel",
    "bereikbaar",
    "ligar",
    "ligue",
    "office",
    "büro",
    "home",
];
/// Beginnings of words for numbers that are no telephones.
const OTHER: [&str; 57] = [
    "order",
    "invoice",
    "ref",
    "case",
    "claim",
    "ticket",
    "policy",
    "account",
    "acct",
    "konto",
    "iban",
    "bic",
    "swift",
    "vat",
    "ust",
    "tax",
    "steuer",
    "p.o",
    "po",
    "serial",
    "serien",
    "sku",
    "rma",
    "customer",
    "kunden",
    "kd",
    "auftrag",
    "bestell",
    "rechnung",
    "vorgang",
    "akten",
    "vertrag",
    "contract",
    "commande",
    "facture",
    "dossier",
    "client",
    "pedido",
    "factura",
    "ordin",
    "fattura",
    "factuur",
    "klant",
    "encomenda",
    "fatura",
    "nif",
    "siret",
    "siren",
    "tva",
    "hrb",
    "kvk",
    "p.iva",
    "isbn",
    "tracking",
    "sendung",
    "part",
    "plz",
];

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
            other.len() > 3
                || ["", "nr", "no", "id", "idnr", "num"].contains(&rest.trim_start_matches('-'))
        })
    };
    OTHER.iter().any(|o| other(o)).then_some(None)
}

/// Bare digits may be anything; people who give a telephone number group it, and begin with the
/// trunk zero, an area code in brackets or `+`.
fn looks_like_a_telephone_number(raw: &str) -> bool {
    let raw = raw.trim();
    let groups: Vec<usize> =
        raw.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).map(str::len).collect();
    let american = matches!(groups.as_slice(), [3, 3, 4] | [1, 3, 3, 4]);
    raw.starts_with('+')
        || (groups.len() > 1 && (raw.starts_with('(') || raw.starts_with('0') || american))
}
