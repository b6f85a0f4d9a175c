//! What the dry commands start from: a configuration if one is named, else the shipped policies.

use std::{path::Path, sync::Arc};

use arc_swap::ArcSwap;

use super::{
    out::{self, Failure, Paint},
    second_reader::Asking,
};
use crate::{
    app::{self, Judge, Judged, Second},
    attachments::{self, Attachments},
    config::{Config, Mistakes, PolicySettings, SecondReaderSettings, StoreSettings},
    decision::Organisation,
    directory::{Directory, People, Remotes},
    hold::{self, HoldStore},
    mail::Envelope,
    store::Database,
};

/// Judges without a service.
pub(super) struct DryJudge {
    judge: Judge,
    /// Without a configuration the sender's own domain is the inside.
    sender_is_inside: bool,
    /// The runtime in which others are asked, where they are.
    asking: Option<Asking>,
}

/// What a command wants of the second reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Nothing: the first judgement is wanted.
    Never,
    /// Its word, where the configuration has one, and whom the directory asks: as the relay does.
    IfConfigured,
    /// Its word; a configuration without one is a mistake.
    Always,
}

impl DryJudge {
    pub(super) fn judge(&self, envelope: &Envelope, content: &[u8]) -> Judged {
        if self.sender_is_inside {
            return self.judge_for(&inside_of(envelope), envelope, content);
        }
        self.judge_for(self.judge.organisation(), envelope, content)
    }

    /// For labelled sets, whose writers all count as ours whatever is configured.
    pub(super) fn judge_as_ours(&self, envelope: &Envelope, content: &[u8]) -> Judged {
        let mut organisation = inside_of(envelope);
        organisation.name = self.judge.organisation().name.clone();
        self.judge_for(&organisation, envelope, content)
    }

    fn judge_for(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        content: &[u8],
    ) -> Judged {
        let judged = self.judge.judge_for(organisation, envelope, content);
        match &self.asking {
            Some(asking) => asking.ask(&self.judge, organisation, envelope, judged),
            None => judged,
        }
    }

    /// What became of all questions to the second reader, where it was asked.
    pub(super) fn asked_in_words(&self) -> Option<String> {
        self.asking.as_ref().filter(|_| self.judge.second().is_some()).map(Asking::in_words)
    }
}

/// The sender's own domain as the inside.
pub(super) fn inside_of(envelope: &Envelope) -> Organisation {
    let domain = envelope.reverse_path().mailbox().and_then(|m| m.domain());
    Organisation {
        name: String::new(),
        domains: domain.map(str::to_ascii_lowercase).into_iter().collect(),
    }
}

/// The configuration, or all its mistakes on stderr.
pub(super) fn config(path: &Path) -> Result<Config, Failure> {
    Config::load(path).map_err(|mistakes| tell(&mistakes))
}

/// A judge by the configuration named, or by the shipped policies.
pub(super) fn judge(path: Option<&Path>, ask: Ask) -> Result<DryJudge, Failure> {
    judge_with(path, ask, |_| ())
}

/// The same with other settings than the configuration's.
pub(super) fn judge_with(
    path: Option<&Path>,
    ask: Ask,
    change: impl FnOnce(&mut PolicySettings),
) -> Result<DryJudge, Failure> {
    let config = path.map(config).transpose()?;
    let directory = directory(config.as_ref(), ask)?;
    // Before the first start there is no key, and everybody counts as a canary.
    let senders = config
        .as_ref()
        .map(|config| (Arc::clone(&config.teams), app::load_key(&config.store.key_file).ok()));
    let (organisation, mut policy, reads, second) = match config {
        Some(config) => {
            (config.organisation, config.policy, config.attachments, config.second_reader)
        }
        None => {
            let nobody = Organisation { name: String::new(), domains: Vec::new() };
            (nobody, PolicySettings::default(), attachments::Settings::default(), None)
        }
    };
    change(&mut policy);
    let set = app::compile_policies(&policy).map_err(|mistakes| tell(&mistakes))?;
    let guides = app::load_guides(&policy, &set).map_err(|mistakes| tell(&mistakes))?;
    let guides = Arc::new(ArcSwap::from_pointee(guides));
    let set = set.with_preset(policy.preset);
    let policies = Arc::new(ArcSwap::from_pointee(set));
    let reads = Arc::new(Attachments::new(reads, attachments::this_program()));
    let second = second_reader(second.as_ref(), ask)?;
    let asked = second.is_some() || directory.asks();
    let asking = asked.then(Asking::new).transpose()?;
    let mut judge = Judge::new(policies, organisation, policy.mode, reads)
        .with_guides(guides)
        .with_second(second)
        .with_directory(Arc::new(directory));
    if let Some((teams, keys)) = senders {
        judge = judge.with_senders(teams, keys);
    }
    Ok(DryJudge { judge, sender_is_inside: path.is_none(), asking })
}

/// The file of people, and those who are asked over the net where a command does as the relay does.
fn directory(config: Option<&Config>, ask: Ask) -> Result<Directory, Failure> {
    let Some(config) = config else {
        return Ok(Directory::new(People::default(), Remotes::default()));
    };
    let people = app::load_people(config).map_err(|mistakes| tell(&mistakes))?;
    let remotes = match ask {
        Ask::IfConfigured => {
            app::remotes(config).map_err(|error| Failure::usage("using the directory", &error))?
        }
        Ask::Never | Ask::Always => Remotes::default(),
    };
    Ok(Directory::new(people, remotes))
}

fn second_reader(
    settings: Option<&SecondReaderSettings>,
    ask: Ask,
) -> Result<Option<Arc<Second>>, Failure> {
    match (settings, ask) {
        (_, Ask::Never) | (None, Ask::IfConfigured) => Ok(None),
        (None, Ask::Always) => Err(Failure::Usage(
            "no second reader: name a configuration (-c) with a table [second_reader]".to_owned(),
        )),
        (Some(settings), Ask::IfConfigured | Ask::Always) => Second::new(settings)
            .map(|second| Some(Arc::new(second)))
            .map_err(|error| Failure::usage("using the second reader", &error)),
    }
}

/// Tells every mistake and ends with exit code 2.
pub(super) fn tell(mistakes: &Mistakes) -> Failure {
    out::note(&mistakes.render(Paint::stderr().is_on()));
    let n = mistakes.diagnostics.len();
    out::note(&format!("\n{n} mistake{} found", if n == 1 { "" } else { "s" }));
    Failure::Mistaken
}

/// The store of a service that has run.
pub(super) async fn store(settings: &StoreSettings) -> Result<Arc<dyn HoldStore>, Failure> {
    Ok(hold::on(database(settings).await?, hold::Settings::default()))
}

/// The database of a service that has run. A file that is not there is not made: an empty store would
/// answer a wrong path with "nothing is held", and belong to root instead of the service.
pub(super) async fn database(settings: &StoreSettings) -> Result<Database, Failure> {
    if let Some(file) = settings.url.strip_prefix("sqlite:").map(Path::new)
        && file.parent().is_some_and(Path::is_dir)
        && matches!(file.try_exists(), Ok(false))
    {
        let file = file.display();
        return Err(Failure::Usage(format!(
            "there is no store {file}: `serve` makes it; does `store.url` name the right one?"
        )));
    }
    app::open_database(settings)
        .await
        .map_err(|error| Failure::broke("opening the hold store", &error))
}

/// A runtime for the commands that need one.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::broke("starting the runtime", &error))?;
    Ok(runtime.block_on(work))
}
