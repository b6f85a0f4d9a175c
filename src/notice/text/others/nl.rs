//! Dutch.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "besloten",
    from_handed: "aan u overgedragen",
    from_second: "uw akkoord gevraagd",
    from_declined: "geen akkoord",
    from_taken_back: "weer vastgehouden",
    decided: "Dit is besloten",
    called_send: "{by} heeft {who} gebeld. De mail “{subject}” gaat eruit als schriftelijke bevestiging.",
    called_dont_send: "{by} heeft {who} gebeld. De mail “{subject}” is ingetrokken en wordt niet verstuurd.",
    withdrawn: "{by} heeft de mail “{subject}” aan {who} ingetrokken. Die wordt niet verstuurd.",
    rewritten: "{by} heeft de mail “{subject}” aan {who} ingetrokken en schrijft een nieuwe.",
    false_alarm: "{by} zegt dat de mail “{subject}” aan {who} geen slecht nieuws is. Die gaat eruit.",
    send_anyway: "{by} heeft besloten dat de mail “{subject}” aan {who} zonder telefoontje eruit gaat.",
    agreed: "{by} is akkoord: de mail “{subject}” aan {who} gaat eruit.",
    returned: "Niemand heeft op tijd beslist. De mail “{subject}” aan {who} is onbezorgd terug naar de afzender.",
    sent_unasked: "Niemand heeft op tijd beslist. De mail “{subject}” aan {who} gaat eruit, zoals de regel vraagt.",
    nothing_left: "U hoeft niets meer te doen.",
    words: "{by} schrijft erbij: “{words}”",
    handed: [
        "Iemand vraagt u te bellen",
        "{by} draagt dit aan u over: de mail “{subject}” aan {who} leest als {kind}. Die wordt vastgehouden tot iemand heeft gebeld. Bel alstublieft en zeg daarna op uw pagina wat ermee gebeurt.",
    ],
    handed_again: [
        "Er wordt nog op uw telefoontje gewacht",
        "{by} heeft de mail “{subject}” aan {who} aan u overgedragen. Die wordt vastgehouden sinds {created}. Bel alstublieft en zeg daarna op uw pagina wat ermee gebeurt.",
    ],
    taken_back: [
        "Weer vastgehouden",
        "{by} is op het besluit teruggekomen: de mail “{subject}” aan {who} gaat er niet uit en wordt weer vastgehouden.",
    ],
    second: [
        "Kijk alstublieft naar deze mail",
        "{by} vraagt uw akkoord voordat de mail “{subject}” aan {who} eruit gaat. Die leest als {kind}.",
    ],
    second_button: "Akkoord of niet",
    page_hint: "Daar ziet u wat de mail tegenhield. Openen verandert niets.",
    without_call: "Die zou zonder telefoontje eruit gaan.",
    no_bad_news: "{by} zegt dat het geen slecht nieuws is.",
    was_called: "{by} zegt dat er gebeld is.",
    nothing_before: "Er gaat niets uit voordat een tweede persoon akkoord is.",
    declined: [
        "Blijft vastgehouden",
        "{by} is er niet mee akkoord dat de mail “{subject}” aan {who} eruit gaat. Die blijft vastgehouden. Spreek alstublieft met {by} en beslis daarna opnieuw.",
    ],
};
