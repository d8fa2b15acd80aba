//! To which of its IPsec connections a VPN gateway hands a packet (TR-3), one packet at a time.

use std::net::IpAddr;

use super::Walk;
use super::filters::Decision;
use super::matching::{Judge, agree, unknown};
use crate::assume::Truth;
use crate::model::{Door, Premises, Seen, VpnRoute};
use crate::set::Flow;

impl Judge<'_> {
    /// The routes of the gateway, for a packet from an address of the cloud side to one of the far side.
    pub(super) fn handed(&self, walk: &mut Walk, to: &Premises, (near, far): (IpAddr, IpAddr), packet: &Flow) {
        let Door::Gateway { gateway, .. } = &to.door else { return };
        if self.estate.net.vpns.iter().any(|one| one.id == to.id) {
            walk.hop(gateway, packet, || self.chosen(gateway, to, near, far));
        }
    }

    fn chosen(&self, gateway: &crate::model::Id, to: &Premises, near: IpAddr, far: IpAddr) -> Decision {
        let Some(table) = self.estate.net.vpn_tables.iter().find(|table| table.gateway == *gateway) else {
            return Decision::new(unknown(format!("VPN routes of {gateway}")), "TR-3", None);
        };
        let leads = |routes: &[&VpnRoute]| {
            let each = routes.iter().map(|route| match &route.next {
                Seen::Known(id) => Truth::known(*id == to.id),
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
            });
            let passes = agree(each, || unknown(format!("which route of {gateway} decides")));
            Decision::new(passes, "TR-3", routes.first().map(|route| &route.id))
        };
        let policies = match &table.policies {
            Seen::Known(policies) => policies.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return Decision::new(unknown(what.clone()), "TR-3", None),
        };
        let from = |route: &VpnRoute| route.source.is_none_or(|net| net.trunc().contains(&near));
        let matching: Vec<&VpnRoute> =
            policies.iter().filter(|route| route.destination.trunc().contains(&far) && from(route)).collect();
        if !matching.is_empty() {
            return leads(&matching);
        }
        let routes = match &table.routes {
            Seen::Known(routes) => routes.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return Decision::new(unknown(what.clone()), "TR-3", None),
        };
        let matching = || routes.iter().filter(|route| route.destination.trunc().contains(&far));
        match matching().map(|route| route.destination.prefix_len()).max() {
            None => Decision::new(Truth::No, "TR-3", None),
            Some(longest) => {
                leads(&matching().filter(|route| route.destination.prefix_len() == longest).collect::<Vec<_>>())
            }
        }
    }
}
