//! The section `[replies]` as written.

use crate::{
    decision::Organisation,
    mail::Mailbox,
    notice::reply::Command,
    policy::document::{Located, Table},
    replies::{Allowed, Deputy, ReplyAddress, Trust},
};

use super::ReplySettings;

/// What is allowed unless somebody says otherwise: nothing that lets a mail go.
const ALLOWED: [Command; 2] = [Command::Withdraw, Command::NoAnswer];

/// `[replies]`
pub(super) fn replies(t: &Table<'_>, organisation: Option<&Organisation>) -> Option<ReplySettings> {
    let mailbox =
        t.parsed("address", "a mailbox such as \"callfirst@northwind.example\"", |text| {
            Mailbox::parse(text).ok()
        });
    let mailbox = mailbox.required_located();
    let separators = ReplyAddress::SEPARATORS.map(|c| (c.to_string(), c));
    let choices = separators.each_ref().map(|(name, c)| (name.as_str(), *c));
    let separator = t.choice("separator", &choices).or('+');
    let allowed = allowed(t);
    let trust = trust(t);
    let deputies =
        t.parsed_list("deputies", "pairs such as \"ann@x.example for tom@x.example\"", deputy);
    let address = address(t, &mailbox?, separator, organisation)?;
    let deputies = deputies.into_iter().map(|d| d.value).collect();
    Some(ReplySettings { address, allowed: allowed?, trust: trust?, deputies })
}

fn address(
    t: &Table<'_>,
    mailbox: &Located<Mailbox>,
    separator: char,
    organisation: Option<&Organisation>,
) -> Option<ReplyAddress> {
    let most = ReplyAddress::MAX_MAILBOX;
    if organisation.is_some_and(|o| !o.is_inside(&mailbox.value)) {
        let why = format!("`{}` is outside of `organisation.domains`", t.path_of("address"));
        let help = "take a mailbox in a domain of yours: its mail must come to your relay";
        t.add(mailbox.span.clone(), why, Some(help.to_owned()));
    }
    let address = ReplyAddress::new(&mailbox.value, separator);
    if address.is_none() {
        t.add(
            mailbox.span.clone(),
            format!("`{}` leaves no room for a token", t.path_of("address")),
            Some(format!("at most {most} letters, digits, +-_.= before the @: \"callfirst@...\"")),
        );
    }
    address
}

fn allowed(t: &Table<'_>) -> Option<Allowed> {
    let wanted =
        "some of \"withdraw\", \"no_answer\", \"called_send\", \"false_alarm\", \"send_anyway\"";
    let by_name = |text: &str| {
        let named = Allowed::NAMES.iter().find(|(name, _)| *name == text);
        named.map(|(_, command)| *command)
    };
    if !t.has("allow") {
        return Some(Allowed::new(ALLOWED.to_vec()));
    }
    let commands = t.parsed_list("allow", wanted, by_name);
    if commands.is_empty() {
        t.add(
            t.span(),
            format!("`{}` allows nothing", t.path_of("allow")),
            Some("name a command, or leave out the whole section".to_owned()),
        );
        return None;
    }
    Some(Allowed::new(commands.into_iter().map(|c| c.value).collect()))
}

fn trust(t: &Table<'_>) -> Option<Trust> {
    let trusted = t.choice("trusted", &[("networks", false), ("authentication_results", true)]);
    let by_results = trusted.required();
    let authserv_id = t.string("authserv_id").located();
    match (by_results?, authserv_id) {
        (false, None) => Some(Trust::Networks),
        (true, Some(id)) => Some(Trust::AuthenticationResults { authserv_id: id.value }),
        (true, None) => {
            t.add(
                t.span(),
                format!("`{}` is missing", t.path_of("authserv_id")),
                Some("the name that your relay writes first in Authentication-Results".to_owned()),
            );
            None
        }
        (false, Some(id)) => {
            t.add(
                id.span,
                format!("`{}` means nothing here", t.path_of("authserv_id")),
                Some("it goes with `trusted = \"authentication_results\"`".to_owned()),
            );
            None
        }
    }
}

fn deputy(text: &str) -> Option<Deputy> {
    let (deputy, principal) = text.split_once(" for ")?;
    let mailbox = |text: &str| Mailbox::parse(text.trim()).ok().filter(|m| m.domain().is_some());
    Some(Deputy { deputy: mailbox(deputy)?, principal: mailbox(principal)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    fn read(keys: &str) -> Result<ReplySettings, String> {
        let us = Organisation { name: "Us".into(), domains: vec!["us.example".into()] };
        section("replies", keys, |t| replies(t, Some(&us))).map(Option::unwrap)
    }

    #[test]
    fn without_more_words_a_reply_lets_no_mail_go() {
        let settings = read("address = \"callfirst@us.example\"\ntrusted = \"networks\"").unwrap();
        assert_eq!(settings.allowed.commands(), [Command::Withdraw, Command::NoAnswer]);
        assert_eq!((settings.trust, settings.deputies.len()), (Trust::Networks, 0));
    }

    #[test]
    fn mistakes_name_the_key_and_what_would_do() {
        let good = "address = \"callfirst@us.example\"\n";
        let proven = "trusted = \"networks\"\n";
        for (keys, wanted) in [
            (proven.to_owned(), ["`replies.address` is missing", ""]),
            (good.to_owned(), ["`replies.trusted` is missing", ""]),
            (
                format!("address = \"cf@them.example\"\n{proven}"),
                ["outside", "organisation.domains"],
            ),
            (
                format!("address = \"far-too-long-a-name@us.example\"\n{proven}"),
                ["no room", "at most 18"],
            ),
            (format!("{good}{proven}separator = \"*\""), ["separator", "`+`"]),
            (format!("{good}{proven}allow = []"), ["replies.allow", "allows nothing"]),
            (format!("{good}{proven}allow = [\"called\"]"), ["replies.allow", "called_send"]),
            (format!("{good}trusted = \"authentication_results\""), ["authserv_id", "is missing"]),
            (format!("{good}{proven}authserv_id = \"mx\""), ["authserv_id", "means nothing"]),
            (format!("{good}{proven}deputies = [\"ann@us.example\"]"), ["deputies", " for tom"]),
        ] {
            let told = read(&keys).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{part} is not in:\n{told}");
            }
        }
        let deputies = "deputies = [\"ann@us.example for tom@us.example\"]";
        let settings = read(&format!("{good}{proven}{deputies}")).unwrap();
        assert_eq!(settings.deputies[0].principal.as_str(), "tom@us.example");
    }
}
