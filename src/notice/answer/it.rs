//! Italian.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "la Sua risposta",
    by_mail: "Può anche semplicemente rispondere a questa mail con una di queste risposte: {words}.",
    words: Fixed([
        "ho chiamato",
        "nessuna risposta",
        "ritirare",
        "falso allarme",
        "inviare: e perché",
    ]),
    called: [
        "Grazie: la Sua mail parte",
        "Ci dice di aver telefonato. La Sua mail «{subject}» a {who} parte ora come conferma scritta.",
    ],
    no_bad_news: [
        "Grazie: la Sua mail parte",
        "Ci dice che non è una cattiva notizia. La Sua mail «{subject}» a {who} parte ora, e ne facciamo tesoro.",
    ],
    anyway: [
        "La Sua mail parte senza telefonata",
        "La Sua mail «{subject}» a {who} parte ora; il Suo motivo è annotato. Una telefonata aiuta anche dopo.",
    ],
    later: [
        "Partirà",
        "Abbiamo capito la Sua risposta. La mail «{subject}» a {who} aspetta fino a {when}, come chiede la regola; poi parte. Nella pagina può cambiare decisione.",
    ],
    second_asked: [
        "Si chiede a una seconda persona",
        "Abbiamo capito la Sua risposta. Prima che parta la mail «{subject}» a {who}, una seconda persona deve essere d’accordo; fino ad allora resta trattenuta.",
    ],
    taken_back: [
        "Ritirata",
        "La Sua mail «{subject}» a {who} non è stata consegnata e non lo sarà.",
    ],
    waits: [
        "Nessuno ha risposto: la Sua mail aspetta ancora",
        "La Sua mail «{subject}» a {who} resta qui, e glielo ricorderemo {when}. Non lasci cattive notizie in segreteria.",
    ],
    already: [
        "Era già deciso",
        "La Sua mail «{subject}» a {who}: {how}, {when}. La Sua risposta non ha cambiato nulla.",
    ],
    unclear: [
        "Non abbiamo capito la Sua risposta",
        "Non abbiamo potuto capire che cosa fare della Sua mail «{subject}» a {who}. Nulla è cambiato, aspetta ancora.",
    ],
    on_the_page: [
        "Questo si fa sulla pagina",
        "Abbiamo capito «{asked}», ma per mail soltanto non possiamo farlo. La Sua mail «{subject}» a {who} aspetta ancora. Apra la pagina, per favore.",
    ],
    call_first: [
        "Prima chiami, per favore",
        "Abbiamo capito che la Sua mail «{subject}» a {who} deve partire senza telefonata. Sembra {kind}, e per questo serve una telefonata. Nulla è cambiato.",
    ],
    reason_missing: [
        "Perché non può aspettare?",
        "Abbiamo capito che la Sua mail «{subject}» a {who} deve partire senza telefonata. Risponda ancora una volta e ci dica in poche parole perché. Nulla è cambiato.",
    ],
    endings: [
        "è stata sbloccata",
        "è stata ritirata",
        "Le è stata restituita",
        "il server di destinazione l’ha rifiutata",
    ],
};
