//! The words that tell names and numbers from the rest, in seven languages. All lower case.

use std::{collections::HashSet, sync::LazyLock};

/// A list of words.
pub(super) type List = LazyLock<HashSet<&'static str>>;

fn list(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// Whether a word is an ordinary one, whatever its capital: no part of a name is taken from it.
pub(super) fn is_common(lower: &str) -> bool {
    let lists = [&TIMES, &ROLES, &BUSINESS, &POLITE, &GREETINGS, &TITLES, &CLOSINGS, &CASES];
    lists.into_iter().any(|list| list.contains(lower))
}

/// How letters begin.
pub(super) static GREETINGS: List = LazyLock::new(|| {
    list(
        "dear hi hello hey good morning afternoon evening greetings sehr geehrte geehrter geehrten \
         liebe lieber hallo guten tag morgen moin servus grüezi bonjour bonsoir salut cher chère \
         chers chères estimado estimada estimados estimadas querido querida hola buenos buenas días \
         tardes apreciado apreciada gentile gentili egregio egregia caro cara cari buongiorno \
         buonasera salve ciao spettabile geachte beste dag goedemorgen goedemiddag hoi prezado \
         prezada prezados caros estimadíssimo exmo exma olá oi bom boa dia tarde",
    )
});

/// What stands before a name. German writes of colleagues so: "Kollege Peter Müller".
pub(super) static TITLES: List = LazyLock::new(|| {
    list(
        "mr mrs ms miss mx dr prof professor sir madam herr herrn frau hr fr kollege kollegen \
         kollegin techniker technikerin monteur sachbearbeiter sachbearbeiterin ansprechpartner \
         ansprechpartnerin m mm mme mlle monsieur messieurs madame mesdames mademoiselle maître me \
         señor señora señorita sr sra srta don doña d dña sig signor signora signore signorina dott \
         dottor dottore dottoressa ing avv geom rag ra ssa dhr mevr mw heer mevrouw meneer drs ir \
         senhor senhora dona doutor doutora eng dra",
    )
});

/// Titles that are written small inside a sentence.
pub(super) static SMALL_TITLES: List = LazyLock::new(|| {
    list(
        "monsieur madame mademoiselle maître señor señora señorita don doña signor signora signorina \
         dottor dottoressa heer mevrouw meneer senhor senhora dona doutor doutora kollege sig sr sra \
         dr",
    )
});

/// Short titles that often lack their full stop.
pub(super) static BARE_TITLES: List = LazyLock::new(|| list("mr ms mx dr sr hr mw"));

/// Small words within names.
pub(super) static PARTICLES: List = LazyLock::new(|| {
    list(
        "van von vom zu zur de der den del della di da do dos das du des la las los le el al ten ter \
         y e bin ibn mac mc st d o",
    )
});

/// What people say before their own name.
pub(super) const INTRODUCTIONS: &[&str] = &[
    "my name is",
    "this is",
    "i am",
    "mein name ist",
    "ich bin",
    "ich heiße",
    "ich heisse",
    "je m'appelle",
    "je suis",
    "me llamo",
    "mi nombre es",
    "soy",
    "mi chiamo",
    "sono",
    "il mio nome è",
    "mijn naam is",
    "ik ben",
    "ik heet",
    "chamo-me",
    "meu nome é",
    "o meu nome é",
    "sou",
];

/// Words of closing formulas.
pub(super) static CLOSINGS: List = LazyLock::new(|| {
    list(
        "regards wishes sincerely faithfully truly cheers thanks thank you best kind warm yours many \
         all the grüße grüßen grüsse grüssen gruß gruss viele beste liebe freundlichen freundliche \
         mit danke dank mfg vg lg cordialement salutations merci bien à vous saludos saludo un \
         atentamente cordialmente gracias saluti cordiali distinti grazie groet groeten groetjes \
         vriendelijke met bedankt cumprimentos abraço abraços atenciosamente obrigado obrigada com",
    )
});

/// Behind these a number of three digits is somebody's.
pub(super) static CASES: List = LazyLock::new(|| {
    list(
        "order invoice claim policy contract account case ticket booking reference ref customer \
         membership application quote po rma serial bestellung auftrag rechnung vertrag vorgang \
         aktenzeichen kunde konto police buchung angebot schaden commande facture contrat dossier \
         réservation devis sinistre compte pedido factura contrato expediente reserva siniestro \
         póliza cuenta ordine fattura contratto pratica polizza sinistro preventivo prenotazione \
         conto bestelling factuur overeenkomst boeking schade offerte rekening encomenda fatura \
         apólice processo orçamento conta",
    )
});

/// Behind these too, and years are no exception.
pub(super) static NUMBER_WORDS: List = LazyLock::new(|| {
    list(
        "no number num nr nummer n nº n° numéro numero número id code bestellnummer auftragsnummer \
         rechnungsnummer kundennummer vertragsnummer schadennummer vorgangsnummer bestelnummer \
         ordernummer klantnummer factuurnummer dossiernummer ordernumber",
    )
});

/// Behind these it is a telephone's.
pub(super) static TELEPHONES: List = LazyLock::new(|| {
    list(
        "phone telephone tel mobile cell call fax telefon telefonnummer mobil handy téléphone \
         portable teléfono móvil telefono cellulare telefoon mobiel telefone telemóvel celular",
    )
});

/// Money and shares, behind a number or before it.
pub(super) static CURRENCIES: List = LazyLock::new(|| {
    list(
        "eur euro euros usd dollar dollars gbp pound pounds pfund livres libras sterline pond chf \
         franken francs brl reais dólares dollari percent prozent pour procent",
    )
});

/// Ends of host names.
pub(super) static TOP_LEVEL: List = LazyLock::new(|| {
    list(
        "com org net info biz eu de at ch fr be es it nl pt br uk ie us ca au nz mx io app dev cloud \
         online shop example test",
    )
});

/// Days and months: dates stay.
static TIMES: List = LazyLock::new(|| {
    list(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may \
         june july august september october november december jan feb mar apr jun jul aug sep sept \
         oct nov dec montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz \
         mai juni juli oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier \
         février mars avril juin juillet août septembre octobre novembre décembre lunes martes \
         miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto \
         septiembre octubre noviembre diciembre lunedì martedì mercoledì giovedì venerdì sabato \
         domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre maandag \
         dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei augustus \
         segunda terça quarta quinta sexta feira janeiro fevereiro março maio junho julho setembro \
         outubro novembro dezembro easter christmas ostern weihnachten",
    )
});

/// Departments and posts, as they stand in display names and local parts.
static ROLES: List = LazyLock::new(|| {
    list(
        "info sales support service services customer customers customerservice claims returns orders \
         billing accounts accounting finance office contact admin team desk help helpdesk noreply \
         reply mail post department manager management director hr jobs careers recruiting legal \
         press marketing logistics shipping warranty refunds complaints everyone there both folks \
         guys colleagues colleague kundenservice kundendienst vertrieb verkauf buchhaltung \
         reklamation abteilung zusammen alle damen herren kunde kundin kunden kolleginnen tous toutes \
         client cliente clients équipe servicio atención ventas todos todas equipo servizio clienti \
         vendite tutti squadra klant klanten klantenservice verkoop allemaal iedereen vendas \
         atendimento equipe assistenza soporte suporte direction personal recepción empfang",
    )
});

/// Nouns of business letters that some write with a capital, and words that begin sentences.
static BUSINESS: List = LazyLock::new(|| {
    list(
        "agreement approval benefit board committee company compensation complaint cover coverage \
         credit damage decision delay delivery denied discount fee guarantee goods insurance insured \
         internet letter loan offer partner party payment permit plan price prices product project \
         proposal purchase rate refund rejection repair replacement return schedule section seller \
         shipment status subject supplier terms conditions tender termination unfortunately update \
         vendor work regarding please sorry apologies i we it if english german french spanish \
         italian dutch portuguese european british american prix garantie remboursement livraison \
         réclamation assurance direction garantía reembolso entrega reclamación seguro precio \
         garanzia rimborso consegna reclamo assicurazione prezzo terugbetaling levering klacht \
         verzekering prijs garantia preço reclamação however sadly regrettably finally today again \
         yes no also so now as thanks helaas hélas malheureusement lamentablemente desafortunadamente \
         purtroppo infelizmente",
    )
});

/// Pronouns that politeness writes with a capital.
static POLITE: List = LazyLock::new(|| {
    list(
        "sie ihr ihre ihren ihrem ihrer ihres ihnen du dein deine wir ich uns unser unsere leider es \
         das die der vous votre vos nous usted ustedes ud uds su sus lei le la suo sua suoi sue voi \
         vostro vostra u uw você vocês seu vossa excelência",
    )
});
