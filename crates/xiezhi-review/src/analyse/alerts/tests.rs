//! Which alerts tell of what: the search run over events, the Logstore, the switch and the threshold.

use xiezhi_model::Inventory;
use xiezhi_model::service::account::Account;
use xiezhi_policy::Tri;

use super::search::{Held, fires_on, parse};
use crate::analyse::tests::{estate, shown, terraform};

/// What a search says of a failed change of a policy.
fn selects(query: &str) -> Option<Tri> {
    let held = |key: &str| match key {
        "event.eventName" => Some(Held::Text("CreatePolicy")),
        "event.serviceName" => Some(Held::Text("Ram")),
        "event.errorCode" => Some(Held::Something),
        "event.vpcId" => Some(Held::Nothing),
        _ => None,
    };
    parse(query).map(|search| search.selects(&held))
}

#[test]
fn a_hostile_search_is_answered_or_given_up() {
    assert_eq!(selects(&format!("event.eventName: {}x", "*".repeat(4000))), Some(Tri::No));
    assert_eq!(selects(&format!("event.eventName: {}b", "*a".repeat(2000))), Some(Tri::No));
    let terms = |count: usize| vec!["event.eventName: DeletePolicy"; count].join(" or ");
    assert_eq!(selects(&terms(1000)), Some(Tri::No));
    assert_eq!(selects(&terms(200_000)), None);
    assert_eq!(selects(&"(".repeat(200_000)), None);
}

#[test]
fn a_search_is_run_over_an_event() {
    for (query, expected) in [
        ("", Tri::Yes),
        ("*", Tri::Yes),
        ("* | select count(1) as c", Tri::Yes),
        ("event.eventName: CreatePolicy", Tri::Yes),
        ("\"event.eventName\": createpolicy", Tri::Yes),
        ("event.eventName: Create*", Tri::Yes),
        ("event.eventName: Delete* or event.eventName: ?reatePolicy", Tri::Yes),
        ("event.eventName: Create", Tri::No),
        ("event.serviceName: Ram event.eventName: DeletePolicy", Tri::No),
        ("event.serviceName: Ram not event.eventName: DeletePolicy", Tri::Yes),
        ("not (event.serviceName: Ram and event.eventName: CreatePolicy)", Tri::No),
        // `and` binds closer than `or`.
        ("event.serviceName: Ram or event.serviceName: Ecs and event.eventName: RunInstances", Tri::Yes),
        ("event.errorCode: * and not event.errorCode: \"\"", Tri::Yes),
        ("event.errorCode: NoPermission", Tri::Maybe),
        ("event.vpcId: *", Tri::No),
        ("event.acsRegion: cn-hangzhou", Tri::Maybe),
        ("CreatePolicy", Tri::Maybe),
        ("event.eventName: \"Create*\"", Tri::Maybe),
    ] {
        assert_eq!(selects(query), Some(expected), "{query}");
    }
}

#[test]
fn a_query_that_is_not_understood_selects_nobody_knows_what() {
    for query in [
        "(event.eventName: CreatePolicy",
        "event.eventName:",
        "status > 400",
        "status in [400 500]",
        "event.eventName: CreatePolicy | select count(1) as c where c > 3",
        "* | select count(1) as c from other",
        "* | extend a = b",
        "\"open",
        "and",
    ] {
        assert_eq!(selects(query), None, "{query}");
    }
    assert_eq!(parse(&"(".repeat(10_000)), None);
}

#[test]
fn a_threshold_above_one_event_is_no_proof_but_for_attempts() {
    for (condition, once, burst) in [
        ("", Some(true), Some(true)),
        ("c > 0", Some(true), Some(true)),
        ("$0.cnt>=1", Some(true), Some(true)),
        ("__count__ > 10", None, Some(true)),
        ("c < 3", None, None),
        ("c == 1 || d > 0", None, None),
    ] {
        assert_eq!((fires_on(condition, false), fires_on(condition, true)), (once, burst), "{condition}");
    }
}

const KEYS: &str = "\"event.serviceName\": Kms and (\"event.eventName\": DisableKey or \"event.eventName\": ScheduleKeyDeletion or \"event.eventName\": DeleteKeyMaterial) | select count(1) as c";

/// An alert of project `audit`.
fn alert(store: &str, query: &str, status: &str, condition: &str) -> String {
    let query = query.replace('"', "\\\"");
    format!(
        r#"{{"name":"a","displayName":"a","status":"{status}","configuration":{{"threshold":1,"queryList":[{{"query":"{query}","project":"audit","store":"{store}","storeType":"log"}}],"severityConfigurations":[{{"severity":8,"evalCondition":{{"condition":"{condition}","countCondition":""}}}}]}}}}"#
    )
}

