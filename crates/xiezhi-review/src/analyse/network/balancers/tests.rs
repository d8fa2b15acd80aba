//! What of a load balancer's words becomes knowledge, and what stays open.

use xiezhi_net::model::{AccessKind, Balancer, Network, Seen};

use super::super::super::tests::{estate, terraform};

/// The load balancers of a configuration.
fn network(text: &str) -> Network {
    super::super::network(&terraform(text))
}

fn only(network: &Network) -> &Balancer {
    let [balancer] = network.balancers.items.as_slice() else { panic!("{:?}", network.balancers) };
    balancer
}

/// An ALB with one HTTP listener, one server group with one server; `listener` and `more` go into it and beside it.
fn alb(listener: &str, more: &str) -> String {
    format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_alb_load_balancer" "l" {{
  vpc_id       = alicloud_vpc.v.id
  address_type = "Internet"
  load_balancer_edition = "Basic"
}}
resource "alicloud_alb_server_group" "g" {{
  vpc_id = alicloud_vpc.v.id
  servers {{
    server_id   = "10.0.1.5"
    server_type = "Ip"
    server_ip   = "10.0.1.5"
    port        = 8080
  }}
}}
resource "alicloud_alb_listener" "h" {{
  load_balancer_id  = alicloud_alb_load_balancer.l.id
  listener_port     = 80
  listener_protocol = "HTTP"
  {listener}
}}
{more}
"#
    )
}

/// The servers behind the one listener, by port, and whether they get requests.
fn servers(text: &str) -> Vec<(u16, Seen<bool>)> {
    behind(&network(text))
}

fn behind(network: &Network) -> Vec<(u16, Seen<bool>)> {
    let listener = &only(network).listeners.known().unwrap()[0];
    let backends = listener.backends.known().unwrap();
    backends.iter().map(|backend| (backend.port.unwrap(), backend.takes_flows.clone())).collect()
}

/// Whether the servers of group `g` (8080, the default) and `o` (9090, by rules) get requests, with these rules:
/// priority, conditions, action.
fn with_rules(rules: &[(u32, &str, &str)]) -> (Seen<bool>, Seen<bool>) {
    let mut more = r#"
resource "alicloud_alb_server_group" "o" {
  vpc_id = alicloud_vpc.v.id
  servers {
    server_id   = "10.0.1.6"
    server_type = "Ip"
    server_ip   = "10.0.1.6"
    port        = 9090
  }
}
"#
    .to_owned();
    for (priority, conditions, kind) in rules {
        let groups = match *kind {
            "ForwardGroup" => {
                "forward_group_config {
      server_group_tuples { server_group_id = alicloud_alb_server_group.o.id }
    }"
            }
            _ => "",
        };
        more.push_str(&format!(
            r#"
resource "alicloud_alb_rule" "r{priority}" {{
  listener_id = alicloud_alb_listener.h.id
  rule_name   = "r{priority}"
  priority    = {priority}
  {conditions}
  rule_actions {{
    type  = "{kind}"
    order = 1
    {groups}
  }}
}}
"#
        ));
    }
    let found = servers(&alb(&action("ForwardGroup"), &more));
    let of = |port: u16| found.iter().find(|(own, _)| *own == port).map(|(_, takes)| takes.clone());
    (of(8080).unwrap(), of(9090).unwrap_or(Seen::Absent))
}

fn when(kind: &str, values: &str) -> String {
    let block = match kind {
        "Host" => "host_config",
        "Path" => "path_config",
        "SourceIp" => "source_ip_config",
        other => panic!("{other}"),
    };
    format!("rule_conditions {{\n type = \"{kind}\"\n {block} {{ values = [{values}] }}\n }}")
}

const YES: Seen<bool> = Seen::Known(true);
const NO: Seen<bool> = Seen::Known(false);

