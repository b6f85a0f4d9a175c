//! A file to start from: every line that ships, each commented out.

use super::lines::Shipped;
use crate::message::Language;

/// The file of a language. Each key is written in full, so that a line is changed by taking away its
/// `#`, whatever stands above it.
pub fn sample(language: Language, shipped: &[Shipped]) -> String {
    let code = language.code();
    let mut file = format!(
        "# {code}.toml: what mails and pages say, in an organisation's own words.\n\
         #\n\
         # Every line that ships stands here, commented out. To change one, take away its # and\n\
         # write your own; the others stay as they ship, and follow when callfirst is renewed.\n\
         # What stands in {{braces}} is filled in, and each line keeps the names that it has. A list\n\
         # is changed as a whole. `callfirst check` tells mistakes, and\n\
         # `callfirst notice --preview mail.eml` shows the result.\n"
    );
    let mut table: &[&str] = &[];
    for one in shipped {
        let (_, above) = one.names.split_last().unwrap_or((&"", &[]));
        if above != table {
            file.push('\n');
            table = above;
        }
        file.push_str(&format!("#{} = {}\n", one.names.join("."), value(one)));
    }
    file
}

fn value(one: &Shipped) -> String {
    let lines: Vec<String> = one.lines.iter().map(|line| string(line)).collect();
    if one.is_list { format!("[{}]", lines.join(", ")) } else { lines.concat() }
}

/// A basic string (TOML 1.1). Lines have no controls.
fn string(line: &str) -> String {
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}
