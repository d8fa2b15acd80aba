//! What one principal ends up with.

use std::collections::BTreeSet;

use xiezhi_model::{Fact, Label, List, Reason, Text};
use xiezhi_policy::ask::{self, Ability, Finding, Safeguard, Target, Truth};
use xiezhi_policy::estate::{Index, Principal};
use xiezhi_policy::policy::Test;
use xiezhi_policy::values::IpRange;
use xiezhi_policy::{Budget, Caller, Layers, Outcome, Reading, Request, Statement, catalogue, decide};

use super::estate::Premises;
use super::owner::{agree, agree_on_lists, leave_open};
use super::{NAME, granted};
use crate::analyse::{Proof, depends, derived, in_words, statements};

/// The facts about one principal's rights.
#[derive(Debug, Clone)]
pub(super) struct Rights {
    pub admin: Fact<bool>,
    pub products: Fact<List<Text>>,
    pub high_risk: Fact<List<Text>>,
    pub networks_restricted: Fact<bool>,
    pub without_mfa: Fact<bool>,
    pub oss: Fact<bool>,
}

impl Rights {
    /// Leaves of each fact what the other says too.
    pub fn keep_common(&mut self, other: &Rights) {
        agree(&mut self.admin, &other.admin);
        agree_on_lists(&mut self.products, &other.products);
        agree_on_lists(&mut self.high_risk, &other.high_risk);
        agree(&mut self.networks_restricted, &other.networks_restricted);
        agree(&mut self.without_mfa, &other.without_mfa);
        agree(&mut self.oss, &other.oss);
    }

    /// Leaves everything open that the owner's id may decide.
    pub fn leave_open(&mut self) {
        leave_open(&mut self.admin);
        leave_open(&mut self.products);
        leave_open(&mut self.high_risk);
        leave_open(&mut self.networks_restricted);
        leave_open(&mut self.without_mfa);
        leave_open(&mut self.oss);
    }

    /// The same rights of a principal whose own evidence has another label.
    pub fn with_label(&self, label: Label) -> Self {
        let mut rights = self.clone();
        for origin in [
            &mut rights.admin.origin,
            &mut rights.products.origin,
            &mut rights.high_risk.origin,
            &mut rights.networks_restricted.origin,
            &mut rights.without_mfa.origin,
            &mut rights.oss.origin,
        ] {
            origin.label = origin.label.weakest(label);
        }
        rights
    }
}

/// The destructive actions of the catalogue of known checks (`ram-user-high-risk-actions-absent`).
const HIGH_RISK: &[&str] = &[
    "ecs:DeleteInstance",
    "ecs:DeleteInstances",
    "ecs:StopInstance",
    "ecs:StopInstances",
    "kms:ScheduleKeyDeletion",
    "oss:DeleteBucket",
    "oss:DeleteObject",
    "ram:DeletePolicy",
    "ram:DeleteUser",
    "rds:DeleteDBInstance",
];

/// Asks everything about one principal.
pub(super) fn of(index: &Index<'_>, principal: Principal, premises: &Premises) -> Rights {
    let layers = index.layers(principal, None);
    let caller = index.caller(principal);
    let asking = Asking { layers: &layers, caller: &caller, premises };
    Rights {
        admin: asking.admin(),
        products: asking.products(),
        high_risk: asking.high_risk(),
        networks_restricted: asking.networks_restricted(),
        without_mfa: asking.without_mfa(),
        oss: asking.any(&Target::new(&["oss:*"], &["*"])),
    }
}

/// Whether every such request is allowed, with the proof of that; open when it is open whether any is.
fn always(ability: Ability) -> (Truth, Finding) {
    let truth = if ability.finding.truth == Truth::Yes { ability.always } else { ability.finding.truth };
    (truth, Finding { depends_on: ability.always_depends_on, ..ability.finding })
}

struct Asking<'a> {
    layers: &'a Layers<'a>,
    caller: &'a Caller,
    premises: &'a Premises,
}

