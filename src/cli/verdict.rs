//! A judged message as `explain` and `replay` tell it.

use serde::Serialize;

use super::{
    out::{Paint, plain},
    second_reader,
};
use crate::{
    app::Judged,
    call::{Number, Urgency},
    decision::{Decision, Evidence, Otherwise, RecipientVerdict, Verdict, otherwise},
    message::Defect,
    policy::Silenced,
};

/// One line of `--json`: the contract of DESIGN part 5.
#[derive(Serialize)]
pub(super) struct VerdictLine<'a> {
    source: &'a str,
    message_id: Option<&'a str>,
    verdict: Verdict,
    reason: &'static str,
    policy: Option<&'a str>,
    category: Option<&'a str>,
    probability: f64,
    threshold: f64,
    language: Option<&'static str>,
    mode: crate::decision::Mode,
    recipients: &'a [RecipientVerdict],
    base: Option<f64>,
    evidence: &'a [Evidence],
    #[serde(skip_serializing_if = "Option::is_none")]
    silenced: Option<Vec<Silenced>>,
    otherwise: Option<Otherwise>,
    call: Call<'a>,
    urgency: &'a [Urgency],
    would_hold: bool,
    defects: &'a [Defect],
    second_reader: Option<second_reader::Line<'a>>,
    elapsed_us: u64,
}

#[derive(Serialize)]
struct Call<'a> {
    name: Option<&'a str>,
    role: Option<&'a str>,
    zone: Option<&'a str>,
    numbers: &'a [Number],
}

impl<'a> VerdictLine<'a> {
    pub(super) fn new(source: &'a str, judged: &'a Judged, elapsed_us: u64) -> VerdictLine<'a> {
        let decision = &judged.decision;
        let person = judged.call.person.as_ref();
        VerdictLine {
            source,
            message_id: judged.reading.header.message_id.as_deref(),
            verdict: decision.verdict,
            reason: decision.reason.as_str(),
            policy: decision.policy.as_deref(),
            category: decision.category.as_deref(),
            probability: rounded(decision.probability),
            threshold: decision.threshold,
            language: decision.language.map(|l| l.code()),
            mode: decision.mode,
            recipients: &decision.recipients,
            base: judged.base,
            evidence: &decision.evidence,
            silenced: None,
            otherwise: otherwise(decision),
            call: Call {
                name: person.map(|p| p.name.as_str()).filter(|name| !name.is_empty()),
                role: person.map(|p| p.role.as_str()).filter(|role| !role.is_empty()),
                zone: judged.call.zone.as_deref(),
                numbers: &judged.call.numbers,
            },
            urgency: &judged.call.urgency,
            would_hold: decision.would_hold,
            defects: &judged.reading.defects,
            second_reader: judged.second.as_ref().map(second_reader::Line::new),
            elapsed_us,
        }
    }
}

impl VerdictLine<'_> {
    /// The same with the signals that were found and not heard: a second look, for one mail.
    pub(super) fn explained(mut self, judged: &Judged) -> Self {
        self.silenced = Some(silenced(judged));
        self
    }
}

pub(super) fn rounded(probability: f64) -> f64 {
    (probability * 10_000.0).round() / 10_000.0
}

/// The verdict in words, with every contribution.
pub(super) fn in_words(source: &str, judged: &Judged, paint: Paint) -> String {
    let decision = &judged.decision;
    let mut text = format!("{}: {}\n", plain(source), headline(decision, paint));
    for recipient in &decision.recipients {
        let verdict = verdict_word(recipient.verdict);
        text.push_str(&format!("  {verdict}  {}\n", plain(recipient.address.as_str())));
    }
    if let Some(base) = judged.base.filter(|_| !decision.evidence.is_empty()) {
        text.push_str("  why (log-odds):\n");
        text.push_str(&format!("  {base:+6.2}  {}\n", paint.dim("[where the policy starts]")));
    }
    for e in &decision.evidence {
        let place = paint.dim(&format!("[{} · {}]", plain(&e.place), plain(&e.signal)));
        text.push_str(&format!("  {:+6.2}  {}  {place}\n", e.weight, quoted(&e.text)));
    }
    for s in silenced(judged) {
        let why = if s.by.is_empty() {
            format!("none of {}", s.without.join(", "))
        } else {
            s.by.join(", ")
        };
        let words = quoted(&first_words(&s.text));
        let signal = paint.dim(&format!("[{} · {}]", s.place, plain(&s.signal)));
        text.push_str(&format!("  not counted ({why}): {words}  {signal}\n"));
    }
    if let Some(consulted) = &judged.second {
        text.push_str(&second_reader::in_words(consulted, paint));
    }
    text.push_str(&turning(decision));
    if decision.verdict == Verdict::Hold {
        text.push_str(&call_lines(judged));
    }
    for defect in &judged.reading.defects {
        text.push_str(&format!("  odd: {}\n", odd(*defect)));
    }
    text.pop();
    text
}

