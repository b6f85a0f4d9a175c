//! Shows a mistake in a TOML file as a person wants to see it: place, line, and what would do.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use super::{Diagnostic, Source};

/// Columns that a message is wrapped for where no terminal says otherwise.
const WIDTH: usize = 120;

impl Diagnostic {
    /// In plain text, for logs and tests.
    pub fn render(&self, sources: &[Source]) -> String {
        self.render_with(&Renderer::plain(), sources)
    }

    /// With colours, for a terminal.
    pub fn render_coloured(&self, sources: &[Source]) -> String {
        self.render_with(&Renderer::styled(), sources)
    }

    /// Line and column, both from 1; the column counts characters.
    pub fn line_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span.start.min(text.len())).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or(before);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    fn render_with(&self, renderer: &Renderer, sources: &[Source]) -> String {
        let mut group = Group::with_title(Level::ERROR.primary_title(&self.message));
        match sources.iter().find(|s| s.name == self.file) {
            Some(source) => {
                let span = one_line(&source.text, &self.span);
                let mark = AnnotationKind::Primary.span(span);
                group =
                    group.element(Snippet::source(&source.text).path(&self.file).annotation(mark));
            }
            None => group = group.element(Level::NOTE.message(format!("in {}", self.file))),
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = renderer.clone().decor_style(DecorStyle::Ascii).term_width(WIDTH);
        renderer.render(&[group])
    }
}

/// The part of a span on its first line: a mark over many lines hides what it is about.
fn one_line(text: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = span.start.min(text.len());
    let rest = text.get(start..span.end.clamp(start, text.len())).unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len());
    start..start + length
}
