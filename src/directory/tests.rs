use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use super::*;
use crate::{
    call::Source,
    decision::Organisation,
    http::scripted::{Act, Scripted},
    message::Language,
    reach::Limits,
};

fn terms(country: Option<&str>) -> Terms {
    let domains = vec!["northwind.example".to_owned()];
    let organisation = Organisation { name: "Northwind".to_owned(), domains };
    Terms { organisation, country: country.map(str::to_owned) }
}

fn parse(text: &str) -> Result<People, Vec<Mistake>> {
    People::parse(text, String::new(), &terms(Some("GB")))
}

const TABLE: &str = "\u{feff}E-Mail;First Name;Last Name;Company;Job Title;Phone;Mobile;Fax;Language;Time Zone\r\n\
    Susan@Hall.example;Susan;Hall;\"Hall; Sons\";Buyer;020 7946 0018;07911 123456;020 7946 0019;en-GB;Europe/London\r\n\
    *@hall.example;;;Hall;;020 7946 0000;;;;\r\n\
    tom@northwind.example;Tom;Reed;Northwind;;020 7946 0100;;;;\r\n\
    ;;;;;;;;;\r\n";

#[test]
fn a_spreadsheets_export_is_read() {
    let people = parse(TABLE).unwrap();
    assert_eq!((people.len(), people.warnings()), (2, &[][..]));
    let (susan, everybody) = people.find("SUSAN@hall.example");
    let (susan, everybody) = (susan.unwrap(), everybody.unwrap());
    assert_eq!((susan.name.as_str(), susan.role.as_str()), ("Susan Hall", "Buyer"));
    assert_eq!(susan.numbers, ["07911 123456", "020 7946 0018"], "the mobile first, and no fax");
    assert_eq!(
        (susan.language, susan.zone.as_deref()),
        (Some(Language::En), Some("Europe/London"))
    );
    assert!(!susan.whole_domain && everybody.whole_domain);
    assert_eq!(susan.country.as_deref(), Some("GB"));
    let (nobody, house) = people.find("ann@hall.example");
    assert!(nobody.is_none() && house.unwrap().numbers == ["020 7946 0000"]);
    let stranger = people.find("ann@other.example");
    assert!(stranger.0.is_none() && stranger.1.is_none());
}

#[cfg(feature = "phone")]
#[test]
fn our_own_people_give_numbers_that_are_never_called() {
    let people = parse(TABLE).unwrap();
    assert_eq!(people.ours().iter().collect::<Vec<_>>(), ["+442079460100"]);
    assert!(people.find("tom@northwind.example").0.is_none());
}

#[test]
fn mistakes_name_the_line_and_not_what_stands_in_it() {
    let with = |row: &str| parse(&format!("address,name,zone\na@b.example,A,\n{row}\n"));
    for (row, line, wanted) in [
        ("secret.example,Secret,", 3, "`address` is no address"),
        ("*@,Secret,", 3, "`address` is no address"),
        ("c@b.example,Secret,Europe/Secret", 3, "no time zone"),
        ("c@b.example,Secret", 3, "fields: 2 here, 3 in"),
        (&format!("c@b.example,\"Secret{}\",", "x".repeat(300)), 3, "more than 200 characters"),
    ] {
        let told = with(row).unwrap_err();
        assert_eq!((told.len(), told[0].line), (1, line), "{told:?}");
        assert!(told[0].message.contains(wanted), "{told:?}");
        assert!(!format!("{told:?}").to_lowercase().contains("secret"), "{told:?}");
    }
    let told = parse("name,phone\nSusan,020 7946 0018\n").unwrap_err();
    assert!(
        told[0].message.contains("no column `address`") && told[0].help.contains("address,name")
    );
    let many = "nobody,,\n".repeat(100);
    assert_eq!(with(&many).unwrap_err().len(), 20, "more are not told at once");
}

#[test]
fn odd_rows_are_passed_over_and_told() {
    let text = "address,name,phone\na@b.example,A,n/a\nA@B.example,B,\n,Nobody,\n";
    let people = parse(text).unwrap();
    assert_eq!(people.find("a@b.example").0.unwrap().name, "A", "the first row counts");
    let lines: Vec<u64> = people.warnings().iter().map(|w| w.line).collect();
    let expected = if cfg!(feature = "phone") { vec![2, 3, 4] } else { vec![3, 4] };
    assert_eq!(lines, expected);
}

#[test]
fn a_table_has_its_limits() {
    let rows: String = (0..=200_000).map(|n| format!("{n}@b.example\n")).collect();
    let told = parse(&format!("address\n{rows}")).unwrap_err();
    assert_eq!(told.len(), 1);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].message.contains("more than 200000 rows"), "{told:?}");
    assert_eq!(told[0].line, 200_002);
}

