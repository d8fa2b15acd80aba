//! Who can use a resource from outside a given network.

use super::{Question, STRANGER, Surroundings, UNKNOWN_ACCOUNT, callers, no_finding, open_view, resource_policies};
use crate::access_point::direct_rules;
use crate::ask::{Finding, Options, Truth};
use crate::decide::{Gap, Layers};
use crate::policy::Test;
use crate::request::Caller;
use crate::symbolic::encode::KeyRule;
use crate::values::{self, IpRange};
use serde::Serialize;

/// The network that requests are expected to come from: ranges of source addresses, and VPCs. A request is inside when its
/// `acs:SourceIp` lies in a range or its `acs:SourceVpc` is a VPC of the list. Addresses of different VPCs collide, so a
/// private range names no VPC (R-2.27).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    ranges: Vec<IpRange>,
    vpcs: Vec<String>,
}

impl Network {
    /// Reads addresses, CIDR ranges and VPC ids.
    ///
    /// # Errors
    /// The first text that is none of them.
    ///
    /// ```
    /// use xiezhi_policy::exposure::Network;
    /// assert!(Network::read(&["203.0.113.0/24", "vpc-bp1office"]).is_ok());
    /// assert_eq!(Network::read(&["203.0.113.0/24", "office"]), Err("office".to_owned()));
    /// ```
    pub fn read<T: AsRef<str>>(texts: &[T]) -> Result<Self, String> {
        let mut network = Network::default();
        for text in texts.iter().map(AsRef::as_ref) {
            match IpRange::read(text) {
                Some(range) => network.ranges.push(range),
                None if text.starts_with("vpc-") && !text.contains(['*', '?']) => network.vpcs.push(text.to_owned()),
                None => return Err(text.to_owned()),
            }
        }
        Ok(network)
    }
}

/// The access from outside a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beyond {
    /// Anyone outside the owner's account.
    pub outsiders: Finding,
    /// Principals of the owner's account to whom RAM allows everything: what the resource itself leaves open to them.
    pub own: Finding,
}

/// Who can use the resource of these layers from outside a network, for the given actions and resources (`["*"]` for all)?
///
/// As in [`super::analyse`], callers bring their own identity policies, whatever helps them; control policies are left out.
///
/// ```
/// use xiezhi_policy::{Layers, Policy, PolicyKind, PolicySet, ResourceSide};
/// use xiezhi_policy::{ask::Truth, exposure::{self, Network, Surroundings}};
/// let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["2002"],"Action":["log:PostLogStoreLogs"],
///   "Resource":"acs:log:*:1001:project/p/*","Condition":{"IpAddress":{"acs:SourceIp":"203.0.113.0/24"}}}]}"#;
/// let policy = Policy::parse("p", PolicyKind::Project, text);
/// let mut layers = Layers::identity_only("1001", PolicySet::default());
/// layers.resource = ResourceSide::Default(PolicySet::of(vec![&policy]));
/// let around = Surroundings { owner: "1001", ..Default::default() };
/// let beyond = |network: &str| {
///     let network = Network::read(&[network]).unwrap();
///     exposure::beyond(&layers, &around, &network, &["*"], &["*"], &Default::default()).outsiders.truth
/// };
/// assert_eq!((beyond("203.0.113.0/24"), beyond("203.0.113.0/25")), (Truth::No, Truth::Yes));
/// ```
#[must_use]
pub fn beyond(
    layers: &Layers<'_>,
    around: &Surroundings<'_>,
    network: &Network,
    actions: &[&str],
    resources: &[&str],
    options: &Options,
) -> Beyond {
    let around = &around.named();
    let helpful = super::helpful();
    let view = open_view(layers, around, &helpful);
    let policies = resource_policies(&view);
    let Ok(all) = callers(&policies, around.owner, around.organisation, around.own_user_ids, &options.budget) else {
        let gap = Gap::new("principals", "too many combinations for the budget");
        let undecided = Finding { gaps: vec![gap], ..no_finding(Truth::Undecided) };
        return Beyond { outsiders: undecided.clone(), own: undecided };
    };
    let elsewhere = |values: Option<&[String]>| {
        values.is_none_or(|list| {
            list.iter().any(|text| {
                values::address(text)
                    .is_some_and(|(v6, number)| !network.ranges.iter().any(|range| range.holds(v6, number)))
            })
        })
    };
    let other_vpc =
        |values: Option<&[String]>| values.is_none_or(|list| !list.iter().any(|v| network.vpcs.contains(v)));
    let mut rules: Vec<KeyRule<'_>> = Vec::new();
    if !network.ranges.is_empty() {
        let cuts = vec![Test::Ip(network.ranges.clone())];
        rules.push(KeyRule { key: "acs:sourceip", cuts, holds: &elsewhere });
    }
    if !network.vpcs.is_empty() {
        for key in ["acs:sourcevpc", "acs:sourcevpcid"] {
            rules.push(KeyRule { key, cuts: vec![Test::Equals(network.vpcs.clone())], holds: &other_vpc });
        }
    }
    rules.extend(direct_rules(&view));
    let signed = super::takes_signed_only(&view.resource);
    let question = Question { view: &view, actions, resources, options };
    let outside = |caller: &Caller| super::is_outside(caller, around.owner, signed);
    let own = |caller: &Caller| {
        let known = caller.account().is_some_and(|account| !matches!(account, STRANGER | UNKNOWN_ACCOUNT));
        !matches!(caller, Caller::Service { .. }) && known && !outside(caller)
    };
    Beyond {
        outsiders: question.first(all.iter().filter(|c| outside(c)).cloned().collect(), &rules),
        own: question.first(all.iter().filter(|c| own(c)).cloned().collect(), &rules),
    }
}
