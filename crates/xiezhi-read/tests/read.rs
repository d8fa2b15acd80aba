//! Folders of evidence, read as a whole.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::TempDir;
use xiezhi_model::service::account::Account;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Inventory, Label, Problem, ProblemKind, Reason, Resource};
use xiezhi_read::{Input, Options, Reading, TakenFor, read};

const IDENTITY: &str = r#"{"AccountId":"1234567890123456","Arn":"acs:ram::1234567890123456:user/reader",
  "IdentityType":"RAMUser","RequestId":"00000000-0000-0000-0000-000000000001"}"#;

const BUCKETS: &str = r#"{
  "Owner": {"ID": "1234567890123456", "DisplayName": "1234567890123456"},
  "IsTruncated": false,
  "Buckets": {
    "Bucket": [
      {"Name": "site", "Region": "cn-hangzhou", "Location": "oss-cn-hangzhou"},
      {"Name": "logs", "Region": "cn-shanghai", "Location": "oss-cn-shanghai"}
    ]
  }
}"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read_at(path: &Path) -> Reading {
    read(&[Input::path(path)], &Options::default())
}

fn all_problems(reading: &Reading) -> Vec<&Problem> {
    reading.problems.iter().chain(reading.batches.iter().flat_map(|batch| &batch.problems)).collect()
}

fn kinds(reading: &Reading) -> Vec<ProblemKind> {
    all_problems(reading).iter().map(|problem| problem.kind).collect()
}

fn bucket<'i>(inventory: &'i Inventory, name: &str) -> &'i Bucket {
    let all = inventory.all::<Bucket>();
    all.iter().find(|bucket| bucket.head.id.value().is_some_and(|id| id == name)).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn a_folder_of_answers_is_one_account_with_its_listing() {
    let folder = folder(&[
        ("sts-GetCallerIdentity.json", IDENTITY),
        ("oss-ListBuckets.json", BUCKETS),
        ("oss-GetBucketAcl-site.json", r#"{"AccessControlList": {"Grant": "public-read"}}"#),
    ]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), []);
    assert_eq!(reading.batches.len(), 1);
    let inventory = Inventory::join(reading.batches);
    assert_eq!(inventory.only_account().unwrap(), "1234567890123456");
    assert_eq!(inventory.gaps(Bucket::SCHEMA), []);
    let site = bucket(&inventory, "site");
    assert_eq!(site.acl.value().unwrap(), "public-read");
    assert_eq!(site.acl.origin.label, Label::UserProvided);
    assert_eq!(site.acl.origin.source.call.as_ref().map(|call| call.name.as_str()), Some("oss:GetBucketAcl"));
    assert_eq!(site.head.origin.line, 6);
    assert!(bucket(&inventory, "logs").acl.reason().is_some(), "what nobody asked stays unknown");
}

#[test]
fn answers_are_recognised_by_their_keys_when_the_name_says_nothing() {
    let folder = folder(&[("a.json", IDENTITY), ("b.json", BUCKETS)]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), []);
    let taken: Vec<&TakenFor> = reading.files.iter().map(|file| &file.taken_for).collect();
    assert_eq!(
        taken,
        [&TakenFor::Answers(vec!["sts:GetCallerIdentity".into()]), &TakenFor::Answers(vec!["oss:ListBuckets".into()])]
    );
}

