//! Where a letter ends: closing formulas, signatures, lines of telephones, boilerplate.
//!
//! Takes single lines or paragraphs, says what they look like, in seven languages.

use std::{collections::HashSet, sync::LazyLock};

use aho_corasick::AhoCorasick;

/// How closing formulas begin; a line that is nothing else, or nothing else but a name.
const FORMULAS: &[&str] = &[
    // en
    "best regards",
    "kind regards",
    "warm regards",
    "warmest regards",
    "with kind regards",
    "with best regards",
    "regards",
    "best wishes",
    "with best wishes",
    "sincerely",
    "yours sincerely",
    "sincerely yours",
    "yours faithfully",
    "yours truly",
    "many thanks and best regards",
    "thanks and regards",
    "thanks and best regards",
    "thank you and best regards",
    "respectfully",
    "cordially",
    "all the best",
    "cheers",
    "best",
    "kindest regards",
    "rgds",
    "br",
    "thanks",
    "thank you",
    "many thanks",
    // de
    "mit freundlichen grüßen",
    "mit freundlichen gruessen",
    "mit freundlichem gruß",
    "freundliche grüße",
    "freundliche grüsse",
    "mit freundlichen grüssen",
    "viele grüße",
    "viele grüsse",
    "beste grüße",
    "beste grüsse",
    "mit besten grüßen",
    "herzliche grüße",
    "liebe grüße",
    "schöne grüße",
    "mfg",
    "hochachtungsvoll",
    "vg",
    "lg",
    "gruß",
    "grüße",
    // fr
    "cordialement",
    "bien cordialement",
    "bien à vous",
    "sincères salutations",
    "meilleures salutations",
    "respectueusement",
    "salutations distinguées",
    "avec mes meilleures salutations",
    "bonne journée",
    "très cordialement",
    // es
    "saludos",
    "saludos cordiales",
    "un saludo",
    "un cordial saludo",
    "atentamente",
    "reciba un cordial saludo",
    "cordialmente",
    "muchas gracias y un saludo",
    // it
    "cordiali saluti",
    "distinti saluti",
    "cari saluti",
    "saluti",
    "un cordiale saluto",
    "i migliori saluti",
    "con i migliori saluti",
    // nl
    "met vriendelijke groet",
    "met vriendelijke groeten",
    "vriendelijke groet",
    "vriendelijke groeten",
    "groeten",
    "hartelijke groet",
    "mvg",
    "hoogachtend",
    "groet",
    // pt
    "atenciosamente",
    "cumprimentos",
    "com os melhores cumprimentos",
    "melhores cumprimentos",
    "um abraço",
    "abraços",
    "att",
    "respeitosamente",
    "com os meus melhores cumprimentos",
];

static KNOWN_FORMULAS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| FORMULAS.iter().copied().collect());

/// A line such as `Kind regards,` or `Best regards, Ann Lee`.
pub(super) fn is_formula(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.len() > 80 {
        return false;
    }
    let lower = line.to_lowercase();
    let core = lower.trim_end_matches(|c: char| {
        matches!(c, ',' | '.' | '!' | ';' | ':' | '-') || c.is_whitespace()
    });
    if KNOWN_FORMULAS.contains(core) {
        return true;
    }
    // With a name behind a comma: at most four words, each of them begins with a capital.
    line.split_once(',').is_some_and(|(head, name)| {
        KNOWN_FORMULAS.contains(head.trim().to_lowercase().as_str())
            && (1..=4).contains(&name.split_whitespace().count())
            && name.split_whitespace().all(|w| w.starts_with(char::is_uppercase))
    })
}

const DEVICES: &[&str] = &[
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent from yahoo",
    "sent from proton",
    "sent via ",
    "sent with ",
    "get outlook for",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "diese nachricht wurde von meinem",
    "holen sie sich outlook",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir de ",
    "obtenez outlook",
    "télécharger outlook",
    "envoyé avec ",
    "enviado desde ",
    "enviado do ",
    "enviado de ",
    "obtener outlook",
    "obter o outlook",
    "enviado a partir ",
    "inviato da ",
    "inviato dal ",
    "inviata da ",
    "scarica outlook",
    "ottieni outlook",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "verzonden met ",
    "verstuurd met ",
    "outlook downloaden",
    "download outlook",
];

/// `Sent from my iPhone` and its translations.
pub(super) fn is_device(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() || line.len() > 100 {
        return false;
    }
    let lower = line.to_lowercase();
    DEVICES.iter().any(|d| lower.starts_with(d))
        && line.split_whitespace().count() <= 12
        && !line.contains(". ")
}

/// A line of names, posts, numbers and addresses rather than of a sentence.
pub(super) fn is_signature_like(line: &str) -> bool {
    let line = line.trim();
    if line.is_empty() {
        return true;
    }
    let words = line.split_whitespace().count();
    let contact = line.contains(['@', '|', '•', '·', '\t'])
        || line.contains("www.")
        || line.contains("http")
        || line.bytes().filter(u8::is_ascii_digit).count() >= 6
        || line.starts_with(['[', '<']);
    let ends_sentence = line.ends_with(['.', '!', '?']);
    let lower_words = line
        .split_whitespace()
        .filter(|w| w.starts_with(char::is_lowercase) && w.len() > 2)
        .count();
    let prose = words >= 5 && ((ends_sentence && lower_words >= 2) || lower_words * 2 > words);
    if contact {
        words <= 25 && !(ends_sentence && lower_words * 2 > words)
    } else {
        words <= 10 && !prose
    }
}

