//! Function Compute in ROS templates. Source: ROS documentation, `ALIYUN::FC::*`, `ALIYUN::FC3::*`.

use xiezhi_model::Link;
use xiezhi_model::service::fc::{CustomDomain, Function, Service, Trigger};
use xiezhi_model::service::ram::Role;

use crate::api::fc::{config, environment, fill_trigger, known, protocols};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::target;

/// The resource types of Function Compute.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::FC::Service", kind: Some(Service::SCHEMA), read: service },
    Block { name: "ALIYUN::FC::Function", kind: Some(Function::SCHEMA), read: function_2 },
    Block { name: "ALIYUN::FC::Trigger", kind: Some(Trigger::SCHEMA), read: trigger },
    Block { name: "ALIYUN::FC::CustomDomain", kind: Some(CustomDomain::SCHEMA), read: custom_domain },
    Block { name: "ALIYUN::FC3::Function", kind: Some(Function::SCHEMA), read: function },
    Block { name: "ALIYUN::FC3::Trigger", kind: Some(Trigger::SCHEMA), read: trigger },
    Block { name: "ALIYUN::FC3::CustomDomain", kind: Some(CustomDomain::SCHEMA), read: custom_domain },
];

fn settings(f: &Fields<'_>, service: &mut Service, page: &str) {
    service.role = target(f.link::<Role>("Role"));
    service.internet_access = f.bool_or("InternetAccess", true, page);
    service.vpc = f.opt_text("VpcConfig.VpcId");
    service.log_project = f.opt_text("LogConfig.Project");
    service.logstore = f.opt_text("LogConfig.Logstore");
}

fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServiceName"), |service: &mut Service| {
        service.head.name = f.text("ServiceName");
        service.version = f.known(2);
        settings(f, service, "ROS ALIYUN::FC::Service");
    });
}

fn variables(f: &Fields<'_>) -> xiezhi_model::Fact<bool> {
    if f.has("EnvironmentVariables") {
        environment(f, "EnvironmentVariables")
    } else {
        documented("ROS ALIYUN::FC::Function").known(false)
    }
}

fn function_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("FunctionId"), |function: &mut Function| {
        function.head.name = f.text("FunctionName");
        function.version = f.known(2);
        function.runtime = f.text("Runtime");
        function.service = f.link("ServiceName");
        function.environment_has_access_key = variables(f);
    });
}

fn function(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text("FunctionName");
    sink.put(f, name.clone(), |service: &mut Service| {
        service.head.name = name.clone();
        service.version = f.known(3);
        settings(f, service, "ROS ALIYUN::FC3::Function");
        service.environment_has_access_key = variables(f);
    });
    sink.put(f, name.clone(), |function: &mut Function| {
        function.head.name = name.clone();
        function.version = f.known(3);
        function.runtime = f.text("Runtime");
        function.service = name.map(Link::id);
        function.environment_has_access_key = variables(f);
    });
}

fn trigger(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("TriggerId"), |trigger: &mut Trigger| {
        trigger.head.name = f.text("TriggerName");
        trigger.function = f.text("FunctionName");
        // In templates the words of the configuration begin with capitals or not.
        let path = ["TriggerConfig", "Config"].into_iter().find(|path| f.has(path)).unwrap_or("TriggerConfig");
        let text = config(f, path);
        fill_trigger(trigger, f.text("TriggerType"), &text, f);
        let capital = format!("{path}.AuthType");
        if f.has(&capital) {
            trigger.auth = f.text(&capital);
        }
    });
}

fn custom_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = if f.has("DomainName") { "DomainName" } else { "CustomDomainName" };
    sink.put(f, f.text(name), |domain: &mut CustomDomain| {
        domain.head.name = f.text(name);
        domain.domain = f.text(name);
        domain.protocols = protocols(f, "Protocol");
        domain.certificate = f.opt_text("CertConfig.CertName");
        domain.tls_min = f.opt_text("TlsConfig.MinVersion");
        domain.targets = f
            .opt_records("RouteConfig.Routes", |route| {
                route.text(if route.has("ServiceName") { "ServiceName" } else { "FunctionName" })
            })
            .map(known);
    });
}
