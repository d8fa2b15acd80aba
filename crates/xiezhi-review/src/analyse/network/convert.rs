//! Facts as the network crate wants them: known, absent, or the name of what is missing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use xiezhi_model::service::port::PortRange;
use xiezhi_model::{Fact, Head, Inventory, Label, Link, List, Reason, Resource, State, Text};
use xiezhi_net::model::{Id, Network, Seen};

use super::super::evidence::called;
use super::Built;

/// Converts, and remembers for each piece of missing evidence why it is missing and for each resource how strong the
/// facts are that were read of it.
pub(super) struct Converter<'a> {
    pub(super) inventory: &'a Inventory,
    missing: BTreeMap<Arc<str>, Reason>,
    labels: FxHashMap<Id, Label>,
    addresses: FxHashMap<Id, Ipv4Addr>,
    blind: Vec<(Head, Reason)>,
    placeholders: u32,
}

/// Addresses that stand for those that the provider assigns when a configuration is applied: in the reserved block
/// 240.0.0.0/4, so that no rule can mean one of them by itself.
const PLACEHOLDERS: u32 = 0xF000_0000;

/// The same for IPv6: in the discard-only block 100::/64, whose packets nobody forwards. Source: RFC 6666.
const PLACEHOLDERS_V6: u128 = 0x0100 << 112;

/// Whether an address only stands for one that nobody knows yet.
pub(crate) fn is_placeholder(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => u32::from(address) >= PLACEHOLDERS,
        IpAddr::V6(address) => u128::from(address) >> 64 == PLACEHOLDERS_V6 >> 64,
    }
}

/// The id of a resource in the network: the provider's, or `set#address` before there is one.
pub(crate) fn id_of(head: &Head) -> Id {
    match head.id.value() {
        Some(id) => Id::from(id.as_str()),
        None if !head.address.is_empty() => Id::from(format!("{}#{}", head.set, head.address)),
        None => Id::from(format!("{} at {}", called(head), head.origin)),
    }
}

/// Whether two resources may be of one account and region, or of one configuration.
pub(crate) fn near(one: &Head, two: &Head) -> bool {
    let same = |one: Option<&Text>, two: Option<&Text>| match (one, two) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    };
    same(one.region.value(), two.region.value())
        && same(one.account.value(), two.account.value())
        && (one.set == two.set || one.set.is_empty() || two.set.is_empty())
}

