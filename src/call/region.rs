//! Whose numbering plan a number without a country code belongs to.
//!
//! Guessed from the recipient's country domain, then from country names in the thread, then from
//! the language. The first guess under which numbers are found is kept.

use rlibphonenumber::Region;

use crate::message::Language;

/// Country domains whose plan is their own.
const DOMAINS: [(&str, Region); 49] = [
    ("de", Region::DE),
    ("at", Region::AT),
    ("ch", Region::CH),
    ("li", Region::LI),
    ("fr", Region::FR),
    ("be", Region::BE),
    ("lu", Region::LU),
    ("nl", Region::NL),
    ("uk", Region::GB),
    ("ie", Region::IE),
    ("us", Region::US),
    ("ca", Region::CA),
    ("au", Region::AU),
    ("nz", Region::NZ),
    ("za", Region::ZA),
    ("in", Region::IN),
    ("sg", Region::SG),
    ("es", Region::ES),
    ("mx", Region::MX),
    ("ar", Region::AR),
    ("cl", Region::CL),
    ("it", Region::IT),
    ("pt", Region::PT),
    ("br", Region::BR),
    ("dk", Region::DK),
    ("se", Region::SE),
    ("no", Region::NO),
    ("fi", Region::FI),
    ("pl", Region::PL),
    ("cz", Region::CZ),
    // Of parts of countries and of cities.
    ("eus", Region::ES),
    ("gal", Region::ES),
    ("cat", Region::ES),
    ("madrid", Region::ES),
    ("barcelona", Region::ES),
    ("bzh", Region::FR),
    ("paris", Region::FR),
    ("alsace", Region::FR),
    ("bayern", Region::DE),
    ("berlin", Region::DE),
    ("hamburg", Region::DE),
    ("koeln", Region::DE),
    ("nrw", Region::DE),
    ("wien", Region::AT),
    ("tirol", Region::AT),
    ("scot", Region::GB),
    ("wales", Region::GB),
    ("london", Region::GB),
    ("amsterdam", Region::NL),
];

/// Country names as signatures write them.
const NAMES: [(&str, Region); 51] = [
    ("united kingdom", Region::GB),
    ("england", Region::GB),
    ("scotland", Region::GB),
    ("ireland", Region::IE),
    ("united states", Region::US),
    ("canada", Region::CA),
    ("australia", Region::AU),
    ("new zealand", Region::NZ),
    ("deutschland", Region::DE),
    ("germany", Region::DE),
    ("österreich", Region::AT),
    ("austria", Region::AT),
    ("schweiz", Region::CH),
    ("suisse", Region::CH),
    ("switzerland", Region::CH),
    ("france", Region::FR),
    ("belgique", Region::BE),
    ("belgië", Region::BE),
    ("belgium", Region::BE),
    ("españa", Region::ES),
    ("spain", Region::ES),
    ("italia", Region::IT),
    ("italy", Region::IT),
    ("nederland", Region::NL),
    ("portugal", Region::PT),
    ("brasil", Region::BR),
    // Cities of countries that share their language with a larger one.
    ("wien", Region::AT),
    ("vienna", Region::AT),
    ("graz", Region::AT),
    ("linz", Region::AT),
    ("salzburg", Region::AT),
    ("innsbruck", Region::AT),
    ("zürich", Region::CH),
    ("zurich", Region::CH),
    ("basel", Region::CH),
    ("luzern", Region::CH),
    ("genève", Region::CH),
    ("lausanne", Region::CH),
    ("lugano", Region::CH),
    ("dublin", Region::IE),
    ("sydney", Region::AU),
    ("melbourne", Region::AU),
    ("brisbane", Region::AU),
    ("auckland", Region::NZ),
    ("bruxelles", Region::BE),
    ("brussel", Region::BE),
    ("antwerpen", Region::BE),
    ("ciudad de méxico", Region::MX),
    ("monterrey", Region::MX),
    ("buenos aires", Region::AR),
    ("são paulo", Region::BR),
];

/// Letters that stand before a postcode for the country: "A-4600 Wels".
const POSTCODES: [(&str, Region); 8] = [
    ("A", Region::AT),
    ("AT", Region::AT),
    ("CH", Region::CH),
    ("D", Region::DE),
    ("B", Region::BE),
    ("L", Region::LU),
    ("NL", Region::NL),
    ("F", Region::FR),
];

