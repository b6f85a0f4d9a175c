//! Which files a node works by: configuration, policies, guides, texts, people. The audit tells when they
//! change, each by name and digest, never by content; what changed while the service was not running is
//! told when it starts.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{
    hold::{Actor, AuditEvent, HoldError},
    mail::Timestamp,
    store::{
        self, Database,
        rows::{from_json, json},
    },
};

type Fault = store::Fault<HoldError>;

/// Names, and SHA-256 of what is in them, hexadecimal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Adds a file.
    pub fn add(&mut self, name: &str, octets: &[u8]) {
        self.0.insert(name.to_owned(), HEXLOWER.encode(&Sha256::digest(octets)));
    }

    /// What the audit tells: what is other than before, then all of it.
    pub fn facts(&self, before: &Files) -> Vec<(String, String)> {
        let fact = |name: &str, value: String| (name.to_owned(), value);
        let mut facts = Vec::new();
        for (name, digest) in &self.0 {
            match before.0.get(name) {
                None => facts.push(fact("added", name.clone())),
                Some(was) if was != digest => {
                    facts.push(fact("changed", format!("{name} was {was}")));
                }
                Some(_) => {}
            }
        }
        let gone = before.0.iter().filter(|(name, _)| !self.0.contains_key(*name));
        facts.extend(gone.map(|(name, was)| fact("removed", format!("{name} was {was}"))));
        facts.extend(self.0.iter().map(|(name, now)| fact("file", format!("{name} is {now}"))));
        facts
    }

    /// Notes that a node works by these files, with an audit entry where they are others than the last
    /// time; `why` is what made it look. The entry is `files_changed`, or `event` where something was
    /// taken over. Gives whether there was an entry.
    pub async fn note(
        &self,
        db: &Database,
        node: &str,
        (why, event): (&str, Option<AuditEvent>),
        now: Timestamp,
    ) -> Result<bool, HoldError> {
        let work = async {
            let mut work = db.begin().await?;
            let row = sqlx::query("SELECT files FROM in_force WHERE node = $1")
                .bind(node)
                .fetch_optional(work.on())
                .await?;
            let before = row.as_ref().map(|row| from_json(row, "files")).transpose()?;
            let before = Files(before.unwrap_or_default());
            if before == *self && event.is_none() {
                work.abandon().await?;
                return Ok(false);
            }
            sqlx::query(
                "INSERT INTO in_force (node, files) VALUES ($1, $2) \
                 ON CONFLICT (node) DO UPDATE SET files = $2",
            )
            .bind(node)
            .bind(json(&self.0)?)
            .execute(work.on())
            .await?;
            let name = "files_changed".to_owned();
            let mut event = event.unwrap_or(AuditEvent { name, facts: Vec::new() });
            event.facts.push(("node".to_owned(), node.to_owned()));
            event.facts.extend(self.facts(&before));
            work.audit(None, Actor::service(why, None), event, now).await?;
            work.commit().await?;
            Ok::<bool, Fault>(true)
        };
        db.within("noting which files are in force", work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_by_name_and_digest() {
        let (mut before, mut after) = (Files::default(), Files::default());
        before.add("policies/a.toml", b"threshold = 0.5");
        before.add("policies/b.toml", b"b");
        after.add("policies/a.toml", b"threshold = 0.99");
        after.add("policies/c.toml", b"c");
        let told = format!("{:?}", after.facts(&before));
        for part in [
            "(\"added\", \"policies/c.toml\")",
            "\"policies/a.toml was ",
            "\"removed\", \"policies/b.toml",
        ] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
        assert!(!told.contains("threshold"), "no content");
        assert_eq!(after.facts(&after).len(), 2, "unchanged, each is told once");
    }

    #[tokio::test]
    async fn a_node_tells_of_files_that_changed_while_it_was_not_running() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/store.db", folder.path().display());
        let db = store::open(&url, &store::Settings::default()).await.unwrap();
        let hold = crate::hold::on(db.clone(), crate::hold::Settings::default());
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let mut files = Files::default();
        files.add("a.toml", b"a");
        assert!(files.note(&db, "one", ("start", None), now).await.unwrap());
        assert!(!files.note(&db, "one", ("start", None), now).await.unwrap());
        files.add("a.toml", b"b");
        assert!(files.note(&db, "one", ("start", None), now).await.unwrap());
        let entries = hold.audit(1, 10).await.unwrap();
        assert_eq!(entries.len(), 2);
        let changed = &entries[1].event;
        assert_eq!(changed.name, "files_changed");
        assert!(changed.facts.iter().any(|(n, v)| n == "changed" && v.starts_with("a.toml was ")));
    }
}
