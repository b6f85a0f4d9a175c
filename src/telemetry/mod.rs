//! One function an event: log line and metric together. Never content, never tokens.

pub mod web;
