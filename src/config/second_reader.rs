//! The section `[second_reader]` as written.

use std::{path::Path, time::Duration};

use crate::{
    consult,
    decision::GreyZone,
    http::Endpoint,
    opinion,
    policy::document::{Located, Table},
    reach::Limits,
};

use super::{
    SecondReaderSettings,
    fields::{limit, number},
};

/// A sending server waits meanwhile, and so does one slot of its queue.
const MOST_TIMEOUT: Duration = Duration::from_secs(10);
/// A word of more log-odds would decide alone.
const MOST_WEIGHT: f64 = 6.0;

/// `[second_reader]`
pub(super) fn second_reader(t: &Table<'_>, folder: &Path) -> Option<SecondReaderSettings> {
    let endpoint = endpoint(t);
    let plain_http = t.boolean("plain_http").or(false);
    if let Some(endpoint) = endpoint.as_ref().filter(|e| e.value.is_plain_and_public()) {
        refuse_clear_text(t, endpoint, plain_http);
    }
    let model = t.string("model").required();
    let help = "choose a time up to \"10s\": mail waits for the answer";
    let timeout = limit(t, "timeout", Duration::from_secs(4), MOST_TIMEOUT, help);
    // Every key is read before any is found missing: all mistakes are told at once.
    let (key_file, ca_file) = (t.string("key_file").optional(), t.string("ca_file").optional());
    let zone = zone(t);
    let at_once = number(t, "at_once", 4, 256);
    let per_minute = number(t, "requests_per_minute", 60, 100_000);
    let per_day = number(t, "requests_per_day", 5_000, 10_000_000);
    let weight = t.float("weight", 0.0..=MOST_WEIGHT).or(2.0);
    let characters = number(t, "max_characters", 4_000, 100_000);
    let mask = t.boolean("mask").or(true);
    let ask = consult::Settings {
        endpoint: endpoint?.value,
        model: model?,
        key_file: key_file.map(|file| folder.join(file)),
        ca_file: ca_file.map(|file| folder.join(file)),
        plain_http,
        timeout,
        limits: Limits { at_once, per_minute, per_day },
    };
    Some(SecondReaderSettings { zone, weight, limits: opinion::Limits { characters, mask }, ask })
}

fn endpoint(t: &Table<'_>) -> Option<Located<Endpoint>> {
    let url = t.string("url").and_then(|url| {
        url.parse::<Endpoint>().map_err(|error| {
            let wanted = "such as \"http://127.0.0.1:8080/v1/chat/completions\"";
            (error.to_string(), Some(wanted.to_owned()))
        })
    });
    url.required_located()
}

fn refuse_clear_text(t: &Table<'_>, endpoint: &Located<Endpoint>, allowed: bool) {
    if !allowed {
        t.add(
            endpoint.span.clone(),
            "`second_reader.url` would send text of mail in clear to a public address",
            Some("use https, or say `plain_http = true` if that is meant".to_owned()),
        );
    }
}

fn zone(t: &Table<'_>) -> GreyZone {
    let low = t.float("zone_low", 0.0..=1.0).located();
    let high = t.float("zone_high", 0.0..=1.0).located();
    let span = high.as_ref().or(low.as_ref()).map(|end| end.span.clone());
    let end = |end: Option<Located<f64>>, default| end.map_or(default, |end| end.value);
    let zone = GreyZone { low: end(low, 0.2), high: end(high, 0.8) };
    if let Some(span) = span.filter(|_| zone.low >= zone.high) {
        t.add(
            span,
            "`second_reader.zone_low` must be below `second_reader.zone_high`",
            Some("probabilities such as 0.2 and 0.8".to_owned()),
        );
    }
    zone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::in_tests::section;

    fn read(keys: &str) -> Result<SecondReaderSettings, String> {
        let settings =
            section("second_reader", keys, |t| second_reader(t, Path::new("/etc/callfirst")));
        settings.map(Option::unwrap)
    }

    #[test]
    fn url_and_model_are_enough() {
        let settings = read("url = \"http://localhost:11434/v1/chat/completions\"\nmodel = \"m\"");
        let settings = settings.unwrap();
        assert_eq!(settings.zone, GreyZone { low: 0.2, high: 0.8 });
        assert!(settings.limits.mask && settings.ask.key_file.is_none());
        assert_eq!(settings.ask.timeout, Duration::from_secs(4));
    }

    #[test]
    fn mistakes_name_the_key_and_what_would_do() {
        let good = "url = \"https://llm.example/v1/chat/completions\"\nmodel = \"m\"\n";
        for (keys, wanted) in [
            ("", ["`second_reader.url` is missing", "`second_reader.model` is missing"]),
            ("url = \"llm:8080\"\nmodel = \"m\"", ["must be a URL", "http://127.0.0.1:8080"]),
            ("url = \"https://u:p@h/\"\nmodel = \"m\"", ["no password", "key_file"]),
            ("url = \"http://8.8.8.8/\"\nmodel = \"m\"", ["in clear", "plain_http = true"]),
            (&format!("{good}timeout = \"11s\""), ["second_reader.timeout", "up to \"10s\""]),
            (&format!("{good}timeout = \"0s\""), ["second_reader.timeout", "up to \"10s\""]),
            (&format!("{good}zone_low = 0.9"), ["zone_low", "below"]),
            (&format!("{good}zone_low = 0.5\nzone_high = 0.5"), ["zone_high", "0.2 and 0.8"]),
            (&format!("{good}weight = 9"), ["second_reader.weight", "0 to 6"]),
            (&format!("{good}weigth = 2"), ["weigth", "did you mean `weight`"]),
            (&format!("{good}at_once = 0"), ["at_once", "1 to 256"]),
        ] {
            let told = read(keys).unwrap_err();
            for part in wanted {
                assert!(told.contains(part), "{part} is not in:\n{told}");
            }
        }
        let meant = "url = \"http://8.8.8.8/\"\nmodel = \"m\"\nplain_http = true";
        assert!(read(meant).is_ok());
    }
}
