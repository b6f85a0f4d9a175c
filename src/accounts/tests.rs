//! The life of an account, on each database.

use super::*;
use crate::{
    hold::Actor,
    mail::{Mailbox, Timestamp},
    rights::Role,
    store,
};

const PASSWORD: &str = "correct horse battery";

fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + secs).unwrap()
}

fn by() -> Actor {
    Actor::service("test", None)
}

fn tried(password: &str) -> Tried<'_> {
    Tried { login: "KIM", password, address: "192.0.2.1", agent: "a browser" }
}

fn kim() -> NewPerson {
    NewPerson {
        login: "kim".to_owned(),
        name: "Kim".to_owned(),
        address: Mailbox::parse("kim@us.example").ok(),
        roles: [Role::Lead, Role::Auditor].into(),
        teams: ["service".to_owned()].into(),
        vouched_by: VouchedBy::Us,
    }
}

async fn on(url: &str) -> Accounts {
    let database = store::open(url, &store::Settings::default()).await.unwrap();
    Accounts::new(database, Settings::default(), Seal::new(&[1; 32]).unwrap())
}

/// Every statement of the room once, and what it must have done.
async fn a_life(accounts: Accounts) {
    assert!(!accounts.are_any().await.unwrap());
    let made = accounts.add(kim(), by(), at(0)).await.unwrap();
    assert_eq!(made.person.roles, kim().roles);
    assert_eq!(made.person.teams, kim().teams);
    let again = accounts.add(kim(), by(), at(0)).await;
    assert!(matches!(again, Err(AccountError::Taken(login)) if login == "kim"));
    let id = &made.person.id;
    let link = accounts.password_link(id, by(), at(1)).await.unwrap();
    assert!(accounts.set_by_link(&link, PASSWORD, "192.0.2.1", at(2)).await.unwrap());
    assert!(!accounts.set_by_link(&link, PASSWORD, "192.0.2.1", at(3)).await.unwrap());
    let refused = accounts.log_in(tried("wrong"), at(4)).await.unwrap();
    assert!(matches!(refused, Entered::Refused));
    let Entered::In(session) = accounts.log_in(tried(PASSWORD), at(5)).await.unwrap() else {
        panic!("not in")
    };
    let visit = accounts.visit(&session, at(70)).await.unwrap().unwrap();
    assert_eq!((visit.account.person.login.as_str(), visit.session.seen), ("kim", at(70)));
    let (seed, closed) = accounts.new_factor(id).unwrap();
    let SetUp::Done(codes) =
        accounts.set_factor(id, &closed, &seed.code_at(at(80)), by(), at(80)).await.unwrap()
    else {
        panic!("not set")
    };
    assert_eq!(accounts.recovery_left(id).await.unwrap(), codes.len() as u64);
    let Entered::Half(half) = accounts.log_in(tried(PASSWORD), at(90)).await.unwrap() else {
        panic!("not half in")
    };
    let place = ("192.0.2.1", "a browser");
    let entered = accounts.second_factor(&half, &codes[0], place, at(91)).await.unwrap();
    assert!(matches!(entered, Entered::In(_)));
    assert_eq!(accounts.recovery_left(id).await.unwrap(), codes.len() as u64 - 1);
    assert_eq!(accounts.sessions(id, at(92)).await.unwrap().len(), 2);
    let mine = accounts.visit(&session, at(93)).await.unwrap().unwrap().session.id;
    assert_eq!(accounts.end_sessions(id, Some(&mine), by(), at(94)).await.unwrap(), 1);
    assert!(accounts.end_session(id, &mine, by(), at(95)).await.unwrap());
    assert!(!accounts.end_session(id, &mine, by(), at(95)).await.unwrap());
    accounts.end_factor(id, by(), at(96)).await.unwrap();
    let to = Standing {
        name: String::new(),
        address: None,
        roles: [Role::Operator].into(),
        teams: [].into(),
    };
    let changed = accounts.change(id, &to, by(), at(97)).await.unwrap();
    assert_eq!((changed.person.name.as_str(), changed.person.address), ("kim", None));
    accounts.disable(id, by(), at(98)).await.unwrap();
    accounts.disable(id, by(), at(98)).await.unwrap();
    assert!(matches!(accounts.log_in(tried(PASSWORD), at(99)).await.unwrap(), Entered::Refused));
    accounts.enable(id, by(), at(100)).await.unwrap();
    let provided = VouchedBy::Provider("u-1".to_owned());
    let other = NewPerson { login: "tom".to_owned(), vouched_by: provided, ..kim() };
    let given = ([Role::Reviewer].into(), [].into());
    for _ in 0..2 {
        let session = accounts.log_in_vouched(&other, Some(&given), place, at(101)).await;
        let visit = accounts.visit(&session.unwrap(), at(102)).await.unwrap().unwrap();
        assert_eq!(visit.account.person.roles, [Role::Reviewer].into());
    }
    assert_eq!(accounts.everybody().await.unwrap().len(), 2);
    let store = crate::hold::on(accounts.db.clone(), crate::hold::Settings::default());
    crate::hold::verify_chain(store.as_ref()).await.unwrap();
    let told: Vec<String> =
        store.audit(1, 100).await.unwrap().into_iter().map(|entry| entry.event.name).collect();
    assert_eq!(
        told,
        [
            "person_added",
            "password_link_made",
            "password_set",
            "logged_in",
            "second_factor_set",
            "logged_in",
            "logged_out_everywhere",
            "logged_out",
            "second_factor_removed",
            "person_changed",
            "person_disabled",
            "person_enabled",
            "person_added",
            "person_changed",
            "logged_in",
            "logged_in",
        ]
    );
}

