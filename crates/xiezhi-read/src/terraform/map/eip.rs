//! EIPs in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{eip_address,eip_association}`.

use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::eip::Eip;
use xiezhi_model::{Fact, List, Reason, Text};

use super::vpc::only;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::target;

/// The resource types of EIPs.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_eip_address", kind: Some(Eip::SCHEMA), read: eip },
    Block { name: "alicloud_eip", kind: Some(Eip::SCHEMA), read: eip },
    Block { name: "alicloud_eip_association", kind: None, read: association },
];

const EIP: &str = "terraform-provider-alicloud r/eip_address";

fn eip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |e: &mut Eip| {
        e.head.name = f.opt_text(if f.has("address_name") { "address_name" } else { "name" });
        e.address = f.text("ip_address");
        e.bandwidth = f.int_or("bandwidth", 5, "VPC AllocateEipAddress");
        e.bandwidth_package = documented(EIP).absent();
        e.deletion_protection = f.bool_or("deletion_protection", false, EIP);
        e.security_protection = f.opt_texts("security_protection_types");
        e.locks = documented(EIP).known(List::complete(vec![]));
        // An association speaks instead of these.
        e.bound_type = documented(EIP).absent();
        e.bound_to = documented(EIP).absent();
        e.load_balancer = documented(EIP).absent();
        e.private_ip = documented(EIP).absent();
        e.mode = documented(EIP).known("nat".into());
    });
}

fn association(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let bound = target(f.link::<Instance>("instance_id"));
    let kind = if f.has("instance_type") { bound_type(f.text("instance_type")) } else { type_of(&bound) };
    let eip = f.link::<Eip>("allocation_id");
    sink.on(&eip, |e: &mut Eip| {
        e.bound_to = bound.clone();
        e.load_balancer = only(f, &kind, "slb-instance", f.link("instance_id"));
        e.bound_type = kind.clone();
        e.private_ip = f.opt_text("private_ip_address");
        e.mode = eip_mode(f.text_or("mode", "NAT", "terraform-provider-alicloud r/eip_association"));
    });
    if kind.value().is_none_or(|kind| kind == "ecs-instance") {
        sink.on(&f.link("instance_id"), |i: &mut Instance| i.eip = eip.clone());
    }
}

/// What an EIP is bound to, in one word each. Source: VPC AssociateEipAddress `InstanceType`.
pub(crate) fn bound_type(fact: Fact<Text>) -> Fact<Text> {
    fact.try_map(|word| match word.to_ascii_lowercase().as_str() {
        "ecsinstance" => Ok("ecs-instance".into()),
        "networkinterface" => Ok("network-interface".into()),
        "havip" => Ok("ha-vip".into()),
        "slbinstance" => Ok("slb-instance".into()),
        "nat" => Ok("nat".into()),
        "ipaddress" => Ok("ip-address".into()),
        _ => Err(Reason::not_understood(format!("the EIP binding `{word}`"))),
    })
}

/// How an EIP is bound, in one word each. Source: VPC DescribeEipAddresses `Mode`.
pub(crate) fn eip_mode(fact: Fact<Text>) -> Fact<Text> {
    fact.try_map(|word| match word.to_ascii_uppercase().as_str() {
        "NAT" => Ok("nat".into()),
        "MULTI_BINDED" => Ok("multi-bound".into()),
        "BINDED" => Ok("cut-through".into()),
        _ => Err(Reason::not_understood(format!("the EIP mode `{word}`"))),
    })
}

/// The kind of a bound resource by its address or id, which the provider infers in the same way.
pub(crate) fn type_of(bound: &Fact<Text>) -> Fact<Text> {
    const KINDS: &[(&str, &str)] = &[
        ("#alicloud_instance.", "ecs-instance"),
        ("#alicloud_slb", "slb-instance"),
        ("#alicloud_nat_gateway.", "nat"),
        ("#alicloud_ecs_network_interface.", "network-interface"),
        ("#alicloud_network_interface.", "network-interface"),
        ("#alicloud_havip.", "ha-vip"),
        ("#alicloud_vpc_ha_vip.", "ha-vip"),
    ];
    const IDS: &[(&str, &str)] = &[
        ("i-", "ecs-instance"),
        ("lb-", "slb-instance"),
        ("ngw-", "nat"),
        ("eni-", "network-interface"),
        ("havip-", "ha-vip"),
    ];
    bound.clone().try_map(|target| {
        let by_address = KINDS.iter().find(|(part, _)| target.contains(part));
        let by_id = IDS.iter().find(|(part, _)| target.starts_with(part));
        match by_address.or(by_id) {
            Some((_, kind)) => Ok(Text::from(*kind)),
            None => Err(Reason::NotInEvidence),
        }
    })
}
