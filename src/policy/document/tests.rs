use std::time::Duration;

use super::*;

fn source(text: &str) -> Source {
    Source { name: "callfirst.toml".to_owned(), text: text.to_owned() }
}

fn messages(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|d| d.message.as_str()).collect()
}

#[test]
fn every_kind_of_value_is_read() {
    let source = source(
        "name = \"Northwind\"\nport = 25\nshare = 1\non = true\nafter = \"4h\"\nsize = \"35MiB\"\n\
         mode = \"observe\"\nto = [\"a\", \"b\"]\n[web]\nlisten = \"127.0.0.1:80\"\n[[rule]]\nid = \"x\"\n",
    );
    let (document, errors) = Document::parse(&source);
    assert_eq!(errors, []);
    let document = document.unwrap();
    let found = document.findings();
    let root = document.root(&found);
    assert_eq!(root.string("name").required().as_deref(), Some("Northwind"));
    assert_eq!(root.integer("port", 1..=65_535).or(0), 25);
    assert_eq!(root.float("share", 0.0..=1.0).optional(), Some(1.0));
    assert_eq!(root.boolean("on").optional(), Some(true));
    assert_eq!(root.duration("after").optional(), Some(Duration::from_secs(14_400)));
    assert_eq!(root.bytes("size").optional(), Some(35 << 20));
    assert_eq!(root.choice("mode", &[("enforce", 1), ("observe", 2)]).optional(), Some(2));
    assert_eq!(root.strings("to").or(Vec::new()).len(), 2);
    let web = root.table("web").unwrap();
    let listen = web.parsed("listen", "an address", |s| s.parse::<std::net::SocketAddr>().ok());
    assert!(listen.required().is_some());
    web.finish();
    let rules = root.tables("rule");
    assert_eq!(rules.first().unwrap().string("id").required().as_deref(), Some("x"));
    root.finish();
    assert_eq!(messages(&found.into_diagnostics()), Vec::<&str>::new());
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let source = source("port = 70000\nafter = \"soon\"\nmod = 1\n[web]\nlisten = 3\n");
    let document = Document::parse(&source).0.unwrap();
    let found = document.findings();
    let root = document.root(&found);
    assert_eq!(root.string("name").required(), None);
    assert_eq!(root.integer("port", 1..=65_535).optional(), None);
    assert_eq!(root.duration("after").optional(), None);
    assert_eq!(root.choice("mode", &[("enforce", ())]).optional(), None);
    let web = root.table("web").unwrap();
    assert_eq!(web.string("listen").optional(), None);
    web.finish();
    root.finish();
    let all = found.into_diagnostics();
    assert_eq!(
        messages(&all),
        [
            "`name` is missing",
            "`port`: 70000 is out of range",
            "`after` must be a duration such as \"90s\", \"15m\", \"4h\" or \"2d\", not \"soon\"",
            "unknown key `mod`",
            "`web.listen` must be a string, not 3",
        ]
    );
    assert_eq!(
        all[3].help.as_deref(),
        Some("did you mean `mode`? Known: `after`, `mode`, `name`, `port`, `web`")
    );
    assert_eq!(all[4].line_column(&source.text), (5, 10));
    assert_eq!(
        all[4].render(std::slice::from_ref(&source)),
        "error: `web.listen` must be a string, not 3\n \
         --> callfirst.toml:5:10\n  |\n5 | listen = 3\n  |          ^"
    );
}

#[test]
fn a_file_that_is_not_toml_tells_every_syntax_error() {
    let (document, errors) = Document::parse(&source("a = \nb = 1\nc 2\n"));
    assert!(document.is_none());
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn an_oversized_or_overdeep_file_is_refused() {
    let long = source(&"# long\n".repeat(MAX_FILE_OCTETS / 7 + 1));
    assert!(Document::parse(&long).0.is_none());
    let deep = source(&format!("a = {}{}", "[".repeat(40), "]".repeat(40)));
    assert!(Document::parse(&deep).0.is_none());
}

#[test]
fn sizes_and_durations_that_overflow_are_refused() {
    assert_eq!(parse_bytes("99999999999999999999"), None);
    assert_eq!(parse_bytes("18446744073709551615GiB"), None);
    assert_eq!(parse_duration("18446744073709551615w"), None);
    assert_eq!(parse_duration("4 h"), Some(Duration::from_secs(14_400)));
    assert_eq!(parse_duration("h"), None);
}
