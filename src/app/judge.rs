//! Reading, weighing, deciding and the call sheet, in one step.
//!
//! The service, `explain`, `replay`, `evaluate` and `notice` all judge through here, so that a
//! dry run says what the relay would do. A judge may know a second reader; asking it is a step of
//! its own, because it waits for somebody ([`super::second`]).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;

use crate::{
    attachments::Attachments,
    call::{self, CallSheet, Guides, Told},
    decision::{self, Decision, Mode, Organisation, Question, Standing, Verdict},
    directory::{Directory, People, Remotes},
    hold::Dossier,
    mail::Envelope,
    message::{self, Limits, Reading},
    pipeline,
    policy::{PolicySet, Spoken, Weighed},
    release::Keys,
    team::Teams,
    telemetry,
    traffic::Sketch,
};

use super::{
    policies::ShadowInForce,
    second::{Consulted, Second},
};

/// What is in force now; replaced whole on reload.
pub type Policies = Arc<ArcSwap<PolicySet>>;

/// How to tell it, likewise.
pub type GuidesInForce = Arc<ArcSwap<Guides>>;

/// See the module.
#[derive(Clone)]
pub struct Judge {
    policies: Policies,
    guides: GuidesInForce,
    organisation: Organisation,
    mode: Mode,
    limits: Limits,
    attachments: Arc<Attachments>,
    second: Option<Arc<Second>>,
    pub(super) directory: Arc<Directory>,
    /// Who is in which team, and what tells canaries; without it every sender is one, and in no team.
    senders: Option<Senders>,
    /// Whether what the policies made of a mail is taken down.
    takes_down: bool,
    shadow: ShadowInForce,
}

/// See [`Judge::with_senders`].
#[derive(Clone)]
struct Senders {
    teams: Arc<Teams>,
    keys: Option<Keys>,
}

/// All that was found out about one message.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What it says.
    pub reading: Reading,
    /// What is to be done.
    pub decision: Decision,
    /// Whom to call.
    pub call: CallSheet,
    /// The log-odds that the deciding policy starts from, before any evidence.
    pub base: Option<f64>,
    /// What every policy makes of it.
    pub weighed: Weighed,
    /// The policies that it was weighed by.
    pub policies: Arc<PolicySet>,
    /// What stood behind the weights, where that is taken down.
    pub spoken: Option<Box<Spoken>>,
    /// What became of the second reader; `None` where there is none, or nobody wanted its word.
    pub second: Option<Consulted>,
}

impl Judge {
    /// A judge by these policies for this organisation, who reads what is attached by these means
    /// and prompts with the guides that ship.
    pub fn new(
        policies: Policies,
        organisation: Organisation,
        mode: Mode,
        attachments: Arc<Attachments>,
    ) -> Judge {
        let limits = Limits::default();
        let guides = Arc::new(ArcSwap::new(Guides::shipped()));
        let directory = Arc::new(Directory::new(People::default(), Remotes::default()));
        let second = None;
        Judge {
            policies,
            guides,
            organisation,
            mode,
            limits,
            attachments,
            second,
            directory,
            senders: None,
            takes_down: false,
            shadow: ShadowInForce::default(),
        }
    }

    /// The same judge, who knows the senders' teams, and by these keys who is a canary; without keys
    /// everybody is.
    #[must_use]
    pub fn with_senders(mut self, teams: Arc<Teams>, keys: Option<Keys>) -> Judge {
        self.senders = Some(Senders { teams, keys });
        self
    }

    /// The same judge, who takes down what the policies made of each mail, and what a shadow version
    /// of them does, while there is one.
    #[must_use]
    pub fn taking_down(mut self, shadow: ShadowInForce) -> Judge {
        (self.takes_down, self.shadow) = (true, shadow);
        self
    }

    /// The same judge, who prompts with these guides.
    #[must_use]
    pub fn with_guides(mut self, guides: GuidesInForce) -> Judge {
        self.guides = guides;
        self
    }

