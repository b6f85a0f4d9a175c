//! A guide file as decoded: `policies/guides/<language>.toml`.
//!
//! Takes one file and what stands in for the keys that it leaves out; gives a whole [`Sheet`].
//! Refuses unknown keys and placeholders, what is missing, and what nobody could say in one
//! breath: with file, line and what would do.

use std::{collections::BTreeMap, ops::Range};

use super::fill::{AMOUNTS, DATES, NAME, ORGANISATION, WORDS, placeholders};
use crate::{
    call::said::has_words,
    policy::document::{Located, Table, nearest},
};

/// A line longer than this is not said in one breath.
const MAX_LINE_CHARS: usize = 260;
/// Lines with which a first question is answered.
const MAX_ANSWER: usize = 3;
/// `[[drop]]` tables of one file, and phrases of one.
const MAX_DROPS: usize = 40;
const MAX_PHRASES: usize = 60;

/// One language's guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// What holds for every call: no news on voice mail.
    pub(super) voice_mail: String,
    /// What may be said to a voice mail instead.
    pub(super) leave: String,
    /// Say these dates early.
    pub(super) dates: String,
    /// Say these amounts early.
    pub(super) amounts: String,
    /// Say "you" as the mail does, to a friend; empty where a language has one word.
    pub(super) familiar: String,
    /// What a mail lacks.
    pub(super) missing: Missing,
    /// What to change before the mail goes out as the confirmation.
    pub(super) afterwards: Afterwards,
    /// Phrases that spoil it.
    pub(super) drop: Vec<Spoiler>,
    /// By category.
    pub(super) categories: BTreeMap<String, Lines>,
}

/// One kind line for each thing that a mail lacks; with `ask_`, for one that it may have after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) regret: String,
    pub(super) plain_regret: String,
    pub(super) ownership: String,
    pub(super) reason: String,
    pub(super) remedy: String,
    pub(super) date: String,
    pub(super) ask_regret: String,
    pub(super) ask_ownership: String,
    pub(super) ask_reason: String,
    pub(super) ask_remedy: String,
}

/// See [`Sheet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Afterwards {
    pub(super) begin: String,
    pub(super) take_out: String,
    pub(super) agreed: String,
    pub(super) send_new: String,
}

/// Phrases, why they spoil it, and what to say instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoiler {
    pub(super) phrases: Vec<String>,
    /// Those of which nothing is left standing where they are struck out.
    pub(super) take_out: Vec<String>,
    /// Whether they spoil only the news: "perhaps" is no harm elsewhere.
    pub(super) in_news: bool,
    pub(super) why: String,
    pub(super) instead: String,
}

/// What is said in one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) news: String,
    pub(super) question: String,
    pub(super) answer: Vec<String>,
    pub(super) regret: String,
    pub(super) responsibility: String,
    pub(super) remedy: String,
}

/// Reads a file over a base. Where something is wrong it is recorded and nothing stands in for
/// it. `known` are the categories that policies have; `None` asks no policy.
pub(super) fn decode(root: &Table<'_>, base: Option<&Sheet>, known: Option<&[&str]>) -> Sheet {
    let line = |key, takes, of: fn(&Sheet) -> &String| read(root, key, takes, base.map(of));
    Sheet {
        voice_mail: line("voice_mail", &[], |s| &s.voice_mail),
        leave: line("leave", &[NAME, ORGANISATION], |s| &s.leave),
        dates: line("dates", &[DATES], |s| &s.dates),
        amounts: line("amounts", &[AMOUNTS], |s| &s.amounts),
        familiar: match root.has("familiar") {
            true => line("familiar", &[], |s| &s.familiar),
            false => base.map(|s| s.familiar.clone()).unwrap_or_default(),
        },
        missing: missing(root, base.map(|s| &s.missing)),
        afterwards: afterwards(root, base.map(|s| &s.afterwards)),
        drop: drop_tables(root, base.map(|s| s.drop.as_slice())),
        categories: categories(root, base.map(|s| &s.categories), known),
    }
}

