//! ESA answers. Source: ESA 2024-09-10, ListSites, ListRecords, ListHttpsBasicConfigurations,
//! ListWafRules.

use xiezhi_model::service::esa::{HttpsRule, Record, Site};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::{Call, whole};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::lower;

/// The calls of ESA.
pub const CALLS: &[Call] = &[
    Call::listing("esa", "ListSites", "Sites", Site::SCHEMA, site),
    Call::listing("esa", "ListRecords", "Records", Record::SCHEMA, record),
    Call::listing("esa", "ListHttpsBasicConfigurations", "Configs", HttpsRule::SCHEMA, https_rule),
    Call::answer("esa", "ListWafRules", waf_rules),
];

fn site(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SiteId"), |site: &mut Site| {
        site.head.name = f.text("SiteName");
        site.domain = f.text("SiteName");
        // Source: ESA, ListSites `Status`.
        site.active = f.flag("Status", &["active"], &["pending", "offline", "moved"]);
        site.access = lower(f.text("AccessType"));
    });
}

fn record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let site = if f.has("SiteId") { f.link("SiteId") } else { sink.param("SiteId").map(Link::id) };
    sink.put(f, f.text("RecordId"), |record: &mut Record| {
        record.head.name = f.text("RecordName");
        record.site = site;
        record.name = f.text("RecordName");
        record.proxied = f.bool("Proxied");
        record.source = source(f.text("RecordType"), f.opt_text("RecordSourceType"));
        record.origins = servers(&record.source, f.text("Data.Value"));
        record.cname = f.opt_text("RecordCname");
    });
}

/// What kind of origin a record has. Source: ESA CreateRecord `Type`, `SourceType`; a CNAME record without a source
/// type leads to a domain.
pub(crate) fn source(kind: Fact<Text>, source: Fact<Text>) -> Fact<Text> {
    kind.try_map(|kind| match kind.to_ascii_uppercase().as_str() {
        "A" | "AAAA" | "A/AAAA" => Ok("address".into()),
        "CNAME" => match (source.value().map(Text::as_str), source.reason()) {
            (_, Some(reason)) => Err(reason.clone()),
            (None | Some("" | "Domain"), None) => Ok("domain".into()),
            (Some("LB"), None) => Ok("load-balancer".into()),
            (Some("OP"), None) => Ok("pool".into()),
            (Some("OSS"), None) => Ok("oss".into()),
            (Some("S3"), None) => Ok("s3".into()),
            (Some(other), None) => Err(Reason::not_understood(format!("the origin type `{other}`"))),
        },
        _ => Ok("other".into()),
    })
}

/// The servers in a record's value: addresses with commas, or one name. The members of a load balancer or pool of ESA
/// stand elsewhere.
pub(crate) fn servers(source: &Fact<Text>, value: Fact<Text>) -> Fact<List<Text>> {
    match (source.value().map(Text::as_str), source.reason()) {
        (Some("address" | "domain"), _) => {
            value.map(|value| List::complete(value.split(',').map(|one| Text::from(one.trim())).collect()))
        }
        (Some("load-balancer" | "pool"), _) => Fact::unknown(Reason::NotCollected, value.origin),
        (None, Some(reason)) => Fact::unknown(reason.clone(), value.origin),
        _ => Fact::known(List::complete(vec![]), value.origin),
    }
}

/// The managed rules of the site: those of other phases (lists, limits) do not look for attacks.
fn waf_rules(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const MANAGED: &str = "http_managed";
    if sink.param("Phase").value().is_some_and(|phase| phase != MANAGED) {
        return;
    }
    let rules = whole(f, f.records("Rules", |rule| (rule.text("Phase"), rule.text("Status"), rule.text("Action"))));
    let state = rules.try_map(|list| {
        let (mut found, mut doubt) = ("none", list.more);
        for (phase, status, action) in list.items {
            if phase.value().is_some_and(|phase| phase != MANAGED) {
                continue;
            }
            match (status.value().map(Text::as_str), action.value().map(Text::as_str)) {
                (Some("off"), _) => {}
                (Some("on"), Some("deny" | "js" | "captcha")) if phase.value().is_some() => return Ok("block".into()),
                (Some("on"), Some("monitor")) if phase.value().is_some() => found = "observe",
                (Some("on"), Some(other)) => {
                    doubt = doubt.or_else(|| Some(Reason::not_understood(format!("the rule action `{other}`"))));
                }
                _ => {
                    let unread = [&phase, &status, &action].into_iter().find_map(|fact| fact.reason().cloned());
                    doubt = doubt.or(unread).or(Some(Reason::NotInEvidence));
                }
            }
        }
        doubt.map_or(Ok(found.into()), Err)
    });
    let site = sink.param("SiteId").map(Link::id);
    sink.on(&site, |site: &mut Site| site.waf = state);
}

