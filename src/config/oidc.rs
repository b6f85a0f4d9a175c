//! The section `[desk.oidc]` as written.

use std::path::Path;

use crate::{http::Endpoint, oidc, policy::document::Table, rights::Role};

use super::ProviderSettings;

/// Groups that anybody maps by hand.
const MAX_GROUPS: usize = 200;

/// `[desk.oidc]`
pub(super) fn oidc(t: &Table<'_>, folder: &Path) -> Option<ProviderSettings> {
    let issuer = t.string("issuer").and_then(|issuer| match issuer.parse::<Endpoint>() {
        Ok(endpoint) if !endpoint.is_plain_and_public() && !issuer.contains(['?', '#']) => {
            Ok(issuer)
        }
        _ => Err((
            "must be the URL of the provider, with https://".to_owned(),
            Some("as it names itself: https://login.northwind.example/realms/staff".to_owned()),
        )),
    });
    // Every key is read before any is found missing: all mistakes are told at once.
    let (issuer, client_id) = (issuer.required(), t.string("client_id").required());
    let in_folder = |key: &'static str| t.string(key).optional().map(|file| folder.join(file));
    let (secret_file, ca_file) = (in_folder("client_secret_file"), in_folder("ca_file"));
    let or = |key: &'static str, default: &str| t.string(key).or(default.to_owned());
    let name = or("name", "your house’s log-in");
    let (login_claim, groups_claim) =
        (or("login_claim", "preferred_username"), or("groups_claim", "groups"));
    let scopes = match t.strings("scopes").optional() {
        Some(named) => named.into_iter().map(|scope| scope.value).collect(),
        None => vec!["profile".to_owned(), "email".to_owned()],
    };
    let groups = groups(t);
    let ask = oidc::Settings {
        issuer: issuer?,
        client_id: client_id?,
        secret_file,
        ca_file,
        login_claim,
        groups_claim,
        scopes,
    };
    Some(ProviderSettings { name, ask, groups })
}

/// `[[desk.oidc.group]]`
fn groups(t: &Table<'_>) -> Vec<(String, Role, Option<String>)> {
    let tables = t.tables("group");
    if let Some(extra) = tables.get(MAX_GROUPS) {
        let help = format!("at most {MAX_GROUPS}; give groups of groups at the provider");
        extra.add(extra.span(), "too many groups", Some(help));
    }
    let one = |t: Table<'_>| {
        let group = t.string("name").required();
        let role = t.choice("role", &Role::ALL.map(|role| (role.as_str(), role))).required();
        let team = t.string("team").optional();
        t.finish();
        Some((group?, role?, team))
    };
    tables.into_iter().filter_map(one).collect()
}
