//! The names of one person, and where a line of a letter speaks of them.
//!
//! Takes a display name and an address, says whether a line is signed with the name, greets it, or
//! whether another name may be the same person's: "S. Hall" and "Hall, Susan" are Susan Hall.

/// A longer line is no greeting.
const MAX_GREETING_CHARS: usize = 60;
/// A name has at most so many words.
const MAX_NAME_WORDS: usize = 4;

/// Words with which people greet, in our languages, and titles behind them.
const SALUTATIONS: &str = "dear hello hi hey good morning afternoon evening sehr geehrte geehrter \
    liebe lieber hallo guten morgen tag abend moin servus grüß gott bonjour bonsoir cher chère salut \
    estimado estimada querido querida hola buenos buenas días tardes gentile egregio egregia caro cara \
    buongiorno buonasera salve ciao geachte beste dag goedemorgen goedemiddag hoi prezado prezada bom \
    boa dia tarde olá oi";
const TITLES: &str = "mr mrs ms miss dr prof herr herrn frau dipl ing mag m mme mlle monsieur madame \
    maître sr sra srta señor señora don doña sig sra signor signora signore dott ssa dottore avv geom rag arch \
    dhr mevr mw heer mevrouw senhor senhora exmo exma eng";

/// The words of one person's name.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Of the display name, lower case, in order.
    words: Vec<String>,
    /// Of the address before the `@`.
    local: Vec<String>,
}

impl Names {
    /// From the display name and the address; both may be empty.
    pub(super) fn of(name: &str, address: &str) -> Names {
        let local = address.split('@').next().unwrap_or_default();
        Names {
            words: words(name),
            local: words(local).into_iter().filter(|word| word.chars().count() > 2).collect(),
        }
    }

    /// Whether this word is one of the name's.
    pub(super) fn has(&self, word: &str) -> bool {
        let long = word.chars().count() > 1;
        let same = |own: &String| own == word;
        long && (self.words.iter().any(same)
            || self.words.is_empty() && self.local.iter().any(same))
    }

    /// Whether another name may be the same person's: one has no word that the other lacks.
    pub(super) fn fits(&self, name: &str) -> bool {
        let other = words(name);
        let own = if self.words.is_empty() { &self.local } else { &self.words };
        let is_long = |word: &&String| word.chars().count() > 2;
        let shared = other.iter().filter(is_long).any(|word| own.contains(word));
        // "Schreinerei Weber" writes as Georg Weber <schreinerei.weber@...>.
        let all: Vec<String> = own.iter().chain(&self.local).cloned().collect();
        shared && (all_in(&other, &all) || all_in(own, &other))
    }

    /// Whether a line is the name that stands beneath a letter, alone or before a separator.
    pub(super) fn signs(&self, line: &str) -> bool {
        let head = head(line);
        let (named, ends) = (words(head), line.trim_end());
        (1..=MAX_NAME_WORDS).contains(&named.len())
            && !ends.ends_with([':', '?', '!'])
            && !(ends.ends_with(',') && head.len() + 1 >= ends.len())
            && head.split_whitespace().next().is_some_and(|w| !is_one_of(SALUTATIONS, w))
            && named.iter().any(|word| self.has(word))
    }

    /// Whether a line is signed with the full name.
    pub(super) fn signs_in_full(&self, line: &str) -> bool {
        let named = words(head(line));
        self.words.len() > 1 && self.signs(line) && all_in(&self.words, &named)
    }

    /// Whether a line greets this person.
    pub(super) fn is_greeted(&self, line: &str) -> bool {
        let line = line.trim();
        if line.chars().nth(MAX_GREETING_CHARS).is_some() {
            return false;
        }
        let head = line.split([',', ':', '!', '.', '–']).next().unwrap_or_default();
        let salutes = head.split_whitespace().next().is_some_and(|w| is_one_of(SALUTATIONS, w));
        let named: Vec<String> =
            words(head).into_iter().filter(|word| !is_one_of(SALUTATIONS, word)).collect();
        let alone = line.ends_with([',', ':', '!']) && named.len() == 1;
        (salutes || alone) && named.len() <= MAX_NAME_WORDS && named.iter().any(|w| self.has(w))
    }
}

/// Whether a line greets somebody, whoever it is: "Dear Mr Day,".
pub(super) fn greets_somebody(line: &str) -> bool {
    let line = line.trim();
    let mut words = line.split_whitespace();
    line.ends_with([',', ':', '!'])
        && line.chars().nth(MAX_GREETING_CHARS).is_none()
        && words.next().is_some_and(|word| is_one_of(SALUTATIONS, word))
        && words.any(|word| word.starts_with(char::is_uppercase))
}

/// What stands in a line before the first separator.
fn head(line: &str) -> &str {
    let line = line.trim().trim_start_matches(['*', '_', '-', '–', '—', '~', ' ']);
    let ends = |c: char| "|·•/,;(<–—:".contains(c) || c.is_ascii_digit();
    let head = line.split(ends).next().unwrap_or_default();
    head.split(" - ").next().unwrap_or_default()
}

/// Words of a name, lower case, without titles.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| !is_one_of(TITLES, word))
        .collect()
}

fn is_one_of(list: &str, word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    list.split_whitespace().any(|one| one == word)
}

/// Whether each word is among the others, or is the first letter of one.
fn all_in(words: &[String], others: &[String]) -> bool {
    words.iter().all(|word| {
        let initial = word.chars().count() == 1;
        others.iter().any(|other| other == word || initial && other.starts_with(word.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn susan() -> Names {
        Names::of("Dr. Susan Hall", "s.hall@hall.example")
    }

    #[test]
    fn a_name_stands_beneath_a_letter_in_many_forms() {
        for line in ["Susan", "SUSAN HALL", "S. Hall", "Susan Hall | Buyer", "Hall - 020 7946 0018"]
        {
            assert!(susan().signs(line), "{line}");
        }
        for line in ["Susan,", "Hi Susan", "Tell Susan Hall that we will not come", "Tom", ""] {
            assert!(!susan().signs(line), "{line}");
        }
    }

    #[test]
    fn greetings_are_told_from_signatures() {
        for line in ["Dear Ms Hall,", "Susan,", "Hi Susan", "Guten Tag Frau Hall!"] {
            assert!(susan().is_greeted(line), "{line}");
        }
        for line in ["Susan", "Susan Hall", "Dear Tom,", "Hello there,", ""] {
            assert!(!susan().is_greeted(line), "{line}");
        }
    }

    #[test]
    fn a_greeting_is_known_without_the_name() {
        for (line, expected) in [
            ("Dear Mr Day,", true),
            ("Hallo Frau Özdemir!", true),
            ("Good evening,", false),
            ("Dear Tom and Ann, we will not come on Monday because of the weather,", false),
            ("Susan Hall", false),
        ] {
            assert_eq!(greets_somebody(line), expected, "{line}");
        }
    }

    #[test]
    fn a_name_fits_where_no_word_speaks_against_it() {
        for name in ["Hall, Susan", "S. Hall", "Susan", "Susan Hall"] {
            assert!(susan().fits(name), "{name}");
        }
        for name in ["Marc Hall", "Hallwell", "S.", ""] {
            assert!(!susan().fits(name), "{name}");
        }
        assert!(Names::of("", "hall@hall.example").fits("Susan Hall"));
        assert!(Names::of("Susan Hall", "joinery.hall@post.example").fits("Hall Joinery"));
    }
}
