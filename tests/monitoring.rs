//! Alerts and dashboard in `examples/monitoring` ask for metrics and labels that the program exports.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly, and says what it skips"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(path)),
            false => found.push(path),
        }
    }
    found
}

/// Every metric with its labels, as the macros in `src/telemetry` name them. Labels that are built
/// elsewhere (`&labels`) are looked for within the same function.
fn exported() -> BTreeMap<String, BTreeSet<String>> {
    let call = Regex::new(r#"(counter|gauge|histogram)!\(\s*"(callfirst_\w+)"([^;]*?)\)\s*\.\s*(increment|set|record)"#).unwrap();
    let label = Regex::new(r#""(\w+)"\s*=>|Label::new\(\s*"(\w+)"|\("(\w+)","#).unwrap();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(root().join("src/telemetry")) {
        let text = fs::read_to_string(path).unwrap();
        for function in text.split("\npub fn ") {
            for found in call.captures_iter(function) {
                let given = found.get(3).map_or("", |m| m.as_str());
                let within = if given.contains("&labels") { function } else { given };
                let labels = label.captures_iter(within);
                let names = labels.filter_map(|c| c.iter().skip(1).flatten().next());
                let names = names.map(|name| name.as_str().to_owned());
                let mut labels: BTreeSet<String> = names.collect();
                if &found[1] == "histogram" {
                    labels.insert("quantile".to_owned());
                }
                all.entry(found[2].to_owned()).or_default().extend(labels);
            }
        }
    }
    assert!(all.len() > 60, "only {all:?}");
    all
}

/// What a query asks for and does not get.
fn faults(query: &str, exported: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let asked = Regex::new(r"(callfirst_\w+)(?:\{([^}]*)\})?").unwrap();
    let matcher = Regex::new(r"(\w+)\s*(?:=~|!~|!=|=)").unwrap();
    let grouped = Regex::new(r"by \(([^)]*)\)").unwrap();
    let mut faults = Vec::new();
    for found in asked.captures_iter(query) {
        let name = found[1].trim_end_matches("_count").trim_end_matches("_sum");
        let Some(labels) = exported.get(name) else {
            faults.push(format!("{name} is exported by nobody: {query}"));
            continue;
        };
        let chosen = found.get(2).map_or("", |m| m.as_str());
        let wanted = matcher.captures_iter(chosen).map(|c| c[1].to_owned());
        let by = grouped
            .captures_iter(query)
            .flat_map(|c| c[1].split(',').map(|label| label.trim().to_owned()).collect::<Vec<_>>());
        let missing = wanted.chain(by).filter(|label| !labels.contains(label));
        faults.extend(missing.map(|label| format!("{name} has no label {label}: {query}")));
    }
    faults
}

#[test]
fn every_alert_asks_for_a_metric_that_there_is() {
    let (rules, exported) = (read("examples/monitoring/callfirst.rules.yml"), exported());
    let expression = Regex::new(r"(?m)^ {8}expr: '(.*)'$").unwrap();
    let queries: Vec<String> = expression.captures_iter(&rules).map(|c| c[1].to_owned()).collect();
    let alerts = rules.matches("- alert: ").count();
    assert_eq!(queries.len(), alerts, "each alert has one expression");
    for part in ["severity: ", "summary: '", "description: '", "for: "] {
        assert_eq!(rules.matches(part).count(), alerts, "each alert has {part}");
    }
    let faults: Vec<String> = queries.iter().flat_map(|query| faults(query, &exported)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_panel_asks_for_a_metric_that_there_is() {
    let dashboard = read("examples/monitoring/grafana-dashboard.json");
    let dashboard: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    let (mut queries, exported) = (Vec::new(), exported());
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(!panel["title"].as_str().unwrap().is_empty());
        for target in panel["targets"].as_array().unwrap() {
            queries.push(target["expr"].as_str().unwrap().to_owned());
        }
    }
    assert!(queries.len() >= 15);
    let faults: Vec<String> = queries.iter().flat_map(|query| faults(query, &exported)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_metric_or_label_that_nobody_exports_is_seen() {
    let exported = exported();
    for (query, wrong) in [
        ("callfirst_hold > 1", true),
        ("callfirst_holds{stat=\"held\"}", true),
        ("sum by (kind) (callfirst_holds)", true),
        ("sum by (state) (callfirst_holds{state=\"held\"})", false),
    ] {
        assert_eq!(!faults(query, &exported).is_empty(), wrong, "{query}");
    }
}

#[test]
fn promtool_takes_the_rules() {
    let rules = root().join("examples/monitoring/callfirst.rules.yml");
    match Command::new("promtool").args(["check", "rules"]).arg(rules).output() {
        Ok(done) => assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr)),
        Err(_) => println!("SKIPPED: no promtool"),
    }
}
