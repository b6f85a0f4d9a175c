use super::*;
use crate::{
    message::Language,
    policy::cut::{Cutter, words::each_word},
};

/// One English pattern.
fn phrases(pattern: &str) -> Phrases {
    let mut builder = Builder::default();
    let words = |text: &str| text.split(' ').map(|w| Node::Word(w.to_owned())).collect::<Vec<_>>();
    builder.negation(Language::En, &words("not no never"));
    builder.list("en/we", &[parse("we").unwrap(), parse("our (team|board)").unwrap()]);
    let node = parse(pattern).unwrap().rename(&mut |name| Some(format!("en/{name}")));
    builder.pattern(&node, Language::En, 7);
    builder.build(0)
}

/// Whether an English pattern is in a sentence, and where.
fn find(pattern: &str, sentence: &str) -> Option<Hit> {
    first_of(&phrases(pattern), pattern, sentence)
}

fn first_of(phrases: &Phrases, pattern: &str, sentence: &str) -> Option<Hit> {
    let mut hits = Vec::new();
    let mut cutter = Cutter::default();
    // Not cut before, a sentence is read in spans.
    phrases.find(sentence, &cutter, |_| true, &mut Scratch::default(), &mut hits);
    let in_spans = hits.clone();
    cutter.turn(sentence);
    phrases.find(sentence, &cutter, |_| true, &mut Scratch::default(), &mut hits);
    assert_eq!(hits, in_spans, "{pattern} in {sentence}");
    hits.into_iter().next()
}

#[test]
fn words_lists_alternatives_and_stems_are_found() {
    for (pattern, sentence, expected) in [
        ("cannot cover", "we cannot cover it", true),
        ("cannot cover", "we cannot recover it", false),
        ("{we} cannot (cover|honour the claim)", "our board cannot honour the claim", true),
        ("{we} cannot", "the board cannot", false),
        ("deni* .. claim", "he denied, with regret, your claim", true),
        ("[very] sorry for", "sorry for that", true),
        ("£ # instead of £ #", "now £1,250.00 instead of £990", true),
        ("back-ordered", "it is back ordered", true),
        ("^ we regret", "we regret that", true),
        ("^ we regret", "and we regret that", false),
        ("late $", "it is late.", true),
        ("late $", "late it is", false),
    ] {
        assert_eq!(find(pattern, sentence).is_some(), expected, "{pattern} in {sentence}");
    }
}

/// Sentences of three to six of these words, many of them, in all kinds of orders.
fn made_of(words: [&str; 6]) -> impl Iterator<Item = String> {
    (0..4_000_usize).map(move |number| {
        let at = |place: u32| words[number.wrapping_mul(7_919) / 6_usize.pow(place) % 6];
        (0..3 + number as u32 % 4).map(at).collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn the_gate_shuts_out_no_match() {
    let words = ["we", "our team", "claim", "refused", "not", "3"];
    for pattern in [
        "we refused",
        "refused we",
        "claim .. refused",
        "{we} (not|never) refused",
        "{we} [claim] refused",
        "# claim refused",
        "claim [{we} not] # .. refused",
        "(we|our team|claim|3) .. refused #",
        "(claim refused|refused claim) we",
        "[we] claim [refused]",
        "^ we .. refused $",
        "ref* cl* we",
    ] {
        let phrases = phrases(pattern);
        // Each compares what the gate lets through with all that is found without it.
        let found = made_of(words).filter(|text| first_of(&phrases, pattern, text).is_some());
        assert!(found.count() > 10, "{pattern}");
    }
}

#[test]
fn a_gap_skips_six_words_and_never_a_negation() {
    assert!(find("claim .. refused", "claim a b c d e f refused").is_some());
    assert!(find("claim .. refused", "claim a b c d e f g refused").is_none());
    assert!(find("claim ... refused", "claim a b c d e f g refused").is_some());
    assert!(find("claim .. refused", "the claim is not refused").is_none());
}

#[test]
fn a_negation_just_before_counts_within_its_clause() {
    assert!(find("denying", "we are not denying it").unwrap().negated);
    assert!(!find("we deny", "no, we deny it").unwrap().negated);
    assert!(!find("denying", "not now and not here but soon denying it").unwrap().negated);
}

#[test]
fn a_sentence_longer_than_a_span_is_read_to_its_end() {
    let long = "word ".repeat(1_000) + "claim is refused " + &"word ".repeat(1_000);
    let hit = find("claim .. refused", &long).unwrap();
    assert_eq!((hit.start, hit.end), (1_000, 1_003));
}

#[test]
fn punctuation_divides_words_and_numbers_keep_theirs() {
    let mut words = Vec::new();
    each_word("pay £1,250.50, not 3% (or so).", |w| words.push((w.text, w.breaks)));
    let expected = [
        ("pay", false),
        ("£", false),
        ("1,250.50", true),
        ("not", false),
        ("3", false),
        ("%", true),
        ("or", false),
        ("so", true),
    ];
    assert_eq!(words, expected);
}
