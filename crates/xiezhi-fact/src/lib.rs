//! Facts in three values: known, absent, unknown with a reason; each with its source and label.
//!
//! Never parses, does I/O, knows a clock or has a default for a fact: whoever makes a fact says where it comes
//! from. See `ARCHITECTURE.md`, "The flow".

mod label;
mod reason;
mod source;

pub use compact_str::CompactString as Text;
pub use label::Label;
pub use reason::{Places, Reason, Refusal, Words};
pub use source::{Call, Origin, Source, SourceKind};

/// What is said about a fact: that it has a value, that there is none, or why nobody can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<T> {
    /// The source states the value.
    Known(T),
    /// The source states that there is none (no key, no policy, no address).
    Absent,
    /// Nobody can tell, and why.
    Unknown(Reason),
}

/// One fact about a resource: its state and where that comes from.
///
/// Two facts are equal when they say the same, wherever they come from: that is what merging asks.
#[derive(Debug, Clone)]
pub struct Fact<T> {
    /// What is said.
    pub state: State<T>,
    /// Who says so; for an unknown, the place that should have said it.
    pub origin: Origin,
}

impl<T> Fact<T> {
    /// A value that the source at `origin` states.
    pub fn known(value: T, origin: Origin) -> Self {
        Self { state: State::Known(value), origin }
    }

    /// The source at `origin` states that there is none.
    pub fn absent(origin: Origin) -> Self {
        Self { state: State::Absent, origin }
    }

    /// Nobody can tell.
    pub fn unknown(reason: Reason, origin: Origin) -> Self {
        Self { state: State::Unknown(reason), origin }
    }

    /// The value, when it is known.
    pub fn value(&self) -> Option<&T> {
        match &self.state {
            State::Known(value) => Some(value),
            State::Absent | State::Unknown(_) => None,
        }
    }

    /// Whether the source states that there is none.
    pub fn is_absent(&self) -> bool {
        matches!(self.state, State::Absent)
    }

    /// Why nobody can tell, when nobody can.
    pub fn reason(&self) -> Option<&Reason> {
        match &self.state {
            State::Unknown(reason) => Some(reason),
            State::Known(_) | State::Absent => None,
        }
    }

    /// The same fact about a converted value. Absent and unknown stay as they are.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Fact<U> {
        let state = match self.state {
            State::Known(value) => State::Known(convert(value)),
            State::Absent => State::Absent,
            State::Unknown(reason) => State::Unknown(reason),
        };
        Fact { state, origin: self.origin }
    }

    /// Converts a known value that may turn out not to be understood.
    pub fn try_map<U>(self, convert: impl FnOnce(T) -> Result<U, Reason>) -> Fact<U> {
        let state = match self.state {
            State::Known(value) => match convert(value) {
                Ok(value) => State::Known(value),
                Err(reason) => State::Unknown(reason),
            },
            State::Absent => State::Absent,
            State::Unknown(reason) => State::Unknown(reason),
        };
        Fact { state, origin: self.origin }
    }
}

impl<T: PartialEq> PartialEq for Fact<T> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl<T: Eq> Eq for Fact<T> {}

/// How strongly a fact holds when two sources speak of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The source did not look, or cannot say.
    Silent,
    /// The provider's documented default: holds unless somebody looked.
    Default,
    /// Somebody looked and could not tell (refused, redacted, unresolved …): a default must not hide that.
    Looked,
    /// A source states it.
    Stated,
}

impl<T: PartialEq> Fact<T> {
    fn rank(&self) -> Rank {
        match &self.state {
            State::Unknown(reason) if reason.is_silence() => Rank::Silent,
            State::Unknown(_) => Rank::Looked,
            State::Known(_) | State::Absent if self.origin.is_default() => Rank::Default,
            State::Known(_) | State::Absent => Rank::Stated,
        }
    }

    /// Takes in what another source says of the same fact.
    ///
    /// A statement beats a failed look, which beats a documented default, which beats silence. Two statements
    /// that differ become unknown ([`Reason::Disagree`]), whatever else is merged: which of them is right is a
    /// question, not a race. The state does not depend on the order of merging; which of several equal places is
    /// kept does, so callers merge in the order of origins.
    pub fn merge(&mut self, other: Fact<T>) {
        if matches!(self.reason(), Some(Reason::Disagree(_))) {
            return;
        }
        let (mine, theirs) = (self.rank(), other.rank());
        let theirs_disagree = matches!(other.reason(), Some(Reason::Disagree(_)));
        if theirs_disagree || mine < theirs {
            *self = other;
        } else if mine == theirs {
            self.merge_equal_rank(other, mine);
        }
    }

    /// Makes this fact unknown when `hint` says anything and nothing but a default or silence speaks here.
    pub fn doubt(&mut self, hint: &Fact<T>, reason: &Reason) {
        if hint.rank() > Rank::Silent && self.rank() <= Rank::Default {
            *self = Fact::unknown(reason.clone(), hint.origin.clone());
        }
    }

    /// Labels this fact as an inference when `hint` says anything and nothing but a default speaks here: what could have
    /// said otherwise was not read, and is taken to say nothing of it.
    pub fn presume(&mut self, hint: &Fact<T>) {
        if hint.rank() > Rank::Silent && self.rank() == Rank::Default {
            self.origin.label = Label::Inference;
        }
    }

    fn merge_equal_rank(&mut self, other: Fact<T>, rank: Rank) {
        if self.state == other.state {
            if (other.origin.label, &other.origin) < (self.origin.label, &self.origin) {
                self.origin = other.origin;
            }
        } else if let (Some(a), Some(b)) = (self.reason(), other.reason()) {
            if (b, &other.origin) < (a, &self.origin) {
                *self = other;
            }
        } else {
            let reason = match rank {
                Rank::Stated => Reason::Disagree(reason::Places::of(&self.origin, &other.origin)),
                _ => Reason::not_understood("two documented defaults differ"),
            };
            *self = Fact::unknown(reason, std::cmp::min(&self.origin, &other.origin).clone());
        }
    }
}

/// A list of which some members may be missing: `more` says why, when nobody can tell whether there are more.
///
/// Two lists are equal when they have the same members, in whatever order: a template and an answer list the
/// rules of one security group differently and mean the same.
#[derive(Debug, Clone)]
pub struct List<T> {
    /// The members that were seen, in the order of the source.
    pub items: Vec<T>,
    /// Why there may be more members; `None` when the list is complete.
    pub more: Option<Reason>,
}

impl<T> List<T> {
    /// A complete list.
    pub fn complete(items: Vec<T>) -> Self {
        Self { items, more: None }
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        if self.items.len() != other.items.len() || self.more != other.more {
            return false;
        }
        let mut left: Vec<&T> = other.items.iter().collect();
        self.items.iter().all(|item| match left.iter().position(|candidate| *candidate == item) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        })
    }
}

impl<T: Eq> Eq for List<T> {}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
