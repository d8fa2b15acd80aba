//! Kinds that are listed parent by parent: the log stores of each project.
//!
//! The listing of such a kind is complete where the listing of the parents is and every parent was asked.

use std::collections::BTreeMap;

use xiezhi_model::service::{alidns, cen, cloudfw, cloudsso, cr, esa, fc, nas, nat, sls, waf};
use xiezhi_model::{Batch, Fact, List, Listing, ListingScope, Origin, Reason, Resource, Schema, Text};

use super::driver::Taken;

/// One thing that must be asked: its region, and the names by any of which it may be asked.
struct Parent {
    region: Option<Text>,
    names: Vec<Text>,
}

/// A kind, the kind of its parents, and what must be asked.
struct Kind {
    schema: &'static Schema,
    parent: &'static Schema,
    parents: fn(&mut Batch) -> Vec<Parent>,
}

/// In an order in which a parent comes before its parts.
const KINDS: &[Kind] = &[
    Kind { schema: alidns::Record::SCHEMA, parent: alidns::Domain::SCHEMA, parents: every::<alidns::Domain> },
    Kind { schema: cen::TransitRouter::SCHEMA, parent: cen::Cen::SCHEMA, parents: every::<cen::Cen> },
    Kind { schema: cen::Attachment::SCHEMA, parent: cen::TransitRouter::SCHEMA, parents: every::<cen::TransitRouter> },
    Kind { schema: cen::RouteTable::SCHEMA, parent: cen::TransitRouter::SCHEMA, parents: every::<cen::TransitRouter> },
    Kind { schema: nas::AccessPoint::SCHEMA, parent: nas::FileSystem::SCHEMA, parents: every::<nas::FileSystem> },
    Kind {
        schema: nat::ForwardEntry::SCHEMA,
        parent: nat::Gateway::SCHEMA,
        parents: |batch| nat_tables(batch, |gateway| &gateway.forward_tables),
    },
    Kind {
        schema: nat::SnatEntry::SCHEMA,
        parent: nat::Gateway::SCHEMA,
        parents: |batch| nat_tables(batch, |gateway| &gateway.snat_tables),
    },
    Kind { schema: cloudfw::NatPolicy::SCHEMA, parent: cloudfw::NatFirewall::SCHEMA, parents: guarded_nats },
    Kind { schema: cloudfw::VpcPolicy::SCHEMA, parent: cloudfw::CenFirewall::SCHEMA, parents: policy_groups },
    Kind {
        schema: cloudsso::AccessConfiguration::SCHEMA,
        parent: cloudsso::Directory::SCHEMA,
        parents: every::<cloudsso::Directory>,
    },
    Kind {
        schema: cloudsso::Assignment::SCHEMA,
        parent: cloudsso::Directory::SCHEMA,
        parents: every::<cloudsso::Directory>,
    },
    Kind { schema: cr::Repository::SCHEMA, parent: cr::Instance::SCHEMA, parents: every::<cr::Instance> },
    Kind { schema: esa::HttpsRule::SCHEMA, parent: esa::Site::SCHEMA, parents: every::<esa::Site> },
    Kind { schema: esa::Record::SCHEMA, parent: esa::Site::SCHEMA, parents: every::<esa::Site> },
    Kind { schema: fc::Trigger::SCHEMA, parent: fc::Function::SCHEMA, parents: every::<fc::Function> },
    Kind { schema: sls::Alert::SCHEMA, parent: sls::Project::SCHEMA, parents: every::<sls::Project> },
    Kind { schema: sls::Logstore::SCHEMA, parent: sls::Project::SCHEMA, parents: every::<sls::Project> },
    Kind { schema: waf::Rule::SCHEMA, parent: waf::Template::SCHEMA, parents: every::<waf::Template> },
];

/// Every resource of a kind, by its id.
fn every<R: Resource>(batch: &mut Batch) -> Vec<Parent> {
    let parent = |row: &R| Parent {
        region: row.head().region.value().cloned(),
        names: row.head().id.value().cloned().into_iter().collect(),
    };
    batch.resources::<R>().into_iter().map(parent).collect()
}

/// The DNAT or SNAT tables of every gateway, each by its id or its gateway's; the gateway itself where its tables are
/// unknown.
fn nat_tables(batch: &mut Batch, tables: fn(&nat::Gateway) -> &Fact<List<Text>>) -> Vec<Parent> {
    let mut parents = vec![];
    for gateway in batch.resources::<nat::Gateway>() {
        let region = gateway.head.region.value().cloned();
        let own = gateway.head.id.value().cloned();
        match tables(gateway).value() {
            Some(list) if list.more.is_none() => {
                for table in &list.items {
                    let names = own.iter().chain([table]).cloned().collect();
                    parents.push(Parent { region: region.clone(), names });
                }
            }
            _ => parents.push(Parent { region, names: own.into_iter().collect() }),
        }
    }
    parents
}

