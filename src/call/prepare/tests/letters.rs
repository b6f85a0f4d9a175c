//! Whose the numbers in letters of theirs and of ours are, sentence by sentence.

use super::*;
use crate::call::Source;

fn sheet(recipient: &str, language: Language, new: &str, quoted: &str) -> CallSheet {
    let mut reading = mail(
        &[("Susan Hall", recipient)],
        vec![passage(PassageKind::New, new), passage(PassageKind::Quoted, quoted)],
    );
    reading.language = Some(language);
    let decision = decision(&[recipient], "other", language);
    prepare(
        &reading,
        &decision,
        &envelope(&[recipient]),
        &ours(),
        &Guides::shipped(),
        &Told::default(),
        &Weighed::default(),
    )
}

fn offered(recipient: &str, language: Language, new: &str, quoted: &str) -> Vec<String> {
    let sheet = sheet(recipient, language, new, quoted);
    let mut numbers: Vec<String> = sheet.numbers.into_iter().map(|n| n.national).collect();
    numbers.sort_unstable();
    numbers
}

/// What a letter of hers with this text gives; `#` in it is the number.
fn gives(language: Language, text: &str) -> bool {
    let (recipient, number) = match language {
        Language::En => ("s.hall@hall.co.uk", "07483 512906"),
        Language::De => ("s.hall@hall.de", "0172 8341290"),
        Language::Fr => ("s.hall@hall.fr", "06 12 48 90 33"),
        Language::Es => ("s.hall@hall.es", "629 410 735"),
        Language::It => ("s.hall@hall.it", "348 771 9023"),
        Language::Nl => ("s.hall@hall.nl", "06 48217705"),
        Language::Pt => ("s.hall@hall.pt", "917 204 855"),
    };
    let text = text.replace('#', number);
    let letter = format!("From: Susan Hall <{recipient}>\n\nTom,\n\n{text}\n\nSusan Hall\n");
    !offered(recipient, language, "No.", &letter).is_empty()
}

