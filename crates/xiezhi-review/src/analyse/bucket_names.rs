//! Names of buckets that CDN, DCDN and DNS lead to and that the account does not have: whoever makes a bucket of that name
//! answers in its place. A name that is not in the account's own list may be of another account: the fact says that it
//! is not here, and no more. Source: OSS, "Bucket naming" (names are unique across all accounts and free again after a
//! deletion); OSS, "Regions and endpoints".

use std::collections::BTreeSet;

use xiezhi_model::service::alidns::Record;
use xiezhi_model::service::cdn::{Domain, DynamicDomain, OriginServer};
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Fact, Head, Inventory, List, Reason, State, Text};

use super::evidence::Listed;
use super::{Analysis, derived, in_words};

/// See the module.
pub(super) struct BucketNames;

const NAME: &str = "bucket names";

impl Analysis for BucketNames {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let there = There::of(inventory);
        let cdn: Vec<_> =
            inventory.all::<Domain>().iter().map(|one| origins(&there, &one.head, &one.sources)).collect();
        let dcdn: Vec<_> =
            inventory.all::<DynamicDomain>().iter().map(|one| origins(&there, &one.head, &one.sources)).collect();
        let records: Vec<_> = inventory.all::<Record>().iter().map(|one| record(&there, one)).collect();
        inventory.all_mut::<Domain>().iter_mut().zip(cdn).for_each(|(one, found)| one.missing_buckets = found);
        inventory.all_mut::<DynamicDomain>().iter_mut().zip(dcdn).for_each(|(one, found)| one.missing_buckets = found);
        inventory.all_mut::<Record>().iter_mut().zip(records).for_each(|(one, found)| one.missing_bucket = found);
    }
}

/// The bucket that a name is an endpoint of: `<bucket>.oss-<region>.aliyuncs.com`.
pub(super) fn bucket_of(name: &str) -> Option<&str> {
    let (bucket, rest) = name.split_once('.')?;
    let rest = rest.trim_end_matches('.').to_ascii_lowercase();
    (!bucket.is_empty() && rest.starts_with("oss-") && rest.ends_with(".aliyuncs.com")).then_some(bucket)
}

/// The buckets that are in evidence.
struct There {
    names: BTreeSet<Text>,
    /// Why some of them have names that nobody can tell.
    nameless: Option<Reason>,
    listed: Listed,
}

impl There {
    fn of(inventory: &Inventory) -> Self {
        let buckets = inventory.all::<Bucket>();
        Self {
            names: buckets.iter().filter_map(|bucket| bucket.head.id.value().cloned()).collect(),
            nameless: buckets.iter().find_map(|bucket| bucket.head.id.reason().cloned()),
            listed: Listed::of::<Bucket>(inventory),
        }
    }

    /// Whether a bucket is none of the account's.
    fn lacks(&self, around: &Head, bucket: &str) -> Result<bool, Reason> {
        if self.names.contains(bucket) {
            return Ok(false);
        }
        self.listed.account(around)?;
        self.nameless.clone().map_or(Ok(true), Err)
    }
}

fn origins(there: &There, head: &Head, sources: &Fact<List<OriginServer>>) -> Fact<List<Text>> {
    let label = sources.origin.label.weakest(there.listed.label);
    let list = match &sources.state {
        State::Known(list) => list,
        State::Absent => return Fact::known(List::complete(vec![]), derived(NAME, "", label)),
        State::Unknown(reason) => return Fact::unknown(reason.clone(), derived(NAME, "", label)),
    };
    let mut missing = List { items: vec![], more: list.more.clone() };
    for source in &list.items {
        match &source.content.state {
            State::Known(content) => {
                let Some(bucket) = bucket_of(content) else { continue };
                match there.lacks(head, bucket) {
                    Ok(true) => missing.items.push(bucket.into()),
                    Ok(false) => {}
                    Err(reason) => missing.more = missing.more.or(Some(reason)),
                }
            }
            State::Absent => {}
            State::Unknown(reason) => missing.more = missing.more.or_else(|| Some(reason.clone())),
        }
    }
    missing.items.sort();
    missing.items.dedup();
    Fact::known(missing, derived(NAME, proof(), label))
}

fn record(there: &There, record: &Record) -> Fact<Text> {
    let label = record.value.origin.label.weakest(there.listed.label);
    let absent =
        || Fact::absent(derived(NAME, in_words("it leads to no missing bucket", "未指向缺失的存储空间"), label));
    let unknown = |reason: &Reason| Fact::unknown(reason.clone(), derived(NAME, "", label));
    match (&record.record_type.state, &record.enabled.state) {
        (State::Known(kind), _) if kind != "CNAME" => return absent(),
        (_, State::Known(false)) => return absent(),
        (State::Unknown(reason), _) => return unknown(reason),
        _ => {}
    }
    match &record.value.state {
        State::Known(value) => match bucket_of(value).map(|bucket| (bucket, there.lacks(&record.head, bucket))) {
            Some((bucket, Ok(true))) => match record.enabled.reason() {
                Some(reason) => unknown(reason),
                None => Fact::known(bucket.into(), derived(NAME, proof(), label)),
            },
            Some((_, Err(reason))) => unknown(&reason),
            Some((_, Ok(false))) | None => absent(),
        },
        State::Absent => absent(),
        State::Unknown(reason) => unknown(reason),
    }
}

