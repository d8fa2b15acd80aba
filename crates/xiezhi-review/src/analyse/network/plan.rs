//! The address plan: which vSwitches are public, private or inner, whether anything stands in a public one that has no
//! business there, and whether joined VPCs use the same addresses (network semantics §9.2, query 2).

use rustc_hash::{FxHashMap, FxHashSet};
use xiezhi_model::service::{ecs, elasticsearch, kafka, mongodb, polardb, rds, redis, vpc};
use xiezhi_model::{Fact, Head, Inventory, Label, Link, Reason, Resource, State, Text};
use xiezhi_net::assume::{Reason as Doubt, Reasons, Truth};
use xiezhi_net::model::{Id, Network};
use xiezhi_net::segment::{self, Subnet, Tier};

use super::super::evidence::{called, gap};
use super::super::{derived, in_words};
use super::convert::{Converter, id_of};

/// A vSwitch, what stands in it, and whether that is kept apart.
pub(crate) struct Placed {
    pub(crate) subnet: Subnet,
    /// Interfaces without a public address that are the tenant's own.
    pub(crate) unpublished: Vec<Id>,
    /// Data stores in it.
    pub(crate) stores: Vec<Id>,
    /// Whether some of these stand beside something that has a public address; else what leaves it open, and why.
    pub(crate) mixed: Result<bool, (Id, Reason)>,
}

impl Placed {
    /// The tier in a word; why it is not known otherwise.
    pub(crate) fn tier(&self, reason_of: impl Fn(&str) -> Reason) -> Result<&'static str, Reason> {
        match &self.subnet.tier {
            Tier::Public => Ok("public"),
            Tier::Private => Ok("private"),
            Tier::Intra => Ok("intra"),
            Tier::Unknown(why) => Err(first(why, reason_of)),
        }
    }
}

/// Why something is open, in one reason: missing evidence before rules of the platform, which are named.
pub(super) fn first(reasons: &Reasons, reason_of: impl Fn(&str) -> Reason) -> Reason {
    let missing = reasons.iter().find_map(|reason| match reason {
        Doubt::Missing(what) => Some(reason_of(what)),
        Doubt::Assumption(_) => None,
    });
    missing.unwrap_or_else(|| {
        let open: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        Reason::not_understood(open.join(", "))
    })
}

/// Every vSwitch of the network, in its order.
pub(crate) fn placed(
    inventory: &Inventory,
    network: &Network,
    reason_of: impl Fn(&str) -> Reason + Copy,
) -> Vec<Placed> {
    let heads: FxHashMap<Id, &Head> =
        inventory.all::<vpc::VSwitch>().iter().map(|vswitch| (id_of(&vswitch.head), &vswitch.head)).collect();
    let managed: FxHashMap<Id, &Fact<bool>> =
        inventory.all::<ecs::NetworkInterface>().iter().map(|eni| (id_of(&eni.head), &eni.service_managed)).collect();
    let machines: FxHashSet<&Id> =
        network.enis.iter().filter(|eni| eni.instance.is_some()).map(|eni| &eni.id).collect();
    let stores = Stores::of(inventory);
    let mut all = Vec::new();
    for subnet in segment::subnets(network) {
        // Interfaces of the provider's products are no machines of the tenant; those of instances are.
        let (mut unpublished, mut doubt) = (Vec::new(), None);
        for id in &subnet.unpublished {
            match managed.get(id).map(|fact| &fact.state) {
                _ if machines.contains(id) => unpublished.push(id.clone()),
                Some(State::Known(true)) => {}
                Some(State::Unknown(reason)) => doubt = Some((id.clone(), reason.clone())),
                Some(State::Known(false) | State::Absent) | None => unpublished.push(id.clone()),
            }
        }
        let inside = stores.at.get(&subnet.vswitch).cloned().unwrap_or_default();
        let open = || {
            let listed = || heads.get(&subnet.vswitch).and_then(|head| stores.gap(inventory, head));
            let unseen = (!subnet.gaps.is_empty()).then(|| (subnet.vswitch.clone(), first(&subnet.gaps, reason_of)));
            unseen.or(doubt.clone()).or_else(listed)
        };
        let mixed = match subnet.published.is_empty() {
            true if subnet.gaps.is_empty() => Ok(false),
            true => Err((subnet.vswitch.clone(), first(&subnet.gaps, reason_of))),
            false if !unpublished.is_empty() || !inside.is_empty() => Ok(true),
            false => open().map_or(Ok(false), Err),
        };
        all.push(Placed { unpublished, stores: inside, mixed, subnet });
    }
    all
}

