//! Address patterns: `*@example.com`, `bounce-*@*`; case does not matter.

/// A pattern in which `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

impl Glob {
    /// Takes a pattern as written.
    pub fn new(pattern: &str) -> Glob {
        Glob(pattern.trim().to_lowercase())
    }

    /// Whether it matches the whole text. Linear but for one restart at the last star.
    pub fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut parts = self.0.split('*');
        let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
            return false;
        };
        let Some(mut part) = parts.next() else { return rest.is_empty() };
        for next in parts {
            match rest.split_once(part) {
                Some((_, behind)) => rest = behind,
                None => return false,
            }
            part = next;
        }
        rest.ends_with(part)
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn a_star_is_any_run_and_case_does_not_matter() {
        for (pattern, text, expected) in [
            ("*@example.com", "Ann@Example.COM", true),
            ("*@example.com", "ann@example.com.evil.test", false),
            ("*@*.example.com", "ann@mail.example.com", true),
            ("ann@example.com", "ann@example.com", true),
            ("bounce-*@*", "bounce-17@lists.example", true),
            ("a*a", "a", false),
            ("*.pdf", "Offer.PDF", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(text), expected, "{pattern} {text}");
        }
    }
}
