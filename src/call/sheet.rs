//! The values of this room.

use serde::{Deserialize, Serialize};

/// The person to call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name as the thread or the To field gives it; may be empty.
    pub name: String,
    /// The address the mail is for.
    pub address: String,
}

/// A telephone number and where we have it from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// `+4930123456`
    pub e164: String,
    /// `030 123456`
    pub national: String,
    /// `quoted signature`, `new text`, ...
    pub source: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// Three lines of how to tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// Regret, responsibility, remedy: one sentence each, plain and kind.
    pub lines: Vec<String>,
    /// What not to say or do: no news on voice mail.
    pub avoid: Vec<String>,
}

/// All that the sender needs for the call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CallSheet {
    /// Whom to call; `None` where the mail names nobody.
    pub person: Option<Person>,
    /// Numbers, best first.
    pub numbers: Vec<Number>,
    /// How to tell it.
    pub guide: Guide,
}
