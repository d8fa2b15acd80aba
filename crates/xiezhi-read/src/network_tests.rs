//! Adapters of compute and network services on compact inputs of real shape.

use xiezhi_model::service::{alb, eci, ecs, eip, nat, nlb, slb, vpc};
use xiezhi_model::{Fact, List, Reason, Text};

use crate::testing::{answers, blocks, only, text};

fn items(fact: &Fact<List<Text>>) -> Vec<&str> {
    fact.value().unwrap().items.iter().map(Text::as_str).collect()
}

fn range(rule: &ecs::Rule) -> Vec<(i64, i64)> {
    rule.ports.value().unwrap().items.iter().map(|r| (*r.first.value().unwrap(), *r.last.value().unwrap())).collect()
}

#[test]
fn a_security_group_answer_keeps_every_field_of_its_rules() {
    let inventory = answers(&[
        (
            "ecs:DescribeSecurityGroups",
            "",
            r#"{"SecurityGroups":{"SecurityGroup":[{"SecurityGroupId":"sg-1","SecurityGroupType":"normal","VpcId":"vpc-1",
               "ServiceManaged":false}]}}"#,
        ),
        (
            "ecs:DescribeSecurityGroupAttribute",
            "SecurityGroupId=sg-1",
            r#"{"SecurityGroupId":"sg-1","InnerAccessPolicy":"Accept","Permissions":{"Permission":[
               {"Direction":"ingress","Policy":"Accept","Priority":"1","IpProtocol":"TCP","PortRange":"22/22",
                "SourceCidrIp":"0.0.0.0/0","DestCidrIp":"","NicType":"intranet","SecurityGroupRuleId":"sgr-1"},
               {"Direction":"egress","Policy":"Drop","Priority":110,"IpProtocol":"ALL","PortRange":"-1/-1",
                "DestGroupId":"sg-2","SourceCidrIp":"10.0.0.5/32"},
               {"Direction":"ingress","IpProtocol":"UDP","PortRangeListId":"prl-1","SourcePrefixListId":"pl-1",
                "SourcePortRange":"1/65535"}]}}"#,
        ),
    ]);
    let group = only::<ecs::SecurityGroup>(&inventory);
    assert_eq!(text(&group.inner_access), "accept");
    let rules = group.rules.value().unwrap();
    assert!(rules.more.is_none());
    let [ssh, out, udp] = rules.items.as_slice() else { panic!("three rules") };
    assert_eq!((text(&ssh.policy), text(&ssh.protocol), range(ssh)), ("accept", "tcp", vec![(22, 22)]));
    assert_eq!((text(&ssh.cidr), text(&ssh.id), ssh.own_cidr.is_absent()), ("0.0.0.0/0", "sgr-1", true));
    assert_eq!((text(&out.policy), out.priority.value(), range(out)), ("drop", Some(&110), vec![(1, 65535)]));
    assert_eq!((text(&out.own_cidr), out.group.value().unwrap().target.as_str()), ("10.0.0.5/32", "sg-2"));
    assert!(udp.ports.is_absent() && udp.source_ports.is_absent());
    assert_eq!((text(&udp.policy), udp.priority.value()), ("accept", Some(&1)));
    assert_eq!(udp.port_list.value().unwrap().target, "prl-1");
}

