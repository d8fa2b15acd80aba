//! `xiezhi ask reach --from` by endpoints of PrivateLink and by load balancers that a configuration declares.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use std::fs;
use std::path::{Path, PathBuf};

use asking::run;
use serde_json::Value;

fn estate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates").join(name)
}

/// The answer about a target from the client, in JSON.
fn from_client(evidence: &Path, target: &str) -> Value {
    let (_, out, notes) = run(&["reach", target, "--from", "client", "--format", "json", evidence.to_str().unwrap()]);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {notes}"))
}

fn verdict(evidence: &Path, target: &str) -> String {
    from_client(evidence, target)["verdict"].as_str().unwrap().to_owned()
}

/// A copy of an estate with one text of its configuration replaced.
fn with(name: &str, old: &str, new: &str) -> tempfile::TempDir {
    let text = fs::read_to_string(estate(name).join("main.tf")).unwrap();
    assert!(text.contains(old), "{old}");
    asking::terraform(&text.replace(old, new))
}

/// The rules by which the way of a target's yes was decided.
fn laws(evidence: &Path, target: &str) -> Vec<String> {
    let answer = from_client(evidence, target);
    let parts = answer["parts"].as_array().unwrap();
    let sure = parts.iter().find(|part| part["verdict"] == "yes").unwrap_or_else(|| panic!("{target}: {answer:#}"));
    sure["hops"].as_array().unwrap().iter().map(|hop| hop["law"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_endpoint_of_a_configuration_leads_to_the_listener_and_the_server() {
    let estate = estate("private-link");
    for name in ["to-shop:80", "shop-service:80", "alicloud_privatelink_vpc_endpoint.shop:80", "shop:80", "server:8080"]
    {
        assert!(laws(&estate, name).contains(&"PL-1".to_owned()), "{name}");
    }
    // The endpoint's group admits no other port, and the listener takes none.
    assert_eq!(verdict(&estate, "to-shop:443"), "no");
}

#[test]
fn an_endpoint_that_nobody_accepted_stays_open_and_one_that_is_accepted_by_itself_does_not() {
    const CONNECTION: &str = r#"resource "alicloud_privatelink_vpc_endpoint_connection" "shop" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.shop.id
  service_id  = alicloud_privatelink_vpc_endpoint_service.shop.id
}
"#;
    let unaccepted = with("private-link", CONNECTION, "");
    assert_eq!(verdict(unaccepted.path(), "to-shop:80"), "undecided");
    let text = fs::read_to_string(unaccepted.path().join("main.tf")).unwrap();
    let accepting = text.replace("auto_accept_connection    = false", "auto_accept_connection    = true");
    assert_ne!(accepting, text);
    assert_eq!(verdict(asking::terraform(&accepting).path(), "to-shop:80"), "yes");
}

#[test]
fn what_stands_behind_an_endpoint_to_somebody_else_s_service_is_open_in_both_languages() {
    let folder = estate("private-link");
    assert_eq!(verdict(&folder, "to-other:80"), "undecided");
    let (_, out, _) = run(&["--lang", "zh", "reach", "to-other:80", "--from", "client", folder.to_str().unwrap()]);
    assert!(out.contains("alicloud_privatelink_vpc_endpoint.other 背后的服务"), "{out}");
    // The endpoint's own group refuses what it does not name.
    assert_eq!(verdict(&folder, "to-other:22"), "no");
}

#[test]
fn listeners_and_rules_of_an_alb_and_attached_servers_of_an_nlb_are_followed() {
    let estate = estate("balancers");
    assert_eq!(verdict(&estate, "web-alb:80"), "yes");
    assert_eq!(verdict(&estate, "web-alb:8080"), "no");
    assert_eq!(verdict(&estate, "tcp-nlb:443"), "yes");
    assert_eq!(verdict(&estate, "tcp-nlb:80"), "no");
    // Straight to the servers no rule admits the client.
    for server in ["web:8080", "beta:8081"] {
        assert_eq!(verdict(&estate, server), "yes", "{server}");
    }
    assert_eq!(verdict(&estate, "web:22"), "no");
}

#[test]
fn an_endpoint_that_only_the_inside_reaches_is_said_to_be_asked_about_from_there() {
    let folder = estate("private-link");
    let path = folder.to_str().unwrap();
    for name in ["to-shop", "alicloud_privatelink_vpc_endpoint.shop"] {
        let (code, _, notes) = run(&["reach", name, path]);
        assert_eq!(code, 2);
        assert!(notes.contains("is in the evidence") && notes.contains("`--from`"), "{notes}");
    }
    let (_, _, notes) = run(&["reach", "nobody", path]);
    assert!(notes.contains("the evidence has no instance"), "{notes}");
}

#[test]
fn an_endpoint_s_own_policy_is_said_where_it_may_refuse_what_packets_ask() {
    let said = |policy: &str| {
        let folder = with(
            "private-link",
            "  vpc_endpoint_name  = \"to-shop\"\n",
            &format!("  vpc_endpoint_name  = \"to-shop\"\n{policy}"),
        );
        let answer = from_client(folder.path(), "to-shop:80");
        assert_eq!(answer["verdict"], "yes", "a policy lets packets by");
        let facts = answer["parts"][0]["facts"].as_array().unwrap().clone();
        let found = facts.into_iter().find(|fact| fact["name"] == "endpoint-policy");
        found.map(|fact| fact["value"].as_str().unwrap().to_owned())
    };
    let policy = |effect: &str, action: &str| {
        format!(
            "  policy_document    = jsonencode({{ Version = \"1\", Statement = [{{ Effect = \"{effect}\", Action = [\"{action}\"], \
             Resource = [\"*\"], Principal = [\"*\"] }}] }})\n"
        )
    };
    assert_eq!(said(""), None);
    assert_eq!(said(&policy("Allow", "*")), None);
    assert_eq!(said(&policy("Allow", "oss:GetObject")).as_deref(), Some("by-request"));
    assert_eq!(said(&policy("Deny", "*")).as_deref(), Some("by-request"));
    assert_eq!(said("  policy_document    = var.policy\n").as_deref(), Some("policy-unknown"));
}
