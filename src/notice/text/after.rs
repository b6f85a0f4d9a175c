//! The words about what comes after the first call: a call back, a promise, what there was with
//! the same customer before. The pages say the same ones.
//!
//! `{what}` stands in quotation marks, because it is in the sender's own words.

use crate::wording::lines;

lines! {
    /// See the module. Names in braces are filled in.
    pub(crate) struct After<'a> {
        /// What follows our name in From.
        pub(crate) from_call_back: &'a str,
        pub(crate) from_promise: &'a str,
        pub(crate) from_overdue: &'a str,
        /// Title and first words: `{who} {when} {subject}`
        pub(crate) call_back: [&'a str; 2],
        /// `{who} {what} {date}`
        pub(crate) promise: [&'a str; 2],
        /// `{sender} {who} {what} {date} {count}`
        pub(crate) overdue: [&'a str; 2],
        /// What was promised, where nobody said what: said as it is, while their own words are quoted.
        pub(crate) something: &'a str,
        pub(crate) button: &'a str,
        pub(crate) button_hint: &'a str,
        /// `{weekday} {day} {month}`
        pub(crate) day: &'a str,
        /// `{who} {own} {others}`
        pub(crate) before: &'a str,
        /// `{what} {date}`
        pub(crate) promised_before: &'a str,
        /// The titles of calendar files: `{who}`
        pub(crate) event_call: &'a str,
        pub(crate) event_follow_up: &'a str,
        /// That such a file comes with the mail.
        pub(crate) file: &'a str,
    }
}

pub(super) static EN: After<'static> = After {
    from_call_back: "time to call back",
    from_promise: "your promise",
    from_overdue: "overdue promise",
    call_back: [
        "Time to call back",
        "{who} asked you to call back on {when}. Your mail “{subject}” waits for that call, undelivered.",
    ],
    promise: [
        "Is your promise kept?",
        "On the telephone you promised {who}: {what}, by {date}. Is it done? Tell us on the page, and we stop asking.",
    ],
    overdue: [
        "A promise to a customer is overdue",
        "{sender} promised {who}: {what}, by {date}. Nobody has said that it is done; reminders sent: {count}. Please ask what is needed. You will hear of this only once.",
    ],
    something: "to see to it",
    button: "It is done, or …",
    button_hint: "Another day, or no longer needed: the page has a choice for each. Opening it changes nothing.",
    day: "{weekday} {day} {month}",
    before: "Held before for {who}: {own} of yours, {others} of colleagues.",
    promised_before: "Still open from an earlier call: {what}, by {date}.",
    event_call: "Call {who}",
    event_follow_up: "Follow up with {who}",
    file: "The attached file puts it into your calendar.",
};

pub(super) static DE: After<'static> = After {
    from_call_back: "Zeit für den Rückruf",
    from_promise: "Ihre Zusage",
    from_overdue: "überfällige Zusage",
    call_back: [
        "Zeit für den Rückruf",
        "{who} hat Sie um einen Rückruf gebeten: {when}. Ihre Mail „{subject}“ wartet auf diesen Anruf und ist nicht zugestellt.",
    ],
    promise: [
        "Ist Ihre Zusage eingelöst?",
        "Am Telefon haben Sie {who} zugesagt: {what}, bis {date}. Ist das erledigt? Sagen Sie es uns auf der Seite, dann fragen wir nicht mehr.",
    ],
    overdue: [
        "Eine Zusage an einen Kunden ist überfällig",
        "{sender} hat {who} zugesagt: {what}, bis {date}. Niemand hat gemeldet, dass es erledigt ist; Erinnerungen bisher: {count}. Bitte fragen Sie, was fehlt. Sie hören davon nur dieses eine Mal.",
    ],
    something: "sich darum zu kümmern",
    button: "Erledigt, oder …",
    button_hint: "Ein anderer Tag, oder nicht mehr nötig: Die Seite hat für jeden Fall eine Auswahl. Das Öffnen ändert nichts.",
    day: "{weekday}, {day}. {month}",
    before: "Schon zurückgehalten für {who}: {own} von Ihnen, {others} von anderen im Haus.",
    promised_before: "Aus einem früheren Anruf noch offen: {what}, bis {date}.",
    event_call: "{who} anrufen",
    event_follow_up: "Bei {who} melden",
    file: "Die angehängte Datei trägt den Termin in Ihren Kalender ein.",
};

