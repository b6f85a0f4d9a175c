//! A form's fields, where a name may stand several times: boxes to tick, rows to choose.

use axum::{
    Form,
    extract::{FromRequest, Request},
    response::Response,
};

use super::answer::garbled;

/// What is kept of a line that somebody typed, in characters.
const MAX_LINE: usize = 200;

/// The fields of a form, in their order.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of this name, as it was sent; empty where there is none.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The same as a line: without outer spaces, controls and marks that turn writing round, cut.
    pub fn line(&self, name: &str) -> String {
        let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let clean = self.raw(name).chars().filter(|c| !c.is_control() && !turns(*c));
        let clean = clean.take(MAX_LINE);
        clean.collect::<String>().trim().to_owned()
    }

    /// Every value of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box of this name is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.raw(name) == "yes"
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Response> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        form.map(|Form(fields)| Fields(fields)).map_err(|_| garbled())
    }
}
