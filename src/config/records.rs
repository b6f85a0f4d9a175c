//! The sections `[retention]` and `[audit]` as written: how long what is kept, and how the audit's end gets
//! outside.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{audit, hold::Retention, mail::Mailbox, policy::document::Table};

use super::fields::number;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A hundred years: for ever, as far as we are concerned.
const MOST_DAYS: i64 = 36_500;
/// Content of mail, unless said otherwise.
const CONTENT_DAYS: u32 = 30;
/// Subject, addresses, notes: a year's figures and a month to look at them.
const HOLDS_DAYS: u32 = 400;
/// A head is signed at least as often.
const LONGEST_BETWEEN: Duration = Duration::from_secs(7 * 24 * 3600);
/// And at most so often.
const SHORTEST_BETWEEN: Duration = Duration::from_secs(3600);

/// Without `[retention]`.
pub(super) fn usual() -> Retention {
    Retention { content: DAY * CONTENT_DAYS, holds: DAY * HOLDS_DAYS, audit: None }
}

/// `[retention]`
pub(super) fn retention(t: &Table<'_>) -> Retention {
    let content = number(t, "content_days", CONTENT_DAYS, MOST_DAYS);
    let holds = number(t, "holds_days", HOLDS_DAYS.max(content), MOST_DAYS);
    let audit = t.integer("audit_days", 1..=MOST_DAYS).optional();
    let audit = audit.and_then(|days| u32::try_from(days).ok());
    if holds < content {
        t.add(
            t.span(),
            "`retention.holds_days` is shorter than `retention.content_days`",
            Some("content names people too: it cannot be kept longer than names".to_owned()),
        );
    }
    if audit.is_some_and(|audit| audit < holds) {
        t.add(
            t.span(),
            "`retention.audit_days` is shorter than `retention.holds_days`",
            Some("who did what is needed as long as the hold is there".to_owned()),
        );
    }
    Retention { content: DAY * content, holds: DAY * holds, audit: audit.map(|days| DAY * days) }
}

/// `[audit]`
pub(super) fn audit(
    t: &Table<'_>,
    folder: &Path,
    store_key: Option<&Path>,
    from: Option<&Mailbox>,
) -> Option<audit::Settings> {
    let key_file = t.string("key_file").optional().map(|file| folder.join(file));
    let heads_file = t.string("heads_file").optional().map(|file| folder.join(file));
    let to = t.parsed("mail_to", "an address such as \"auditor@northwind.example\"", |text| {
        Mailbox::parse(text).ok().filter(|mailbox| mailbox.domain().is_some())
    });
    let to = to.optional();
    let every = t.duration("every").and_then(|time| match time {
        time if (SHORTEST_BETWEEN..=LONGEST_BETWEEN).contains(&time) => Ok(time),
        _ => Err(("is out of range".to_owned(), Some("choose from \"1h\" to \"7d\"".to_owned()))),
    });
    let every = every.or(DAY);
    let every_entries = number(t, "every_entries", 10_000, 10_000_000);
    Some(audit::Settings {
        key_file: key_file.or_else(|| store_key.map(beside))?,
        heads_file,
        mail: to.and_then(|to| Some((from?.clone(), to))),
        every,
        every_entries,
    })
}

/// Beside the store's key, where the service may write.
fn beside(key: &Path) -> PathBuf {
    let mut name = key.as_os_str().to_owned();
    name.push(".audit");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    #[test]
    fn what_names_people_is_not_kept_longer_than_who_did_it() {
        let read = |keys: &str| section("retention", keys, retention);
        assert_eq!(read("").unwrap(), usual());
        let long = read("content_days = 500").unwrap();
        assert_eq!(long.holds, long.content, "the default goes along");
        for (keys, wanted) in [
            ("content_days = 0", "1 to 36500"),
            ("content_days = 60\nholds_days = 59", "content names people too"),
            ("audit_days = 399", "shorter than `retention.holds_days`"),
            ("contents_days = 3", "did you mean `content_days`"),
        ] {
            let told = read(keys).unwrap_err();
            assert!(told.contains(wanted), "{told}");
        }
    }

    #[test]
    fn a_head_is_signed_once_an_hour_to_once_a_week() {
        let key = Path::new("/var/lib/callfirst/callfirst.db.key");
        let read = |keys: &str| {
            section("audit", keys, |t| audit(t, Path::new("/etc/callfirst"), Some(key), None))
        };
        let settings = read("").unwrap().unwrap();
        assert_eq!(settings.key_file, Path::new("/var/lib/callfirst/callfirst.db.key.audit"));
        assert_eq!((settings.every, settings.every_entries), (DAY, 10_000));
        for keys in ["every = \"59m\"", "every = \"8d\"", "every_entries = 0", "mail_to = \"me\""] {
            assert!(read(keys).is_err(), "{keys}");
        }
    }
}