/// What the policies of firewalls between VPCs stand under: the CEN, or the firewall at Express Connect. Source: Cloud
/// Firewall DescribeVpcFirewallControlPolicy `VpcFirewallId`.
fn policy_groups(batch: &mut Batch) -> Vec<Parent> {
    let at_cen = |firewall: &cloudfw::CenFirewall| Parent {
        region: None,
        names: firewall.cen.value().or(firewall.head.id.value()).cloned().into_iter().collect(),
    };
    let mut parents: Vec<Parent> = batch.resources::<cloudfw::CenFirewall>().into_iter().map(at_cen).collect();
    parents.extend(every::<cloudfw::ExpressFirewall>(batch));
    parents
}

/// What the policies of firewalls before NAT gateways stand under: the gateway. Source: Cloud Firewall
/// DescribeNatFirewallControlPolicy `NatGatewayId`.
fn guarded_nats(batch: &mut Batch) -> Vec<Parent> {
    let of = |firewall: &cloudfw::NatFirewall| Parent {
        region: None,
        names: firewall.gateway.value().map(|link| link.target.clone()).into_iter().collect(),
    };
    batch.resources::<cloudfw::NatFirewall>().into_iter().map(of).collect()
}

/// The values of a request's parameters, and why its answer is not everything.
type Asked = (Vec<Text>, Option<Reason>);

/// What was asked of the parents.
#[derive(Default)]
pub(super) struct Parts {
    /// By kind.
    asked: BTreeMap<&'static str, Vec<Asked>>,
    origins: BTreeMap<&'static str, Origin>,
}

impl Parts {
    /// A call that lists a kind for one parent was made.
    pub(super) fn add(&mut self, schema: &'static Schema, taken: &Taken<'_>, gap: Option<Reason>) {
        let values = taken.params.iter().map(|(_, value)| value.clone()).collect();
        self.asked.entry(schema.kind).or_default().push((values, gap));
        self.origins.entry(schema.kind).or_insert_with(|| taken.origin());
    }

    /// States the listings that follow, region by region as the parents are listed.
    pub(super) fn list(&self, batch: &mut Batch, account: &Fact<Text>) {
        for kind in KINDS {
            let parents = (kind.parents)(batch);
            let mut said = vec![];
            for listing in batch.listings_of(kind.parent) {
                let ListingScope::Account { region, .. } = &listing.scope else { continue };
                let here = |parent: &&Parent| region.is_none() || parent.region.is_none() || parent.region == *region;
                let gap = listing
                    .gap
                    .clone()
                    .or_else(|| parents.iter().filter(here).find_map(|parent| self.gap_of(kind.schema, parent)));
                let scope = ListingScope::Account { account: account.value().cloned(), region: region.clone() };
                let origin = self.origins.get(kind.schema.kind).unwrap_or(&listing.origin).clone();
                said.push(Listing { kind: kind.schema.kind, scope, gap, about: None, origin });
            }
            said.into_iter().for_each(|listing| batch.listing(listing));
        }
    }

    /// Why the listing for one parent is not complete.
    fn gap_of(&self, schema: &Schema, parent: &Parent) -> Option<Reason> {
        let asked = self.asked.get(schema.kind).into_iter().flatten();
        let mut gaps = asked
            .filter(|(values, _)| values.iter().any(|value| parent.names.contains(value)))
            .map(|(_, gap)| gap.clone());
        // One complete answer settles it, whatever another attempt ran into.
        let Some(first) = gaps.next() else { return Some(Reason::NotCollected) };
        if gaps.any(|gap| gap.is_none()) { None } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{ApiCall, find};

    #[test]
    fn every_kind_that_is_listed_parent_by_parent_has_its_parent_here() {
        for call in crate::api::CALLS.iter().flat_map(|calls| calls.iter()) {
            let detail = find(call.product, call.action).is_some_and(ApiCall::is_detail);
            if let (Some(schema), true) = (call.lists, detail) {
                let named = KINDS.iter().any(|kind| kind.schema.kind == schema.kind);
                assert!(named, "{}:{} lists {} parent by parent", call.product, call.action, schema.kind);
            }
        }
    }
}