/// Data stores by vSwitch.
#[derive(Default)]
struct Stores {
    at: FxHashMap<Id, Vec<Id>>,
    /// Stores of which nobody knows where they stand.
    open: Vec<(Head, Reason)>,
}

const STORES: [&xiezhi_model::Schema; 6] = [
    rds::Instance::SCHEMA,
    polardb::Cluster::SCHEMA,
    redis::Instance::SCHEMA,
    mongodb::Instance::SCHEMA,
    elasticsearch::Instance::SCHEMA,
    kafka::Instance::SCHEMA,
];

impl Stores {
    fn of(inventory: &Inventory) -> Self {
        let mut all = Self::default();
        for store in inventory.all::<rds::Instance>() {
            match &store.vswitches.state {
                State::Known(list) => {
                    for link in &list.items {
                        all.add(inventory, &store.head, link);
                    }
                    if let Some(reason) = &list.more {
                        all.open.push((store.head.clone(), reason.clone()));
                    }
                }
                State::Absent => {}
                State::Unknown(reason) => all.open.push((store.head.clone(), reason.clone())),
            }
        }
        all.kind(inventory, |one: &polardb::Cluster| &one.vswitch);
        all.kind(inventory, |one: &redis::Instance| &one.vswitch);
        all.kind(inventory, |one: &mongodb::Instance| &one.vswitch);
        all.kind(inventory, |one: &elasticsearch::Instance| &one.vswitch);
        all.kind(inventory, |one: &kafka::Instance| &one.vswitch);
        all
    }

    fn kind<R: Resource>(&mut self, inventory: &Inventory, at: impl Fn(&R) -> &Fact<Link<vpc::VSwitch>>) {
        for store in inventory.all::<R>() {
            match &at(store).state {
                State::Known(link) => self.add(inventory, store.head(), link),
                State::Absent => {}
                State::Unknown(reason) => self.open.push((store.head().clone(), reason.clone())),
            }
        }
    }

    fn add(&mut self, inventory: &Inventory, store: &Head, link: &Link<vpc::VSwitch>) {
        let found = inventory.follow_as::<vpc::VSwitch>(Some(store), &link.target);
        let vswitch = found.map_or_else(|| Id::from(link.target.as_str()), |vswitch| id_of(&vswitch.head));
        self.at.entry(vswitch).or_default().push(id_of(store));
    }

    /// A store of which nobody knows where it stands, or a kind that may have further ones in a vSwitch, and why.
    fn gap(&self, inventory: &Inventory, vswitch: &Head) -> Option<(Id, Reason)> {
        let mut near = self.open.iter().filter(|(store, _)| super::near(store, vswitch));
        let open = near.next().map(|(store, reason)| (id_of(store), reason.clone()));
        open.or_else(|| STORES.iter().find_map(|kind| Some((Id::from(kind.kind), gap(inventory, kind, vswitch)?))))
    }
}

/// What was concluded of vSwitches and VPCs, by id.
pub(super) struct Concluded {
    vswitches: FxHashMap<Id, (Fact<Text>, Fact<bool>)>,
    vpcs: FxHashMap<Id, Fact<bool>>,
}

