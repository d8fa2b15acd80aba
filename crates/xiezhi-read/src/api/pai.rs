//! Platform for AI: model services of EAS (`eas`) in answers.

use xiezhi_model::service::pai::Service;
use xiezhi_model::{Link, List, State};

use super::{Call, whole};
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of EAS.
pub const CALLS: &[Call] = &[
    Call::listing("eas", "ListServices", "Services", Service::SCHEMA, service),
    Call::answer("eas", "ListServiceInstances", copies),
];

fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServiceName"), |service: &mut Service| {
        service.head.name = f.text("ServiceName");
        if f.has("Region") {
            service.head.region = f.text("Region");
        }
        service.replicas = f.int("TotalInstance");
    });
}

fn copies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let zones = whole(f, f.records("Instances", |copy| copy.text("Zone"))).map(|list| {
        let mut zones = List { items: vec![], more: list.more };
        for zone in list.items {
            match zone.state {
                State::Known(zone) if !zones.items.contains(&zone) => zones.items.push(zone),
                State::Known(_) | State::Absent => {}
                State::Unknown(reason) => zones.more = Some(reason),
            }
        }
        zones
    });
    let service = sink.param("ServiceName").map(Link::id);
    sink.on(&service, |service: &mut Service| service.zones = zones);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn the_zones_of_a_service_are_those_of_its_copies() {
        let listed = r#"{"Services":[{"ServiceName":"score","TotalInstance":3}],"TotalCount":1}"#;
        let copies = r#"{"TotalCount":3,"Instances":[{"Zone":"cn-hangzhou-i"},{"Zone":"cn-hangzhou-i"},{"Zone":"cn-hangzhou-j"}]}"#;
        let estate =
            answers(&[("eas:ListServices", "", listed), ("eas:ListServiceInstances", "ServiceName=score", copies)]);
        let service = only::<Service>(&estate);
        assert_eq!(service.replicas.value(), Some(&3));
        assert_eq!(service.zones.value().unwrap().items, ["cn-hangzhou-i", "cn-hangzhou-j"]);
    }
}