impl Asking<'_> {
    fn can(&self, target: &Target) -> Ability {
        ask::can_in_all_readings(self.layers, self.caller, target, &Budget::default())
    }

    /// `asserts`: whether the value says that a right is there, and not that one is lacking.
    fn known<T>(&self, value: T, asserts: bool, finding: &Finding) -> Fact<T> {
        let said = match finding.grants.is_empty() {
            true => in_words("no statement grants it", "没有语句授予"),
            false => statements(&finding.grants),
        };
        let proof = Proof::of(&[said, depends(&finding.depends_on)]);
        let (proof, label) = match asserts {
            true => (granted(self.premises, proof), self.premises.label_of_right()),
            false => (proof, self.premises.label),
        };
        let weak = !finding.depends_on.is_empty() || finding.by_twin.is_some();
        let label = if weak { label.weakest(Label::Inference) } else { label };
        Fact::known(value, derived(NAME, proof, label))
    }

    fn truth(&self, truth: Truth, finding: &Finding) -> Fact<bool> {
        match truth {
            Truth::Yes => self.known(true, true, finding),
            Truth::No => self.known(false, false, finding),
            Truth::Unknown | Truth::Undecided => Fact::unknown(self.open(finding), self.premises.origin.clone()),
        }
    }

    fn any(&self, target: &Target) -> Fact<bool> {
        let ability = self.can(target);
        self.truth(ability.finding.truth, &ability.finding)
    }

    /// Every action on every resource, whatever the condition keys.
    fn admin(&self) -> Fact<bool> {
        let (truth, finding) = always(self.can(&Target::new(&["*"], &["*"])));
        self.truth(truth, &finding)
    }

    /// The RAM codes that may be allowed whole: those that a statement names (`ecs:*`), and every code of the catalogue
    /// where a statement may allow more codes than it names (`*` with a Deny beside it, `NotAction`). A statement whose
    /// effect cannot be read may allow.
    fn codes(&self) -> BTreeSet<String> {
        let policies = self.layers.identity.policies.iter();
        let statements = policies.flat_map(|policy| &policy.statements).filter(|s| s.may_allow() && !s.is_beyond());
        let mut codes = BTreeSet::new();
        for action in statements.map(|statement| &statement.action) {
            for pattern in &action.patterns {
                match pattern.glob.folded().split_once(':') {
                    Some((code, name)) if !action.negated && !code.contains(['*', '?']) => {
                        if name.contains('*') {
                            codes.insert(code.to_owned());
                        }
                    }
                    None if !action.negated && !pattern.glob.folded().contains('*') => {}
                    _ => codes.extend(catalogue::codes().map(str::to_owned)),
                }
            }
        }
        codes
    }

    /// Whether a call of the product is refused because no statement that may allow speaks of it, under any reading: then
    /// the product is not held whole, and the engine, which works out every action that a wide policy tells apart, need
    /// not be asked. Any name will do, as all of them would have to be allowed.
    fn plainly_lacks(&self, code: &str) -> bool {
        let action = format!("{code}:anyother");
        let speaks = |statement: &Statement| {
            let element = &statement.action;
            let named = element.patterns.iter().any(|pattern| pattern.glob.matches_folded(&action)) != element.negated;
            statement.may_allow() && named
        };
        let sets = [&self.layers.identity, &self.layers.group_identity];
        if sets.iter().flat_map(|set| &set.policies).flat_map(|policy| &policy.statements).any(speaks) {
            return false;
        }
        let request = Request::new(self.caller.clone(), &action, "*");
        decide(&request, self.layers, &Reading::either()).outcome == Outcome::Denied
    }

    fn products(&self) -> Fact<List<Text>> {
        let (truth, everything) = always(self.can(&Target::new(&["*"], &["*"])));
        if truth == Truth::Yes {
            return self.known(List::complete(vec!["*".into()]), true, &everything);
        }
        // What is missing may hold a whole product more; those that are surely held are held all the same.
        let mut more = (truth != Truth::No).then(|| self.open(&everything));
        let mut whole = Vec::new();
        let mut proof = Finding { grants: Vec::new(), ..everything };
        for code in self.codes().into_iter().filter(|code| !self.plainly_lacks(code)) {
            let (truth, finding) = always(self.can(&Target::new(&[&format!("{code}:*")], &["*"])));
            match truth {
                Truth::Yes => {
                    whole.push(Text::from(code));
                    proof.grants.extend(finding.grants);
                }
                Truth::No => {}
                Truth::Unknown | Truth::Undecided => more = more.or_else(|| Some(self.open(&finding))),
            }
            proof.depends_on.extend(finding.depends_on);
        }
        self.listed(whole, more, &proof)
    }

    fn high_risk(&self) -> Fact<List<Text>> {
        let (mut found, mut more) = (Vec::new(), None);
        let mut proof = Finding::none();
        for action in HIGH_RISK {
            let (truth, finding) = always(self.can(&Target::new(&[action], &["*"])));
            match truth {
                Truth::Yes => {
                    found.push(Text::from(*action));
                    proof.grants.extend(finding.grants);
                    proof.by_twin = proof.by_twin.or(finding.by_twin);
                }
                Truth::No => {}
                Truth::Unknown | Truth::Undecided => more = more.or_else(|| Some(self.open(&finding))),
            }
            proof.depends_on.extend(finding.depends_on);
        }
        self.listed(found, more, &proof)
    }

    /// What is surely held, and why there may be more; unknown where nothing is sure.
    fn listed(&self, items: Vec<Text>, more: Option<Reason>, proof: &Finding) -> Fact<List<Text>> {
        match more {
            Some(reason) if items.is_empty() => Fact::unknown(reason, self.premises.origin.clone()),
            more => {
                let asserts = !items.is_empty();
                self.known(List { items, more }, asserts, proof)
            }
        }
    }

    /// Why nobody can tell.
    fn open(&self, finding: &Finding) -> Reason {
        let missing = finding.gaps.first().map(|gap| format!("{}: {}", gap.what, gap.why));
        self.premises.reason(missing.as_deref())
    }

    /// Is anything left to a session of the console without MFA?
    fn without_mfa(&self) -> Fact<bool> {
        let (target, budget) = (Target::new(&["*"], &["*"]), Budget::default());
        let mfa = Safeguard::ConsoleMfa;
        let finding = ask::escapes_in_all_readings(self.layers, self.caller, &target, &mfa, false, &budget);
        self.truth(finding.truth, &finding)
    }

    /// Is everything that calls with an AccessKey may do limited to the networks that the policies name? A condition on
    /// the VPC is a limit that addresses do not show: then nobody can tell.
    fn networks_restricted(&self) -> Fact<bool> {
        let mut ranges = BTreeSet::new();
        let mut by_vpc = false;
        for policy in &self.layers.identity.policies {
            for condition in policy.statements.iter().flat_map(|statement| &statement.conditions) {
                match (&condition.test, condition.folded.as_str()) {
                    (Test::Ip(list), "acs:sourceip") => ranges.extend(list.iter().map(IpRange::cidr)),
                    (_, "acs:sourcevpc" | "acs:sourcevpcid" | "acs:vpcsourceip") => by_vpc = true,
                    _ => {}
                }
            }
        }
        let whole = |range: &String| matches!(range.as_str(), "0.0.0.0/0" | "::/0");
        let named: Vec<String> = ranges.into_iter().filter(|range| !whole(range)).collect();
        let target = Target::new(&["*"], &["*"]);
        let network = Safeguard::Network(named);
        let budget = Budget::default();
        let finding = ask::escapes_in_all_readings(self.layers, self.caller, &target, &network, true, &budget);
        match finding.truth {
            Truth::Yes if by_vpc => self.premises.unknown(Some("a condition on the VPC")),
            truth => self.truth(truth, &finding).map(|escapes| !escapes),
        }
    }
}
