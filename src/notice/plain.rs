//! A notice as plain text: what a telephone, a screen reader or a terminal shows.

use super::{clean::isolated, digest::Page, guide::Short, letter::Letter};

/// Lines wider than this are hard to read where nothing wraps them.
const WIDTH: usize = 72;

/// The text part, LF lines.
pub(super) fn render(letter: &Letter<'_>) -> String {
    let texts = &letter.texts;
    let mut out = Text { written: String::new(), colon: texts.colon };
    out.paragraph("", &letter.title);
    out.paragraph("", &letter.lead);
    for why in &letter.urgent {
        out.paragraph("", why);
    }
    if let Some(enclosure) = letter.enclosure {
        out.paragraph("", enclosure);
    }
    if let Some(before) = &letter.before {
        out.paragraph("", before);
    }
    if !letter.quotes.is_empty() {
        out.title(texts.words_title);
        for quote in &letter.quotes {
            let place =
                if quote.place.is_empty() { String::new() } else { format!(" ({})", quote.place) };
            out.item("  > ", &format!("{}{place}", isolated(&quote.text)));
        }
        out.end();
    }
    if let Some(card) = &letter.card {
        out.title(texts.call_title);
        let name = isolated(&card.name);
        let gap = if name.is_empty() { "" } else { ", " };
        out.item("  ", &format!("{name}{gap}{}", card.address));
        if !card.role.is_empty() {
            out.item("  ", &isolated(&card.role));
        }
        if let Some(local) = &card.local {
            out.item("  ", local);
        }
        for number in &card.numbers {
            out.item("  ", &format!("{} ({}), {}", number.text, number.e164, number.source));
        }
        if card.numbers.is_empty() {
            out.item("  ", texts.no_number);
        }
        out.end();
    }
    if !letter.guide.is_empty() {
        out.title(texts.guide_title);
        for (label, sentence) in &letter.guide {
            out.item("  - ", &format!("{label}{} {sentence}", texts.colon));
        }
        out.short(letter.short.as_ref());
        out.end();
    }
    if let Some(link) = &letter.link {
        out.title(letter.button);
        // Never wrapped: a broken link opens nothing.
        out.written.push_str(&format!("  {link}\n"));
        out.item("  ", letter.button_hint);
        out.end();
    }
    if let Some((label, link)) = &letter.other_page {
        out.title(label);
        out.written.push_str(&format!("  {link}\n"));
        out.end();
    }
    if let Some(by_mail) = &letter.by_mail {
        out.paragraph("", by_mail);
    }
    if !letter.next.is_empty() {
        out.title(texts.next_title);
        for sentence in &letter.next {
            out.item("  ", sentence);
        }
        out.end();
    }
    out.list(letter.recipients_title, &letter.recipients);
    out.list(texts.went_to, &letter.passed);
    out.close(&letter.footer)
}

/// A digest as plain text, LF lines.
pub(super) fn render_digest(page: &Page) -> String {
    let mut out = Text { written: String::new(), colon: page.texts.colon };
    out.paragraph("", &page.title);
    out.paragraph("", page.words.lead);
    for line in &page.lines {
        let number = line.number.as_ref().map(|(text, e164)| format!(", {text} ({e164})"));
        out.item("* ", &format!("{}{}", line.who, number.unwrap_or_default()));
        line.urgent.iter().for_each(|why| out.item("  ", why));
        line.about.iter().for_each(|about| out.item("  ", about));
        if let Some(link) = &line.link {
            // Never wrapped: a broken link opens nothing.
            out.written.push_str(&format!("  {link}\n"));
        }
        out.end();
    }
    out.close(&page.footer)
}

struct Text<'a> {
    written: String,
    colon: &'a str,
}

impl Text<'_> {
    fn title(&mut self, title: &str) {
        self.written.push_str(title);
        self.written.push_str(if title.ends_with('…') { "" } else { self.colon });
        self.written.push('\n');
    }

    fn paragraph(&mut self, indent: &str, text: &str) {
        self.item(indent, text);
        self.end();
    }

    fn list(&mut self, title: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.title(title);
        for item in items {
            self.item("  ", item);
        }
        self.end();
    }

    /// What stands below the three lines.
    fn short(&mut self, short: Option<&Short<'_>>) {
        let Some(short) = short else { return };
        for sentence in &short.avoid {
            self.item("  ! ", sentence);
        }
        let words = &short.words;
        if !short.question.is_empty() {
            self.item("  ? ", &format!("{}{} {}", words.question, self.colon, short.question));
            short.answer.iter().for_each(|line| self.item("    ", line));
        }
        if !short.offer.is_empty() {
            self.item("  + ", &format!("{}{} {}", words.offer, self.colon, short.offer.join("; ")));
        }
        if !short.escalation.is_empty() {
            self.item("  + ", &format!("{}{} {}", words.escalation, self.colon, short.escalation));
        }
    }

    /// The footer, and nothing behind it.
    fn close(mut self, footer: &str) -> String {
        self.written.push_str("-- \n");
        self.paragraph("", footer);
        self.written.truncate(self.written.trim_end().len());
        self.written.push('\n');
        self.written
    }

    fn end(&mut self) {
        self.written.push('\n');
    }

    /// Wraps between words; further lines stand under the first one's text.
    fn item(&mut self, indent: &str, text: &str) {
        let hang = " ".repeat(indent.chars().count());
        self.written.push_str(indent);
        let mut column = indent.chars().count();
        let mut first = true;
        for word in text.split(' ') {
            let width = word.chars().count();
            if !first && column + 1 + width > WIDTH {
                self.written.push('\n');
                self.written.push_str(&hang);
                column = hang.len();
            } else if !first {
                self.written.push(' ');
                column += 1;
            }
            self.written.push_str(word);
            column += width;
            first = false;
        }
        self.written.push('\n');
    }
}
