//! The words about a mail that waits too long, or should not wait: why it is urgent, that its time is
//! nearly up, and what others than its sender hear of it.

use crate::{call::Urgency, wording::lines};

lines! {
    /// See the module. Names in braces are filled in.
    pub(crate) struct Waiting<'a> {
        /// What follows our name in From.
        pub(crate) from_expiring: &'a str,
        pub(crate) from_escalated: &'a str,
        pub(crate) from_cover: &'a str,
        /// Title and first words: `{subject} {who} {created}`
        pub(crate) expiring: [&'a str; 2],
        /// For who is above the sender: `{sender} {subject} {who} {created} {kind}`
        pub(crate) escalated: [&'a str; 2],
        /// For who stands in for him: the same.
        pub(crate) cover: [&'a str; 2],
        /// What happens if they do nothing: `{when}`
        pub(crate) ends: &'a str,
        pub(crate) large_amount: &'a str,
        pub(crate) upset: &'a str,
    }
}

impl<'a> Waiting<'a> {
    /// Why a call comes before others.
    pub(crate) fn urgent(&self, why: Urgency) -> &'a str {
        match why {
            Urgency::LargeAmount => self.large_amount,
            Urgency::Upset => self.upset,
        }
    }
}

pub(super) static EN: Waiting<'static> = Waiting {
    from_expiring: "time is nearly up",
    from_escalated: "waits for a call",
    from_cover: "please call for a colleague",
    expiring: [
        "Time is nearly up: please call",
        "Your mail “{subject}” to {who}, written on {created}, still waits for your call, and its time is nearly up. It has not reached them yet.",
    ],
    escalated: [
        "A customer still waits for a call",
        "The mail “{subject}” from {sender} to {who}, written on {created}, reads like {kind}. It is held until somebody calls, and nobody has decided yet. Please see to it that the call is made. We do not remind you of it.",
    ],
    cover: [
        "Please call for a colleague who is away",
        "{sender} is away, says an automatic answer. The mail “{subject}” to {who}, written on {created}, reads like {kind} and waits for a call. It has not reached them yet. Please call in their place.",
    ],
    ends: "Its time is up on {when}.",
    large_amount: "Please call first thing: the amount is large.",
    upset: "The customer sounds upset in the quoted mail.",
};

pub(super) static DE: Waiting<'static> = Waiting {
    from_expiring: "die Zeit ist bald um",
    from_escalated: "wartet auf einen Anruf",
    from_cover: "bitte in Vertretung anrufen",
    expiring: [
        "Die Zeit ist bald um: bitte rufen Sie an",
        "Ihre Mail „{subject}“ an {who} vom {created} wartet noch auf Ihren Anruf, und ihre Zeit ist bald um. Angekommen ist sie dort noch nicht.",
    ],
    escalated: [
        "Ein Kunde wartet noch auf einen Anruf",
        "Die Mail „{subject}“ von {sender} an {who} vom {created} liest sich wie {kind}. Sie wird zurückgehalten, bis jemand anruft, und noch hat niemand entschieden. Bitte sorgen Sie dafür, dass der Anruf stattfindet. Wir erinnern Sie nicht daran.",
    ],
    cover: [
        "Bitte rufen Sie in Vertretung an",
        "{sender} ist laut einer automatischen Antwort abwesend. Die Mail „{subject}“ an {who} vom {created} liest sich wie {kind} und wartet auf einen Anruf. Angekommen ist sie dort noch nicht. Bitte rufen Sie in Vertretung an.",
    ],
    ends: "Am {when} ist ihre Zeit um.",
    large_amount: "Bitte rufen Sie als Erstes an: Es geht um einen hohen Betrag.",
    upset: "In der zitierten Mail klingt der Kunde verärgert.",
};

pub(super) static FR: Waiting<'static> = Waiting {
    from_expiring: "le délai touche à sa fin",
    from_escalated: "attend un appel",
    from_cover: "merci d’appeler pour un collègue",
    expiring: [
        "Le délai touche à sa fin : appelez, s’il vous plaît",
        "Votre message « {subject} » à {who}, écrit le {created}, attend toujours votre appel, et son délai touche à sa fin. Il n’est pas encore arrivé à destination.",
    ],
    escalated: [
        "Un client attend toujours un appel",
        "Le message « {subject} » de {sender} à {who}, écrit le {created}, ressemble à {kind}. Il est retenu jusqu’à ce que quelqu’un appelle, et personne n’a encore décidé. Veillez, s’il vous plaît, à ce que l’appel ait lieu. Nous n’enverrons pas de rappel.",
    ],
    cover: [
        "Merci d’appeler à la place d’un collègue",
        "{sender} est en absence, dit une réponse automatique. Le message « {subject} » à {who}, écrit le {created}, ressemble à {kind} et attend un appel. Il n’est pas encore arrivé à destination. Merci d’appeler à sa place.",
    ],
    ends: "Son délai prend fin le {when}.",
    large_amount: "Appelez en priorité, s’il vous plaît : le montant est élevé.",
    upset: "Dans le message cité, le client semble fâché.",
};

