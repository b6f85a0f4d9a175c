//! The words of the page for whoever wants no more reminders of a mail.

use crate::wording::lines;

lines! {
    /// See the module.
    pub(in crate::web) struct Mute<'a> {
        pub(in crate::web) title: &'a str,
        pub(in crate::web) text: &'a str,
        pub(in crate::web) tick: &'a str,
        pub(in crate::web) button: &'a str,
        /// Instead of the form, once it was asked for.
        pub(in crate::web) is_muted: &'a str,
        /// What was done, said behind the name of who did it.
        pub(in crate::web) did: &'a str,
        pub(in crate::web) missing: &'a str,
    }
}

pub(super) static EN: Mute<'static> = Mute {
    title: "No reminders for this mail",
    text: "It stays held. We write once more shortly before its time is up, and again when it is; a call back you ask for is still remembered.",
    tick: "Yes, no more reminders.",
    button: "Stop the reminders",
    is_muted: "No reminders for this mail, as was asked for. It is still held.",
    did: "wants no more reminders",
    missing: "Please tick that no more reminders are wanted.",
};

pub(super) static DE: Mute<'static> = Mute {
    title: "Keine Erinnerungen zu dieser Mail",
    text: "Sie bleibt zurückgehalten. Wir schreiben noch einmal, kurz bevor ihre Zeit um ist, und dann, wenn sie um ist; an einen vereinbarten Rückruf erinnern wir weiterhin.",
    tick: "Ja, keine Erinnerungen mehr.",
    button: "Erinnerungen beenden",
    is_muted: "Keine Erinnerungen zu dieser Mail, wie gewünscht. Sie wird weiter zurückgehalten.",
    did: "möchte keine Erinnerungen mehr",
    missing: "Bitte kreuzen Sie an, dass keine Erinnerungen mehr kommen sollen.",
};

pub(super) static FR: Mute<'static> = Mute {
    title: "Plus de rappels pour ce message",
    text: "Il reste retenu. Nous écrirons encore une fois peu avant la fin de son délai, puis à la fin ; un rappel convenu avec le client vous sera toujours signalé.",
    tick: "Oui, plus de rappels.",
    button: "Arrêter les rappels",
    is_muted: "Plus de rappels pour ce message, comme demandé. Il est toujours retenu.",
    did: "ne veut plus de rappels",
    missing: "Cochez, s’il vous plaît, que vous ne voulez plus de rappels.",
};

pub(super) static ES: Mute<'static> = Mute {
    title: "Sin recordatorios para este correo",
    text: "Sigue retenido. Escribiremos una vez más poco antes de que acabe su plazo, y otra cuando acabe; una llamada acordada se le seguirá recordando.",
    tick: "Sí, no más recordatorios.",
    button: "Detener los recordatorios",
    is_muted: "Sin recordatorios para este correo, como se pidió. Sigue retenido.",
    did: "no quiere más recordatorios",
    missing: "Marque, por favor, que no quiere más recordatorios.",
};

pub(super) static IT: Mute<'static> = Mute {
    title: "Niente promemoria per questa mail",
    text: "Resta trattenuta. Scriveremo ancora una volta poco prima che scada il termine, e di nuovo alla scadenza; una telefonata concordata Le sarà comunque ricordata.",
    tick: "Sì, niente più promemoria.",
    button: "Ferma i promemoria",
    is_muted: "Niente promemoria per questa mail, come richiesto. È ancora trattenuta.",
    did: "non vuole più promemoria",
    missing: "Per favore, spunti che non vuole più promemoria.",
};

pub(super) static NL: Mute<'static> = Mute {
    title: "Geen herinneringen voor deze mail",
    text: "Hij blijft vastgehouden. We schrijven nog één keer kort voordat de tijd om is, en nog eens als die om is; aan een afgesproken telefoontje herinneren we u nog wel.",
    tick: "Ja, geen herinneringen meer.",
    button: "Herinneringen stoppen",
    is_muted: "Geen herinneringen voor deze mail, zoals gevraagd. Hij wordt nog vastgehouden.",
    did: "wil geen herinneringen meer",
    missing: "Vink alstublieft aan dat u geen herinneringen meer wilt.",
};

pub(super) static PT: Mute<'static> = Mute {
    title: "Sem lembretes para este e-mail",
    text: "Continua retido. Escrevemos mais uma vez pouco antes de acabar o prazo, e outra quando acabar; um telefonema combinado continua a ser lembrado.",
    tick: "Sim, sem mais lembretes.",
    button: "Parar os lembretes",
    is_muted: "Sem lembretes para este e-mail, como pedido. Continua retido.",
    did: "não quer mais lembretes",
    missing: "Por favor, assinale que não quer mais lembretes.",
};
