//! Applications without WAF, and addresses without Anti-DDoS, over API answers. The catalogue of bypasses has its own
//! pairs of evidence in `tests/bypass`.

use xiezhi_model::Inventory;
use xiezhi_model::service::{ecs, eip, slb, waf};

use super::super::tests::{estate, listed, one, shown, terraform};

mod guards;

/// An estate: an instance behind a classic load balancer that is the origin of a WAF domain, each answer by its file.
struct Estate(Vec<(String, String)>);

const R: &str = "cn-hangzhou";

fn page(list: &str, item: &str, body: &str, count: usize) -> String {
    format!(r#"{{"TotalCount":{count},"PageNumber":1,"PageSize":50,"{list}":{{"{item}":[{body}]}}}}"#)
}

impl Estate {
    /// Locked: WAF's ranges only at the listener, private ranges only at the instance.
    fn closed() -> Self {
        let mut estate = Self(vec![]);
        let set = &mut estate;
        set.put("ecs-DescribeInstances", page("Instances", "Instance", r#"{"InstanceId":"i-1","RegionId":"cn-hangzhou","Status":"Running",
            "InstanceNetworkType":"vpc","VpcAttributes":{"VpcId":"vpc-1","VSwitchId":"vsw-1","PrivateIpAddress":{"IpAddress":["10.0.1.5"]}},
            "PublicIpAddress":{"IpAddress":[]},"EipAddress":{"AllocationId":"","IpAddress":""},"InternetMaxBandwidthOut":0,
            "SecurityGroupIds":{"SecurityGroupId":["sg-1"]},"NetworkInterfaces":{"NetworkInterface":[{"NetworkInterfaceId":"eni-1","Type":"Primary"}]}}"#, 1));
        set.interface("");
        set.put(
            "ecs-DescribeSecurityGroups",
            page(
                "SecurityGroups",
                "SecurityGroup",
                r#"{"SecurityGroupId":"sg-1","VpcId":"vpc-1","SecurityGroupType":"normal","ServiceManaged":false}"#,
                1,
            ),
        );
        set.group("10.0.0.0/8");
        set.put("vpc-DescribeVpcs", page("Vpcs", "Vpc", r#"{"VpcId":"vpc-1","RegionId":"cn-hangzhou","CidrBlock":"10.0.0.0/16","Ipv6CidrBlock":"","SecondaryCidrBlocks":{"SecondaryCidrBlock":[]},"UserCidrs":{"UserCidr":[]}}"#, 1));
        set.put("vpc-DescribeVSwitches", page("VSwitches", "VSwitch", r#"{"VSwitchId":"vsw-1","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24","Ipv6CidrBlock":"","NetworkAclId":"","ZoneId":"cn-hangzhou-h","RouteTable":{"RouteTableId":"vtb-1"}}"#, 1));
        set.put("vpc-DescribeEipAddresses", page("EipAddresses", "EipAddress", "", 0));
        set.put("vpc-ListIpv4Gateways", r#"{"TotalCount":"0","MaxResults":"10","Ipv4GatewayModels":[]}"#.into());
        set.put("vpc-DescribeIpv6Gateways", page("Ipv6Gateways", "Ipv6Gateway", "", 0));
        set.put("vpc-DescribeIpv6Addresses", page("Ipv6Addresses", "Ipv6Address", "", 0));
        set.put("vpc-DescribeNatGateways", page("NatGateways", "NatGateway", "", 0));
        set.put("vpc-DescribeHaVips", page("HaVips", "HaVip", "", 0));
        set.put(
            "alb-ListLoadBalancers",
            r#"{"TotalCount":0,"MaxResults":100,"NextToken":"","LoadBalancers":[]}"#.into(),
        );
        set.put(
            "nlb-ListLoadBalancers",
            r#"{"TotalCount":0,"MaxResults":100,"NextToken":"","LoadBalancers":[]}"#.into(),
        );
        set.put("slb-DescribeLoadBalancers", page("LoadBalancers", "LoadBalancer", r#"{"LoadBalancerId":"lb-1","LoadBalancerName":"shop","AddressType":"internet","Address":"47.1.2.3","AddressIPVersion":"ipv4","NetworkType":"classic","VpcId":"","VSwitchId":"","LoadBalancerStatus":"active"}"#, 1));
        set.put("slb-DescribeLoadBalancerAttribute-cn-hangzhou-lb-1", r#"{"LoadBalancerId":"lb-1","BackendServers":{"BackendServer":[{"ServerId":"i-1","Weight":100,"Type":"ecs"}]}}"#.into());
        set.listeners(&[(80, "on")]);
        set.put("slb-DescribeAccessControlLists", r#"{"TotalCount":1,"PageNumber":1,"PageSize":50,"Acls":{"Acl":[{"AclId":"acl-1","AclName":"waf","AddressIPVersion":"ipv4"}]}}"#.into());
        set.acl("39.96.130.0/24");
        set.waf(1);
        set.rule("block");
        set.names("xmpl.yundunwaf3.com", "");
        set.put(
            "waf-openapi-DescribeWafSourceIpSegment-InstanceId=waf-1",
            r#"{"WafSourceIp":{"IPv4":["39.96.130.0/24"],"IPv6":[]}}"#.into(),
        );
        set.put("waf-openapi-DescribeDomains", r#"{"TotalCount":1,"Domains":[{"Domain":"www.shop.example","Status":1,"Cname":"xmpl.yundunwaf3.com","ListenPorts":{"Http":[80],"Https":[]},"Backeds":{"Http":["47.1.2.3"],"Https":[]}}]}"#.into());
        set.objects("");
        set.0.push((
            "ecs-DescribeRegions.json".into(),
            r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou","Status":"available"}]}}"#.into(),
        ));
        set.put("cloudfw-DescribeUserBuyVersion", r#"{"UserStatus":false,"Version":"","LogStatus":false}"#.into());
        estate
    }

    fn put(&mut self, name: &str, body: String) {
        let name = if name.contains("-cn-hangzhou") || name.contains('=') {
            format!("{name}.json")
        } else {
            format!("{name}-{R}.json")
        };
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, body));
    }

    fn interface(&mut self, ipv6: &str) {
        let set = if ipv6.is_empty() { String::new() } else { format!(r#"{{"Ipv6Address":"{ipv6}"}}"#) };
        self.put("ecs-DescribeNetworkInterfaces", format!(r#"{{"TotalCount":1,"PageNumber":1,"PageSize":10,"NetworkInterfaceSets":{{"NetworkInterfaceSet":[{{"NetworkInterfaceId":"eni-1","InstanceId":"i-1","Type":"Primary",
            "Status":"InUse","VpcId":"vpc-1","VSwitchId":"vsw-1","PrivateIpAddress":"10.0.1.5","PrivateIpSets":{{"PrivateIpSet":[{{"PrivateIpAddress":"10.0.1.5","Primary":true}}]}},
            "Ipv6Sets":{{"Ipv6Set":[{set}]}},"SecurityGroupIds":{{"SecurityGroupId":["sg-1"]}},"AssociatedPublicIp":{{}}}}]}}}}"#));
    }

    /// One accept rule for port 80, over IPv4 or IPv6.
    fn group(&mut self, source: &str) {
        let field = if source.contains(':') { "Ipv6SourceCidrIp" } else { "SourceCidrIp" };
        self.put("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-1", format!(r#"{{"SecurityGroupId":"sg-1","VpcId":"vpc-1","InnerAccessPolicy":"Drop","Permissions":{{"Permission":[{{"SecurityGroupRuleId":"sgr-1",
            "Direction":"ingress","Policy":"Accept","Priority":"1","IpProtocol":"TCP","PortRange":"80/80","{field}":"{source}","NicType":"intranet"}}]}}}}"#));
    }

    fn listeners(&mut self, all: &[(u16, &str)]) {
        let body: Vec<String> = all
            .iter()
            .map(|(port, acl)| {
                format!(r#"{{"LoadBalancerId":"lb-1","ListenerPort":{port},"ListenerProtocol":"http","BackendServerPort":80,"Status":"running","AclStatus":"{acl}","AclType":"white","AclIds":["acl-1"],"AclId":"acl-1",
                    "HTTPListenerConfig":{{"ListenerForward":"off"}}}}"#)
            })
            .collect();
        let text = format!(
            r#"{{"TotalCount":{},"NextToken":"","MaxResults":100,"Listeners":[{}]}}"#,
            body.len(),
            body.join(",")
        );
        self.put("slb-DescribeLoadBalancerListeners", text);
    }

    fn acl(&mut self, entries: &str) {
        let entries = if entries.is_empty() { String::new() } else { format!(r#"{{"AclEntryIP":"{entries}"}}"#) };
        self.put(
            "slb-DescribeAccessControlListAttribute-cn-hangzhou-acl-1",
            format!(r#"{{"AclId":"acl-1","AddressIPVersion":"ipv4","AclEntrys":{{"AclEntry":[{entries}]}}}}"#),
        );
    }

    fn waf(&mut self, status: u8) {
        self.put(
            "waf-openapi-DescribeInstance",
            format!(r#"{{"InstanceId":"waf-1","Edition":"business","Status":{status},"RegionId":"cn-hangzhou"}}"#),
        );
        self.paused(0);
    }

    fn paused(&mut self, status: u8) {
        self.put(
            "waf-openapi-DescribePauseProtectionStatus-InstanceId=waf-1",
            format!(r#"{{"PauseStatus":{status}}}"#),
        );
    }

    fn rule(&mut self, action: &str) {
        self.put("waf-openapi-DescribeDefenseTemplates", r#"{"TotalCount":1,"Templates":[{"TemplateId":7,"TemplateName":"base","DefenseScene":"waf_base","TemplateStatus":1,"TemplateType":"user_default"}]}"#.into());
        self.put("waf-openapi-DescribeDefenseRules-TemplateId=7", format!(r#"{{"TotalCount":1,"Rules":[{{"RuleId":9,"RuleName":"base","DefenseScene":"waf_base","Status":1,"TemplateId":7,"Config":"{{\"action\":\"{action}\"}}"}}]}}"#));
    }

    fn objects(&mut self, body: &str) {
        let count = usize::from(!body.is_empty());
        self.put("waf-openapi-DescribeDefenseResources", format!(r#"{{"TotalCount":{count},"Resources":[{body}]}}"#));
    }

    /// The zone `shop.example`: where `www` points, and the origin's address under a second name.
    fn names(&mut self, www: &str, other: &str) {
        let mut records = vec![format!(
            r#"{{"RecordId":"1","DomainName":"shop.example","RR":"www","Type":"CNAME","Value":"{www}","Status":"ENABLE"}}"#
        )];
        if !other.is_empty() {
            records.push(format!(r#"{{"RecordId":"2","DomainName":"shop.example","RR":"{other}","Type":"A","Value":"47.1.2.3","Status":"ENABLE"}}"#));
        }
        let count = records.len();
        self.0.retain(|(name, _)| !name.starts_with("alidns"));
        self.0.push((
            "alidns-DescribeDomains.json".into(),
            page("Domains", "Domain", r#"{"DomainName":"shop.example","DomainId":"d-1"}"#, 1),
        ));
        self.0.push((
            "alidns-DescribeDomainRecords-shop.example.json".into(),
            page("DomainRecords", "Record", &records.join(","), count),
        ));
    }

    fn eip(&mut self, to: &str, kind: &str) {
        self.put("vpc-DescribeEipAddresses", page("EipAddresses", "EipAddress", &format!(r#"{{"AllocationId":"eip-1","IpAddress":"47.9.9.9","InstanceId":"{to}","InstanceType":"{kind}","Mode":"NAT","RegionId":"cn-hangzhou","Status":"InUse"}}"#), 1));
    }

    fn read(&self) -> Inventory {
        let files: Vec<(&str, &str)> = self.0.iter().map(|(name, body)| (name.as_str(), body.as_str())).collect();
        estate(&files)
    }

    /// The ways around the domain.
    fn ways(&self) -> String {
        listed(&one::<waf::Domain>(&self.read(), "www.shop.example").bypasses)
    }
}

fn with(change: impl FnOnce(&mut Estate)) -> Estate {
    let mut estate = Estate::closed();
    change(&mut estate);
    estate
}

#[test]
fn without_waf_s_ranges_a_locked_origin_stays_open_and_an_open_one_is_proven() {
    let unread = |acl: &str| {
        let mut estate = with(|e| e.listeners(&[(80, acl)]));
        estate.0.retain(|(name, _)| !name.contains("DescribeWafSourceIpSegment"));
        estate.ways()
    };
    assert_eq!(unread("on"), " + not-collected");
    assert!(unread("off").starts_with("case 2: tcp "), "{}", unread("off"));
}

#[test]
fn a_listener_behind_a_waf_that_blocks_is_guarded_and_one_behind_none_is_not() {
    let ports = |e: &Estate| listed(&one::<slb::LoadBalancer>(&e.read(), "lb-1").web_unguarded);
    // The listener admits WAF's ranges only: strangers do not reach it at all.
    assert_eq!(ports(&Estate::closed()), "");
    assert_eq!(ports(&with(|e| e.listeners(&[(80, "off")]))), "");
    let watching = with(|e| {
        e.listeners(&[(80, "off")]);
        e.rule("monitor");
    });
    assert_eq!(ports(&watching), "tcp/80");
    let none = with(|e| {
        e.listeners(&[(80, "off")]);
        e.put("waf-openapi-DescribeDomains", r#"{"TotalCount":0,"Domains":[]}"#.into());
    });
    assert_eq!(ports(&none), "tcp/80");
    let mut unread = with(|e| e.listeners(&[(80, "off")]));
    unread.0.retain(|(name, _)| !name.starts_with("waf-openapi-DescribeDomains"));
    assert_eq!(ports(&unread), " + not-collected");
}

/// The instance itself behind WAF in transparent mode: its redirected ports.
fn transparent(ports: &str, open: &str) -> Estate {
    with(|e| {
        e.eip("i-1", "EcsInstance");
        e.group("0.0.0.0/0");
        e.listeners(&[]);
        e.put("waf-openapi-DescribeDomains", r#"{"TotalCount":0,"Domains":[]}"#.into());
        e.put("waf-openapi-DescribeCloudResources", r#"{"TotalCount":1,"CloudResources":[{"ResourceInstanceId":"i-1","ResourceProduct":"ecs","HttpPortCount":1}]}"#.into());
        if !ports.is_empty() {
            e.put(
                "waf-openapi-DescribeCloudResourceAccessedPorts-ResourceInstanceId=i-1",
                format!(r#"{{"Http":[{ports}],"Https":[]}}"#),
            );
        }
        e.put("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-1", format!(r#"{{"SecurityGroupId":"sg-1","VpcId":"vpc-1","InnerAccessPolicy":"Drop","Permissions":{{"Permission":[{{"SecurityGroupRuleId":"sgr-1",
            "Direction":"ingress","Policy":"Accept","Priority":"1","IpProtocol":"TCP","PortRange":"{open}","SourceCidrIp":"0.0.0.0/0","NicType":"intranet"}}]}}}}"#));
    })
}

#[test]
fn case_7_a_web_port_that_is_not_redirected_is_unguarded() {
    let ports = |e: &Estate| listed(&one::<ecs::Instance>(&e.read(), "i-1").web_unguarded);
    assert_eq!(ports(&transparent("80", "80/80")), "");
    assert_eq!(ports(&transparent("80", "80/81")), "");
    assert_eq!(ports(&transparent("443", "80/80")), "tcp/80");
    // That some port of it goes through WAF does not say which (EDGE-2).
    assert_eq!(ports(&transparent("", "80/80")), " + not-in-this-evidence");
}

#[test]
fn the_name_of_a_protected_port_says_which_one_and_each_port_is_an_object() {
    let of = |names: &[&str]| {
        let mut estate = transparent("", "80/80");
        let objects: Vec<String> =
            names.iter().map(|name| format!(r#"{{"Resource":"{name}","Product":"ecs","ResourceGroup":""}}"#)).collect();
        estate.put(
            "waf-openapi-DescribeDefenseResources",
            format!(r#"{{"TotalCount":{},"Resources":[{}]}}"#, names.len(), objects.join(",")),
        );
        listed(&one::<ecs::Instance>(&estate.read(), "i-1").web_unguarded)
    };
    assert_eq!(of(&["i-1-80-ecs"]), "");
    assert_eq!(of(&["i-1-443-ecs", "i-1-80-ecs"]), "");
    assert_eq!(of(&["i-1-443-ecs"]), "tcp/80");
}

#[test]
fn an_object_of_a_product_that_is_not_known_may_be_any_guard() {
    let estate = with(|e| {
        e.listeners(&[(80, "off")]);
        e.put("waf-openapi-DescribeDomains", r#"{"TotalCount":0,"Domains":[]}"#.into());
        e.objects(r#"{"Resource":"thing-1","Product":"novel","ResourceGroup":""}"#);
    });
    let ports = listed(&one::<slb::LoadBalancer>(&estate.read(), "lb-1").web_unguarded);
    assert_eq!(ports, " + not-understood");
}

#[test]
fn an_action_that_is_not_known_is_no_proof_of_blocking() {
    assert!(with(|e| e.rule("observe_only")).ways().ends_with(" + not-understood"));
    assert_eq!(with(|e| e.rule("monitor")).ways().split(':').next(), Some("case 11"));
}

#[test]
fn a_pause_that_nobody_asked_for_leaves_open_whether_waf_acts() {
    let mut estate = Estate::closed();
    estate.0.retain(|(name, _)| !name.contains("DescribePauseProtectionStatus"));
    assert_eq!(estate.ways(), " + not-collected");
    assert_eq!(with(|e| e.paused(1)).ways().split(':').next(), Some("case 10"));
}

/// EDGE-3: a name outside the zone may lead to WAF, and an address that is none of the estate's may be WAF's own.
#[test]
fn dns_points_elsewhere_only_when_it_leads_to_the_estate_itself() {
    let of = |record: &str| with(|e| e.names(record, "")).ways();
    assert_eq!(of("xmpl.yundunwaf3.com"), "");
    assert_eq!(of("shop.other.example"), " + not-collected");
    let looked = |status: &str| {
        let mut estate = with(|e| e.names("shop.other.example", ""));
        estate.put(
            "waf-openapi-DescribeDomainDNSRecord-Domain=www.shop.example",
            format!(r#"{{"DNSStatus":"{status}"}}"#),
        );
        estate.ways()
    };
    assert_eq!(looked("cnameMatched"), "");
    assert_eq!(looked("unUsed").split(':').next(), Some("case 9"));
    assert_eq!(looked("checkTimeout"), " + not-collected");
}

#[test]
fn templates_of_a_group_of_objects_apply_to_the_objects_in_it() {
    let of = |template: &str, action: &str| {
        with(|e| {
            e.objects(r#"{"Resource":"www.shop.example-waf","Product":"waf","ResourceGroup":"shops","Detail":{"domain":"www.shop.example"}}"#);
            e.rule("block");
            e.put("waf-openapi-DescribeDefenseTemplates", r#"{"TotalCount":2,"Templates":[{"TemplateId":7,"DefenseScene":"waf_base","TemplateStatus":1,"TemplateType":"user_default"},
                {"TemplateId":8,"DefenseScene":"waf_base","TemplateStatus":1,"TemplateType":"user_custom"}]}"#.into());
            e.put("waf-openapi-DescribeTemplateResources-TemplateId=8", r#"{"Resources":[]}"#.into());
            e.put("waf-openapi-DescribeTemplateResources-ResourceType=group,TemplateId=8", format!(r#"{{"Resources":[{template}]}}"#));
            e.put("waf-openapi-DescribeDefenseRules-TemplateId=8", format!(r#"{{"TotalCount":1,"Rules":[{{"RuleId":10,"DefenseScene":"waf_base","Status":1,"TemplateId":8,"Config":"{{\"action\":\"{action}\"}}"}}]}}"#));
        })
        .ways()
    };
    assert_eq!(of(r#""shops""#, "block"), "");
    assert_eq!(of(r#""shops""#, "monitor").split(':').next(), Some("case 11"));
    assert_eq!(of("", "monitor"), "");
}

#[test]
fn an_address_is_protected_by_anti_ddos_origin_only_when_it_is_listed_there() {
    let estate = |listed: &str| {
        with(|e| {
            e.eip("i-1", "EcsInstance");
            e.put(
                "ddosbgp-DescribeInstanceList",
                r#"{"Total":1,"InstanceList":[{"InstanceId":"ddosbgp-1","Status":"1","IpType":"IPv4"}]}"#.into(),
            );
            e.put(
                "ddosbgp-DescribePackIpList-cn-hangzhou-ddosbgp-1",
                format!(r#"{{"Total":1,"IpList":[{{"Ip":"{listed}","Status":"normal"}}]}}"#),
            );
            e.0.push(("ddoscoo-DescribeInstances.json".into(), r#"{"TotalCount":0,"Instances":[]}"#.into()));
        })
        .read()
    };
    assert_eq!(shown(&one::<eip::Eip>(&estate("47.9.9.9"), "eip-1").ddos_protected), "true");
    assert_eq!(shown(&one::<eip::Eip>(&estate("47.1.2.3"), "eip-1").ddos_protected), "false");
    assert_eq!(shown(&one::<slb::LoadBalancer>(&estate("47.1.2.3"), "lb-1").ddos_protected), "true");
    let unread = with(|e| e.eip("i-1", "EcsInstance")).read();
    assert_eq!(shown(&one::<eip::Eip>(&unread, "eip-1").ddos_protected), "unknown: not-collected");
    let proxied = |status: u8, punished: bool| {
        with(|e| {
            e.eip("i-1", "EcsInstance");
            e.put("ddosbgp-DescribeInstanceList", r#"{"Total":0,"InstanceList":[]}"#.into());
            e.0.push(("ddoscoo-DescribeInstances.json".into(), format!(r#"{{"TotalCount":1,"Instances":[{{"InstanceId":"d-1","Status":{status},"Enabled":1}}]}}"#)));
            e.0.push(("ddoscoo-DescribeWebRules.json".into(), format!(r#"{{"TotalCount":1,"WebRules":[{{"Domain":"x.shop.example","Cname":"c.aliyunddos.com","ProxyEnabled":true,"PunishStatus":{punished},"RealServers":[{{"RealServer":"47.9.9.9"}}]}}]}}"#)));
            e.0.push(("ddoscoo-DescribeNetworkRules.json".into(), r#"{"TotalCount":0,"NetworkRules":[]}"#.into()));
        })
        .read()
    };
    assert_eq!(shown(&one::<eip::Eip>(&proxied(1, false), "eip-1").ddos_protected), "true");
    assert_eq!(shown(&one::<eip::Eip>(&proxied(1, true), "eip-1").ddos_protected), "false");
    assert_eq!(shown(&one::<eip::Eip>(&proxied(2, false), "eip-1").ddos_protected), "false");
}

/// A server behind a WAF domain whose origin is its EIP, all by reference, as a configuration.
fn configured(source: &str, action: &str) -> Inventory {
    terraform(&format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_security_group" "g" {{ vpc_id = alicloud_vpc.v.id }}
resource "alicloud_security_group_rule" "web" {{
  security_group_id = alicloud_security_group.g.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "{source}"
}}
resource "alicloud_instance" "i" {{
  image_id        = "aliyun_3"
  instance_type   = "ecs.g7.large"
  security_groups = [alicloud_security_group.g.id]
  vswitch_id      = alicloud_vswitch.s.id
}}
resource "alicloud_eip_address" "e" {{ bandwidth = "5" }}
resource "alicloud_eip_association" "a" {{
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_instance.i.id
}}
resource "alicloud_wafv3_instance" "w" {{}}
resource "alicloud_wafv3_domain" "d" {{
  instance_id = alicloud_wafv3_instance.w.id
  domain      = "www.shop.example"
  listen {{ http_ports = [80] }}
  redirect {{
    backends    = [alicloud_eip_address.e.ip_address]
    loadbalance = "iphash"
  }}
}}
resource "alicloud_wafv3_defense_template" "t" {{
  instance_id           = alicloud_wafv3_instance.w.id
  defense_template_name = "base"
  defense_scene         = "waf_base"
  template_type         = "user_default"
  template_origin       = "custom"
  status                = "1"
}}
resource "alicloud_wafv3_defense_rule" "r" {{
  instance_id   = alicloud_wafv3_instance.w.id
  template_id   = alicloud_wafv3_defense_template.t.defense_template_id
  defense_scene = "waf_base"
  defense_type  = "template"
  rule_status   = 1
  config {{ rule_action = "{action}" }}
}}
"#
    ))
}

#[test]
fn a_configuration_whose_origin_answers_anyone_or_whose_rules_observe_is_a_proven_bypass() {
    let ways = |source: &str, action: &str| {
        listed(&one::<waf::Domain>(&configured(source, action), "www.shop.example").bypasses)
    };
    // What stays open: where DNS will lead, which no configuration says without the name that WAF gives.
    assert_eq!(ways("10.0.0.0/8", "block"), " + not-collected");
    assert_eq!(ways("0.0.0.0/0", "block"), "case 1: port 80 of root#alicloud_instance.i/primary + not-collected");
    assert!(ways("10.0.0.0/8", "monitor").starts_with("case 11: "), "{}", ways("10.0.0.0/8", "monitor"));
}
