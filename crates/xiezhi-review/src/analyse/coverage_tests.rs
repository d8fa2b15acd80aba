//! Encryption, audit and Security Center coverage, over API answers.

use xiezhi_model::Inventory;
use xiezhi_model::service::account::Account;
use xiezhi_model::service::{ack, ecs, elasticsearch, lindorm, oss, polardb, rocketmq, sls};

use super::tests::{estate, listed, one, shown, terraform};

fn disk(key: &str, encrypted: bool, more: &[(&str, &str)]) -> Inventory {
    let text = format!(
        r#"{{"TotalCount":1,"PageNumber":1,"PageSize":50,"Disks":{{"Disk":[{{"DiskId":"d-1","RegionId":"cn-hangzhou","Encrypted":{encrypted},"KMSKeyId":"{key}","Category":"cloud_essd","Type":"data"}}]}}}}"#
    );
    let mut files = vec![("ecs-DescribeDisks-cn-hangzhou.json", text.as_str())];
    files.extend_from_slice(more);
    estate(&files)
}

fn key(state: &str, creator: &str, instance: &str, spec: &str, level: &str) -> String {
    format!(
        r#"{{"KeyMetadata":{{"KeyId":"k-1","KeyState":"{state}","Creator":"{creator}","Origin":"Aliyun_KMS","KeySpec":"{spec}","KeyUsage":"ENCRYPT/DECRYPT","ProtectionLevel":"{level}","DKMSInstanceId":"{instance}"}}}}"#
    )
}

fn graded(inventory: &Inventory) -> [String; 3] {
    let disk = one::<ecs::Disk>(inventory, "d-1");
    [shown(&disk.at_rest), shown(&disk.at_rest_cipher), shown(&disk.at_rest_key_usable)]
}

const KEY: &str = "kms-DescribeKey-cn-hangzhou-k-1.json";

#[test]
fn a_disk_is_graded_by_who_holds_its_key() {
    assert_eq!(graded(&disk("", false, &[])), ["none", "absent", "absent"]);
    assert_eq!(graded(&disk("", true, &[])), ["service-key", "aes", "absent"]);
    let own = |text: &str| graded(&disk("k-1", true, &[(KEY, text)]));
    assert_eq!(
        own(&key("Enabled", "1000000000000001", "", "Aliyun_AES_256", "SOFTWARE")),
        ["default-key", "aes", "true"]
    );
    assert_eq!(
        own(&key("Enabled", "1000000000000001", "kst-1", "Aliyun_AES_256", "SOFTWARE")),
        ["customer-key", "aes", "true"]
    );
    assert_eq!(own(&key("Enabled", "1000000000000001", "kst-1", "Aliyun_SM4", "HSM")), ["hsm-key", "sm4", "true"]);
    // HSM of the provider without an instance is no HSM of the tenant (KMS-5).
    assert_eq!(own(&key("Enabled", "1000000000000001", "", "Aliyun_AES_256", "HSM")), ["default-key", "aes", "true"]);
}

#[test]
fn a_key_that_is_disabled_or_to_be_deleted_cannot_be_used() {
    for (state, expected) in
        [("Enabled", "true"), ("Disabled", "false"), ("PendingDeletion", "false"), ("PendingImport", "false")]
    {
        let text = key(state, "1000000000000001", "", "Aliyun_AES_256", "SOFTWARE");
        assert_eq!(graded(&disk("k-1", true, &[(KEY, &text)]))[2], expected, "{state}");
    }
}

#[test]
fn a_key_that_is_not_in_evidence_leaves_the_grade_open() {
    assert_eq!(graded(&disk("k-9", true, &[])), ["unknown: not-collected"; 3].map(String::from));
}

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
        "cn-hangzhou read cn-shanghai read cn-shanghai write"
    );
}

#[test]
fn a_stopped_trail_and_a_public_bucket_keep_nothing() {
    let all = "cn-hangzhou read cn-hangzhou write cn-shanghai read cn-shanghai write";
    assert_eq!(audit(&trail("All", "All", "Disable", "private")), all);
    assert_eq!(audit(&trail("All", "All", "Enable", "public-read")), all);
}

#[test]
fn a_trail_whose_status_nobody_asked_for_is_no_proof() {
    let trails = r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","EventRW":"All","SlsProjectArn":"acs:log:cn-hangzhou:1:project/p","OssBucketName":""}]}"#;
    let inventory = estate(&[("actiontrail-DescribeTrails-cn-hangzhou.json", trails)]);
    assert!(audit(&inventory).contains(" + "), "{}", audit(&inventory));
}