#[test]
fn servers_behind_a_forwarding_rule_are_reached_beside_those_of_the_default_action() {
    let api = when("Host", r#""api.example.com""#);
    assert_eq!(with_rules(&[(10, &api, "ForwardGroup")]), (YES, YES));
}

#[test]
fn a_rule_that_takes_every_request_leaves_nothing_to_later_ones() {
    let (all, api) = (when("Path", r#""/*""#), when("Path", r#""/api/*""#));
    assert_eq!(with_rules(&[(1, &all, "Redirect"), (2, &api, "ForwardGroup")]), (NO, NO));
    assert_eq!(with_rules(&[(2, &all, "Redirect"), (1, &api, "ForwardGroup")]), (NO, YES));
    assert_eq!(with_rules(&[(1, &all, "ForwardGroup")]), (NO, YES));
}

#[test]
fn a_rule_behind_a_wider_one_is_open_and_one_beside_it_is_reached() {
    let (wide, inside) = (when("Path", r#""/admin*""#), when("Path", r#""/admin/x""#));
    let (default, rule) = with_rules(&[(1, &wide, "FixedResponse"), (2, &inside, "ForwardGroup")]);
    assert_eq!(default, YES);
    assert!(rule.gap().is_some(), "{rule:?}");
    let beside = when("Path", r#""/admin/x", "/shop""#);
    assert_eq!(with_rules(&[(1, &wide, "FixedResponse"), (2, &beside, "ForwardGroup")]), (YES, YES));
}

#[test]
fn conditions_on_client_addresses_and_undocumented_ones_leave_a_rule_open() {
    let (source, all) = (when("SourceIp", r#""10.0.0.0/8""#), when("Path", r#""/*""#));
    let (default, rule) = with_rules(&[(1, &source, "ForwardGroup")]);
    assert!(default.gap().is_some() && rule.gap().is_some(), "{default:?} {rule:?}");
    let odd = "rule_conditions { type = \"Moon\" }";
    let (default, rule) = with_rules(&[(1, odd, "ForwardGroup")]);
    assert!(default.gap().is_some() && rule.gap().is_some(), "{default:?} {rule:?}");
    // A rule before it that takes everything settles both.
    assert_eq!(with_rules(&[(1, &all, "Redirect"), (2, odd, "ForwardGroup")]), (NO, NO));
}

fn action(kind: &str) -> String {
    format!(
        r#"default_actions {{
    type = "{kind}"
    forward_group_config {{
      server_group_tuples {{ server_group_id = alicloud_alb_server_group.g.id }}
    }}
  }}"#
    )
}

fn acl(kind: &str) -> String {
    format!(
        r#"{}
  acl_config {{
    acl_type = "{kind}"
    acl_relations {{ acl_id = "acl-1" }}
  }}"#,
        action("ForwardGroup")
    )
}

fn slb(kind: &str) -> String {
    format!(
        r#"
resource "alicloud_slb_load_balancer" "l" {{ address_type = "internet" }}
resource "alicloud_slb_listener" "h" {{
  load_balancer_id = alicloud_slb_load_balancer.l.id
  frontend_port    = 80
  backend_port     = 8080
  protocol         = "http"
  acl_status       = "on"
  acl_type         = "{kind}"
  acl_id           = "acl-1"
}}
"#
    )
}

#[test]
fn access_control_of_an_undocumented_kind_is_missing_evidence_and_no_white_list() {
    for product in [slb, |kind: &str| alb(&acl(kind), "")] {
        let kind = |word: &str| {
            let network = network(&product(word));
            match &only(&network).listeners.known().unwrap()[0].access {
                Seen::Known(access) => Ok(access.kind),
                Seen::Missing(what) => Err(what.to_string()),
                Seen::Absent => panic!("no access control"),
            }
        };
        assert_eq!((kind("White"), kind("black")), (Ok(AccessKind::White), Ok(AccessKind::Black)));
        assert!(kind("grey").unwrap_err().starts_with("kind of access control of "));
    }
}

#[test]
fn a_default_action_that_is_not_understood_neither_forwards_nor_refuses() {
    let takes = |kind: &str| servers(&alb(&action(kind), "")).remove(0).1;
    assert_eq!((takes("ForwardGroup"), takes("Redirect")), (Seen::Known(true), Seen::Known(false)));
    let odd = takes("Teleport");
    assert!(odd.gap().is_some_and(|what| what.starts_with("default actions of ")), "{odd:?}");
}

#[test]
fn a_listener_that_is_being_configured_may_or_may_not_run() {
    let running = |status: &str| {
        let network = network(&alb(&format!("{}\n  status = \"{status}\"", action("ForwardGroup")), ""));
        only(&network).listeners.known().unwrap()[0].running.clone()
    };
    assert_eq!((running("Running"), running("Stopped")), (Seen::Known(true), Seen::Known(false)));
    assert!(running("Configuring").gap().is_some());
}

/// One rule by path to port 9090 before a default to port 8080; a mirror to 9191 gets copies, a group of weight 0 nothing.
const API: &[(&str, &str)] = &[
    (
        "alb-ListLoadBalancers-cn-hangzhou.json",
        r#"{"TotalCount":1,"MaxResults":20,"LoadBalancers":[{"LoadBalancerId":"alb-1","AddressType":"Internet","AddressIpVersion":"IPv4","VpcId":"vpc-1","LoadBalancerEdition":"Standard",
        "ZoneMappings":[{"ZoneId":"cn-hangzhou-h","VSwitchId":"vsw-1","LoadBalancerAddresses":[{"Address":"47.1.2.3","IntranetAddress":"10.0.1.200"}]}]}]}"#,
    ),
    (
        "alb-ListListeners-cn-hangzhou.json",
        r#"{"TotalCount":1,"MaxResults":20,"Listeners":[{"ListenerId":"lsn-1","LoadBalancerId":"alb-1","ListenerPort":80,"ListenerProtocol":"HTTP","ListenerStatus":"Running",
        "DefaultActions":[{"Type":"ForwardGroup","ForwardGroupConfig":{"ServerGroupTuples":[{"ServerGroupId":"sgp-1"}]}}]}]}"#,
    ),
    (
        "alb-ListRules-cn-hangzhou.json",
        r#"{"TotalCount":1,"MaxResults":20,"Rules":[{"RuleId":"rule-1","RuleName":"api","ListenerId":"lsn-1","LoadBalancerId":"alb-1","Priority":5,"Direction":"Request","RuleStatus":"Available",
        "RuleConditions":[{"Type":"Path","PathConfig":{"Values":["/api/*"]}}],
        "RuleActions":[{"Order":1,"Type":"TrafficMirror","TrafficMirrorConfig":{"TargetType":"ForwardGroupMirror","MirrorGroupConfig":{"ServerGroupTuples":[{"ServerGroupId":"sgp-3"}]}}},
        {"Order":2,"Type":"ForwardGroup","ForwardGroupConfig":{"ServerGroupTuples":[{"ServerGroupId":"sgp-2","Weight":100},{"ServerGroupId":"sgp-4","Weight":0}]}}]}]}"#,
    ),
    (
        "alb-ListServerGroups-cn-hangzhou.json",
        r#"{"TotalCount":4,"MaxResults":20,"ServerGroups":[{"ServerGroupId":"sgp-1"},{"ServerGroupId":"sgp-2"},{"ServerGroupId":"sgp-3"},{"ServerGroupId":"sgp-4"}]}"#,
    ),
    (
        "alb-ListServerGroupServers-cn-hangzhou.json",
        r#"{"TotalCount":4,"MaxResults":20,"Servers":[
        {"ServerGroupId":"sgp-1","ServerId":"10.0.1.5","ServerType":"Ip","ServerIp":"10.0.1.5","Port":8080,"Weight":100},
        {"ServerGroupId":"sgp-2","ServerId":"10.0.1.6","ServerType":"Ip","ServerIp":"10.0.1.6","Port":9090,"Weight":100},
        {"ServerGroupId":"sgp-3","ServerId":"10.0.1.7","ServerType":"Ip","ServerIp":"10.0.1.7","Port":9191,"Weight":100},
        {"ServerGroupId":"sgp-4","ServerId":"10.0.1.8","ServerType":"Ip","ServerIp":"10.0.1.8","Port":9292,"Weight":100}]}"#,
    ),
];

