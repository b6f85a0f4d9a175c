//! Erases what is kept no longer: by age, and what there is of one person who asks for it.
//!
//! Only mail that has ended is touched: what waits for a decision, a delivery or a promise is not
//! kept, it is at work. Each step is one commit with its audit entry, so a process that dies leaves
//! whole steps behind and the next one goes on.

use std::time::Duration;

use super::{Actor, HoldError, sql::SqlStore};
use crate::{
    mail::{HoldId, Mailbox, Timestamp},
    store::Database,
};

/// How long what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Content of mail, after its end.
    pub content: Duration,
    /// Subject, addresses, call sheet, notes, after its end; not shorter than `content`.
    pub holds: Duration,
    /// Who did it, in the audit; `None` keeps it. What was done stays for ever.
    pub audit: Option<Duration>,
}

/// What a step erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Holds.
    pub holds: u64,
    /// Entries of the audit.
    pub entries: u64,
    /// Holds that it had to leave: their rows do not read.
    pub passed: u64,
}

impl Erased {
    /// Whether there was nothing to do.
    pub fn is_nothing(self) -> bool {
        self == Erased::default()
    }
}

/// Where one person is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// Mail from him or to him that has ended, letters about it and promises included: it is erased
    /// whole.
    pub his: Vec<HoldId>,
    /// Ended mail of others on which he acted or is named: his part is erased.
    pub part: Vec<HoldId>,
    /// Either of it that has not ended; it is left.
    pub open: Vec<HoldId>,
    /// Audit entries that name him.
    pub entries: Vec<i64>,
    /// Such entries of releases that wrote the name into the chain: it cannot be taken out.
    pub fixed: u64,
}

/// See the module.
pub struct Eraser {
    store: SqlStore,
}

/// Holds of one step.
const STEP: usize = 50;
/// Audit entries of one step.
const ENTRIES_STEP: usize = 500;

impl Eraser {
    /// An eraser on the database of a hold store.
    pub fn on(database: Database) -> Eraser {
        Eraser { store: SqlStore::new(database, Duration::ZERO) }
    }

    /// One step by age, the most urgent kind first: content, names, actors of the audit. `passed`
    /// is how many holds earlier steps of this round had to leave.
    pub async fn step(
        &self,
        retention: &Retention,
        passed: u64,
        now: Timestamp,
    ) -> Result<Erased, HoldError> {
        const DOING: &str = "erasing what is old";
        let by = || (Actor::service("sweep", None), now);
        let before = |span: Duration| now.checked_sub(span).unwrap_or(Timestamp::MIN);
        let db = &self.store;
        let contents = db.erase_contents(before(retention.content), by());
        let erased = db.database().within(DOING, contents).await?;
        if !erased.is_nothing() {
            return Ok(erased);
        }
        let names = db.erase_names(before(retention.holds), passed, by());
        let erased = db.database().within(DOING, names).await?;
        if !erased.is_nothing() {
            return Ok(erased);
        }
        let Some(audit) = retention.audit else { return Ok(Erased::default()) };
        db.database().within(DOING, db.erase_actors(before(audit), by())).await
    }

    /// Where this address is found. Reads every hold and the whole audit, page by page.
    pub async fn find(&self, address: &Mailbox) -> Result<Traces, HoldError> {
        const DOING: &str = "looking for an address";
        let (db, address) = (&self.store, address.as_str());
        let mut found = Traces::default();
        let mut behind = None;
        loop {
            let page = db.find_in_holds(address, behind.as_ref(), &mut found);
            match db.database().within(DOING, page).await? {
                Some(next) => behind = Some(next),
                None => break,
            }
        }
        let mut from = 0;
        loop {
            let page = db.find_in_audit(address, from, &mut found);
            match db.database().within(DOING, page).await? {
                Some(next) => from = next,
                None => return Ok(found),
            }
        }
    }

    /// Erases what was found of a person, step by step.
    pub async fn erase(
        &self,
        address: &Mailbox,
        found: &Traces,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Erased, HoldError> {
        const DOING: &str = "erasing a person's data";
        let db = &self.store;
        let mut all = Erased::default();
        let mut add = |erased: Erased| {
            all.holds += erased.holds;
            all.entries += erased.entries;
            all.passed += erased.passed;
        };
        for ids in found.his.chunks(STEP) {
            let step = db.erase_whole(ids, "person", (actor.clone(), now));
            add(db.database().within(DOING, step).await?);
        }
        for ids in found.part.chunks(STEP) {
            let step = db.erase_part(ids, address.as_str(), (actor.clone(), now));
            add(db.database().within(DOING, step).await?);
        }
        for numbers in found.entries.chunks(ENTRIES_STEP) {
            let step = db.erase_slips(numbers, (actor.clone(), now));
            add(db.database().within(DOING, step).await?);
        }
        Ok(all)
    }

    /// Takes what was erased out of the log of SQLite too; `false` where somebody reads in it just now.
    /// PostgreSQL's log is its own affair.
    pub async fn settle(&self) -> Result<bool, HoldError> {
        let db = self.store.database();
        db.within("emptying the store's log", db.empty_log()).await
    }
}
