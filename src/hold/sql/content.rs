//! Content in pieces, so that a large mail costs a piece's memory on its way in; its digest is
//! checked on its way out.

use bytes::{Bytes, BytesMut};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::{
    Fault, SqlStore,
    rows::{corrupt, count, state},
};
use crate::{
    hold::{HoldError, State, steps::Misuse},
    mail::{Content, HoldId},
    store::Work,
};

/// Octets in one row: few rows for a large mail, little memory for many at once.
pub(super) const PIECE: usize = 512 << 10;

const READING: &str = "reading the content to hold";

impl Work {
    /// Writes the content and gives its digest, hexadecimal.
    pub(super) async fn write_content(
        &mut self,
        id: &HoldId,
        content: &Content,
    ) -> Result<String, Fault> {
        let mut hash = Sha256::new();
        let (mut offset, mut position) = (0_u64, 0_i64);
        while offset < content.len() {
            let piece = read_piece(content, offset).await?;
            if piece.is_empty() {
                return Err(Misuse::Length.while_doing(READING).into());
            }
            hash.update(&piece);
            offset = offset.saturating_add(piece.len() as u64);
            sqlx::query("INSERT INTO content (hold_id, position, octets) VALUES ($1, $2, $3)")
                .bind(id.as_str())
                .bind(position)
                .bind(Vec::from(piece))
                .execute(self.on())
                .await?;
            position += 1;
        }
        Ok(HEXLOWER.encode(&hash.finalize()))
    }

    /// Drops the content of a hold.
    pub(super) async fn erase_content(&mut self, id: &HoldId) -> Result<(), Fault> {
        sqlx::query("DELETE FROM content WHERE hold_id = $1")
            .bind(id.as_str())
            .execute(self.on())
            .await?;
        Ok(())
    }
}

/// A piece from `offset`; a spool file is read where blocking does not hurt.
async fn read_piece(content: &Content, offset: u64) -> Result<Bytes, Fault> {
    let failed = |source| HoldError::Failed { doing: READING, source };
    if content.in_memory().is_some() {
        return content.read(offset, PIECE).map_err(|e| failed(Box::new(e)).into());
    }
    let content = content.clone();
    match tokio::task::spawn_blocking(move || content.read(offset, PIECE)).await {
        Ok(Ok(piece)) => Ok(piece),
        Ok(Err(error)) => Err(failed(Box::new(error)).into()),
        Err(error) => Err(failed(Box::new(error)).into()),
    }
}

impl SqlStore {
    /// The content, whole and as it was.
    pub(super) async fn whole_content(&self, id: &HoldId) -> Result<Bytes, Fault> {
        let row = sqlx::query(
            "SELECT state, size_octets, content_digest, content_erased_at FROM holds WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.db.read())
        .await?
        .ok_or(HoldError::Unknown)?;
        let state = state(row.try_get("state")?)?;
        if state == State::Prepared {
            return Err(HoldError::Unknown.into());
        }
        if row.try_get::<Option<i64>, _>("content_erased_at")?.is_some() {
            let cancelled = state == State::Cancelled;
            let why = if cancelled { HoldError::Already(state) } else { HoldError::Erased };
            return Err(why.into());
        }
        let size = count(row.try_get("size_octets")?)?;
        let digest: String = row.try_get("content_digest")?;
        let content = self.pieces(id, size).await?;
        if content.len() as u64 != size || HEXLOWER.encode(&Sha256::digest(&content)) != digest {
            return Err(corrupt(format!("the content of hold {id} is not what was written")).into());
        }
        Ok(content)
    }

    async fn pieces(&self, id: &HoldId, size: u64) -> Result<Bytes, Fault> {
        // What the row says is only a hint for how much to reserve: it may be damaged too.
        let reserve = usize::try_from(size).unwrap_or(0).min(64 << 20);
        let mut content = BytesMut::with_capacity(reserve);
        for position in 0_i64.. {
            let piece =
                sqlx::query("SELECT octets FROM content WHERE hold_id = $1 AND position = $2")
                    .bind(id.as_str())
                    .bind(position)
                    .fetch_optional(self.db.read())
                    .await?;
            match piece {
                Some(row) => content.extend_from_slice(row.try_get("octets")?),
                None => break,
            }
        }
        Ok(content.freeze())
    }
}
