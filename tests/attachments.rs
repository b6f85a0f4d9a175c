//! Attached documents through the whole judge: real files, the real child, its limits.
//!
//! The files in `tests/attachments/documents` are made by `tests/attachments/make.py`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "helpers of tests are tests, though clippy looks at functions one by one"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::STANDARD};
use callfirst::{
    app::{self, Judge},
    attachments::{Attachments, Settings},
    config::PolicySettings,
    decision::{Decision, Mode, Organisation, Verdict},
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Defect, Limits, PassageKind, Reading},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_callfirst");

/// What a short mail says that lets a letter speak.
const POINTS: &str = "Dear Ms Huber,\r\n\r\nplease see the attached letter.\r\n\r\nDana Reyes\r\n";

fn document(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attachments/documents").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A mail from Dana Reyes that brings these along: name, type, octets.
fn mail(text: &str, attached: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "From: Dana Reyes <dana.reyes@us.example>\r\nTo: Maria Huber <maria@there.example>\r\n\
         Subject: Your claim 4711\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    for (name, media_type, octets) in attached {
        mail.push_str(&format!(
            "--b\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n"
        ));
        for line in STANDARD.encode(octets).as_bytes().chunks(76) {
            mail.push_str(std::str::from_utf8(line).unwrap());
            mail.push_str("\r\n");
        }
    }
    mail.push_str("--b--\r\n");
    mail.into_bytes()
}

fn of_documents(text: &str, names: &[&str]) -> Vec<u8> {
    let octets: Vec<Vec<u8>> = names.iter().map(|name| document(name)).collect();
    let attached = names.iter().zip(&octets).map(|(name, o)| (*name, type_of(name), &o[..]));
    mail(text, &attached.collect::<Vec<_>>())
}

fn type_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}

fn attachments(settings: Settings) -> Attachments {
    Attachments::new(settings, PathBuf::from(PROGRAM))
}

/// Reads a mail as the service does.
fn read_by(attachments: &Attachments, mail: &[u8]) -> Reading {
    let limits = Limits::default();
    let mut reading = message::read(mail, &limits);
    attachments.read(mail, &limits, attachments.settings().time, &mut reading);
    reading
}

fn read(name: &str) -> Reading {
    read_by(&attachments(Settings::default()), &of_documents(POINTS, &[name]))
}

/// The sentences of what is attached, in their normal form.
fn attached(reading: &Reading) -> Vec<&str> {
    let sentences = reading.of_kind(PassageKind::Attachment).flat_map(|p| &p.sentences);
    sentences.map(|s| s.normal()).collect()
}

static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let set = app::compile_policies(&PolicySettings::default())
        .unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let inside = Organisation { name: "Us".to_owned(), domains: vec!["us.example".to_owned()] };
    let attachments = Arc::new(attachments(Settings::default()));
    Judge::new(Arc::new(ArcSwap::from_pointee(set)), inside, Mode::Enforce, attachments)
});

fn judge(mail: &[u8]) -> Decision {
    let sender = ReversePath::parse("dana.reyes@us.example").unwrap();
    let to = vec![Recipient::plain(ForwardPath::parse("maria@there.example").unwrap())];
    JUDGE.judge(&Envelope::new(sender, Vec::new(), to).unwrap(), mail).decision
}

#[test]
fn a_letter_is_read_whatever_wrote_it() {
    for name in ["denial.docx", "denial.odt", "denial.html"] {
        let reading = read(name);
        let said = "we regret to inform you that the repair is not covered by your warranty, \
                    because the filter had not been changed for two years.";
        assert!(attached(&reading).contains(&said), "{name}: {:#?}", attached(&reading));
        assert_eq!(reading.defects, [], "{name}");
    }
    let said = "leider müssen wir ihnen mitteilen, dass wir ihren garantieanspruch ablehnen.";
    assert!(attached(&read("ablehnung.rtf")).contains(&said));
}

