//! Everything built from a configuration, started, reloaded and drained.

mod desk;
mod files;
mod judge;
mod key_file;
mod letters;
mod log_lines;
mod logs;
mod outside;
mod people;
mod policies;
mod reload;
mod replies;
mod second;
mod service;
mod texts;
mod workshop;

pub use desk::accounts;
pub use judge::{GuidesInForce, Judge, Judged, Policies, dossier};
pub use key_file::{KeyFileError, check_key, load_key, load_or_make};
pub use letters::{House, Letters, Sample};
pub use log_lines::Flush;
pub use logs::start_logging;
pub use outside::check_outside;
pub use people::{BadRemote, load_people, passed_over, remotes};
pub use policies::{
    Shadow, ShadowInForce, compile as compile_policies, compile_with as compile_policies_with,
    failure as test_failure, load_guides, load_policies, load_shadow, run_own_tests,
};
pub use second::{Consulted, NoQuestion, Second};
pub use service::{Service, StartError, house, open_database, open_store};
pub use texts::{OwnInForce, load_own_lines, text_files};
pub use workshop::{shipped_workshop, workshop};
