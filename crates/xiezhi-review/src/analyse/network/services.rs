//! Endpoints of managed services with their allow-lists (network semantics §7). Ports are those of the evidence; without
//! any, that a product listens on its documented port is an assumption, and other ports are open. The address of a private endpoint is one of its vSwitch, or of its VPC where the vSwitch is not known.

use std::borrow::Cow;
use std::net::IpAddr;

use ipnet::IpNet;
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::{
    ack, adb, clickhouse, eip, elasticsearch, gpdb, hbase, hologram, kafka, lindorm, mongodb, polardb, rds, redis,
    rocketmq, slb, vpc,
};
use xiezhi_model::{Fact, Head, Link, List, Reason, Resource, State, Text};
use xiezhi_net::model::{Id, IpVersion, Listing, Seen, Service, ServiceEndpoint, net};

use super::SERVICES;
use super::convert::{Converter, each, id_of};

/// What a product says of one endpoint.
struct Said<'a> {
    /// What tells it from the others of the service.
    name: &'static str,
    ports: Ports<'a>,
    /// Whether it is there.
    on: Cow<'a, Fact<bool>>,
    /// Its address, where the evidence has it.
    address: Option<IpAddr>,
    allow: Allow<'a>,
}

/// First and last ports.
type PortRanges = Vec<(u16, u16)>;

/// The ports of an endpoint: the product's documented ones, which are fixed unless the evidence has a field for them.
#[derive(Clone, Copy)]
struct Ports<'a> {
    documented: &'static [(u16, u16)],
    stated: Option<&'a Fact<List<i64>>>,
}

impl<'a> Ports<'a> {
    const fn fixed(documented: &'static [(u16, u16)]) -> Self {
        Self { documented, stated: None }
    }

    const fn of(documented: &'static [(u16, u16)], stated: &'a Fact<List<i64>>) -> Self {
        Self { documented, stated: Some(stated) }
    }

    /// The ports, and those that are assumed when they are not known. A list without any says nothing of an endpoint
    /// that is there.
    fn seen(self, converter: &mut Converter<'_>, id: &Id, name: &str) -> (Seen<PortRanges>, PortRanges) {
        let Some(stated) = self.stated else { return (Seen::Known(self.documented.to_vec()), Vec::new()) };
        let number = |port: &i64| {
            let read = u16::try_from(*port).map_err(|_| Reason::not_understood(format!("the port `{port}`")));
            read.map(|port| (port, port))
        };
        let ports = converter.seen(id, &format!("port of the {name} endpoint"), stated, |list| match &list.more {
            Some(reason) => Err(reason.clone()),
            None if list.items.is_empty() => Err(Reason::NotInEvidence),
            None => list.items.iter().map(number).collect(),
        });
        let ports = match ports {
            Seen::Absent => {
                Seen::Missing(converter.gap(format!("port of the {name} endpoint of {id}"), &Reason::NotInEvidence))
            }
            seen => seen,
        };
        let usual = if ports.gap().is_some() { self.documented.to_vec() } else { Vec::new() };
        (ports, usual)
    }
}

impl<'a> Said<'a> {
    fn public(ports: Ports<'a>, on: &'a Fact<bool>, allow: Allow<'a>) -> Self {
        Self { name: "public", ports, on: Cow::Borrowed(on), address: None, allow }
    }
}

