//! Rows that do not read: left as they are, told once, and in nobody's way.
//!
//! A row that another version wrote, or that was damaged, must not keep the worker from the rows
//! beside it, nor the desk from its list.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use sqlx::{Row, any::AnyRow};

use super::{Database, Fault, StoreError};
use crate::telemetry;

/// The ids of the rows that were told of since the store was opened.
#[derive(Debug, Default)]
pub(super) struct Unreadable(Mutex<HashSet<String>>);

impl Database {
    /// What the row says; `None` if it does not read.
    pub(crate) fn pass_over<T, E>(
        &self,
        row: &AnyRow,
        read: impl FnOnce(&AnyRow) -> Result<T, Fault<E>>,
    ) -> Result<Option<T>, Fault<E>> {
        let why = match read(row) {
            Ok(value) => return Ok(Some(value)),
            Err(Fault::Store(StoreError::Corrupt(why))) => why,
            Err(Fault::Driver(sqlx::Error::ColumnDecode { index, .. })) => {
                format!("column {index} has another type than it should")
            }
            Err(fault) => return Err(fault),
        };
        let id: String = row.try_get("id").unwrap_or_default();
        if self.unreadable.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone()) {
            telemetry::hold::unreadable(&id, &why);
        }
        Ok(None)
    }
}
