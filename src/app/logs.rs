//! Log lines to stderr, for people or as JSON.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{LogFormat, LogSettings};

/// Starts logging for this process. A second call changes nothing.
pub fn start_logging(settings: &LogSettings) {
    // sqlx and rustls tell what they do at info and debug; it is not our operator's business.
    let directives = format!("{},sqlx=warn,rustls=warn,hyper=warn,h2=warn", settings.level);
    let filter =
        EnvFilter::try_from_env("CALLFIRST_LOG").unwrap_or_else(|_| EnvFilter::new(directives));
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match settings.format {
        LogFormat::Text => lines.with_ansi(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Only tests and the demo call twice; the first one stays.
    drop(started);
}
