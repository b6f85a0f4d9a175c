//! Writes mail data: stuffs dots and ends with one `CRLF . CRLF`.
//!
//! Takes content in pieces, gives octets for the wire. A lone CR, a lone LF and
//! NUL are refused: some receivers take them for a line end, and mail that means
//! two things is how a second mail is smuggled. The refusal comes before the
//! octet is written; the caller then must close the connection.
//!
//! RFC 5321 §4.1.1.4 (no extra CRLF), §4.5.2.

/// Content that must not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadContent {
    /// CR without LF.
    #[error("the content has a bare CR")]
    BareCr,
    /// LF without CR.
    #[error("the content has a bare LF")]
    BareLf,
    /// An octet of value zero.
    #[error("the content has a NUL")]
    Nul,
}

/// What stood before the next octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// CRLF, or nothing at all.
    LineStart,
    /// Anything else.
    Line,
    /// A CR whose LF must follow.
    Cr,
}

/// One message on its way out.
#[derive(Debug)]
pub struct DotStuffer {
    before: Before,
}

impl Default for DotStuffer {
    fn default() -> Self {
        DotStuffer::new()
    }
}

impl DotStuffer {
    /// Before the first octet.
    pub fn new() -> DotStuffer {
        DotStuffer { before: Before::LineStart }
    }

    /// Writes the next piece, split anywhere, behind `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), BadContent> {
        out.reserve(piece.len() + 16);
        let mut rest = piece;
        while let Some((&first, behind_first)) = rest.split_first() {
            if self.before == Before::Cr {
                if first != b'\n' {
                    return Err(BadContent::BareCr);
                }
                out.push(b'\n');
                self.before = Before::LineStart;
                rest = behind_first;
                continue;
            }
            if self.before == Before::LineStart && first == b'.' {
                out.push(b'.');
            }
            let text = memchr::memchr3(b'\r', b'\n', 0, rest).unwrap_or(rest.len());
            let (run, special) = rest.split_at_checked(text).unwrap_or((rest, &[]));
            out.extend_from_slice(run);
            if !run.is_empty() {
                self.before = Before::Line;
            }
            rest = match special.split_first() {
                None => special,
                Some((b'\r', behind)) => {
                    out.push(b'\r');
                    self.before = Before::Cr;
                    behind
                }
                Some((b'\n', _)) => return Err(BadContent::BareLf),
                Some(_) => return Err(BadContent::Nul),
            };
        }
        Ok(())
    }

    /// Ends the data; content without a final CRLF gets one, other content gets nothing extra.
    pub fn finish(self, out: &mut Vec<u8>) -> Result<(), BadContent> {
        match self.before {
            Before::LineStart => out.extend_from_slice(b".\r\n"),
            Before::Line => out.extend_from_slice(b"\r\n.\r\n"),
            Before::Cr => return Err(BadContent::BareCr),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuff(pieces: &[&[u8]]) -> Result<Vec<u8>, BadContent> {
        let (mut stuffer, mut out) = (DotStuffer::new(), Vec::new());
        for piece in pieces {
            stuffer.push(piece, &mut out)?;
        }
        stuffer.finish(&mut out)?;
        Ok(out)
    }

    /// The receiving side of RFC 5321 §4.5.2, written the slow and plain way: the content
    /// and what follows the end of data.
    fn unstuff(mut wire: &[u8]) -> Option<(Vec<u8>, &[u8])> {
        let mut content = Vec::new();
        loop {
            let end = wire.windows(2).position(|w| w == b"\r\n")?;
            let (line, rest) = (&wire[..end], &wire[end + 2..]);
            wire = rest;
            if line == b"." {
                return Some((content, wire));
            }
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
            content.extend_from_slice(b"\r\n");
        }
    }

    fn reference_verdict(content: &[u8]) -> bool {
        content.iter().enumerate().all(|(i, octet)| match octet {
            b'\r' => content.get(i + 1) == Some(&b'\n'),
            b'\n' => i > 0 && content[i - 1] == b'\r',
            0 => false,
            _ => true,
        })
    }

    #[test]
    fn every_short_content_comes_back_or_is_refused_however_it_is_cut() {
        let alphabet = [b'a', b'.', b'\r', b'\n', 0];
        for length in 0..=6_u32 {
            for number in 0..alphabet.len().pow(length) {
                let digit = |place: u32| alphabet[number / alphabet.len().pow(place) % 5];
                let content: Vec<u8> = (0..length).map(digit).collect();
                let whole = stuff(&[&content]);
                assert_eq!(whole.is_ok(), reference_verdict(&content), "{content:?}");
                for cut in 0..=content.len() {
                    let (a, b) = content.split_at(cut);
                    assert_eq!(stuff(&[a, b]), whole, "{content:?} cut at {cut}");
                }
                let Ok(wire) = whole else { continue };
                let (back, behind) = unstuff(&wire).expect("an end of data");
                assert!(behind.is_empty(), "{content:?} ends early");
                let mut expected = content.clone();
                if !content.is_empty() && !content.ends_with(b"\r\n") {
                    expected.extend_from_slice(b"\r\n");
                }
                assert_eq!(back, expected);
            }
        }
    }

    #[test]
    fn no_crlf_is_added_to_content_that_has_one() {
        assert_eq!(stuff(&[b"hi\r\n"]).unwrap(), b"hi\r\n.\r\n");
        assert_eq!(stuff(&[b"hi"]).unwrap(), b"hi\r\n.\r\n");
        assert_eq!(stuff(&[b""]).unwrap(), b".\r\n");
        assert_eq!(stuff(&[b".\r\n..\r\n"]).unwrap(), b"..\r\n...\r\n.\r\n");
    }

    #[test]
    fn nothing_behind_a_bad_octet_is_written() {
        let (mut stuffer, mut out) = (DotStuffer::new(), Vec::new());
        assert_eq!(stuffer.push(b"a\n.\nMAIL FROM:<>", &mut out), Err(BadContent::BareLf));
        assert_eq!(out, b"a");
    }
}
