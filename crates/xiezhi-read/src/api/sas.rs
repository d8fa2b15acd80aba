//! Security Center answers.

use xiezhi_model::service::sas::{
    Alert, Asset, Baseline, BruteForceRule, Center, ImageVulnerability, Notice, Strategy, Switch, Vulnerability,
};
use xiezhi_model::service::{ecs, ens};
use xiezhi_model::{Batch, Fact, Head, Key, List, ListingScope, Reason, Resource, Text};

use super::{Call, whole};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::time::{day, millis};

/// The calls of Security Center.
pub const CALLS: &[Call] = &[
    Call::answer("sas", "DescribeVersionConfig", version),
    Call::answer("sas", "ListUninstallAegisMachines", without_agent),
    Call::answer("sas", "DescribeNoticeConfig", notices),
    Call::answer("sas", "DescribeVulConfig", vulnerability_scans),
    Call::answer("sas", "DescribeConcernNecessity", vulnerability_levels),
    Call::answer("sas", "DescribeSuspiciousOverallConfig", suspicious_switch),
    Call::answer("sas", "DescribeLogMeta", logs),
    Call::answer("sas", "DescribeServiceLinkedRoleStatus", role_status),
    Call::answer("sas", "DescribeCheckWarningSummary", baselines),
    Call::answer("sas", "DescribeStrategy", strategies),
    Call::answer("sas", "GetPropertyScheduleConfig", fingerprint),
    Call::listing("sas", "DescribeCloudCenterInstances", "Instances", Asset::SCHEMA, asset),
    Call::listing("sas", "DescribeSuspEvents", "SuspEvents", Alert::SCHEMA, alert),
    Call::listing("sas", "DescribeGroupedVul", "GroupedVulItems", Vulnerability::SCHEMA, vulnerability),
    Call::listing("sas", "DescribeImageVulList", "VulRecords", ImageVulnerability::SCHEMA, image_vulnerability),
    Call::listing("sas", "DescribeAntiBruteForceRules", "Rules", BruteForceRule::SCHEMA, brute_force_rule),
];

/// Source: Security Center, DescribeVersionConfig `Version` and the version codes of the instance API.
fn edition(version: Fact<Text>) -> Fact<Text> {
    version.try_map(|version| {
        Ok(Text::from(match version.as_str() {
            "1" => "basic",
            "3" => "enterprise",
            "5" => "advanced",
            "6" => "anti-virus",
            "7" => "ultimate",
            "8" => "multi-version",
            "10" => "value-added",
            _ => return Err(Reason::not_understood(format!("the edition number `{version}`"))),
        }))
    })
}

fn version(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.edition = edition(f.text("Version"));
        center.pay_as_you_go = f.bool("IsPostpay");
        center.expires = millis(f, "ReleaseTime");
    });
}

fn without_agent(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let machines = f.records("MachineList", |machine| {
        machine.text(if machine.plain("InstanceId").is_some_and(|id| !id.is_empty()) { "InstanceId" } else { "Uuid" })
    });
    let machines = whole(f, machines).map(|list| {
        let mut machines = List { items: vec![], more: list.more };
        for machine in list.items {
            match (machine.value(), machine.reason()) {
                (Some(id), _) => machines.items.push(id.clone()),
                (None, reason) => machines.more = reason.cloned(),
            }
        }
        machines
    });
    sink.one(f, |center: &mut Center| center.servers_without_agent = machines);
}

fn notices(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.notices = f.records("NoticeConfigList", |notice| Notice {
            project: notice.text("Project"),
            on: notice.int("Route").map(|route| route != 0),
        });
    });
}

fn switches(f: &Fields<'_>, list: &str, name: &str, word: &str, on: &[&str], off: &[&str]) -> Fact<List<Switch>> {
    f.records(list, |entry| Switch {
        name: entry.text(name).map(|name| name.to_ascii_lowercase()),
        on: entry.flag(word, on, off),
    })
}

fn vulnerability_scans(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.vulnerability_scans = switches(f, "TargetConfigs", "Type", "Config", &["on"], &["off"]);
    });
}

fn vulnerability_levels(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| center.vulnerability_levels = f.texts("ConcernNecessity"));
}

