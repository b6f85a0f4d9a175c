//! Spanish.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "su respuesta",
    by_mail: "También puede responder sin más a este correo con una de estas respuestas: {words}.",
    words: Fixed(["he llamado", "sin respuesta", "retirar", "falsa alarma", "enviar: y por qué"]),
    called: [
        "Gracias: su correo sale",
        "Nos dice que ha llamado. Su correo «{subject}» para {who} sale ahora como confirmación escrita.",
    ],
    no_bad_news: [
        "Gracias: su correo sale",
        "Nos dice que no es una mala noticia. Su correo «{subject}» para {who} sale ahora, y aprendemos de ello.",
    ],
    anyway: [
        "Su correo sale sin llamada",
        "Su correo «{subject}» para {who} sale ahora; su motivo queda anotado. Una llamada después todavía ayuda.",
    ],
    later: [
        "Va a salir",
        "Hemos entendido su respuesta. El correo «{subject}» a {who} espera hasta {when}, como pide la norma; después sale. En la página puede volverse atrás.",
    ],
    second_asked: [
        "Se pregunta a una segunda persona",
        "Hemos entendido su respuesta. Antes de que salga el correo «{subject}» a {who}, una segunda persona tiene que estar de acuerdo; hasta entonces sigue retenido.",
    ],
    taken_back: [
        "Retirado",
        "Su correo «{subject}» para {who} no se ha entregado ni se entregará.",
    ],
    waits: [
        "Nadie contestó: su correo sigue esperando",
        "Su correo «{subject}» para {who} se queda aquí, y se lo recordaremos el {when}. No deje malas noticias en un contestador.",
    ],
    already: [
        "Ya estaba decidido",
        "Su correo «{subject}» para {who}: {how}, el {when}. Su respuesta no ha cambiado nada.",
    ],
    unclear: [
        "No hemos entendido su respuesta",
        "No hemos podido saber qué debe pasar con su correo «{subject}» para {who}. Nada ha cambiado, sigue esperando.",
    ],
    on_the_page: [
        "Esto se hace en la página",
        "Hemos entendido «{asked}», pero no podemos hacerlo solo por correo. Su correo «{subject}» para {who} sigue esperando. Abra la página, por favor.",
    ],
    call_first: [
        "Llame primero, por favor",
        "Hemos entendido que su correo «{subject}» para {who} debe salir sin llamada. Parece {kind}, y eso pide una llamada. Nada ha cambiado.",
    ],
    reason_missing: [
        "¿Por qué no puede esperar?",
        "Hemos entendido que su correo «{subject}» para {who} debe salir sin llamada. Responda otra vez y díganos por qué en unas palabras. Nada ha cambiado.",
    ],
    endings: [
        "fue liberado",
        "fue retirado",
        "le fue devuelto",
        "el servidor de destino lo rechazó",
    ],
};
