//! Portuguese.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "decidido",
    from_handed: "passado a si",
    from_second: "pede-se o seu acordo",
    from_declined: "sem acordo",
    from_taken_back: "retido de novo",
    decided: "Está decidido",
    called_send: "{by} telefonou a {who}. O e-mail “{subject}” segue como confirmação escrita.",
    called_dont_send: "{by} telefonou a {who}. O e-mail “{subject}” foi retirado e não será enviado.",
    withdrawn: "{by} retirou o e-mail “{subject}” para {who}. Não será enviado.",
    rewritten: "{by} retirou o e-mail “{subject}” para {who} e escreve um novo.",
    false_alarm: "{by} diz que o e-mail “{subject}” para {who} não é uma má notícia. Segue.",
    send_anyway: "{by} decidiu que o e-mail “{subject}” para {who} segue sem telefonema.",
    agreed: "{by} está de acordo: o e-mail “{subject}” para {who} segue.",
    returned: "Ninguém decidiu a tempo. O e-mail “{subject}” para {who} voltou ao remetente, por entregar.",
    sent_unasked: "Ninguém decidiu a tempo. O e-mail “{subject}” para {who} segue, como a regra pede.",
    nothing_left: "Já não tem nada a fazer.",
    words: "{by} acrescenta: “{words}”",
    handed: [
        "Pedem-lhe que telefone",
        "{by} passa-lhe isto: o e-mail “{subject}” para {who} parece {kind}. Está retido até que alguém tenha telefonado. Telefone, por favor, e diga depois na sua página o que lhe acontece.",
    ],
    handed_again: [
        "Ainda se espera o seu telefonema",
        "{by} passou-lhe o e-mail “{subject}” para {who}. Está retido desde {created}. Telefone, por favor, e diga depois na sua página o que lhe acontece.",
    ],
    taken_back: [
        "Retido de novo",
        "{by} voltou atrás: o e-mail “{subject}” para {who} não segue e fica retido de novo.",
    ],
    second: [
        "Veja este e-mail, por favor",
        "{by} pede o seu acordo antes de seguir o e-mail “{subject}” para {who}. Parece {kind}.",
    ],
    second_button: "Dar o seu acordo ou não",
    page_hint: "Aí vê o que o reteve. Abri-la não altera nada.",
    without_call: "Seguiria sem telefonema.",
    no_bad_news: "{by} diz que não é uma má notícia.",
    was_called: "{by} diz que o telefonema foi feito.",
    nothing_before: "Nada segue antes de uma segunda pessoa estar de acordo.",
    declined: [
        "Continua retido",
        "{by} não está de acordo em que siga o e-mail “{subject}” para {who}. Continua retido. Fale, por favor, com {by} e decida de novo.",
    ],
};
