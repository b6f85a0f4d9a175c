//! Rich Text Format → text.
//!
//! A reader of its own: the crates for it build a document tree, we need the words. Takes control
//! words, groups and escapes; knows which groups are not shown. One pass, no recursion.
//!
//! Rich Text Format Specification 1.9.1.

use encoding_rs::Encoding;

use super::{Refusal, text::Text};

/// Groups that hold no shown text, by the control word that opens them. Those marked with `\*`
/// are left out all the same.
const LEFT_OUT: [&[u8]; 22] = [
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"info",
    b"pict",
    b"object",
    b"header",
    b"headerl",
    b"headerr",
    b"headerf",
    b"footer",
    b"footerl",
    b"footerr",
    b"footerf",
    b"annotation",
    b"fldinst",
    b"listtable",
    b"listoverridetable",
    b"revtbl",
    b"rsidtbl",
    b"themedata",
    b"xmlnstbl",
];

/// Groups inside each other that are looked at.
const MOST_DEPTH: usize = 1_000;

/// The text of an RTF file.
pub(super) fn text(octets: &[u8]) -> Result<String, Refusal> {
    let octets = octets.trim_ascii_start();
    if !octets.starts_with(b"{\\rtf") {
        return Err(Refusal::Unreadable);
    }
    let mut reader = Reader {
        rest: octets,
        out: Text::default(),
        group: Group::default(),
        outer: Vec::new(),
        charset: encoding_rs::WINDOWS_1252,
        octets: Vec::new(),
        high_surrogate: None,
        to_skip: 0,
    };
    while !reader.out.is_full() && reader.outer.len() <= MOST_DEPTH && reader.step() {}
    reader.flush();
    Ok(reader.out.into_string())
}

/// What holds until a group ends.
#[derive(Debug, Clone, Copy)]
struct Group {
    left_out: bool,
    /// How many characters behind `\u` stand for readers that do not know it.
    substitutes: usize,
}

impl Default for Group {
    fn default() -> Group {
        Group { left_out: false, substitutes: 1 }
    }
}

struct Reader<'r> {
    rest: &'r [u8],
    out: Text,
    group: Group,
    outer: Vec<Group>,
    charset: &'static Encoding,
    /// Text in `charset`, not yet decoded.
    octets: Vec<u8>,
    /// The first half of a character that `\u` gives in two.
    high_surrogate: Option<u16>,
    /// Substitutes still to be skipped.
    to_skip: usize,
}

impl<'r> Reader<'r> {
    /// Reads one thing; `false` at the end.
    fn step(&mut self) -> bool {
        let Some((&first, rest)) = self.rest.split_first() else { return false };
        self.rest = rest;
        match first {
            b'{' => {
                self.to_skip = 0;
                self.outer.push(self.group);
            }
            b'}' => {
                self.to_skip = 0;
                match self.outer.pop() {
                    Some(outer) => self.group = outer,
                    None => return false,
                }
            }
            b'\\' => self.control(),
            b'\r' | b'\n' | 0 => {}
            octet => self.octet(octet),
        }
        // What follows the outermost group is not the document's.
        !self.outer.is_empty()
    }

    fn control(&mut self) {
        let Some((&first, rest)) = self.rest.split_first() else { return };
        if first.is_ascii_alphabetic() {
            let (word, number) = self.control_word();
            return self.word(word, number);
        }
        self.rest = rest;
        match first {
            b'\'' => {
                let digits = rest.get(..2).unwrap_or_default();
                let octet = std::str::from_utf8(digits).ok().map(|d| u8::from_str_radix(d, 16));
                self.rest = rest.get(2..).unwrap_or_default();
                if let Some(Ok(octet)) = octet {
                    self.octet(octet);
                }
            }
            b'*' => self.group.left_out = true,
            b'~' => self.push("\u{a0}"),
            b'_' => self.push("-"),
            b'\r' | b'\n' => self.paragraph(),
            b'\\' | b'{' | b'}' => self.octet(first),
            _ => {}
        }
    }