    /// The same judge, who knows a second reader.
    #[must_use]
    pub fn with_second(mut self, second: Option<Arc<Second>>) -> Judge {
        self.second = second;
        self
    }

    /// The same judge, who knows whom a directory knows.
    #[must_use]
    pub fn with_directory(mut self, directory: Arc<Directory>) -> Judge {
        self.directory = directory;
        self
    }

    /// The second reader, if there is one.
    pub fn second(&self) -> Option<&Second> {
        self.second.as_deref()
    }

    /// Judges one message, attached documents included.
    pub fn judge(&self, envelope: &Envelope, content: &[u8]) -> Judged {
        self.judge_for(&self.organisation, envelope, content)
    }

    /// The same with another idea of inside and outside.
    pub fn judge_for(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        content: &[u8],
    ) -> Judged {
        let reading = self.read_in(self.attachments.settings().time, content);
        self.decide(organisation, envelope, reading)
    }

    /// Reads a message; blocks for `time` at most where documents are attached.
    fn read_in(&self, time: Duration, content: &[u8]) -> Reading {
        let mut reading = message::read(content, &self.limits);
        self.attachments.read(content, &self.limits, time, &mut reading);
        reading
    }

    fn decide(&self, organisation: &Organisation, envelope: &Envelope, reading: Reading) -> Judged {
        let policies = self.policies.load_full();
        let (weighed, spoken) = if self.takes_down {
            let (weighed, spoken) = policies.weigh_in_full(&reading);
            (weighed, Some(Box::new(spoken)))
        } else {
            (policies.weigh(&reading), None)
        };
        let question = self.question(organisation, envelope, &policies, &reading);
        let mut judged = Judged {
            decision: decision::decide_by(&question, &weighed),
            call: CallSheet::default(),
            base: None,
            second: None,
            spoken,
            reading,
            weighed,
            policies,
        };
        self.complete(organisation, envelope, &mut judged);
        judged
    }

    /// Decides again by weights that have changed.
    pub(super) fn decide_anew(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        judged: &mut Judged,
    ) {
        let question = self.question(organisation, envelope, &judged.policies, &judged.reading);
        judged.decision = decision::decide_by(&question, &judged.weighed);
        self.complete(organisation, envelope, judged);
    }

