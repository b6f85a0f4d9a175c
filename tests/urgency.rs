//! Which customers sound upset in the mail that is answered, by the policies that ship.

use callfirst::{
    message::{Limits, read},
    policy::PolicySet,
};

/// A held mail that answers this one.
fn answer_to(quoted: &str) -> String {
    let quoted: String = quoted.lines().map(|line| format!("> {line}\r\n")).collect();
    format!(
        "From: tom@us.example\r\nTo: kim@them.example\r\nSubject: Re: Order 5124\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n\
         Dear Kim,\r\n\r\nunfortunately we cannot cover it.\r\n\r\n\
         On 3 May 2026, Kim Hall wrote:\r\n{quoted}"
    )
}

fn is_upset(policies: &PolicySet, mail: &str) -> bool {
    !policies.weigh(&read(mail.as_bytes(), &Limits::default())).upset.is_empty()
}

const UPSET: [&str; 29] = [
    "This is a disgrace. I have been waiting for nine weeks.",
    "I am absolutely furious with the way we are treated.",
    "You will hear from my solicitor.",
    "Das ist eine Frechheit. Seit neun Wochen warten wir.",
    "Ich bin wirklich wütend über Ihren Kundendienst.",
    "Ich werde rechtliche Schritte einleiten.",
    "Je suis vraiment furieux de votre réponse.",
    "C’est une honte, neuf semaines d’attente.",
    "C'est tout simplement inacceptable.",
    "Estoy muy indignada con su servicio.",
    "Esto es una vergüenza.",
    "Tomaré medidas legales contra ustedes.",
    "Sono davvero furioso per come ci trattate.",
    "È una vergogna, aspettiamo da nove settimane.",
    "Passeremo alle vie legali.",
    "Ik ben echt woedend over uw service.",
    "Dit is een schande.",
    "Dit is volstrekt onacceptabel.",
    "Estou mesmo furiosa com o vosso serviço.",
    "Isto é uma vergonha.",
    "Nunca mais compro nada aí.",
    "We have instructed our lawyers.",
    "Your service is appalling.",
    "Mir reicht es jetzt!",
    "Sie hören von meinem Anwalt.",
    "Vous aurez des nouvelles de mon avocat.",
    "Hablaré con mi abogado.",
    "Mi rivolgerò al mio avvocato.",
    "Ik schakel mijn advocaat in.",
];

/// Words of ours, or of anybody, that sound so out of their place.
const NOT_UPSET_BY_A_WORD: [&str; 19] = [
    "Our lawyer will send you the contract.",
    "Please send a copy to my solicitor, Ms Hall.",
    "There is a disgusting smell from the unit.",
    "The road was closed in appalling weather.",
    "Mir reicht eine kurze Bestätigung per Mail.",
    "Mir reicht es, wenn Sie am Montag kommen.",
    "Jetzt reicht die Leistung wieder aus.",
    "Bitte senden Sie den Vertrag an meinen Anwalt.",
    "Der Preis ist unverschämt günstig.",
    "Notre avocat vous envoie le contrat.",
    "La demande est inadmissible selon l’article 5.",
    "Mi abogado le envía el contrato.",
    "La solicitud es inadmisible según el artículo 5.",
    "Il mio avvocato le manda il contratto.",
    "Il suo successo scandaloso del 1920.",
    "Mijn advocaat stuurt u het contract.",
    "Bel ons nooit meer na zes uur, dan zijn we dicht.",
    "O meu advogado envia o contrato.",
    "O pedido é inadmissível nos termos do artigo 5.",
];

const NOT_UPSET: [&str; 21] = [
    "Could you please tell me when my order arrives?",
    "We are a little disappointed, but these things happen.",
    "I am not furious, only puzzled. Please look into it.",
    "The unit is broken again. I would like a refund.",
    "Können Sie mir bitte sagen, wann die Lieferung kommt?",
    "Wir sind etwas enttäuscht, aber das kann passieren.",
    "Die Anlage ist wieder ausgefallen, bitte um Erstattung.",
    "Pourriez-vous me dire quand la livraison arrive ?",
    "Nous sommes un peu déçus, mais cela arrive.",
    "L’appareil est de nouveau en panne, je souhaite un remboursement.",
    "¿Podrían decirme cuándo llega mi pedido?",
    "Estamos un poco decepcionados, pero son cosas que pasan.",
    "El aparato se ha roto otra vez, quisiera un reembolso.",
    "Potete dirmi quando arriva il mio ordine?",
    "Siamo un po' delusi, ma può succedere.",
    "L’apparecchio è di nuovo guasto, vorrei un rimborso.",
    "Kunt u mij zeggen wanneer mijn bestelling komt?",
    "We zijn een beetje teleurgesteld, maar dat kan gebeuren.",
    "Het toestel is weer kapot, ik wil graag mijn geld terug.",
    "Podem dizer-me quando chega a minha encomenda?",
    "Estamos um pouco desiludidos, mas acontece.",
];

#[test]
fn who_writes_so_is_upset_in_seven_languages_and_who_only_asks_is_not() {
    let policies = PolicySet::compile(&PolicySet::shipped(), None).unwrap();
    for quoted in UPSET {
        assert!(is_upset(&policies, &answer_to(quoted)), "{quoted}");
    }
    for quoted in NOT_UPSET.iter().chain(&NOT_UPSET_BY_A_WORD) {
        assert!(!is_upset(&policies, &answer_to(quoted)), "{quoted}");
    }
}

#[test]
fn what_the_sender_writes_himself_upsets_nobody() {
    let policies = PolicySet::compile(&PolicySet::shipped(), None).unwrap();
    let own = "From: tom@us.example\r\nTo: kim@them.example\r\nSubject: Your order\r\n\r\n\
               You wrote that it is a disgrace and that you are furious.\r\n";
    assert!(!is_upset(&policies, own));
}
