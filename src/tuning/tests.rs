//! Golden proposals: `tests/tuning/{wrong,missed}/NAME/mail.eml` and what is proposed for it by the
//! policies that ship; `BLESS=1` rewrites `expected.txt`, and the diff is read.

use std::{fs, path::Path, sync::Arc};

use jiff::civil::date;

use super::*;
use crate::{
    decision::{Organisation, Trial},
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Limits, Reading},
    policy::{Embedded, PolicySet, Preset, SentenceModel, Source},
};

fn read(bytes: &[u8]) -> Reading {
    message::read(bytes, &Limits::default())
}

fn inside() -> Organisation {
    Organisation { name: "Inside".to_owned(), domains: vec!["inside.example".to_owned()] }
}

/// A mail as it came, of somebody inside.
fn trial(bytes: &[u8]) -> Trial {
    let reading = read(bytes);
    let from = reading.header.from.first().unwrap().address.clone();
    let recipient =
        |to: &message::Address| Recipient::plain(ForwardPath::parse(&to.address).unwrap());
    let recipients = reading.header.to.iter().map(recipient).collect();
    let envelope =
        Envelope::new(ReversePath::parse(&from).unwrap(), Vec::new(), recipients).unwrap();
    let domains = vec![from.rsplit_once('@').unwrap().1.to_owned()];
    Trial { reading, envelope, organisation: Organisation { name: String::new(), domains } }
}

struct Things {
    sources: Vec<Source>,
    model: Arc<dyn SentenceModel>,
    organisation: Organisation,
    reference: Reference,
}

impl Things {
    fn new() -> Things {
        Things {
            sources: PolicySet::shipped(),
            model: Arc::new(Embedded { reader: true }),
            organisation: inside(),
            reference: Reference::shipped(&read).unwrap(),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&Bench<'_>) -> T) -> T {
        work(&Bench {
            sources: &self.sources,
            model: Some(&self.model),
            preset: Preset::Balanced,
            organisation: &self.organisation,
            read: &read,
            commonness: &|language, word| self.reference.commonness(language, word),
            today: date(2026, 11, 22),
        })
    }
}

/// What is proposed, as people would be told, without the lines around a change: they belong to the
/// policies that ship and change with them.
fn told(proposals: &Result<Vec<Proposal>, Nothing>) -> String {
    let proposals = match proposals {
        Ok(proposals) => proposals,
        Err(why) => return format!("nothing: {why:?}\n"),
    };
    let mut out = String::new();
    for one in proposals {
        let bites = if one.test_bites { "" } else { " (its test would pass without)" };
        out.push_str(&format!("{}: {}{bites}\n", one.kind.as_str(), one.title));
        let diff = one.diff();
        let changed = |line: &&str| line.starts_with(['+', '-']) && !line.starts_with("---");
        for line in diff.lines().filter(changed) {
            out.push_str(&format!("  {line}\n"));
        }
        out.push('\n');
    }
    out
}

#[test]
fn what_is_proposed_for_false_alarms_and_missed_ones() {
    let things = Things::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tuning");
    let mut wrongs = Vec::new();
    for (mark, least) in [("wrong", 12), ("missed", 6)] {
        let mut names: Vec<_> =
            fs::read_dir(folder.join(mark)).unwrap().map(|e| e.unwrap().path()).collect();
        names.sort();
        assert!(names.len() >= least, "only {} of {mark}", names.len());
        for case in names {
            let trial = trial(&fs::read(case.join("mail.eml")).unwrap());
            let proposals = things.with(|bench| match mark {
                "wrong" => wrong(bench, &trial),
                _ => missed(bench, &trial, None),
            });
            let printed = told(&proposals);
            let expected = case.join("expected.txt");
            if std::env::var_os("BLESS").is_some() {
                fs::write(&expected, &printed).unwrap();
            } else if fs::read_to_string(&expected).unwrap_or_default() != printed {
                wrongs.push(format!("{}:\n{printed}", case.display()));
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}
