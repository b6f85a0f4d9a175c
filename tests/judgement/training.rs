//! Training gives the same bytes, and what ships is what training gave.

use callfirst::{
    cli::train::{TrainArgs, load},
    message,
    policy::model::{Example, train},
};

use super::ours;

fn normal_sentences(text: &str) -> Vec<String> {
    message::sentences(text).into_iter().map(|sentence| sentence.normal().to_owned()).collect()
}

/// A tenth of our mails: enough for every path of the code, and quick without optimisation. The
/// whole, with its background, is compared in `tests/run model`.
#[test]
fn training_on_a_tenth_twice_gives_the_same_bytes() {
    let args = TrainArgs {
        data: ours("data/mails"),
        background: None,
        seed: 1,
        out: ours("target/never-written.tsv"),
    };
    let tenth = || -> (Vec<Example>, String) {
        let (mut examples, sources) = load(&args, &normal_sentences).unwrap();
        examples.retain(|example| example.mail % 10 == 0);
        (examples, sources)
    };
    let ((examples, sources), (again, _)) = (tenth(), tenth());
    assert_eq!(examples, again, "the same files are cut into the same sentences");
    let (one, two) = (train(&examples, &sources, 1), train(&again, &sources, 1));
    assert_eq!(one.weights.to_string(), two.weights.to_string());
    assert_ne!(one.weights, train(&examples, &sources, 2).weights, "the seed counts");
}
