//! Answers where the evidence does not say whose it is: asked once as an account that no policy names and once as each
//! that one names, they keep what all of these agree on.

use std::collections::BTreeMap;

use xiezhi_policy::catalogue::Level;
use xiezhi_policy::decide::Gap;
use xiezhi_policy::request::ram_principal;

use super::{Answer, AskError, Assumption, Detail, Entry, Ground, Power, Verdict};
use crate::analyse::ram::estate::Built;
use crate::analyse::ram::owner::{guesses, is_account};

/// Asks of the account, whichever it is; where the evidence names none, of the one that the question names.
///
/// # Errors
/// The evidence has no such account, or the question cannot be asked of it.
pub(super) fn whoever(
    ground: &Ground,
    account: Option<&str>,
    principal: Option<&str>,
    ask: impl Fn(&Built) -> Result<Answer, AskError>,
) -> Result<Answer, AskError> {
    let built = ground.account(account)?;
    let of_arn = principal.and_then(ram_principal).map(|(account, _)| account).filter(|account| is_account(account));
    if let Some(stated) = account.or(of_arn).filter(|_| built.estate.account.is_empty()) {
        return ask(&built.owned_by(stated));
    }
    let mut answer = ask(built)?;
    if built.others_are_named {
        answer = answer.assuming([Assumption::OwnAccountByReference]);
    }
    let guesses = guesses(&ground.inventory, built);
    for guess in &guesses.each {
        answer.keep_common(&ask(guess)?);
    }
    if guesses.beyond {
        answer.leave_open();
    }
    Ok(answer)
}

fn whose() -> Gap {
    Gap::new("the id of the owner's account", "not in the evidence: say it with `--account`")
}

impl Entry {
    fn key(&self) -> (&str, Option<&str>) {
        (&self.subject, self.resource_group.as_deref())
    }

    /// The same entry, open.
    fn open(&mut self) {
        if self.verdict != Verdict::Undecided {
            self.verdict = Verdict::Undecided;
            (self.denied, self.always) = (None, None);
        }
        if !self.gaps.contains(&whose()) {
            self.gaps.push(whose());
        }
    }

    fn keep_common(&mut self, other: Option<&Entry>) {
        let verdict = other.map_or(Verdict::No, |other| other.verdict);
        if self.verdict != verdict {
            // What shows more is the better picture of what is open.
            if let Some(other) = other.filter(|other| other.verdict > self.verdict) {
                *self = other.clone();
            }
            self.open();
            return;
        }
        let Some(other) = other else { return };
        self.label = self.label.weakest(other.label);
        if self.always != other.always {
            self.always = self.always.and(Some(Verdict::Undecided));
            self.denied = None;
        }
        self.depends_on.extend(other.depends_on.iter().copied());
        self.depends_on.sort();
        self.depends_on.dedup();
    }
}

impl Answer {
    /// Leaves of this answer what the other says too.
    pub(super) fn keep_common(&mut self, other: &Answer) {
        for entry in &mut self.entries {
            entry.keep_common(other.entries.iter().find(|one| one.key() == entry.key()));
        }
        for entry in other.entries.iter().filter(|entry| entry.verdict > Verdict::No) {
            if !self.entries.iter().any(|one| one.key() == entry.key()) {
                let mut entry = entry.clone();
                entry.open();
                self.entries.push(entry);
            }
        }
        self.entries.sort_by_key(|entry| std::cmp::Reverse(entry.verdict));
        // Several parts that each hold under one owner only make no answer together.
        let shown = |verdict: Verdict| self.entries.is_empty() || self.entries.iter().any(|one| one.verdict == verdict);
        if self.verdict != other.verdict || !shown(self.verdict) && matches!(self.detail, Detail::None) {
            self.verdict = Verdict::Undecided;
        }
        self.detail.keep_common(&other.detail);
        self.label = self.label.weakest(other.label);
        self.assumptions.extend(other.assumptions.iter().copied());
        self.assumptions.sort();
        self.assumptions.dedup();
        for gap in &other.gaps {
            if !self.gaps.contains(gap) {
                self.gaps.push(gap.clone());
            }
        }
        for placed in &other.policies {
            if !self.policies.contains(placed) {
                self.policies.push(placed.clone());
            }
        }
        self.policies.sort();
    }

