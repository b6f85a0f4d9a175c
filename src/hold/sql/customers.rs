//! By which customers a hold is found again, and what is found.

use sqlx::Row;

use super::{
    Fault, SqlStore,
    promises::promise,
    rows::{count, hold_id, micros, state, time},
};
use crate::{
    hold::{
        AboutCustomer, Earlier, Hold, SameCustomer,
        afterwards::{MAX_COUNTED, MAX_TOLD},
        steps::found_by,
    },
    store::Work,
};

impl Work {
    /// Makes a hold one that is found by its recipients.
    pub(super) async fn insert_recipients(&mut self, hold: &Hold) -> Result<(), Fault> {
        let sender = hold.envelope.reverse_path().folded();
        for address in found_by(hold) {
            sqlx::query(
                "INSERT INTO held_for (address, sender, created, hold_id) VALUES ($1, $2, $3, $4)",
            )
            .bind(address)
            .bind(&sender)
            .bind(micros(hold.created))
            .bind(hold.id.as_str())
            .execute(self.on())
            .await?;
        }
        Ok(())
    }
}

impl SqlStore {
    /// What there was with a customer before.
    pub(super) async fn before_with(
        &self,
        about: AboutCustomer<'_>,
    ) -> Result<SameCustomer, Fault> {
        let address = about.address.to_lowercase();
        let sender = about.sender.folded();
        Ok(SameCustomer {
            promises: self.promises_to(&address, &sender, about).await?,
            earlier: self.earlier_to(&address, &sender, about).await?,
            of_others: self.of_others_to(&address, &sender).await?,
        })
    }

    async fn promises_to(
        &self,
        address: &str,
        sender: &str,
        about: AboutCustomer<'_>,
    ) -> Result<Vec<crate::hold::Promise>, Fault> {
        let rows = sqlx::query(
            "SELECT p.hold_id AS id, p.promise FROM held_for f \
             JOIN promises p ON p.hold_id = f.hold_id \
             WHERE f.address = $1 AND f.sender = $2 AND f.hold_id <> $3 AND p.state = 'open' \
             ORDER BY p.day, p.hold_id LIMIT $4",
        )
        .bind(address)
        .bind(sender)
        .bind(about.but.as_str())
        .bind(i64::from(MAX_TOLD))
        .fetch_all(self.db.read())
        .await?;
        let mut promises = Vec::with_capacity(rows.len());
        for row in &rows {
            promises.extend(self.db.pass_over(row, promise)?);
        }
        Ok(promises)
    }

    async fn earlier_to(
        &self,
        address: &str,
        sender: &str,
        about: AboutCustomer<'_>,
    ) -> Result<Vec<Earlier>, Fault> {
        let rows = sqlx::query(
            "SELECT h.id, h.state, h.created, h.category FROM held_for f \
             JOIN holds h ON h.id = f.hold_id \
             WHERE f.address = $1 AND f.sender = $2 AND f.hold_id <> $3 \
             AND h.state NOT IN ('prepared', 'cancelled') \
             ORDER BY f.created DESC, f.hold_id DESC LIMIT $4",
        )
        .bind(address)
        .bind(sender)
        .bind(about.but.as_str())
        .bind(i64::from(MAX_TOLD))
        .fetch_all(self.db.read())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Earlier {
                    id: hold_id(row.try_get("id")?)?,
                    state: state(row.try_get("state")?)?,
                    created: time(row.try_get("created")?)?,
                    category: row.try_get("category")?,
                })
            })
            .collect()
    }

    async fn of_others_to(&self, address: &str, sender: &str) -> Result<u32, Fault> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS holds FROM (SELECT h.id FROM held_for f \
             JOIN holds h ON h.id = f.hold_id \
             WHERE f.address = $1 AND f.sender <> $2 \
             AND h.state NOT IN ('prepared', 'cancelled') LIMIT $3) AS found",
        )
        .bind(address)
        .bind(sender)
        .bind(i64::from(MAX_COUNTED))
        .fetch_one(self.db.read())
        .await?;
        Ok(u32::try_from(count(row.try_get("holds")?)?).unwrap_or(MAX_COUNTED))
    }
}
