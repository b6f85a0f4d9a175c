//! Configuration: TOML as written, checked whole before a socket opens.
//!
//! [`Config::load`] reads the file and every policy it names, and tells every mistake at once, each
//! with file, line, key and what would do. `callfirst check` runs the same code as `serve`.

mod attachments;
mod call;
mod desk;
mod directory;
mod doors;
mod events;
mod fields;
mod file;
mod holidays;
mod hours;
#[cfg(test)]
mod in_tests;
#[cfg(feature = "ldap")]
mod ldap;
mod notice;
#[cfg(feature = "oidc")]
mod oidc;
mod records;
mod replies;
mod second_reader;
mod settings;
mod team;
mod traffic;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub use call::CallSettings;
#[cfg(feature = "oidc")]
pub use settings::ProviderSettings;
pub use settings::{
    BareNewlines, Config, DeskSettings, DirectorySettings, LmtpDoor, LogFormat, LogSettings,
    NextHopTls, NoticeSettings, OnError, PolicySettings, ReceiverSettings, ReceiverWay,
    ReplySettings, SecondReaderSettings, SmtpSettings, StoreSettings, WebSettings,
};

use crate::policy::{Diagnostic, Source};

/// No configuration or policy file is larger.
const MAX_FILE_OCTETS: u64 = 1 << 20;
/// No policy folder holds more files.
const MAX_POLICY_FILES: usize = 500;

/// Why nothing can be started with this configuration.
#[derive(Debug, Clone, Default)]
pub struct Mistakes {
    /// What is wrong, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The files as read, so that the lines can be shown.
    pub sources: Vec<Source>,
}

impl Mistakes {
    /// One mistake about a file as a whole.
    pub fn about_file(path: &Path, message: String, help: &str) -> Mistakes {
        let file = path.display().to_string();
        let diagnostic = Diagnostic { file, span: 0..0, message, help: Some(help.to_owned()) };
        Mistakes { diagnostics: vec![diagnostic], sources: Vec::new() }
    }

    /// These, and behind them others.
    pub fn and(mut self, others: Mistakes) -> Mistakes {
        self.diagnostics.extend(others.diagnostics);
        self.sources.extend(others.sources);
        self
    }

    /// One line each, for a log: `file:line: what is wrong`; without a line where it is about the
    /// whole of a file.
    pub fn in_lines(&self) -> Vec<String> {
        let one = |d: &Diagnostic| match self.sources.iter().find(|s| s.name == d.file) {
            Some(source) => {
                let (line, _) = d.line_column(&source.text);
                format!("{}:{line}: {}", d.file, d.message)
            }
            None => format!("{}: {}", d.file, d.message),
        };
        self.diagnostics.iter().map(one).collect()
    }

    /// All of them as text, in colour for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let one = |d: &Diagnostic| match colour {
            true => d.render_coloured(&self.sources),
            false => d.render(&self.sources),
        };
        self.diagnostics.iter().map(one).collect::<Vec<_>>().join("\n\n")
    }
}

impl Config {
    /// Reads and checks a configuration file.
    pub fn load(path: &Path) -> Result<Config, Mistakes> {
        let source = read(path)?;
        let folder = path.parent().unwrap_or(Path::new(".")).to_path_buf();
        file::decode(&source, &folder).map_err(|diagnostics| {
            let text = without_passwords(&source.text);
            Mistakes { diagnostics, sources: vec![Source { text, ..source }] }
        })
    }
}

/// The same text, octet for octet, but for the passwords of URLs: the lines that a mistake stands
/// on are shown, and what is shown goes into a journal.
fn without_passwords(text: &str) -> String {
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, url)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        let authority = url.split(['"', '\'', '\n', '\r', ' ']).next().unwrap_or_default();
        rest = url;
        let named = authority.rsplit_once('@').and_then(|(named, _)| named.split_once(':'));
        if let Some((user, password)) = named {
            shown.push_str(user);
            shown.push(':');
            shown.extend(std::iter::repeat_n('*', password.len()));
            rest = url.get(user.len() + 1 + password.len()..).unwrap_or_default();
        }
    }
    shown.push_str(rest);
    shown
}

