//! The eight conditions of network semantics §12.1 by number: each broken alone, and without its evidence.

use super::*;

/// One condition of §12.1: the file that states it, what it says there, and what it says when the condition is broken.
struct Condition {
    number: u8,
    file: &'static str,
    stated: &'static str,
    broken: &'static str,
    /// What the answer says of it.
    of: fn(&Account) -> String,
    /// The answer while it holds and when it is broken.
    answers: [&'static str; 2],
}

const TRAILS: &str = "actiontrail-DescribeTrails-cn-hangzhou.json";
const ACL: &str = "oss-GetBucketAcl-logs.json";
const ROLES: &str = "ram-ListRoles.json";
const TRUST: &str = "ram-GetRole-Trail-Writer.json";
const GRANTS: &str = "ram-ListPoliciesForRole-Trail-Writer.json";
const DOCUMENT: &str = "ram-GetPolicy-PolicyName=write,PolicyType=Custom.json";
const VERSIONING: &str = "oss-GetBucketVersioning-logs.json";
const SELECTORS: &str = "actiontrail-ListDataEventSelectors-cn-hangzhou.json";
const INSIGHT: &str = "actiontrail-GetInsightSelectors-cn-hangzhou-TrailName=t.json";

/// An estate in which every condition holds: one trail to a bucket.
const PROVEN: &[(&str, &str)] = &[
    (
        TRAILS,
        r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou","EventRW":"All","OssBucketName":"logs","OssWriteRoleArn":"acs:ram::1000:role/trail-writer","SlsProjectArn":"","IsOrganizationTrail":false}]}"#,
    ),
    (
        ROLES,
        r#"{"IsTruncated":false,"Roles":{"Role":[{"RoleName":"Trail-Writer","Arn":"acs:ram::1000:role/trail-writer"}]}}"#,
    ),
    (
        TRUST,
        r#"{"Role":{"RoleName":"Trail-Writer","AssumeRolePolicyDocument":"{\"Version\":\"1\",\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"actiontrail.aliyuncs.com\"]}}]}"}}"#,
    ),
    (GRANTS, r#"{"Policies":{"Policy":[{"PolicyName":"write","PolicyType":"Custom","DefaultVersion":"v1"}]}}"#),
    (
        DOCUMENT,
        r#"{"Policy":{"PolicyName":"write","PolicyType":"Custom","DefaultVersion":"v1"},"DefaultPolicyVersion":{"VersionId":"v1","IsDefaultVersion":true,"PolicyDocument":"{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"oss:PutObject\",\"Resource\":\"acs:oss:*:*:logs/*\"}]}"}}"#,
    ),
    (
        STATUS.0,
        r#"{"IsLogging":true,"LatestDeliveryTime":"2026-11-24T00:00:00Z","LatestDeliveryError":"","OssBucketStatus":true}"#,
    ),
    (ACL, r#"{"AccessControlPolicy":{"Owner":{"ID":"1"},"AccessControlList":{"Grant":"private"}}}"#),
    (VERSIONING, r#"{"VersioningConfiguration":{"Status":"Enabled"}}"#),
    (
        "oss-GetBucketLogging-logs.json",
        r#"{"BucketLoggingStatus":{"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"own/"}}}"#,
    ),
    (
        "oss-GetBucketWorm-logs.json",
        r#"{"Code":"NoSuchWORMConfiguration","Message":"x","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
    ),
    (
        LIFECYCLE,
        r#"{"LifecycleConfiguration":{"Rule":[{"ID":"r","Prefix":"","Status":"Enabled","Expiration":{"Days":365}}]}}"#,
    ),
    (
        SELECTORS,
        r#"{"Data":{"MaxResults":20,"NextToken":"","DataEventSelectorInfos":[{"TrailName":"t","IsTrailAllRegion":true,"EventSelectors":"[{\"ReadWriteType\":\"All\",\"ServiceName\":\"Oss\"}]"}]}}"#,
    ),
    (INSIGHT, r#"{"TrailArn":"acs:actiontrail:cn-hangzhou:1000:trail/t","InsightSelectors":["IpInsight"]}"#),
];

const WRITES: &str = "cn-hangzhou read global read";

fn gaps(account: &Account) -> String {
    listed(&account.audit_gaps)
}

const CONDITIONS: &[Condition] = &[
    Condition {
        number: 1,
        file: STATUS.0,
        stated: r#""IsLogging":true"#,
        broken: r#""IsLogging":false"#,
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition {
        number: 2,
        file: TRAILS,
        stated: r#""TrailRegion":"All""#,
        broken: r#""TrailRegion":"cn-shanghai""#,
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition {
        number: 3,
        file: TRAILS,
        stated: r#""EventRW":"All""#,
        broken: r#""EventRW":"Write""#,
        of: gaps,
        answers: ["", WRITES],
    },
    Condition {
        number: 5,
        file: STATUS.0,
        stated: r#""LatestDeliveryError":"""#,
        broken: r#""LatestDeliveryError":"NoSuchBucket""#,
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition {
        number: 5,
        file: STATUS.0,
        stated: r#""OssBucketStatus":true"#,
        broken: r#""OssBucketStatus":false"#,
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition {
        number: 6,
        file: ACL,
        stated: r#""Grant":"private""#,
        broken: r#""Grant":"public-read""#,
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition {
        number: 6,
        file: VERSIONING,
        stated: r#""Status":"Enabled""#,
        broken: r#""Status":"Suspended""#,
        of: |account| listed(&account.audit_risks),
        answers: ["", "bucket logs: not versioned"],
    },
    Condition {
        number: 6,
        file: LIFECYCLE,
        stated: r#""Days":365"#,
        broken: r#""Days":30"#,
        of: |account| shown(&account.audit_days),
        answers: ["365", "30"],
    },
    Condition {
        number: 6,
        file: TRUST,
        stated: "actiontrail.aliyuncs.com",
        broken: "ecs.aliyuncs.com",
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition {
        number: 6,
        file: TRUST,
        stated: r#"\"Service\":[\"actiontrail.aliyuncs.com\"]}"#,
        broken: r#"\"Service\":[\"actiontrail.aliyuncs.com\"],\"RAM\":[\"acs:ram::1000:root\"]}"#,
        of: |account| listed(&account.audit_risks),
        answers: ["", "role Trail-Writer: assumed by others"],
    },
    Condition {
        number: 6,
        file: GRANTS,
        stated: r#"[{"PolicyName":"write","PolicyType":"Custom","DefaultVersion":"v1"}]"#,
        broken: "[]",
        of: gaps,
        answers: ["", NOTHING],
    },
    Condition { number: 6, file: DOCUMENT, stated: ":logs/*", broken: ":others/*", of: gaps, answers: ["", NOTHING] },
    Condition {
        number: 7,
        file: SELECTORS,
        stated: r#"\"Oss\""#,
        broken: r#"\"Ots\""#,
        of: |account| listed(&account.data_event_gaps),
        answers: ["", "cn-hangzhou"],
    },
    Condition {
        number: 8,
        file: INSIGHT,
        stated: r#"["IpInsight"]"#,
        broken: "[]",
        of: |account| shown(&account.insights),
        answers: ["true", "false"],
    },
];

/// A trail that was switched off says so in both of its answers.
const SWITCHED_OFF: (&str, &str) = (r#""Status":"Enable""#, r#""Status":"Disable""#);

/// The proven estate, with one file changed or left out.
fn with(file: &str, change: Option<(&str, &str)>) -> Inventory {
    let changed: Vec<(&str, String)> = PROVEN
        .iter()
        .filter(|(name, _)| *name != file || change.is_some())
        .map(|(name, text)| match change {
            Some((from, to)) if *name == file => {
                assert!(text.contains(from), "{file}: {from}");
                (*name, text.replace(from, to))
            }
            Some((_, to)) if *name == TRAILS && to.contains(r#""IsLogging":false"#) => {
                (*name, text.replace(SWITCHED_OFF.0, SWITCHED_OFF.1))
            }
            _ => (*name, (*text).to_owned()),
        })
        .collect();
    let mut files: Vec<(&str, &str)> = changed.iter().map(|(name, text)| (*name, text.as_str())).collect();
    files.extend([
        ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
        GLOBAL,
        (
            "oss-ListBuckets.json",
            r#"{"IsTruncated":false,"Buckets":{"Bucket":[{"Name":"logs","Location":"oss-cn-hangzhou","Region":"cn-hangzhou"}]}}"#,
        ),
        (
            "oss-GetBucketPolicy-logs.json",
            r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
        ),
    ]);
    estate(&files)
}

/// §12.1: each condition that is broken alone shows, and one whose evidence is taken away is unknown, never a pass. The
/// fourth has two accounts and stands apart.
#[test]
fn each_of_the_eight_conditions_decides_alone_and_is_unknown_without_its_evidence() {
    for Condition { number, file, stated, broken, of, answers: [holds, fails] } in CONDITIONS {
        let answer = |inventory: &Inventory| of(&inventory.all::<Account>()[0]);
        assert_eq!(answer(&with(file, Some((stated, stated)))), *holds, "condition {number} holds");
        assert_eq!(answer(&with(file, Some((stated, broken)))), *fails, "condition {number} is broken");
        let without = answer(&with(file, None));
        let open = without.starts_with("unknown") || without.contains(" + ");
        assert!(open && !without.contains("cn-hangzhou"), "condition {number} without evidence: `{without}`");
    }
    let mut numbers: Vec<u8> = CONDITIONS.iter().map(|condition| condition.number).collect();
    numbers.push(4);
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
}

/// The fourth: the trail is of the account, or of the organisation that the account is known to belong to.
#[test]
fn a_trail_that_may_be_of_an_organisation_is_no_proof_for_its_members() {
    let member = r#"{"AccountId":"2000","DisplayName":"m","Status":"CreateSuccess","Type":"ResourceAccount"}"#;
    let silent = ORGANISATION.replace(r#","IsOrganizationTrail":true"#, "");
    let answer = gaps_of(&organisation(&silent, Some(member), DELIVERED), "2000");
    assert!(answer.contains(" + "), "{answer}");
}

/// The second: what happens in global services (RAM, logons) is recorded in one region, which a trail of another misses.
#[test]
fn a_trail_of_one_region_keeps_the_events_of_global_services_when_they_are_recorded_there() {
    let with = |region: &str, home: Option<&str>| {
        let trails = PROVEN[0].1.replace(r#""TrailRegion":"All""#, &format!(r#""TrailRegion":"{region}""#));
        let home = home.map(|home| format!(r#"{{"StorageRegion":"{home}"}}"#));
        let mut files: Vec<(&str, &str)> = PROVEN[1..].to_vec();
        files.push((TRAILS, &trails));
        files.push(("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#));
        files.extend(home.as_deref().map(|home| (GLOBAL.0, home)));
        files.push((
            "oss-GetBucketPolicy-logs.json",
            r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
        ));
        audit(&estate(&files))
    };
    assert_eq!(with("cn-hangzhou", Some("cn-hangzhou")), "");
    assert_eq!(with("cn-hangzhou", Some("ap-southeast-1")), "global read global write");
    assert_eq!(with("cn-hangzhou", None), " + not-collected");
    assert_eq!(with("cn-hangzhou,ap-southeast-1", None), "");
    assert_eq!(with("All", None), "");
}

/// The sixth: a role that a whole list does not name cannot write; without the list nobody can tell. ActionTrail's own
/// role is always there.
#[test]
fn a_trail_whose_write_role_is_gone_keeps_nothing() {
    let gaps = |roles: Option<&str>, role: &str| {
        let trails = PROVEN[0].1.replace("role/trail-writer", &format!("role/{role}"));
        let mut files: Vec<(&str, &str)> =
            PROVEN.iter().filter(|(name, _)| ![TRAILS, ROLES, TRUST, GRANTS].contains(name)).copied().collect();
        files.extend([
            (TRAILS, trails.as_str()),
            ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
            GLOBAL,
            (
                "oss-GetBucketPolicy-logs.json",
                r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
            ),
        ]);
        files.extend(roles.map(|roles| (ROLES, roles)));
        audit(&estate(&files))
    };
    let none = r#"{"IsTruncated":false,"Roles":{"Role":[]}}"#;
    assert_eq!(gaps(Some(none), "trail-writer"), NOTHING);
    assert_eq!(gaps(None, "trail-writer"), " + not-collected");
    assert_eq!(gaps(None, "aliyunserviceroleforactiontrail"), "");
}

/// The sixth: what a log project keeps safe stands in the bucket as well, for whoever reads that.
#[test]
fn a_public_bucket_is_a_risk_although_a_log_project_keeps_the_events_too() {
    let risks = |grant: &str| {
        let trails = PROVEN[0]
            .1
            .replace(r#""SlsProjectArn":"""#, r#""SlsProjectArn":"acs:log:cn-hangzhou:1000:project/audit""#)
            .replace("trail-writer", "aliyunserviceroleforactiontrail");
        let acl = format!(r#"{{"AccessControlList":{{"Grant":"{grant}"}}}}"#);
        let mut files: Vec<(&str, &str)> =
            PROVEN.iter().filter(|(name, _)| ![TRAILS, ACL, STATUS.0].contains(name)).copied().collect();
        files.extend([
            (TRAILS, trails.as_str()),
            (ACL, acl.as_str()),
            (STATUS.0, r#"{"IsLogging":true,"LatestDeliveryError":"","LatestDeliveryLogServiceError":"","OssBucketStatus":true,"SlsLogStoreStatus":true}"#),
            ("sls-GetProject-cn-hangzhou-audit.json", r#"{"projectName":"audit","region":"cn-hangzhou"}"#),
            ("sls-GetProjectPolicy-cn-hangzhou-audit.json", "{}"),
            ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
            GLOBAL,
            (
                "oss-GetBucketPolicy-logs.json",
                r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
            ),
        ]);
        let inventory = estate(&files);
        let account = &inventory.all::<Account>()[0];
        assert_eq!(gaps(account), "");
        listed(&account.audit_risks)
    };
    assert_eq!(risks("private"), "");
    assert_eq!(risks("public-read"), "bucket logs: public");
}
