//! Tells a machine's answer from a person's.
//!
//! RFC 3834 §2 and §5, RFC 6522, and what mail programs do instead: fields of their own, subjects that
//! only they write, and the sentence with which every absence begins. In doubt it was a machine: one
//! that is taken for a person could let a mail go.

use super::{MAX_SENTENCES, folded, new_text, sentences};
use crate::message::{Header, Reading};

/// What kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    /// It says that its owner is not there.
    Absence,
    /// It answers by itself and does not say why: "we have received your mail".
    Answer,
    /// A delivery report or a receipt.
    Report,
    /// A list, a newsletter, anything else.
    Other,
}

/// Which machine wrote this; `None` where a person may have.
pub fn machine(reading: &Reading) -> Option<Machine> {
    let header = &reading.header;
    let subject = folded(&header.subject);
    let begins = |beginnings: &[&str]| beginnings.iter().any(|b| subject.starts_with(b));
    if has(header, "Content-Type", &["multipart/report"])
        || has(header, "X-Failed-Recipients", &[])
        || begins(&REPORT_SUBJECTS)
    {
        return Some(Machine::Report);
    }
    let submitted = header.field("Auto-Submitted").map(|v| v.trim().to_ascii_lowercase());
    let is_vacation = submitted.as_deref().is_some_and(|v| v.contains("(vacation)"));
    if begins(&ABSENCE_SUBJECTS) || is_vacation || says_absence(reading) {
        return Some(Machine::Absence);
    }
    if begins(&ANSWER_SUBJECTS)
        || submitted.as_deref().is_some_and(|v| v.starts_with("auto-replied"))
        || ANSWERING_FIELDS.iter().any(|name| has(header, name, &[]))
        || has(header, "Precedence", &["auto_reply"])
    {
        return Some(Machine::Answer);
    }
    let other = submitted.is_some_and(|v| !v.starts_with("no"))
        || has(header, "List-Id", &[])
        || has(header, "Precedence", &["bulk", "junk", "list"])
        || has(header, "Return-Path", &["<>"]);
    other.then_some(Machine::Other)
}

fn has(header: &Header, name: &str, values: &[&str]) -> bool {
    header.field(name).is_some_and(|value| {
        let value = value.trim().to_ascii_lowercase();
        values.is_empty() || values.iter().any(|v| value.starts_with(v))
    })
}

/// Whether the first sentences say that the writer is away. Only in the first person: "no answer, she is
/// out of the office" is a person's.
fn says_absence(reading: &Reading) -> bool {
    let text = new_text(reading);
    sentences(&text).take(MAX_SENTENCES).any(|sentence| {
        let sentence = format!(" {} ", folded(sentence).replace(" |", ""));
        ABSENCES.iter().any(|absence| sentence.contains(&format!(" {absence} ")))
    })
}

/// Fields that only answering machines set.
const ANSWERING_FIELDS: [&str; 5] =
    ["X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Mail-Autoreply", "X-Vacation"];

/// How subjects of absences begin, folded.
const ABSENCE_SUBJECTS: [&str; 12] = [
    "out of office",
    "out of the office",
    "abwesenheit",
    "abwesend",
    "absence du bureau",
    "message d absence",
    "fuera de la oficina",
    "fuori sede",
    "fuori ufficio",
    "afwezig",
    "ausencia",
    "fora do escritorio",
];

/// How subjects of automatic answers begin, folded: of absences, and of "we have received your mail".
const ANSWER_SUBJECTS: [&str; 11] = [
    "automatic reply",
    "auto reply",
    "autoreply",
    "auto :",
    "automatische antwort",
    "autom antwort",
    "reponse automatique",
    "respuesta automatica",
    "risposta automatica",
    "automatisch antwoord",
    "resposta automatica",
];

/// How subjects of reports and receipts begin, folded.
const REPORT_SUBJECTS: [&str; 12] = [
    "undeliverable",
    "undelivered mail",
    "delivery status notification",
    "mail delivery failed",
    "returned mail",
    "failure notice",
    "unzustellbar",
    "non remis",
    "no se puede entregar",
    "impossibile recapitare",
    "onbestelbaar",
    "nao foi possivel entregar",
];

/// The sentences of absences, folded, in seven languages.
const ABSENCES: [&str; 64] = [
    "i am out of office",
    "i am out of the office",
    "i m out of office",
    "i m out of the office",
    "i am currently out",
    "i m currently out",
    "i am away",
    "i m away",
    "i am out until",
    "i m out until",
    "i will be away",
    "i m on vacation",
    "i m on holiday",
    "i m on leave",
    "limited access to email",
    "limited access to my email",
    "i will be out of the office",
    "i am on vacation",
    "i am on holiday",
    "i am on leave",
    "i am on annual leave",
    "i am currently on leave",
    "ich bin nicht im buro",
    "ich bin derzeit nicht im buro",
    "ich bin bis",
    "ich bin abwesend",
    "ich bin ausser haus",
    "ich bin zurzeit ausser haus",
    "ich bin derzeit ausser haus",
    "ich bin momentan nicht",
    "ich bin derzeit abwesend",
    "ich bin vom",
    "ich bin im urlaub",
    "ich befinde mich",
    "ich bin zurzeit nicht",
    "ich bin erst am",
    "je suis absent",
    "je suis absente",
    "je suis actuellement absent",
    "je suis actuellement absente",
    "je suis en conges",
    "je suis actuellement en conges",
    "je suis en vacances",
    "estoy fuera de la oficina",
    "estare fuera de la oficina",
    "estoy de vacaciones",
    "me encuentro fuera",
    "estoy ausente",
    "sono fuori ufficio",
    "sono in ferie",
    "sono assente",
    "saro assente",
    "ik ben afwezig",
    "ik ben tot",
    "ik ben niet op kantoor",
    "ik ben met vakantie",
    "ik ben op vakantie",
    "ik ben momenteel afwezig",
    "estou fora do escritorio",
    "estou actualmente fora",
    "estou atualmente fora",
    "estou de ferias",
    "estou ausente",
    "estarei ausente",
];
