//! `callfirst evaluate` and `callfirst train`: the counting and the learning, joined to the judge.

use std::{
    io::{self, Write as _},
    time::Instant,
};

use super::{
    evaluate::{self, EvaluateArgs, RowVerdict, mail, model_alone, sentences},
    labelled::{Row, SetError},
    out::{self, Failure},
    setup::{self, Ask, DryJudge},
    train::{self, TrainArgs},
};
use crate::{
    decision::Verdict,
    mail::{Envelope, ForwardPath, Mailbox, Recipient, ReversePath},
    message,
    policy::model::Model,
};

/// Judges labelled sets. Their writers count as ours whatever is configured.
pub(super) fn evaluate(arguments: &EvaluateArgs) -> Result<(), Failure> {
    if arguments.sentences {
        return print_sentences(arguments).map_err(described);
    }
    let ask = if arguments.second_reader { Ask::Always } else { Ask::Never };
    let judge = setup::judge_with(arguments.config.as_deref(), ask, |policy| {
        policy.preset = arguments.preset.unwrap_or(policy.preset);
        policy.reader &= !arguments.without_reader;
    })?;
    let with_policies = |row: &Row| judge_row(&judge, row);
    let model_alone =
        |row: &Row| model_alone::judge(Model::embedded(), &normal_sentences, HALF, row);
    let judge_row: &dyn Fn(&Row) -> RowVerdict =
        if arguments.model_alone { &model_alone } else { &with_policies };
    let mut stdout = io::stdout().lock();
    let report = evaluate::run(arguments, judge_row, &mut stdout);
    if report.as_ref().is_ok_and(|report| report.mails == 0) {
        out::note("no mail in these sets");
    }
    if let Some(asked) = judge.asked_in_words() {
        out::note(&asked);
    }
    report.map(drop).map_err(|error| match error.downcast::<io::Error>() {
        Ok(unwritten) => out::unwritten(unwritten),
        Err(error) => described(error),
    })
}

/// The sentences of each mail, a line a mail.
fn print_sentences(arguments: &EvaluateArgs) -> anyhow::Result<()> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    for (set, row) in evaluate::rows(arguments)? {
        let reading = message::read(&mail::bytes(&row), &message::Limits::default());
        serde_json::to_writer(&mut stdout, &sentences::of(&set, &row, &reading))?;
        stdout.write_all(b"\n")?;
    }
    Ok(stdout.flush()?)
}

/// The probability from which the model by itself would hold.
const HALF: f64 = 0.5;

/// How the service cuts and normalises, so that training and serving see the same sentences.
fn normal_sentences(text: &str) -> Vec<String> {
    message::sentences(text).into_iter().map(|sentence| sentence.normal().to_owned()).collect()
}

fn judge_row(judge: &DryJudge, row: &Row) -> RowVerdict {
    let (envelope, content) = (envelope(row), mail::bytes(row));
    let started = Instant::now();
    let judged = judge.judge_as_ours(&envelope, &content);
    let elapsed = started.elapsed();
    RowVerdict {
        hold: judged.decision.verdict == Verdict::Hold,
        probability: judged.decision.probability,
        category: judged.decision.category,
        evidence: judged.decision.evidence,
        elapsed,
    }
}

/// A row whose addresses are none goes from postmaster to somebody outside.
fn envelope(row: &Row) -> Envelope {
    let sender = Mailbox::parse(mail::sender(row)).unwrap_or_else(|_| Mailbox::postmaster());
    let reverse_path = ReversePath::Mailbox(sender);
    let paths = mail::recipients(row).into_iter().filter_map(|to| ForwardPath::parse(to).ok());
    let recipients = paths.map(Recipient::plain).collect();
    Envelope::new(reverse_path.clone(), Vec::new(), recipients).unwrap_or_else(|_| {
        Envelope::to_one(reverse_path, Recipient::plain(Mailbox::postmaster().into()))
    })
}

/// Trains the model that ships.
pub(super) fn train(arguments: &TrainArgs) -> Result<(), Failure> {
    let trained = train::run(arguments, &normal_sentences).map_err(described)?;
    let (news, other) = trained.learned_from;
    let out = arguments.out.display();
    out::note(&format!("learned from {news} sentences of news and {other} others; wrote {out}"));
    Ok(())
}

/// A set that cannot be read is the operator's to mend.
fn described(error: anyhow::Error) -> Failure {
    if error.is::<SetError>() {
        return Failure::Usage(format!("{error:#}"));
    }
    Failure::Broke(format!("{error:#}"))
}
