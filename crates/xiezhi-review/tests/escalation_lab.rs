//! The escalation lab through the whole product: every scenario written as API answers, read, joined and asked.
//!
//! Ways are found as in the library's own lab; no fixed twin is accused. Scenarios about things that evidence cannot
//! carry yet (functions, container groups, old policy versions, control policies) are named and left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use serde_json::{Value, json};
use xiezhi_read::{Input, Options};
use xiezhi_review::ask::{self, Ground, Verdict};

const ACCOUNT: &str = "1000000000001001";

/// What the API answers that are read have no place for.
const NOT_CARRIED: &[&str] = &["versions", "control", "organisation"];

/// Scenarios that hang on what the network lets in, which this evidence does not hold: they stay undecided.
const ON_THE_NETWORK: &[&str] = &["62-request-forgery-to-metadata.json"];

struct Scenario {
    file: String,
    start: String,
    estate: Value,
    fixed: Value,
}

fn scenarios() -> Vec<Scenario> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/escalation-lab");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    files
        .into_iter()
        .map(|file| {
            // Account ids have sixteen digits; the lab writes them short.
            let text = std::fs::read_to_string(&file).unwrap().replace("1001", ACCOUNT);
            let value: Value = serde_json::from_str(&text).unwrap();
            let mut fixed = value["estate"].clone();
            merge(&mut fixed, &value["fix"]);
            Scenario {
                file: file.file_name().unwrap().to_string_lossy().into_owned(),
                start: value["start"].as_str().unwrap().to_owned(),
                estate: value["estate"].clone(),
                fixed,
            }
        })
        .collect()
}

/// JSON merge patch, RFC 7396.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(key);
        } else {
            merge(&mut target[key], value);
        }
    }
}

fn entries(value: &Value) -> Vec<(&String, &Value)> {
    value.as_object().map(|map| map.iter().collect()).unwrap_or_default()
}

fn document(statements: &Value) -> String {
    json!({"Version": "1", "Statement": statements}).to_string()
}

fn trust(value: &Value) -> String {
    let Some(text) = value.as_str() else { return document(value) };
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let principal = match word {
        "root" => json!({"RAM": [format!("acs:ram::{ACCOUNT}:root")]}),
        "user" | "role" => json!({"RAM": [format!("acs:ram::{ACCOUNT}:{word}/{rest}")]}),
        "account" => json!({"RAM": [format!("acs:ram::{rest}:root")]}),
        "service" => json!({"Service": [rest]}),
        "federated" => json!({"Federated": [rest]}),
        other => panic!("trust {other}"),
    };
    document(&json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]))
}

