//! The values of this room.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Urgency;

/// The person to call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name as the To field, a directory or the thread gives it; may be empty.
    pub name: String,
    /// The address the mail is for.
    pub address: String,
    /// What he does: "Head of Purchasing"; empty where nobody says it.
    #[serde(default)]
    pub role: String,
}

/// Where a number is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// Beneath a quoted mail of the person's.
    #[serde(rename = "quoted signature")]
    Signature,
    /// Within a quoted mail of the person's.
    #[serde(rename = "quoted text")]
    QuotedText,
    /// In a quoted mail of somebody else at the person's company.
    #[serde(rename = "colleague")]
    Colleague,
    /// In the sender's own new words: "your number, ...".
    #[serde(rename = "new text")]
    NewText,
    /// The same in an earlier mail of ours that the thread quotes.
    #[serde(rename = "own earlier mail")]
    OwnEarlier,
    /// In the house's directory.
    #[serde(rename = "directory")]
    Directory,
    /// In the house's LDAP directory.
    #[serde(rename = "ldap")]
    Ldap,
    /// The customer system knows it.
    #[serde(rename = "crm")]
    Crm,
}

impl Source {
    /// The word for it in `--json` and on terminals.
    pub fn word(self) -> &'static str {
        match self {
            Source::Signature => "quoted signature",
            Source::QuotedText => "quoted text",
            Source::Colleague => "colleague",
            Source::NewText => "new text",
            Source::OwnEarlier => "own earlier mail",
            Source::Directory => "directory",
            Source::Ldap => "ldap",
            Source::Crm => "crm",
        }
    }
}

/// A telephone number and where we have it from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// `+4930123456`
    pub e164: String,
    /// `030 123456`
    pub national: String,
    /// The best of its sources.
    pub source: Source,
    /// The others, where several agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Source>,
    /// The day of the quoted mail that it stands in, where its attribution tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Date>,
    /// 0 to 1.
    pub confidence: f64,
}

/// How to tell it: three lines, and what stands behind them. Quotes are words of the mail; a fact
/// stands here only where it stands in the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// Regret, responsibility, remedy: one sentence each, plain and kind.
    pub lines: Vec<String>,
    /// What not to do: no news on voice mail.
    pub avoid: Vec<String>,
    /// The news in one plain sentence; `…` is for the caller to fill in.
    pub news: String,
    /// Dates and amounts of the news, to be said early.
    pub facts: Vec<String>,
    /// What they will ask first.
    pub first_question: FirstQuestion,
    /// Regret, responsibility, remedy, each beside what the mail says of it.
    pub parts: Vec<Part>,
    /// Words of the mail that are better left out when talking.
    pub drop: Vec<Dropped>,
    /// What the policy lets the sender offer.
    pub offer: Vec<String>,
    /// Whom to ask where more is needed than may be offered; empty where the policy names nobody.
    pub escalation: String,
    /// What may be said to a voice mail, in the mail's language.
    pub if_nobody_answers: String,
    /// What to change in the held text before it goes out as the written confirmation.
    pub afterwards: Vec<String>,
}

/// What they will ask first, and how to answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstQuestion {
    /// The question.
    pub question: String,
    /// One to three lines.
    pub answer: Vec<String>,
}

/// One of the three Rs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What the mail says of it already, quoted; empty where we found nothing.
    pub says: String,
    /// What we did not find in the mail, in one kind line; empty where nothing lacks.
    pub lacks: String,
}

/// Words of the mail that spoil it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The words, quoted.
    pub words: String,
    /// Why they are better left out.
    pub why: String,
    /// What to say instead.
    pub instead: String,
}

/// All that the sender needs for the call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CallSheet {
    /// Whom to call; `None` where the mail names nobody.
    pub person: Option<Person>,
    /// Numbers, best first.
    pub numbers: Vec<Number>,
    /// The zone whose time the person lives by, as the time zone database names it; `None` where
    /// several may be meant.
    #[serde(default)]
    pub zone: Option<String>,
    /// How to tell it.
    pub guide: Guide,
    /// The largest amount that the mail names, in whatever currency, cents left out.
    #[serde(default)]
    pub amount: Option<u64>,
    /// Why this call comes before others; empty where it does not.
    #[serde(default)]
    pub urgency: Vec<Urgency>,
}

impl CallSheet {
    /// Whether the call comes before others.
    pub fn is_urgent(&self) -> bool {
        !self.urgency.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_that_was_stored_before_guides_had_parts_still_reads() {
        let stored = r#"{"person":{"name":"Susan Hall","address":"s@hall.example"},"numbers":[],
            "guide":{"lines":["a","b","c"],"avoid":["d"]}}"#;
        let sheet: CallSheet = serde_json::from_str(stored).unwrap();
        assert_eq!((sheet.guide.lines.len(), sheet.guide.avoid.len()), (3, 1));
        assert!(sheet.guide.parts.is_empty() && sheet.guide.news.is_empty());
        let again = serde_json::to_string(&sheet).unwrap();
        assert_eq!(serde_json::from_str::<CallSheet>(&again).unwrap(), sheet);
    }

    #[test]
    fn a_sheet_whose_parts_repeat_their_lines_still_reads() {
        let stored = r#"{"person":null,"numbers":[],"guide":{"lines":["a","b","c"],
            "parts":[{"say":"a","says":"We are sorry.","lacks":""}]}}"#;
        let sheet: CallSheet = serde_json::from_str(stored).unwrap();
        assert_eq!(sheet.guide.parts[0].says, "We are sorry.");
    }

    #[test]
    fn a_sheet_that_was_stored_before_roles_and_zones_still_reads() {
        let stored = r#"{"person":{"name":"Susan","address":"s@hall.example"},
            "numbers":[{"e164":"+442079460018","national":"020 7946 0018",
                        "source":"quoted signature","confidence":0.95}],
            "guide":{"lines":[],"avoid":[]}}"#;
        let sheet: CallSheet = serde_json::from_str(stored).unwrap();
        assert_eq!((sheet.numbers[0].source, sheet.zone.as_ref()), (Source::Signature, None));
        let again: CallSheet =
            serde_json::from_str(&serde_json::to_string(&sheet).unwrap()).unwrap();
        assert_eq!(again, sheet);
    }

    #[test]
    fn a_source_is_told_by_the_word_that_it_is_stored_by() {
        let all = [
            Source::Signature,
            Source::QuotedText,
            Source::Colleague,
            Source::NewText,
            Source::OwnEarlier,
            Source::Directory,
            Source::Ldap,
            Source::Crm,
        ];
        for source in all {
            let stored = serde_json::to_string(&source).unwrap();
            assert_eq!(stored, format!("\"{}\"", source.word()));
        }
    }
}
