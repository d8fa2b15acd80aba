//! Container Registry answers (enterprise edition).

use xiezhi_model::service::cr::{Instance, Repository};
use xiezhi_model::{Link, List};

use super::Call;
use super::fc::known;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Container Registry.
pub const CALLS: &[Call] = &[
    Call::listing("cr", "ListInstance", "Instances", Instance::SCHEMA, instance),
    Call::answer("cr", "GetInstanceEndpoint", endpoint),
    Call::answer("cr", "ListInstanceEndpoint", endpoints),
    Call::answer("cr", "ListScanRule", scan_rules),
    Call::listing("cr", "ListRepository", "Repositories", Repository::SCHEMA, repository),
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        if f.has("RegionId") {
            instance.head.region = f.text("RegionId");
        }
        instance.edition = f.text("InstanceSpecification");
    });
}

fn said(f: &Fields<'_>, instance: &mut Instance) {
    instance.internet_endpoint = f.bool("Enable");
    instance.internet_acl = f.bool("AclEnable");
    instance.internet_acl_entries = f.records("AclEntries", |entry| entry.text("Entry")).map(known);
}

fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    // The parameter says which endpoint; internet is the default. Source: CR, GetInstanceEndpoint `EndpointType`.
    if sink.param("EndpointType").value().is_some_and(|kind| kind != "internet") {
        return;
    }
    let target = sink.param("InstanceId").map(Link::id);
    sink.on(&target, |instance: &mut Instance| said(f, instance));
}

fn endpoints(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("InstanceId").map(Link::id);
    let all = f.each("Endpoints");
    let internet = all.iter().find(|endpoint| endpoint.plain("EndpointType") == Some("internet"));
    sink.on(&target, |instance: &mut Instance| match internet {
        Some(endpoint) => said(endpoint, instance),
        None if f.has("Endpoints") => instance.internet_endpoint = f.known(false),
        None => {}
    });
}

fn scan_rules(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("InstanceId").map(Link::id);
    let rules = super::whole(f, f.records("ScanRules", |rule| rule.text("RuleName"))).map(known);
    sink.on(&target, |instance: &mut Instance| instance.scan_rules = rules);
}

fn repository(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = if f.has("InstanceId") { f.text("InstanceId") } else { sink.param("InstanceId") };
    sink.put(f, f.text("RepoId"), |repository: &mut Repository| {
        repository.head.name = f.text("RepoName");
        repository.instance = target.map(Link::id);
        repository.namespace = f.text("RepoNamespaceName");
        repository.public = f.flag("RepoType", &["PUBLIC"], &["PRIVATE"]);
        repository.tag_immutable = f.bool("TagImmutability");
    });
}

/// No entry at all.
pub(crate) fn none<T>() -> List<T> {
    List::complete(vec![])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn the_endpoint_inside_the_vpc_says_nothing_of_the_internet() {
        let answer = r#"{"Enable":true,"AclEnable":false,"AclEntries":[]}"#;
        let inventory = answers(&[("cr:GetInstanceEndpoint", "InstanceId=cri-1,EndpointType=vpc", answer)]);
        assert!(inventory.all::<Instance>().is_empty());
        let inventory = answers(&[("cr:GetInstanceEndpoint", "InstanceId=cri-1,EndpointType=internet", answer)]);
        let instance: &Instance = only(&inventory);
        assert_eq!((instance.internet_endpoint.value(), instance.internet_acl.value()), (Some(&true), Some(&false)));
    }
}
