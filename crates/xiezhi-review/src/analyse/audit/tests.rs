//! The record of management events: the conditions of network semantics §12.1 by number, retention, risks.

use xiezhi_model::Inventory;
use xiezhi_model::service::account::Account;

use crate::analyse::coverage_tests::{LIFECYCLE, LOGSTORE, lifecycle, logstore_of};
use crate::analyse::tests::{estate, listed, shown};

mod conditions;

/// No event of any class is kept.
const NOTHING: &str = "cn-hangzhou read cn-hangzhou write global read global write";

const GLOBAL: (&str, &str) =
    ("actiontrail-GetGlobalEventsStorageRegion-cn-hangzhou.json", r#"{"StorageRegion":"cn-hangzhou"}"#);

const REGIONS: (&str, &str) =
    ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"},{"RegionId":"cn-shanghai"}]}}"#);

fn trail(region: &str, events: &str, status: &str, acl: &str) -> Inventory {
    let trails = format!(
        r#"{{"TrailList":[{{"Name":"t","Status":"{status}","TrailRegion":"{region}","HomeRegion":"cn-hangzhou","EventRW":"{events}","OssBucketName":"logs","IsOrganizationTrail":false}}]}}"#
    );
    let acl = format!(
        r#"{{"AccessControlPolicy":{{"Owner":{{"ID":"1","DisplayName":"1"}},"AccessControlList":{{"Grant":"{acl}"}}}}}}"#
    );
    let none = r#"{"TrailList":[]}"#;
    let state = format!(
        r#"{{"IsLogging":{},"LatestDeliveryTime":"2026-11-24T00:00:00Z","LatestDeliveryError":"","OssBucketStatus":true}}"#,
        status == "Enable"
    );
    estate(&[
        REGIONS,
        GLOBAL,
        ("actiontrail-DescribeTrails-cn-hangzhou.json", &trails),
        ("actiontrail-DescribeTrails-cn-shanghai.json", none),
        ("actiontrail-GetTrailStatus-cn-hangzhou-t.json", &state),
        ("oss-GetBucketAcl-logs.json", &acl),
        (
            "oss-GetBucketPolicy-logs.json",
            r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
        ),
    ])
}

fn audit(inventory: &Inventory) -> String {
    listed(&inventory.all::<Account>()[0].audit_gaps)
}

#[test]
fn a_trail_of_all_regions_and_events_that_delivers_leaves_no_gap() {
    assert_eq!(audit(&trail("All", "All", "Enable", "private")), "");
}

#[test]
fn a_trail_of_one_region_and_one_class_leaves_the_others_without_a_record() {
    assert_eq!(
        audit(&trail("cn-hangzhou", "Write", "Enable", "private")),
        "cn-hangzhou read cn-shanghai read cn-shanghai write global read"
    );
}

#[test]
fn a_stopped_trail_and_a_public_bucket_keep_nothing() {
    let all = "cn-hangzhou read cn-hangzhou write cn-shanghai read cn-shanghai write global read global write";
    assert_eq!(audit(&trail("All", "All", "Disable", "private")), all);
    assert_eq!(audit(&trail("All", "All", "Enable", "public-read")), all);
}

#[test]
fn a_trail_whose_status_nobody_asked_for_is_no_proof() {
    let trails = r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","EventRW":"All","SlsProjectArn":"acs:log:cn-hangzhou:1:project/p","OssBucketName":""}]}"#;
    let inventory = estate(&[("actiontrail-DescribeTrails-cn-hangzhou.json", trails)]);
    assert!(audit(&inventory).contains(" + "), "{}", audit(&inventory));
}

fn kept(more: &[(&str, &str)]) -> Inventory {
    let mut files = vec![
        ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
        (
            "actiontrail-DescribeTrails-cn-hangzhou.json",
            r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou","EventRW":"All","OssBucketName":"logs","SlsProjectArn":"acs:log:cn-hangzhou:1000:project/audit","IsOrganizationTrail":false}]}"#,
        ),
        (
            "oss-ListBuckets.json",
            r#"{"IsTruncated":false,"Buckets":{"Bucket":[{"Name":"logs","Location":"oss-cn-hangzhou","Region":"cn-hangzhou"}]}}"#,
        ),
        (
            "oss-GetBucketAcl-logs.json",
            r#"{"AccessControlPolicy":{"Owner":{"ID":"1","DisplayName":"1"},"AccessControlList":{"Grant":"private"}}}"#,
        ),
        (
            "oss-GetBucketPolicy-logs.json",
            r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
        ),
        GLOBAL,
        ("sls-GetProject-cn-hangzhou-audit.json", r#"{"projectName":"audit","region":"cn-hangzhou"}"#),
        ("sls-GetProjectPolicy-cn-hangzhou-audit.json", "{}"),
    ];
    for (name, text) in more {
        files.retain(|(known, _)| known != name);
        files.push((name, text));
    }
    estate(&files)
}

const STATUS: (&str, &str) = (
    "actiontrail-GetTrailStatus-cn-hangzhou-t.json",
    r#"{"IsLogging":true,"LatestDeliveryError":"","LatestDeliveryLogServiceError":"","OssBucketStatus":true,"SlsLogStoreStatus":true}"#,
);

#[test]
fn events_are_kept_as_long_as_the_target_that_keeps_them_longer() {
    let days = |bucket: &str, store: &str| {
        let inventory = kept(&[STATUS, (LIFECYCLE, bucket), (LOGSTORE, store)]);
        shown(&inventory.all::<Account>()[0].audit_days)
    };
    assert_eq!(days(&lifecycle(90, ""), &logstore_of(30)), "90");
    assert_eq!(days(&lifecycle(90, ""), &logstore_of(365)), "365");
    // A rule for other names does not concern the trail's objects; without one they stay for ever.
    assert_eq!(days(&lifecycle(90, "other/"), &logstore_of(30)), "3650");
    let unread = kept(&[STATUS, (LIFECYCLE, &lifecycle(90, ""))]);
    assert_eq!(shown(&unread.all::<Account>()[0].audit_days), "unknown: not-collected");
}

#[test]
fn a_trail_whose_target_is_gone_or_refuses_keeps_nothing() {
    let with = |status: &str| {
        let inventory = kept(&[(STATUS.0, status)]);
        (audit(&inventory), shown(&inventory.all::<Account>()[0].audit_days))
    };
    let nothing = (NOTHING.to_owned(), "absent".to_owned());
    assert_eq!(with(&STATUS.1.replace(r#""SlsLogStoreStatus":true"#, r#""SlsLogStoreStatus":false"#)), nothing);
    let failing = r#""LatestDeliveryLogServiceError":"ProjectNotExist""#;
    assert_eq!(with(&STATUS.1.replace(r#""LatestDeliveryLogServiceError":"""#, failing)), nothing);
    assert_eq!(with(STATUS.1).0, "");
}

#[test]
fn a_bucket_that_is_not_versioned_or_not_logged_keeps_events_that_can_be_lost() {
    let trails = r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou","EventRW":"All","OssBucketName":"logs","IsOrganizationTrail":false}]}"#;
    let status = r#"{"IsLogging":true,"LatestDeliveryError":"","OssBucketStatus":true}"#;
    let risks = |versioning: &str, worm: &str, logging: &str| {
        let inventory = kept(&[
            ("actiontrail-DescribeTrails-cn-hangzhou.json", trails),
            (STATUS.0, status),
            ("oss-GetBucketVersioning-logs.json", versioning),
            ("oss-GetBucketWorm-logs.json", worm),
            ("oss-GetBucketLogging-logs.json", logging),
        ]);
        listed(&inventory.all::<Account>()[0].audit_risks)
    };
    let (on, off) = (r#"{"VersioningConfiguration":{"Status":"Enabled"}}"#, r#"{"VersioningConfiguration":{}}"#);
    let none = r#"{"Code":"NoSuchWORMConfiguration","Message":"x","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#;
    let locked = r#"{"WormConfiguration":{"WormId":"1","State":"Locked","RetentionPeriodInDays":365}}"#;
    let logged = r#"{"BucketLoggingStatus":{"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"own/"}}}"#;
    assert_eq!(risks(on, none, logged), "");
    assert_eq!(risks(off, locked, logged), "");
    assert_eq!(risks(off, none, logged), "bucket logs: not versioned");
    assert_eq!(risks(on, none, r#"{"BucketLoggingStatus":{}}"#), "bucket logs: not logged");
    // A trail that delivers to Log Service too loses nothing with the bucket.
    assert_eq!(
        listed(&kept(&[STATUS, ("oss-GetBucketVersioning-logs.json", off)]).all::<Account>()[0].audit_risks),
        ""
    );
}

/// The calls of one account as a bundle.
fn bundle(account: &str, calls: &[String]) -> String {
    let regions =
        r#"{"product":"ecs","action":"DescribeRegions","answer":{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}}"#;
    let global = r#"{"product":"actiontrail","action":"GetGlobalEventsStorageRegion","region":"cn-hangzhou","answer":{"StorageRegion":"cn-hangzhou"}}"#;
    format!(
        r#"{{"format":"xiezhi-evidence/1","manifest":{{"account":"{account}","regions":{{"asked":["cn-hangzhou"],"complete":true}}}},"calls":[{regions},{global},{}]}}"#,
        calls.join(",")
    )
}

/// Two accounts: the trail of an organisation in 1000, and what is known of its members.
fn organisation(trail: &str, members: Option<&str>, status: &str) -> [String; 2] {
    let mut calls = vec![
        format!(r#"{{"product":"actiontrail","action":"DescribeTrails","region":"cn-hangzhou","answer":{{"TrailList":[{trail}]}}}}"#),
        format!(r#"{{"product":"actiontrail","action":"GetTrailStatus","region":"cn-hangzhou","params":{{"Name":"t"}},"time":"2026-11-25T00:00:00Z","answer":{status}}}"#),
        r#"{"product":"sls","action":"GetProject","region":"cn-hangzhou","answer":{"projectName":"audit","region":"cn-hangzhou"}}"#.to_owned(),
        r#"{"product":"sls","action":"GetProjectPolicy","region":"cn-hangzhou","params":{"project":"audit"},"answer":{}}"#.to_owned(),
    ];
    calls.extend(members.map(|members| {
        format!(r#"{{"product":"resourcedirectorymaster","action":"ListAccounts","answer":{{"TotalCount":1,"PageNumber":1,"PageSize":100,"Accounts":{{"Account":[{members}]}}}}}}"#)
    }));
    let none =
        r#"{"product":"actiontrail","action":"DescribeTrails","region":"cn-hangzhou","answer":{"TrailList":[]}}"#;
    let own = r#"{"product":"sls","action":"GetProject","region":"cn-hangzhou","answer":{"projectName":"own","region":"cn-hangzhou"}}"#;
    [bundle("1000", &calls), bundle("2000", &[none.to_owned(), own.to_owned()])]
}

const ORGANISATION: &str = r#"{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou","EventRW":"All","IsOrganizationTrail":true,"SlsProjectArn":"acs:log:cn-hangzhou:1000:project/audit"}"#;
const DELIVERED: &str = r#"{"IsLogging":true,"LatestDeliveryError":"","LatestDeliveryLogServiceError":"","LatestDeliveryLogServiceTime":"2026-11-24T00:00:00Z","SlsLogStoreStatus":true}"#;

/// The gaps of one account of two.
fn gaps_of(bundles: &[String; 2], account: &str) -> String {
    let [manager, member] = bundles;
    let inventory = estate(&[("manager.json", manager), ("member.json", member)]);
    let found = inventory.all::<Account>().iter().find(|one| one.head.id.value().is_some_and(|id| id == account));
    listed(&found.unwrap_or_else(|| panic!("no account {account}")).audit_gaps)
}

/// §12.1(4): the trail of an organisation covers its members and nobody else.
#[test]
fn a_trail_of_an_organisation_covers_the_accounts_that_are_known_to_be_members() {
    let member = r#"{"AccountId":"2000","DisplayName":"m","Status":"CreateSuccess","Type":"ResourceAccount"}"#;
    let other = r#"{"AccountId":"3000","DisplayName":"m","Status":"CreateSuccess","Type":"ResourceAccount"}"#;
    let all = NOTHING;
    assert_eq!(gaps_of(&organisation(ORGANISATION, Some(member), DELIVERED), "2000"), "");
    assert_eq!(gaps_of(&organisation(ORGANISATION, Some(other), DELIVERED), "2000"), all);
    assert_eq!(gaps_of(&organisation(ORGANISATION, None, DELIVERED), "2000"), " + not-collected");
    let own = ORGANISATION.replace(r#""IsOrganizationTrail":true"#, r#""IsOrganizationTrail":false"#);
    assert_eq!(gaps_of(&organisation(&own, Some(member), DELIVERED), "2000"), all);
    assert_eq!(gaps_of(&organisation(&own, Some(member), DELIVERED), "1000"), "");
}

/// §12.1(5): the look itself is an event, so that a trail which delivered nothing for weeks may not work.
#[test]
fn a_trail_that_delivered_nothing_for_long_before_the_look_is_no_proof() {
    let old = DELIVERED.replace("2026-11-24", "2026-10-01");
    assert_eq!(gaps_of(&organisation(ORGANISATION, None, DELIVERED), "1000"), "");
    assert_eq!(gaps_of(&organisation(ORGANISATION, None, &old), "1000"), " + not-in-this-evidence");
}

#[test]
fn data_events_need_a_selector_for_reads_and_writes_of_the_region() {
    const SELECTORS: &str = "actiontrail-ListDataEventSelectors-cn-hangzhou.json";
    let gaps = |selectors: &str| listed(&kept(&[STATUS, (SELECTORS, selectors)]).all::<Account>()[0].data_event_gaps);
    let selector = |class: &str| {
        format!(
            r#"{{"Data":{{"MaxResults":20,"NextToken":"","DataEventSelectorInfos":[{{"TrailName":"t","IsTrailAllRegion":true,"EventSelectors":"[{{\"ReadWriteType\":\"{class}\",\"ServiceName\":\"Oss\"}}]"}}]}}}}"#
        )
    };
    assert_eq!(gaps(&selector("All")), "");
    assert_eq!(gaps(&selector("Write")), "cn-hangzhou");
    assert_eq!(gaps(r#"{"Data":{"MaxResults":20,"NextToken":"","DataEventSelectorInfos":[]}}"#), "cn-hangzhou");
    assert_eq!(listed(&kept(&[STATUS]).all::<Account>()[0].data_event_gaps), " + not-collected");
}

#[test]
fn insight_events_are_on_when_a_trail_that_delivers_looks_for_some() {
    const INSIGHT: &str = "actiontrail-GetInsightSelectors-cn-hangzhou-TrailName=t.json";
    let on = |text: &str| shown(&kept(&[STATUS, (INSIGHT, text)]).all::<Account>()[0].insights);
    assert_eq!(
        on(r#"{"TrailArn":"acs:actiontrail:cn-hangzhou:1000:trail/t","InsightSelectors":["IpInsight"]}"#),
        "true"
    );
    assert_eq!(on(r#"{"TrailArn":"acs:actiontrail:cn-hangzhou:1000:trail/t","InsightSelectors":[]}"#), "false");
    assert_eq!(shown(&kept(&[STATUS]).all::<Account>()[0].insights), "unknown: not-collected");
}

#[test]
fn an_account_of_which_nothing_was_found_has_an_entry_of_its_own() {
    let none =
        r#"{"product":"actiontrail","action":"DescribeTrails","region":"cn-hangzhou","answer":{"TrailList":[]}}"#;
    let own = ORGANISATION.replace(r#""IsOrganizationTrail":true"#, r#""IsOrganizationTrail":false"#);
    let [manager, _] = organisation(&own, None, DELIVERED);
    let empty = bundle("2000", &[none.to_owned()]);
    assert_eq!(gaps_of(&[manager, empty], "2000"), NOTHING);
}
