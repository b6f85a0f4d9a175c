//! `callfirst tune`: from a mail that was held by mistake, or missed, to a change of a policy.

mod told;

use std::path::{Path, PathBuf};

use clap::Args;

pub(super) use self::told::of_effect;
use self::told::{in_words, json_line, standing_line};
use super::{
    envelope::{Addresses, read_file},
    out::{self, Failure},
    policies::{failure, kept},
    setup::{self, Ask, DryJudge},
};
use crate::{
    app,
    changes::{Book, NewEntry, Offer, Said, Workshop},
    config::Config,
    decision::Trial,
    hold,
    mail::{HoldId, Timestamp},
    store::Database,
    tuning::{MARKS_COUNT_DAYS, Mark, Marked, Nothing},
};

/// Below `--help`.
const HELP: &str = "\
Examples:
  callfirst tune -c /etc/callfirst/callfirst.toml HOLD-ID
  callfirst tune -c /etc/callfirst/callfirst.toml HOLD-ID --apply 1 --reason \"our newsletter\"
  callfirst tune --missed sent.eml
  callfirst tune -c /etc/callfirst/callfirst.toml --standing

Tells what would let the mail pass (with --missed: have held it), each as a change of the policy files
with its effect on the policies' own tests and on the reference mails, the best first. Without --apply
nothing is changed. With it the change goes into the book and into the files; `callfirst policies
rollback` takes it back. Exit 1 where nothing would help, or the change is refused.";

/// Propose changes of policies for a mail that was held by mistake, or missed.
#[derive(Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The configuration file; without it the shipped policies are looked at, and nothing is kept
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The id of a hold, or a message in a file, or - for standard input
    #[arg(value_name = "HOLD-ID|MAIL", required_unless_present = "standing")]
    mail: Option<String>,
    /// It passed and should have been held
    #[arg(long)]
    missed: bool,
    /// With --missed: the policy that should have held it; without, the one that came nearest
    #[arg(long, value_name = "POLICY", requires = "missed")]
    policy: Option<String>,
    /// What several people's marks of the last 90 days ask for
    #[arg(long, requires = "config", conflicts_with_all = ["mail", "missed"])]
    standing: bool,
    /// Takes the proposal of this number: into the book, and into the files
    #[arg(long, value_name = "N", requires = "config")]
    apply: Option<usize>,
    /// Why, for the book
    #[arg(long, default_value = "")]
    reason: String,
    /// Why it is wanted though the reference mails speak against it
    #[arg(long, value_name = "WHY")]
    overrule: Option<String>,
    /// One JSON object a proposal on stdout
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    addresses: Addresses,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    setup::block_on(tune(arguments))?
}

/// What a command tunes with.
struct Bench {
    judge: DryJudge,
    workshop: Workshop,
    database: Option<Database>,
}

async fn tune(arguments: &Arguments) -> Result<(), Failure> {
    // A judge without a second reader: what policies alone say is what can be tuned.
    let judge = setup::judge(arguments.config.as_deref(), Ask::Never)?;
    let config = arguments.config.as_deref().map(setup::config).transpose()?;
    let bench = bench(arguments, config.as_ref(), judge).await?;
    if arguments.standing {
        return standing(arguments, &bench).await;
    }
    let given = arguments.mail.as_deref().unwrap_or_default();
    let (trial, content, id) = mail(arguments, &bench, config.as_ref(), given).await?;
    let mark = if arguments.missed { Mark::Missed } else { Mark::Wrong };
    if let Some(book) = bench.database.as_ref().and(bench.workshop.book().ok())
        && arguments.missed
    {
        keep_mark(book, &bench, &trial, &content).await?;
    }
    out::note("judging the reference mails with each change: some seconds");
    let policy = arguments.policy.as_deref();
    let offers = bench.workshop.propose(&trial, mark, policy, Timestamp::now());
    let mut offers = match offers.map_err(|error| failure(&error))? {
        Ok(offers) if offers.is_empty() => {
            out::note(
                "no small change of a policy would help: its words, or a whole policy, have to be written anew",
            );
            return Err(Failure::Found);
        }
        Ok(offers) => offers,
        Err(why) => {
            out::note(&nothing(&why));
            return Err(Failure::Found);
        }
    };
    project(&bench.workshop, &mut offers).await?;
    let Some(number) = arguments.apply else {
        for (number, offer) in (1..).zip(&offers) {
            if arguments.json {
                out::json(&json_line(number, offer))?;
            } else {
                out::line(&in_words(number, offer))?;
            }
        }
        return Ok(());
    };
    let chosen = number.checked_sub(1).and_then(|at| offers.get(at));
    let Some(offer) = chosen else {
        return Err(Failure::Usage(format!("there are proposals 1 to {}", offers.len())));
    };
    let files = offer.proposal.changes.iter();
    let changed: Vec<(String, String)> =
        files.map(|change| (change.file.clone(), change.after.clone())).collect();
    let new = NewEntry {
        kind: offer.proposal.kind.as_str().to_owned(),
        title: offer.proposal.title.clone(),
        why: arguments.reason.clone(),
        hold: id.map(|id| id.as_str().to_owned()),
        files: Vec::new(),
        said: Some(Said::from(&offer.effect).with(offer.projection)),
        overruled: arguments.overrule.clone(),
        undoes: None,
    };
    take(&bench.workshop, &changed, Some((&trial, mark)), new).await
}

