//! The name by which a letter greets the person: "Dear Mrs Hall," gives "Mrs Hall".
//!
//! Takes the first line of what the sender newly wrote. In doubt it gives nothing: a call to the
//! wrong name is worse than one without.

use crate::message::{PassageKind, Reading};

/// A longer "name" is a sentence, or an attack on the page's layout.
pub(super) const MAX_NAME_CHARS: usize = 80;
/// Words of a name, titles among them.
const MAX_NAME_WORDS: usize = 5;

/// Salutations with which a letter opens.
const SALUTATIONS: &str = "\
    sehr geehrte, sehr geehrter, guten morgen, guten tag, guten abend, grüß gott, liebe, lieber, \
    hallo, moin, servus, good morning, good afternoon, good evening, morning, dear, hello, hi, \
    hey, chère, cher, bonjour, bonsoir, salut, estimada, estimado, apreciada, apreciado, \
    querida, querido, hola, buenos días, buenas tardes, gentile, gentilissima, gentilissimo, \
    egregio, egregia, carissima, carissimo, buongiorno, buonasera, salve, ciao, geachte, beste, \
    lieve, dag, goedemorgen, goedemiddag, goedenavond, goedendag, hoi, ha, prezada, prezado, \
    caríssima, caríssimo, exma., exmo., olá, oi, bom dia, boa tarde, boa noite, cara, caro";

/// Titles before a name; alone they name nobody.
const TITLES: &str = "\
    mr mrs ms miss sir dr dra prof frau herr herrn monsieur madame mademoiselle maître don doña \
    señor señora señorita sr sra profesor profesora doctor doctora signor signora signore \
    signorina dottor dottore dottoressa dott dottssa avv avvocato avvocata ing ingegnere \
    architetto professore professoressa heer meneer mevrouw mijnheer senhor senhora dona doutor \
    doutora professor professora d";

/// Short words within a name.
const PARTICLES: &str = "\
    van von de der den ter ten te zu zum zur da do dos das di del della la le el and und et y e \
    en & of";

/// What a letter greets that is nobody's name.
const NOBODY: &str = "\
    sir madam sirs all team customer customers client clients there everyone everybody colleague \
    colleagues friend friends damen herren alle zusammen kundin kunde kunden tous toutes cliente \
    clienti clientes todos todas tutti tutte klant klanten allemaal senhores messieurs mesdames \
    applicant thanks thank hello hi please";

/// The name of the first line. A first name that stands alone is one only where the address has
/// it too: "Note:" and "Important," are none.
pub(super) fn greeting(reading: &Reading, address: &str) -> Option<String> {
    let new = reading.of_kind(PassageKind::New).next()?;
    let line = new.text.lines().map(str::trim).find(|l| !l.is_empty())?;
    in_line(line.trim_start_matches(['¡', '*', ' ']), address)
}

fn in_line(line: &str, address: &str) -> Option<String> {
    let Some(rest) = saluted(line) else { return unsaluted(line, address) };
    let (head, tail) = head(rest.trim_start_matches([' ', ',', '\u{a0}']));
    // "Frau Kowalke, lieber Herr Kowalke": one of two is not the one to call.
    let second = tail.trim_start_matches([' ', ',']);
    if saluted(second).is_some_and(|rest| !rest.starts_with(',')) {
        return None;
    }
    name(head)
}

/// "Monsieur Bouchard,", "Joseba:": a line of its own.
fn unsaluted(line: &str, address: &str) -> Option<String> {
    let (head, tail) = head(line);
    if tail.chars().count() != 1 {
        return None;
    }
    let mut words = head.split_whitespace();
    let first = words.next().map(plain)?;
    let alone = words.next().is_none();
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    let in_address = || local.split(|c: char| !c.is_alphanumeric()).any(|part| part == first);
    let named = if alone { first.len() > 2 && in_address() } else { is(TITLES, &first) };
    named.then(|| name(head)).flatten()
}

/// What stands behind a salutation, if the line opens with it.
fn behind<'l>(line: &'l str, salutation: &str) -> Option<&'l str> {
    let mut rest = line.chars();
    for expected in salutation.chars() {
        let found = rest.next()?;
        if !found.to_lowercase().eq(std::iter::once(expected)) {
            return None;
        }
    }
    let rest = rest.as_str();
    rest.starts_with([' ', ',', '\u{a0}']).then_some(rest)
}

