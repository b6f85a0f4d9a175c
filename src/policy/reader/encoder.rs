//! The layers of the encoder, run by `rten`.

use std::{fmt, ops::Range, sync::Arc};

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{AsView as _, Layout as _, NdTensor};

use super::{Logits, words::WIDTH};
use crate::policy::model::Category;

/// A network from vectors and the spans of sentences to each sentence's logits: news, then kinds.
pub(super) struct Encoder {
    network: Model,
    vectors: NodeId,
    pool: NodeId,
    logits: NodeId,
    /// One thread: a mail's reading must not take every core from the relay.
    options: RunOptions,
}

impl Encoder {
    /// `None` where the file is no such network.
    pub(super) fn new(file: &'static [u8]) -> Option<Encoder> {
        // Weights are laid out for multiplying once, not at every reading.
        let network =
            ModelOptions::with_all_ops().prepack_weights(true).load_static_slice(file).ok()?;
        let [vectors, pool] = *network.input_ids() else { return None };
        let [logits] = *network.output_ids() else { return None };
        let pool_of_one = Arc::new(ThreadPool::with_num_threads(1));
        let options = RunOptions::default().with_thread_pool(Some(pool_of_one));
        Some(Encoder { network, vectors, pool, logits, options })
    }

    /// The logits of each span. Empty where the network fails.
    pub(super) fn run(&self, vectors: Vec<f32>, spans: &[Range<usize>]) -> Vec<Logits> {
        self.try_run(vectors, spans).unwrap_or_default()
    }

    fn try_run(&self, vectors: Vec<f32>, spans: &[Range<usize>]) -> Option<Vec<Logits>> {
        let length = vectors.len() / WIDTH;
        let vectors = NdTensor::try_from_data([length, WIDTH], vectors).ok()?;
        let pool = NdTensor::try_from_data([spans.len(), length], shares(spans, length)).ok()?;
        let inputs = vec![(self.vectors, vectors.into()), (self.pool, pool.into())];
        let [logits] =
            self.network.run_n(inputs, [self.logits], Some(self.options.clone())).ok()?;
        let logits: NdTensor<f32, 2> = logits.try_into().ok()?;
        let (rows, rest) = logits.data()?.as_chunks::<{ 1 + Category::COUNT }>();
        (rest.is_empty() && logits.size(0) == spans.len()).then(|| rows.to_vec())
    }
}

/// For each span a row that takes the mean over its places.
fn shares(spans: &[Range<usize>], length: usize) -> Vec<f32> {
    let mut shares = vec![0.0; spans.len() * length];
    for (row, span) in shares.chunks_mut(length.max(1)).zip(spans) {
        #[expect(clippy::cast_precision_loss, reason = "a window has some hundred places")]
        let share = 1.0 / span.len() as f32;
        row.get_mut(span.clone()).unwrap_or_default().fill(share);
    }
    shares
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").finish_non_exhaustive()
    }
}