/// Who may use an endpoint.
enum Allow<'a> {
    /// The members of a list; an absent or empty one admits nobody.
    List(&'a Fact<List<Text>>),
    /// The members of a list of which an empty one admits everybody.
    OrAll(&'a Fact<List<Text>>),
    /// What is named is not read.
    Unread(&'static str, Reason),
    /// Something that was looked up.
    Seen(Seen<Vec<IpNet>>),
}

/// Where a service stands inside, and who may use it from there.
struct Inside<'a> {
    vpc: &'a Fact<Link<vpc::Vpc>>,
    vswitches: Vec<&'a Link<vpc::VSwitch>>,
    ports: Ports<'a>,
    allow: Allow<'a>,
    groups: Option<&'a Fact<List<Link<SecurityGroup>>>>,
    /// Its address, where the evidence has it.
    address: Option<IpAddr>,
}

const MYSQL: &[(u16, u16)] = &[(3306, 3306)];
const POSTGRES: &[(u16, u16)] = &[(5432, 5432)];
const SQL_SERVER: &[(u16, u16)] = &[(1433, 1433)];
const REDIS: &[(u16, u16)] = &[(6379, 6379)];
const MONGODB: &[(u16, u16)] = &[(3717, 3717)];
const SEARCH: &[(u16, u16)] = &[(9200, 9200)];
/// Public TLS, and inside plain, SASL and TLS (§11.4).
const KAFKA: &[(u16, u16)] = &[(9093, 9093)];
const KAFKA_INSIDE: &[(u16, u16)] = &[(9092, 9092), (9094, 9095)];
/// The native protocol and HTTP.
const CLICKHOUSE: &[(u16, u16)] = &[(3306, 3306), (8123, 8123)];
/// HBase's own protocol and Thrift.
const HBASE: &[(u16, u16)] = &[(2181, 2181), (9099, 9099), (30020, 30020)];
/// Time series, HBase, Phoenix, search and MySQL protocols.
const LINDORM: &[(u16, u16)] = &[(8242, 8242), (30020, 30020), (30060, 30060), (30070, 30070), (33060, 33060)];
/// Remoting and gRPC.
const ROCKETMQ: &[(u16, u16)] = &[(8080, 8081)];

fn relational(engine: &Fact<Text>) -> &'static [(u16, u16)] {
    match engine.value().map(Text::as_str) {
        Some("sqlserver") => SQL_SERVER,
        Some("postgresql" | "oracle") => POSTGRES,
        _ => MYSQL,
    }
}

fn public<'a>(ports: Ports<'a>, on: &'a Fact<bool>, list: &'a Fact<List<Text>>) -> Said<'a> {
    Said::public(ports, on, Allow::List(list))
}

fn in_vpc<'a>(vpc: &'a Fact<Link<vpc::Vpc>>, ports: Ports<'a>, list: &'a Fact<List<Text>>) -> Option<Inside<'a>> {
    Some(Inside { vpc, vswitches: Vec::new(), ports, allow: Allow::List(list), groups: None, address: None })
}

/// The address of a list of one. A list of several does not say which of them an endpoint has.
fn only_address(list: &Fact<List<Text>>) -> Option<IpAddr> {
    let list = list.value().filter(|list| list.more.is_none())?;
    let [address] = list.items.as_slice() else { return None };
    address.parse().ok()
}

fn one(vswitch: &Fact<Link<vpc::VSwitch>>) -> Vec<&Link<vpc::VSwitch>> {
    vswitch.value().into_iter().collect()
}

