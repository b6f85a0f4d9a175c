//! `[[signal]]`: what speaks for or against news.

use super::{Frame, Frames, MAX_SIGNALS, languages, nodes, refuse_twins};
use crate::{
    message::{Defect, Language},
    policy::{
        Glob,
        document::{Located, Table},
        phrase::Node,
    },
};

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum Place {
    Subject,
    New,
    Attachment,
    Quoted,
}

impl Place {
    /// Its name in policies and evidence.
    pub(in crate::policy) fn name(self) -> &'static str {
        match self {
            Place::Subject => "subject",
            Place::New => "new",
            Place::Attachment => "attachment",
            Place::Quoted => "quoted",
        }
    }
}

/// A set of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) struct Places(u8);

impl Places {
    /// What the sender newly wrote.
    const DEFAULT: Places = Places(0b0111);

    /// Whether this place is among them.
    pub(in crate::policy) fn has(self, place: Place) -> bool {
        self.0 & (1 << place as u8) != 0
    }

    fn with(self, place: Place) -> Places {
        Places(self.0 | 1 << place as u8)
    }
}

/// A fact about the message that is no phrase.
#[derive(Debug, Clone)]
pub(in crate::policy) enum Fact {
    /// It answers an earlier message.
    Reply,
    /// It answers none.
    FirstMail,
    /// An attachment of this name.
    Attachment(Glob),
    /// Odd in this way.
    Defect(Defect),
    /// A header field of this name and value.
    Header(String, Glob),
    /// At least so many people stand in To and Cc.
    Recipients(usize),
}

/// When a signal fires.
#[derive(Debug)]
pub(in crate::policy) enum Condition {
    Phrases(Vec<Located<Node>>),
    Fact(Fact),
}

/// What a signal means beyond its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum Gives {
    /// Nothing.
    Weight,
    /// The mail confirms a conversation that took place.
    AlreadyCalled,
    /// The mail points to what is attached.
    PointsToAttachment,
    /// An attached text greets somebody: a letter.
    Letter,
    /// The customer is upset.
    Upset,
}

