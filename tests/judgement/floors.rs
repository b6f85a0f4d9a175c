//! Figures on labelled sets that may not fall.

use std::{fs, path::PathBuf, time::Duration};

use callfirst::{
    cli::{
        evaluate::{Judged, Report, RowVerdict, mail, statistics::Share},
        labelled::{self, Row},
    },
    decision::Verdict,
    policy::model::Part,
};

use super::{judge, ours, shared};

fn judged(set: &str, row: Row) -> Judged {
    let decision = judge(mail::sender(&row), &mail::recipients(&row), &mail::bytes(&row));
    let verdict = RowVerdict {
        hold: decision.verdict == Verdict::Hold,
        probability: decision.probability,
        category: decision.category,
        evidence: decision.evidence,
        elapsed: Duration::ZERO,
    };
    Judged { set: set.to_owned(), row, verdict }
}

/// The report on our own mails of one part that a filter takes.
fn report_on_test(wanted: impl Fn(&Row) -> bool) -> Report {
    let mut files: Vec<PathBuf> =
        fs::read_dir(ours("data/mails")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let rows = files.iter().flat_map(|file| labelled::read(file).unwrap());
    let test = rows.filter(|row| row.part() == Part::Test && wanted(row));
    Report::of(&test.map(|row| judged("test", row)).collect::<Vec<_>>())
}

fn report_on(file: &str) -> Option<Report> {
    let rows = labelled::read(&shared(file)?).unwrap();
    Some(Report::of(&rows.into_iter().map(|row| judged(file, row)).collect::<Vec<_>>()))
}

fn at_least(what: &str, share: Share, floor: f64) {
    eprintln!("{what}: {} of {}, floor {floor}", share.hits, share.of);
    assert!(share.share.is_some_and(|s| s >= floor), "{what}: {share:?} is below {floor}");
}

fn at_most(what: &str, share: Share, ceiling: f64) {
    eprintln!("{what}: {} of {}, ceiling {ceiling}", share.hits, share.of);
    assert!(share.share.is_some_and(|s| s <= ceiling), "{what}: {share:?} is above {ceiling}");
}

#[test]
fn english_test_mail_is_judged_no_worse_than_before() {
    let report = report_on_test(|row| row.lang == "en");
    at_least("recall, English test mail", report.recall, 0.71);
    at_most("false holds, English test mail", report.false_holds, 0.105);
    at_least("category right, English test mail", report.category_right, 0.88);
    at_least("pairs both right, English test mail", report.pairs_right, 0.46);
}

#[test]
fn test_mail_in_other_languages_is_judged_no_worse_than_before() {
    let report = report_on_test(|row| row.lang != "en");
    at_least("recall, other test mail", report.recall, 0.615);
    at_most("false holds, other test mail", report.false_holds, 0.08);
}

#[test]
fn real_mail_is_judged_no_worse_than_before() {
    if let Some(letters) = report_on("eval/real_hold_dev.jsonl") {
        at_least("recall, real letters", letters.recall, 0.72);
    }
    if let Some(ordinary) = report_on("eval/real_pass_dev.jsonl") {
        at_most("false holds, real ordinary mail", ordinary.false_holds, 0.004);
    }
    if let Some(hard) = report_on("eval/real_hardpass_dev.jsonl") {
        at_most("false holds, real mail that looks alike", hard.false_holds, 0.03);
    }
}