const ROS: &str = r#"{"ROSTemplateFormatVersion":"2015-09-01","Resources":{
"Alb":{"Type":"ALIYUN::ALB::LoadBalancer","Properties":{"AddressType":"Internet","VpcId":"vpc-1","LoadBalancerEdition":"Standard"}},
"G":{"Type":"ALIYUN::ALB::ServerGroup","Properties":{"ServerGroupName":"g","VpcId":"vpc-1"}},
"O":{"Type":"ALIYUN::ALB::ServerGroup","Properties":{"ServerGroupName":"o","VpcId":"vpc-1"}},
"GS":{"Type":"ALIYUN::ALB::BackendServerAttachment","Properties":{"ServerGroupId":{"Ref":"G"},"Servers":[{"ServerId":"10.0.1.5","ServerType":"Ip","Port":8080,"Weight":100}]}},
"OS":{"Type":"ALIYUN::ALB::BackendServerAttachment","Properties":{"ServerGroupId":{"Ref":"O"},"Servers":[{"ServerId":"10.0.1.6","ServerType":"Ip","Port":9090,"Weight":100}]}},
"L":{"Type":"ALIYUN::ALB::Listener","Properties":{"LoadBalancerId":{"Ref":"Alb"},"ListenerPort":80,"ListenerProtocol":"HTTP",
"DefaultActions":[{"Type":"ForwardGroup","ForwardGroupConfig":{"ServerGroupTuples":[{"ServerGroupId":{"Ref":"G"}}]}}]}},
"R":{"Type":"ALIYUN::ALB::Rule","Properties":{"ListenerId":{"Ref":"L"},"RuleName":"api","Priority":5,
"RuleConditions":[{"Type":"Path","PathConfig":{"Values":["/api/*"]}}],
"RuleActions":[{"Order":1,"Type":"ForwardGroup","ForwardGroupConfig":{"ServerGroupTuples":[{"ServerGroupId":{"Ref":"O"}}]}}]}}}}"#;

#[test]
fn api_answers_and_a_template_say_which_servers_rules_lead_to() {
    let network = super::super::network(&estate(API));
    let all = [(9191, YES), (9090, YES), (8080, YES)];
    assert_eq!(behind(&network), all);
    let network = super::super::network(&estate(&[("template.json", ROS)]));
    assert_eq!(behind(&network), [(9090, YES), (8080, YES)]);
}

#[test]
fn rules_that_were_not_listed_leave_the_neighbourhood_in_doubt() {
    let doubt = |without: &str| {
        let files: Vec<_> = API.iter().filter(|(name, _)| *name != without).copied().collect();
        let inventory = estate(&files);
        let mut converter = super::Converter::new(&inventory);
        super::balancers(&mut converter);
        let head = &inventory.all::<xiezhi_model::service::alb::LoadBalancer>()[0].head;
        converter.blind_near(head).map(|reason| reason.code())
    };
    assert_eq!(doubt(""), None);
    assert_eq!(doubt("alb-ListRules-cn-hangzhou.json"), Some("not-collected"));
}
