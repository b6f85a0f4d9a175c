//! The layers of the encoder, run by `rten`.

use std::{fmt, ops::Range, sync::Arc};

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{AsView as _, Layout as _, NdTensor};

use super::{Logits, words::WIDTH};
use crate::policy::model::Category;

/// A network from vectors and the spans of sentences to each sentence's logits: news, then kinds.
///
/// Its lower half gives each sentence's glance, one logit; where all of them are low the upper half
/// is not asked, which most ordinary mail that comes so far needs not (early exit: Schwartz et
/// al., "The Right Tool for the Job", ACL 2020).
pub(super) struct Encoder {
    network: Model,
    vectors: NodeId,
    pool: NodeId,
    halfway: NodeId,
    glance: NodeId,
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
        let [halfway, glance, logits] = *network.output_ids() else { return None };
        let pool_of_one = Arc::new(ThreadPool::with_num_threads(1));
        let options = RunOptions::default().with_thread_pool(Some(pool_of_one));
        Some(Encoder { network, vectors, pool, halfway, glance, logits, options })
    }

    /// The logits of each span; where no glance is above `quiet`, those of news that is told
    /// nowhere, all `settled`. Empty where the network fails.
    pub(super) fn run(
        &self,
        vectors: Vec<f32>,
        spans: &[Range<usize>],
        quiet: f32,
        settled: f32,
    ) -> Vec<Logits> {
        self.try_run(vectors, spans, quiet, settled).unwrap_or_default()
    }

    fn try_run(
        &self,
        vectors: Vec<f32>,
        spans: &[Range<usize>],
        quiet: f32,
        settled: f32,
    ) -> Option<Vec<Logits>> {
        let length = vectors.len() / WIDTH;
        let vectors = NdTensor::try_from_data([length, WIDTH], vectors).ok()?;
        let pool = NdTensor::try_from_data([spans.len(), length], shares(spans, length)).ok()?;
        let inputs = vec![(self.vectors, vectors.into()), (self.pool, pool.view().into())];
        let wanted = [self.halfway, self.glance];
        let [halfway, glance] =
            self.network.run_n(inputs, wanted, Some(self.options.clone())).ok()?;
        let glance: NdTensor<f32, 2> = glance.try_into().ok()?;
        let glance = glance.data().filter(|glance| glance.len() == spans.len())?;
        if glance.iter().all(|logit| *logit < quiet) {
            let mut row = [0.0; 1 + Category::COUNT];
            row[0] = settled;
            return Some(vec![row; spans.len()]);
        }
        let inputs = vec![(self.halfway, halfway.into()), (self.pool, pool.view().into())];
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
