//! What a notice and a page may consist of, whatever the held mail says.

use std::cell::RefCell;

use callfirst::notice::ComposedMail;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use mail_parser::MessageParser;

/// The elements of a notice; none of them runs or loads anything.
pub(crate) const NOTICE: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "table", "tr", "td", "h1", "h2", "p", "a",
    "bdi", "br", "span", "strong",
];

/// The elements of the page; `link` is its own style sheet, `input` and `button` its forms.
pub(crate) const PAGE: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "main",
    "p",
    "h1",
    "h2",
    "h3",
    "dl",
    "dt",
    "dd",
    "bdi",
    "br",
    "section",
    "blockquote",
    "span",
    "a",
    "form",
    "input",
    "select",
    "option",
    "fieldset",
    "legend",
    "label",
    "small",
    "textarea",
    "div",
    "button",
    "details",
    "summary",
    "ol",
    "ul",
    "li",
    "strong",
    "footer",
];

/// No notice is larger: it quotes three sentences and names few people.
const MAX_NOTICE_OCTETS: usize = 100 << 10;
const MAX_HTML_OCTETS: usize = 64 << 10;

/// Every field once, every line a line (RFC 5322 §2.1.1), two readable parts, one recipient.
pub(crate) fn notice(name: &str, mail: &ComposedMail) {
    assert!(mail.bytes.len() < MAX_NOTICE_OCTETS, "{name}: {} octets", mail.bytes.len());
    assert!(mail.bytes.is_ascii(), "{name}: not seven-bit");
    let text = String::from_utf8_lossy(&mail.bytes);
    for line in text.split("\r\n") {
        let control = line.chars().find(|c| c.is_control() && *c != '\t');
        assert!(line.len() <= 998 && control.is_none(), "{name}: {line:?}");
    }
    let parsed = MessageParser::default().parse(&mail.bytes).expect(name);
    let mut fields: Vec<String> =
        parsed.headers().iter().map(|h| h.name.as_str().to_ascii_lowercase()).collect();
    let all = fields.len();
    fields.sort();
    fields.dedup();
    assert_eq!(fields.len(), all, "{name}: a field twice");
    for field in &fields {
        assert!(FIELDS.contains(&field.as_str()), "{name}: a field {field}");
    }
    assert_eq!(addresses(parsed.to()), ["staff@us.example"], "{name}");
    assert_eq!(addresses(parsed.from()), ["callfirst@us.example"], "{name}");
    assert_eq!(parsed.message_id(), Some("hold.1@us.example"), "{name}");
    assert_eq!((parsed.text_body_count(), parsed.html_body_count()), (1, 1), "{name}");
    assert_eq!(parsed.attachment_count(), 0, "{name}");
    let read = parsed.body_html(0).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(read.trim_end(), mail.html.trim_end(), "{name}: the HTML part was changed");
    assert!(mail.text.contains("https://callfirst.example/h/token"), "{name}: no link");
}

const FIELDS: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "x-auto-response-suppress",
    "mime-version",
    "content-type",
];

fn addresses<'a>(field: Option<&'a mail_parser::Address<'a>>) -> Vec<&'a str> {
    field.into_iter().flat_map(|a| a.iter()).filter_map(|a| a.address()).collect()
}

/// Only these elements, no handler, and no address but ours and telephone numbers.
pub(crate) fn html(name: &str, html: &str, elements: &[&str]) {
    assert!(html.len() < MAX_HTML_OCTETS, "{name}: {} octets", html.len());
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    // It pauses only where its sink asks for it; ours never does.
    let _ = tokenizer.feed(&input);
    assert!(input.is_empty(), "{name}: not read to its end");
    tokenizer.end();
    let tags = tokenizer.sink.0.take();
    assert!(tags.len() > 10, "{name}: no page");
    for tag in tags {
        let element: &str = &tag.name;
        assert!(elements.contains(&element), "{name}: <{element}>");
        for attribute in &tag.attrs {
            let (key, value): (&str, &str) = (&attribute.name.local, &attribute.value);
            assert!(!key.starts_with("on") && key != "src" && key != "action", "{name}: {key}");
            if key == "href" {
                let is_ours = ["https://callfirst.example/h/token", "../static/style.css"];
                let digits = value.strip_prefix("tel:+").unwrap_or("no");
                let is_number = digits.bytes().all(|b| b.is_ascii_digit());
                assert!(is_ours.contains(&value) || is_number, "{name}: a link to {value:?}");
            }
        }
    }
}

#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && tag.kind == TagKind::StartTag
        {
            self.0.borrow_mut().push(tag);
        }
        TokenSinkResult::Continue
    }
}