pub(super) static FR: After<'static> = After {
    from_call_back: "à rappeler",
    from_promise: "votre promesse",
    from_overdue: "promesse en retard",
    call_back: [
        "C’est le moment de rappeler",
        "{who} vous a demandé de rappeler : {when}. Votre message « {subject} » attend cet appel, il n’est pas remis.",
    ],
    promise: [
        "Votre promesse est-elle tenue ?",
        "Au téléphone, vous avez promis à {who} : {what}, d’ici au {date}. Est-ce fait ? Dites-le sur la page, et nous ne demanderons plus.",
    ],
    overdue: [
        "Une promesse à un client est en retard",
        "{sender} a promis à {who} : {what}, d’ici au {date}. Personne n’a dit que c’est fait ; rappels envoyés : {count}. Demandez ce qui manque, s’il vous plaît. Nous n’en parlerons qu’une fois.",
    ],
    something: "de s’en occuper",
    button: "C’est fait, ou …",
    button_hint: "Un autre jour, ou plus nécessaire : la page a un choix pour chaque cas. L’ouvrir ne change rien.",
    day: "{weekday} {day} {month}",
    before: "Déjà retenu pour {who} : {own} de vous, {others} de collègues.",
    promised_before: "En suspens depuis un appel précédent : {what}, d’ici au {date}.",
    event_call: "Appeler {who}",
    event_follow_up: "Revenir vers {who}",
    file: "Le fichier joint met le rendez-vous dans votre agenda.",
};

pub(super) static ES: After<'static> = After {
    from_call_back: "toca volver a llamar",
    from_promise: "su promesa",
    from_overdue: "promesa atrasada",
    call_back: [
        "Es hora de volver a llamar",
        "{who} le pidió que volviera a llamar: {when}. Su correo «{subject}» espera esa llamada, sin entregar.",
    ],
    promise: [
        "¿Ha cumplido su promesa?",
        "Por teléfono prometió a {who}: {what}, antes del {date}. ¿Está hecho? Díganoslo en la página, y no preguntamos más.",
    ],
    overdue: [
        "Una promesa a un cliente está atrasada",
        "{sender} prometió a {who}: {what}, antes del {date}. Nadie ha dicho que esté hecho; recordatorios enviados: {count}. Pregunte, por favor, qué falta. Solo se lo decimos una vez.",
    ],
    something: "ocuparse de ello",
    button: "Está hecho, o …",
    button_hint: "Otro día, o ya no hace falta: la página tiene una opción para cada caso. Abrirla no cambia nada.",
    day: "{weekday} {day} de {month}",
    before: "Retenidos antes para {who}: {own} de usted, {others} de colegas.",
    promised_before: "Pendiente de una llamada anterior: {what}, antes del {date}.",
    event_call: "Llamar a {who}",
    event_follow_up: "Volver a {who}",
    file: "El archivo adjunto pone la cita en su calendario.",
};

pub(super) static IT: After<'static> = After {
    from_call_back: "è ora di richiamare",
    from_promise: "la Sua promessa",
    from_overdue: "promessa in ritardo",
    call_back: [
        "È ora di richiamare",
        "{who} Le ha chiesto di richiamare: {when}. La Sua mail «{subject}» aspetta quella telefonata, non è stata consegnata.",
    ],
    promise: [
        "La Sua promessa è mantenuta?",
        "Al telefono ha promesso a {who}: {what}, entro {date}. È fatto? Ce lo dica nella pagina, e non chiediamo più.",
    ],
    overdue: [
        "Una promessa a un cliente è in ritardo",
        "{sender} ha promesso a {who}: {what}, entro {date}. Nessuno ha detto che è fatto; promemoria inviati: {count}. Chieda, per favore, che cosa manca. Lo diciamo una volta sola.",
    ],
    something: "di occuparsene",
    button: "È fatto, oppure …",
    button_hint: "Un altro giorno, o non serve più: nella pagina c’è una scelta per ogni caso. Aprirla non cambia nulla.",
    day: "{weekday} {day} {month}",
    before: "Già trattenute per {who}: {own} Sue, {others} di colleghi.",
    promised_before: "Ancora aperto da una telefonata precedente: {what}, entro {date}.",
    event_call: "Telefonare a {who}",
    event_follow_up: "Risentire {who}",
    file: "Il file allegato mette l’appuntamento nel Suo calendario.",
};

