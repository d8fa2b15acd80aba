//! Endpoints of managed services and their allow-lists.

use super::*;

/// The endpoints of the managed services in a configuration, as name and allow-list.
fn endpoints(text: &str) -> Vec<(String, Seen<bool>, Seen<Vec<String>>)> {
    let network = super::super::network(&terraform(text));
    let all = network.services.items.iter().flat_map(|service| service.endpoints.known().unwrap());
    let shown = |nets: &Vec<ipnet::IpNet>| nets.iter().map(ToString::to_string).collect();
    all.map(|endpoint| {
        let allow = match &endpoint.allow {
            Seen::Known(nets) => Seen::Known(shown(nets)),
            Seen::Absent => Seen::Absent,
            Seen::Missing(what) => Seen::Missing(what.clone()),
        };
        let name = endpoint.id.as_str().rsplit('#').next().unwrap_or_default().to_owned();
        (name, endpoint.public.clone(), allow)
    })
    .collect()
}

fn database(list: &str) -> String {
    format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_db_instance" "d" {{
  engine           = "MySQL"
  engine_version   = "8.0"
  instance_type    = "mysql.n2.medium.1"
  instance_storage = 50
  vswitch_id       = alicloud_vswitch.s.id
  security_ips     = ["{list}"]
}}
resource "alicloud_db_connection" "c" {{ instance_id = alicloud_db_instance.d.id }}
"#
    )
}

#[test]
fn db_1_an_entry_that_is_said_to_stand_for_everyone_admits_everyone() {
    for everyone in ["0.0.0.0/0", "%"] {
        let all = endpoints(&database(everyone));
        let [(name, public, allow), _] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((name.as_str(), public), ("alicloud_db_instance.d (public)", &Seen::Known(true)));
        assert_eq!(allow, &Seen::Known(vec!["0.0.0.0/0".to_owned()]), "{everyone}");
    }
    assert!(endpoints(&database("moon"))[0].2.gap().is_some());
}

#[test]
fn db_1_whom_the_zero_address_without_a_prefix_admits_is_left_to_a_named_assumption() {
    use xiezhi_net::model::IpVersion;
    for (entry, version) in [("0.0.0.0", IpVersion::V4), ("::", IpVersion::V6)] {
        let network = super::super::network(&terraform(&database(entry)));
        let endpoints = network.services.items[0].endpoints.known().unwrap();
        assert!(endpoints.iter().all(|endpoint| endpoint.bare == [version]), "{entry}");
        assert!(endpoints.iter().all(|endpoint| endpoint.allow.known().is_some_and(|nets| nets.len() == 1)));
    }
    let network = super::super::network(&terraform(&database("0.0.0.0/0")));
    assert!(network.services.items[0].endpoints.known().unwrap().iter().all(|endpoint| endpoint.bare.is_empty()));
}