fn suspicious_switch(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let on = f.flag("OverallConfig.Config", &["on"], &["off"]);
    let kind = f.plain("OverallConfig.Type").map(Text::from).or(sink.param("Type").value().cloned());
    sink.one(f, |center: &mut Center| match kind.as_deref() {
        Some("auto_breaking") => center.auto_quarantine = on,
        Some("webshell" | "web_shell" | "webshell_detect") => center.webshell_detection = on,
        None if on.reason().is_some() => {
            center.auto_quarantine = on.clone();
            center.webshell_detection = on;
        }
        _ => {}
    });
}

fn logs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.logs = switches(f, "LogMetaList", "LogStore", "Status", &["started"], &["stopped"]);
    });
}

fn role_status(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| center.role_authorized = f.bool("RoleStatus.Status"));
}

fn baselines(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.records("WarningSummarys", |row| Baseline {
        name: row.text("RiskName"),
        class: row.text("TypeAlias"),
        failing_servers: row.int("WarningMachineCount"),
        high_risks: row.int("HighWarningCount"),
        medium_risks: row.int("MediumWarningCount"),
        last_found: day(&row, "LastFoundTime"),
    });
    let list = whole(f, list);
    sink.one(f, |center: &mut Center| center.baselines = list);
}

fn strategies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.strategies = f.records("Strategies", |strategy| Strategy {
            name: strategy.text("Name"),
            cycle_days: strategy.int("CycleDays"),
            servers: strategy.int("EcsCount"),
            pass_rate: strategy.int("PassRate"),
        });
    });
}

/// One answer for each kind of fingerprint; 0 means that it is not collected.
fn fingerprint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let kind =
        if f.has("PropertyScheduleConfig.Type") { f.text("PropertyScheduleConfig.Type") } else { sink.param("Type") };
    let on = f.text("PropertyScheduleConfig.ScheduleTime").map(|time| !matches!(time.as_str(), "0" | ""));
    let entry = Switch { name: kind, on };
    let origin = f.origin();
    sink.one(f, |_: &mut Center| {});
    let key = xiezhi_model::Key::address("sas.center", "");
    // Each answer speaks of one kind: the others may be off.
    let more = Some(Reason::NotCollected);
    sink.batch.append::<Center, _>(&key, &origin, |center| &mut center.fingerprints, vec![entry], more);
}

fn alert(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Id"), |alert: &mut Alert| {
        alert.head.name = f.opt_text("AlarmEventNameDisplay");
        let instance = f.opt_text("InstanceId");
        alert.instance = if instance.is_absent() { f.opt_text("Uuid") } else { instance };
        alert.level = f.word("Level");
        alert.open = f.flag("EventStatus", &["1", "16"], &["2", "4", "8", "32", "64", "604"]);
        alert.class = f.opt_text("AlarmEventType");
    });
}

fn image_vulnerability(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let parts = (f.text("RepoNamespace"), f.text("RepoName"), f.text("Tag"));
    sink.put(f, f.text("PrimaryId"), |vulnerability: &mut ImageVulnerability| {
        vulnerability.head.name = f.text(if f.has("AliasName") { "AliasName" } else { "Name" });
        vulnerability.image = match (parts.0.value(), parts.1.value(), parts.2.value()) {
            (Some(space), Some(name), Some(tag)) => f.known(format!("{space}/{name}:{tag}").into()),
            _ => f.text("Image"),
        };
        vulnerability.urgency = f.word("Necessity");
        vulnerability.fixed = f.flag("Status", &["7"], &["1"]);
    });
}

