//! The wrong answers of other tools about audit and encryption (network semantics §8), each as the case that shows it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeSet;

use xiezhi_model::Batch;
use xiezhi_read::Input;
use xiezhi_review::ask_network::{Ground, Verdict, audited};
use xiezhi_review::{CHECK_FILES, Outcome};
use xiezhi_rule::CheckSet;

fn batches(files: &[(&str, &str)]) -> Vec<Batch> {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, text)| Input::Bytes { name: (*name).to_owned(), bytes: text.as_bytes().to_vec(), live: false })
        .collect();
    let reading = xiezhi_read::read(&inputs, &xiezhi_read::Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.batches
}

/// What every check says of every resource, as `check subject outcome`.
fn said(files: &[(&str, &str)]) -> BTreeSet<(String, String, Outcome)> {
    let set = CheckSet::load(CHECK_FILES.iter().copied());
    let review = xiezhi_review::review(batches(files), set, xiezhi_review::Options::default());
    let id = |check: usize| review.checks.checks()[check].id.clone();
    let all = review.assessment.verdicts.iter();
    all.map(|one| (id(one.check), one.subject.display().into_owned(), one.outcome)).collect()
}

fn of(files: &[(&str, &str)], check: &str) -> Vec<Outcome> {
    said(files).into_iter().filter(|(id, ..)| id == check).map(|(.., outcome)| outcome).collect()
}

/// CIS 2.17 and its copies look for `loginAccount: false`, which no sign-in without a second factor has (EV-1).
#[test]
fn cis_2_17_counts_an_alert_that_never_fires() {
    let project = r#"{"count":1,"total":1,"projects":[{"projectName":"audit","region":"cn-hangzhou"}]}"#;
    let query = |query: &str| {
        format!(
            r#"{{"count":1,"total":1,"results":[{{"name":"no-mfa","displayName":"no-mfa","status":"ENABLED",
            "configuration":{{"queryList":[{{"query":"{query}"}}]}}}}]}}"#
        )
    };
    let passes = |alerts: &str| {
        let files = [("sls-ListProject-cn-hangzhou.json", project), ("sls-ListAlerts-project=audit.json", alerts)];
        said(&files).into_iter().filter(|(.., outcome)| *outcome == Outcome::Pass).collect::<BTreeSet<_>>()
    };
    let none = passes(r#"{"count":0,"total":0,"results":[]}"#);
    let prescribed = "event.eventName: ConsoleSignin and addionalEventData.loginAccount: false";
    let alert = query(prescribed);
    let read = xiezhi_review::review(
        batches(&[("sls-ListAlerts-project=audit.json", &alert)]),
        CheckSet::load(CHECK_FILES.iter().copied()),
        xiezhi_review::Options::default(),
    );
    assert_eq!(read.inventory.all::<xiezhi_model::service::sls::Alert>().len(), 1);
    assert_eq!(passes(&alert), none, "the prescribed alert makes nothing pass");
}

const ALL: &str = r#","TrailRegion":"All","EventRW":"All""#;
const DELIVERS: &str =
    r#"{"IsLogging":true,"LatestDeliveryTime":"2026-11-24T00:00:00Z","LatestDeliveryError":"","OssBucketStatus":true}"#;

/// What is not kept, by a trail with these words and this state.
fn not_kept(scope: &str, state: &str) -> (Verdict, String) {
    let trails = format!(
        r#"{{"TrailList":[{{"Name":"t","Status":"Enable","HomeRegion":"cn-hangzhou"{scope},"OssBucketName":"logs","IsOrganizationTrail":false}}]}}"#
    );
    let files = [
        ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
        ("actiontrail-DescribeTrails-cn-hangzhou.json", trails.as_str()),
        ("actiontrail-GetTrailStatus-cn-hangzhou-t.json", state),
        (
            "oss-GetBucketAcl-logs.json",
            r#"{"AccessControlPolicy":{"Owner":{"ID":"1","DisplayName":"1"},"AccessControlList":{"Grant":"private"}}}"#,
        ),
        (
            "oss-GetBucketPolicy-logs.json",
            r#"{"Code":"NoSuchBucketPolicy","Message":"The bucket policy does not exist.","RequestId":"0A","HostId":"logs.oss-cn-hangzhou.aliyuncs.com"}"#,
        ),
    ];
    let answer = audited(&Ground::new(batches(&files)));
    let part = answer.parts.iter().find(|part| part.facts.iter().any(|(name, _)| *name == "not-kept"));
    let facts = part.into_iter().flat_map(|part| &part.facts).filter(|(name, _)| *name == "not-kept");
    let kept: Vec<&str> = facts.map(|(_, what)| what.as_str()).collect();
    (part.map_or(Verdict::Yes, |part| part.verdict), kept.join(" "))
}

/// Prowler's `actiontrail_multi_region_enabled` looks at `TrailRegion` and `Status` only.
#[test]
fn prowler_passes_a_trail_of_reads_only_one_that_does_not_deliver_and_one_whose_bucket_is_gone() {
    assert_eq!(not_kept(ALL, DELIVERS).1, "");
    let reads = not_kept(r#","TrailRegion":"All","EventRW":"Read""#, DELIVERS);
    assert_eq!(reads, (Verdict::No, "cn-hangzhou write".to_owned()));
    for broken in [
        DELIVERS.replace(r#""LatestDeliveryError":"""#, r#""LatestDeliveryError":"AccessDenied""#),
        DELIVERS.replace(r#""OssBucketStatus":true"#, r#""OssBucketStatus":false"#),
    ] {
        let (verdict, what) = not_kept(ALL, &broken);
        assert_eq!((verdict, what.as_str()), (Verdict::No, "cn-hangzhou read cn-hangzhou write"), "{broken}");
    }
}

/// Checkov demands `automatic_rotation` of every key (KMS-4).
#[test]
fn checkov_fails_keys_that_cannot_rotate_automatically() {
    let rotates = |more: &str| {
        let key = format!(
            r#"{{"KeyMetadata":{{"KeyId":"k-1","KeyState":"Enabled","Creator":"1000","KeyUsage":"ENCRYPT/DECRYPT",
            "AutomaticRotation":"Disabled"{more}}}}}"#
        );
        of(&[("kms-DescribeKey-KeyId=k-1.json", &key)], "kms-key-no-rotation")
    };
    let software = r#","Origin":"Aliyun_KMS","ProtectionLevel":"SOFTWARE","KeySpec":"Aliyun_AES_256""#;
    assert_eq!(rotates(software), [Outcome::Fail]);
    for cannot in [
        software.replace("SOFTWARE", "HSM"),
        software.replace("Aliyun_KMS", "EXTERNAL"),
        software.replace("Aliyun_AES_256", "RSA_2048"),
    ] {
        assert_eq!(rotates(&cannot), [Outcome::NotApplicable], "{cannot}");
    }
}
