//! The book on the database: each step of a change is one commit with its entry in the audit.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{
    Entry, FileText, NewEntry, State,
    entry::text_of,
    rows::{Fault, columns, entry},
};
use crate::{
    hold::{Actor, AuditEvent},
    mail::Timestamp,
    policy::Source,
    store::{
        Database, StoreError, Work,
        rows::{count, json, micros},
    },
};

/// Entries of a page.
const PAGE: i64 = 50;
/// Hexadecimal digits of a digest that the audit shows: enough to tell texts apart.
const DIGITS: usize = 16;

/// Why the book could not do it.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such change.
    #[error("there is no change of this number")]
    Unknown,
    /// It is decided, or taken back.
    #[error("this change is {} already", .0.title())]
    Already(State),
    /// Four eyes.
    #[error("you proposed this yourself: somebody else has to accept it")]
    OwnProposal,
}

/// The book; clones share its database.
#[derive(Debug, Clone)]
pub struct Book {
    database: Database,
    node: String,
}

impl Book {
    /// On this database, for this node.
    pub fn new(database: Database, node: &str) -> Book {
        Book { database, node: node.to_owned() }
    }

    /// Enters a proposal.
    ///
    /// # Errors
    /// The database.
    pub async fn propose(
        &self,
        new: &NewEntry,
        by: &Actor,
        now: Timestamp,
    ) -> Result<u64, BookError> {
        let work = async {
            let mut work = self.database.begin().await?;
            let number = insert(&mut work, new, by, now).await?;
            work.audit(None, by.clone(), event_of("policy_change_proposed", number, new), now)
                .await?;
            work.commit().await?;
            Ok(number)
        };
        self.database.within("entering a change of policies", work).await
    }

    /// Accepts a proposal, to be written now. With `second_person`, nobody accepts his own.
    ///
    /// # Errors
    /// [`BookError::OwnProposal`]; [`BookError::Already`] where it does not wait any more.
    pub async fn accept(
        &self,
        number: u64,
        by: &Actor,
        second_person: bool,
        now: Timestamp,
    ) -> Result<Entry, BookError> {
        let work = async {
            let mut work = self.database.begin().await?;
            let entry = locked(&mut work, number).await?;
            if entry.state != State::Proposed {
                return Err(BookError::Already(entry.state).into());
            }
            if second_person && entry.proposed.1.name == by.name {
                return Err(BookError::OwnProposal.into());
            }
            decide(&mut work, &entry, State::Accepted, by, now).await?;
            work.commit().await?;
            Ok(entry)
        };
        self.database.within("accepting a change of policies", work).await
    }

    /// Refuses a proposal, with a reason.
    ///
    /// # Errors
    /// [`BookError::Already`] where it does not wait any more.
    pub async fn refuse(
        &self,
        number: u64,
        by: &Actor,
        why: &str,
        now: Timestamp,
    ) -> Result<(), BookError> {
        let work = async {
            let mut work = self.database.begin().await?;
            let entry = locked(&mut work, number).await?;
            if entry.state != State::Proposed {
                return Err(BookError::Already(entry.state).into());
            }
            sqlx::query("UPDATE policy_changes SET ruling = $1 WHERE number = $2")
                .bind(why)
                .bind(i64_of(number))
                .execute(work.on())
                .await?;
            decide(&mut work, &entry, State::Refused, by, now).await?;
            work.commit().await?;
            Ok(())
        };
        self.database.within("refusing a change of policies", work).await
    }

    /// It could not be written after all: it waits again.
    ///
    /// # Errors
    /// The database.
    pub async fn not_written(
        &self,
        number: u64,
        by: &Actor,
        now: Timestamp,
    ) -> Result<(), BookError> {
        let work = async {
            let mut work = self.database.begin().await?;
            let entry = locked(&mut work, number).await?;
            if entry.state == State::Accepted {
                sqlx::query(
                    "UPDATE policy_changes SET state = 'proposed', decided = NULL, decider = NULL \
                     WHERE number = $1",
                )
                .bind(i64_of(number))
                .execute(work.on())
                .await?;
                let event = event_of("policy_change_not_written", number, &entry.new);
                work.audit(None, by.clone(), event, now).await?;
            }
            work.commit().await?;
            Ok(())
        };
        self.database.within("entering that a change was not written", work).await
    }