#[test]
fn an_answer_of_several_calls_asks_for_a_better_file_name() {
    let folder = folder(&[("lb.json", r#"{"LoadBalancers": [], "RequestId": "r"}"#)]);
    let reading = read_at(folder.path());
    let problem = reading.problems.iter().find(|problem| problem.file.ends_with("lb.json")).unwrap();
    assert_eq!(problem.kind, ProblemKind::NotRecognised);
    assert!(problem.detail.contains("`alb-ListLoadBalancers` or `gwlb-ListLoadBalancers`"), "{}", problem.detail);
}

#[test]
fn a_refused_call_makes_what_it_would_tell_unknown_with_the_permission() {
    let refused = r#"{"Code": "AccessDenied", "Message": "no", "RequestId": "r", "HostId": "h"}"#;
    let folder = folder(&[("oss-ListBuckets.json", BUCKETS), ("oss-GetBucketAcl-site.json", refused)]);
    let inventory = Inventory::join(read_at(folder.path()).batches);
    let wanted = Reason::refused("oss:GetBucketAcl", Some("oss:GetBucketAcl"));
    assert_eq!(bucket(&inventory, "site").acl.reason(), Some(&wanted));
    assert_eq!(inventory.all::<Bucket>().len(), 2);
}

#[test]
fn a_refused_listing_is_a_gap_and_invents_no_resource() {
    for refused in [
        r#"{"Code": "Forbidden.RAM", "Message": "no", "AccessDeniedDetail": {"AuthAction": "oss:ListBuckets"}}"#,
        "ERROR: SDK.ServerError\nErrorCode: Forbidden.RAM\nRequestId: r\nMessage: no\n{\"AuthAction\":\"oss:ListBuckets\"}",
    ] {
        let folder = folder(&[("oss-ListBuckets.json", refused)]);
        let inventory = Inventory::join(read_at(folder.path()).batches);
        assert_eq!(inventory.all::<Bucket>().len(), 0);
        let gaps = inventory.gaps(Bucket::SCHEMA);
        assert_eq!(gaps.len(), 1);
        assert_eq!(gaps[0].reason, Reason::refused("oss:ListBuckets", Some("oss:ListBuckets")));
    }
}

#[test]
fn a_throttled_listing_and_a_truncated_one_are_gaps() {
    let throttled = r#"{"Code": "Throttling.User", "Message": "slow down", "RequestId": "r"}"#;
    let more = BUCKETS.replace("\"IsTruncated\": false", "\"IsTruncated\": true, \"NextMarker\": \"site\"");
    for (text, code) in [(throttled, "throttled"), (more.as_str(), "unreadable")] {
        let folder = folder(&[("oss-ListBuckets.json", text)]);
        let inventory = Inventory::join(read_at(folder.path()).batches);
        let reasons: Vec<&str> = inventory.gaps(Bucket::SCHEMA).iter().map(|gap| gap.reason.code()).collect();
        assert_eq!(reasons, [code]);
    }
}

#[test]
fn a_file_that_ends_too_early_gives_its_complete_members_and_a_gap() {
    let cut = &BUCKETS[..BUCKETS.find("\"logs\"").unwrap()];
    let folder = folder(&[("oss-ListBuckets.json", cut)]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), [ProblemKind::Truncated]);
    let inventory = Inventory::join(reading.batches);
    assert_eq!(inventory.all::<Bucket>().len(), 1);
    assert_eq!(inventory.gaps(Bucket::SCHEMA).len(), 1);
}

#[test]
fn pages_in_files_in_one_list_and_line_by_line_are_one_listing() {
    let page = |name: &str, more: bool| {
        format!(r#"{{"Buckets":{{"Bucket":[{{"Name":"{name}"}}]}},"IsTruncated":{more},"NextMarker":"{name}"}}"#)
    };
    let (first, last) = (page("a", true), page("b", false));
    let in_files = folder(&[("oss-ListBuckets-p1.json", &first), ("oss-ListBuckets-p2.json", &last)]);
    let in_list = folder(&[("oss-ListBuckets.json", &format!("[{first},{last}]"))]);
    let in_lines = folder(&[("oss-ListBuckets.ndjson", &format!("{first}\n{last}\n"))]);
    for folder in [in_files, in_list, in_lines] {
        let reading = read_at(folder.path());
        assert_eq!(kinds(&reading), []);
        let inventory = Inventory::join(reading.batches);
        assert_eq!(inventory.all::<Bucket>().len(), 2);
        assert_eq!(inventory.gaps(Bucket::SCHEMA), []);
    }
    let gap = folder(&[("oss-ListBuckets-p1.json", &first), ("oss-ListBuckets-p3.json", &last)]);
    assert_eq!(Inventory::join(read_at(gap.path()).batches).gaps(Bucket::SCHEMA).len(), 1);
}

#[test]
fn masked_values_are_redacted_and_no_parse_errors() {
    let masked = BUCKETS.replace("\"site\"", "si****").replace("\"1234567890123456\"", "1234****");
    let folder = folder(&[("oss-ListBuckets.json", &masked)]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), []);
    let inventory = Inventory::join(reading.batches);
    assert_eq!(inventory.all::<Bucket>().len(), 2);
    assert!(inventory.all::<Bucket>().iter().any(|bucket| bucket.head.id.reason() == Some(&Reason::Redacted)));
}

#[test]
fn two_accounts_in_two_folders_stay_apart() {
    let other = IDENTITY.replace("1234567890123456", "6543210987654321");
    let folder = folder(&[
        ("a/sts-GetCallerIdentity.json", IDENTITY),
        ("a/oss/oss-ListBuckets.json", BUCKETS),
        ("b/sts-GetCallerIdentity.json", &other),
        ("b/oss-ListBuckets.json", &BUCKETS.replace("1234567890123456", "6543210987654321")),
    ]);
    let inventory = Inventory::join(read_at(folder.path()).batches);
    assert_eq!(inventory.only_account(), None);
    assert_eq!(inventory.all::<Bucket>().len(), 4);
}

#[test]
fn attestations_belong_to_the_only_account() {
    let attest = "version = 1\n[signed]\nname = \"Li Hua\"\ndate = \"2026-11-01\"\n[data]\nclassified = true\n";
    let folder =
        folder(&[("sts-GetCallerIdentity.json", IDENTITY), ("oss-ListBuckets.json", BUCKETS), ("attest.toml", attest)]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), []);
    let inventory = Inventory::join(reading.batches);
    let account = &inventory.all::<Account>()[0];
    assert_eq!(account.head().account.value().unwrap(), "1234567890123456");
    assert_eq!(account.data_classified.value(), Some(&true));
}

#[test]
fn terraform_in_the_same_folder_is_its_own_set() {
    let folder = folder(&[
        ("oss-ListBuckets.json", BUCKETS),
        ("tf/main.tf", "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"new\"\n  acl = \"private\"\n}\n"),
    ]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), []);
    let inventory = Inventory::join(reading.batches);
    assert_eq!(inventory.all::<Bucket>().len(), 3);
}

