//! Numbers as people spell them, made into what a numbering plan reads.
//!
//! Takes the lines of one author, gives them with each extension written out behind its stem
//! (`8406-0, Durchwahl -217`), with columns of labels and numbers put together, and without what is no
//! digit and stands within a number: the `(0)` of Italian mobiles, Swiss apostrophes, the `xx` that
//! stands for a carrier in Brazil, the `1` that Mexican mobiles once had.

use super::labels::{is_extension, is_label, is_other};

/// A number with fewer digits has no stem.
const STEM_DIGITS: usize = 6;
/// Between a number and an extension of it stands no more than a label.
const GAP_CHARS: usize = 24;
/// Digits of an extension.
const EXTENSION_DIGITS: usize = 4;
/// Cells of a table; a line with more is a list of something else.
const MAX_CELLS: usize = 6;

/// The lines with all that is spelled oddly made plain.
pub(super) fn plain(lines: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::with_capacity(lines.len());
    let mut lines = lines.iter().map(|line| line.trim()).peekable();
    while let Some(line) = lines.next() {
        match lines.peek().and_then(|below| columns(line, below)) {
            Some(pairs) => {
                lines.next();
                all.extend(pairs.iter().map(|pair| with_extensions(&digits(pair))));
            }
            None => all.push(with_extensions(&digits(line))),
        }
    }
    all
}

/// `Phone   Fax` over `1   2`: each label with its number.
fn columns(head: &str, below: &str) -> Option<Vec<String>> {
    let (heads, numbers) = (cells(head), cells(below));
    let says = |cell: &str, what: fn(&str) -> bool| {
        cell.split_whitespace().any(|word| what(word.trim_end_matches(':').to_lowercase().as_str()))
    };
    let named = |cell: &&str| says(cell, is_label) || says(cell, is_other);
    let dialled =
        |cell: &&str| count_digits(cell) >= STEM_DIGITS && !cell.contains(char::is_alphabetic);
    let fit = (2..=MAX_CELLS).contains(&heads.len())
        && heads.len() == numbers.len()
        && count_digits(head) == 0
        && heads.iter().any(named)
        && numbers.iter().any(dialled);
    fit.then(|| {
        heads.iter().zip(numbers).map(|(head, number)| format!("{head}: {number}")).collect()
    })
}

fn cells(line: &str) -> Vec<&str> {
    let cells = line.split(['\t', '|']).flat_map(|part| part.split("  "));
    cells.map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

fn count_digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// A line whose numbers are written with digits and what separates them.
fn digits(line: &str) -> String {
    if count_digits(line) < STEM_DIGITS {
        return line.to_owned();
    }
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let within = plain.ends_with(|c: char| c.is_ascii_digit())
            && chars.peek().is_some_and(char::is_ascii_digit);
        plain.push(if within && matches!(c, '\'' | '’') { ' ' } else { c });
    }
    for (odd, even) in [
        ("39 (0)3", "39 3"),
        ("39(0)3", "39 3"),
        ("0xx", "0"),
        ("0XX", "0"),
        ("+52 1 ", "+52 "),
        ("+521 ", "+52 "),
    ] {
        if plain.contains(odd) {
            plain = plain.replace(odd, even);
        }
    }
    plain
}

/// A line with its extensions behind their stems: `1234-0, DW 17` has two numbers, `1234 - DW 17` one.
fn with_extensions(line: &str) -> String {
    let (mut written, mut rest) = (String::with_capacity(line.len()), line);
    let mut stem: Option<String> = None;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (gap, number) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let (number, behind) = split_number(number);
        match stem.as_deref().and_then(|stem| extended(stem, gap, number)) {
            Some(Extended::Another(whole)) => {
                written.push_str(gap.trim_end_matches(['-', '–']));
                written.push_str(&whole);
            }
            Some(Extended::Same(extension)) => {
                written.push_str(&extension);
                stem = None;
            }
            None => {
                written.push_str(gap);
                written.push_str(number);
                let open = gap.ends_with('(');
                stem = (count_digits(number) >= STEM_DIGITS)
                    .then(|| format!("{}{number}", if open { "(" } else { "" }));
            }
        }
        rest = behind;
    }
    written.push_str(rest);
    written
}

/// What an extension makes of the number before it.
enum Extended {
    /// A number beside the first, which is the house's.
    Another(String),
    /// The end of the first.
    Same(String),
}