/// A line up to what ends the greeting, and from there.
fn head(line: &str) -> (&str, &str) {
    line.split_at(line.find([',', '!', ':', ';', '–', '—']).unwrap_or(line.len()))
}

/// A word as the lists have it.
fn plain(word: &str) -> String {
    word.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect()
}

fn is(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// What stands behind the longest salutation with which the line opens.
fn saluted(line: &str) -> Option<&str> {
    SALUTATIONS.split(", ").filter_map(|s| behind(line, s)).min_by_key(|rest| rest.len())
}

/// The words of a greeting that are a name: titles, particles, and what begins large.
fn name(head: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for word in head.split_whitespace() {
        let lower = plain(word);
        let large = word.starts_with(char::is_uppercase);
        if !large && !is(TITLES, &lower) && !is(PARTICLES, &lower) {
            break;
        }
        words.push(word);
        // A line of such words is no greeting, however long it is.
        if words.len() > 2 * MAX_NAME_WORDS {
            return None;
        }
        // "Hi Anna. Thanks"
        if word.ends_with('.') && !is(TITLES, &lower) && lower.chars().count() > 2 {
            break;
        }
    }
    while words.last().is_some_and(|word| is(PARTICLES, &plain(word))) {
        words.pop();
    }
    let last = plain(words.last()?);
    let nobody = words.iter().any(|word| is(NOBODY, &plain(word)));
    let real = last.chars().any(char::is_alphabetic) && !is(TITLES, &last);
    if nobody || !real || words.len() > MAX_NAME_WORDS {
        return None;
    }
    // Nobody says "heer Tuinstra" to somebody.
    let first = words.first_mut()?;
    if *first == "heer" {
        *first = "meneer";
    }
    let name = words.join(" ");
    let name = name.trim_end_matches('.');
    (name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control))
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_seven_languages() {
        for (line, expected) in [
            ("Dear Mrs Hall,", "Mrs Hall"),
            ("Morning Bob,", "Bob"),
            ("Dr Okafor,", "Dr Okafor"),
            ("Hi Anna thanks for Friday", "Anna"),
            ("Hi Anna. Thanks Bob", "Anna"),
            ("Dear Mr and Mrs Hall,", "Mr and Mrs Hall"),
            ("Hey Sina,", "Sina"),
            (
                "Lieber Herr Marx, die Reinigung ist leider teurer, als wir es Ihnen im Mai gesagt haben, und",
                "Herr Marx",
            ),
            ("Sehr geehrter Herr Dr. Weber,", "Herr Dr. Weber"),
            ("Guten Tag, Frau von der Heide!", "Frau von der Heide"),
            ("Monsieur Bouchard,", "Monsieur Bouchard"),
            ("¡Hola, Ximena linda!", "Ximena"),
            ("Don Hernán:", "Don Hernán"),
            ("¡Buenos días, Manuel!", "Manuel"),
            ("Joseba:", "Joseba"),
            ("Gentilissimo signor Colombo,", "signor Colombo"),
            ("Ciao Massimo!", "Massimo"),
            ("Geachte heer Tuinstra,", "meneer Tuinstra"),
            ("Mevrouw Bloemendal,", "Mevrouw Bloemendal"),
            ("Dag Sofie, merci voor je berichtje", "Sofie"),
            ("Lieve Bjorn,", "Bjorn"),
            ("Exma. Senhora D. Amália Lucena,", "Senhora D. Amália Lucena"),
            ("Caríssimo Sr. Evaristo,", "Sr. Evaristo"),
            ("Oi Renata,", "Renata"),
            ("Olá Nelson!", "Nelson"),
        ] {
            let line = line.trim_start_matches('¡');
            assert_eq!(in_line(line, "joseba.m@casa.example").as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_greets_nobody_by_name() {
        for line in [
            "Dear Sir or Madam,",
            "Dear valued Customer,",
            "Hello,",
            "Note:",
            "Madame, Monsieur,",
            "Sehr geehrte Damen und Herren,",
            "Sehr geehrte Frau Kowalke, lieber Herr Kowalke,",
            "Geachte heer, mevrouw,",
            "Geachte heer of mevrouw,",
            "Herr Müller, unser Techniker, war am Montag bei Ihnen.",
            "Hallo zusammen,",
            "Hi, Thanks!",
            "Hinweis: das Lager ist zu",
            "Frassineti,",
            "Harold is late,",
        ] {
            assert_eq!(in_line(line, "c.f@posta.example"), None, "{line}");
        }
    }
}