    /// One change.
    ///
    /// # Errors
    /// The database.
    pub async fn find(&self, number: u64) -> Result<Option<Entry>, BookError> {
        let work = async {
            let row = sqlx::query(concat!(
                "SELECT ",
                columns!(),
                " FROM policy_changes WHERE number = $1"
            ))
            .bind(i64_of(number))
            .fetch_optional(self.database.read())
            .await?;
            row.as_ref().map(entry).transpose()
        };
        self.database.within("reading the book of changes", work).await
    }

    /// Changes, the newest first, fifty of them, below a number.
    ///
    /// # Errors
    /// The database.
    pub async fn page(&self, below: Option<u64>) -> Result<Vec<Entry>, BookError> {
        let work = async {
            let rows = sqlx::query(concat!(
                "SELECT ",
                columns!(),
                " FROM policy_changes WHERE number < $1 ORDER BY number DESC LIMIT $2"
            ))
            .bind(below.map_or(i64::MAX, i64_of))
            .bind(PAGE)
            .fetch_all(self.database.read())
            .await?;
            rows.iter().map(entry).collect()
        };
        self.database.within("reading the book of changes", work).await
    }

    /// Changes that wait for somebody.
    ///
    /// # Errors
    /// The database.
    pub async fn waiting(&self) -> Result<Vec<Entry>, BookError> {
        let work = async {
            let rows = sqlx::query(concat!(
                "SELECT ",
                columns!(),
                " FROM policy_changes WHERE state = 'proposed' ORDER BY number DESC LIMIT $1"
            ))
            .bind(PAGE)
            .fetch_all(self.database.read())
            .await?;
            rows.iter().map(entry).collect()
        };
        self.database.within("reading the book of changes", work).await
    }

    /// Enters what the service has taken over: accepted changes that the files hold are live, and what
    /// else is different from last time was changed outside. Gives the number of that entry.
    ///
    /// # Errors
    /// The database.
    pub async fn took_over(
        &self,
        sources: &[Source],
        now: Timestamp,
    ) -> Result<Option<u64>, BookError> {
        let work = async {
            let mut work = self.database.begin().await?;
            let service = Actor::service("reload", None);
            let mut known = self.known(&mut work).await?;
            let first = known.is_empty();
            for entry in accepted(&mut work).await? {
                if entry.is_in(sources) {
                    live(&mut work, &entry, &service, now).await?;
                    for file in &entry.new.files {
                        let was = known.iter_mut().find(|source| source.name == file.file);
                        match was {
                            Some(source) => source.text.clone_from(&file.after),
                            None => known
                                .push(Source { name: file.file.clone(), text: file.after.clone() }),
                        }
                    }
                }
            }
            let others = differences(&known, sources);
            let outside = if first || others.is_empty() {
                None
            } else {
                Some(enter_outside(&mut work, others, &service, now).await?)
            };
            self.keep(&mut work, sources).await?;
            work.commit().await?;
            Ok(outside)
        };
        self.database.within("entering what the service took over", work).await
    }

    /// The files as this node last took them over.
    async fn known(&self, work: &mut Work) -> Result<Vec<Source>, Fault> {
        let rows = sqlx::query("SELECT file, text FROM policy_files WHERE node = $1")
            .bind(&self.node)
            .fetch_all(work.on())
            .await?;
        let one = |row: &sqlx::any::AnyRow| {
            Ok(Source { name: row.try_get("file")?, text: row.try_get("text")? })
        };
        rows.iter().map(one).collect::<Result<_, sqlx::Error>>().map_err(Fault::Driver)
    }

    async fn keep(&self, work: &mut Work, sources: &[Source]) -> Result<(), Fault> {
        sqlx::query("DELETE FROM policy_files WHERE node = $1")
            .bind(&self.node)
            .execute(work.on())
            .await?;
        for source in sources {
            sqlx::query("INSERT INTO policy_files (node, file, text) VALUES ($1, $2, $3)")
                .bind(&self.node)
                .bind(&source.name)
                .bind(&source.text)
                .execute(work.on())
                .await?;
        }
        Ok(())
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }
}

async fn insert(work: &mut Work, new: &NewEntry, by: &Actor, now: Timestamp) -> Result<u64, Fault> {
    let row = sqlx::query(
        "INSERT INTO policy_changes \
         (number, state, kind, title, why, hold_id, proposed, proposer, ruling, undoes, files, effect) \
         SELECT COALESCE(MAX(number), 0) + 1, 'proposed', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 \
         FROM policy_changes RETURNING number",
    )
    .bind(&new.kind)
    .bind(&new.title)
    .bind(&new.why)
    .bind(new.hold.as_deref())
    .bind(micros(now))
    .bind(json(by)?)
    .bind(new.overruled.as_deref())
    .bind(new.undoes.map(i64_of))
    .bind(json(&new.files)?)
    .bind(new.said.as_ref().map(json).transpose()?)
    .fetch_one(work.on())
    .await?;
    Ok(count(row.try_get("number")?)?)
}

