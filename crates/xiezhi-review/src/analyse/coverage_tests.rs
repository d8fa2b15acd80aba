//! Encryption, log retention and Security Center coverage, over API answers.

use xiezhi_model::Inventory;
use xiezhi_model::service::{ack, eci, ecs, elasticsearch, ens, lindorm, oss, polardb, rocketmq, slb, sls};

use super::tests::{estate, one, shown, terraform};

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
fn an_instance_whose_type_no_answer_says_leaves_the_grade_to_the_key() {
    const INSTANCE: &str = "kms-GetKmsInstance-cn-hangzhou-kst-1.json";
    let instance = r#"{"KmsInstance":{"InstanceId":"kst-1","InstanceName":"keys","Status":"Connected"}}"#;
    for (spec, level, grade) in [("Aliyun_AES_256", "SOFTWARE", "customer-key"), ("Aliyun_SM4", "HSM", "hsm-key")] {
        let own = key("Enabled", "1000000000000001", "kst-1", spec, level);
        assert_eq!(graded(&disk("k-1", true, &[(KEY, &own), (INSTANCE, instance)]))[0], grade);
    }
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
fn an_edge_server_is_watched_when_security_center_says_so() {
    let servers = r#"{"TotalCount":2,"PageNumber":1,"PageSize":10,"Instances":{"Instance":[{"InstanceId":"ens-1","Status":"Running"},{"InstanceId":"ens-2","Status":"Running"}]}}"#;
    let record = r#"{"InstanceId":"ens-1","Uuid":"u-1","Vendor":1,"Status":"Running","ClientStatus":"offline"}"#;
    let assets =
        format!(r#"{{"PageInfo":{{"TotalCount":1,"CurrentPage":1,"PageSize":20,"Count":1}},"Instances":[{record}]}}"#);
    let agent = |files: &[(&str, &str)], id: &str| shown(&one::<ens::Instance>(&estate(files), id).security_agent);
    let listed = [("ens-DescribeInstances.json", servers), ("sas-DescribeCloudCenterInstances.json", assets.as_str())];
    assert_eq!((agent(&listed, "ens-1"), agent(&listed, "ens-2")), ("false".into(), "false".into()));
    // The record of one server says nothing of another.
    let document = format!(
        r#"{{"Instance":{{"InstanceId":"ens-1","EnsRegionId":"cn-wuxi-1","Status":"Running"}},"InstanceInstalledAegis":{record}}}"#
    );
    let both = [("ens-DescribeInstances.json", servers), ("one.json", document.as_str())];
    assert_eq!(agent(&both, "ens-1"), "false");
    // A rule that links assets puts the whole document of the other in.
    let linked = r#"{"Instance":{"InstanceId":"ens-3"},"InstanceInstalledAegis":{"Instance":{"InstanceId":"ens-3","ClientStatus":"online","AuthVersion":1}}}"#;
    assert_eq!(agent(&[("linked.json", linked)], "ens-3"), "true");
    assert!(agent(&both, "ens-2").starts_with("unknown"));
}

#[test]
fn a_container_group_is_judged_where_security_center_lists_container_groups_at_all() {
    let groups = r#"{"TotalCount":2,"ContainerGroups":[{"ContainerGroupId":"eci-1","RegionId":"cn-hangzhou","Status":"Running"},{"ContainerGroupId":"eci-2","RegionId":"cn-hangzhou","Status":"Running"}]}"#;
    let assets = |id: &str| {
        format!(
            r#"{{"PageInfo":{{"TotalCount":1,"CurrentPage":1,"PageSize":20,"Count":1}},"Instances":[{{"InstanceId":"{id}","Uuid":"u-1","Status":"Running","ClientStatus":"online","VulCount":2}}]}}"#
        )
    };
    let of = |asset: &str, group: &str| {
        let assets = assets(asset);
        let files = [
            ("eci-DescribeContainerGroups-cn-hangzhou.json", groups),
            ("sas-DescribeCloudCenterInstances.json", assets.as_str()),
        ];
        let inventory = estate(&files);
        let group = one::<eci::ContainerGroup>(&inventory, group);
        (shown(&group.security_agent), shown(&group.vulnerabilities))
    };
    assert_eq!(of("eci-1", "eci-1"), ("true".into(), "2".into()));
    assert_eq!(of("eci-1", "eci-2"), ("false".into(), "absent".into()));
    assert_eq!(of("i-1", "eci-2").0, "unknown: not-in-this-evidence");
}

#[test]
fn a_server_of_which_only_security_center_speaks_is_judged_and_is_no_listing() {
    let document = r#"{"Instance":{"InstanceId":"i-7","Uuid":"u","Vendor":0,"AuthVersionName":"Enterprise","Status":"Running","ClientStatus":"offline"}}"#;
    let inventory = estate(&[("one.json", document)]);
    let server = one::<ecs::Instance>(&inventory, "i-7");
    assert_eq!((shown(&server.status), shown(&server.security_agent)), ("running".into(), "false".into()));
    assert!(!inventory.gaps(<ecs::Instance as xiezhi_model::Resource>::SCHEMA).is_empty());
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
pub(super) fn lifecycle(days: i64, prefix: &str) -> String {
    format!(
        r#"{{"LifecycleConfiguration":{{"Rule":[{{"ID":"r","Prefix":"{prefix}","Status":"Enabled","Expiration":{{"Days":{days}}}}}]}}}}"#
    )
}

pub(super) fn logstore_of(days: i64) -> String {
    format!(r#"{{"logstoreName":"actiontrail_t","ttl":{days},"shardCount":2}}"#)
}

pub(super) const LIFECYCLE: &str = "oss-GetBucketLifecycle-logs.json";
pub(super) const LOGSTORE: &str = "sls-GetLogStore-cn-hangzhou-project=audit,logstore=actiontrail_t.json";

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
        (
            "slb-DescribeLoadBalancers-cn-hangzhou.json",
            r#"{"TotalCount":2,"PageNumber":1,"PageSize":50,"LoadBalancers":{"LoadBalancer":[{"LoadBalancerId":"lb-1"},{"LoadBalancerId":"lb-2"}]}}"#,
        ),
        (
            "slb-DescribeAccessLogsDownloadAttribute-cn-hangzhou.json",
            r#"{"TotalCount":1,"LogsDownloadAttributes":{"LogsDownloadAttribute":[{"LoadBalancerId":"lb-1","LogProject":"audit","LogStore":"actiontrail_t","LogType":"layer7"}]}}"#,
        ),
        (LOGSTORE, &logstore_of(180)),
    ]);
    assert_eq!(shown(&one::<slb::LoadBalancer>(&inventory, "lb-1").access_log_days), "180");
    assert_eq!(shown(&one::<slb::LoadBalancer>(&inventory, "lb-2").access_log_days), "absent");
    assert_eq!(shown(&one::<oss::Bucket>(&inventory, "data").access_log_days), "30");
    assert_eq!(shown(&only::<xiezhi_model::service::vpc::FlowLog>(&inventory).retention_days), "180");
}
