//! Hostile mail as the desk shows it: what reaches a browser is checked tag by tag. The browser
//! itself is asked by `tests/run desk-hostile`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests are tests, though clippy looks at functions one by one"
)]

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use callfirst::{
    message::{Limits, leaves, open_leaf},
    preview::{FRAME_POLICY, frame, preview},
};
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

fn shared() -> Option<PathBuf> {
    let place = std::env::var_os("CALLFIRST_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let place = place.join("hostile");
    if !place.is_dir() {
        eprintln!("SKIPPED: no collection of hostile mail at {}", place.display());
        return None;
    }
    Some(place)
}

/// What a page has that it must not.
#[derive(Default)]
struct Faults(RefCell<Vec<String>>);

const ATTRIBUTES: &[&str] = &[
    "src",
    "alt",
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
    "charset",
];
const TAGS: &[&str] = &[
    "a", "audio", "base", "body", "button", "embed", "form", "frame", "frameset", "iframe",
    "input", "link", "math", "meta", "object", "script", "select", "style", "svg", "template",
    "textarea", "video",
];

impl TokenSink for Faults {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut faults = self.0.borrow_mut();
        match token {
            Token::CommentToken(text) => faults.push(format!("a comment: {text}")),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let name: &str = &tag.name;
                if TAGS.contains(&name) {
                    faults.push(format!("<{name}>"));
                }
                for attribute in &tag.attrs {
                    let (name, value) = (&*attribute.name.local, attribute.value.to_lowercase());
                    let is_picture = value.starts_with("data:image/") && !value.contains("svg");
                    if !ATTRIBUTES.contains(&name)
                        || name == "src" && !is_picture
                        || name == "style"
                            && ["url", "position", "expression", "@"]
                                .iter()
                                .any(|w| value.contains(w))
                    {
                        faults.push(format!("{name}={value}"));
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn faults(html: &str) -> Vec<String> {
    let page = frame(html);
    let (head, body) = page.split_once("<body>").unwrap();
    assert!(head.starts_with("<!DOCTYPE html>"));
    let tokenizer = Tokenizer::new(Faults::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(body.into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.take()
}

#[test]
fn the_check_sees_what_it_is_for() {
    let tokenizer = Tokenizer::new(Faults::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back("<a href=x><img src=http://x><p style='background:url(x)' onclick=x>".into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    assert_eq!(tokenizer.sink.0.take().len(), 5);
    for word in ["default-src 'none'", "sandbox", "img-src data:"] {
        assert!(FRAME_POLICY.contains(word));
    }
    assert!(!FRAME_POLICY.contains("allow-"));
}

#[test]
fn no_payload_reaches_a_browser_with_more_than_plain_markup() {
    let Some(place) = shared() else { return };
    let list = fs::read_to_string(place.join("html/dompurify/payloads.json")).unwrap();
    let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
    assert!(list.len() >= 223, "{}", list.len());
    for one in &list {
        let payload = one["payload"].as_str().unwrap();
        assert_eq!(faults(payload), [""; 0], "{payload}");
    }
}

#[test]
fn every_hostile_mail_is_shown_harmless_and_within_its_time() {
    let Some(place) = shared() else { return };
    let limits = Limits::default();
    let (mut pages, mut slowest) = (0, Duration::ZERO);
    for path in mails(&place) {
        let mail = fs::read(&path).unwrap();
        let begun = Instant::now();
        let shown = preview(&mail, &[], &limits);
        assert!(shown.parts.len() <= 200 && shown.all_fields.len() <= 200, "{}", path.display());
        for leaf in leaves(&mail, &limits).iter().filter(|leaf| leaf.is_html).take(20) {
            let text = open_leaf(&mail, &limits, leaf.number).unwrap().text.unwrap();
            assert_eq!(faults(&text), [""; 0], "{}", path.display());
            pages += 1;
        }
        // Generous: an unoptimised build on a busy machine.
        let bound = Duration::from_secs(8) + Duration::from_micros(10) * mail.len() as u32;
        assert!(begun.elapsed() < bound, "{}: {:?}", path.display(), begun.elapsed());
        slowest = slowest.max(begun.elapsed());
    }
    eprintln!("{pages} pages, the slowest mail took {slowest:?}");
    assert!(pages > 300, "only {pages} pages");
}

fn mails(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut todo) = (Vec::new(), vec![folder.join("eml"), folder.join("generated")]);
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "eml") {
                found.push(path);
            }
        }
    }
    found
}