#[test]
fn rules_of_a_declared_group_are_complete_and_those_of_an_undeclared_one_are_not() {
    let rule = |group: &str| {
        format!(
            r#"{{"type":"ingress","ip_protocol":"tcp","port_range":"22/23,443/443","cidr_ip":"0.0.0.0/0",
               "security_group_id":{group}}}"#
        )
    };
    let declared = blocks(&[
        ("alicloud_security_group_rule.r", &rule(r#"{"$ref":"alicloud_security_group.g.id"}"#)),
        ("alicloud_security_group.g", r#"{"vpc_id":"vpc-1","inner_access_policy":"Drop"}"#),
    ]);
    let group = only::<ecs::SecurityGroup>(&declared);
    let rules = group.rules.value().unwrap();
    assert!(rules.more.is_none());
    assert_eq!(range(&rules.items[0]), vec![(22, 23), (443, 443)]);
    assert_eq!((text(&rules.items[0].policy), rules.items[0].priority.value()), ("accept", Some(&1)));
    let foreign = blocks(&[("alicloud_security_group_rule.r", &rule(r#""sg-xxx""#))]);
    let group = only::<ecs::SecurityGroup>(&foreign);
    assert_eq!(group.rules.value().unwrap().more, Some(Reason::NotInEvidence));
}

#[test]
fn a_rule_of_a_group_that_nobody_can_tell_opens_the_rules_of_every_group() {
    let inventory = blocks(&[
        ("alicloud_security_group.g", r#"{"vpc_id":"vpc-1"}"#),
        (
            "alicloud_security_group_rule.r",
            r#"{"type":"ingress","ip_protocol":"all","cidr_ip":"0.0.0.0/0","security_group_id":{"$unknown":"var.sg"}}"#,
        ),
    ]);
    assert!(only::<ecs::SecurityGroup>(&inventory).rules.value().unwrap().more.is_some());
}

#[test]
fn a_live_instance_says_its_network_metadata_and_addresses() {
    let inventory = answers(&[
        (
            "ecs:DescribeInstances",
            "",
            r#"{"Instances":{"Instance":[{"InstanceId":"i-1","InstanceName":"web","Status":"Running","RegionId":"cn-hangzhou",
              "InstanceNetworkType":"vpc","VpcAttributes":{"VpcId":"vpc-1","VSwitchId":"vsw-1",
              "PrivateIpAddress":{"IpAddress":["10.0.0.5"]}},"PublicIpAddress":{"IpAddress":[]},
              "EipAddress":{"AllocationId":"eip-1","IpAddress":"47.1.1.1"},"InternetMaxBandwidthOut":0,
              "SecurityGroupIds":{"SecurityGroupId":["sg-1","sg-2"]},"KeyPairName":"","OSType":"linux",
              "NetworkInterfaces":{"NetworkInterface":[{"NetworkInterfaceId":"eni-1","Type":"Primary"},
              {"NetworkInterfaceId":"eni-2","Type":"Secondary"}]},"ImageId":"aliyun_3_x64",
              "MetadataOptions":{"HttpTokens":"required","HttpEndpoint":"enabled"},"DeletionProtection":false,
              "InstanceChargeType":"PostPaid","SpotStrategy":"NoSpot","CreationTime":"2024-05-01T08:00Z"}]}}"#,
        ),
        (
            "ecs:DescribeInstanceRamRole",
            "",
            r#"{"InstanceRamRoleSets":{"InstanceRamRoleSet":[{"InstanceId":"i-1","RamRoleName":"web-role"}]}}"#,
        ),
    ]);
    let instance = only::<ecs::Instance>(&inventory);
    assert_eq!(
        (text(&instance.status), text(&instance.network_type), text(&instance.ram_role)),
        ("running", "vpc", "web-role")
    );
    assert_eq!(instance.security_groups.value().unwrap().items.len(), 2);
    assert_eq!(instance.secondary_interfaces.value().unwrap().items.len(), 1);
    assert!(instance.key_pair.is_absent());
    assert_eq!((text(&instance.metadata_tokens), instance.metadata_endpoint.value()), ("required", Some(&true)));
    assert_eq!(text(&instance.created), "2024-05-01T08:00:00Z");
    assert_eq!(instance.user_data_has_access_key.reason(), Some(&Reason::NotCollected));
}

#[test]
fn user_data_leaves_only_whether_it_holds_an_access_key() {
    // "#!/bin/sh\nexport ID=LTAI5tFAKEfake0000000001\n"
    let script = "IyEvYmluL3NoCmV4cG9ydCBJRD1MVEFJNXRGQUtFZmFrZTAwMDAwMDAwMDEK";
    let inventory =
        answers(&[("ecs:DescribeUserData", "", &format!(r#"{{"InstanceId":"i-1","UserData":"{script}"}}"#))]);
    let instance = only::<ecs::Instance>(&inventory);
    assert_eq!(instance.user_data_has_access_key.value(), Some(&true));
    assert!(!format!("{instance:?}").contains("LTAI"));
}

#[test]
fn a_terraform_instance_gets_its_defaults_its_disks_and_what_companions_say() {
    let inventory = blocks(&[
        (
            "alicloud_ecs_ram_role_attachment.a",
            r#"{"ram_role_name":"r","instance_id":{"$ref":"alicloud_instance.web.id"}}"#,
        ),
        (
            "alicloud_instance.web",
            r#"{"image_id":"win2022_21H2_x64","vswitch_id":{"$ref":"alicloud_vswitch.a.id"},"security_groups":["sg-1"],
               "system_disk_category":"cloud_essd","data_disks":[{"size":20,"encrypted":true,"kms_key_id":"k"},
               {"size":20,"snapshot_id":"s-1"}]}"#,
        ),
        (
            "alicloud_eip_association.e",
            r#"{"allocation_id":{"$ref":"alicloud_eip_address.e.id"},"instance_id":{"$ref":"alicloud_instance.web.id"}}"#,
        ),
        ("alicloud_eip_address.e", r#"{}"#),
    ]);
    let instance = only::<ecs::Instance>(&inventory);
    assert_eq!(
        (text(&instance.ram_role), text(&instance.os_type), text(&instance.metadata_tokens)),
        ("r", "windows", "optional")
    );
    assert_eq!((text(&instance.network_type), instance.deletion_protection.value()), ("vpc", Some(&false)));
    assert_eq!(instance.eip.value().unwrap().target, "main#alicloud_eip_address.e");
    assert!(items(&instance.public_ips).is_empty());
    let eip = only::<eip::Eip>(&inventory);
    assert_eq!((text(&eip.bound_type), text(&eip.bound_to)), ("ecs-instance", "main#alicloud_instance.web"));
    let disks = inventory.all::<ecs::Disk>();
    let encrypted: Vec<(&str, Option<&bool>)> =
        disks.iter().map(|d| (d.head.address.as_str(), d.encrypted.value())).collect();
    assert_eq!(
        encrypted,
        vec![
            ("alicloud_instance.web.data_disks[0]", Some(&true)),
            ("alicloud_instance.web.data_disks[1]", None),
            ("alicloud_instance.web.system_disk", Some(&false)),
        ]
    );
}

#[test]
fn a_launch_template_may_say_what_the_instance_does_not() {
    let inventory = blocks(&[("alicloud_instance.web", r#"{"launch_template_id":"lt-1"}"#)]);
    let instance = only::<ecs::Instance>(&inventory);
    assert!(instance.ram_role.reason().is_some() && instance.security_groups.reason().is_some());
    assert!(instance.metadata_tokens.reason().is_some() && instance.network_type.reason().is_some());
}

#[test]
fn an_attachment_makes_a_disk_in_use_and_a_policy_attachment_protects_it() {
    let inventory = blocks(&[
        ("alicloud_ecs_disk.d", r#"{"size":20}"#),
        ("alicloud_ecs_disk_attachment.a", r#"{"disk_id":{"$ref":"alicloud_ecs_disk.d.id"},"instance_id":"i-1"}"#),
        (
            "alicloud_ecs_auto_snapshot_policy_attachment.p",
            r#"{"disk_id":{"$ref":"alicloud_ecs_disk.d.id"},"auto_snapshot_policy_id":"sp-1"}"#,
        ),
    ]);
    let disk = only::<ecs::Disk>(&inventory);
    assert_eq!((text(&disk.status), disk.encrypted.value()), ("in-use", Some(&false)));
    assert_eq!(disk.auto_snapshot_policy.value().unwrap().target, "sp-1");
    let alone = blocks(&[("alicloud_ecs_disk.d", r#"{"size":20}"#)]);
    assert_eq!(text(&only::<ecs::Disk>(&alone).status), "available");
}

#[test]
fn a_network_acl_keeps_the_order_of_its_entries_and_binds_vswitches_both_ways() {
    let inventory = blocks(&[
        (
            "alicloud_network_acl.a",
            r#"{"vpc_id":"vpc-1","ingress_acl_entries":[
               {"policy":"drop","protocol":"tcp","port":"22/22","source_cidr_ip":"0.0.0.0/0"},
               {"policy":"accept","protocol":"all","port":"-1/-1","source_cidr_ip":"0.0.0.0/0"}],
               "resources":[{"resource_id":{"$ref":"alicloud_vswitch.v.id"},"resource_type":"VSwitch"}]}"#,
        ),
        ("alicloud_vswitch.v", r#"{"vpc_id":"vpc-1","cidr_block":"10.0.0.0/24","zone_id":"cn-hangzhou-i"}"#),
    ]);
    let acl = only::<vpc::NetworkAcl>(&inventory);
    let entries = &acl.ingress.value().unwrap().items;
    let orders: Vec<_> = entries.iter().map(|e| (*e.order.value().unwrap(), text(&e.policy))).collect();
    assert_eq!(orders, vec![(1, "drop"), (2, "accept")]);
    assert!(acl.egress.reason().is_some(), "what a new ACL begins with is not said");
    assert_eq!(acl.vswitches.value().unwrap().items[0].target, "main#alicloud_vswitch.v");
    let vswitch = only::<vpc::VSwitch>(&inventory);
    assert_eq!(vswitch.network_acl.value().unwrap().target, "main#alicloud_network_acl.a");
}

#[test]
fn a_route_to_the_system_table_of_a_vpc_lands_in_that_table() {
    let inventory = blocks(&[
        ("alicloud_vpc.v", r#"{"cidr_block":"10.0.0.0/8"}"#),
        (
            "alicloud_route_entry.r",
            r#"{"route_table_id":{"$ref":"alicloud_vpc.v.route_table_id"},"destination_cidrblock":"0.0.0.0/0",
               "nexthop_type":"NatGateway","nexthop_id":{"$ref":"alicloud_nat_gateway.n.id"}}"#,
        ),
    ]);
    let table = only::<vpc::RouteTable>(&inventory);
    assert_eq!(text(&table.table_type), "system");
    let route = &table.routes.value().unwrap().items[0];
    let hop = &route.next_hops.value().unwrap().items[0];
    assert_eq!(
        (text(&route.destination), text(&hop.hop_type), text(&hop.target)),
        ("0.0.0.0/0", "nat-gateway", "main#alicloud_nat_gateway.n")
    );
}

#[test]
fn a_dnat_entry_finds_its_gateway_by_table_in_answers_and_by_reference_in_terraform() {
    let live = answers(&[
        (
            "vpc:DescribeForwardTableEntries",
            "",
            r#"{"ForwardTableEntries":{"ForwardTableEntry":[{"ForwardEntryId":"fwd-1","ForwardTableId":"ftb-1",
               "ExternalIp":"47.1.1.1","ExternalPort":"Any","InternalIp":"10.0.0.5","InternalPort":"Any",
               "IpProtocol":"Any","Status":"Available"}]}}"#,
        ),
        (
            "vpc:DescribeNatGateways",
            "",
            r#"{"NatGateways":{"NatGateway":[{"NatGatewayId":"ngw-1","NetworkType":"internet","NatType":"Enhanced",
               "ForwardTableIds":{"ForwardTableId":["ftb-1"]}}]}}"#,
        ),
    ]);
    let entry = only::<nat::ForwardEntry>(&live);
    assert_eq!(entry.gateway.value().unwrap().target, "ngw-1");
    assert_eq!(entry.external_ports.value().unwrap().items[0].last.value(), Some(&65535));
    let declared = blocks(&[(
        "alicloud_forward_entry.f",
        r#"{"forward_table_id":{"$ref":"alicloud_nat_gateway.n.forward_table_ids"},"external_ip":"47.1.1.1",
           "external_port":"80","ip_protocol":"tcp","internal_ip":"10.0.0.5","internal_port":"8080"}"#,
    )]);
    let entry = only::<nat::ForwardEntry>(&declared);
    assert_eq!(entry.gateway.value().unwrap().target, "main#alicloud_nat_gateway.n");
}

#[test]
fn a_classic_listener_is_one_thing_by_balancer_protocol_and_port() {
    let inventory = answers(&[
        (
            "slb:DescribeLoadBalancerListeners",
            "",
            r#"{"Listeners":[{"LoadBalancerId":"lb-1","ListenerPort":80,"ListenerProtocol":"http","Status":"running",
               "AclStatus":"on","AclType":"white","AclIds":["acl-1"],"HTTPListenerConfig":{"HealthCheck":"off"}}]}"#,
        ),
        (
            "slb:DescribeLoadBalancerHTTPListenerAttribute",
            "LoadBalancerId=lb-1,ListenerPort=80",
            r#"{"ListenerPort":80,"ListenerForward":"on"}"#,
        ),
    ]);
    let listener = only::<slb::Listener>(&inventory);
    assert_eq!(text(&listener.head.id), "lb-1:http:80");
    assert_eq!((listener.redirects.value(), listener.health_check.value()), (Some(&true), Some(&false)));
    assert!(listener.tls_policy.is_absent());
    assert_eq!(listener.acls.value().unwrap().items[0].target, "acl-1");
}

#[test]
fn a_list_of_access_logs_of_an_unnamed_region_says_nothing_of_other_balancers() {
    let region = answers(&[
        (
            "slb:DescribeLoadBalancers",
            "",
            r#"{"LoadBalancers":{"LoadBalancer":[{"LoadBalancerId":"lb-1","AddressType":"internet","InternetChargeType":"4"}]}}"#,
        ),
        (
            "slb:DescribeAccessLogsDownloadAttribute",
            "",
            r#"{"TotalCount":0,"LogsDownloadAttributes":{"LogsDownloadAttribute":[]}}"#,
        ),
    ]);
    let balancer = only::<slb::LoadBalancer>(&region);
    assert_eq!(text(&balancer.internet_charge_type), "paybytraffic");
    assert!(balancer.access_log.reason().is_some());
}

#[test]
fn an_alb_listener_joins_its_acl_from_the_attachment_and_its_groups_from_its_actions() {
    let inventory = blocks(&[
        (
            "alicloud_alb_listener.l",
            r#"{"load_balancer_id":{"$ref":"alicloud_alb_load_balancer.b.id"},"listener_port":443,"listener_protocol":"HTTPS",
               "default_actions":[{"type":"ForwardGroup","forward_group_config":[{"server_group_tuples":[
               {"server_group_id":{"$ref":"alicloud_alb_server_group.g.id"}}]}]}]}"#,
        ),
        (
            "alicloud_alb_listener_acl_attachment.a",
            r#"{"listener_id":{"$ref":"alicloud_alb_listener.l.id"},"acl_id":{"$ref":"alicloud_alb_acl.c.id"},"acl_type":"White"}"#,
        ),
    ]);
    let listener = only::<alb::Listener>(&inventory);
    assert_eq!((text(&listener.protocol), text(&listener.acl_type)), ("https", "white"));
    assert_eq!(listener.acls.value().unwrap().items[0].target, "main#alicloud_alb_acl.c");
    assert_eq!(listener.server_groups.value().unwrap().items[0].target, "main#alicloud_alb_server_group.g");
}

#[test]
fn container_variables_leave_the_names_of_those_that_hold_literal_secrets() {
    let inventory = answers(&[(
        "eci:DescribeContainerGroups",
        "",
        r#"{"ContainerGroups":[{"ContainerGroupId":"eci-1","SecurityGroupId":"sg-1","InternetIp":"",
           "Containers":[{"Image":"nginx","EnvironmentVars":[{"Key":"DB_PASSWORD","Value":"Fake0000!pw"},
           {"Key":"MODE","Value":"prod"},{"Key":"POD_IP","ValueFrom":{"FieldRef":{"FieldPath":"status.podIP"}}}]}]}]}"#,
    )]);
    let group = only::<eci::ContainerGroup>(&inventory);
    assert_eq!(items(&group.secret_variables), vec!["DB_PASSWORD"]);
    assert!(group.secret_variables.value().unwrap().more.is_none());
    assert!(!format!("{group:?}").contains("Fake0000"));
}

