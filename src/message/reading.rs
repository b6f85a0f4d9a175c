//! The values of this room: what was understood of one message.

use serde::{Deserialize, Serialize};

use super::{
    language, normal,
    sentences::{self, Lines},
};

/// The languages whose words we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English
    En,
    /// German
    De,
    /// French
    Fr,
    /// Spanish
    Es,
    /// Italian
    It,
    /// Dutch
    Nl,
    /// Portuguese
    Pt,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 7] = [
        Language::En,
        Language::De,
        Language::Fr,
        Language::Es,
        Language::It,
        Language::Nl,
        Language::Pt,
    ];

    /// The ISO 639-1 code, lower case.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
            Language::Fr => "fr",
            Language::Es => "es",
            Language::It => "it",
            Language::Nl => "nl",
            Language::Pt => "pt",
        }
    }

    /// From the ISO 639-1 code.
    pub fn from_code(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(code))
    }
}

/// What part of the message a passage is. Only [`Subject`](PassageKind::Subject),
/// [`New`](PassageKind::New) and [`Attachment`](PassageKind::Attachment) may carry news;
/// the others are context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageKind {
    /// The Subject field, without `Re:` and its kin.
    Subject,
    /// What the sender newly wrote.
    New,
    /// An earlier message, quoted.
    Quoted,
    /// An earlier message, forwarded.
    Forwarded,
    /// The sender's signature.
    Signature,
    /// Legal boilerplate.
    Disclaimer,
    /// Text of an attachment.
    Attachment,
}

/// One sentence, in two forms. They lie in one piece of memory: a mail has hundreds of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The text, and behind it the normal form.
    both: String,
    text_octets: usize,
}

impl Sentence {
    /// Of a text without line breaks.
    pub fn new(text: &str) -> Sentence {
        let normal = normal::normal(text);
        Sentence { both: [text, &normal].concat(), text_octets: text.len() }
    }

    /// The same of text that is [printable](normal::is_printable), with single spaces and none
    /// around it.
    pub(super) fn of_plain(text: &str) -> Sentence {
        let mut both = String::with_capacity(2 * text.len());
        both.push_str(text);
        normal::push_plain(text, &mut both);
        Sentence { both, text_octets: text.len() }
    }

    /// As a person would read it: decoded, white space collapsed.
    pub fn text(&self) -> &str {
        self.both.get(..self.text_octets).unwrap_or_default()
    }

    /// For matching: NFKC, lower case, plain quotes and hyphens, no invisible characters,
    /// contractions spelled out (`can't` → `cannot`, `we're` → `we are`).
    pub fn normal(&self) -> &str {
        self.both.get(self.text_octets..).unwrap_or_default()
    }
}

/// A run of text of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What it is.
    pub kind: PassageKind,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// The decoded text with its line breaks, for pages and for finding numbers.
    pub text: String,
}

/// An address of a header field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The display name, decoded, without control characters; may be empty.
    pub name: String,
    /// The address as written; may be empty or odd, it is only header text.
    pub address: String,
}

/// The fields that judging and answering need. Texts are decoded (RFC 2047) and without
/// control characters; nothing here may be trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Subject, whole.
    pub subject: String,
    /// From.
    pub from: Vec<Address>,
    /// Sender.
    pub sender: Vec<Address>,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Bcc, if it is there.
    pub bcc: Vec<Address>,
    /// Message-ID without its brackets.
    pub message_id: Option<String>,
    /// Message-IDs of In-Reply-To, without brackets.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of References, without brackets, oldest first.
    pub references: Vec<String>,
    /// Every field in order: name as written, value unfolded and decoded, limited.
    pub fields: Vec<(String, String)>,
}

impl Header {
    /// The first field of this name; case does not matter.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Whether this answers an earlier message.
    pub fn is_reply(&self) -> bool {
        !self.in_reply_to.is_empty() || !self.references.is_empty()
    }
}

/// An attachment's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name, decoded; may be empty.
    pub name: String,
    /// Its media type, lower case.
    pub media_type: String,
    /// Its size when decoded.
    pub size_octets: usize,
    /// Whether its text is among the passages.
    pub read: bool,
}

