//! The checks of one API call, each with its resource's own side, and the answer that they make together.

use std::collections::BTreeMap;

use serde::Serialize;
use xiezhi_model::Label;
use xiezhi_policy::ask::{self, Finding, Options, Target, Truth};
use xiezhi_policy::call::{self, Need};
use xiezhi_policy::catalogue;
use xiezhi_policy::decide::Gap;
use xiezhi_policy::estate::{Index, Principal};
use xiezhi_policy::{Budget, Layers, Policy, PolicySet, Reading, Request, StatementRef, Switch, who as tables};

use super::plan::{Plan, Planned};
use super::side::{Side, of_resource};
use super::{AskError, Assumption, Entry, Ground, Verdict};
use crate::analyse::ram::estate::Built;

/// A check that a call makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallCheck {
    /// The action that is checked.
    pub action: String,
    /// The resource, or the pattern of resources, that it is checked on.
    pub resource: String,
    /// When it is made. A check on a resource that the question names is made in every such call.
    pub need: Need,
}

/// What a call is known to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallChecks {
    /// Its checks.
    pub checks: Vec<CallCheck>,
    /// Where the facts come from.
    pub source: &'static str,
}

/// The answer to one check of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The check.
    #[serde(flatten)]
    pub check: CallCheck,
    /// Whether it can pass.
    pub verdict: Verdict,
    /// The statements that decide.
    pub statements: Vec<StatementRef>,
    /// A request that passes it; for a call that is possible, under the conditions of the whole call.
    pub witness: Option<Request>,
    /// Readings of the documentation on which it hangs.
    pub depends_on: Vec<Switch>,
    /// What is missing.
    pub gaps: Vec<Gap>,
}

/// A check that is to be decided.
struct Part<'g> {
    planned: &'g Planned,
    side: Side<'g>,
    target: Target,
    /// The same under the other spelling of its action: one call uses one spelling.
    twin: Option<Target>,
}

/// The checks of a question.
pub(super) struct Parts<'g> {
    list: Vec<Part<'g>>,
    of_call: bool,
    session: Option<&'g Policy>,
}

/// How far a truth carries a call.
fn rank(truth: Truth) -> u8 {
    match truth {
        Truth::No => 0,
        Truth::Undecided | Truth::Unknown => 1,
        Truth::Yes => 2,
    }
}

impl<'g> Parts<'g> {
    /// The checks of a plan with what their resources say themselves.
    pub fn of(plan: &'g Plan, ground: &'g Ground, built: &'g Built, index: &Index<'_>) -> Result<Self, AskError> {
        let mut list = Vec::new();
        for (planned, arn) in &plan.checks {
            let side = of_resource(ground, built, index, &planned.action, arn)?;
            let target = |action: &str| {
                let target = Target::new(&[action], &[&planned.resource]);
                planned.keys.iter().fold(target, |target, (name, value)| target.with_key(name, value))
            };
            let twin = catalogue::twin(&planned.action).filter(|_| plan.source.is_some());
            let twin = twin.map(|twin| target(&twin));
            list.push(Part { planned, side, target: target(&planned.action), twin });
        }
        Ok(Parts { list, of_call: plan.source.is_some(), session: None })
    }

    /// The weakest evidence about the resources.
    pub fn label(&self) -> Label {
        let counted = self.list.iter().filter(|part| !matches!(part.planned.need, Need::Given(_)));
        counted.filter_map(|part| part.side.label).fold(Label::Live, Label::weakest)
    }

    /// The checks that are made in every call: what the resource says itself, the action, the resource.
    pub fn counted(&self) -> impl Iterator<Item = (&Side<'g>, &str, &str)> {
        let counted = self.list.iter().filter(|part| !matches!(part.planned.need, Need::Given(_)));
        counted.map(|part| (&part.side, part.planned.action.as_str(), part.planned.resource.as_str()))
    }

