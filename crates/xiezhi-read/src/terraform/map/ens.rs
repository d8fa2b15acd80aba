//! ENS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ens_*`.

use xiezhi_model::List;
use xiezhi_model::service::ecs::Rule;
use xiezhi_model::service::ens::{Instance, SecurityGroup};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, one_item, ports};

/// The resource types of ENS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ens_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_ens_instance_security_group_attachment", kind: None, read: group_attachment },
    Block { name: "alicloud_ens_security_group", kind: Some(SecurityGroup::SCHEMA), read: security_group },
];

const GROUP: &str = "terraform-provider-alicloud r/ens_security_group";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |i: &mut Instance| {
        i.head.name = f.opt_text("instance_name");
        i.public_ips = f.texts("public_ip_addresses");
        i.security_groups = if f.has("security_id") {
            f.links("security_id")
        } else {
            documented("terraform-provider-alicloud r/ens_instance").known(List::complete(vec![]))
        };
        i.status = lower(f.text("status"));
    });
}

fn group_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.link::<SecurityGroup>("security_group_id"));
    sink.append(&f.link("instance_id"), |i: &mut Instance| &mut i.security_groups, items, more);
}

fn security_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut SecurityGroup| {
        g.head.name = f.opt_text("security_group_name");
        g.rules = f.opt_records("permissions", |p| rule(&p));
    });
}

fn rule(p: &Fields<'_>) -> Rule {
    let protocol = lower(p.text("ip_protocol"));
    let direction = lower(p.text("direction"));
    let far = if direction.value().is_some_and(|way| way == "egress") { "dest_cidr_ip" } else { "source_cidr_ip" };
    Rule {
        id: p.absent(),
        policy: lower(p.text_or("policy", "accept", GROUP)),
        priority: p.int_or("priority", 1, GROUP),
        ports: ports(p.text("port_range"), &protocol),
        port_list: p.absent(),
        source_ports: p.absent(),
        cidr: p.opt_text(far),
        ipv6_cidr: p.opt_text(if far == "dest_cidr_ip" { "ipv6_dest_cidr_ip" } else { "ipv6_source_cidr_ip" }),
        group: p.absent(),
        group_account: p.absent(),
        prefix_list: p.absent(),
        own_cidr: p.absent(),
        nic_type: p.absent(),
        direction,
        protocol,
    }
}
