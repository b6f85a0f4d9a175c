//! The grammar of `Authentication-Results`.
//!
//! Takes a field's value, unfolded and not decoded, gives the authserv-id and the results. Values of
//! properties are whatever a stranger wrote into his envelope or signature, so quotes and comments are read
//! to the letter; what does not fit the grammar has no results at all.
//!
//! RFC 8601 §2.2.

/// What one server says of one mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// Who says it.
    pub(super) authserv_id: String,
    /// `None` where the rest does not read.
    pub(super) results: Option<Vec<MethodResult>>,
}

/// `dkim=pass header.d=example.com`
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MethodResult {
    /// Lower case, without its version.
    pub(super) method: String,
    /// Lower case.
    pub(super) result: String,
    /// `header.d` and its value, in order; the name in lower case.
    pub(super) properties: Vec<(String, String)>,
}

impl MethodResult {
    /// Whether this method passed.
    pub(super) fn passed(&self, method: &str) -> bool {
        self.method == method && self.result == "pass"
    }

    /// The value of a property that stands once; of two nobody knows which is meant.
    pub(super) fn property(&self, name: &str) -> Option<&str> {
        let mut found = self.properties.iter().filter(|(n, _)| n == name);
        let first = found.next()?;
        found.next().is_none().then_some(first.1.as_str())
    }
}

/// Reads a field's value; `None` without an authserv-id.
pub(super) fn read(value: &str) -> Option<Statement> {
    let mut text = Text { rest: value };
    text.skip_blanks()?;
    let authserv_id = text.value()?;
    Some(Statement { authserv_id, results: text.results() })
}

struct Text<'a> {
    rest: &'a str,
}

