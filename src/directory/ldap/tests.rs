use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    time::{Duration, Instant},
};

use self::scripted::{Act, DONE, Scripted, Search, element, entry, message, reference, result};
use super::*;
use crate::{
    call::{Known, Source},
    directory::{Bounds, CrmSettings, People, Remote, Remotes},
    http::scripted as http,
    message::Language,
    reach::Limits,
};

mod scripted;

const TIMEOUT: Duration = Duration::from_millis(500);
const MAIL: &str = "susan@hall.example";
const BIND: u8 = 0x60;
const SEARCH: u8 = 0x63;
const EXTENDED: u8 = 0x77;

fn attributes(names: &[&str]) -> Vec<Attribute> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn settings(server: &Scripted) -> LdapSettings {
    LdapSettings {
        server: format!("ldap://{}", server.address).parse().unwrap(),
        security: Security::ClearHere,
        ca_file: None,
        bind: None,
        base: "dc=hall,dc=example".to_owned(),
        filter: "(|(mail={mail})(proxyAddresses=smtp:{mail}))".parse().unwrap(),
        attributes: Attributes {
            name: attributes(&["displayName", "cn"]),
            numbers: attributes(&["telephoneNumber", "mobile"]),
            role: attributes(&["title"]),
            organisation: attributes(&["o"]),
            language: attributes(&["preferredLanguage"]),
            country: attributes(&["c"]),
            zone: attributes(&["zone"]),
        },
        most_entries: 2,
        country: Some("GB".to_owned()),
        bounds: Bounds {
            timeout: TIMEOUT,
            cache: Duration::from_secs(60),
            limits: Limits { at_once: 2, per_minute: 100, per_day: 100 },
        },
    }
}

async fn ask(settings: &LdapSettings) -> Outcome {
    Ldap::new(settings).unwrap().ask(MAIL).await
}

/// What comes of one search.
async fn asked(search: Search) -> Outcome {
    let server = Scripted::start([Act { search, ..Act::default() }]).await;
    ask(&settings(&server)).await
}

async fn gives(entries: Vec<Vec<u8>>) -> Outcome {
    asked(Search::Gives(entries, 0)).await
}

fn known(outcome: Outcome) -> Known {
    match outcome {
        Outcome::Known(known) => known,
        other => panic!("{other:?}"),
    }
}

fn susan() -> Vec<u8> {
    entry(&[("cn", &[b"Susan Hall"]), ("telephoneNumber", &[b"020 7946 0018"])])
}

