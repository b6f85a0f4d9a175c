//! Somebody with an account.

use std::{collections::BTreeSet, fmt};

use super::{Action, Reach, Role, Whose};
use crate::mail::Mailbox;

/// The id of a person: what the database knows him by, however his log-in name changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(String);

impl PersonId {
    /// From the text that somebody made unique.
    pub fn new(text: impl Into<String>) -> PersonId {
        PersonId(text.into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody with an account, and what he is in the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What the database knows him by.
    pub id: PersonId,
    /// What he types to log in, in lower case; the name in the audit.
    pub login: String,
    /// What people call him.
    pub name: String,
    /// His mailbox, where it is known: by it he is the sender of his mail and the lead of teams.
    pub address: Option<Mailbox>,
    /// What he is.
    pub roles: BTreeSet<Role>,
    /// The teams that he leads, by name; the empty name is everybody who is in none.
    pub teams: BTreeSet<String>,
}

impl Person {
    /// Whether any of his roles may do this.
    pub fn may(&self, action: Action) -> bool {
        self.roles.iter().any(|role| role.may(action))
    }

    /// As what he does this, for the audit: where several roles allow it, the one that reaches
    /// furthest.
    pub fn acts_as(&self, action: Action) -> Option<Role> {
        self.roles.iter().rev().copied().filter(|role| role.may(action)).max_by_key(|role| {
            match role {
                Role::Sender => 0,
                Role::Lead => 1,
                Role::Reviewer | Role::PolicyAdmin | Role::Auditor | Role::Operator => 2,
            }
        })
    }

    /// The holds that he may do this with.
    pub fn reach(&self, action: Action) -> Reach {
        let may = self.roles.iter().filter(|role| role.may(action));
        may.fold(Reach::NONE, |reach, role| reach.or(self.reach_as(*role)))
    }

    fn reach_as(&self, role: Role) -> Reach {
        match role {
            Role::Sender => Reach::Some {
                own: self.address.as_ref().map(|address| address.as_str().to_lowercase()),
                teams: BTreeSet::new(),
            },
            Role::Lead => Reach::Some { own: None, teams: self.teams.clone() },
            Role::Reviewer | Role::PolicyAdmin | Role::Auditor | Role::Operator => Reach::All,
        }
    }

    /// Whether he may see that there is this hold. What he may not see does not exist for him: no
    /// page, no line in a list, no count.
    pub fn sees(&self, whose: Whose<'_>) -> bool {
        self.may_with(Action::SeeHold, whose)
    }

    /// Whether he may do this with this hold.
    pub fn may_with(&self, action: Action, whose: Whose<'_>) -> bool {
        self.reach(action).covers(whose)
    }

    /// The same person, lead of those teams too whose lead has his mailbox: what the configuration
    /// says beside his account.
    #[must_use]
    pub fn leading<'a>(
        mut self,
        leads: impl IntoIterator<Item = (&'a str, &'a Mailbox)>,
    ) -> Person {
        let Some(own) = self.address.as_ref().map(|own| own.as_str().to_lowercase()) else {
            return self;
        };
        for (team, lead) in leads {
            if lead.as_str().to_lowercase() == own {
                self.roles.insert(Role::Lead);
                self.teams.insert(team.to_owned());
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(roles: &[Role]) -> Person {
        Person {
            id: PersonId::new("1"),
            login: "kim".to_owned(),
            name: "Kim".to_owned(),
            address: Mailbox::parse("Kim@us.example").ok(),
            roles: roles.iter().copied().collect(),
            teams: ["service".to_owned()].into(),
        }
    }

    fn is_seen(person: &Person, sender: &str, team: &str) -> bool {
        let sender = Mailbox::parse(sender).ok();
        person.sees(Whose { sender: sender.as_ref(), team })
    }

    #[test]
    fn a_role_reaches_so_far_and_no_further() {
        let lead = somebody(&[Role::Lead]);
        assert!(is_seen(&lead, "eva@us.example", "service"));
        assert!(!is_seen(&lead, "eva@us.example", "sales"));
        assert!(!is_seen(&lead, "kim@us.example", ""), "a lead as such has no mail of his own");
        let sender = somebody(&[Role::Sender]);
        assert!(is_seen(&sender, "kim@US.example", "sales"), "own mail, in any case");
        assert!(!is_seen(&sender, "eva@us.example", "service"), "a sender leads nothing");
        assert!(!is_seen(&sender, "", ""), "the null reverse-path is nobody's");
        for role in [Role::Reviewer, Role::PolicyAdmin, Role::Auditor, Role::Operator] {
            assert!(is_seen(&somebody(&[role]), "eva@us.example", "sales"), "{role:?}");
        }
        assert!(!is_seen(&somebody(&[]), "kim@us.example", "service"));
    }

    #[test]
    fn somebody_without_a_mailbox_has_no_own_mail() {
        let mut sender = somebody(&[Role::Sender]);
        sender.address = None;
        assert!(!is_seen(&sender, "", "service"));
        assert!(!is_seen(&sender, "kim@us.example", "service"));
    }

    #[test]
    fn one_role_does_not_lend_another_its_reach() {
        // An auditor sees all holds and decides none; as a lead he decides his team's only.
        let both = somebody(&[Role::Lead, Role::Auditor]);
        let other = Mailbox::parse("eva@us.example").unwrap();
        let sales = Whose { sender: Some(&other), team: "sales" };
        assert!(both.sees(sales) && !both.may_with(Action::Decide, sales));
        assert!(!both.may_with(Action::SeeContent, sales), "an auditor reads no mail");
        assert!(both.may_with(Action::Decide, Whose { team: "service", ..sales }));
        assert_eq!(both.acts_as(Action::Decide), Some(Role::Lead));
        assert_eq!(both.acts_as(Action::SeeHold), Some(Role::Auditor));
        assert_eq!(both.acts_as(Action::ManagePeople), None);
    }

    #[test]
    fn the_configuration_makes_a_lead() {
        let kim = Mailbox::parse("kim@US.example").unwrap();
        let tom = Mailbox::parse("tom@us.example").unwrap();
        let mut lead = somebody(&[]);
        lead.teams.clear();
        let lead = lead.leading([("north", &kim), ("south", &tom)]);
        assert_eq!(lead.teams, ["north".to_owned()].into());
        assert!(is_seen(&lead, "eva@us.example", "north"));
        assert!(!is_seen(&lead, "eva@us.example", "south"));
    }
}
