//! Spanish.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "decidido",
    from_handed: "se lo pasan a usted",
    from_second: "se pide su acuerdo",
    from_declined: "sin acuerdo",
    from_taken_back: "retenido de nuevo",
    decided: "Está decidido",
    called_send: "{by} llamó a {who}. El correo «{subject}» sale como confirmación escrita.",
    called_dont_send: "{by} llamó a {who}. El correo «{subject}» se ha retirado y no se enviará.",
    withdrawn: "{by} retiró el correo «{subject}» a {who}. No se enviará.",
    rewritten: "{by} retiró el correo «{subject}» a {who} y escribe uno nuevo.",
    false_alarm: "{by} dice que el correo «{subject}» a {who} no es una mala noticia. Sale.",
    send_anyway: "{by} decidió que el correo «{subject}» a {who} sale sin llamada.",
    agreed: "{by} está de acuerdo: el correo «{subject}» a {who} sale.",
    returned: "Nadie decidió a tiempo. El correo «{subject}» a {who} volvió a su remitente, sin entregar.",
    sent_unasked: "Nadie decidió a tiempo. El correo «{subject}» a {who} sale, como pide la norma.",
    nothing_left: "Ya no tiene que hacer nada.",
    words: "{by} añade: «{words}»",
    handed: [
        "Le piden que llame",
        "{by} le pasa esto: el correo «{subject}» a {who} parece {kind}. Está retenido hasta que alguien haya llamado. Llame, por favor, y diga después en su página qué se hace con él.",
    ],
    handed_again: [
        "Se sigue esperando su llamada",
        "{by} le pasó el correo «{subject}» a {who}. Está retenido desde {created}. Llame, por favor, y diga después en su página qué se hace con él.",
    ],
    taken_back: [
        "Retenido de nuevo",
        "{by} se ha vuelto atrás: el correo «{subject}» a {who} no sale y queda retenido de nuevo.",
    ],
    second: [
        "Mire este correo, por favor",
        "{by} le pide su acuerdo antes de que salga el correo «{subject}» a {who}. Parece {kind}.",
    ],
    second_button: "Dar su acuerdo o no",
    page_hint: "Ahí ve lo que lo detuvo. Abrirla no cambia nada.",
    without_call: "Saldría sin llamada.",
    no_bad_news: "{by} dice que no es una mala noticia.",
    was_called: "{by} dice que ya se ha llamado.",
    nothing_before: "No sale nada antes de que una segunda persona esté de acuerdo.",
    declined: [
        "Sigue retenido",
        "{by} no está de acuerdo en que salga el correo «{subject}» a {who}. Sigue retenido. Hable, por favor, con {by} y decida de nuevo.",
    ],
};
