//! Whether a sentence of ours tells the reader that we called him, or shall.
//!
//! "I tried you on ...", "Ich rufe Sie morgen unter ... an": the number is his. "If you have questions,
//! call ..." is not: there the reader calls.

use crate::message::Language;

/// Who calls, whom, and how: a sentence has one of each, in any order.
struct Calls {
    who: &'static str,
    whom: &'static str,
    how: &'static str,
}

const PHRASES: &str = "call you|called you|calling you|reach you|reached you|ring you|rang you|rung you|phone you|\
    phoned you|try you|tried you|trying you|text you|texted you|dial you|contact you|contacted you|give you a ring|\
    give you a call|give you a bell|gave you a|giving you a|left you a|leave you a|catch you on|get you on|\
    got you on|get hold of you|your voicemail|your answering machine|your answerphone|your machine|\
    ihre mailbox|ihrer mailbox|ihren anrufbeantworter|ihrem anrufbeantworter|deine mailbox|deiner mailbox|\
    votre répondeur|votre messagerie|su contestador|su buzón|sua segreteria|uw voicemail|je voicemail|\
    seu voicemail|sua caixa postal";

fn calls(language: Language) -> Calls {
    let (who, whom, how) = match language {
        Language::En => ("", "", ""),
        Language::De => (
            "ich wir habe",
            "sie ihnen dich dir euch",
            "rufe rufen angerufen anrufen anzurufen rief riefen erreicht erreichen erreiche versuche versucht versuchte \
             probiere probiert probierte mailbox anrufbeantworter melde telefonisch gesprochen durchklingeln zurückrufen zurück",
        ),
        Language::Fr => (
            "je j nous ai avons",
            "vous te t",
            "appelle appelé appeler appellerai appellerons joindre essayé tenté rappelle rappeler rappellerai rappelé message \
             messagerie répondeur contacter téléphoné contacté",
        ),
        Language::Es => (
            "",
            "le la lo te les os usted ustedes llamarle llamarla llamarlo llamarte localizarle localizarla localizarte \
             contactarle contactarla",
            "llamo llamé llamaré llamado llamarle llamarla llamarlo llamarte llamaremos llamamos dejado dejé intentado intenté probado \
             contestador buzón localizarle localizarla localizarte contactarle contactarla mensaje",
        ),
        Language::It => (
            "",
            "la l le ti vi lei chiamarla richiamarla contattarla raggiungerla chiamarti raggiungerti cercarla",
            "chiamo chiamato chiamata chiamerò chiameremo chiamarla richiamo richiamerò richiamarla cercato cercata cercavo provato \
             lasciato segreteria messaggio contattarla raggiungerla chiamarti raggiungerti cercarla",
        ),
        Language::Nl => (
            "ik we wij heb hebben",
            "u je jou jullie",
            "bel bellen belde gebeld probeerde probeer geprobeerd bereiken ingesproken voicemail terugbellen bereikt \
             achtergelaten",
        ),
        Language::Pt => (
            "",
            "lhe te o a você vocês senhor senhora consigo contigo vos para no",
            "ligo liguei ligarei tentei telefonei deixei contactei ligámos ligamos tentámos tentamos telefono \
             telefonarei",
        ),
    };
    Calls { who, whom, how }
}

/// Whether a sentence says that its writer calls its reader.
pub(super) fn speaks_to_you(sentence: &str, language: Language) -> bool {
    let lower = sentence.to_lowercase();
    if PHRASES.split('|').any(|phrase| lower.contains(phrase)) {
        return true;
    }
    let Calls { who, whom, how } = calls(language);
    let said: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let any = |list: &str| list.split_whitespace().any(|word| said.contains(&word));
    (who.is_empty() || any(who)) && any(whom) && any(how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_calls_the_reader_says_so() {
        for (text, language) in [
            ("I'll give you a ring on 1", Language::En),
            ("I tried you on 1", Language::En),
            ("Ich rufe Sie morgen noch einmal unter 1 an", Language::De),
            ("Ich habe Ihnen auf die Mailbox gesprochen, 1", Language::De),
            ("J'ai essayé de vous joindre au 1", Language::Fr),
            ("Le he dejado un mensaje en el contestador del 1", Language::Es),
            ("L'ho cercata stamattina allo 1", Language::It),
            ("Ik probeerde u vanochtend op 1", Language::Nl),
            ("Tentei ligar-lhe para o 1", Language::Pt),
        ] {
            assert!(speaks_to_you(text, language), "{text}");
        }
        for (text, language) in [
            ("If you have questions call 1", Language::En),
            ("Wenn Sie Fragen haben, rufen Sie 1 an", Language::De),
            ("Vous pouvez appeler le 1", Language::Fr),
            ("Si tiene dudas, llame al 1", Language::Es),
            ("Per chiarimenti chiamare 1", Language::It),
            ("U kunt bellen op 1", Language::Nl),
            ("Para esclarecimentos ligue 1", Language::Pt),
        ] {
            assert!(!speaks_to_you(text, language), "{text}");
        }
    }
}
