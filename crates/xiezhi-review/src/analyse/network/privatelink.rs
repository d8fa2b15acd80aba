//! Interface endpoints of PrivateLink and the load balancers of the services that they lead to (network semantics PL-1). An
//! endpoint whose interfaces are not in evidence is left out by name.

use xiezhi_model::service::privatelink::{Endpoint, Service};
use xiezhi_model::{Head, List, Reason, State, Text};
use xiezhi_net::model::{Id, PrivateEndpoint, Seen};

use super::super::evidence::Listed;
use super::balancers::named;
use super::convert::{Converter, id_of};
use super::links::Read;

/// The endpoints of the estate.
pub(super) fn endpoints(converter: &mut Converter<'_>) -> Read<PrivateEndpoint> {
    let inventory = converter.inventory;
    let mut all = Read { items: Vec::new(), unread: Vec::new() };
    for stated in inventory.all::<Endpoint>() {
        let id = id_of(&stated.head);
        match &stated.endpoint_type.state {
            State::Known(kind) if kind == "interface" => {}
            // Gateway load balancer endpoints are next hops of routes, and reverse ones lead the other way.
            State::Known(_) => continue,
            State::Absent => all.unread.push(converter.gap(format!("the kind of {id}"), &Reason::NotInEvidence)),
            State::Unknown(reason) => all.unread.push(converter.gap(format!("the kind of {id}"), reason)),
        }
        let mut interfaces = Vec::new();
        let more = match &stated.interfaces.state {
            State::Known(List { items, more }) => {
                interfaces.extend(items.iter().map(|link| converter.follow(&stated.head, link)));
                more.clone()
            }
            State::Absent => None,
            State::Unknown(reason) => Some(reason.clone()),
        };
        all.unread.extend(more.map(|reason| converter.gap(format!("interfaces of {id}"), &reason)));
        // Source: PrivateLink ListVpcEndpoints `ConnectionStatus`.
        let connected = converter.seen(&id, "state", &stated.connection, |word| Ok(word == "connected"));
        let service = match (stated.service.value(), stated.service_name.value()) {
            (Some(link), _) => converter.follow(&stated.head, link),
            (None, Some(name)) => Id::from(name.as_str()),
            (None, None) => Id::from(format!("service of {id}")),
        };
        let balancers = behind(converter, &id, &stated.head, stated);
        all.items.push(PrivateEndpoint { id, interfaces, service, connected, balancers });
    }
    all
}

/// The load balancers of the service; those of somebody else's service are not in evidence.
fn behind(converter: &mut Converter<'_>, id: &Id, head: &Head, endpoint: &Endpoint) -> Seen<Vec<Id>> {
    let service = match &endpoint.service.state {
        State::Known(link) => converter.inventory.follow_as::<Service>(Some(head), &link.target),
        State::Absent | State::Unknown(_) => None,
    };
    let Some(service) = service else {
        // Once every service of the estate was listed it is somebody else's, and leads to no load balancer here.
        let listed = Listed::of::<Service>(converter.inventory);
        return match listed.gap(head).cloned() {
            None => Seen::Known(Vec::new()),
            Some(reason) => Seen::Missing(converter.gap(format!("what stands behind {id}"), &reason)),
        };
    };
    let of = id_of(&service.head);
    let resources: &List<Text> = match &service.resources.state {
        State::Known(list) => list,
        State::Absent => return Seen::Known(Vec::new()),
        State::Unknown(reason) => return Seen::Missing(converter.gap(format!("load balancers of {of}"), reason)),
    };
    if let Some(reason) = &resources.more {
        return Seen::Missing(converter.gap(format!("load balancers of {of}"), reason));
    }
    let mut ids: Vec<Id> = resources.items.iter().map(|name| named(converter, &service.head, name)).collect();
    ids.sort_unstable();
    ids.dedup();
    Seen::Known(ids)
}
