//! Flows from interfaces and premises to a load balancer over its private addresses, and by it to the servers behind (section 4).

use std::net::IpAddr;
use std::sync::Arc;

use super::band::Band;
use super::entries::{Finder, number_of};
use super::fields::{Face, Reader};
use super::inside::{Inside, kin};
use super::known::{End, Known, reached};
use super::placed;
use super::premises::{Bearing, near_side, state};
use super::routes::{Partition, split};
use super::side::{AnyBand, Side, Sided, Sides, class_of, vswitch_of};
use crate::assume::{Readings, Reasons, Truth, missing};
use crate::model::{
    Balancer, BalancerKind, Client, Direction, Eni, Estate, GroupKind, Id, Listener, Policy, Premises, Seen,
};
use crate::path::Target;
use crate::set::{Family, PacketSet, Ranges};

/// What reaches one target by a listener at one private address.
pub(crate) struct Relayed {
    pub(crate) front: IpAddr,
    pub(crate) target: Target,
    pub(crate) certain: PacketSet,
    pub(crate) possible: PacketSet,
    pub(crate) reasons: Reasons,
}

/// What clients reach at a listener and, by it, at the servers behind.
pub(crate) fn relayed_sets(
    estate: &Estate<'_>,
    readings: &Readings,
    from: &[Client<'_>],
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
    from: &[Client<'_>],
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

/// The packets that get from the clients to a private address of a balancer, and whose replies get back.
fn clients<A: Sided>(finder: &mut Finder<'_, '_>, from: &[Client<'_>], balancer: &Balancer, front: A) -> Band<A> {
    let mut inside = Vec::new();
    let mut all = Band::closed();
    for client in from {
        match client {
            Client::Inside(eni) => inside.push(*eni),
            Client::Outside(premises) => {
                let band = abroad(finder.reader, premises, balancer, front);
                all = all.or(&before(finder, None, balancer, front, band));
            }
        }
    }
    for sender in kin(&inside) {
        let own = A::of(&sender.addresses);
        if !own.is_empty() {
            let band = beside(finder.reader, (sender.first, own), balancer, front);
            all = all.or(&before(finder, Some(sender.first), balancer, front, band));
        }
    }
    all
}

/// What stands before the listeners of an ALB or NLB.
fn before<A: Sided>(
    finder: &mut Finder<'_, '_>,
    client: Option<&Eni>,
    balancer: &Balancer,
    front: A,
    mut band: Band<A>,
) -> Band<A> {
    if balancer.kind != BalancerKind::Clb {
        band = band.and(&groups(finder, client, balancer, front));
    }
    if balancer.kind == BalancerKind::Nlb {
        band = band.and(&entering(finder, client, balancer, front));
    }
    band
}

/// The packets of an interface that get to a private address of a balancer, and whose replies get back.
fn beside<A: Family>(reader: &Reader<'_>, (eni, own): (&Eni, &Ranges<A>), balancer: &Balancer, front: A) -> Band<A> {
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
    let inside = Inside::<A>::new(reader);
    let mut way = Truth::No;
    for (region, truth) in inside.way(eni, &balancer.vpc, &Ranges::one(front)) {
        if region.contains(front) {
            way = truth;
        }
    }
    band = band.given(&way);
    if eni.vpc != balancer.vpc && !band.is_closed() {
        band = band.and(&inside.boundaries(eni, &balancer.vpc, Known::everything()).at(front));
        let back = inside.way(&reader.estate.front(balancer, front.address()), &eni.vpc, own);
        let (sure, may, doubts) = split(&way_back(balancer, back));
        band = band.and(&Band::sources(&sure, &may, &doubts));
    }
    band
}

/// The same for packets from premises.
fn abroad<A: Family>(reader: &Reader<'_>, premises: &Premises, balancer: &Balancer, front: A) -> Band<A> {
    let Some(up) = state::<A>(premises) else { return Band::closed() };
    let inside = Inside::<A>::new(reader);
    let (own, here) = (reader.estate.front(balancer, front.address()), Ranges::one(front));
    let far = inside.far_side(premises);
    let sources: Ranges<A> = far.iter().fold(Ranges::empty(), |all, (part, _)| all.union(part));
    let mut flows = reached(&far, End::Source).and(&reached(&near_side(premises, &here), End::Destination));
    flows = flows.and(&reached(&inside.inward(&own, premises, &here), End::Destination));
    flows = flows.and(&reached(&way_back(balancer, inside.outward(&own, premises, &sources)), End::Source));
    inside.edge_boundaries(&own, premises, flows).and(&inside.handed(premises, Bearing::In)).and(&up).at(front)
}

/// That replies go by the table of the vSwitch that holds the address no document says: where it does not lead back, they
/// may still find their way.
fn way_back<A: Family>(balancer: &Balancer, by_table: Partition<A>) -> Partition<A> {
    let otherwise = Truth::Unknown(missing(format!("the way back from {}", balancer.id)));
    by_table.into_iter().map(|(region, truth)| (region, truth.or(otherwise.clone()))).collect()
}

/// ALB-2. Whether the intra-group policy covers a balancer's groups is not documented: a drop may not hold for a client
/// that shares a basic group whose members reach each other.
fn groups<A: Sided>(finder: &mut Finder<'_, '_>, client: Option<&Eni>, balancer: &Balancer, front: A) -> Arc<Band<A>> {
    let reader = finder.reader;
    if let Some(what) = balancer.vpc.gap() {
        return Side::unknown(missing(what.clone()));
    }
    let side = A::side(&mut finder.sides);
    let groups = side.balancer_groups(reader, balancer, front);
    let own = balancer.groups.known().into_iter().flatten();
    let theirs = client.and_then(|eni| eni.groups.known());
    let mut shared = own.filter(|id| theirs.is_some_and(|groups| groups.contains(id)));
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
fn entering<A: Sided>(
    finder: &mut Finder<'_, '_>,
    client: Option<&Eni>,
    balancer: &Balancer,
    front: A,
) -> Arc<Band<A>> {
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
            _ if client.is_some_and(|eni| eni.vswitch.known() == Some(id)) => side.open(),
            None => Side::unknown(missing(format!("vSwitch {id}"))),
            Some(vswitch) => side.acl(reader, vswitch),
        };
        joined = Some(joined.map_or_else(|| Arc::clone(&one), |all| Arc::new(all.either(&one, &why))));
    }
    joined.unwrap_or_else(|| side.open())
}