#[test]
fn answers_in_xml_are_read_as_the_same_answers_in_json() {
    let folder = folder(&[
        (
            "buckets.xml",
            "<?xml version=\"1.0\" ?>\n<ListAllMyBucketsResult>\n  <Owner><ID>1234567890123456</ID></Owner>\n  <Buckets>\n    \
             <Bucket><Name>site</Name><Region>cn-hangzhou</Region></Bucket>\n    \
             <Bucket><Name>logs</Name><Region>cn-shanghai</Region></Bucket>\n  </Buckets>\n\
             </ListAllMyBucketsResult>\n0.044(s) elapsed\n",
        ),
        (
            "oss-GetBucketAcl-site.xml",
            "<AccessControlPolicy><Owner><ID>1</ID></Owner><AccessControlList>\n<Grant>public-read</Grant>\n\
             </AccessControlList></AccessControlPolicy>",
        ),
        ("oss-GetBucketVersioning-site.xml", "<VersioningConfiguration/>"),
        ("oss-GetBucketAcl-logs.xml", "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"),
        ("pom.xml", "<project><name>site</name></project>"),
    ]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), []);
    let inventory = Inventory::join(reading.batches);
    assert_eq!(inventory.only_account().unwrap(), "1234567890123456");
    assert_eq!(inventory.gaps(Bucket::SCHEMA), []);
    let site = bucket(&inventory, "site");
    assert_eq!(site.acl.value().unwrap(), "public-read");
    assert_eq!((site.acl.origin.line, site.head.origin.line), (2, 5));
    let refused = bucket(&inventory, "logs").acl.reason().unwrap();
    assert_eq!(*refused, Reason::refused("oss:GetBucketAcl", Some("oss:GetBucketAcl")));
}

