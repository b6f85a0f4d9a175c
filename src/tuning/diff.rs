//! A change as people read it, and as `patch` takes it.

use similar::TextDiff;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// The unified diff from one text of a file to another; empty where they are the same.
pub fn unified(file: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let (old, new) = (format!("a/{file}"), format!("b/{file}"));
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(CONTEXT).header(&old, &new).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_the_lines_around_it() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        let after = before.replace("e\n", "E\n");
        let shown = unified("policies/x.toml", before, &after);
        assert_eq!(
            shown,
            "--- a/policies/x.toml\n+++ b/policies/x.toml\n@@ -2,6 +2,6 @@\n b\n c\n d\n-e\n+E\n f\n g\n"
        );
        assert_eq!(unified("x", "a", "a"), "");
    }
}