fn missing(root: &Table<'_>, base: Option<&Missing>) -> Missing {
    let table = root.table("missing");
    let line = |key, takes: &[&str], of: fn(&Missing) -> &String| {
        below(root, table.as_ref(), key, takes, base.map(of))
    };
    let missing = Missing {
        regret: line("regret", &[], |m| &m.regret),
        plain_regret: line("plain_regret", &[WORDS], |m| &m.plain_regret),
        ownership: line("ownership", &[], |m| &m.ownership),
        reason: line("reason", &[], |m| &m.reason),
        remedy: line("remedy", &[], |m| &m.remedy),
        date: line("date", &[], |m| &m.date),
        ask_regret: line("ask_regret", &[], |m| &m.ask_regret),
        ask_ownership: line("ask_ownership", &[], |m| &m.ask_ownership),
        ask_reason: line("ask_reason", &[], |m| &m.ask_reason),
        ask_remedy: line("ask_remedy", &[], |m| &m.ask_remedy),
    };
    table.into_iter().for_each(Table::finish);
    missing
}

fn afterwards(root: &Table<'_>, base: Option<&Afterwards>) -> Afterwards {
    let table = root.table("afterwards");
    let line = |key, takes: &[&str], of: fn(&Afterwards) -> &String| {
        below(root, table.as_ref(), key, takes, base.map(of))
    };
    let afterwards = Afterwards {
        begin: line("begin", &[], |a| &a.begin),
        take_out: line("take_out", &[WORDS], |a| &a.take_out),
        agreed: line("agreed", &[], |a| &a.agreed),
        send_new: line("send_new", &[], |a| &a.send_new),
    };
    table.into_iter().for_each(Table::finish);
    afterwards
}

/// The `[[drop]]`s of a file replace all of the base's.
fn drop_tables(root: &Table<'_>, base: Option<&[Spoiler]>) -> Vec<Spoiler> {
    let tables = root.tables("drop");
    if !root.has("drop") {
        return base.unwrap_or_default().to_vec();
    }
    if let Some(extra) = tables.get(MAX_DROPS) {
        let help = format!("a file may have {MAX_DROPS}");
        extra.add(extra.span(), "too many `[[drop]]` tables", Some(help));
    }
    let one = |table: Table<'_>| {
        let spoiler = Spoiler {
            phrases: phrases(&table, table.strings("phrases").required()),
            take_out: phrases(&table, table.strings("take_out").optional()),
            in_news: table.boolean("in_news").or(false),
            why: read(&table, "why", &[], None),
            instead: read(&table, "instead", &[], None),
        };
        table.finish();
        spoiler
    };
    tables.into_iter().map(one).collect()
}

fn phrases(table: &Table<'_>, written: Option<Vec<Located<String>>>) -> Vec<String> {
    let phrases = written.unwrap_or_default();
    if let Some(extra) = phrases.get(MAX_PHRASES) {
        let help = format!("at most {MAX_PHRASES}: begin a second `[[drop]]`");
        table.add(extra.span.clone(), "too many phrases", Some(help));
    }
    for phrase in phrases.iter().filter(|p| !has_words(&p.value)) {
        let help = "write the words of the mail: \"any inconvenience\"".to_owned();
        table.add(phrase.span.clone(), "the phrase has no word", Some(help));
    }
    phrases.into_iter().map(|p| p.value).collect()
}

/// The `[category.NAME]` tables over those of the base.
fn categories(
    root: &Table<'_>,
    base: Option<&BTreeMap<String, Lines>>,
    known: Option<&[&str]>,
) -> BTreeMap<String, Lines> {
    let mut categories = base.cloned().unwrap_or_default();
    let Some(tables) = root.table("category") else { return categories };
    for (name, table) in tables.all_tables() {
        let before = categories.get(&name.value);
        let strange = before.is_none() && known.is_some_and(|k| !k.contains(&name.value.as_str()));
        if strange {
            let ours: Vec<&str> = categories.keys().map(String::as_str).collect();
            refuse_category(&table, &name, &ours);
            continue;
        }
        let lines = category(&table, before);
        table.finish();
        categories.insert(name.value, lines);
    }
    categories
}

