//! What a server says it can do in its answer to EHLO or LHLO.
//!
//! RFC 5321 §4.1.1.1.

/// The keywords of one EHLO answer, with their arguments as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    keywords: Vec<(String, String)>,
}

impl Capabilities {
    /// From the text of the answer's lines behind the first.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Capabilities {
        let parse = |line: &'a str| {
            let line = line.trim();
            let (keyword, arguments) = line.split_once([' ', '=']).unwrap_or((line, ""));
            let good = keyword.starts_with(|c: char| c.is_ascii_alphanumeric())
                && keyword.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            good.then(|| (keyword.to_ascii_uppercase(), arguments.trim().to_owned()))
        };
        Capabilities { keywords: lines.into_iter().filter_map(parse).collect() }
    }

    /// Whether the keyword is offered.
    pub fn has(&self, keyword: &str) -> bool {
        self.arguments(keyword).is_some()
    }

    /// The keyword's arguments as written, perhaps empty; `None` where it is not offered.
    pub fn arguments(&self, keyword: &str) -> Option<&str> {
        let mut all = self.keywords.iter();
        all.find(|(k, _)| k.eq_ignore_ascii_case(keyword)).map(|(_, a)| a.as_str())
    }

    /// The size limit in octets; `None` where SIZE is not offered, 0 or unreadable (no fixed limit).
    pub fn size_limit(&self) -> Option<u64> {
        self.arguments("SIZE")?.parse().ok().filter(|n| *n > 0)
    }

    /// The XFORWARD attributes that are taken.
    pub fn xforward(&self) -> impl Iterator<Item = &str> {
        self.arguments("XFORWARD").unwrap_or_default().split_ascii_whitespace()
    }
}
