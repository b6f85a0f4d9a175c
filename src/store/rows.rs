//! Rows as values, and back. What does not read is said to be corrupt, and never quoted.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, any::AnyRow};

use super::{Fault, StoreError};
use crate::mail::Timestamp;

/// A value as it lies in a JSON column.
pub(crate) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Failed { doing: "writing a value", source: Box::new(error) })
}

/// The value of a JSON column.
pub(crate) fn from_json<T: DeserializeOwned, E>(row: &AnyRow, column: &str) -> Result<T, Fault<E>> {
    serde_json::from_str(row.try_get(column)?)
        .map_err(|_| corrupt(format!("column {column} does not read")).into())
}

/// Something in the store that does not read; `what` never quotes it.
pub(crate) fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt(what.into())
}

/// A time as it lies in its column.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The time of a column.
pub(crate) fn time(value: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(value).map_err(|_| corrupt("a time is beyond the calendar"))
}

/// A count of a column.
pub(crate) fn count(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| corrupt("a count is below zero"))
}

/// A small count of a column.
pub(crate) fn small_count(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| corrupt("a count is out of its range"))
}
