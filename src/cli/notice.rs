//! `callfirst notice --preview`: the notice and guide that a message would cause, and every mail that
//! may follow.

use std::{path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use clap::{Args, ValueEnum};

use super::{
    Configured,
    envelope::{Addresses, read_file},
    out::{self, Failure},
    setup,
};
use crate::{
    app::{self, House, Letters, OwnInForce, Sample},
    calendar::Week,
    decision::{Organisation, Verdict},
    mail::{Envelope, Mailbox, Timestamp},
    message::Language,
    release::Keys,
    team::{Team, Teams},
    wording::{Languages, Own},
};

/// Below `--help`.
const HELP: &str = "\
Example:
  callfirst notice --preview mail.eml --format html > notice.html
  callfirst notice --preview mail.eml --kind reminder --language fr -c callfirst.toml

Exit 1 for a message that would pass: it has no notice. `callfirst explain` says why.";

/// Show the notice that a message would cause. Sends nothing; its link opens nothing.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The message: a file, or - for standard input
    #[arg(long, value_name = "MAIL")]
    preview: PathBuf,
    /// As plain text, as the HTML part, or as the whole mail
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Which of our mails: the first notice, or one that may follow
    #[arg(long, value_enum, default_value = "hold")]
    kind: Sample,
    /// In which language: en, de, fr, es, it, nl or pt; by default the sender's
    #[arg(long, value_parser = language)]
    language: Option<Language>,
    #[command(flatten)]
    configured: Configured,
    #[command(flatten)]
    addresses: Addresses,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Html,
    Eml,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let content = read_file(&arguments.preview)?;
    let envelope = arguments.addresses.envelope(&content)?;
    let config = match &arguments.configured.config {
        Some(path) => Some(setup::config(path)?),
        None => None,
    };
    let judge = setup::judge(arguments.configured.config.as_deref(), setup::Ask::IfConfigured)?;
    let judged = judge.judge(&envelope, &content);
    if judged.decision.verdict != Verdict::Hold {
        let reason = judged.decision.reason.as_str();
        out::note(&format!("no notice: this message passes ({reason}); `explain` says why"));
        return Err(Failure::Found);
    }
    // Any key will do: the link of a preview opens nothing.
    let keys = Keys::new([0; 32]);
    let own = match &config {
        Some(config) => app::load_own_lines(&config.policy).map_err(|m| setup::tell(&m))?,
        None => Own::default(),
    };
    let own: OwnInForce = Arc::new(ArcSwap::from_pointee(own));
    let house = match &config {
        Some(config) => app::house(config, keys, own),
        None => example_house(&envelope, keys, own),
    };
    let mail = Letters::new(house)
        .preview(
            arguments.kind,
            arguments.language,
            (&envelope, &content, &app::dossier(judged)),
            Timestamp::now(),
        )
        .ok_or_else(|| Failure::Usage("no notice: the sender is not one of us".to_owned()))?;
    match arguments.format {
        Format::Text => out::line(&mail.text),
        Format::Html => out::line(&mail.html),
        Format::Eml => out::line(String::from_utf8_lossy(&mail.bytes).trim_end()),
    }
}

fn language(code: &str) -> Result<Language, String> {
    Language::from_code(code).ok_or_else(|| {
        let codes = Language::ALL.map(Language::code).join(", ");
        format!("there are no texts in it; choose one of {codes}")
    })
}

/// Without a configuration, the sender's own domain sends the notice.
fn example_house(envelope: &Envelope, keys: Keys, own: OwnInForce) -> House {
    let inside = setup::inside_of(envelope);
    let domain = inside.domains.first().map_or("example.org", String::as_str);
    let from = Mailbox::parse(&format!("callfirst@{domain}"));
    House {
        organisation: domain.to_owned(),
        from_name: "Call First".to_owned(),
        from: from.unwrap_or_else(|_| Mailbox::postmaster()),
        public_url: format!("https://callfirst.{domain}"),
        teams: Arc::new(Teams::of_house(Team {
            week: Week::default().in_zone(jiff::tz::TimeZone::system()),
            ..Team::default()
        })),
        hours: crate::call::Hours::default(),
        keys,
        replies: None,
        own,
        languages: Languages::default(),
        inside: Organisation { name: String::new(), ..inside },
    }
}
