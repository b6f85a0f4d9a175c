//! French. The space before `: ; ? !` and inside « » is U+00A0: no line may break there.

use super::Others;

pub(in crate::notice::text) static OTHERS: Others<'static> = Others {
    from_decided: "c’est décidé",
    from_handed: "transmis à vous",
    from_second: "votre accord est demandé",
    from_declined: "pas d’accord",
    from_taken_back: "retenu à nouveau",
    decided: "C’est décidé",
    called_send: "{by} a appelé {who}. Le message « {subject} » part comme confirmation écrite.",
    called_dont_send: "{by} a appelé {who}. Le message « {subject} » est retiré et ne sera pas envoyé.",
    withdrawn: "{by} a retiré le message « {subject} » à {who}. Il ne sera pas envoyé.",
    rewritten: "{by} a retiré le message « {subject} » à {who} pour en écrire un nouveau.",
    false_alarm: "{by} dit que le message « {subject} » à {who} n’est pas une mauvaise nouvelle. Il part.",
    send_anyway: "{by} a décidé que le message « {subject} » à {who} part sans appel.",
    agreed: "{by} est d’accord : le message « {subject} » à {who} part.",
    returned: "Personne n’a décidé à temps. Le message « {subject} » à {who} est revenu à son expéditeur, sans être remis.",
    sent_unasked: "Personne n’a décidé à temps. Le message « {subject} » à {who} part, comme la règle le prévoit.",
    nothing_left: "Vous n’avez plus rien à faire.",
    words: "{by} ajoute : « {words} »",
    handed: [
        "On vous demande d’appeler",
        "{by} vous transmet ceci : le message « {subject} » à {who} ressemble à {kind}. Il est retenu jusqu’à ce que quelqu’un ait appelé. Appelez, s’il vous plaît, puis dites sur votre page ce qu’il devient.",
    ],
    handed_again: [
        "Votre appel est encore attendu",
        "{by} vous a transmis le message « {subject} » à {who}. Il est retenu depuis {created}. Appelez, s’il vous plaît, puis dites sur votre page ce qu’il devient.",
    ],
    taken_back: [
        "Retenu à nouveau",
        "{by} est revenu sur la décision : le message « {subject} » à {who} ne part pas et reste retenu.",
    ],
    second: [
        "Regardez ce message, s’il vous plaît",
        "{by} demande votre accord avant que le message « {subject} » à {who} ne parte. Il ressemble à {kind}.",
    ],
    second_button: "Donner son accord ou non",
    page_hint: "Vous y voyez ce qui l’a retenu. L’ouvrir ne change rien.",
    without_call: "Il partirait sans appel.",
    no_bad_news: "{by} dit que ce n’est pas une mauvaise nouvelle.",
    was_called: "{by} dit que l’appel a eu lieu.",
    nothing_before: "Rien ne part avant qu’une deuxième personne soit d’accord.",
    declined: [
        "Il reste retenu",
        "{by} n’est pas d’accord pour que le message « {subject} » à {who} parte. Il reste retenu. Parlez-en avec {by}, puis décidez à nouveau.",
    ],
};
