//! Signs a head every day and every so many entries, and sees that each gets outside.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Key, SignedHead, file, letter::letter, signed};
use crate::{
    hold::{HoldError, HoldStore},
    mail::{Content, Envelope, ForwardPath, Mailbox, Recipient, ReversePath, Timestamp, Xforward},
    relay::NextHop,
    store::Database,
    telemetry,
};

/// How often to look whether a head is due, and whether one waits to get outside.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// What another node left unmailed for so long is mailed by us.
const LEFT_FOR: Duration = Duration::from_secs(3600);
/// Heads read at a time.
const PAGE: i64 = 500;

/// Where heads go.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The key that signs; made at the first start.
    pub key_file: PathBuf,
    /// The file to which heads are added.
    pub heads_file: Option<PathBuf>,
    /// From whom and to whom they are mailed.
    pub mail: Option<(Mailbox, Mailbox)>,
    /// One after so long.
    pub every: Duration,
    /// And one after so many entries.
    pub every_entries: u64,
}

/// See the module.
pub struct Keeper {
    key: Key,
    settings: Settings,
    node: String,
    db: Database,
    store: Arc<dyn HoldStore>,
    next_hop: NextHop,
}

impl Keeper {
    /// A keeper of this store's heads.
    pub fn new(
        (key, settings): (Key, Settings),
        node: &str,
        (db, store): (Database, Arc<dyn HoldStore>),
        next_hop: NextHop,
    ) -> Keeper {
        Keeper { key, settings, node: node.to_owned(), db, store, next_hop }
    }

    /// Until told to stop.
    pub async fn run(
        self,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        stop: CancellationToken,
    ) {
        loop {
            self.look(clock()).await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Once: signs what is due, and carries outside what is not there yet.
    pub async fn look(&self, now: Timestamp) {
        if let Err(error) = self.sign(now).await {
            telemetry::audit::put_off("signing the audit's head", &error);
        }
        if let Err(error) = self.file().await {
            telemetry::audit::put_off("adding signed heads to their file", &*error);
        }
        if let Err(error) = self.mail(now).await {
            telemetry::audit::put_off("mailing signed heads", &error);
        }
    }

    async fn sign(&self, now: Timestamp) -> Result<(), HoldError> {
        let last = signed::last(&self.db).await?;
        if let Some(last) = &last {
            telemetry::audit::last_signed(last.at);
        }
        let head = self.store.audit_head().await?;
        if head.number == 0 || !self.is_due(last.as_ref(), head.number, now) {
            return Ok(());
        }
        let signed = SignedHead::sign(&self.key, &head, &self.node, now);
        if signed::write(&self.db, &signed, self.settings.mail.is_some(), now).await? {
            telemetry::audit::signed(signed.number, signed.at);
        }
        Ok(())
    }

    fn is_due(&self, last: Option<&SignedHead>, number: u64, now: Timestamp) -> bool {
        let Some(last) = last else { return true };
        let entries = number.saturating_sub(last.number);
        let every = i64::try_from(self.settings.every.as_secs()).unwrap_or(i64::MAX);
        let age = now.as_second().saturating_sub(last.at.as_second());
        entries > 0 && (age >= every || entries > self.settings.every_entries)
    }

    async fn file(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let Some(path) = self.settings.heads_file.clone() else { return Ok(()) };
        loop {
            let there = path.clone();
            let last = tokio::task::spawn_blocking(move || file::last_number(&there)).await??;
            let heads = signed::behind(&self.db, last, PAGE).await?;
            if heads.is_empty() {
                return Ok(());
            }
            let there = path.clone();
            tokio::task::spawn_blocking(move || file::append(&there, &heads)).await??;
        }
    }

    async fn mail(&self, now: Timestamp) -> Result<(), HoldError> {
        let Some((from, to)) = &self.settings.mail else { return Ok(()) };
        let left_since = now.checked_sub(LEFT_FOR).unwrap_or(Timestamp::MIN);
        for head in signed::to_mail(&self.db, &self.node, left_since).await? {
            let recipient = Recipient::plain(ForwardPath::from(to.clone()));
            let envelope = Envelope::to_one(ReversePath::Null, recipient);
            let content = Content::from(letter(&head, from, to));
            let sent = self.next_hop.deliver(&envelope, &Xforward::default(), "", &content).await;
            // Anything but yes is tried again at the next look: a head is worth more than a mail.
            if !sent.is_ok_and(|replies| replies.iter().all(|(_, reply)| reply.is_positive())) {
                telemetry::audit::unmailed(head.number);
                return Ok(());
            }
            signed::mailed(&self.db, head.number, now).await?;
        }
        Ok(())
    }
}