#[test]
fn an_instance_that_security_center_does_not_list_has_no_agent() {
    let instances = r#"{"TotalCount":2,"PageNumber":1,"PageSize":10,"Instances":{"Instance":[{"InstanceId":"i-1","RegionId":"cn-hangzhou","Status":"Running"},{"InstanceId":"i-2","RegionId":"cn-hangzhou","Status":"Running"}]}}"#;
    let assets = r#"{"PageInfo":{"TotalCount":1,"CurrentPage":1,"PageSize":20,"Count":1},"Instances":[{"InstanceId":"i-1","Uuid":"u-1","Vendor":0,"Status":"Running","ClientStatus":"online","HealthCheckCount":3}]}"#;
    let files =
        [("ecs-DescribeInstances-cn-hangzhou.json", instances), ("sas-DescribeCloudCenterInstances.json", assets)];
    let both = estate(&files);
    let of = |inventory: &Inventory, id: &str| {
        let instance = one::<ecs::Instance>(inventory, id);
        (shown(&instance.security_agent), shown(&instance.baseline_risks))
    };
    assert_eq!(of(&both, "i-1"), ("true".into(), "3".into()));
    assert_eq!(of(&both, "i-2"), ("false".into(), "absent".into()));
    let alone = estate(&files[..1]);
    assert_eq!(of(&alone, "i-2"), ("unknown: not-collected".into(), "unknown: not-collected".into()));
}

