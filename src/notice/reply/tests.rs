use super::*;
use crate::message::{Header, Passage};

fn reply(text: &str) -> Reading {
    let new = Passage { kind: PassageKind::New, sentences: vec![], text: text.into() };
    let quoted = Passage {
        kind: PassageKind::Quoted,
        sentences: vec![],
        text: "Not delivered. I called, no answer, withdraw, false alarm, send anyway.".into(),
    };
    let header = Header { subject: "Re: Your boiler".into(), ..Header::default() };
    Reading { header, passages: vec![new, quoted], ..Reading::default() }
}

fn command(text: &str) -> Command {
    understand(&reply(text)).command
}

#[test]
fn commands_are_understood_in_seven_languages() {
    use Command::{CalledDontSend, CalledSend, FalseAlarm, NoAnswer, SendAnyway, Withdraw};
    for (text, expected, language) in [
        ("called", CalledSend, "en"),
        ("Hi,\n\nI called Mrs Hall this morning, please send it.\n\nTom", CalledSend, "en"),
        ("Spoke to her, she took it well. Go ahead.", CalledSend, "en"),
        ("Called\n\nSent from my iPhone", CalledSend, "en"),
        ("Yes, I called and left a voicemail", NoAnswer, "en"),
        ("Called and left a message", NoAnswer, "en"),
        ("Angerufen und eine Nachricht hinterlassen", NoAnswer, "de"),
        ("J’ai appelé et laissé un message", NoAnswer, "fr"),
        ("Llamé y dejé un mensaje", NoAnswer, "es"),
        ("Ho chiamato e lasciato un messaggio", NoAnswer, "it"),
        ("Gebeld, voicemail ingesproken", NoAnswer, "nl"),
        ("Liguei e deixei recado", NoAnswer, "pt"),
        ("No, withdraw it", Withdraw, "en"),
        ("Called. Don't send, I have said it all.", CalledDontSend, "en"),
        ("I reached him. No need to send it any more.", CalledDontSend, "en"),
        ("no answer", NoAnswer, "en"),
        ("Called twice, no answer.", NoAnswer, "en"),
        ("Tried at 2, got voicemail", NoAnswer, "en"),
        ("I couldn’t reach her", NoAnswer, "en"),
        ("Withdraw", Withdraw, "en"),
        ("please take it back", Withdraw, "en"),
        ("Do not send it!", Withdraw, "en"),
        ("FALSE ALARM", FalseAlarm, "en"),
        ("False alarm, please send it", FalseAlarm, "en"),
        ("send: she asked for it in writing", SendAnyway, "en"),
        ("Send anyway because the deadline is today", SendAnyway, "en"),
        ("Haven't called, send anyway: she is deaf", SendAnyway, "en"),
        ("Angerufen, bitte senden", CalledSend, "de"),
        ("Hallo,\nhabe mit Frau Weber telefoniert. Nicht mehr senden.", CalledDontSend, "de"),
        ("Leider niemanden erreicht", NoAnswer, "de"),
        ("Bitte zurückziehen", Withdraw, "de"),
        ("Fehlalarm!", FalseAlarm, "de"),
        ("Senden: sie hat es schriftlich verlangt", SendAnyway, "de"),
        ("Bonjour,\nJ’ai appelé, vous pouvez envoyer.", CalledSend, "fr"),
        ("pas de réponse", NoAnswer, "fr"),
        ("fausse alerte", FalseAlarm, "fr"),
        ("J’ai appelé, personne n’a répondu.", NoAnswer, "fr"),
        ("He llamado, enviar", CalledSend, "es"),
        ("He llamado, nadie ha contestado", NoAnswer, "es"),
        ("No contesta", NoAnswer, "es"),
        ("falsa alarma", FalseAlarm, "es"),
        ("Ho telefonato, inviare", CalledSend, "it"),
        ("Ho chiamato, nessuno ha risposto", NoAnswer, "it"),
        ("Ik heb gebeld, niemand nam op", NoAnswer, "nl"),
        ("Liguei, ninguém respondeu", NoAnswer, "pt"),
        ("Habe angerufen, nahm niemand ab", NoAnswer, "de"),
        ("Non risponde nessuno", NoAnswer, "it"),
        ("Ritirare, grazie", Withdraw, "it"),
        ("Gebeld, stuur maar", CalledSend, "nl"),
        ("geen gehoor", NoAnswer, "nl"),
        ("intrekken", Withdraw, "nl"),
        ("Já liguei, pode enviar", CalledSend, "pt"),
        ("Não atendeu", NoAnswer, "pt"),
        ("Enviar mesmo assim: pediu por escrito", SendAnyway, "pt"),
    ] {
        let understood = understand(&reply(text));
        assert_eq!(understood.command, expected, "{text}");
        assert_eq!(understood.language.map(Language::code), Some(language), "{text}");
    }
}

#[test]
fn what_is_not_said_plainly_is_unclear() {
    for text in [
        "",
        "ok",
        "Thanks!",
        "I will call her tomorrow",
        "I have not called yet",
        "Noch nicht angerufen",
        "What does withdraw mean?",
        "Should I send it?",
        "No answer, withdraw it",
        "No answer, send it",
        "False alarm, withdraw",
        "This is not a false alarm",
        "Don't withdraw it",
        "Please never send it anyway",
        "Das ist kein Fehlalarm",
        "Nicht zurückziehen",
        "Ce n'est pas une fausse alerte",
        "No es una falsa alarma",
        "This so-called hold is in my way",
        "I have never called her",
        "I was called away, later",
        "Spoke to his wife, he will call back",
        "On it\n\nSent from my iPhone",
        "Mach ich\nVon meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Who are you. Why do you read my mail. Stop it. I called IT about this",
    ] {
        assert_eq!(command(text), Command::Unclear, "{text}");
    }
}

#[test]
fn the_reason_is_the_senders_words() {
    for (text, expected) in [
        ("send: she asked for it\nin writing", Some("she asked for it in writing")),
        ("Send it because the deadline is today", Some("because the deadline is today")),
        ("Send anyway. The line is dead.", Some("The line is dead")),
        ("send it", None),
        ("send:", None),
    ] {
        let understood = understand(&reply(text));
        assert_eq!(understood.command, Command::SendAnyway, "{text}");
        assert_eq!(understood.reason.as_deref(), expected, "{text}");
    }
}

#[test]
fn quoted_words_ask_for_nothing() {
    let mut reading = reply("");
    reading.passages.remove(0);
    assert_eq!(understand(&reading).command, Command::Unclear);
}

#[test]
fn machines_ask_for_nothing() {
    for (name, value) in [
        ("Auto-Submitted", "auto-replied (vacation)"),
        ("X-Autoreply", "yes"),
        ("Precedence", "auto_reply"),
        ("Content-Type", "multipart/report; report-type=delivery-status"),
        ("List-Id", "<all.example>"),
    ] {
        let mut reading = reply("called, send it");
        reading.header.fields.push((name.into(), value.into()));
        assert_eq!(understand(&reading).command, Command::None, "{name}");
    }
    for subject in
        ["Automatic reply: Your boiler", "Abwesenheit: Re: Kessel", "Réponse automatique : x"]
    {
        let mut reading = reply("called, send it");
        reading.header.subject = subject.into();
        assert_eq!(understand(&reading).command, Command::None, "{subject}");
    }
    let mut reading = reply("called, send it");
    reading.header.fields.push(("Auto-Submitted".into(), "no".into()));
    assert_eq!(understand(&reading).command, Command::CalledSend);
}
