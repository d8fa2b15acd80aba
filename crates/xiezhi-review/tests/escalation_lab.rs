//! The escalation lab through the whole product: every scenario written as API answers, read, joined and asked.
//!
//! Ways are found as in the library's own lab; no fixed twin is accused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use serde_json::{Value, json};
use xiezhi_read::{Input, Options};
use xiezhi_review::ask::{self, Ground, Verdict};

const ACCOUNT: &str = "1000000000001001";

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

/// The estate as the answers of the calls that a review reads.
fn answers(estate: &Value) -> Vec<(String, Value)> {
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
    for (name, others) in entries(&estate["versions"]) {
        let mut list = vec![json!({"VersionId": "v1", "IsDefaultVersion": true})];
        for (at, statements) in others.as_array().unwrap().iter().enumerate() {
            let id = format!("v{}", at.saturating_add(2));
            list.push(json!({"VersionId": id, "IsDefaultVersion": false}));
            put(
                format!("ram-GetPolicyVersion-PolicyName={name},PolicyType=Custom,VersionId={id}"),
                json!({"PolicyVersion": {"VersionId": id, "IsDefaultVersion": false, "PolicyDocument": document(statements)}}),
            );
        }
        put(
            format!("ram-ListPolicyVersions-PolicyName={name},PolicyType=Custom"),
            json!({"PolicyVersions": {"PolicyVersion": list}}),
        );
    }
    for (name, value) in directory(estate).into_iter().chain(hosts(estate)) {
        put(name, value);
    }
    put(
        "resourcemanager-ListPolicyAttachments".to_owned(),
        json!({"TotalCount": attached.len(), "PageNumber": 1, "PageSize": 100,
            "PolicyAttachments": {"PolicyAttachment": attached}}),
    );
    files
}

/// The resource directory: its members, and the control policies level by level from the account up.
fn directory(estate: &Value) -> Vec<(String, Value)> {
    let members: Vec<&str> = estate["organisation"]
        .as_array()
        .map(|list| list.iter().map(|id| id.as_str().unwrap()).collect())
        .unwrap_or_default();
    let levels = estate["control"].as_array().cloned().unwrap_or_default();
    if members.is_empty() && levels.is_empty() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let enabled = if levels.is_empty() { "Disabled" } else { "Enabled" };
    files.push((
        "resourcedirectorymaster-GetResourceDirectory".to_owned(),
        json!({"ResourceDirectory": {"MasterAccountId": "1000000000009999", "RootFolderId": "r-root",
            "ResourceDirectoryId": "rd-1", "ControlPolicyStatus": enabled}}),
    ));
    // Each level above the account is a folder.
    let folders: Vec<String> = (1..levels.len()).map(|level| format!("fd-{level}")).collect();
    let path: Vec<&str> =
        ["rd-1"].into_iter().chain(folders.iter().rev().map(String::as_str)).chain([ACCOUNT]).collect();
    let mut accounts =
        vec![json!({"AccountId": ACCOUNT, "DisplayName": "own", "FolderId": "fd", "Status": "CreateSuccess",
        "Type": "ResourceAccount", "ResourceDirectoryPath": path.join("/")})];
    accounts.extend(members.iter().filter(|id| **id != ACCOUNT).map(|id| {
        json!({"AccountId": id, "DisplayName": id, "FolderId": "fd", "Status": "CreateSuccess", "Type": "ResourceAccount",
            "ResourceDirectoryPath": format!("rd-1/{id}")})
    }));
    files.push((
        "resourcedirectorymaster-ListAccounts".to_owned(),
        json!({"TotalCount": accounts.len(), "PageNumber": 1, "PageSize": 100, "Accounts": {"Account": accounts}}),
    ));
    let mut listed = Vec::new();
    for (level, policies) in levels.iter().enumerate() {
        let target = if level == 0 { ACCOUNT.to_owned() } else { format!("fd-{level}") };
        for (number, statements) in policies.as_array().unwrap().iter().enumerate() {
            let id = format!("cp-{level}-{number}");
            let head = json!({"PolicyId": id, "PolicyName": id, "PolicyType": "Custom", "EffectScope": "RAM"});
            let mut whole = head.clone();
            whole["PolicyDocument"] = document(statements).into();
            listed.push(head);
            files.push((format!("resourcedirectorymaster-GetControlPolicy-{id}"), json!({"ControlPolicy": whole})));
            files.push((
                format!("resourcedirectorymaster-ListTargetAttachmentsForControlPolicy-{id}"),
                json!({"TotalCount": 1, "PageNumber": 1, "PageSize": 100,
                    "TargetAttachments": {"TargetAttachment": [{"TargetId": target, "TargetType": "Account"}]}}),
            ));
        }
    }
    files.push((
        "resourcedirectorymaster-ListControlPolicies".to_owned(),
        json!({"TotalCount": listed.len(), "PageNumber": 1, "PageSize": 100, "ControlPolicies": {"ControlPolicy": listed}}),
    ));
    files
}