/// The estate as the answers of the calls that a review reads; nothing when some of it has no place there.
fn answers(estate: &Value) -> Option<Vec<(String, Value)>> {
    let hosts = entries(&estate["hosts"]);
    let foreign = hosts.iter().any(|(_, host)| host["kind"].as_str().is_some_and(|kind| kind != "instance"));
    if foreign || NOT_CARRIED.iter().any(|part| !estate[*part].is_null()) {
        return None;
    }
    let mut files = vec![(
        "sts-GetCallerIdentity".to_owned(),
        json!({"AccountId": ACCOUNT, "Arn": format!("acs:ram::{ACCOUNT}:root"), "IdentityType": "Account"}),
    )];
    let mut put = |name: String, value: Value| files.push((name, value));
    let mut attached: Vec<Value> = Vec::new();
    let mut attach = |list: &Value, name: &str, kind: &str| {
        for policy in list.as_array().map(Vec::as_slice).unwrap_or_default() {
            let text = policy.as_str().unwrap();
            let (policy, system, group) = match (text.strip_prefix('@'), text.split_once('@')) {
                (Some(system), _) => (system, "System", None),
                (None, Some((policy, group))) => (policy, "Custom", Some(group)),
                _ => (text, "Custom", None),
            };
            let name = if kind == "IMSUser" { format!("{name}@{ACCOUNT}.onaliyun.com") } else { name.to_owned() };
            attached.push(json!({"PolicyName": policy, "PolicyType": system, "PrincipalName": name,
                "PrincipalType": kind, "ResourceGroupId": group.unwrap_or(ACCOUNT)}));
        }
    };
    let mut users = Vec::new();
    for (name, user) in entries(&estate["users"]) {
        users.push(json!({"UserName": name, "UserId": format!("20000000000000{:04}", users.len())}));
        attach(&user["policies"], name, "IMSUser");
        let groups: Vec<Value> = user["groups"]
            .as_array()
            .map(|list| list.iter().map(|group| json!({"GroupName": group})).collect())
            .unwrap_or_default();
        put(format!("ram-ListGroupsForUser-{name}"), json!({"Groups": {"Group": groups}}));
        let keys: Vec<Value> = (0..user["keys"].as_u64().unwrap_or(0))
            .map(|number| json!({"AccessKeyId": format!("****{number}"), "Status": "Active"}))
            .collect();
        put(format!("ram-ListAccessKeys-{name}"), json!({"AccessKeys": {"AccessKey": keys}}));
        let console = user["console"].as_bool() == Some(true);
        let profile = if console {
            json!({"LoginProfile": {"UserName": name, "MFABindRequired": false}})
        } else {
            json!({"Code": "EntityNotExist.User.LoginProfile", "Message": "no login profile"})
        };
        put(format!("ram-GetLoginProfile-{name}"), profile);
        let device = if user["mfa"].as_bool() == Some(true) {
            json!({"MFADevice": {"SerialNumber": format!("acs:ram::{ACCOUNT}:mfa/{name}")}})
        } else {
            json!({"Code": "EntityNotExist.User.MFADevice", "Message": "no device"})
        };
        put(format!("ram-GetUserMFAInfo-{name}"), device);
    }
    put("ram-ListUsers".to_owned(), json!({"IsTruncated": false, "Users": {"User": users}}));
    let mut groups = Vec::new();
    for (name, policies) in entries(&estate["groups"]) {
        groups.push(json!({"GroupName": name}));
        attach(policies, name, "IMSGroup");
    }
    put("ram-ListGroups".to_owned(), json!({"IsTruncated": false, "Groups": {"Group": groups}}));
    let mut roles = Vec::new();
    for (name, role) in entries(&estate["roles"]) {
        let arn = format!("acs:ram::{ACCOUNT}:role/{name}");
        attach(&role["policies"], name, "ServiceRole");
        let linked = role["linked"].as_bool() == Some(true);
        roles.push(json!({"RoleName": name, "Arn": arn, "IsServiceLinkedRole": linked}));
        put(
            format!("ram-GetRole-{name}"),
            json!({"Role": {"RoleName": name, "Arn": arn, "IsServiceLinkedRole": linked,
                "AssumeRolePolicyDocument": trust(&role["trust"])}}),
        );
    }
    put("ram-ListRoles".to_owned(), json!({"IsTruncated": false, "Roles": {"Role": roles}}));
    let mut policies = Vec::new();
    for (name, statements) in entries(&estate["policies"]) {
        policies.push(json!({"PolicyName": name, "PolicyType": "Custom", "DefaultVersion": "v1"}));
        put(
            format!("ram-GetPolicy-{name}"),
            json!({"Policy": {"PolicyName": name, "PolicyType": "Custom", "DefaultVersion": "v1"},
                "DefaultPolicyVersion": {"VersionId": "v1", "IsDefaultVersion": true,
                "PolicyDocument": document(statements)}}),
        );
    }
    put("ram-ListPolicies".to_owned(), json!({"IsTruncated": false, "Policies": {"Policy": policies}}));
    let (mut instances, mut carried) = (Vec::new(), Vec::new());
    for (id, host) in hosts {
        let tokens = if host["token"].as_bool() == Some(false) { "optional" } else { "required" };
        instances.push(json!({"InstanceId": id, "RegionId": "cn-hangzhou",
            "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": tokens}}));
        carried.push(json!({"InstanceId": id, "RamRoleName": host["role"].as_str().unwrap_or("")}));
    }
    let total = instances.len();
    put(
        "ecs-DescribeInstances-cn-hangzhou".to_owned(),
        json!({"TotalCount": total, "PageNumber": 1, "PageSize": 100, "Instances": {"Instance": instances}}),
    );
    put(
        "ecs-DescribeInstanceRamRole-cn-hangzhou".to_owned(),
        json!({"RegionId": "cn-hangzhou", "TotalCount": total, "InstanceRamRoleSets": {"InstanceRamRoleSet": carried}}),
    );
    put(
        "resourcemanager-ListPolicyAttachments".to_owned(),
        json!({"TotalCount": attached.len(), "PageNumber": 1, "PageSize": 100,
            "PolicyAttachments": {"PolicyAttachment": attached}}),
    );
    Some(files)
}

