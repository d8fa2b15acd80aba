//! Anti-DDoS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ddoscoo_*` and `ddosbgp_*`.

use xiezhi_model::service::ddos::{Domain, Instance, OriginInstance, PortRule, PublicAddress};
use xiezhi_model::{List, Reason, State};

use super::waf::servers;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::target;

/// The resource types of Anti-DDoS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ddoscoo_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_ddoscoo_domain_resource", kind: Some(Domain::SCHEMA), read: domain },
    Block { name: "alicloud_ddoscoo_port", kind: Some(PortRule::SCHEMA), read: port },
    Block { name: "alicloud_ddosbgp_instance", kind: Some(OriginInstance::SCHEMA), read: origin_instance },
    Block { name: "alicloud_ddos_bgp_instance", kind: Some(OriginInstance::SCHEMA), read: origin_instance },
    Block { name: "alicloud_ddosbgp_ip", kind: None, read: origin_address },
    Block { name: "alicloud_ddos_basic_defense_threshold", kind: Some(PublicAddress::SCHEMA), read: threshold },
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("name");
        instance.active = f.known(true);
    });
}

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domain"), |domain: &mut Domain| {
        domain.head.name = f.text("domain");
        domain.domain = f.text("domain");
        domain.cname = f.text("cname");
        domain.origins = servers(f, "real_servers");
        // A rule that is made forwards and scrubs; only the console switches it off.
        domain.protected = f.known(true);
    });
}

fn port(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |rule: &mut PortRule| {
        rule.instance = f.text("instance_id");
        rule.protocol = f.text("frontend_protocol").map(|protocol| protocol.to_ascii_lowercase());
        rule.port = f.int("frontend_port");
        rule.origins = f.texts("real_servers");
    });
}

fn origin_instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut OriginInstance| {
        instance.head.name = f.text(if f.has("instance_name") { "instance_name" } else { "name" });
        instance.active = f.known(true);
        instance.addresses = documented("terraform-provider-alicloud r/ddosbgp_ip").known(List::complete(vec![]));
    });
}

fn origin_address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = match target(f.link::<OriginInstance>("ip")).state {
        State::Known(ip) => (vec![ip], None),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason)),
    };
    let target = f.link("instance_id");
    sink.append(&target, |instance: &mut OriginInstance| &mut instance.addresses, items, more);
}

/// A threshold that somebody set: `defense` from which on traffic is scrubbed, `blackhole` from which on the address is
/// given up. Source: terraform-provider-alicloud r/ddos_basic_defense_threshold.
fn threshold(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |public: &mut PublicAddress| {
        public.instance = target(f.link::<PublicAddress>("instance_id"));
        public.product = f.text("instance_type");
        public.ip = match f.has("internet_ip") {
            true => target(f.link::<PublicAddress>("internet_ip")),
            false => public.instance.clone().try_map(|one| match one.contains('#') {
                true => Ok(one),
                false => Err(Reason::NotInEvidence),
            }),
        };
        match f.plain("ddos_type") {
            Some("defense") => public.scrubbing_mbps = f.int("bps"),
            Some("blackhole") => public.blackhole_mbps = f.int("bps"),
            _ => {}
        }
    });
}
