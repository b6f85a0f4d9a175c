use super::*;
use crate::{
    mail::{ForwardPath, Recipient, ReversePath},
    message::{self, Limits, PassageKind},
};

/// The mail's own sentences, masked, a line each.
fn masked(to: &str, body: &str) -> String {
    let mail = format!(
        "From: Dana Whitfield <dana.whitfield@inside.example>\r\nTo: {to}\r\n\
         Subject: Your order\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    );
    let reading = message::read(mail.as_bytes(), &Limits::default());
    let recipient = Recipient::plain(ForwardPath::parse("jsmithers@outside.example").unwrap());
    let from = ReversePath::parse("dana.whitfield@inside.example").unwrap();
    let envelope = Envelope::to_one(from, recipient);
    let passages: Vec<Vec<&str>> = reading
        .of_kind(PassageKind::New)
        .map(|p| p.sentences.iter().map(|s| s.text()).collect())
        .collect();
    let mut mask = Mask::new(&reading.header, &envelope, reading.language, &[], &passages);
    let all = passages.iter().flatten().map(|s| mask.sentence(s));
    all.collect::<Vec<_>>().join("\n")
}

fn plain(body: &str) -> String {
    masked("x@outside.example", body)
}

#[test]
fn a_letter_keeps_its_news_and_loses_its_people() {
    let told = masked(
        "\"Smithers, Janet\" <jsmithers@outside.example>",
        "Dear Ms Smithers,\r\n\r\nI spoke with Rajesh Patel about order 4711. Unfortunately your \
         claim CLM-2024/0012 over €1,200.50 is denied as of 12.03.2026, Janet.\r\n\
         Write to claims@inside.example or call +44 20 7946 0018.\r\n",
    );
    assert_eq!(
        told,
        "Dear Ms [NAME1],\n\
         I spoke with [NAME2] [NAME3] about order [NUMBER1].\n\
         Unfortunately your claim [NUMBER2] over €1,200.50 is denied as of 12.03.2026, [NAME4].\n\
         Write to [EMAIL1] or call +[PHONE1]."
    );
}

#[test]
fn names_are_known_by_where_they_stand_in_seven_languages() {
    for (body, hidden) in [
        ("Dear Mr. John Ashdown,\r\n\r\nyour order will be late.", "john ashdown"),
        ("hi bob,\r\n\r\nyour order will be late, bob.", "bob"),
        ("This is Priya Nair from the workshop. The part is not here yet.", "priya nair"),
        (
            "Sehr geehrte Frau Dr. Öztürk,\r\n\r\nleider wird Ihre Bestellung später geliefert.",
            "öztürk",
        ),
        (
            "Guten Tag,\r\n\r\nmein Name ist Anke Bruns. Leider können wir nicht liefern.",
            "anke bruns",
        ),
        ("Leider hat unser Kollege Uwe Brandt die Ware noch nicht versendet.", "uwe brandt"),
        ("Lieber Herr von der Heide,\r\n\r\nleider müssen wir absagen, Herr Heide.", "heide"),
        ("Bonjour Madame Lefèvre,\r\n\r\nnous ne pouvons pas vous rembourser.", "lefèvre"),
        ("Nous avons parlé avec M. Dupont de votre dossier et nous refusons.", "dupont"),
        ("Estimada Sra. Núñez:\r\n\r\nno podemos aceptar la devolución.", "núñez"),
        ("Hemos hablado con doña Carmen Ibarra y no podemos aceptarlo.", "carmen ibarra"),
        ("Gentile dott.ssa Bianchi,\r\n\r\nla richiesta non può essere accolta.", "bianchi"),
        ("Abbiamo parlato con la signora Esposito e non possiamo accettare.", "esposito"),
        ("Geachte heer Van den Berg,\r\n\r\nhelaas kunnen wij niet leveren.", "berg"),
        ("Beste Sanne,\r\n\r\nhelaas is de levering vertraagd.", "sanne"),
        ("Prezado Sr. Figueiredo,\r\n\r\nnão podemos aceitar o pedido.", "figueiredo"),
        ("Chamo-me Inês Tavares. Não podemos aceitar a devolução.", "inês tavares"),
        ("Nadia, we cannot deliver the cakes. Ask Nadia.", "nadia"),
        ("We asked our driver Aniek twice. Aniek cannot come.", "aniek"),
        ("Hi Tessa & Milo!\r\n\r\nWe cannot come.", "tessa milo"),
        ("Chère Brigitte, cher Gaspard,\r\n\r\nnous ne livrons pas.", "brigitte gaspard"),
        ("Les clés étaient là ; Sofiane vous les a postées.", "sofiane"),
        ("We cannot deliver before May.\r\n\r\nThanks, Gemma", "gemma"),
        ("Wir können nicht liefern.\r\n\r\nDanke und Gruß Torben", "torben"),
    ] {
        let told = plain(body).to_lowercase();
        for word in hidden.split(' ') {
            let whole = told.split(|c: char| !c.is_alphabetic()).any(|w| w == word);
            assert!(!whole, "{word} stands in: {told}");
        }
    }
}

#[test]
fn ordinary_words_stay_whatever_their_capital() {
    for body in [
        "Dear customer,\r\n\r\nyour Warranty does not cover it and the Company refuses the Claim.",
        "Sehr geehrte Damen und Herren,\r\n\r\nleider lehnen wir Ihren Antrag auf Erstattung ab.",
        "Cancellation: your order is not coming.",
        "Sadly, we cannot deliver.",
        "Hi there,\r\n\r\nwe will be late until Monday, 3 March.",
        "Bonjour à tous,\r\n\r\nla livraison aura du retard.",
        "We Cannot Deliver Your Order Before The End Of The Month",
        "Geachte klant,\r\n\r\nhelaas kunnen wij U niet helpen met Uw klacht.",
    ] {
        assert!(!plain(body).contains("[NAME"), "{}", plain(body));
    }
}

#[test]
fn numbers_that_tell_a_case_go_and_those_that_tell_the_news_stay() {
    for (text, told) in [
        ("Your order 4711 is late.", "Your order [NUMBER1] is late."),
        ("See #812 and ticket no. 99321.", "See #[NUMBER1] and ticket no. [NUMBER2]."),
        ("Invoice 2026-00123 stays open.", "Invoice [NUMBER1] stays open."),
        ("The unit SN48X2210 is out of warranty.", "The unit [NUMBER1] is out of warranty."),
        ("Pay to DE89 3704 0044 0532 0130 00 today.", "Pay to [IBAN1] today."),
        ("Pay to GB29NWBK60161331926819.", "Pay to [IBAN1]."),
        ("Ring (030) 1234-567 or 0171/2345678.", "Ring ([PHONE1] or [PHONE2]."),
        ("Appelez le 01 23 45 67 89.", "Appelez le [PHONE1]."),
        ("See https://x.example/c?id=7 and www.y.example.", "See [LINK1] and [LINK2]."),
        (
            "It costs 1 200,50 € or $10,000.00 or 300 EUR.",
            "It costs 1 200,50 € or $10,000.00 or 300 EUR.",
        ),
        (
            "From 3/9/26 prices rise by 12.5 % at 14:30.",
            "From 3/9/26 prices rise by 12.5 % at 14:30.",
        ),
        (
            "On 2026-11-17 in 2027 we end the 15th 500kg and 24h offer.",
            "On 2026-11-17 in 2027 we end the 15th 500kg and 24h offer.",
        ),
        ("Of 10,000 units 250 are broken.", "Of 10,000 units 250 are broken."),
        ("On 17.11.2026 0171 2345678 rang.", "On 17.11.2026 [PHONE1] rang."),
    ] {
        assert_eq!(plain(text), told);
    }
}

#[test]
fn the_same_word_has_the_same_placeholder() {
    let told =
        plain("Dear Ann,\r\n\r\nAnn's order 4711 and order 4712 are late; order 4711 most, Ann.");
    assert_eq!(
        told,
        "Dear [NAME1],\n[NAME1]'s order [NUMBER1] and order [NUMBER2] are late; order [NUMBER1] \
         most, [NAME1]."
    );
}

/// One sentence of a mail without a header.
fn plain_sentence(text: &str) -> String {
    let to = Recipient::plain(ForwardPath::parse("a@b.example").unwrap());
    let envelope = Envelope::to_one(ReversePath::Null, to);
    Mask::new(&Header::default(), &envelope, None, &[text], &[vec![text]]).sentence(text)
}

#[test]
fn any_text_is_masked_without_a_panic_and_keeps_its_white_space() {
    for text in ["", " ", "…", "«»", "+", "((( 0", "1 / 2 / 3", "@", "a@", "١٢٣٤٥٦٧", "İ ß ǆ"]
    {
        let told = plain_sentence(text);
        assert_eq!(told.split_whitespace().count(), text.split_whitespace().count(), "{told}");
    }
}

proptest::proptest! {
    #[test]
    fn no_address_and_no_long_code_is_left_of_any_text(text in "[ -~äßéÑ\u{a0}…“”–0-9]{0,120}") {
        let told = plain_sentence(&text);
        for word in told.split_whitespace() {
            let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
            proptest::prop_assert!(!inner.contains('@'), "{text:?}: {told:?}");
            let digits = inner.chars().filter(char::is_ascii_digit).count();
            let only_digits = digits == inner.len();
            // An amount of up to eleven digits may stay.
            proptest::prop_assert!(!(only_digits && digits > 11), "{text:?}: {told:?}");
        }
    }
}