fn holds(octets: &[u8], text: &str) -> bool {
    octets.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn an_entry_is_read_by_the_attributes_that_are_named() {
    let one = entry(&[
        ("CN", &[b"S. Hall"]),
        ("displayName;lang-en", &["Susan Höll".as_bytes()]),
        ("mobile", &[b"+44 7911 123456"]),
        ("telephoneNumber", &[b" 020 7946 0018 ", b"020 7946 0019"]),
        ("facsimileTelephoneNumber", &[b"020 7946 0099"]),
        ("title", &[b"Head of Purchasing"]),
        ("o", &[b"Hall & Sons"]),
        ("preferredLanguage", &[b"en-GB, de;q=0.8"]),
        ("c", &[b"ie"]),
        ("zone", &[b"Europe/Dublin"]),
    ]);
    let server = Scripted::start([Act { search: Search::Gives(vec![one], 0), ..Act::default() }]);
    let server = server.await;
    let known = known(ask(&settings(&server)).await);
    assert_eq!((known.source, known.whole_domain), (Source::Ldap, false));
    assert_eq!(
        (known.name.as_str(), known.role.as_str()),
        ("Susan Höll", "Head of Purchasing, Hall & Sons")
    );
    assert_eq!(known.numbers, ["020 7946 0018", "020 7946 0019", "+44 7911 123456"]);
    assert_eq!(
        (known.country.as_deref(), known.zone.as_deref()),
        (Some("IE"), Some("Europe/Dublin"))
    );
    assert_eq!(known.language, Some(Language::En));
    assert_eq!(server.asked(), [SEARCH], "without a name nobody binds");
    let (_, request) = server.heard().remove(0);
    for part in [
        "dc=hall,dc=example",
        MAIL,
        "smtp:susan@hall.example",
        "telephoneNumber",
        "preferredLanguage",
    ] {
        assert!(holds(&request, part), "{part} is not in {request:x?}");
    }
    assert!(!holds(&request, "facsimile"));
}

#[tokio::test]
async fn odd_values_are_passed_over() {
    let long = [b'x'; 81];
    let odd = entry(&[
        ("displayName", &[b"J\xf6rg", b"a\0b", b"", &long]),
        ("cn", &[b"\xff\xfe", b"Tom"]),
        ("telephoneNumber", &[b"020\n7946", b"\x80\x81", b"020 7946 0018"]),
        ("title", &[&[b'y'; 70]]),
        ("o", &[&[b'z'; 70]]),
        ("c", &[b"Eire"]),
        ("zone", &[b"Mars"]),
        ("jpegPhoto", &[&[0xff, 0xd8, 0xff]]),
        ("empty", &[]),
    ]);
    let known = known(gives(vec![odd]).await);
    assert_eq!((known.name.as_str(), known.role.as_str()), ("Tom", "y".repeat(70).as_str()));
    assert_eq!(known.numbers, ["020 7946 0018"]);
    assert_eq!((known.country.as_deref(), known.zone), (Some("GB"), None));
}

#[tokio::test]
async fn several_entries_are_one_person_or_nobody() {
    let again = entry(&[
        ("cn", &[b"SUSAN HALL"]),
        ("telephoneNumber", &[b"020 7946 0018"]),
        ("mobile", &[b"07911 123456"]),
        ("title", &[b"Buyer"]),
    ]);
    let one = known(gives(vec![susan(), again]).await);
    assert_eq!((one.name.as_str(), one.role.as_str()), ("Susan Hall", "Buyer"));
    assert_eq!(one.numbers, ["020 7946 0018", "07911 123456"]);
    let unnamed = entry(&[("telephoneNumber", &[b"020 7946 0020"])]);
    assert_eq!(gives(vec![susan(), unnamed.clone()]).await, Outcome::Ambiguous);
    assert_eq!(gives(vec![unnamed.clone(), unnamed]).await, Outcome::Ambiguous);
    let tom = entry(&[("cn", &[b"Tom"]), ("telephoneNumber", &[b"020 7946 0020"])]);
    assert_eq!(gives(vec![susan(), tom]).await, Outcome::Ambiguous);
    assert_eq!(gives(vec![susan(), susan(), susan()]).await, Outcome::Ambiguous, "too many");
    let cut = Search::Gives(vec![susan()], 4);
    assert_eq!(asked(cut).await, Outcome::Ambiguous, "there are more than it tells");
    assert_eq!(gives(Vec::new()).await, Outcome::Unknown);
}

#[tokio::test]
async fn references_to_others_are_not_followed() {
    let elsewhere = reference("ldap://203.0.113.1/dc=other");
    assert_eq!(known(gives(vec![susan(), elsewhere.clone()]).await).name, "Susan Hall");
    assert_eq!(gives(vec![elsewhere]).await, Outcome::Unknown);
    assert_eq!(asked(Search::Gives(Vec::new(), 10)).await, Outcome::NoAnswer("referred"));
}

#[tokio::test]
async fn results_have_a_word() {
    for (code, word) in [
        (1, "server_error"),
        (2, "client_error"),
        (13, "not_allowed"),
        (32, "client_error"),
        (50, "not_allowed"),
        (51, "server_error"),
    ] {
        assert_eq!(asked(Search::Gives(Vec::new(), code)).await, Outcome::NoAnswer(word), "{code}");
    }
}

fn password(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    (folder, path)
}

#[tokio::test]
async fn who_has_a_name_binds_first() {
    let (_folder, password_file) = password("pass wörd\n");
    let found = Search::Gives(vec![susan()], 0);
    let acts = [
        Act { search: found.clone(), ..Act::default() },
        Act { bind: 49, search: found, ..Act::default() },
    ];
    let server = Scripted::start(acts).await;
    let bind = Some(Bind { dn: "cn=callfirst".to_owned(), password_file: password_file.clone() });
    let settings = LdapSettings { bind, ..settings(&server) };
    assert_eq!(known(ask(&settings).await).name, "Susan Hall");
    assert_eq!(server.asked(), [BIND, SEARCH]);
    let (_, request) = server.heard().remove(0);
    assert!(holds(&request, "cn=callfirst") && holds(&request, "pass wörd"), "{request:x?}");
    assert_eq!(ask(&settings).await, Outcome::NoAnswer("not_allowed"));
    assert_eq!(server.asked(), [BIND, SEARCH, BIND], "nothing is asked with a wrong password");
    fs::set_permissions(&password_file, Permissions::from_mode(0o644)).unwrap();
    let told = Ldap::new(&settings).err().unwrap().to_string();
    assert!(told.contains("password file") && told.contains("chmod 600"), "{told}");
}

#[tokio::test]
async fn without_tls_nothing_is_said() {
    let (_folder, password_file) = password("s3cret\n");
    let refuses = Act { extended: 2, ..Act::default() };
    // It says yes and goes on in clear.
    let server = Scripted::start([refuses, Act::default()]).await;
    let settings = LdapSettings {
        security: Security::StartTls,
        bind: Some(Bind { dn: "cn=callfirst".to_owned(), password_file }),
        ..settings(&server)
    };
    for _ in 0..2 {
        assert_eq!(ask(&settings).await, Outcome::NoAnswer("tls"));
    }
    assert_eq!(server.asked(), [EXTENDED; 2]);
    let heard = server.heard();
    assert!(heard.iter().all(|(_, request)| holds(request, "1.3.6.1.4.1.1466.20037")));
}

#[tokio::test]
async fn clear_text_does_not_leave_this_machine() {
    let server = Scripted::start([]).await;
    let mut settings = settings(&server);
    settings.server.host = "192.0.2.1".to_owned();
    assert_eq!(ask(&settings).await, Outcome::NoAnswer("public_address"));
}

#[tokio::test]
async fn what_is_no_ldap_is_no_answer() {
    let deep = (0..9_000).fold(vec![0x04, 0x00], |inside, _| element(0x30, &inside));
    let huge = message(1, &entry(&[("cn", &[&[b'x'; 70_000]])]));
    let many = message(1, &susan()).repeat(1_000);
    let entry_of_nothing = message(1, &element(0x64, b""));
    let shapeless =
        [message(1, &element(0x64, &element(0x04, b"dn"))), message(1, &result(DONE, 0))];
    for (octets, wanted) in [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), Outcome::NoAnswer("broken")),
        (message(1, &deep), Outcome::NoAnswer("broken")),
        (huge, Outcome::NoAnswer("too_large")),
        (many, Outcome::NoAnswer("too_large")),
        (element(0x30, b""), Outcome::NoAnswer("broken")),
        (message(1, &element(0x65, b"")), Outcome::NoAnswer("broken")),
        (message(1, &element(0x6f, b"")), Outcome::NoAnswer("broken")),
        (element(0x30, &[0x04, 0x01, 0x41]), Outcome::NoAnswer("broken")),
        (entry_of_nothing, Outcome::NoAnswer("broken")),
        (shapeless.concat(), Outcome::Unknown),
        (message(1, &susan()), Outcome::NoAnswer("broken")),
        (Vec::new(), Outcome::NoAnswer("broken")),
    ] {
        let begins = octets.get(..20.min(octets.len())).unwrap().to_vec();
        assert_eq!(asked(Search::Octets(octets, true)).await, wanted, "{begins:x?}");
    }
}