/// `P.S.` in any spelling: own words go on.
pub(super) fn is_postscript(line: &str) -> bool {
    let head: String =
        line.trim().chars().take(5).filter(|c| c.is_alphanumeric() || *c == ':').collect();
    let lower = head.to_lowercase();
    ["ps:", "pd:"].iter().any(|p| lower.starts_with(p))
        || line.trim().to_lowercase().starts_with("p.s")
        || line.trim().starts_with("PS ")
}

/// Phrases of boilerplate that make a paragraph one wherever it stands.
const BOILERPLATE: &[&str] = &[
    "intended recipient",
    "intended solely for",
    "intended only for the",
    "may contain confidential",
    "contains confidential",
    "confidentiality notice",
    "confidential and may be",
    "this email originated from outside",
    "this email came from outside",
    "caution: external",
    "click here to unsubscribe",
    "to unsubscribe",
    "unsubscribe from",
    "manage your preferences",
    "scanned for viruses",
    "virus-free",
    "vertrauliche und/oder",
    "vertrauliche inhalte",
    "nicht der richtige adressat",
    "nicht der beabsichtigte empfänger",
    "nicht der vorgesehene empfänger",
    "newsletter abbestellen",
    "vom newsletter abmelden",
    "unbefugte weitergabe",
    "ce message et toutes les pièces jointes",
    "ce message est confidentiel",
    "ce courriel est confidentiel",
    "ce message contient des informations confidentielles",
    "à l'intention exclusive",
    "à l'usage exclusif",
    "se désabonner",
    "se désinscrire",
    "vous n'êtes pas le destinataire",
    "este mensaje y sus archivos adjuntos",
    "destinatario indicado",
    "si no es usted el destinatario",
    "si ha recibido este mensaje por error",
    "darse de baja",
    "cancelar la suscripción",
    "contiene informazioni confidenziali",
    "destinatario indicato",
    "se avete ricevuto questo messaggio per errore",
    "cancellare l'iscrizione",
    "annulla l'iscrizione",
    "disiscriver",
    "uitsluitend bestemd voor",
    "niet de geadresseerde",
    "afmelden voor",
    "destina-se exclusivamente",
    "se recebeu esta mensagem por engano",
    "se você recebeu esta mensagem por engano",
    "cancelar a subscrição",
    "cancelar inscrição",
];

/// Phrases that are boilerplate below a signature only: above it, somebody may well write that
/// he has gone to the Amtsgericht.
const SMALL_PRINT: &[&str] = &[
    "registered office",
    "registered in england",
    "company number",
    "company registration",
    "handelsregister",
    "amtsgericht",
    "sitz der gesellschaft",
    "registergericht",
    "ust-idnr",
    "ust-id",
    "siège social",
    "rcs ",
    "registro mercantil",
    "sede legale",
    "registro imprese",
    "kamer van koophandel",
    "kvk ",
    "sede social",
    "cnpj",
    "ai sensi del regolamento",
    "consider the environment",
    "uitschrijven",
    "vertrouwelijke informatie",
    "informazioni riservate",
    "información confidencial",
    "vertrauliche informationen",
    "informações confidenciais",
    "informação confidencial",
];

static FOUND_ANYWHERE: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(BOILERPLATE).ok());
static FOUND_BELOW: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(SMALL_PRINT).ok());

/// Whether a paragraph is legal or mailing boilerplate; `below` a signature more of it is.
pub(super) fn is_boilerplate(paragraph: &str, below: bool) -> bool {
    if paragraph.len() < 20 {
        return false;
    }
    let lower = paragraph.to_lowercase().replace('’', "'");
    let has = |finder: &Option<AhoCorasick>| finder.as_ref().is_some_and(|f| f.is_match(&lower));
    has(&FOUND_ANYWHERE) || (below && has(&FOUND_BELOW))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_whole_lines() {
        for line in [
            "Best regards,",
            "Mit freundlichen Grüßen",
            "Cordialement.",
            "Un saludo,",
            "Kind regards, Ann Lee",
            "MfG",
        ] {
            assert!(is_formula(line), "{line}");
        }
        for line in [
            "Regards the pumps you ordered,",
            "Thanks for your patience",
            "Best we can do, sadly not more",
        ] {
            assert!(!is_formula(line), "{line}");
        }
    }

    #[test]
    fn signature_lines_are_told_from_prose() {
        for line in [
            "Ann Lee",
            "Head of Sales, Northwind HVAC Ltd.",
            "Tel. +44 20 7946 0018 | ann@northwind.example",
            "12 High Street, London",
            "Projektleiterin",
        ] {
            assert!(is_signature_like(line), "{line}");
        }
        for line in [
            "We cannot repair the boiler before May.",
            "please note that we will not pay for this",
            "Leider müssen wir Ihnen absagen.",
        ] {
            assert!(!is_signature_like(line), "{line}");
        }
    }

    #[test]
    fn devices_and_boilerplate_of_seven_languages() {
        for line in [
            "Sent from my iPhone",
            "Von meinem iPhone gesendet",
            "Envoyé de mon iPhone",
            "Enviado desde mi iPhone",
            "Inviato da iPhone",
            "Verzonden vanaf mijn iPhone",
            "Enviado do meu iPhone",
        ] {
            assert!(is_device(line), "{line}");
        }
        assert!(is_boilerplate("This message is intended only for the addressee.", false));
        assert!(is_boilerplate(
            "Sitz der Gesellschaft: Berlin, Amtsgericht Charlottenburg HRB 1",
            true
        ));
        assert!(!is_boilerplate("Wir haben beim Amtsgericht Klage gegen Sie erhoben.", false));
        assert!(!is_boilerplate("We keep this confidential until May.", true));
    }
}
