//! The guide on the page, for the mails that the policies' own tests hold.

use super::{Site, look, site};
use crate::{
    call::{self, Guides, Told},
    decision::{self, Mode, Organisation, Question, Verdict},
    mail::{Envelope, ForwardPath, Recipient, ReversePath},
    message::{self, Language, Limits},
    policy::{PolicySet, PolicyTest, Weighed},
    web::text::Words,
};

fn ours() -> Organisation {
    Organisation { name: "Northwind HVAC".into(), domains: vec!["northwind-hvac.example".into()] }
}

/// The mail of a policy's test.
fn mail(test: &PolicyTest) -> String {
    format!(
        "From: Tom Reed <tom.reed@northwind-hvac.example>\r\nTo: Susan Hall <susan.hall@hall.example>\r\n\
         Subject: {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        test.subject,
        test.text.replace('\n', "\r\n"),
    )
}

/// Puts this mail in the place of the one that the site holds.
fn hold_instead(site: &Site, policies: &PolicySet, category: &str, mail: &str) -> Language {
    let reading = message::read(mail.as_bytes(), &Limits::default());
    let recipient = Recipient::plain(ForwardPath::parse("susan.hall@hall.example").unwrap());
    let sender = ReversePath::parse("tom.reed@northwind-hvac.example").unwrap();
    let envelope = Envelope::new(sender, vec![], vec![recipient]).unwrap();
    let organisation = ours();
    let question = Question {
        policies,
        reading: &reading,
        envelope: &envelope,
        organisation: &organisation,
        mode: Mode::Enforce,
        standing: decision::Standing::default(),
    };
    let mut decision = decision::decide(&question);
    decision.verdict = Verdict::Hold;
    decision.category = Some(category.to_owned());
    decision.title = None;
    decision.terms.offer = vec!["a free inspection".into(), "up to 200 EUR goodwill".into()];
    decision.terms.escalation = "Maria Lopez, after-sales, +49 30 901820-17".into();
    let (guides, told) = (Guides::shipped(), Told::default());
    let sheet = call::prepare(
        &reading,
        &decision,
        &envelope,
        &organisation,
        &guides,
        &told,
        &Weighed::default(),
    );
    let language = reading.language.unwrap_or(Language::En);
    site.store.edit(|hold| {
        hold.dossier.subject = reading.header.subject.clone();
        hold.dossier.call.person = sheet.person;
        hold.dossier.call.guide = sheet.guide;
        hold.dossier.decision = decision;
    });
    language
}

#[tokio::test]
async fn every_mail_that_the_policies_tests_hold_has_its_guide_on_the_page() {
    let policies = PolicySet::compile(&PolicySet::shipped(), None).unwrap();
    let site = site();
    let mut seen = std::collections::BTreeSet::new();
    for policy in policies.policies() {
        for test in policy.tests.iter().filter(|t| t.hold && t.attached.is_none()) {
            let language = hold_instead(&site, &policies, &policy.category, &mail(test));
            let page = site.get(&site.path()).await.body;
            let guide = site.store.hold().dossier.call.guide;
            assert_eq!(guide.parts.len(), 3, "{}: {}", policy.id, test.name);
            let folds = page.matches("<details class=\"part\">").count();
            // News, first question, the three Rs, offers, voice mail, afterwards; and words to drop.
            assert_eq!(folds, 6 + usize::from(!guide.drop.is_empty()), "{}", test.name);
            assert!(page.contains("Maria Lopez, after-sales") && page.contains("free inspection"));
            if seen.insert((policy.category.clone(), language)) {
                look(&format!("guide-{}-{}", policy.category, language.code()), &page);
            }
        }
    }
    assert!(seen.len() > 12, "only {seen:?}");
}

#[tokio::test]
async fn a_hostile_mail_is_quoted_as_words() {
    let policies = PolicySet::compile(&PolicySet::shipped(), None).unwrap();
    let site = site();
    let text = "I am sorry <script>alert(1)</script> for any inconvenience\"><img src=x onerror=alert(1)>. \
                It was our mistake <b>&lt; {{7*7}} {, name}. Unfortunately <i>it costs €20</i>.";
    let mail = format!("From: t@x.example\r\nSubject: x\r\n\r\n{text}\r\n");
    hold_instead(&site, &policies, "error_disclosure", &mail);
    let page = site.get(&site.path()).await.body;
    let guide = site.store.hold().dossier.call.guide;
    assert!(guide.parts[0].says.contains("<script>"), "{guide:?}");
    for tag in ["<script", "<img", "<i>", "<b>"] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("{{7*7}} {, name}"));
}

#[tokio::test]
async fn a_hold_that_was_stored_without_parts_shows_its_three_lines() {
    let site = site();
    let page = site.get(&site.path()).await.body;
    assert!(page.contains("I am sorry, Susan Hall") && !page.contains("class=\"part\""));
}

#[test]
fn every_guide_names_the_form_for_a_new_text_as_the_page_does() {
    for language in Language::ALL {
        let file = format!("policies/guides/{}.toml", language.code());
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let guide: toml::Table = std::fs::read_to_string(&file).unwrap().parse().unwrap();
        let said = guide["afterwards"]["send_new"].as_str().unwrap();
        let title = Words::of(language).after.anew_title;
        assert!(said.contains(title), "{}: not said: {title}: {said}", file.display());
    }
}
