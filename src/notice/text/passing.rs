//! The words about a mail that went out, though a call would have been better.

use crate::wording::lines;

lines! {
    /// See the module. Names in braces are filled in.
    pub(crate) struct Passing<'a> {
        /// What follows our name in From.
        pub(crate) from: &'a str,
        /// Title and first words: `{subject} {who} {kind}`
        pub(crate) went_out: [&'a str; 2],
        /// Above the words that were found.
        pub(crate) words_title: &'a str,
        /// `{organisation} {id}`
        pub(crate) footer: &'a str,
    }
}

pub(super) static EN: Passing<'static> = Passing {
    from: "it has gone out",
    went_out: [
        "This would be better as a call",
        "Your mail “{subject}” to {who} reads like {kind}. It has gone out as you wrote it; nothing was held. Such news is better heard from you than read: please call today, and next time before you write.",
    ],
    words_title: "The words that sound like it",
    footer: "Only you get this mail. {organisation} wants bad news to be told by telephone. Number {id}",
};

pub(super) static DE: Passing<'static> = Passing {
    from: "ist hinausgegangen",
    went_out: [
        "Das wäre besser ein Anruf",
        "Ihre Mail „{subject}“ an {who} liest sich wie {kind}. Sie ist so hinausgegangen, wie Sie sie geschrieben haben; nichts wurde zurückgehalten. So etwas hört man besser von Ihnen persönlich: Rufen Sie bitte heute noch an, und das nächste Mal, bevor Sie schreiben.",
    ],
    words_title: "Diese Worte klingen so",
    footer: "Nur Sie bekommen diese Mail. {organisation} möchte, dass schlechte Nachrichten am Telefon überbracht werden. Nummer {id}",
};

pub(super) static FR: Passing<'static> = Passing {
    from: "il est parti",
    went_out: [
        "Un appel vaudrait mieux",
        "Votre message « {subject} » à {who} ressemble à {kind}. Il est parti tel que vous l’avez écrit ; rien n’a été retenu. Une telle nouvelle s’apprend mieux de vive voix : appelez aujourd’hui, s’il vous plaît, et la prochaine fois avant d’écrire.",
    ],
    words_title: "Les mots qui y ressemblent",
    footer: "Ce message n’est adressé qu’à vous. {organisation} souhaite que les mauvaises nouvelles soient annoncées par téléphone. Dossier {id}",
};

pub(super) static ES: Passing<'static> = Passing {
    from: "ya ha salido",
    went_out: [
        "Sería mejor una llamada",
        "Su correo «{subject}» para {who} parece {kind}. Ha salido tal como lo escribió; no se ha retenido nada. Una noticia así se recibe mejor de viva voz: llame hoy, por favor, y la próxima vez antes de escribir.",
    ],
    words_title: "Las palabras que lo parecen",
    footer: "Solo usted recibe este correo. {organisation} quiere que las malas noticias se den por teléfono. Número {id}",
};

pub(super) static IT: Passing<'static> = Passing {
    from: "è partita",
    went_out: [
        "Sarebbe meglio una telefonata",
        "La Sua mail «{subject}» a {who} sembra {kind}. È partita così come l’ha scritta; nulla è stato trattenuto. Una notizia simile è meglio sentirla a voce: telefoni oggi, per favore, e la prossima volta prima di scrivere.",
    ],
    words_title: "Le parole che lo sembrano",
    footer: "Solo Lei riceve questa mail. {organisation} desidera che le cattive notizie si diano al telefono. Pratica {id}",
};

pub(super) static NL: Passing<'static> = Passing {
    from: "is verzonden",
    went_out: [
        "Dit kan beter een telefoontje zijn",
        "Uw mail “{subject}” aan {who} lijkt te gaan om {kind}. Hij is verzonden zoals u hem schreef; er is niets vastgehouden. Zulk nieuws hoort men beter van u persoonlijk: bel alstublieft vandaag nog, en de volgende keer voordat u schrijft.",
    ],
    words_title: "De woorden die zo klinken",
    footer: "Alleen u krijgt deze mail. {organisation} wil dat slecht nieuws aan de telefoon wordt verteld. Nummer {id}",
};

pub(super) static PT: Passing<'static> = Passing {
    from: "já seguiu",
    went_out: [
        "Seria melhor um telefonema",
        "O seu e-mail “{subject}” para {who} parece {kind}. Seguiu tal como o escreveu; nada foi retido. Uma notícia assim ouve-se melhor de viva voz: por favor, telefone hoje, e da próxima vez antes de escrever.",
    ],
    words_title: "As palavras que soam a isso",
    footer: "Este e-mail destina-se só a si. {organisation} prefere que as más notícias sejam dadas por telefone. Referência {id}",
};