#[tokio::test]
async fn it_is_asked_as_the_others_are() {
    let stalls = Act { search: Search::Octets(vec![0x30, 0x05], false), ..Act::default() };
    let good = Act { search: Search::Gives(vec![susan()], 0), ..Act::default() };
    let nobody = Act::default();
    let acts = [good, nobody].into_iter().chain(std::iter::repeat_n(stalls, 6));
    let server = Scripted::start(acts).await;
    let remote = Remote::ldap(&settings(&server)).unwrap();
    for _ in 0..2 {
        assert_eq!(remote.look_up("Susan@Hall.Example").await.unwrap().name, "Susan Hall");
        assert_eq!(remote.look_up("nobody@hall.example").await, None);
    }
    assert_eq!(server.asked().len(), 2, "answers are remembered");
    for _ in 0..7 {
        let began = Instant::now();
        assert_eq!(remote.look_up("other@hall.example").await, None);
        assert!(began.elapsed() < TIMEOUT * 2, "{:?}", began.elapsed());
    }
    assert_eq!(server.asked().len(), 7, "five failures in a row, then it is left alone");
}

#[tokio::test]
async fn nobody_there_is_no_answer() {
    let server = Scripted::start([]).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(ask(&settings(&server)).await, Outcome::NoAnswer("unreachable"));
}

#[tokio::test]
async fn two_sources_are_asked_at_once() {
    let directory = |ldap: &Scripted, crm: &http::Scripted| {
        let settings = settings(ldap);
        let crm = CrmSettings {
            url: format!("http://{}/{{address}}", crm.address).parse().unwrap(),
            key_file: None,
            key_field: None,
            ca_file: None,
            bounds: settings.bounds.clone(),
            country: None,
        };
        let (ldap, crm) = (Remote::ldap(&settings).unwrap(), Remote::crm(&crm).unwrap());
        let remotes = Remotes { ldap: Some(ldap), crm: Some(crm) };
        crate::directory::Directory::new(People::default(), remotes)
    };
    let good = Act { search: Search::Gives(vec![susan()], 0), ..Act::default() };
    let both = (
        Scripted::start([good]).await,
        http::Scripted::start([http::Act::Status(200, "{}".to_owned())]).await,
    );
    let answers = directory(&both.0, &both.1).look_up(MAIL).await;
    let sources: Vec<Source> = answers.iter().map(|known| known.source).collect();
    assert_eq!(sources, [Source::Ldap, Source::Crm]);

    let stalls = Act { search: Search::Octets(Vec::new(), false), ..Act::default() };
    let both = (Scripted::start([stalls]).await, http::Scripted::start([http::Act::Stall]).await);
    let began = Instant::now();
    assert!(directory(&both.0, &both.1).look_up(MAIL).await.is_empty());
    assert!(began.elapsed() < TIMEOUT * 9 / 5, "{:?}", began.elapsed());
}
