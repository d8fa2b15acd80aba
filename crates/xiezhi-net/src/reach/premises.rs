//! Flows between interfaces of the estate and premises outside it as packet sets (TR-3), replies included (M-1).

use ipnet::IpNet;

use super::among;
use super::fields::{Face, Reader};
use super::inside::{Inside, Kin, kin};
use super::known::{End, Known, reached};
use super::links::Goal;
use super::routes::Partition;
use crate::assume::{Assumption, Readings, Reasons, Truth, missing};
use crate::model::{Direction, Door, Eni, Estate, Id, Network, NextHop, Premises, Seen, ServiceEndpoint};
use crate::set::{Addresses, Cover, Family, PacketSet, Ranges};

/// The flows between premises and interfaces, of those that are asked about.
pub(crate) fn premises_sets(
    estate: &Estate<'_>,
    readings: &Readings,
    premises: &Premises,
    enis: &[&Eni],
    bearing: Bearing,
    wanted: &PacketSet,
) -> (PacketSet, PacketSet, Reasons) {
    let reader = Reader::new(estate, readings);
    let v4 = Inside::<u32>::new(&reader).abroad(enis, premises, bearing);
    let v6 = Inside::<u128>::new(&reader).abroad(enis, premises, bearing);
    among(v4, v6, wanted)
}

/// The flows from premises to a private endpoint of a managed service, of those that are asked about.
pub(crate) fn premises_to_service(
    estate: &Estate<'_>,
    readings: &Readings,
    premises: &Premises,
    endpoint: &ServiceEndpoint,
    wanted: &PacketSet,
) -> (PacketSet, PacketSet, Reasons) {
    let reader = Reader::new(estate, readings);
    let v4 = Inside::<u32>::new(&reader).service(premises, endpoint);
    let v6 = Inside::<u128>::new(&reader).service(premises, endpoint);
    among(v4, v6, wanted)
}

/// What of a flow is the estate's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bearing {
    /// The destination: packets come from premises.
    In,
    /// The source: packets go to premises.
    Out,
}

impl Bearing {
    pub(super) const fn near(self) -> End {
        match self {
            Self::In => End::Destination,
            Self::Out => End::Source,
        }
    }

    pub(super) const fn far(self) -> End {
        match self {
            Self::In => End::Source,
            Self::Out => End::Destination,
        }
    }
}

impl<A: Family> Inside<'_, '_, A> {
    /// The flows from premises to any of some interfaces, or from these to premises.
    fn abroad(&mut self, enis: &[&Eni], premises: &Premises, bearing: Bearing) -> Known<A> {
        let Some(up) = state(premises) else { return Known::nothing() };
        let far = self.far_side(premises);
        let mut all = Known::nothing();
        for one in kin(enis) {
            all = all.or(&self.of_kin(&one, premises, &far, bearing));
        }
        all.and(&up)
    }

    fn of_kin(&mut self, one: &Kin<'_>, premises: &Premises, far: &Partition<A>, bearing: Bearing) -> Known<A> {
        let (eni, own) = (one.first, A::of(&one.addresses).clone());
        let (Seen::Known(_) | Seen::Missing(_), false) = (&eni.vpc, own.is_empty()) else { return Known::nothing() };
        let mut flows = reached(far, bearing.far()).and(&reached(&near_side(premises, &own), bearing.near()));
        let region: Ranges<A> = far.iter().fold(Ranges::empty(), |all, (part, _)| all.union(part));
        flows = flows.and(&reached(&self.outward(eni, premises, &region), bearing.far()));
        if Cover::is_empty(&flows.may) {
            return flows;
        }
        flows = flows.and(&reached(&self.inward(eni, premises, &own), bearing.near()));
        flows = self.edge_boundaries(eni, premises, flows).and(&self.handed(premises, bearing));
        let (direction, first, second) = match bearing {
            Bearing::In => (Direction::Ingress, Face::In, Face::InReply),
            Bearing::Out => (Direction::Egress, Face::Out, Face::OutReply),
        };
        let other = if bearing == Bearing::In { Direction::Egress } else { Direction::Ingress };
        flows = flows.and(&*self.group(eni, direction));
        flows = flows.and(&*self.acl(eni, direction, first));
        flows.and(&*self.acl(eni, other, second))
    }

