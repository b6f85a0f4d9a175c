//! The XML of a word processor → text.
//!
//! One walk over the events of the XML, by a table a dialect. What the reader of the document does
//! not see is left out: deleted text, hidden text, comments, the second version of a drawing.
//!
//! ECMA-376 part 1 §17; OpenDocument 1.3 part 3 §5 and §6. Elements are told by their local names:
//! both formats use each of these once.

use std::io::BufRead;

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use super::{Refusal, inflated::BEYOND, text::Text};

/// What the elements of a format mean.
pub(super) struct Dialect {
    /// Only what stands inside of these is text.
    text: &'static [&'static str],
    /// What stands inside of these is not shown.
    left_out: &'static [&'static str],
    /// Behind these a paragraph ends.
    paragraphs: &'static [&'static str],
    /// Behind these a line ends.
    lines: &'static [&'static str],
    /// These are a space.
    spaces: &'static [&'static str],
    /// A run of text, and the mark in it that hides it.
    hidden: Option<(&'static str, &'static str)>,
}

/// WordprocessingML.
pub(super) const DOCX: Dialect = Dialect {
    text: &["t"],
    left_out: &["del", "moveFrom", "Fallback", "instrText", "fldData"],
    paragraphs: &["p"],
    lines: &["br", "cr"],
    spaces: &["tab", "tc"],
    hidden: Some(("r", "vanish")),
};

/// OpenDocument text.
pub(super) const ODT: Dialect = Dialect {
    text: &["p", "h"],
    left_out: &["annotation", "tracked-changes", "hidden-text", "forms"],
    paragraphs: &["p", "h"],
    lines: &["line-break"],
    spaces: &["s", "tab"],
    hidden: None,
};

/// Elements inside each other; a document has some dozens.
const MOST_DEPTH: usize = 1_000;

/// The text of a document's main part.
pub(super) fn text(xml: impl BufRead, dialect: &Dialect) -> Result<String, Refusal> {
    let mut reader = Reader::from_reader(xml);
    // A part that is cut off is read up to there.
    reader.config_mut().check_end_names = false;
    let mut walk =
        Walk { dialect, out: Text::default(), text: 0, left_out: 0, run: None, depth: 0 };
    let mut buffer = Vec::new();
    while !walk.out.is_full() && walk.depth <= MOST_DEPTH {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break,
            Ok(event) => walk.event(&event),
            Err(quick_xml::Error::Io(error)) if error.kind() == BEYOND => {
                return Err(Refusal::TooLarge);
            }
            Err(_) if walk.out.len() > 0 => break,
            Err(_) => return Err(Refusal::Unreadable),
        }
    }
    Ok(walk.out.into_string())
}

struct Walk<'d> {
    dialect: &'d Dialect,
    out: Text,
    /// How deep we are in elements that hold text, and in those that are left out.
    text: usize,
    left_out: usize,
    run: Option<Run>,
    depth: usize,
}

