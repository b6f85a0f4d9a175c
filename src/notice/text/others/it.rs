//! Italian.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "deciso",
    from_handed: "passata a Lei",
    from_second: "serve il Suo consenso",
    from_declined: "senza consenso",
    from_taken_back: "di nuovo trattenuta",
    decided: "È deciso",
    called_send: "{by} ha chiamato {who}. La mail «{subject}» parte come conferma scritta.",
    called_dont_send: "{by} ha chiamato {who}. La mail «{subject}» è stata ritirata e non sarà inviata.",
    withdrawn: "{by} ha ritirato la mail «{subject}» a {who}. Non sarà inviata.",
    rewritten: "{by} ha ritirato la mail «{subject}» a {who} e ne scrive una nuova.",
    false_alarm: "{by} dice che la mail «{subject}» a {who} non è una cattiva notizia. Parte.",
    send_anyway: "{by} ha deciso che la mail «{subject}» a {who} parte senza telefonata.",
    agreed: "{by} è d’accordo: la mail «{subject}» a {who} parte.",
    returned: "Nessuno ha deciso in tempo. La mail «{subject}» a {who} è tornata al mittente, senza essere consegnata.",
    sent_unasked: "Nessuno ha deciso in tempo. La mail «{subject}» a {who} parte, come prevede la regola.",
    nothing_left: "Per Lei non c’è più nulla da fare.",
    words: "{by} aggiunge: «{words}»",
    handed: [
        "Le chiedono di telefonare",
        "{by} passa a Lei: la mail «{subject}» a {who} sembra {kind}. È trattenuta finché qualcuno non ha telefonato. Telefoni, per favore, e poi dica nella Sua pagina che cosa ne sarà.",
    ],
    handed_again: [
        "Si aspetta ancora la Sua telefonata",
        "{by} Le ha passato la mail «{subject}» a {who}. È trattenuta da {created}. Telefoni, per favore, e poi dica nella Sua pagina che cosa ne sarà.",
    ],
    taken_back: [
        "Di nuovo trattenuta",
        "{by} ha cambiato decisione: la mail «{subject}» a {who} non parte ed è di nuovo trattenuta.",
    ],
    second: [
        "Guardi questa mail, per favore",
        "{by} chiede il Suo consenso prima che parta la mail «{subject}» a {who}. Sembra {kind}.",
    ],
    second_button: "Dare il consenso o no",
    page_hint: "Lì vede che cosa l’ha fermata. Aprirla non cambia nulla.",
    without_call: "Partirebbe senza telefonata.",
    no_bad_news: "{by} dice che non è una cattiva notizia.",
    was_called: "{by} dice che la telefonata è stata fatta.",
    nothing_before: "Non parte nulla prima che una seconda persona sia d’accordo.",
    declined: [
        "Resta trattenuta",
        "{by} non è d’accordo che parta la mail «{subject}» a {who}. Resta trattenuta. Ne parli, per favore, con {by} e poi decida di nuovo.",
    ],
};
