//! The workshop: the policy files of this house, what would change in them, and the way there.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::{civil::Date, tz::TimeZone};

use super::{
    Book, BookError, Entry, FileText, Folder, NewEntry, Projection, Recorded, Recordings, Said,
    State, WriteError, entry::text_of,
};
use crate::{
    decision::{Organisation, Trial, Verdict},
    hold::Actor,
    mail::{Envelope, Timestamp},
    message::Reading,
    policy::{Diagnostic, Preset, SentenceModel, Source},
    tuning::{
        self, Bench, Effect, Mark, Marked, Nothing, Proposal, Reference, Sets, Standing,
        file_changes,
    },
};

/// Reads the files of the policy folder.
type Reads = Arc<dyn Fn() -> Result<Vec<Source>, Vec<Diagnostic>> + Send + Sync>;
/// Says what the configuration lacks for a set that compiles.
type Lacks = Arc<dyn Fn(&[Source]) -> Vec<Diagnostic> + Send + Sync>;
/// Reads a mail as the service does.
type ReadsMail = Arc<dyn Fn(&[u8]) -> Reading + Send + Sync>;

/// What the workshop is given by whoever builds it.
#[derive(Clone)]
pub struct Checks {
    /// Where the files are.
    pub folder: Folder,
    /// Reads them.
    pub read_files: Reads,
    /// What else must be so for them to be taken over.
    pub lacks: Lacks,
    /// Reads a mail.
    pub read_mail: ReadsMail,
    /// Who is inside, for mails on trial.
    pub organisation: Organisation,
    /// The learned model.
    pub model: Option<Arc<dyn SentenceModel>>,
    /// Where thresholds stand.
    pub preset: Preset,
    /// Whether a change needs a second person.
    pub second_person: bool,
    /// How long a change that marks ask for lasts.
    pub layer_days: u32,
    /// The zone whose days count.
    pub zone: TimeZone,
    /// Recorded traffic, where there is any.
    pub recordings: Option<Recordings>,
}

/// A state of the files, and what it holds of the reference mails.
type Held = (Vec<Source>, Vec<bool>);

/// See the module; clones share everything.
#[derive(Clone)]
pub struct Workshop {
    checks: Checks,
    tests_of: Organisation,
    reference: Arc<OnceLock<Reference>>,
    /// What a state of the files holds of the reference mails, by that state.
    held: Arc<Mutex<Option<Held>>>,
    /// The book; none at the command line without a store.
    book: Option<Book>,
}

/// A proposal with what it would do.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What.
    pub proposal: Proposal,
    /// What it would do.
    pub effect: Effect,
    /// What it would have done with recorded traffic, where that can be told.
    pub projection: Option<Projection>,
}

/// What a state of the files would do, or why it is none.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The files that would change.
    pub files: Vec<FileText>,
    /// Every mistake; with one there is no effect.
    pub mistakes: Vec<Diagnostic>,
    /// All files as they would be, for showing mistakes in.
    pub sources: Vec<Source>,
    /// What it would do.
    pub effect: Option<Effect>,
}

/// Why a change is not taken as it stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// It does not compile.
    Mistakes,
    /// Own tests fail.
    Tests,
    /// The reference mails speak against it, and no reason was typed.
    Reference(Vec<String>),
    /// It changes nothing.
    Nothing,
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WorkshopError {
    /// The book.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The folder.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The files as they are cannot be read or do not compile.
    #[error("the policy files as they are have mistakes: `callfirst check` tells them")]
    Mistakes(Vec<Diagnostic>),
    /// The change is not taken as it stands.
    #[error("{0}")]
    Refused(Refused),
    /// The reference set.
    #[error(transparent)]
    Reference(#[from] tuning::SetError),
    /// Its files have changed since.
    #[error("{0} has changed since: take back the later changes first")]
    Later(String),
    /// There is nowhere to keep it.
    #[error("there is no book of changes: name a configuration with a store")]
    NoBook,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refused::Mistakes => f.write_str("it does not compile"),
            Refused::Tests => f.write_str("own tests of the policies would fail"),
            Refused::Reference(why) => {
                write!(f, "the reference mails speak against it: {}", why.join("; "))
            }
            Refused::Nothing => f.write_str("it changes nothing"),
        }
    }
}

impl Workshop {
    /// A workshop, with the book where there is one.
    pub fn new(checks: Checks, book: Option<Book>) -> Workshop {
        // The tests of policies are mails of an organisation of their own.
        let tests_of =
            Organisation { name: "Inside".to_owned(), domains: vec!["inside.example".to_owned()] };
        let (reference, held) = (Arc::default(), Arc::default());
        Workshop { checks, tests_of, reference, held, book }
    }

