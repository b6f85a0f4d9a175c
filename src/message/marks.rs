//! Lines by which mail programs say that an earlier message follows.
//!
//! Takes lines, says whether one is an attribution ("On … wrote:"), a header block
//! ("From: … Sent: … To: …"), "-----Original Message-----" or a forward marker, in seven languages.

use super::lines::Line;

/// How an attribution begins and what its verb is. The verb of German stands before the name.
const ATTRIBUTIONS: &[(&[&str], &[&str])] = &[
    (&["on "], &["wrote:", "writes:", "wrote :", "said:"]),
    (&["am ", "um "], &["schrieb:", " schrieb ", "schrieb :", " schrieben ", " geschrieben:"]),
    (&["le "], &["a écrit :", "a écrit:", "écrivait :", "écrivait:", "écrit :", "écrit:"]),
    (&["el "], &["escribió:", "escribió :", "escribio:", "ha escrito:"]),
    (&["il giorno ", "il ", "in data "], &["ha scritto:", "ha scritto :", "scrive:", "scriveva:"]),
    (&["op "], &["schreef:", " schreef ", "geschreven:", "schreef :"]),
    (&["em ", "no dia ", "a "], &["escreveu:", "escreveu :", "wrote:"]),
];

/// How far a wrapped attribution runs.
const ATTRIBUTION_LINES: usize = 4;
const ATTRIBUTION_OCTETS: usize = 400;

/// How many lines from `at` on are one attribution line, wrapped or not.
pub(super) fn attribution(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.text.trim();
    if first.is_empty() || first.len() > ATTRIBUTION_OCTETS {
        return None;
    }
    if first.ends_with(':') && is_attribution(first, true) {
        return Some(1);
    }
    // Only what begins like one may run on: every other line is looked at once.
    if !starts_like_one(first) {
        return None;
    }
    let mut joined = first.to_owned();
    for more in 1..ATTRIBUTION_LINES {
        let line = lines.get(at + more)?.text.trim();
        if line.is_empty() || joined.len() + line.len() > ATTRIBUTION_OCTETS {
            return None;
        }
        joined.push(' ');
        joined.push_str(line);
        if joined.ends_with(':') && is_attribution(&joined, false) {
            return Some(more + 1);
        }
    }
    None
}

fn starts_like_one(line: &str) -> bool {
    if !line.bytes().any(|b| b.is_ascii_digit() || b == b'@') {
        return false;
    }
    let lower: String = line.chars().take(12).flat_map(char::to_lowercase).collect();
    ATTRIBUTIONS.iter().any(|(starts, _)| starts.iter().any(|s| lower.starts_with(s)))
}

