//! What a sender writes may not cost more than its length.

use std::time::{Duration, Instant};

use super::judge;

/// Sentences without an end, full of phrases and of the words that stand around them. Looked at
/// phrase by phrase, each took minutes.
#[test]
fn a_sentence_without_end_is_judged_in_linear_time() {
    for words in [
        "they regret we are sorry ",
        "we cannot refund they may ",
        "wir lehnen ab sie wurde abgelehnt ",
        "nous refusons ils regrettent été ",
        "if you were not refused and unless denied ",
    ] {
        let mail = format!("Subject: x\r\n\r\n{}\r\n", words.repeat(20_000));
        let begun = Instant::now();
        let _ = judge("a@us.example", &["b@them.example"], mail.as_bytes());
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(20), "{words}: {took:?}");
    }
}
