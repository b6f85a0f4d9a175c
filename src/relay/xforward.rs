//! Passes on what a trusted peer told about its own client.
//!
//! Takes the attributes as received and those the next hop lists, gives XFORWARD lines of at
//! most 512 octets. The next hop forgets them with each transaction, so they are sent with each.
//!
//! Postfix XFORWARD_README.

use crate::{mail::Xforward, wire::smtp::Capabilities};

/// The README's limit for one command line, CRLF included.
const MAX_LINE: usize = 512;
const VERB: &str = "XFORWARD";

/// The command lines; none where nothing was told or nothing is taken.
pub(super) fn commands(told: &Xforward, offered: &Capabilities) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (name, value) in &told.attributes {
        let listed = offered.xforward().any(|taken| taken.eq_ignore_ascii_case(name));
        let one_word = value.bytes().all(|b| b.is_ascii_graphic()) && !value.is_empty();
        let word = format!(" {name}={value}");
        if !listed || !one_word || VERB.len() + word.len() + 2 > MAX_LINE {
            continue;
        }
        match lines.last_mut().filter(|line| line.len() + word.len() + 2 <= MAX_LINE) {
            Some(line) => line.push_str(&word),
            None => lines.push(format!("{VERB}{word}")),
        }
    }
    for line in &mut lines {
        line.push_str("\r\n");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(attributes: &[(&str, String)]) -> Xforward {
        let attributes = attributes.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
        Xforward { attributes }
    }

    #[test]
    fn only_listed_attributes_go_on() {
        let offered = Capabilities::from_lines(["XFORWARD NAME ADDR"]);
        let told = told(&[
            ("NAME", "a.example".into()),
            ("IDENT", "4XYZ".into()),
            ("ADDR", "[UNAVAILABLE]".into()),
        ]);
        let lines = commands(&told, &offered);
        assert_eq!(lines, ["XFORWARD NAME=a.example ADDR=[UNAVAILABLE]\r\n"]);
        assert!(commands(&told, &Capabilities::default()).is_empty());
    }

    #[test]
    fn long_lines_are_split_and_nothing_can_break_out_of_one() {
        let offered = Capabilities::from_lines(["XFORWARD NAME HELO ADDR IDENT"]);
        let told = told(&[
            ("NAME", "n".repeat(255)),
            ("HELO", "h".repeat(255)),
            ("ADDR", "1.2.3.4\r\nMAIL".into()),
            ("IDENT", "i".into()),
        ]);
        let lines = commands(&told, &offered);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|l| l.len() <= MAX_LINE && l.matches("\r\n").count() == 1));
        assert!(lines[1].ends_with(" IDENT=i\r\n"), "{lines:?}");
    }
}