fn proof() -> super::Proof {
    in_words(
        "the list of the account's buckets is whole and has none of that name",
        "账号的存储空间列表完整，其中没有该名称",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::tests::{estate, listed, one, shown, terraform};

    const CALLER: (&str, &str) = (
        "sts-GetCallerIdentity.json",
        r#"{"AccountId":"1000000000000001","IdentityType":"RAMUser","Arn":"acs:ram::1000000000000001:user/r","UserId":"2"}"#,
    );
    const BUCKETS: (&str, &str) = (
        "oss-ListBuckets.json",
        r#"{"IsTruncated":false,"Buckets":{"Bucket":[{"Name":"shop","Location":"oss-cn-hangzhou"}]}}"#,
    );
    const RECORDS: (&str, &str) = (
        "alidns-DescribeDomainRecords-shop.example.json",
        r#"{"TotalCount":4,"PageNumber":1,"PageSize":20,"DomainRecords":{"Record":[
        {"RecordId":"here","DomainName":"shop.example","RR":"a","Type":"CNAME","Value":"shop.oss-cn-hangzhou.aliyuncs.com","Status":"ENABLE"},
        {"RecordId":"gone","DomainName":"shop.example","RR":"b","Type":"CNAME","Value":"old-shop.oss-cn-hangzhou.aliyuncs.com","Status":"ENABLE"},
        {"RecordId":"off","DomainName":"shop.example","RR":"c","Type":"CNAME","Value":"old-shop.oss-cn-hangzhou.aliyuncs.com","Status":"DISABLE"},
        {"RecordId":"else","DomainName":"shop.example","RR":"d","Type":"CNAME","Value":"shop.example.net","Status":"ENABLE"}]}}"#,
    );
    const CDN: (&str, &str) = (
        "cdn-DescribeCdnDomainDetail-img.shop.example.json",
        r#"{"GetDomainDetailModel":{"DomainName":"img.shop.example","DomainStatus":"online","SourceModels":{"SourceModel":[
        {"Type":"oss","Content":"shop.oss-cn-hangzhou.aliyuncs.com"},{"Type":"oss","Content":"old-shop.oss-cn-hangzhou.aliyuncs.com"},{"Type":"ipaddr","Content":"203.0.113.9"}]}}}"#,
    );

    fn of_record(inventory: &Inventory, id: &str) -> String {
        shown(&one::<Record>(inventory, id).missing_bucket)
    }

    #[test]
    fn a_name_that_leads_to_a_bucket_which_the_account_does_not_have_is_found() {
        let inventory = estate(&[CALLER, BUCKETS, RECORDS, CDN]);
        for (id, expected) in [("here", "absent"), ("gone", "old-shop"), ("off", "absent"), ("else", "absent")] {
            assert_eq!(of_record(&inventory, id), expected, "{id}");
        }
        assert_eq!(listed(&inventory.all::<Domain>()[0].missing_buckets), "old-shop");
    }

    #[test]
    fn a_list_of_buckets_that_is_not_whole_proves_no_bucket_missing() {
        let refused = (
            BUCKETS.0,
            r#"{"Code":"AccessDenied","Message":"no","RequestId":"0A","HostId":"oss-cn-hangzhou.aliyuncs.com"}"#,
        );
        for buckets in [vec![], vec![refused]] {
            let files: Vec<(&str, &str)> = [CALLER, RECORDS, CDN].into_iter().chain(buckets).collect();
            let inventory = estate(&files);
            assert!(of_record(&inventory, "gone").starts_with("unknown"), "{}", of_record(&inventory, "gone"));
            assert!(listed(&inventory.all::<Domain>()[0].missing_buckets).starts_with(" + "));
            assert_eq!(of_record(&inventory, "else"), "absent");
        }
    }

    #[test]
    fn a_configuration_does_not_say_which_buckets_there_are_beside_its_own() {
        let inventory = terraform(
            "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"shop\"\n}\nresource \"alicloud_alidns_record\" \"r\" {\n  domain_name = \"shop.example\"\n  rr = \"b\"\n  type = \"CNAME\"\n  value = \"old-shop.oss-cn-hangzhou.aliyuncs.com\"\n}\n",
        );
        assert_eq!(of_record(&inventory, "alicloud_alidns_record.r"), "unknown: not-collected");
    }
}
