//! The body of a multipart → its pieces.
//!
//! Takes a body and every boundary that it might have, gives preamble and segments. Delimiters
//! go on counting behind a closing one: some programs stop there, some do not.
//!
//! RFC 2046 §5.1.1.

use memchr::memmem;

/// A piece between two delimiters, without the line end before the second.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) bytes: &'a [u8],
    /// It stands behind a closing delimiter: the epilogue, or a part that hides there.
    pub(super) behind_close: bool,
}

/// A multipart in pieces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut<'a> {
    pub(super) preamble: &'a [u8],
    pub(super) segments: Vec<Segment<'a>>,
    /// A closing delimiter was there.
    pub(super) closed: bool,
    /// A line began like a delimiter and went on differently.
    pub(super) odd: bool,
}

enum Line {
    Open,
    Close,
    Odd,
    Other,
}

/// What the line behind `--` is.
fn judge(line: &[u8], boundaries: &[Vec<u8>]) -> Line {
    let line = line.trim_ascii_end();
    let mut judged = Line::Other;
    for boundary in boundaries {
        let Some(behind) = line.strip_prefix(boundary.as_slice()) else { continue };
        match behind.trim_ascii_start() {
            b"" => return Line::Open,
            dashes if dashes.starts_with(b"--") && dashes.iter().all(|b| *b == b'-') => {
                judged = Line::Close;
            }
            _ if !matches!(judged, Line::Close) => judged = Line::Odd,
            _ => {}
        }
    }
    judged
}

/// Each line that begins with `--`: where it begins, and the rest of it.
fn dashed(body: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let first = body.starts_with(b"--").then_some(0);
    first.into_iter().chain(memmem::find_iter(body, b"\n--").map(|at| at + 1)).map(|at| {
        let behind = body.get(at + 2..).unwrap_or_default();
        let end = memchr::memchr2(b'\n', b'\r', behind).unwrap_or(behind.len());
        (at, behind.get(..end).unwrap_or_default())
    })
}

/// Whether a delimiter of any of these boundaries is there.
pub(super) fn any(body: &[u8], boundaries: &[Vec<u8>]) -> bool {
    !boundaries.is_empty()
        && dashed(body).any(|(_, line)| matches!(judge(line, boundaries), Line::Open | Line::Close))
}

/// Cuts at every delimiter.
pub(super) fn cut<'a>(body: &'a [u8], boundaries: &[Vec<u8>]) -> Cut<'a> {
    let mut cut = Cut { preamble: b"", segments: Vec::new(), closed: false, odd: false };
    let (mut from, mut open, mut behind_close) = (0, false, false);
    let give = |cut: &mut Cut<'a>, from: usize, to: usize, open: bool, behind_close: bool| {
        let bytes = body.get(from..to).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").map_or(bytes, |b| b.strip_suffix(b"\r").unwrap_or(b));
        if open {
            cut.segments.push(Segment { bytes, behind_close });
        } else {
            cut.preamble = bytes;
        }
    };
    for (at, line) in dashed(body) {
        let close = match judge(line, boundaries) {
            Line::Open => false,
            Line::Close => true,
            Line::Odd => {
                cut.odd = true;
                continue;
            }
            Line::Other => continue,
        };
        give(&mut cut, from, at, open, behind_close);
        let line_end = at + 2 + line.len();
        let behind = body.get(line_end..).unwrap_or_default();
        from = line_end
            + if behind.starts_with(b"\r\n") { 2 } else { usize::from(!behind.is_empty()) };
        open = true;
        behind_close = close;
        cut.closed |= close;
    }
    give(&mut cut, from, body.len(), open, behind_close);
    cut
}

/// A boundary nobody told us: a line `--x` with a Content field right behind it.
pub(super) fn guess(body: &[u8]) -> Option<Vec<u8>> {
    dashed(body).take(200).find_map(|(at, line)| {
        let behind = body.get(at + 2 + line.len()..).unwrap_or_default();
        let line = line.trim_ascii_end();
        let good = !line.is_empty()
            && line.len() <= 200
            && begins_with_content_field(behind.trim_ascii_start());
        good.then(|| line.to_vec())
    })
}

/// Whether these octets begin with a `Content-...:` field.
pub(super) fn begins_with_content_field(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(60)).unwrap_or_default().to_ascii_lowercase();
    head.starts_with(b"content-")
        && head.split(|b| *b == b'\n').next().is_some_and(|line| line.contains(&b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(body: &str, boundary: &str) -> (String, Vec<(String, bool)>, bool, bool) {
        let cut = cut(body.as_bytes(), &[boundary.as_bytes().to_vec()]);
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let segments = cut.segments.iter().map(|s| (text(s.bytes), s.behind_close)).collect();
        (text(cut.preamble), segments, cut.closed, cut.odd)
    }

    #[test]
    fn a_multipart_falls_into_its_pieces() {
        let (preamble, segments, closed, odd) =
            pieces("pre\r\n--b\r\none\r\n--b \r\ntwo\r\n--b--\r\nend", "b");
        assert_eq!(preamble, "pre");
        let want = [("one".into(), false), ("two".into(), false), ("end".into(), true)];
        assert_eq!(segments, want);
        assert!(closed && !odd);
    }

    #[test]
    fn without_the_closing_delimiter_the_last_part_is_there() {
        let (_, segments, closed, _) = pieces("--b\none\n", "b");
        assert_eq!((segments.as_slice(), closed), (&[("one".into(), false)][..], false));
    }

    #[test]
    fn a_longer_boundary_is_not_ours_but_is_told() {
        let (_, segments, _, odd) = pieces("--b\none\n--bx\ntwo\n--b--", "b");
        assert_eq!(segments.first().map(|s| s.0.as_str()), Some("one\n--bx\ntwo"));
        assert!(odd);
    }

    #[test]
    fn a_boundary_is_guessed_from_what_follows_it() {
        assert_eq!(guess(b"x\n--abc\nContent-Type: text/plain\n\ny"), Some(b"abc".to_vec()));
        assert_eq!(guess(b"x\n-- \nBob\n"), None);
    }
}
