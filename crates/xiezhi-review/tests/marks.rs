//! What the reference leaves open about encryption and audit: each marked rule is answered as the list beside this test
//! says, with the evidence that shows it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use xiezhi_model::Label;
use xiezhi_read::Input;
use xiezhi_review::ask_network::{Answer, Ground, Verdict, audited, encrypted, exposed};

fn ground(files: &[(&str, &str)]) -> Ground {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, text)| Input::Bytes { name: (*name).to_owned(), bytes: text.as_bytes().to_vec(), live: false })
        .collect();
    let reading = xiezhi_read::read(&inputs, &xiezhi_read::Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    Ground::new(reading.batches)
}

fn verdict(answer: &Answer, subject: &str) -> Verdict {
    let found = answer.parts.iter().find(|part| part.subject == subject);
    found.unwrap_or_else(|| panic!("no {subject}: {:?}", answer.parts)).verdict
}

fn database(list: &str) -> Answer {
    let text = format!(
        r#"
resource "alicloud_db_instance" "d" {{
  engine       = "MySQL"
  security_ips = ["{list}"]
}}
resource "alicloud_db_connection" "c" {{ instance_id = alicloud_db_instance.d.id }}
"#
    );
    exposed(&ground(&[("root/main.tf", &text)]), &[3306])
}

fn bare_entry() {
    let named = |answer: &Answer| answer.assumptions.iter().any(|rule| rule.code() == "A-BAREENTRY");
    let bare = database("0.0.0.0");
    assert_eq!((verdict(&bare, "alicloud_db_instance.d"), bare.label), (Verdict::Undecided, Label::Inference));
    assert!(named(&bare));
    let all = database("0.0.0.0/0");
    assert_eq!(verdict(&all, "alicloud_db_instance.d"), Verdict::Yes);
    assert!(!named(&all));
}

fn cluster_secrets() {
    let of = |key: &str| {
        let detail = format!(
            r#"{{"cluster_id":"c1","name":"prod","meta_data":"{{\"Addons\":[],\"Capabilities\":{{\"Network\":\"flannel\"}}{key}}}"}}"#
        );
        let key = r#"{"KeyMetadata":{"KeyId":"k-1","KeyState":"Enabled","Origin":"Aliyun_KMS","ProtectionLevel":"SOFTWARE","Creator":"1","KeySpec":"Aliyun_AES_256"}}"#;
        let files =
            [("cs-DescribeClusterDetail-ClusterId=c1.json", detail.as_str()), ("kms-DescribeKey-KeyId=k-1.json", key)];
        verdict(&encrypted(&ground(&files)), "ack.cluster c1")
    };
    assert_eq!(of(""), Verdict::Undecided);
    assert_ne!(of(r#",\"EncryptionProviderKey\":\"k-1\""#), Verdict::No);
}

fn lindorm() {
    let list = r#"{"InstanceList":[{"InstanceId":"ld-1","InstanceAlias":"series","VpcId":"vpc-1"}],"Total":1,"PageNumber":1,"PageSize":50}"#;
    let answer = encrypted(&ground(&[("hitsdb-GetLindormInstanceList-cn-hangzhou.json", list)]));
    assert_eq!(verdict(&answer, "lindorm.instance ld-1"), Verdict::Undecided);
}

fn gateway_policy() {
    let of = |policy: &str| {
        let group = format!(r#"{{"GroupId":"g1","GroupName":"shop","HttpsPolicy":"{policy}"}}"#);
        let answer = encrypted(&ground(&[("cloudapi-DescribeApiGroup-GroupId=g1.json", &group)]));
        verdict(&answer, "apigateway.group")
    };
    assert_eq!(of("HTTPS2_TLS1_0"), Verdict::No);
    assert_eq!(of("HTTPS2_TLS1_2"), Verdict::Yes);
    assert_eq!(of("HTTPS9_NOVEL"), Verdict::Undecided);
}

fn events_of_a_trail() {
    let of = |events: &str| {
        let trails = format!(
            r#"{{"TrailList":[{{"Name":"t","Status":"Enable","TrailRegion":"All","HomeRegion":"cn-hangzhou"{events},"OssBucketName":"logs","IsOrganizationTrail":false}}]}}"#
        );
        let files = [
            ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#),
            ("actiontrail-DescribeTrails-cn-hangzhou.json", trails.as_str()),
            (
                "actiontrail-GetTrailStatus-cn-hangzhou-t.json",
                r#"{"IsLogging":true,"LatestDeliveryTime":"2026-11-24T00:00:00Z","LatestDeliveryError":"","OssBucketStatus":true}"#,
            ),
        ];
        audited(&ground(&files)).parts[0].clone()
    };
    let read = |part: &xiezhi_review::ask_network::Part| {
        part.facts.iter().find(|(name, _)| *name == "not-kept").map(|(_, kept)| kept.clone()).unwrap_or_default()
    };
    assert!(read(&of(r#","EventRW":"Write""#)).contains("read"));
    let unsaid = of("");
    assert_eq!(unsaid.verdict, Verdict::Undecided);
    assert_eq!(read(&unsaid), "");
}

#[test]
fn every_marked_rule_is_answered_as_the_list_says() {
    let shown: &[(&str, &str, fn())] = &[
        ("7 DB-1", "A-BAREENTRY", bare_entry),
        ("11.3 ACK", "unknown", cluster_secrets),
        ("11.3 Lindorm", "unknown", lindorm),
        ("11.4 API Gateway", "unknown", gateway_policy),
        ("12.1 EventRW", "unknown", events_of_a_trail),
    ];
    let lines: Vec<&str> = include_str!("marks.tsv").lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), shown.len());
    for line in lines {
        let [rule, mark, answer, open] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert!(matches!(mark, "X" | "U") && !open.is_empty(), "{line}");
        let found = shown.iter().find(|(known, said, _)| *known == rule && *said == answer);
        found.unwrap_or_else(|| panic!("nothing shows {rule}")).2();
    }
}
