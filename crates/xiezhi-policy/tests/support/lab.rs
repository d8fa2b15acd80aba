//! Reads a scenario of `examples/escalation-lab` into an estate.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Map, Value, json};
use xiezhi_policy::escalate::Start;
use xiezhi_policy::estate::{
    Attachment, Carried, Control, Estate, Group, Host, HostKind, Index, Listing, Role, StoredPolicy, User,
};
use xiezhi_policy::{Policy, PolicyKind, Tri};

pub const ACCOUNT: &str = "1001";

pub struct Scenario {
    pub file: String,
    pub title: String,
    pub start: String,
    pub path: Option<Vec<String>>,
    pub estate: Value,
    pub fixed: Value,
}

pub fn scenarios() -> Vec<Scenario> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/escalation-lab");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let value: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap())
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut fixed = value["estate"].clone();
            merge(&mut fixed, &value["fix"]);
            Scenario {
                title: value["title"].as_str().unwrap().to_owned(),
                start: value["start"].as_str().unwrap().to_owned(),
                path: value["path"].as_array().map(|a| a.iter().map(|v| v.as_str().unwrap().to_owned()).collect()),
                estate: value["estate"].clone(),
                fixed,
                file: name,
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
        *target = Value::Object(Map::new());
    }
    let target = target.as_object_mut().unwrap();
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

fn policy(name: &str, kind: PolicyKind, statements: &Value) -> Policy {
    let policy = Policy::parse(name, kind, &json!({"Version": "1", "Statement": statements}).to_string());
    assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{name}: {:?}", policy.problems);
    policy
}

fn trust(name: &str, value: &Value) -> Policy {
    let Some(text) = value.as_str() else { return policy(name, PolicyKind::Trust, value) };
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let principal = match word {
        "root" => json!({"RAM": [format!("acs:ram::{ACCOUNT}:root")]}),
        "user" | "role" => json!({"RAM": [format!("acs:ram::{ACCOUNT}:{word}/{rest}")]}),
        "account" => json!({"RAM": [format!("acs:ram::{rest}:root")]}),
        "service" => json!({"Service": [rest]}),
        "federated" => json!({"Federated": [rest]}),
        other => panic!("trust {other}"),
    };
    policy(name, PolicyKind::Trust, &json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]))
}

fn attachments(list: &Value) -> Listing<Attachment> {
    let names = list.as_array().map(Vec::as_slice).unwrap_or_default();
    Listing::complete(
        names
            .iter()
            .map(|name| {
                let name = name.as_str().unwrap();
                match name.strip_prefix('@') {
                    Some(system) => Attachment::system(system),
                    None => match name.split_once('@') {
                        Some((name, group)) => {
                            Attachment { resource_group: Some(group.into()), ..Attachment::custom(name) }
                        }
                        None => Attachment::custom(name),
                    },
                }
            })
            .collect(),
    )
}

fn entries(value: &Value) -> Vec<(&String, &Value)> {
    value.as_object().map(|m| m.iter().collect()).unwrap_or_default()
}

fn flag(value: &Value) -> Tri {
    value.as_bool().unwrap_or(false).into()
}

pub fn estate(value: &Value) -> Estate {
    let mut policies = vec![StoredPolicy {
        name: "AdministratorAccess".into(),
        system: true,
        default: Some(policy(
            "AdministratorAccess",
            PolicyKind::Identity,
            &json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]),
        )),
        others: Listing::default(),
    }];
    for (name, statements) in entries(&value["policies"]) {
        let versions = value["versions"][name].as_array().cloned().unwrap_or_default();
        policies.push(StoredPolicy {
            name: name.clone(),
            system: false,
            default: Some(policy(name, PolicyKind::Identity, statements)),
            others: Listing::complete(versions.iter().map(|v| policy(name, PolicyKind::Identity, v)).collect()),
        });
    }
    let users = entries(&value["users"])
        .into_iter()
        .map(|(name, user)| {
            let mut made = User::new(name);
            made.policies = attachments(&user["policies"]);
            let groups = user["groups"].as_array().cloned().unwrap_or_default();
            made.groups = Listing::complete(groups.iter().map(|g| g.as_str().unwrap().to_owned()).collect());
            made.access_keys =
                Listing::complete((0..user["keys"].as_u64().unwrap_or(0)).map(|i| format!("key-{i}")).collect());
            made.console = flag(&user["console"]);
            made.mfa = flag(&user["mfa"]);
            made
        })
        .collect();
    let roles = entries(&value["roles"])
        .into_iter()
        .map(|(name, role)| Role {
            name: name.clone(),
            trust: Some(trust(&format!("trust of {name}"), &role["trust"])),
            policies: attachments(&role["policies"]),
            service_linked: role["linked"].as_bool().unwrap_or(false),
        })
        .collect();
    let groups = entries(&value["groups"])
        .into_iter()
        .map(|(name, list)| Group { name: name.clone(), policies: attachments(list) })
        .collect();
    let hosts = entries(&value["hosts"])
        .into_iter()
        .map(|(id, host)| Host {
            kind: match host["kind"].as_str() {
                Some("function") => HostKind::Function,
                Some("container_group") => HostKind::ContainerGroup,
                _ => HostKind::Instance,
            },
            id: id.clone(),
            has_id: true,
            region: "cn-hangzhou".into(),
            role: host["role"].as_str().map_or(Carried::None, |r| Carried::Role(r.into())),
            internet: flag(&host["internet"]),
            metadata_token: host["token"].as_bool().unwrap_or(true).into(),
        })
        .collect();
    let control = match value["control"].as_array() {
        None => Control::None,
        Some(levels) => Control::Levels(
            levels
                .iter()
                .map(|level| {
                    Listing::complete(
                        level.as_array().unwrap().iter().map(|p| policy("control", PolicyKind::Control, p)).collect(),
                    )
                })
                .collect(),
        ),
    };
    Estate {
        account: ACCOUNT.into(),
        organisation: value["organisation"]
            .as_array()
            .map(|a| a.iter().map(|v| v.as_str().unwrap().to_owned()).collect())
            .unwrap_or_default(),
        users: Listing::complete(users),
        groups: Listing::complete(groups),
        roles: Listing::complete(roles),
        policies: Listing::complete(policies),
        hosts: Listing::complete(hosts),
        unlisted: Default::default(),
        control,
    }
}

/// The start of a scenario, or `None` when the estate no longer holds it.
pub fn start(index: &Index<'_>, text: &str) -> Option<Start> {
    let (kind, name) = text.split_once(' ').unwrap_or((text, ""));
    match kind {
        "user" => index.user(name).map(Start::User),
        "key" => index.user(name).map(Start::AccessKey),
        "role" => index.role(name).map(Start::Role),
        "host" => index.estate.hosts.items.iter().position(|h| h.id == name).map(Start::Host),
        "outside" => Some(Start::Outside),
        other => panic!("start {other}"),
    }
}
