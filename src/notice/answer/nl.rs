//! Dutch.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "uw antwoord",
    by_mail: "U kunt ook gewoon op deze mail antwoorden met een van deze antwoorden: {words}.",
    words: Fixed(["gebeld", "geen gehoor", "intrekken", "vals alarm", "verzenden: en waarom"]),
    called: [
        "Dank u: uw mail wordt verzonden",
        "U schrijft dat u hebt gebeld. Uw mail “{subject}” aan {who} wordt nu verzonden als schriftelijke bevestiging.",
    ],
    no_bad_news: [
        "Dank u: uw mail wordt verzonden",
        "U schrijft dat het geen slecht nieuws is. Uw mail “{subject}” aan {who} wordt nu verzonden, en wij leren ervan.",
    ],
    anyway: [
        "Uw mail wordt verzonden zonder telefoontje",
        "Uw mail “{subject}” aan {who} wordt nu verzonden; uw reden is genoteerd. Bellen helpt ook daarna nog.",
    ],
    later: [
        "De mail gaat eruit",
        "We hebben uw antwoord begrepen. De mail “{subject}” aan {who} wacht tot {when}, zoals de regel vraagt; dan gaat die eruit. Op de pagina kunt u dat terugdraaien.",
    ],
    second_asked: [
        "Een tweede persoon is gevraagd",
        "We hebben uw antwoord begrepen. Voordat de mail “{subject}” aan {who} eruit gaat, moet een tweede persoon akkoord zijn; tot dan blijft die vastgehouden.",
    ],
    taken_back: [
        "Ingetrokken",
        "Uw mail “{subject}” aan {who} is niet bezorgd en wordt dat ook niet.",
    ],
    waits: [
        "Geen gehoor: uw mail blijft wachten",
        "Uw mail “{subject}” aan {who} blijft hier, en wij herinneren u eraan op {when}. Spreek slecht nieuws niet in op een voicemail.",
    ],
    already: [
        "Het was al beslist",
        "Uw mail “{subject}” aan {who}: {how}, op {when}. Uw antwoord heeft niets veranderd.",
    ],
    unclear: [
        "Wij hebben uw antwoord niet begrepen",
        "Wij konden niet opmaken wat er met uw mail “{subject}” aan {who} moet gebeuren. Er is niets veranderd, hij wacht nog.",
    ],
    on_the_page: [
        "Dit gaat alleen op de pagina",
        "Wij hebben “{asked}” begrepen, maar op een mail alleen mogen wij dat niet doen. Uw mail “{subject}” aan {who} wacht nog. Open er de pagina voor.",
    ],
    call_first: [
        "Bel alstublieft eerst",
        "Wij hebben begrepen dat uw mail “{subject}” aan {who} zonder telefoontje weg moet. Het lijkt te gaan om {kind}, en dat vraagt om een telefoontje. Er is niets veranderd.",
    ],
    reason_missing: [
        "Waarom kan het niet wachten?",
        "Wij hebben begrepen dat uw mail “{subject}” aan {who} zonder telefoontje weg moet. Antwoord nog eens en zeg in een paar woorden waarom. Er is niets veranderd.",
    ],
    endings: [
        "hij is vrijgegeven",
        "hij is ingetrokken",
        "hij kwam bij u terug",
        "de ontvangende server heeft hem geweigerd",
    ],
};
