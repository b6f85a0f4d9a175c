//! The audit chain, whole and broken.

use callfirst::{
    hold::{BrokenChain, HoldStore, State, verify_chain, verify_chain_against},
    mail::HoldId,
};

use crate::bench::{Bench, at, change, event, new_hold, sender};

/// A hold, a withdrawal and four views: six entries.
async fn six_entries(store: &dyn HoldStore) -> HoldId {
    let id = store.hold(new_hold()).await.unwrap().id().clone();
    store.change(&id, change(State::Held, State::Withdrawn, at(1))).await.unwrap();
    for n in 0..4 {
        store.record(Some(&id), sender(), event("viewed"), at(2 + n)).await.unwrap();
    }
    id
}

pub(crate) async fn each_change_is_one_link_of_a_whole_chain(bench: Bench) {
    let store = &*bench.store;
    assert_eq!(verify_chain(store).await.unwrap().head.number, 0);
    let id = six_entries(store).await;
    store.record(None, sender(), event("policy_reloaded"), at(9)).await.unwrap();
    let entries = store.audit(1, 100).await.unwrap();
    assert_eq!(entries.iter().map(|e| e.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(entries[0].previous, "0".repeat(64));
    assert!(entries.windows(2).all(|pair| pair[1].previous == pair[0].digest));
    assert_eq!((&entries[0].hold, &entries[6].hold), (&Some(id), &None));
    assert_eq!((&entries[1].actor, &entries[1].event), (&sender(), &event("withdrawn")));
    assert_eq!(entries[1].at, at(1));
    let page: Vec<_> = store.audit(3, 2).await.unwrap().iter().map(|e| e.number).collect();
    assert_eq!(page, [3, 4]);
    let head = verify_chain(store).await.unwrap().head;
    assert_eq!((head.number, &head.digest), (7, &entries[6].digest));
}

pub(crate) async fn whoever_tampers_is_named_by_row(bench: Bench) {
    let store = &*bench.store;
    six_entries(store).await;
    let kept = [
        "CREATE TABLE audit_kept AS SELECT * FROM audit",
        "CREATE TABLE head_kept AS SELECT * FROM audit_head",
    ];
    if !bench.raw(&kept.join(";")).await {
        return;
    }
    let swap = "UPDATE audit SET number = 99 WHERE number = 3; \
                UPDATE audit SET number = 3 WHERE number = 4; \
                UPDATE audit SET number = 4 WHERE number = 99";
    let insert = "INSERT INTO audit SELECT 7, at, hold_id, actor, event, previous, digest, slip, \
                  salt FROM audit WHERE number = 6";
    let before = "INSERT INTO audit SELECT 0, at, hold_id, actor, event, previous, digest, slip, \
                  salt FROM audit WHERE number = 1";
    for (tampering, row) in [
        ("UPDATE audit SET at = at + 1 WHERE number = 2", 2),
        ("UPDATE audit SET hold_id = NULL WHERE number = 3", 3),
        ("UPDATE audit SET event = REPLACE(event, 'viewed', 'seen') WHERE number = 5", 5),
        ("UPDATE audit SET actor = REPLACE(actor, 'page', 'mail') WHERE number = 6", 6),
        ("UPDATE audit SET actor = REPLACE(actor, 'clerk', 'other') WHERE number = 6", 6),
        ("UPDATE audit SET actor = REPLACE(actor, '192.0.2.9', '192.0.2.8') WHERE number = 4", 4),
        ("UPDATE audit SET salt = NULL WHERE number = 3", 3),
        ("UPDATE audit SET slip = NULL, salt = NULL WHERE number = 3", 3),
        ("UPDATE audit SET slip = REPLACE(slip, '[]', '[\"policy\"]') WHERE number = 2", 2),
        ("UPDATE audit SET actor = 'nonsense' WHERE number = 4", 4),
        (
            "UPDATE audit SET digest = REPLACE(digest, SUBSTR(digest, 1, 1), 'x') WHERE number = 1",
            1,
        ),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number >= 5", 5),
        ("DELETE FROM audit", 1),
        (swap, 3),
        (insert, 7),
        (before, 0),
        ("UPDATE audit_head SET number = 5", 5),
    ] {
        assert!(verify_chain(store).await.is_ok());
        bench.raw(tampering).await;
        let broken = verify_chain(store).await.unwrap_err();
        assert_eq!(broken.number(), Some(row), "{tampering}: {broken}");
        let back = [
            "DELETE FROM audit",
            "INSERT INTO audit SELECT * FROM audit_kept",
            "DELETE FROM audit_head",
            "INSERT INTO audit_head SELECT * FROM head_kept",
        ];
        bench.raw(&back.join(";")).await;
    }
}

pub(crate) async fn a_chain_cut_and_grown_anew_is_found_by_a_head_kept_elsewhere(bench: Bench) {
    let store = &*bench.store;
    six_entries(store).await;
    let kept = verify_chain(store).await.unwrap().head;
    verify_chain_against(store, &kept).await.unwrap();
    store.record(None, sender(), event("viewed"), at(20)).await.unwrap();
    verify_chain_against(store, &kept).await.unwrap();
    let digest = store.audit(4, 1).await.unwrap().remove(0).digest;
    let cut = format!(
        "DELETE FROM audit WHERE number > 4; UPDATE audit_head SET number = 4, digest = '{digest}'"
    );
    if !bench.raw(&cut).await {
        return;
    }
    // Cut with care, the chain is whole in itself.
    verify_chain(store).await.unwrap();
    let broken = verify_chain_against(store, &kept).await.unwrap_err();
    assert!(matches!(broken, BrokenChain::Head { last: 4, head: 6 }), "{broken}");
    for n in 0..3 {
        store.record(None, sender(), event("forged"), at(30 + n)).await.unwrap();
    }
    verify_chain(store).await.unwrap();
    let broken = verify_chain_against(store, &kept).await.unwrap_err();
    assert!(matches!(broken, BrokenChain::Changed(6)), "{broken}");
}
