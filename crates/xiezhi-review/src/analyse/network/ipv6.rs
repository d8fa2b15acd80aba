//! IPv6 addresses of interfaces: internet bandwidth and egress-only rules (network semantics §3.4).

use std::net::Ipv6Addr;

use rustc_hash::FxHashMap;
use xiezhi_model::service::vpc;
use xiezhi_model::{Fact, Head, Link, List, Reason, State, Text};
use xiezhi_net::model::{Id, Ipv6, Seen};

use super::super::evidence::Listed;
use super::convert::{Converter, id_of};

/// The IPv6 addresses that the evidence states, and what it says of their bandwidth.
pub(super) struct V6 {
    bought: FxHashMap<Ipv6Addr, (Id, Result<bool, Reason>)>,
    /// Whether bandwidth may be bought for an address that nobody knows yet.
    nameless: bool,
    listed: Listed,
}

impl V6 {
    pub(super) fn of(converter: &Converter<'_>) -> Self {
        let inventory = converter.inventory;
        let (mut bought, mut nameless) = (FxHashMap::default(), false);
        for address in inventory.all::<vpc::Ipv6Address>() {
            let bandwidth = match &address.internet_bandwidth.state {
                State::Known(mbit) => Ok(*mbit > 0),
                State::Absent => Ok(false),
                State::Unknown(reason) => Err(reason.clone()),
            };
            match address.address.value().and_then(|text| text.parse().ok()) {
                Some(number) => {
                    bought.insert(number, (id_of(&address.head), bandwidth));
                }
                None => nameless |= bandwidth != Ok(false),
            }
        }
        Self { bought, nameless, listed: Listed::of::<vpc::Ipv6Address>(inventory) }
    }

    /// Interfaces whose IPv6 addresses the evidence does not state may have some, unless their vSwitch has no IPv6 block
    /// or no address of the region has internet bandwidth.
    pub(super) fn unseen(&self, converter: &mut Converter<'_>, head: &Head, vswitch: &Fact<Link<vpc::VSwitch>>) {
        let stands = vswitch.value().and_then(|link| {
            converter.inventory.follow_as::<vpc::VSwitch>(Some(head), &link.target).map(|vswitch| &vswitch.ipv6_cidr)
        });
        if vswitch.is_absent() || stands.is_some_and(Fact::is_absent) {
            return;
        }
        let none_bought = !self.nameless
            && self.listed.gap_of(head).is_none()
            && self.bought.values().all(|(_, bought)| *bought == Ok(false));
        if !none_bought {
            converter.blind(head, &Reason::NotCollected);
        }
    }

    pub(super) fn on(
        &self,
        converter: &mut Converter<'_>,
        head: &Head,
        eni: &Id,
        stated: &Fact<List<Text>>,
        vpc: Option<&Id>,
    ) -> Vec<Ipv6> {
        let mut numbers: Vec<Ipv6Addr> = Vec::new();
        for text in stated.value().into_iter().flat_map(|list| &list.items) {
            match text.split('/').next().map(str::parse) {
                Some(Ok(number)) => numbers.push(number),
                _ => converter.blind(head, &Reason::not_understood(format!("the address `{text}`"))),
            }
        }
        if let Some(reason) = stated.value().and_then(|list| list.more.as_ref()) {
            converter.blind(head, reason);
        }
        if numbers.is_empty() {
            return Vec::new();
        }
        let egress_only = self.egress_only(converter, vpc);
        numbers
            .into_iter()
            .map(|address| {
                let found = self.bought.get(&address);
                let bandwidth = match (found, self.listed.gap_of(head)) {
                    (Some((_, Ok(bought))), _) => Seen::Known(*bought),
                    (Some((_, Err(reason))), _) | (None, Some(reason)) => {
                        Seen::Missing(converter.gap(format!("internet bandwidth of {address} on {eni}"), reason))
                    }
                    // It may be the one that has bandwidth and whose number nobody knows.
                    (None, None) if self.nameless => {
                        let what = format!("internet bandwidth of {address} on {eni}");
                        Seen::Missing(converter.gap(what, &Reason::NotInEvidence))
                    }
                    (None, None) => Seen::Absent,
                };
                Ipv6 { id: found.map(|(id, _)| id.clone()), address, bandwidth, egress_only: egress_only.clone() }
            })
            .collect()
    }

    fn egress_only(&self, converter: &mut Converter<'_>, vpc: Option<&Id>) -> Seen<Vec<Id>> {
        let mut targets = Vec::new();
        for gateway in converter.inventory.all::<vpc::Ipv6Gateway>() {
            let of = gateway.vpc.value().map(|link| converter.follow(&gateway.head, link));
            if of.is_some() && of.as_ref() != vpc {
                continue;
            }
            let id = id_of(&gateway.head);
            let seen = converter.seen(&id, "egress-only rules", &gateway.egress_only, |list| match &list.more {
                Some(reason) => Err(reason.clone()),
                None => Ok(list.items.clone()),
            });
            match seen {
                Seen::Known(items) => targets.extend(items.iter().map(|target| {
                    let found = converter.inventory.follow_as::<vpc::Ipv6Address>(Some(&gateway.head), target);
                    found.map_or_else(|| Id::from(target.as_str()), |address| id_of(&address.head))
                })),
                Seen::Absent => {}
                Seen::Missing(what) => return Seen::Missing(what),
            }
        }
        Seen::Known(targets)
    }
}
