//! The weights as they are written: sorted text, a feature a line, so that a change can be read.
//!
//! ```text
//! callfirst model 1
//! sources <sha-256 of what it was trained on>
//! news <scale> <bias>
//! calibration <slope> <intercept> <news sentences> <other sentences>
//! category <scale> <sharpness>
//! bias <category> <value>            (twelve lines)
//! <letter>:<feature> TAB <news> [TAB <twelve numbers>]
//! ```
//!
//! A weight is a whole number from -127 to 127, times its scale.

use std::fmt::{self, Write as _};

use super::{Category, features::Kind};

/// Every category has a place in these.
pub(super) type PerCategory<T> = [T; Category::COUNT];

/// A feature's weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// For news of any kind.
    pub(super) news: i8,
    /// For each kind, where the feature helps to tell them apart.
    pub(super) categories: Option<PerCategory<i8>>,
}

/// How sure a raw score is: the line that was fitted to sentences that were not trained on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    pub(super) slope: f64,
    pub(super) intercept: f64,
    /// How many sentences of each kind it was fitted to: their ratio is the prior that the
    /// intercept contains.
    pub(super) news: f64,
    pub(super) other: f64,
}

/// Everything training found, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    pub(super) sources: String,
    pub(super) news_scale: f64,
    pub(super) news_bias: f64,
    pub(super) calibration: Calibration,
    pub(super) category_scale: f64,
    pub(super) sharpness: f64,
    pub(super) category_bias: PerCategory<f64>,
    pub(super) lines: Vec<Line>,
}

/// Why a text is not a file of weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the model: {expected} expected")]
pub struct NotAModel {
    /// Which line, from 1.
    pub line: usize,
    /// What should stand there.
    pub expected: &'static str,
}

const FIRST_LINE: &str = "callfirst model 1";

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = &self.calibration;
        writeln!(f, "{FIRST_LINE}")?;
        writeln!(f, "sources {}", self.sources)?;
        writeln!(f, "news {} {}", self.news_scale, self.news_bias)?;
        writeln!(f, "calibration {} {} {} {}", c.slope, c.intercept, c.news, c.other)?;
        writeln!(f, "category {} {}", self.category_scale, self.sharpness)?;
        for (category, bias) in Category::all().zip(self.category_bias) {
            writeln!(f, "bias {} {bias}", category.name())?;
        }
        for line in &self.lines {
            write!(f, "{}:{}\t{}", line.kind.letter(), line.text, line.news)?;
            if let Some(categories) = line.categories {
                let mut numbers = String::new();
                for (at, n) in categories.into_iter().enumerate() {
                    write!(numbers, "{}{n}", if at == 0 { '\t' } else { ' ' })?;
                }
                f.write_str(&numbers)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Weights {
    type Err = NotAModel;

    fn from_str(text: &str) -> Result<Weights, NotAModel> {
        let mut lines = text.lines().zip(1..);
        let mut next = |expected| match lines.next() {
            Some((text, line)) => Ok((text, NotAModel { line, expected })),
            None => Err(NotAModel { line: 0, expected }),
        };
        let (first, wrong) = next(FIRST_LINE)?;
        if first != FIRST_LINE {
            return Err(wrong);
        }
        let (line, wrong) = next("sources HASH")?;
        let sources = line.strip_prefix("sources ").ok_or(wrong)?.to_owned();
        let (line, wrong) = next("news SCALE BIAS")?;
        let [news_scale, news_bias] = numbers(line, "news").ok_or(wrong)?;
        let (line, wrong) = next("calibration SLOPE INTERCEPT NEWS OTHER")?;
        let [slope, intercept, news, other] = numbers(line, "calibration").ok_or(wrong)?;
        let (line, wrong) = next("category SCALE SHARPNESS")?;
        let [category_scale, sharpness] = numbers(line, "category").ok_or(wrong)?;
        let mut category_bias = [0.0; Category::COUNT];
        for (category, bias) in Category::all().zip(&mut category_bias) {
            let (line, wrong) = next("bias CATEGORY VALUE, the categories in their order")?;
            let rest = line.strip_prefix("bias ").ok_or_else(|| wrong.clone())?;
            [*bias] = numbers(rest, category.name()).ok_or(wrong)?;
        }
        let lines = lines
            .map(|(text, line)| {
                let expected = "LETTER:FEATURE, a weight, perhaps twelve weights, tabs between";
                feature(text).ok_or(NotAModel { line, expected })
            })
            .collect::<Result<_, _>>()?;
        let calibration = Calibration { slope, intercept, news, other };
        Ok(Weights {
            sources,
            news_scale,
            news_bias,
            calibration,
            category_scale,
            sharpness,
            category_bias,
            lines,
        })
    }
}

/// `key` and then exactly N finite numbers.
fn numbers<const N: usize>(line: &str, key: &str) -> Option<[f64; N]> {
    let mut words = line.split(' ');
    if words.next() != Some(key) {
        return None;
    }
    let mut all = [0.0; N];
    for number in &mut all {
        *number = words.next()?.parse().ok().filter(|n: &f64| n.is_finite())?;
    }
    words.next().is_none().then_some(all)
}

fn feature(line: &str) -> Option<Line> {
    let mut columns = line.split('\t');
    let (kind, text) = columns.next()?.split_once(':')?;
    let mut letters = kind.chars();
    let kind = Kind::from_letter(letters.next()?)?;
    let news = columns.next()?.parse().ok()?;
    let categories = match columns.next() {
        None => None,
        Some(numbers) => {
            let all: Vec<i8> = numbers.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
            Some(PerCategory::try_from(all).ok()?)
        }
    };
    let complete = letters.next().is_none() && columns.next().is_none();
    complete.then(|| Line { kind, text: text.to_owned(), news, categories })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let line = |text: &str, categories| Line {
            kind: Kind::Words,
            text: text.to_owned(),
            news: -3,
            categories,
        };
        let weights = Weights {
            sources: "00ff".to_owned(),
            news_scale: 0.1 + 0.2,
            news_bias: -1.5,
            calibration: Calibration { slope: 2.0, intercept: -0.5, news: 10.0, other: 900.0 },
            category_scale: 0.01,
            sharpness: 1.5,
            category_bias: [0.25; Category::COUNT],
            lines: vec![line("a: b", None), line("claim is", Some([7; Category::COUNT]))],
        };
        assert_eq!(weights.to_string().parse(), Ok(weights));
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!("something".parse::<Weights>().unwrap_err().line, 1);
        let text = "callfirst model 1\nsources x\nnews one 2\n";
        assert_eq!(
            text.parse::<Weights>().unwrap_err().to_string(),
            "line 3 of the model: news SCALE BIAS expected"
        );
        assert!(feature("w:x\t1\t1 2 3").is_none() && feature("w:x\t300").is_none());
    }
}