/// Something odd about a message that a policy can ask for. Never fatal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// A header line that is no field.
    HeaderLine,
    /// A field that may stand once stands twice (From, Subject, Content-Type, ...).
    DuplicateField,
    /// A multipart without boundary, or whose closing boundary never comes.
    Multipart,
    /// Base64 or quoted-printable that does not decode cleanly.
    Encoding,
    /// A charset we do not know, or bytes it does not allow.
    Charset,
    /// Two media types or dispositions for one part.
    AmbiguousPart,
    /// Text that is hidden from the reader of an HTML part.
    HiddenText,
    /// Invisible or direction-changing characters inside words.
    InvisibleCharacters,
    /// Encrypted content: we cannot read it.
    Encrypted,
    /// A limit of ours was reached; the rest was not read.
    Limit,
    /// An attached document without text that we can read: broken, of pictures only, or of a kind
    /// that we know and do not read.
    UnreadableAttachment,
}

/// What is read at most. Each is a bound on work, not a judgement on mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Octets of the message looked at for text.
    pub message_octets: usize,
    /// MIME parts.
    pub parts: usize,
    /// Nested multiparts and messages.
    pub depth: usize,
    /// Octets of decoded text in all.
    pub text_octets: usize,
    /// Header fields.
    pub fields: usize,
    /// Octets of one header field's value.
    pub field_octets: usize,
    /// Sentences in all.
    pub sentences: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            message_octets: 64 << 20,
            parts: 1_000,
            depth: 20,
            text_octets: 1 << 20,
            fields: 2_000,
            field_octets: 16 << 10,
            sentences: 4_000,
        }
    }
}

/// What was understood of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The header section's facts.
    pub header: Header,
    /// Subject first, then the body's passages in reading order.
    pub passages: Vec<Passage>,
    /// The language of the new text; `None` where it is short or another one.
    pub language: Option<Language>,
    /// Attachments in order.
    pub attachments: Vec<Attachment>,
    /// What was odd, each once, sorted.
    pub defects: Vec<Defect>,
}

impl Reading {
    /// The passages of one kind.
    pub fn of_kind(&self, kind: PassageKind) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(move |p| p.kind == kind)
    }

    /// The language of what is quoted or forwarded, where it says enough.
    pub fn quoted_language(&self) -> Option<Language> {
        let earlier = |p: &&Passage| matches!(p.kind, PassageKind::Quoted | PassageKind::Forwarded);
        let sentences = self.passages.iter().filter(earlier).flat_map(|p| &p.sentences);
        language::of(sentences.map(|s| s.normal()))
    }

    /// Adds the text of an attached document that somebody else has read. It gives the language
    /// where the mail itself says too little.
    pub fn add_attached(&mut self, text: &str, limits: &Limits) {
        let (text, inside_words) = normal::visible(text);
        if inside_words {
            self.add_defect(Defect::InvisibleCharacters);
        }
        let before: usize = self.passages.iter().map(|p| p.sentences.len()).sum();
        let mut left = limits.sentences.saturating_sub(before);
        let mut sentences = Vec::new();
        sentences::each(&text, Lines::Wrapped, &mut left, &mut sentences);
        if self.language.is_none() {
            self.language = language::of(sentences.iter().map(|s| s.normal()));
        }
        let (kind, text) = (PassageKind::Attachment, text.into_owned());
        self.passages.push(Passage { kind, sentences, text });
    }

    /// Notes something odd, once.
    pub fn add_defect(&mut self, defect: Defect) {
        if let Err(place) = self.defects.binary_search(&defect) {
            self.defects.insert(place, defect);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attached_text_gives_its_language_to_a_mail_that_says_nothing() {
        let mut reading = Reading::default();
        let letter = "Sehr geehrte Frau Huber,\n\nleider können wir Ihren Antrag nicht bewilligen, \
                      weil die Frist im März abgelaufen ist.\n";
        reading.add_attached(letter, &Limits::default());
        assert_eq!(reading.language, Some(Language::De));
        let sentences: Vec<&str> = reading.passages[0].sentences.iter().map(|s| s.text()).collect();
        assert_eq!(sentences.len(), 2, "{sentences:?}");
        reading.add_attached("Dear Ms Huber, this one is English.", &Limits::default());
        assert_eq!(reading.language, Some(Language::De));
        assert_eq!(reading.of_kind(PassageKind::Attachment).count(), 2);
    }

    #[test]
    fn a_defect_is_noted_once_and_in_order() {
        let mut reading = Reading { defects: vec![Defect::Charset], ..Reading::default() };
        for defect in [Defect::Limit, Defect::Encrypted, Defect::Limit, Defect::Charset] {
            reading.add_defect(defect);
        }
        assert_eq!(reading.defects, [Defect::Charset, Defect::Encrypted, Defect::Limit]);
    }
}
