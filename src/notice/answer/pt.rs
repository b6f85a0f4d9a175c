//! Portuguese.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "a sua resposta",
    by_mail: "Também pode simplesmente responder a este e-mail com uma destas respostas: {words}.",
    words: Fixed(["liguei", "sem resposta", "retirar", "falso alarme", "enviar: e porquê"]),
    called: [
        "Obrigado: o seu e-mail segue",
        "Diz-nos que telefonou. O seu e-mail “{subject}” para {who} segue agora como confirmação escrita.",
    ],
    no_bad_news: [
        "Obrigado: o seu e-mail segue",
        "Diz-nos que não é uma má notícia. O seu e-mail “{subject}” para {who} segue agora, e aprendemos com isso.",
    ],
    anyway: [
        "O seu e-mail segue sem telefonema",
        "O seu e-mail “{subject}” para {who} segue agora; o seu motivo fica anotado. Um telefonema depois ainda ajuda.",
    ],
    later: [
        "Vai seguir",
        "Percebemos a sua resposta. O e-mail “{subject}” para {who} espera até {when}, como a regra pede; depois segue. Na página pode voltar atrás.",
    ],
    second_asked: [
        "Pergunta-se a uma segunda pessoa",
        "Percebemos a sua resposta. Antes de seguir o e-mail “{subject}” para {who}, uma segunda pessoa tem de estar de acordo; até lá continua retido.",
    ],
    taken_back: ["Retirado", "O seu e-mail “{subject}” para {who} não foi entregue e não o será."],
    waits: [
        "Ninguém atendeu: o seu e-mail continua à espera",
        "O seu e-mail “{subject}” para {who} fica aqui, e enviamos-lhe um lembrete no dia {when}. Não deixe más notícias num gravador.",
    ],
    already: [
        "Já estava decidido",
        "O seu e-mail “{subject}” para {who}: {how}, no dia {when}. A sua resposta não mudou nada.",
    ],
    unclear: [
        "Não percebemos a sua resposta",
        "Não conseguimos perceber o que deve acontecer ao seu e-mail “{subject}” para {who}. Nada mudou, continua à espera.",
    ],
    on_the_page: [
        "Isto faz-se na página",
        "Percebemos “{asked}”, mas só por e-mail não o podemos fazer. O seu e-mail “{subject}” para {who} continua à espera. Abra a página, por favor.",
    ],
    call_first: [
        "Ligue primeiro, por favor",
        "Percebemos que o seu e-mail “{subject}” para {who} deve seguir sem telefonema. Parece {kind}, e isso pede um telefonema. Nada mudou.",
    ],
    reason_missing: [
        "Porque não pode esperar?",
        "Percebemos que o seu e-mail “{subject}” para {who} deve seguir sem telefonema. Responda outra vez e diga-nos porquê em poucas palavras. Nada mudou.",
    ],
    endings: ["foi libertado", "foi retirado", "voltou para si", "o servidor de destino recusou-o"],
};
