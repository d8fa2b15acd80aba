//! Collection files of CloudSploit (`--collection`): service, call and region, with what each call answered or its error.
//!
//! Source: CloudSploit, `collectors/alibaba/collector.js`: a listing is kept without the members around it, the answer of
//! a detail call under the id that it was asked for, some of them without the member around them. A collection becomes a
//! bundle of its calls, each on the line on which it stood. A call that has neither an answer nor an error says nothing.
//! A collection made without paging (`--skip-paginate`, for debugging) holds first pages and does not say so.

use std::fmt::Write as _;

use crate::json::Raw;
use crate::{api, bundle, calls};

/// The services that a collection of Alibaba Cloud names, as it names them.
const SERVICES: &[&str] = &[
    "ack",
    "actiontrail",
    "alb",
    "apigateway",
    "ecs",
    "gbdb",
    "kms",
    "oss",
    "polardb",
    "ram",
    "rds",
    "redis",
    "slb",
    "sts",
    "tds",
    "vpc",
];

/// Services without regions: the region under which their calls stand says nothing.
const GLOBAL: &[&str] = &["oss", "ram", "sts"];

/// Detail calls of which only what stands under this member is kept.
const KEPT: &[(&str, &str, &str)] = &[
    ("kms", "DescribeKey", "KeyMetadata"),
    ("ram", "GetPasswordPolicy", "PasswordPolicy"),
    ("ram", "GetPolicy", "DefaultPolicyVersion"),
    ("ram", "GetUser", "User"),
    ("sts", "GetCallerIdentity", "AccountId"),
];

/// The bundle that a collection stands for; `None` when the text is none.
pub(crate) fn bundle(text: &str) -> Option<String> {
    // Looked at before the whole text is read: evidence may be large.
    let first = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix('"')?;
    let first = first.get(..first.find('"')?)?;
    if !SERVICES.contains(&first) {
        return None;
    }
    let services = Raw::whole(text).entries();
    if services.error.is_some() || !services.list.iter().all(|(name, _)| SERVICES.contains(&name.as_ref())) {
        return None;
    }
    let mut out = Out {
        text: format!(r#"{{"format":"{}","manifest":{{"tool":"CloudSploit"}}}}"#, bundle::FORMAT),
        line: 1,
        any: false,
    };
    for (service, calls) in &services.list {
        for (action, regions) in &calls.entries().list {
            for (region, came) in &regions.entries().list {
                let asked = Asked::of(service, action, region)?;
                if came.first() != Some(b'{') {
                    return None;
                }
                let entries = came.entries();
                if entries.list.is_empty() || entries.get("data").is_some() || entries.get("err").is_some() {
                    out.came(&asked, None, came);
                } else {
                    entries.list.iter().for_each(|(id, came)| out.came(&asked, Some(id), came));
                }
            }
        }
    }
    out.any.then_some(out.text)
}

/// One call in one region.
struct Asked<'a> {
    product: String,
    action: String,
    region: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn of(service: &str, action: &str, region: &'a str) -> Option<Self> {
        let product = match service {
            "gbdb" => "gpdb".to_owned(),
            "tds" => "sas".to_owned(),
            other => calls::product(other),
        };
        let mut letters = action.chars();
        let action: String = letters.next()?.to_uppercase().chain(letters).collect();
        let region = Some(region).filter(|_| !GLOBAL.contains(&service));
        Some(Self { product, action, region })
    }
}

struct Out {
    text: String,
    line: u32,
    any: bool,
}

