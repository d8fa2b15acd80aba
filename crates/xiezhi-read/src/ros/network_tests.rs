//! What templates say of networks: public addresses, VPN routes, policies before NAT gateways.

use xiezhi_model::Inventory;
use xiezhi_model::service::cloudfw::NatPolicy;
use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::eip::Eip;
use xiezhi_model::service::vpn::Gateway;

use super::read_template;

/// What a template of these resources says, joined.
fn inventory(resources: &str) -> Inventory {
    let text = format!("ROSTemplateFormatVersion: '2015-09-01'\nResources:\n{resources}");
    Inventory::join(vec![read_template("stack", "stack.yaml", &text)])
}

#[test]
fn an_eip_is_bound_to_what_the_resource_is_that_the_template_names() {
    let bound = |resource: &str, to: &str| {
        let inventory = inventory(&format!(
            "  Ip: {{Type: 'ALIYUN::VPC::EIP', Properties: {{Name: front}}}}\n{resource}  Bound:\n    \
             Type: ALIYUN::VPC::EIPAssociation\n    Properties:\n      AllocationId: {{'Fn::GetAtt': [Ip, AllocationId]}}\n      \
             InstanceId: {to}\n"
        ));
        let kind = inventory.all::<Eip>()[0].bound_type.value().cloned();
        (kind.map(|kind| kind.to_string()), inventory.all::<Instance>().len())
    };
    let of = |kind: &str| bound(&format!("  To: {{Type: '{kind}', Properties: {{VpcId: vpc-1}}}}\n"), "{Ref: To}");
    assert_eq!(of("ALIYUN::VPC::NatGateway"), (Some("nat".to_owned()), 0));
    assert_eq!(of("ALIYUN::SLB::LoadBalancer"), (Some("slb-instance".to_owned()), 0));
    assert_eq!(of("ALIYUN::ECS::Instance"), (Some("ecs-instance".to_owned()), 1));
    // Of a type that no EIP is documented to be bound to nothing is made up.
    assert_eq!(of("ALIYUN::ECS::VPC"), (None, 0));
    assert_eq!(bound("", "ngw-1").0.as_deref(), Some("nat"));
}

#[test]
fn routes_of_a_vpn_gateway_stand_at_the_gateway() {
    let inventory = inventory(
        "  G: {Type: 'ALIYUN::VPC::VpnGateway', Properties: {VpcId: vpc-1, Bandwidth: 10}}\n  \
         R: {Type: 'ALIYUN::VPC::VpnRouteEntry', Properties: {VpnGatewayId: {Ref: G}, RouteDest: 192.168.0.0/16, NextHop: vco-1, PublishVpc: true, Weight: 100}}\n  \
         P: {Type: 'ALIYUN::VPC::VpnPbrRouteEntry', Properties: {VpnGatewayId: {Ref: G}, RouteSource: 10.0.0.0/16, RouteDest: 172.16.0.0/12, NextHop: vco-2, PublishVpc: true, Weight: 100}}\n",
    );
    let gateway = &inventory.all::<Gateway>()[0];
    let (routes, policies) = (&gateway.routes.value().unwrap().items, &gateway.policies.value().unwrap().items);
    assert_eq!((routes.len(), policies.len()), (1, 1));
    assert_eq!(routes[0].destination.value().unwrap(), "192.168.0.0/16");
    assert!(routes[0].source.is_absent());
    assert_eq!(policies[0].source.value().unwrap(), "10.0.0.0/16");
    assert_eq!(policies[0].connection.value().unwrap().target, "vco-2");
}

#[test]
fn a_policy_before_a_nat_gateway_is_read_and_what_stands_behind_a_book_is_not() {
    let inventory = inventory(
        "  P: {Type: 'ALIYUN::CLOUDFW::NatFirewallControlPolicy', Properties: {NatGatewayId: ngw-1, Direction: out, AclAction: drop, Proto: TCP, \
         ApplicationNameList: [ANY], SourceType: net, Source: 10.0.0.0/16, DestinationType: group, Destination: partners, DestPortType: port, \
         DestPort: 22, NewOrder: 1, Description: no ssh}}\n",
    );
    let policy = &inventory.all::<NatPolicy>()[0];
    assert_eq!(policy.action.value().unwrap(), "drop");
    assert_eq!(policy.gateway.value().unwrap().target, "ngw-1");
    assert_eq!(policy.ports.value().unwrap().items, ["22"]);
    assert_eq!(policy.source_cidrs.value().unwrap().items, ["10.0.0.0/16"]);
    assert!(policy.destination_cidrs.reason().is_some());
    assert_eq!(policy.enabled.value(), Some(&true));
}
