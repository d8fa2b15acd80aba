//! Cloud Firewall in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cloud_firewall_*`.

use xiezhi_model::service::cloudfw::{
    CenFirewall, ExpressFirewall, Firewall, NatFirewall, NatPolicy, Policy, TransitFirewall, VpcPolicy,
};
use xiezhi_model::service::vpc::Vpc;
use xiezhi_model::{Fact, List, Reason, Text};

use crate::api::cloudfw::{applications, ports};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, target};

/// The resource types of Cloud Firewall.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_cloud_firewall_instance", kind: Some(Firewall::SCHEMA), read: instance },
    Block { name: "alicloud_cloud_firewall_instance_v2", kind: Some(Firewall::SCHEMA), read: instance },
    Block { name: "alicloud_cloud_firewall_ips_config", kind: None, read: ips },
    Block { name: "alicloud_cloud_firewall_control_policy", kind: Some(Policy::SCHEMA), read: policy },
    Block { name: "alicloud_cloud_firewall_policy_advanced_config", kind: None, read: advanced },
    Block { name: "alicloud_cloud_firewall_vpc_firewall_cen", kind: Some(CenFirewall::SCHEMA), read: cen_firewall },
    Block { name: "alicloud_cloud_firewall_vpc_firewall", kind: Some(ExpressFirewall::SCHEMA), read: express_firewall },
    Block {
        name: "alicloud_cloud_firewall_vpc_cen_tr_firewall",
        kind: Some(TransitFirewall::SCHEMA),
        read: transit_firewall,
    },
    Block {
        name: "alicloud_cloud_firewall_vpc_firewall_control_policy",
        kind: Some(VpcPolicy::SCHEMA),
        read: vpc_policy,
    },
    Block { name: "alicloud_cloud_firewall_nat_firewall", kind: Some(NatFirewall::SCHEMA), read: nat_firewall },
    Block {
        name: "alicloud_cloud_firewall_nat_firewall_control_policy",
        kind: Some(NatPolicy::SCHEMA),
        read: nat_policy,
    },
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

fn advanced(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |firewall: &mut Firewall| firewall.strict = f.flag("internet_switch", &["on"], &["off"]));
}

fn cen_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("vpc_firewall_id"), |firewall: &mut CenFirewall| {
        firewall.head.name = f.text("vpc_firewall_name");
        firewall.vpc = f.link("local_vpc.network_instance_id");
        firewall.cen = target(f.link::<Vpc>("cen_id"));
        firewall.active = f.flag("status", &["open"], &["close"]);
    });
}

fn express_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("vpc_firewall_id"), |firewall: &mut ExpressFirewall| {
        firewall.head.name = f.text("vpc_firewall_name");
        firewall.vpc = f.link("local_vpc.vpc_id");
        firewall.peer_vpc = f.link("peer_vpc.vpc_id");
        firewall.active = f.flag("status", &["open"], &["close"]);
    });
}

fn transit_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |firewall: &mut TransitFirewall| {
        firewall.head.name = f.text("firewall_name");
        firewall.transit_router = target(f.link::<Vpc>("transit_router_id"));
        // A declared firewall is created switched on unless the route policies leave everything beside it.
        firewall.active = f.unknown(Reason::NotInEvidence);
    });
}

fn vpc_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/cloud_firewall_vpc_firewall_control_policy";
    sink.put(f, f.text("acl_uuid"), |policy: &mut VpcPolicy| {
        policy.head.name = f.text("description");
        policy.firewall = target(f.link::<Vpc>("vpc_firewall_id"));
        policy.action = f.text("acl_action").map(|word| word.to_ascii_lowercase());
        policy.protocol = f.text("proto").map(|word| word.to_ascii_lowercase());
        policy.application = f.opt_text("application_name");
        policy.source_cidrs = ranges(f, "source", "source_type");
        policy.destination_cidrs = ranges(f, "destination", "destination_type");
        policy.ports = policy_ports(f);
        policy.order = f.int("order");
        policy.enabled = f.bool_or("release", true, PAGE);
        policy.repeat = lower(f.text_or("repeat_type", "Permanent", PAGE));
    });
}

fn nat_firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |firewall: &mut NatFirewall| {
        firewall.head.name = f.text("proxy_name");
        firewall.gateway = f.link("nat_gateway_id");
        // `status` is what stands at last; `firewall_switch` is only asked for when it is made. Without both no page says.
        let switch = if f.has("status") { "status" } else { "firewall_switch" };
        firewall.active = match f.has(switch) {
            true => f.flag(switch, &["normal", "open"], &["closed", "close"]),
            false => f.unknown(Reason::NotInEvidence),
        };
        // Source: help centre, "Create an access control policy for a NAT firewall": loose unless it is switched.
        let mode = f.int_or("strict_mode", 0, "Cloud Firewall, Create an access control policy for a NAT firewall");
        firewall.strict = mode.map(|mode| mode == 1);
    });
}

fn nat_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/cloud_firewall_nat_firewall_control_policy";
    sink.put(f, f.text("acl_uuid"), |policy: &mut NatPolicy| {
        policy.head.name = f.text("description");
        policy.gateway = f.link("nat_gateway_id");
        policy.action = f.text("acl_action").map(|word| word.to_ascii_lowercase());
        policy.protocol = f.text("proto").map(|word| word.to_ascii_lowercase());
        policy.application = applications(f.texts("application_name_list"));
        policy.source_cidrs = ranges(f, "source", "source_type");
        policy.destination_cidrs = ranges(f, "destination", "destination_type");
        policy.ports = policy_ports(f);
        policy.order = f.int("new_order");
        policy.enabled = f.bool_or("release", true, PAGE);
        // The page calls the API's `Permanent` `Permit`.
        let repeat = lower(f.text_or("repeat_type", "Permanent", PAGE));
        policy.repeat = repeat.map(|word| if word == "permit" { "permanent".into() } else { word });
    });
}

fn policy_ports(f: &Fields<'_>) -> Fact<List<Text>> {
    match f.plain("dest_port_type") {
        Some("group") => f.unknown(Reason::not_understood("the ports of a port book")),
        _ if f.has("dest_port") => ports(f.text("dest_port")),
        _ => f.known(List::complete(vec!["0/0".into()])),
    }
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
        policy.ports = policy_ports(f);
        policy.ip_version = f.text_or("ip_version", "4", POLICY).map(|version| format!("ipv{version}").into());
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
