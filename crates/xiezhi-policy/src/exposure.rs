//! Who outside can use a resource: public and external access of resource-based policies and trust policies.
//!
//! "Outside" is closed into a finite list of callers: nobody (anonymous), everyone whom the policies name, and one stand-in for each
//! kind of caller that they do not name. What an outsider's own account allows it is assumed to be whatever helps it.

use crate::access_point::direct_rules;
use crate::ask::{Finding, Options, Query, Truth, gaps_of, settle};
use crate::decide::{Gap, Layers, PolicySet, ResourceSide, decide, switches_that_matter};
use crate::policy::{Policy, PolicyKind, Test};
use crate::request::{Caller, ram_principal};
use crate::switches::{Choice, Reading, Switch};
use crate::symbolic::Budget;
use crate::symbolic::encode::{KeyRule, encode, ip_interval};
use crate::symbolic::formula::{Arena, Side, Stock, grant};
use crate::symbolic::search::{Clause, Formula, Search, Term, and};
use crate::symbolic::space::Mask;
use crate::values;
use serde::Serialize;
use std::collections::BTreeSet;

mod callers;
mod network;

pub(crate) use callers::callers;
pub use network::{Beyond, Network, beyond};

/// Account of a stand-in outsider that no policy names.
pub const STRANGER: &str = "9999999999999999";
/// Account of a RAM user that a bucket policy names by its id only.
pub const UNKNOWN_ACCOUNT: &str = "unknown";
/// The owner of a resource when its account is not known: no policy can mean it, and nobody is it.
pub const NAMELESS_OWNER: &str = "owner-not-known";
/// Name of the policy that stands for what an outsider's own account allows it; no evidence, so no proof names it.
pub const STAND_IN: &str = "outsider";

/// What is known about the surroundings of a resource.
#[derive(Debug, Clone, Default)]
pub struct Surroundings<'a> {
    /// Account that owns the resource; empty when it is not known.
    pub owner: &'a str,
    /// Accounts of the same resource directory, the owner included; empty when there is none or it is not known.
    pub organisation: &'a [String],
    /// Ids of the owner's RAM users, when they were collected: a bucket policy names users by id.
    pub own_user_ids: Option<&'a [String]>,
}

impl Surroundings<'_> {
    /// The same with a name for an owner who has none: an empty owner would make everyone its own.
    fn named(&self) -> Self {
        let owner = if self.owner.is_empty() { NAMELESS_OWNER } else { self.owner };
        Surroundings { owner, ..self.clone() }
    }
}

/// The access that outsiders have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Anyone outside the owner's account, named or not.
    pub external: Finding,
    /// Anyone outside the organisation; equal to `external` when no organisation is known.
    pub outside_organisation: Finding,
    /// Nobody in particular: anonymous, or any account that is not named, over the internet.
    pub anyone: Finding,
    /// How many IPv4 addresses of the world `anyone` may come from; `None` when `anyone` is not *yes*.
    pub ipv4_addresses: Option<u64>,
    /// Whether that makes the resource public: *yes* when more than 2^24 IPv4 addresses, or an IPv6 range wider than a /32, get in.
    /// The threshold is ours (a source range that is not the whole world is taken as a restriction, R-2.26, unconfirmed).
    pub public: Truth,
}

/// Largest number of IPv4 addresses that still counts as a restriction.
pub const PUBLIC_IPV4: u64 = 16_777_216;

