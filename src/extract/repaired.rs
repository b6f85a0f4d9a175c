//! A PDF file whose table of objects is lost → the same with a new one.
//!
//! Every program that shows PDF mends such files, so their readers never learn that they are
//! broken. Objects are found by their own words, `12 0 obj`; the last of a number counts, as it
//! does where a file was saved again. Objects packed in streams are not found.
//!
//! ISO 32000-1 §7.5.

use std::collections::BTreeMap;

use memchr::memmem;

/// Objects that are looked for.
const MOST_OBJECTS: usize = 100_000;

/// The file with a new table behind it; `None` where there is nothing to begin from.
pub(super) fn repaired(octets: &[u8]) -> Option<Vec<u8>> {
    // How a file is encrypted stood where its table was.
    if memmem::find(octets, b"/Encrypt").is_some() {
        return None;
    }
    let root = root(octets)?;
    let mut objects = BTreeMap::new();
    for at in memmem::find_iter(octets, b" obj").take(MOST_OBJECTS) {
        if let Some((number, generation, begin)) = object(octets.get(..at)?) {
            objects.insert(number, (generation, begin));
        }
    }
    let largest = *objects.last_key_value()?.0;
    let mut file = octets.to_vec();
    let begin = file.len() + 1;
    file.extend_from_slice(b"\nxref\n0 1\n0000000000 65535 f \n");
    for (number, (generation, at)) in objects {
        file.extend(format!("{number} 1\n{at:010} {generation:05} n \n").into_bytes());
    }
    let size = u64::from(largest) + 1;
    let trailer =
        format!("trailer\n<< /Size {size} /Root {root} 0 R >>\nstartxref\n{begin}\n%%EOF\n");
    file.extend(trailer.into_bytes());
    Some(file)
}

/// The number of the catalog, as the last trailer that is left has it.
fn root(octets: &[u8]) -> Option<u32> {
    const ROOT: &[u8] = b"/Root";
    let at = memmem::rfind(octets, ROOT)? + ROOT.len();
    let text = octets.get(at..)?.trim_ascii_start();
    let digits = text.iter().take_while(|o| o.is_ascii_digit()).count();
    std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
}

/// Number, generation and place of the object whose head, but for the word itself, ends here.
fn object(head: &[u8]) -> Option<(u32, u16, usize)> {
    let (generation, at) = number_at_end(head)?;
    let head = head.get(..at)?.strip_suffix(b" ")?;
    let (number, at) = number_at_end(head)?;
    Some((number, u16::try_from(generation).ok()?, at))
}

/// The number that these octets end with, and where it begins.
fn number_at_end(octets: &[u8]) -> Option<(u32, usize)> {
    let digits = octets.iter().rev().take(10).take_while(|o| o.is_ascii_digit()).count();
    let at = octets.len() - digits;
    let number = std::str::from_utf8(octets.get(at..)?).ok()?.parse().ok()?;
    Some((number, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_by_their_words_and_the_last_of_a_number_counts() {
        let file =
            b"%PDF\n7 0 obj\n1\nendobj\n12 3 obj 2 endobj\n7 0 obj\n3\nendobj\n<< /Root  12 3 R >>";
        let whole = repaired(file).unwrap();
        let new = String::from_utf8(whole[file.len()..].to_vec()).unwrap();
        let wanted = "\nxref\n0 1\n0000000000 65535 f \n7 1\n0000000040 00000 n \n\
                      12 1\n0000000022 00003 n \ntrailer\n<< /Size 13 /Root 12 0 R >>\nstartxref\n";
        assert!(new.starts_with(wanted), "{new}");
    }

    #[test]
    fn where_there_is_nothing_to_begin_from_there_is_nothing() {
        for octets in
            [&b""[..], b"1 0 obj", b"/Root 1 0 R", b"/Root x 1 0 obj", b"1 0 obj /Root 1 /Encrypt"]
        {
            assert_eq!(repaired(octets), None);
        }
    }
}
