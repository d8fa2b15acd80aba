//! Interface endpoints of PrivateLink and the load balancers of the services that they lead to (network semantics PL-1). An
//! endpoint whose interfaces are not in evidence is left out by name; a configuration, which
//! cannot declare them, has one in each place that it gives the endpoint.

use xiezhi_model::service::ecs::NetworkInterface;
use xiezhi_model::service::privatelink::{Endpoint, EndpointPlace, Service};
use xiezhi_model::{Head, List, Reason, State, Text};
use xiezhi_net::model::{Eni, Id, PrivateEndpoint, Seen};

use super::super::evidence::Listed;
use super::balancers::named;
use super::convert::{Converter, id_of};
use super::interfaces::vpc_of;
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
        let (interfaces, more) = stands(converter, stated);
        all.unread.extend(more.map(|reason| converter.gap(format!("interfaces of {id}"), &reason)));
        let connected = connected(converter, &id, stated);
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

/// The interfaces that nobody listed: one in each place of an endpoint, with the endpoint's own security groups.
pub(super) fn interfaces(converter: &mut Converter<'_>) -> Vec<Eni> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for stated in inventory.all::<Endpoint>().iter().filter(|stated| stated.interfaces.reason().is_some()) {
        let own = id_of(&stated.head);
        let label = converter.label(&own);
        for (at, place) in places(stated).iter().enumerate() {
            let id = place_id(&own, at, place);
            let vswitch = converter.link(&stated.head, "vSwitch", &place.vswitch);
            let vpc = vpc_of(converter, &stated.head, &stated.vpc, &place.vswitch);
            let address = place.address.value().and_then(|text| text.parse().ok());
            let address = address.unwrap_or_else(|| converter.placeholder_for(&id));
            let groups = converter.links(&stated.head, "security groups", &stated.security_groups);
            converter.inherit(&id, label);
            all.push(Eni {
                id,
                instance: None,
                vpc,
                vswitch,
                addresses: vec![address],
                ipv6: Vec::new(),
                public: Vec::new(),
                groups,
            });
        }
    }
    all
}

fn places(endpoint: &Endpoint) -> &[EndpointPlace] {
    endpoint.places.value().map_or(&[][..], |list| list.items.as_slice())
}

fn place_id(endpoint: &Id, at: usize, place: &EndpointPlace) -> Id {
    let zone = place.zone.value().map_or_else(|| at.to_string(), ToString::to_string);
    Id::from(format!("{endpoint}/{zone}"))
}

/// The interfaces of an endpoint, and why there may be more.
fn stands(converter: &Converter<'_>, endpoint: &Endpoint) -> (Vec<Id>, Option<Reason>) {
    let own = id_of(&endpoint.head);
    match (&endpoint.interfaces.state, &endpoint.places.state) {
        (State::Known(List { items, more }), _) => {
            let ids = items.iter().map(|link| converter.follow(&endpoint.head, link)).collect();
            let seen = |link| {
                let link: &xiezhi_model::Link<NetworkInterface> = link;
                converter.inventory.follow_as::<NetworkInterface>(Some(&endpoint.head), &link.target).is_some()
            };
            // One that nobody described may let in what the others refuse.
            let unseen = (!items.iter().all(seen)).then_some(Reason::NotCollected);
            (ids, more.clone().or(unseen))
        }
        (State::Absent, _) => (Vec::new(), None),
        (State::Unknown(_), State::Known(List { items, more })) => {
            let ids = items.iter().enumerate().map(|(at, place)| place_id(&own, at, place)).collect();
            (ids, more.clone())
        }
        (State::Unknown(reason), _) => (Vec::new(), Some(reason.clone())),
    }
}

/// Whether the provider's side accepted it. Source: PrivateLink ListVpcEndpoints `ConnectionStatus`.
pub(super) fn connected(converter: &mut Converter<'_>, id: &Id, endpoint: &Endpoint) -> Seen<bool> {
    match accepted(converter, id, endpoint) {
        true => Seen::Known(true),
        false => converter.seen(id, "state", &endpoint.connection, |word| Ok(word == "connected")),
    }
}

/// Whether nobody has seen the connection yet, and the service accepts every one that it lets ask: so it will be
/// connected. Source: PrivateLink CreateVpcEndpointService `AutoAcceptEnabled`.
fn accepted(converter: &mut Converter<'_>, id: &Id, endpoint: &Endpoint) -> bool {
    let (State::Unknown(Reason::NotInEvidence), Some(link)) = (&endpoint.connection.state, endpoint.service.value())
    else {
        return false;
    };
    let service = converter.inventory.follow_as::<Service>(Some(&endpoint.head), &link.target);
    let Some(service) = service.filter(|service| service.auto_accept.value() == Some(&true)) else { return false };
    converter.rests(id, &service.auto_accept);
    true
}

/// The load balancers of the service; those of somebody else's service are not in evidence.
pub(super) fn behind(converter: &mut Converter<'_>, id: &Id, head: &Head, endpoint: &Endpoint) -> Seen<Vec<Id>> {
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
