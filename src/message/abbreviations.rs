//! Words whose full stop ends no sentence, in seven languages.

use std::sync::LazyLock;

/// Abbreviations that are always followed by something, lower case, without the last stop.
const ABBREVIATIONS: &[&str] = &[
    // en
    "approx", "ave", "corp", "dept", "dr", "e.g", "hon", "i.e", "inc", "incl", "jr", "ltd",
    "messrs", "mr", "mrs", "ms", "mt", "p.o", "p.s", "ph", "prof", "rev", "sgt", "st", "vs",
    // months
    "jan", "feb", "apr", "aug", "sep", "sept", "oct", "nov", "dec", "okt", "dez", "janv", "févr",
    "avr", "juil", "déc", "ene", "abr", "dic", "giu", "lug", "ott", "fev", "mrt", // de
    "abt", "allg", "bzgl", "bzw", "ca", "d.h", "dipl", "evtl", "ggf", "ggfs", "hr", "inkl", "insb",
    "lt", "o.g", "s.g", "sog", "u.a", "u.u", "usf", "v.a", "vgl", "z.b", "z.hd", "z.t", "z.zt",
    "zzgl", "exkl", "hrn", "z", "d", "u", "o", // fr
    "boul", "c.-à-d", "cf", "env", "m", "mm", "mme", "mlle", "p.ex", "p.j", // es, pt
    "a.d", "avda", "dpto", "d.a", "dña", "dra", "exma", "exmo", "il.mo", "ilmo", "p.ej", "sr",
    "sra", "sres", "srta", "sto", "sta", "ud", "uds", "vd", "vds", "v.exa", // it
    "arch", "avv", "dott", "dott.ssa", "egr", "gent", "geom", "ing", "rag", "sig", "sig.ra",
    "sigg", "spett", "c.a", "p.es", // nl
    "a.h.w", "b.v", "bijv", "blz", "d.w.z", "dhr", "drs", "i.p.v", "i.v.m", "jl", "m.b.t", "m.b.v",
    "mevr", "mw", "mr.dr", "n.a.v", "o.a", "t.a.v", "t.g.v", "t.n.v", "tel.nr", "zgn",
];

/// Abbreviations only in front of a number: `no.` alone is an answer.
const BEFORE_NUMBER: &[&str] = &[
    "lun", "mar", "mer", "mié", "jeu", "jue", "ven", "vie", "sam", "sáb", "dim", "dom", "gio",
    "mo", "di", "mi", "do", "sa", "so", "seg", "ter", "qua", "qui", "sex", "abs", "art", "co",
    "est", "ext", "fig", "max", "min", "n", "no", "nos", "nr", "num", "núm", "p", "pag", "pág",
    "pos", "ref", "réf", "rif", "s", "str", "tel", "tél", "vol", "ziff",
];

/// Words before a number that make it the day of a date or an ordinal.
const BEFORE_ORDINAL: &[&str] = &[
    "ab", "am", "bis", "dem", "den", "der", "des", "die", "das", "im", "vom", "zum", "zur", "seit",
    "den",
];

/// Months of German and the words that follow a German ordinal.
const BEHIND_ORDINAL: &[&str] = &[
    "januar",
    "jänner",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
    "quartal",
    "mahnung",
    "kw",
    "stock",
    "etage",
];

/// By length in octets: with which octets the words of that length begin. Nearly every word that
/// ends a sentence is told from the abbreviations by this alone.
static BEGINNINGS: LazyLock<[[bool; 256]; MOST_OCTETS + 1]> = LazyLock::new(|| {
    let mut beginnings = [[false; 256]; MOST_OCTETS + 1];
    for word in ABBREVIATIONS.iter().chain(BEFORE_NUMBER) {
        let first = word.bytes().next().unwrap_or_default();
        let slot = beginnings.get_mut(word.len()).and_then(|b| b.get_mut(usize::from(first)));
        if let Some(slot) = slot {
            *slot = true;
        }
    }
    beginnings
});

static SORTED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut sorted = ABBREVIATIONS.to_vec();
    sorted.sort_unstable();
    sorted
});

/// More than the longest has; a word of more needs no look.
const MOST_OCTETS: usize = 10;

/// Whether a full stop behind this word, in front of that text, ends no sentence.
pub(super) fn never_ends(word: &str, behind: &str) -> bool {
    if word.len() > MOST_OCTETS {
        return false;
    }
    let begins = |lower: &str, first: u8| {
        let begins = BEGINNINGS.get(lower.len()).and_then(|b| b.get(usize::from(first)));
        begins == Some(&true)
    };
    let Some(first) = word.bytes().next() else { return false };
    if word.is_ascii() && !begins(word, first.to_ascii_lowercase()) {
        return false;
    }
    let lower = word.to_lowercase();
    if !lower.bytes().next().is_some_and(|first| begins(&lower, first)) {
        return false;
    }
    let is_one_of = |sorted: &[&str]| sorted.binary_search(&lower.as_str()).is_ok();
    let number_follows = behind.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    is_one_of(&SORTED) || (number_follows && BEFORE_NUMBER.contains(&lower.as_str()))
}

/// Whether a number with a stop, between these two, is an ordinal or the number of an item.
pub(super) fn is_ordinal(before: Option<&str>, behind: &str) -> bool {
    let Some(before) = before else { return true };
    let next =
        behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    BEFORE_ORDINAL.contains(&before.to_lowercase().as_str())
        || BEHIND_ORDINAL.contains(&next.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_abbreviation_is_too_long() {
        let mut all = ABBREVIATIONS.iter().chain(BEFORE_NUMBER);
        assert!(all.all(|word| (1..=MOST_OCTETS).contains(&word.len())));
    }

    #[test]
    fn words_that_end_sentences_are_not_abbreviations() {
        assert!(never_ends("No", "12") && !never_ends("no", "We"));
        for word in ["claim", "day", "etc", "usw", "me", "order", "it"] {
            assert!(!never_ends(word, "We"), "{word}");
        }
        for word in ["Mr", "bzw", "z.B", "Sra", "dhr", "Dott"] {
            assert!(never_ends(word, "We"), "{word}");
        }
    }

    #[test]
    fn a_day_is_an_ordinal_and_an_amount_is_not() {
        assert!(is_ordinal(Some("am"), "März"));
        assert!(is_ordinal(None, "We"));
        assert!(!is_ordinal(Some("of"), "We"));
    }
}
