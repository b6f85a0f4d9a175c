//! German.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "entschieden",
    from_handed: "an Sie übergeben",
    from_second: "Ihr Wort ist gefragt",
    from_declined: "nicht zugestimmt",
    from_taken_back: "wieder zurückgehalten",
    decided: "Das ist entschieden",
    called_send: "{by} hat {who} angerufen. Die Mail „{subject}“ geht als schriftliche Bestätigung hinaus.",
    called_dont_send: "{by} hat {who} angerufen. Die Mail „{subject}“ ist zurückgezogen und wird nicht gesendet.",
    withdrawn: "{by} hat die Mail „{subject}“ an {who} zurückgezogen. Sie wird nicht gesendet.",
    rewritten: "{by} hat die Mail „{subject}“ an {who} zurückgezogen und schreibt sie neu.",
    false_alarm: "{by} sagt, dass die Mail „{subject}“ an {who} keine schlechte Nachricht ist. Sie geht hinaus.",
    send_anyway: "{by} hat entschieden, dass die Mail „{subject}“ an {who} ohne Anruf hinausgeht.",
    agreed: "{by} hat zugestimmt: Die Mail „{subject}“ an {who} geht hinaus.",
    returned: "Niemand hat rechtzeitig entschieden. Die Mail „{subject}“ an {who} ging unzugestellt an den Absender zurück.",
    sent_unasked: "Niemand hat rechtzeitig entschieden. Die Mail „{subject}“ an {who} geht hinaus, wie es die Regel vorsieht.",
    nothing_left: "Für Sie ist nichts mehr zu tun.",
    words: "{by} schreibt dazu: „{words}“",
    handed: [
        "Sie werden um einen Anruf gebeten",
        "{by} übergibt an Sie: Die Mail „{subject}“ an {who} liest sich wie {kind}. Sie wird zurückgehalten, bis jemand angerufen hat. Bitte rufen Sie an und sagen Sie dann auf Ihrer Seite, was aus ihr wird.",
    ],
    handed_again: [
        "Ihr Anruf wird noch erwartet",
        "{by} hat Ihnen die Mail „{subject}“ an {who} übergeben. Sie wird seit {created} zurückgehalten. Bitte rufen Sie an und sagen Sie dann auf Ihrer Seite, was aus ihr wird.",
    ],
    taken_back: [
        "Wieder zurückgehalten",
        "{by} hat die Entscheidung zurückgenommen: Die Mail „{subject}“ an {who} geht nicht hinaus und wird wieder zurückgehalten.",
    ],
    second: [
        "Bitte sehen Sie sich diese Mail an",
        "{by} bittet um Ihre Zustimmung, bevor die Mail „{subject}“ an {who} hinausgeht. Sie liest sich wie {kind}.",
    ],
    second_button: "Zustimmen oder ablehnen",
    page_hint: "Dort sehen Sie, was sie aufgehalten hat. Das Öffnen ändert nichts.",
    without_call: "Sie ginge ohne Anruf hinaus.",
    no_bad_news: "{by} sagt, dass es keine schlechte Nachricht ist.",
    was_called: "{by} sagt, dass der Anruf geführt ist.",
    nothing_before: "Nichts geht hinaus, bevor eine zweite Person zustimmt.",
    declined: [
        "Sie bleibt zurückgehalten",
        "{by} hat nicht zugestimmt, dass die Mail „{subject}“ an {who} hinausgeht. Sie bleibt zurückgehalten. Bitte sprechen Sie mit {by} und entscheiden Sie dann neu.",
    ],
};
