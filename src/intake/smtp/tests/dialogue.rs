//! Runs the text files of `tests/dialogues/`.
//!
//! `C:` a line of the client, `R:` octets of the client with `\r`, `\n`, `\0` written out, `S:`
//! a line of ours (`...` at its end: whatever follows), `H:` what the stage behind must have
//! heard, in order, at the end. `door:` and `hop:` lines in front choose the protocol and what
//! the next hop offers. Client lines that follow each other go out in one piece.

use std::{fs, path::PathBuf, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf, split},
    sync::mpsc,
};

use super::script::{Script, session, settings};
use crate::intake::{doors::Door, smtp::House};

enum Line {
    Client(Vec<u8>),
    Server(String),
}

struct Dialogue {
    name: String,
    door: Door,
    hop: Vec<String>,
    lines: Vec<Line>,
    heard: Vec<String>,
}

impl Dialogue {
    fn parse(name: String, text: &str) -> Dialogue {
        let mut dialogue =
            Dialogue { name, door: Door::Smtp, hop: vec![], lines: vec![], heard: vec![] };
        for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (mark, rest) = line.split_once(':').expect("a mark");
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match mark {
                "door" => dialogue.door = if rest == "lmtp" { Door::Lmtp } else { Door::Smtp },
                "hop" => dialogue.hop = rest.split(',').map(|k| k.trim().to_owned()).collect(),
                "C" => dialogue.lines.push(Line::Client(format!("{rest}\r\n").into_bytes())),
                "R" => dialogue.lines.push(Line::Client(
                    rest.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0").into(),
                )),
                "S" => dialogue.lines.push(Line::Server(rest.to_owned())),
                "H" => dialogue.heard.push(rest.to_owned()),
                other => panic!("{}: {other:?} is no mark", dialogue.name),
            }
        }
        dialogue
    }

    fn script(&self) -> Script {
        Script::offering(&self.hop.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn client_lines(&self) -> Vec<&[u8]> {
        let client = self.lines.iter().filter_map(|line| match line {
            Line::Client(octets) => Some(octets.as_slice()),
            Line::Server(_) => None,
        });
        client.collect()
    }

    /// Plays both sides; `room` is how many octets the connection holds.
    async fn play(&self, room: usize) {
        let script = self.script();
        let (client, server) = tokio::io::duplex(room);
        let house: Arc<House<Script>> = script.house(settings());
        let serving = tokio::spawn(session(&house, self.door, server).run());
        let (read, mut write) = split(client);
        let mut replies = hear(read);
        let mut said = Vec::new();
        for line in &self.lines {
            match line {
                Line::Client(octets) => said.extend_from_slice(octets),
                Line::Server(want) => {
                    write.write_all(&std::mem::take(&mut said)).await.expect("written");
                    let got = replies.recv().await.unwrap_or_else(|| "(closed)".to_owned());
                    let same = match want.strip_suffix("...") {
                        Some(front) => got.starts_with(front),
                        None => got == *want,
                    };
                    assert!(same, "{} in {room}: wanted {want:?}, got {got:?}", self.name);
                }
            }
        }
        write.write_all(&said).await.expect("written");
        close(write, replies, &self.name).await;
        serving.await.expect("no panic");
        assert_eq!(script.log(), self.heard, "{} in {room}", self.name);
    }

    /// Goes away behind `lines` of the client's lines: nothing is made up, nothing stays open.
    async fn cut_off(&self, lines: usize) {
        let script = self.script();
        let sent: Vec<u8> =
            self.client_lines().into_iter().take(lines).flatten().copied().collect();
        let (mut client, server) = tokio::io::duplex(1 << 20);
        client.write_all(&sent).await.expect("written");
        client.shutdown().await.expect("half closed");
        session(&script.house(settings()), self.door, server).run().await;
        let name = format!("{} cut off behind {lines} lines", self.name);
        let log = script.log();
        let only = |log: &[String]| -> Vec<String> {
            log.iter().filter(|l| *l != "abandoned").cloned().collect()
        };
        assert!(only(&self.heard).starts_with(&only(&log)), "{name}: {log:?}");
        let count = |word: &str| log.iter().filter(|l| l.starts_with(word)).count();
        assert_eq!(count("mail"), count("content") + count("abandoned"), "{name}: {log:?}");
    }
}

/// Everything we say, line by line.
fn hear(read: ReadHalf<DuplexStream>) -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut read = BufReader::new(read);
        let mut line = String::new();
        while read.read_line(&mut line).await.is_ok_and(|n| n > 0) {
            let text = line.strip_suffix("\r\n").expect("our lines end in CRLF").to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    receiver
}

async fn close(
    mut write: WriteHalf<DuplexStream>,
    mut replies: mpsc::UnboundedReceiver<String>,
    name: &str,
) {
    let _ = write.shutdown().await;
    assert_eq!(replies.recv().await, None, "{name}: one reply too many");
}

fn dialogues() -> Vec<Dialogue> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues");
    let mut all: Vec<Dialogue> = fs::read_dir(folder)
        .expect("the folder of dialogues")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            Dialogue::parse(name, &fs::read_to_string(path).expect("text"))
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() >= 10, "only {} dialogues", all.len());
    all
}

#[tokio::test]
async fn every_dialogue_goes_as_written_whole_and_octet_by_octet() {
    for dialogue in dialogues() {
        dialogue.play(1 << 20).await;
        dialogue.play(1).await;
    }
}

#[tokio::test]
async fn every_dialogue_may_be_cut_off_behind_any_line() {
    for dialogue in dialogues() {
        for lines in 0..=dialogue.client_lines().len() {
            dialogue.cut_off(lines).await;
        }
    }
}
