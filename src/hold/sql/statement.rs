//! A statement put together of words that stand in this source and values that are bound.
//!
//! What a person typed can only ever become a value: a statement takes no text but `'static` one.

use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query::Query};

/// See the module.
#[derive(Default)]
pub(super) struct Statement {
    text: String,
    values: Vec<Value>,
}

enum Value {
    Number(i64),
    Text(String),
    Octets(Vec<u8>),
}

impl Statement {
    /// Adds words.
    pub(super) fn say(&mut self, words: &'static str) -> &mut Statement {
        self.text.push_str(words);
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, value: i64) -> &mut Statement {
        self.value(Value::Number(value))
    }

    /// Adds a text. PostgreSQL's takes no NUL, and none is stored.
    pub(super) fn text(&mut self, value: &str) -> &mut Statement {
        self.value(Value::Text(value.replace('\0', "")))
    }

    /// Adds octets.
    pub(super) fn octets(&mut self, value: &[u8]) -> &mut Statement {
        self.value(Value::Octets(value.to_vec()))
    }

    /// Adds texts as a list in brackets; none of them matches nothing.
    pub(super) fn texts<'v>(
        &mut self,
        values: impl IntoIterator<Item = &'v str>,
    ) -> &mut Statement {
        self.say("(");
        let mut comma = "";
        for value in values {
            self.say(comma).text(value);
            comma = ", ";
        }
        // An empty text is neither a state, nor an id, nor a sender whose mail is held.
        if comma.is_empty() {
            self.say("''");
        }
        self.say(")")
    }

    fn value(&mut self, value: Value) -> &mut Statement {
        self.values.push(value);
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Ready to run.
    pub(super) fn query(self) -> Query<'static, Any, AnyArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Number(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Octets(value) => query.bind(value),
            };
        }
        query
    }
}