/// What the policy that decided or came nearest found and did not hear.
fn silenced(judged: &Judged) -> Vec<Silenced> {
    let policy = judged.decision.policy.as_deref();
    policy.map(|policy| judged.policies.silenced(&judged.reading, policy)).unwrap_or_default()
}

/// What would have changed the verdict.
fn turning(decision: &Decision) -> String {
    let Some(other) = otherwise(decision).filter(|_| !decision.evidence.is_empty()) else {
        return String::new();
    };
    let named = |at: &usize| {
        let term = decision.evidence.get(*at)?;
        let words = quoted(&first_words(&term.text));
        Some(format!("{words} [{}]", plain(&term.signal)).trim_start().to_owned())
    };
    let terms: Vec<String> = other.without.iter().filter_map(named).collect();
    let mut ways = Vec::new();
    if !terms.is_empty() {
        ways.push(format!("without {}", terms.join(if other.together { " and " } else { " or " })));
    }
    // A threshold cannot be set so high or so low that these would matter.
    if (0.01..0.99).contains(&other.threshold) {
        let so = if other.hold { "down to" } else { "above" };
        ways.push(format!("with a threshold {so} {:.2}", other.threshold));
    }
    if ways.is_empty() {
        return String::new();
    }
    format!("  would {} {}\n", if other.hold { "be held" } else { "pass" }, ways.join(", or "))
}

/// Of the words that would turn a verdict the first are enough: all of them stand above.
fn first_words(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(TURNING_CHARS) else { return text.to_owned() };
    let head = text.get(..cut).unwrap_or_default();
    format!("{} …", head.rsplit_once(' ').map_or(head, |(head, _)| head))
}

/// See [`first_words`].
const TURNING_CHARS: usize = 40;

fn odd(defect: Defect) -> &'static str {
    match defect {
        Defect::HeaderLine => "a header line that is no field",
        Defect::DuplicateField => "a field twice that may stand once",
        Defect::Multipart => "a multipart without its boundary or its end",
        Defect::Encoding => "base64 or quoted-printable that does not decode cleanly",
        Defect::Charset => "an unknown charset, or octets that it does not allow",
        Defect::AmbiguousPart => "two media types or dispositions for one part",
        Defect::HiddenText => "text hidden from the reader",
        Defect::InvisibleCharacters => "invisible or direction-changing characters inside words",
        Defect::Encrypted => "encrypted content, which cannot be read",
        Defect::Limit => "too large, too deep or too slow; the rest was not read",
        Defect::UnreadableAttachment => "an attached document in which no text can be read",
    }
}

fn headline(decision: &Decision, paint: Paint) -> String {
    let verdict = match decision.verdict {
        Verdict::Hold => paint.red("hold"),
        Verdict::Pass => paint.green("pass"),
    };
    let policy = decision.policy.as_deref().unwrap_or("no policy");
    let odds =
        format!("probability {:.2}, holds from {:.2}", decision.probability, decision.threshold);
    let also = if decision.would_hold { "; would be held if it were not exempt" } else { "" };
    format!("{} ({}): {policy}, {odds}{also}", paint.bold(&verdict), decision.reason.as_str())
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Hold => "hold for",
        Verdict::Pass => "pass to ",
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("“{}”", plain(text)) }
}

fn call_lines(judged: &Judged) -> String {
    let mut text = String::new();
    if let Some(person) = &judged.call.person {
        let name = if person.name.is_empty() { &person.address } else { &person.name };
        let role = if person.role.is_empty() { "" } else { ", " };
        text.push_str(&format!("  call {}{role}{}\n", plain(name), plain(&person.role)));
    }
    if judged.call.is_urgent() {
        let why: Vec<&str> = judged.call.urgency.iter().map(|u| u.word()).collect();
        text.push_str(&format!("    urgent: {}\n", why.join(", ")));
    }
    for number in &judged.call.numbers {
        let shown = plain(&number.national);
        let sources = std::iter::once(&number.source).chain(&number.also);
        let sources: Vec<&str> = sources.map(|source| source.word()).collect();
        let source = sources.join(", ");
        text.push_str(&format!("    {shown}  ({source}, {:.0} %)\n", number.confidence * 100.0));
    }
    for line in &judged.call.guide.lines {
        text.push_str(&format!("    · {}\n", plain(line)));
    }
    text
}
