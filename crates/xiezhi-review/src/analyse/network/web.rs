//! What stands before web applications: WAF here, content delivery and Anti-DDoS, the names of the estate, and
//! applications without an address beside. Sources: network semantics §6.1 (how coverage is visible), EDGE-1 to EDGE-7.

use std::collections::BTreeMap;
use std::net::IpAddr;

use xiezhi_model::service::{cdn, ddos, eip, waf};
use xiezhi_model::{Fact, Head, Inventory, List, Reason, Resource, Text};
use xiezhi_net::model::{Guard, GuardKind, Id, Listing, Origin, RecordTo, Seen, Web};

use super::convert::{Converter, id_of};
use super::web_names::{apps, bucket_named, covers, names, relayed, thresholds};
use super::{web_chain, web_delivery, web_waf};

/// Everything about web protection.
pub(super) fn web(converter: &mut Converter<'_>) -> Web {
    let mut guards = web_waf::domains(converter);
    let (objects, strange) = web_waf::objects(converter);
    guards.extend(objects);
    guards.extend(web_waf::editions(converter));
    guards.extend(web_delivery::guards(converter));
    web_chain::lock(converter, &mut guards);
    let mut missing = listing_gaps::<waf::Instance>(converter);
    missing.extend(strange);
    if uses_waf(converter) {
        missing.extend(listing_gaps::<waf::Domain>(converter));
        missing.extend(listing_gaps::<waf::ProtectedObject>(converter));
    }
    let names = names(converter);
    Web {
        guards: Listing { items: guards, missing },
        names,
        ddos: covers(converter),
        relayed: relayed(converter),
        thresholds: thresholds(converter),
        apps: apps(converter),
    }
}

pub(super) fn listing_gaps<R: Resource>(converter: &mut Converter<'_>) -> Vec<std::sync::Arc<str>> {
    let gaps = converter.inventory.gaps(R::SCHEMA);
    gaps.iter()
        .map(|gap| {
            let place: Vec<&str> = [gap.of.as_deref(), gap.region.as_deref()].into_iter().flatten().collect();
            let place = if place.is_empty() { String::new() } else { format!(" {}", place.join(" ")) };
            converter.gap(format!("the list of {}{place}", R::SCHEMA.kind), &gap.reason)
        })
        .collect()
}

/// Whether there may be anything in WAF: without an instance in service nothing is protected.
fn uses_waf(converter: &Converter<'_>) -> bool {
    !converter.inventory.all::<waf::Instance>().is_empty()
        || !converter.inventory.gaps(waf::Instance::SCHEMA).is_empty()
}

/// A name for comparing.
pub(super) fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// A text of an origin or record: an address, else a name.
pub(super) fn to(text: &str) -> RecordTo {
    match text.parse::<IpAddr>() {
        Ok(address) => RecordTo::Address(address),
        Err(_) => RecordTo::Name(text.trim_end_matches('.').to_ascii_lowercase()),
    }
}

/// The address of what a configuration makes, `set#address`: an EIP or a load balancer. One that the provider assigns
/// later stands for itself.
fn made_address(converter: &mut Converter<'_>, text: &Text) -> Option<IpAddr> {
    let inventory = converter.inventory;
    if let Some(eip) = inventory.follow_as::<eip::Eip>(None, text) {
        return Some(super::eips::address_of_eip(converter, eip));
    }
    super::balancers::address_of(converter, text)
}

/// Where a text of an origin or record leads that a configuration gives as a reference; a proxy that it makes keeps the
/// reference as its name, since nobody knows the one that the provider will give it. `None` for what is no address.
pub(super) fn made(converter: &mut Converter<'_>, text: &Text) -> Option<RecordTo> {
    let is_proxy = is_proxy(converter.inventory, text);
    made_address(converter, text)
        .map(RecordTo::Address)
        .or_else(|| is_proxy.then(|| RecordTo::Name(text.as_str().to_owned())))
}

/// Whether a reference names a proxy of the configuration.
pub(super) fn is_proxy(inventory: &Inventory, text: &str) -> bool {
    inventory.follow_as::<waf::Domain>(None, text).is_some()
        || inventory.follow_as::<ddos::Domain>(None, text).is_some()
        || inventory.follow_as::<cdn::Domain>(None, text).is_some()
        || inventory.follow_as::<cdn::DynamicDomain>(None, text).is_some()
}

/// The name under which a configuration refers to what it makes.
pub(super) fn reference(head: &Head) -> String {
    format!("{}#{}", head.set, head.address)
}

/// Where texts lead that may be references.
pub(super) struct Made(BTreeMap<Text, Option<RecordTo>>);

impl Made {
    /// Looks up the references among some texts.
    pub(super) fn of<'t>(converter: &mut Converter<'_>, texts: impl Iterator<Item = &'t Text>) -> Self {
        Self(texts.filter(|text| text.contains('#')).map(|text| (text.clone(), made(converter, text))).collect())
    }

    /// Where one leads.
    pub(super) fn to(&self, text: &Text) -> Result<RecordTo, Reason> {
        match self.0.get(text) {
            Some(Some(found)) => Ok(found.clone()),
            Some(None) => Err(Reason::unresolved(text.as_str())),
            None => Ok(to(text)),
        }
    }
}

pub(super) fn origins(
    converter: &mut Converter<'_>,
    of: &Id,
    fact: &Fact<List<Text>>,
    ports: &[u16],
) -> Seen<Vec<Origin>> {
    let made = Made::of(converter, fact.value().into_iter().flat_map(|list| &list.items));
    converter.seen(of, "origins", fact, |list| match &list.more {
        Some(reason) => Err(reason.clone()),
        None => list.items.iter().map(|text| Ok(Origin { to: made.to(text)?, ports: ports.to_vec() })).collect(),
    })
}

/// The bucket of the estate among origins: it is no server of the network.
pub(super) fn take_bucket(converter: &Converter<'_>, origins: &mut Seen<Vec<Origin>>) -> Option<Id> {
    let Seen::Known(origins) = origins else { return None };
    let of = |origin: &Origin| match &origin.to {
        RecordTo::Name(name) => bucket_named(converter.inventory, name),
        RecordTo::Address(_) => None,
    };
    let bucket = origins.iter().find_map(of)?;
    origins.retain(|origin| of(origin).is_none());
    Some(bucket)
}

/// The id of a guard: one domain may be behind several products.
pub(super) fn guard_id<R: Resource>(head: &Head) -> Id {
    Id::from(format!("{} {}", R::SCHEMA.kind, id_of(head)))
}

/// A guard of which nothing else is known.
pub(super) fn plain(id: Id, kind: GuardKind) -> Guard {
    Guard {
        id,
        kind,
        domain: None,
        resource: None,
        ports: Seen::Absent,
        origins: Seen::Absent,
        egress: Seen::Absent,
        shared_egress: Seen::Absent,
        marks_requests: Seen::Absent,
        dns: Seen::Absent,
        running: Seen::Absent,
        rules: Seen::Absent,
        forwards_to: None,
        only_from_upstream: Seen::Absent,
    }
}
