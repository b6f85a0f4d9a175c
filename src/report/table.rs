//! The rows as a table for a spreadsheet.

use serde::Serialize;

use super::{Group, Row};

/// The first columns of a row.
#[derive(Serialize)]
struct Named {
    group: Group,
    name: String,
}

/// The rows as comma-separated values (RFC 4180), with the keys of their JSON in the first line.
///
/// # Errors
/// Only where memory is at its end.
pub fn table(rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let named = Named { group: row.group, name: harmless(&row.name) };
        table.serialize((named, &row.figures))?;
    }
    table.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A text that no spreadsheet takes for a formula: people type causes and names.
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Figures;

    #[test]
    fn a_cause_is_no_formula() {
        let name = "=HYPERLINK(\"http://x\")".to_owned();
        let row = Row { group: Group::Cause, name, figures: Figures::default() };
        let text = String::from_utf8(table(&[row]).unwrap()).unwrap();
        assert!(text.starts_with("group,name,held,"), "{text}");
        assert!(text.contains("\ncause,\"'=HYPERLINK"), "{text}");
    }
}
