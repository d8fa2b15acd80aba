//! Cloud Firewall: the internet boundary, and firewalls between VPCs.

use super::*;

/// The instance behind Cloud Firewall, its address switched so, with these policies of the internet boundary.
fn behind_firewall(switch: &str, policies: &[&str]) -> String {
    let assets = format!(
        r#"{{"TotalCount":1,"Assets":[{{"InternetAddress":"47.1.2.3","ProtectStatus":"{switch}","BindInstanceId":"i-1","RegionID":"cn-hangzhou","ResourceType":"EcsEIP","Name":"e"}}]}}"#
    );
    const USUAL: &[(&str, &str)] = &[
        ("Proto", "TCP"),
        ("ApplicationName", "ANY"),
        ("SourceType", "net"),
        ("DestinationType", "net"),
        ("Destination", "0.0.0.0/0"),
        ("DestPortType", "port"),
        ("DestPort", "22/22"),
        ("Release", "true"),
    ];
    let policies: Vec<String> = policies
        .iter()
        .enumerate()
        .map(|(at, own)| {
            let usual = USUAL.iter().filter(|(key, _)| !own.contains(&format!("\"{key}\":")));
            let usual: Vec<String> = usual.map(|(key, value)| format!(r#""{key}":"{value}""#)).collect();
            format!(r#"{{"AclUuid":"acl-{at}","Description":"p","Order":{},{},{own}}}"#, at + 1, usual.join(","))
        })
        .collect();
    let policies = format!(
        r#"{{"TotalCount":"{}","PageNo":"1","PageSize":"50","Policys":[{}]}}"#,
        policies.len(),
        policies.join(",")
    );
    let mut files: Vec<(&str, &str)> = API.iter().filter(|(name, _)| !name.starts_with("cloudfw")).copied().collect();
    files.push(("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#));
    files.push(("cloudfw-DescribeAssetList.json", &assets));
    files.push(("cloudfw-DescribeControlPolicy.json", &policies));
    let report = reach::from_internet(&super::super::network(&estate(&files)), &Readings::default());
    match report.on_ports(&[22]).next().map(|exposure| &exposure.verdict) {
        None => "closed".to_owned(),
        Some(Truth::Yes) => "open".to_owned(),
        Some(verdict) => format!("{verdict:?}"),
    }
}

#[test]
fn a_policy_of_cloud_firewall_that_drops_closes_an_address_that_is_switched_in_and_no_other() {
    let drop = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0""#;
    assert_eq!(behind_firewall("open", &[drop]), "closed");
    assert_eq!(behind_firewall("closed", &[drop]), "open");
}

#[test]
fn policies_of_cloud_firewall_go_by_order_and_what_none_meets_passes() {
    let office = r#""Direction":"in","AclAction":"accept","Source":"203.0.113.0/24""#;
    let drop = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0""#;
    let all = r#""Direction":"in","AclAction":"accept","Source":"0.0.0.0/0""#;
    assert_eq!(behind_firewall("open", &[office, drop]), "closed");
    assert_eq!(behind_firewall("open", &[all, drop]), "open");
    assert_eq!(behind_firewall("open", &[office]), "open");
}

#[test]
fn a_drop_for_an_application_or_a_disabled_one_closes_nothing() {
    let http = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0","ApplicationName":"HTTP""#;
    assert_eq!(behind_firewall("open", &[http]), "open");
    let off = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0","Release":"false""#;
    assert_eq!(behind_firewall("open", &[off]), "open");
}

#[test]
fn what_cloud_firewall_does_at_times_by_place_or_unasked_is_open() {
    let daily = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0","RepeatType":"Daily""#;
    let place = r#""Direction":"in","AclAction":"drop","Source":"[\"BJ11\"]","SourceType":"location""#;
    let out = r#""Direction":"out","AclAction":"drop","Source":"0.0.0.0/0""#;
    for policy in [daily, place, out] {
        let found = behind_firewall("open", &[policy]);
        assert!(found.starts_with("Unknown"), "{policy}: {found}");
    }
}

/// Two VPCs of a CEN with a firewall before the first, in this state, and one policy.
fn between_vpcs(status: &str, kind: &str, policy: &str) -> Seen<Vec<VpcBoundary>> {
    let firewall = format!(
        r#"{{"TotalCount":1,"VpcFirewalls":[{{"VpcFirewallId":"vfw-1","VpcFirewallName":"f","FirewallSwitchStatus":"{status}","CenId":"cen-1",
        "ConnectType":"cen","LocalVpc":{{"NetworkInstanceId":"vpc-1","VpcId":"vpc-1"}},"PeerVpc":{{"VpcId":"vpc-2"}},"AclConfig":{{"StrictMode":1}}}}]}}"#
    );
    let none = r#"{"TotalCount":0,"VpcFirewalls":[],"VpcTrFirewalls":[]}"#;
    let policies = format!(
        r#"{{"TotalCount":1,"Policys":[{{"AclUuid":"acl-1","Description":"p","AclAction":"{policy}","Proto":"TCP","ApplicationName":"ANY","Source":"10.0.0.0/8","SourceType":"net",
        "Destination":"10.1.0.0/16","DestinationType":"net","DestPort":"22/22","DestPortType":"port","Order":1,"Release":"true"}}]}}"#
    );
    let mut files: Vec<(&str, &str)> = vec![
        ("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#),
        ("cloudfw-DescribeVpcFirewallCenList.json", if kind == "cen" { &firewall } else { none }),
        ("cloudfw-DescribeVpcFirewallList.json", if kind == "express" { &firewall } else { none }),
        ("cloudfw-DescribeVpcFirewallControlPolicy-cen-1.json", &policies),
    ];
    if kind != "unasked" {
        files.push(("cloudfw-DescribeTrFirewallsV2List.json", none));
    }
    super::super::network(&estate(&files)).firewall.between_vpcs
}

