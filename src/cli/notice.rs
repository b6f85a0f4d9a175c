//! `callfirst notice --preview`: the notice and guide that a message would cause.

use std::{path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use clap::{Args, ValueEnum};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Configured,
    envelope::{Addresses, read_file},
    out::{self, Failure},
    setup,
};
use crate::{
    app::{self, House, Judge, Letters, load_or_make},
    decision::Organisation,
    hold::NewHold,
    mail::{Content, Envelope, HoldId, Mailbox, Origin, Protocol, Xforward},
    release::Keys,
};

/// Show the notice that a message would cause. Sends nothing; its link opens nothing.
#[derive(Args)]
pub(super) struct Arguments {
    /// The message: a file, or - for standard input
    #[arg(long, value_name = "MAIL")]
    preview: PathBuf,
    /// As plain text, as the HTML part, or as the whole mail
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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
    let judge = setup::judge(arguments.configured.config.as_deref())?;
    let judged = judge.judge(&envelope, &content);
    if judged.decision.verdict != crate::decision::Verdict::Hold {
        out::note(&format!(
            "no notice: this message passes ({}). `callfirst explain` says why.",
            judged.decision.reason.as_str()
        ));
        return Err(Failure::Found);
    }
    let house = match &config {
        Some(config) => app::house(config, Keys::new([0; 32])),
        None => example_house(judge.inside_of(&envelope)),
    };
    let new = app::new_hold(judged, envelope, Content::from(content), Timestamp::now());
    let mail = Letters::new(house).hold_notice(&new).ok_or_else(|| {
        Failure::Usage("no notice: the sender is outside the organisation".to_owned())
    })?;
    match arguments.format {
        Format::Text => out::line(&mail.text),
        Format::Html => out::line(&mail.html),
        Format::Eml => out::line(String::from_utf8_lossy(&mail.bytes).trim_end()),
    }
}