/// The entry, its row taken: on PostgreSQL, too, nobody else decides about it meanwhile.
async fn locked(work: &mut Work, number: u64) -> Result<Entry, Fault> {
    let row = sqlx::query(concat!(
        "UPDATE policy_changes SET state = state WHERE number = $1 RETURNING ",
        columns!()
    ))
    .bind(i64_of(number))
    .fetch_optional(work.on())
    .await?;
    entry(&row.ok_or(BookError::Unknown)?)
}

async fn decide(
    work: &mut Work,
    entry: &Entry,
    state: State,
    by: &Actor,
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE policy_changes SET state = $1, decided = $2, decider = $3 WHERE number = $4",
    )
    .bind(state.as_str())
    .bind(micros(now))
    .bind(json(by)?)
    .bind(i64_of(entry.number))
    .execute(work.on())
    .await?;
    let name = match state {
        State::Refused => "policy_change_refused",
        _ => "policy_change_accepted",
    };
    let event = event_of(name, entry.number, &entry.new);
    work.audit(None, by.clone(), event, now).await
}

async fn accepted(work: &mut Work) -> Result<Vec<Entry>, Fault> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        columns!(),
        " FROM policy_changes WHERE state = 'accepted' ORDER BY number"
    ))
    .fetch_all(work.on())
    .await?;
    rows.iter().map(entry).collect()
}

/// In force now; and what it takes back is not any more.
async fn live(
    work: &mut Work,
    entry: &Entry,
    service: &Actor,
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query("UPDATE policy_changes SET state = 'live', live = $1 WHERE number = $2")
        .bind(micros(now))
        .bind(i64_of(entry.number))
        .execute(work.on())
        .await?;
    if let Some(undone) = entry.new.undoes {
        sqlx::query("UPDATE policy_changes SET state = 'rolled_back' WHERE number = $1")
            .bind(i64_of(undone))
            .execute(work.on())
            .await?;
    }
    let event = event_of("policy_change_live", entry.number, &entry.new);
    work.audit(None, service.clone(), event, now).await
}

async fn enter_outside(
    work: &mut Work,
    files: Vec<FileText>,
    service: &Actor,
    now: Timestamp,
) -> Result<u64, Fault> {
    let names: Vec<&str> = files.iter().map(|file| file.file.as_str()).collect();
    let new = NewEntry {
        kind: "outside".to_owned(),
        title: format!("changed outside: {}", names.join(", ")),
        why: String::new(),
        hold: None,
        files,
        said: None,
        overruled: None,
        undoes: None,
    };
    let number = insert(work, &new, service, now).await?;
    sqlx::query("UPDATE policy_changes SET state = 'live', live = $1 WHERE number = $2")
        .bind(micros(now))
        .bind(i64_of(number))
        .execute(work.on())
        .await?;
    let event = event_of("policy_changed_outside", number, &new);
    work.audit(None, service.clone(), event, now).await?;
    Ok(number)
}

/// What is different, files that came and went included.
fn differences(before: &[Source], after: &[Source]) -> Vec<FileText> {
    let gone = before.iter().filter(|b| after.iter().all(|a| a.name != b.name));
    let names = after.iter().chain(gone).map(|source| source.name.as_str());
    let one = |name: &str| FileText {
        file: name.to_owned(),
        before: text_of(before, name).to_owned(),
        after: text_of(after, name).to_owned(),
    };
    names.map(one).filter(|file| file.before != file.after).collect()
}

/// What the audit keeps of a step: the change, its files and the digests of their texts.
fn event_of(name: &str, number: u64, new: &NewEntry) -> AuditEvent {
    let mut facts =
        vec![("change".to_owned(), number.to_string()), ("kind".to_owned(), new.kind.clone())];
    for file in &new.files {
        facts.push((
            file.file.clone(),
            format!("{} → {}", digest(&file.before), digest(&file.after)),
        ));
    }
    AuditEvent { name: name.to_owned(), facts }
}

/// A text's digest, short: enough to tell one state of a file from another.
pub fn digest(text: &str) -> String {
    let mut digits = HEXLOWER.encode(&Sha256::digest(text));
    digits.truncate(DIGITS);
    digits
}

fn i64_of(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
