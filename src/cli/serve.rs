//! `callfirst serve`: the service.

use axum::Router;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{
    NeedsConfiguration,
    out::{self, Failure},
    setup,
};
use crate::{
    app::{Service, StartError, start_logging},
    config,
};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst serve -c /etc/callfirst/callfirst.toml

Logs go to stderr. Exit 1 if a door or the store cannot be opened, 2 for mistakes in files.";

/// Run the service in the foreground. SIGHUP reads policies and certificates again, SIGTERM
/// drains and ends.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: NeedsConfiguration,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = setup::config(&arguments.configured.config)?;
    let _flush = start_logging(&config.log);
    for warning in config::warnings(&config) {
        out::note(&format!("warning: {warning}"));
    }
    setup::block_on(async {
        let service = Service::build(&config, Router::new()).await.map_err(not_started)?;
        let service = service.configured_by(&arguments.configured.config);
        service.serve(on_termination()?).await;
        Ok(())
    })?
}

/// Why it did not start, as an exit: mistakes in files are the operator's, the rest is trouble.
pub(super) fn not_started(error: StartError) -> Failure {
    match &error {
        StartError::Mistakes(mistakes) => setup::tell(mistakes),
        StartError::Key(_)
        | StartError::Tls(_)
        | StartError::NextHop(_)
        | StartError::SecondReader(_)
        | StartError::People(_)
        | StartError::Receiver { .. }
        | StartError::AuditKey(_) => Failure::usage("not started", &error),
        StartError::Store(_)
        | StartError::Accounts(_)
        | StartError::Threads(_)
        | StartError::Listen(_)
        | StartError::Pages(..)
        | StartError::Metrics(_) => Failure::broke("not started", &error),
    }
}

/// Cancelled by SIGTERM or SIGINT.
pub(super) fn on_termination() -> Result<CancellationToken, Failure> {
    let stop = CancellationToken::new();
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut told =
            signal(kind).map_err(|error| Failure::broke("listening for signals", &error))?;
        let stop = stop.clone();
        tokio::spawn(async move {
            told.recv().await;
            stop.cancel();
        });
    }
    Ok(stop)
}
