//! Flows from interfaces to a load balancer over its private addresses, and by it to the servers behind (section 4).

use std::net::IpAddr;
use std::sync::Arc;

use super::band::Band;
use super::entries::{Finder, number_of};
use super::fields::{Face, Reader};
use super::inside::{Inside, kin};
use super::placed;
use super::side::{AnyBand, Side, Sided, Sides, class_of, vswitch_of};
use crate::assume::{Readings, Reasons, Truth, missing};
use crate::model::{Balancer, BalancerKind, Direction, Eni, Estate, GroupKind, Id, Listener, Policy, Seen};
use crate::path::Target;
use crate::set::{PacketSet, Ranges};

/// What reaches one target by a listener at one private address.
pub(crate) struct Relayed {
    pub(crate) front: IpAddr,
    pub(crate) target: Target,
    pub(crate) certain: PacketSet,
    pub(crate) possible: PacketSet,
    pub(crate) reasons: Reasons,
}

/// What interfaces reach at a listener and, by it, at the servers behind.
pub(crate) fn relayed_sets(
    estate: &Estate<'_>,
    readings: &Readings,
    from: &[&Eni],
    balancer: &Balancer,
    listener: &Listener,
) -> Vec<Relayed> {
    let reader = Reader::new(estate, readings);
    let sides = Sides { v4: Side::new(&reader), v6: Side::new(&reader) };
    let mut finder = Finder::new(&reader, sides, None).inside();
    let mut all = Vec::new();
    for front in &balancer.private {
        match front {
            IpAddr::V4(own) => at(&mut finder, from, balancer, listener, u32::from(*own), &mut all),
            IpAddr::V6(own) => at(&mut finder, from, balancer, listener, u128::from(*own), &mut all),
        }
    }
    all
}

fn at<A: Sided>(
    finder: &mut Finder<'_, '_>,
    from: &[&Eni],
    balancer: &Balancer,
    listener: &Listener,
    front: A,
    all: &mut Vec<Relayed>,
) {
    let Some(protocol) = number_of(listener.protocol.transport()) else { return };
    let clients = clients(finder, from, balancer, front);
    let band = finder.front(balancer, listener, front, protocol).and(&clients);
    let mut reached = finder.behind(balancer, listener, &band, protocol);
    reached.insert(0, (Target::Listener(balancer.id.clone(), listener.id.clone()), band));
    for (target, band) in reached.into_iter().filter(|(_, band)| !band.is_closed()) {
        let reasons = band.reasons();
        let (certain, possible) = sets(front, band);
        all.push(Relayed { front: front.address(), target, certain, possible, reasons });
    }
}

/// The packets to one address that a band lets through: surely, and perhaps.
pub(super) fn sets<A: Sided>(front: A, band: Band<A>) -> (PacketSet, PacketSet) {
    let at = front.address();
    match A::wrap(Arc::new(band)) {
        AnyBand::V4(band) => (
            PacketSet { v4: placed(at, &band.sure), ..PacketSet::default() },
            PacketSet { v4: placed(at, &band.may), ..PacketSet::default() },
        ),
        AnyBand::V6(band) => (
            PacketSet { v6: placed(at, &band.sure), ..PacketSet::default() },
            PacketSet { v6: placed(at, &band.may), ..PacketSet::default() },
        ),
    }
}