fn with(alerts: &[String]) -> Inventory {
    let answer = format!(r#"{{"count":{0},"total":{0},"results":[{1}]}}"#, alerts.len(), alerts.join(","));
    estate(&[
        ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
        (
            "actiontrail-DescribeTrails-cn-hangzhou.json",
            r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou","EventRW":"All","OssBucketName":"","SlsProjectArn":"acs:log:cn-hangzhou:1000:project/audit","IsOrganizationTrail":false}]}"#,
        ),
        (
            "sls-ListProject-cn-hangzhou.json",
            r#"{"count":1,"total":1,"projects":[{"projectName":"audit","region":"cn-hangzhou"}]}"#,
        ),
        ("sls-ListAlerts-cn-hangzhou-project=audit.json", &answer),
    ])
}

fn keys(alerts: &[String]) -> String {
    shown(&with(alerts).all::<Account>()[0].alert_key_disabled)
}

#[test]
fn an_alert_tells_of_a_topic_when_it_is_on_hears_the_trail_and_selects_every_event() {
    assert_eq!(keys(&[alert("actiontrail_t", KEYS, "ENABLED", "c > 0")]), "true");
    assert_eq!(keys(&[alert("actiontrail_t", KEYS, "DISABLED", "c > 0")]), "false", "switched off");
    assert_eq!(keys(&[alert("nginx", KEYS, "ENABLED", "c > 0")]), "false", "no trail delivers there");
    assert_eq!(keys(&[]), "false");
    let some = KEYS.replace(" or \"event.eventName\": DeleteKeyMaterial", "");
    assert_eq!(keys(&[alert("actiontrail_t", &some, "ENABLED", "c > 0")]), "false", "one event is left out");
    let rest = "event.eventName: DeleteKeyMaterial";
    let both = [alert("actiontrail_t", &some, "ENABLED", "c > 0"), alert("actiontrail_t", rest, "ENABLED", "")];
    let second = both[1].replace(r#""name":"a""#, r#""name":"b""#);
    assert_eq!(keys(&[both[0].clone(), second]), "true", "two alerts together");
}

#[test]
fn an_alert_of_which_something_is_not_understood_leaves_its_topic_open() {
    let open = "unknown: not-understood";
    assert_eq!(keys(&[alert("actiontrail_t", KEYS, "ENABLED", "c > 100")]), open);
    assert_eq!(keys(&[alert("actiontrail_t", "event.eventName > 3", "ENABLED", "c > 0")]), open);
    assert_eq!(keys(&[alert("actiontrail_gone", KEYS, "ENABLED", "c > 0")]), open);
    let template =
        r#"{"name":"a","status":"ENABLED","configuration":{"type":"tpl","templateConfiguration":{"id":"sls.app.x"}}}"#;
    assert_eq!(keys(&[template.to_owned()]), open);
    let project = r#"{"count":1,"total":1,"projects":[{"projectName":"audit","region":"cn-hangzhou"}]}"#;
    let without = estate(&[
        ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
        ("sls-ListProject-cn-hangzhou.json", project),
    ]);
    let said = shown(&without.all::<Account>()[0].alert_key_disabled);
    assert!(said.starts_with("unknown"), "the alerts of a project were not asked for: {said}");
}

/// The benchmark's own query asks for the name of the account where whether a second factor was used is meant.
#[test]
fn the_query_that_the_benchmark_prescribes_for_sign_ins_without_mfa_tells_of_none() {
    let said = |query: &str| {
        let inventory = with(&[alert("actiontrail_t", query, "ENABLED", "c > 0")]);
        let account = &inventory.all::<Account>()[0];
        (shown(&account.alert_sign_in_without_mfa), shown(&account.alert_root_sign_in))
    };
    let prescribed = said("\"event.eventName\": ConsoleSignin and \"addionalEventData.loginAccount\": false");
    assert_ne!(prescribed.0, "true");
    let field = "\"event.additionalEventData.isMFAChecked\": false";
    assert_eq!(said(&format!("\"event.eventName\": ConsoleSignin and {field}")).0, "true");
    assert_eq!(said("\"event.eventName\": ConsoleSignin and \"event.userIdentity.type\" : root-account").1, "true");
}

#[test]
fn a_configuration_says_the_same_of_its_alerts() {
    let with = |condition: &str| {
        let inventory = terraform(&format!(
            r#"
resource "alicloud_log_project" "p" {{ project_name = "audit" }}
resource "alicloud_actiontrail_trail" "t" {{
  trail_name      = "t"
  event_rw        = "All"
  trail_region    = "All"
  sls_project_arn = "acs:log:cn-hangzhou:1000:project/audit"
}}
resource "alicloud_sls_alert" "a" {{
  alert_name   = "a"
  display_name = "a"
  status       = "ENABLED"
  project_name = alicloud_log_project.p.project_name
  schedule {{ type = "FixedRate" }}
  configuration {{
    query_list {{
      query   = "event.eventName: DisableKey or event.eventName: ScheduleKeyDeletion or event.eventName: DeleteKeyMaterial"
      project = alicloud_log_project.p.project_name
      store   = "actiontrail_t"
    }}
    severity_configurations {{
      severity = "8"
      eval_condition {{ condition = "{condition}" }}
    }}
  }}
}}
"#
        ));
        shown(&inventory.all::<Account>()[0].alert_key_disabled)
    };
    assert_eq!(with(""), "true");
    assert_eq!(with("__count__ > 50"), "unknown: not-understood");
}