    fn question<'q>(
        &'q self,
        organisation: &'q Organisation,
        envelope: &'q Envelope,
        policies: &'q PolicySet,
        reading: &'q Reading,
    ) -> Question<'q> {
        let standing = self.standing(envelope, policies);
        Question { policies, reading, envelope, organisation, mode: self.mode, standing }
    }

    /// Where a sender stands in a roll-out; nobody looks where nothing depends on it.
    fn standing(&self, envelope: &Envelope, policies: &PolicySet) -> Standing<'_> {
        let Some(Senders { teams, keys }) = &self.senders else { return Standing::default() };
        let asks = policies.asks_who_writes();
        if !asks && !teams.any_kept_back() {
            return Standing::default();
        }
        let sender = envelope.reverse_path();
        let team = teams.of(sender);
        let place = keys.as_ref().filter(|_| asks).map(|keys| keys.place(sender));
        Standing { team: &team.name, most: team.mode, place }
    }

    /// What the policies made of a mail, where that is taken down.
    fn sketch(&self, envelope: &Envelope, judged: &Judged) -> Option<Box<Sketch>> {
        let Judged { reading, decision, weighed, policies, spoken, second, .. } = judged;
        let organisation = &self.organisation;
        let question = self.question(organisation, envelope, policies, reading);
        let sketch = Sketch::of(&question, weighed, spoken.as_ref()?);
        let shadow = self.shadow.load();
        // A second reader's word is not asked for again, and would be the only difference.
        let has_word = matches!(second, Some(Consulted::Asked { term: Some(_), .. }));
        let Some(shadow) = shadow.as_ref().filter(|_| !has_word) else {
            return Some(Box::new(sketch));
        };
        let alone = sketch.clone();
        let both = catch_unwind(AssertUnwindSafe(|| {
            let weighed = shadow.set.weigh(reading);
            let question = Question { policies: &shadow.set, ..question };
            sketch.with_shadow(decision, &question, &weighed, &shadow.policies)
        }));
        // Its text may quote the mail, so that it happened is all that is told.
        Some(Box::new(both.unwrap_or_else(|_| {
            telemetry::traffic::shadow_failed();
            alone
        })))
    }

    /// What the pipeline is told of a judged message.
    pub(super) fn judgement(&self, envelope: &Envelope, judged: Judged) -> pipeline::Judgement {
        let sketch = self.sketch(envelope, &judged);
        pipeline::Judgement { decision: judged.decision.clone(), dossier: dossier(judged), sketch }
    }

    /// What the pipeline is told; what an exemption let through is counted.
    fn told(&self, envelope: &Envelope, judged: Judged) -> pipeline::Judged {
        let decision = &judged.decision;
        if decision.would_hold {
            let policy = decision.policy.as_deref().unwrap_or_default();
            telemetry::service::exempt_would_hold(decision.reason.as_str(), policy);
        }
        self.inquired(envelope, judged)
    }

    /// What follows from a decision: whom to call, and where its policy started.
    fn complete(&self, organisation: &Organisation, envelope: &Envelope, judged: &mut Judged) {
        let Judged { reading, decision, .. } = &judged;
        // Looking for numbers costs more than judging; mail that passes needs none.
        judged.call = match decision.verdict {
            Verdict::Hold => {
                let address = call::address(reading, decision, envelope, organisation);
                let told = self.directory.told(&address.unwrap_or_default(), Vec::new());
                self.sheet(organisation, envelope, judged, &told)
            }
            Verdict::Pass => CallSheet::default(),
        };
        let policy = judged.decision.policy.as_deref().and_then(|id| judged.policies.policy(id));
        judged.base = policy.map(|policy| policy.base);
    }

    /// Whom to call about a judged message, by what it says and what a directory told.
    pub(super) fn sheet(
        &self,
        organisation: &Organisation,
        envelope: &Envelope,
        judged: &Judged,
        told: &Told,
    ) -> CallSheet {
        let Judged { reading, decision, weighed, .. } = judged;
        let guides = self.guides.load();
        call::prepare(reading, decision, envelope, organisation, &guides, told, weighed)
    }

    /// The policies in force.
    pub fn policies(&self) -> Arc<PolicySet> {
        self.policies.load_full()
    }

    /// Whose inside it is.
    pub fn organisation(&self) -> &Organisation {
        &self.organisation
    }
}

/// What is kept of a judged message beside its bytes.
pub fn dossier(judged: Judged) -> Dossier {
    let header = judged.reading.header;
    let from = header.from.into_iter().next().unwrap_or_default();
    // RFC 5322 §3.6.4: an answer without References names its parent in In-Reply-To alone.
    let alone = header.references.is_empty();
    let references = if alone { header.in_reply_to } else { header.references };
    Dossier {
        subject: header.subject,
        message_id: header.message_id,
        references,
        header_from_name: from.name,
        decision: judged.decision,
        call: judged.call,
    }
}

impl pipeline::Judge for Judge {
    fn judge_at_once(&self, envelope: &Envelope, content: &[u8]) -> Option<pipeline::Judged> {
        let reading = message::read(content, &self.limits);
        if self.attachments.concern(&reading) {
            return None;
        }
        Some(self.told(envelope, self.decide(&self.organisation, envelope, reading)))
    }

    fn judge_in(&self, time: Duration, envelope: &Envelope, content: &[u8]) -> pipeline::Judged {
        let reading = self.read_in(time, content);
        self.told(envelope, self.decide(&self.organisation, envelope, reading))
    }
}
