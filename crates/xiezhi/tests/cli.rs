//! The program as a user runs it: streams, exit codes, what it refuses, and what bad input costs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a run gave.
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program with an empty home, so that no configuration of the machine takes part.
fn run(args: &[&str]) -> Run {
    run_with(args, None)
}

fn run_with(args: &[&str], input: Option<&[u8]>) -> Run {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .args(args)
        .env_clear()
        .env("HOME", home.path())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if let Some(input) = input {
        // A program that has seen enough may close its input.
        let _ = child.stdin.take().unwrap().write_all(input);
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn path(folder: &TempDir) -> String {
    folder.path().to_str().unwrap().to_owned()
}

const GOOD: (&str, &[u8]) = ("ims-GetAccountMFAInfo.json", br#"{"IsMFAEnable": false, "RequestId": "1"}"#);

/// A plan as `terraform show -json` prints it, of resources that are all called `b`: type, provider, values.
fn plan(resources: &[(&str, &str, &str)]) -> String {
    let (mut planned, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, provider, values) in resources {
        let head = format!(
            r#""address":"{kind}.b","mode":"managed","type":"{kind}","name":"b","provider_name":"registry.terraform.io/{provider}""#
        );
        planned.push(format!(r#"{{{head},"schema_version":0,"values":{values}}}"#));
        changes.push(format!(
            r#"{{{head},"change":{{"actions":["create"],"before":null,"after":{values},"after_unknown":{{}}}}}}"#
        ));
        configured.push(format!(
            r#"{{"address":"{kind}.b","mode":"managed","type":"{kind}","name":"b","expressions":{{}}}}"#
        ));
    }
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":[{}]}}}},"resource_changes":[{}],"configuration":{{"root_module":{{"resources":[{}]}}}}}}"#,
        planned.join(","),
        changes.join(","),
        configured.join(",")
    )
}

/// Reviews a folder with one good file and others; the good one is judged whatever the others are.
fn judged_beside(files: &[(&str, &[u8])]) -> (Run, serde_json::Value) {
    let mut all = vec![GOOD];
    all.extend_from_slice(files);
    let folder = folder(&all);
    let run = run(&["review", &path(&folder), "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&run.out).expect("standard output holds the answer alone");
    let verdicts = answer["verdicts"].as_array().unwrap();
    let root = verdicts.iter().find(|verdict| verdict["check"] == "account-root-mfa-off").unwrap();
    assert_eq!(root["verdict"], "fail", "the good file is judged");
    (run, answer)
}

/// Asserts that a file costs itself: exit 2, and one message that names it, the line, and what to do.
fn costs_itself(name: &str, content: &[u8], line: Option<u64>, says: &str) {
    let (run, answer) = judged_beside(&[(name, content)]);
    assert_eq!(run.code, 2, "{name}");
    let problems = answer["problems"].as_array().unwrap();
    let problem = problems.iter().find(|problem| problem["file"].as_str().unwrap().ends_with(name));
    let problem = problem.unwrap_or_else(|| panic!("{name} is not named in {problems:?}"));
    assert_eq!(problem["line"].as_u64().filter(|line| *line > 0), line, "{name}: {problem}");
    let message = problem["message"].as_str().unwrap();
    assert!(message.contains(says), "{name}: {message}");
    assert!(run.err.contains(name), "{name} is on standard error: {}", run.err);
}

#[test]
fn the_example_is_reviewed_with_the_answer_on_standard_output_and_exit_1() {
    let run = run(&["review", "examples/lanhai/api"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.starts_with("NOT SAFE: "), "{}", run.out);
    assert!(run.out.contains("Live state was not queried"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'), "no colours where there is no terminal");
}

#[test]
fn exit_codes_say_how_it_stands() {
    let site = "crates/xiezhi/tests/evidence/site";
    assert_eq!(run(&["review", site]).code, 1);
    assert_eq!(run(&["review", site, "--exit-zero"]).code, 0);
    let undecided = folder(&[("ims-GetAccountMFAInfo.json", br#"{"IsMFAEnable": true, "RequestId": "1"}"#)]);
    assert_eq!(run(&["review", &path(&undecided)]).code, 3, "nothing found, much undecided");
    assert_eq!(run(&["review", &path(&undecided), "--allow-unknown"]).code, 0);
    let high = folder(&[
        (
            "oss-ListBuckets.json",
            br#"{"Buckets": {"Bucket": [{"Name": "b", "Region": "cn-hangzhou"}]}, "IsTruncated": false}"#,
        ),
        ("oss-GetBucketEncryption-b.json", br#"{"Code": "NoSuchServerSideEncryptionRule"}"#),
    ]);
    assert_eq!(run(&["review", &path(&high), "--fail-on", "high"]).code, 1);
    assert_eq!(run(&["review", &path(&high), "--fail-on", "critical"]).code, 3, "a high defect is below the threshold");
    assert_eq!(run(&["review", "no/such/path"]).code, 2);
    assert_eq!(run(&["review"]).code, 2, "no evidence named");
    assert_eq!(run(&["judge"]).code, 2, "no such command");
    assert_eq!(run(&["--version"]).code, 0);
}

#[test]
fn evidence_comes_from_standard_input_too() {
    let plan = plan(&[("alicloud_oss_bucket", "aliyun/alicloud", r#"{"bucket":"b"}"#)]);
    let run = run_with(&["review", "-", "--format", "json"], Some(plan.as_bytes()));
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let verdicts = answer["verdicts"].as_array().unwrap();
    let plain = verdicts.iter().find(|verdict| verdict["check"] == "oss-bucket-not-encrypted").unwrap();
    assert_eq!(plain["verdict"], "fail");
    assert_eq!(plain["resource"]["address"], "alicloud_oss_bucket.b");
}

#[test]
fn broken_files_cost_themselves_and_name_file_line_and_remedy() {
    costs_itself("oss-ListBuckets.json", b"{\"Buckets\": {\n\"Bucket\": [\n{\"Name\": oops}]}}", Some(3), "");
    costs_itself("main.tf", b"resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \n}\n", Some(2), "");
    let deep = [b"{\"a\":".repeat(10_000), b"1".to_vec(), b"}".repeat(10_000)].concat();
    costs_itself("deep.json", &deep, Some(1), "nest");
    costs_itself("oss-GetBucketAcl-b.json", b"{\"AccessControlList\": \"\xff\xfe\xfa\"}", Some(1), "UTF-8");
    costs_itself(
        "evidence.ndjson",
        b"{\"format\": \"xiezhi-evidence/1\", \"account\": \"1000000000000001\", \"regions\": [\"cn-hangzhou\"]}\n{\"product\": \"oss\", \"action\": \"ListBuck",
        Some(2),
        "",
    );
    let other = plan(&[("aws_s3_bucket", "hashicorp/aws", "{}")]);
    costs_itself("aws.json", other.as_bytes(), None, "alicloud");
}

#[test]
fn a_missing_path_and_an_empty_folder_are_said_and_nothing_is_called_safe() {
    let empty = tempfile::tempdir().unwrap();
    for (given, says) in [("no/such/path", "no such file or folder"), (path(&empty).as_str(), "no evidence")] {
        let run = run(&["review", given]);
        assert_eq!(run.code, 2);
        assert!(run.out.starts_with("NOTHING WAS REVIEWED"), "{}", run.out);
        assert!(run.out.contains(says) && run.out.contains(given), "{}", run.out);
        assert!(!run.out.contains(" met  "), "no item is met");
    }
}

#[test]
fn evidence_that_holds_nothing_of_an_item_does_not_meet_it() {
    let nothing = plan(&[]);
    let folder = folder(&[("plan.json", nothing.as_bytes())]);
    let run = run(&["review", &path(&folder)]);
    let items: Vec<&str> = run.out.lines().skip_while(|line| *line != "Checklist").skip(1).take(12).collect();
    assert_eq!(items.len(), 12, "{}", run.out);
    assert!(!items.iter().any(|line| line.contains(" met  ") && line.contains("0 passed")), "{items:?}");
    assert!(items[3].contains("cannot tell") && items[3].contains("nothing in the evidence speaks of it"), "{items:?}");
}

#[test]
fn a_plan_whose_changes_were_cut_out_is_reported_and_not_taken_for_an_empty_one() {
    let whole = plan(&[("alicloud_oss_bucket", "aliyun/alicloud", "{}")]);
    let from = whole.find(r#""resource_changes":["#).unwrap() + r#""resource_changes":["#.len();
    let to = from + whole[from..].find("}]").unwrap() + 1;
    let cut = format!("{}{}", &whole[..from], &whole[to..]);
    costs_itself("plan.json", cut.as_bytes(), None, "resource_changes");
}

#[test]
fn types_that_nothing_reads_are_named_in_every_review() {
    let template =
        b"ROSTemplateFormatVersion: '2015-09-01'\nResources:\n  Set: {Type: 'ALIYUN::ECS::DeploymentSet'}\n  B: {Type: \
                     'ALIYUN::OSS::Bucket', Properties: {BucketName: b}}\n";
    let folder = folder(&[("stack.yml", template)]);
    let said = run(&["review", &path(&folder), "--exit-zero"]);
    assert!(
        said.out.contains("Not read: ALIYUN::ECS::DeploymentSet. This program does not know these types"),
        "{}",
        said.out
    );
    let said = run(&["review", &path(&folder), "--exit-zero", "--format", "markdown", "--lang", "zh"]);
    assert!(said.out.contains("未读取：ALIYUN::ECS::DeploymentSet。"), "{}", said.out);
    let said = run(&["review", &path(&folder), "--exit-zero", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(answer["scope"]["not_read"], serde_json::json!({ "ALIYUN::ECS::DeploymentSet": 1 }));
}

#[test]
fn the_label_of_single_answers_is_theirs_although_nothing_was_listed() {
    let folder = folder(&[GOOD]);
    let run = run(&["review", &path(&folder)]);
    assert!(run.out.contains("Evidence label: user-provided sanitized evidence."), "{}", run.out);
}

#[test]
fn ten_megabytes_on_one_line_are_read() {
    let rows: Vec<String> = (0..60_000)
        .map(|n| format!(r#"{{"Name":"bucket-{n:06}","Location":"oss-cn-hangzhou","Region":"cn-hangzhou","CreationDate":"2024-03-01T00:00:00.000Z","StorageClass":"Standard","Comment":"padding padding padding padding"}}"#))
        .collect();
    let line = format!(r#"{{"IsTruncated":"false","Buckets":{{"Bucket":[{}]}}}}"#, rows.join(","));
    assert!(line.len() > 10_000_000);
    let folder = folder(&[("oss-ListBuckets.json", line.as_bytes())]);
    let run = run(&["review", &path(&folder), "--allow-unknown"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("60000 resources") || run.out.contains("60001 resources"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_leave_the_folder_are_reported_and_not_followed() {
    let outside = folder(&[("secret.json", b"{}")]);
    let folder = folder(&[GOOD]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("outside")).unwrap();
    let run = run(&["review", &path(&folder)]);
    assert!(run.out.contains("outside"), "{}", run.out);
    assert!(!run.out.contains("secret.json"), "{}", run.out);
}

#[test]
fn configuration_checks_and_waivers_in_the_evidence_are_reported_and_not_used() {
    let waivers = b"[[waiver]]\ncheck = \"account-root-mfa-off\"\nresource = \"*\"\nreason = \"x\"\nowner = \"x\"\nexpires = \"2099-01-01\"\n";
    let (run, _) =
        judged_beside(&[("xiezhi.toml", b"lang = \"zh\"\nallow_unknown = true\n"), ("waivers.toml", waivers)]);
    assert!(run.err.contains("xiezhi.toml"), "{}", run.err);
    assert_eq!(run.code, 1, "found and not used is a notice, not a failure: {}", run.err);
}

#[test]
fn configuration_comes_from_the_file_that_was_named() {
    let config = folder(&[("c.toml", b"lang = \"zh\"\nfail_on = \"critical\"\n"), ("bad.toml", b"langue = \"zh\"\n")]);
    let at = |name: &str| config.path().join(name).to_str().unwrap().to_owned();
    let chinese = run(&["review", "crates/xiezhi/tests/evidence/site", "--config", &at("c.toml")]);
    assert!(chinese.out.starts_with("不安全"), "{}", chinese.out);
    let bad = run(&["review", "crates/xiezhi/tests/evidence/site", "--config", &at("bad.toml")]);
    assert_eq!(bad.code, 2);
    assert!(bad.err.contains("bad.toml") && bad.err.contains("langue"), "{}", bad.err);
}

#[test]
fn a_check_with_an_unknown_key_costs_itself() {
    let text = b"+++\nid = \"mine\"\nseverity = \"low\"\nsubject = \"oss.bucket\"\nfail = 'bucket.acl == \"x\"'\nseverty = \"low\"\n+++\n# A\n# \xe7\x94\xb2\n";
    let folder = folder(&[("mine.md", text)]);
    let run = run(&["review", "crates/xiezhi/tests/evidence/site", "--checks", &path(&folder), "--format", "json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("mine.md") && run.err.contains("severty"), "{}", run.err);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(answer["verdicts"].as_array().unwrap().len() > 100, "the checks of the program are judged");
}

#[test]
fn a_check_of_ones_own_is_judged_and_its_examples_are_run() {
    let text = "+++\nid = \"oss-bucket-name-short\"\nseverity = \"low\"\nsubject = \"oss.bucket\"\nfail = 'bucket.acl == \"public-read\"'\nrefs = [\"https://www.alibabacloud.com/help/en/oss/\"]\n+++\n# Anyone reads\n# 任何人可读\n\n## Why\nx\n\n## 原因\n甲\n\n## Fix\nx\n\n## 修复\n甲\n\n## Examples\n```facts => fail\nbucket.acl = \"public-read\"\n```\n```facts => pass\nbucket.acl = \"private\"\n```\n```facts => unknown\nbucket.acl = unknown(refused, \"oss:GetBucketAcl\")\n```\n";
    let good = folder(&[("oss-bucket-name-short.md", text.as_bytes())]);
    let tested = run(&["test-checks", &path(&good)]);
    assert_eq!(tested.code, 0, "{}{}", tested.out, tested.err);
    let reviewed = run(&["review", "crates/xiezhi/tests/evidence/site", "--checks", &path(&good), "--format", "json"]);
    assert!(reviewed.out.contains("\"oss-bucket-name-short\""));
    let bad = folder(&[(
        "oss-bucket-name-short.md",
        text.replace("```facts => pass\nbucket.acl = \"private\"", "```facts => pass\nbucket.acl = \"public-read\"")
            .as_bytes(),
    )]);
    let tested = run(&["test-checks", &path(&bad)]);
    assert_eq!(tested.code, 1, "an example that comes out differently fails: {}{}", tested.out, tested.err);
    let shown = format!("{}{}", tested.out, tested.err);
    assert!(shown.contains("oss-bucket-name-short.md"), "{shown}");
}

#[test]
fn a_waiver_of_the_user_accepts_a_defect_until_its_end() {
    let waiver = |expires: &str| {
        format!(
            "[[waiver]]\ncheck = \"account-root-mfa-off\"\nresource = \"1000000000000002\"\nreason = \"hardware key ordered\"\nowner = \"wang\"\nexpires = \"{expires}\"\n"
        )
    };
    let of = |expires: &str| {
        let folder = folder(&[("w.toml", waiver(expires).as_bytes())]);
        let file = folder.path().join("w.toml").to_str().unwrap().to_owned();
        let args = [
            "review",
            "crates/xiezhi/tests/evidence/site",
            "--waivers",
            &file,
            "--format",
            "json",
            "--as-of",
            "2026-11-25T00:00:00Z",
        ];
        let answer: serde_json::Value = serde_json::from_str(&run(&args).out).unwrap();
        let verdicts = answer["verdicts"].as_array().unwrap().clone();
        verdicts.into_iter().find(|verdict| verdict["check"] == "account-root-mfa-off").unwrap()["verdict"].clone()
    };
    assert_eq!(of("2026-12-31"), "waived");
    assert_eq!(of("2026-01-31"), "fail", "it has ended");
}

#[test]
fn an_argument_that_looks_like_a_credential_is_refused_and_not_repeated() {
    let key = ["LTAI5t", "EXAMPLExiezhi00002ab"].concat();
    let run = run(&["review", "x", "--config", &key]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("looks like a credential"), "{}", run.err);
    assert!(!run.err.contains(&key) && !run.out.contains(&key));
}

#[test]
fn names_that_attack_the_terminal_are_shown_as_visible_escapes() {
    let hostile = "{\"IsTruncated\": \"false\", \"Buckets\": {\"Bucket\": [{\"Name\": \"a\\u001b]0;owned\\u0007\\u202e\\u0085b\", \"Region\": \"cn-hangzhou\"}]}}";
    let acl = b"{\"AccessControlList\": {\"Grant\": \"public-read\"}}";
    let evidence = folder(&[("oss-ListBuckets.json", hostile.as_bytes()), ("oss-GetBucketAcl-x.json", acl)]);
    for args in [vec![], vec!["--full"], vec!["--lang", "zh"]] {
        let mut all = vec!["review".to_owned(), path(&evidence)];
        all.extend(args.into_iter().map(str::to_owned));
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let run = run(&all);
        for text in [&run.out, &run.err] {
            let bad = text.chars().find(|c| {
                (c.is_control() && *c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(bad, None, "{text}");
        }
    }
}

#[test]
fn checks_findings_and_calls_are_explained_and_listed_in_both_languages() {
    let check = run(&["explain", "oss-bucket-public-read"]);
    assert_eq!(check.code, 0);
    assert!(check.out.contains("defect when"), "{}", check.out);
    let finding =
        run(&["explain", "oss-bucket-not-encrypted@pages", "crates/xiezhi/tests/evidence/site", "--lang", "zh"]);
    assert!(finding.out.contains("bucket.encryption 为"), "{}", finding.out);
    assert_eq!(run(&["explain", "no-such-check"]).code, 2);
    assert_eq!(run(&["explain", "oss-bucket-not-encrypted@nobody", "crates/xiezhi/tests/evidence/site"]).code, 2);
    for what in ["checks", "frameworks", "calls"] {
        for lang in ["en", "zh"] {
            let listed = run(&["list", what, "--lang", lang]);
            assert!(listed.code == 0 && listed.out.lines().count() > 3, "{what}: {}", listed.out);
        }
        let json: serde_json::Value = serde_json::from_str(&run(&["list", what, "--json"]).out).unwrap();
        assert!(!json.to_string().is_empty());
    }
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .args(["review", "examples/lanhai/api", "--format", "json"])
        .current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.code().is_some(), "no signal");
}