/// Analyses who outside can use the resource of these layers, for the given actions and resources (`["*"]` for all).
///
/// The identity side of `layers` is ignored: an outsider brings its own.
///
/// ```
/// use xiezhi_policy::{Acl, Layers, ObjectAcl, OssSide, Policy, PolicyKind, PolicySet, ResourceSide, Tri};
/// use xiezhi_policy::{ask::Truth, exposure::{self, Surroundings}};
/// let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["*"],"Action":["oss:GetObject"],
///   "Resource":["acs:oss:*:1001:site/*"]}]}"#;
/// let policy = Policy::parse("site", PolicyKind::Bucket, text);
/// let mut layers = Layers::identity_only("1001", PolicySet::default());
/// layers.resource = ResourceSide::Oss(Box::new(OssSide {
///     bucket_policy: PolicySet::of(vec![&policy]), bucket_acl: Some(Acl::Private), object_acl: ObjectAcl::Default,
///     block_public_access: [Tri::No; 4], access_point: None }));
/// let around = Surroundings { owner: "1001", ..Default::default() };
/// let exposure = exposure::analyse(&layers, &around, &["*"], &["*"], &Default::default());
/// assert_eq!(exposure.public, Truth::Yes);
/// ```
#[must_use]
pub fn analyse(
    layers: &Layers<'_>,
    around: &Surroundings<'_>,
    actions: &[&str],
    resources: &[&str],
    options: &Options,
) -> Exposure {
    let around = &around.named();
    let helpful = helpful();
    let view = open_view(layers, around, &helpful);
    let policies = resource_policies(&view);
    let undecided = || {
        let gap = Gap::new("principals", "too many combinations for the budget");
        Finding { gaps: vec![gap], ..no_finding(Truth::Undecided) }
    };
    let Ok(all) = callers(&policies, around.owner, around.organisation, around.own_user_ids, &options.budget) else {
        return Exposure {
            external: undecided(),
            outside_organisation: undecided(),
            anyone: undecided(),
            ipv4_addresses: None,
            public: Truth::Undecided,
        };
    };
    let signed = takes_signed_only(&view.resource);
    let outside = |caller: &Caller| is_outside(caller, around.owner, signed);
    let foreign = |caller: &Caller| {
        outside(caller) && acts_for(caller).is_none_or(|a| !around.organisation.iter().any(|o| o == a))
    };
    let stranger =
        |caller: &Caller| matches!(caller, Caller::Anonymous) && !signed || acts_for(caller) == Some(STRANGER);

    let question = Question { view: &view, actions, resources, options };
    let direct = direct_rules(&view);
    // Where a principal of another account gets in, it proves that better than an anonymous request does.
    let by_name = |mut callers: Vec<Caller>| {
        callers.sort_by_key(|caller| (matches!(caller, Caller::Anonymous), kind_of(caller)));
        callers
    };
    let external = question.first(by_name(all.iter().filter(|c| outside(c)).cloned().collect()), &direct);
    let outside_organisation = if around.organisation.is_empty() {
        external.clone()
    } else {
        question.first(by_name(all.iter().filter(|c| foreign(c)).cloned().collect()), &direct)
    };
    let mut strangers: Vec<Caller> = all.iter().filter(|c| stranger(c)).cloned().collect();
    strangers.sort_by_key(kind_of);

    // R-2.26 and section 3: a VPC key is absent on the internet; a listed AccessKey id is not anyone's.
    let listed_ids: BTreeSet<String> = policies
        .iter()
        .flat_map(|p| &p.statements)
        .flat_map(|s| &s.conditions)
        .filter(|c| c.folded == "acs:accessid")
        .flat_map(|c| match &c.test {
            Test::Equals(list) => list.clone(),
            _ => Vec::new(),
        })
        .collect();
    let absent = |values: Option<&[String]>| values.is_none();
    let other_id = |values: Option<&[String]>| values.is_none_or(|list| !list.iter().any(|v| listed_ids.contains(v)));
    let world = |values: Option<&[String]>| values.is_none_or(|list| list.iter().all(|v| is_world(v)));
    let mut rules: Vec<KeyRule<'_>> = vec![
        KeyRule { key: "acs:sourcevpc", cuts: Vec::new(), holds: &absent },
        KeyRule { key: "acs:sourcevpcid", cuts: Vec::new(), holds: &absent },
        KeyRule { key: "acs:vpcsourceip", cuts: Vec::new(), holds: &absent },
        KeyRule { key: "acs:accessid", cuts: Vec::new(), holds: &other_id },
        KeyRule { key: "acs:sourceip", cuts: vec![Test::Ip(private_ranges())], holds: &world },
    ];
    rules.extend(direct);
    let anyone = question.first(strangers.clone(), &rules);
    let (mut ipv4_addresses, mut public) = (None, anyone.truth);
    if anyone.truth == Truth::Yes {
        match question.addresses(&strangers, &rules, &policies) {
            Some((v4, wide_v6)) => {
                ipv4_addresses = Some(v4);
                public = if v4 > PUBLIC_IPV4 || wide_v6 { Truth::Yes } else { Truth::No };
            }
            None => public = Truth::Undecided,
        }
    }
    Exposure { external, outside_organisation, anyone, ipv4_addresses, public }
}

