//! The policies that ship in the binary: the files of `policies/`.

use super::{PolicySet, Source};

/// Embeds files under the names they have in a policy folder.
macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../policies/", $name)))),+]
    };
}

const FILES: &[(&str, &str)] = embed![
    "claim_denial.toml",
    "common.toml",
    "complaint_response.toml",
    "delivery_delay.toml",
    "email_apology.toml",
    "error_disclosure.toml",
    "lists/de.toml",
    "lists/en.toml",
    "lists/es.toml",
    "lists/fr.toml",
    "lists/it.toml",
    "lists/nl.toml",
    "lists/pt.toml",
    "order_cancellation.toml",
    "other.toml",
    "price_increase.toml",
    "refund_refusal.toml",
    "rejection.toml",
    "service_termination.toml",
    "warranty_denial.toml",
];

impl PolicySet {
    /// The files that ship, as `callfirst init` writes them.
    pub fn shipped() -> Vec<Source> {
        let one = |(name, text): &(&str, &str)| Source {
            name: format!("policies/{name}"),
            text: (*text).to_owned(),
        };
        FILES.iter().map(one).collect()
    }
}
