//! Who is at the desk.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::{DeskState, answer::message, frame::Frame};
use crate::{
    hold::Actor,
    rights::{Action, Person, Reach},
};

/// Somebody who is logged in, as the door found him.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who he is.
    pub person: Person,
    /// The token of his forms.
    pub csrf: String,
    /// His session's name among his sessions; it opens nothing. Empty where a proxy vouches for him.
    pub session: String,
    /// The client's address.
    pub address: String,
}

impl Visitor {
    /// Goes on only if he may do this at all; the page that says so otherwise.
    #[expect(clippy::result_large_err, reason = "the answer itself, made once and sent")]
    pub fn may(&self, action: Action) -> Result<(), Response> {
        if self.person.may(action) { Ok(()) } else { Err(forbidden()) }
    }

    /// The holds that he may do this with.
    pub fn reach(&self, action: Action) -> Reach {
        self.person.reach(action)
    }

    /// Who does this, for the audit.
    pub fn actor(&self, action: Action) -> Actor {
        self.named(self.person.acts_as(action).map_or("person", |role| role.as_str()))
    }

    /// Who does something with his own account, for the audit.
    pub fn himself(&self) -> Actor {
        self.named(self.person.roles.last().map_or("person", |role| role.as_str()))
    }

    fn named(&self, role: &str) -> Actor {
        Actor {
            role: role.to_owned(),
            name: self.person.login.clone(),
            via: "desk".to_owned(),
            address: Some(self.address.clone()),
        }
    }

    /// What stands around a page of his; `here` is the path of its link in the navigation.
    pub fn frame(&self, state: &DeskState, here: &str) -> Frame {
        Frame::of(state, Some(self), here)
    }
}

/// He is logged in and may not do this.
pub(super) fn forbidden() -> Response {
    message(
        StatusCode::FORBIDDEN,
        "Your account does not allow this",
        "Nothing was changed. If you need it for your work, ask whoever looks after accounts here \
         to give you the role.",
    )
}

/// The door puts a visitor where there is one. A route that needs nobody has none to take.
impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visitor, Response> {
        parts.extensions.get::<Visitor>().cloned().ok_or_else(forbidden)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Visitor>, Response> {
        Ok(parts.extensions.get::<Visitor>().cloned())
    }
}
