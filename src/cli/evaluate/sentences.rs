//! The sentences of labelled mails as the judge reads them: what the reader learns from.
//!
//! Takes rows and their readings; gives one JSON object a mail, so that training outside the
//! binary sees the same cut and the same normal form as serving.

use serde::Serialize;

use crate::{
    cli::{
        labelled::{Label, Row},
        train::is_told,
    },
    message::{PassageKind, Reading},
    policy::model::{Memory, Model, Part},
};

/// A mail.
#[derive(Debug, Serialize)]
pub struct Mail<'m> {
    set: &'m str,
    id: &'m str,
    /// `train`, `dev` or `test`.
    part: &'static str,
    lang: &'m str,
    label: &'static str,
    category: &'m str,
    pair: Option<&'m str>,
    sentences: Vec<Line<'m>>,
}

/// A sentence.
#[derive(Debug, Serialize)]
struct Line<'m> {
    /// `subject`, `new` or `quoted`.
    place: &'static str,
    /// Its normal form.
    normal: &'m str,
    /// Whether it carries the news.
    news: bool,
    /// The gate's log-odds that it does.
    gate: f64,
}

/// What one mail's line says.
pub fn of<'m>(set: &'m str, row: &'m Row, reading: &'m Reading) -> Mail<'m> {
    let told: Vec<String> = row.news.iter().flat_map(|n| normal_sentences(n)).collect();
    let mut sentences = Vec::new();
    for passage in &reading.passages {
        let place = match passage.kind {
            PassageKind::Subject => "subject",
            PassageKind::New => "new",
            PassageKind::Quoted | PassageKind::Forwarded => "quoted",
            PassageKind::Signature | PassageKind::Disclaimer | PassageKind::Attachment => continue,
        };
        let mut memory = Memory::default();
        let mut before = None;
        for sentence in &passage.sentences {
            let normal = sentence.normal();
            let score = Model::embedded().score_above(f64::MIN, before, normal, &mut memory);
            let news = row.label == Label::Hold && place != "quoted" && is_told(normal, &told);
            let gate = score.map_or(0.0, |score| score.news());
            sentences.push(Line { place, normal, news, gate });
            before = Some(normal);
        }
    }
    Mail {
        set,
        id: &row.id,
        part: match row.part() {
            Part::Train => "train",
            Part::Dev => "dev",
            Part::Test => "test",
        },
        lang: &row.lang,
        label: if row.label == Label::Hold { "hold" } else { "pass" },
        category: &row.category,
        pair: row.pair.as_deref(),
        sentences,
    }
}

fn normal_sentences(text: &str) -> Vec<String> {
    let mut all: Vec<String> = crate::message::sentences(text)
        .into_iter()
        .map(|sentence| sentence.normal().to_owned())
        .collect();
    all.retain(|sentence| !sentence.is_empty());
    all
}
