//! The workshop for policies, put together by the configuration.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{
    Judge, Letters, Sample, dossier,
    policies::{lacking, sources},
};
use crate::{
    changes::{Book, Checks, Folder, Recordings, Workshop},
    config::{Config, PolicySettings},
    decision::Verdict,
    desk::Previews,
    policy::{Embedded, PolicySet, Source},
    worker,
};

/// A workshop for the policies that ship, which reads mail as this judge does and keeps no book.
pub fn shipped_workshop(judge: &Judge) -> Workshop {
    let reads = judge.clone();
    let settings = PolicySettings::default();
    let checks = Checks {
        folder: Folder::new(None),
        read_files: Arc::new(|| Ok(PolicySet::shipped())),
        lacks: Arc::new(|_| Vec::new()),
        read_mail: Arc::new(move |content| reads.read(content)),
        organisation: judge.organisation().clone(),
        model: Some(Arc::new(Embedded { reader: settings.reader })),
        preset: settings.preset,
        second_person: false,
        layer_days: 90,
        zone: TimeZone::system(),
        recordings: None,
    };
    Workshop::new(checks, None)
}

/// The workshop of a configuration, which reads mail as this judge does.
pub fn workshop(
    config: &Config,
    (book, recordings): (Option<Book>, Option<Recordings>),
    judge: &Judge,
) -> Workshop {
    let (dir, asked, reads) = (config.policy.dir.clone(), config.clone(), judge.clone());
    let checks = Checks {
        folder: Folder::new(dir.clone()),
        read_files: Arc::new(move || {
            sources(dir.as_deref()).map_err(|mistakes| mistakes.diagnostics)
        }),
        lacks: Arc::new(move |sources: &[Source]| {
            PolicySet::compile(sources, None).map_or_else(|m| m, |set| lacking(&set, &asked))
        }),
        read_mail: Arc::new(move |content| reads.read(content)),
        organisation: config.organisation.clone(),
        model: Some(Arc::new(Embedded { reader: config.policy.reader })),
        preset: config.policy.preset,
        second_person: config.desk.second_person_for_policies,
        layer_days: config.desk.local_layer_days,
        zone: config.notice.zone(),
        recordings,
    };
    Workshop::new(checks, book)
}

/// The notice that a mail would cause now, for the desk's trials. Its link opens nothing.
pub(super) fn previews(letters: Letters, judge: Judge, clock: worker::Clock) -> Previews {
    Arc::new(move |envelope, content| {
        let judged = judge.judge(envelope, content);
        if judged.decision.verdict != Verdict::Hold {
            return None;
        }
        let mail = (envelope, content, &dossier(judged));
        letters.preview(Sample::Hold, None, mail, clock()).map(|mail| mail.text)
    })
}