#[test]
fn a_firewall_before_a_vpc_stands_between_it_and_others_with_the_policies_of_its_cen() {
    let Seen::Known(all) = between_vpcs("opened", "cen", "drop") else { panic!("not read") };
    let [one] = all.as_slice() else { panic!("{all:?}") };
    let policies = one.boundary.policies.known().unwrap_or_else(|| panic!("{:?}", one.boundary.policies));
    assert_eq!(
        (one.vpcs.len(), one.pair, &one.on, &one.boundary.strict),
        (1, false, &Seen::Known(true), &Seen::Known(true))
    );
    assert_eq!((policies.len(), policies[0].action), (1, FirewallAction::Drop));
    let Seen::Known(all) = between_vpcs("closed", "cen", "drop") else { panic!("not read") };
    assert_eq!(all[0].on, Seen::Known(false));
    let Seen::Known(all) = between_vpcs("opening", "cen", "drop") else { panic!("not read") };
    assert!(all[0].on.gap().is_some(), "{:?}", all[0].on);
}

#[test]
fn a_firewall_at_express_connect_stands_between_two_vpcs_only_and_its_unasked_policies_are_open() {
    let Seen::Known(all) = between_vpcs("opened", "express", "drop") else { panic!("not read") };
    assert_eq!((all[0].vpcs.len(), all[0].pair), (2, true));
    assert!(all[0].boundary.policies.gap().is_some());
}

#[test]
fn firewalls_between_vpcs_that_were_not_listed_leave_every_way_between_open() {
    assert!(between_vpcs("opened", "unasked", "drop").gap().is_some());
}

#[test]
fn the_engine_mode_of_the_internet_boundary_is_read_and_otherwise_open() {
    let mode = |answer: Option<&str>| {
        let mut files =
            vec![("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#)];
        files.extend(answer.map(|answer| ("cloudfw-DescribePolicyAdvancedConfig.json", answer)));
        super::super::network(&estate(&files)).firewall.internet.strict
    };
    assert_eq!(mode(Some(r#"{"InternetSwitch":"on","RequestId":"x"}"#)), Seen::Known(true));
    assert_eq!(mode(Some(r#"{"InternetSwitch":"off","RequestId":"x"}"#)), Seen::Known(false));
    assert!(mode(Some(r#"{"InternetSwitch":"tn6","RequestId":"x"}"#)).gap().is_some());
    assert!(mode(None).gap().is_some());
}

#[test]
fn a_configuration_with_cloud_firewall_does_not_say_which_addresses_it_guards() {
    let firewall = r#"
resource "alicloud_cloud_firewall_instance" "c" {
  payment_type = "Subscription"
  spec         = "premium_version"
}
resource "alicloud_cloud_firewall_control_policy" "p" {
  direction        = "in"
  application_name = "ANY"
  acl_action       = "drop"
  source           = "0.0.0.0/0"
  source_type      = "net"
  destination      = "0.0.0.0/0"
  destination_type = "net"
  proto            = "ANY"
  order            = 1
}
"#;
    let found = terraform(&instance("22/22", "0.0.0.0/0", &format!("{EIP}{firewall}")));
    assert_eq!(shown(&of(&found).internet_management), "unknown: not-in-this-evidence");
}
