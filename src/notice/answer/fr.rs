//! French.

use super::AnswerTexts;
use crate::wording::Fixed;

pub(in crate::notice) static TEXTS: AnswerTexts<'static> = AnswerTexts {
    from: "votre réponse",
    by_mail: "Vous pouvez aussi simplement répondre à ce message par l’une de ces réponses : {words}.",
    words: Fixed(["appelé", "pas de réponse", "retirer", "fausse alerte", "envoyer : et pourquoi"]),
    called: [
        "Merci : votre message part",
        "Vous nous dites avoir appelé. Votre message « {subject} » à {who} part maintenant comme confirmation écrite.",
    ],
    no_bad_news: [
        "Merci : votre message part",
        "Vous nous dites que ce n’est pas une mauvaise nouvelle. Votre message « {subject} » à {who} part maintenant, et nous en tirons la leçon.",
    ],
    anyway: [
        "Votre message part sans appel",
        "Votre message « {subject} » à {who} part maintenant ; votre raison est notée. Un appel après coup aide encore.",
    ],
    later: [
        "Il va partir",
        "Nous avons compris votre réponse. Le message « {subject} » à {who} attend jusqu’à {when}, comme la règle le demande ; ensuite il part. Sur la page, vous pouvez revenir sur la décision.",
    ],
    second_asked: [
        "Une deuxième personne est consultée",
        "Nous avons compris votre réponse. Avant que le message « {subject} » à {who} ne parte, une deuxième personne doit être d’accord ; d’ici là, il reste retenu.",
    ],
    taken_back: [
        "Retiré",
        "Votre message « {subject} » à {who} n’a pas été remis et ne le sera pas.",
    ],
    waits: [
        "Personne n’a répondu : votre message attend encore",
        "Votre message « {subject} » à {who} reste ici, et nous vous le rappellerons le {when}. Ne laissez pas de mauvaise nouvelle sur un répondeur.",
    ],
    already: [
        "C’était déjà décidé",
        "Votre message « {subject} » à {who} : {how}, le {when}. Votre réponse n’a rien changé.",
    ],
    unclear: [
        "Nous n’avons pas compris votre réponse",
        "Nous n’avons pas pu comprendre ce que doit devenir votre message « {subject} » à {who}. Rien n’a changé, il attend toujours.",
    ],
    on_the_page: [
        "Cela se fait sur la page",
        "Nous avons compris « {asked} », mais un simple message ne nous y autorise pas. Votre message « {subject} » à {who} attend toujours. Merci d’ouvrir la page.",
    ],
    call_first: [
        "Merci d’appeler d’abord",
        "Nous avons compris que votre message « {subject} » à {who} doit partir sans appel. Il ressemble à {kind}, et cela demande un appel. Rien n’a changé.",
    ],
    reason_missing: [
        "Pourquoi ne peut-il pas attendre ?",
        "Nous avons compris que votre message « {subject} » à {who} doit partir sans appel. Merci de répondre encore une fois en disant pourquoi, en quelques mots. Rien n’a changé.",
    ],
    endings: [
        "il a été libéré",
        "il a été retiré",
        "il vous a été retourné",
        "le serveur destinataire l’a refusé",
    ],
};
