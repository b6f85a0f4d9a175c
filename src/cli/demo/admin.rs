//! The demo's admin: an account with every role, and a password that nobody has used before.

use crate::{
    accounts::{NewPerson, VouchedBy, random_password},
    app::Service,
    cli::out::{self, Failure},
    mail::{Mailbox, Timestamp},
    rights::Role,
};

/// What to type.
pub(super) struct LogIn {
    pub(super) name: &'static str,
    pub(super) password: String,
}

/// Makes the account.
pub(super) async fn make(service: &Service) -> Result<LogIn, Failure> {
    let failed = |error| Failure::broke("making the demo's admin", &error);
    let name = "admin";
    let password = random_password().map_err(failed)?;
    let accounts = service.accounts();
    let accounts = accounts.ok_or_else(|| Failure::Broke("the demo has no desk".to_owned()))?;
    let new = NewPerson {
        login: name.to_owned(),
        name: "Robin Admin".to_owned(),
        address: Mailbox::parse("robin@northwind-hvac.example").ok(),
        roles: Role::ALL.into(),
        teams: [].into(),
        vouched_by: VouchedBy::Us,
    };
    let now = Timestamp::now();
    let made = accounts.add(new, out::operator(), now).await.map_err(failed)?;
    let set = accounts.set_password(&made, &password, None, out::operator(), now).await;
    set.map_err(failed)?;
    Ok(LogIn { name, password })
}
