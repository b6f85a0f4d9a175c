//! A table of people, row by row.
//!
//! CSV (RFC 4180) in UTF-8 with a header line; fields between commas, semicolons or tabs. An address
//! may be `*@domain`, for everybody at that domain. Mistakes name the line and never what stands in it.

use std::collections::{BTreeSet, HashMap};

use csv::{ReaderBuilder, StringRecord};

use super::columns::{Column, column, separator};
use crate::{call, decision::Organisation, mail::Mailbox, message::Language};

/// A house with more people outside asks its customer system.
const MAX_ROWS: usize = 200_000;
/// A longer field is no name, role or number.
const MAX_FIELD_CHARS: usize = 200;
/// More mistakes than this are not told at once.
const MAX_TOLD: usize = 20;

/// What a table is read by.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Rows of these domains are our own people.
    pub organisation: Organisation,
    /// The country of numbers without a country code.
    pub country: Option<String>,
}

/// Something wrong in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
    /// What would do.
    pub help: &'static str,
}

/// What a row says beside its address.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) numbers: Vec<String>,
    pub(super) language: Option<Language>,
    pub(super) zone: Option<String>,
}

/// A table, and what is wrong with it.
pub(super) struct Table<'t> {
    columns: Vec<Option<Column>>,
    terms: &'t Terms,
    /// Zones that stood in a row above.
    zones: BTreeSet<String>,
    /// By address in lower case, or `*@` and the domain.
    pub(super) entries: HashMap<String, Row>,
    /// The numbers of our own people, `+` and digits.
    pub(super) ours: BTreeSet<String>,
    /// Rows with an address so far, whosesoever.
    rows: usize,
    /// What makes it bad.
    pub(super) mistakes: Vec<Mistake>,
    /// What was passed over.
    pub(super) warnings: Vec<Mistake>,
}

impl<'t> Table<'t> {
    /// Reads a table, to its end or to the last mistake that is told.
    pub(super) fn read(text: &str, terms: &'t Terms) -> Table<'t> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader =
            ReaderBuilder::new().delimiter(separator(text)).from_reader(text.as_bytes());
        let mut table = Table::new(terms);
        match reader.headers() {
            Ok(header) => table.columns = header.iter().map(column).collect(),
            Err(error) => table.mistakes.push(csv_mistake(&error)),
        }
        if !table.columns.contains(&Some(Column::Address)) {
            let help = "name the columns there: address,name,role,phone,mobile,language,zone";
            table.wrong(1, "there is no column `address` in the first line".to_owned(), help);
            return table;
        }
        for record in reader.records() {
            match record {
                Ok(record) => table.take(&record),
                Err(error) => table.mistakes.push(csv_mistake(&error)),
            }
            if table.mistakes.len() >= MAX_TOLD || table.rows > MAX_ROWS {
                break;
            }
        }
        table
    }