pub(super) static NL: After<'static> = After {
    from_call_back: "tijd om terug te bellen",
    from_promise: "uw belofte",
    from_overdue: "belofte over tijd",
    call_back: [
        "Tijd om terug te bellen",
        "{who} heeft gevraagd om terug te bellen: {when}. Uw mail “{subject}” wacht op dat telefoontje en is niet bezorgd.",
    ],
    promise: [
        "Is uw belofte nagekomen?",
        "Aan de telefoon hebt u {who} beloofd: {what}, uiterlijk {date}. Is het gedaan? Zeg het op de pagina, dan vragen we niet meer.",
    ],
    overdue: [
        "Een belofte aan een klant is over tijd",
        "{sender} heeft {who} beloofd: {what}, uiterlijk {date}. Niemand heeft gezegd dat het gedaan is; herinneringen verstuurd: {count}. Vraag alstublieft wat er nodig is. U hoort dit maar één keer.",
    ],
    something: "het in orde te maken",
    button: "Het is gedaan, of …",
    button_hint: "Een andere dag, of niet meer nodig: de pagina heeft voor elk geval een keuze. Openen verandert niets.",
    day: "{weekday} {day} {month}",
    before: "Eerder vastgehouden voor {who}: {own} van u, {others} van collega’s.",
    promised_before: "Nog open van een eerder telefoongesprek: {what}, uiterlijk {date}.",
    event_call: "{who} bellen",
    event_follow_up: "Terugkomen bij {who}",
    file: "Het bijgevoegde bestand zet de afspraak in uw agenda.",
};

pub(super) static PT: After<'static> = After {
    from_call_back: "hora de voltar a ligar",
    from_promise: "a sua promessa",
    from_overdue: "promessa em atraso",
    call_back: [
        "Está na hora de voltar a ligar",
        "{who} pediu-lhe que voltasse a ligar: {when}. O seu e-mail “{subject}” espera por esse telefonema, por entregar.",
    ],
    promise: [
        "A sua promessa está cumprida?",
        "Ao telefone prometeu a {who}: {what}, até {date}. Está feito? Diga-nos na página, e não perguntamos mais.",
    ],
    overdue: [
        "Uma promessa a um cliente está em atraso",
        "{sender} prometeu a {who}: {what}, até {date}. Ninguém disse que está feito; lembretes enviados: {count}. Pergunte, por favor, o que falta. Só lho dizemos uma vez.",
    ],
    something: "tratar do assunto",
    button: "Está feito, ou …",
    button_hint: "Outro dia, ou já não é preciso: a página tem uma escolha para cada caso. Abri-la não muda nada.",
    day: "{weekday}, {day} de {month}",
    before: "Já retidos para {who}: {own} seus, {others} de colegas.",
    promised_before: "Em aberto de um telefonema anterior: {what}, até {date}.",
    event_call: "Ligar a {who}",
    event_follow_up: "Voltar a falar com {who}",
    file: "O ficheiro anexo põe o compromisso na sua agenda.",
};

#[cfg(test)]
mod tests {
    use super::{
        super::{Texts, names},
        *,
    };
    use crate::message::Language;

    #[test]
    fn every_language_uses_the_same_values_as_english() {
        for language in Language::ALL {
            let texts = Texts::of(language).after;
            for (text, model) in [
                (texts.call_back[1], EN.call_back[1]),
                (texts.promise[1], EN.promise[1]),
                (texts.overdue[1], EN.overdue[1]),
                (texts.day, EN.day),
                (texts.before, EN.before),
                (texts.promised_before, EN.promised_before),
            ] {
                assert_eq!(names(text), names(model), "{language:?}: {text}");
            }
        }
    }
}