/// The evidence without the file at `without`.
fn ground(files: &[(String, Value)], without: Option<usize>) -> Ground {
    let folder = tempfile::tempdir().unwrap();
    for (_, (name, value)) in files.iter().enumerate().filter(|(at, _)| Some(*at) != without) {
        std::fs::write(folder.path().join(format!("{name}.json")), value.to_string()).unwrap();
    }
    let reading = xiezhi_read::read(&[Input::path(folder.path())], &Options::default());
    let ground = Ground::new(reading.batches);
    assert!(ground.problems().iter().all(|problem| problem.kind.is_notice()), "{:?}", ground.problems());
    ground
}

/// The start of a scenario in the words of the command line.
fn foothold(start: &str) -> String {
    match start.split_once(' ') {
        Some(("host", id)) => format!("instance/{id}"),
        Some((kind, name)) => format!("{kind}/{name}"),
        None => start.to_owned(),
    }
}

fn verdict(ground: &Ground, start: &str) -> Option<(Verdict, String)> {
    let answer = ask::escalate(ground, None, Some(&foothold(start))).ok()?;
    let entry = &answer.entries[0];
    let steps: Vec<&str> = entry.steps.iter().map(|step| step.pattern).collect();
    Some((answer.verdict, format!("{steps:?} {:?}", entry.gaps)))
}

#[test]
fn every_way_is_found_through_the_product_and_no_fixed_twin_is_accused() {
    let (mut found, mut left_out, mut wrong) = (0, Vec::new(), Vec::new());
    let mut open_twins = 0;
    for scenario in scenarios() {
        let (Some(files), Some(twin)) = (answers(&scenario.estate), answers(&scenario.fixed)) else {
            left_out.push(scenario.file);
            continue;
        };
        match verdict(&ground(&files, None), &scenario.start) {
            Some((Verdict::Yes, _)) => found += 1,
            Some((Verdict::Undecided, _)) if ON_THE_NETWORK.contains(&scenario.file.as_str()) => {}
            other => wrong.push(format!("{}: {other:?}", scenario.file)),
        }
        match verdict(&ground(&twin, None), &scenario.start) {
            Some((Verdict::No, _)) => {}
            Some((Verdict::Undecided, _)) => open_twins += 1,
            other => wrong.push(format!("the twin of {}: {other:?}", scenario.file)),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found >= 60, "{found}");
    assert!(left_out.len() <= 5, "left out: {left_out:?}");
    assert!(open_twins <= 10, "{open_twins}");
}

#[test]
fn with_one_answer_removed_only_unknown_appears_through_the_product() {
    let (mut kept, mut open, mut wrong) = (0, 0, Vec::new());
    // Every third scenario: each is read once per file that it has.
    for scenario in scenarios().into_iter().step_by(3) {
        for estate in [&scenario.estate, &scenario.fixed] {
            let Some(files) = answers(estate) else { continue };
            let before = verdict(&ground(&files, None), &scenario.start).unwrap().0;
            for (at, (name, _)) in files.iter().enumerate() {
                // Without the foothold itself there is nothing to ask.
                let Some((after, why)) = verdict(&ground(&files, Some(at)), &scenario.start) else { continue };
                if after == before {
                    kept += 1;
                } else if after == Verdict::Undecided {
                    open += 1;
                } else {
                    wrong.push(format!("{} without {name}: {before:?} became {after:?} {why}", scenario.file));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(kept > 50 && open > 50, "{kept} kept, {open} open");
}
