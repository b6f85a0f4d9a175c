//! Nothing that arrives can make the reader fail, and its work stays in proportion.

use std::time::{Duration, Instant};

use callfirst::message::{Limits, attached, closed, normal, read, sentences};
use proptest::prelude::*;

fn small() -> Limits {
    Limits {
        message_octets: 20_000,
        parts: 20,
        depth: 4,
        text_octets: 2_000,
        fields: 20,
        field_octets: 200,
        sentences: 30,
    }
}

/// Pieces of which mail is made, so that random mail gets past the first line.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "Content-Type: multipart/alternative; boundary=b\r\n",
        "Content-Type: text/html\r\n",
        "\r\n",
        "--b\r\n",
        "--b--\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "Content-Type: message/rfc822\r\n",
        "Subject: =?utf-8?q?=C3?= =?utf-8?q?=A4?=\r\n",
        "From: \"a (b\" <c@d>, e:f@g;\r\n",
        "> quoted\r\n",
        "-- \r\n",
        "Best regards,\r\n",
        "On 1.1.2025 10:00 a@b wrote:\r\n",
        "<blockquote><p style='display:none'>",
        "</div></p><td>",
        "SGVsbG8=\r\n",
        "=C3=A4=\r\n",
        "begin 644 x\r\n",
        "end\r\n",
        "Content-Disposition: attachment; filename*0*=utf-8''%41; filename*1=b\r\n",
        "In-Reply-To: <a@b>\r\n",
        "\u{200b}ä. Z.B. 3. März! ",
        "Content-Type: text/plain; charset=utf-32\r\n",
        "Content-Type: text/plain; charset=utf-7\r\n",
        "References: <a> <b>\r\n",
    ]);
    prop_oneof![
        4 => known.prop_map(|s| s.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => "[ -~\r\n]{0,60}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &Limits::default());
        let _ = attached(&bytes, &Limits::default());
        closed(&bytes, &Limits::default(), 100, |_| true, |_, octets| {
            assert!(octets.is_none_or(|o| o.len() <= 100));
        });
    }

    #[test]
    fn mail_of_arbitrary_pieces_is_read_within_limits(pieces in prop::collection::vec(piece(), 0..40)) {
        let mail = pieces.concat();
        let limits = small();
        let reading = read(&mail, &limits);
        let count: usize = reading.passages.iter().map(|p| p.sentences.len()).sum();
        prop_assert!(count <= limits.sentences);
        prop_assert!(reading.header.fields.len() <= limits.fields);
        prop_assert!(reading.defects.windows(2).all(|w| w[0] < w[1]));
        prop_assert!(reading.passages.iter().flat_map(|p| &p.sentences).all(|s| !s.text().contains('\n')));
    }

    #[test]
    fn sentences_lose_no_letter(text in "[A-Za-zäéß.!? \n\"(),0-9-]{0,200}") {
        let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let joined: String = sentences(&text).into_iter().map(|s| s.text().to_owned()).collect();
        prop_assert_eq!(letters(&joined), letters(&text));
    }

    #[test]
    fn the_normal_form_of_a_normal_form_is_itself(text in "\\PC{0,60}") {
        let once = normal(&text);
        prop_assert_eq!(normal(&once), once);
    }
}

/// Time for ten times as much must be about ten times as long, not a hundred times.
#[test]
fn deep_and_wide_shapes_cost_in_proportion() {
    let nested = |n: usize| {
        let mut mail = String::new();
        for i in 0..n {
            mail.push_str(&format!(
                "Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"
            ));
        }
        mail.into_bytes()
    };
    type Shape = (&'static str, Box<dyn Fn(usize) -> Vec<u8>>);
    let html = |open: &'static str, close: &'static str| -> Box<dyn Fn(usize) -> Vec<u8>> {
        Box::new(move |n| {
            format!("Content-Type: text/html\r\n\r\n{}x{}", open.repeat(n), close.repeat(n))
                .into_bytes()
        })
    };
    let text = |line: &'static str| -> Box<dyn Fn(usize) -> Vec<u8>> {
        Box::new(move |n| format!("Subject: Re: x\r\n\r\n{}", line.repeat(n)).into_bytes())
    };
    let shapes: Vec<Shape> = vec![
        ("multiparts", Box::new(nested)),
        ("divs", html("<div>", "</span>")),
        ("hidden", html("<b style='color:#fff'>a", "</b>")),
        ("attributions", text("On 3 May 2025 at 10:00 Ann\r\n")),
        ("headers", text("From: a\r\n")),
        ("formulas", text("Regards,\r\n")),
        ("prose", text("Thanks,\r\nwe are sorry to say that this will never be done by us.\r\n")),
        ("dots", text("a. b. C. 1. ")),
        (
            "encoded words",
            Box::new(|n| format!("Subject: {}\r\n\r\n", "=?utf-8?q?=41 ".repeat(n)).into_bytes()),
        ),
        (
            "delimiters",
            Box::new(|n| {
                format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n".repeat(n))
                    .into_bytes()
            }),
        ),
    ];
    for (name, shape) in shapes {
        let mail = shape(20_000);
        let begun = Instant::now();
        let _ = read(&mail, &Limits::default());
        let took = begun.elapsed();
        println!("{name}: {} octets in {took:?}", mail.len());
        assert!(took < Duration::from_secs(8), "{name}: {took:?}");
    }
}
