//! The section `[desk]` as written.

use std::{path::Path, time::Duration};

use axum::http::HeaderName;

use crate::{intake::Network, policy::document::Table};

use super::{DeskSettings, fields::limit};

/// Nobody stays logged in for longer.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// `[desk]`
pub(super) fn desk(t: &Table<'_>, folder: &Path) -> DeskSettings {
    #[cfg(not(feature = "oidc"))]
    let _ = folder;
    let default = DeskSettings::default();
    let help = "such as \"30min\" or \"12h\"; at most 30 days";
    let mut sessions = default.sessions;
    sessions.idle = limit(t, "idle", sessions.idle, LONGEST, help);
    sessions.longest = limit(t, "longest", sessions.longest, LONGEST, help);
    let networks = t.parsed_list("proxy_networks", "networks such as \"127.0.0.1/32\"", |text| {
        text.parse::<Network>().ok()
    });
    let header =
        t.parsed("proxy_header", "the name of a field such as \"X-Remote-User\"", |text| {
            text.to_ascii_lowercase().parse::<HeaderName>().ok().filter(is_free)
        });
    let settings = DeskSettings {
        enabled: t.boolean("enabled").or(default.enabled),
        sessions,
        proxy_networks: networks.into_iter().map(|network| network.value).collect(),
        proxy_header: header.optional(),
        #[cfg(feature = "oidc")]
        oidc: t.table("oidc").and_then(|t| {
            let read = super::oidc::oidc(&t, folder);
            t.finish();
            read
        }),
    };
    if settings.proxy_header.is_some() && settings.proxy_networks.is_empty() {
        t.add(
            t.span(),
            "`desk.proxy_header` is set, and `desk.proxy_networks` names no proxy",
            Some("name the proxy's addresses: from anywhere else the field is ignored".to_owned()),
        );
    }
    settings
}

/// A field that browsers or proxies send for something else names nobody.
fn is_free(name: &HeaderName) -> bool {
    let taken = ["authorization", "cookie", "host", "origin", "user-agent", "x-forwarded-for"];
    !taken.contains(&name.as_str())
}
