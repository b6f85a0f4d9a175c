//! Roles, and the table of what each may do.

use super::Action;

/// What somebody is in the house. A person may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Writes mail: sees that of his own which is held.
    Sender,
    /// Leads teams: sees and decides what their members wrote.
    Lead,
    /// Decides all held mail, and says where a policy is wrong.
    Reviewer,
    /// Writes the policies; decides no mail.
    PolicyAdmin,
    /// Reads what was done; changes nothing and reads no mail.
    Auditor,
    /// Keeps the service running and the accounts; reads no mail.
    Operator,
}

/// What each role may do. The matrix of `docs/desk.md` is written from it by a test.
const TABLE: [(Role, &[Action]); 6] = [
    (Role::Sender, &[Action::SeeQueue, Action::SeeHold, Action::SeeContent]),
    (
        Role::Lead,
        &[
            Action::SeeQueue,
            Action::SeeHold,
            Action::SeeContent,
            Action::Decide,
            Action::DecideInBulk,
            Action::SeePolicies,
            Action::TryMail,
            Action::SeeReports,
            Action::UseApi,
        ],
    ),
    (
        Role::Reviewer,
        &[
            Action::SeeQueue,
            Action::SeeHold,
            Action::SeeContent,
            Action::Decide,
            Action::DecideInBulk,
            Action::SeePolicies,
            Action::ProposeChange,
            Action::TryMail,
            Action::SeeReports,
            Action::UseApi,
        ],
    ),
    (
        Role::PolicyAdmin,
        &[
            Action::SeeQueue,
            Action::SeeHold,
            Action::SeeContent,
            Action::SeePolicies,
            Action::ProposeChange,
            Action::AcceptChange,
            Action::TryMail,
            Action::SeeReports,
            Action::UseApi,
        ],
    ),
    (
        Role::Auditor,
        &[
            Action::SeeQueue,
            Action::SeeHold,
            Action::SeePolicies,
            Action::SeeReports,
            Action::SeeAudit,
            Action::ExportAudit,
            Action::UseApi,
        ],
    ),
    (
        Role::Operator,
        &[
            Action::SeeQueue,
            Action::SeeHold,
            Action::SeePolicies,
            Action::SeeReports,
            Action::SeeSystem,
            Action::ManagePeople,
            Action::UseApi,
        ],
    ),
];

impl Role {
    /// All of them, in the order of the documentation.
    pub const ALL: [Role; 6] = [
        Role::Sender,
        Role::Lead,
        Role::Reviewer,
        Role::PolicyAdmin,
        Role::Auditor,
        Role::Operator,
    ];

    /// What it may do.
    pub fn actions(self) -> &'static [Action] {
        TABLE.iter().find(|(role, _)| *role == self).map_or(&[], |(_, actions)| actions)
    }

    /// Whether it may do this at all; whose holds it reaches is another question.
    pub fn may(self, action: Action) -> bool {
        self.actions().contains(&action)
    }

    /// Its name in files, in the database and in the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Sender => "sender",
            Role::Lead => "lead",
            Role::Reviewer => "reviewer",
            Role::PolicyAdmin => "policy-admin",
            Role::Auditor => "auditor",
            Role::Operator => "operator",
        }
    }

    /// The role of this name.
    pub fn from_text(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Role::Sender => "Sender",
            Role::Lead => "Team lead",
            Role::Reviewer => "Reviewer",
            Role::PolicyAdmin => "Policy admin",
            Role::Auditor => "Auditor",
            Role::Operator => "Operator",
        }
    }

    /// In a line, what it is for.
    pub fn purpose(self) -> &'static str {
        match self {
            Role::Sender => "sees own mail that is held",
            Role::Lead => "sees and decides mail of the teams led",
            Role::Reviewer => "sees and decides all held mail",
            Role::PolicyAdmin => "changes policies; reads held mail, decides none",
            Role::Auditor => "reads who did what and the figures; reads no mail",
            Role::Operator => "keeps the service and the accounts; reads no mail",
        }
    }
}