    /// The book.
    ///
    /// # Errors
    /// There is none.
    pub fn book(&self) -> Result<&Book, WorkshopError> {
        self.book.as_ref().ok_or(WorkshopError::NoBook)
    }

    pub(super) fn recordings(&self) -> Option<&Recordings> {
        self.checks.recordings.as_ref()
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.checks.folder
    }

    /// Whether a change needs a second person.
    pub fn wants_second_person(&self) -> bool {
        self.checks.second_person
    }

    /// The files as they are, by their names below the folder.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn sources(&self) -> Result<Vec<Source>, WorkshopError> {
        let sources = (self.checks.read_files)().map_err(WorkshopError::Mistakes)?;
        Ok(self.checks.folder.named(sources))
    }

    /// A domain of the house.
    pub fn domain(&self) -> &str {
        self.checks.organisation.domains.first().map_or("inside.example", String::as_str)
    }

    /// A mail on trial, read as the service reads it.
    pub fn trial(&self, envelope: Envelope, content: &[u8]) -> Trial {
        let organisation = self.checks.organisation.clone();
        Trial { reading: (self.checks.read_mail)(content), envelope, organisation }
    }

    /// The files as they are, compiled, with thresholds as they stand.
    ///
    /// # Errors
    /// They have mistakes.
    pub fn policies(&self, now: Timestamp) -> Result<Sets, WorkshopError> {
        let sources = self.sources()?;
        let sets = self.with_bench(&sources, now, |bench, _| bench.compile(&sources))?;
        sets.map_err(WorkshopError::Mistakes)
    }

    fn reference(&self) -> Result<&Reference, WorkshopError> {
        if let Some(reference) = self.reference.get() {
            return Ok(reference);
        }
        let reference = Reference::shipped(self.checks.read_mail.as_ref())?;
        Ok(self.reference.get_or_init(|| reference))
    }

    fn with_bench<T>(
        &self,
        sources: &[Source],
        now: Timestamp,
        work: impl FnOnce(&Bench<'_>, &Reference) -> T,
    ) -> Result<T, WorkshopError> {
        let reference = self.reference()?;
        let bench = Bench {
            sources,
            model: self.checks.model.as_ref(),
            preset: self.checks.preset,
            organisation: &self.tests_of,
            read: self.checks.read_mail.as_ref(),
            commonness: &|language, word| reference.commonness(language, word),
            today: self.today(now),
        };
        Ok(work(&bench, reference))
    }

    fn today(&self, now: Timestamp) -> Date {
        now.to_zoned(self.checks.zone.clone()).date()
    }

    /// What the files as they are hold of the reference mails; looked at once a state. Takes some
    /// seconds the first time.
    fn held_now(
        &self,
        bench: &Bench<'_>,
        reference: &Reference,
    ) -> Result<Vec<bool>, Vec<Diagnostic>> {
        let same = |kept: &[Source]| {
            kept.len() == bench.sources.len()
                && kept.iter().zip(bench.sources).all(|(a, b)| a.name == b.name && a.text == b.text)
        };
        let lock = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, held)) = lock().as_ref().filter(|(kept, _)| same(kept)) {
            return Ok(held.clone());
        }
        let held = reference.held_by(bench.compile(bench.sources)?.live());
        *lock() = Some((bench.sources.to_vec(), held.clone()));
        Ok(held)
    }

    /// Proposals for a mail, with what each would do, the best first.
    ///
    /// # Errors
    /// The files as they are are not good.
    pub fn propose(
        &self,
        trial: &Trial,
        mark: Mark,
        policy: Option<&str>,
        now: Timestamp,
    ) -> Result<Result<Vec<Offer>, Nothing>, WorkshopError> {
        let sources = self.sources()?;
        self.with_bench(&sources, now, |bench, reference| {
            let found = match mark {
                Mark::Wrong => tuning::wrong(bench, trial),
                Mark::Missed => tuning::missed(bench, trial, policy),
            };
            let found = match found {
                Ok(found) => found,
                Err(why) => return Ok(Err(why)),
            };
            let held = self.held_now(bench, reference).map_err(WorkshopError::Mistakes)?;
            let about = Some((trial, wanted(mark)));
            let offer = |proposal: Proposal| {
                let after = proposal.sources(&sources);
                let effect = Effect::of(bench, &after, (reference, &held), about).ok()?;
                Some(Offer { proposal, effect, projection: None })
            };
            let mut offers: Vec<Offer> = found.into_iter().filter_map(offer).collect();
            offers.sort_by_key(|o| (o.effect.rank(), o.proposal.kind));
            Ok(Ok(offers))
        })?
    }

    /// The same offers with what each would have done with recorded traffic.
    ///
    /// # Errors
    /// The files as they are are not good.
    pub fn project(
        &self,
        offers: &mut [Offer],
        recorded: &Recorded,
        now: Timestamp,
    ) -> Result<(), WorkshopError> {
        for offer in offers {
            offer.projection = self.projection(recorded, &offer.proposal.edits, now)?;
        }
        Ok(())
    }

    /// A proposal with other words: of its phrase, and of its test (subject and text).
    ///
    /// # Errors
    /// The files as they are are not good, or it does not fit into them.
    pub fn amended(
        &self,
        proposal: &Proposal,
        pattern: Option<&str>,
        test: (&str, &str),
        now: Timestamp,
    ) -> Result<Option<Proposal>, WorkshopError> {
        let sources = self.sources()?;
        self.with_bench(&sources, now, |bench, _| proposal.amended(bench, pattern, test).ok())
    }

    /// What a change of files would do: mistakes, own tests, reference mails.
    ///
    /// # Errors
    /// The files as they are cannot be read.
    pub fn look(
        &self,
        changed: &[(String, String)],
        about: Option<(&Trial, Mark)>,
        now: Timestamp,
    ) -> Result<Looked, WorkshopError> {
        let before = self.sources()?;
        let mut after = before.clone();
        for (file, text) in changed {
            match after.iter_mut().find(|source| source.name == *file) {
                Some(source) => source.text.clone_from(text),
                None => after.push(Source { name: file.clone(), text: text.clone() }),
            }
        }
        let files = changed.iter().map(|(file, text)| FileText {
            file: file.clone(),
            before: text_of(&before, file).to_owned(),
            after: text.clone(),
        });
        let files: Vec<FileText> = files.filter(|file| file.before != file.after).collect();
        let about = about.map(|(trial, mark)| (trial, wanted(mark)));
        let (mistakes, effect) = self.with_bench(&before, now, |bench, reference| {
            if let Err(mistakes) = bench.compile(&after) {
                return (mistakes, None);
            }
            let lacks = (self.checks.lacks)(&after);
            if !lacks.is_empty() {
                return (lacks, None);
            }
            // Where the files as they are do not compile there is nothing to compare with.
            let held = match self.held_now(bench, reference) {
                Ok(held) => held,
                Err(_) => vec![false; reference.rows().count()],
            };
            match Effect::of(bench, &after, (reference, &held), about) {
                Ok(effect) => (Vec::new(), Some(effect)),
                Err(mistakes) => (mistakes, None),
            }
        })?;
        Ok(Looked { files, mistakes, sources: after, effect })
    }

    /// Enters a change that was looked at. `overruled` is why it is wanted though the reference mails
    /// speak against it; nothing overrules a mistake or a failing test.
    ///
    /// # Errors
    /// It is refused as it stands, or the book fails.
    pub async fn enter(
        &self,
        looked: &Looked,
        mut new: NewEntry,
        by: &Actor,
        now: Timestamp,
    ) -> Result<u64, WorkshopError> {
        let effect =
            may_be_taken(looked, new.overruled.as_deref()).map_err(WorkshopError::Refused)?;
        new.files.clone_from(&looked.files);
        let holds_a_day = new.said.take().and_then(|said| said.holds_a_day);
        new.said = Some(Said { holds_a_day, ..Said::from(effect) });
        if effect.refusals().is_empty() {
            new.overruled = None;
        }
        Ok(self.book()?.propose(&new, by, now).await?)
    }

    /// Accepts a change and writes its files; the service takes them over by itself.
    ///
    /// # Errors
    /// Somebody else has to, the files have changed, or cannot be written: it waits as before.
    pub async fn accept(
        &self,
        number: u64,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Entry, WorkshopError> {
        let book = self.book()?;
        let entry = book.find(number).await?.ok_or(BookError::Unknown)?;
        // A change that takes another back restores what was accepted once: nobody waits for that.
        let second = self.checks.second_person && entry.new.undoes.is_none();
        if entry.state == State::Proposed {
            self.still_good(&entry, now).await?;
        }
        let entry = book.accept(number, by, second, now).await?;
        let written = self
            .sources()
            .and_then(|sources| Ok(self.checks.folder.write(&entry.new.files, &sources)?));
        if let Err(error) = written {
            book.not_written(number, by, now).await?;
            return Err(error);
        }
        Ok(entry)
    }

    /// Whether a change, maybe of days ago, is one that may still be written: on these files, and
    /// with all tests.
    async fn still_good(&self, entry: &Entry, now: Timestamp) -> Result<(), WorkshopError> {
        let (this, entry) = (self.clone(), entry.clone());
        let looking = tokio::task::spawn_blocking(move || {
            let sources = this.sources()?;
            let stale = |file: &&FileText| text_of(&sources, &file.file) != file.before;
            if let Some(file) = entry.new.files.iter().find(stale) {
                return Err(WriteError::Changed(file.file.clone()).into());
            }
            let files = entry.new.files.iter();
            let changed: Vec<(String, String)> =
                files.map(|file| (file.file.clone(), file.after.clone())).collect();
            let looked = this.look(&changed, None, now)?;
            match may_be_taken(&looked, Some("decided before")) {
                Ok(_) => Ok(()),
                // What takes another back restores what was in force.
                Err(_) if entry.new.undoes.is_some() && looked.mistakes.is_empty() => Ok(()),
                Err(refused) => Err(WorkshopError::Refused(refused)),
            }
        });
        looking.await.unwrap_or(Err(WorkshopError::Refused(Refused::Mistakes)))
    }

    /// Takes a change back: its old texts as a new change, accepted and written at once.
    ///
    /// # Errors
    /// Its files have changed since, or cannot be written.
    pub async fn roll_back(
        &self,
        number: u64,
        why: &str,
        by: &Actor,
        now: Timestamp,
    ) -> Result<Entry, WorkshopError> {
        let book = self.book()?;
        let entry = book.find(number).await?.ok_or(BookError::Unknown)?;
        if !matches!(entry.state, State::Live | State::Accepted) {
            return Err(BookError::Already(entry.state).into());
        }
        let sources = self.sources()?;
        let later = |file: &&FileText| text_of(&sources, &file.file) != file.after;
        if let Some(file) = entry.new.files.iter().find(later) {
            return Err(WorkshopError::Later(file.file.clone()));
        }
        let files = entry.new.files.iter().map(|file| FileText {
            file: file.file.clone(),
            before: file.after.clone(),
            after: file.before.clone(),
        });
        let new = NewEntry {
            kind: "roll_back".to_owned(),
            title: format!("takes back change {number}: {}", entry.new.title),
            why: why.to_owned(),
            hold: None,
            files: files.collect(),
            said: None,
            overruled: None,
            undoes: Some(number),
        };
        let undo = book.propose(&new, by, now).await?;
        self.accept(undo, by, now).await
    }

    /// What marks up to now ask for.
    ///
    /// # Errors
    /// The files as they are are not good.
    pub fn standing(
        &self,
        marks: &[Marked],
        now: Timestamp,
    ) -> Result<Vec<Standing>, WorkshopError> {
        let sources = self.sources()?;
        let found = self.with_bench(&sources, now, |bench, _| {
            let sets = bench.compile(&sources)?;
            Ok(tuning::standing(marks, sets.written(), now))
        })?;
        found.map_err(WorkshopError::Mistakes)
    }

    /// The files with a change that marks ask for, until its last day.
    ///
    /// # Errors
    /// It does not fit into the files.
    pub fn with_standing(
        &self,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, WorkshopError> {
        let sources = self.sources()?;
        let days = i64::from(self.checks.layer_days);
        let until = self.today(now).saturating_add(jiff::Span::new().days(days));
        let after = tuning::edited(&sources, &[standing.edit(until)])
            .map_err(|_| WorkshopError::Refused(Refused::Nothing))?;
        let changes = file_changes(&sources, &after);
        Ok(changes.into_iter().map(|change| (change.file, change.after)).collect())
    }
}

fn wanted(mark: Mark) -> Verdict {
    match mark {
        Mark::Wrong => Verdict::Pass,
        Mark::Missed => Verdict::Hold,
    }
}

/// Its effect, if the change may be taken: it compiles, all own tests pass, and the reference mails do
/// not speak against it or somebody said why it is wanted all the same.
fn may_be_taken<'l>(looked: &'l Looked, overruled: Option<&str>) -> Result<&'l Effect, Refused> {
    let effect = looked.effect.as_ref().ok_or(Refused::Mistakes)?;
    if !effect.failed_tests.is_empty() {
        return Err(Refused::Tests);
    }
    let refusals = effect.refusals();
    let said_why = overruled.is_some_and(|why| !why.trim().is_empty());
    if !refusals.is_empty() && !said_why {
        return Err(Refused::Reference(refusals));
    }
    if looked.files.is_empty() {
        return Err(Refused::Nothing);
    }
    Ok(effect)
}
