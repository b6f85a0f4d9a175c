//! The table `[rollout]`: for whom a policy's mode counts.

use crate::policy::{
    PolicyMode, Rollout, TeamMode,
    document::{Located, Table},
};

/// Reads it; without it the mode counts for everybody.
pub(super) fn rollout(root: &Table<'_>, file: &str) -> Rollout {
    let Some(table) = root.table("rollout") else { return Rollout::default() };
    let whole = Rollout::default();
    let canary = table.float("canary", 0.0..=whole.canary).or(whole.canary);
    let otherwise = table.choice("otherwise", &PolicyMode::ALL).located();
    if let Some(otherwise) = otherwise.as_ref().filter(|_| !table.has("canary")) {
        let help = "add `canary`, the percentage of senders for whom the mode counts".to_owned();
        let message = "`rollout.otherwise` is for those who are no canaries, and all are";
        table.add(otherwise.span.clone(), message, Some(help));
    }
    let teams = table.table("teams").map_or_else(Vec::new, |teams| of_teams(teams, file));
    table.finish();
    Rollout { teams, canary, otherwise: otherwise.map_or(whole.otherwise, |o| o.value) }
}

fn of_teams(teams: Table<'_>, file: &str) -> Vec<TeamMode> {
    let wanted = "\"observe\", \"notify\" or \"enforce\"";
    let read = |text: &str| PolicyMode::ALL.iter().find(|(name, _)| *name == text).map(|m| m.1);
    let all = teams.all_parsed(wanted, read);
    let one = |(team, mode): (Located<String>, PolicyMode)| TeamMode {
        team: team.value,
        mode,
        at: (file.to_owned(), team.span),
    };
    all.into_iter().map(one).collect()
}
