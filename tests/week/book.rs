//! What was seen of the week: every mail that the next hop took and every page that was opened.

use std::collections::BTreeMap;

use callfirst::mail::{HoldId, Timestamp};
use mail_parser::MessageParser;

use crate::{
    hop::Taken,
    script::{Act, What},
};

/// A page as a browser got it.
pub(crate) struct Page {
    pub(crate) html: String,
}

/// A mail that went out, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sent {
    pub(crate) at: Timestamp,
    pub(crate) to: String,
    /// As the outbox calls it; `released` for the mail itself, `passed on` for a new text.
    pub(crate) kind: String,
    /// The number of its hold.
    pub(crate) hold: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) message_id: String,
    reply_to: Option<String>,
}

/// What somebody did, and the pages that he saw.
pub(crate) struct Deed {
    pub(crate) at: Timestamp,
    pub(crate) who: String,
    pub(crate) hold: String,
    pub(crate) what: String,
    /// The same pages as they came.
    pub(crate) html: Vec<String>,
    pub(crate) pages: Vec<String>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) sent: Vec<Sent>,
    pub(crate) deeds: Vec<Deed>,
    /// Numbers of the holds by their ids.
    numbers: BTreeMap<String, String>,
}

impl Book {
    pub(crate) fn name(&mut self, id: &HoldId, number: &str) {
        self.numbers.insert(id.as_str().to_owned(), number.to_owned());
    }

    pub(crate) fn mails(&mut self, taken: Vec<Taken>) {
        let read: Vec<Sent> = taken.iter().map(|taken| self.read(taken)).collect();
        self.sent.extend(read);
    }

    pub(crate) fn acted(&mut self, act: &Act, pages: &[Page]) {
        let what = match act.what {
            What::Mail => "writes",
            What::Rewrite => "writes anew",
            What::Look => "looks",
            What::Does | What::Tries => "does",
            What::Replies => "replies",
            What::Away => "is away",
        };
        self.deeds.push(Deed {
            at: act.at,
            who: act.who.clone(),
            hold: act.hold.clone(),
            what: format!("{what} {}", act.how).trim_end().to_owned(),
            pages: pages.iter().map(|page| self.masked(&plain(&page.html))).collect(),
            html: pages.iter().map(|page| page.html.clone()).collect(),
        });
    }

    /// The page that the last letter to somebody about a hold names.
    pub(crate) fn link(&self, hold: &str, to: &str) -> String {
        let base = "https://callfirst.northwind-hvac.example";
        let links = self.to(hold, to).filter_map(|sent| {
            let (_, link) = sent.text.split_once(base)?;
            link.split_whitespace().next().map(str::to_owned)
        });
        links.last().unwrap_or_else(|| panic!("{to} got no link to {hold}"))
    }

    /// Where answers to the last notice go.
    pub(crate) fn reply_to(&self, hold: &str, to: &str) -> String {
        let last = self.to(hold, to).filter_map(|sent| sent.reply_to.clone()).last();
        last.unwrap_or_else(|| panic!("{to} may not reply about {hold}"))
    }

    fn to(&self, hold: &str, to: &str) -> impl Iterator<Item = &Sent> {
        self.sent.iter().filter(move |sent| sent.hold == hold && sent.to == to)
    }

    fn number(&self, id: &str, taken: &Taken) -> String {
        let mail = || String::from_utf8_lossy(&taken.content).into_owned();
        let number = self.numbers.get(id);
        number.unwrap_or_else(|| panic!("of no hold of the script: {}", mail())).clone()
    }

    fn read(&self, taken: &Taken) -> Sent {
        let mail = MessageParser::default().parse(&taken.content).unwrap();
        let message_id = mail.message_id().unwrap().to_owned();
        // Ours are `KIND.TIME.HOLD[.PARTY]@...`, those of the script `mNUMBER@...`.
        let words: Vec<&str> = message_id.split('@').next().unwrap().split('.').collect();
        let (kind, hold) = match words[..] {
            [kind, _, id, ..] => (kind.to_owned(), self.number(id, taken)),
            _ => match words[0].trim_start_matches('m') {
                anew if anew.ends_with("-anew") => {
                    ("passed on".to_owned(), anew.trim_end_matches("-anew").to_owned())
                }
                number => ("released".to_owned(), number.to_owned()),
            },
        };
        let reply_to = mail.reply_to().and_then(|to| to.first()?.address().map(str::to_owned));
        Sent {
            at: taken.at,
            to: taken.forward_paths.join(", "),
            kind,
            hold,
            subject: mail.subject().unwrap_or_default().to_owned(),
            text: mail.body_text(0).unwrap_or_default().replace('\r', "").trim_end().to_owned(),
            message_id,
            reply_to,
        }
    }

    /// Without what is another one in each run: ids and tokens.
    pub(crate) fn masked(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for (id, number) in &self.numbers {
            masked = masked.replace(id.as_str(), &format!("ID-{number}"));
        }
        masked = after(&masked, "/h/", "TOKEN", 20);
        after(&masked, "callfirst+", "TOKEN", 20)
    }
}

/// Puts a word in the place of each long token behind a mark.
fn after(text: &str, mark: &str, word: &str, least: usize) -> String {
    let mut pieces = text.split(mark);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_token = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let end = piece.find(|c| !is_token(c)).unwrap_or(piece.len());
        let (token, rest) = piece.split_at(end);
        let shown = if end >= least { word } else { token };
        out.extend([mark, shown, rest]);
    }
    out
}

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 22] = [
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "form", "fieldset", "legend", "label", "main",
    "section", "details", "summary", "dl", "dt", "dd", "br", "footer", "button",
];

/// Elements that a style sheet sets apart from what they follow.
const APART: [&str; 4] = ["a", "span", "time", "option"];

/// The text of a page, with its buttons and fields in brackets.
pub(crate) fn plain(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        if BLOCKS.contains(&name) {
            text.push('\n');
        }
        if APART.contains(&name) && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        if let Some(field) = field(name, tag) {
            text.push_str(&field);
        }
        text.push_str(&words.split_whitespace().collect::<Vec<_>>().join(" "));
        if words.ends_with(char::is_whitespace) {
            text.push(' ');
        }
    }
    for (entity, sign) in
        [("&#38;", "&"), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'")]
    {
        text = text.replace(entity, sign);
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// A field or the start of a button; nothing for what a person does not see.
fn field(name: &str, tag: &str) -> Option<String> {
    let value = |key: &str| {
        let (_, rest) = tag.split_once(&format!("{key}=\""))?;
        Some(rest.split('"').next().unwrap_or_default().to_owned())
    };
    match (name, value("type").as_deref()) {
        ("input", Some("hidden")) => None,
        ("input", Some("radio" | "checkbox")) if !tag.contains("checked") => Some("( ) ".into()),
        ("input", Some("radio" | "checkbox")) => Some("(x) ".into()),
        ("input", _) => Some(format!(" [{}] ", value("value").unwrap_or_default())),
        ("textarea", _) if !tag.starts_with('/') => Some(" [...] ".into()),
        ("button", _) if !tag.starts_with('/') => Some("> ".into()),
        _ => None,
    }
}
