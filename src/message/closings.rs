//! Where a letter ends: closing formulas, signatures, lines of telephones, boilerplate.
//!
//! Takes single lines or paragraphs, says what they look like, in seven languages.

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

use aho_corasick::{AhoCorasick, AhoCorasickKind, packed};

use super::{
    beginnings::{self, Beginnings},
    lines::trimmed,
    phrases::{BOILERPLATE, DEVICES, FORMULAS, SMALL_PRINT},
};

static KNOWN_FORMULAS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| FORMULAS.iter().copied().collect());

static FORMULAS_BEGIN: beginnings::Lazy = LazyLock::new(|| Beginnings::of(FORMULAS));

/// A line such as `Kind regards,` or `Best regards, Ann Lee`.
pub fn is_formula(line: &str) -> bool {
    let line = trimmed(line);
    if line.is_empty() || line.len() > 80 || !FORMULAS_BEGIN.may_be(line) {
        return false;
    }
    let core = line.trim_end_matches(|c: char| {
        matches!(c, ',' | '.' | '!' | ';' | ':' | '-') || c.is_whitespace()
    });
    if is_known(core) {
        return true;
    }
    // With a name behind a comma: at most four words, each of them begins with a capital.
    line.split_once(',').is_some_and(|(head, name)| {
        is_known(head.trim())
            && (1..=4).contains(&name.split_whitespace().count())
            && name.split_whitespace().all(|w| w.starts_with(char::is_uppercase))
    })
}

/// More than the longest formula has, in octets: most lines of prose are longer.
const FORMULA_OCTETS: usize = 50;

fn is_known(formula: &str) -> bool {
    formula.len() <= FORMULA_OCTETS && KNOWN_FORMULAS.contains(formula.to_lowercase().as_str())
}

static SORTED_DEVICES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut devices = DEVICES.to_vec();
    devices.sort_unstable();
    devices
});

static DEVICES_BEGIN: beginnings::Lazy = LazyLock::new(|| Beginnings::of(DEVICES));

/// More than the longest of them has.
const DEVICE_OCTETS: usize = 40;

/// `Sent from my iPhone` and its translations.
pub(super) fn is_device(line: &str) -> bool {
    let line = trimmed(line);
    if line.is_empty() || line.len() > 100 || !DEVICES_BEGIN.may_be(line) {
        return false;
    }
    let head = line.get(..line.floor_char_boundary(DEVICE_OCTETS)).unwrap_or(line).to_lowercase();
    // None of them begins with another, so the last that is not behind the line is the one.
    let behind = SORTED_DEVICES.partition_point(|d| *d <= head.as_str());
    let nearest = behind.checked_sub(1).and_then(|at| SORTED_DEVICES.get(at));
    nearest.is_some_and(|d| head.starts_with(d))
        && line.split_whitespace().count() <= 12
        && !line.contains(". ")
}

/// A line of names, posts, numbers and addresses rather than of a sentence.
pub(super) fn is_signature_like(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() {
        return true;
    }
    let words = line.split_whitespace().count();
    let contact = line.contains(['@', '|', '•', '·', '\t'])
        || line.contains("www.")
        || line.contains("http")
        || line.bytes().filter(u8::is_ascii_digit).count() >= 6
        || line.starts_with(['[', '<']);
    let ends_sentence = line.ends_with(['.', '!', '?']);
    let lower_words = line
        .split_whitespace()
        .filter(|w| w.starts_with(char::is_lowercase) && w.len() > 2)
        .count();
    let prose = words >= 5 && ((ends_sentence && lower_words >= 2) || lower_words * 2 > words);
    if contact {
        words <= 25 && !(ends_sentence && lower_words * 2 > words)
    } else {
        words <= 10 && !prose
    }
}

/// `P.S.` in any spelling: own words go on.
pub fn is_postscript(line: &str) -> bool {
    let head: String =
        line.trim().chars().take(5).filter(|c| c.is_alphanumeric() || *c == ':').collect();
    let lower = head.to_lowercase();
    ["ps:", "pd:"].iter().any(|p| lower.starts_with(p))
        || line.trim().to_lowercase().starts_with("p.s")
        || line.trim().starts_with("PS ")
}

