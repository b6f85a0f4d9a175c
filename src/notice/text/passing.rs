//! The words about a mail that went out, though a call would have been better.

use crate::wording::lines;

lines! {
    /// See the module. Names in braces are filled in.
    pub(crate) struct Passing<'a> {
        /// What follows our name in From.
        pub(crate) from: &'a str,
        /// Title and first words: `{subject} {who} {kind}`
        pub(crate) went_out: [&'a str; 2],
    }
}

pub(super) static EN: Passing<'static> = Passing {
    from: "it has gone out",
    went_out: [
        "This would be better as a call",
        "Your mail “{subject}” to {who} reads like {kind}. It has gone out as you wrote it; nothing was held. Such news is better heard from you than read: please call today, and next time before you write.",
    ],
};

pub(super) static DE: Passing<'static> = Passing {
    from: "ist zugestellt",
    went_out: [
        "Das wäre besser ein Anruf",
        "Ihre Mail „{subject}“ an {who} liest sich wie {kind}. Sie ist so hinausgegangen, wie Sie sie geschrieben haben; nichts wurde zurückgehalten. So etwas hört man besser von Ihnen persönlich: Rufen Sie bitte heute noch an, und das nächste Mal, bevor Sie schreiben.",
    ],
};

pub(super) static FR: Passing<'static> = Passing {
    from: "il est parti",
    went_out: [
        "Un appel vaudrait mieux",
        "Votre message « {subject} » à {who} ressemble à {kind}. Il est parti tel que vous l’avez écrit ; rien n’a été retenu. Une telle nouvelle s’apprend mieux de vive voix : appelez aujourd’hui, s’il vous plaît, et la prochaine fois avant d’écrire.",
    ],
};

pub(super) static ES: Passing<'static> = Passing {
    from: "ya ha salido",
    went_out: [
        "Sería mejor una llamada",
        "Su correo «{subject}» para {who} parece {kind}. Ha salido tal como lo escribió; no se ha retenido nada. Una noticia así se recibe mejor de viva voz: llame hoy, por favor, y la próxima vez antes de escribir.",
    ],
};

pub(super) static IT: Passing<'static> = Passing {
    from: "è partita",
    went_out: [
        "Sarebbe meglio una telefonata",
        "La Sua mail «{subject}» a {who} sembra {kind}. È partita così come l’ha scritta; nulla è stato trattenuto. Una notizia simile è meglio sentirla a voce: telefoni oggi, per favore, e la prossima volta prima di scrivere.",
    ],
};

pub(super) static NL: Passing<'static> = Passing {
    from: "is verzonden",
    went_out: [
        "Dit kan beter een telefoontje zijn",
        "Uw mail “{subject}” aan {who} lijkt te gaan om {kind}. Hij is verzonden zoals u hem schreef; er is niets vastgehouden. Zulk nieuws hoort men beter van u persoonlijk: bel alstublieft vandaag nog, en de volgende keer voordat u schrijft.",
    ],
};

pub(super) static PT: Passing<'static> = Passing {
    from: "já seguiu",
    went_out: [
        "Seria melhor um telefonema",
        "O seu e-mail “{subject}” para {who} parece {kind}. Seguiu tal como o escreveu; nada foi retido. Uma notícia assim ouve-se melhor de viva voz: por favor, telefone hoje, e da próxima vez antes de escrever.",
    ],
};
