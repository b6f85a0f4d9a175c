//! Log lines to stderr, for people or as JSON.

use tracing_subscriber::{EnvFilter, filter::LevelFilter, fmt};

use super::log_lines::{self, Flush};
use crate::{
    config::{LogFormat, LogSettings},
    telemetry,
};

/// Starts logging for this process, panics too. A second call changes nothing. What it gives is
/// kept to the end of the process.
pub fn start_logging(settings: &LogSettings) -> Flush {
    // What a panic says may quote the mail that was being read (a slice error quotes its text), so
    // only where it happened is told.
    std::panic::set_hook(Box::new(|panic| telemetry::service::panicked(panic.location())));
    let asked = std::env::var("CALLFIRST_LOG").unwrap_or_default();
    let filter = EnvFilter::new(directives(&asked, &settings.level));
    let lines = fmt().with_env_filter(filter).with_writer(log_lines::start()).with_target(false);
    let started = match settings.format {
        LogFormat::Text => lines.with_ansi(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Only tests and the demo call twice; the first one stays.
    drop(started);
    Flush::at_the_end()
}

/// What is heard of the crates below.
const BELOW: &str = "warn,ldap3=off";

/// A level speaks of our own lines: what the crates below tell at debug and trace (statements,
/// octets read) is not our operator's business and may be a mail's. Whoever names a crate gets it.
/// `ldap3` may quote an answer as a warning; what became of a question is told by us.
fn directives(asked: &str, configured: &str) -> String {
    match asked.trim() {
        "" => format!("{BELOW},callfirst={configured}"),
        level if level.parse::<LevelFilter>().is_ok() => format!("{BELOW},callfirst={level}"),
        named => named.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::directives;

    #[test]
    fn a_level_opens_our_own_lines_only() {
        assert_eq!(directives("", "info"), "warn,ldap3=off,callfirst=info");
        assert_eq!(directives("trace", "info"), "warn,ldap3=off,callfirst=trace");
        assert_eq!(directives("callfirst=debug,sqlx=info", "info"), "callfirst=debug,sqlx=info");
    }
}
