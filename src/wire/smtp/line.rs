//! Cuts a stream of octets into command lines.
//!
//! Takes what has arrived so far, gives one line at a time without its CRLF. Only CRLF ends a
//! line: a lone LF is refused and no line after it can be trusted, since another program on the
//! way may have cut there. A line that is too long is thrown away as it arrives and refused
//! once, when its end is found, so that what follows stays in step.
//!
//! RFC 5321 §2.3.7, §2.3.8, §4.5.3.1.4.

/// The longest command line with its CRLF. RFC 5321 wants 512 octets and more for each
/// extension; MAIL with SIZE, DSN, AUTH and SMTPUTF8 stays far below this.
pub const MAX_LINE_OCTETS: usize = 4096;

/// How much of an over-long line is read away before we stop waiting for its end.
const MAX_SKIPPED_OCTETS: usize = 2 << 20;

/// Why a line was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It ended in LF without CR. Nobody knows where the next line begins: close.
    #[error("the line ends in a lone LF")]
    BareLf,
    /// It held a CR that no LF follows.
    #[error("the line holds a lone CR")]
    BareCr,
    /// It held a NUL.
    #[error("the line holds a NUL")]
    Nul,
    /// It was not UTF-8 (of which ASCII is a part).
    #[error("the line is not UTF-8")]
    NotUtf8,
    /// It was longer than [`MAX_LINE_OCTETS`]; its end was found.
    #[error("the line is too long")]
    TooLong,
    /// It did not end at all: close.
    #[error("the line does not end")]
    Endless,
}

impl LineFault {
    /// Whether the stream behind it must not be read as commands.
    pub fn is_fatal(self) -> bool {
        matches!(self, LineFault::BareLf | LineFault::Endless)
    }
}

/// What the octets so far amount to. `consumed` octets are to be removed from the front.
#[derive(Debug, PartialEq, Eq)]
pub enum LineStep<'a> {
    /// No end of line yet.
    More {
        /// Octets that are not needed any more.
        consumed: usize,
    },
    /// A line.
    Line {
        /// Its text, without CRLF.
        text: &'a str,
        /// Its octets, with CRLF.
        consumed: usize,
    },
    /// A line that is refused.
    Fault {
        /// Why.
        fault: LineFault,
        /// The octets it took.
        consumed: usize,
    },
}

/// Remembers how far the unfinished line was looked at.
#[derive(Debug, Default)]
pub struct LineReader {
    searched: usize,
    skipped: usize,
    skipped_cr: bool,
}

impl LineReader {
    /// A reader at the start of a line.
    pub fn new() -> LineReader {
        LineReader::default()
    }

    /// Looks for a line at the front of `buffer`, which holds what was not consumed before and
    /// what arrived since.
    pub fn next<'a>(&mut self, buffer: &'a [u8]) -> LineStep<'a> {
        if self.skipped > 0 {
            return self.skip(buffer);
        }
        let fresh = buffer.get(self.searched..).unwrap_or_default();
        match memchr::memchr(b'\n', fresh) {
            Some(at) => {
                let lf = self.searched + at;
                self.searched = 0;
                finished(buffer, lf)
            }
            None if buffer.len() > MAX_LINE_OCTETS => self.skip(buffer),
            None => {
                self.searched = buffer.len();
                LineStep::More { consumed: 0 }
            }
        }
    }

    /// Throws an over-long line away.
    fn skip<'a>(&mut self, buffer: &'a [u8]) -> LineStep<'a> {
        self.searched = 0;
        let Some(lf) = memchr::memchr(b'\n', buffer) else {
            self.skipped += buffer.len();
            self.skipped_cr = buffer.last().map_or(self.skipped_cr, |last| *last == b'\r');
            if self.skipped > MAX_SKIPPED_OCTETS {
                return LineStep::Fault { fault: LineFault::Endless, consumed: buffer.len() };
            }
            return LineStep::More { consumed: buffer.len() };
        };
        let before = lf.checked_sub(1).and_then(|i| buffer.get(i));
        let crlf = before.map_or(self.skipped_cr, |octet| *octet == b'\r');
        *self = LineReader::new();
        let fault = if crlf { LineFault::TooLong } else { LineFault::BareLf };
        LineStep::Fault { fault, consumed: lf + 1 }
    }
}

