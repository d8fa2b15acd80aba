use xiezhi_read::{Input, Options};

use super::*;

fn groups(name: &str, text: &str) -> Vec<SecurityGroup> {
    let input = Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().to_vec(), live: false };
    let mut inventory = Inventory::join(xiezhi_read::read(&[input], &Options::default()).batches);
    GroupPorts.run(&mut inventory);
    inventory.all::<SecurityGroup>().to_vec()
}

fn ports(fact: &Fact<List<PortRange>>) -> (Vec<(u16, u16)>, bool) {
    let list = fact.value().unwrap();
    (list.items.iter().map(|item| range(item).unwrap()).collect(), list.more.is_none())
}

#[test]
fn a_declared_group_opens_what_its_rules_open_and_nothing_else() {
    let groups = groups(
        "example/main.tf",
        r#"
        resource "alicloud_security_group" "g" { vpc_id = "vpc-1" }
        resource "alicloud_security_group_rule" "ssh" {
          type = "ingress"
          ip_protocol = "tcp"
          port_range = "22/22"
          cidr_ip = "0.0.0.0/0"
          security_group_id = alicloud_security_group.g.id
        }
        resource "alicloud_security_group_rule" "out" {
          type = "egress"
          ip_protocol = "all"
          cidr_ip = "0.0.0.0/0"
          security_group_id = alicloud_security_group.g.id
        }
        "#,
    );
    assert_eq!(ports(&groups[0].internet_tcp), (vec![(22, 22)], true));
    assert_eq!(ports(&groups[0].internet_udp), (vec![], true));
}

#[test]
fn a_group_that_is_not_declared_shows_its_openings_and_leaves_the_rest_in_doubt() {
    let groups = groups(
        "example/main.tf",
        r#"
        resource "alicloud_security_group_rule" "ssh" {
          type = "ingress"
          ip_protocol = "all"
          cidr_ip = "0.0.0.0/0"
          security_group_id = "sg-x"
        }
        "#,
    );
    assert_eq!(ports(&groups[0].internet_tcp), (vec![(1, 65535)], false));
}

#[test]
fn a_source_that_nobody_can_tell_leaves_its_port_in_doubt() {
    let groups = groups(
        "example/main.tf",
        r#"
        variable "office" {}
        resource "alicloud_security_group" "g" { vpc_id = "vpc-1" }
        resource "alicloud_security_group_rule" "ssh" {
          type = "ingress"
          ip_protocol = "tcp"
          port_range = "22/22"
          cidr_ip = var.office
          security_group_id = alicloud_security_group.g.id
        }
        "#,
    );
    let list = groups[0].internet_tcp.value().unwrap();
    assert!(list.items.is_empty());
    assert!(matches!(list.more, Some(Reason::Unresolved(_))), "{:?}", list.more);
}

#[test]
fn a_group_whose_rules_were_not_read_says_nothing() {
    let text = r#"{"RequestId":"r","TotalCount":1,"SecurityGroups":{"SecurityGroup":[{"SecurityGroupId":"sg-1","VpcId":"vpc-1"}]}}"#;
    let groups = groups("ecs-DescribeSecurityGroups-cn-hangzhou.json", text);
    assert_eq!(groups[0].internet_tcp.reason(), Some(&Reason::NotCollected));
}