#[test]
fn a_listener_whose_load_balancer_the_answer_leaves_out_has_an_unknown_one() {
    let answer = r#"{"Listeners":[{"ListenerId":"lsn-1","ListenerPort":22,"ListenerProtocol":"TCP"}]}"#;
    let estate = answers(&[("nlb:ListListeners", "", answer)]);
    let listener = only::<nlb::Listener>(&estate);
    assert_eq!(listener.load_balancer.reason(), Some(&Reason::NotInEvidence));
}

#[test]
fn entries_asked_for_by_gateway_belong_to_it() {
    let answer = r#"{"ForwardTableEntries":{"ForwardTableEntry":[{"ForwardEntryId":"fwd-1"}]}}"#;
    let entry = |params: &str| {
        let estate = answers(&[("vpc:DescribeForwardTableEntries", params, answer)]);
        let entry = only::<nat::ForwardEntry>(&estate);
        entry.gateway.value().map(|link| link.target.to_string())
    };
    assert_eq!(entry("NatGatewayId=ngw-1"), Some("ngw-1".to_owned()));
    assert_eq!(entry("=ngw-1"), Some("ngw-1".to_owned()));
    assert_eq!(entry("=ftb-1"), None, "a file called after the table");
    assert_eq!(entry(""), None);
}
