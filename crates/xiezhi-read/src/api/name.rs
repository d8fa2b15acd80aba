//! The call that a file's name tells: `<product>-<Action>[-<region>][-<subject>][-p<n>].json`.
//!
//! The subject is what the request named (a bucket, an instance), or several parameters as `Name=value,Name=value`.
//! A region is written only for calls that are asked region by region; for the others the rest of the name is the
//! subject, so that a bucket may be called `cn-hangzhou-logs`. A region may also be the name of a folder above.

use xiezhi_model::Text;

use crate::calls::{self, Paging};
use crate::region;

/// What a file's name tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The product code, lower case.
    pub product: String,
    /// The operation, as the tables spell it where they know it.
    pub action: String,
    /// The region.
    pub region: Option<Text>,
    /// The parameters of the call; the subject has an empty name.
    pub params: Vec<(Text, Text)>,
    /// The number of the page.
    pub page: Option<u32>,
}

/// What the path of a file tells, without its extension; `None` when it names no call.
pub fn call_of(path: &str) -> Option<Named> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split_once(".json").or_else(|| name.split_once(".ndjson")).map_or(name, |(stem, _)| stem);
    let stem = stem.split_once(".txt").or_else(|| stem.split_once(".xml")).map_or(stem, |(stem, _)| stem);
    let stem = stem.strip_suffix(".gz").unwrap_or(stem);
    let (product, action, rest) = split_call(folder, stem)?;
    let call = calls::find(&product, &action);
    let (rest, page) = match call.map(|call| call.paging) {
        Some(Paging::None) => (rest, None),
        _ => split_page(rest),
    };
    let regional = call.is_none_or(|call| call.is_regional());
    let (mut region, mut subject) = (None, rest);
    if regional || region::is_region(rest) {
        if let Some((id, after)) = region::split_region(rest) {
            (region, subject) = (Some(Text::from(id)), after);
        } else if call.is_some_and(|call| call.is_regional() && !call.is_detail()) && looks_like_region(rest) {
            (region, subject) = (Some(Text::from(rest)), "");
        }
    }
    if region.is_none() && regional {
        region = folder.rsplit('/').find(|part| region::is_region(part)).map(Text::from);
    }
    let params = match subject {
        "" => vec![],
        _ if subject.contains('=') => subject
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (Text::from(name), Text::from(value)))
            .collect(),
        _ => vec![(Text::default(), Text::from(subject))],
    };
    let action = call.map_or(action, |call| call.action.to_string());
    Some(Named { product, action, region, params, page })
}

/// Product, action and the rest of a name. The action is the first word that is one: of the product before it, of the
/// product that the folder names, or of the only product that has it.
fn split_call<'n>(folder: &str, stem: &'n str) -> Option<(String, String, &'n str)> {
    let mut start = 0_usize;
    for word in stem.split(['-', '_', '.']) {
        let end = start.saturating_add(word.len());
        let before = stem.get(..start.saturating_sub(1)).unwrap_or_default();
        let rest = stem.get(end.saturating_add(1)..).unwrap_or_default();
        start = end.saturating_add(1);
        if !is_action(word) {
            continue;
        }
        if !before.is_empty() {
            let product = calls::product(before);
            return Some((product, word.to_owned(), rest));
        }
        let above = folder.rsplit('/').map(calls::product).find(|name| calls::find(name, word).is_some());
        let product = above.or_else(|| {
            let mut with: Vec<&str> = calls::all()
                .iter()
                .filter(|call| call.action.eq_ignore_ascii_case(word))
                .map(|call| call.product.as_str())
                .collect();
            with.dedup();
            if let [only] = with.as_slice() { Some((*only).to_owned()) } else { None }
        })?;
        return Some((product, word.to_owned(), rest));
    }
    None
}

