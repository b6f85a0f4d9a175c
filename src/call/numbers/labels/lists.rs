//! Words beside a number, by what they say it is: `words.txt`, a line a kind, in lower case.

use std::{collections::HashSet, sync::LazyLock};

/// The words by kind.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Fax, and what else nobody speaks at; a word that ends in one is one too.
    pub(super) fax: HashSet<&'static str>,
    /// A mobile or a direct line.
    pub(super) direct: HashSet<&'static str>,
    /// A telephone, or calling one.
    pub(super) telephone: HashSet<&'static str>,
    /// Where people are to be met, and desks: their telephone, unless somebody else's place is named.
    pub(super) places: HashSet<&'static str>,
    /// Where people live.
    pub(super) homes: HashSet<&'static str>,
    /// Beginnings of words for numbers that are no telephones.
    pub(super) other: Vec<&'static str>,
}

pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::default();
    for (kind, line) in include_str!("words.txt").lines().filter_map(|line| line.split_once(": ")) {
        let words = line.split(' ');
        match kind {
            "fax" => lists.fax.extend(words),
            "direct" => lists.direct.extend(words),
            "telephone" => lists.telephone.extend(words),
            "place" => lists.places.extend(words),
            "home" => lists.homes.extend(words),
            "other" => lists.other.extend(words),
            _ => {}
        }
    }
    lists
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words_and_no_word_has_two() {
        let Lists { fax, direct, telephone, places, homes, other } = &*LISTS;
        for (words, one) in [(fax, "fax"), (direct, "mobil"), (telephone, "tel"), (places, "büro")]
        {
            assert!(words.contains(one), "{one}");
        }
        assert!(homes.contains("thuis") && other.contains(&"iban"));
        let all = [fax, direct, telephone, places, homes];
        let count: usize = all.iter().map(|words| words.len()).sum();
        let distinct: HashSet<_> = all.into_iter().flatten().collect();
        assert_eq!(count, distinct.len());
        assert!(distinct.iter().all(|word| word.to_lowercase() == ***word));
    }
}
