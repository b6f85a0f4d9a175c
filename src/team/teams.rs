//! Teams, found by a sender's address.

use std::collections::BTreeMap;

use super::Plan;
use crate::{
    calendar::Week,
    decision::{HoldTerms, Mode},
    mail::{Mailbox, ReversePath},
    message::Language,
};

/// People who work together.
#[derive(Debug, Clone, Default)]
pub struct Team {
    /// What it is called; empty for the house itself.
    pub name: String,
    /// Who hears where somebody of the team does not answer.
    pub lead: Option<Mailbox>,
    /// When they are at work.
    pub week: Week,
    /// In which language they are written to, whatever their mail is in.
    pub language: Option<Language>,
    /// The furthest that policies go in it; `None`: as each says.
    pub mode: Option<Mode>,
}

/// Who belongs to a team, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// One address.
    Address(String),
    /// Everybody in a domain and below it.
    Domain(String),
}

impl Member {
    /// An address, or `@` and a domain.
    pub fn parse(text: &str) -> Option<Member> {
        let text = text.trim().to_lowercase();
        match text.strip_prefix('@') {
            Some(domain) => {
                let domain = domain.trim_end_matches('.');
                Mailbox::parse(&format!("x@{domain}")).ok()?;
                Some(Member::Domain(domain.to_owned()))
            }
            None => {
                let mailbox = Mailbox::parse(&text).ok()?;
                mailbox.domain()?;
                Some(Member::Address(text))
            }
        }
    }

    /// Somebody whom it means, to ask whether he is inside.
    pub fn example(&self) -> Option<Mailbox> {
        match self {
            Member::Address(address) => Mailbox::parse(address).ok(),
            Member::Domain(domain) => Mailbox::parse(&format!("x@{domain}")).ok(),
        }
    }
}

/// All teams of a house.
#[derive(Debug, Clone, Default)]
pub struct Teams {
    house: Team,
    teams: Vec<Team>,
    members: BTreeMap<Member, usize>,
    admin: Option<Mailbox>,
}

impl Teams {
    /// A house without teams: everybody works by these hours.
    pub fn of_house(house: Team) -> Teams {
        Teams { house, ..Teams::default() }
    }

    /// The same, with somebody who hears of a hold after the lead.
    #[must_use]
    pub fn with_admin(self, admin: Option<Mailbox>) -> Teams {
        Teams { admin, ..self }
    }

    /// Adds a team. Whoever is in one already stays there.
    pub fn add(&mut self, team: Team, members: impl IntoIterator<Item = Member>) {
        let number = self.teams.len();
        self.teams.push(team);
        for member in members {
            self.members.entry(member).or_insert(number);
        }
    }

    /// The team that this very member was given to.
    pub fn given(&self, member: &Member) -> Option<&Team> {
        self.teams.get(*self.members.get(member)?)
    }

    /// Each team; the house itself is none of them.
    pub fn all(&self) -> &[Team] {
        &self.teams
    }

    /// The house itself: the team of everybody who is in none.
    pub fn house(&self) -> &Team {
        &self.house
    }

    /// Whether a team is kept back in a roll-out.
    pub fn any_kept_back(&self) -> bool {
        self.teams.iter().any(|team| team.mode.is_some())
    }

    /// The team of whoever sent a mail: by the address, else by the longest domain that it lies in.
    pub fn of(&self, sender: &ReversePath) -> &Team {
        sender.mailbox().and_then(|sender| self.team_of(sender)).unwrap_or(&self.house)
    }

    /// By whose hours, clock and language somebody is written to about a mail: his own team's, or, where
    /// he is in none, the team's of whoever sent it.
    pub fn of_reader(&self, reader: &Mailbox, sender: &ReversePath) -> &Team {
        self.team_of(reader).unwrap_or_else(|| self.of(sender))
    }

    /// Who is above a sender, in the order in which they hear of a hold that nobody decides: the lead
    /// of his team, the admin.
    pub fn above(&self, sender: &ReversePath) -> [Option<&Mailbox>; 2] {
        [self.of(sender).lead.as_ref(), self.admin.as_ref()]
    }

    /// When what happens to a hold of this sender, with those above him that are still to hear of it,
    /// the next one first.
    pub fn plan<'a>(
        &'a self,
        sender: &ReversePath,
        terms: &'a HoldTerms,
        urgent: bool,
        mut above: impl Iterator<Item = &'a Mailbox>,
    ) -> Plan<'a> {
        let week = &self.of(sender).week;
        let above = above.next().map_or(week, |next| &self.of_reader(next, sender).week);
        Plan { terms, week, above, urgent }
    }

    fn team_of(&self, sender: &Mailbox) -> Option<&Team> {
        let address = sender.as_str().to_lowercase();
        if let Some(team) = self.given(&Member::Address(address)) {
            return Some(team);
        }
        let domain = sender.domain()?.trim_end_matches('.').to_lowercase();
        let mut below = Some(domain.as_str());
        while let Some(domain) = below {
            if let Some(team) = self.given(&Member::Domain(domain.to_owned())) {
                return Some(team);
            }
            below = domain.split_once('.').map(|(_, rest)| rest);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teams() -> Teams {
        let mut teams = Teams::of_house(Team::default());
        for (name, members) in [
            ("service", vec!["@service.us.example", "Kim@us.example"]),
            ("north", vec!["@north.service.us.example"]),
            ("board", vec!["tom@north.service.us.example"]),
        ] {
            let team = Team { name: name.to_owned(), ..Team::default() };
            teams.add(team, members.into_iter().filter_map(Member::parse));
        }
        teams
    }

    #[test]
    fn the_most_exact_member_wins_and_strangers_belong_to_the_house() {
        for (sender, team) in [
            ("kim@US.example", "service"),
            ("KIM@us.example", "service"),
            ("eva@service.us.example", "service"),
            ("eva@South.Service.us.example", "service"),
            ("eva@north.service.us.example", "north"),
            ("eva@deep.north.service.us.example", "north"),
            ("Tom@north.service.us.example", "board"),
            ("tom@us.example", ""),
            ("kim@them.example", ""),
            ("eva@notservice.us.example", ""),
            ("", ""),
            ("postmaster", ""),
        ] {
            let sender = ReversePath::parse(sender).unwrap();
            assert_eq!(teams().of(&sender).name, team, "{sender:?}");
        }
    }

    #[test]
    fn a_reader_in_no_team_goes_by_the_team_of_whose_mail_it_is() {
        let teams = teams();
        let sender = ReversePath::parse("eva@north.service.us.example").unwrap();
        let team = |reader: &str| &teams.of_reader(&Mailbox::parse(reader).unwrap(), &sender).name;
        assert_eq!(team("kim@us.example"), "service");
        assert_eq!(team("boss@us.example"), "north");
    }

    #[test]
    fn a_member_is_an_address_or_a_domain() {
        for good in ["kim@us.example", "@us.example", " @US.example. "] {
            assert!(Member::parse(good).is_some(), "{good}");
        }
        for bad in ["kim", "", "@", "us.example", "@us example", "a@b@c", "postmaster"] {
            assert_eq!(Member::parse(bad), None, "{bad}");
        }
    }
}