/// As [`analyse`], with the switches of the documentation whose other reading changes an answer named in each finding
/// (`depends_on`); those that change whether the resource is public stand with `anyone`.
#[must_use]
pub fn in_all_readings(
    layers: &Layers<'_>,
    around: &Surroundings<'_>,
    actions: &[&str],
    resources: &[&str],
    budget: &Budget,
) -> Exposure {
    let ask = |reading: &Reading| {
        analyse(layers, around, actions, resources, &Options { reading: *reading, budget: *budget })
    };
    let truths = |e: &Exposure| [e.external.truth, e.outside_organisation.truth, e.anyone.truth, e.public];
    let mut base = ask(&Reading::standard());
    let standard = truths(&base);
    let open = ask(&Reading::either().with(Switch::PassRoleProvenOnly, Choice::First));
    if truths(&open) == standard {
        return base;
    }
    let mut note = |other: &[Truth; 4], switches: &[Switch]| {
        let [external, organisation, anyone, public] = [0, 1, 2, 3].map(|at: usize| standard.get(at) != other.get(at));
        for (differs, finding) in [
            (external, &mut base.external),
            (organisation, &mut base.outside_organisation),
            (anyone || public, &mut base.anyone),
        ] {
            if differs {
                finding.depends_on.extend_from_slice(switches);
            }
        }
        external || organisation || anyone || public
    };
    let mut found = false;
    for switch in Switch::ALL.into_iter().filter(|switch| *switch != Switch::PassRoleProvenOnly) {
        found |= note(&truths(&ask(&Reading::standard().with(switch, Choice::Second))), &[switch]);
    }
    if !found {
        // Only several together change an answer.
        let joint = switches_that_matter(standard, |reading| truths(&ask(reading)));
        note(&truths(&open), &joint);
    }
    base
}

/// What an outsider's own account allows it: whatever helps.
fn helpful() -> Policy {
    Policy::parse(
        STAND_IN,
        PolicyKind::Identity,
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    )
}

/// The layers as a caller meets them to whom its own side allows everything.
fn open_view<'a>(layers: &Layers<'a>, around: &Surroundings<'a>, helpful: &'a Policy) -> Layers<'a> {
    let mut view = layers.clone();
    view.identity = PolicySet::of(vec![helpful]);
    view.group_identity = PolicySet::default();
    view.control_exempt = true;
    view.session = None;
    view.key_network = None;
    view.owner = around.owner;
    view
}

/// Callers of one kind are those for which the layers combine alike.
fn kind_of(caller: &Caller) -> u8 {
    match caller {
        Caller::Anonymous => 0,
        Caller::Root { .. } => 1,
        Caller::User { .. } | Caller::Role { .. } => 2,
        Caller::Service { .. } | Caller::Federated { .. } => 3,
    }
}

/// The account that a caller belongs to, or acts for.
fn acts_for(caller: &Caller) -> Option<&str> {
    match caller {
        Caller::Service { for_account, .. } => for_account.as_deref(),
        Caller::Federated { provider } => ram_principal(provider).map(|(account, _)| account),
        other => other.account(),
    }
}

/// Whether only signed requests are taken: nobody anonymous can assume a role or use a key or secret (STS and KMS sign every call).
fn takes_signed_only(resource: &ResourceSide<'_>) -> bool {
    matches!(resource, ResourceSide::Trust(_) | ResourceSide::Key(_))
}

/// A service in its own right acts for the owner; a federated subject of the owner's own provider is not an outside account.
fn is_outside(caller: &Caller, owner: &str, signed: bool) -> bool {
    match (caller, acts_for(caller)) {
        (Caller::Anonymous, _) => !signed,
        (Caller::Service { .. }, None) => false,
        (_, Some(account)) => account != owner,
        _ => true,
    }
}

fn no_finding(truth: Truth) -> Finding {
    Finding {
        truth,
        witness: None,
        known_action: false,
        grants: Vec::new(),
        cuts: Vec::new(),
        gaps: Vec::new(),
        depends_on: Vec::new(),
        by_twin: None,
    }
}

fn resource_policies<'a>(layers: &Layers<'a>) -> Vec<&'a Policy> {
    match &layers.resource {
        ResourceSide::None => Vec::new(),
        ResourceSide::Default(set) | ResourceSide::Key(set) | ResourceSide::Trust(set) => set.policies.clone(),
        ResourceSide::Oss(side) => side
            .bucket_policy
            .policies
            .iter()
            .chain(side.access_point.iter().flat_map(|s| &s.policies))
            .copied()
            .collect(),
    }
}

/// Private, loopback, link-local and shared ranges: a request over the internet does not come from there (RFC 6890).
fn private_ranges() -> Vec<values::IpRange> {
    let texts = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    ];
    texts.iter().filter_map(|t| values::IpRange::read(t)).collect()
}

fn is_world(address: &str) -> bool {
    values::address(address).is_some_and(|(v6, number)| !private_ranges().iter().any(|range| range.holds(v6, number)))
}

struct Question<'q, 'a> {
    view: &'q Layers<'a>,
    actions: &'q [&'q str],
    resources: &'q [&'q str],
    options: &'q Options,
}

