//! One conversation with a directory: TLS where it is wanted, a bind, a search, and good-bye.
//!
//! `ldap3` speaks LDAP. It is handed one end of a pair of sockets; between the other end and the
//! directory stand our own TLS, which believes whom the rest of this service believes, and
//! [`Messages`], which lets through what the library can bear.

use std::{future::pending, os::unix::net::UnixStream as Pair};

use ldap3::{
    Ldap as Library, LdapConnAsync, LdapConnSettings, ResultEntry, Scope, SearchOptions,
    SearchResult, StdStream,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy, split},
    net::{TcpStream, UnixStream},
};

use super::{
    failure::Failure,
    message::{Messages, is_extended_success},
};

/// The URL for the library's end of the pair.
const PAIR: &str = "ldapi:///";
/// ExtendedRequest: 1.3.6.1.4.1.1466.20037 (RFC 4511 §4.14.1).
const START_TLS: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
/// UnbindRequest (RFC 4511 §4.3), with an id that the library does not reach.
const GOOD_BYE: &[u8] = b"\x30\x05\x02\x01\x7f\x42\x00";
/// There are more entries than were asked for (RFC 4511 Appendix A.2).
const SIZE_LIMIT_EXCEEDED: u32 = 4;

/// Who asks, and for what.
pub(super) struct Question {
    /// Name and password.
    pub(super) bind: Option<(String, String)>,
    pub(super) base: String,
    /// The names of the attributes.
    pub(super) attributes: Vec<String>,
    pub(super) most_entries: u8,
    /// What the directory may spend on it.
    pub(super) seconds: i32,
}

/// What a search gave.
pub(super) enum Found {
    Entries(Vec<ResultEntry>),
    TooMany,
}

/// Asks for TLS. Nothing else may be said, or believed, before.
pub(super) async fn start_tls(stream: &mut TcpStream) -> Result<(), Failure> {
    stream.write_all(START_TLS).await.map_err(|_| Failure::Broken)?;
    let response = Messages::of(stream).next().await?.ok_or(Failure::Broken)?;
    if is_extended_success(&response) { Ok(()) } else { Err(Failure::Tls) }
}

impl Question {
    /// Puts the question for the entries of a filter.
    pub(super) async fn put<S>(&self, stream: S, filter: &str) -> Result<Found, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (theirs, ours) = pair().ok_or(Failure::Broken)?;
        let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(theirs));
        let made = LdapConnAsync::with_settings(settings, PAIR).await;
        let (driver, library) = made.map_err(|_| Failure::Broken)?;
        let (from_directory, mut to_directory) = split(stream);
        let (mut from_library, to_library) = ours.into_split();
        // The other ends of the pair hear of it by themselves when one of these has ended.
        let found = tokio::select! {
            found = self.search(library, filter) => found,
            failure = pass_on(Messages::of(from_directory), to_library) => Err(failure),
            () = for_ever(copy(&mut from_library, &mut to_directory)) => Err(Failure::Broken),
            () = for_ever(driver.drive()) => Err(Failure::Broken),
        };
        // What was found is good whether or not this arrives.
        if to_directory.write_all(GOOD_BYE).await.is_ok() {
            drop(to_directory.shutdown().await);
        }
        found
    }

    async fn search(&self, mut library: Library, filter: &str) -> Result<Found, Failure> {
        if let Some((dn, password)) = &self.bind {
            let result = library.simple_bind(dn, password).await;
            succeeded(result.map_err(|_| Failure::Broken)?.rc)?;
        }
        let most = i32::from(self.most_entries);
        // One more, to see that there are more.
        let options = SearchOptions::new().sizelimit(most + 1).timelimit(self.seconds);
        let library = library.with_search_options(options);
        let found = library.search(&self.base, Scope::Subtree, filter, &self.attributes).await;
        // Without the references that a large tree always gives to others: they are not asked.
        let SearchResult(entries, result) = found.map_err(|_| Failure::Broken)?;
        if result.rc == SIZE_LIMIT_EXCEEDED || entries.len() > usize::from(self.most_entries) {
            return Ok(Found::TooMany);
        }
        succeeded(result.rc)?;
        Ok(Found::Entries(entries))
    }
}

fn succeeded(result: u32) -> Result<(), Failure> {
    if result == 0 { Ok(()) } else { Err(Failure::Result(result)) }
}

/// Gives the library what the directory says, until it says what cannot be borne.
async fn pass_on<R, W>(mut messages: Messages<R>, mut to_library: W) -> Failure
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    loop {
        match messages.next().await {
            Ok(Some(message)) if to_library.write_all(&message).await.is_ok() => {}
            // Nobody listens any more, or nothing more is said: what has been said may be enough.
            Ok(_) => {
                drop(to_library.shutdown().await);
                return pending().await;
            }
            Err(failure) => return failure,
        }
    }
}

/// Does it, and ends with nothing.
async fn for_ever<T>(doing: impl Future<Output = T>) {
    drop(doing.await);
    pending().await
}

/// Two ends, the second for our runtime.
fn pair() -> Option<(Pair, UnixStream)> {
    let (theirs, ours) = Pair::pair().ok()?;
    ours.set_nonblocking(true).ok()?;
    Some((theirs, UnixStream::from_std(ours).ok()?))
}
