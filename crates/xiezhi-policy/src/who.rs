//! Tables over an estate: who can do something, and what everyone can do.

use crate::ask::{self, Finding, Options, Target, Truth};
use crate::catalogue::{self, Level};
use crate::decide::ResourceSide;
use crate::estate::{Control, Index, Principal};
use crate::policy::{Effect, Policy};
use crate::symbolic::formula::Stock;
use serde::Serialize;
use std::collections::BTreeMap;

/// Who can do this? Every principal for which the answer is not *no*, users first; `resource` is the resource's own side.
///
/// Principals with the same attachments are asked once.
#[must_use]
pub fn who(
    index: &Index<'_>,
    target: &Target,
    resource: &ResourceSide<'_>,
    options: &Options,
) -> Vec<(Principal, Finding)> {
    let stock = Stock::new();
    let named = |p: &Policy| {
        p.kind.has_principal()
            || p.statements.iter().flat_map(|s| &s.conditions).any(|c| c.folded == "acs:principalarn")
    };
    let control_named = match &index.estate.control {
        Control::Levels(levels) => levels.iter().flat_map(|l| &l.items).any(named),
        Control::None => false,
    };
    let mut known: BTreeMap<_, Finding> = BTreeMap::new();
    let mut out = Vec::new();
    for principal in index.principals() {
        let mut layers = index.layers(principal, None);
        let personal = control_named
            || !matches!(resource, ResourceSide::None)
            || layers.identity.policies.iter().any(|p| named(p));
        let key = (index.class(principal), personal.then_some(principal));
        let finding = match known.get(&key) {
            Some(finding) => finding.clone(),
            None => {
                layers.resource = resource.clone();
                let silent = matches!(resource, ResourceSide::None)
                    && layers.identity.gaps.is_empty()
                    && !layers.identity.policies.iter().any(|p| target.touches(p));
                let finding = if silent {
                    Finding::none()
                } else {
                    ask::can_twins(&layers, &index.caller(principal), target, options, &stock)
                };
                known.insert(key, finding.clone());
                finding
            }
        };
        if finding.truth != Truth::No {
            // A shared answer names the caller that was asked first.
            let finding =
                Finding { witness: finding.witness.map(|w| w.with_caller(index.caller(principal))), ..finding };
            out.push((principal, finding));
        }
    }
    out
}

/// How many catalogue actions a principal can perform on something, by level.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Surely possible.
    pub surely: BTreeMap<Level, usize>,
    /// Left open by missing or doubtful evidence.
    pub perhaps: BTreeMap<Level, usize>,
}

/// What can everyone do? Counts for every principal, users first.
#[must_use]
pub fn what(index: &Index<'_>, options: &Options) -> Vec<(Principal, Counts)> {
    let mut per_policy: BTreeMap<usize, Option<Vec<u64>>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    let mut out = Vec::new();
    let control = !matches!(index.estate.control, Control::None);
    for principal in index.principals() {
        let class = index.class(principal);
        let counts: Counts = match known.get(&class) {
            Some(counts) => Counts::clone(counts),
            None => {
                let layers = index.layers(principal, None);
                let simple = !control && layers.identity.gaps.is_empty();
                let sets: Option<Vec<Vec<u64>>> = if simple {
                    layers
                        .identity
                        .policies
                        .iter()
                        .map(|p| {
                            per_policy
                                .entry(std::ptr::from_ref(*p).addr())
                                .or_insert_with(|| allowed_actions(p, options))
                                .clone()
                        })
                        .collect()
                } else {
                    None
                };
                let counts = match sets {
                    Some(sets) => Counts { surely: count(&sets), perhaps: BTreeMap::new() },
                    None => {
                        let rights = ask::rights(&layers, &index.caller(principal), options);
                        let by_level = |list: &[(&str, Level)]| {
                            let mut all: BTreeMap<Level, usize> = BTreeMap::new();
                            for (_, level) in list {
                                let slot = all.entry(*level).or_default();
                                *slot = slot.saturating_add(1);
                            }
                            all
                        };
                        Counts { surely: by_level(&rights.surely), perhaps: by_level(&rights.perhaps) }
                    }
                };
                known.insert(class, counts.clone());
                counts
            }
        };
        out.push((principal, counts));
    }
    out
}

/// The catalogue actions that a policy of plain Allows makes possible; `None` when a Deny, a doubt, an open switch or an empty
/// statement asks for the exact engine.
fn allowed_actions(policy: &Policy, options: &Options) -> Option<Vec<u64>> {
    let all = catalogue::actions();
    let mut bits = vec![0_u64; all.len().div_ceil(64)];
    for statement in &policy.statements {
        let conditions_hold = statement.conditions.len() <= 1
            && statement.conditions.iter().all(|c| c.malformed.is_empty() && c.folded != "acs:principalarn");
        if statement.effect != Some(Effect::Allow)
            || !statement.doubts.is_empty()
            || !conditions_hold
            || statement.resource.negated
        {
            return None;
        }
        // A pattern that is no ARN may match nothing at all.
        if !statement.resource.patterns.iter().any(|p| p.whole.is_any() || p.segments.is_some()) {
            return None;
        }
        if options.reading != crate::switches::Reading::standard() {
            return None;
        }
        let mut set = |position: usize| {
            if let Some(word) = bits.get_mut(position.wrapping_shr(6)) {
                *word |= 1_u64.wrapping_shl(u32::try_from(position & 63).unwrap_or(0));
            }
        };
        if statement.action.negated {
            for (position, action) in all.iter().enumerate() {
                let lower = action.name.to_ascii_lowercase();
                if !statement.action.patterns.iter().any(|p| p.glob.matches_folded(&lower)) {
                    set(position);
                }
            }
        } else {
            for pattern in &statement.action.patterns {
                catalogue::positions(&pattern.glob).for_each(&mut set);
            }
        }
    }
    Some(bits)
}

fn count(sets: &[Vec<u64>]) -> BTreeMap<Level, usize> {
    let mut all: BTreeMap<Level, usize> = BTreeMap::new();
    for (position, action) in catalogue::actions().iter().enumerate() {
        let bit = 1_u64.wrapping_shl(u32::try_from(position & 63).unwrap_or(0));
        if sets.iter().any(|set| set.get(position.wrapping_shr(6)).is_some_and(|word| word & bit != 0)) {
            let slot = all.entry(action.level).or_default();
            *slot = slot.saturating_add(1);
        }
    }
    all
}
