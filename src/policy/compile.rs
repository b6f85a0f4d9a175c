//! Joins decoded files: names of lists to lists, signals to policies, patterns to one search.

use std::collections::{HashMap, HashSet};

use super::{
    Diagnostic, Exemption, Policy, Source,
    around::Cues,
    document::{Located, nearest},
    phrase::{Builder, Node, Phrases},
    set::{Adjustment, FRAME_KINDS, FRAMES, MAX_FILES, Signal},
    written::{
        self, Common, Condition, Frame, Written, WrittenAdjustment, WrittenList, WrittenPolicy,
        WrittenSignal,
    },
};
use crate::message::Language;

/// What a set is made of.
pub(super) struct Parts {
    pub(super) policies: Vec<Policy>,
    pub(super) signals: Vec<Signal>,
    pub(super) adjustments: Vec<Adjustment>,
    pub(super) phrases: Phrases,
    pub(super) cues: Cues,
    pub(super) without: Vec<Vec<usize>>,
    pub(super) exempt: Vec<Exemption>,
}

/// Compiles all files, or says everything that is wrong with any.
pub(super) fn compile(sources: &[Source]) -> Result<Parts, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut files = Files::default();
    for source in sources.iter().take(MAX_FILES) {
        match written::decode(source) {
            Ok(Written::Policy(policy)) => files.policies.push(*policy),
            Ok(Written::Lists(lists)) => files.lists.extend(lists),
            Ok(Written::Common(common)) => files.common.push(common),
            Err(diagnostics) => errors.extend(diagnostics),
        }
    }
    if let Some(extra) = sources.get(MAX_FILES) {
        let help = Some(format!("a set may have {MAX_FILES}"));
        errors.push(diagnostic(&extra.name, &(0..0), "too many policy files".to_owned(), help));
    }
    if !errors.is_empty() {
        // Names that seem missing may stand in the files that could not be read.
        return Err(errors);
    }
    let mut joiner = Joiner::default();
    let parts = joiner.join(files);
    if joiner.errors.is_empty() { Ok(parts) } else { Err(joiner.errors) }
}

#[derive(Default)]
struct Files {
    policies: Vec<WrittenPolicy>,
    lists: Vec<WrittenList>,
    common: Vec<Common>,
}

/// Where a list is known: in one file, or in all of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reach<'f> {
    File(&'f str),
    Language(Language),
}

impl Reach<'_> {
    fn key(self, name: &str) -> String {
        match self {
            Reach::File(file) => format!("{file}/{name}"),
            Reach::Language(language) => format!("{}/{name}", language.code()),
        }
    }
}

#[derive(Default)]
struct Joiner {
    errors: Vec<Diagnostic>,
    builder: Builder,
    cues: Cues,
}

/// Lists by where they are known and their name.
type Known<'f> = HashMap<(Reach<'f>, &'f str), &'f WrittenList>;

impl Joiner {
    fn join(&mut self, files: Files) -> Parts {
        let known = self.know(&files);
        // By key, so that two compilations of the same files build the same search.
        let mut all: Vec<_> = known.iter().map(|(at, list)| (*at, *list)).collect();
        all.sort_by_key(|((reach, name), _)| reach.key(name));
        for (at, _) in &all {
            self.add_list(*at, &known, &mut Vec::new());
        }
        for ((reach, name), list) in &all {
            self.add_frames(*reach, name, list, &known);
        }
        let (mut signals, mut adjustments) = (Vec::new(), Vec::new());
        for common in &files.common {
            self.add_signals(&common.signals, &common.file, None, &known, &mut signals);
            adjust(&common.adjustments, None, &mut signals, &mut adjustments);
        }
        let shared = signals.len();
        for (index, policy) in files.policies.iter().enumerate() {
            let own = Some(index);
            self.add_signals(&policy.signals, &policy.file, own, &known, &mut signals);
            adjust(&policy.adjustments, own, &mut signals, &mut adjustments);
        }
        self.refuse_twin_policies(&files.policies);
        let shared = signals.get(..shared).unwrap_or_default();
        let without = files.policies.iter().map(|p| self.without(p, shared)).collect();
        let builder = std::mem::take(&mut self.builder);
        Parts {
            phrases: builder.build(FRAMES),
            cues: std::mem::take(&mut self.cues),
            signals,
            adjustments,
            without,
            exempt: files.common.into_iter().flat_map(|c| c.exempt).collect(),
            policies: files.policies.into_iter().map(|p| p.policy).collect(),
        }
    }