#[test]
fn a_file_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let refused = |path: &std::path::Path| read(path, &terms(None)).unwrap_err();
    assert!(matches!(refused(&path), BadFile::Unreadable { .. }));
    fs::write(&path, b"address,name\na@b.example,J\xf6rg\n").unwrap();
    assert!(matches!(refused(&path), BadFile::NotUtf8(_)));
    fs::write(&path, "address\nnobody\n").unwrap();
    assert!(matches!(refused(&path), BadFile::Mistakes { .. }));
    fs::write(&path, "address\na@b.example\n").unwrap();
    let one = read(&path, &terms(None)).unwrap();
    fs::write(&path, "address\nb@b.example\n").unwrap();
    assert_ne!(read(&path, &terms(None)).unwrap().fingerprint(), one.fingerprint());
}

proptest::proptest! {
    #[test]
    fn any_table_is_read_or_refused(
        text in "(address|email|name|phone|zone|[,;\t\"])*\n([a-z@.,;\"\n0-9 +]|Europe/Paris|\\PC)*",
        asked in "\\PC{0,20}",
    ) {
        match parse(&text) {
            Ok(people) => drop(people.find(&asked)),
            Err(mistakes) => assert!((1..=20).contains(&mistakes.len())),
        }
    }
}

const TIMEOUT: Duration = Duration::from_millis(400);
const SUSAN: &str = r#"{"name":"Susan Hall","numbers":["+44 20 7946 0018"]}"#;

fn settings(server: &Scripted) -> CrmSettings {
    CrmSettings {
        url: format!("http://{}/people?address={{address}}&v=1", server.address).parse().unwrap(),
        key_file: None,
        key_field: None,
        ca_file: None,
        bounds: Bounds {
            timeout: TIMEOUT,
            cache: Duration::from_secs(60),
            limits: Limits { at_once: 2, per_minute: 100, per_day: 100 },
        },
        country: Some("GB".to_owned()),
    }
}

fn says(body: &str) -> Act {
    Act::Status(200, body.to_owned())
}

#[tokio::test]
async fn the_customer_system_is_asked_for_one_address_and_no_more() {
    let server = Scripted::start([says(SUSAN)]).await;
    let crm = Remote::crm(&settings(&server)).unwrap();
    let known = crm.look_up("Susan+x@Hall.example").await.unwrap();
    assert_eq!((known.source, known.name.as_str()), (Source::Crm, "Susan Hall"));
    assert_eq!(known.country.as_deref(), Some("GB"));
    let heard = server.heard().remove(0);
    let asked = "GET /people?address=susan%2Bx%40hall%2Eexample&v=1 HTTP/1.1\r\n";
    assert!(heard.head.starts_with(asked), "{}", heard.head);
    assert!(!heard.head.contains("authorization"), "{}", heard.head);
    // The same again is remembered; a question too many would end the server.
    assert_eq!(crm.look_up("susan+x@hall.example").await.unwrap(), known);
}

#[tokio::test]
async fn nobody_known_is_an_answer_that_is_remembered() {
    let server = Scripted::start([Act::Status(404, String::new())]).await;
    let crm = Remote::crm(&settings(&server)).unwrap();
    for _ in 0..2 {
        assert_eq!(crm.look_up("a@b.example").await, None);
    }
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn whatever_else_it_does_is_no_answer_in_time_and_soon_it_rests() {
    let acts = [
        Act::Stall,
        Act::Drip,
        Act::Large(1 << 20),
        Act::Redirect,
        says("[1]"),
        says("not asked any more"),
    ];
    let server = Scripted::start(acts).await;
    let crm = Remote::crm(&settings(&server)).unwrap();
    for _ in 0..6 {
        let began = Instant::now();
        assert_eq!(crm.look_up("a@b.example").await, None);
        assert!(began.elapsed() < TIMEOUT * 2, "{:?}", began.elapsed());
    }
    assert_eq!(server.heard().len(), 5, "five failures in a row, then it is left alone");
}

#[tokio::test]
async fn its_key_goes_into_the_field_that_it_wants() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, "s3cret\n").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let server = Scripted::start([says("{}"), says("{}")]).await;
    let with = |key_field: Option<&str>| CrmSettings {
        key_file: Some(path.clone()),
        key_field: key_field.map(str::to_owned),
        ..settings(&server)
    };
    for (field, wanted) in
        [(None, "authorization: Bearer s3cret\r\n"), (Some("X-Api-Key"), "x-api-key: s3cret\r\n")]
    {
        let crm = Remote::crm(&with(field)).unwrap();
        crm.look_up("a@b.example").await;
        let heard = server.heard().pop().unwrap();
        assert!(heard.head.contains(wanted), "{}", heard.head);
    }
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    assert!(Remote::crm(&with(None)).is_err());
}