    fn new(terms: &'t Terms) -> Table<'t> {
        Table {
            columns: Vec::new(),
            terms,
            zones: BTreeSet::new(),
            entries: HashMap::new(),
            ours: BTreeSet::new(),
            rows: 0,
            mistakes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn take(&mut self, record: &StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().any(|field| field.chars().nth(MAX_FIELD_CHARS).is_some()) {
            let message = format!("a field has more than {MAX_FIELD_CHARS} characters");
            return self.wrong(line, message, "is a quote left open above?");
        }
        let address = self.field(record, Column::Address).to_lowercase();
        if address.is_empty() {
            if record.iter().any(|field| !field.trim().is_empty()) {
                self.passed_over(line, "a row without an address", "give its address");
            }
            return;
        }
        self.rows += 1;
        if self.rows > MAX_ROWS {
            let message = format!("there are more than {MAX_ROWS} rows");
            let help =
                "keep the people whom you write to, or let a customer system be asked (`url`)";
            return self.wrong(line, message, help);
        }
        let Some(mailbox) = mailbox(&address) else {
            let help = "an address such as \"susan@hall.example\", or \"*@hall.example\"";
            return self.wrong(line, "`address` is no address".to_owned(), help);
        };
        let Some(row) = self.row(record, line, &address) else { return };
        if self.terms.organisation.is_inside(&mailbox) {
            self.ours.extend(self.dialled(&row, &address));
            return;
        }
        if self.entries.contains_key(&address) {
            return self.passed_over(
                line,
                "an address stands twice; its first row counts",
                "keep one",
            );
        }
        self.entries.insert(address, row);
    }

    fn row(&mut self, record: &StringRecord, line: u64, address: &str) -> Option<Row> {
        let language = self.field(record, Column::Language).to_owned();
        // "en-GB" is English.
        let code = language.split(['-', '_']).next().unwrap_or_default();
        let zone = self.field(record, Column::Zone).to_owned();
        if !self.is_zone(&zone) {
            let help = "a name such as \"Europe/Lisbon\", or nothing";
            self.wrong(line, "`zone` is no time zone".to_owned(), help);
            return None;
        }
        let full = self.field(record, Column::Name);
        let parts = [self.field(record, Column::FirstName), self.field(record, Column::LastName)];
        let name =
            if full.is_empty() { parts.join(" ").trim().to_owned() } else { full.to_owned() };
        let mut row = Row {
            name,
            role: self.field(record, Column::Role).to_owned(),
            numbers: Vec::new(),
            language: Language::from_code(code),
            zone: Some(zone).filter(|zone| !zone.is_empty()),
        };
        for column in [Column::Mobile, Column::Phone] {
            let number = self.field(record, column);
            if !number.is_empty() {
                row.numbers.push(number.to_owned());
            }
        }
        if self.dialled(&row, address).count() < row.numbers.len() {
            let help =
                "a number such as \"+351 912 345 678\"; `country` is for those without a code";
            self.passed_over(line, "a number that is no telephone number", help);
        }
        Some(row)
    }

    #[cfg(feature = "phone")]
    fn dialled<'r>(&self, row: &'r Row, address: &str) -> impl Iterator<Item = String> + use<'r> {
        let (country, address) = (self.terms.country.clone(), address.to_owned());
        row.numbers.iter().filter_map(move |text| call::dialled(text, country.as_deref(), &address))
    }

    /// Without numbering plans no number is told from another.
    #[cfg(not(feature = "phone"))]
    fn dialled<'r>(&self, row: &'r Row, _: &str) -> impl Iterator<Item = String> + use<'r> {
        row.numbers.iter().cloned()
    }

    /// Nothing is a zone too. Looking one up costs more than reading its row; there are few.
    fn is_zone(&mut self, zone: &str) -> bool {
        if zone.is_empty() || self.zones.contains(zone) {
            return true;
        }
        let known = call::is_zone(zone);
        if known {
            self.zones.insert(zone.to_owned());
        }
        known
    }

    fn field<'r>(&self, record: &'r StringRecord, wanted: Column) -> &'r str {
        let columns = self.columns.iter().zip(record.iter());
        let mut fields =
            columns.filter(|(column, _)| **column == Some(wanted)).map(|(_, f)| f.trim());
        fields.find(|field| !field.is_empty()).unwrap_or_default()
    }

    fn wrong(&mut self, line: u64, message: String, help: &'static str) {
        self.mistakes.push(Mistake { line, message, help });
    }

    fn passed_over(&mut self, line: u64, what: &str, help: &'static str) {
        if self.warnings.len() < MAX_TOLD {
            self.warnings.push(Mistake { line, message: format!("{what}, passed over"), help });
        }
    }
}

/// An address; for `*@domain`, some address at that domain.
fn mailbox(address: &str) -> Option<Mailbox> {
    match address.strip_prefix("*@") {
        Some(domain) => Mailbox::parse(&format!("x@{domain}")).ok(),
        None => Mailbox::parse(address).ok(),
    }
}

/// The crate's own words may quote the field.
fn csv_mistake(error: &csv::Error) -> Mistake {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Mistake {
            line,
            message: format!("fields: {len} here, {expected_len} in the first line"),
            help: "put a field that holds the separator between quotes",
        },
        _ => Mistake {
            line,
            message: "this is not CSV".to_owned(),
            help: "save the table as CSV in UTF-8",
        },
    }
}