/// What each would have done with recorded traffic, where there is any.
async fn project(workshop: &Workshop, offers: &mut [Offer]) -> Result<(), Failure> {
    let now = Timestamp::now();
    let recorded = workshop.recorded(now).await;
    let recorded = recorded.map_err(|error| Failure::broke("reading recorded traffic", &error))?;
    match recorded {
        Some(recorded) => workshop.project(offers, &recorded, now).map_err(|error| failure(&error)),
        None => Ok(()),
    }
}

async fn bench(
    arguments: &Arguments,
    config: Option<&Config>,
    judge: DryJudge,
) -> Result<Bench, Failure> {
    let Some(config) = config else {
        let workshop = app::shipped_workshop(judge.inner());
        return Ok(Bench { judge, workshop, database: None });
    };
    let keeps = arguments.apply.is_some() || arguments.standing || arguments.missed;
    let is_id = arguments.mail.as_deref().is_some_and(|mail| HoldId::parse(mail).is_ok());
    // A mail in a file can be looked at where no service has run.
    let database = if keeps || is_id { Some(setup::database(&config.store).await?) } else { None };
    let kept = database.clone().map(|database| kept(config, database)).unwrap_or_default();
    let workshop = app::workshop(config, kept, judge.inner());
    Ok(Bench { judge, workshop, database })
}

async fn mail(
    arguments: &Arguments,
    bench: &Bench,
    config: Option<&Config>,
    given: &str,
) -> Result<(Trial, Vec<u8>, Option<HoldId>), Failure> {
    let Ok(id) = HoldId::parse(given) else {
        let content = read_file(Path::new(given))?;
        let envelope = arguments.addresses.envelope(&content)?;
        return Ok((bench.judge.trial(envelope, &content), content, None));
    };
    let Some(config) = config else {
        return Err(Failure::Usage("a hold's id needs a configuration: -c FILE".to_owned()));
    };
    let store = setup::store(&config.store).await?;
    let broke = |error: hold::HoldError| Failure::broke("reading the hold", &error);
    let hold = store.find(&id).await.map_err(broke)?;
    let hold = hold.ok_or_else(|| Failure::Broke(format!("there is no hold {id}")))?;
    let content = store.content(&id).await.map_err(broke)?;
    let trial = bench.judge.trial(hold.envelope, &content);
    Ok((trial, content.to_vec(), Some(id)))
}

/// A missed mail counts among the marks of several people; nothing of what it says is kept.
async fn keep_mark(
    book: &Book,
    bench: &Bench,
    trial: &Trial,
    content: &[u8],
) -> Result<(), Failure> {
    let decision = trial.decide(&bench.judge.inner().policies());
    let marked = Marked {
        at: Timestamp::now(),
        person: out::operator().name.to_lowercase(),
        mark: Mark::Missed,
        policy: decision.policy.unwrap_or_default(),
        signals: decision.evidence.into_iter().map(|e| (e.signal, e.weight)).collect(),
    };
    let kept = book.mark_missed(content, &marked).await;
    kept.map_err(|error| Failure::broke("keeping the mark", &error))
}