fn asset(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = if f.plain("InstanceId").is_some_and(|id| !id.is_empty()) { f.text("InstanceId") } else { f.text("Uuid") };
    sink.put(f, id, |asset: &mut Asset| {
        asset.head.name = f.text("InstanceName");
        asset.head.region = f.text(if f.has("RegionId") { "RegionId" } else { "Region" });
        asset.instance = f.text("InstanceId");
        asset.uuid = f.text("Uuid");
        // Simple Application Servers of this cloud have a vendor number of their own; other kinds of assets a type.
        // The name of the type is in the language of the call. Source: Sas DescribeCloudCenterInstances `AssetType` (0 cloud
        // server), `AssetTypeName`.
        let named = |kind: &str| kind.is_empty() || kind.eq_ignore_ascii_case("ecs") || kind == "云服务器";
        let server = match f.plain("AssetType") {
            Some(kind) => kind == "0",
            None => f.plain("AssetTypeName").is_none_or(named),
        };
        asset.ecs = f.int("Vendor").map(|vendor| vendor == 0 && server);
        asset.running = f.flag("Status", &["running"], &["stopped", "notrunning", "stopping", "starting", "pending"]);
        // A server without any agent is listed with null.
        let client = f.opt_text("ClientStatus");
        asset.agent_online = if client.is_absent() {
            f.known(false)
        } else {
            // Source: Security Center, DescribeCloudCenterInstances `ClientStatus`.
            f.flag("ClientStatus", &["online"], &["offline", "pause", "uninstalled"])
        };
        asset.edition = edition(f.text("AuthVersion"));
        asset.baseline_risks = baseline_risks(f, &asset.agent_online, &asset.edition);
        asset.vulnerabilities = f.int("VulCount");
        asset.alerts = f.int("SafeEventCount");
    });
    sink.batch.conclude(Asset::SCHEMA.kind, servers);
}

/// A server of ECS that Security Center sees is there, also where nobody asked ECS: with what its record says, and without
/// a word on what else there is. Where ECS was asked for all of its region, ECS alone says which servers there are.
fn servers(batch: &mut Batch) {
    let whole: Vec<Option<Text>> = batch
        .listings_of(ecs::Instance::SCHEMA)
        .filter(|listing| listing.gap.is_none())
        .map(|listing| match &listing.scope {
            ListingScope::Account { region, .. } => region.clone(),
            ListingScope::Set(_) => None,
        })
        .collect();
    let ids = |heads: Vec<&Head>| heads.into_iter().filter_map(|head| head.id.value().cloned()).collect::<Vec<_>>();
    let mut known = ids(batch.resources::<ecs::Instance>().into_iter().map(Resource::head).collect());
    known.extend(ids(batch.resources::<ens::Instance>().into_iter().map(Resource::head).collect()));
    known.sort();
    let assets = batch.resources::<Asset>().into_iter().filter(|asset| asset.ecs.value() == Some(&true));
    let seen: Vec<ecs::Instance> = assets.filter_map(|asset| server(asset, &whole, &known)).collect();
    for server in seen {
        if let Some(id) = server.head.id.value().cloned() {
            batch.add(&Key::id(id), server);
        }
    }
}

fn server(asset: &Asset, whole: &[Option<Text>], known: &[Text]) -> Option<ecs::Instance> {
    let id = asset.instance.value().filter(|id| !id.is_empty())?;
    let here = asset.head.region.value();
    let listed = |region: &Option<Text>| region.is_none() || here.is_none() || region.as_ref() == here;
    if known.binary_search(id).is_ok() || whole.iter().any(listed) {
        return None;
    }
    let mut head = Head::new(asset.instance.origin.clone());
    head.id = asset.instance.clone();
    head.name = asset.head.name.clone();
    head.account = asset.head.account.clone();
    head.region = asset.head.region.clone();
    let mut server = ecs::Instance::new(head);
    // What does not run may be in any other state.
    server.status = match asset.running.value() {
        Some(true) => asset.running.clone().map(|_| "running".into()),
        _ => Fact::unknown(
            asset.running.reason().cloned().unwrap_or(Reason::NotInEvidence),
            asset.running.origin.clone(),
        ),
    };
    Some(server)
}

/// How many baseline items failed. No failed item on a server that nobody scans is no passed baseline: without an agent
/// that answers, or in an edition without baseline checks. Source: Security Center, functions and features by edition.
fn baseline_risks(f: &Fields<'_>, agent: &Fact<bool>, edition: &Fact<Text>) -> Fact<i64> {
    let count = f.int("HealthCheckCount");
    let scanned = agent.value() == Some(&true)
        && !edition.value().is_some_and(|edition| matches!(edition.as_str(), "basic" | "anti-virus"));
    if count.value() != Some(&0) || scanned {
        return count;
    }
    f.unknown(Reason::NotInEvidence)
}