#[test]
fn a_bucket_under_oss_s_own_key_is_graded_so() {
    let bucket = |rule: &str| {
        let text = format!(r#"{{"ServerSideEncryptionRule":{{"ApplyServerSideEncryptionByDefault":{rule}}}}}"#);
        let inventory = estate(&[("oss-GetBucketEncryption-b.json", &text)]);
        let bucket = one::<oss::Bucket>(&inventory, "b");
        [shown(&bucket.at_rest), shown(&bucket.at_rest_cipher)]
    };
    assert_eq!(bucket(r#"{"SSEAlgorithm":"AES256"}"#), ["provider-key", "aes"]);
    assert_eq!(bucket(r#"{"SSEAlgorithm":"KMS","KMSMasterKeyID":""}"#), ["service-key", "aes"]);
    assert_eq!(bucket(r#"{"SSEAlgorithm":"SM4"}"#), ["provider-key", "sm4"]);
}

/// The one resource of its kind.
fn only<R: xiezhi_model::Resource>(inventory: &Inventory) -> &R {
    let [one] = inventory.all::<R>() else { panic!("one {}", R::SCHEMA.kind) };
    one
}

#[test]
fn of_several_groups_of_nodes_the_one_without_encryption_decides() {
    let cluster = |data: bool, warm: &str| {
        let text = format!(
            r#"{{"Result":{{"instanceId":"es-1","esVersion":"7.10_with_X-Pack","protocol":"HTTPS","nodeSpec":{{"diskEncryption":{data}}}{warm}}}}}"#
        );
        let inventory = estate(&[("elasticsearch-DescribeInstance-cn-hangzhou-es-1.json", &text)]);
        let one = only::<elasticsearch::Instance>(&inventory);
        [shown(&one.at_rest), shown(&one.in_transit)]
    };
    let no_others = r#","warmNode":false,"haveElasticDataNode":false"#;
    assert_eq!(cluster(true, no_others), ["service-key", "enforced"]);
    let warm = r#","warmNode":true,"warmNodeConfiguration":{"diskEncryption":false},"haveElasticDataNode":false"#;
    assert_eq!(cluster(true, warm), ["none", "enforced"]);
    // A plain part decides though another was not looked at; an encrypted one does not.
    assert_eq!(cluster(false, ""), ["none", "enforced"]);
    assert_eq!(cluster(true, "")[0], "unknown: not-in-this-evidence");
}

#[test]
fn a_disk_that_asks_for_nothing_is_encrypted_when_its_region_does_so() {
    let disk = |more: &str| {
        let text =
            format!("resource \"alicloud_ecs_disk\" \"d\" {{\n  zone_id = \"cn-hangzhou-h\"\n  size = 20\n}}\n{more}");
        let inventory = terraform(&text);
        shown(&one::<ecs::Disk>(&inventory, "alicloud_ecs_disk.d").at_rest)
    };
    let region =
        |on: bool| format!("resource \"alicloud_ecs_disk_encryption_by_default\" \"r\" {{\n  encrypted = {on}\n}}\n");
    assert_eq!(disk(""), "unknown: not-collected");
    assert_eq!(disk(&region(false)), "none");
    assert_ne!(disk(&region(true)), "none");
}

#[test]
fn a_snapshot_a_logstore_and_a_message_store_are_graded_like_every_store() {
    let inventory = estate(&[
        (
            "ecs-DescribeSnapshots-cn-hangzhou.json",
            r#"{"TotalCount":1,"PageNumber":1,"PageSize":50,"Snapshots":{"Snapshot":[{"SnapshotId":"s-1","Encrypted":false,"KMSKeyId":"","SourceDiskId":"d-1"}]}}"#,
        ),
        (
            "sls-GetLogStore-cn-hangzhou-project=p,logstore=l.json",
            r#"{"logstoreName":"l","ttl":180,"shardCount":2,"encrypt_conf":{"enable":true,"encrypt_type":"m4"}}"#,
        ),
        (
            "rocketmq-GetInstance-cn-hangzhou-rmq-1.json",
            r#"{"data":{"instanceId":"rmq-1","seriesCode":"professional","productInfo":{"storageEncryption":true}}}"#,
        ),
    ]);
    assert_eq!(shown(&only::<ecs::Snapshot>(&inventory).at_rest), "none");
    let logs = only::<sls::Logstore>(&inventory);
    assert_eq!([shown(&logs.at_rest), shown(&logs.at_rest_cipher)], ["service-key", "sm4"]);
    assert_eq!(shown(&only::<rocketmq::Instance>(&inventory).at_rest), "service-key");
}

#[test]
fn secrets_of_a_cluster_need_the_key_and_the_switch() {
    let cluster = |body: &str| {
        let text = format!("resource \"alicloud_cs_managed_kubernetes\" \"c\" {{\n  name = \"c\"\n{body}}}\n");
        let inventory = terraform(&text);
        shown(&only::<ack::Cluster>(&inventory).at_rest)
    };
    assert_eq!(cluster(""), "none");
    assert_eq!(cluster("  encryption_provider_key = \"k-1\"\n  disable_encryption = true\n"), "none");
    assert_eq!(cluster("  encryption_provider_key = \"k-1\"\n"), "unknown: not-in-this-evidence");
    assert_eq!(
        cluster("  encryption_provider_key = \"k-1\"\n  disable_encryption = false\n"),
        "unknown: not-collected"
    );
}

#[test]
fn tde_that_leaves_new_tables_plain_is_no_proof_of_encryption() {
    let cluster = |new: &str| {
        let text = format!(r#"{{"DBClusterId":"pc-1","TDEStatus":"Enabled","EncryptionKey":""{new}}}"#);
        let inventory = estate(&[("polardb-DescribeDBClusterTDE-cn-hangzhou-pc-1.json", &text)]);
        shown(&only::<polardb::Cluster>(&inventory).at_rest)
    };
    assert_eq!(cluster(r#","EncryptNewTables":"ON""#), "service-key");
    assert_eq!(cluster(r#","EncryptNewTables":"OFF""#), "unknown: not-understood");
}

#[test]
fn a_store_of_which_no_source_tells_is_never_known_to_be_encrypted() {
    let text = r#"{"InstanceId":"ld-1","VpcId":"vpc-1"}"#;
    let inventory = estate(&[("hitsdb-GetLindormInstance-cn-hangzhou-ld-1.json", text)]);
    assert_eq!(shown(&only::<lindorm::Instance>(&inventory).at_rest), "unknown: not-in-this-evidence");
}

/// A trail of everything that delivers into a bucket and a log project, and what else is in evidence.
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

fn lifecycle(days: i64, prefix: &str) -> String {
    format!(
        r#"{{"LifecycleConfiguration":{{"Rule":[{{"ID":"r","Prefix":"{prefix}","Status":"Enabled","Expiration":{{"Days":{days}}}}}]}}}}"#
    )
}

fn logstore_of(days: i64) -> String {
    format!(r#"{{"logstoreName":"actiontrail_t","ttl":{days},"shardCount":2}}"#)
}

const LIFECYCLE: &str = "oss-GetBucketLifecycle-logs.json";
const LOGSTORE: &str = "sls-GetLogStore-cn-hangzhou-project=audit,logstore=actiontrail_t.json";

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
    let nothing = ("cn-hangzhou read cn-hangzhou write".to_owned(), "absent".to_owned());
    assert_eq!(with(&STATUS.1.replace(r#""SlsLogStoreStatus":true"#, r#""SlsLogStoreStatus":false"#)), nothing);
    let failing = r#""LatestDeliveryLogServiceError":"ProjectNotExist""#;
    assert_eq!(with(&STATUS.1.replace(r#""LatestDeliveryLogServiceError":"""#, failing)), nothing);
    assert_eq!(with(STATUS.1).0, "");
}

/// Network semantics §12.1: each condition fails alone, and nothing else of the evidence differs.
#[test]
fn each_condition_of_a_covering_trail_decides_alone() {
    let trails = |change: (&str, &str)| {
        let text = r#"{"TrailList":[{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou","EventRW":"All","OssBucketName":"logs","IsOrganizationTrail":false}]}"#;
        text.replace(change.0, change.1)
    };
    let status = |change: (&str, &str)| {
        let text = r#"{"IsLogging":true,"LatestDeliveryTime":"2026-11-24T00:00:00Z","LatestDeliveryError":"","OssBucketStatus":true}"#;
        text.replace(change.0, change.1)
    };
    let none = ("", "");
    let with = |trail: (&str, &str), state: (&str, &str), acl: &str| {
        let (trails, state) = (trails(trail), status(state));
        let acl =
            format!(r#"{{"AccessControlPolicy":{{"Owner":{{"ID":"1"}},"AccessControlList":{{"Grant":"{acl}"}}}}}}"#);
        audit(&kept(&[
            ("actiontrail-DescribeTrails-cn-hangzhou.json", &trails),
            ("actiontrail-GetTrailStatus-cn-hangzhou-t.json", &state),
            ("oss-GetBucketAcl-logs.json", &acl),
        ]))
    };
    let all = "cn-hangzhou read cn-hangzhou write";
    assert_eq!(with(none, none, "private"), "");
    // 1: it runs.
    assert_eq!(
        with(
            (r#""Status":"Enable""#, r#""Status":"Fresh""#),
            (r#""IsLogging":true"#, r#""IsLogging":false"#),
            "private"
        ),
        all
    );
    // 2: it takes the region. 3: it takes the class; a word that is not known is neither.
    assert_eq!(with((r#""TrailRegion":"All""#, r#""TrailRegion":"cn-shanghai""#), none, "private"), all);
    assert_eq!(with((r#""EventRW":"All""#, r#""EventRW":"Write""#), none, "private"), "cn-hangzhou read");
    assert_eq!(with((r#""EventRW":"All""#, r#""EventRW":"Most""#), none, "private"), " + not-understood");
    assert_eq!(with((r#","EventRW":"All""#, ""), none, "private"), " + not-collected");
    // 5: it delivers, to a target that is there, and has delivered something.
    assert_eq!(with(none, (r#""LatestDeliveryError":"""#, r#""LatestDeliveryError":"NoSuchBucket""#), "private"), all);
    assert_eq!(with(none, (r#""OssBucketStatus":true"#, r#""OssBucketStatus":false"#), "private"), all);
    assert_eq!(with(none, ("2026-11-24T00:00:00Z", ""), "private"), " + not-in-this-evidence");
    // 6: the target is not public.
    assert_eq!(with(none, none, "public-read-write"), all);
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
    format!(
        r#"{{"format":"xiezhi-evidence/1","manifest":{{"account":"{account}","regions":{{"asked":["cn-hangzhou"],"complete":true}}}},"calls":[{regions},{}]}}"#,
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
    let all = "cn-hangzhou read cn-hangzhou write";
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
fn access_logs_and_flow_logs_are_kept_as_long_as_their_targets_keep_them() {
    let inventory = estate(&[
        (
            "oss-GetBucketLogging-data.json",
            r#"{"BucketLoggingStatus":{"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"data/"}}}"#,
        ),
        (LIFECYCLE, &lifecycle(30, "data/")),
        (
            "vpc-DescribeFlowLogs-cn-hangzhou.json",
            r#"{"FlowLogs":{"FlowLog":[{"FlowLogId":"fl-1","ResourceType":"VPC","ResourceId":"vpc-1","Status":"Active","TrafficType":"All","ProjectName":"audit","LogStoreName":"actiontrail_t"}]},"TotalCount":"1","PageNumber":"1","PageSize":"20"}"#,
        ),
        (LOGSTORE, &logstore_of(180)),
    ]);
    assert_eq!(shown(&one::<oss::Bucket>(&inventory, "data").access_log_days), "30");
    assert_eq!(shown(&only::<xiezhi_model::service::vpc::FlowLog>(&inventory).retention_days), "180");
}