impl Gives {
    const ALL: [(&'static str, Gives); 5] = [
        ("weight", Gives::Weight),
        ("already_called", Gives::AlreadyCalled),
        ("points_to_attachment", Gives::PointsToAttachment),
        ("letter", Gives::Letter),
        ("upset", Gives::Upset),
    ];
}

/// A signal as written.
#[derive(Debug)]
pub(in crate::policy) struct WrittenSignal {
    pub(in crate::policy) name: Located<String>,
    pub(in crate::policy) language: Language,
    pub(in crate::policy) weight: f64,
    pub(in crate::policy) condition: Condition,
    pub(in crate::policy) places: Places,
    pub(in crate::policy) unless: Frames,
    /// One of these must stand around the phrase; empty: none must.
    pub(in crate::policy) only: Frames,
    pub(in crate::policy) of_message: bool,
    pub(in crate::policy) limit: u32,
    pub(in crate::policy) gives: Gives,
}

/// The largest weight either way: e^12 is far beyond any threshold.
const MAX_WEIGHT: f64 = 12.0;

/// All `[[signal]]`s of a file.
pub(super) fn decode_all(root: &Table<'_>) -> Vec<WrittenSignal> {
    let tables = root.tables("signal");
    if let Some(extra) = tables.get(MAX_SIGNALS) {
        let help = format!("a file may have {MAX_SIGNALS}");
        extra.add(extra.span(), "too many signals", Some(help));
    }
    let signals: Vec<WrittenSignal> = tables.into_iter().filter_map(decode).collect();
    refuse_twins(root, signals.iter().map(|s| &s.name), "signal");
    signals
}

fn decode(table: Table<'_>) -> Option<WrittenSignal> {
    let name = table.string("name").required_located();
    let language = table.choice("language", &languages()).or(Language::En);
    let gives = table.choice("gives", &Gives::ALL).or(Gives::Weight);
    let weight = table.float("weight", -MAX_WEIGHT..=MAX_WEIGHT);
    let weight = match gives {
        Gives::Weight => weight.required(),
        _ => Some(weight.or(0.0)),
    };
    let of_message = table.choice("scope", &[("sentence", false), ("message", true)]).located();
    let limit = table.integer("limit", 1..=20).or(1);
    let places = places(&table);
    let unless = unless(&table, weight.unwrap_or(0.0));
    let only = frames(&table, "only").into_iter().fold(Frames::default(), Frames::with);
    let condition = condition(&table);
    let is_fact = matches!(condition, Some(Condition::Fact(_)));
    if let (true, Some(Located { value: false, span })) = (is_fact, &of_message) {
        let help = "leave `scope` out: a fact speaks of the message".to_owned();
        table.add(span.clone(), "a fact cannot speak of a sentence", Some(help));
    }
    let of_message = is_fact || of_message.is_some_and(|s| s.value) || gives != Gives::Weight;
    if places.has(Place::Quoted) && !of_message {
        let help = "set scope = \"message\": quoted words are context, never news".to_owned();
        table.add(table.span(), "a signal in quoted text cannot speak of a sentence", Some(help));
    }
    table.finish();
    Some(WrittenSignal {
        name: name?,
        language,
        weight: weight?,
        condition: condition?,
        places,
        unless,
        only,
        of_message,
        limit: u32::try_from(limit).unwrap_or(1),
        gives,
    })
}

fn condition(table: &Table<'_>) -> Option<Condition> {
    let phrases = table.strings("any").located();
    let fact = table
        .parsed("fact", "a fact such as \"reply\", \"first_mail\", \"attachment:*.pdf\", \"defect:encoding\", \"recipients:20\" or \"header:X-Legal=*\"", read_fact)
        .located();
    match (phrases, fact) {
        (Some(phrases), None) if !phrases.value.is_empty() => {
            Some(Condition::Phrases(nodes(table, "any", phrases.value)))
        }
        (None, Some(fact)) => Some(Condition::Fact(fact.value)),
        (Some(_), Some(fact)) => {
            let help = "make two signals of it".to_owned();
            table.add(fact.span, "a signal has `any` or `fact`, not both", Some(help));
            None
        }
        (Some(empty), None) => {
            table.add(empty.span, "`any` must hold a pattern", None);
            None
        }
        (None, None) => {
            if !table.has("any") && !table.has("fact") {
                let help = "add `any`: an array of patterns, or `fact`".to_owned();
                table.add(table.span(), "the signal says nothing to look for", Some(help));
            }
            None
        }
    }
}

fn read_fact(text: &str) -> Option<Fact> {
    match text.split_once(':') {
        None if text == "reply" => Some(Fact::Reply),
        None if text == "first_mail" => Some(Fact::FirstMail),
        Some(("recipients", least)) => least.parse().ok().map(Fact::Recipients),
        Some(("attachment", name)) => Some(Fact::Attachment(Glob::new(name))),
        Some(("header", field)) => {
            let (name, value) = field.split_once('=')?;
            Some(Fact::Header(name.trim().to_owned(), Glob::new(value)))
        }
        Some(("defect", name)) => {
            let name = serde_json::Value::String(name.to_owned());
            serde_json::from_value(name).ok().map(Fact::Defect)
        }
        _ => None,
    }
}

fn places(table: &Table<'_>) -> Places {
    let all = [Place::Subject, Place::New, Place::Attachment, Place::Quoted];
    let given = table.parsed_list("where", "subject, new, attachment or quoted", |text| {
        all.into_iter().find(|p| p.name() == text)
    });
    if given.is_empty() {
        return Places::DEFAULT;
    }
    given.into_iter().fold(Places(0), |places, p| places.with(p.value))
}

/// Without `unless`, what speaks for news is not heard when it is denied, asked or supposed.
fn unless(table: &Table<'_>, weight: f64) -> Frames {
    let given = frames(table, "unless");
    let default = [Frame::Negated, Frame::Question, Frame::Conditional];
    let frames: Vec<Frame> = match (table.has("unless"), weight > 0.0) {
        (true, _) => given,
        (false, true) => default.to_vec(),
        (false, false) => vec![Frame::Negated],
    };
    frames.into_iter().fold(Frames::default(), Frames::with)
}

fn frames(table: &Table<'_>, key: &'static str) -> Vec<Frame> {
    let given = table.parsed_list(key, Frame::WANTED, Frame::named);
    given.into_iter().map(|frame| frame.value).collect()
}
