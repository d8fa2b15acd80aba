//! What a file is, by its content; the name helps where the content leaves it open.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::calls;
use crate::json::{Entries, Raw};

/// What a JSON document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    /// `terraform show -json`, of a plan or a state, or a raw state file.
    Terraform,
    /// A ROS template.
    Ros,
    /// Something else: perhaps an answer.
    Other,
}

/// What a JSON document is, by its keys.
pub(crate) fn document(entries: &Entries<'_>) -> Document {
    let has = |key: &str| entries.get(key).is_some();
    if has("ROSTemplateFormatVersion") {
        return Document::Ros;
    }
    let shown = has("format_version") && (has("planned_values") || has("values") || has("resource_changes"));
    let shown = shown || (has("format_version") && has("terraform_version"));
    let state = has("terraform_version") && has("serial") && (has("resources") || has("modules"));
    if shown || state { Document::Terraform } else { Document::Other }
}

/// The answer inside what an SDK returns: `{headers, statusCode, body}`.
pub(crate) fn unwrap_sdk<'a>(raw: Raw<'a>, entries: &Entries<'a>) -> Raw<'a> {
    let wrapped = entries.get("statusCode").is_some() || entries.get("headers").is_some();
    match entries.get("body") {
        Some(body) if wrapped && body.first() == Some(b'{') => body,
        _ => raw,
    }
}

/// A list path of the table, by its first step.
struct Path {
    steps: Vec<&'static str>,
    call: (&'static str, &'static str),
}

fn paths() -> &'static BTreeMap<&'static str, Vec<Path>> {
    static PATHS: LazyLock<BTreeMap<&'static str, Vec<Path>>> = LazyLock::new(|| {
        let mut paths: BTreeMap<&'static str, Vec<Path>> = BTreeMap::new();
        for call in calls::all() {
            let steps: Vec<&'static str> = call.list.split('.').collect();
            let plain = |step: &&str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if steps.iter().all(plain)
                && let Some(first) = steps.first().copied()
            {
                paths.entry(first).or_default().push(Path { steps, call: (&call.product, &call.action) });
            }
        }
        paths
    });
    &PATHS
}

/// Whether a document is a policy, by its keys. Source: RAM, "Policy structure and syntax": `Version` and `Statement`.
pub(crate) fn is_policy(entries: &Entries<'_>) -> bool {
    let statements = entries.get("Statement").and_then(|raw| raw.first());
    entries.get("Version").is_some() && matches!(statements, Some(b'[' | b'{'))
}

/// Keys that only members of one product's `Instances.Instance` have; an empty list tells nothing.
const TELLS: &[(&str, &str)] = &[
    ("ecs", "\"InstanceNetworkType\""),
    ("ecs", "\"MetadataOptions\""),
    ("ecs", "\"VpcAttributes\""),
    ("ens", "\"EnsRegionId\""),
    ("hbase", "\"MajorVersion\""),
];

/// The calls whose answer a document may be, by its keys: those with the longest path of the table that it has.
/// A path of one step counts only in an answer that carries the provider's request id.
pub(crate) fn by_content(entries: &Entries<'_>) -> Vec<(&'static str, &'static str)> {
    let has = |key: &str| entries.get(key).is_some();
    if has("AccountId") && has("Arn") && has("IdentityType") {
        return vec![("sts", "GetCallerIdentity")];
    }
    let raw = has("RequestId") || has("requestId");
    let mut best = 0_usize;
    let mut found: Vec<(&'static str, &'static str)> = vec![];
    for (key, value) in &entries.list {
        for path in paths().get(key.as_ref()).into_iter().flatten() {
            let length = path.steps.len();
            if length < best || (length == 1 && !raw) || !leads(*value, path.steps.get(1..).unwrap_or_default()) {
                continue;
            }
            if length > best {
                found.clear();
                best = length;
            }
            found.push(path.call);
        }
    }
    found.sort_unstable();
    found.dedup();
    if found.len() > 1 {
        let told = |product: &str| {
            let mut own = TELLS.iter().filter(|(name, _)| *name == product);
            own.any(|(_, key)| entries.list.iter().any(|(_, value)| value.text.contains(key)))
        };
        if found.iter().any(|(product, _)| told(product)) {
            found.retain(|(product, _)| told(product));
        }
    }
    found
}

fn leads(raw: Raw<'_>, steps: &[&str]) -> bool {
    match steps.split_first() {
        None => matches!(raw.first(), Some(b'[' | b'{')),
        Some((step, rest)) => raw.entries().get(step).is_some_and(|next| leads(next, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls_of(text: &str) -> Vec<(&'static str, &'static str)> {
        by_content(&Raw::whole(text).entries())
    }

    #[test]
    fn an_answer_is_known_by_its_list() {
        let ecs = r#"{"Instances": {"Instance": [{"InstanceId": "i-1", "VpcAttributes": {}}]}}"#;
        assert_eq!(calls_of(ecs), [("ecs", "DescribeInstances")]);
        assert!(calls_of(r#"{"Instances": {"Instance": []}}"#).len() > 1);
        assert_eq!(calls_of(r#"{"Instances": {"KVStoreInstance": []}}"#), [("r-kvstore", "DescribeInstances")]);
        assert_eq!(calls_of(r#"{"AccountId":"1","Arn":"a","IdentityType":"RAMUser"}"#), [("sts", "GetCallerIdentity")]);
        assert_eq!(calls_of(r#"{"PasswordPolicy": {}, "RequestId": "r"}"#), [("ram", "GetPasswordPolicy")]);
    }

    #[test]
    fn edge_instances_are_told_from_ecs_by_their_region() {
        let ens = r#"{"Instances": {"Instance": [{"InstanceId": "i-1", "EnsRegionId": "cn-suzhou-telecom"}]}}"#;
        assert_eq!(calls_of(ens), [("ens", "DescribeInstances")]);
    }

    #[test]
    fn answers_of_two_calls_that_look_alike_are_not_told_apart() {
        assert!(calls_of(r#"{"LoadBalancers": [], "RequestId": "r"}"#).len() > 1);
        assert!(calls_of(r#"{"LoadBalancers": []}"#).is_empty());
        assert!(calls_of(r#"{"name": "x", "scripts": {}}"#).is_empty());
    }

    #[test]
    fn terraform_and_templates_are_known_by_their_keys() {
        let of = |text: &str| document(&Raw::whole(text).entries());
        assert_eq!(
            of(r#"{"format_version":"1.2","terraform_version":"1.9","planned_values":{}}"#),
            Document::Terraform
        );
        assert_eq!(
            of(r#"{"version":4,"terraform_version":"1.9","serial":1,"lineage":"l","resources":[]}"#),
            Document::Terraform
        );
        assert_eq!(of(r#"{"ROSTemplateFormatVersion":"2015-09-01"}"#), Document::Ros);
        assert_eq!(of("{}"), Document::Other);
    }
}