/// The country that a line names before its first digit: `In Italia: 348 902 11 76`.
pub(super) fn named_before_digits(line: &str) -> Option<Region> {
    let (label, _) = line.split_once(|c: char| c.is_ascii_digit())?;
    if label.chars().nth(LABEL_CHARS).is_some() {
        return None;
    }
    let label = label.to_lowercase();
    let words: Vec<&str> = label.split(|c: char| !c.is_alphabetic()).collect();
    let is_named = |name: &str| {
        if name.contains(' ') { label.contains(name) } else { words.contains(&name) }
    };
    NAMES.iter().chain(&LABELS).find(|(name, _)| is_named(name)).map(|(_, region)| *region)
}

/// A country further from its number than this is part of an address.
const LABEL_CHARS: usize = 30;
/// Country names that stand before numbers alone.
const LABELS: [(&str, Region); 14] = [
    ("uk", Region::GB),
    ("usa", Region::US),
    ("inghilterra", Region::GB),
    ("germania", Region::DE),
    ("allemagne", Region::DE),
    ("alemania", Region::DE),
    ("duitsland", Region::DE),
    ("francia", Region::FR),
    ("frankreich", Region::FR),
    ("italien", Region::IT),
    ("italie", Region::IT),
    ("svizzera", Region::CH),
    ("belgien", Region::BE),
    ("spanien", Region::ES),
];

/// Plans to try, likeliest first, each once.
pub(super) fn guesses(address: &str, quoted: &str, language: Language) -> Vec<Region> {
    let top = address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let by_domain = DOMAINS.iter().find(|(domain, _)| *domain == top).map(|(_, r)| *r);
    let by_postcode = POSTCODES.iter().find(|(letters, _)| has_postcode(quoted, letters));
    let quoted = quoted.to_lowercase();
    let by_name = NAMES.iter().find(|(name, _)| quoted.contains(name)).map(|(_, r)| *r);
    let by_language: &[Region] = match language {
        Language::En => &[Region::US, Region::GB],
        Language::De => &[Region::DE],
        Language::Fr => &[Region::FR],
        Language::Es => &[Region::ES],
        Language::It => &[Region::IT],
        Language::Nl => &[Region::NL],
        Language::Pt => &[Region::PT],
    };
    let mut guesses = Vec::new();
    let by_postcode = by_postcode.map(|(_, region)| *region);
    let told = by_domain.into_iter().chain(by_postcode).chain(by_name);
    for guess in told.chain(by_language.iter().copied()) {
        if !guesses.contains(&guess) {
            guesses.push(guess);
        }
    }
    guesses
}

/// Whether `A-4600` stands in a text, with these letters.
fn has_postcode(text: &str, letters: &str) -> bool {
    text.match_indices(letters).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + letters.len()..).unwrap_or_default();
        let code = behind.strip_prefix(['-', '–']).unwrap_or_default();
        let digits = code.len() - code.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        !before.ends_with(char::is_alphanumeric)
            && (4..=5).contains(&digits)
            && code.get(digits..).is_some_and(|rest| rest.starts_with([' ', '\u{a0}']))
    })
}

/// The language that most people under a country domain write.
pub(super) fn spoken(address: &str) -> Option<Language> {
    let top = address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let (_, region) = DOMAINS.iter().find(|(domain, _)| *domain == top)?;
    match *region {
        Region::DE | Region::AT | Region::LI => Some(Language::De),
        Region::FR => Some(Language::Fr),
        Region::ES | Region::MX | Region::AR | Region::CL => Some(Language::Es),
        Region::IT => Some(Language::It),
        Region::NL => Some(Language::Nl),
        Region::PT | Region::BR => Some(Language::Pt),
        Region::GB | Region::IE | Region::US | Region::AU | Region::NZ => Some(Language::En),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_told_by_domain_postcode_or_name_before_language() {
        for (address, quoted, first) in [
            ("a@b.at", "D-80331 München", Region::AT),
            ("a@b.com", "Hauptstraße 1, A-4600 Wels", Region::AT),
            ("a@b.com", "Bahnhofstrasse 18 | CH-4600 Olten", Region::CH),
            ("a@b.com", "Grüße aus Wien", Region::AT),
            ("a@b.com", "Artikel A-4600", Region::DE),
        ] {
            assert_eq!(guesses(address, quoted, Language::De).first(), Some(&first), "{quoted}");
        }
    }

    #[test]
    fn a_line_may_name_the_country_of_its_number() {
        assert_eq!(named_before_digits("In Italia: 348 902 11 76"), Some(Region::IT));
        assert_eq!(named_before_digits("UK office 020 7946 0821"), Some(Region::GB));
        assert_eq!(named_before_digits("Tel. 091 610 27 84"), None);
    }
}