impl Out {
    /// One call, and what came of it.
    fn came(&mut self, asked: &Asked<'_>, id: Option<&str>, came: &Raw<'_>) {
        let entries = came.entries();
        let said = |name: &str| entries.get(name).filter(|raw| raw.text.trim() != "null");
        let (how, at) = match (said("err"), said("data")) {
            (Some(err), _) => (failed(&err), err.line),
            (None, Some(data)) => match answer(asked, &data) {
                Some(answer) => (answer, data.line),
                None => return,
            },
            (None, None) => return,
        };
        self.any = true;
        while self.line < at {
            self.text.push('\n');
            self.line = self.line.saturating_add(1);
        }
        let text = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
        let _ = write!(self.text, r#"{{"product":"{}","action":{},"#, asked.product, text(&asked.action));
        if let Some(region) = asked.region {
            let _ = write!(self.text, r#""region":{},"#, text(region));
        }
        if let Some(id) = id {
            // Unnamed: the thing that was asked for.
            let name = if asked.product == "oss" { "BucketName" } else { "" };
            let _ = write!(self.text, r#""params":{{"{name}":{}}},"#, text(id));
        }
        let _ = write!(self.text, "{how}}}");
        let breaks = how.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
    }
}

/// An error as the service writes it, so that a refusal is told from a throttle; one without a code is an error all the
/// same.
fn failed(err: &Raw<'_>) -> String {
    let entries = err.entries();
    let code = ["code", "Code"].iter().find_map(|key| entries.plain(key)).unwrap_or_else(|| "error".into());
    format!(r#""answer":{{"Code":{},"Message":""}}"#, serde_json::Value::String(code.into_owned()))
}

/// The answer with the members around it that were taken off.
fn answer(asked: &Asked<'_>, data: &Raw<'_>) -> Option<String> {
    let call = api::calls(&asked.product, &asked.action).next()?;
    let whole = data.text;
    let kept = KEPT.iter().find(|(product, action, _)| *product == call.product && *action == call.action);
    match (call.product, call.action) {
        ("oss", "ListBuckets") => return Some(around(call.list, &buckets(data))),
        ("oss", "GetBucketPolicy") => return Some(bucket_policy(data)),
        _ => {}
    }
    match (data.first(), kept) {
        (_, Some((_, _, member))) if data.first() != Some(b'{') || data.entries().get(member).is_none() => {
            Some(around(member, whole))
        }
        (Some(b'['), _) if call.list.is_empty() => None,
        (Some(b'['), _) => Some(around(call.list, whole)),
        (Some(b'{'), _) => Some(around("", whole)),
        _ => None,
    }
}

/// Puts back the members of a dotted path.
fn around(path: &str, value: &str) -> String {
    let path: Vec<&str> = path.split('.').filter(|key| !key.is_empty()).collect();
    let open: String = path.iter().map(|key| format!(r#"{{"{key}":"#)).collect();
    format!(r#""answer":{open}{value}{}"#, "}".repeat(path.len()))
}

/// Buckets as OSS names their members. Source: ali-oss `listBuckets`, which writes them in its own letters.
fn buckets(data: &Raw<'_>) -> String {
    let own = |raw: &Raw<'_>| {
        let members: Vec<String> = raw
            .entries()
            .list
            .iter()
            .map(|(name, value)| {
                let name = match name.as_ref() {
                    "name" => "Name",
                    "region" => "Location",
                    other => other,
                };
                format!("{}:{}", serde_json::Value::String(name.to_owned()), value.text)
            })
            .collect();
        format!("{{{}}}", members.join(","))
    };
    format!("[{}]", data.members().0.iter().map(own).collect::<Vec<_>>().join(","))
}

/// The policy of a bucket. Source: ali-oss `getBucketPolicy`: `policy` beside `status`, `null` with 404 when there is none.
fn bucket_policy(data: &Raw<'_>) -> String {
    let entries = data.entries();
    match entries.get("policy") {
        Some(none) if none.text.trim() == "null" && entries.plain("status").as_deref() == Some("404") => {
            r#""failed":{"code":"NoSuchBucketPolicy"}"#.to_owned()
        }
        Some(policy) => around("", policy.text),
        None => around("", data.text),
    }
}

#[cfg(test)]
mod tests {
    use xiezhi_model::service::oss::Bucket;
    use xiezhi_model::service::ram::User;
    use xiezhi_model::{Inventory, Reason};

    use super::*;
    use crate::{Input, Options, read};

    fn inventory(text: &str) -> Inventory {
        let bytes = text.as_bytes().to_vec();
        let reading = read(&[Input::Bytes { name: "collection.json".into(), bytes, live: false }], &Options::default());
        assert_eq!(reading.problems, []);
        Inventory::join(reading.batches)
    }

    const BUCKETS: &str = r#"{"oss": {"listBuckets": {"cn-hangzhou": {"data": [
        {"name": "a", "region": "oss-cn-beijing"}, {"name": "b", "region": "oss-cn-beijing"}, {"name": "c", "region": "oss-cn-beijing"}]}},
        "getBucketPolicy": {"cn-hangzhou": {
            "a": {"data": {"Version": "1", "Statement": []}},
            "b": {"data": {"policy": null, "status": 404}},
            "c": {"err": {"code": "AccessDenied", "message": "no"}}}}}}"#;

    #[test]
    fn a_collection_is_its_calls_and_an_error_stays_one() {
        let inventory = inventory(BUCKETS);
        let buckets = inventory.all::<Bucket>();
        assert_eq!(buckets.len(), 3);
        assert_eq!(inventory.gaps(<Bucket as xiezhi_model::Resource>::SCHEMA), []);
        let of = |name: &str| buckets.iter().find(|b| b.head.name.value().is_some_and(|n| n == name)).unwrap();
        assert_eq!(of("a").head.region.value().unwrap(), "cn-beijing");
        assert!(of("a").policy.value().unwrap().contains("Statement"));
        assert_eq!(of("a").policy.origin.line, 4);
        assert!(of("b").policy.is_absent(), "{:?}", of("b").policy);
        assert!(matches!(of("c").policy.reason(), Some(Reason::Refused(_))), "{:?}", of("c").policy);
    }

    #[test]
    fn members_that_were_taken_off_are_put_back() {
        let text = r#"{"ram": {"ListUsers": {"cn-hangzhou": {"data": [{"UserName": "u", "UserId": "1"}]}},
            "GetUserMFAInfo": {"cn-hangzhou": {"u": {"data": {"MFADevice": {"SerialNumber": "acs:ram::1:mfa/u"}}}}}}}"#;
        let inventory = inventory(text);
        let users = inventory.all::<User>();
        assert_eq!(users.len(), 1);
        assert_eq!(users[0].mfa_device.value(), Some(&true), "{:?}", users[0].mfa_device);
    }

    #[test]
    fn a_failed_listing_is_a_gap() {
        let inventory =
            inventory(r#"{"oss": {"listBuckets": {"cn-hangzhou": {"data": [], "err": {"message": "unable"}}}}}"#);
        assert_eq!(inventory.all::<Bucket>().len(), 0);
        assert_eq!(inventory.gaps(<Bucket as xiezhi_model::Resource>::SCHEMA).len(), 1);
    }

    #[test]
    fn what_is_no_collection_stays_what_it_is() {
        assert_eq!(bundle(r#"{"Buckets": {"Bucket": []}}"#), None);
        assert_eq!(bundle(r#"{"ecs": "a text", "more": 1}"#), None);
        assert_eq!(bundle(r#"{"ecs": {"DescribeInstances": {"cn-hangzhou": {}}}}"#), None);
    }
}