/// What is allowed and yet worth a second look.
pub fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    if config.smtp.on_error == OnError::Pass {
        warnings
            .push("smtp.on_error = \"pass\": mail that cannot be judged goes out unjudged".into());
    }
    if config.policy.mode == crate::decision::Mode::Observe {
        warnings.push("policy.mode = \"observe\": nothing is held".into());
    }
    if config.policy.mode == crate::decision::Mode::Notify {
        warnings.push("policy.mode = \"notify\": nothing is held, senders are told".into());
    }
    if let Some(second) = &config.second_reader {
        warnings.extend(about_second_reader(second));
    }
    if config.web.public_url.starts_with("http://") && !config.web.listen.ip().is_loopback() {
        warnings.push("web.public_url is not https: links in notices travel in clear".into());
    }
    if let Some(audit) = &config.audit
        && audit.heads_file.is_none()
        && audit.mail.is_none()
        && config.receivers.iter().all(|r| r.told.wanted != crate::events::Wanted::Audit)
    {
        let outside = "`heads_file`, `mail_to`, `[syslog]` or `[event_log]`";
        warnings
            .push(format!("audit: signed heads stay in the store; {outside} carries them outside"));
    }
    warnings
}

/// What leaves the house without need.
fn about_second_reader(second: &SecondReaderSettings) -> Vec<String> {
    let mut warnings = Vec::new();
    if second.ask.plain_http {
        warnings.push("second_reader.plain_http: text of mail may travel in clear".into());
    }
    if !second.limits.mask {
        warnings.push("second_reader.mask = false: names and numbers of mail are sent".into());
    }
    if second.weight == 0.0 {
        warnings.push("second_reader.weight = 0: it is asked and moves nothing".into());
    }
    warnings
}

/// Every `.toml` file of a policy folder and of its folder `lists`, in the order of their names.
pub fn read_policies(folder: &Path) -> Result<Vec<Source>, Mistakes> {
    let mut paths = toml_files(folder, true)?;
    paths.extend(toml_files(&folder.join("lists"), false)?);
    if paths.is_empty() {
        return Err(Mistakes::about_file(
            folder,
            format!("there is no policy in {}", folder.display()),
            "`callfirst init` writes the shipped ones",
        ));
    }
    if paths.len() > MAX_POLICY_FILES {
        return Err(Mistakes::about_file(
            folder,
            format!("{} policy files are more than {MAX_POLICY_FILES}", paths.len()),
            "is this the right folder?",
        ));
    }
    paths.iter().map(|path| read(path)).collect()
}

/// Every `.toml` file of the folder `shadow` below a policy folder; there need be none.
pub fn read_shadow(folder: &Path) -> Result<Vec<Source>, Mistakes> {
    toml_files(&folder.join("shadow"), false)?.iter().map(|path| read(path)).collect()
}

/// Every `.toml` file of the folder `guides` below a policy folder; there need be none.
pub fn read_guides(folder: &Path) -> Result<Vec<Source>, Mistakes> {
    toml_files(&folder.join("guides"), false)?.iter().map(|path| read(path)).collect()
}

/// Every `.toml` file of the folder `texts` below a policy folder; there need be none.
pub fn read_texts(folder: &Path) -> Result<Vec<Source>, Mistakes> {
    toml_files(&folder.join("texts"), false)?.iter().map(|path| read(path)).collect()
}

fn toml_files(folder: &Path, must_exist: bool) -> Result<Vec<PathBuf>, Mistakes> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if !must_exist && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Vec::new());
        }
        Err(error) => {
            return Err(Mistakes::about_file(
                folder,
                format!("cannot read the policy folder {}: {error}", folder.display()),
                "`policy.dir` names a folder, relative to the configuration file",
            ));
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml") && path.is_file())
        .collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Source, Mistakes> {
    let name = path.display().to_string();
    let refuse = |message: String, help: &str| Err(Mistakes::about_file(path, message, help));
    match fs::metadata(path) {
        Ok(facts) if facts.len() > MAX_FILE_OCTETS => {
            return refuse(
                format!("{name} is larger than {MAX_FILE_OCTETS} octets"),
                "is this the right file?",
            );
        }
        Ok(_) => {}
        Err(error) => {
            return refuse(
                format!("cannot read {name}: {error}"),
                "`callfirst init` writes a configuration to start from",
            );
        }
    }
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Ok(Source { name, text }),
        Ok(Err(_)) => refuse(format!("{name} is not UTF-8"), "save it as UTF-8"),
        Err(error) => refuse(format!("cannot read {name}: {error}"), "check its owner and mode"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_line_that_is_shown_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("callfirst.toml");
        for line in
            ["url = \"postgress://cf:s3:c@ret@db/x\"", "url = \"postgres://cf:s3:c@ret@db/x"]
        {
            fs::write(&path, format!("[store]\n{line}\n")).unwrap();
            let told = Config::load(&path).unwrap_err().render(false);
            assert!(told.contains("://cf:********@db/x"), "{told}");
            assert!(!told.contains("s3:c") && !told.contains("c@ret"), "{told}");
        }
    }
}