#[cfg(feature = "pdf")]
#[test]
fn a_pdf_is_read_line_by_line_and_its_sentences_are_whole() {
    for name in ["denial.pdf", "typed.pdf", "guarded.pdf"] {
        let reading = read(name);
        let said = "we therefore have to decline your claim of 1,840 pounds in full.";
        assert!(attached(&reading).contains(&said), "{name}: {:#?}", attached(&reading));
        assert_eq!(reading.defects, [], "{name}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn a_denial_in_an_attached_letter_is_held() {
    let silent = "\r\n";
    let long =
        format!("{POINTS}{}", "I also have some news about our new shop.\r\n\r\n".repeat(20));
    for (text, name) in [
        (POINTS, "denial.pdf"),
        (POINTS, "typed.pdf"),
        (POINTS, "guarded.pdf"),
        (POINTS, "denial.docx"),
        (POINTS, "denial.odt"),
        (POINTS, "denial.html"),
        (POINTS, "ablehnung.rtf"),
        (silent, "denial.pdf"),
        (silent, "ablehnung.rtf"),
        (&long, "denial.pdf"),
    ] {
        let decision = judge(&of_documents(text, &[name]));
        assert_eq!(decision.verdict, Verdict::Hold, "{name}: {decision:#?}");
        assert!(decision.evidence.iter().any(|e| e.place == "attachment"), "{name}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn what_is_attached_and_no_letter_of_ours_passes() {
    let terms = "Hello Maria,\r\n\r\nthe terms you asked for are attached.\r\n\r\nDana\r\n";
    let paper = "Hello Maria,\r\n\r\nhere is the paper I told you about, attached.\r\n\r\nDana\r\n";
    let foreign = "Hello Maria,\r\n\r\nattached is what the maker wrote to me. I am on it.\r\n";
    for (text, name) in [
        (terms, "terms.pdf"),
        (paper, "paper.pdf"),
        (paper, "paper.docx"),
        (foreign, "foreign.pdf"),
        ("\r\n", "terms.pdf"),
        ("\r\n", "paper.docx"),
    ] {
        let decision = judge(&of_documents(text, &[name]));
        assert_eq!(decision.verdict, Verdict::Pass, "{name}: {decision:#?}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn what_cannot_be_read_is_a_condition_and_costs_no_mail() {
    for (name, defect) in [
        ("locked.pdf", Defect::Encrypted),
        ("broken.pdf", Defect::UnreadableAttachment),
        ("pictures.pdf", Defect::UnreadableAttachment),
        // It shows itself without end: the child's stack overflows.
        ("mirror.pdf", Defect::UnreadableAttachment),
        ("bomb.docx", Defect::Limit),
        // Both run into the child's limits of time or memory.
        ("bomb.pdf", Defect::UnreadableAttachment),
        ("slow.pdf", Defect::UnreadableAttachment),
    ] {
        let reading = read(name);
        assert_eq!(reading.defects, [defect], "{name}");
        assert_eq!(attached(&reading).len(), 0, "{name}");
    }
}

#[test]
fn a_document_is_known_by_its_octets_and_not_by_its_name() {
    let letter = document("denial.docx");
    let odd = [("scan", "application/x-unknown", &letter[..])];
    assert!(!attached(&read_by(&attachments(Settings::default()), &mail(POINTS, &odd))).is_empty());
    let picture = [("denial.docx", "image/png", &letter[..])];
    assert!(
        attached(&read_by(&attachments(Settings::default()), &mail(POINTS, &picture))).is_empty()
    );
}

#[test]
fn documents_of_somebody_elses_forwarded_mail_are_his() {
    let theirs = String::from_utf8(of_documents(POINTS, &["denial.docx"])).unwrap();
    let theirs = theirs.replace("dana.reyes@us.example", "maker@elsewhere.example");
    let mail = format!(
        "From: dana.reyes@us.example\r\nSubject: Fwd: claim\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nFor your information.\r\n\
         --o\r\nContent-Type: message/rfc822\r\n\r\n{theirs}\r\n--o--\r\n"
    );
    let reading = read_by(&attachments(Settings::default()), mail.as_bytes());
    assert_eq!(attached(&reading).len(), 0);
}

#[test]
fn limits_of_size_and_number_leave_the_rest_unread() {
    let small = attachments(Settings { max_octets: 500, ..Settings::default() });
    let reading = read_by(&small, &of_documents(POINTS, &["denial.docx"]));
    assert_eq!((attached(&reading).len(), &reading.defects[..]), (0, &[Defect::Limit][..]));
    let many =
        read_by(&attachments(Settings::default()), &of_documents(POINTS, &["denial.docx"; 9]));
    assert_eq!(many.defects, [Defect::Limit]);
    assert_eq!(many.of_kind(PassageKind::Attachment).count(), 8);
}

#[cfg(feature = "pdf")]
#[test]
fn nobody_waits_longer_than_he_is_told_even_for_a_turn() {
    let time = Duration::from_millis(400);
    let busy = attachments(Settings { time, at_once: 1, ..Settings::default() });
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let reading = read_by(&busy, &of_documents(POINTS, &["slow.pdf", "mirror.pdf"]));
                assert_eq!(reading.defects, [Defect::Limit]);
            });
        }
    });
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    // What was not read for want of time may be read another time.
    assert!(!attached(&read_by(&busy, &of_documents(POINTS, &["denial.odt"]))).is_empty());
}

#[test]
fn without_a_child_the_mail_is_judged_without_its_documents() {
    let program = PathBuf::from("/nonexistent/callfirst");
    let without = Attachments::new(Settings::default(), program);
    let reading = read_by(&without, &of_documents(POINTS, &["denial.docx"]));
    assert_eq!(reading.defects, [Defect::Limit]);
    let off = Attachments::new(Settings { read: false, ..Settings::default() }, PROGRAM.into());
    let mail = of_documents(POINTS, &["denial.docx"]);
    assert_eq!(read_by(&off, &mail), message::read(&mail, &Limits::default()));
}

#[test]
fn a_document_that_goes_out_again_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("callfirst");
    std::os::unix::fs::symlink(PROGRAM, &program).unwrap();
    let attachments = Attachments::new(Settings::default(), program.clone());
    let mail = of_documents(POINTS, &["denial.docx"]);
    let first = read_by(&attachments, &mail);
    // From here on there is nothing that could read it.
    fs::remove_file(program).unwrap();
    assert_eq!(read_by(&attachments, &mail), first);
    let other = read_by(&attachments, &of_documents(POINTS, &["denial.odt"]));
    assert_eq!(other.defects, [Defect::Limit]);
}