/// The packets that get from the interfaces to a private address of a balancer, and whose replies get back.
fn clients<A: Sided>(finder: &mut Finder<'_, '_>, from: &[&Eni], balancer: &Balancer, front: A) -> Band<A> {
    let reader = finder.reader;
    let mut all = Band::closed();
    for sender in kin(from) {
        let eni = sender.first;
        let own = A::of(&sender.addresses);
        if own.is_empty() {
            continue;
        }
        let mut band = Band::sources(own, own, &[]);
        band = match class_of(eni, Direction::Egress, false, false) {
            Err(why) => band.given(&Truth::Unknown(why)),
            Ok(class) => band.and(&reader.group_filter::<A>(&class, false).band(front)),
        };
        let vswitch = vswitch_of(reader, eni);
        // NACL-3: an address of the client's vSwitch is not filtered.
        let near = matches!(&vswitch, Ok(Some(vswitch))
            if vswitch.cidrs.iter().any(|net| net.contains(&front.address())));
        if !near {
            band = match vswitch.as_ref().map(|vswitch| vswitch.map(|vswitch| &vswitch.acl)) {
                Ok(None | Some(Seen::Absent)) => band,
                Ok(Some(Seen::Missing(what))) => band.given(&Truth::Unknown(missing(what.clone()))),
                Err(why) => band.given(&Truth::Unknown(why.clone())),
                Ok(Some(Seen::Known(id))) => band
                    .and(&reader.acl_filter::<A>(id, Direction::Egress, Face::Out).band(front))
                    .and(&reader.acl_filter::<A>(id, Direction::Ingress, Face::OutReply).band(front)),
            };
        }
        let mut way = Truth::No;
        for (region, truth) in Inside::<A>::new(reader).way(eni, &balancer.vpc, &Ranges::one(front)) {
            if region.contains(front) {
                way = truth;
            }
        }
        // How a balancer answers another network is not in evidence.
        if eni.vpc != balancer.vpc {
            way = way.and(Truth::Unknown(missing(format!("the way back from {}", balancer.id))));
        }
        band = band.given(&way);
        if balancer.kind != BalancerKind::Clb {
            band = band.and(&groups(finder, eni, balancer, front));
        }
        if balancer.kind == BalancerKind::Nlb {
            band = band.and(&entering(finder, eni, balancer, front));
        }
        all = all.or(&band);
    }
    all
}

/// ALB-2. Whether the intra-group policy covers a balancer's groups is not documented: a drop may not hold for a client
/// that shares a basic group whose members reach each other.
fn groups<A: Sided>(finder: &mut Finder<'_, '_>, eni: &Eni, balancer: &Balancer, front: A) -> Arc<Band<A>> {
    let reader = finder.reader;
    if let Some(what) = balancer.vpc.gap() {
        return Side::unknown(missing(what.clone()));
    }
    let side = A::side(&mut finder.sides);
    let groups = side.balancer_groups(reader, balancer, front);
    let own = balancer.groups.known().into_iter().flatten();
    let mut shared = own.filter(|id| eni.groups.known().is_some_and(|groups| groups.contains(id)));
    let inner = shared.find(|id| {
        reader.estate.group(id).is_none_or(|group| {
            group.inner != Seen::Known(Policy::Drop) && group.kind != Seen::Known(GroupKind::Advanced)
        })
    });
    match inner {
        Some(id) => {
            let why = missing(format!("whether the intra-group policy of {id} covers {}", balancer.id));
            Arc::new(groups.either(&side.open(), &why))
        }
        None => groups,
    }
}

/// NLB-3: the network ACL of the vSwitch in which an NLB has an address; within one vSwitch nothing is filtered (NACL-3).
fn entering<A: Sided>(finder: &mut Finder<'_, '_>, eni: &Eni, balancer: &Balancer, front: A) -> Arc<Band<A>> {
    let reader = finder.reader;
    let side = A::side(&mut finder.sides);
    let ids = match &balancer.vswitches {
        Seen::Known(ids) if !ids.is_empty() => ids,
        Seen::Missing(what) => return Side::unknown(missing(what.clone())),
        Seen::Known(_) | Seen::Absent => return Side::unknown(missing(format!("vSwitches of {}", balancer.id))),
    };
    let holds = |id: &&Id| {
        let vswitch = reader.estate.vswitch(id);
        vswitch.is_some_and(|vswitch| vswitch.cidrs.iter().any(|net| net.contains(&front.address())))
    };
    let mut serving: Vec<&Id> = ids.iter().filter(holds).collect();
    if serving.is_empty() {
        serving = ids.iter().collect();
    }
    let why = missing(format!("the vSwitch of {} that serves {}", balancer.id, front.address()));
    let mut joined: Option<Arc<Band<A>>> = None;
    for id in serving {
        let one = match reader.estate.vswitch(id) {
            _ if eni.vswitch.known() == Some(id) => side.open(),
            None => Side::unknown(missing(format!("vSwitch {id}"))),
            Some(vswitch) => side.acl(reader, vswitch),
        };
        joined = Some(joined.map_or_else(|| Arc::clone(&one), |all| Arc::new(all.either(&one, &why))));
    }
    joined.unwrap_or_else(|| side.open())
}
