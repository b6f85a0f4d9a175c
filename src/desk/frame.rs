//! What stands around every page: the house's name, the way to other pages, the way out.

use super::{DeskState, Visitor};
use crate::rights::Action;

/// The navigation: path, name, and the right without which it is not shown. A page that needs only
/// to be logged in has no right here.
pub(super) const LINKS: &[(&str, &str, Option<Action>)] =
    &[("/desk", "Overview", None), ("/desk/people", "People", Some(Action::ManagePeople))];

/// The values of `templates/desk/base.html`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The path below which we are served; before every link.
    pub root: String,
    /// The organisation's name.
    pub organisation: String,
    /// The visitor's name; `None` where nobody is logged in.
    pub name: Option<String>,
    /// The token of forms.
    pub csrf: String,
    /// Whether it is the visitor's own account.
    pub is_account: bool,
    /// The navigation.
    pub links: Vec<Link>,
}

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct Link {
    /// Whole, with the root.
    pub href: String,
    /// Its name.
    pub label: &'static str,
    /// Whether it is where we are.
    pub is_here: bool,
}

impl Frame {
    pub(super) fn of(state: &DeskState, visitor: Option<&Visitor>, here: &str) -> Frame {
        let root = state.root();
        let may = |right: &Option<Action>| {
            visitor.is_some_and(|v| right.is_none_or(|right| v.person.may(right)))
        };
        let links = LINKS.iter().filter(|(_, _, right)| may(right)).map(|(path, label, _)| Link {
            href: format!("{root}{path}"),
            label,
            is_here: *path == here,
        });
        Frame {
            root: root.to_owned(),
            organisation: state.organisation.clone(),
            name: visitor.map(|visitor| visitor.person.name.clone()),
            csrf: visitor.map(|visitor| visitor.csrf.clone()).unwrap_or_default(),
            is_account: here == "/desk/account",
            links: links.collect(),
        }
    }
}