impl Question<'_, '_> {
    /// Groups of callers for which the layers combine alike, in the callers' order.
    fn groups(callers: Vec<Caller>) -> Vec<Vec<Caller>> {
        let mut groups: Vec<(u8, Vec<Caller>)> = Vec::new();
        for caller in callers {
            let kind = kind_of(&caller);
            match groups.iter_mut().find(|(other, _)| *other == kind) {
                Some((_, group)) => group.push(caller),
                None => groups.push((kind, vec![caller])),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn first(&self, callers: Vec<Caller>, rules: &[KeyRule<'_>]) -> Finding {
        let stock = Stock::new();
        let bound = grant(self.actions, self.resources);
        let mut best = no_finding(Truth::No);
        for group in Self::groups(callers) {
            let Some(first) = group.first() else { continue };
            let mut arena = Arena::new(self.view.owner, self.options.reading);
            let (may, must) = self.formulas(&mut arena, first, &stock, &bound);
            let rules = rules.iter().map(|r| KeyRule { key: r.key, cuts: r.cuts.clone(), holds: r.holds }).collect();
            let query = Query { arena, may, must, callers: group.clone(), rules, gaps: gaps_of(self.view) };
            let mut finding = settle(&query, &self.options.budget, &|request| {
                decide(request, self.view, &self.options.reading).outcome.allowed()
            });
            let nameless = finding.witness.as_ref().is_some_and(|w| w.caller.account() == Some(UNKNOWN_ACCOUNT));
            if finding.truth == Truth::Yes && nameless {
                finding.truth = Truth::Unknown;
                finding.gaps.push(Gap::new(
                    "the account of a RAM user that the policy names by id",
                    "the users of this account do not hold the id, or were not collected",
                ));
            }
            finding.grants.retain(|grant| grant.policy != STAND_IN);
            finding.cuts.retain(|cut| cut.policy != STAND_IN);
            if finding.truth > best.truth {
                best = finding;
            } else if best.truth == Truth::No && finding.truth == Truth::No {
                best.cuts.extend(finding.cuts);
                best.cuts.sort();
                best.cuts.dedup();
            }
            if best.truth == Truth::Yes {
                break;
            }
        }
        best
    }

    fn formulas<'s>(
        &'s self,
        arena: &mut Arena<'s>,
        caller: &Caller,
        stock: &'s Stock,
        bound: &'s crate::policy::Statement,
    ) -> (Formula, Formula) {
        let within =
            vec![Clause { all_of: vec![vec![Term { item: arena.bound(bound), upper: false }]], none_of: Vec::new() }];
        let may = and(&within, &arena.allowed(self.view, caller, Side::May, stock));
        let must = and(&within, &arena.allowed(self.view, caller, Side::Must, stock));
        (may, must)
    }

    /// Number of IPv4 addresses from which strangers are surely allowed, and whether an IPv6 range wider than a /32 is.
    fn addresses(&self, callers: &[Caller], rules: &[KeyRule<'_>], policies: &[&Policy]) -> Option<(u64, bool)> {
        let stock = Stock::new();
        let bound = grant(self.actions, self.resources);
        let private = Test::Ip(private_ranges());
        let mut tests: Vec<&Test> = policies
            .iter()
            .flat_map(|p| &p.statements)
            .flat_map(|s| &s.conditions)
            .filter(|c| c.folded == "acs:sourceip")
            .map(|c| &c.test)
            .collect();
        tests.push(&private);
        let mut allowed: BTreeSet<(bool, u128, u128)> = BTreeSet::new();
        for group in Self::groups(callers.to_vec()) {
            let first = group.first()?;
            let mut arena = Arena::new(self.view.owner, self.options.reading);
            let (_, must) = self.formulas(&mut arena, first, &stock, &bound);
            let encoded = encode(&arena.items, &group, rules, &mut self.options.budget.effort()).ok()?;
            let (dim, atoms) = encoded.dims.iter().enumerate().find_map(|(index, (dim, atoms))| match dim {
                crate::symbolic::encode::Dim::Key(name) if name.eq_ignore_ascii_case("acs:SourceIp") => {
                    Some((index, atoms))
                }
                _ => None,
            })?;
            for (atom, value) in atoms.iter().enumerate() {
                let crate::symbolic::encode::Atom::Text(text) = value else { continue };
                let mut mask = Mask::none(atoms.len());
                mask.set(atom);
                let mut start = encoded.start.clone();
                encoded.space.narrow(&mut start, dim, &mask);
                let mut search = Search::new(&encoded, self.options.budget.steps);
                if search.first_in(&start, &must).ok()?.is_some() {
                    let (v6, number) = values::address(text)?;
                    let (low, high) = ip_interval(&tests, v6, number);
                    allowed.insert((v6, low, high));
                }
            }
        }
        let mut v4: u64 = 0;
        let mut wide = false;
        for (v6, low, high) in allowed {
            let size = high.saturating_sub(low).saturating_add(1);
            if v6 {
                wide |= size > 1_u128.wrapping_shl(96);
            } else {
                v4 = v4.saturating_add(u64::try_from(size).unwrap_or(u64::MAX));
            }
        }
        Some((v4, wide))
    }
}
