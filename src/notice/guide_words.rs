//! The headings of the guide, in notices and on the sender's page. What stands below them comes
//! from the guide itself.

use crate::wording::lines;

lines! {
    /// The headings of one language.
    pub struct GuideWords<'a> {
        /// Above the question that comes first.
        pub(crate) question: &'a str,
        /// Above the news in one sentence.
        pub(crate) news: &'a str,
        /// Above the three Rs and what the mail says of each.
        pub(crate) your_mail: &'a str,
        /// Above the words to leave out.
        pub(crate) drop: &'a str,
        /// One of them in a line: `{words} {instead}`.
        pub(crate) dropped: &'a str,
        /// Above what may be offered.
        pub(crate) offer: &'a str,
        /// Before who can offer more.
        pub(crate) escalation: &'a str,
        /// Above what to say to a machine.
        pub(crate) voice_mail: &'a str,
        /// Above what to change in the held text.
        pub(crate) after: &'a str,
    }
}

pub(super) static EN: GuideWords<'static> = GuideWords {
    question: "They will ask first",
    news: "The news in one sentence",
    your_mail: "What your mail says already",
    drop: "Words to leave out",
    dropped: "Your mail says “{words}”. {instead}",
    offer: "What you may offer",
    escalation: "For more, ask",
    voice_mail: "If voice mail answers",
    after: "After the call",
};

pub(super) static DE: GuideWords<'static> = GuideWords {
    question: "Das werden Sie zuerst gefragt",
    news: "Die Nachricht in einem Satz",
    your_mail: "Was Ihre Mail schon sagt",
    drop: "Worte, die Sie weglassen können",
    dropped: "In Ihrer Mail steht „{words}“. {instead}",
    offer: "Was Sie anbieten können",
    escalation: "Wenn es mehr braucht, fragen Sie",
    voice_mail: "Wenn die Mailbox antwortet",
    after: "Nach dem Anruf",
};

pub(super) static FR: GuideWords<'static> = GuideWords {
    question: "La première question sera",
    news: "La nouvelle en une phrase",
    your_mail: "Ce que votre message dit déjà",
    drop: "Les mots à laisser de côté",
    dropped: "Votre message dit «\u{a0}{words}\u{a0}». {instead}",
    offer: "Ce que vous pouvez proposer",
    escalation: "S’il faut plus, demandez à",
    voice_mail: "Si vous tombez sur un répondeur",
    after: "Après l’appel",
};

pub(super) static ES: GuideWords<'static> = GuideWords {
    question: "Lo primero que preguntarán",
    news: "La noticia en una frase",
    your_mail: "Lo que su correo ya dice",
    drop: "Palabras que puede dejar fuera",
    dropped: "Su correo dice «{words}». {instead}",
    offer: "Lo que puede ofrecer",
    escalation: "Si hace falta más, pregunte a",
    voice_mail: "Si salta el buzón de voz",
    after: "Después de la llamada",
};

pub(super) static IT: GuideWords<'static> = GuideWords {
    question: "La prima domanda sarà",
    news: "La notizia in una frase",
    your_mail: "Che cosa dice già la Sua mail",
    drop: "Parole da evitare",
    dropped: "La Sua mail dice «{words}». {instead}",
    offer: "Che cosa può offrire",
    escalation: "Se serve di più, chieda a",
    voice_mail: "Se risponde la segreteria",
    after: "Dopo la telefonata",
};

pub(super) static NL: GuideWords<'static> = GuideWords {
    question: "Dit vragen ze het eerst",
    news: "Het nieuws in één zin",
    your_mail: "Wat uw mail al zegt",
    drop: "Woorden om weg te laten",
    dropped: "In uw mail staat “{words}”. {instead}",
    offer: "Wat u mag aanbieden",
    escalation: "Is er meer nodig, vraag het aan",
    voice_mail: "Als de voicemail opneemt",
    after: "Na het gesprek",
};

pub(super) static PT: GuideWords<'static> = GuideWords {
    question: "A primeira pergunta será",
    news: "A notícia numa frase",
    your_mail: "O que o seu e-mail já diz",
    drop: "Palavras a deixar de fora",
    dropped: "O seu e-mail diz “{words}”. {instead}",
    offer: "O que pode oferecer",
    escalation: "Se for preciso mais, pergunte a",
    voice_mail: "Se atender o correio de voz",
    after: "Depois da chamada",
};

#[cfg(test)]
mod tests {
    use crate::{
        message::Language,
        notice::{Texts, text::names},
    };

    #[test]
    fn every_language_has_every_heading_and_the_same_values() {
        for language in Language::ALL {
            let words = Texts::of(language).guide;
            assert_eq!(names(words.dropped), ["instead", "words"], "{language:?}");
            let headings = [words.question, words.news, words.your_mail, words.drop, words.offer];
            let others = [words.escalation, words.voice_mail, words.after];
            for text in headings.into_iter().chain(others) {
                assert!(!text.is_empty() && names(text).is_empty(), "{language:?}: {text}");
            }
        }
    }
}
