//! What the policies of KMS keys and log projects let strangers do. Source: RAM semantics R-2.33 (key policies),
//! R-2.35 (project policies), R-2.26 (what is public); the reasoning is `xiezhi-policy`'s.

use xiezhi_model::service::kms::Key;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Inventory, Reason, State, Text};
use xiezhi_policy::ask::Truth;
use xiezhi_policy::exposure::{self, NAMELESS_OWNER, Surroundings};
use xiezhi_policy::{Budget, Layers, Policy, PolicyKind, PolicySet, ResourceSide};

use super::oss_policy::say;
use super::{Analysis, derived, in_words};

/// See the module.
pub(crate) struct ResourcePolicies;

impl Analysis for ResourcePolicies {
    fn name(&self) -> &'static str {
        "resource policy"
    }

    fn run(&self, inventory: &mut Inventory) {
        let only = inventory.only_account().cloned();
        for key in inventory.all_mut::<Key>() {
            let owner = key.head.account.value().or(only.as_ref()).cloned();
            let [anyone, others] = conclude(self.name(), PolicyKind::Key, &key.policy, owner.as_ref());
            key.policy_grants_anyone = anyone;
            key.policy_grants_other_accounts = others;
        }
        for project in inventory.all_mut::<Project>() {
            let owner = project.head.account.value().or(only.as_ref()).cloned();
            let [anyone, others] = conclude(self.name(), PolicyKind::Project, &project.policy, owner.as_ref());
            project.policy_grants_anyone = anyone;
            project.policy_grants_other_accounts = others;
        }
    }
}

/// Whether anyone at all, and whether anyone of another account, is let in.
fn conclude(analysis: &str, kind: PolicyKind, fact: &Fact<Text>, owner: Option<&Text>) -> [Fact<bool>; 2] {
    let origin = &fact.origin;
    let text = match &fact.state {
        State::Known(text) => text,
        State::Absent => {
            let none =
                || Fact::known(false, derived(analysis, in_words("there is no policy", "没有资源策略"), origin.label));
            return [none(), none()];
        }
        State::Unknown(reason) => {
            let unknown = || Fact::unknown(reason.clone(), origin.clone());
            return [unknown(), unknown()];
        }
    };
    let policy = Policy::parse("resource policy", kind, text);
    let named = owner.map_or(NAMELESS_OWNER, Text::as_str);
    let set = PolicySet::of(vec![&policy]);
    let mut layers = Layers::identity_only(named, PolicySet::default());
    layers.resource = if kind == PolicyKind::Key { ResourceSide::Key(set) } else { ResourceSide::Default(set) };
    let around = Surroundings { owner: named, ..Surroundings::default() };
    let found = exposure::in_all_readings(&layers, &around, &["*"], &["*"], &Budget::default());
    let others = match owner {
        Some(_) => say(analysis, origin, found.external.truth, &found.external),
        // Without the owner's id, a named account may be the owner itself: only "nobody at all" is certain.
        None if found.external.truth == Truth::No => say(analysis, origin, Truth::No, &found.external),
        None => Fact::unknown(Reason::NotInEvidence, origin.clone()),
    };
    [say(analysis, origin, found.public, &found.anyone), others]
}
