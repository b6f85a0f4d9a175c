//! The report as text for people.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{
    report::{Group, Mistake, Report},
    statistics::Share,
};

/// Writes it.
pub(super) fn text(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} mails", report.mails)?;
    line(out, "recall", report.recall)?;
    line(out, "false holds", report.false_holds)?;
    line(out, "precision", report.precision)?;
    line(out, "category right", report.category_right)?;
    if let Some(area) = report.area_under_curve {
        writeln!(out, "  {:<28} {area:.3}", "area under the curve")?;
    }
    groups(out, "by set", &report.by_set)?;
    groups(out, "by language", &report.by_language)?;
    shares(out, "recall by category", &report.recall_by_category)?;
    shares(out, "false holds by kind of pass", &report.false_holds_by_kind)?;
    if report.pairs_right.of > 0 {
        writeln!(out, "\npairs")?;
        line(out, "both right", report.pairs_right)?;
        for (flip, share) in &report.pairs_by_flip {
            line(out, flip, *share)?;
        }
    }
    writeln!(out, "\ncalibration (said, true)")?;
    for tenth in &report.calibration {
        let name = format!("from {:.1}, said {:.2}", tenth.from, tenth.said);
        line(out, &name, tenth.true_share)?;
    }
    let time = &report.time;
    writeln!(
        out,
        "\ntime a mail: median {:.0} µs, mean {:.0} µs, 99 of 100 within {:.0} µs",
        time.median_us, time.mean_us, time.p99_us
    )?;
    if !report.worst.is_empty() {
        writeln!(out, "\nworst mistakes")?;
    }
    report.worst.iter().try_for_each(|mistake| worst(out, mistake))
}

fn groups(out: &mut dyn Write, title: &str, all: &BTreeMap<String, Group>) -> io::Result<()> {
    writeln!(out, "\n{title}")?;
    for (name, group) in all {
        if group.recall.of > 0 {
            line(out, &format!("{name} recall"), group.recall)?;
        }
        if group.false_holds.of > 0 {
            line(out, &format!("{name} false holds"), group.false_holds)?;
        }
    }
    Ok(())
}

fn shares(out: &mut dyn Write, title: &str, all: &BTreeMap<String, Share>) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    all.iter().try_for_each(|(name, share)| line(out, name, *share))
}

fn line(out: &mut dyn Write, name: &str, share: Share) -> io::Result<()> {
    let Share { hits, of, low, high, .. } = share;
    match share.share {
        None => writeln!(out, "  {name:<28} -"),
        Some(share) => writeln!(
            out,
            "  {name:<28} {:5.1} %  ({hits} of {of}; {:.1} to {:.1})",
            share * 100.0,
            low * 100.0,
            high * 100.0
        ),
    }
}

fn worst(out: &mut dyn Write, mistake: &Mistake) -> io::Result<()> {
    let what = if mistake.false_hold { "false hold" } else { "missed" };
    writeln!(
        out,
        "  {what} {}/{} ({}, found {}), probability {:.3}: {}",
        mistake.set,
        mistake.id,
        mistake.labelled,
        mistake.found.as_deref().unwrap_or("nothing"),
        mistake.probability,
        mistake.subject
    )?;
    mistake.evidence.iter().try_for_each(|evidence| {
        let (signal, weight, text) = (&evidence.signal, evidence.weight, &evidence.text);
        writeln!(out, "      {weight:+.2} {signal}: {text}")
    })
}