fn extended(stem: &str, gap: &str, number: &str) -> Option<Extended> {
    let short = number.len() <= EXTENSION_DIGITS && number.bytes().all(|b| b.is_ascii_digit());
    if !short || number.is_empty() || gap.chars().nth(GAP_CHARS).is_some() {
        return None;
    }
    let words: Vec<String> = gap
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let said = words.iter().any(|word| is_extension(word));
    // "8 -17 Uhr" has no stem, and "17-18" is no extension of what stands before.
    let dash = gap.ends_with([' ', '-', '–']) && gap.trim_end_matches(['-', '–']).len() < gap.len();
    let apart = gap.trim_end_matches(['-', '–']).ends_with([' ', '/', '(', ',']);
    let labels = || words.iter().all(|word| is_label(word) || AND.contains(&word.as_str()));
    if !(said || dash && apart && labels()) {
        return None;
    }
    match stem.rsplit_once(['-', '–']) {
        Some((base, last))
            if last.trim().len() <= EXTENSION_DIGITS && count_digits(base) + 1 >= STEM_DIGITS =>
        {
            Some(Extended::Another(format!("{}-{number}", base.trim_end())))
        }
        _ if said => Some(Extended::Same(format!("-{number}"))),
        _ => None,
    }
}

const AND: [&str; 6] = ["oder", "und", "bzw", "or", "and", "u"];

/// A number at the beginning of a text, and what stands behind.
fn split_number(text: &str) -> (&str, &str) {
    let inside = |c: char| c.is_ascii_digit() || " +()/.-–\u{a0}".contains(c);
    let end = text.find(|c: char| !inside(c)).unwrap_or(text.len());
    let run = text.get(..end).unwrap_or_default();
    // "1234-0 / -217" and "1234-0 -217" are two.
    let two = ["/ -", " -", "/-"].iter().filter_map(|cut| {
        let at = run.find(cut)?;
        let digit = run.get(at + cut.len()..)?.starts_with(|c: char| c.is_ascii_digit());
        (digit && count_digits(run.get(..at)?) >= STEM_DIGITS).then_some(at)
    });
    let run = two.min().and_then(|at| run.get(..at)).unwrap_or(run);
    let run = run.trim_end_matches(|c: char| !c.is_ascii_digit());
    let run = if run.is_empty() { text.get(..1).unwrap_or_default() } else { run };
    (run, text.get(run.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        plain(&lines).join("\n")
    }

    #[test]
    fn an_extension_is_written_out_behind_its_stem() {
        for (text, expected) in [
            (
                "Tel. 0461 / 8406-0, Durchwahl -217, Fax -299",
                "Tel. 0461 / 8406-0, Durchwahl 0461 / 8406-217, Fax 0461 / 8406-299",
            ),
            ("Tel 030 901820-0 (DW 17)", "Tel 030 901820-0 (DW 030 901820-17)"),
            ("Tel 030 901820-17 / -18", "Tel 030 901820-17 / 030 901820-18"),
            ("+43 (0)7242 / 47 1 88 - DW 34 | Fax: DW 50", "+43 (0)7242 / 47 1 88-34 | Fax: DW 50"),
            ("Tel. 01 890 44 17 Kl. 12", "Tel. 01 890 44 17-12"),
            ("Durchwahl 0461 8406-217", "Durchwahl 0461 8406-217"),
            ("0461 84060, Mo 8-17 Uhr", "0461 84060, Mo 8-17 Uhr"),
            ("(0461) 8406-0, Raum 217", "(0461) 8406-0, Raum 217"),
            ("T 020 7946 0821 / M 07483 512906", "T 020 7946 0821 / M 07483 512906"),
            ("512-478-0143 x22, 12-14 June", "512-478-0143 x22, 12-14 June"),
            ("no number", "no number"),
        ] {
            assert_eq!(of(text), expected);
        }
    }

    #[test]
    fn what_is_no_digit_within_a_number_is_left_out() {
        for (text, expected) in [
            ("+39 (0)339 771 9023", "+39 339 771 9023"),
            ("044'668’18'00", "044 668 18 00"),
            ("0xx11 3284-7160", "011 3284-7160"),
            ("(0xx11) 3284-7160", "(011) 3284-7160"),
            ("+52 1 55 5204 5500", "+52 55 5204 5500"),
        ] {
            assert_eq!(of(text), expected);
        }
    }

    #[test]
    fn a_column_has_its_label_above() {
        assert_eq!(
            of("Phone    Fax\n020 7946 0821    020 7946 0822\nBye"),
            "Phone: 020 7946 0821\nFax: 020 7946 0822\nBye"
        );
        assert_eq!(of("Phone | Fax\nHall | Ltd"), "Phone | Fax\nHall | Ltd");
    }
}