    /// The same, asked by a session that was made with this policy.
    pub fn in_session(self, session: Option<&'g Policy>) -> Self {
        Parts { session, ..self }
    }

    /// What is left out of the checks that count.
    pub fn assumption(&self) -> Option<Assumption> {
        let counted = self.list.iter().filter(|part| !matches!(part.planned.need, Need::Given(_)));
        counted.filter_map(|part| part.side.assumption).next()
    }

    /// Can the principal make the call?
    pub fn entry(
        &self,
        index: &Index<'_>,
        principal: Principal,
        group: Option<&str>,
        name: &str,
        label: Label,
    ) -> Entry {
        let entry = self.entry_spelt(index, principal, group, (name, label), false);
        let has_twin = self.list.iter().any(|part| part.twin.is_some());
        if entry.verdict == Verdict::Yes || !has_twin {
            return entry;
        }
        let other = self.entry_spelt(index, principal, group, (name, label), true);
        if other.verdict > entry.verdict { other } else { entry }
    }

    fn entry_spelt(
        &self,
        index: &Index<'_>,
        principal: Principal,
        group: Option<&str>,
        (name, label): (&str, Label),
        twin: bool,
    ) -> Entry {
        let caller = index.caller(principal);
        let mut decided = Vec::new();
        for part in &self.list {
            let mut layers = index.layers(principal, group);
            part.side.place(&mut layers, index);
            layers.session = self.session.map(|policy| PolicySet::of(vec![policy]));
            let target = part.twin.as_ref().filter(|_| twin).unwrap_or(&part.target);
            let mut ability = ask::can_in_all_readings(&layers, &caller, target, &Budget::default());
            if self.of_call && ability.finding.by_twin.take().is_some() {
                ability = ask::Ability { finding: refused(), conditions: Vec::new(), ..ability };
            }
            let sure = ability.finding.truth == Truth::Yes && ability.finding.by_twin.is_none();
            if sure && ability.always == Truth::Yes {
                // "Whatever the conditions" is a claim of its own.
                ability.finding.depends_on.append(&mut ability.always_depends_on);
                ability.finding.depends_on.sort();
                ability.finding.depends_on.dedup();
            }
            decided.push((part, layers, ability));
        }
        let findings: Vec<(Need, &Layers<'_>, &Finding)> =
            decided.iter().map(|(part, layers, ability)| (part.planned.need, layers, &ability.finding)).collect();
        let (mut whole, joint) = together(&findings, &Reading::standard());
        let counted = || decided.iter().filter(|(part, ..)| !matches!(part.planned.need, Need::Given(_)));
        let always: Vec<Truth> = counted().map(|(.., ability)| ability.always).collect();
        let mut conditions: Vec<(String, String)> =
            counted().flat_map(|(.., ability)| ability.conditions.iter().cloned()).collect();
        conditions.sort();
        conditions.dedup();
        if twin {
            whole.by_twin = self.list.first().and_then(|part| catalogue::twin(&part.planned.action));
        }
        let certain = whole.truth == Truth::Yes && whole.by_twin.is_none();
        let denied = counted().find_map(|(.., ability)| ability.denied.clone());
        let mut entry = Entry::of(name, whole, label);
        if certain {
            let least = always.iter().copied().min_by_key(|truth| rank(*truth)).unwrap_or(Truth::No);
            entry.always = Some(least.into());
            entry.denied = denied;
        }
        entry.conditions = conditions;
        entry.resource_group = group.map(str::to_owned);
        if self.of_call {
            let mut joint = joint.into_iter();
            entry.checks = decided
                .into_iter()
                .map(|(part, _, ability)| {
                    let counts = !matches!(part.planned.need, Need::Given(_));
                    let shared = if counts && ability.finding.truth == Truth::Yes { joint.next() } else { None };
                    let finding = ability.finding;
                    Checked {
                        check: part.planned.shown(),
                        verdict: finding.truth.into(),
                        statements: if finding.truth == Truth::No { finding.cuts } else { finding.grants },
                        witness: shared.or(finding.witness),
                        depends_on: finding.depends_on,
                        gaps: finding.gaps,
                    }
                })
                .collect();
        }
        entry
    }

    /// Does a call get by without a safeguard? `ask` answers for one check, under its layers; a call gets by when all of its
    /// checks do together.
    pub fn escape(
        &self,
        index: &Index<'_>,
        principal: Principal,
        group: Option<&str>,
        (name, label): (&str, Label),
        ask: &dyn Fn(&Layers<'_>, &Target) -> Finding,
    ) -> Entry {
        let spelt = |twin: bool| {
            let mut decided = Vec::new();
            for part in &self.list {
                let mut layers = index.layers(principal, group);
                part.side.place(&mut layers, index);
                let target = part.twin.as_ref().filter(|_| twin).unwrap_or(&part.target);
                let mut finding = ask(&layers, target);
                if self.of_call && finding.by_twin.is_some() {
                    finding = refused();
                }
                decided.push((part.planned.need, layers, finding));
            }
            let findings: Vec<(Need, &Layers<'_>, &Finding)> =
                decided.iter().map(|(need, layers, finding)| (*need, layers, finding)).collect();
            let (mut whole, _) = together(&findings, &Reading::standard());
            if twin {
                whole.by_twin = self.list.first().and_then(|part| catalogue::twin(&part.planned.action));
            }
            Entry::of(name, whole, label)
        };
        let entry = spelt(false);
        if entry.verdict == Verdict::Yes || self.list.iter().all(|part| part.twin.is_none()) {
            return entry;
        }
        let other = spelt(true);
        if other.verdict > entry.verdict { other } else { entry }
    }

    /// Who can make the call, under one reading?
    pub fn table<'x>(&self, index: &Index<'x>, reading: Reading) -> BTreeMap<Principal, Finding>
    where
        'g: 'x,
    {
        let plain = self.table_spelt(index, reading, false);
        if !self.list.iter().any(|part| part.twin.is_some()) {
            return plain;
        }
        let mut best = self.table_spelt(index, reading, true);
        let twin = self.list.first().and_then(|part| catalogue::twin(&part.planned.action));
        for finding in best.values_mut() {
            finding.by_twin.clone_from(&twin);
        }
        for (principal, finding) in plain {
            let better = best.get(&principal).is_none_or(|other| rank(finding.truth) >= rank(other.truth));
            if better {
                best.insert(principal, finding);
            }
        }
        best
    }

    fn table_spelt<'x>(&self, index: &Index<'x>, reading: Reading, twin: bool) -> BTreeMap<Principal, Finding>
    where
        'g: 'x,
    {
        let options = Options { reading, budget: Budget::default() };
        let counted: Vec<&Part<'g>> =
            self.list.iter().filter(|part| !matches!(part.planned.need, Need::Given(_))).collect();
        let tables: Vec<BTreeMap<Principal, Finding>> = counted
            .iter()
            .map(|part| {
                let target = part.twin.as_ref().filter(|_| twin).unwrap_or(&part.target);
                tables::who_with(index, target, &|layers| part.side.place(layers, index), &options)
                    .into_iter()
                    .filter(|(_, finding)| !(self.of_call && finding.by_twin.is_some()))
                    .collect()
            })
            .collect();
        let Some(first) = tables.first() else { return BTreeMap::new() };
        let mut out = BTreeMap::new();
        for principal in first.keys() {
            let no = refused();
            let findings: Vec<&Finding> = tables.iter().map(|table| table.get(principal).unwrap_or(&no)).collect();
            let sure = findings.iter().all(|finding| finding.truth == Truth::Yes);
            let layers: Vec<Layers<'_>> = counted
                .iter()
                .filter(|_| sure && self.of_call)
                .map(|part| {
                    let mut layers = index.layers(*principal, None);
                    part.side.place(&mut layers, index);
                    layers
                })
                .collect();
            // Layers are needed only to show that checks pass together.
            let bare = Layers::identity_only("", PolicySet::default());
            let all: Vec<(Need, &Layers<'_>, &Finding)> = counted
                .iter()
                .zip(&findings)
                .enumerate()
                .map(|(at, (part, finding))| (part.planned.need, layers.get(at).unwrap_or(&bare), *finding))
                .collect();
            let (whole, _) = together(&all, &reading);
            if whole.truth != Truth::No {
                out.insert(*principal, whole);
            }
        }
        out
    }
}

fn refused() -> Finding {
    Finding {
        truth: Truth::No,
        witness: None,
        known_action: true,
        grants: Vec::new(),
        cuts: Vec::new(),
        gaps: Vec::new(),
        depends_on: Vec::new(),
        by_twin: None,
    }
}

/// The finding about a call from those about its checks, and for *yes* the requests of the checks that count, in order.
fn together(parts: &[(Need, &Layers<'_>, &Finding)], reading: &Reading) -> (Finding, Vec<Request>) {
    let counted: Vec<&(Need, &Layers<'_>, &Finding)> =
        parts.iter().filter(|(need, ..)| !matches!(need, Need::Given(_))).collect();
    let always = || counted.iter().filter(|(need, ..)| *need == Need::Always).map(|(.., finding)| *finding);
    if let ([(_, _, only)], true) = (counted.as_slice(), always().count() == 1) {
        return ((*only).clone(), only.witness.iter().filter(|_| only.truth == Truth::Yes).cloned().collect());
    }
    let Some(least) = always().min_by_key(|finding| rank(finding.truth)) else { return (refused(), Vec::new()) };
    let mut whole =
        Finding { grants: Vec::new(), cuts: Vec::new(), gaps: Vec::new(), depends_on: Vec::new(), ..least.clone() };
    if least.truth == Truth::No {
        // One check that never passes is enough; the firmest is the proof.
        let proof = always().filter(|f| f.truth == Truth::No).min_by_key(|f| f.depends_on.len()).unwrap_or(least);
        return (proof.clone(), Vec::new());
    }
    for (.., finding) in &counted {
        whole.grants.extend(finding.grants.iter().cloned());
        whole.depends_on.extend(finding.depends_on.iter().copied());
    }
    let open = always().filter(|finding| finding.truth != Truth::Yes);
    whole.gaps.extend(open.flat_map(|finding| finding.gaps.iter().cloned()));
    let unsure = || counted.iter().filter(|(need, _, finding)| *need == Need::Unsure && finding.truth != Truth::Yes);
    whole.gaps.extend(unsure().flat_map(|(.., finding)| finding.gaps.iter().cloned()));
    if unsure().any(|(.., finding)| finding.truth == Truth::No) {
        whole
            .gaps
            .push(Gap::new("a check that may fail", "documentation does not say plainly that every call makes it"));
    }
    let mut joint = Vec::new();
    if whole.truth == Truth::Yes {
        let passing: Vec<(&Layers<'_>, &Request)> = counted
            .iter()
            .filter(|(.., finding)| finding.truth == Truth::Yes)
            .filter_map(|(_, layers, finding)| finding.witness.as_ref().map(|witness| (*layers, witness)))
            .collect();
        match call::together(&passing, reading) {
            Some(requests) => {
                whole.witness = requests.first().cloned();
                joint = requests;
            }
            None => {
                whole.gaps.push(Gap::new(
                    "the checks together",
                    "each passes by itself, but no one request was found that passes all",
                ));
            }
        }
    }
    if !whole.gaps.is_empty() {
        whole.truth = Truth::Unknown;
    }
    whole.grants.sort();
    whole.grants.dedup();
    whole.depends_on.sort();
    whole.depends_on.dedup();
    whole.gaps.sort();
    whole.gaps.dedup();
    (whole, joint)
}