/// The services, and the kinds whose list is not complete.
pub(super) fn services(converter: &mut Converter<'_>) -> Listing<Service> {
    let mut all = Listing { items: Vec::new(), missing: Vec::new() };
    kind::<rds::Instance>(converter, &mut all, |_, s| {
        let usual = relational(&s.engine);
        // DB-2: where lists are kept apart by network, the evidence that is read does not say which entry is for which.
        let apart = s.isolation_mode.value().is_some_and(|mode| mode == "safety");
        let allow = || match apart {
            true => Allow::Unread("for which network each entry of the white list is", Reason::NotInEvidence),
            false => Allow::List(&s.white_list),
        };
        let vswitches = s.vswitches.value().into_iter().flat_map(|list| &list.items).collect();
        let ports = Ports::of(usual, &s.private_ports);
        let address = only_address(&s.private_addresses);
        let inside =
            Inside { vpc: &s.vpc, vswitches, ports, allow: allow(), groups: Some(&s.security_groups), address };
        let said = Said::public(Ports::of(usual, &s.public_ports), &s.public_endpoint, allow());
        (vec![Said { address: only_address(&s.public_addresses), ..said }], Some(inside))
    });
    kind::<polardb::Cluster>(converter, &mut all, |_, s| {
        let (usual, allow) = (relational(&s.engine), Allow::List(&s.white_list));
        let ports = Ports::of(usual, &s.private_ports);
        let inside = Inside {
            vpc: &s.vpc,
            vswitches: one(&s.vswitch),
            ports,
            allow,
            groups: Some(&s.security_groups),
            address: None,
        };
        (vec![public(Ports::of(usual, &s.public_ports), &s.public_endpoint, &s.white_list)], Some(inside))
    });
    kind::<redis::Instance>(converter, &mut all, |_, s| {
        let (vswitches, allow) = (one(&s.vswitch), Allow::List(&s.white_list));
        let ports = Ports::of(REDIS, &s.private_ports);
        let inside = Inside { vpc: &s.vpc, vswitches, ports, allow, groups: Some(&s.security_groups), address: None };
        (vec![public(Ports::of(REDIS, &s.public_ports), &s.public_endpoint, &s.white_list)], Some(inside))
    });
    kind::<mongodb::Instance>(converter, &mut all, |_, s| {
        let (vswitches, allow) = (one(&s.vswitch), Allow::List(&s.white_list));
        let ports = Ports::of(MONGODB, &s.private_ports);
        let inside = Inside { vpc: &s.vpc, vswitches, ports, allow, groups: Some(&s.security_groups), address: None };
        (vec![public(Ports::of(MONGODB, &s.public_ports), &s.public_endpoint, &s.white_list)], Some(inside))
    });
    kind::<adb::Cluster>(converter, &mut all, |_, s| {
        let inside = in_vpc(&s.vpc, Ports::of(MYSQL, &s.private_ports), &s.white_list);
        (vec![public(Ports::of(MYSQL, &s.public_ports), &s.public_endpoint, &s.white_list)], inside)
    });
    kind::<gpdb::Instance>(converter, &mut all, |_, s| {
        let inside = in_vpc(&s.vpc, Ports::of(POSTGRES, &s.private_ports), &s.white_list);
        (vec![public(Ports::of(POSTGRES, &s.public_ports), &s.public_endpoint, &s.white_list)], inside)
    });
    kind::<clickhouse::Cluster>(converter, &mut all, |_, s| {
        let ports = Ports::fixed(CLICKHOUSE);
        (vec![public(ports, &s.public_endpoint, &s.white_list)], in_vpc(&s.vpc, ports, &s.white_list))
    });
    kind::<hbase::Cluster>(converter, &mut all, |_, s| {
        let inside = in_vpc(&s.vpc, Ports::of(HBASE, &s.private_ports), &s.white_list);
        (vec![public(Ports::of(HBASE, &s.public_ports), &s.public_endpoint, &s.white_list)], inside)
    });
    kind::<lindorm::Instance>(converter, &mut all, |_, s| {
        let inside = in_vpc(&s.vpc, Ports::of(LINDORM, &s.private_ports), &s.white_list);
        (vec![public(Ports::of(LINDORM, &s.public_ports), &s.public_endpoint, &s.white_list)], inside)
    });
    let unread = || Allow::Unread("the white list of private addresses", Reason::NotInEvidence);
    kind::<elasticsearch::Instance>(converter, &mut all, |_, s| {
        let kibana = Said {
            name: "kibana",
            ports: Ports::fixed(&[(5601, 5601)]),
            on: Cow::Borrowed(&s.kibana_public),
            address: None,
            allow: Allow::List(&s.kibana_white_list),
        };
        let (vswitches, allow) = (one(&s.vswitch), unread());
        let inside = Inside { vpc: &s.vpc, vswitches, ports: Ports::fixed(SEARCH), allow, groups: None, address: None };
        (vec![public(Ports::fixed(SEARCH), &s.public_endpoint, &s.public_white_list), kibana], Some(inside))
    });
    kind::<kafka::Instance>(converter, &mut all, |_, s| {
        let (vswitches, allow) = (one(&s.vswitch), unread());
        let inside =
            Inside { vpc: &s.vpc, vswitches, ports: Ports::fixed(KAFKA_INSIDE), allow, groups: None, address: None };
        (vec![public(Ports::fixed(KAFKA), &s.public_endpoint, &s.internet_white_list)], Some(inside))
    });
    // RocketMQ CreateInstance `internetInfo.ipWhitelist`: an empty list admits everybody.
    kind::<rocketmq::Instance>(converter, &mut all, |_, s| {
        let allow = Allow::OrAll(&s.internet_white_list);
        (vec![Said::public(Ports::fixed(ROCKETMQ), &s.public_endpoint, allow)], None)
    });
    // Hologres lists the networks with an endpoint; its white list is not read.
    kind::<hologram::Instance>(converter, &mut all, |_, s| {
        let on = s.endpoints.clone().try_map(|list| {
            let found = list.items.iter().any(|network| network.eq_ignore_ascii_case("internet"));
            list.more.filter(|_| !found).map_or(Ok(found), Err)
        });
        let allow = Allow::Unread("the white list", Reason::NotInEvidence);
        let said = Said { name: "public", ports: Ports::fixed(&[(80, 80)]), on: Cow::Owned(on), address: None, allow };
        (vec![said], None)
    });
    // ACK-1: the API server stands behind a load balancer, whose listener's access control is its white list.
    kind::<ack::Cluster>(converter, &mut all, |converter, cluster| {
        let address = api_address(cluster);
        let allow = match address.and_then(|address| api_access(converter, &cluster.head, address)) {
            Some(seen) => Allow::Seen(seen),
            None => Allow::Unread("access control of the API server's load balancer", Reason::NotCollected),
        };
        let on = Cow::Borrowed(&cluster.public_api);
        (vec![Said { name: "API server", ports: Ports::fixed(API_SERVER), on, address, allow }], None)
    });
    all
}