async fn standing(arguments: &Arguments, bench: &Bench) -> Result<(), Failure> {
    let now = Timestamp::now();
    let workshop = &bench.workshop;
    let (Some(database), Ok(book)) = (&bench.database, workshop.book()) else {
        return Err(Failure::Usage("--standing needs a configuration: -c FILE".to_owned()));
    };
    let marks = marks(database, book, now).await?;
    let found = workshop.standing(&marks, now).map_err(|error| failure(&error))?;
    if found.is_empty() {
        out::note("no signal was marked three times by two people within 90 days");
        return Ok(());
    }
    let Some(number) = arguments.apply else {
        for (number, one) in (1..).zip(&found) {
            if arguments.json {
                out::json(one)?;
            } else {
                out::line(&standing_line(number, one))?;
            }
        }
        return Ok(());
    };
    let chosen = number.checked_sub(1).and_then(|at| found.get(at));
    let Some(one) = chosen else {
        return Err(Failure::Usage(format!("there are proposals 1 to {}", found.len())));
    };
    let changed = workshop.with_standing(one, now).map_err(|error| failure(&error))?;
    let new = NewEntry {
        kind: "standing".to_owned(),
        title: format!(
            "{} of {} by {:+.2}, as {} marks ask",
            one.signal, one.policy, one.by, one.marks
        ),
        why: arguments.reason.clone(),
        hold: None,
        files: Vec::new(),
        said: None,
        overruled: arguments.overrule.clone(),
        undoes: None,
    };
    take(workshop, &changed, None, new).await
}

/// What people marked lately: false alarms among the holds, and missed ones.
async fn marks(database: &Database, book: &Book, now: Timestamp) -> Result<Vec<Marked>, Failure> {
    let days = jiff::SignedDuration::from_hours(24 * MARKS_COUNT_DAYS);
    let since = now.checked_sub(days).unwrap_or(Timestamp::MIN);
    let alarms = hold::false_alarms(database, since).await;
    let alarms = alarms.map_err(|error| Failure::broke("reading false alarms", &error))?;
    let missed = book.missed_since(since).await;
    let mut marks = missed.map_err(|error| Failure::broke("reading marks", &error))?;
    marks.extend(alarms.into_iter().map(|alarm| Marked {
        at: alarm.at,
        person: alarm.person,
        mark: Mark::Wrong,
        policy: alarm.policy,
        signals: alarm.signals,
    }));
    Ok(marks)
}

/// Enters a change and, where nobody else is needed, writes it.
async fn take(
    workshop: &Workshop,
    changed: &[(String, String)],
    about: Option<(&Trial, Mark)>,
    new: NewEntry,
) -> Result<(), Failure> {
    let now = Timestamp::now();
    let by = out::operator();
    let looked = workshop.look(changed, about, now).map_err(|error| failure(&error))?;
    let number = workshop.enter(&looked, new, &by, now).await.map_err(|error| failure(&error))?;
    if workshop.wants_second_person() {
        out::note(&format!(
            "change {number} is proposed; somebody else takes it: callfirst policies accept {number}"
        ));
        return Ok(());
    }
    workshop.accept(number, &by, now).await.map_err(|error| failure(&error))?;
    out::note(&format!(
        "change {number} is written; a running service takes it over within seconds. Back again: callfirst policies rollback {number}"
    ));
    Ok(())
}

fn nothing(why: &Nothing) -> String {
    match why {
        Nothing::Passes(reason) => {
            format!("the policies as they are let it pass already ({})", reason.as_str())
        }
        Nothing::Held(policy) => format!("the policies as they are hold it already ({policy})"),
        Nothing::Spared(reason) => format!(
            "no word of it would change this: it passes because of {}; `callfirst explain` tells more",
            reason.as_str()
        ),
        Nothing::NoPolicy => {
            "no policy is meant for mail of this sender to these recipients".to_owned()
        }
        Nothing::Mistakes(_) => {
            "the policy files have mistakes: `callfirst check` tells them".to_owned()
        }
    }
}