/// Judges the line whose LF stands at `lf`.
fn finished(buffer: &[u8], lf: usize) -> LineStep<'_> {
    let consumed = lf + 1;
    let Some((line, _)) = buffer.split_at_checked(lf) else {
        return LineStep::More { consumed: 0 };
    };
    let Some(line) = line.strip_suffix(b"\r") else {
        return LineStep::Fault { fault: LineFault::BareLf, consumed };
    };
    let refuse = |fault| LineStep::Fault { fault, consumed };
    if consumed > MAX_LINE_OCTETS {
        return refuse(LineFault::TooLong);
    }
    match memchr::memchr2(b'\r', 0, line).and_then(|at| line.get(at)) {
        Some(b'\r') => return refuse(LineFault::BareCr),
        Some(_) => return refuse(LineFault::Nul),
        None => {}
    }
    match std::str::from_utf8(line) {
        Ok(text) => LineStep::Line { text, consumed },
        Err(_) => refuse(LineFault::NotUtf8),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    enum Heard {
        Line(String),
        Fault(LineFault),
    }

    /// Feeds the chunks as a connection would; stops at a fatal fault.
    fn hear<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Heard>, usize) {
        let (mut reader, mut buffer, mut heard, mut most) =
            (LineReader::new(), Vec::new(), Vec::new(), 0);
        for chunk in chunks {
            buffer.extend_from_slice(chunk);
            loop {
                most = most.max(buffer.len());
                let consumed = match reader.next(&buffer) {
                    LineStep::More { consumed } => {
                        buffer.drain(..consumed);
                        break;
                    }
                    LineStep::Line { text, consumed } => {
                        heard.push(Heard::Line(text.to_owned()));
                        consumed
                    }
                    LineStep::Fault { fault, consumed } => {
                        heard.push(Heard::Fault(fault));
                        if fault.is_fatal() {
                            return (heard, most);
                        }
                        consumed
                    }
                };
                buffer.drain(..consumed);
            }
        }
        (heard, most)
    }

    fn line(text: &str) -> Heard {
        Heard::Line(text.to_owned())
    }

    #[test]
    fn crlf_ends_a_line_and_nothing_else_does() {
        let (heard, _) = hear([b"NOOP\r\nRSET\r\n\r\nMAIL".as_slice()]);
        assert_eq!(heard, [line("NOOP"), line("RSET"), line("")]);
        let (heard, _) = hear([b"NOOP\rRSET\r\nNOOP\r\n".as_slice()]);
        assert_eq!(heard, [Heard::Fault(LineFault::BareCr), line("NOOP")]);
        let (heard, _) = hear([b"NOOP\nRSET\r\n".as_slice()]);
        assert_eq!(heard, [Heard::Fault(LineFault::BareLf)]);
    }

    #[test]
    fn nul_and_octets_that_are_no_text_are_refused_and_the_next_line_is_heard() {
        let (heard, _) = hear([b"MAIL FROM:<a\0b>\r\n\xff\xfe\r\nNOOP \xc3\xa9\r\n".as_slice()]);
        assert_eq!(
            heard,
            [Heard::Fault(LineFault::Nul), Heard::Fault(LineFault::NotUtf8), line("NOOP é")]
        );
    }

    #[test]
    fn an_over_long_line_is_refused_once_and_costs_no_memory() {
        let mut sent = vec![b'y'; 1 << 20];
        sent.extend_from_slice(b"\r\nNOOP\r\n");
        let (heard, most) = hear(sent.chunks(8192));
        assert_eq!(heard, [Heard::Fault(LineFault::TooLong), line("NOOP")]);
        assert!(most <= MAX_LINE_OCTETS + 8192, "{most} octets were kept");
    }

    #[test]
    fn the_limit_is_exact_and_counts_crlf() {
        let mut sent = vec![b'y'; MAX_LINE_OCTETS - 2];
        sent.extend_from_slice(b"\r\n");
        assert!(matches!(hear([&*sent]).0.as_slice(), [Heard::Line(_)]));
        sent.insert(0, b'y');
        assert_eq!(hear([&*sent]).0, [Heard::Fault(LineFault::TooLong)]);
    }

    #[test]
    fn an_over_long_line_that_ends_in_lf_is_a_lone_lf() {
        let mut sent = vec![b'y'; 10_000];
        sent.extend_from_slice(b"\nRSET\r\n");
        assert_eq!(hear(sent.chunks(5000)).0, [Heard::Fault(LineFault::BareLf)]);
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let chunk = vec![b'A'; 65536];
        let (heard, _) = hear((0..64).map(|_| chunk.as_slice()));
        assert_eq!(heard, [Heard::Fault(LineFault::Endless)]);
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(
            octets in proptest::collection::vec(
                prop_oneof![Just(b'\r'), Just(b'\n'), Just(0), Just(b'a'), Just(0xff)], 0..200),
            cuts in proptest::collection::vec(1usize..17, 1..40),
        ) {
            let whole = hear([&*octets]).0;
            let (mut rest, mut chunks, mut cut) = (&*octets, Vec::new(), cuts.iter().cycle());
            while let Some(n) = cut.next().filter(|_| !rest.is_empty()) {
                let (chunk, left) = rest.split_at((*n).min(rest.len()));
                chunks.push(chunk);
                rest = left;
            }
            prop_assert_eq!(hear(chunks).0, whole);
        }

        #[test]
        fn long_lines_in_chunks_are_refused_alike(length in 4000usize..9000, cut in 1usize..5000) {
            let mut sent = vec![b'y'; length];
            sent.extend_from_slice(b"\r\nNOOP\r\n");
            prop_assert_eq!(hear(sent.chunks(cut)).0, hear([&*sent]).0);
        }
    }
}
