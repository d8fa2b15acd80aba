//! Function Compute in Terraform. Source: terraform-provider-alicloud, `website/docs/r/fc_*` and `fcv3_*`.

use xiezhi_model::service::fc::{CustomDomain, Function, Service, Trigger};
use xiezhi_model::service::ram::Role;
use xiezhi_model::service::vpc::VSwitch;
use xiezhi_model::{Fact, Link, List, Resource, State, Text};

use crate::api::fc::{config, environment, fill_trigger, known, protocols};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::target;

/// The resource types of Function Compute.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_fc_service", kind: Some(Service::SCHEMA), read: service },
    Block { name: "alicloud_fcv3_function", kind: Some(Function::SCHEMA), read: function },
    Block { name: "alicloud_fc_function", kind: Some(Function::SCHEMA), read: function_2 },
    Block { name: "alicloud_fc_trigger", kind: Some(Trigger::SCHEMA), read: trigger_2 },
    Block { name: "alicloud_fcv3_trigger", kind: Some(Trigger::SCHEMA), read: trigger },
    Block { name: "alicloud_fc_custom_domain", kind: Some(CustomDomain::SCHEMA), read: custom_domain_2 },
    Block { name: "alicloud_fcv3_custom_domain", kind: Some(CustomDomain::SCHEMA), read: custom_domain },
];

fn settings(f: &Fields<'_>, service: &mut Service, page: &str) {
    service.role = target(f.link::<Role>("role"));
    service.internet_access = f.bool_or("internet_access", true, page);
    service.vpc = if f.has("vpc_config") {
        // A network is given by its switches; the id of the VPC is often left to the service.
        let vpc = f.opt_text("vpc_config.vpc_id");
        if vpc.is_absent() { first(f.links::<VSwitch>("vpc_config.vswitch_ids")) } else { vpc }
    } else {
        f.absent()
    };
    service.log_project = f.opt_text("log_config.project");
    service.logstore = f.opt_text("log_config.logstore");
}

/// The first resource of a list.
fn first<R: Resource>(links: Fact<List<Link<R>>>) -> Fact<Text> {
    match links.state {
        State::Known(list) => match (list.items.into_iter().next(), list.more) {
            (Some(link), _) => Fact::known(link.target, links.origin),
            (None, Some(reason)) => Fact::unknown(reason, links.origin),
            (None, None) => Fact::absent(links.origin),
        },
        State::Absent => Fact::absent(links.origin),
        State::Unknown(reason) => Fact::unknown(reason, links.origin),
    }
}

fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("name"), |service: &mut Service| {
        service.head.name = f.text("name");
        service.version = f.known(2);
        settings(f, service, "terraform-provider-alicloud r/fc_service");
    });
}

fn function(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text("function_name");
    let variables = if f.has("environment_variables") {
        environment(f, "environment_variables")
    } else {
        documented("terraform-provider-alicloud r/fcv3_function").known(false)
    };
    sink.put(f, name.clone(), |service: &mut Service| {
        service.head.name = name.clone();
        service.version = f.known(3);
        settings(f, service, "terraform-provider-alicloud r/fcv3_function");
        service.environment_has_access_key = variables.clone();
    });
    sink.put(f, name.clone(), |function: &mut Function| {
        function.head.name = name.clone();
        function.version = f.known(3);
        function.runtime = f.text("runtime");
        function.service = name.map(xiezhi_model::Link::id);
        function.environment_has_access_key = variables;
    });
}

fn function_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |function: &mut Function| {
        function.head.name = f.text("name");
        function.version = f.known(2);
        function.runtime = f.text("runtime");
        function.service = f.link("service");
        function.environment_has_access_key = if f.has("environment_variables") {
            environment(f, "environment_variables")
        } else {
            documented("terraform-provider-alicloud r/fc_function").known(false)
        };
    });
}

fn trigger_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |trigger: &mut Trigger| {
        trigger.head.name = f.text("name");
        trigger.function = f.text("function");
        fill_trigger(trigger, f.text("type"), &config(f, "config"), f);
    });
}

fn trigger(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |trigger: &mut Trigger| {
        trigger.head.name = f.text("trigger_name");
        trigger.function = f.text("function_name");
        fill_trigger(trigger, f.text("trigger_type"), &config(f, "trigger_config"), f);
    });
}

fn domain_of(f: &Fields<'_>, domain: &mut CustomDomain, name: &str) {
    domain.head.name = f.text(name);
    domain.domain = f.text(name);
    domain.protocols = protocols(f, "protocol");
    domain.certificate = f.opt_text("cert_config.cert_name");
    domain.tls_min = f.opt_text("tls_config.min_version");
}

fn custom_domain_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domain_name"), |domain: &mut CustomDomain| {
        domain_of(f, domain, "domain_name");
        domain.targets = f.opt_records("route_config", |route| route.text("service_name")).map(known);
    });
}

fn custom_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("custom_domain_name"), |domain: &mut CustomDomain| {
        domain_of(f, domain, "custom_domain_name");
        domain.targets = f.opt_records("route_config.routes", |route| route.text("function_name")).map(known);
    });
}
