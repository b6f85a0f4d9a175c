//! Money as people type it on a telephone: `120 EUR`, `€ 1.250,50`, `1,250.50`, `1 250`.
//!
//! Kept as text, exactly: nothing is ever computed with it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// More digits than any promise has.
const MAX_WHOLE_DIGITS: usize = 12;
/// Signs that name a currency; `$` and `¥` stand for the most common of theirs.
const SIGNS: [(&str, &str); 5] =
    [("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¥", "JPY"), ("₹", "INR")];

/// An amount, with its currency if that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount {
    /// Digits, and a full stop before the decimals: `1250.50`.
    value: String,
    /// ISO 4217, such as `EUR`; empty where none was said.
    currency: String,
}

impl Amount {
    /// Reads what somebody typed; `None` where it is no amount, or could be two.
    pub fn parse(typed: &str) -> Option<Amount> {
        let typed = typed.trim();
        let from = typed.find(|c: char| c.is_ascii_digit())?;
        let to = typed.rfind(|c: char| c.is_ascii_digit())? + 1;
        let number = typed.get(from..to)?;
        let (before, behind) = (typed.get(..from)?.trim(), typed.get(to..)?.trim());
        let currency = match (before, behind) {
            ("", "" | ",-" | ",–" | ".-") => String::new(),
            ("", code) | (code, "") => currency(code)?,
            _ => return None,
        };
        Some(Amount { value: decimal(number)?, currency })
    }
}

fn currency(code: &str) -> Option<String> {
    if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| *sign == code) {
        return Some((*code).to_owned());
    }
    let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| code.to_ascii_uppercase())
}

/// One or two digits behind the last mark are decimals, three are thousands; blanks and
/// apostrophes group too. A text that uses one mark for both is not read.
fn decimal(number: &str) -> Option<String> {
    let plain: String = number.chars().filter(|c| !" \u{a0}\u{202f}'’".contains(*c)).collect();
    let mark = |c: char| c == '.' || c == ',';
    let (grouped, decimals) = match plain.rsplit_once(mark) {
        Some((grouped, decimals)) if decimals.len() < 3 => (grouped, decimals),
        _ => (plain.as_str(), ""),
    };
    let mut marks = plain.chars().filter(|c| mark(*c));
    let first_mark = marks.next();
    let others_alike = marks.clone().all(|c| Some(c) == first_mark);
    let others_but_last_alike = marks
        .next_back()
        .is_none_or(|last| Some(last) != first_mark && marks.all(|c| Some(c) == first_mark));
    let marks_fit = if decimals.is_empty() { others_alike } else { others_but_last_alike };
    let (first, thousands) =
        grouped.split_once(mark).map_or((grouped, None), |(f, t)| (f, Some(t)));
    let groups_fit = thousands.is_none_or(|thousands| {
        (1..=3).contains(&first.len())
            && !first.starts_with('0')
            && thousands.split(mark).all(|group| group.len() == 3)
    });
    let whole: String = grouped.chars().filter(|c| !mark(*c)).collect();
    let digits = whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit());
    let good = marks_fit && groups_fit && digits && (1..=MAX_WHOLE_DIGITS).contains(&whole.len());
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    good.then(|| match decimals {
        "" => whole.to_owned(),
        decimals => format!("{whole}.{decimals:0<2}"),
    })
}

/// What is no amount, read from a row.
#[derive(Debug, thiserror::Error)]
#[error("not an amount")]
pub struct NoAmount;

impl TryFrom<String> for Amount {
    type Error = NoAmount;

    fn try_from(text: String) -> Result<Amount, NoAmount> {
        Amount::parse(&text).ok_or(NoAmount)
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> String {
        amount.to_string()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.currency.as_str() {
            "" => f.write_str(&self.value),
            currency => write!(f, "{} {currency}", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_as_they_mean_it() {
        for (typed, read) in [
            ("120", "120"),
            (" 120 eur ", "120 EUR"),
            ("€1.250,50", "1250.50 EUR"),
            ("1,250.50 $", "1250.50 USD"),
            ("1.250", "1250"),
            ("1 250,5 CHF", "1250.50 CHF"),
            ("1'250.00", "1250.00"),
            ("0,99", "0.99"),
            ("007", "7"),
            ("1.250.000 EUR", "1250000 EUR"),
            ("120,-", "120"),
        ] {
            assert_eq!(Amount::parse(typed).map(|a| a.to_string()).as_deref(), Some(read));
        }
    }

    #[test]
    fn what_could_mean_two_things_is_not_read() {
        for typed in [
            "",
            "EUR",
            "half of it",
            "1,250,50",
            "12.3456",
            "0.250",
            "1.2.3",
            "-5",
            "5 to 6",
            "€ 5 EUR",
            "5 euros",
            "1234567890123",
            "1..5",
            "1,250.500,00",
        ] {
            assert_eq!(Amount::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn an_amount_comes_back_from_its_row() {
        let amount = Amount::parse("1.250,50 €").unwrap();
        let row = serde_json::to_string(&amount).unwrap();
        assert_eq!(row, "\"1250.50 EUR\"");
        assert_eq!(serde_json::from_str::<Amount>(&row).unwrap(), amount);
        assert!(serde_json::from_str::<Amount>("\"<b>\"").is_err());
    }
}