fn refuse_category(table: &Table<'_>, name: &Located<String>, known: &[&str]) {
    let help = match nearest(&name.value, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "use the `category` of a policy".to_owned(),
    };
    table.add(
        name.span.clone(),
        format!("no policy has the category `{}`", name.value),
        Some(help),
    );
}

fn category(table: &Table<'_>, base: Option<&Lines>) -> Lines {
    let line = |key, takes, of: fn(&Lines) -> &String| read(table, key, takes, base.map(of));
    Lines {
        news: line("news", &[], |l| &l.news),
        question: line("question", &[], |l| &l.question),
        answer: answer(table, base),
        regret: line("regret", &[NAME], |l| &l.regret),
        responsibility: line("responsibility", &[], |l| &l.responsibility),
        remedy: line("remedy", &[], |l| &l.remedy),
    }
}

fn answer(table: &Table<'_>, base: Option<&Lines>) -> Vec<String> {
    let field = table.strings("answer");
    let Some(lines) = (match base {
        Some(_) => field.optional(),
        None => field.required(),
    }) else {
        return base.map(|l| l.answer.clone()).unwrap_or_default();
    };
    if lines.is_empty() || lines.len() > MAX_ANSWER {
        let message = format!("`{}` has {} lines", table.path_of("answer"), lines.len());
        table.add(table.span(), message, Some(format!("write one to {MAX_ANSWER} lines")));
    }
    let path = table.path_of("answer");
    lines.iter().for_each(|l| check(table, &path, &l.value, &l.span, &[]));
    lines.into_iter().map(|l| l.value).collect()
}

/// A line of a table that may be absent as a whole.
fn below(
    root: &Table<'_>,
    table: Option<&Table<'_>>,
    key: &'static str,
    takes: &[&str],
    base: Option<&String>,
) -> String {
    match (table, base) {
        (Some(table), _) => read(table, key, takes, base),
        (None, Some(base)) => base.clone(),
        (None, None) => {
            let help = format!("add `{key}`: a sentence");
            root.add(root.span(), format!("`{key}` is missing with its table"), Some(help));
            String::new()
        }
    }
}

/// A line, or the base's; without a base it must be there.
fn read(table: &Table<'_>, key: &'static str, takes: &[&str], base: Option<&String>) -> String {
    let field = table.string(key);
    let line = match base {
        Some(_) => field.located(),
        None => field.required_located(),
    };
    let Some(line) = line else { return base.cloned().unwrap_or_default() };
    check(table, &table.path_of(key), &line.value, &line.span, takes);
    line.value
}

fn check(table: &Table<'_>, path: &str, line: &str, span: &Range<usize>, takes: &[&str]) {
    let refuse = |message: String, help: String| table.add(span.clone(), message, Some(help));
    let length = line.chars().count();
    if length > MAX_LINE_CHARS {
        let help = format!("say it in one breath: at most {MAX_LINE_CHARS}");
        refuse(format!("`{path}` has {length} characters"), help);
    }
    if line.chars().any(char::is_control) {
        refuse(format!("`{path}` has more than one line"), "write it as one line".to_owned());
    }
    let list = takes.iter().map(|t| format!("`{{{t}}}`")).collect::<Vec<_>>().join(", ");
    let may = if list.is_empty() {
        "this line takes none".to_owned()
    } else {
        format!("known here: {list}")
    };
    match placeholders(line) {
        Err(()) => refuse(format!("`{path}`: a brace has no fellow"), may),
        Ok(found) => {
            for name in found.into_iter().filter(|name| !takes.contains(name)) {
                refuse(format!("`{path}`: unknown placeholder `{{{name}}}`"), may.clone());
            }
        }
    }
}