fn vulnerability(f: &Fields<'_>, sink: &mut Sink<'_>) {
    // An answer may leave the kind to the question: `Type` is a required parameter of DescribeGroupedVul. Without
    // either, the name alone says not which vulnerability it is: names are unique within a kind only.
    let kind = if f.has("Type") { f.text("Type") } else { sink.param("Type") };
    let id = match kind.value() {
        Some(kind) => f.text("Name").map(|name| Text::from(format!("{kind}:{name}"))),
        None => kind.clone(),
    };
    sink.put(f, id, |vulnerability: &mut Vulnerability| {
        vulnerability.head.name = f.text(if f.has("AliasName") { "AliasName" } else { "Name" });
        vulnerability.kind = kind.clone();
        vulnerability.high = f.int("AsapCount");
        vulnerability.medium = f.int("LaterCount");
        vulnerability.low = f.int("NntfCount");
        vulnerability.handled = f.int("HandledCount");
    });
}

fn brute_force_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Id"), |rule: &mut BruteForceRule| {
        rule.head.name = f.text("Name");
        rule.default = f.bool("DefaultRule");
        rule.failures = f.int("FailCount");
        rule.minutes = f.int("Span");
        rule.servers = f.texts("UuidList");
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_vulnerability_without_its_kind_takes_the_kind_that_was_asked_for() {
        let body = r#"{"TotalCount":1,"GroupedVulItems":[{"Name":"a","AsapCount":1}]}"#;
        let asked = answers(&[("sas:DescribeGroupedVul", "Type=cve", body)]);
        let vulnerability = only::<Vulnerability>(&asked);
        assert_eq!(vulnerability.kind.value().map(Text::as_str), Some("cve"));
        assert_eq!(vulnerability.head.id.value().map(Text::as_str), Some("cve:a"));
    }

    #[test]
    fn vulnerabilities_of_no_known_kind_stay_as_many_as_they_are() {
        let body = r#"{"TotalCount":2,"GroupedVulItems":[{"Name":"a","AsapCount":1},{"Name":"a","AsapCount":2}]}"#;
        let inventory = answers(&[("sas:DescribeGroupedVul", "", body)]);
        let all = inventory.all::<Vulnerability>();
        assert!(all.iter().all(|one| one.head.id.reason().is_some()));
        let mut urgent: Vec<_> = all.iter().map(|one| one.high.value().copied()).collect();
        urgent.sort_unstable();
        assert_eq!(urgent, [Some(1), Some(2)]);
    }

    #[test]
    fn edition_notices_and_agents_are_facts_of_one_center() {
        let inventory = answers(&[
            ("sas:DescribeVersionConfig", "", r#"{"Version":5,"ReleaseTime":1767225600000}"#),
            (
                "sas:DescribeNoticeConfig",
                "",
                r#"{"NoticeConfigList":[{"Project":"yundun_security_Weekreport","Route":0},{"Project":"health","Route":7}]}"#,
            ),
            (
                "sas:ListUninstallAegisMachines",
                "",
                r#"{"TotalCount":2,"MachineList":[{"InstanceId":"i-1","Uuid":"u"}]}"#,
            ),
        ]);
        let center: &Center = only(&inventory);
        assert_eq!(center.edition.value().map(Text::as_str), Some("advanced"));
        assert_eq!(center.expires.value().map(Text::as_str), Some("2026-01-01T00:00:00Z"));
        let on: Vec<_> = center.notices.value().unwrap().items.iter().map(|notice| notice.on.value()).collect();
        assert_eq!(on, [Some(&false), Some(&true)]);
        let servers = center.servers_without_agent.value().unwrap();
        assert_eq!((servers.items.len(), servers.more.is_some()), (1, true), "the second page is missing");
        assert!(center.baselines.reason().is_some());
    }

    #[test]
    fn an_unknown_edition_number_is_not_the_free_edition() {
        let inventory = answers(&[("sas:DescribeVersionConfig", "", r#"{"Version":99}"#)]);
        assert!(only::<Center>(&inventory).edition.reason().is_some());
    }

    #[test]
    fn a_listed_server_with_no_client_status_has_no_agent() {
        let inventory = answers(&[(
            "sas:DescribeCloudCenterInstances",
            "",
            r#"{"Instances":[{"InstanceId":"i-1","Status":"Running","ClientStatus":null,"AuthVersion":7,"Vendor":0}]}"#,
        )]);
        let asset: &Asset = only(&inventory);
        assert_eq!((asset.agent_online.value(), asset.running.value()), (Some(&false), Some(&true)));
        assert!(asset.baseline_risks.reason().is_some());
    }

    const SERVER: &str =
        r#"{"Instances":[{"InstanceId":"i-1","RegionId":"cn-hangzhou","Status":"Running","Vendor":0}]}"#;

    #[test]
    fn a_server_that_only_security_center_sees_is_there_with_what_its_record_says() {
        let inventory = answers(&[("sas:DescribeCloudCenterInstances", "", SERVER)]);
        let server: &ecs::Instance = only(&inventory);
        assert_eq!(server.head.id.value().map(Text::as_str), Some("i-1"));
        assert_eq!(server.status.value().map(Text::as_str), Some("running"));
        assert!(server.image.reason().is_some());
    }

    #[test]
    fn what_ecs_says_of_a_server_stands_beside_what_security_center_says() {
        let ecs = r#"{"Instances":{"Instance":[{"InstanceId":"i-1","RegionId":"cn-hangzhou","Status":"Stopped"}]}}"#;
        let inventory =
            answers(&[("sas:DescribeCloudCenterInstances", "", SERVER), ("ecs:DescribeInstances", "", ecs)]);
        let server: &ecs::Instance = only(&inventory);
        assert_eq!(server.status.value().map(Text::as_str), Some("stopped"));
    }

    #[test]
    fn a_server_elsewhere_or_of_ens_is_none_of_ecs() {
        let elsewhere = SERVER.replace(r#""Vendor":0"#, r#""Vendor":1"#);
        let inventory = answers(&[("sas:DescribeCloudCenterInstances", "", &elsewhere)]);
        assert!(inventory.all::<ecs::Instance>().is_empty());
        let edge = r#"{"Instances":{"Instance":[{"InstanceId":"i-1","Status":"Running"}]}}"#;
        let inventory =
            answers(&[("sas:DescribeCloudCenterInstances", "", SERVER), ("ens:DescribeInstances", "", edge)]);
        assert!(inventory.all::<ecs::Instance>().is_empty());
    }

    #[test]
    fn no_failed_item_on_a_server_that_is_not_scanned_is_no_passed_baseline() {
        let of = |client: &str, edition: u8, count: u8| {
            let text = format!(
                r#"{{"Instances":[{{"InstanceId":"i-1","Status":"Running","ClientStatus":"{client}","AuthVersion":{edition},"Vendor":0,"HealthCheckCount":{count}}}]}}"#
            );
            let inventory = answers(&[("sas:DescribeCloudCenterInstances", "", &text)]);
            only::<Asset>(&inventory).baseline_risks.value().copied()
        };
        assert_eq!(of("online", 3, 0), Some(0));
        assert_eq!(of("offline", 3, 0), None);
        assert_eq!(of("online", 1, 0), None);
        assert_eq!(of("offline", 3, 2), Some(2));
        assert_eq!(of("hibernating", 3, 0), None);
    }

    #[test]
    fn a_server_of_ecs_is_told_by_the_number_of_its_type_or_its_name_in_either_language() {
        let ecs = |kind: &str| {
            let text = format!(r#"{{"Instances":[{{"InstanceId":"i-1","Vendor":0{kind}}}]}}"#);
            only::<Asset>(&answers(&[("sas:DescribeCloudCenterInstances", "", &text)])).ecs.value().copied()
        };
        assert_eq!(ecs(r#","AssetTypeName":"云服务器""#), Some(true));
        assert_eq!(ecs(r#","AssetType":"0","AssetTypeName":"Cloud Server""#), Some(true));
        assert_eq!(ecs(r#","AssetType":"7","AssetTypeName":"ECS""#), Some(false));
        assert_eq!(ecs(r#","AssetTypeName":"Container""#), Some(false));
    }
}