#[test]
fn xml_that_is_broken_costs_itself_and_is_named_with_its_line() {
    let folder = folder(&[
        ("oss-ListBuckets.json", BUCKETS),
        ("oss-GetBucketAcl-site.xml", "<AccessControlPolicy>\n<AccessControlList>"),
        ("oss-GetBucketAcl-logs.xml", "<!DOCTYPE x [<!ENTITY e \"private\">]>\n<AccessControlPolicy/>"),
    ]);
    let reading = read_at(folder.path());
    let mut found: Vec<(String, u32)> = all_problems(&reading)
        .iter()
        .map(|problem| (problem.file.rsplit('/').next().unwrap().to_owned(), problem.line))
        .collect();
    found.dedup();
    assert_eq!(found, [("oss-GetBucketAcl-logs.xml".to_owned(), 1), ("oss-GetBucketAcl-site.xml".to_owned(), 2)]);
    assert!(bucket(&Inventory::join(reading.batches), "site").acl.reason().is_some());
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

#[test]
fn compressed_evidence_is_read_and_never_beyond_the_limits() {
    let folder = folder(&[]);
    fs::write(folder.path().join("oss-ListBuckets.json.gz"), gzip(BUCKETS)).unwrap();
    fs::write(folder.path().join("big.json.gz"), gzip(&" ".repeat(100_000))).unwrap();
    let mut cut = gzip(IDENTITY);
    cut.truncate(40);
    fs::write(folder.path().join("sts-GetCallerIdentity.json.gz"), cut).unwrap();
    fs::write(folder.path().join("main.tf.gz"), gzip("resource \"alicloud_vpc\" \"v\" {}\n")).unwrap();
    let reading = read(&[Input::path(folder.path())], &Options { max_file: 4_096, ..Options::default() });
    let mut found = kinds(&reading);
    found.sort();
    assert_eq!(found, [ProblemKind::Unreadable, ProblemKind::TooLarge, ProblemKind::NotRecognised]);
    assert_eq!(Inventory::join(reading.batches).all::<Bucket>().len(), 2);
}

#[test]
fn configuration_in_json_syntax_says_the_same_as_in_hcl() {
    let hcl = r#"variable "acl" { default = "public-read" }
locals { names = ["a", "b"] }
resource "alicloud_oss_bucket" "b" {
  for_each = toset(local.names)
  bucket   = "site-${each.key}"
  versioning { status = "Enabled" }
}
resource "alicloud_oss_bucket_acl" "acl" {
  bucket = alicloud_oss_bucket.b["a"].bucket
  acl    = var.acl
}
"#;
    let json = r#"{
  "//": "the same",
  "variable": {"acl": {"type": "string", "default": "public-read"}},
  "locals": {"names": ["a", "b"]},
  "resource": [
    {"alicloud_oss_bucket": {"b": {
      "for_each": "${toset(local.names)}",
      "bucket": "site-${each.key}",
      "versioning": {"status": "Enabled"}
    }}},
    {"alicloud_oss_bucket_acl": {"acl": {
      "bucket": "${alicloud_oss_bucket.b[\"a\"].bucket}",
      "acl": "${var.acl}"
    }}}
  ]
}"#;
    let said = |name: &str, text: &str| {
        let folder = folder(&[(name, text)]);
        let reading = read_at(folder.path());
        assert_eq!(kinds(&reading), [], "{name}");
        let inventory = Inventory::join(reading.batches);
        let mut said: Vec<String> = inventory
            .all::<Bucket>()
            .iter()
            .map(|b| format!("{} {:?} {:?} {:?}", b.head.address, b.head.name.state, b.acl.state, b.versioning.state))
            .collect();
        said.sort();
        (said, inventory.all::<Bucket>()[0].head.origin.line)
    };
    let (in_hcl, _) = said("main.tf", hcl);
    let (in_json, line) = said("main.tf.json", json);
    assert_eq!(in_json, in_hcl);
    assert_eq!(in_json.len(), 2);
    assert!(in_json[0].contains("public-read") && in_json[0].contains("Enabled"), "{in_json:?}");
    assert_eq!(line, 6);
}

