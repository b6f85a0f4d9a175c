//! Numbers by which one joins a meeting: a machine answers there.
//!
//! Takes a line and says whether it begins a list of such numbers, or a sentence and says whether its
//! number is one. Knows the invitations of the common programs in seven languages.

/// What invitations say above or beside the numbers, lower case.
const SAID: [&str; 62] = [
    "one tap mobile",
    "dial by your location",
    "dial in",
    "dial-in",
    "dialin",
    "join by phone",
    "join by telephone",
    "join via phone",
    "audio only",
    "meeting id",
    "conference id",
    "conference bridge",
    "conference line",
    "access code",
    "participant code",
    "passcode",
    "find a local number",
    "einwahl",
    "einwähl",
    "telefonkonferenz",
    "konferenz-id",
    "besprechungs-id",
    "meeting-id",
    "per telefon teilnehmen",
    "nur audio",
    "zugangscode",
    "rejoindre par téléphone",
    "participer par téléphone",
    "se joindre par téléphone",
    "composez le numéro",
    "audio uniquement",
    "audio seulement",
    "conférence téléphonique",
    "audioconférence",
    "id de réunion",
    "id de la réunion",
    "code d'accès",
    "code d’accès",
    "unirse por teléfono",
    "únase por teléfono",
    "solo audio",
    "sólo audio",
    "id de reunión",
    "id. de reunión",
    "id de la reunión",
    "código de acceso",
    "partecipa per telefono",
    "partecipa via telefono",
    "id riunione",
    "codice di accesso",
    "codice d'accesso",
    "deelnemen via telefoon",
    "alleen audio",
    "vergadering-id",
    "vergaderings-id",
    "inbelnummer",
    "inbellen",
    "toegangscode",
    "somente áudio",
    "apenas áudio",
    "id da reunião",
    "código de acesso",
];

/// Whether numbers below this line, up to an empty one, are for joining a meeting. A line that has its
/// number itself speaks of no others.
pub(super) fn heads(line: &str) -> bool {
    line.chars().filter(char::is_ascii_digit).count() < MIN_CODE && says(line)
}

fn says(line: &str) -> bool {
    let lower = line.to_lowercase();
    SAID.iter().any(|said| lower.contains(said))
}

/// Whether a number in this sentence is for joining a meeting; `behind` stands right behind it.
pub(super) fn is_dialled_in(sentence: &str, behind: &str) -> bool {
    dials_on(behind) || says(sentence) || asks_for_a_pin(sentence)
}

/// `,,83214479021#`: what a telephone dials after it was answered.
fn dials_on(behind: &str) -> bool {
    let code = behind.trim_start_matches([',', ';']);
    let digits = code.len() - code.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    code.len() < behind.len() && digits >= MIN_CODE
}

/// A shorter one is an extension.
const MIN_CODE: usize = 6;

/// `PIN: 348 772 061#`
fn asks_for_a_pin(sentence: &str) -> bool {
    let ends = sentence.match_indices('#').any(|(at, _)| {
        sentence.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
    });
    let lower = sentence.to_lowercase();
    ends && lower
        .split(|c: char| !c.is_alphabetic())
        .any(|word| matches!(word, "pin" | "code" | "kennung"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invitations_to_meetings_are_known() {
        for (sentence, behind) in [
            ("+44 20 3321 5208,,418827106#   United Kingdom", ",,418827106#   United Kingdom"),
            ("Or call in (audio only) +1 860 294 8817", ""),
            ("oppure per telefono +39 02 3046 1835 PIN: 348 772 061 4#", " PIN: 348 772 061 4#"),
            (
                "Deelnemen via telefoon: +31 20 708 61 92, toegangscode 617 294 018#",
                ", toegangscode",
            ),
            ("Einwahl unter +49 69 58993417", ""),
        ] {
            assert!(is_dialled_in(sentence, behind), "{sentence}");
        }
        for (sentence, behind) in [
            ("Call me on 020 7946 0821, flat 4", ", flat 4"),
            ("T 020 7946 0821,,22", ",,22"),
            ("Order #4711, call 020 7946 0821", ""),
        ] {
            assert!(!is_dialled_in(sentence, behind), "{sentence}");
        }
    }
}