#[test]
fn the_child_has_no_memory_for_what_is_far_too_large() {
    let nothing = tempfile::tempfile().unwrap();
    nothing.set_len(1 << 30).unwrap();
    let child = Command::new(PROGRAM).args(["extract", "rtf"]).stdin(nothing).output().unwrap();
    assert_eq!(child.status.code(), Some(1), "{child:?}");
    assert!(child.stdout.is_empty(), "{child:?}");
}

/// A child on its own, at a document that keeps it busy.
fn child(name: &str) -> Child {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attachments/documents").join(name);
    Command::new(PROGRAM)
        .args(["extract", "pdf"])
        .stdin(fs::File::open(path).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs")
}

fn of_process(child: &Child, file: &str) -> String {
    fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default()
}

#[cfg(feature = "pdf")]
#[test]
fn the_child_can_open_nothing_start_nothing_and_write_to_no_file() {
    let mut child = child("slow.pdf");
    let limit = |limits: &str, name: &str| {
        let line = limits.lines().find(|l| l.starts_with(name)).unwrap_or_default().to_owned();
        let words = line.trim_start_matches(name).split_whitespace();
        words.take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let started = Instant::now();
    // It confines itself within its first milliseconds, and the document takes it seconds.
    let limits = loop {
        let limits = of_process(&child, "limits");
        if limit(&limits, "Max open files") == ["0", "0"] || started.elapsed().as_secs() > 4 {
            break limits;
        }
        std::thread::yield_now();
    };
    for (name, most) in [
        ("Max open files", "0"),
        ("Max file size", "0"),
        ("Max processes", "0"),
        ("Max core file size", "0"),
        ("Max cpu time", "5"),
        ("Max data size", "268435456"),
    ] {
        assert_eq!(limit(&limits, name), [most, most], "{name}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[cfg(feature = "pdf")]
#[test]
fn a_bomb_ends_the_child_before_it_has_much_memory_or_time() {
    let mut child = child("bomb.pdf");
    let (started, mut most_kib) = (Instant::now(), 0_u64);
    let status = loop {
        let status = of_process(&child, "status");
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|p| p.split_whitespace().next()).and_then(|n| n.parse().ok());
        most_kib = most_kib.max(kib.unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(!status.success());
    assert!(most_kib < 400 << 10, "{most_kib} KiB");
    // Five seconds of processor time; others may want the processor as well.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}