impl<'a> Converter<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        Self {
            inventory,
            missing: BTreeMap::new(),
            labels: FxHashMap::default(),
            addresses: FxHashMap::default(),
            blind: Vec::new(),
            placeholders: 0,
        }
    }

    /// The network with the reasons of all gaps by name, and what could not be read near which resource.
    pub(super) fn built(self, network: Network) -> Built {
        Built { network, missing: self.missing, blind: self.blind }
    }

    /// A public address that nobody knows yet.
    pub(super) fn placeholder(&mut self) -> Ipv4Addr {
        self.placeholders = self.placeholders.saturating_add(1);
        Ipv4Addr::from(PLACEHOLDERS.saturating_add(self.placeholders))
    }

    /// A public IPv6 address that nobody knows yet.
    pub(super) fn placeholder_v6(&mut self) -> Ipv6Addr {
        Ipv6Addr::from(PLACEHOLDERS_V6 | u128::from(u32::from(self.placeholder())))
    }

    /// An address of a resource that nobody knows yet: always the same.
    pub(super) fn placeholder_for(&mut self, id: &Id) -> Ipv4Addr {
        if let Some(known) = self.addresses.get(id) {
            return *known;
        }
        let address = self.placeholder();
        self.addresses.insert(id.clone(), address);
        address
    }

    /// Remembers the address by which entries may name a resource.
    pub(super) fn name_address(&mut self, id: &Id, address: Ipv4Addr) {
        self.addresses.entry(id.clone()).or_insert(address);
    }

    /// The address of a resource.
    pub(super) fn address_of(&self, id: &Id) -> Option<Ipv4Addr> {
        self.addresses.get(id).copied()
    }

    /// Something near a resource could not be read that may be a way in to what stands beside it.
    pub(super) fn blind(&mut self, near: &Head, reason: &Reason) {
        self.blind.push((near.clone(), reason.clone()));
    }

    /// Why there may be ways in to a resource that are not in evidence: something unreadable in its region and account,
    /// or in its configuration.
    pub(super) fn blind_near(&self, head: &Head) -> Option<&Reason> {
        self.blind.iter().find(|(other, _)| near(other, head)).map(|(_, reason)| reason)
    }

    /// Weakens what is said of a resource to the label of another.
    pub(super) fn inherit(&mut self, id: &Id, label: Option<Label>) {
        if let Some(label) = label {
            let own = self.labels.entry(id.clone()).or_insert(label);
            *own = own.weakest(label);
        }
    }

    /// Names missing evidence.
    pub(super) fn gap(&mut self, what: impl Into<Arc<str>>, reason: &Reason) -> Arc<str> {
        let what = what.into();
        self.missing.entry(Arc::clone(&what)).or_insert_with(|| reason.clone());
        what
    }

    /// Why a piece of evidence is missing, by the name that [`Self::gap`] or the network crate gave it.
    pub(super) fn reason_of(&self, what: &str) -> Reason {
        self.missing.get(what).cloned().unwrap_or(Reason::NotCollected)
    }

    /// Weakens what is said of a resource to the label of a fact.
    pub(super) fn rests<T>(&mut self, id: &Id, fact: &Fact<T>) {
        let label = self.labels.entry(id.clone()).or_insert(Label::Live);
        *label = label.weakest(fact.origin.label);
    }

    /// How strong the facts are that were read of a resource.
    pub(super) fn label(&self, id: &Id) -> Option<Label> {
        self.labels.get(id).copied()
    }

    /// A fact of a resource.
    pub(super) fn seen<T, U>(
        &mut self,
        of: &Id,
        field: &str,
        fact: &Fact<T>,
        convert: impl FnOnce(&T) -> Result<U, Reason>,
    ) -> Seen<U> {
        self.rests(of, fact);
        let reason = match &fact.state {
            State::Known(value) => match convert(value) {
                Ok(value) => return Seen::Known(value),
                Err(reason) => reason,
            },
            State::Absent => return Seen::Absent,
            State::Unknown(reason) => reason.clone(),
        };
        Seen::Missing(self.gap(format!("{field} of {of}"), &reason))
    }

    /// The id of the resource that a link means; the link's own words when it is not in evidence.
    pub(super) fn follow<R: Resource>(&self, from: &Head, link: &Link<R>) -> Id {
        let found = self.inventory.follow_as::<R>(Some(from), &link.target);
        found.map_or_else(|| Id::from(link.target.as_str()), |target| id_of(target.head()))
    }

    /// A link of a resource.
    pub(super) fn link<R: Resource>(&mut self, from: &Head, field: &str, fact: &Fact<Link<R>>) -> Seen<Id> {
        let target = fact.value().map(|link| self.follow(from, link));
        self.seen(&id_of(from), field, fact, |_| target.ok_or(Reason::NotInEvidence))
    }

    /// A complete list of links of a resource; one that may have more members is missing as a whole.
    pub(super) fn links<R: Resource>(&mut self, from: &Head, field: &str, fact: &Fact<List<Link<R>>>) -> Seen<Vec<Id>> {
        let ids: Vec<Id> =
            fact.value().into_iter().flat_map(|list| &list.items).map(|link| self.follow(from, link)).collect();
        self.seen(&id_of(from), field, fact, |list| match &list.more {
            Some(reason) => Err(reason.clone()),
            None => Ok(ids),
        })
    }
}

/// A complete list of texts, each read; one that cannot be read makes the list not understood.
pub(super) fn each<T>(list: &List<Text>, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Reason> {
    if let Some(reason) = &list.more {
        return Err(reason.clone());
    }
    list.items.iter().map(|text| read(text).ok_or_else(|| Reason::not_understood(format!("`{text}`")))).collect()
}

/// The ranges of a list of ports.
pub(super) fn ranges(list: &List<PortRange>) -> Result<Vec<(u16, u16)>, Reason> {
    if let Some(reason) = &list.more {
        return Err(reason.clone());
    }
    let end = |fact: &Fact<i64>| match &fact.state {
        State::Known(port) => u16::try_from(*port).map_err(|_| Reason::not_understood(format!("the port `{port}`"))),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    };
    list.items.iter().map(|range| Ok((end(&range.first)?, end(&range.last)?))).collect()
}