/// The port on which API servers are published.
const API_SERVER: &[(u16, u16)] = &[(6443, 6443)];

/// The public address in `https://47.1.2.3:6443`.
fn api_address(cluster: &ack::Cluster) -> Option<IpAddr> {
    let text = cluster.public_endpoint.value()?;
    let host = text.split("://").last()?;
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whom the listener behind a public address admits; `None` when it is not in evidence.
fn api_access(converter: &mut Converter<'_>, from: &Head, address: IpAddr) -> Option<Seen<Vec<IpNet>>> {
    let inventory = converter.inventory;
    let is = |fact: &Fact<Text>| fact.value().and_then(|text| text.parse::<IpAddr>().ok()) == Some(address);
    let bound = inventory.all::<eip::Eip>().iter().find(|eip| is(&eip.address));
    let balancer = match bound {
        Some(eip) => inventory.follow_as::<slb::LoadBalancer>(Some(&eip.head), eip.bound_to.value()?),
        None => inventory.all::<slb::LoadBalancer>().iter().find(|balancer| is(&balancer.address)),
    }?;
    let own = id_of(&balancer.head);
    let listener = inventory.all::<slb::Listener>().iter().find(|listener| {
        listener.port.value() == Some(&i64::from(API_SERVER.first().map_or(0, |(port, _)| *port)))
            && listener.load_balancer.value().map(|link| converter.follow(&listener.head, link)).as_ref() == Some(&own)
    })?;
    let id = id_of(from);
    let on = converter.seen(&id, "access control of the API server", &listener.acl_enabled, |on| Ok(*on));
    Some(match (on, listener.acl_type.value().map(Text::as_str)) {
        (Seen::Known(false) | Seen::Absent, _) => Seen::Absent,
        (Seen::Missing(what), _) => Seen::Missing(what),
        (Seen::Known(true), Some("white")) => {
            let mut nets = Vec::new();
            let lists = listener.acls.value().into_iter().flat_map(|list| &list.items);
            for link in lists {
                let acl = inventory.follow_as::<slb::Acl>(Some(&listener.head), &link.target)?;
                match converter.seen(&id_of(&acl.head), "entries", &acl.entries, |list| each(list, net)) {
                    Seen::Known(more) => nets.extend(more),
                    Seen::Absent => {}
                    Seen::Missing(what) => return Some(Seen::Missing(what)),
                }
            }
            // CLB-3: an enabled white list without entries forwards everything.
            if nets.is_empty() { Seen::Absent } else { Seen::Known(nets) }
        }
        (Seen::Known(true), _) => return None,
    })
}

/// An entry of a white list. Source of `%`: "Set whitelist" of RDS (2017) and CreateShardingDBInstance of MongoDB, which
/// give it the meaning of `0.0.0.0/0`.
fn entry(text: &str) -> Option<IpNet> {
    if text.trim() == "%" { net("0.0.0.0/0") } else { net(text.trim()) }
}

/// The families of which a list holds the zero address without a prefix, which is one address to a reader of prefixes
/// and, in old exports, everybody (DB-1).
fn bare(allow: &Allow<'_>) -> Vec<IpVersion> {
    let (Allow::List(fact) | Allow::OrAll(fact)) = allow else { return Vec::new() };
    let entries = || fact.value().into_iter().flat_map(|list| &list.items);
    let holds = |zero: &str| entries().any(|entry| entry.trim() == zero);
    [("0.0.0.0", IpVersion::V4), ("::", IpVersion::V6)]
        .into_iter()
        .filter_map(|(zero, version)| holds(zero).then_some(version))
        .collect()
}

fn allowed(converter: &mut Converter<'_>, id: &Id, allow: Allow<'_>) -> Seen<Vec<IpNet>> {
    let list = |converter: &mut Converter<'_>, fact: &Fact<List<Text>>| {
        converter.seen(id, "allow-list", fact, |list| each(list, entry))
    };
    match allow {
        // An absent list admits nobody rather than everybody.
        Allow::List(fact) => match list(converter, fact) {
            Seen::Absent => Seen::Known(Vec::new()),
            seen => seen,
        },
        Allow::OrAll(fact) => match list(converter, fact) {
            Seen::Known(nets) if nets.is_empty() => Seen::Absent,
            seen => seen,
        },
        Allow::Unread(what, reason) => Seen::Missing(converter.gap(format!("{what} of {id}"), &reason)),
        Allow::Seen(seen) => seen,
    }
}

