//! `callfirst traffic`: what went by, and what other thresholds, weights or words would have made of
//! it.

mod show;

use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::{NeedsConfiguration, out::Failure, setup};
use crate::{
    app,
    config::Config,
    mail::Timestamp,
    policy::{self, PolicySet, document::parse_duration},
    traffic::{
        Change, Counted, Difference, Effect, Hasher, Log, NEAR, Outlook, Projected, Record,
        Rejudging, Row,
    },
};

/// How many records are read from the store at a time.
const PAGE: u32 = 500;
/// The weight of a phrase that is tried, if none is named.
const DAMPING: f64 = -2.0;

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst traffic -c /etc/callfirst/callfirst.toml --since 28d
  callfirst traffic -c FILE --policy delivery_delay --threshold 0.7
  callfirst traffic -c FILE --policy delivery_delay --weight late=3.5
  callfirst traffic -c FILE --policy delivery_delay --damp \"our usual notice\"
  callfirst traffic -c FILE --preset cautious

Reads what was recorded of judged mail (docs/rollout.md): no text and no address, so people and
domains are told by names that stay the same and cannot be read back. Changes nothing.
--json prints one object a line; `what` says which kind it is.";

/// What was judged, what each policy would have held, and what a change would make of it.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: NeedsConfiguration,
    /// Mail judged in this time before now: 24h, 14d, 4w
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = since)]
    since: Duration,
    /// Only this policy
    #[arg(long, value_name = "ID")]
    policy: Option<String>,
    /// What if the policy held from this probability on
    #[arg(long, value_name = "0.05-0.999", requires = "policy", value_parser = threshold)]
    threshold: Option<f64>,
    /// What if a signal had another weight
    #[arg(long, value_name = "SIGNAL=WEIGHT", conflicts_with = "threshold", value_parser = weight)]
    weight: Option<(String, f64)>,
    /// What if these words in a row spoke against news; an estimate
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["threshold", "weight"])]
    damp: Option<String>,
    /// How much they would weigh
    #[arg(long, value_name = "WEIGHT", default_value_t = DAMPING, requires = "damp",
          allow_negative_numbers = true)]
    damp_weight: f64,
    /// What if all policies had this preset
    #[arg(long, value_enum, conflicts_with_all = ["threshold", "weight", "damp"])]
    preset: Option<Preset>,
    /// One JSON object a line, on stdout
    #[arg(long)]
    json: bool,
}

/// How sure all policies must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Preset {
    Cautious,
    Balanced,
    Strict,
}

impl From<Preset> for policy::Preset {
    fn from(preset: Preset) -> policy::Preset {
        match preset {
            Preset::Cautious => policy::Preset::Cautious,
            Preset::Balanced => policy::Preset::Balanced,
            Preset::Strict => policy::Preset::Strict,
        }
    }
}

fn since(text: &str) -> Result<Duration, String> {
    let parsed = parse_duration(text).filter(|time| !time.is_zero());
    parsed.ok_or_else(|| "a number and a unit are wanted: 24h, 14d, 4w".to_owned())
}

fn threshold(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|t| (NEAR..=0.999).contains(t));
    parsed.ok_or_else(|| format!("a probability from {NEAR} to 0.999 is wanted"))
}

fn weight(text: &str) -> Result<(String, f64), String> {
    let parsed = text.rsplit_once('=').and_then(|(signal, weight)| {
        let weight = weight.parse().ok().filter(|w: &f64| w.is_finite())?;
        (!signal.is_empty()).then(|| (signal.to_owned(), weight))
    });
    parsed.ok_or_else(|| "a signal and its weight are wanted: late=3.5".to_owned())
}

/// What was found.
struct Found {
    since: Timestamp,
    until: Timestamp,
    zone: TimeZone,
    counted: Vec<Counted>,
    as_it_was: Vec<Row>,
    /// What is supposed, in words, and what comes of it.
    supposed: Option<(String, Supposed)>,
    exempt: Vec<Record>,
    differences: Vec<Difference>,
}

/// What comes of what is supposed.
enum Supposed {
    /// By day, team and policy.
    Rows(Vec<Row>),
    /// Mail by mail.
    Effect(Effect),
}

/// What is still being counted.
enum Counting {
    Rows(Projected),
    Effect(Rejudging),
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = setup::config(&arguments.configured.config)?;
    let policies = app::compile_policies_with(&config).map_err(|m| setup::tell(&m))?;
    if let Some(id) = arguments.policy.as_deref().filter(|id| policies.policy(id).is_none()) {
        let known: Vec<&str> = policies.policies().iter().map(|p| p.id.as_str()).collect();
        let known = known.join(", ");
        return Err(Failure::Usage(format!("there is no policy \"{id}\"; there are: {known}")));
    }
    let supposed = supposed(arguments, &config, &policies)?;
    let found = setup::block_on(async {
        let database = setup::database(&config.store).await?;
        look(arguments, &config, Log::new(database), supposed).await
    })??;
    if arguments.json { show::json(&found) } else { show::in_words(&found) }
}

