//! To which of its IPsec connections a VPN gateway hands packets (TR-3), as sets.

use std::cmp::Reverse;

use ipnet::IpNet;

use super::fields::Reader;
use super::inside::Inside;
use super::known::{End, Known, reached};
use super::premises::Bearing;
use super::routes::Partition;
use crate::assume::{Truth, missing};
use crate::model::{Door, Id, Premises, Seen, VpnRoute};
use crate::set::{Addresses, Family, Match, Ranges};

impl<A: Family> Inside<'_, '_, A> {
    /// The flows whose packets to the far side the gateway hands to these premises.
    pub(super) fn handed(&self, premises: &Premises, bearing: Bearing) -> Known<A> {
        let net = self.reader.estate.net;
        let Door::Gateway { gateway, .. } = &premises.door else { return Known::everything() };
        if !net.vpns.iter().any(|one| one.id == premises.id) {
            return Known::everything();
        }
        let Some(table) = net.vpn_tables.iter().find(|table| table.gateway == *gateway) else {
            return Known::unknown(missing(format!("VPN routes of {gateway}")));
        };
        let policies = match &table.policies {
            Seen::Known(policies) => policies.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return Known::unknown(missing(what.clone())),
        };
        let rest = match &table.routes {
            Seen::Known(routes) => reached(&by_destination(gateway, routes, premises), bearing.far()),
            Seen::Absent => Known::nothing(),
            Seen::Missing(what) => Known::unknown(missing(what.clone())),
        };
        let flows = |route: &VpnRoute| {
            let side = |end: End| match (end == bearing.far(), route.source) {
                (true, _) => Addresses::from_nets([route.destination]),
                (false, Some(source)) => Addresses::from_nets([source]),
                (false, None) => Addresses::all(),
            };
            Match { source: side(End::Source), destination: side(End::Destination), ..Match::everything() }
        };
        // What no policy names goes by the destination.
        let rest = policies.iter().fold(rest, |rest, route| rest.without(&flows(route)));
        let mut chosen = Known::nothing();
        for route in policies {
            chosen = chosen.or(&Known::exactly(&flows(route)).given(&leads(route, premises)));
        }
        // Of several that match nobody says which decides.
        let open = Truth::Unknown(missing(format!("which route of {gateway} decides")));
        for route in policies.iter().filter(|route| !leads(route, premises).is_yes()) {
            let either = chosen.and(&Known::exactly(&flows(route))).given(&open);
            chosen = chosen.without(&flows(route)).or(&either);
        }
        chosen.or(&rest)
    }
}

fn leads(route: &VpnRoute, premises: &Premises) -> Truth {
    match &route.next {
        Seen::Known(id) => Truth::known(*id == premises.id),
        Seen::Absent => Truth::No,
        Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
    }
}

/// Addresses of the far side by whether the route with the longest prefix leads to premises.
fn by_destination<A: Family>(gateway: &Id, routes: &[VpnRoute], premises: &Premises) -> Partition<A> {
    let mut prefixes: Vec<IpNet> = routes.iter().map(|route| route.destination.trunc()).collect();
    prefixes.sort_by_key(|net| (Reverse(net.prefix_len()), *net));
    prefixes.dedup();
    let (mut rest, mut out) = (Ranges::<A>::all(), Partition::<A>::new());
    for prefix in prefixes {
        let here = rest.intersect(A::of(&Addresses::from_nets([prefix])));
        rest = rest.subtract(&here);
        let mut same = routes.iter().filter(|route| route.destination.trunc() == prefix);
        let first = same.next().map_or(Truth::No, |route| leads(route, premises));
        let truth = same.map(|route| leads(route, premises)).fold(first, |one, other| match one == other {
            true => one,
            false => Truth::Unknown(missing(format!("which route of {gateway} decides"))),
        });
        out.extend(Reader::uniform(&here, truth));
    }
    out
}