/// A date or an address, and the verb of writing at the right place.
fn is_attribution(line: &str, alone: bool) -> bool {
    let telling = line.bytes().any(|b| b.is_ascii_digit() || b == b'@');
    if !telling {
        return false;
    }
    let lower = line.to_lowercase();
    ATTRIBUTIONS.iter().any(|(starts, verbs)| {
        let begins = starts.iter().any(|s| lower.starts_with(s));
        verbs.iter().any(|verb| {
            if verb.ends_with(' ') {
                begins && lower.contains(verb)
            } else {
                (begins || alone) && lower.ends_with(verb)
            }
        })
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Date,
    To,
    Cc,
    Subject,
}

const LABELS: &[(Label, &[&str])] = &[
    (
        Label::From,
        &[
            "from",
            "von",
            "de",
            "da",
            "van",
            "expéditeur",
            "mittente",
            "remitente",
            "remetente",
            "absender",
        ],
    ),
    (
        Label::Date,
        &[
            "sent",
            "date",
            "gesendet",
            "datum",
            "envoyé",
            "envoyé le",
            "enviado",
            "enviado el",
            "enviado em",
            "enviada",
            "enviada em",
            "fecha",
            "inviato",
            "data",
            "verzonden",
            "date d'envoi",
            "sent at",
            "gesendet am",
        ],
    ),
    (Label::To, &["to", "an", "à", "a", "para", "aan", "destinataire", "per", "destinatario"]),
    (Label::Cc, &["cc", "kopie", "copie à", "copia", "kopie (cc)", "bcc"]),
    (
        Label::Subject,
        &["subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "sujet"],
    ),
];

fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches(['*', ' ', '\t']);
    let near = line.char_indices().take(24).find(|(_, c)| *c == ':').map(|(at, _)| at)?;
    let name = line.get(..near)?.trim_matches(|c: char| c == '*' || c.is_whitespace());
    if name.is_empty() {
        return None;
    }
    let lower = name.to_lowercase();
    LABELS.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(label, _)| *label)
}

/// How many lines from `at` on are the header block of an earlier message.
pub(super) fn header_block(lines: &[Line<'_>], at: usize) -> Option<usize> {
    label(&lines.get(at)?.text)?;
    let mut seen: Vec<Label> = Vec::with_capacity(5);
    let (mut end, mut strange) = (at, 0);
    for (n, line) in lines.iter().enumerate().skip(at).take(16) {
        match label(&line.text) {
            Some(label) => {
                if !seen.contains(&label) {
                    seen.push(label);
                }
                (end, strange) = (n + 1, 0);
            }
            // A long list of recipients is wrapped; HTML puts empty lines between.
            None if strange < 2 => strange += 1,
            None => break,
        }
    }
    let enough = seen.len() >= 3
        && seen.contains(&Label::From)
        && (seen.contains(&Label::Date) || seen.contains(&Label::Subject));
    enough.then_some(end - at)
}

const ORIGINAL: &[&str] = &[
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "originaltermin",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "oorspronkelijke bericht",
    "mensagem original",
    "messaggio d'origine",
];

const FORWARDED: &[&str] = &[
    "forwarded message",
    "forwarded by",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "message transféré",
    "message transmis",
    "début du message réexpédié",
    "début du message transféré",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "begin van doorgestuurd bericht",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "forwarded message from",
];

/// What a marker line introduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Original,
    Forwarded,
}

/// `-----Original Message-----`, `Begin forwarded message:` and their translations.
pub(super) fn marker(line: &str) -> Option<Marker> {
    let line = line.trim();
    if line.len() > 100 || line.len() < 8 {
        return None;
    }
    let dashes = line
        .bytes()
        .take_while(|b| matches!(b, b'-' | b'_' | b'=' | b' '))
        .filter(|b| *b != b' ')
        .count();
    let colon = line.ends_with(':');
    if dashes < 2 && !colon {
        return None;
    }
    let core =
        line.trim_matches(|c: char| matches!(c, '-' | '_' | '=' | ':' | '*') || c.is_whitespace());
    let lower = core.to_lowercase().replace('’', "'");
    if dashes >= 2 && ORIGINAL.contains(&lower.as_str()) {
        return Some(Marker::Original);
    }
    let forwarded = FORWARDED.iter().any(|f| lower == *f || (dashes >= 2 && lower.starts_with(f)));
    forwarded.then_some(Marker::Forwarded)
}

/// A line of underscores, which Outlook draws above a header block.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 8 && (line.bytes().all(|b| b == b'_') || line.bytes().all(|b| b == b'-'))
}

/// A line that begins with `>`. `>From` is what mbox files make of `From`.
pub(super) fn is_quoted(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t']);
    line.starts_with('>') && !line.starts_with(">From ")
}

/// What a subject begins with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Prefixes {
    pub(super) reply: bool,
    pub(super) forward: bool,
}

const REPLY: &[&str] =
    &["re", "aw", "antw", "antwort", "ref", "rif", "rép", "rep", "sv", "r", "res"];
const FORWARD: &[&str] =
    &["fwd", "fw", "wg", "tr", "i", "rv", "enc", "doorst", "fs", "reenv", "inoltra", "wtr"];

/// A subject without what mail programs put before it when they answer or pass on a mail.
pub fn bare_subject(text: &str) -> &str {
    subject(text).0
}

