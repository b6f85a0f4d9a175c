//! HTML of any shape → HTML whose tags close in the order in which they opened.
//!
//! A tree builder mends what a mail leaves open, and a few octets can make it build millions of
//! nodes: by nesting without end, or by formatting that every paragraph has to open again. So the
//! tags are balanced before, in one pass, with a bound on depth and number; and what is gone with
//! all that stands in it does not reach the tree builder at all.

use std::cell::RefCell;

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    states::RawKind,
};

/// Tags that are open at one time, and tags of one page.
const MAX_DEPTH: usize = 60;
const MAX_TAGS: usize = 20_000;
/// Octets of a tag with its attributes; pictures stand in them.
const MAX_TAG_OCTETS: usize = 256 << 10;
/// Attributes of a tag.
const MAX_ATTRIBUTES: usize = 40;

/// Tags that nothing stands in.
const VOID: &[&str] = &["br", "hr", "img", "wbr", "col"];
/// Tags that end where another one of them begins.
const SINGLE: &[&str] = &["p", "li", "dt", "dd", "td", "th", "tr"];

/// The lists of what stays and what is gone with its content.
pub(super) struct Lists {
    pub(super) kept: &'static [&'static str],
    pub(super) gone: &'static [&'static str],
}

/// Balances; `html` has no tag with attributes without end.
pub(super) fn balanced(html: &str, lists: &Lists) -> String {
    let page = Page { lists, out: String::new(), open: Vec::new(), skipped: None, tags: 0 };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(page)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    // The tokenizer pauses only where its sink asks for it; ours never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut page = tokenizer.sink.0.into_inner();
    page.close_down_to(0);
    page.out
}

struct Sink<'l>(RefCell<Page<'l>>);

struct Page<'l> {
    lists: &'l Lists,
    out: String,
    /// The tags that are open; with `false` those that were too deep to be written.
    open: Vec<(String, bool)>,
    /// In what is gone: its name, and how often it is open.
    skipped: Option<(String, usize)>,
    tags: usize,
}

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return page.start(&tag),
            Token::TagToken(tag) => page.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page<'_> {
    fn text(&mut self, text: &str) {
        if self.skipped.is_none() {
            escape(text, &mut self.out);
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(skipped == name);
            return raw(name);
        }
        if self.lists.gone.contains(&name) {
            if !tag.self_closing {
                self.skipped = Some((name.to_owned(), 1));
            }
            return raw(name);
        }
        self.tags += 1;
        if !self.lists.kept.contains(&name) || self.tags > MAX_TAGS {
            return TokenSinkResult::Continue;
        }
        if SINGLE.contains(&name) && self.open.last().is_some_and(|(open, _)| open == name) {
            self.close_down_to(self.open.len() - 1);
        }
        let is_void = VOID.contains(&name);
        let is_written = self.open.len() < MAX_DEPTH;
        if is_written {
            self.write(tag);
        }
        if !is_void && self.open.len() < MAX_TAGS {
            self.open.push((name.to_owned(), is_written));
        }
        TokenSinkResult::Continue
    }

    fn write(&mut self, tag: &Tag) {
        let (name, mut octets) = (&tag.name, 0);
        self.out.extend(["<", name]);
        for attribute in tag.attrs.iter().take(MAX_ATTRIBUTES) {
            octets += attribute.value.len();
            let plain =
                attribute.name.local.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if octets <= MAX_TAG_OCTETS && plain {
                self.out.extend([" ", &attribute.name.local, "=\""]);
                escape(&attribute.value, &mut self.out);
                self.out.push('"');
            }
        }
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        // Looked for among those that are written and a few more: no work without end.
        let near = self.open.iter().rev().take(2 * MAX_DEPTH);
        if let Some(behind) = near.map(|(open, _)| open).position(|open| open == name) {
            self.close_down_to(self.open.len() - 1 - behind);
        }
    }

    fn close_down_to(&mut self, depth: usize) {
        for (name, is_written) in self.open.drain(depth.min(self.open.len())..).rev() {
            if is_written {
                self.out.extend(["</", &name, ">"]);
            }
        }
    }
}

/// What stands in these is no markup.
fn raw(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

fn escape(text: &str, to: &mut String) {
    for c in text.chars() {
        match c {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\0' => {}
            c => to.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: Lists = Lists {
        kept: &["p", "b", "div", "font", "br", "table", "tr", "td"],
        gone: &["script", "svg", "style"],
    };

    #[test]
    fn what_opens_closes_in_its_order() {
        for (html, clean) in [
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<p><b>a</p>b</b>", "<p><b>a</b></p>b"),
            ("<b>x</i></b></p>", "<b>x</b>"),
            ("a<br/>b<br>", "a<br>b<br>"),
            ("<script>if (a<b) {}</script>c", "c"),
            ("<svg><svg></svg><b>x</b></svg>d", "d"),
            ("<svg/>e<style>f", "e"),
            ("&lt;b&gt; <font x='\"&'>g", "&lt;b&gt; <font x=\"&quot;&amp;\">g</font>"),
            ("<table><tr><td>1<td>2", "<table><tr><td>1</td><td>2</td></tr></table>"),
        ] {
            assert_eq!(balanced(html, &LISTS), clean, "{html}");
        }
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let deep = balanced(&"<div>".repeat(50_000), &LISTS);
        assert_eq!(deep.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(deep.matches("</div>").count(), MAX_DEPTH);
        let fonts: String = (0..50).map(|n| format!("<font a={n}>")).collect();
        let bomb = format!("<p>{fonts}</p>{}", "<p>x</p>".repeat(30_000));
        let tame = balanced(&bomb, &LISTS);
        assert!(tame.len() < 2 * bomb.len() && tame.matches("<p>").count() <= MAX_TAGS);
    }
}
