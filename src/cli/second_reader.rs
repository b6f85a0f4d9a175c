//! The second reader, and those behind it whom the directory asks, as the dry commands ask them and tell of
//! the first.

use std::{cell::RefCell, collections::BTreeMap};

use serde::Serialize;
use tokio::runtime::Runtime;

use super::out::{Failure, Paint, plain};
use crate::{
    app::{Consulted, Judge, Judged, NoQuestion},
    consult::Outcome,
    decision::{Organisation, Settled},
    mail::Envelope,
    opinion::{Answer, RULE_VERSION},
};

/// Asks, one message after the other, and counts what became of it.
pub(super) struct Asking {
    runtime: Runtime,
    outcomes: RefCell<BTreeMap<&'static str, u64>>,
}

impl Asking {
    pub(super) fn new() -> Result<Asking, Failure> {
        let runtime =
            Runtime::new().map_err(|error| Failure::broke("starting the runtime", &error))?;
        Ok(Asking { runtime, outcomes: RefCell::default() })
    }

    pub(super) fn ask(
        &self,
        judge: &Judge,
        organisation: &Organisation,
        envelope: &Envelope,
        judged: Judged,
    ) -> Judged {
        let judged = self.runtime.block_on(async {
            let judged = judge.second_opinion(organisation, envelope, judged).await;
            judge.look_up(organisation, envelope, judged).await
        });
        if let Some(consulted) = &judged.second {
            *self.outcomes.borrow_mut().entry(word(consulted)).or_default() += 1;
        }
        judged
    }

    /// How often each outcome was met.
    pub(super) fn in_words(&self) -> String {
        let outcomes = self.outcomes.borrow();
        let each: Vec<String> = outcomes.iter().map(|(word, n)| format!("{word} {n}")).collect();
        format!("second reader: {}", if each.is_empty() { "-".into() } else { each.join(", ") })
    }
}

/// One word for an outcome, as metrics have it.
fn word(consulted: &Consulted) -> &'static str {
    match consulted {
        Consulted::NotAsked(NoQuestion::Settled(Settled::Certain)) => "outside_zone",
        Consulted::NotAsked(NoQuestion::Settled(Settled::Exempt)) => "exempt",
        Consulted::NotAsked(NoQuestion::Settled(Settled::AlreadyCalled)) => "already_called",
        Consulted::NotAsked(NoQuestion::Settled(Settled::Attachment)) => "attachment",
        Consulted::NotAsked(NoQuestion::NothingToShow) => "nothing_to_show",
        Consulted::Asked { asked, .. } => asked.outcome.word(),
    }
}

/// The part of a `--json` line.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    /// Whether a request went out.
    asked: bool,
    outcome: &'static str,
    status: Option<u16>,
    rule: Option<u32>,
    sent: Option<&'a str>,
    answer: Option<&'a Answer>,
    probability_before: Option<f64>,
    term: Option<f64>,
    duration_ms: Option<u128>,
}

impl<'a> Line<'a> {
    pub(super) fn new(consulted: &'a Consulted) -> Line<'a> {
        let mut line = Line {
            asked: false,
            outcome: word(consulted),
            status: None,
            rule: None,
            sent: None,
            answer: None,
            probability_before: None,
            term: None,
            duration_ms: None,
        };
        if let Consulted::Asked { question, asked, before, term } = consulted {
            line.asked = !matches!(asked.outcome, Outcome::Refused(_));
            line.rule = Some(RULE_VERSION);
            line.sent = Some(question.sent()).filter(|_| line.asked);
            line.answer = match &asked.outcome {
                Outcome::Said(answer) => Some(answer),
                Outcome::Refused(_) | Outcome::Failed(_) | Outcome::Invalid(_) => None,
            };
            line.status = match asked.outcome {
                Outcome::Failed(crate::http::Failure::Status(status)) => Some(status),
                _ => None,
            };
            line.probability_before = Some(super::verdict::rounded(*before));
            line.term = *term;
            line.duration_ms = line.asked.then_some(asked.took.as_millis());
        }
        line
    }
}

/// The same for people, each line indented.
pub(super) fn in_words(consulted: &Consulted, paint: Paint) -> String {
    match consulted {
        Consulted::NotAsked(why) => format!("  second reader: not asked, {}\n", why_not(*why)),
        Consulted::Asked { asked, .. } if matches!(asked.outcome, Outcome::Refused(_)) => {
            format!("  second reader: not asked, {}\n", outcome(&asked.outcome))
        }
        Consulted::Asked { question, asked, before, term } => {
            let ms = asked.took.as_millis();
            let told = outcome(&asked.outcome);
            let mut text = format!("  second reader: {told} ({ms} ms, rule {RULE_VERSION})\n");
            if let Some(term) = term {
                text.push_str(&format!("    {term:+.2} to probability {before:.2}\n"));
            }
            for line in question.sent().lines() {
                text.push_str(&format!("    {} {}\n", paint.dim("sent |"), plain(line)));
            }
            text
        }
    }
}

fn why_not(why: NoQuestion) -> &'static str {
    match why {
        NoQuestion::Settled(Settled::Certain) => "the probability lies outside the grey zone",
        NoQuestion::Settled(Settled::Exempt) => "the mail is exempt",
        NoQuestion::Settled(Settled::AlreadyCalled) => "the mail confirms a conversation",
        NoQuestion::Settled(Settled::Attachment) => "an attachment speaks, and none is sent",
        NoQuestion::NothingToShow => "the sender wrote nothing that may be sent",
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Said(answer) => match answer.category {
            Some(category) => format!(
                "news, {category}, {:.0} % sure, by “{}”",
                answer.sure * 100.0,
                plain(&answer.sentence)
            ),
            None => format!("no news, {:.0} % sure", answer.sure * 100.0),
        },
        Outcome::Refused(refusal) => format!("to keep a limit ({})", refusal.word()),
        Outcome::Failed(crate::http::Failure::Status(status)) => {
            format!("no answer (HTTP status {status})")
        }
        Outcome::Failed(failure) => format!("no answer ({})", failure.word()),
        Outcome::Invalid(invalid) => format!("no usable answer ({})", invalid.word()),
    }
}