/// A subject without `Re:`, `AW: [2]`, `WG:` and their kin, and which of them were there.
pub(super) fn subject(subject: &str) -> (&str, Prefixes) {
    let mut rest = subject.trim();
    let mut found = Prefixes::default();
    for _ in 0..20 {
        let Some((head, behind)) = rest.split_once(':') else { break };
        if head.len() > 16 {
            break;
        }
        let word = head.split(['[', '(', '^']).next().unwrap_or(head).trim().to_lowercase();
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if REPLY.contains(&word) {
            found.reply = true;
        } else if FORWARD.contains(&word) {
            found.forward = true;
        } else {
            break;
        }
        rest = behind.trim_start();
    }
    (rest, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::lines;

    #[test]
    fn attributions_of_seven_languages() {
        for text in [
            "On Mon, 3 Mar 2025 at 10:12, Ann Lee <ann@x.example> wrote:",
            "On 3 March 2025, at 10:12,\nAnn Lee <ann@x.example>\nwrote:",
            "Am 03.03.2025 um 10:12 schrieb Ann Lee <ann@x.example>:",
            "Am Mo., 3. März 2025 um 10:12 Uhr schrieb Ann Lee <\nann@x.example>:",
            "Le lun. 3 mars 2025 à 10:12, Ann Lee <ann@x.example> a écrit :",
            "El lun, 3 mar 2025 a las 10:12, Ann Lee (<ann@x.example>) escribió:",
            "Il giorno lun 3 mar 2025 alle ore 10:12 Ann Lee <ann@x.example> ha scritto:",
            "Op ma 3 mrt 2025 om 10:12 schreef Ann Lee <ann@x.example>:",
            "Em seg., 3 de mar. de 2025 às 10:12, Ann Lee <ann@x.example> escreveu:",
            "Ann Lee <ann@x.example> wrote:",
        ] {
            let lines = lines::of_text(text, false);
            assert_eq!(attribution(&lines, 0), Some(lines.len()), "{text}");
        }
        for text in
            ["On Monday we wrote to you.", "He wrote:", "Am Montag schrieb ich Ihnen Folgendes:"]
        {
            assert_eq!(attribution(&lines::of_text(text, false), 0), None, "{text}");
        }
    }

    #[test]
    fn header_blocks_of_seven_languages() {
        for text in [
            "From: A\nSent: 3 March\nTo: B\nSubject: C",
            "*From:* A\n*Sent:* 3 March\n*To:* B\n*Subject:* C",
            "Von: A\nGesendet: 3. März\nAn: B\nBetreff: C",
            "De : A\nEnvoyé : 3 mars\nÀ : B\nObjet : C",
            "De: A\nEnviado el: 3\nPara: B\nAsunto: C",
            "Da: A\nInviato: 3\nA: B\nOggetto: C",
            "Van: A\nVerzonden: 3\nAan: B\nOnderwerp: C",
            "De: A\nEnviada em: 3\nPara: B\nAssunto: C",
        ] {
            assert_eq!(header_block(&lines::of_text(text, false), 0), Some(4), "{text}");
        }
        assert_eq!(
            header_block(&lines::of_text("To: whom it may concern\nwe say\nno", false), 0),
            None
        );
    }

    #[test]
    fn markers_are_known() {
        assert_eq!(marker("-----Original Message-----"), Some(Marker::Original));
        assert_eq!(marker("-------- Ursprüngliche Nachricht --------"), Some(Marker::Original));
        assert_eq!(marker("---------- Forwarded message ---------"), Some(Marker::Forwarded));
        assert_eq!(marker("Début du message réexpédié :"), Some(Marker::Forwarded));
        assert_eq!(marker("The original message"), None);
    }

    #[test]
    fn subjects_lose_their_prefixes() {
        assert_eq!(
            subject("Re: AW: Fwd: Claim"),
            ("Claim", Prefixes { reply: true, forward: true })
        );
        assert_eq!(
            subject("Re[2]: Claim: 12"),
            ("Claim: 12", Prefixes { reply: true, forward: false })
        );
        assert_eq!(subject("Claim: no"), ("Claim: no", Prefixes::default()));
    }
}