static FOUND_ANYWHERE: LazyLock<Finder> = LazyLock::new(|| Finder::of(BOILERPLATE));
static FOUND_BELOW: LazyLock<Finder> = LazyLock::new(|| Finder::of(SMALL_PRINT));

/// Finds whether any of some phrases is there.
struct Finder {
    /// The longest word of each, many octets at a look; most text has none of them. Not every
    /// processor can do it.
    words: Option<packed::Searcher>,
    /// The phrases themselves, one look an octet.
    phrases: Option<AhoCorasick>,
}

impl Finder {
    fn of(phrases: &[&'static str]) -> Finder {
        let longest = |phrase: &&'static str| phrase.split(' ').max_by_key(|word| word.len());
        let words: BTreeSet<&str> = phrases.iter().filter_map(longest).collect();
        let kind = Some(AhoCorasickKind::DFA);
        Finder {
            words: packed::Searcher::new(words),
            phrases: AhoCorasick::builder().kind(kind).build(phrases).ok(),
        }
    }

    fn has(&self, text: &str) -> bool {
        let may_have = self.words.as_ref().is_none_or(|words| words.find(text).is_some());
        may_have && self.phrases.as_ref().is_some_and(|phrases| phrases.is_match(text))
    }
}

/// Whether a paragraph is legal or mailing boilerplate; `below` a signature more of it is.
pub(super) fn is_boilerplate(paragraph: &mut String, below: bool) -> bool {
    if paragraph.len() < 20 {
        return false;
    }
    if paragraph.is_ascii() {
        paragraph.make_ascii_lowercase();
    } else {
        *paragraph = paragraph.to_lowercase().replace('’', "'");
    }
    FOUND_ANYWHERE.has(paragraph) || (below && FOUND_BELOW.has(paragraph))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_whole_lines() {
        for line in [
            "Best regards,",
            "Mit freundlichen Grüßen",
            "Cordialement.",
            "Un saludo,",
            "Kind regards, Ann Lee",
            "MfG",
        ] {
            assert!(is_formula(line), "{line}");
        }
        for line in [
            "Regards the pumps you ordered,",
            "Thanks for your patience",
            "Best we can do, sadly not more",
        ] {
            assert!(!is_formula(line), "{line}");
        }
    }

    #[test]
    fn signature_lines_are_told_from_prose() {
        for line in [
            "Ann Lee",
            "Head of Sales, Northwind HVAC Ltd.",
            "Tel. +44 20 7946 0018 | ann@northwind.example",
            "12 High Street, London",
            "Projektleiterin",
        ] {
            assert!(is_signature_like(line), "{line}");
        }
        for line in [
            "We cannot repair the boiler before May.",
            "please note that we will not pay for this",
            "Leider müssen wir Ihnen absagen.",
        ] {
            assert!(!is_signature_like(line), "{line}");
        }
    }

    #[test]
    fn no_device_begins_with_another_and_none_is_too_long() {
        for device in DEVICES {
            assert!(device.len() < DEVICE_OCTETS, "{device}");
            let others = DEVICES.iter().filter(|other| *other != device);
            assert!(others.into_iter().all(|other| !other.starts_with(device)), "{device}");
        }
        assert!(FORMULAS.iter().all(|formula| formula.len() <= FORMULA_OCTETS));
    }

    #[test]
    fn devices_and_boilerplate_of_seven_languages() {
        for line in [
            "Sent from my iPhone",
            "Von meinem iPhone gesendet",
            "Envoyé de mon iPhone",
            "Enviado desde mi iPhone",
            "Inviato da iPhone",
            "Verzonden vanaf mijn iPhone",
            "Enviado do meu iPhone",
        ] {
            assert!(is_device(line), "{line}");
        }
        let boilerplate = |text: &str, below| is_boilerplate(&mut text.to_owned(), below);
        assert!(boilerplate("This message is intended only for the addressee.", false));
        assert!(boilerplate(
            "Sitz der Gesellschaft: Berlin, Amtsgericht Charlottenburg HRB 1",
            true
        ));
        assert!(!boilerplate("Wir haben beim Amtsgericht Klage gegen Sie erhoben.", false));
        assert!(!boilerplate("We keep this confidential until May.", true));
    }
}