#[tokio::test]
async fn a_life_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_life(on(&format!("sqlite:{}", folder.path().join("a.db").display())).await).await;
}

#[tokio::test]
async fn a_life_on_postgres() {
    let Ok(server) = std::env::var("CALLFIRST_TEST_POSTGRES") else {
        println!("SKIPPED: CALLFIRST_TEST_POSTGRES names no server");
        return;
    };
    sqlx::any::install_default_drivers();
    let schema = format!("a{}", uuid::Uuid::now_v7().simple());
    let mut raw = <sqlx::AnyConnection as sqlx::Connection>::connect(&server).await.unwrap();
    let made = sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}")));
    made.execute(&mut raw).await.unwrap();
    let mark = if server.contains('?') { '&' } else { '?' };
    a_life(on(&format!("{server}{mark}options[search_path]={schema}")).await).await;
}

/// What lies in the database opens nothing.
#[tokio::test]
async fn nothing_that_opens_lies_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = on(&format!("sqlite:{}", folder.path().join("a.db").display())).await;
    let made = accounts.add(kim(), by(), at(0)).await.unwrap();
    let id = &made.person.id;
    accounts.set_password(&made, PASSWORD, None, by(), at(0)).await.unwrap();
    let Entered::In(session) = accounts.log_in(tried(PASSWORD), at(1)).await.unwrap() else {
        panic!("not in")
    };
    let (seed, closed) = accounts.new_factor(id).unwrap();
    let code = seed.code_at(at(2));
    let SetUp::Done(codes) = accounts.set_factor(id, &closed, &code, by(), at(2)).await.unwrap()
    else {
        panic!("not set")
    };
    let link = accounts.password_link(id, by(), at(3)).await.unwrap();
    let mut file = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        file.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let has = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("$argon2id$v=19$m=19456,t=2,p=1$"));
    for secret in
        [PASSWORD, session.reveal(), link.reveal(), &seed.in_base32(), &codes[0], &codes[7]]
    {
        assert!(!has(secret), "{secret}");
    }
}

#[test]
fn a_password_is_long_and_not_the_name() {
    for (password, told) in [
        ("short", Err(Unfit::Short)),
        ("elf zeichen", Err(Unfit::Short)),
        ("aaaaaaaaaaaa", Err(Unfit::Obvious)),
        ("robin.admin1", Err(Unfit::Obvious)),
        ("ROBIN.ADMIN1", Err(Unfit::Obvious)),
        ("zwölf Zeichen", Ok(())),
        ("robin.admin walks at night", Ok(())),
    ] {
        assert_eq!(password::fit(password, "robin.admin"), told, "{password}");
    }
    assert_eq!(password::fit(&"long ".repeat(300), "kim"), Err(Unfit::Long));
    let made: Vec<String> = (0..20).map(|_| random_password().unwrap()).collect();
    assert!(made.iter().all(|password| password::fit(password, "kim").is_ok()));
}
