//! Everything that somebody may be allowed to do on the desk.

/// One thing that a person may do. A route of the desk names the one that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// See which mail is held, in lists and counts.
    SeeQueue,
    /// See one hold: whom it concerns, why it is held, what was done.
    SeeHold,
    /// Read the held mail itself, its passages and attachments.
    SeeContent,
    /// Let a mail go, return it, hand it over.
    Decide,
    /// The same for many at once.
    DecideInBulk,
    /// Read policies and how they fare.
    SeePolicies,
    /// Propose a change of a policy.
    ProposeChange,
    /// Put a proposed change in force, or an old version back.
    AcceptChange,
    /// Have a mail judged that is not sent.
    TryMail,
    /// See figures and charts.
    SeeReports,
    /// Read who did what.
    SeeAudit,
    /// Take the audit out of the house, with its head.
    ExportAudit,
    /// See queues, limits, certificates and last errors.
    SeeSystem,
    /// Add people, give them roles, disable them.
    ManagePeople,
    /// Have tokens for the API, with no more rights than one's own.
    UseApi,
}

impl Action {
    /// All of them, in the order of the documentation.
    pub const ALL: [Action; 15] = [
        Action::SeeQueue,
        Action::SeeHold,
        Action::SeeContent,
        Action::Decide,
        Action::DecideInBulk,
        Action::SeePolicies,
        Action::ProposeChange,
        Action::AcceptChange,
        Action::TryMail,
        Action::SeeReports,
        Action::SeeAudit,
        Action::ExportAudit,
        Action::SeeSystem,
        Action::ManagePeople,
        Action::UseApi,
    ];

    /// Its name in the audit and in scopes of tokens.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::SeeQueue => "see_queue",
            Action::SeeHold => "see_hold",
            Action::SeeContent => "see_content",
            Action::Decide => "decide",
            Action::DecideInBulk => "decide_in_bulk",
            Action::SeePolicies => "see_policies",
            Action::ProposeChange => "propose_change",
            Action::AcceptChange => "accept_change",
            Action::TryMail => "try_mail",
            Action::SeeReports => "see_reports",
            Action::SeeAudit => "see_audit",
            Action::ExportAudit => "export_audit",
            Action::SeeSystem => "see_system",
            Action::ManagePeople => "manage_people",
            Action::UseApi => "use_api",
        }
    }

    /// What it is, for people.
    pub fn title(self) -> &'static str {
        match self {
            Action::SeeQueue => "see which mail is held",
            Action::SeeHold => "see a hold and why",
            Action::SeeContent => "read held mail",
            Action::Decide => "decide a hold",
            Action::DecideInBulk => "decide many at once",
            Action::SeePolicies => "see policies",
            Action::ProposeChange => "propose a change of a policy",
            Action::AcceptChange => "put a change in force",
            Action::TryMail => "try a mail",
            Action::SeeReports => "see reports",
            Action::SeeAudit => "read the audit",
            Action::ExportAudit => "export the audit",
            Action::SeeSystem => "see the system",
            Action::ManagePeople => "manage people",
            Action::UseApi => "use the API",
        }
    }

    /// The action of this name.
    pub fn from_text(text: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.as_str() == text)
    }
}