    /// The flows from premises to a private endpoint of a managed service, which has neither groups nor network ACL
    /// (NACL-2); its replies go by the table of the vSwitch that holds its address.
    fn service(&mut self, premises: &Premises, endpoint: &ServiceEndpoint) -> Known<A> {
        let (Some((region, open)), Some(vpc)) = (self.listening(endpoint), &endpoint.vpc) else {
            return Known::nothing();
        };
        let Some(up) = state(premises) else { return Known::nothing() };
        let far = self.far_side(premises);
        let sources: Ranges<A> = far.iter().fold(Ranges::empty(), |all, (part, _)| all.union(part));
        let handed = self.handed(premises, Bearing::In);
        let (held, rest) = self.by_vswitch(vpc, &region);
        let mut all = Known::nothing();
        for (vswitch, here) in held {
            let own = endpoint.interface(vpc, vswitch);
            let mut flows = open.only(&here).and(&reached(&far, End::Source));
            flows = flows.and(&reached(&near_side(premises, &here), End::Destination));
            flows = flows.and(&reached(&self.outward(&own, premises, &sources), End::Source));
            flows = flows.and(&reached(&self.inward(&own, premises, &here), End::Destination));
            all = all.or(&self.edge_boundaries(&own, premises, flows).and(&handed));
        }
        let beside = open.only(&rest).and(&reached(&far, End::Source));
        let beside = beside.and(&reached(&near_side(premises, &rest), End::Destination));
        all = all.or(&beside.and(&Known::unknown(missing(format!("vSwitch of {}", endpoint.id)))));
        if endpoint.address.is_none() {
            all = all.anywhere(&region, &missing(format!("address of {}", endpoint.id)));
        }
        all.and(&up)
    }

    /// The addresses that premises may have.
    pub(super) fn far_side(&self, premises: &Premises) -> Partition<A> {
        let silent = || A::of(&unstated(self.reader.estate.net)).clone();
        match &premises.remote {
            Seen::Absent => Reader::uniform(&silent(), Truth::Yes),
            Seen::Missing(what) => Reader::uniform(&silent(), Truth::Unknown(missing(what.clone()))),
            Seen::Known(nets) => {
                let (whole, named): (Vec<IpNet>, Vec<IpNet>) = nets.iter().partition(|net| net.prefix_len() == 0);
                let anyone = Addresses::from_nets(whole);
                let all = A::of(&Addresses::from_nets(named)).union(&A::of(&anyone).intersect(&silent()));
                Reader::uniform(&all, Truth::Yes)
            }
        }
    }

    /// From the door to the network of an interface.
    pub(super) fn inward(&self, eni: &Eni, premises: &Premises, own: &Ranges<A>) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(own, truth);
        let here = match &eni.vpc {
            Seen::Known(here) => here,
            Seen::Absent => return uniform(Truth::No),
            Seen::Missing(what) => return uniform(Truth::Unknown(missing(what.clone()))),
        };
        match &premises.door {
            Door::Attachment(id) => self.transit(id, Goal::Vpc(here), own),
            // That the far side sends to the VPC is its own matter.
            Door::Interface(_) | Door::Ecr(_) => uniform(Truth::Yes),
            Door::Gateway { gateway, vpc } => uniform(match at_gateway(gateway, vpc) {
                Err(why) => Truth::Unknown(why),
                Ok(vpc) if vpc == here => Truth::Yes,
                Ok(_) => Truth::Unknown(missing(format!("the way from {gateway} on into {here}"))),
            }),
        }
    }

    /// From an interface to the door, for addresses of the far side.
    pub(super) fn outward(&self, eni: &Eni, premises: &Premises, region: &Ranges<A>) -> Partition<A> {
        match &eni.vpc {
            Seen::Absent => Reader::uniform(region, Truth::No),
            Seen::Missing(what) => Reader::uniform(region, Truth::Unknown(missing(what.clone()))),
            Seen::Known(here) => {
                self.led(eni, here, region, &|hop, region| self.by_door(hop, here, &premises.door, region))
            }
        }
    }

    fn by_door(&self, hop: &NextHop, here: &Id, door: &Door, region: &Ranges<A>) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        let leads = |id: &Id, of: fn(Id) -> Door| {
            let taken = of(id.clone());
            if *door == taken {
                Truth::Yes
            } else if self.reader.estate.net.premises().any(|one| one.door == taken) {
                Truth::No
            } else {
                Truth::Unknown(missing(format!("where {id} leads")))
            }
        };
        match (hop, door) {
            (NextHop::Vpn(id), Door::Gateway { gateway, .. }) => uniform(Truth::known(id == gateway)),
            (NextHop::RouterInterface(id), _) => uniform(leads(id, Door::Interface)),
            (NextHop::Ecr(id), _) => uniform(leads(id, Door::Ecr)),
            (NextHop::Attachment(id), Door::Attachment(own)) => self.transit(id, Goal::Edge(own), region),
            (NextHop::Attachment(_) | NextHop::Peering(_), Door::Gateway { gateway, vpc }) => {
                match at_gateway(gateway, vpc) {
                    Err(why) => uniform(Truth::Unknown(why)),
                    Ok(vpc) if vpc == here => uniform(Truth::No),
                    Ok(vpc) => {
                        let on = Truth::Unknown(missing(format!("the way from {vpc} on to {gateway}")));
                        let there = self.arrives(hop, here, vpc, region).into_iter();
                        there.map(|(part, truth)| (part, truth.and(on.clone()))).collect()
                    }
                }
            }
            (NextHop::Instance(_) | NextHop::Interface(_) | NextHop::HaVip(_) | NextHop::BalancerEndpoint(_), _) => {
                let on = Truth::Unknown(missing("where the appliance forwards to"));
                uniform(self.reader.read(Assumption::Middlebox, &on, &Truth::No))
            }
            _ => uniform(Truth::No),
        }
    }

    /// CFW-1: a firewall of a VPC may stand before what comes from outside over a transit router; no field says so.
    pub(super) fn edge_boundaries(&self, eni: &Eni, premises: &Premises, flows: Known<A>) -> Known<A> {
        let (Some(here), Door::Attachment(_) | Door::Interface(_) | Door::Ecr(_)) = (eni.vpc.known(), &premises.door)
        else {
            return flows;
        };
        let boundaries = match &self.reader.estate.net.firewall.between_vpcs {
            Seen::Absent => return flows,
            Seen::Missing(what) => return flows.and(&Known::unknown(missing(what.clone()))),
            Seen::Known(boundaries) => boundaries.iter(),
        };
        let on = boundaries.filter(|one| !matches!(&one.on, Seen::Known(false) | Seen::Absent));
        on.filter(|one| !one.pair && one.vpcs.contains(here)).fold(flows, |flows, one| {
            let why = missing(format!("whether {} stands before {}", one.id, premises.id));
            let filter = Known::of(&self.reader.boundary_filter(&one.boundary, None));
            flows.and(&filter.either(&Known::everything(), &why))
        })
    }
}

