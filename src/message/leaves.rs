//! The leaves of a message one by one, as a page lists them and gives them out.
//!
//! Their numbers are their places in the part tree: the same message always gives the same ones.

use super::{
    Attachment, Limits, Met, charset, fields,
    parts::{self, Part, Tree},
    read::{is_readable, skip_blank_lines, within},
};

/// What a leaf is, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its place in the message.
    pub number: usize,
    /// Name, type and size.
    pub facts: Attachment,
    /// It is text in the markup of web pages.
    pub is_html: bool,
    /// It calls itself an attachment, or has a name.
    pub is_attached: bool,
    /// It belongs to a message that this one brings along.
    pub is_enclosed: bool,
}

/// A leaf with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLeaf {
    /// What it is.
    pub leaf: Leaf,
    /// Its octets, decoded.
    pub octets: Vec<u8>,
    /// The same as characters, of text and within the limit on text.
    pub text: Option<String>,
}

/// Every leaf, in order.
pub fn leaves(bytes: &[u8], limits: &Limits) -> Vec<Leaf> {
    let mut met = Met::default();
    let tree = tree(bytes, limits, &mut met);
    tree.parts.iter().enumerate().map(|(number, part)| leaf(number, part, &mut met)).collect()
}

/// The leaf with this number.
pub fn open_leaf(bytes: &[u8], limits: &Limits, number: usize) -> Option<OpenLeaf> {
    let mut met = Met::default();
    let tree = tree(bytes, limits, &mut met);
    let part = tree.parts.get(number)?;
    let leaf = leaf(number, part, &mut met);
    let octets = part.readings(usize::MAX, &mut met).into_iter().next()?.into_owned();
    let text = part.media.is_text() || leaf.is_html;
    let text = text.then(|| {
        let shown = within(&octets, limits.text_octets, &mut met);
        charset::decode(shown, part.media.charset.as_deref(), &mut met).text.into_owned()
    });
    Some(OpenLeaf { leaf, octets, text })
}

fn tree<'b>(bytes: &'b [u8], limits: &Limits, met: &mut Met) -> Tree<'b> {
    let bytes = within(bytes, limits.message_octets, met);
    let section = fields::section(skip_blank_lines(bytes, met), limits.fields, met);
    parts::walk(&section.fields, section.body, limits, met)
}

fn leaf(number: usize, part: &Part<'_>, met: &mut Met) -> Leaf {
    let name = part.media.names.first().cloned().unwrap_or_default();
    Leaf {
        number,
        is_html: part.media.is_html(),
        is_attached: part.media.attachment || !name.is_empty(),
        is_enclosed: part.enclosed.is_some(),
        facts: Attachment {
            name,
            media_type: part.media.media_type.clone(),
            size_octets: part.size_octets(met),
            read: is_readable(part),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>gr\xfc\xdfe</p>\r\n\
        --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=a.png\r\n\r\naGVsbG8=\r\n--b--\r\n";

    #[test]
    fn leaves_are_listed_and_opened_by_the_same_numbers() {
        let limits = Limits::default();
        let all = leaves(MAIL, &limits);
        let told: Vec<_> = all
            .iter()
            .map(|l| (l.number, l.facts.media_type.as_str(), l.is_html, l.is_attached))
            .collect();
        assert_eq!(told, [(0, "text/html", true, false), (1, "image/png", false, true)]);
        let html = open_leaf(MAIL, &limits, 0).unwrap();
        assert_eq!(html.text.as_deref().map(str::trim), Some("<p>grüße</p>"));
        let picture = open_leaf(MAIL, &limits, 1).unwrap();
        assert_eq!((picture.octets.as_slice(), &picture.text), (&b"hello"[..], &None));
        assert_eq!(picture.leaf, all[1]);
        assert_eq!(open_leaf(MAIL, &limits, 2), None);
    }
}
