use super::*;
use crate::wording::{Fixed, Own, lines, shipped};

lines! {
    struct Mail<'a> {
        title: &'a str,
        /// `{who}`
        hold: [&'a str; 2],
        inner: Inner<'a>,
        read: Fixed<[&'static str; 1]>,
    }
}

lines! {
    struct Inner<'a> {
        /// `{day} {month}`
        day: &'a str,
    }
}

static MAIL: Mail<'static> = Mail {
    title: "Please call",
    hold: ["Not delivered", "Your mail to {who} waits, {who} too."],
    inner: Inner { day: "{day} {month}" },
    read: Fixed(["called"]),
};

fn ships(_: Language) -> Vec<Shipped> {
    shipped("notice", &MAIL)
}

fn compile(name: &str, text: &str) -> Result<Own, String> {
    let source = Source { name: name.to_owned(), text: text.to_owned() };
    Own::compile(std::slice::from_ref(&source), &ships).map_err(|found| {
        let told = found.iter().map(|d| d.render(std::slice::from_ref(&source)));
        told.collect::<Vec<_>>().join("\n")
    })
}

#[test]
fn an_own_line_stands_over_the_one_that_ships_and_no_other() {
    let own = compile(
        "policies/texts/de.toml",
        "notice.title = \"Bitte anrufen\"\n[notice]\nhold = [\"Wartet\", \"{who}: wartet\"]\n\
         [notice.inner]\nday = \"{month} {day}\"\n",
    );
    // One table is written twice here: TOML refuses that by itself.
    assert!(own.unwrap_err().contains("not TOML"));
    let own = compile(
        "policies/texts/de.toml",
        "[notice]\nhold = [\"Wartet\", \"{who}: wartet\"]\ninner.day = \"{month} {day}\"\n",
    );
    let own = own.unwrap();
    let german = own.over(Language::De, "notice", &MAIL);
    assert_eq!(german.title, "Please call");
    assert_eq!(german.hold, ["Wartet", "{who}: wartet"]);
    assert_eq!(german.inner.day, "{month} {day}");
    assert_eq!(*german.read, ["called"]);
    let french = own.over(Language::Fr, "notice", &MAIL);
    assert_eq!(french.hold, MAIL.hold);
    assert_eq!(own.count(), 2);
}

#[test]
fn every_mistake_is_told_with_its_line_and_what_would_do() {
    let long = "x".repeat(MAX_LINE_CHARS + 1);
    let text = "[notice]\n\
                title = \"LONG\"\n\
                titl = \"Call\"\n\
                hold = [\"{who} waits\", \"Your mail to {whom} waits\"]\n\
                read = [\"done\"]\n\
                [notice.inner]\n\
                day = \"{day {month}\"\n\
                [notices]\n";
    let text = text.replace("LONG", &long);
    let told = compile("policies/texts/de.toml", &text).unwrap_err();
    for wanted in [
        "`notice.title` has 601 characters",
        "policies/texts/de.toml:2:",
        "say it shorter: at most 600",
        "unknown key `notice.titl`",
        "did you mean `title`?",
        "`notice.hold`: unknown placeholder `{who}`",
        "this line takes none",
        "`notice.hold`: unknown placeholder `{whom}`",
        "it takes `{who}`",
        "`notice.hold`: the placeholder `{who}` is missing",
        "the line that ships is \"Your mail to {who} waits, {who} too.\"",
        "unknown key `notice.read`",
        "`notice.inner.day`: a brace has no fellow",
        "policies/texts/de.toml:7:",
        "unknown key `notices`",
        "did you mean `notice`?",
    ] {
        assert!(told.contains(wanted), "not told: {wanted}\n{told}");
    }
}

#[test]
fn a_list_keeps_its_length_and_a_line_is_one_line_of_text() {
    for (text, wanted) in [
        ("notice.hold = [\"One\"]", "`notice.hold` has 1 lines"),
        ("notice.hold = \"One\"", "must be an array of strings"),
        ("notice.title = [\"One\"]", "`notice.title` must be a string"),
        ("notice.title = \" \"", "must not be empty"),
        ("notice.title = \"a\\nb\"", "has more than one line, or a character that nobody sees"),
        ("notice.title = \"a\\u0007b\"", "has more than one line, or a character that nobody sees"),
        ("notice.title = \"a\\u202Eb\"", "has more than one line, or a character that nobody sees"),
        ("notice.inner = \"a\"", "must be a table"),
        ("notice.title = \"a } b\"", "a brace has no fellow"),
    ] {
        let told = compile("de.toml", text).unwrap_err();
        assert!(told.contains(wanted), "{text}: {told}");
    }
    let told = compile("de.toml", "notice.hold = [\"\", \"{who} waits\"]").unwrap_err();
    assert_eq!(told.matches("`notice.hold`").count(), 1, "told once: {told}");
    let told = compile("policies/texts/deutsch.toml", "").unwrap_err();
    assert!(told.contains("has the texts of no language") && told.contains("de.toml"), "{told}");
}