pub(super) static ES: Waiting<'static> = Waiting {
    from_expiring: "el plazo está a punto de acabar",
    from_escalated: "espera una llamada",
    from_cover: "llame por un colega, por favor",
    expiring: [
        "El plazo está a punto de acabar: llame, por favor",
        "Su correo «{subject}» para {who}, escrito el {created}, sigue esperando su llamada, y su plazo está a punto de acabar. Todavía no ha llegado a su destino.",
    ],
    escalated: [
        "Un cliente sigue esperando una llamada",
        "El correo «{subject}» de {sender} para {who}, escrito el {created}, parece {kind}. Está retenido hasta que alguien llame, y nadie ha decidido todavía. Procure, por favor, que se haga la llamada. No le enviaremos recordatorios.",
    ],
    cover: [
        "Llame, por favor, en lugar de un colega ausente",
        "{sender} está ausente, según una respuesta automática. El correo «{subject}» para {who}, escrito el {created}, parece {kind} y espera una llamada. Todavía no ha llegado a su destino. Llame en su lugar, por favor.",
    ],
    ends: "Su plazo acaba el {when}.",
    large_amount: "Llame cuanto antes, por favor: el importe es alto.",
    upset: "En el correo citado el cliente parece disgustado.",
};

pub(super) static IT: Waiting<'static> = Waiting {
    from_expiring: "il termine sta per scadere",
    from_escalated: "aspetta una telefonata",
    from_cover: "telefoni per un collega",
    expiring: [
        "Il termine sta per scadere: telefoni, per favore",
        "La Sua mail «{subject}» a {who}, scritta {created}, aspetta ancora la Sua telefonata, e il termine sta per scadere. Non è ancora arrivata a destinazione.",
    ],
    escalated: [
        "Un cliente aspetta ancora una telefonata",
        "La mail «{subject}» di {sender} a {who}, scritta {created}, sembra {kind}. È trattenuta finché qualcuno telefona, e nessuno ha ancora deciso. Faccia in modo, per favore, che si telefoni. Non invieremo promemoria.",
    ],
    cover: [
        "Telefoni, per favore, al posto di un collega assente",
        "{sender} è assente, dice una risposta automatica. La mail «{subject}» a {who}, scritta {created}, sembra {kind} e aspetta una telefonata. Non è ancora arrivata a destinazione. Telefoni al suo posto, per favore.",
    ],
    ends: "Il suo termine scade {when}.",
    large_amount: "Telefoni per prima cosa, per favore: l’importo è alto.",
    upset: "Nella mail citata il cliente sembra contrariato.",
};

pub(super) static NL: Waiting<'static> = Waiting {
    from_expiring: "de tijd is bijna om",
    from_escalated: "wacht op een telefoontje",
    from_cover: "bel alstublieft voor een collega",
    expiring: [
        "De tijd is bijna om: bel alstublieft",
        "Uw mail “{subject}” aan {who}, geschreven op {created}, wacht nog op uw telefoontje, en de tijd is bijna om. Hij is daar nog niet aangekomen.",
    ],
    escalated: [
        "Een klant wacht nog op een telefoontje",
        "De mail “{subject}” van {sender} aan {who}, geschreven op {created}, lijkt te gaan om {kind}. Hij wordt vastgehouden tot iemand belt, en nog niemand heeft beslist. Zorg er alstublieft voor dat er gebeld wordt. Wij herinneren u er niet aan.",
    ],
    cover: [
        "Bel alstublieft voor een collega die afwezig is",
        "{sender} is afwezig, zegt een automatisch antwoord. De mail “{subject}” aan {who}, geschreven op {created}, lijkt te gaan om {kind} en wacht op een telefoontje. Hij is daar nog niet aangekomen. Belt u alstublieft in de plaats van uw collega.",
    ],
    ends: "Op {when} is de tijd om.",
    large_amount: "Bel alstublieft als eerste: het gaat om een hoog bedrag.",
    upset: "In de geciteerde mail klinkt de klant boos.",
};

pub(super) static PT: Waiting<'static> = Waiting {
    from_expiring: "o prazo está a acabar",
    from_escalated: "espera um telefonema",
    from_cover: "telefone por um colega",
    expiring: [
        "O prazo está a acabar: telefone, por favor",
        "O seu e-mail “{subject}” para {who}, escrito no dia {created}, continua à espera do seu telefonema, e o prazo está a acabar. Ainda não chegou ao destino.",
    ],
    escalated: [
        "Um cliente continua à espera de um telefonema",
        "O e-mail “{subject}” de {sender} para {who}, escrito no dia {created}, parece {kind}. Está retido até alguém telefonar, e ainda ninguém decidiu. Por favor, trate de que se telefone. Não enviaremos lembretes.",
    ],
    cover: [
        "Por favor, telefone em vez de um colega ausente",
        "{sender} está ausente, diz uma resposta automática. O e-mail “{subject}” para {who}, escrito no dia {created}, parece {kind} e espera um telefonema. Ainda não chegou ao destino. Por favor, telefone em seu lugar.",
    ],
    ends: "No dia {when} acaba o prazo.",
    large_amount: "Por favor, telefone primeiro: o montante é elevado.",
    upset: "No e-mail citado o cliente parece aborrecido.",
};