/// Configurations are numbered within their site.
fn https_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let site = sink.param("SiteId");
    let id = match (site.value(), f.text("ConfigId").value()) {
        (Some(site), Some(config)) => f.known(Text::from(format!("{site}:{config}"))),
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, id, |rule: &mut HttpsRule| {
        rule.site = site.map(Link::id);
        rule.global = f.flag("ConfigType", &["global"], &["rule"]);
        rule.enabled = match rule.global.value() {
            Some(true) => f.known(true),
            _ => f.flag("RuleEnable", &["on"], &["off"]),
        };
        rule.https = f.flag("Https", &["on"], &["off"]);
        rule.tls_versions = tls_versions(f, ["Tls10", "Tls11", "Tls12", "Tls13"]);
    });
}

/// The versions that are on; one that is neither on nor off may be one of them. What holds by default the API's
/// description and the provider's page say differently (TLS 1.1 off, TLS 1.1 on).
pub(crate) fn tls_versions(f: &Fields<'_>, paths: [&str; 4]) -> Fact<List<Text>> {
    let mut list = List::complete(vec![]);
    for (path, version) in paths.into_iter().zip(["tls1.0", "tls1.1", "tls1.2", "tls1.3"]) {
        match f.flag(path, &["on"], &["off"]).state {
            State::Known(true) => list.items.push(version.into()),
            State::Known(false) => {}
            State::Absent => list.more = Some(Reason::NotInEvidence),
            State::Unknown(reason) => list.more = Some(reason),
        }
    }
    f.known(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::answers;

    #[test]
    fn the_versions_of_tls_that_a_site_accepts_are_those_that_are_on_and_one_that_is_not_said_stays_open() {
        let inventory = answers(&[(
            "esa:ListHttpsBasicConfigurations",
            "SiteId=1",
            r#"{"TotalCount":2,"Configs":[
            {"ConfigId":7,"ConfigType":"global","Https":"on","Tls10":"off","Tls11":"off","Tls12":"on","Tls13":"on"},
            {"ConfigId":8,"ConfigType":"rule","RuleEnable":"off","Https":"on","Tls10":"on"}]}"#,
        )]);
        let rules = inventory.all::<HttpsRule>();
        let said = |index: usize| {
            let list = rules[index].tls_versions.value().unwrap();
            (list.items.join(" "), list.more.is_some(), rules[index].enabled.value().copied())
        };
        assert_eq!(said(0), ("tls1.2 tls1.3".into(), false, Some(true)));
        assert_eq!(said(1), ("tls1.0".into(), true, Some(false)));
    }

    #[test]
    fn only_a_managed_rule_that_is_on_and_refuses_makes_a_site_block() {
        let site =
            r#"{"TotalCount":1,"Sites":[{"SiteId":1,"SiteName":"shop.example","Status":"active","AccessType":"NS"}]}"#;
        let waf = |rules: &str| {
            let rules = format!(r#"{{"TotalCount":1,"PageNumber":1,"PageSize":500,"Rules":[{rules}]}}"#);
            let inventory = answers(&[("esa:ListSites", "", site), ("esa:ListWafRules", "SiteId=1", &rules)]);
            let site: &Site = &inventory.all()[0];
            site.waf.value().map(|word| word.to_string())
        };
        let rule = |phase: &str, status: &str, action: &str| {
            format!(r#"{{"Id":7,"Phase":"{phase}","Status":"{status}","Action":"{action}"}}"#)
        };
        assert_eq!(waf(&rule("http_managed", "on", "deny")).as_deref(), Some("block"));
        assert_eq!(waf(&rule("http_managed", "on", "monitor")).as_deref(), Some("observe"));
        assert_eq!(waf(&rule("http_managed", "off", "deny")).as_deref(), Some("none"));
        assert_eq!(waf(&rule("http_custom", "on", "deny")).as_deref(), Some("none"));
        assert_eq!(waf(&rule("http_managed", "on", "wink")), None);
        assert_eq!(waf(""), None, "a page is missing");
    }

    #[test]
    fn a_record_says_whether_it_is_proxied_and_what_stands_behind_it() {
        let inventory = answers(&[(
            "esa:ListRecords",
            "SiteId=1",
            r#"{"TotalCount":3,"Records":[
            {"RecordId":11,"RecordName":"www.shop.example","RecordType":"A/AAAA","Proxied":true,"SiteId":1,"Data":{"Value":"203.0.113.7,203.0.113.8"}},
            {"RecordId":12,"RecordName":"api.shop.example","RecordType":"CNAME","RecordSourceType":"OP","Proxied":true,"SiteId":1,"Data":{"Value":"pool.shop.example"}},
            {"RecordId":13,"RecordName":"shop.example","RecordType":"TXT","Proxied":false,"SiteId":1,"Data":{"Value":"v=spf1 -all"}}]}"#,
        )]);
        let records = inventory.all::<Record>();
        let servers = |index: usize| records[index].origins.value().map(|list| list.items.join(" "));
        assert_eq!(servers(0).as_deref(), Some("203.0.113.7 203.0.113.8"));
        assert_eq!(records[1].origins.reason(), Some(&Reason::NotCollected));
        assert_eq!((servers(2).as_deref(), records[2].proxied.value()), (Some(""), Some(&false)));
    }
}
