//! What the person does, as he signs: the line with his name, or the one below it.
//!
//! A line is a role only if it speaks of one: "Head of Purchasing", "Einkaufsleiter". Beneath a name
//! stand companies, streets and mottos too, and "Please call Susan Hall, Hall Ltd" would be odd.

use super::thread::{Segment, Thread};

/// A longer line is a sentence.
const MAX_ROLE_CHARS: usize = 60;
/// How many lines below the name are looked at.
const LINES_BELOW: usize = 2;

/// How words of a role begin, in our languages.
const BEGINNINGS: [&str; 74] = [
    // en
    "manag",
    "director",
    "head",
    "chief",
    "officer",
    "engineer",
    "assistant",
    "coordinator",
    "specialist",
    "analyst",
    "consultant",
    "president",
    "partner",
    "owner",
    "founder",
    "buyer",
    "purchas",
    "account",
    "controller",
    "secretary",
    "supervis",
    "represent",
    "technician",
    "administrator",
    "lead",
    "advis",
    "planner",
    "ceo",
    "cfo",
    "coo",
    "cto",
    "vp",
    // de
    "leiter",
    "geschäftsführ",
    "inhaber",
    "einkäufer",
    "sachbearbeit",
    "referent",
    "assistent",
    "prokurist",
    "vorstand",
    "buchhalt",
    "beauftragt",
    "betriebsrat",
    "meister",
    "ingenieur",
    // fr
    "directeur",
    "directrice",
    "responsable",
    "gérant",
    "ingénieur",
    "acheteu",
    "chargé",
    "chef",
    "comptable",
    "conseill",
    // es
    "jefe",
    "jefa",
    "gerente",
    "encargad",
    "ingenier",
    "compras",
    "administrativ",
    // it
    "direttor",
    "direttrice",
    "titolare",
    "impiegat",
    "ufficio",
    // nl
    "hoofd",
    "bestuurder",
    "inkoper",
    "medewerker",
    // pt
    "diretor",
    "engenheir",
];
/// How they end: "Einkaufsleiterin", "verkoopmanager".
const ENDINGS: [&str; 8] =
    ["leiter", "leiterin", "leitung", "manager", "managerin", "meister", "führer", "medewerker"];

/// The role of the person of this address and name, as his newest mail in the thread says it.
pub(super) fn find(thread: &Thread, address: &str, name: &str) -> Option<String> {
    let his = thread.segments.iter().filter(|s| s.author.is(address, name));
    his.filter_map(|segment| in_segment(segment, name)).next()
}

fn in_segment(segment: &Segment, name: &str) -> Option<String> {
    let author = segment.author.name();
    let names = [name, author].into_iter().filter(|n| !n.is_empty());
    let lines: Vec<&str> =
        segment.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    names.into_iter().find_map(|name| {
        // The signature stands last; a name in the text above is no signature.
        let at = lines.iter().rposition(|line| is_name_line(line, name))?;
        let beside = lines.get(at).and_then(|line| line.get(name.len()..)).unwrap_or_default();
        let below = lines.iter().skip(at + 1).take(LINES_BELOW).copied();
        std::iter::once(beside).chain(below).find_map(role_in)
    })
}

/// "Susan Hall", "Susan Hall, Head of Purchasing".
fn is_name_line(line: &str, name: &str) -> bool {
    line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
        && line.get(name.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        && line.chars().count() <= name.chars().count() + MAX_ROLE_CHARS
}

/// The role that a line is, without what stands beside it.
fn role_in(line: &str) -> Option<String> {
    let mut parts = line.split(['|', '·', '•']).flat_map(|part| part.split(" - "));
    parts.find_map(|part| {
        let part = part.trim().trim_matches(['*', '_', ',', '-', '–', '—', ':', '(', ')']).trim();
        let spoken = part.chars().count() <= MAX_ROLE_CHARS
            && !part.contains(['@', '/', '!', '?'])
            && !part.ends_with('.')
            && !part.chars().any(|c| c.is_ascii_digit() || c.is_control());
        (spoken && part.split_whitespace().any(speaks_of_a_role)).then(|| part.to_owned())
    })
}

fn speaks_of_a_role(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    BEGINNINGS.iter().any(|b| word.starts_with(b)) || ENDINGS.iter().any(|e| word.ends_with(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_role_only_if_it_speaks_of_one() {
        for (line, expected) in [
            ("Head of Purchasing", Some("Head of Purchasing")),
            (", Head of Purchasing", Some("Head of Purchasing")),
            ("Einkaufsleiterin | Hall GmbH", Some("Einkaufsleiterin")),
            ("Hall SA - Responsable des achats", Some("Responsable des achats")),
            ("*Jefa de compras*", Some("Jefa de compras")),
            ("Ufficio acquisti", Some("Ufficio acquisti")),
            ("Medewerker inkoop", Some("Medewerker inkoop")),
            ("Diretora financeira", Some("Diretora financeira")),
            ("Hall Ltd", None),
            ("12 Manager Street", None),
            ("The manager told us that you would call.", None),
            ("T: 020 7946 0018", None),
            ("", None),
        ] {
            assert_eq!(role_in(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_name_line_begins_with_the_name() {
        assert!(is_name_line("Susan Hall", "Susan Hall"));
        assert!(is_name_line("SUSAN HALL, Buyer", "Susan Hall"));
        assert!(!is_name_line("Susan Hallwell", "Susan Hall"));
        assert!(!is_name_line("Dear Susan Hall", "Susan Hall"));
    }
}
