//! What of a load balancer's words becomes knowledge, and what stays open.

use xiezhi_net::model::{AccessKind, Balancer, Network, Seen};

use super::super::super::tests::terraform;

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
    let listener = |kind: &str| {
        let network = network(&alb(&action(kind), ""));
        only(&network).listeners.known().unwrap()[0].clone()
    };
    let takes = |kind: &str| listener(kind).backends.known().unwrap()[0].takes_flows.clone();
    assert_eq!((listener("ForwardGroup").redirect, takes("ForwardGroup")), (false, Seen::Known(true)));
    assert!(listener("Redirect").redirect);
    let odd = takes("Teleport");
    assert!(!listener("Teleport").redirect);
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