/// Concludes for every vSwitch and VPC.
pub(super) fn conclude(analysis: &str, converter: &Converter<'_>, network: &Network) -> Concluded {
    let reason_of = |what: &str| converter.reason_of(what);
    let label = |ids: &[&Id]| {
        let weakest = |label: Label, id: &&Id| label.weakest(converter.label(id).unwrap_or(label));
        ids.iter().fold(Label::Live, weakest)
    };
    let inventory = converter.inventory;
    let mut vswitches = FxHashMap::default();
    for placed in placed(inventory, network, reason_of) {
        let Placed { subnet, unpublished, stores, mixed } = &placed;
        let ids: Vec<&Id> = std::iter::once(&subnet.vswitch).chain(&subnet.published).chain(unpublished).collect();
        let shown = |id: &Id| id.as_str().rsplit('#').next().unwrap_or_default().to_owned();
        let proof = match (subnet.published.first(), unpublished.iter().chain(stores).next()) {
            (Some(public), Some(other)) => in_words(
                format!("{} has a public address, {} has none", shown(public), shown(other)),
                format!("{} 有公网地址，{} 没有", shown(public), shown(other)),
            ),
            (Some(public), None) => {
                in_words(format!("{} has a public address", shown(public)), format!("{} 有公网地址", shown(public)))
            }
            (None, _) => in_words("nothing in it has a public address", "其中没有公网地址"),
        };
        let origin = derived(analysis, proof, label(&ids));
        let tier = match placed.tier(reason_of) {
            Ok(tier) => Fact::known(Text::from(tier), origin.clone()),
            Err(reason) => Fact::unknown(reason, origin.clone()),
        };
        let mixed = match mixed {
            Ok(mixed) => Fact::known(*mixed, origin),
            Err((_, reason)) => Fact::unknown(reason.clone(), origin),
        };
        vswitches.insert(subnet.vswitch.clone(), (tier, mixed));
    }
    Concluded { vswitches, vpcs: joined(analysis, converter, network) }
}

/// Whether each VPC overlaps one that is joined with it.
fn joined(analysis: &str, converter: &Converter<'_>, network: &Network) -> FxHashMap<Id, Fact<bool>> {
    let inventory = converter.inventory;
    let overlaps = segment::overlaps(network);
    let mut all = FxHashMap::default();
    for vpc in inventory.all::<vpc::Vpc>() {
        let own = id_of(&vpc.head);
        let label = converter.label(&own).unwrap_or(Label::UserProvided);
        let mine = || overlaps.iter().filter(|overlap| overlap.vpcs.0 == own || overlap.vpcs.1 == own);
        let blocks = [vpc.cidr.reason(), vpc.secondary_cidrs.reason(), vpc.user_cidrs.reason()];
        let unread = blocks.into_iter().flatten().next().cloned();
        let unlisted = || gap(inventory, vpc::Vpc::SCHEMA, &vpc.head);
        let fact = if let Some(overlap) = mine().find(|overlap| overlap.joined.is_yes()) {
            let other = if overlap.vpcs.0 == own { &overlap.vpcs.1 } else { &overlap.vpcs.0 };
            let other = inventory.all::<vpc::Vpc>().iter().find(|one| id_of(&one.head) == *other);
            let other = other.map_or_else(Text::default, |other| called(&other.head));
            let addresses = overlap.addresses.describe(2);
            let proof = in_words(format!("{addresses} is also in {other}"), format!("{addresses} 同时属于 {other}"));
            Fact::known(true, derived(analysis, proof, label))
        } else {
            let origin = derived(analysis, "", label);
            let open = mine().find_map(|overlap| match &overlap.joined {
                Truth::Unknown(why) => Some(first(why, |what| converter.reason_of(what))),
                Truth::Yes | Truth::No => None,
            });
            match open.or(unread).or_else(unlisted) {
                Some(reason) => Fact::unknown(reason, origin),
                None => Fact::known(false, origin),
            }
        };
        all.insert(own, fact);
    }
    all
}

/// Writes what was concluded into the inventory. A vSwitch whose VPC is not known was placed nowhere.
pub(super) fn fill(inventory: &mut Inventory, mut concluded: Concluded) {
    for vswitch in inventory.all_mut::<vpc::VSwitch>() {
        match concluded.vswitches.remove(&id_of(&vswitch.head)) {
            Some((tier, mixed)) => (vswitch.tier, vswitch.mixed) = (tier, mixed),
            None => {
                let reason = vswitch.vpc.reason().cloned().unwrap_or(Reason::NotInEvidence);
                vswitch.tier = Fact::unknown(reason.clone(), vswitch.head.origin.clone());
                vswitch.mixed = Fact::unknown(reason, vswitch.head.origin.clone());
            }
        }
    }
    for vpc in inventory.all_mut::<vpc::Vpc>() {
        if let Some(fact) = concluded.vpcs.remove(&id_of(&vpc.head)) {
            vpc.overlaps_joined = fact;
        }
    }
}
