//! Hears the end of mail data.
//!
//! Takes octets as they arrive behind 354, gives the content with its dots unstuffed, and says
//! where it ended. Only `CRLF . CRLF` ends it; the CRLF that ended the DATA command counts as
//! the first one, so that `. CRLF` at once is an empty message. A lone CR, a lone LF and NUL
//! never end anything and never begin a line: they are findings, for the caller to refuse,
//! because the next server might take them for a line end (SMTP smuggling, CVE-2023-51764).
//!
//! RFC 5321 §2.3.8, §4.1.1.4, §4.5.2.

use memchr::memchr3;

/// What to do with a lone CR or LF.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineEnds {
    /// Leave it as it is and report it.
    #[default]
    Keep,
    /// Write CRLF in its place and report it.
    Normalise,
}

/// What the content held that a later server may read differently.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Findings {
    /// A CR that no LF follows.
    pub bare_cr: bool,
    /// An LF without a CR before it.
    pub bare_lf: bool,
    /// A NUL.
    pub nul: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Behind CRLF, or at the very beginning.
    LineStart,
    /// Inside a line.
    Text,
    /// Behind a CR inside a line.
    Cr,
    /// Behind a dot that began a line.
    Dot,
    /// Behind a dot that began a line, and a CR.
    DotCr,
    /// Behind the end.
    Ended,
}

/// Reads the content of one message.
#[derive(Debug)]
pub struct DataReader {
    state: State,
    line_ends: LineEnds,
    findings: Findings,
}

impl DataReader {
    /// A reader behind the CRLF of the DATA command.
    pub fn new(line_ends: LineEnds) -> DataReader {
        DataReader { state: State::LineStart, line_ends, findings: Findings::default() }
    }

    /// What it does with a lone CR or LF.
    pub fn line_ends(&self) -> LineEnds {
        self.line_ends
    }

    /// What was found so far.
    pub fn findings(&self) -> Findings {
        self.findings
    }

    /// Appends what `input` adds to the content. `Some(n)`: the data ended behind `n` octets of
    /// `input`, what follows are commands. `None`: all of it was taken and more must come.
    pub fn read(&mut self, input: &[u8], content: &mut Vec<u8>) -> Option<usize> {
        let mut rest = input;
        while self.state != State::Ended {
            let (first, behind) = rest.split_first()?;
            match (self.state, first) {
                (State::LineStart, b'.') => (self.state, rest) = (State::Dot, behind),
                (State::Dot, b'\r') => (self.state, rest) = (State::DotCr, behind),
                (State::DotCr, b'\n') => (self.state, rest) = (State::Ended, behind),
                (State::Cr, b'\n') => {
                    content.extend_from_slice(b"\r\n");
                    (self.state, rest) = (State::LineStart, behind);
                }
                (State::Cr | State::DotCr, _) => {
                    self.bare_cr(content);
                    self.state = State::Text;
                }
                // The dot of a longer line is the one the client put there (§4.5.2).
                (State::LineStart | State::Dot, _) => self.state = State::Text,
                (State::Text | State::Ended, _) => rest = self.text(rest, content),
            }
        }
        Some(input.len() - rest.len())
    }

    /// Takes everything up to the next octet that needs thought, and that octet.
    fn text<'a>(&mut self, input: &'a [u8], content: &mut Vec<u8>) -> &'a [u8] {
        let (run, rest) = input.split_at_checked(plain_run(input)).unwrap_or((input, &[]));
        content.extend_from_slice(run);
        let Some((first, behind)) = rest.split_first() else { return rest };
        match first {
            b'\r' => self.state = State::Cr,
            b'\n' => self.bare_lf(content),
            other => {
                self.findings.nul |= *other == 0;
                content.push(*other);
            }
        }
        behind
    }

    fn bare_cr(&mut self, content: &mut Vec<u8>) {
        self.findings.bare_cr = true;
        match self.line_ends {
            LineEnds::Keep => content.push(b'\r'),
            LineEnds::Normalise => content.extend_from_slice(b"\r\n"),
        }
    }

    fn bare_lf(&mut self, content: &mut Vec<u8>) {
        self.findings.bare_lf = true;
        match self.line_ends {
            LineEnds::Keep => content.push(b'\n'),
            LineEnds::Normalise => content.extend_from_slice(b"\r\n"),
        }
    }
}