#[test]
fn a_number_that_she_gives_as_hers_is_offered() {
    let refused: Vec<_> = [
        (Language::En, "I'm out this afternoon but you can get me on my mobile, #."),
        (Language::En, "My number has changed, it is now #."),
        (Language::En, "If it is urgent please ring #."),
        (Language::En, "The best number for me is # after 4pm."),
        (Language::En, "Give us a bell on # when the van leaves."),
        (Language::En, "Our driver needs to know. Ring me: #"),
        (Language::En, "I am working from home today so # is best."),
        (Language::De, "Sie erreichen mich heute Nachmittag am besten unter #."),
        (Language::De, "Bitte rufen Sie mich kurz zurück: #"),
        (Language::De, "Bitte um Rückruf unter #, danke."),
        (Language::De, "Meine neue Nummer lautet #."),
        (Language::De, "Bin bis 17 Uhr im Büro, danach mobil #."),
        (Language::De, "Unter # bin ich immer erreichbar."),
        (Language::De, "Bei Rückfragen stehe ich Ihnen gern unter # zur Verfügung."),
        (Language::De, "Der Fahrer war nicht da. Rufen Sie mich bitte an, #."),
        (Language::Fr, "Vous pouvez me joindre au #."),
        (Language::Fr, "Je suis joignable au # jusqu'à 18h."),
        (Language::Fr, "Rappelez-moi svp au # dès que possible."),
        (Language::Fr, "Mon nouveau portable : #."),
        (Language::Fr, "Merci de nous contacter au #."),
        (Language::Es, "Me puede localizar en el # por las tardes."),
        (Language::Es, "Llámeme al # en cuanto sepa algo."),
        (Language::Es, "Mi número nuevo es el #."),
        (Language::Es, "Cualquier cosa, estoy en el #."),
        (Language::It, "Mi può chiamare al # anche in serata."),
        (Language::It, "Il mio nuovo numero è #."),
        (Language::It, "Sono reperibile al # fino alle 18."),
        (Language::It, "Resto in attesa di una chiamata al #."),
        (Language::Nl, "Je kunt me bereiken op #."),
        (Language::Nl, "U kunt mij het beste bellen op #."),
        (Language::Nl, "Mijn nieuwe nummer is #."),
        (Language::Nl, "Ik ben vandaag bereikbaar op #."),
        (Language::Pt, "Pode ligar-me para o #."),
        (Language::Pt, "O meu novo número é o #."),
        (Language::Pt, "Estou contactável pelo # até às 18h."),
        (Language::Pt, "Qualquer dúvida, me ligue no #."),
        (Language::En, "The old mobile is dead, I'm now on #."),
        (Language::En, "Best to try me at the workshop, #, before noon."),
        (Language::En, "We're on # from eight."),
        (Language::En, "You'll catch me on # most days."),
        (Language::En, "Could someone phone me on # please."),
        (Language::En, "Drop me a text on # and I'll come down."),
        (Language::En, "Out of the office till Monday, use # instead."),
        (Language::En, "Mobile (#) is best, signal at the yard is poor."),
        (Language::En, "Speak soon, my direct line is #."),
        (Language::De, "Am schnellsten geht es über mein Handy: #"),
        (Language::De, "Die alte Nummer ist abgeschaltet, jetzt gilt #."),
        (Language::De, "Im Büro bin ich unter # zu erreichen."),
        (Language::De, "Ruf mich doch kurz an (#), dann klären wir das."),
        (Language::De, "Telefonisch bin ich heute nur unter # erreichbar."),
        (Language::De, "Melden Sie sich gern jederzeit bei mir: #."),
        (Language::De, "Unsere Werkstatt hat die #, da ist immer jemand."),
        (Language::De, "Am besten per WhatsApp an #."),
        (Language::Fr, "L'ancien numéro ne marche plus, je suis maintenant au #."),
        (Language::Fr, "Appelez-moi au # si besoin."),
        (Language::Fr, "Mon portable : # (après 18h)."),
        (Language::Fr, "Vous pouvez m'appeler sur mon fixe, #."),
        (Language::Fr, "À l'atelier c'est le #."),
        (Language::Fr, "Je vous laisse mon numéro : #."),
        (Language::Es, "Mi móvil es el #, llámame cuando puedas."),
        (Language::Es, "En la oficina estamos hasta las 15h: #."),
        (Language::Es, "Por favor, llámenme al #."),
        (Language::Es, "He cambiado de número, ahora es el #."),
        (Language::Es, "Puedes escribirme por WhatsApp al #."),
        (Language::It, "Il mio cellulare è #."),
        (Language::It, "Ho cambiato numero, adesso è #."),
        (Language::It, "Mi trova in ufficio al #."),
        (Language::It, "Mi richiami per cortesia al #."),
        (Language::It, "Per urgenze sono al #."),
        (Language::Nl, "Mijn nummer is veranderd, nu is het #."),
        (Language::Nl, "Bel me even op #."),
        (Language::Nl, "Op kantoor ben ik te bereiken via #."),
        (Language::Nl, "App me gerust: #."),
        (Language::Nl, "Graag even bellen op #."),
        (Language::Pt, "O meu telemóvel é o #."),
        (Language::Pt, "Mudei de número, agora é o #."),
        (Language::Pt, "Estou no escritório, #, até às 18h."),
        (Language::Pt, "Me chama no WhatsApp #."),
        (Language::Pt, "Por favor ligue para o #."),
    ]
    .into_iter()
    .filter(|(language, text)| !gives(*language, text))
    .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn a_number_that_is_somebody_elses_is_not_offered() {
    let offered: Vec<_> = [
        (Language::En, "Our driver Sam is on #."),
        (Language::En, "The site manager can be reached on # from 7am."),
        (Language::En, "My colleague Jan Smith (#) will deal with it."),
        (Language::En, "Please call DPD on # to arrange it."),
        (Language::En, "Call the plumber direct, #, he is waiting."),
        (Language::En, "I have rung your office on # three times."),
        (Language::En, "I left you a message on # yesterday."),
        (Language::En, "Your engineer gave me # but nobody answers."),
        (Language::En, "Please stop using #, that phone is gone, old number."),
        (Language::En, "My husband is at home, his mobile is #."),
        (Language::En, "For access speak to the caretaker, Mr Jones, #."),
        (Language::En, "# is no longer in use."),
        (Language::De, "Unser Fahrer ist unter # zu erreichen."),
        (Language::De, "Bitte melden Sie sich bei Herrn Krause, #."),
        (Language::De, "Mein Kollege Jan hat die Nummer #."),
        (Language::De, "GLS sagt, ich soll # anrufen."),
        (Language::De, "Ich habe schon dreimal bei Ihnen angerufen (#)."),
        (Language::De, "Ihre Hotline # ist ständig besetzt."),
        (Language::De, "Die alte Nummer # gilt nicht mehr."),
        (Language::De, "Die Nummer # ist nicht mehr aktuell."),
        (Language::De, "Rufen Sie bitte unseren Elektriker an: #"),
        (Language::De, "Der Monteur der Firma Kranz, #, hat keine Zeit."),
        (Language::De, "Unter # geht niemand ran."),
        (Language::Fr, "Le chauffeur est joignable au #."),
        (Language::Fr, "Voyez avec ma collègue Anne au #."),
        (Language::Fr, "J'ai appelé votre service au # sans succès."),
        (Language::Fr, "Chronopost (#) ne répond pas."),
        (Language::Fr, "Mon ancien numéro, le #, ne fonctionne plus."),
        (Language::Fr, "Contactez le plombier, M. Durand, au #."),
        (Language::Es, "El conductor está en el #."),
        (Language::Es, "Mi compañero Luis le atiende en el #."),
        (Language::Es, "He llamado a su oficina, #, y nadie contesta."),
        (Language::Es, "Llame a SEUR al #."),
        (Language::Es, "El # ya no funciona."),
        (Language::It, "L'autista risponde al #."),
        (Language::It, "Chiami il mio collega Paolo al #."),
        (Language::It, "Ho provato a chiamare il vostro ufficio al #."),
        (Language::It, "BRT dice di chiamare il #."),
        (Language::It, "Il vecchio numero # non è più attivo."),
        (Language::Nl, "Onze chauffeur is bereikbaar op #."),
        (Language::Nl, "Mijn collega Piet kun je bellen op #."),
        (Language::Nl, "Ik heb uw kantoor gebeld op #."),
        (Language::Nl, "PostNL zegt dat ik # moet bellen."),
        (Language::Nl, "Mijn oude nummer # werkt niet meer."),
        (Language::Pt, "O motorista atende no #."),
        (Language::Pt, "Fale com o meu colega João, #."),
        (Language::Pt, "Já liguei para o vosso número # e nada."),
        (Language::Pt, "A DPD diz para ligar para o #."),
        (Language::Pt, "O meu número antigo, #, já não funciona."),
        (Language::En, "I had a missed call from # this morning."),
        (Language::En, "Somebody rang me from # and hung up."),
        (Language::En, "The number on your website, #, just rings."),
        (Language::En, "The card through the door says #."),
        (Language::En, "My solicitor's office is on #."),
        (Language::En, "Please ring the tenant on # for access."),
        (Language::En, "Access via our caretaker Joe: #"),
        (Language::En, "You can reach Dave in goods-in on #."),
        (Language::En, "Ask for Maria at the front desk of the Grand Hotel, #."),
        (Language::En, "Please don't ring # any more, I have given that phone up."),
        (Language::En, "I lost my phone so # won't work."),
        (Language::En, "Join the call on # with passcode 4471 before ten."),
        (Language::En, "My reference with you is #."),
        (Language::En, "Dave is reachable on # all day."),
        (Language::En, "# was my old one, please delete it."),
        (Language::De, "Sepp ist unter # erreichbar."),
        (Language::De, "Anna erreichen Sie unter #."),
        (Language::Fr, "Dédé est joignable au #."),
        (Language::It, "Gigi è raggiungibile al #."),
        (Language::En, "The order number is #."),
        (Language::En, "The crate is marked #."),
        (Language::De, "Sepp Maier erreichen Sie auf der Baustelle unter #."),
        (Language::De, "Ansprechpartner vor Ort: Sepp Maier, #"),
        (Language::De, "Ich hatte einen verpassten Anruf von #."),
        (Language::De, "Auf Ihrer Rechnung steht die #, da geht keiner ran."),
        (Language::De, "Bitte nicht mehr unter # anrufen."),
        (Language::De, "Die # gibt es nicht mehr."),
        (Language::De, "Die Einwahl für morgen ist #."),
        (Language::De, "Meine Kundennummer bei Ihnen lautet #."),
        (Language::De, "Die Gerätenummer ist #."),
        (Language::De, "Unser Hausmeister, der Toni, hat die #."),
        (Language::De, "Der Kunde wartet, er ist unter # erreichbar."),
        (Language::Fr, "J'ai un appel manqué du #."),
        (Language::Fr, "Le numéro sur votre site, #, sonne dans le vide."),
        (Language::Fr, "Ma commande n° # n'est pas arrivée."),
        (Language::Fr, "Je ne réponds plus au #."),
        (Language::Fr, "N'appelez plus le #."),
        (Language::Fr, "Pour l'accès voir le gardien, Tedesco : #."),
        (Language::Fr, "Je n'ai pas pu vous joindre au #."),
        (Language::Fr, "Mon comptable, Mme Roy, est au #."),
        (Language::Es, "Tengo una llamada perdida del #."),
        (Language::Es, "El número de su web, #, no da señal."),
        (Language::Es, "El encargado se llama Pepe y está en el #."),
        (Language::Es, "Ya no tengo el #."),
        (Language::Es, "No me llame más al #, lo he perdido."),
        (Language::Es, "Mi número de cliente es #."),
        (Language::It, "Ho una chiamata persa dal #."),
        (Language::It, "Il numero sul vostro sito, #, suona a vuoto."),
        (Language::It, "Il custode si chiama Gino, #."),
        (Language::It, "Non sono più al #."),
        (Language::It, "Non usate più il #."),
        (Language::It, "Il codice pratica è #."),
        (Language::Nl, "Ik had een gemiste oproep van #."),
        (Language::Nl, "Het nummer op jullie site, #, wordt niet opgenomen."),
        (Language::Nl, "De beheerder heet Kees, #."),
        (Language::Nl, "Uw monteur gaf mij #."),
        (Language::Nl, "Mijn klantnummer is #."),
        (Language::Nl, "Bel niet meer naar #."),
        (Language::Pt, "Tenho uma chamada perdida do #."),
        (Language::Pt, "O número no vosso site, #, não atende."),
        (Language::Pt, "O encarregado é o Zé, #."),
        (Language::Pt, "Já não uso o #."),
        (Language::Pt, "O meu número de cliente é #."),
        (Language::Pt, "O porteiro dá acesso, #."),
    ]
    .into_iter()
    .filter(|(language, text)| gives(*language, text))
    .collect();
    assert!(offered.is_empty(), "{offered:#?}");
}

#[test]
fn what_we_say_of_her_number_and_of_ours_is_told_apart() {
    for (language, new, expected) in [
        (Language::En, "I tried you on 07483 512906. Call me back on 07841 926305.", true),
        (Language::En, "I will ring you tomorrow on 07483 512906.", true),
        (Language::En, "Just called 07483 512906, no answer.", true),
        (Language::En, "I called the depot on 07483 512906.", false),
        (Language::En, "I called the workshop on 07483 512906.", false),
        (Language::En, "If you have questions, call 07483 512906.", false),
        (Language::En, "I tried to call you. Please call me on 07483 512906.", false),
        (Language::En, "Our driver tried to reach you, he is on 07483 512906.", false),
        (
            Language::En,
            "I tried your mobile and got no answer, so please ring 07483 512906.",
            false,
        ),
        (Language::En, "No luck reaching you, call back on 07483 512906 when you can.", false),
        (Language::En, "I have left a message on 07483 512906.", true),
        (
            Language::De,
            "Ich konnte Sie nicht erreichen, bitte rufen Sie +44 7483 512906 an.",
            false,
        ),
        (Language::De, "Ich habe Sie unter +44 7483 512906 nicht erreicht.", true),
        (Language::Fr, "Je n'ai pas réussi à vous joindre au +44 7483 512906.", true),
        (Language::Fr, "Je n'ai pas pu vous joindre, merci de rappeler le +44 7483 512906.", false),
        (Language::Es, "No he podido localizarle, por favor llame al +44 7483 512906.", false),
        (
            Language::It,
            "Non sono riuscito a raggiungerla, la prego di chiamare il +44 7483 512906.",
            false,
        ),
        (Language::It, "Ho provato a chiamarla al +44 7483 512906.", true),
        (Language::Nl, "Ik kon u niet bereiken, gelieve +44 7483 512906 te bellen.", false),
        (Language::Pt, "Tentei falar com o senhor no +44 7483 512906.", true),
        (Language::Pt, "Não consegui falar consigo, por favor ligue +44 7483 512906.", false),
        (Language::De, "Ich versuche Sie morgen unter +44 7483 512906 zu erreichen.", true),
        (Language::De, "Ich habe Ihnen auf die Mailbox gesprochen (+44 7483 512906).", true),
        (Language::De, "Sie erreichen mich unter +44 7483 512906.", false),
        (Language::De, "Bei Fragen rufen Sie bitte +44 7483 512906 an.", false),
        (Language::Fr, "Je vous ai laissé un message au +44 7483 512906.", true),
        (Language::Fr, "Je vous rappelle demain au +44 7483 512906.", true),
        (Language::Fr, "Vous pouvez nous joindre au +44 7483 512906.", false),
        (Language::Es, "La llamaré mañana al +44 7483 512906.", true),
        (Language::Es, "Puede llamarnos al +44 7483 512906.", false),
        (Language::It, "La richiamo domani al +44 7483 512906.", true),
        (Language::It, "Può chiamarci al +44 7483 512906.", false),
        (Language::Nl, "Ik bel u morgen op +44 7483 512906.", true),
        (Language::Nl, "U kunt ons bellen op +44 7483 512906.", false),
        (Language::Pt, "Tentei ligar-lhe para o +44 7483 512906.", true),
        (Language::Pt, "Pode ligar-nos para o +44 7483 512906.", false),
    ] {
        let found = offered("s.hall@hall.co.uk", language, new, "");
        assert_eq!(found == ["07483 512906"], expected, "{new}: {found:?}");
    }
}

#[test]
fn what_we_said_of_her_number_before_is_told_as_ours_and_is_no_second_witness() {
    let said = "I tried you on 07483 512906.";
    let earlier = format!(
        "From: Tom Reed <tom@northwind.example>\n\nSusan,\n\n{said} Please have a look.\n\nTom Reed\n"
    );
    for (new, source) in [("No.", Source::OwnEarlier), (said, Source::NewText)] {
        let numbers = sheet("s.hall@hall.co.uk", Language::En, new, &earlier).numbers;
        let [number] = &numbers[..] else { panic!("one number: {numbers:?}") };
        assert_eq!((number.source, &number.also[..]), (source, &[][..]), "{new}");
    }
}

#[test]
fn an_answer_below_a_quote_and_a_thread_without_marks_are_told_apart_by_names() {
    let below = "On Mon, Susan Hall <s@hall.co.uk> wrote:\n> On Sun, Tom Reed <tom@northwind.example> wrote:\n\
        >> We are late.\n>> Tom Reed\n>> T: 0161 496 0100\n> When then?\n> Susan Hall\n> M: 07483 512906\n";
    let bare = "-----Original Message-----\n\nHi Tom,\n\nWhen then?\nSusan Hall\nM: 07483 512906\n\n\
        Dear Susan,\n\nWe are late.\nTom Reed\nT: 0161 496 0100\n";
    for quoted in [below, bare] {
        let found = offered("s@hall.co.uk", Language::En, "Next week.", quoted);
        assert_eq!(found, ["07483 512906"], "{quoted}");
    }
}

#[test]
fn of_a_colleague_only_the_houses_number_is_offered() {
    let quoted = "From: Ann Gray <ann@hall.co.uk>\n\nAsk Susan.\n\nAnn Gray\nHall Ltd\nT: 020 7946 0821\n\
        Direct: 020 7946 0833\nM: 07483 512906\n";
    assert_eq!(offered("s@hall.co.uk", Language::En, "No.", quoted), ["020 7946 0821"]);
}

#[test]
fn a_fax_is_known_by_its_sign_and_by_the_word_behind() {
    for line in
        ["📠 020 7946 0822", "020 7946 0822 (fax)", "020 7946 0822 (Fax)", "Fax 020 7946 0822"]
    {
        let quoted = format!(
            "From: Susan Hall <s@hall.co.uk>\n\nHello\n\nSusan Hall\n☎ 020 7946 0821 · {line}\n"
        );
        assert_eq!(
            offered("s@hall.co.uk", Language::En, "No.", &quoted),
            ["020 7946 0821"],
            "{line}"
        );
    }
}
