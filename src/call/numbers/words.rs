//! Words that tell whose number stands in a line.

/// Words with which a letter closes: behind them stands the signature.
pub(super) fn closes(line: &str) -> bool {
    const CLOSINGS: [&str; 24] = [
        "--",
        "regards",
        "kind regards",
        "best",
        "many thanks",
        "thanks",
        "thank you",
        "yours",
        "sincerely",
        "cheers",
        "mit freundlichen",
        "freundliche grüße",
        "viele grüße",
        "beste grüße",
        "gruß",
        "cordialement",
        "bien à vous",
        "saludos",
        "un saludo",
        "atentamente",
        "cordiali saluti",
        "met vriendelijke",
        "com os melhores",
        "atenciosamente",
    ];
    let line = line.trim().to_lowercase();
    line.chars().count() < 50 && CLOSINGS.iter().any(|c| line.starts_with(c))
}

/// Whether a sentence speaks of the other side's number.
pub(super) fn speaks_of_your_number(text: &str) -> bool {
    const PHRASES: [&str; 74] = [
        "your number",
        "your phone",
        "your mobile",
        "your cell",
        "your office",
        "your hotline",
        "your line",
        "your service line",
        "call you",
        "called you",
        "calling you",
        "reach you",
        "reached you",
        "ring you",
        "rang you",
        "phone you",
        "phoned you",
        "try you",
        "tried you",
        "ihre nummer",
        "ihrer nummer",
        "ihre telefon",
        "ihre rufnummer",
        "ihre hotline",
        "ihrer hotline",
        "sie unter",
        "sie an unter",
        "dich unter",
        "deine nummer",
        "deiner nummer",
        "vous appeler",
        "vous joindre",
        "vous rappeler",
        "appelé au",
        "votre numéro",
        "votre service",
        "votre standard",
        "votre ligne",
        "llamarle",
        "le llam",
        "la llam",
        "lo llam",
        "su centralita",
        "su línea",
        "su número",
        "su teléfono",
        "contactarle",
        "chiamarla",
        "contattarla",
        "raggiungerla",
        "suo numero",
        "vostro numero",
        "u bellen",
        "uw nummer",
        "u te bereiken",
        "ligar-lhe",
        "seu número",
        "vosso número",
        "rung you",
        "never pick",
        "nobody picks",
        "nobody answers",
        "no one answers",
        "geht niemand",
        "hebt niemand",
        "personne ne répond",
        "ne répond pas",
        "nadie contesta",
        "no contestan",
        "nessuno risponde",
        "non risponde",
        "neemt niemand",
        "ninguém atende",
        "niet opgenomen",
    ];
    let text = text.to_lowercase();
    PHRASES.iter().any(|p| text.contains(p))
}

/// The sentence of a text that the octet `at` stands in. A full stop ends one only before a capital:
/// "Tel. 0511 ..." goes on.
pub(super) fn sentence_around(text: &str, at: usize) -> &str {
    let ends = |from: &str| {
        from.match_indices(['.', '!', '?']).find_map(|(mark, _)| {
            let behind = from.get(mark + 1..)?;
            let next = behind.trim_start();
            let ends = next.len() < behind.len() && next.starts_with(char::is_uppercase);
            ends.then(|| mark + 1)
        })
    };
    let mut begin = 0;
    while let Some(length) = text.get(begin..).and_then(ends) {
        if begin + length > at {
            return text.get(begin..begin + length).unwrap_or(text);
        }
        begin += length;
    }
    text.get(begin..).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_before_a_capital() {
        let text = "I rang you on 1. Call Tel. 2 please! And Mr. Day too";
        let at = |word: &str| sentence_around(text, text.find(word).unwrap()).trim();
        assert_eq!(at("rang"), "I rang you on 1.");
        assert_eq!(at("2"), "Call Tel. 2 please!");
        assert_eq!(sentence_around("", 0), "");
    }
}
