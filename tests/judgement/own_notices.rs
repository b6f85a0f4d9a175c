//! Our own mail, sent on by a mailbox that forwards it, is held by nobody and causes no mail of ours.

use std::fs;

use callfirst::decision::{Reason, Verdict};

use super::judge;

#[test]
fn our_notices_fed_back_are_automatic_and_cause_none() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/notices");
    let mut fed_back = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let mail = fs::read(&path).unwrap();
        // Of some the text alone is kept.
        if !mail.starts_with(b"From: ") {
            continue;
        }
        let sender = "tom.reed@northwind-hvac.example";
        let decision = judge(sender, &["susan.hall@hall.example"], &mail);
        assert_eq!(decision.verdict, Verdict::Pass, "{}", path.display());
        assert_eq!(decision.reason, Reason::Automatic, "{}", path.display());
        fed_back += 1;
    }
    assert!(fed_back > 50, "{fed_back}");
}
