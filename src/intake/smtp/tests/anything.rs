//! Whatever a client sends, in whatever pieces: every transaction that begins ends once, every
//! reply is well formed, and the pieces make no difference.

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};

use super::script::{Script, session, settings};
use crate::intake::doors::Door;

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "EHLO client.example\r\n",
        "HELO client.example\r\n",
        "LHLO client.example\r\n",
        "MAIL FROM:<a@b.example>\r\n",
        "MAIL FROM:<>\r\n",
        "RCPT TO:<c@d.example>\r\n",
        "RCPT TO:<c@d.example>\r\n",
        "RCPT TO:<refuse550@d.example>\r\n",
        "DATA\r\n",
        "DATA\r\n",
        ".\r\n",
        ".\r\n",
        "\r\n.\r\n",
        "\n.\r\n",
        "Received: from a by b\r\n",
        "text",
        "RSET\r\n",
        "NOOP\r\n",
        "XFORWARD ADDR=192.0.2.7\r\n",
        "STARTTLS\r\n",
        "QUIT\r\n",
    ]);
    prop_oneof![
        20 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ]
}

/// What the stage behind heard, and what the client did.
async fn converse(door: Door, sent: Vec<u8>, room: usize) -> (Vec<String>, Vec<u8>) {
    let script = Script::default();
    let (client, server) = tokio::io::duplex(room);
    let serving = tokio::spawn(session(&script.house(settings()), door, server).run());
    let (mut read, mut write) = split(client);
    let writing = tokio::spawn(async move {
        // Where the session has ended already, the rest has nobody to go to.
        let _ = write.write_all(&sent).await;
        let _ = write.shutdown().await;
    });
    let mut replies = Vec::new();
    read.read_to_end(&mut replies).await.expect("read");
    drop(read);
    serving.await.expect("no panic");
    writing.await.expect("no panic");
    (script.log(), replies)
}

fn is_reply_line(line: &str) -> bool {
    let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
    code.is_some_and(|code| (200..600).contains(&code))
        && line.get(3..4).is_some_and(|mark| mark == " " || mark == "-")
        && line.bytes().all(|b| (b' '..=b'~').contains(&b))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_transaction_ends_and_pieces_do_not_matter(
        fragments in proptest::collection::vec(fragment(), 0..30),
        lmtp: bool,
        room in 1usize..40,
    ) {
        let door = if lmtp { Door::Lmtp } else { Door::Smtp };
        let sent = fragments.concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (log, replies) = runtime.block_on(converse(door, sent.clone(), 1 << 20));
        let count = |word: &str| log.iter().filter(|l| l.starts_with(word)).count();
        prop_assert_eq!(count("mail"), count("content") + count("abandoned"), "{:?}", &log);
        let text = String::from_utf8(replies.clone()).expect("replies are ASCII");
        let text = text.strip_suffix("\r\n").expect("replies end in CRLF");
        prop_assert!(text.split("\r\n").all(is_reply_line), "{}", text);
        let (same_log, same_replies) = runtime.block_on(converse(door, sent, room));
        prop_assert_eq!(log, same_log);
        prop_assert_eq!(replies, same_replies);
    }
}
