//! The frame of a phrase: what stands around it, by the names that policies use.

/// What stands around a phrase and may take the force from it, or be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum Frame {
    /// A negation stands just before the phrase.
    Negated,
    /// The clause asks.
    Question,
    /// A condition stands before it.
    Conditional,
    /// Somebody else's words.
    Reported,
    /// A talk that is yet to come.
    Future,
    /// Who acts: we,
    We,
    /// the reader,
    You,
    /// somebody else,
    They,
    /// or nobody is named.
    Nobody,
    /// It can, may or might be so.
    Possible,
    /// It is asked for.
    Request,
    /// It was so.
    Past,
    /// It will be so.
    Planned,
    /// A sum of money or a share.
    Amount,
    /// A day or month.
    Date,
    /// An amount or a date changes.
    Moved,
}

/// Where the cues of a frame must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policy) enum Reach {
    /// Nearest before the phrase.
    Actor,
    /// In the phrase's clause.
    Clause,
    /// Anywhere.
    Sentence,
}

impl Frame {
    /// All, by their names in policies. A list of the name behind it holds the cues.
    const NAMES: [(&'static str, Frame, Option<&'static str>); 16] = [
        ("negated", Frame::Negated, Some("negation")),
        ("question", Frame::Question, None),
        ("conditional", Frame::Conditional, Some("conditional")),
        ("reported", Frame::Reported, Some("reported")),
        ("future", Frame::Future, Some("future")),
        ("we", Frame::We, Some("actor_we")),
        ("you", Frame::You, Some("actor_you")),
        ("they", Frame::They, Some("actor_they")),
        ("nobody", Frame::Nobody, None),
        ("possible", Frame::Possible, Some("possible")),
        ("request", Frame::Request, Some("request")),
        ("past", Frame::Past, Some("past")),
        ("planned", Frame::Planned, Some("planned")),
        ("amount", Frame::Amount, Some("amount")),
        ("date", Frame::Date, Some("date")),
        ("moved", Frame::Moved, Some("moved")),
    ];

    /// How many there are.
    pub(in crate::policy) const KINDS: usize = Frame::NAMES.len();

    /// All frames.
    pub(in crate::policy) fn all() -> impl Iterator<Item = Frame> {
        Frame::NAMES.into_iter().map(|(_, frame, _)| frame)
    }

    /// Its name in policies.
    pub(in crate::policy) fn name(self) -> &'static str {
        Frame::NAMES.into_iter().find(|(_, f, _)| *f == self).map_or("", |(name, ..)| name)
    }

    /// The frame whose cues a list of this name holds.
    pub(in crate::policy) fn of_list(list: &str) -> Option<Frame> {
        Frame::NAMES.into_iter().find(|(.., cues)| *cues == Some(list)).map(|(_, frame, _)| frame)
    }

    /// Where its cue words must stand; `None` where its cues are patterns, or there are none.
    pub(in crate::policy) fn reach(self) -> Option<Reach> {
        match self {
            Frame::We | Frame::You | Frame::They => Some(Reach::Actor),
            Frame::Possible | Frame::Request | Frame::Past | Frame::Planned => Some(Reach::Clause),
            Frame::Amount | Frame::Date | Frame::Moved => Some(Reach::Sentence),
            Frame::Negated | Frame::Question | Frame::Conditional => None,
            Frame::Reported | Frame::Future | Frame::Nobody => None,
        }
    }

    /// What an error says would do.
    pub(super) const WANTED: &str = "negated, question, conditional, reported, future, we, you, they, nobody, possible, request, past, planned, amount, date or moved";

    /// The frame of a name in a policy.
    pub(super) fn named(text: &str) -> Option<Frame> {
        Frame::NAMES.into_iter().find(|(name, ..)| *name == text).map(|(_, frame, _)| frame)
    }
}

/// A set of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::policy) struct Frames(u16);

impl Frames {
    /// Whether this frame is among them.
    pub(in crate::policy) fn has(self, frame: Frame) -> bool {
        self.0 & (1 << frame as u16) != 0
    }

    /// With one more.
    pub(in crate::policy) fn with(self, frame: Frame) -> Frames {
        Frames(self.0 | 1 << frame as u16)
    }

    /// Those of both.
    pub(in crate::policy) fn and(self, other: Frames) -> Frames {
        Frames(self.0 | other.0)
    }

    /// Those that are in both.
    pub(in crate::policy) fn common(self, other: Frames) -> Frames {
        Frames(self.0 & other.0)
    }

    /// Whether one of them is among the others.
    pub(in crate::policy) fn meet(self, other: Frames) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the words around a phrase must be looked at to tell these.
    pub(in crate::policy) fn look_around(self) -> bool {
        self.has(Frame::Nobody) || Frame::all().any(|f| self.has(f) && f.reach().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The owners of cues are numbers of frames.
    #[test]
    fn names_stand_in_the_order_of_their_numbers() {
        assert!(Frame::all().enumerate().all(|(number, frame)| number == frame as usize));
    }
}