    fn know<'f>(&mut self, files: &'f Files) -> Known<'f> {
        let mut known = Known::new();
        let of_files = files.policies.iter().flat_map(|p| &p.lists);
        let of_files = of_files.chain(files.common.iter().flat_map(|c| &c.lists));
        for list in files.lists.iter().chain(of_files) {
            let reach = list.language.map_or(Reach::File(&list.file), Reach::Language);
            if let Some(first) = known.insert((reach, &list.name.value), list) {
                let message = format!("the list `{}` is there already", list.name.value);
                let help = format!("the other one stands in {}", first.file);
                self.errors.push(diagnostic(&list.file, &list.name.span, message, Some(help)));
            }
        }
        known
    }

    /// Adds a list after those it names; a list that leads back to itself is a mistake.
    fn add_list<'f>(
        &mut self,
        (reach, name): (Reach<'f>, &'f str),
        known: &Known<'f>,
        path: &mut Vec<String>,
    ) {
        let key = reach.key(name);
        let Some(list) = known.get(&(reach, name)).copied() else { return };
        if self.builder.has_list(&key) {
            return;
        }
        if path.contains(&key) {
            let message = format!("the list `{name}` leads back to itself");
            let help = "take one of the names in braces out".to_owned();
            self.errors.push(diagnostic(&list.file, &list.name.span, message, Some(help)));
            return;
        }
        path.push(key.clone());
        for entry in &list.entries {
            let mut named = Vec::new();
            entry.value.lists(&mut |name| named.push(name));
            for name in named {
                let at = known.get_key_value(&(reach, name)).map(|(at, _)| *at);
                if let Some(at) = at {
                    self.add_list(at, known, path);
                }
            }
        }
        path.pop();
        let entries: Vec<Node> =
            list.entries.iter().map(|e| self.resolve(e, &list.file, &[reach], known)).collect();
        self.builder.list(&key, &entries);
    }

    /// The lists that are cues of frames speak to the signals of their language.
    fn add_frames<'f>(
        &mut self,
        reach: Reach<'f>,
        name: &str,
        list: &'f WrittenList,
        known: &Known<'f>,
    ) {
        let (Some(frame), Reach::Language(language)) = (Frame::of_list(name), reach) else {
            return;
        };
        let entries: Vec<Node> =
            list.entries.iter().map(|e| self.resolve(e, &list.file, &[reach], known)).collect();
        if frame.reach().is_some() {
            self.add_cue_words(list, (language, frame), known, &mut Vec::new());
        } else if frame == Frame::Negated {
            self.builder.negation(language, &entries);
        } else {
            let owner = language as u32 * FRAME_KINDS + frame as u32;
            entries.iter().for_each(|entry| self.builder.pattern(entry, language, owner));
        }
    }

    /// Cues that are looked for word by word: words, stems, or lists of such.
    fn add_cue_words<'f>(
        &mut self,
        list: &'f WrittenList,
        (language, frame): (Language, Frame),
        known: &Known<'f>,
        path: &mut Vec<&'f str>,
    ) {
        // A list that leads back to itself was reported before.
        if path.contains(&list.name.value.as_str()) {
            return;
        }
        path.push(&list.name.value);
        for entry in &list.entries {
            match &entry.value {
                Node::Word(word) => self.cues.add(language, word, false, frame),
                Node::Prefix(stem) => self.cues.add(language, stem, true, frame),
                Node::List(name) => {
                    // One that is not there, too.
                    if let Some(inner) = known.get(&(Reach::Language(language), name.as_str())) {
                        self.add_cue_words(inner, (language, frame), known, path);
                    }
                }
                _ => {
                    let message = format!("the cues of `{}` are single words", list.name.value);
                    let help = "write a word, a stem* or the {name} of a list of such".to_owned();
                    self.errors.push(diagnostic(&list.file, &entry.span, message, Some(help)));
                }
            }
        }
        path.pop();
    }

    fn add_signals<'f>(
        &mut self,
        written: &'f [WrittenSignal],
        file: &'f str,
        policy: Option<usize>,
        known: &Known<'f>,
        signals: &mut Vec<Signal>,
    ) {
        for signal in written {
            let owner = FRAMES + u32::try_from(signals.len()).unwrap_or(u32::MAX - FRAMES);
            let mut fact = None;
            match &signal.condition {
                Condition::Fact(given) => fact = Some(given.clone()),
                Condition::Phrases(patterns) => {
                    let reaches = [Reach::File(file), Reach::Language(signal.language)];
                    for pattern in patterns {
                        let node = self.resolve(pattern, file, &reaches, known);
                        self.builder.pattern(&node, signal.language, owner);
                    }
                }
            }
            signals.push(Signal {
                name: signal.name.value.clone(),
                policy,
                weight: signal.weight,
                places: signal.places,
                language: signal.language,
                unless: signal.unless,
                only: signal.only,
                of_message: signal.of_message,
                limit: signal.limit,
                gives: signal.gives,
                fact,
            });
        }
    }

    /// Gives the lists that a pattern names their full names.
    fn resolve(
        &mut self,
        pattern: &Located<Node>,
        file: &str,
        reaches: &[Reach<'_>],
        known: &Known<'_>,
    ) -> Node {
        let errors = &mut self.errors;
        pattern.value.rename(&mut |name| {
            let at = reaches.iter().find(|reach| known.contains_key(&(**reach, name)));
            if at.is_none() {
                let names: Vec<&str> =
                    known.keys().filter(|(r, _)| reaches.contains(r)).map(|(_, n)| *n).collect();
                let help = match nearest(name, &names) {
                    Some(near) => format!("did you mean `{{{near}}}`?"),
                    None => format!("add `{name} = [...]` under [lists], or name the language"),
                };
                let message = format!("there is no list `{{{name}}}`");
                errors.push(diagnostic(file, &pattern.span, message, Some(help)));
            }
            at.map(|reach| reach.key(name))
        })
    }

    fn refuse_twin_policies(&mut self, policies: &[WrittenPolicy]) {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for policy in policies {
            if let Some(first) = seen.insert(&policy.id.value, &policy.file) {
                let message = format!("a second policy is called \"{}\"", policy.id.value);
                let help = Some(format!("the other one stands in {first}"));
                self.errors.push(diagnostic(&policy.file, &policy.id.span, message, help));
            }
        }
    }

    /// The places of the shared signals that a policy does not want.
    fn without(&mut self, policy: &WrittenPolicy, shared: &[Signal]) -> Vec<usize> {
        let names: HashSet<&str> = shared.iter().map(|s| s.name.as_str()).collect();
        for name in policy.without.iter().filter(|n| !names.contains(n.value.as_str())) {
            let mut sorted: Vec<&str> = names.iter().copied().collect();
            sorted.sort_unstable();
            let message = format!("`without`: there is no shared signal \"{}\"", name.value);
            let help = Some(match nearest(&name.value, &sorted) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None if sorted.is_empty() => "no file says `common = true`".to_owned(),
                None => format!("shared: {}", sorted.join(", ")),
            });
            self.errors.push(diagnostic(&policy.file, &name.span, message, help));
        }
        let unwanted = |s: &Signal| policy.without.iter().any(|n| n.value == s.name);
        let hits = shared.iter().enumerate().filter(|(_, s)| unwanted(s));
        hits.map(|(index, _)| index).collect()
    }
}

/// Moves the weights of a file's signals, the last that were added, by its adjustments, and keeps how
/// to take that back.
fn adjust(
    written: &[WrittenAdjustment],
    policy: Option<usize>,
    signals: &mut [Signal],
    adjustments: &mut Vec<Adjustment>,
) {
    for one in written {
        let of_file = |signal: &Signal| signal.policy == policy && signal.name == one.signal.value;
        let Some(index) = signals.iter().rposition(of_file) else { continue };
        let Some(signal) = signals.get_mut(index) else { continue };
        adjustments.push(Adjustment { signal: index, written: signal.weight, until: one.until });
        signal.weight += one.by;
    }
}

fn diagnostic(
    file: &str,
    span: &std::ops::Range<usize>,
    message: String,
    help: Option<String>,
) -> Diagnostic {
    Diagnostic { file: file.to_owned(), span: span.clone(), message, help }
}