fn kind<R: Resource>(
    converter: &mut Converter<'_>,
    all: &mut Listing<Service>,
    mut said: impl for<'a> FnMut(&mut Converter<'_>, &'a R) -> (Vec<Said<'a>>, Option<Inside<'a>>),
) {
    for gap in converter.inventory.gaps(R::SCHEMA) {
        let place = [gap.of.as_deref(), gap.region.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        all.missing.push(converter.gap(format!("{SERVICES}: the list of {} {place}", R::SCHEMA.kind), &gap.reason));
    }
    let inventory = converter.inventory;
    for one in inventory.all::<R>() {
        let id = id_of(one.head());
        let (public, inside) = said(converter, one);
        let mut endpoints = Vec::new();
        for said in public {
            let (ports, usual) = said.ports.seen(converter, &id, said.name);
            endpoints.push(ServiceEndpoint {
                id: Id::from(format!("{id} ({})", said.name)),
                public: converter.seen(&id, &format!("{} endpoint", said.name), &said.on, |on| Ok(*on)),
                address: said.address,
                within: Vec::new(),
                vpc: None,
                ports,
                usual,
                bare: bare(&said.allow),
                allow: allowed(converter, &id, said.allow),
                allow_groups: Seen::Absent,
            });
        }
        if let Some(inside) = inside {
            endpoints.extend(private(converter, one.head(), inside));
        }
        let product = R::SCHEMA.kind.split('.').next().unwrap_or_default().to_owned();
        all.items.push(Service { id, product, endpoints: Seen::Known(endpoints) });
    }
}

/// The endpoint inside a VPC; none in the classic network.
fn private(converter: &mut Converter<'_>, head: &Head, inside: Inside<'_>) -> Option<ServiceEndpoint> {
    let id = id_of(head);
    let inventory = converter.inventory;
    // A source that names the vSwitch only means the VPC by it.
    let by_vswitch = inside.vswitches.first().and_then(|link| {
        let vswitch = inventory.follow_as::<vpc::VSwitch>(Some(head), &link.target)?;
        converter.link(&vswitch.head, "VPC", &vswitch.vpc).known().cloned()
    });
    let vpc = match &inside.vpc.state {
        State::Known(link) => Some(converter.follow(head, link)),
        State::Absent if by_vswitch.is_none() => return None,
        State::Absent | State::Unknown(_) => by_vswitch,
    };
    let mut within: Vec<IpNet> = Vec::new();
    for link in &inside.vswitches {
        let vswitch = inventory.follow_as::<vpc::VSwitch>(Some(head), &link.target);
        within.extend(vswitch.and_then(|vswitch| net(vswitch.cidr.value()?)));
    }
    if within.is_empty()
        && let Some(of) = inside.vpc.value().and_then(|link| inventory.follow_as::<vpc::Vpc>(Some(head), &link.target))
    {
        let more = of.secondary_cidrs.value().into_iter().flat_map(|list| &list.items);
        within.extend(of.cidr.value().into_iter().chain(more).filter_map(|text| net(text)));
    }
    let (ports, usual) = inside.ports.seen(converter, &id, "private");
    Some(ServiceEndpoint {
        id: Id::from(format!("{id} (private)")),
        public: Seen::Known(false),
        address: inside.address,
        within,
        vpc,
        ports,
        usual,
        bare: bare(&inside.allow),
        allow: allowed(converter, &id, inside.allow),
        allow_groups: match inside.groups {
            Some(groups) => converter.links(head, "linked security groups", groups),
            None => Seen::Absent,
        },
    })
}
