//! An HTML part as a page of its own, for a frame that may do nothing.
//!
//! Three walls, each enough by itself: what is not on the lists below is taken out (ammonia); the
//! answer's policy lets nothing load or run ([`FRAME_POLICY`]); the frame is sandboxed. Links lose
//! where they lead to: nobody decides about a mail by following what it says. No style moves, lifts
//! or covers anything.
//!
//! RELIABILITY T15.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};

use super::balanced::{Lists, balanced};
use crate::message::bounded_tags;

/// The policy of the answer that carries the page.
pub const FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// The most octets of HTML that are cleaned; a page of more is shown as far as that.
pub const MAX_FRAME_OCTETS: usize = 512 << 10;

const TAGS: &[&str] = &[
    "abbr",
    "address",
    "article",
    "b",
    "bdi",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];
/// Gone with all that stands in them.
const GONE: &[&str] = &[
    "script", "style", "title", "template", "noscript", "iframe", "object", "embed", "svg", "math",
    "select", "textarea", "audio", "video", "xmp", "noembed", "noframes",
];
const ATTRIBUTES: &[&str] = &[
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "height",
    "lang",
    "rowspan",
    "style",
    "valign",
    "width",
];
/// Nothing that takes an address, a place of its own, or the room of others.
const STYLES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
    "width",
];
/// Pictures that stand in the mail itself; SVG is a document, not a picture.
const PICTURES: &[&str] =
    &["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let set = |list: &[&'static str]| list.iter().copied().collect::<HashSet<_>>();
    let mut builder = Builder::empty();
    builder
        .tags(set(TAGS))
        .clean_content_tags(set(GONE))
        .tag_attributes(HashMap::from([("img", set(&["src", "alt"]))]))
        .generic_attributes(set(ATTRIBUTES))
        .filter_style_properties(set(STYLES))
        .url_schemes(set(&["data"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|_, attribute, value| match attribute {
            "src" if !is_picture(value) => None,
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

fn is_picture(source: &str) -> bool {
    let begins = |kind: &&str| {
        let head = source.get(..kind.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(kind))
            && matches!(source.as_bytes().get(kind.len()), Some(b';' | b','))
    };
    PICTURES.iter().any(begins)
}

/// The page for the frame.
pub fn frame(html: &str) -> String {
    let shown = html.floor_char_boundary(MAX_FRAME_OCTETS);
    let html = bounded_tags(html.get(..shown).unwrap_or_default());
    let body = CLEANER.clean(&balanced(&html, &Lists { kept: TAGS, gone: GONE }));
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Held mail</title></head>\
         <body>{body}</body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(html: &str) -> String {
        let page = frame(html);
        let body = page.split_once("<body>").unwrap().1;
        body.split_once("</body>").unwrap().0.to_owned()
    }

    #[test]
    fn what_a_mail_says_stays_and_what_it_does_goes() {
        for (html, shown) in [
            ("<p style='color:red;position:fixed;top:0'>Hi</p>", "<p style=\"color:red\">Hi</p>"),
            ("<a href='https://x.example/' onclick=x()>click</a>", "click"),
            ("<img src='https://x.example/t.png' alt=x>", "<img alt=\"x\">"),
            ("<img src=cid:1><img src=data:image/svg+xml;base64,AA>", "<img><img>"),
            ("<img src='data:image/png;base64,AA'>", "<img src=\"data:image/png;base64,AA\">"),
            ("<form action=/desk/logout><button>x</button><input name=y></form>", "x"),
            ("<script>alert(1)</script><style>*{}</style>a", "a"),
            ("<td background=http://x.example/y id=a name=b class=c>t</td>", "t"),
            (
                "<table background=x><tr><td width=3>t",
                "<table><tbody><tr><td width=\"3\">t</td></tr></tbody></table>",
            ),
            (
                "<div style=\"background-image:url(http://x.example)\">d</div>",
                "<div style=\"\">d</div>",
            ),
            ("<meta http-equiv=refresh content='0;url=//x'><base href=//x>b", "b"),
            ("</body></html><script>", ""),
        ] {
            assert_eq!(body(html).replace("color:red;", "color:red"), shown, "{html}");
        }
    }

    #[test]
    fn a_page_without_end_is_cut_and_a_deep_one_is_no_trouble() {
        let long = frame(&"é".repeat(MAX_FRAME_OCTETS));
        assert!(long.len() < MAX_FRAME_OCTETS + 500);
        let deep = "<div>".repeat(20_000);
        assert!(frame(&deep).ends_with("</html>\n"));
    }
}
