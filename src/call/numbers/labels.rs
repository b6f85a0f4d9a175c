//! What the words beside a number say it is: a telephone, a fax, or something else.

/// How many words before a number are asked what it is.
const LABEL_WORDS: usize = 6;

/// What the words before a number say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// A mobile or a direct line.
    Direct,
    /// A telephone.
    Telephone,
    /// Nothing is said, and it looks like a telephone number.
    None,
    /// A fax.
    Fax,
}

/// What the nearest telling word says; `Some(None)` where it names something else, and `None` where
/// nothing is said.
pub(super) fn label(before: &str, after: &str) -> Option<Option<Label>> {
    let after = after.trim_start().to_lowercase();
    if after.starts_with("(fax") || after.starts_with("fax") && !after.starts_with("fax:") {
        return Some(Some(Label::Fax));
    }
    let before = before.to_lowercase();
    let words = before
        .split(|c: char| c.is_whitespace() || ",;|•·()[]".contains(c))
        .filter(|w| !w.is_empty())
        .rev()
        .take(LABEL_WORDS);
    for (at, word) in words.enumerate() {
        // A lone letter is a label only where it touches the number.
        if let Some(said) = letter(word).filter(|_| at == 0).or_else(|| meaning(word)) {
            return Some(said);
        }
    }
    None
}

const FAX: [&str; 5] = ["fax", "telefax", "facsimile", "télécopie", "telecopie"];
const DIRECT: [&str; 28] = [
    "mobile",
    "mobil",
    "mobiel",
    "mob",
    "cell",
    "cellphone",
    "cellulare",
    "celular",
    "handy",
    "portable",
    "port",
    "móvil",
    "movil",
    "gsm",
    "direct",
    "durchwahl",
    "telemóvel",
    "telemovel",
    "m:",
    "whatsapp",
    "m.",
    "c:",
    "c.",
    "cel",
    "tlm",
    "ddi",
    "mobiltelefon",
    "gsm-nummer",
];
const TELEPHONE: [&str; 93] = [
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "telefoon",
    "téléphone",
    "phone",
    "ph",
    "fon",
    "t:",
    "p:",
    "d:",
    "t.",
    "p.",
    "☎",
    "📞",
    "☏",
    "call",
    "ring",
    "reach",
    "dial",
    "rufnummer",
    "anrufen",
    "anruf",
    "erreichen",
    "erreichbar",
    "appeler",
    "appelez",
    "joindre",
    "joignable",
    "llamar",
    "llamarme",
    "llámeme",
    "chiamare",
    "chiamarmi",
    "chiamami",
    "bellen",
    "bel",
    "bereikbaar",
    "ligar",
    "ligue",
    "office",
    "büro",
    "home",
    "o:",
    "o.",
    "tfno",
    "tlf",
    "tlfn",
    "tlfno",
    "telf",
    "fone",
    "fixo",
    "fijo",
    "fixe",
    "festnetz",
    "zentrale",
    "rückruf",
    "telefonnummer",
    "switchboard",
    "centralita",
    "centralino",
    "llame",
    "llámame",
    "llamame",
    "chiami",
    "chiamate",
    "telefonare",
    "telefonar",
    "ligar-me",
    "ligue-me",
    "ligar-nos",
    "rappeler",
    "téléphoner",
    "rappelez",
    "called",
    "calling",
    "rang",
    "rung",
    "reached",
    "phoned",
    "appelé",
    "appelée",
    "llamé",
    "llamado",
    "llamada",
    "chiamato",
    "chiamata",
    "gebeld",
    "liguei",
    "telefonei",
];
/// Beginnings of words for numbers that are no telephones.
const OTHER: [&str; 84] = [
    "order",
    "invoice",
    "ref",
    "case",
    "claim",
    "ticket",
    "policy",
    "account",
    "acct",
    "konto",
    "iban",
    "bic",
    "swift",
    "vat",
    "ust",
    "tax",
    "steuer",
    "p.o",
    "po",
    "serial",
    "serien",
    "sku",
    "rma",
    "customer",
    "kunden",
    "kd",
    "auftrag",
    "bestell",
    "rechnung",
    "vorgang",
    "akten",
    "vertrag",
    "contract",
    "commande",
    "facture",
    "dossier",
    "client",
    "pedido",
    "factura",
    "ordin",
    "fattura",
    "factuur",
    "klant",
    "encomenda",
    "fatura",
    "nif",
    "siret",
    "siren",
    "tva",
    "hrb",
    "kvk",
    "p.iva",
    "isbn",
    "tracking",
    "sendung",
    "part",
    "plz",
    "lieferschein",
    "angebot",
    "beleg",
    "artikel",
    "projekt",
    "buchung",
    "expediente",
    "albarán",
    "presupuesto",
    "contrato",
    "devis",
    "contrat",
    "sinistre",
    "preventivo",
    "pratica",
    "polizza",
    "polis",
    "boeking",
    "apólice",
    "processo",
    "boleto",
    "reserva",
    "prenotazione",
    "quotation",
    "shipment",
    "booking",
    "reservation",
];

/// `F +32 3 288 41 18`: what a lone letter says.
fn letter(word: &str) -> Option<Option<Label>> {
    match word {
        "f" => Some(Some(Label::Fax)),
        "m" => Some(Some(Label::Direct)),
        "t" | "p" | "d" => Some(Some(Label::Telephone)),
        _ => None,
    }
}

fn meaning(word: &str) -> Option<Option<Label>> {
    // "Tel/Fax": one line, and a fax may pick up.
    if word.split(['/', '&', '+', '-', '.', ':']).any(|part| FAX.contains(&part))
        || matches!(word, "f:" | "f." | "fx:")
    {
        return Some(Some(Label::Fax));
    }
    let plain = word.trim_end_matches(['.', ':']);
    let short = |list: &[&str]| list.contains(&word) || (plain.len() > 1 && list.contains(&plain));
    if short(&DIRECT) {
        return Some(Some(Label::Direct));
    }
    if short(&TELEPHONE) {
        return Some(Some(Label::Telephone));
    }
    // A short beginning stands in too many words: "po" in "pour", "vat" in "vater".
    let other = |other: &str| {
        plain.strip_prefix(other).is_some_and(|rest| {
            (other.len() > 3 && other != "part")
                || ["", "nr", "no", "id", "idnr", "num"].contains(&rest.trim_start_matches('-'))
        })
    };
    OTHER.iter().any(|o| other(o)).then_some(None)
}
