//! ENS answers.

use xiezhi_model::service::ens::{ForwardEntry, Instance, NatGateway, Network, NetworkAcl, SecurityGroup};
use xiezhi_model::service::vpc::AclEntry;

use super::Call;
use super::ecs::rule;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::{links_said, lower, members, ports, subject, values};

/// The calls of ENS.
pub const CALLS: &[Call] = &[
    Call::listing("ens", "DescribeInstances", "Instances.Instance", Instance::SCHEMA, instance),
    Call::listing("ens", "DescribeSecurityGroups", "SecurityGroups.SecurityGroup", SecurityGroup::SCHEMA, group),
    Call::answer("ens", "DescribeSecurityGroupAttribute", group_attribute),
    Call::listing("ens", "DescribeNetworks", "Networks.Network", Network::SCHEMA, network),
    Call::listing("ens", "DescribeNetworkAcls", "NetworkAcls", NetworkAcl::SCHEMA, network_acl),
    Call::listing("ens", "DescribeNatGateways", "NatGateways", NatGateway::SCHEMA, nat_gateway),
    Call::each("ens", "DescribeForwardTableEntries", "ForwardTableEntries", forward_entry),
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

fn network(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("NetworkId"), |network: &mut Network| {
        network.head.name = f.opt_text("NetworkName");
        network.acl = f.link("NetworkAclId");
    });
}

fn network_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("NetworkAclId"), |acl: &mut NetworkAcl| {
        acl.head.name = f.opt_text("NetworkAclName");
        acl.ingress = f.opt_records("IngressAclEntries", |entry| {
            let protocol = lower(entry.text("Protocol"));
            AclEntry {
                order: entry.int("Priority"),
                id: entry.opt_text("NetworkAclEntryId"),
                entry_type: lower(entry.text("Type")),
                policy: lower(entry.text("Policy")),
                ports: ports(entry.text("PortRange"), &protocol),
                protocol,
                cidr: entry.text("CidrBlock"),
                ip_version: entry
                    .text("CidrBlock")
                    .map(|range| if range.contains(':') { "ipv6" } else { "ipv4" }.into()),
            }
        });
    });
}

fn nat_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("NatGatewayId"), |gateway: &mut NatGateway| {
        gateway.head.name = f.opt_text("Name");
        gateway.network = f.parent("NetworkId");
    });
}

fn forward_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ForwardEntryId"), |entry: &mut ForwardEntry| {
        entry.head.name = f.opt_text("ForwardEntryName");
        entry.gateway = f.parent("NatGatewayId");
        entry.external_ip = f.text("ExternalIp");
        entry.protocol = lower(f.text("IpProtocol"));
        entry.external_ports = ports(f.text("ExternalPort"), &entry.protocol);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_published_port_leads_to_its_network_and_to_the_list_before_it() {
        let estate = answers(&[
            (
                "ens:DescribeForwardTableEntries",
                "",
                r#"{"ForwardTableEntries":[{"ForwardEntryId":"fwd-1","NatGatewayId":"nat-1","ExternalIp":"203.0.113.9","ExternalPort":"8080","IpProtocol":"TCP"}]}"#,
            ),
            ("ens:DescribeNatGateways", "", r#"{"NatGateways":[{"NatGatewayId":"nat-1","NetworkId":"n-1"}]}"#),
            ("ens:DescribeNetworks", "", r#"{"Networks":{"Network":[{"NetworkId":"n-1","NetworkAclId":""}]}}"#),
            (
                "ens:DescribeNetworkAcls",
                "",
                r#"{"NetworkAcls":[{"NetworkAclId":"nacl-1","IngressAclEntries":[
                    {"Priority":1,"Policy":"accept","Protocol":"tcp","PortRange":"80/80","CidrBlock":"0.0.0.0/0","Type":"custom"}]}]}"#,
            ),
        ]);
        let entry = only::<ForwardEntry>(&estate);
        assert_eq!(entry.external_ports.value().unwrap().items[0].first.value(), Some(&8080));
        assert_eq!(only::<NatGateway>(&estate).network.value().unwrap().target, "n-1");
        assert!(only::<Network>(&estate).acl.is_absent(), "an empty id is none");
        let acl = &only::<NetworkAcl>(&estate).ingress.value().unwrap().items[0];
        assert_eq!((acl.order.value(), acl.cidr.value().unwrap().as_str()), (Some(&1), "0.0.0.0/0"));
    }
}
