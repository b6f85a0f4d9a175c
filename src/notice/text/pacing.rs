//! The words that keep our mail few: a second mail of one conversation, and several matters in one
//! digest.

use crate::wording::lines;

lines! {
    /// See the module. Names in braces are filled in.
    pub(crate) struct Pacing<'a> {
        /// What follows our name in From.
        pub(crate) from_held_too: &'a str,
        pub(crate) from_digest: &'a str,
        /// Title and first words: `{subject} {who}`
        pub(crate) held_too: [&'a str; 2],
        /// The link to the page of the one that was held before.
        pub(crate) first_page: &'a str,
        /// Title and subject: `{count}`
        pub(crate) digest: &'a str,
        /// The same where no mail waits for a call, or one among other things: `{count}`
        pub(crate) news: &'a str,
        pub(crate) lead: &'a str,
        /// What each line is about: `{when}`
        pub(crate) held: &'a str,
        pub(crate) promise: &'a str,
        /// `{sender}`
        pub(crate) overdue: &'a str,
        pub(crate) other: &'a str,
        pub(crate) page: &'a str,
    }
}

pub(super) static EN: Pacing<'static> = Pacing {
    from_held_too: "held too",
    from_digest: "several mails",
    held_too: [
        "This one is held too",
        "Your mail “{subject}” to {who} belongs to a conversation that waits for your call already, so it is held too. One call can settle both; each has its own page.",
    ],
    first_page: "The page of the first mail",
    digest: "{count} mails wait; please call these people first",
    news: "{count} things at once, in one mail",
    lead: "So that you get one mail from us and not many, here is all of it, the urgent ones first. Opening a page changes nothing.",
    held: "held since {when}",
    promise: "you promised something, and the day has come",
    overdue: "{sender} promised something, and the day is past",
    other: "there is news",
    page: "Open its page",
};

pub(super) static DE: Pacing<'static> = Pacing {
    from_held_too: "auch zurückgehalten",
    from_digest: "mehrere Mails",
    held_too: [
        "Auch diese wird zurückgehalten",
        "Ihre Mail „{subject}“ an {who} gehört zu einem Gespräch, das schon auf Ihren Anruf wartet. Darum wird auch sie zurückgehalten. Ein Anruf kann beides klären; jede hat ihre eigene Seite.",
    ],
    first_page: "Die Seite der ersten Mail",
    digest: "{count} Mails warten; bitte rufen Sie zuerst hier an",
    news: "{count} Dinge auf einmal, in einer Mail",
    lead: "Damit Sie eine Mail von uns bekommen und nicht viele, steht hier alles zusammen, das Dringende zuerst. Eine Seite zu öffnen ändert nichts.",
    held: "zurückgehalten seit {when}",
    promise: "Sie haben etwas zugesagt, und der Tag ist da",
    overdue: "{sender} hat etwas zugesagt, und der Tag ist vorbei",
    other: "es gibt Neues",
    page: "Seite öffnen",
};

pub(super) static FR: Pacing<'static> = Pacing {
    from_held_too: "retenu aussi",
    from_digest: "plusieurs messages",
    held_too: [
        "Celui-ci est retenu aussi",
        "Votre message « {subject} » à {who} fait partie d’une conversation qui attend déjà votre appel ; il est donc retenu aussi. Un seul appel peut régler les deux ; chacun a sa page.",
    ],
    first_page: "La page du premier message",
    digest: "{count} messages attendent ; appelez d’abord ces personnes, s’il vous plaît",
    news: "{count} choses à la fois, en un seul message",
    lead: "Pour que vous receviez un seul message de nous et non plusieurs, tout est ici, le plus urgent d’abord. Ouvrir une page ne change rien.",
    held: "retenu depuis le {when}",
    promise: "vous avez promis quelque chose, et le jour est venu",
    overdue: "{sender} a promis quelque chose, et le jour est passé",
    other: "il y a du nouveau",
    page: "Ouvrir sa page",
};