/// How many octets from the front, which lies inside a line, are text and CRLF before a line
/// that begins without a dot: they can be copied in one go. Nearly all of nearly every mail.
fn plain_run(input: &[u8]) -> usize {
    let mut run = 0;
    while let Some(at) = input.get(run..).and_then(|rest| memchr3(b'\r', b'\n', 0, rest)) {
        match input.get(run + at..run + at + 3) {
            Some([b'\r', b'\n', next]) if *next != b'.' => run += at + 2,
            _ => return run + at,
        }
    }
    input.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    struct Taken {
        content: Vec<u8>,
        ended_at: Option<usize>,
        findings: Findings,
    }

    fn take(chunks: &[&[u8]], line_ends: LineEnds) -> Taken {
        let (mut reader, mut content, mut before) = (DataReader::new(line_ends), Vec::new(), 0);
        for chunk in chunks {
            if let Some(n) = reader.read(chunk, &mut content) {
                let ended_at = Some(before + n);
                return Taken { content, ended_at, findings: reader.findings() };
            }
            before += chunk.len();
        }
        Taken { content, ended_at: None, findings: reader.findings() }
    }

    /// The rule as the RFC says it: lines end in CRLF, a line that is one dot ends the data,
    /// another line loses its first dot. `None` while there is no end.
    fn reference(input: &[u8]) -> Option<(Vec<u8>, usize)> {
        let (mut content, mut at) = (Vec::new(), 0);
        loop {
            let length = input[at..].windows(2).position(|pair| pair == b"\r\n")?;
            let line = &input[at..at + length];
            at += length + 2;
            if line == b"." {
                return Some((content, at));
            }
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
            content.extend_from_slice(b"\r\n");
        }
    }

    fn reference_findings(content: &[u8]) -> Findings {
        let text = String::from_utf8_lossy(content).replace("\r\n", "");
        Findings {
            bare_cr: text.contains('\r'),
            bare_lf: text.contains('\n'),
            nul: text.contains('\0'),
        }
    }

    /// A second way to normalise, over the finished content.
    fn normalised(content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut octets = content.iter().peekable();
        while let Some(octet) = octets.next() {
            match octet {
                b'\r' => {
                    out.extend_from_slice(b"\r\n");
                    octets.next_if_eq(&&b'\n');
                }
                b'\n' => out.extend_from_slice(b"\r\n"),
                other => out.push(*other),
            }
        }
        out
    }

    /// Every input over `alphabet` of exactly this length.
    fn every_input(alphabet: &[u8], length: u32, mut visit: impl FnMut(&[u8])) {
        let n = alphabet.len();
        for number in 0..n.pow(length) {
            let octets: Vec<u8> =
                (0..length).map(|place| alphabet[number / n.pow(place) % n]).collect();
            visit(&octets);
        }
    }

    #[test]
    fn every_short_input_cut_everywhere_is_read_as_the_rfc_says() {
        for length in 0..=7 {
            every_input(b"a.\r\n", length, |input| {
                let want = reference(input);
                for cut in 0..=input.len() {
                    let (head, tail) = input.split_at(cut);
                    let got = take(&[head, tail], LineEnds::Keep);
                    assert_eq!(got.ended_at, want.as_ref().map(|w| w.1), "{input:?} at {cut}");
                    if let Some((content, _)) = &want {
                        assert_eq!(&got.content, content, "{input:?} at {cut}");
                        assert_eq!(got.findings, reference_findings(content), "{input:?}");
                        let clean = take(&[head, tail], LineEnds::Normalise);
                        assert_eq!(clean.content, normalised(content), "{input:?} at {cut}");
                        assert_eq!(clean.ended_at, got.ended_at);
                    }
                }
            });
        }
    }

    #[test]
    fn nul_changes_nothing_but_the_finding() {
        for length in 0..=6 {
            every_input(b".\r\n\0", length, |input| {
                let want = reference(input);
                let got = take(&[input], LineEnds::Keep);
                assert_eq!(got.ended_at, want.as_ref().map(|w| w.1), "{input:?}");
                if let Some((content, _)) = want {
                    assert_eq!(got.findings.nul, content.contains(&0));
                    assert_eq!(got.content, content);
                }
            });
        }
    }

    #[test]
    fn an_empty_message_ends_at_once() {
        let got = take(&[b".\r\nRSET\r\n"], LineEnds::Keep);
        assert_eq!((got.content, got.ended_at), (Vec::new(), Some(3)));
    }

    #[test]
    fn none_of_the_known_false_ends_is_an_end() {
        for sequence in [
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\r.\r",
            "\r.\n",
            "\n.\r",
            "\r.\r\n",
            "\r\n.\r",
            "\r\r\n.\r\r\n",
            "\r\n.\r\r\n",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\r\n. \r\n",
            "\n\n.\r\n",
        ] {
            let sent = format!("text{sequence}MAIL FROM:<a@b.example>\r\n");
            for line_ends in [LineEnds::Keep, LineEnds::Normalise] {
                assert_eq!(take(&[sent.as_bytes()], line_ends).ended_at, None, "{sequence:?}");
            }
        }
    }

    #[test]
    fn normalised_content_holds_no_lone_line_end() {
        let got = take(&[b"a\nb\rc\r\r\n\n.\n..\r\n.\r\n"], LineEnds::Normalise);
        assert_eq!(got.content, b"a\r\nb\r\nc\r\n\r\n\r\n.\r\n..\r\n");
        assert_eq!(reference_findings(&got.content), Findings::default());
        assert!(got.findings.bare_cr && got.findings.bare_lf);
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(
            octets in proptest::collection::vec(
                prop_oneof![
                    3 => Just(b'\r'), 3 => Just(b'\n'), 3 => Just(b'.'), 1 => Just(0), 2 => any::<u8>()
                ], 0..400),
            cuts in proptest::collection::vec(1usize..33, 1..40),
            normalise: bool,
        ) {
            let line_ends = if normalise { LineEnds::Normalise } else { LineEnds::Keep };
            let (mut rest, mut chunks, mut cut) = (&*octets, Vec::new(), cuts.iter().cycle());
            while let Some(n) = cut.next().filter(|_| !rest.is_empty()) {
                let (chunk, left) = rest.split_at((*n).min(rest.len()));
                chunks.push(chunk);
                rest = left;
            }
            prop_assert_eq!(take(&chunks, line_ends), take(&[&octets], line_ends));
        }

        #[test]
        fn what_a_client_stuffs_comes_out_as_it_was(
            lines in proptest::collection::vec("[.a-z ]{0,20}", 0..30)
        ) {
            let content: String = lines.iter().map(|l| format!("{l}\r\n")).collect();
            let mut wire: String = lines
                .iter()
                .map(|l| format!("{}{l}\r\n", if l.starts_with('.') { "." } else { "" }))
                .collect();
            wire.push_str(".\r\n");
            let got = take(&[wire.as_bytes()], LineEnds::Keep);
            prop_assert_eq!(got.ended_at, Some(wire.len()));
            prop_assert_eq!(got.findings, Findings::default());
            prop_assert_eq!(got.content, content.into_bytes());
        }
    }
}
