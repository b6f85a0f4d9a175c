//! `demo --exit`: the walk of a message without a person, every step checked.

use std::time::Duration;

use super::{
    Stage, http,
    mailbox::Mail,
    pages::{link, subject},
    samples::Sample,
};
use crate::cli::out::{self, Failure};

/// Far more than any step takes; a step that hangs must not hang the caller.
const PATIENCE: Duration = Duration::from_secs(30);

/// Walks, and tells each step as it is done.
pub(super) async fn walk(stage: &Stage) -> Result<(), Failure> {
    let mut steps = Steps::default();
    for sample in &stage.samples {
        if sample.is_bad_news {
            let notice = within("a notice", notice_for(stage, sample)).await?;
            steps.done(&format!("held: {}", sample.subject))?;
            steps.check(!arrived(stage, sample), "it has not reached its recipient")?;
            steps.check(link(&notice).is_some(), "its sender has a notice with a link")?;
        } else {
            within("a delivery", stage.mailbox.wait_for(|mail| is_copy(mail, sample))).await?;
            steps.done(&format!("passed on: {}", sample.subject))?;
        }
    }
    let bad_news = stage.samples.iter().find(|s| s.is_bad_news);
    let sample = bad_news.ok_or_else(|| Failure::Broke("no sample is bad news".to_owned()))?;
    call_and_send(stage, sample, &mut steps).await?;
    out::line(&format!("{} steps, all as they should be", steps.done))
}

/// The sender opens the page, looks twice, says "I called, send it", and presses once more.
async fn call_and_send(stage: &Stage, sample: &Sample, steps: &mut Steps) -> Result<(), Failure> {
    let notice = within("a notice", notice_for(stage, sample)).await?;
    let link = link(&notice).ok_or_else(|| Failure::Broke("a notice has no link".to_owned()))?;
    let path = link.find("/h/").and_then(|at| link.get(at..)).unwrap_or("/").to_owned();
    let browse = |error: std::io::Error| Failure::broke("opening the sender's page", &error);
    let page = http::get(stage.web, &path).await.map_err(browse)?;
    steps.check(page.status == 200, "the link opens the sender's page")?;
    http::get(stage.web, &path).await.map_err(browse)?;
    steps.check(!arrived(stage, sample), "opening it, even twice, changes nothing")?;
    let nonce = http::hidden_field(&page.body, "nonce").unwrap_or_default();
    let form = [
        ("action", "called"),
        ("then", "send"),
        ("nonce", nonce.as_str()),
        ("person", "the customer"),
        ("note", "the demo called"),
    ];
    let decided = http::post(stage.web, &path, &form).await.map_err(browse)?;
    steps.check(decided.status < 400, "“I called, send it” is taken")?;
    within("the delivery", stage.mailbox.wait_for(|mail| is_copy(mail, sample))).await?;
    steps.done("the message goes out, byte for byte as it was written")?;
    let again = http::post(stage.web, &path, &form).await.map_err(browse)?;
    steps.check(again.status < 500, "pressing again says what was decided")?;
    let copies = stage.mailbox.mails().iter().filter(|mail| is_copy(mail, sample)).count();
    steps.check(copies == 1, "and sends nothing twice")
}

/// Waits until every sender of bad news has a notice, so that the first look shows them all.
pub(super) async fn staff_is_told(stage: &Stage) -> Result<(), Failure> {
    for sample in stage.samples.iter().filter(|sample| sample.is_bad_news) {
        within("a notice", notice_for(stage, sample)).await?;
    }
    Ok(())
}

async fn notice_for(stage: &Stage, sample: &Sample) -> Mail {
    let wanted = sample.envelope.reverse_path().as_str();
    let is_notice = |mail: &Mail| {
        mail.reverse_path.is_empty()
            && mail.forward_paths.iter().any(|path| path == wanted)
            && subject(mail).contains(sample.subject.trim_start_matches("Re: "))
    };
    stage.mailbox.wait_for(is_notice).await
}

fn arrived(stage: &Stage, sample: &Sample) -> bool {
    stage.mailbox.mails().iter().any(|mail| is_copy(mail, sample))
}

/// The sample's bytes to its recipients, with nothing but trace fields on top.
fn is_copy(mail: &Mail, sample: &Sample) -> bool {
    let content = sample.content.in_memory().map(|bytes| &bytes[..]).unwrap_or_default();
    let recipients = sample.envelope.recipients().iter().map(|r| r.path.as_str());
    mail.bytes.ends_with(content) && recipients.eq(mail.forward_paths.iter().map(String::as_str))
}

async fn within<T>(what: &str, step: impl Future<Output = T>) -> Result<T, Failure> {
    let late = |_| Failure::Broke(format!("waited {} s for {what}", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, step).await.map_err(late)
}

#[derive(Default)]
struct Steps {
    done: u32,
}

impl Steps {
    fn done(&mut self, what: &str) -> Result<(), Failure> {
        self.done += 1;
        out::line(&format!("ok  {what}"))
    }

    fn check(&mut self, good: bool, what: &str) -> Result<(), Failure> {
        if !good {
            return Err(Failure::Broke(format!("it should be so, but is not: {what}")));
        }
        self.done(what)
    }
}