/// What is supposed, in words, and what counts it.
fn supposed(
    arguments: &Arguments,
    config: &Config,
    policies: &PolicySet,
) -> Result<Option<(String, Counting)>, Failure> {
    let policy = arguments.policy.clone();
    let whose = policy.as_deref().unwrap_or("all policies");
    if let Some(preset) = arguments.preset {
        let (from, to) = (config.policy.preset, preset.into());
        let name = policy::Preset::ALL.iter().find(|(_, p)| *p == to).map_or("", |(n, _)| *n);
        let rows = Projected::new(Outlook::default().preset(from, to), config.notice.zone());
        return Ok(Some((format!("With preset \"{name}\""), Counting::Rows(rows))));
    }
    let (words, change) = if let (Some(to), Some(policy)) = (arguments.threshold, &policy) {
        let change = Change::Threshold { policy: policy.clone(), to };
        (format!("If {policy} held from {to} on"), change)
    } else if let Some((signal, to)) = &arguments.weight {
        if !policies.has_signal(signal) {
            return Err(Failure::Usage(format!("no policy has a signal \"{signal}\"")));
        }
        let words = format!("If \"{signal}\" weighed {to} for {whose}");
        (words, Change::Weight { policy, signal: signal.clone(), to: *to })
    } else if let Some(damp) = &arguments.damp {
        let keys = app::load_key(&config.store.key_file)
            .map_err(|error| Failure::usage("naming words", &error))?;
        let phrase = Hasher::new(keys.derived("traffic")).phrase(damp);
        let phrase = phrase.map_err(|error| Failure::usage("--damp", &error))?;
        let weight = arguments.damp_weight;
        let words = format!("If \"{damp}\" weighed {weight} for {whose}");
        (words, Change::Phrase { policy, phrase, weight })
    } else {
        return Ok(None);
    };
    Ok(Some((words, Counting::Effect(Rejudging::new(change)))))
}

async fn look(
    arguments: &Arguments,
    config: &Config,
    log: Log,
    mut supposed: Option<(String, Counting)>,
) -> Result<Found, Failure> {
    let broke = |error| Failure::broke("reading recorded traffic", &error);
    let until = Timestamp::now();
    let since = until.checked_sub(arguments.since).unwrap_or(Timestamp::UNIX_EPOCH);
    let zone = config.notice.zone();
    let mut as_it_was = Projected::new(Outlook::default(), zone.clone());
    let (mut exempt, mut differences, mut behind) = (Vec::new(), Vec::new(), None);
    loop {
        let page = log.near(since, behind.as_ref(), PAGE).await.map_err(broke)?;
        for record in page.records {
            let record = only(record, arguments.policy.as_deref());
            as_it_was.add(&record);
            match &mut supposed {
                Some((_, Counting::Rows(rows))) => rows.add(&record),
                Some((_, Counting::Effect(rejudging))) => rejudging.add(&record),
                None => {}
            }
            differences.extend(Difference::of(&record));
            if is_listed(&record, arguments.policy.as_deref()) {
                exempt.push(record);
            }
        }
        behind = page.next;
        if behind.is_none() {
            break;
        }
    }
    let counted = log.counted(since).await.map_err(broke)?;
    let supposed = supposed.map(|(words, counting)| match counting {
        Counting::Rows(rows) => (words, Supposed::Rows(rows.rows())),
        Counting::Effect(rejudging) => (words, Supposed::Effect(rejudging.effect())),
    });
    let as_it_was = as_it_was.rows();
    Ok(Found { since, until, zone, counted, as_it_was, supposed, exempt, differences })
}

/// The record as far as it is about one policy.
fn only(mut record: Record, policy: Option<&str>) -> Record {
    if let Some(policy) = policy {
        record.detail.near.retain(|near| near.policy == policy);
        let is_about = |holds: &Option<String>| holds.as_deref() == Some(policy);
        let live = is_about(&record.detail.policy);
        if record.detail.shadow.as_ref().is_some_and(|s| !is_about(&s.holds)) && !live {
            record.detail.shadow = None;
        }
    }
    record
}

fn is_listed(record: &Record, policy: Option<&str>) -> bool {
    record.fate == crate::traffic::Fate::Exempt
        && policy.is_none_or(|policy| record.detail.policy.as_deref() == Some(policy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_supposed_is_checked_before_anything_is_read() {
        assert_eq!(weight("late=3.5"), Ok(("late".to_owned(), 3.5)));
        assert_eq!(weight("a=b=-1"), Ok(("a=b".to_owned(), -1.0)));
        for bad in ["late", "late=", "=3", "late=heavy", "late=inf"] {
            assert!(weight(bad).is_err(), "{bad}");
        }
        assert!(threshold("0.04").is_err() && threshold("1").is_err());
        assert_eq!(threshold("0.05"), Ok(0.05));
    }
}
