//! Every broken policy prints the very message that helps to mend it.
//!
//! `tests/bad_policies/NAME/policy.toml` and `expected.txt`; `BLESS=1` rewrites the latter,
//! and the diff is read.

use std::{fs, path::Path};

use callfirst::policy::{PolicySet, Source};

#[test]
fn every_broken_policy_prints_its_own_message() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_policies");
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert!(names.len() >= 40, "only {} cases", names.len());
    let mut wrong = Vec::new();
    for name in names {
        let case = folder.join(&name);
        let text = fs::read_to_string(case.join("policy.toml")).unwrap();
        let sources = [Source { name: "policy.toml".to_owned(), text }];
        let errors = PolicySet::compile(&sources, None)
            .expect_err(&format!("{} compiles", name.to_string_lossy()));
        let printed: Vec<String> = errors.iter().map(|e| e.render(&sources)).collect();
        let printed = printed.join("\n\n") + "\n";
        let expected = case.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &printed).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != printed {
            wrong.push(format!("{}:\n{printed}", name.to_string_lossy()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
