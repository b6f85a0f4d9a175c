//! The reader: judges the sentences of a mail in their context.
//!
//! A small transformer encoder, fine-tuned on `data/mails` (`data/reader/train.py`) from
//! multilingual-e5-small (MIT). It takes a run of sentences in their normal form, at most
//! [`WINDOW`] pieces of words long, and gives each sentence's log-odds of carrying news, by kind.
//! It is slow beside the gate (`policy::model`), milliseconds a run, so it reads only where the
//! gate suspects something.
//!
//! Without the feature `reader` there is none, and the gate decides alone.
//!
//! `docs/judgement/README.md` has what was measured.

mod again;
mod encoder;
mod memo;
mod pieces;
mod sheet;
mod window;
mod words;

use std::sync::LazyLock;

pub(super) use again::read_again;
use window::windows;

use encoder::Encoder;
use memo::Memo;
use pieces::Pieces;
use sheet::Sheet;
use words::Words;

use super::model::{Category, Scores};

/// Pieces of words that are read together.
pub const WINDOW: usize = 96;

/// What is known of the reader that ships: little, and known at once.
static SHEET: LazyLock<Option<Sheet>> =
    LazyLock::new(|| Sheet::parse(include_str!("../../../data/reader/reader.toml")));

/// The reader that ships, loaded when the first suspicious mail comes: it takes memory that a
/// relay without such mail can keep. `None` where its files are broken, which a test excludes.
static EMBEDDED: LazyLock<Option<Reader>> = LazyLock::new(|| {
    Reader::new(
        SHEET.clone()?,
        include_str!("../../../data/reader/pieces.tsv"),
        include_bytes!("../../../data/reader/words.bin"),
        include_bytes!("../../../data/reader/encoder.onnx"),
    )
});

/// An encoder with its vocabulary, ready to read.
#[derive(Debug)]
pub struct Reader {
    sheet: Sheet,
    pieces: Pieces,
    words: Words,
    encoder: Encoder,
    memo: Memo,
}

/// A sentence cut into pieces.
pub type Cut = Vec<u32>;

/// What the encoder says of a sentence: is it news, then of which kind, in the order of
/// [`Category::all`].
pub type Logits = [f32; 1 + Category::COUNT];

impl Reader {
    /// The reader that ships in the binary.
    pub fn embedded() -> Option<&'static Reader> {
        EMBEDDED.as_ref()
    }

    /// The log-odds above which a sentence is worth reading; `None` without a reader.
    pub fn gate() -> Option<f64> {
        Some(SHEET.as_ref()?.gate)
    }

    /// Changes whenever the reader that ships does. Does not load it.
    pub fn fingerprint() -> &'static str {
        SHEET.as_ref().map_or("", |sheet| sheet.encoder.as_str())
    }

    fn new(
        sheet: Sheet,
        pieces: &str,
        words: &'static [u8],
        encoder: &'static [u8],
    ) -> Option<Reader> {
        let pieces = Pieces::parse(pieces)?;
        let words = Words::new(words, pieces.count())?;
        let encoder = Encoder::new(encoder)?;
        Some(Reader { sheet, pieces, words, encoder, memo: Memo::default() })
    }

    /// A sentence in its normal form, cut; at most half a window, which few sentences reach.
    pub fn cut(&self, normal: &str) -> Cut {
        self.pieces.cut(normal, WINDOW / 2)
    }

    /// Reads a run of sentences that fits a window: each one's scores, or none at all where the
    /// encoder fails, which it may only where memory does.
    pub fn read(&self, run: &[Cut]) -> Vec<Scores> {
        let known = self.memo.get(run);
        let logits = known.unwrap_or_else(|| {
            let logits = self.logits(run, self.sheet.quiet);
            if logits.len() == run.len() {
                self.memo.keep(run, &logits);
            }
            logits
        });
        logits.iter().map(|row| self.scores(row)).collect()
    }

    /// The same as the encoder gives it, before calibration; only glanced at where no sentence
    /// comes to more than `quiet`.
    pub fn logits(&self, run: &[Cut], quiet: f32) -> Vec<Logits> {
        let mut vectors = Vec::with_capacity(WINDOW * words::WIDTH);
        let mut spans = Vec::with_capacity(run.len());
        self.words.push(pieces::BEGIN, &mut vectors);
        for cut in run {
            let start = vectors.len() / words::WIDTH;
            for piece in cut.iter().chain([&pieces::END]) {
                self.words.push(*piece, &mut vectors);
            }
            spans.push(start..vectors.len() / words::WIDTH);
        }
        self.encoder.run(vectors, &spans, quiet, self.sheet.settled)
    }

    fn scores(&self, row: &Logits) -> Scores {
        let [news, kinds @ ..] = row.map(f64::from);
        let kinds = kinds.map(|kind| kind * self.sheet.sharpness);
        Scores::of(self.sheet.slope * news + self.sheet.intercept, kinds)
    }
}