/// The run of text that we are in.
struct Run {
    begins_at: usize,
    hidden: bool,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(element) => {
                self.depth += 1;
                self.start(element);
            }
            Event::Empty(element) => {
                self.start(element);
                self.end(element.local_name().as_ref());
            }
            Event::End(element) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(element.local_name().as_ref());
            }
            Event::Text(text) if self.is_shown() => {
                self.out.push(&text.replace(['\r', '\n'], " "));
            }
            Event::CData(text) if self.is_shown() => self.out.push(text),
            Event::GeneralRef(entity) if self.is_shown() => self.entity(entity),
            _ => {}
        }
    }

    fn is_shown(&self) -> bool {
        self.text > 0 && self.left_out == 0
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        let name = name.as_ref();
        self.text += usize::from(self.dialect.text.contains(&name));
        self.left_out += usize::from(self.dialect.left_out.contains(&name));
        let Some((run, hidden)) = self.dialect.hidden else { return };
        if name == run {
            self.run = Some(Run { begins_at: self.out.len(), hidden: false });
        } else if name == hidden
            && let Some(run) = &mut self.run
        {
            run.hidden = !is_off(element);
        }
    }

    fn end(&mut self, name: &str) {
        let dialect = self.dialect;
        self.text = self.text.saturating_sub(usize::from(dialect.text.contains(&name)));
        let left_out = usize::from(dialect.left_out.contains(&name));
        self.left_out = self.left_out.saturating_sub(left_out);
        if dialect.hidden.is_some_and(|(run, _)| run == name)
            && let Some(Run { begins_at, hidden: true }) = self.run.take()
        {
            self.out.back_to(begins_at);
        }
        if self.left_out > 0 {
            return;
        }
        if dialect.paragraphs.contains(&name) {
            self.out.new_paragraph();
        } else if dialect.lines.contains(&name) {
            self.out.new_line();
        } else if dialect.spaces.contains(&name) {
            self.out.space();
        }
    }

    /// `&amp;`, `&#8217;`; a document type of its own that defines more is not looked at.
    fn entity(&mut self, entity: &BytesRef<'_>) {
        if let Ok(Some(c)) = entity.resolve_char_ref() {
            return self.out.push(c.encode_utf8(&mut [0; 4]));
        }
        self.out.push(quick_xml::escape::resolve_xml_entity(entity).unwrap_or_default());
    }
}

/// `<w:vanish w:val="false"/>` shows what it stands in.
fn is_off(element: &BytesStart<'_>) -> bool {
    let mut attributes = element.attributes().flatten();
    attributes.any(|a| {
        a.key.local_name().as_ref() == "val" && matches!(a.value.as_ref(), "0" | "false" | "off")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docx(xml: &str) -> String {
        text(xml.as_bytes(), &DOCX).unwrap()
    }

    #[test]
    fn paragraphs_lines_cells_and_entities() {
        let read = docx(
            "<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>\
             <w:r><w:t>Dear Ms Huber,</w:t></w:r></w:p><w:p><w:r><w:t>we </w:t></w:r>\
             <w:r><w:t>can&#8217;t &amp; won&apos;t</w:t><w:br/><w:t>pay.</w:t></w:r></w:p>\
             <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Amount</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
             </w:body></w:document>",
        );
        assert_eq!(read.trim(), "Dear Ms Huber,\n\nwe can’t & won't\npay.\n\nAmount");
    }

    #[test]
    fn what_the_reader_does_not_see_is_left_out() {
        let read = docx(
            "<d><w:p><w:r><w:t>seen</w:t></w:r><w:del><w:r><w:t>deleted</w:t></w:r></w:del>\
             <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>\
             <w:r><w:rPr><w:vanish w:val='false'/></w:rPr><w:t> too</w:t></w:r>\
             <mc:Fallback><w:t>twice</w:t></mc:Fallback></w:p></d>",
        );
        assert_eq!(read.trim(), "seen too");
    }

    #[test]
    fn opendocument() {
        let xml = "<o><text:tracked-changes><text:p>old</text:p></text:tracked-changes>\
             <text:h>Decision</text:h><text:p>we<text:s/>refuse<text:line-break/>it \
             <office:annotation><text:p>really?</text:p></office:annotation>.</text:p></o>";
        let read = text(xml.as_bytes(), &ODT).unwrap();
        assert_eq!(read.trim(), "Decision\n\nwe refuse\nit .");
    }

    #[test]
    fn what_is_cut_off_is_read_up_to_there_and_garbage_is_unreadable() {
        assert_eq!(docx("<d><w:p><w:r><w:t>so far</w:t></w:r></w:p><w:p").trim(), "so far");
        let doc_type = "<!DOCTYPE d [<!ENTITY a 'b'>]><d><w:p><w:t>x&a;y</w:t></w:p></d>";
        assert_eq!(docx(doc_type).trim(), "xy");
        assert_eq!(text(&b"\0<<<"[..], &DOCX), Err(Refusal::Unreadable));
    }
}
