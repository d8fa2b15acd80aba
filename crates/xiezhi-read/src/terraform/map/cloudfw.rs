//! Cloud Firewall in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cloud_firewall_*`.

use xiezhi_model::service::cloudfw::{Firewall, Policy};
use xiezhi_model::{Fact, List, Reason, Text};

use crate::api::cloudfw::ports;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::lower;

/// The resource types of Cloud Firewall.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_cloud_firewall_instance", kind: Some(Firewall::SCHEMA), read: instance },
    Block { name: "alicloud_cloud_firewall_instance_v2", kind: Some(Firewall::SCHEMA), read: instance },
    Block { name: "alicloud_cloud_firewall_ips_config", kind: None, read: ips },
    Block { name: "alicloud_cloud_firewall_control_policy", kind: Some(Policy::SCHEMA), read: policy },
];

const POLICY: &str = "terraform-provider-alicloud r/cloud_firewall_control_policy";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |firewall: &mut Firewall| {
        firewall.active = f.known(true);
        firewall.edition = f.text("spec");
        firewall.log_service = f.bool("cfw_log");
        firewall.auto_protection = f.bool("auto_asset_protection");
    });
}

fn ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let switch = |path: &str| f.int(path).map(|value| value == 1);
    sink.one(f, |firewall: &mut Firewall| {
        // Intrusion prevention is part of a firewall in use.
        firewall.active = f.known(true);
        firewall.ips_blocks = switch("run_mode");
        firewall.ips_basic_rules = switch("basic_rules");
        firewall.ips_threat_intelligence = switch("cti_rules");
        firewall.ips_virtual_patches = switch("patch_rules");
    });
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("acl_uuid"), |policy: &mut Policy| {
        policy.head.name = f.text("description");
        policy.direction = f.text("direction").map(|word| word.to_ascii_lowercase());
        policy.action = f.text("acl_action").map(|word| word.to_ascii_lowercase());
        policy.protocol = f.text("proto").map(|word| word.to_ascii_lowercase());
        policy.application = f.opt_text("application_name");
        policy.source = f.text("source");
        policy.source_cidrs = ranges(f, "source", "source_type");
        policy.destination = f.text("destination");
        policy.destination_cidrs = ranges(f, "destination", "destination_type");
        policy.ports = match f.plain("dest_port_type") {
            Some("group") => f.unknown(Reason::not_understood("the ports of a port book")),
            _ if f.has("dest_port") => ports(f.text("dest_port")),
            _ => f.known(List::complete(vec!["0/0".into()])),
        };
        policy.order = f.int("order");
        policy.enabled = f.bool_or("release", true, POLICY);
        policy.repeat = lower(f.text_or("repeat_type", "Permanent", POLICY));
    });
}

fn ranges(f: &Fields<'_>, side: &str, kind: &str) -> Fact<List<Text>> {
    match f.plain(kind) {
        Some("net") => f.texts(side),
        Some(kind) => f.unknown(Reason::not_understood(format!("the addresses behind a `{kind}`"))),
        None => f.unknown(Reason::NotInEvidence),
    }
}
