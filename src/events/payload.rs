//! An event as JSON: for programs, for a Slack channel, for a Teams channel, for a line in a file.

use serde_json::{Map, Value, json};

use super::{Event, Format};

/// What is told beyond the bare facts, where somebody asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Include {
    /// The reverse-path.
    pub sender: bool,
    /// The subject.
    pub subject: bool,
    /// The customers' addresses.
    pub recipients: bool,
}

/// The body for a webhook.
pub(super) fn body(event: &Event, format: Format) -> String {
    match format {
        Format::Json => plain(event).to_string(),
        Format::Slack => json!({ "text": escaped(&in_words(event)) }).to_string(),
        Format::Teams => card(event).to_string(),
    }
}

/// As Standard Webhooks has it: type, timestamp, data.
fn plain(event: &Event) -> Value {
    json!({
        "type": event.name(),
        "timestamp": event.at().to_string(),
        "data": data(event),
    })
}

fn data(event: &Event) -> Value {
    let entry = &event.entry;
    let mut data = Map::new();
    data.insert("number".to_owned(), json!(entry.number));
    data.insert("event".to_owned(), json!(entry.event.name));
    data.insert("hold".to_owned(), json!(entry.hold.as_ref().map(|id| id.as_str())));
    data.insert("by".to_owned(), json!(entry.actor.role));
    data.insert("via".to_owned(), json!(entry.actor.via));
    if let Some(about) = &event.hold {
        data.insert("policy".to_owned(), json!(about.policy));
        data.insert("category".to_owned(), json!(about.category));
        for (name, value) in [("sender", &about.sender), ("subject", &about.subject)] {
            data.extend(value.iter().map(|value| (name.to_owned(), json!(value))));
        }
        data.extend(about.recipients.iter().map(|r| ("recipients".to_owned(), json!(r))));
    }
    data.insert("facts".to_owned(), facts(event));
    Value::Object(data)
}

/// One name may come several times: a list of pairs would do, an object of lists is read sooner.
fn facts(event: &Event) -> Value {
    let mut facts: Map<String, Value> = Map::new();
    for (name, value) in event.facts() {
        match facts.get_mut(name) {
            None => drop(facts.insert(name.to_owned(), json!(value))),
            Some(Value::Array(values)) => values.push(json!(value)),
            Some(one) => *one = json!([one.clone(), value]),
        }
    }
    Value::Object(facts)
}

/// A line of the file, and of JSON collectors: who did it is in it, for that is what a SIEM is for.
pub(super) fn line(event: &Event) -> String {
    let mut line = json!({
        "id": event.id,
        "at": event.at().to_string(),
        "type": event.name(),
    });
    if let (Value::Object(line), Value::Object(data)) = (&mut line, data(event)) {
        line.extend(data);
        line.insert("who".to_owned(), json!(event.entry.actor.name));
        line.insert("address".to_owned(), json!(event.entry.actor.address));
    }
    line.to_string()
}

/// What people read in a channel.
pub(super) fn in_words(event: &Event) -> String {
    let mut text = match event.kind {
        Some(kind) => kind.in_words().to_owned(),
        None => event.entry.event.name.clone(),
    };
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("\n{name}: {}", on_one_line(value)));
        }
    };
    if let Some(about) = &event.hold {
        add("Kind of news", &about.category);
        add("Policy", &about.policy);
        add("From", about.sender.as_deref().unwrap_or_default());
        add("To", &about.recipients.as_deref().unwrap_or_default().join(", "));
        add("Subject", about.subject.as_deref().unwrap_or_default());
    }
    for (name, value) in event.facts().filter(|(name, _)| TOLD.contains(name)) {
        add(name, value);
    }
    add("Hold", event.entry.hold.as_ref().map_or("", |id| id.as_str()));
    text
}

/// Facts that say something to people in a channel.
const TOLD: [&str; 5] = ["promised_for", "mood", "reply", "changed", "fingerprint"];

/// Text of a mail must not look like lines of ours.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// Slack takes `<`, `>` and `&` for marks.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An Adaptive Card, as the workflows of Teams take it. A text run is never read as markdown.
fn card(event: &Event) -> Value {
    let lines = in_words(event);
    let blocks: Vec<Value> = lines
        .lines()
        .enumerate()
        .map(|(n, line)| {
            let weight = if n == 0 { "Bolder" } else { "Default" };
            let run = json!({ "type": "TextRun", "text": line, "weight": weight });
            json!({ "type": "RichTextBlock", "inlines": [run] })
        })
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": blocks,
            },
        }],
    })
}
