//! Endpoints of Gateway Load Balancers, the appliances behind them, and where packets go on (network semantics GWLB-1).

use xiezhi_model::service::gwlb::{Listener, LoadBalancer, ServerGroup};
use xiezhi_model::service::privatelink::Endpoint;
use xiezhi_model::{Reason, State};
use xiezhi_net::model::{Id, InlineEndpoint, Seen};

use super::super::evidence::Listed;

use super::convert::{Converter, id_of};
use super::interfaces::member;
use super::links::{Read, each_vswitch};
use super::privatelink::{behind, connected};
use super::ways::known;

/// The endpoints of the estate. A next hop that is none of them is an appliance of which nothing is known.
pub(super) fn endpoints(converter: &mut Converter<'_>) -> Read<InlineEndpoint> {
    let inventory = converter.inventory;
    let mut items = Vec::new();
    for stated in inventory.all::<Endpoint>() {
        // Source: PrivateLink CreateVpcEndpoint `EndpointType`.
        if stated.endpoint_type.value().is_none_or(|kind| kind != "gatewayloadbalancer") {
            continue;
        }
        let id = id_of(&stated.head);
        let vswitches = converter.seen(&id, "vSwitches", &stated.places, |places| {
            each_vswitch(inventory, &stated.head, places, |place| &place.vswitch)
        });
        let connected = connected(converter, &id, stated);
        let appliances = appliances(converter, &id, stated);
        items.push(InlineEndpoint { id, vswitches, connected, appliances });
    }
    Read { items, unread: Vec::new() }
}

/// The servers behind the service; absent where the service is somebody else's.
fn appliances(converter: &mut Converter<'_>, id: &Id, endpoint: &Endpoint) -> Seen<Vec<Id>> {
    let balancers = match behind(converter, id, &endpoint.head, endpoint) {
        Seen::Known(ids) if ids.is_empty() => return Seen::Absent,
        Seen::Known(ids) => ids,
        gap => return gap,
    };
    let mut all = Vec::new();
    for balancer in balancers {
        match servers(converter, &balancer) {
            Ok(servers) => all.extend(servers),
            Err(reason) => return Seen::Missing(converter.gap(format!("servers behind {balancer}"), &reason)),
        }
    }
    all.sort_unstable();
    all.dedup();
    Seen::Known(all)
}

/// The servers of the groups of a load balancer's listeners.
fn servers(converter: &mut Converter<'_>, balancer: &Id) -> Result<Vec<Id>, Reason> {
    let inventory = converter.inventory;
    let mut found = inventory.all::<LoadBalancer>().iter();
    let found = found.find(|one| id_of(&one.head) == *balancer).ok_or(Reason::NotInEvidence)?;
    if let Some(reason) = Listed::of::<Listener>(inventory).gap_of(&found.head) {
        return Err(reason.clone());
    }
    let mut all = Vec::new();
    for listener in inventory.all::<Listener>() {
        let of = known(&listener.load_balancer, "its load balancer")?;
        if converter.follow(&listener.head, &of) != *balancer {
            continue;
        }
        let link = known(&listener.server_group, "its server group")?;
        let group = inventory.follow_as::<ServerGroup>(Some(&listener.head), &link.target);
        let group = group.ok_or(Reason::NotInEvidence)?;
        let list = match &group.servers.state {
            State::Known(list) => list,
            State::Absent => continue,
            State::Unknown(reason) => return Err(reason.clone()),
        };
        if let Some(reason) = &list.more {
            return Err(reason.clone());
        }
        for server in &list.items {
            all.push(member(converter, &group.head, &known(&server.server, "a server")?));
        }
    }
    Ok(all)
}
