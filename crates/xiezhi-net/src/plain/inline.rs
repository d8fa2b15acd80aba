//! Endpoints of Gateway Load Balancers on the way (GWLB-1, RT-5), one packet at a time.

use std::net::IpAddr;

use super::filters::Decision;
use super::matching::{Judge, agree, stated, unknown};
use crate::assume::{Assumption, Truth};
use crate::model::{Id, InlineEndpoint, NextHop, VSwitch};

/// How many appliances in line a packet may pass before that counts as a loop.
pub(super) const INLINE: u8 = 8;

impl Judge<'_> {
    /// Whether the endpoint gives packets back: it is connected, and the appliances hand on what they get.
    pub(super) fn given_back(&self, endpoint: &InlineEndpoint) -> Truth {
        let up = stated(&endpoint.connected, || unknown(format!("state of {}", endpoint.id)));
        let nobody = endpoint.appliances.known().is_some_and(Vec::is_empty);
        let served = match nobody {
            true => unknown(format!("what happens without an appliance behind {}", endpoint.id)),
            false => Truth::Yes,
        };
        self.choose(Assumption::Middlebox, up.and(served), Truth::No)
    }

    /// What a next hop is wanted for; past an endpoint in evidence the rest of the way decides.
    pub(super) fn by_hop(&self, hop: &NextHop, address: IpAddr, wanted: &dyn Fn(&NextHop) -> Truth, left: u8) -> Truth {
        match self.estate.inline(hop) {
            None => wanted(hop),
            Some(endpoint) => self.beyond(endpoint, address, wanted, left).and(self.given_back(endpoint)),
        }
    }

    /// What comes back to the endpoint goes by the table of the vSwitch in which it stands.
    fn beyond(
        &self,
        endpoint: &InlineEndpoint,
        address: IpAddr,
        wanted: &dyn Fn(&NextHop) -> Truth,
        left: u8,
    ) -> Truth {
        let Some(left) = left.checked_sub(1) else { return unknown("an end of the loop of appliances") };
        let tables = match self.estate.tables_of(&endpoint.vswitches, &endpoint.id) {
            Ok(tables) => tables.into_iter(),
            Err(what) => return unknown(what),
        };
        let each =
            tables.map(|table| self.by_table(table, address, &|hop| self.by_hop(hop, address, wanted, left)).passes);
        agree(each, || unknown(format!("which vSwitch has the packet at {}", endpoint.id)))
    }

    /// The decisions of a vSwitch's table hop by hop: where it hands a packet to one endpoint and to nothing else, the
    /// endpoint and what follows stand apart.
    pub(super) fn stretch(
        &self,
        vswitch: &VSwitch,
        address: IpAddr,
        wanted: &dyn Fn(&NextHop) -> Truth,
        left: u8,
    ) -> Vec<(Id, Decision)> {
        let (at, decision) = self.route_of(vswitch, address, wanted);
        let endpoint = self.only_hop(vswitch, address).and_then(|hop| self.estate.inline(hop));
        let Some((endpoint, left)) = endpoint.zip(left.checked_sub(1)) else { return vec![(at, decision)] };
        let mut hops = vec![
            (at, Decision { passes: Truth::Yes, ..decision }),
            (endpoint.id.clone(), Decision::new(self.given_back(endpoint), "GWLB-1", None)),
        ];
        match endpoint.vswitches.known().map(|ids| (ids.as_slice(), ids.first().and_then(|id| self.estate.vswitch(id))))
        {
            Some(([_], Some(vswitch))) => hops.extend(self.stretch(vswitch, address, wanted, left)),
            _ => {
                let rest = self.beyond(endpoint, address, wanted, left.saturating_add(1));
                hops.push((endpoint.id.clone(), Decision::new(rest, "RT-2", None)));
            }
        }
        hops
    }

    /// The one next hop to which the table of a vSwitch hands a packet whatever decides.
    pub(super) fn only_hop(&self, vswitch: &VSwitch, address: IpAddr) -> Option<&NextHop> {
        let table = self.estate.table(vswitch.table.known()?)?;
        let matching = table.routes.known()?.iter().filter(|route| route.destination.trunc().contains(&address));
        let longest = matching.clone().map(|route| route.destination.prefix_len()).max()?;
        let mut hops = matching.filter(|route| route.destination.prefix_len() == longest);
        match (hops.next()?.next.known()?.as_slice(), hops.next()) {
            ([hop], None) => Some(hop),
            _ => None,
        }
    }
}
