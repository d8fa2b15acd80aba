//! VPC in ROS templates: its types stand under ECS there. Source: ROS documentation, `ALIYUN::ECS::VPC`, `VSwitch`.

use xiezhi_model::service::vpc::{RouteTable, VSwitch, Vpc};
use xiezhi_model::{List, Reason, Text};

use super::routes::system_table;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of VPC.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ECS::VPC", kind: Some(Vpc::SCHEMA), read: vpc },
    Block { name: "ALIYUN::ECS::VSwitch", kind: Some(VSwitch::SCHEMA), read: vswitch },
];

const VPC: &str = "ROS ALIYUN::ECS::VPC";
const VSWITCH: &str = "ROS ALIYUN::ECS::VSwitch";

fn vpc(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VpcId"), |vpc: &mut Vpc| {
        vpc.head.name = f.opt_text("VpcName");
        vpc.cidr = f.text_or("CidrBlock", "172.16.0.0/12", VPC);
        vpc.secondary_cidrs = match f.has("SecondaryCidrBlocks") {
            true => f.texts("SecondaryCidrBlocks"),
            false => documented(VPC).known(List::complete(vec![])),
        };
        // A text with commas. Source: ROS ALIYUN::ECS::VPC `UserCidr`.
        vpc.user_cidrs = f.opt_text("UserCidr").map(|text| {
            List::complete(
                text.split(',').map(|part| part.trim().into()).filter(|part: &Text| !part.is_empty()).collect(),
            )
        });
        vpc.ipv6_cidr = if f.has("Ipv6CidrBlock") {
            f.opt_text("Ipv6CidrBlock")
        } else {
            match f.bool_or("EnableIpv6", false, VPC).value() {
                Some(false) => documented(VPC).absent(),
                _ => f.unknown(Reason::NotInEvidence),
            }
        };
    });
    system_table(f, sink);
}

fn vswitch(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VSwitchId"), |vswitch: &mut VSwitch| {
        vswitch.head.name = f.opt_text("VSwitchName");
        vswitch.vpc = f.link("VpcId");
        vswitch.cidr = f.text("CidrBlock");
        vswitch.ipv6_cidr =
            if f.has("Ipv6CidrBlock") { f.unknown(Reason::NotInEvidence) } else { documented(VSWITCH).absent() };
        vswitch.zone = f.text("ZoneId");
        vswitch.network_acl = documented(VSWITCH).absent();
        // Without an attachment a vSwitch uses the system table of its VPC, which has the VPC's address.
        vswitch.route_table = match f.link::<RouteTable>("VpcId").value() {
            Some(link) if link.target.contains('#') => documented(VSWITCH).known(link.clone()),
            _ => f.unknown(Reason::NotInEvidence),
        };
    });
}
