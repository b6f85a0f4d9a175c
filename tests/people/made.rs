//! The notice and the page of one mail.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use callfirst::{
    call::Hours,
    hold::NewHold,
    mail::Mailbox,
    message::Language,
    notice::{self, ComposedMail, Kind, Occasion},
    policy::PolicySet,
    wording::Own,
};
use jiff::tz::TimeZone;
use tower::ServiceExt;

use super::house;

/// What people get to see of one mail.
pub(crate) struct Made {
    pub(crate) notice: ComposedMail,
    pub(crate) status: u16,
    pub(crate) page: String,
}

/// Judges the mail, holds it, composes the notice and opens the page.
pub(crate) async fn all_of(policies: &Arc<PolicySet>, mail: &[u8]) -> Made {
    let new = house::held(policies, mail);
    let notice = notice_of(&new);
    let (router, path) = house::site(new).await;
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let page = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    Made { notice, status, page: String::from_utf8(page.to_vec()).unwrap() }
}

fn notice_of(new: &NewHold) -> ComposedMail {
    let mailbox = |text| Mailbox::parse(text).unwrap();
    let dossier = &new.dossier;
    notice::compose(&Occasion {
        kind: Kind::Hold,
        language: dossier.decision.language.unwrap_or(Language::En),
        own: &Own::default(),
        organisation: "Northwind HVAC",
        from_name: "Call First",
        from: &mailbox("callfirst@us.example"),
        hold: &new.id,
        sender: &mailbox("staff@us.example"),
        sender_name: &dossier.header_from_name,
        subject: &dossier.subject,
        in_reply_to: dossier.message_id.as_deref(),
        references: &dossier.references,
        recipients: &["customer@there.example".to_owned()],
        decision: &dossier.decision,
        call: &dossier.call,
        before: None,
        by_mail: None,
        hours: &Hours::default(),
        link: Some("https://callfirst.example/h/token"),
        planned: None,
        created: new.created,
        remind_at: new.remind_at,
        expires_at: new.expires_at,
        time_zone: &TimeZone::UTC,
        message_id: "hold.1@us.example",
        date: new.created,
        mark: None,
    })
}
