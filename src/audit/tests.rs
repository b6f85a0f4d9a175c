//! A tail that was cut, or written anew, is found by what was carried outside.

use std::{fs, sync::Arc, time::Duration};

use super::*;
use crate::{
    hold::{Actor, AuditEvent, BrokenChain, HoldStore, verify_chain, verify_chain_through},
    mail::{Mailbox, Timestamp},
    relay::{self, NextHop, scripted_hop::ScriptedHop},
    store::{self, Database},
};

const DAY: i64 = 24 * 3600;

struct House {
    db: Database,
    store: Arc<dyn HoldStore>,
    folder: tempfile::TempDir,
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + secs).unwrap()
}

impl House {
    async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/store.db", folder.path().display());
        let db = store::open(&url, &store::Settings::default()).await.unwrap();
        let store = crate::hold::on(db.clone(), crate::hold::Settings::default());
        House { db, store, folder }
    }

    async fn happens(&self, times: usize) {
        for _ in 0..times {
            let event = AuditEvent { name: "viewed".to_owned(), facts: Vec::new() };
            self.store.record(None, Actor::service("test", None), event, at(0)).await.unwrap();
        }
    }

    fn keeper(&self, hop: &str) -> Keeper {
        let auditor = Mailbox::parse("auditor@us.example").unwrap();
        let settings = Settings {
            key_file: self.folder.path().join("key"),
            heads_file: Some(self.folder.path().join("heads.jsonl")),
            mail: Some((Mailbox::parse("callfirst@us.example").unwrap(), auditor)),
            every: Duration::from_secs(24 * 3600),
            every_entries: 10,
        };
        let key = Key::load_or_make(&settings.key_file).unwrap();
        let next_hop = NextHop::new(relay::Settings::new(hop, "us.example")).unwrap();
        let on = (self.db.clone(), Arc::clone(&self.store));
        Keeper::new((key, settings), "one", on, next_hop)
    }

    fn heads(&self) -> Vec<SignedHead> {
        read_heads(&self.folder.path().join("heads.jsonl")).unwrap()
    }

    async fn raw(&self, sql: &'static str) {
        let mut work = self.db.begin().await.unwrap();
        sqlx::raw_sql(sql).execute(work.on()).await.unwrap();
        work.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_head_a_day_and_every_so_many_entries_and_a_cut_tail_is_found() {
    let house = House::new().await;
    // Nobody takes mail: the file is told all the same.
    let keeper = house.keeper("127.0.0.1:1");
    keeper.look(at(0)).await;
    assert!(read_heads(&house.folder.path().join("heads.jsonl")).is_err(), "nothing to sign yet");
    house.happens(3).await;
    keeper.look(at(1)).await;
    keeper.look(at(2)).await;
    assert_eq!(house.heads().len(), 1, "one a day");
    house.happens(12).await;
    keeper.look(at(3)).await;
    house.happens(2).await;
    keeper.look(at(DAY + 4)).await;
    let heads = house.heads();
    assert_eq!(heads.iter().map(|h| h.number).collect::<Vec<_>>(), [3, 16, 19]);
    let keys = [PublicKey::read(&house.folder.path().join("key.pub")).unwrap()];
    assert!(heads.iter().all(|head| head.check(&keys).is_ok()));
    let kept: Vec<_> = heads.iter().map(SignedHead::head).collect();
    verify_chain_through(&*house.store, &kept).await.unwrap();
    let entry = house.store.audit(20, 1).await.unwrap().remove(0);
    assert_eq!(entry.event.name, "head_signed", "and the audit tells of it");
    // Cut with care: the chain is whole in itself.
    house.raw("UPDATE audit_head SET number = 17, digest = (SELECT digest FROM audit WHERE number = 17)").await;
    house.raw("DELETE FROM audit WHERE number > 17").await;
    verify_chain(&*house.store).await.unwrap();
    let broken = verify_chain_through(&*house.store, &kept).await.unwrap_err();
    assert!(matches!(broken, BrokenChain::Head { last: 17, head: 19 }), "{broken}");
    house.happens(5).await;
    let broken = verify_chain_through(&*house.store, &kept).await.unwrap_err();
    assert!(matches!(broken, BrokenChain::Changed(19)), "{broken}");
}

#[tokio::test]
async fn a_head_is_mailed_once_when_the_next_hop_takes_it() {
    let house = House::new().await;
    house.happens(1).await;
    house.keeper("127.0.0.1:1").look(at(0)).await;
    let hop = ScriptedHop::start(&["S: 220 hop\n C: EHLO us.example\n S: 250 hop\n
        C: MAIL FROM:<>\n S: 250 ok\n C: RCPT TO:<auditor@us.example>\n S: 250 ok\n
        C: DATA\n S: 354 go\n DATA\n S: 250 2.0.0 taken"])
    .await;
    let keeper = house.keeper(&hop.address);
    keeper.look(at(60)).await;
    keeper.look(at(120)).await;
    drop(keeper);
    let mails = hop.data().await;
    assert_eq!(mails.len(), 1);
    let saved = house.folder.path().join("saved.eml");
    fs::write(&saved, &mails[0]).unwrap();
    assert_eq!(read_heads(&saved).unwrap(), house.heads(), "the saved mail will do");
    assert!(mails[0].split(|o| *o == b'\n').all(|line| line.len() < 998));
}
