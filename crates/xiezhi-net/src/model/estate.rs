//! Look-ups by id and address over a network. Only data access: no order, no verdicts.

use std::net::IpAddr;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::*;
use crate::path::Target;

/// A network with its look-up tables.
pub(crate) struct Estate<'a> {
    pub(crate) net: &'a Network,
    vpcs: FxHashMap<&'a Id, &'a Vpc>,
    vswitches: FxHashMap<&'a Id, &'a VSwitch>,
    enis: FxHashMap<&'a Id, &'a Eni>,
    by_instance: FxHashMap<&'a Id, &'a Eni>,
    by_address: FxHashMap<(&'a Id, IpAddr), &'a Eni>,
    members: FxHashMap<&'a Id, Vec<&'a Eni>>,
    ungrouped: Vec<&'a Eni>,
    groups: FxHashMap<&'a Id, &'a SecurityGroup>,
    prefix_lists: FxHashMap<&'a Id, &'a PrefixList>,
    port_lists: FxHashMap<&'a Id, &'a PortList>,
    acls: FxHashMap<&'a Id, &'a NetworkAcl>,
    tables: FxHashMap<&'a Id, &'a RouteTable>,
    access_lists: FxHashMap<&'a Id, &'a AccessList>,
    nats: FxHashMap<&'a Id, &'a Nat>,
    balancers: FxHashMap<&'a Id, &'a Balancer>,
    services: FxHashMap<&'a Id, &'a Service>,
    gateway_tables: FxHashMap<&'a Id, &'a RouteTable>,
    inline: FxHashMap<&'a Id, &'a InlineEndpoint>,
    bound: FxHashMap<&'a Id, Vec<&'a Eip>>,
    eips: FxHashMap<IpAddr, &'a Eip>,
    own_eips: FxHashMap<(&'a Id, IpAddr), &'a Eip>,
}

fn by<'a, T>(listing: &'a Listing<T>, id: impl Fn(&'a T) -> &'a Id) -> FxHashMap<&'a Id, &'a T> {
    listing.iter().map(|item| (id(item), item)).collect()
}

impl<'a> Estate<'a> {
    pub(crate) fn of(net: &'a Network) -> Self {
        let mut estate = Self {
            net,
            vpcs: by(&net.vpcs, |item| &item.id),
            vswitches: by(&net.vswitches, |item| &item.id),
            enis: by(&net.enis, |item| &item.id),
            by_instance: FxHashMap::default(),
            by_address: FxHashMap::default(),
            members: FxHashMap::default(),
            ungrouped: net.enis.iter().filter(|eni| eni.groups.gap().is_some()).collect(),
            groups: by(&net.groups, |item| &item.id),
            prefix_lists: by(&net.prefix_lists, |item| &item.id),
            port_lists: by(&net.port_lists, |item| &item.id),
            acls: by(&net.acls, |item| &item.id),
            tables: by(&net.route_tables, |item| &item.id),
            access_lists: by(&net.access_lists, |item| &item.id),
            nats: by(&net.nats, |item| &item.id),
            balancers: by(&net.balancers, |item| &item.id),
            services: by(&net.services, |item| &item.id),
            gateway_tables: net
                .route_tables
                .iter()
                .filter_map(|table| Some((table.gateway.as_ref()?, table)))
                .collect(),
            inline: by(&net.inline_endpoints, |item| &item.id),
            bound: FxHashMap::default(),
            eips: net.eips.iter().map(|eip| (eip.address, eip)).collect(),
            own_eips: FxHashMap::default(),
        };
        for eni in &net.enis {
            if let Some(instance) = &eni.instance {
                estate.by_instance.entry(instance).or_insert(eni);
            }
            if let Some(vpc) = eni.vpc.known() {
                let own = eni
                    .addresses
                    .iter()
                    .map(|address| IpAddr::V4(*address))
                    .chain(eni.ipv6.iter().map(|v6| IpAddr::V6(v6.address)));
                for address in own {
                    estate.by_address.entry((vpc, address)).or_insert(eni);
                }
            }
            for group in eni.groups.known().into_iter().flatten() {
                estate.members.entry(group).or_default().push(eni);
            }
        }
        for eip in &net.eips {
            if let Some(Bound::Balancer(id)) = eip.bound.known().map(|binding| &binding.to) {
                estate.bound.entry(id).or_default().push(eip);
            }
            if let Some((eni, private)) = estate.interface_of(eip) {
                estate.own_eips.insert((&eni.id, private), eip);
            }
        }
        estate
    }

    pub(crate) fn vpc(&self, id: &Id) -> Option<&'a Vpc> {
        self.vpcs.get(id).copied()
    }
    pub(crate) fn vswitch(&self, id: &Id) -> Option<&'a VSwitch> {
        self.vswitches.get(id).copied()
    }
    pub(crate) fn eni(&self, id: &Id) -> Option<&'a Eni> {
        self.enis.get(id).copied()
    }
    pub(crate) fn group(&self, id: &Id) -> Option<&'a SecurityGroup> {
        self.groups.get(id).copied()
    }
    pub(crate) fn prefix_list(&self, id: &Id) -> Option<&'a PrefixList> {
        self.prefix_lists.get(id).copied()
    }
    pub(crate) fn port_list(&self, id: &Id) -> Option<&'a PortList> {
        self.port_lists.get(id).copied()
    }
    pub(crate) fn acl(&self, id: &Id) -> Option<&'a NetworkAcl> {
        self.acls.get(id).copied()
    }
    pub(crate) fn table(&self, id: &Id) -> Option<&'a RouteTable> {
        self.tables.get(id).copied()
    }
    pub(crate) fn access_list(&self, id: &Id) -> Option<&'a AccessList> {
        self.access_lists.get(id).copied()
    }
    pub(crate) fn nat(&self, id: &Id) -> Option<&'a Nat> {
        self.nats.get(id).copied()
    }
    pub(crate) fn balancer(&self, id: &Id) -> Option<&'a Balancer> {
        self.balancers.get(id).copied()
    }
    pub(crate) fn listener(&self, balancer: &Id, id: &Id) -> Option<&'a Listener> {
        self.balancer(balancer)?.listeners.known()?.iter().find(|listener| listener.id == *id)
    }
    pub(crate) fn service(&self, id: &Id) -> Option<&'a Service> {
        self.services.get(id).copied()
    }
    /// The table that steers what enters through a gateway.
    pub(crate) fn gateway_table(&self, gateway: &Id) -> Option<&'a RouteTable> {
        self.gateway_tables.get(gateway).copied()
    }
    /// The endpoint of a Gateway Load Balancer that a next hop names, when it is in evidence.
    pub(crate) fn inline(&self, hop: &NextHop) -> Option<&'a InlineEndpoint> {
        match hop {
            NextHop::BalancerEndpoint(id) => self.inline.get(id).copied(),
            _ => None,
        }
    }
    /// The tables of some vSwitches, or what is missing of them.
    pub(crate) fn tables_of(&self, ids: &Seen<Vec<Id>>, whose: &Id) -> Result<Vec<&'a RouteTable>, Arc<str>> {
        let ids = match ids {
            Seen::Known(ids) if !ids.is_empty() => ids,
            Seen::Known(_) | Seen::Absent => return Err(format!("vSwitch of {whose}").into()),
            Seen::Missing(what) => return Err(what.clone()),
        };
        let table = |id: &Id| match self.vswitch(id).map(|vswitch| &vswitch.table) {
            None => Err(format!("vSwitch {id}").into()),
            Some(Seen::Known(table)) => self.table(table).ok_or_else(|| format!("route table {table}").into()),
            Some(Seen::Absent) => Err(format!("route table of {id}").into()),
            Some(Seen::Missing(what)) => Err(what.clone()),
        };
        ids.iter().map(table).collect()
    }
    /// The tables by which packets may go on from one of a VPC: its own, those past endpoints of Gateway Load Balancers,
    /// and those of the VPCs that its transit routers attach.
    pub(crate) fn tables_from(&self, table: &'a RouteTable) -> Vec<&'a RouteTable> {
        let own = self.past_endpoints(vec![table]);
        let mut routers: Vec<&TransitRouter> = Vec::new();
        let mut entered: Vec<&Id> = own
            .iter()
            .flat_map(|table| table.next_hops())
            .filter_map(|hop| if let NextHop::Attachment(id) = hop { Some(id) } else { None })
            .collect();
        while let Some(id) = entered.pop() {
            let attached = |router: &&TransitRouter| {
                router.attachments.known().is_some_and(|all| all.iter().any(|one| one.id == *id))
            };
            let Some(router) = self.net.transit_routers.iter().find(attached) else { continue };
            if routers.iter().any(|known| known.id == router.id) {
                continue;
            }
            routers.push(router);
            let attachments = router.attachments.known().into_iter().flatten();
            entered.extend(
                attachments.filter_map(|one| if let Attached::Router(far) = &one.to { Some(far) } else { None }),
            );
        }
        let attachments = routers.iter().filter_map(|router| router.attachments.known()).flatten();
        let far = attachments.filter(|one| matches!(one.to, Attached::Vpc(_)));
        let far = far.filter_map(|one| self.tables_of(&one.vswitches, &one.id).ok()).flatten().collect();
        own.into_iter().chain(self.past_endpoints(far)).collect()
    }
    fn past_endpoints(&self, mut tables: Vec<&'a RouteTable>) -> Vec<&'a RouteTable> {
        let mut all: Vec<&RouteTable> = Vec::new();
        while let Some(table) = tables.pop() {
            if all.iter().any(|known| known.id == table.id) {
                continue;
            }
            all.push(table);
            let endpoints = table.next_hops().filter_map(|hop| self.inline(hop));
            tables.extend(endpoints.filter_map(|one| self.tables_of(&one.vswitches, &one.id).ok()).flatten());
        }
        all
    }
    /// The public addresses of a balancer: its own and those of EIPs bound to it (CLB-1).
    pub(crate) fn fronts(&self, balancer: &Balancer) -> Vec<IpAddr> {
        let bound = self.bound.get(&balancer.id).into_iter().flatten().map(|eip| eip.address);
        let mut all: Vec<IpAddr> = balancer.public.known().into_iter().flatten().copied().chain(bound).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
    pub(crate) fn eip(&self, address: IpAddr) -> Option<&'a Eip> {
        self.eips.get(&address).copied()
    }

    /// Whether a peering connection may join two VPCs.
    pub(crate) fn peered(&self, one: &Id, other: &Id) -> bool {
        let ends = |peering: &&Peering| {
            let (a, b) = &peering.vpcs;
            (a == one && b == other) || (a == other && b == one)
        };
        self.net.peerings.iter().any(|peering| ends(&peering) && peering.active != Seen::Known(false))
    }

    /// The interfaces known to be in a group.
    pub(crate) fn members(&self, group: &Id) -> &[&'a Eni] {
        self.members.get(group).map_or(&[], Vec::as_slice)
    }

    /// The interfaces whose groups were not collected.
    pub(crate) fn ungrouped(&self) -> &[&'a Eni] {
        &self.ungrouped
    }

    /// The interface that an instance id, or an interface id, stands for.
    pub(crate) fn interface(&self, id: &Id) -> Option<&'a Eni> {
        self.eni(id).or_else(|| self.by_instance.get(id).copied())
    }

    /// The interface that holds a private address of a VPC.
    pub(crate) fn at(&self, vpc: &Id, address: IpAddr) -> Option<&'a Eni> {
        // The map borrows ids for the network's life; the VPC of the network, if any, has that life.
        let id = self.vpcs.get_key_value(vpc).map(|(id, _)| *id)?;
        self.by_address.get(&(id, address)).copied()
    }

    /// The vSwitch of a VPC that holds an address.
    pub(crate) fn holder(&self, vpc: &Id, address: IpAddr) -> Option<&'a VSwitch> {
        let mut vswitches = self.net.vswitches.iter().filter(|vswitch| vswitch.vpc == *vpc);
        vswitches.find(|vswitch| vswitch.cidrs.iter().any(|net| net.contains(&address)))
    }

    /// What stands for a load balancer at one of its private addresses where routes are asked for: an interface of the
    /// vSwitch that holds the address, without groups.
    pub(crate) fn front(&self, balancer: &Balancer, address: IpAddr) -> Eni {
        let vswitch = balancer.vpc.known().and_then(|vpc| self.holder(vpc, address));
        let vswitch = vswitch.map(|vswitch| Seen::Known(vswitch.id.clone()));
        let vswitch = vswitch.unwrap_or_else(|| Seen::Missing(format!("vSwitch of {}", balancer.id).into()));
        Eni::placed(balancer.id.clone(), balancer.vpc.clone(), vswitch)
    }

    /// What a server behind a load balancer is called.
    pub(crate) fn backend_target(&self, balancer: &Balancer, backend: &Backend) -> Target {
        let found = match &backend.to {
            BackendTo::Other(_) => None,
            BackendTo::Instance(id) | BackendTo::Interface(id) => {
                self.interface(id).filter(|eni| !eni.addresses.is_empty())
            }
            BackendTo::Address(address) => balancer.vpc.known().and_then(|vpc| self.at(vpc, *address)),
        };
        match (found, &backend.to, balancer.vpc.known()) {
            (Some(eni), _, _) => Target::Interface(eni.id.clone()),
            (None, BackendTo::Other(id) | BackendTo::Instance(id) | BackendTo::Interface(id), _) => {
                Target::Other(id.clone())
            }
            (None, BackendTo::Address(address), Some(vpc)) => Target::Address(vpc.clone(), *address),
            (None, BackendTo::Address(address), None) => Target::Other(address.to_string().into()),
        }
    }

    /// The interface and private address for which an EIP stands, when it stands for one.
    pub(crate) fn interface_of(&self, eip: &Eip) -> Option<(&'a Eni, IpAddr)> {
        let binding = eip.bound.known()?;
        let eni = match &binding.to {
            Bound::Interface(id) | Bound::Instance(id) => self.interface(id)?,
            Bound::Address(vpc, address) => self.at(vpc, IpAddr::V4(*address))?,
            Bound::HaVip(_) | Bound::Balancer(_) | Bound::Nat(_) => return None,
        };
        let explicit = match &binding.to {
            Bound::Address(_, address) => Some(*address),
            _ => binding.private,
        };
        let private = explicit.or_else(|| eni.addresses.first().copied())?;
        Some((eni, IpAddr::V4(private)))
    }

    /// The EIP that stands for a private address of an interface.
    pub(crate) fn own_eip(&self, eni: &Eni, private: IpAddr) -> Option<&'a Eip> {
        let id = self.enis.get_key_value(&eni.id).map(|(id, _)| *id)?;
        self.own_eips.get(&(id, private)).copied()
    }
}
