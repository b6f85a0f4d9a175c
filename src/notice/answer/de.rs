//! German.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "Ihre Antwort",
    by_mail: "Sie können auch einfach auf diese Mail antworten, mit einem dieser Worte: {words}.",
    words: Fixed([
        "angerufen",
        "niemand erreicht",
        "zurückziehen",
        "Fehlalarm",
        "senden: und warum",
    ]),
    called: [
        "Danke: Ihre Mail geht hinaus",
        "Danke für Ihren Anruf. Ihre Mail „{subject}“ an {who} geht jetzt als schriftliche Bestätigung hinaus.",
    ],
    no_bad_news: [
        "Danke: Ihre Mail geht hinaus",
        "Keine schlechte Nachricht also: Ihre Mail „{subject}“ an {who} geht jetzt hinaus, und wir lernen daraus.",
    ],
    anyway: [
        "Ihre Mail geht ohne Anruf hinaus",
        "Ihre Mail „{subject}“ an {who} geht jetzt hinaus; Ihr Grund ist vermerkt. Ein Anruf hilft auch danach noch.",
    ],
    later: [
        "Sie wird hinausgehen",
        "Wir haben Ihre Antwort verstanden. Die Mail „{subject}“ an {who} wartet bis {when}, wie es die Regel verlangt; dann geht sie hinaus. Auf der Seite können Sie das zurücknehmen.",
    ],
    second_asked: [
        "Eine zweite Person ist gefragt",
        "Wir haben Ihre Antwort verstanden. Bevor die Mail „{subject}“ an {who} hinausgeht, muss eine zweite Person zustimmen; bis dahin bleibt sie zurückgehalten.",
    ],
    taken_back: [
        "Zurückgezogen",
        "Ihre Mail „{subject}“ an {who} wurde nicht zugestellt und wird es auch nicht mehr.",
    ],
    waits: [
        "Niemand erreicht: Ihre Mail wartet weiter",
        "Ihre Mail „{subject}“ an {who} bleibt hier, und wir erinnern Sie am {when}. Bitte sprechen Sie schlechte Nachrichten nicht auf einen Anrufbeantworter.",
    ],
    already: [
        "Das war schon entschieden",
        "Ihre Mail „{subject}“ an {who}: {how}, am {when}. Ihre Antwort hat nichts geändert.",
    ],
    unclear: [
        "Wir haben Ihre Antwort nicht verstanden",
        "Wir konnten nicht erkennen, was mit Ihrer Mail „{subject}“ an {who} geschehen soll. Nichts hat sich geändert, sie wartet noch.",
    ],
    on_the_page: [
        "Das geht nur auf der Seite",
        "Wir haben „{asked}“ verstanden, aber das dürfen wir auf eine Mail hin nicht tun. Ihre Mail „{subject}“ an {who} wartet noch. Bitte öffnen Sie dafür die Seite.",
    ],
    call_first: [
        "Bitte erst anrufen",
        "Wir haben verstanden, dass Ihre Mail „{subject}“ an {who} ohne Anruf hinausgehen soll. Sie liest sich wie {kind}, und das verlangt einen Anruf. Nichts hat sich geändert.",
    ],
    reason_missing: [
        "Warum kann sie nicht warten?",
        "Wir haben verstanden, dass Ihre Mail „{subject}“ an {who} ohne Anruf hinausgehen soll. Bitte antworten Sie noch einmal und sagen Sie mit ein paar Worten, warum. Nichts hat sich geändert.",
    ],
    endings: [
        "sie wurde freigegeben",
        "sie wurde zurückgezogen",
        "sie kam an Sie zurück",
        "der empfangende Server hat sie abgelehnt",
    ],
};
