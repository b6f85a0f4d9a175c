//! What the commands say to an operator who is wrong, and how they end: 0 done, 1 problems found,
//! 2 usage or configuration.

#![expect(clippy::expect_used, reason = "helpers of tests: what cannot be set up ends the test")]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

fn callfirst(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_callfirst"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

/// Runs it, checks how it ended, and gives what it said on stderr.
fn said(folder: &Path, arguments: &[&str], exit: i32) -> String {
    let output = callfirst(folder, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {stderr}");
    assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
    stderr
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A folder with what `init` writes.
fn set_up() -> tempfile::TempDir {
    let folder = folder();
    said(folder.path(), &["init"], 0);
    folder
}

#[test]
fn a_file_that_is_not_there_is_named_and_ends_with_2() {
    let folder = folder();
    for command in
        [&["explain"][..], &["reply"], &["replay"], &["notice", "--preview"], &["evaluate"]]
    {
        let stderr = said(folder.path(), &[command, &["nowhere.eml"]].concat(), 2);
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert!(stderr.contains("nowhere.eml") && stderr.contains("No such file"), "{stderr}");
    }
}

#[test]
fn a_folder_where_one_message_is_meant_points_to_replay() {
    let folder = folder();
    let stderr = said(folder.path(), &["explain", "."], 2);
    assert!(stderr.contains("callfirst replay"), "{stderr}");
}

#[test]
fn a_folder_without_mail_says_which_files_would_have_been_read() {
    let folder = folder();
    let stderr = said(folder.path(), &["replay", "."], 0);
    assert!(stderr.contains("no message found") && stderr.contains("Maildir"), "{stderr}");
}

#[test]
fn a_policy_that_wants_a_second_person_or_somebody_above_wants_one_to_be_there() {
    let folder = set_up();
    let policy = folder.path().join("policies/warranty_denial.toml");
    let text = fs::read_to_string(&policy).expect("the policy");
    for (key, value, what_would_do) in
        [("second_person", "always", "[call] second"), ("escalate_after", "24h", "[call] lead")]
    {
        let asking = text.replacen("[hold]\n", &format!("[hold]\n{key} = \"{value}\"\n"), 1);
        assert_ne!(asking, text);
        fs::write(&policy, asking).expect("the policy is written");
        let stderr = said(folder.path(), &["check", "-c", "callfirst.toml"], 2);
        for told in ["warranty_denial.toml:", &format!("hold.{key}"), what_would_do] {
            assert!(stderr.contains(told), "{told}: {stderr}");
        }
    }
}

#[test]
fn a_store_that_is_not_there_is_neither_made_nor_called_empty() {
    let folder = set_up();
    for command in [&["holds", "list"][..], &["holds", "export"], &["audit", "verify"], &["report"]]
    {
        let stderr = said(folder.path(), &[command, &["-c", "callfirst.toml"]].concat(), 2);
        assert!(stderr.contains("callfirst.db") && stderr.contains("store.url"), "{stderr}");
    }
    assert!(!folder.path().join("data/callfirst.db").exists());
}

#[test]
fn an_id_that_is_none_and_a_target_that_is_no_folder_are_said_before_anything_is_done() {
    let folder = set_up();
    fs::write(folder.path().join("data/callfirst.db"), "").expect("a store, empty");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(folder.path().join("data/callfirst.db"), private).expect("its mode");
    let stderr = said(folder.path(), &["holds", "show", "-c", "callfirst.toml", "7"], 2);
    assert!(stderr.contains("\"7\"") && stderr.contains("holds list"), "{stderr}");
    let absent = "0123456789abcdef0123456789abcdef";
    let stderr = said(folder.path(), &["holds", "show", "-c", "callfirst.toml", absent], 1);
    assert!(stderr.contains(absent) && stderr.contains("holds list"), "{stderr}");
    let stderr = said(folder.path(), &["holds", "export", "-c", "callfirst.toml", "nowhere"], 2);
    assert!(stderr.contains("nowhere is no folder"), "{stderr}");
}

#[test]
fn a_door_of_the_pages_that_is_taken_is_named() {
    let folder = set_up();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let file = folder.path().join("callfirst.toml");
    let text = fs::read_to_string(&file).expect("the configuration");
    let text = text
        .replace("127.0.0.1:10025", "127.0.0.1:0")
        .replace("127.0.0.1:10024", "127.0.0.1:0")
        .replace("127.0.0.1:8025", &address);
    fs::write(&file, text).expect("the configuration, changed");
    let stderr = said(folder.path(), &["serve", "-c", "callfirst.toml"], 1);
    assert!(stderr.contains(&address) && stderr.contains("web.listen"), "{stderr}");
}

#[test]
fn check_finds_what_is_wrong_in_a_guide_that_init_wrote() {
    let folder = set_up();
    let check = ["check", "-c", "callfirst.toml"];
    said(folder.path(), &check, 0);
    let guide = folder.path().join("policies/guides/de.toml");
    let text = fs::read_to_string(&guide).expect("init wrote it");
    fs::write(&guide, text.replace("{, name}, hier ist", "{nmae}, hier ist")).expect("written");
    let stderr = said(folder.path(), &check, 2);
    assert!(stderr.contains("policies/guides/de.toml:"), "{stderr}");
    assert!(stderr.contains("unknown placeholder `{nmae}`"), "{stderr}");
    // A mistake in one file hides none in another.
    let text = folder.path().join("policies/texts/de.toml");
    fs::create_dir_all(text.parent().expect("a folder")).expect("made");
    fs::write(&text, "[notice]\ncall_titel = \"Anrufen\"\n").expect("written");
    let stderr = said(folder.path(), &check, 2);
    assert!(stderr.contains("{nmae}") && stderr.contains("call_titel"), "{stderr}");
    assert!(stderr.contains("2 mistakes found"), "{stderr}");
}

#[test]
fn texts_are_checked_and_every_mail_is_shown_in_own_words() {
    let folder = set_up();
    let file = folder.path().join("policies/texts/fr.toml");
    let ships = fs::read_to_string(&file).expect("init wrote it");
    let mistaken = format!("{ships}notice.remind = \"Un rappel suit.\"\npage.footr = \"x\"\n");
    fs::write(&file, &mistaken).expect("written");
    let stderr = said(folder.path(), &["check", "-c", "callfirst.toml"], 2);
    let line = ships.lines().count() + 1;
    for wanted in [
        &format!("policies/texts/fr.toml:{line}:"),
        "`notice.remind`: the placeholder `{when}` is missing",
        "unknown key `page.footr`",
        "did you mean `footer`?",
    ] {
        assert!(stderr.contains(wanted), "{wanted} is not in\n{stderr}");
    }
    let own = format!("{ships}notice.call_title = \"Au téléphone\"\n");
    fs::write(&file, own).expect("written");
    let stderr = said(folder.path(), &["check", "-c", "callfirst.toml"], 0);
    assert!(stderr.contains("1 key of the texts is your own"), "{stderr}");
    let mail = "From: Tom <tom@northwind-hvac.example>\r\nTo: s.hall@hall.example\r\n\
                Subject: Your warranty claim\r\n\r\n\
                Unfortunately the repair is not covered by your warranty. We must refuse your claim.\r\n";
    fs::write(folder.path().join("mail.eml"), mail).expect("written");
    let preview = |more: &[&str]| {
        let fixed = ["notice", "--preview", "mail.eml", "-c", "callfirst.toml"];
        let output = callfirst(folder.path(), &[&fixed[..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(preview(&[]).starts_with("Not delivered yet"));
    assert!(preview(&["--language", "fr"]).contains("Au téléphone"));
    let reminder = preview(&["--kind", "callback", "--language", "fr", "--format", "eml"]);
    assert!(
        reminder.contains("filename=\"call.ics\"") && reminder.contains("Au t=C3=A9l=C3=A9phone")
    );
    assert!(preview(&["--kind", "expiry", "--format", "html"]).contains("Returned to you"));
    let stderr = said(folder.path(), &["notice", "--preview", "mail.eml", "--language", "dk"], 2);
    assert!(stderr.contains("en, de, fr"), "{stderr}");
}

#[test]
fn check_warns_of_a_key_that_serve_would_refuse_and_of_no_other() {
    let folder = set_up();
    let key = folder.path().join("data/callfirst.db.key");
    let check = ["check", "-c", "callfirst.toml"];
    assert!(!said(folder.path(), &check, 0).contains("warning"));
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("mode");
    let stderr = said(folder.path(), &check, 0);
    assert!(stderr.contains("warning") && stderr.contains("chmod 600"), "{stderr}");
    fs::remove_file(&key).expect("the key goes");
    assert!(!said(folder.path(), &check, 0).contains("warning"), "serve makes one");
    assert!(!key.exists(), "check makes none");
    fs::remove_dir(folder.path().join("data")).expect("the folder goes");
    assert!(said(folder.path(), &check, 0).contains("data/callfirst.db.key"));
}

#[test]
fn a_store_folder_that_is_not_there_is_said_once() {
    let folder = set_up();
    fs::remove_dir_all(folder.path().join("data")).expect("the folder goes");
    let stderr = said(folder.path(), &["serve", "-c", "callfirst.toml"], 2);
    assert!(stderr.contains("data/callfirst.db.key"), "{stderr}");
    assert_eq!(stderr.matches("No such file").count(), 1, "{stderr}");
}

#[test]
fn a_full_disk_under_stdout_is_told_by_every_command_that_prints() {
    let folder = folder();
    let row = r#"{"id":"a","text":"All is well.","label":"pass"}"#;
    fs::write(folder.path().join("set.jsonl"), row).expect("a set");
    fs::write(folder.path().join("a.eml"), "From: a@x.example\nTo: b@y.example\n\nhello\n")
        .expect("a mail");
    for command in [["explain", "a.eml"], ["reply", "a.eml"], ["evaluate", "set.jsonl"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let output = Command::new(env!("CARGO_BIN_EXE_callfirst"))
            .args(command)
            .current_dir(folder.path())
            .stdout(full)
            .output()
            .expect("the program runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {stderr}");
        assert!(stderr.contains("standard output"), "{command:?}: {stderr}");
    }
}

#[test]
fn a_second_reader_that_nobody_configured_is_not_asked_in_silence() {
    let folder = set_up();
    let asks = ["replay", "--second-reader", "."];
    let stderr = said(folder.path(), &asks, 2);
    assert!(stderr.contains("--config"), "{stderr}");
    let stderr = said(folder.path(), &[&asks[..], &["-c", "callfirst.toml"]].concat(), 2);
    assert!(stderr.contains("[second_reader]"), "{stderr}");
}

/// Makes the store of a folder of `init`, as `serve` does.
fn made_store(folder: &Path) {
    let url = format!("sqlite:{}", folder.join("data/callfirst.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let settings = callfirst::store::Settings::default();
    runtime.block_on(callfirst::store::open(&url, &settings)).expect("a store");
}

#[test]
fn people_are_added_listed_shut_out_and_let_in_again() {
    let folder = set_up();
    let people = |arguments: &[&str], exit: i32| {
        let all = [&["people"], arguments, &["-c", "callfirst.toml"]].concat();
        let output = callfirst(folder.path(), &all);
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {stderr}");
        (stdout, stderr)
    };
    let add = ["add", "Kim", "--role", "operator", "--address", "kim@us.example"];
    let (_, told) = people(&add, 2);
    assert!(told.contains("there is no store"), "{told}");
    made_store(folder.path());
    let (link, told) = people(&add, 0);
    assert!(link.starts_with("https://callfirst.northwind-hvac.example/desk/password/"), "{link}");
    assert!(told.contains("kim sets a password here, once"), "{told}");
    let (_, told) = people(&add, 2);
    assert!(told.contains("somebody else logs in as kim"), "{told}");
    let (_, told) = people(&["add", "kim tom", "--role", "lead"], 2);
    assert!(told.contains("a log-in name is"), "{told}");
    let (_, told) = people(&["disable", "tom"], 2);
    assert!(told.contains("nobody logs in as tom"), "{told}");
    people(&["disable", "kim"], 0);
    let (listed, _) = people(&["list", "--json"], 0);
    assert!(
        listed.contains("\"login\":\"kim\"") && listed.contains("\"disabled\":true"),
        "{listed}"
    );
    let (_, told) = people(&["reset", "kim"], 2);
    assert!(told.contains("people enable kim"), "{told}");
    people(&["enable", "kim"], 0);
    let (another, _) = people(&["reset", "kim"], 0);
    assert_ne!(another, link);
    let (listed, _) = people(&["list"], 0);
    assert!(listed.starts_with("kim ") && listed.contains("no password yet"), "{listed}");
    let audit = callfirst(folder.path(), &["audit", "verify", "-c", "callfirst.toml"]);
    let audit = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(audit.contains("up to 5:"), "add, link, disable, enable, link: {audit}");
}
