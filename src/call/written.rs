//! The day on which a quoted mail was written, as the line above it tells.
//!
//! `17.11.2026`, `2026-11-17`, `Tue, 17 Nov 2026`, `November 17, 2026`, `17 de noviembre de 2026`.
//! A date that may be read in two ways (`3/5/2026`) is none.

use jiff::civil::Date;

/// Labels of the date in the header that Outlook and its kin put above a quoted mail.
const LABELS: [&str; 10] = [
    "sent:",
    "date:",
    "gesendet:",
    "datum:",
    "envoyé:",
    "fecha:",
    "enviado:",
    "inviato:",
    "data:",
    "verzonden:",
];

/// How the names of months begin, January first, in our languages.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "maa", "mrt", "mrz"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei", "mag"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aoû", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// The date behind a label such as `Sent:`.
pub(super) fn labelled(line: &str) -> Option<Date> {
    let plain = line.replace(['*', '\u{a0}'], "").replace(" :", ":").to_lowercase();
    LABELS.iter().any(|label| plain.starts_with(label)).then(|| date_in(line)).flatten()
}

/// The first date in a line.
pub(super) fn date_in(line: &str) -> Option<Date> {
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || ",;()<>\"*".contains(c))
        .filter(|word| !word.is_empty() && !matches!(*word, "de" | "di" | "of"))
        .collect();
    words.iter().find_map(|word| numeric(word)).or_else(|| {
        words.windows(3).find_map(|three| match three {
            [day, month, year] if month_of(month).is_some() => named(day, month, year),
            [month, day, year] => named(day, month, year),
            _ => None,
        })
    })
}

fn named(day: &str, month: &str, year: &str) -> Option<Date> {
    let day = day.trim_end_matches(|c: char| !c.is_ascii_digit());
    date(year.trim_end_matches('.'), month_of(month)?, day.parse().ok()?)
}

fn month_of(word: &str) -> Option<i8> {
    let begins = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
    let at = MONTHS.iter().position(|names| begins(names))?;
    i8::try_from(at + 1).ok()
}

/// Three numbers between dots, dashes or slashes.
fn numeric(word: &str) -> Option<Date> {
    let word = word.trim_end_matches(['.', ':']);
    let mark = ['.', '-', '/'].into_iter().find(|mark| word.matches(*mark).count() == 2)?;
    let mut parts = word.split(mark);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let small = |text: &str| text.parse::<i8>().ok();
    if first.len() == 4 {
        return date(first, small(second)?, small(third)?);
    }
    let (one, two) = (small(first)?, small(second)?);
    match mark {
        '/' if one <= 12 && two <= 12 && one != two => None,
        '/' if one <= 12 => date(third, one, two),
        _ => date(third, two, one),
    }
}

fn date(year: &str, month: i8, day: i8) -> Option<Date> {
    let year = match (year.len(), year.parse::<i16>().ok()?) {
        (4, year @ 1990..=2100) => year,
        (2, year) => year + 2000,
        _ => return None,
    };
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_seven_languages_are_read() {
        for line in [
            "On Tue, 17 Nov 2026 at 14:02, Susan Hall <s@hall.example> wrote:",
            "On Nov 17, 2026, at 2:02 PM, Susan Hall wrote:",
            "On 2026-11-17 14:02, Susan Hall wrote:",
            "On 11/17/2026 2:02 PM, Susan Hall wrote:",
            "Am 17.11.2026 um 14:02 schrieb Eva Mai <eva@mai.example>:",
            "Am 17.11.26 um 14:02 schrieb Eva Mai:",
            "Am Di., 17. Nov. 2026 um 14:02 Uhr schrieb Eva Mai",
            "Le mar. 17 nov. 2026 à 14:02, Jean Petit a écrit :",
            "El mar, 17 nov 2026 a las 14:02, Ana escribió:",
            "Il giorno mar 17 nov 2026 alle ore 14:02 Anna ha scritto:",
            "Op di 17 nov. 2026 om 14:02 schreef Jan:",
            "Em ter., 17 de nov. de 2026 às 14:02, Rui escreveu:",
            "Sent: Tuesday, November 17, 2026 2:02 PM",
            "Gesendet: Dienstag, 17. November 2026 14:02",
            "Enviado el: martes, 17 de noviembre de 2026 14:02",
        ] {
            assert_eq!(date_in(line), Some(Date::constant(2026, 11, 17)), "{line}");
        }
        assert_eq!(date_in("Envoyé : mercredi 3 mai 2026 09:10").unwrap().month(), 5);
        assert_eq!(date_in("Le jeu. 2 juil. 2026").unwrap().month(), 7);
        assert_eq!(date_in("Le mar. 2 juin 2026").unwrap().month(), 6);
    }

    #[test]
    fn what_may_be_read_in_two_ways_is_no_date() {
        for line in ["On 3/5/2026, Ann wrote:", "Tel. 030.123.456", "On Tuesday Ann wrote:", ""] {
            assert_eq!(date_in(line), None, "{line}");
        }
        assert_eq!(labelled("Order of 17.11.2026"), None);
        assert!(labelled("Envoyé : mercredi 3 mai 2026 09:10").is_some());
    }
}
