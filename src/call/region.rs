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
const NAMES: [(&str, Region); 26] = [
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
];

/// Plans to try, likeliest first, each once.
pub(super) fn guesses(address: &str, quoted: &str, language: Language) -> Vec<Region> {
    let top = address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let by_domain = DOMAINS.iter().find(|(domain, _)| *domain == top).map(|(_, r)| *r);
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
    for guess in by_domain.into_iter().chain(by_name).chain(by_language.iter().copied()) {
        if !guesses.contains(&guess) {
            guesses.push(guess);
        }
    }
    guesses
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
