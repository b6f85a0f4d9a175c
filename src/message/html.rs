//! HTML → lines of text, as a mail program would show them.
//!
//! Takes HTML, gives text line by line with the zone that the markup puts a line in: quoted
//! by a mail program, a signature, or plain. Blocks end lines, cells are divided by tabs, scripts
//! and styles are left out. What is hidden from the reader is left out and told. One pass over the
//! tokens of html5ever; no tree is built, so depth costs nothing.

use std::{borrow::Cow, cell::RefCell};

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    states::RawKind,
};

use super::{
    html_names::{is_block, named_zone},
    html_style::{Look, Style},
    html_tags,
    lines::{Line, Zone},
};

/// The text of an HTML part.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) lines: Vec<Line<'static>>,
    /// Text that the reader does not see.
    pub(super) hidden: bool,
}

/// Reads HTML; never fails.
pub(super) fn read(html: &str) -> Shown {
    let sink = Sink(RefCell::new(Page::default()));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back((*html_tags::bounded(html)).into());
    // The tokenizer pauses only where its sink asks for it; ours never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut page = tokenizer.sink.0.into_inner();
    page.end_line();
    Shown { lines: page.lines, hidden: page.hidden }
}

struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return page.open(&tag),
            Token::TagToken(tag) => page.close(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// An element that is open.
struct Open {
    name: html5ever::LocalName,
    zone: Zone,
    look: Look,
    dropped: bool,
    preformatted: bool,
}

#[derive(Default)]
struct Page {
    lines: Vec<Line<'static>>,
    line: String,
    zone: Zone,
    space: bool,
    open: Vec<Open>,
    hidden: bool,
}

/// How far back an end tag looks for its start tag. Broken mail nests deeply and closes nothing;
/// a bound keeps that linear.
const LOOK_BACK: usize = 64;

impl Page {
    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if is_block(name) {
            self.end_line();
            if matches!(
                name,
                "p" | "blockquote"
                    | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "h6"
                    | "ul"
                    | "ol"
                    | "table"
                    | "hr"
            ) {
                self.blank_line();
            }
            // A paragraph or an item ends where the next one begins.
            if self.open.last().is_some_and(|o| {
                matches!(&*o.name, "p" | "li") && (&*o.name == name || &*o.name == "p")
            }) {
                self.open.pop();
            }
        }
        match name {
            "br" => self.end_line(),
            "li" => {
                self.push(tag);
                self.item();
            }
            "td" | "th" => self.tab(),
            "area" | "base" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta"
            | "param" | "source" | "track" | "wbr" => {}
            _ => self.push(tag),
        }
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn push(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        let above = self.open.last();
        let (zone, look) = above.map_or((Zone::Plain, Look::default()), |o| (o.zone, o.look));
        let dropped = above.is_some_and(|o| o.dropped)
            || matches!(
                name,
                "script"
                    | "style"
                    | "title"
                    | "head"
                    | "iframe"
                    | "noembed"
                    | "noframes"
                    | "template"
                    | "object"
                    | "select"
            );
        let preformatted =
            above.is_some_and(|o| o.preformatted) || matches!(name, "pre" | "xmp" | "textarea");
        // `body` shows even where `head` was never closed.
        let dropped = dropped && name != "body";
        let (mut own_zone, mut style) = (Zone::Plain, Style::default());
        if name == "blockquote" {
            own_zone = Zone::Blockquote;
        }
        for attribute in &tag.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "style" => style.declarations(value),
                "bgcolor" => style.background(value),
                "color" => style.colour(value),
                "hidden" => style.hide(),
                "type" if name == "blockquote" && value.eq_ignore_ascii_case("cite") => {
                    own_zone = Zone::Cited
                }
                "class" | "id" | "name" | "data-smartmail" => {
                    own_zone = own_zone.max(named_zone(value))
                }
                _ => {}
            }
        }
        let name = tag.name.clone();
        self.open.push(Open {
            name,
            zone: zone.max(own_zone),
            look: look.with(&style),
            dropped,
            preformatted,
        });
    }

    fn close(&mut self, name: &html5ever::LocalName) {
        let found = self.open.iter().rev().take(LOOK_BACK).position(|o| o.name == *name);
        if is_block(name) {
            self.end_line();
            if matches!(
                &**name,
                "p" | "blockquote"
                    | "ul"
                    | "ol"
                    | "table"
                    | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "h6"
            ) {
                self.blank_line();
            }
        } else if &**name == "br" {
            self.end_line();
        }
        if let Some(back) = found {
            self.open.truncate(self.open.len() - back - 1);
        }
    }

    fn text(&mut self, text: &str) {
        let (zone, hidden, dropped, preformatted) =
            self.open.last().map_or((Zone::Plain, false, false, false), |o| {
                (o.zone, o.look.is_hidden(), o.dropped, o.preformatted)
            });
        if dropped {
            return;
        }
        if hidden {
            self.hidden |= text.chars().any(char::is_alphanumeric);
            return;
        }
        if preformatted {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.end_line();
                }
                self.words(line, zone);
            }
        } else {
            self.words(text, zone);
        }
    }

    fn words(&mut self, text: &str, zone: Zone) {
        let white = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}' | '\u{a0}');
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_start_matches(white);
            self.space |= word.len() < rest.len();
            let end = word.find(white).unwrap_or(word.len());
            let (now, later) = word.split_at(end);
            if !now.is_empty() {
                if self.line.is_empty() {
                    self.zone = zone;
                } else if zone != self.zone && !self.line.trim().is_empty() {
                    self.end_line();
                    self.zone = zone;
                } else if self.space && !self.line.ends_with(['\t', ' ']) {
                    self.line.push(' ');
                }
                self.space = false;
                self.line.push_str(now);
            }
            rest = later;
        }
    }

    /// The mark that a program puts before an item.
    fn item(&mut self) {
        if let Some(item) = self.open.last().filter(|o| !o.dropped && !o.look.is_hidden()) {
            self.zone = item.zone;
            self.line.push_str("- ");
        }
    }

    fn tab(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with('\t') {
            self.line.push('\t');
        }
        self.space = false;
    }

    fn end_line(&mut self) {
        self.space = false;
        let text = std::mem::take(&mut self.line);
        let trimmed = text.trim_end();
        if trimmed.is_empty() || trimmed == "-" {
            if !text.is_empty() {
                self.blank_line();
            }
            return;
        }
        let text = if trimmed.len() == text.len() { text } else { trimmed.to_owned() };
        self.lines.push(Line { text: text.into(), zone: self.zone });
    }

    fn blank_line(&mut self) {
        if self.lines.last().is_some_and(|l| !l.text.is_empty()) {
            let zone = self.lines.last().map_or(Zone::Plain, |l| l.zone);
            self.lines.push(Line { text: Cow::Borrowed(""), zone });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(html: &str) -> Vec<String> {
        let shown = read(html);
        shown
            .lines
            .into_iter()
            .filter(|l| !l.text.is_empty())
            .map(|l| format!("{:?} {}", l.zone, l.text))
            .collect()
    }

    #[test]
    fn blocks_end_lines_and_cells_are_divided() {
        assert_eq!(lines("<div>do not</div><div>send</div>"), ["Plain do not", "Plain send"]);
        assert_eq!(
            lines("<table><tr><td>IBAN</td><td>DE12</td></tr></table>"),
            ["Plain IBAN\tDE12"]
        );
        assert_eq!(lines("a<b>b</b>c <i>d</i>\n e&amp;f<br>g"), ["Plain abc d e&f", "Plain g"]);
        assert_eq!(
            lines("<a title='>'>x</a><script>var y='<p>'</script><style>z</style>"),
            ["Plain x"]
        );
    }

    #[test]
    fn zones_follow_the_markup() {
        assert_eq!(
            lines(
                "<p>new</p><div class='gmail_attr'>On x wrote:</div><blockquote class=gmail_quote>old<div>older</div></blockquote><p>newer<div class=gmail_signature>Bob</div>"
            ),
            [
                "Plain new",
                "Cited On x wrote:",
                "Blockquote old",
                "Blockquote older",
                "Plain newer",
                "Signature Bob"
            ]
        );
    }

    #[test]
    fn what_the_reader_does_not_see_is_left_out_and_told() {
        for style in [
            "display:none",
            "font-size:0px",
            "visibility: hidden",
            "color:#fff",
            "color:red;background-color:#f00",
            "mso-hide:all;opacity:0",
        ] {
            let shown =
                read(&format!("<p>seen <span style='{style}'>unseen <b>too</b></span>again</p>"));
            assert_eq!(shown.lines.first().map(|l| &*l.text), Some("seen again"), "{style}");
            assert!(shown.hidden, "{style}");
        }
        assert!(
            !read("<div style='background:#000'><span style='color:#fff'>seen</span></div>").hidden
        );
        assert!(!read("<div style='display:none'>&nbsp;</div>seen").hidden);
    }

    #[test]
    fn depth_costs_nothing() {
        let html = "<div>".repeat(100_000) + "x" + &"</p>".repeat(10_000);
        assert_eq!(read(&html).lines.iter().filter(|l| !l.text.is_empty()).count(), 1);
    }
}
