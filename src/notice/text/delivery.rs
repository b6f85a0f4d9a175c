//! The words about a mail that was let go and that the receiving side puts off for hours.

use crate::wording::lines;

lines! {
    /// See the module. Names in braces are filled in.
    pub(crate) struct Delivery<'a> {
        /// What follows our name in From.
        pub(crate) from_delayed: &'a str,
        pub(crate) from_arrived: &'a str,
        /// Title and first words: `{subject} {who} {until}`
        pub(crate) delayed: [&'a str; 2],
        /// Whom it has not reached.
        pub(crate) not_yet: &'a str,
        /// `{subject} {who}`
        pub(crate) arrived: [&'a str; 2],
        /// Whom it has reached.
        pub(crate) reached: &'a str,
    }
}

pub(super) static EN: Delivery<'static> = Delivery {
    from_delayed: "not delivered yet",
    from_arrived: "delivered",
    delayed: [
        "On its way, but not delivered yet",
        "Your mail “{subject}” to {who} has been sent, but the receiving server has not taken it yet. We keep trying, until {until} at the latest, and tell you when it is delivered. You need not send it again. If they wait for it, a short call helps.",
    ],
    not_yet: "Not delivered yet",
    arrived: [
        "It is delivered now",
        "Your mail “{subject}” to {who} was delayed on its way. The receiving server has taken it now.",
    ],
    reached: "Delivered to",
};

pub(super) static DE: Delivery<'static> = Delivery {
    from_delayed: "noch nicht zugestellt",
    from_arrived: "zugestellt",
    delayed: [
        "Unterwegs, aber noch nicht zugestellt",
        "Ihre Mail „{subject}“ an {who} ist abgeschickt, doch der empfangende Server hat sie noch nicht angenommen. Wir versuchen es weiter, längstens bis {until}, und sagen Ihnen Bescheid, wenn sie zugestellt ist. Sie müssen sie nicht noch einmal senden. Wird sie erwartet, hilft ein kurzer Anruf.",
    ],
    not_yet: "Noch nicht zugestellt",
    arrived: [
        "Jetzt ist sie zugestellt",
        "Ihre Mail „{subject}“ an {who} hat sich unterwegs verspätet. Jetzt hat der empfangende Server sie angenommen.",
    ],
    reached: "Zugestellt an",
};

pub(super) static FR: Delivery<'static> = Delivery {
    from_delayed: "pas encore remis",
    from_arrived: "remis",
    delayed: [
        "En route, mais pas encore remis",
        "Votre message « {subject} » à {who} est parti, mais le serveur du destinataire ne l’a pas encore accepté. Nous continuons d’essayer, au plus tard jusqu’au {until}, et nous vous dirons quand il sera remis. Inutile de l’envoyer de nouveau. Si on l’attend, un court appel peut aider.",
    ],
    not_yet: "Pas encore remis",
    arrived: [
        "Il est remis maintenant",
        "Votre message « {subject} » à {who} a pris du retard en route. Le serveur du destinataire l’a accepté maintenant.",
    ],
    reached: "Remis à",
};

pub(super) static ES: Delivery<'static> = Delivery {
    from_delayed: "aún sin entregar",
    from_arrived: "entregado",
    delayed: [
        "En camino, pero aún sin entregar",
        "Su correo «{subject}» a {who} ha salido, pero el servidor de destino aún no lo ha aceptado. Seguimos intentándolo, como mucho hasta el {until}, y le avisaremos cuando se entregue. No hace falta enviarlo otra vez. Si lo están esperando, una breve llamada ayuda.",
    ],
    not_yet: "Aún sin entregar",
    arrived: [
        "Ya está entregado",
        "Su correo «{subject}» a {who} se retrasó por el camino. El servidor de destino ya lo ha aceptado.",
    ],
    reached: "Entregado a",
};

pub(super) static IT: Delivery<'static> = Delivery {
    from_delayed: "non ancora consegnata",
    from_arrived: "consegnata",
    delayed: [
        "In viaggio, ma non ancora consegnata",
        "La Sua mail «{subject}» a {who} è partita, ma il server del destinatario non l’ha ancora accettata. Continuiamo a provare, al più tardi fino a {until}, e La avviseremo quando sarà consegnata. Non occorre inviarla di nuovo. Se la aspettano, una breve telefonata aiuta.",
    ],
    not_yet: "Non ancora consegnata",
    arrived: [
        "Ora è consegnata",
        "La Sua mail «{subject}» a {who} ha avuto un ritardo lungo la strada. Ora il server del destinatario l’ha accettata.",
    ],
    reached: "Consegnata a",
};

pub(super) static NL: Delivery<'static> = Delivery {
    from_delayed: "nog niet bezorgd",
    from_arrived: "bezorgd",
    delayed: [
        "Onderweg, maar nog niet bezorgd",
        "Uw mail “{subject}” aan {who} is verstuurd, maar de ontvangende server heeft hem nog niet aangenomen. We blijven het proberen, uiterlijk tot {until}, en laten het u weten als hij bezorgd is. U hoeft hem niet opnieuw te sturen. Wacht iemand erop, dan helpt een kort telefoontje.",
    ],
    not_yet: "Nog niet bezorgd",
    arrived: [
        "Nu is hij bezorgd",
        "Uw mail “{subject}” aan {who} had onderweg vertraging. De ontvangende server heeft hem nu aangenomen.",
    ],
    reached: "Bezorgd bij",
};

pub(super) static PT: Delivery<'static> = Delivery {
    from_delayed: "ainda por entregar",
    from_arrived: "entregue",
    delayed: [
        "A caminho, mas ainda por entregar",
        "O seu e-mail “{subject}” para {who} seguiu, mas o servidor de destino ainda não o aceitou. Continuamos a tentar, o mais tardar até ao dia {until}, e avisamos quando for entregue. Não precisa de o enviar outra vez. Se estiverem à espera dele, um breve telefonema ajuda.",
    ],
    not_yet: "Ainda por entregar",
    arrived: [
        "Já foi entregue",
        "O seu e-mail “{subject}” para {who} atrasou-se pelo caminho. O servidor de destino já o aceitou.",
    ],
    reached: "Entregue a",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::Language,
        notice::text::{Texts, names},
    };

    #[test]
    fn every_language_uses_the_same_values_as_english() {
        for language in Language::ALL {
            let words = Texts::of(language).delivery;
            for (text, model) in [(words.delayed, EN.delayed), (words.arrived, EN.arrived)] {
                assert_eq!(text.map(names), model.map(names), "{language:?}: {text:?}");
            }
            let plain = [words.from_delayed, words.from_arrived, words.not_yet, words.reached];
            assert!(plain.iter().all(|text| !text.is_empty() && names(text).is_empty()));
        }
    }
}