    /// Letters, perhaps a number, perhaps one space that belongs to them.
    fn control_word(&mut self) -> (&'r [u8], Option<i32>) {
        let letters = self.rest.iter().take_while(|o| o.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at_checked(letters).unwrap_or_default();
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take_while(|o| o.is_ascii_digit()).count();
        let length = if digits > 0 { sign + digits } else { 0 };
        let (number, rest) = rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
        (word, std::str::from_utf8(number).ok().and_then(|n| n.parse().ok()))
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        match word {
            b"par" | b"sect" | b"page" | b"row" => self.paragraph(),
            b"line" | b"column" => self.line(),
            b"tab" | b"cell" | b"nestcell" | b"emspace" | b"enspace" => self.space(),
            b"lquote" => self.push("‘"),
            b"rquote" => self.push("’"),
            b"ldblquote" => self.push("“"),
            b"rdblquote" => self.push("”"),
            b"endash" => self.push("–"),
            b"emdash" => self.push("—"),
            b"bullet" => self.push("•"),
            b"u" => self.unicode(number.unwrap_or_default()),
            b"uc" => self.group.substitutes = number.map_or(1, |n| n.clamp(0, 16) as usize),
            b"ansicpg" => self.code_page(number.unwrap_or_default()),
            b"mac" => self.charset = encoding_rs::MACINTOSH,
            // Hidden text, deleted text; with a 0 they are shown again.
            b"v" | b"deleted" => self.group.left_out = number != Some(0),
            b"bin" => {
                let octets = number.and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
                self.rest = self.rest.get(octets..).unwrap_or_default();
            }
            word if LEFT_OUT.contains(&word) => self.group.left_out = true,
            _ => {}
        }
    }

    fn code_page(&mut self, number: i32) {
        let label = match number {
            932 => "shift_jis".to_owned(),
            936 => "gbk".to_owned(),
            949 => "euc-kr".to_owned(),
            950 => "big5".to_owned(),
            65001 => "utf-8".to_owned(),
            10000 => "macintosh".to_owned(),
            number => format!("windows-{number}"),
        };
        self.flush();
        self.charset = Encoding::for_label(label.as_bytes()).unwrap_or(self.charset);
    }

    /// One octet of text in the document's charset.
    fn octet(&mut self, octet: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if !self.group.left_out {
            self.octets.push(octet);
        }
    }

    /// A UTF-16 unit, written as a signed number.
    fn unicode(&mut self, number: i32) {
        self.to_skip = self.group.substitutes;
        let unit = number.rem_euclid(0x1_0000) as u16;
        let units = [self.high_surrogate.take(), Some(unit)];
        if (0xd800..0xdc00).contains(&unit) {
            self.high_surrogate = Some(unit);
            return;
        }
        let text: String = char::decode_utf16(units.into_iter().flatten()).flatten().collect();
        let (to_skip, _) = (self.to_skip, self.push(&text));
        self.to_skip = to_skip;
    }

    fn push(&mut self, text: &str) {
        self.flush();
        if !self.group.left_out {
            self.out.push(text);
        }
    }

    fn space(&mut self) {
        self.flush();
        if !self.group.left_out {
            self.out.space();
        }
    }

    fn line(&mut self) {
        self.flush();
        if !self.group.left_out {
            self.out.new_line();
        }
    }

    fn paragraph(&mut self) {
        self.flush();
        if !self.group.left_out {
            self.out.new_paragraph();
        }
    }

    /// Decodes what was gathered in the document's charset.
    fn flush(&mut self) {
        self.to_skip = 0;
        if !self.octets.is_empty() {
            let (text, _) = self.charset.decode_without_bom_handling(&self.octets);
            self.out.push(&text);
            self.octets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rtf: &str) -> String {
        text(rtf.as_bytes()).unwrap().trim().to_owned()
    }

    #[test]
    fn paragraphs_characters_and_groups() {
        let rtf = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\*\generator X;}
\pard\f0\fs24 Sehr geehrte Frau M\'fcller,\par Ihr Antrag {\b wird} abgelehnt.\line
Wir k\u246?nnen\~das nicht \endash  leider.\par\u55357?\u56832? \{a\}\\}";
        // Line breaks of the file are none; those of the text are.
        let wanted = "Sehr geehrte Frau Müller,\n\nIhr Antrag wird abgelehnt.\n\
                      Wir können\u{a0}das nicht – leider.\n\n😀 {a}\\";
        assert_eq!(read(rtf), wanted);
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        let rtf = r"{\rtf1{\info{\title T}}{\header H}{\*\bkmkstart b}seen{\v hidden}{\deleted d}\v x\v0  y{\pict 00ff}}";
        assert_eq!(read(rtf), "seen y");
    }

    #[test]
    fn a_nul_is_no_text() {
        assert_eq!(read(r"{\rtf1 a\u0?b\'00c}"), "abc");
    }

    #[test]
    fn substitutes_are_skipped_as_often_as_the_document_says() {
        assert_eq!(read(r"{\rtf1\uc2 a\u8364 EUb{\uc0\u8364 c}\u8364\'45\'55d}"), "a€b€c€d");
    }

    #[test]
    fn binary_data_is_no_markup_and_the_end_is_the_end() {
        assert_eq!(read("{\\rtf1 a{\\pict\\bin3 }}}}b} behind"), "ab");
        assert_eq!(read(r"{\rtf1 cut off"), "cut off");
        assert_eq!(read(r"{\rtf1 \'"), "");
        assert_eq!(text(b"plain"), Err(Refusal::Unreadable));
    }

    #[test]
    fn groups_without_end_are_no_trouble() {
        let deep = format!("{{\\rtf1 a{}", "{".repeat(100_000));
        assert_eq!(read(&deep), "a");
        let long = format!("{{\\rtf1 {}", "word ".repeat(100_000));
        assert!(read(&long).len() <= super::super::MOST_TEXT_OCTETS);
    }
}
