//! Which API calls would settle what is open: those that fill the facts that were not looked at.

use std::collections::BTreeSet;

use xiezhi_model::service::KINDS;
use xiezhi_read::fills::calls_for;

/// Facts by kind.
type Facts = [(&'static str, &'static [&'static str])];

/// What analyses call a piece of missing evidence, by its first words, and the facts behind it.
const NAMED: &[(&str, &Facts)] = &[
    ("DNS status of waf.domain", &[("waf.domain", &["dns_matched", "cname"]), ("alidns.record", &["id"])]),
    ("DNS status of", &[("alidns.record", &["id"])]),
    ("DNS record", &[("alidns.record", &["id"])]),
    ("state of WAF", &[("waf.instance", &["active", "paused"])]),
    ("rules of waf.", RULES),
    ("rules of ESA's WAF", &[("esa.site", &["waf"])]),
    ("what leads to waf.", &[("sae.application", &["id", "internet_balancer"])]),
    ("redirected ports of", &[("waf.protected-object", &["ports"])]),
    ("ports of waf.domain", &[("waf.domain", &["http_ports"])]),
    ("source ranges of waf.", &[("waf.instance", &["source_ranges"])]),
    ("source ranges of WAF", &[("waf.instance", &["source_ranges"])]),
    ("source ranges of ddos", &[("ddos.instance", &["source_ranges"])]),
    ("state of Anti-DDoS", &[("ddos.instance", &["active"])]),
    ("origins of waf.domain", &[("waf.domain", &["origins"])]),
    ("the address of origin", &[("alidns.record", &["id"])]),
    ("who reads", &[("oss.bucket", &["acl", "policy"])]),
    ("default domain of", &[("apigateway.group", &["default_domain"]), ("fc.trigger", &["internet_disabled"])]),
    ("actiontrail.trail", TRAILS),
    ("not-kept", TRAILS),
    ("kept-days", &[("sls.logstore", &["ttl_days"]), ("oss.bucket", &["lifecycle_rules"])]),
    ("data-not-kept", &[("actiontrail.trail", &["id", "data_events"]), ("oss.bucket", &["id"])]),
    ("insights", &[("actiontrail.trail", &["id", "insights"])]),
    ("IPv4 gateway of", &[("vpc.ipv4-gateway", &["id"])]),
    ("IPv6 gateway of", &[("vpc.ipv6-gateway", &["id"])]),
    ("VPC peering connection", &[("vpc.peer-connection", &["id"])]),
    ("VPC of", &[("vpc.vpc", &["id"]), ("vpc.vswitch", &["id"])]),
    ("VPC ", &[("vpc.vpc", &["id"])]),
    ("vSwitch", &[("vpc.vswitch", &["id"])]),
    ("network ACL", &[("vpc.network-acl", &["id"])]),
    ("route table", &[("vpc.route-table", &["id", "routes"])]),
    ("routes of", &[("vpc.route-table", &["routes"])]),
    ("policy-based routes of", &[("vpn.gateway", &["policies"])]),
    ("VPN routes of", &[("vpn.gateway", &["routes"])]),
    ("prefix list", &[("ecs.prefix-list", &["entries"])]),
    ("port list", &[("ecs.port-list", &["entries"])]),
    ("security groups of", &[("ecs.network-interface", &["id"]), ("ecs.instance", &["security_groups"])]),
    ("security group", &[("ecs.security-group", &["id", "rules"])]),
    ("rules of sg-", &[("ecs.security-group", &["rules"])]),
    ("inner access policy of", &[("ecs.security-group", &["inner_access"])]),
    (
        "whether Cloud Firewall stands before NAT",
        &[("cloudfw.firewall", &["active"]), ("cloudfw.nat-firewall", &["id"]), ("cloudfw.nat-policy", &["id"])],
    ),
    ("whether Cloud Firewall", &[("cloudfw.firewall", &["active"])]),
    ("engine mode of Cloud Firewall", &[("cloudfw.firewall", &["strict"])]),
    ("outbound policies of the internet boundary", &[("cloudfw.policy", &["id"])]),
    ("policies of Cloud Firewall", &[("cloudfw.policy", &["id"])]),
    ("NAT gateway", &[("nat.gateway", &["id"])]),
    ("DNAT entries of", &[("nat.forward-entry", &["id"])]),
    ("SNAT entries of", &[("nat.snat-entry", &["id"])]),
    ("source of", &[("nat.snat-entry", &["id"])]),
    ("which member holds", &[("vpc.ha-vip", &["id"])]),
    ("transit router routes of", &[("cen.route-table", &["routes"])]),
    ("transit router", &[("cen.transit-router", &["id"]), ("cen.attachment", &["id"]), ("cen.route-table", &["id"])]),
    ("the interface that holds", &[("ecs.network-interface", &["id"])]),
    ("interface of backend", &[("ecs.network-interface", &["id"]), ("ecs.instance", &["id"])]),
    ("local addresses of", &[("ecs.network-interface", &["id"])]),
    ("access control list", &[("slb.acl", &["entries"]), ("alb.acl", &["entries"])]),
    ("state of listener", &[("slb.listener", &["status"])]),
    ("VBR attachments of", &[("cen.transit-router", &["vbrs"])]),
    ("VPN attachments of", &[("cen.transit-router", &["vpns"])]),
    ("ECR attachments of", &[("cen.transit-router", &["ecrs"])]),
    ("state of", &[("vpn.connection", &["established"])]),
    ("ranges of the", &[("vpn.connection", &["local", "remote"])]),
];

const RULES: &Facts = &[("waf.template", &["id", "objects"]), ("waf.rule", &["id"])];
const TRAILS: &Facts = &[("actiontrail.trail", &["id", "delivery_error"]), ("account", &["global_events_region"])];

/// Facts of stores by the name of what is concluded from them.
const OF_STORES: &[(&str, &[&str])] = &[
    (
        "at-rest",
        &[
            "encryption",
            "encrypted",
            "disk_encryption",
            "tde_key_holder",
            "data_disk_encrypted",
            "secrets_key",
            "encryption_key",
            "disk_key",
            "tde_key",
            "kms_key",
            "snapshots",
        ],
    ),
    ("cipher", &["encryption_algorithm"]),
    ("in-transit", &["ssl", "ssl_enforced", "https", "policy", "smb_encryption"]),
    (
        "tls-floor",
        &[
            "tls_policy",
            "security_policy",
            "tls_min",
            "https_policy",
            "tls_versions",
            "functions",
            "ike_encryption",
            "cipher",
        ],
    ),
    ("access-log", &["logging_bucket", "access_log", "access_log_project", "logged"]),
    ("log-service", &["log_service"]),
    ("flow-log", &["active"]),
    ("sql-audit", &["sql_audit"]),
    ("audit-log", &["audit_log"]),
    ("recorder", &["recording"]),
    ("kept-days", &["log_days", "sql_audit_days", "audit_log_days", "access_log_project"]),
    ("edition", &["edition"]),
    ("vulnerability-scans", &["vulnerability_scans"]),
    ("notices", &["notices"]),
    ("baseline-checks", &["strategies"]),
];

/// The calls that would settle something that is open, `product:Action`, in order; none where the reason is no missing
/// call.
pub(super) fn calls(what: &str, code: &str) -> Vec<&'static str> {
    if !matches!(code, "not-collected" | "not-in-this-evidence" | "not-asked") {
        return Vec::new();
    }
    let mut all: BTreeSet<&'static str> = BTreeSet::new();
    let listed = what.split_once("the list of ").and_then(|(_, rest)| rest.split(' ').next());
    if let Some(kind) = listed.or_else(|| KINDS.iter().map(|schema| schema.kind).find(|kind| *kind == what)) {
        all.extend(calls_for(kind, "id"));
        // Of what every account has one nothing is listed: the calls that say something of it do.
        if all.is_empty() {
            let fields = KINDS.iter().filter(|schema| schema.kind == kind).flat_map(|schema| schema.fields);
            all.extend(fields.flat_map(|field| calls_for(kind, field.name)));
        }
    }
    if let Some((_, facts)) = NAMED.iter().find(|(start, _)| what.starts_with(start)) {
        all.extend(facts.iter().flat_map(|(kind, fields)| fields.iter().flat_map(|field| calls_for(kind, field))));
    }
    if let Some((kind, name)) = what.split_once(' ') {
        let fields = OF_STORES.iter().find(|(concluded, _)| *concluded == name).map(|(_, fields)| *fields);
        all.extend(fields.into_iter().flatten().flat_map(|field| calls_for(kind, field)));
        match name {
            "kept-days" if kind == "oss.bucket" => all.extend(calls_for(kind, "lifecycle_rules")),
            "kept-days" => all.extend(calls_for("sls.logstore", "ttl_days")),
            "flow-log" => all.extend(calls_for("vpc.flow-log", "id")),
            "alerts" => all.extend(calls_for("sas.alert", "id")),
            "security-agent" => all.extend(calls_for("sas.asset", "id")),
            "at-rest" if kind == "ecs.image" => all.extend(calls_for("ecs.snapshot", "id")),
            "tls-floor" if kind == "esa.site" => all.extend(calls_for("esa.https-rule", "id")),
            "key-usable" => all.extend(calls_for("kms.key", "state")),
            "key-material-expires" => all.extend(calls_for("kms.key", "material_expires")),
            "may-decrypt" => all.extend(calls_for("kms.key", "policy").chain(calls_for("ram.user", "id"))),
            _ => {}
        }
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_names_the_calls_that_would_settle_it() {
        assert_eq!(calls("the list of rds.instance cn-hangzhou", "not-collected"), ["rds:DescribeDBInstances"]);
        let paused = calls("state of WAF for waf.domain www.shop.example", "not-collected");
        assert!(paused.contains(&"waf-openapi:DescribePauseProtectionStatus"), "{paused:?}");
        assert!(calls("oss.bucket at-rest", "not-collected").contains(&"oss:GetBucketEncryption"));
        assert!(calls("state of WAF for x", "not-understood").is_empty());
        assert_eq!(calls("IPv4 gateway of vpc-1", "not-collected"), ["vpc:ListIpv4Gateways"]);
        assert!(calls("prefix list pl-1", "not-collected").contains(&"ecs:DescribePrefixListAttributes"));
        assert_eq!(
            calls("whether Cloud Firewall guards public addresses", "not-collected"),
            ["cloudfw:DescribeUserBuyVersion"]
        );
    }

    #[test]
    fn every_fact_that_is_named_is_one_that_some_call_fills() {
        for (start, facts) in NAMED {
            for (kind, fields) in *facts {
                for field in *fields {
                    assert!(calls_for(kind, field).next().is_some(), "{start}: {kind}.{field}");
                }
            }
        }
    }
}
