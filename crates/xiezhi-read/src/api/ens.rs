//! ENS answers.

use xiezhi_model::service::ens::{Instance, SecurityGroup};

use super::Call;
use super::ecs::rule;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::{links_said, lower, members, subject, values};

/// The calls of ENS.
pub const CALLS: &[Call] = &[
    Call::listing("ens", "DescribeInstances", "Instances.Instance", Instance::SCHEMA, instance),
    Call::listing("ens", "DescribeSecurityGroups", "SecurityGroups.SecurityGroup", SecurityGroup::SCHEMA, group),
    Call::answer("ens", "DescribeSecurityGroupAttribute", group_attribute),
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |i: &mut Instance| {
        i.head.name = f.opt_text("InstanceName");
        i.public_ips = if f.has("PublicIpAddresses.PublicIpAddress") {
            f.records("PublicIpAddresses.PublicIpAddress", |p| p.text("Ip")).map(values)
        } else {
            f.texts("PublicIpAddress.IpAddress")
        };
        i.security_groups = links_said(f, "SecurityGroupIds.SecurityGroupId");
        i.status = lower(f.text("Status"));
    });
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecurityGroupId"), |g: &mut SecurityGroup| g.head.name = f.opt_text("SecurityGroupName"));
}

fn group_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "SecurityGroupId");
    let (items, more) = members(f.records("Permissions.Permission", |p| rule(&p)));
    sink.append(&of, |g: &mut SecurityGroup| &mut g.rules, items, more);
}
