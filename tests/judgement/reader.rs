//! The reader that ships: its files are those that were sealed, and it reads as another runtime does.

use std::fs;

use callfirst::policy::reader::{Cut, Reader};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::ours;

/// A line of `data/reader/golden.jsonl`: sentences of one mail, their first pieces, and the logits
/// that onnxruntime gave.
#[derive(Deserialize)]
struct Golden {
    sentences: Vec<String>,
    pieces: Vec<Cut>,
    glance: Vec<f32>,
    logits: Vec<Vec<f32>>,
}

fn golden() -> Vec<Golden> {
    let text = fs::read_to_string(ours("data/reader/golden.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn its_files_are_those_that_were_sealed() {
    let sheet = fs::read_to_string(ours("data/reader/reader.toml")).unwrap();
    let sheet: toml::Table = sheet.parse().unwrap();
    for (key, file) in
        [("encoder", "encoder.onnx"), ("words", "words.bin"), ("pieces", "pieces.tsv")]
    {
        let octets = fs::read(ours("data/reader").join(file)).unwrap();
        let hash: String = Sha256::digest(&octets).iter().map(|o| format!("{o:02x}")).collect();
        assert_eq!(sheet[key].as_str(), Some(hash.as_str()), "{file}");
    }
}

#[test]
fn sentences_are_cut_into_the_same_pieces() {
    let reader = Reader::embedded().unwrap();
    for golden in golden() {
        for (sentence, pieces) in golden.sentences.iter().zip(golden.pieces) {
            let cut = reader.cut(sentence);
            assert_eq!(cut[..cut.len().min(pieces.len())], pieces, "{sentence}");
        }
    }
}

/// Eight-bit products are summed in whole numbers, the rest in single precision in an order of
/// each runtime's own, and a number that is rounded the other way moves what follows it. So the
/// news of nearly all sentences is near, and all logits are nearer on the whole.
#[test]
fn it_reads_as_another_runtime_does() {
    const NEAR: f32 = 1.0;
    const NEARLY_ALL: f32 = 0.95;
    const NEAR_ON_THE_WHOLE: f32 = 0.25;
    let reader = Reader::embedded().unwrap();
    let (mut apart_in_all, mut near, mut sentences) = (0.0, 0.0, 0.0);
    for golden in golden() {
        let logits = reader.logits(&golden.pieces, f32::NEG_INFINITY);
        assert_eq!(logits.len(), golden.logits.len());
        for ((sentence, ours), theirs) in golden.sentences.iter().zip(&logits).zip(&golden.logits) {
            let apart: Vec<f32> = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).collect();
            if apart[0] < NEAR {
                near += 1.0;
            } else {
                eprintln!("{} apart: {sentence}", apart[0]);
            }
            apart_in_all += apart.iter().sum::<f32>();
            sentences += 1.0;
        }
    }
    let apart = apart_in_all / (sentences * 13.0);
    eprintln!("{near} of {sentences} are near; logits are {apart} apart on the whole");
    assert!(near >= NEARLY_ALL * sentences, "{near} of {sentences} are near");
    assert!(apart < NEAR_ON_THE_WHOLE, "{apart} apart on the whole");
}

#[test]
fn a_window_is_settled_where_another_runtime_glances_no_higher() {
    const NEAR: f32 = 1.0;
    let reader = Reader::embedded().unwrap();
    for golden in golden() {
        let highest = golden.glance.iter().copied().fold(f32::MIN, f32::max);
        let settled = reader.logits(&golden.pieces, highest + NEAR);
        let read = reader.logits(&golden.pieces, highest - NEAR);
        assert_eq!(settled.len(), read.len());
        assert!(settled.iter().all(|row| row == &settled[0]), "{:?}", golden.sentences);
        assert!(read.iter().any(|row| row != &settled[0]), "{:?}", golden.sentences);
    }
}