/// What the way carries for its state; `None` when it is down.
pub(super) fn state<A: Family>(premises: &Premises) -> Option<Known<A>> {
    Some(match &premises.up {
        Seen::Known(false) => return None,
        Seen::Known(true) => Known::everything(),
        Seen::Absent => Known::unknown(missing(format!("state of {}", premises.id))),
        Seen::Missing(what) => Known::unknown(missing(what.clone())),
    })
}

/// The addresses of the estate's side that the way carries, of those of an interface.
pub(super) fn near_side<A: Family>(premises: &Premises, own: &Ranges<A>) -> Partition<A> {
    match &premises.local {
        Seen::Absent => Reader::uniform(own, Truth::Yes),
        Seen::Missing(what) => Reader::uniform(own, Truth::Unknown(missing(what.clone()))),
        Seen::Known(nets) => {
            let carried = Addresses::from_nets(nets.iter().copied());
            Reader::uniform(&own.intersect(A::of(&carried)), Truth::Yes)
        }
    }
}

/// The VPC of a VPN gateway.
fn at_gateway<'g>(gateway: &Id, vpc: &'g Seen<Id>) -> Result<&'g Id, Reasons> {
    match vpc {
        Seen::Known(vpc) => Ok(vpc),
        Seen::Absent => Err(missing(format!("VPC of {gateway}"))),
        Seen::Missing(what) => Err(missing(what.clone())),
    }
}

/// What premises may have whose ranges nothing states: private addresses (RFC 1918, RFC 4193), those of the estate's
/// plan, and those to which routes lead by name. 100.64.0.0/10 is the platform's own (RT-2).
fn unstated(net: &Network) -> Addresses {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
    let private = private.iter().filter_map(|text| text.parse::<IpNet>().ok());
    let plan = net.vpcs.iter().flat_map(|vpc| vpc.cidrs.iter().copied());
    let routes = net.route_tables.iter().filter_map(|table| table.routes.known()).flatten();
    let routes = routes.map(|route| route.destination);
    let tables = net.transit_routers.iter().filter_map(|router| router.tables.known()).flatten();
    let learned = tables.filter_map(|table| table.routes.known()).flatten().map(|route| route.destination);
    let named = routes.chain(learned).filter(|net| net.prefix_len() > 0);
    Addresses::from_nets(private.chain(plan).chain(named))
}