/// Instances with what the internet reaches of them, functions, container groups.
fn hosts(estate: &Value) -> Vec<(String, Value)> {
    let (mut instances, mut carried, mut functions, mut containers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut open, mut files) = (false, Vec::new());
    for (id, host) in entries(&estate["hosts"]) {
        let role = host["role"].as_str().unwrap_or("");
        match host["kind"].as_str().unwrap_or("instance") {
            "function" => {
                let role = if role.is_empty() { String::new() } else { format!("acs:ram::{ACCOUNT}:role/{role}") };
                // A function of version 2 stands in a service, which carries the role.
                match id.strip_prefix("services/").and_then(|rest| rest.split_once("/functions/")) {
                    Some((service, name)) => {
                        let services = json!({"services": [{"serviceName": service, "role": role}]});
                        files.push(("fc-open-ListServices-cn-hangzhou".to_owned(), services));
                        let inside = json!({"functions": [{"functionName": name, "runtime": "python3.10"}]});
                        files.push((format!("fc-open-ListFunctions-cn-hangzhou-{service}"), inside));
                    }
                    None => functions.push(json!({"functionName": id, "runtime": "python3.10", "role": role})),
                }
            }
            "container_group" => containers.push(json!({"ContainerGroupId": id, "ContainerGroupName": id,
                "RegionId": "cn-hangzhou", "Status": "Running", "RamRoleName": role, "Containers": []})),
            _ => {
                let tokens = if host["token"].as_bool() == Some(false) { "optional" } else { "required" };
                let mut instance = json!({"InstanceId": id, "RegionId": "cn-hangzhou", "Status": "Running",
                    "InstanceNetworkType": "vpc", "SecurityGroupIds": {"SecurityGroupId": ["sg-lab"]},
                    "PublicIpAddress": {"IpAddress": []}, "EipAddress": {"IpAddress": "", "AllocationId": ""},
                    "VpcAttributes": {"VpcId": "vpc-lab", "VSwitchId": "vsw-lab", "PrivateIpAddress": {"IpAddress": ["10.0.0.1"]}},
                    "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": tokens}});
                if host["internet"].as_bool() == Some(true) {
                    open = true;
                    instance["PublicIpAddress"]["IpAddress"] = json!(["203.0.113.10"]);
                }
                instances.push(instance);
                carried.push(json!({"InstanceId": id, "RamRoleName": role}));
            }
        }
    }
    let total = instances.len();
    files.extend([
        (
            "ecs-DescribeInstances-cn-hangzhou".to_owned(),
            json!({"TotalCount": total, "PageNumber": 1, "PageSize": 100, "Instances": {"Instance": instances}}),
        ),
        (
            "ecs-DescribeInstanceRamRole-cn-hangzhou".to_owned(),
            json!({"RegionId": "cn-hangzhou", "TotalCount": total, "InstanceRamRoleSets": {"InstanceRamRoleSet": carried}}),
        ),
        ("fc-ListFunctions-cn-hangzhou".to_owned(), json!({"functions": functions})),
        (
            "eci-DescribeContainerGroups-cn-hangzhou".to_owned(),
            json!({"TotalCount": containers.len(), "ContainerGroups": containers}),
        ),
        ("ecs-DescribeRegions".to_owned(), json!({"Regions": {"Region": [{"RegionId": "cn-hangzhou"}]}})),
    ]);
    if open {
        let listing = |what: &str, inner: &str, member: Value| json!({"TotalCount": 1, "PageNumber": 1, "PageSize": 50, what: {inner: [member]}});
        let vpc =
            json!({"VpcId": "vpc-lab", "RegionId": "cn-hangzhou", "CidrBlock": "10.0.0.0/16", "Status": "Available"});
        files.push(("vpc-DescribeVpcs-cn-hangzhou".to_owned(), listing("Vpcs", "Vpc", vpc)));
        let switch = json!({"VSwitchId": "vsw-lab", "VpcId": "vpc-lab", "CidrBlock": "10.0.0.0/24", "Status": "Available",
            "NetworkAclId": "", "RouteTable": {"RouteTableId": "vtb-lab", "RouteTableType": "System"}});
        files.push(("vpc-DescribeVSwitches-cn-hangzhou".to_owned(), listing("VSwitches", "VSwitch", switch)));
        files.push((
            "vpc-DescribeNetworkAcls-cn-hangzhou".to_owned(),
            json!({"TotalCount": "0", "PageNumber": "1", "PageSize": "50", "NetworkAcls": {"NetworkAcl": []}}),
        ));
        files.push(("cloudfw-DescribeUserBuyVersion".to_owned(), json!({"UserStatus": false})));
        files.push(("vpc-ListIpv4Gateways-cn-hangzhou".to_owned(), json!({"TotalCount": 0, "Ipv4GatewayModels": []})));
        let group = json!({"SecurityGroupId": "sg-lab", "VpcId": "vpc-lab", "SecurityGroupType": "normal"});
        files.push((
            "ecs-DescribeSecurityGroups-cn-hangzhou".to_owned(),
            json!({"TotalCount": 1, "PageNumber": 1, "PageSize": 50, "SecurityGroups": {"SecurityGroup": [group]}}),
        ));
        files.push((
            "ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-lab".to_owned(),
            json!({"RegionId": "cn-hangzhou", "SecurityGroupId": "sg-lab", "VpcId": "vpc-lab", "InnerAccessPolicy": "Accept",
                "NextToken": "", "Permissions": {"Permission": [{"Direction": "ingress", "Policy": "Accept", "Priority": "1",
                "IpProtocol": "TCP", "PortRange": "80/80", "SourceCidrIp": "0.0.0.0/0", "NicType": "intranet"}]}}),
        ));
    }
    files
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
        Some(("host", id)) => id.to_owned(),
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
    let (mut found, mut wrong, mut open_twins) = (0, Vec::new(), Vec::new());
    for scenario in scenarios() {
        let (files, twin) = (answers(&scenario.estate), answers(&scenario.fixed));
        match verdict(&ground(&files, None), &scenario.start) {
            Some((Verdict::Yes, _)) => found += 1,
            other => wrong.push(format!("{}: {other:?}", scenario.file)),
        }
        match verdict(&ground(&twin, None), &scenario.start) {
            Some((Verdict::No, _)) => {}
            Some((Verdict::Undecided, why)) => open_twins.push(format!("{}: {why}", scenario.file)),
            other => wrong.push(format!("the twin of {}: {other:?}", scenario.file)),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found >= 72, "{found}");
    assert!(open_twins.len() <= 10, "{} open:\n{}", open_twins.len(), open_twins.join("\n"));
}

#[test]
fn with_one_answer_removed_only_unknown_appears_through_the_product() {
    let (mut kept, mut open, mut wrong) = (0, 0, Vec::new());
    // Every third scenario: each is read once per file that it has.
    for scenario in scenarios().into_iter().step_by(3) {
        for estate in [&scenario.estate, &scenario.fixed] {
            let files = answers(estate);
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