#[test]
fn configuration_checks_and_waivers_in_the_evidence_are_reported_and_not_used() {
    let folder = folder(&[
        ("oss-ListBuckets.json", BUCKETS),
        ("xiezhi.toml", "fail_on = \"none\"\n"),
        ("checks/oss/x.md", "+++\nid = \"x\"\n+++\n"),
        ("README.md", "# notes"),
    ]);
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), [ProblemKind::NotObeyed, ProblemKind::NotObeyed]);
    assert!(all_problems(&reading).iter().all(|problem| problem.kind.is_notice()));
}

#[test]
fn missing_empty_and_foreign_paths_are_said() {
    let empty = folder(&[]);
    assert_eq!(kinds(&read_at(empty.path())), [ProblemKind::Empty]);
    assert_eq!(kinds(&read_at(&empty.path().join("nowhere"))), [ProblemKind::Missing]);
    let foreign = folder(&[("README.md", "x"), ("a.png", "x"), ("package.json", "{\"name\":\"x\"}")]);
    assert_eq!(kinds(&read_at(foreign.path())), [ProblemKind::Empty]);
    let odd = folder(&[("odd.json", "{\"a\": 1}"), ("oss-ListBuckets.json", BUCKETS)]);
    assert_eq!(kinds(&read_at(odd.path())), [ProblemKind::NotRecognised]);
}

#[test]
fn broken_deep_binary_and_oversized_files_cost_themselves() {
    let folder = folder(&[
        ("oss-ListBuckets.json", BUCKETS),
        ("ecs-DescribeInstances-cn-hangzhou.json", "{\"Instances\": {\"Instance\": [}"),
        ("deep.json", &"[".repeat(10_000)),
        ("empty/ram-ListUsers.json", ""),
    ]);
    fs::write(folder.path().join("gbk.json"), b"{\"a\": \"\xd6\xd0\"}").unwrap();
    fs::write(folder.path().join("tfplan"), b"PK\x03\x04rest").unwrap();
    fs::write(folder.path().join("big.json"), " ".repeat(5_000)).unwrap();
    let options = Options { max_file: 4_096, ..Options::default() };
    fs::write(folder.path().join("deep.json"), "[".repeat(4_000)).unwrap();
    let reading = read(&[Input::path(folder.path())], &options);
    let mut found = kinds(&reading);
    found.sort();
    for kind in [
        ProblemKind::NotUtf8,
        ProblemKind::TooDeep,
        ProblemKind::TooLarge,
        ProblemKind::NotRecognised,
        ProblemKind::Truncated,
    ] {
        assert!(found.contains(&kind), "{kind:?} in {found:?}");
    }
    assert_eq!(Inventory::join(reading.batches).all::<Bucket>().len(), 2);
}

