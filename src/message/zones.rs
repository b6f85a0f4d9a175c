//! Lines → what kind of text each of them is.
//!
//! Takes the lines of a body and what the header says about it, gives runs of new, quoted,
//! forwarded, signature and disclaimer.
//!
//! A sender could write "-----Original Message-----" above his own words to keep them from being
//! read. So no mark is believed by itself:
//! - Quotes and forwards count only where the header supports them: In-Reply-To, References, or a
//!   subject that begins with `Re:`, `Fwd:` and their kin. Without that all of it is new.
//! - In an answer that would consist of nothing but a quote opened by typed marks, the quote is new.
//! - Signatures end: a line of a dozen words that is prose is new again, and so is what follows the
//!   fifteenth line. Where nothing new is left, signature and small print are the message.
//!
//! What is left to a liar is an answer with harmless words above forged marks; only the stored
//! earlier mail could unmask it.

use super::{
    PassageKind, closings,
    lines::{self, Line, Zone},
    marks::{self, Marker},
};

/// What the header says about quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// An earlier message may be in here.
    pub(super) supported: bool,
    /// The subject says that it was forwarded.
    pub(super) forward: bool,
}

/// A run of lines of one kind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) kind: PassageKind,
    pub(super) text: String,
}

/// Tells the kinds apart.
pub(super) fn runs(lines: &[Line<'_>], context: Context) -> Vec<Run> {
    let mut kinds = earlier(lines, context);
    closings_of(lines, &mut kinds);
    let nothing_new =
        !lines.iter().zip(&kinds).any(|(l, k)| *k == PassageKind::New && has_words(&l.text));
    if nothing_new {
        for kind in &mut kinds {
            if matches!(kind, PassageKind::Signature | PassageKind::Disclaimer) {
                *kind = PassageKind::New;
            }
        }
    }
    grouped(lines, &kinds)
}

fn has_words(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}

/// What is quoted or forwarded; everything else is new or marked as signature by HTML.
fn earlier(lines: &[Line<'_>], context: Context) -> Vec<PassageKind> {
    let mut kinds = Vec::with_capacity(lines.len());
    let own = |line: &Line<'_>| {
        if line.zone == Zone::Signature { PassageKind::Signature } else { PassageKind::New }
    };
    if !context.supported {
        return lines.iter().map(own).collect();
    }
    let quote = if context.forward { PassageKind::Forwarded } else { PassageKind::Quoted };
    let mut typed_from_the_start = false;
    while let Some(line) = lines.get(kinds.len()) {
        let at = kinds.len();
        if let Some((kind, opened)) = rest_is(lines, at, quote) {
            let above = lines.get(..at).unwrap_or_default();
            typed_from_the_start =
                opened == Zone::Plain && !above.iter().any(|l| has_words(&l.text));
            kinds.resize(lines.len(), kind);
            break;
        }
        if let Some(count) =
            marks::attribution(lines, at).filter(|n| introduces_quote(lines, at + n))
        {
            kinds.resize(at + count, quote);
            continue;
        }
        kinds.push(match line.zone {
            Zone::Cited | Zone::Blockquote => quote,
            _ if marks::is_quoted(&line.text) => quote,
            _ => own(line),
        });
    }
    if typed_from_the_start && !context.forward {
        for kind in &mut kinds {
            if *kind == PassageKind::Quoted {
                *kind = PassageKind::New;
            }
        }
    }
    kinds
}

/// Whether all from this line on is an earlier message, which kind, and the zone of the mark.
fn rest_is(lines: &[Line<'_>], at: usize, quote: PassageKind) -> Option<(PassageKind, Zone)> {
    let line = lines.get(at)?;
    if line.text.is_empty() || line.zone == Zone::Blockquote {
        return None;
    }
    // Inside of a marked quote a header block belongs to what is quoted, unless the mark encloses
    // nothing but the block, as Outlook's does.
    let goes_on_plain = |behind: usize| {
        line.zone != Zone::Cited
            || next_words(lines, behind).is_none_or(|l| l.zone <= Zone::Signature)
    };
    match marks::marker(&line.text) {
        Some(Marker::Forwarded) if goes_on_plain(at + 1) => {
            return Some((PassageKind::Forwarded, line.zone));
        }
        Some(Marker::Original) if goes_on_plain(at + 1) => return Some((quote, line.zone)),
        _ => {}
    }
    let block_at = if marks::is_rule(&line.text) {
        (at + 1..at + 3)
            .find(|n| lines.get(*n).is_some_and(|l| !lines::trimmed(&l.text).is_empty()))?
    } else {
        at
    };
    if marks::header_block(lines, block_at).is_some_and(|n| goes_on_plain(block_at + n)) {
        return Some((quote, line.zone));
    }
    let count = marks::attribution(lines, at)?;
    let plain_behind = next_words(lines, at + count)
        .is_some_and(|l| l.zone <= Zone::Signature && !marks::is_quoted(&l.text));
    let made_by_a_program = (at..at + count)
        .filter_map(|n| lines.get(n))
        .any(|l| l.text.contains('@') || has_time(&l.text));
    (plain_behind && made_by_a_program && line.zone <= Zone::Signature)
        .then_some((quote, line.zone))
}

/// Whether a quote follows an attribution line: people write "On 3 May you wrote:" themselves.
fn introduces_quote(lines: &[Line<'_>], behind: usize) -> bool {
    next_words(lines, behind)
        .is_none_or(|l| l.zone >= Zone::Blockquote || marks::is_quoted(&l.text))
}

fn next_words<'l>(lines: &'l [Line<'l>], from: usize) -> Option<&'l Line<'l>> {
    lines.iter().skip(from).take(4).find(|l| has_words(&l.text) || marks::is_quoted(&l.text))
}

/// `10:12`
fn has_time(line: &str) -> bool {
    line.as_bytes()
        .windows(3)
        .any(|w| matches!(w, [a, b':' | b'.', b] if a.is_ascii_digit() && b.is_ascii_digit()))
}

/// Lines that a signature has at most.
const SIGNATURE_LINES: usize = 15;
/// Words from which a line of prose in a signature is a message again.
const PROSE_WORDS: usize = 12;

/// Marks signatures and small print among the new lines.
fn closings_of(lines: &[Line<'_>], kinds: &mut [PassageKind]) {
    let mut below: Option<Below> = None;
    let mut paragraph_is_small_print = false;
    let mut any_words = false;
    let mut joined = String::new();
    for at in 0..lines.len() {
        let (Some(line), Some(kind)) = (lines.get(at), kinds.get(at).copied()) else { break };
        let text = lines::trimmed(&line.text);
        if !matches!(kind, PassageKind::New | PassageKind::Signature) {
            below = None;
            continue;
        }
        if text.is_empty() {
            paragraph_is_small_print = false;
            if let (Some(_), Some(kind)) = (&below, kinds.get_mut(at)) {
                *kind = PassageKind::Signature;
            }
            continue;
        }
        let first_of_paragraph =
            at == 0 || lines.get(at - 1).is_some_and(|l| lines::trimmed(&l.text).is_empty());
        if first_of_paragraph || line.text.len() > 120 {
            let ended = below.is_some() || kind == PassageKind::Signature;
            paragraph(lines, at, &mut joined);
            paragraph_is_small_print = closings::is_boilerplate(&mut joined, ended);
        }
        let new_kind = if paragraph_is_small_print {
            PassageKind::Disclaimer
        } else if closings::is_device(text) {
            PassageKind::Signature
        } else if (text == "--" || text == "—") && any_words {
            below = Some(Below { from: at, lines: 0, delimited: true });
            PassageKind::Signature
        } else if below.as_ref().is_none_or(|b| !b.delimited)
            && closings::is_formula(text)
            && any_words
        {
            below = Some(Below { from: at, lines: 0, delimited: false });
            PassageKind::Signature
        } else if let Some(mark) = &mut below {
            mark.lines += 1;
            let ends = mark.ends_at(text);
            if ends {
                // No signature after all, if all it had was a formula; names do no harm in new text.
                if !mark.delimited && !closings::is_postscript(text) {
                    for kind in kinds
                        .iter_mut()
                        .take(at)
                        .skip(mark.from)
                        .filter(|k| **k == PassageKind::Signature)
                    {
                        *kind = PassageKind::New;
                    }
                }
                below = None;
            }
            if ends { PassageKind::New } else { PassageKind::Signature }
        } else if kind == PassageKind::Signature && is_prose(text) {
            PassageKind::New
        } else {
            kind
        };
        any_words |= new_kind == PassageKind::New && has_words(text);
        if let Some(kind) = kinds.get_mut(at) {
            *kind = new_kind;
        }
    }
}

/// A signature that has begun.
struct Below {
    from: usize,
    lines: usize,
    /// By `-- ` (RFC 3676 §4.3), not by a formula.
    delimited: bool,
}

impl Below {
    fn ends_at(&self, text: &str) -> bool {
        self.lines > SIGNATURE_LINES
            || closings::is_postscript(text)
            || if self.delimited { is_prose(text) } else { !closings::is_signature_like(text) }
    }
}

fn is_prose(text: &str) -> bool {
    text.split_whitespace().count() >= PROSE_WORDS && !closings::is_signature_like(text)
}

/// The paragraph that begins here, up to a bound.
fn paragraph(lines: &[Line<'_>], at: usize, text: &mut String) {
    text.clear();
    let all = lines.iter().skip(at).take(12).map(|line| lines::trimmed(&line.text));
    for line in all.take_while(|line| !line.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
}

fn grouped(lines: &[Line<'_>], kinds: &[PassageKind]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (line, kind) in lines.iter().zip(kinds) {
        let text = match kind {
            PassageKind::Quoted | PassageKind::Forwarded => {
                line.text.trim_start_matches(['>', ' '])
            }
            _ if line.text.ends_with(|c: char| c.is_ascii_graphic()) => &*line.text,
            _ => line.text.trim_end(),
        };
        let nothing = || lines::trimmed(text).is_empty();
        match runs.last_mut() {
            Some(run) if run.kind == *kind || nothing() => {
                run.text.push('\n');
                run.text.push_str(text);
            }
            _ if nothing() => {}
            _ => runs.push(Run { kind: *kind, text: text.to_owned() }),
        }
    }
    for run in &mut runs {
        run.text.truncate(run.text.trim_end().len());
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLY: Context = Context { supported: true, forward: false };
    const FRESH: Context = Context { supported: false, forward: false };

    fn kinds(text: &str, context: Context) -> Vec<(PassageKind, String)> {
        runs(&lines::of_text(text, false), context).into_iter().map(|r| (r.kind, r.text)).collect()
    }

    fn new(text: &str) -> (PassageKind, String) {
        (PassageKind::New, text.to_owned())
    }

    fn quoted(text: &str) -> (PassageKind, String) {
        (PassageKind::Quoted, text.to_owned())
    }

    #[test]
    fn an_answer_below_and_between_quotes_is_new() {
        let text = "On 3 May 2025, at 10:00, A <a@x> wrote:\n> one\n\nfirst answer\n\n> two\nsecond answer";
        assert_eq!(
            kinds(text, REPLY),
            [
                quoted("On 3 May 2025, at 10:00, A <a@x> wrote:\none"),
                new("first answer"),
                quoted("two"),
                new("second answer"),
            ]
        );
    }

    #[test]
    fn marks_without_a_reply_are_not_believed() {
        for text in
            ["Hello\n-----Original Message-----\nWe deny your claim.", "> We deny your claim."]
        {
            let all = kinds(text, FRESH);
            assert!(all.iter().all(|(k, _)| *k == PassageKind::New), "{all:?}");
        }
    }

    #[test]
    fn an_answer_that_is_nothing_but_a_typed_quote_is_new() {
        let all = kinds("-----Original Message-----\nWe deny your claim.", REPLY);
        assert!(all.iter().all(|(k, _)| *k == PassageKind::New), "{all:?}");
    }

    #[test]
    fn a_signature_ends_where_prose_begins() {
        let all = kinds(
            "Hello Ann.\n-- \nBob\nACME\nwe are very sorry to say that we will not be able to pay you.",
            FRESH,
        );
        assert_eq!(all.first(), Some(&new("Hello Ann.")));
        assert_eq!(all.last().map(|(k, _)| *k), Some(PassageKind::New));
    }

    #[test]
    fn a_formula_with_names_is_a_signature_and_small_print_a_disclaimer() {
        let text = "We deny it.\n\nKind regards,\nBob Roe\nACME Ltd.\n+44 20 7946 0018\n\nThis message is intended only for the addressee.\nDelete it.\n\nP.S. Call me.";
        let all: Vec<PassageKind> = kinds(text, FRESH).into_iter().map(|(k, _)| k).collect();
        assert_eq!(
            all,
            [PassageKind::New, PassageKind::Signature, PassageKind::Disclaimer, PassageKind::New]
        );
    }

    #[test]
    fn words_behind_thanks_are_words() {
        let all =
            kinds("Hello.\nThanks\nBob\nPlease note that we will not deliver before May.", FRESH);
        assert_eq!(all.len(), 1);
    }
}