pub(super) static ES: Pacing<'static> = Pacing {
    from_held_too: "también retenido",
    from_digest: "varios correos",
    held_too: [
        "Este también está retenido",
        "Su correo «{subject}» para {who} es parte de una conversación que ya espera su llamada; por eso también está retenido. Una sola llamada puede resolver los dos; cada uno tiene su página.",
    ],
    first_page: "La página del primer correo",
    digest: "{count} correos esperan; llame primero a estas personas, por favor",
    news: "{count} cosas a la vez, en un solo correo",
    lead: "Para que reciba un solo correo nuestro y no muchos, aquí está todo, lo urgente primero. Abrir una página no cambia nada.",
    held: "retenido desde el {when}",
    promise: "usted prometió algo, y ha llegado el día",
    overdue: "{sender} prometió algo, y el día ya pasó",
    other: "hay novedades",
    page: "Abrir su página",
};

pub(super) static IT: Pacing<'static> = Pacing {
    from_held_too: "trattenuta anche questa",
    from_digest: "più mail",
    held_too: [
        "Anche questa è trattenuta",
        "La Sua mail «{subject}» a {who} fa parte di una conversazione che aspetta già la Sua telefonata; perciò è trattenuta anche questa. Una sola telefonata può risolvere entrambe; ognuna ha la sua pagina.",
    ],
    first_page: "La pagina della prima mail",
    digest: "{count} mail aspettano; telefoni prima a queste persone, per favore",
    news: "{count} cose insieme, in una sola mail",
    lead: "Perché riceva una sola mail da noi e non molte, qui c’è tutto, le urgenti per prime. Aprire una pagina non cambia nulla.",
    held: "trattenuta da {when}",
    promise: "ha promesso qualcosa, e il giorno è arrivato",
    overdue: "{sender} ha promesso qualcosa, e il giorno è passato",
    other: "ci sono novità",
    page: "Aprire la sua pagina",
};

pub(super) static NL: Pacing<'static> = Pacing {
    from_held_too: "ook vastgehouden",
    from_digest: "meerdere mails",
    held_too: [
        "Deze wordt ook vastgehouden",
        "Uw mail “{subject}” aan {who} hoort bij een gesprek dat al op uw telefoontje wacht. Daarom wordt deze ook vastgehouden. Eén telefoontje kan beide oplossen; elk heeft een eigen pagina.",
    ],
    first_page: "De pagina van de eerste mail",
    digest: "{count} mails wachten; bel alstublieft eerst deze mensen",
    news: "{count} zaken tegelijk, in één mail",
    lead: "Zodat u één mail van ons krijgt en niet vele, staat hier alles bij elkaar, het dringende eerst. Een pagina openen verandert niets.",
    held: "vastgehouden sinds {when}",
    promise: "u hebt iets toegezegd, en de dag is er",
    overdue: "{sender} heeft iets toegezegd, en de dag is voorbij",
    other: "er is nieuws",
    page: "Pagina openen",
};

pub(super) static PT: Pacing<'static> = Pacing {
    from_held_too: "retido também",
    from_digest: "vários e-mails",
    held_too: [
        "Este também está retido",
        "O seu e-mail “{subject}” para {who} faz parte de uma conversa que já espera o seu telefonema; por isso também está retido. Um só telefonema pode resolver os dois; cada um tem a sua página.",
    ],
    first_page: "A página do primeiro e-mail",
    digest: "{count} e-mails à espera; por favor, telefone primeiro a estas pessoas",
    news: "{count} assuntos de uma vez, num só e-mail",
    lead: "Para que receba um só e-mail nosso e não muitos, está aqui tudo, o urgente primeiro. Abrir uma página não muda nada.",
    held: "retido desde {when}",
    promise: "prometeu alguma coisa, e chegou o dia",
    overdue: "{sender} prometeu alguma coisa, e o dia já passou",
    other: "há novidades",
    page: "Abrir a sua página",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{message::Language, notice::text::Texts};

    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<_> =
            text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(n, _)| n).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_uses_the_same_values_as_english() {
        for language in Language::ALL {
            let words = Texts::of(language).pacing;
            for (text, model) in [
                (words.held_too[1], EN.held_too[1]),
                (words.digest, EN.digest),
                (words.news, EN.news),
                (words.held, EN.held),
                (words.overdue, EN.overdue),
            ] {
                assert_eq!(names(text), names(model), "{language:?}: {text}");
            }
        }
    }
}
