//! How commands speak: data to stdout, everything else to stderr, colour only on a terminal.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use crate::hold::Actor;

/// Why a command did not end with 0.
#[derive(Debug)]
pub enum Failure {
    /// It found problems, and has told them: exit 1.
    Found,
    /// Mistakes in the operator's files, already told: exit 2.
    Mistaken,
    /// Usage or configuration, with what to say: exit 2.
    Usage(String),
    /// Something else went wrong, with what to say: exit 1.
    Broke(String),
}

impl Failure {
    /// Says it on stderr and gives the exit code.
    pub fn tell(self) -> ExitCode {
        match self {
            Failure::Found => ExitCode::from(1),
            Failure::Mistaken => ExitCode::from(2),
            Failure::Usage(text) => {
                note(&format!("error: {text}"));
                ExitCode::from(2)
            }
            Failure::Broke(text) => {
                note(&format!("error: {text}"));
                ExitCode::from(1)
            }
        }
    }

    /// A failure with an error and its causes: exit 1.
    pub(crate) fn broke(doing: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
        Failure::Broke(format!("{doing}: {}", crate::telemetry::Chain(error)))
    }

    /// The same where the operator's files are at fault: exit 2.
    pub(crate) fn usage(doing: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
        Failure::Usage(format!("{doing}: {}", crate::telemetry::Chain(error)))
    }
}

/// Writes one line to stdout. A reader that went away (`| head`) ends the command quietly.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").map_err(unwritten)
}

/// What it means that stdout does not take what we say.
pub(super) fn unwritten(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Found,
        _ => Failure::Broke(format!("cannot write to standard output: {error}")),
    }
}

/// One JSON object on a line of stdout.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|e| Failure::broke("writing JSON", &e))?;
    line(&text)
}

/// Whoever sits at the keyboard, for the audit.
pub(super) fn operator() -> Actor {
    let name = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    Actor {
        role: "operator".to_owned(),
        name: name.unwrap_or_else(|_| "unknown".to_owned()),
        via: "cli".to_owned(),
        address: None,
    }
}

/// Says something to the person, on stderr. Nobody listening is no error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Colour for people's eyes: only on a terminal, and not where `NO_COLOR` is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    pub(super) fn stdout() -> Paint {
        Paint(io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none())
    }

    pub(super) fn stderr() -> Paint {
        Paint(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
    }

    pub(super) fn is_on(self) -> bool {
        self.0
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Mail text for a terminal: no control characters, so no escape sequences (RELIABILITY T25).
pub(super) fn plain(text: &str) -> String {
    let keep = |c: char| {
        let steers = c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
        if steers { '\u{fffd}' } else { c }
    };
    text.chars().map(keep).collect()
}
