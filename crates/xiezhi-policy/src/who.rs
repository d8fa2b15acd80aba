//! Tables over an estate: who can do something, and what everyone can do.

use crate::ask::{self, Finding, Options, Target, Truth};
use crate::catalogue::{self, Level};
use crate::decide::{Layers, ResourceSide};
use crate::estate::{Control, Index, Principal};
use crate::policy::{Effect, Policy};
use crate::symbolic::formula::Stock;
use crate::symbolic::space::Mask;
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
    who_with(index, target, &|layers| layers.resource = resource.clone(), options)
}

/// As [`who`], for a resource that `place` puts into the layers of a principal: its side, and its owner when that is another account.
/// It must put the same for every principal.
#[must_use]
pub fn who_with<'x>(
    index: &Index<'x>,
    target: &Target,
    place: &dyn Fn(&mut Layers<'x>),
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
        place(&mut layers);
        let bare = matches!(layers.resource, ResourceSide::None);
        let personal = control_named || !bare || layers.identity.policies.iter().any(|p| named(p));
        let key = (index.class(principal), personal.then_some(principal));
        let finding = match known.get(&key) {
            Some(finding) => finding.clone(),
            None => {
                let silent = bare
                    && layers.identity.gaps.is_empty()
                    && !layers.identity.policies.iter().any(|p| target.touches(p));
                let finding = if silent {
                    Finding::none()
                } else {
                    ask::can_twins(&layers, &index.caller(principal), target, options, &stock, &[])
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
///
/// Where no Deny meets an Allow halfway, the answer is read off sets of catalogue actions per policy; else the engine decides.
#[must_use]
pub fn what(index: &Index<'_>, options: &Options) -> Vec<(Principal, Counts)> {
    let levels = Levels::new();
    let mut per_policy: BTreeMap<usize, Option<PolicyBits>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    let mut out = Vec::new();
    let plain =
        matches!(index.estate.control, Control::None) && options.reading == crate::switches::Reading::standard();
    for principal in index.principals() {
        let class = index.class(principal);
        let counts: Counts = match known.get(&class) {
            Some(counts) => Counts::clone(counts),
            None => {
                let layers = index.layers(principal, None);
                if plain && layers.identity.gaps.is_empty() {
                    for policy in &layers.identity.policies {
                        per_policy.entry(std::ptr::from_ref(*policy).addr()).or_insert_with(|| PolicyBits::of(policy));
                    }
                }
                let bits: Option<Vec<&PolicyBits>> = layers
                    .identity
                    .policies
                    .iter()
                    .map(|p| per_policy.get(&std::ptr::from_ref(*p).addr()).and_then(Option::as_ref))
                    .collect();
                let quick = bits
                    .filter(|_| plain && layers.identity.gaps.is_empty())
                    .and_then(|bits| PolicyBits::together(&bits));
                let counts = match quick {
                    Some(mask) => Counts { surely: levels.count(&mask), perhaps: BTreeMap::new() },
                    None => {
                        let (groups, _, _) = ask::rights_by_group(&layers, &index.caller(principal), options);
                        let of = |wanted: &[Truth]| {
                            let mut all = Mask::none(catalogue::actions().len());
                            for (group, _) in groups.iter().filter(|(_, truth)| wanted.contains(truth)) {
                                all = all.or(group);
                            }
                            levels.count(&all)
                        };
                        Counts { surely: of(&[Truth::Yes]), perhaps: of(&[Truth::Unknown, Truth::Undecided]) }
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

/// The catalogue actions of each level.
struct Levels(Vec<(Level, Mask)>);

impl Levels {
    fn new() -> Self {
        let actions = catalogue::actions();
        let all = [Level::List, Level::Read, Level::Unknown, Level::Write, Level::Permissions];
        Levels(
            all.into_iter()
                .map(|level| {
                    let mut mask = Mask::none(actions.len());
                    actions.iter().enumerate().filter(|(_, a)| a.level == level).for_each(|(at, _)| mask.set(at));
                    (level, mask)
                })
                .collect(),
        )
    }

    fn count(&self, mask: &Mask) -> BTreeMap<Level, usize> {
        self.0.iter().map(|(level, of)| (*level, mask.and(of).count())).filter(|(_, count)| *count > 0).collect()
    }
}

/// What one policy does to the catalogue's actions.
struct PolicyBits {
    /// Actions that some request of a statement may perform.
    allow: Mask,
    /// Actions of which some Deny speaks.
    deny: Mask,
    /// Actions that are denied everywhere and always.
    deny_all: Mask,
}

impl PolicyBits {
    /// `None` when a doubt, contradicting conditions or an impossible pattern ask for the engine.
    fn of(policy: &Policy) -> Option<Self> {
        let empty = || Mask::none(catalogue::actions().len());
        let mut bits = PolicyBits { allow: empty(), deny: empty(), deny_all: empty() };
        for statement in &policy.statements {
            let keys: std::collections::BTreeSet<&str> =
                statement.conditions.iter().map(|c| c.folded.as_str()).collect();
            let satisfiable = keys.len() == statement.conditions.len()
                && !keys.contains("acs:principalarn")
                && statement.conditions.iter().all(|c| c.malformed.is_empty())
                && !statement.resource.negated
                && statement.resource.patterns.iter().any(|p| p.whole.is_any() || p.segments.is_some());
            if !satisfiable || !statement.doubts.is_empty() {
                return None;
            }
            let actions = ask::action_bits(&statement.action);
            match statement.effect? {
                Effect::Allow => bits.allow = bits.allow.or(&actions),
                Effect::Deny => {
                    bits.deny = bits.deny.or(&actions);
                    if statement.conditions.is_empty() && statement.resource.patterns.iter().any(|p| p.whole.is_any()) {
                        bits.deny_all = bits.deny_all.or(&actions);
                    }
                }
            }
        }
        Some(bits)
    }

    /// What several policies allow together, unless a Deny takes away a part of what is allowed.
    fn together(all: &[&PolicyBits]) -> Option<Mask> {
        let empty = || Mask::none(catalogue::actions().len());
        let sum = |pick: &dyn Fn(&PolicyBits) -> Mask| all.iter().fold(empty(), |so_far, bits| so_far.or(&pick(bits)));
        let (allow, deny, deny_all) =
            (sum(&|b| b.allow.clone()), sum(&|b| b.deny.clone()), sum(&|b| b.deny_all.clone()));
        let contested = allow.and(&deny).zip(&deny_all, |a, d| a & !d);
        (contested.count() == 0).then(|| allow.zip(&deny_all, |a, d| a & !d))
    }
}