impl Text<'_> {
    fn results(&mut self) -> Option<Vec<MethodResult>> {
        self.skip_blanks()?;
        // A version, which is 1.
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) && self.word()? != "1" {
            return None;
        }
        let mut results = Vec::new();
        loop {
            self.skip_blanks()?;
            if self.rest.is_empty() {
                return Some(results);
            }
            self.expect(';')?;
            self.skip_blanks()?;
            // A semicolon at the end is not in the grammar, and some write it.
            if !self.rest.is_empty() {
                results.extend(self.result()?);
            }
        }
    }

    /// One method with its properties; nothing for `none`.
    fn result(&mut self) -> Option<Option<MethodResult>> {
        let method = self.word()?;
        self.skip_blanks()?;
        if method.eq_ignore_ascii_case("none") && self.rest.is_empty() {
            return Some(None);
        }
        if self.rest.starts_with('/') {
            self.expect('/')?;
            self.skip_blanks()?;
            self.word()?;
            self.skip_blanks()?;
        }
        self.expect('=')?;
        self.skip_blanks()?;
        let result = self.word()?.to_ascii_lowercase();
        let mut properties = Vec::new();
        loop {
            self.skip_blanks()?;
            if self.rest.is_empty() || self.rest.starts_with(';') {
                let method = method.to_ascii_lowercase();
                return Some(Some(MethodResult { method, result, properties }));
            }
            let name = self.word()?.to_ascii_lowercase();
            self.skip_blanks()?;
            self.expect('=')?;
            self.skip_blanks()?;
            properties.push((name, self.value()?));
        }
    }

    /// White space and comments, which may hold comments (RFC 5322 §3.2.2).
    fn skip_blanks(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('(') {
                return Some(());
            }
            let (mut depth, mut escaped, mut end) = (0_usize, false, None);
            for (at, c) in self.rest.char_indices() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    end = Some(at + 1);
                    break;
                }
            }
            self.rest = self.rest.get(end?..)?;
        }
    }

    /// A keyword or a property's name.
    fn word(&mut self) -> Option<String> {
        let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let end = self.rest.find(|c| !good(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// A token, a quoted string, or both joined as in `"a b"@example.com`.
    fn value(&mut self) -> Option<String> {
        let mut value = String::new();
        let mut quoted = false;
        while let Some(c) = self.rest.chars().next() {
            match c {
                '"' => {
                    quoted = true;
                    value.push_str(&self.quoted()?);
                }
                ';' | '(' => break,
                c if c.is_whitespace() => break,
                c => {
                    value.push(c);
                    self.rest = self.rest.get(c.len_utf8()..)?;
                }
            }
        }
        (quoted || !value.is_empty()).then_some(value)
    }

    fn quoted(&mut self) -> Option<String> {
        let (mut value, mut escaped) = (String::new(), false);
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                c if escaped => {
                    value.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(value);
                }
                c => value.push(c),
            }
        }
        None
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, result and properties as one line each.
    fn results(value: &str) -> Option<Vec<String>> {
        let all = read(value)?.results?;
        let one = |r: &MethodResult| {
            let properties = r.properties.iter().map(|(n, v)| format!(" {n}={v}"));
            format!("{}={}{}", r.method, r.result, properties.collect::<String>())
        };
        Some(all.iter().map(one).collect())
    }

    #[test]
    fn the_examples_of_the_rfc_and_of_filters_are_read() {
        for (value, wanted) in [
            ("example.org 1; none", &[][..]),
            ("mx.example;", &[]),
            (
                "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; \
                 spf=pass smtp.mailfrom=example.net",
                &["auth=pass smtp.auth=sender@example.net", "spf=pass smtp.mailfrom=example.net"],
            ),
            (
                "mx; dkim=pass reason=\"good signature\" header.i=@mail.example.net \
                 header.b=oINEO8+=; dkim=fail (bad; dmarc=pass) header.d=evil.example",
                &[
                    "dkim=pass reason=good signature header.i=@mail.example.net header.b=oINEO8+=",
                    "dkim=fail header.d=evil.example",
                ],
            ),
            (
                "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) \
                 fail policy.expired = 1362471462",
                &["dkim=fail policy.expired=1362471462"],
            ),
            (
                "mx; DMARC=Pass (p=reject dis=none) Header.From=Us.example",
                &["dmarc=pass header.from=Us.example"],
            ),
            (
                "mx; spf=pass smtp.mailfrom=\"a; dmarc=pass header.from=us.example\"@evil.example",
                &["spf=pass smtp.mailfrom=a; dmarc=pass header.from=us.example@evil.example"],
            ),
            ("mx; spf=none (\\) ( ; dmarc=pass ) ) smtp.helo=x", &["spf=none smtp.helo=x"]),
        ] {
            assert_eq!(results(value).as_deref(), Some(wanted.map_strings().as_slice()), "{value}");
        }
    }

    trait MapStrings {
        fn map_strings(&self) -> Vec<String>;
    }
    impl MapStrings for [&str] {
        fn map_strings(&self) -> Vec<String> {
            self.iter().map(|s| (*s).to_owned()).collect()
        }
    }

    #[test]
    fn what_does_not_fit_says_nothing() {
        for value in [
            "mx; dkim",
            "mx; =pass",
            "mx; dkim=pass (unclosed",
            "mx; dkim=pass header.d=\"unclosed",
            "mx; dkim=pass header.d",
            "mx 2; dkim=pass",
            "mx dkim=pass",
            "mx; dkim=pass; ; none; x",
        ] {
            let said = read(value).unwrap();
            assert_eq!((said.authserv_id.as_str(), said.results), ("mx", None), "{value}");
        }
        for value in ["", "  ", "(mx)", "; dkim=pass", "(unclosed"] {
            assert_eq!(read(value), None, "{value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_stranger_wrote_stays_within_its_quotes(value in "(?s).{0,60}") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let field = format!("mx; spf=pass smtp.mailfrom=\"{quoted}\"@x.example; dkim=none");
            let results = read(&field).unwrap().results.unwrap();
            let methods: Vec<&str> = results.iter().map(|r| r.method.as_str()).collect();
            assert_eq!(methods, ["spf", "dkim"]);
            let mailbox = format!("{value}@x.example");
            assert_eq!(results[0].property("smtp.mailfrom"), Some(mailbox.as_str()));
        }

        #[test]
        fn any_text_is_read_without_harm(text in "(?s)[a-z0-9;=.()\"\\\\/ @é\n-]{0,80}") {
            let _ = read(&text);
        }
    }

    #[test]
    fn a_property_that_stands_twice_is_none() {
        let said = read("mx; dkim=pass header.d=a.example header.d=b.example header.s=x").unwrap();
        let [result] = said.results.unwrap().try_into().unwrap();
        assert_eq!((result.property("header.d"), result.property("header.s")), (None, Some("x")));
    }
}