#[test]
fn a_long_single_line_and_utf16_are_read() {
    let members: Vec<String> =
        (0..60_000).map(|at| format!(r#"{{"Name":"bucket-{at}","Comment":"{}"}}"#, "x".repeat(120))).collect();
    let line = format!(r#"{{"IsTruncated":false,"Buckets":{{"Bucket":[{}]}}}}"#, members.join(","));
    assert!(line.len() > 9_000_000);
    let long = folder(&[("oss-ListBuckets.json", &line)]);
    assert_eq!(Inventory::join(read_at(long.path()).batches).all::<Bucket>().len(), 60_000);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(BUCKETS.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16 = folder(&[]);
    fs::write(utf16.path().join("oss-ListBuckets.json"), wide).unwrap();
    assert_eq!(Inventory::join(read_at(utf16.path()).batches).all::<Bucket>().len(), 2);
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_leave_are_reported_and_pipes_are_not_opened() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("oss-ListBuckets.json", BUCKETS)]);
    let folder = folder(&[("oss-ListBuckets.json", BUCKETS), ("sub/x.md", "")]);
    symlink(folder.path(), folder.path().join("sub/loop")).unwrap();
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink(folder.path().join("oss-ListBuckets.json"), folder.path().join("copy.json")).unwrap();
    let pipe = folder.path().join("oss-GetBucketAcl-site.json");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reading = read_at(folder.path());
    assert_eq!(kinds(&reading), [ProblemKind::Unreadable, ProblemKind::Link, ProblemKind::Link]);
    assert_eq!(Inventory::join(reading.batches).all::<Bucket>().len(), 2);
}

#[test]
fn order_of_inputs_and_threads_changes_nothing() {
    let folder = folder(&[
        ("sts-GetCallerIdentity.json", IDENTITY),
        ("oss-ListBuckets.json", BUCKETS),
        ("oss-GetBucketAcl-site.json", r#"{"AccessControlList": {"Grant": "private"}}"#),
        ("oss-GetBucketAcl-logs.json", r#"{"AccessControlList": {"Grant": "private"}}"#),
        ("x.json", "{\"a\":1}"),
    ]);
    let mut inputs: Vec<Input> = [
        "sts-GetCallerIdentity.json",
        "oss-ListBuckets.json",
        "oss-GetBucketAcl-site.json",
        "oss-GetBucketAcl-logs.json",
        "x.json",
    ]
    .iter()
    .map(|name| Input::path(folder.path().join(name)))
    .collect();
    let shown = |inputs: &[Input]| {
        let reading = read(inputs, &Options::default());
        let files = format!("{:?}", reading.files);
        let problems = format!("{:?}", reading.problems);
        let inventory = Inventory::join(reading.batches);
        format!("{files} {problems} {:?} {:?}", inventory.all::<Bucket>(), inventory.listings())
    };
    let first = shown(&inputs);
    for round in 1..6 {
        inputs.rotate_left(round);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(round).build().unwrap();
        assert_eq!(pool.install(|| shown(&inputs)), first);
    }
    let whole = shown(&[Input::path(folder.path())]);
    assert_eq!(whole, first, "a folder reads as its files do");
}

#[test]
fn no_problem_quotes_a_secret_of_the_evidence() {
    let folder = folder(&[
        ("oss-ListBuckets.json", r#"{"Buckets": LTAI5tFAKEfake0000000001}"#),
        ("b.json", r#"{"LTAI5tFAKEfake0000000001": 1, "LTAI5tFAKEfake0000000001": 2}"#),
        ("ram-ListUsers.json", r#"{"Code": "LTAI5tFAKEfake0000000001", "Message": "x"}"#),
    ]);
    let shown = format!("{:?}", read_at(folder.path()));
    assert!(!shown.contains("LTAI5t"), "{shown}");
}

#[test]
fn log_stores_are_listed_when_every_project_of_a_complete_listing_was_asked() {
    use xiezhi_model::service::sls::Logstore;
    let projects = r#"{"count":2,"total":2,"projects":[{"projectName":"a"},{"projectName":"b"}]}"#;
    let stores = r#"{"count":1,"total":1,"logstores":["audit"]}"#;
    let regions = r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]},"RequestId":"r"}"#;
    let common = [("sls-ListProject-cn-hangzhou.json", projects), ("ecs-DescribeRegions.json", regions)];
    let with = |more: &[(&str, &str)]| {
        let folder = folder(&[&common[..], more].concat());
        let inventory = Inventory::join(read_at(folder.path()).batches);
        let gaps: Vec<&str> = inventory.gaps(Logstore::SCHEMA).iter().map(|gap| gap.reason.code()).collect();
        gaps
    };
    let a = ("sls-ListLogStores-cn-hangzhou-a.json", stores);
    let b = ("sls-ListLogStores-cn-hangzhou-b.json", stores);
    assert_eq!(with(&[a, b]), Vec::<&str>::new());
    assert_eq!(with(&[a]), ["not-collected"]);
    let refused = r#"{"errorCode":"Unauthorized","errorMessage":"no"}"#;
    assert_eq!(with(&[a, ("sls-ListLogStores-cn-hangzhou-b.json", refused)]), ["refused"]);
}

#[test]
fn no_call_that_was_refused_throttled_or_failed_lets_anything_be_known() {
    use xiezhi_model::State;
    let outcomes = [
        (r#"{"Code":"Forbidden.RAM","Message":"no","RequestId":"r"}"#, "refused"),
        (r#"{"Code":"Throttling.User","Message":"no","RequestId":"r"}"#, "throttled"),
        (r#"{"Code":"Something.New","Message":"no","RequestId":"r"}"#, "not-understood"),
    ];
    let subjects =
        ["InstanceId", "BucketName", "UserName", "RoleName", "GroupName", "PolicyName", "project", "DBInstanceId"];
    let params: Vec<(&str, &str)> = subjects.iter().map(|name| (*name, "x")).collect();
    let mut told = 0;
    for call in xiezhi_read::api::CALLS.iter().flat_map(|calls| calls.iter()) {
        let name = format!("{}:{}", call.product, call.action);
        for (answer, code) in outcomes {
            let batch = xiezhi_read::read_answer(&name, Some("cn-hangzhou"), &params, "x.json", answer);
            let inventory = Inventory::join(vec![batch]);
            for (kind, table) in inventory.kinds() {
                for at in 0..table.count() {
                    let record = table.record(at).unwrap();
                    for (field, schema) in record.schema().fields.iter().enumerate() {
                        let fact = record.fact(field).unwrap();
                        match fact.state {
                            State::Unknown(reason) => told += usize::from(reason.code() == code),
                            _ => panic!("{name} {code}: {kind}.{} is known: {:?}", schema.name, fact.state),
                        }
                    }
                }
            }
            if call.lists.is_some() {
                assert!(inventory.listings().iter().all(|listing| listing.gap.is_some()), "{name} {code}");
            }
        }
    }
    assert!(told > 100, "refusals reach facts: {told}");
}

#[test]
fn nat_entries_are_listed_when_every_table_of_every_gateway_was_asked() {
    use xiezhi_model::service::nat::ForwardEntry;
    let gateways = r#"{"TotalCount":1,"PageNumber":1,"PageSize":50,"RequestId":"r","NatGateways":{"NatGateway":[
      {"NatGatewayId":"ngw-1","ForwardTableIds":{"ForwardTableId":["ftb-1"]},"SnatTableIds":{"SnatTableId":["stb-1"]}}]}}"#;
    let entries = r#"{"TotalCount":0,"PageNumber":1,"PageSize":50,"RequestId":"r","ForwardTableEntries":{"ForwardTableEntry":[]}}"#;
    let regions = r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]},"RequestId":"r"}"#;
    let common = [("vpc-DescribeNatGateways-cn-hangzhou.json", gateways), ("ecs-DescribeRegions.json", regions)];
    let gaps = |more: &[(&str, &str)]| {
        let folder = folder(&[&common[..], more].concat());
        Inventory::join(read_at(folder.path()).batches).gaps(ForwardEntry::SCHEMA).len()
    };
    assert_eq!(gaps(&[("vpc-DescribeForwardTableEntries-cn-hangzhou-ftb-1.json", entries)]), 0);
    assert_eq!(gaps(&[("vpc-DescribeForwardTableEntries-cn-hangzhou-NatGatewayId=ngw-1.json", entries)]), 0);
    assert_eq!(gaps(&[("vpc-DescribeForwardTableEntries-cn-hangzhou-ftb-2.json", entries)]), 1);
    assert_eq!(gaps(&[]), 1);
}
