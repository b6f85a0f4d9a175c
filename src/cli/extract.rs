//! `callfirst extract`: the text of a document, in a process that can do nothing else.
//!
//! The service starts it for attachments; people may, to see what it sees:
//! `callfirst extract pdf <letter.pdf`. Exit 0 with the text; 10 encrypted, 11 unreadable, 12 too
//! large; any other end is a breakdown.

use std::{
    io::{self, Read, Write},
    panic::{self, catch_unwind},
    process::ExitCode,
};

use clap::Args;

use super::out;
use crate::{
    attachments,
    extract::{self, Kind, Refusal},
};

/// The text of a document on standard input.
#[derive(Args)]
pub(super) struct Arguments {
    /// What it is: pdf, docx, odt, rtf or doc
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: Kind,
}

fn kind(name: &str) -> Result<Kind, String> {
    let known = Kind::ALL.into_iter().find(|(n, _)| *n == name).map(|(_, kind)| kind);
    known.ok_or_else(|| Kind::ALL.map(|(name, _)| name).join(", "))
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match confined(arguments.kind) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(refusal)) => {
            out::note(&refusal.to_string());
            ExitCode::from(attachments::status_of(refusal))
        }
        Err(error) => {
            out::note(&format!("cannot read the document: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn confined(kind: Kind) -> io::Result<Result<(), Refusal>> {
    let mut said = attachments::confine()?;
    // A panic's text may quote the document.
    panic::set_hook(Box::new(|_| ()));
    let mut octets = Vec::new();
    io::stdin().lock().read_to_end(&mut octets)?;
    match catch_unwind(|| extract::text(kind, &octets)).unwrap_or(Err(Refusal::Unreadable)) {
        Ok(text) => said.write_all(text.as_bytes()).map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}