/// Whether a word has the shape of a read operation: `DescribeInstances`, `GetBucketAcl`.
fn is_action(word: &str) -> bool {
    const VERBS: [&str; 10] =
        ["Describe", "List", "Get", "Query", "Search", "Lookup", "Check", "Generate", "Find", "Count"];
    let shaped = VERBS.iter().any(|verb| {
        word.strip_prefix(verb).and_then(|rest| rest.bytes().next()).is_some_and(|byte| byte.is_ascii_uppercase())
    });
    shaped && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn split_page(rest: &str) -> (&str, Option<u32>) {
    let (before, last) = match rest.rfind(['-', '_', '.']) {
        Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at.saturating_add(1)..).unwrap_or_default()),
        None => ("", rest),
    };
    let digits = last.strip_prefix("page").or_else(|| last.strip_prefix('p'));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(page) => (before, Some(page)),
        None => (rest, None),
    }
}

/// Whether a word has the shape of a region id that the table does not know (a new region).
fn looks_like_region(word: &str) -> bool {
    let mut parts = word.split('-');
    let area = parts.next().unwrap_or_default();
    matches!(area, "cn" | "ap" | "us" | "eu" | "me" | "na" | "sa" | "af" | "rus")
        && parts.next().is_some_and(|place| place.len() > 2 && place.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::type_complexity)]
    fn named(path: &str) -> (String, Option<String>, Vec<(String, String)>, Option<u32>) {
        let named = call_of(path).unwrap_or_else(|| panic!("{path}"));
        let params = named.params.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        (format!("{}:{}", named.product, named.action), named.region.map(|r| r.to_string()), params, named.page)
    }

    fn subject(value: &str) -> Vec<(String, String)> {
        vec![(String::new(), value.to_owned())]
    }

    #[test]
    fn a_name_tells_product_action_region_subject_and_page() {
        let hangzhou = Some("cn-hangzhou".to_owned());
        assert_eq!(
            named("ecs-DescribeInstances-cn-hangzhou.json"),
            ("ecs:DescribeInstances".into(), hangzhou.clone(), vec![], None)
        );
        assert_eq!(
            named("d/ecs-DescribeInstances-cn-hangzhou-p2.json"),
            ("ecs:DescribeInstances".into(), hangzhou.clone(), vec![], Some(2))
        );
        assert_eq!(
            named("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-bp1.json"),
            ("ecs:DescribeSecurityGroupAttribute".into(), hangzhou.clone(), subject("sg-bp1"), None)
        );
        assert_eq!(
            named("r-kvstore-DescribeSecurityIps-cn-hangzhou-r-bp1.json"),
            ("r-kvstore:DescribeSecurityIps".into(), hangzhou, subject("r-bp1"), None)
        );
    }

    #[test]
    fn a_bucket_may_be_named_like_a_region_or_a_page() {
        assert_eq!(named("oss-GetBucketAcl-cn-hangzhou-logs.json").2, subject("cn-hangzhou-logs"));
        assert_eq!(named("oss-GetBucketAcl-logs-p2.json"), ("oss:GetBucketAcl".into(), None, subject("logs-p2"), None));
    }

    #[test]
    fn folders_may_name_the_region_and_the_product() {
        let wanted = ("rds:DescribeDBInstances".to_owned(), Some("cn-beijing".to_owned()), vec![], None);
        assert_eq!(named("dump/cn-beijing/rds-DescribeDBInstances.json"), wanted);
        assert_eq!(named("dump/rds/DescribeDBInstances-cn-beijing.json"), wanted);
        assert_eq!(named("ims_GetAccountMFAInfo.json").0, "ims:GetAccountMFAInfo");
        assert_eq!(named("redis-DescribeInstances-cn-beijing.json").0, "r-kvstore:DescribeInstances");
    }

    #[test]
    fn several_parameters_are_written_with_their_names() {
        let (call, _, params, _) = named("ram-GetPolicy-PolicyName=a-b,PolicyType=Custom.json");
        assert_eq!(call, "ram:GetPolicy");
        assert_eq!(params, [("PolicyName".into(), "a-b".into()), ("PolicyType".into(), "Custom".into())]);
    }

    #[test]
    fn a_region_that_the_table_does_not_know_is_kept() {
        assert_eq!(named("ecs-DescribeInstances-cn-newcity.json").1, Some("cn-newcity".into()));
    }

    #[test]
    fn other_names_name_no_call() {
        for path in ["package.json", "README", "DescribeInstances.json", "main.tf", "list-of-things.json"] {
            assert_eq!(call_of(path), None, "{path}");
        }
    }
}
