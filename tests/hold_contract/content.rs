//! Content in and out.

use std::{io, sync::Arc};

use callfirst::{
    hold::HoldError,
    mail::{Content, Octets},
};

use crate::bench::{Bench, new_hold};

const PIECE: usize = 512 << 10;

/// A spool's stand-in.
struct Spool {
    octets: Vec<u8>,
    says: u64,
}

impl Octets for Spool {
    fn len(&self) -> u64 {
        self.says
    }
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.octets.get(offset as usize..).unwrap_or_default();
        let n = rest.len().min(buffer.len()).min(100_000);
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }
}

fn octets(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n.wrapping_mul(31) ^ (n / 257)) as u8).collect()
}

pub(crate) async fn content_comes_back_octet_for_octet(bench: Bench) {
    for count in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 30 << 20] {
        let octets = octets(count);
        let mut new = new_hold();
        new.content = if count % 2 == 0 {
            let says = count as u64;
            Content::elsewhere(Arc::new(Spool { octets: octets.clone(), says }))
        } else {
            Content::from(octets.clone())
        };
        let id = bench.store.hold(new).await.unwrap().id().clone();
        assert!(bench.store.content(&id).await.unwrap() == octets, "{count} octets");
        let hold = bench.store.find(&id).await.unwrap().unwrap();
        assert_eq!(hold.size_octets, count as u64);
    }
}

pub(crate) async fn damaged_content_is_never_given_out(bench: Bench) {
    for damage in [
        "UPDATE content SET octets = (SELECT octets FROM content WHERE position = 0 LIMIT 1) WHERE position = 1",
        "DELETE FROM content WHERE position = 1",
        "DELETE FROM content WHERE position = 2",
        "UPDATE content SET position = position + 7 WHERE position = 2",
        "UPDATE holds SET content_digest = 'x'",
        "UPDATE holds SET size_octets = size_octets - 1",
        "UPDATE holds SET deliveries = '[]'",
        "UPDATE holds SET state = 'gone'",
    ] {
        let mut new = new_hold();
        new.content = Content::from(octets(2 * PIECE + 5));
        let id = bench.store.hold(new).await.unwrap().id().clone();
        if !bench.raw(damage).await {
            return;
        }
        let read = bench.store.content(&id).await.map(|_| ());
        let found = bench.store.find(&id).await.map(|_| ());
        let told = matches!(&read, Err(HoldError::Corrupt(_)))
            || matches!(&found, Err(HoldError::Corrupt(_)));
        assert!(told, "{damage}: {read:?} {found:?}");
        bench.raw("UPDATE holds SET state = 'held', deliveries = '[\"waiting\"]'").await;
    }
}

pub(crate) async fn content_that_ends_early_is_not_held(bench: Bench) {
    let mut new = new_hold();
    new.content = Content::elsewhere(Arc::new(Spool { octets: octets(10), says: 11 }));
    assert!(matches!(bench.store.hold(new.clone()).await, Err(HoldError::Failed { .. })));
    assert!(bench.store.find(&new.id).await.unwrap().is_none());
}
