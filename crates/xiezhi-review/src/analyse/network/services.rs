//! Public endpoints of managed data services, with their allow-lists (network semantics §7). The port is the product's
//! documented default, since the evidence that is read does not hold it; whether an endpoint is reached does not hang
//! on it.

use xiezhi_model::service::{adb, elasticsearch, gpdb, kafka, mongodb, polardb, rds, redis};
use xiezhi_model::{Fact, List, Resource, Text};
use xiezhi_net::model::{Id, Listing, Service, ServiceEndpoint, net};

use super::SERVICES;
use super::convert::{Converter, each, id_of};

/// The services, and the kinds whose list is not complete.
pub(super) fn services(converter: &mut Converter<'_>) -> Listing<Service> {
    let mut all = Listing { items: Vec::new(), missing: Vec::new() };
    let relational = |engine: &Fact<Text>| match engine.value().map(Text::as_str) {
        Some("sqlserver") => 1433,
        Some("postgresql") => 5432,
        _ => 3306,
    };
    kind::<rds::Instance>(converter, &mut all, |s| (&s.public_endpoint, &s.white_list, relational(&s.engine)));
    kind::<polardb::Cluster>(converter, &mut all, |s| (&s.public_endpoint, &s.white_list, relational(&s.engine)));
    kind::<redis::Instance>(converter, &mut all, |s| (&s.public_endpoint, &s.white_list, 6379));
    kind::<mongodb::Instance>(converter, &mut all, |s| (&s.public_endpoint, &s.white_list, 3717));
    kind::<adb::Cluster>(converter, &mut all, |s| (&s.public_endpoint, &s.white_list, 3306));
    kind::<gpdb::Instance>(converter, &mut all, |s| (&s.public_endpoint, &s.white_list, 5432));
    kind::<elasticsearch::Instance>(converter, &mut all, |s| (&s.public_endpoint, &s.public_white_list, 9200));
    kind::<kafka::Instance>(converter, &mut all, |s| (&s.public_endpoint, &s.internet_white_list, 9093));
    all
}

fn kind<R: Resource>(
    converter: &mut Converter<'_>,
    all: &mut Listing<Service>,
    said: impl Fn(&R) -> (&Fact<bool>, &Fact<List<Text>>, u16),
) {
    for gap in converter.inventory.gaps(R::SCHEMA) {
        let place = [gap.of.as_deref(), gap.region.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        all.missing.push(converter.gap(format!("{SERVICES}: the list of {} {place}", R::SCHEMA.kind), &gap.reason));
    }
    for one in converter.inventory.all::<R>() {
        let id = id_of(one.head());
        let (public, allow, port) = said(one);
        let endpoint = ServiceEndpoint {
            id: Id::from(format!("{id} (public)")),
            public: converter.seen(&id, "public endpoint", public, |on| Ok(*on)),
            address: None,
            vpc: None,
            ports: xiezhi_net::model::Seen::Known(vec![(port, port)]),
            // An absent list admits nobody rather than everybody.
            allow: match converter.seen(&id, "allow-list", allow, |list| each(list, net)) {
                xiezhi_net::model::Seen::Absent => xiezhi_net::model::Seen::Known(Vec::new()),
                seen => seen,
            },
            allow_groups: xiezhi_net::model::Seen::Absent,
        };
        let product = R::SCHEMA.kind.split('.').next().unwrap_or_default().to_owned();
        all.items.push(Service { id, product, endpoints: xiezhi_net::model::Seen::Known(vec![endpoint]) });
    }
}
