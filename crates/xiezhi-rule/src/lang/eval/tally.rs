//! What decides a chain of conditions or a quantifier.

use xiezhi_model::Label;

use crate::lang::mode::Mode;
use crate::lang::value::Out;

/// Counts what decides a chain or a quantifier.
pub(super) struct Tally<M> {
    decides: bool,
    pub(super) decided: Option<M>,
    unknown: Option<M>,
    others: M,
}

impl<M: Mode> Tally<M> {
    pub(super) fn new(decides: bool) -> Self {
        Self { decides, decided: None, unknown: None, others: M::nothing() }
    }

    pub(super) fn take(&mut self, truth: Option<bool>, rests: M) {
        match truth {
            Some(truth) if truth == self.decides => {
                if self.decided.as_ref().is_none_or(|decided| rests.label() < decided.label()) {
                    self.decided = Some(rests);
                }
            }
            _ if self.decided.is_some() => {}
            Some(_) => self.others.add(&rests),
            None => match &mut self.unknown {
                Some(unknown) => unknown.add(&rests),
                None => self.unknown = Some(rests),
            },
        }
    }

    /// Whether it is decided by the strongest evidence there can be, so that nothing else can matter.
    pub(super) fn settled(&self) -> bool {
        self.decided.as_ref().is_some_and(|decided| decided.label() <= Some(Label::Live))
    }

    pub(super) fn answer<'a>(self) -> Out<'a, M> {
        match (self.decided, self.unknown) {
            (Some(decided), _) => Out::bool(self.decides, decided),
            (None, Some(unknown)) => Out::unknown(unknown),
            (None, None) => Out::bool(!self.decides, self.others),
        }
    }
}