    /// Leaves the whole answer open: the policies name more accounts than are tried.
    pub(super) fn leave_open(&mut self) {
        self.entries.iter_mut().for_each(Entry::open);
        self.verdict = Verdict::Undecided;
        self.detail.leave_open();
    }
}

type ByLevel = BTreeMap<String, BTreeMap<Level, usize>>;

impl Detail {
    fn keep_common(&mut self, other: &Detail) {
        match (self, other) {
            (
                Detail::Rights { surely, perhaps, future_actions, powerful },
                Detail::Rights { surely: others, perhaps: open, future_actions: future, powerful: power },
            ) => {
                // Where the counts differ, which of the actions are sure is not told by them.
                let mut unsure: Vec<String> = surely.keys().chain(others.keys()).cloned().collect();
                unsure.retain(|service| surely.get(service) != others.get(service));
                for service in unsure {
                    let most = surely.remove(&service).into_iter().chain(others.get(&service).cloned());
                    most.for_each(|levels| raise(perhaps, &service, &levels));
                }
                open.iter().for_each(|(service, levels)| raise(perhaps, service, levels));
                *future_actions = common(*future_actions, *future);
                powerful.retain(|action| power.contains(action));
            }
            (Detail::Enforced { possible }, Detail::Enforced { possible: other }) => {
                *possible = common(*possible, *other);
            }
            (
                Detail::Blast { reached, perhaps, powers },
                Detail::Blast { reached: others, perhaps: open, powers: more },
            ) => {
                let names = |list: &[(String, u32)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
                let (ours, theirs) = (names(reached), names(others));
                perhaps.extend(ours.iter().filter(|name| !theirs.contains(name)).cloned());
                perhaps.extend(theirs.iter().filter(|name| !ours.contains(name)).chain(open).cloned());
                reached.retain(|(name, _)| theirs.contains(name));
                perhaps.retain(|name| !reached.iter().any(|(sure, _)| sure == name));
                perhaps.sort();
                perhaps.dedup();
                keep_common_powers(powers, more);
            }
            (
                Detail::Exposure { public, ipv4_addresses },
                Detail::Exposure { public: other, ipv4_addresses: addresses },
            ) => {
                *public = common(*public, *other);
                *ipv4_addresses = ipv4_addresses.filter(|count| Some(*count) == *addresses);
            }
            _ => {}
        }
    }

    fn leave_open(&mut self) {
        match self {
            Detail::Rights { surely, perhaps, future_actions, powerful } => {
                for (service, levels) in std::mem::take(surely) {
                    raise(perhaps, &service, &levels);
                }
                *future_actions = Verdict::Undecided;
                powerful.clear();
            }
            Detail::Enforced { possible } => *possible = Verdict::Undecided,
            Detail::Blast { reached, perhaps, powers } => {
                perhaps.extend(std::mem::take(reached).into_iter().map(|(name, _)| name));
                powers.iter_mut().for_each(|power| power.verdict = Verdict::Undecided);
            }
            Detail::Exposure { public, ipv4_addresses } => {
                *public = Verdict::Undecided;
                *ipv4_addresses = None;
            }
            Detail::None | Detail::Lint { .. } | Detail::Minimised { .. } => {}
        }
    }
}

fn common(one: Verdict, other: Verdict) -> Verdict {
    if one == other { one } else { Verdict::Undecided }
}

/// The larger count of each level.
fn raise(of: &mut ByLevel, service: &str, levels: &BTreeMap<Level, usize>) {
    let slots = of.entry(service.to_owned()).or_default();
    for (level, count) in levels {
        let slot = slots.entry(*level).or_default();
        *slot = (*slot).max(*count);
    }
}

fn keep_common_powers(powers: &mut Vec<Power>, others: &[Power]) {
    let same =
        |one: &Power, other: &Power| (&one.whose, one.pattern, one.reach) == (&other.whose, other.pattern, other.reach);
    for power in powers.iter_mut() {
        let other = others.iter().find(|other| same(power, other)).map_or(Verdict::No, |other| other.verdict);
        power.verdict = common(power.verdict, other);
    }
    let more: Vec<Power> = others
        .iter()
        .filter(|other| !powers.iter().any(|power| same(power, other)))
        .map(|other| Power { verdict: Verdict::Undecided, ..other.clone() })
        .collect();
    powers.extend(more);
    powers.sort();
}