#[test]
fn a_database_has_an_endpoint_inside_with_an_address_of_its_vswitch() {
    let network = super::super::network(&terraform(&database("10.0.1.0/24")));
    let private = &network.services.items[0].endpoints.known().unwrap()[1];
    assert_eq!(private.public, Seen::Known(false));
    assert_eq!(private.within.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.1.0/24"]);
    assert!(private.vpc.is_some());
}

#[test]
fn a_database_whose_addresses_an_answer_tells_is_at_them() {
    let at = |items: &str| {
        let list = r#"{"TotalRecordCount":1,"PageNumber":1,"PageRecordCount":1,"Items":{"DBInstance":[{"DBInstanceId":"rm-1","Engine":"MySQL","InstanceNetworkType":"VPC","VpcId":"vpc-1","RegionId":"cn-hangzhou"}]}}"#;
        let net = format!(r#"{{"DBInstanceNetInfos":{{"DBInstanceNetInfo":[{items}]}}}}"#);
        let network = super::super::network(&estate(&[
            ("rds-DescribeDBInstances-cn-hangzhou.json", list),
            ("rds-DescribeDBInstanceNetInfo-cn-hangzhou-rm-1.json", &net),
        ]));
        let endpoints = network.services.items[0].endpoints.known().unwrap();
        endpoints.iter().map(|endpoint| endpoint.address.map(|address| address.to_string())).collect::<Vec<_>>()
    };
    let inner = r#"{"IPType":"Private","IPAddress":"10.0.1.7","Port":"3306"}"#;
    let outer = r#"{"IPType":"Public","IPAddress":"47.1.2.3","Port":"3306"}"#;
    let told = |address: &str| Some(address.to_owned());
    assert_eq!(at(&format!("{outer},{inner}")), [told("47.1.2.3"), told("10.0.1.7")]);
    assert_eq!(at(&format!("{inner},{}", inner.replace("1.7", "1.8"))), [None, None]);
    assert_eq!(at(r#"{"IPType":"Private","Port":"3306"}"#), [None, None]);
}

#[test]
fn kibana_and_api_servers_are_endpoints_of_their_own() {
    let search = r#"
resource "alicloud_elasticsearch_instance" "es" {
  vswitch_id                   = "vsw-1"
  version                      = "7.10_with_X-Pack"
  enable_kibana_public_network = true
  kibana_whitelist             = ["0.0.0.0/0"]
}
"#;
    let all = endpoints(search);
    let kibana = all.iter().find(|(name, ..)| name.ends_with("(kibana)")).unwrap();
    assert_eq!((&kibana.1, &kibana.2), (&Seen::Known(true), &Seen::Known(vec!["0.0.0.0/0".to_owned()])));
    let cluster = r#"
resource "alicloud_cs_managed_kubernetes" "k" {
  worker_vswitch_ids = ["vsw-1"]
  service_cidr       = "172.21.0.0/20"
}
"#;
    let all = endpoints(cluster);
    let [(name, public, allow)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((name.as_str(), public), ("alicloud_cs_managed_kubernetes.k (API server)", &Seen::Known(true)));
    assert!(allow.gap().is_some(), "a template does not hold the access control of the load balancer");
}

/// An API server behind a load balancer whose listener has access control so.
fn api_server(acl: &str, entries: &str) -> Seen<Vec<ipnet::IpNet>> {
    let listener = format!(
        r#"{{"TotalCount":1,"NextToken":"","Listeners":[{{"LoadBalancerId":"lb-1","ListenerPort":6443,"ListenerProtocol":"tcp","BackendServerPort":6443,"Status":"running",{acl}}}]}}"#
    );
    let list = format!(
        r#"{{"AclId":"acl-1","AclName":"a","AddressIPVersion":"ipv4","AclEntrys":{{"AclEntry":[{entries}]}}}}"#
    );
    let files = [
        (
            "cs-DescribeClusterDetail-c1.json",
            r#"{"cluster_id":"c1","name":"k","region_id":"cn-hangzhou","cluster_type":"ManagedKubernetes","current_version":"1.32.1-aliyun.1",
            "master_url":"{\"api_server_endpoint\":\"https://47.1.2.9:6443\",\"intranet_api_server_endpoint\":\"https://10.0.0.3:6443\"}"}"#,
        ),
        (
            "slb-DescribeLoadBalancerAttribute-cn-hangzhou-lb-1.json",
            r#"{"LoadBalancerId":"lb-1","LoadBalancerStatus":"active","RegionId":"cn-hangzhou","Address":"10.0.0.3","AddressType":"intranet","NetworkType":"vpc","VpcId":"vpc-1"}"#,
        ),
        ("slb-DescribeLoadBalancerListeners-cn-hangzhou-lb-1.json", &listener),
        ("slb-DescribeAccessControlListAttribute-cn-hangzhou-acl-1.json", &list),
        (
            "vpc-DescribeEipAddresses-cn-hangzhou.json",
            r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"EipAddresses":{"EipAddress":[{"AllocationId":"eip-9","IpAddress":"47.1.2.9","RegionId":"cn-hangzhou","InstanceId":"lb-1","InstanceType":"SlbInstance","Status":"InUse"}]}}"#,
        ),
    ];
    let network = super::super::network(&estate(&files));
    let clusters = network.services.items.iter().filter(|service| service.product == "ack");
    let mut endpoints = clusters.flat_map(|service| service.endpoints.known().unwrap());
    let endpoint = endpoints.next().unwrap();
    assert_eq!((endpoint.address, endpoint.public.clone()), (Some("47.1.2.9".parse().unwrap()), Seen::Known(true)));
    endpoint.allow.clone()
}

#[test]
fn ack_1_the_access_control_of_the_listener_is_the_white_list_of_the_api_server() {
    let on = r#""AclStatus":"on","AclType":"white","AclIds":["acl-1"]"#;
    let office = r#"{"AclEntryIP":"198.18.0.0/15"}"#;
    assert_eq!(api_server(r#""AclStatus":"off""#, office), Seen::Absent);
    assert_eq!(api_server(on, office), Seen::Known(vec!["198.18.0.0/15".parse().unwrap()]));
    assert_eq!(api_server(on, ""), Seen::Absent, "CLB-3");
    let black = on.replace("white", "black");
    assert!(api_server(&black, office).gap().is_some());
}
