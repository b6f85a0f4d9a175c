//! The signed heads' rows: which were signed, which are still to be mailed.

use sqlx::{Row, any::AnyRow};

use super::SignedHead;
use crate::{
    hold::{Actor, AuditEvent, HoldError},
    mail::Timestamp,
    store::{
        self, Database,
        rows::{count, micros, time},
    },
};

type Fault = store::Fault<HoldError>;

/// The head that was signed last.
pub(super) async fn last(db: &Database) -> Result<Option<SignedHead>, HoldError> {
    let work = async {
        let row = sqlx::query(
            "SELECT number, digest, at, node, key, signature FROM signed_heads \
             ORDER BY number DESC LIMIT 1",
        )
        .fetch_optional(db.read())
        .await?;
        row.as_ref().map(read).transpose()
    };
    db.within("reading signed heads", work).await
}

/// The heads behind this number, oldest first, at most `most`.
pub(super) async fn behind(
    db: &Database,
    number: u64,
    most: i64,
) -> Result<Vec<SignedHead>, HoldError> {
    let work = async {
        let rows = sqlx::query(
            "SELECT number, digest, at, node, key, signature FROM signed_heads \
             WHERE number > $1 ORDER BY number LIMIT $2",
        )
        .bind(i64::try_from(number).unwrap_or(i64::MAX))
        .bind(most)
        .fetch_all(db.read())
        .await?;
        rows.iter().map(read).collect()
    };
    db.within("reading signed heads", work).await
}

/// Writes a head, with its audit entry; `false` where another node signed this one.
pub(super) async fn write(
    db: &Database,
    head: &SignedHead,
    to_be_mailed: bool,
    now: Timestamp,
) -> Result<bool, HoldError> {
    let work = async {
        let mut work = db.begin().await?;
        let written = sqlx::query(
            "INSERT INTO signed_heads (number, digest, at, node, key, signature, mailed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (number) DO NOTHING",
        )
        .bind(i64::try_from(head.number).unwrap_or(i64::MAX))
        .bind(&head.digest)
        .bind(micros(head.at))
        .bind(&head.node)
        .bind(&head.key)
        .bind(&head.signature)
        .bind((!to_be_mailed).then(|| micros(head.at)))
        .execute(work.on())
        .await?;
        if written.rows_affected() == 0 {
            work.abandon().await?;
            return Ok(false);
        }
        let facts = [
            ("number", head.number.to_string()),
            ("head", head.digest.clone()),
            ("signed_at", head.at.to_string()),
            ("node", head.node.clone()),
            ("key", head.key.clone()),
            ("signature", head.signature.clone()),
        ];
        let facts = facts.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let event = AuditEvent { name: "head_signed".to_owned(), facts };
        work.audit(None, Actor::service("audit", None), event, now).await?;
        work.commit().await?;
        Ok::<bool, Fault>(true)
    };
    db.within("writing a signed head", work).await
}

/// Heads that are still to be mailed: this node's own, and what another node left for so long.
pub(super) async fn to_mail(
    db: &Database,
    node: &str,
    left_since: Timestamp,
) -> Result<Vec<SignedHead>, HoldError> {
    let work = async {
        let rows = sqlx::query(
            "SELECT number, digest, at, node, key, signature FROM signed_heads \
             WHERE mailed_at IS NULL AND (node = $1 OR at < $2) ORDER BY number LIMIT 10",
        )
        .bind(node)
        .bind(micros(left_since))
        .fetch_all(db.read())
        .await?;
        rows.iter().map(read).collect()
    };
    db.within("reading signed heads", work).await
}

/// A head was handed to the next hop.
pub(super) async fn mailed(db: &Database, number: u64, now: Timestamp) -> Result<(), HoldError> {
    let work = async {
        let mut work = db.begin().await?;
        sqlx::query("UPDATE signed_heads SET mailed_at = $2 WHERE number = $1")
            .bind(i64::try_from(number).unwrap_or(i64::MAX))
            .bind(micros(now))
            .execute(work.on())
            .await?;
        Ok::<(), Fault>(work.commit().await?)
    };
    db.within("noting that a head was mailed", work).await
}

fn read(row: &AnyRow) -> Result<SignedHead, Fault> {
    Ok(SignedHead {
        number: count(row.try_get("number")?)?,
        digest: row.try_get("digest")?,
        at: time(row.try_get("at")?)?,
        node: row.try_get("node")?,
        key: row.try_get("key")?,
        signature: row.try_get("signature")?,
    })
}
