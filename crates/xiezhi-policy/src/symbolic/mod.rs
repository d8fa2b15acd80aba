//! The exact engine: joint wildcard automata → atoms per dimension → statements as products → subtraction with a witness.
//!
//! It shares nothing with the plain evaluator but the meaning of single conditions on single values; every witness is replayed there
//! before it is given out.

pub(crate) mod automaton;
pub(crate) mod encode;
pub(crate) mod formula;
pub(crate) mod search;
pub(crate) mod simple;
pub(crate) mod space;
pub(crate) mod strings;

use automaton::Effort;

/// How much work one question may cost before the answer is *undecided*. The default answers hostile policies within a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Pattern positions that the wildcard automata may look at.
    pub work: usize,
    /// Atoms of one dimension.
    pub atoms: usize,
    /// Steps of the search.
    pub steps: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { work: 3_000_000, atoms: 4_096, steps: 200_000 }
    }
}

impl Budget {
    pub(crate) fn effort(&self) -> Effort {
        Effort { work: self.work, atoms: self.atoms }
    }
}
