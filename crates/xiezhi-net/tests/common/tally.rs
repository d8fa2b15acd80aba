//! What a comparison of engine and plain evaluator counts, and under which readings it runs.

#![allow(dead_code, clippy::arithmetic_side_effects)]

use xiezhi_net::assume::{Assumption, Readings, Truth};

use super::Dice;

/// How often each outcome occurred.
#[derive(Default, Debug, Clone, Copy)]
pub struct Tally {
    pub yes: u64,
    pub no: u64,
    pub unknown: u64,
}

/// Readings of which some are fixed, in one of two cases.
pub fn readings(dice: &mut Dice) -> Readings {
    let mut readings = Readings::default();
    if dice.once_in(2) {
        for assumption in Assumption::ALL {
            if dice.once_in(2) {
                readings = readings.with(assumption, dice.once_in(2));
            }
        }
    }
    readings
}

impl Tally {
    pub fn count(&mut self, truth: &Truth) {
        match truth {
            Truth::Yes => self.yes += 1,
            Truth::No => self.no += 1,
            Truth::Unknown(_) => self.unknown += 1,
        }
    }
}

/// Both outcomes must occur often, or agreement means nothing.
pub fn balanced(tally: Tally) {
    let all = tally.yes + tally.no + tally.unknown;
    assert!(tally.yes * 100 >= all * 5 && tally.no * 100 >= all * 20 && tally.unknown * 100 >= all, "{tally:?}");
}
