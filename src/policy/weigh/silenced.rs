//! Signals that were found and not heard, because of what stands around their phrase.
//!
//! Weighing does not keep them; who asks why a mail passed looks a second time.

use serde::Serialize;

use super::{FRAMES, Judged, judged};
use crate::{
    message::Reading,
    policy::{
        PolicySet,
        around::Surroundings,
        model::Memory,
        phrase::Scratch,
        written::{Frame, Frames, Place},
    },
};

/// Told at most; a mail with more of them is a text about refusals.
const MOST: usize = 12;

/// Why a signal is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// These frames are there, and it does not want them.
    By(Frames),
    /// None of these is there, and it wants one.
    Without(Frames),
}

/// A signal that would have spoken for news, had its phrase stood in another frame.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Silenced {
    /// The sentence.
    pub text: String,
    /// Where it stands: `subject`, `new` or `attachment`.
    #[serde(rename = "where")]
    pub place: &'static str,
    /// The signal.
    pub signal: String,
    /// The log-odds that it would have added.
    pub weight: f64,
    /// The frames that silence it, by their names in policies.
    pub by: Vec<&'static str>,
    /// Or the frames of which one would have had to be there.
    pub without: Vec<&'static str>,
}

impl PolicySet {
    /// The signals of a policy, and of all policies, that were found in what is newly written and
    /// not heard; at most twelve, in the order of the text.
    pub fn silenced(&self, reading: &Reading, policy: &str) -> Vec<Silenced> {
        let (mut scratch, mut memory) = (Scratch::default(), Memory::default());
        let (mut found, mut hits, mut silenced) = (Vec::new(), Vec::new(), Vec::new());
        let policy = self.policies.iter().position(|p| p.id == policy);
        for judged in &judged(reading, &self.shares(reading)) {
            if judged.place == Place::Quoted || silenced.len() >= MOST {
                continue;
            }
            let any = self.hits(judged, &mut memory, &mut scratch, &mut found, &mut hits);
            if !any {
                continue;
            }
            let asks = judged.asks();
            let mut surroundings = Surroundings::new(&self.cues, judged.sentence.normal());
            for hit in &found {
                let index = hit.owner.checked_sub(FRAMES).map(|index| index as usize);
                let Some(index) = index.filter(|index| !hits.contains(index)) else { continue };
                let Some(signal) = self.signals.get(index).filter(|s| s.speaks_for()) else {
                    continue;
                };
                let of_policy = policy.is_some_and(|policy| self.hears(policy, index, signal));
                let why = self.silence(signal, hit, &mut surroundings, &found, asks);
                if let (Some(why), true) = (why, of_policy) {
                    let told = told(judged, &signal.name, signal.weight, why);
                    // A long sentence may say the same many times.
                    if !silenced.contains(&told) {
                        silenced.push(told);
                    }
                }
            }
        }
        silenced.truncate(MOST);
        silenced
    }
}

fn told(judged: &Judged<'_>, signal: &str, weight: f64, why: Silence) -> Silenced {
    let names = |frames: Frames| Frame::all().filter(move |f| frames.has(*f)).map(Frame::name);
    let (by, without) = match why {
        Silence::By(frames) => (names(frames).collect(), Vec::new()),
        Silence::Without(frames) => (Vec::new(), names(frames).collect()),
    };
    let text = judged.sentence.text().to_owned();
    Silenced { text, place: judged.place.name(), signal: signal.to_owned(), weight, by, without }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{message::Limits, policy::Source};

    #[test]
    fn what_was_found_and_not_heard_is_told_with_its_frame() {
        let policy = "id = \"p\"\ntitle = \"p\"\ncategory = \"other\"\n\
            [[signal]]\nname = \"refused\"\nweight = 4.0\nany = [\"refuse*\"]\n\
            [[signal]]\nname = \"ours\"\nweight = 2.0\nany = [\"decline*\"]\nonly = [\"we\"]\n\
            [lists]\n";
        let lists = "language = \"en\"\n[lists]\nnegation = [\"not\"]\nactor_we = [\"we\"]\n";
        let source = |name: &str, text: &str| Source { name: name.into(), text: text.into() };
        let sources = [source("p.toml", policy), source("en.toml", lists)];
        let set = PolicySet::compile(&sources, None).unwrap();
        let mail = b"Subject: Re: x\r\nIn-Reply-To: <1@x.example>\r\n\r\nWe do not refuse it. We refuse this. They decline it.\r\n\
            \r\nOn Mon, 3 May 2026 at 10:00, Ann <a@x.example> wrote:\r\n> We do not refuse it, they wrote.\r\n";
        let silenced = set.silenced(&crate::message::read(mail, &Limits::default()), "p");
        let told: Vec<_> =
            silenced.iter().map(|s| (s.text.as_str(), s.by.clone(), s.without.clone())).collect();
        assert_eq!(
            told,
            [
                ("We do not refuse it.", vec!["negated"], vec![]),
                ("They decline it.", vec![], vec!["we"])
            ]
        );
        assert!(set.silenced(&crate::message::read(mail, &Limits::default()), "q").is_empty());
    }
}
