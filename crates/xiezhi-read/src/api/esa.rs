//! ESA answers. Source: ESA 2024-09-10, ListSites, ListRecords.

use xiezhi_model::service::esa::{Record, Site};
use xiezhi_model::{Fact, List, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::lower;

/// The calls of ESA.
pub const CALLS: &[Call] = &[
    Call::listing("esa", "ListSites", "Sites", Site::SCHEMA, site),
    Call::listing("esa", "ListRecords", "Records", Record::SCHEMA, record),
];

fn site(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SiteId"), |site: &mut Site| {
        site.head.name = f.text("SiteName");
        site.domain = f.text("SiteName");
        // Source: ESA, ListSites `Status`.
        site.active = f.flag("Status", &["active"], &["pending", "offline", "moved"]);
        site.access = lower(f.text("AccessType"));
    });
}

fn record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let site = if f.has("SiteId") { f.link("SiteId") } else { sink.param("SiteId").map(xiezhi_model::Link::id) };
    sink.put(f, f.text("RecordId"), |record: &mut Record| {
        record.head.name = f.text("RecordName");
        record.site = site;
        record.name = f.text("RecordName");
        record.proxied = f.bool("Proxied");
        record.source = source(f.text("RecordType"), f.opt_text("RecordSourceType"));
        record.origins = servers(&record.source, f.text("Data.Value"));
        record.cname = f.opt_text("RecordCname");
    });
}

/// What kind of origin a record has. Source: ESA CreateRecord `Type`, `SourceType`; a CNAME record without a source
/// type leads to a domain.
pub(crate) fn source(kind: Fact<Text>, source: Fact<Text>) -> Fact<Text> {
    kind.try_map(|kind| match kind.to_ascii_uppercase().as_str() {
        "A" | "AAAA" | "A/AAAA" => Ok("address".into()),
        "CNAME" => match (source.value().map(Text::as_str), source.reason()) {
            (_, Some(reason)) => Err(reason.clone()),
            (None | Some("" | "Domain"), None) => Ok("domain".into()),
            (Some("LB"), None) => Ok("load-balancer".into()),
            (Some("OP"), None) => Ok("pool".into()),
            (Some("OSS"), None) => Ok("oss".into()),
            (Some("S3"), None) => Ok("s3".into()),
            (Some(other), None) => Err(Reason::not_understood(format!("the origin type `{other}`"))),
        },
        _ => Ok("other".into()),
    })
}

/// The servers in a record's value: addresses with commas, or one name. The members of a load balancer or pool of ESA
/// stand elsewhere.
pub(crate) fn servers(source: &Fact<Text>, value: Fact<Text>) -> Fact<List<Text>> {
    match (source.value().map(Text::as_str), source.reason()) {
        (Some("address" | "domain"), _) => {
            value.map(|value| List::complete(value.split(',').map(|one| Text::from(one.trim())).collect()))
        }
        (Some("load-balancer" | "pool"), _) => Fact::unknown(Reason::NotCollected, value.origin),
        (None, Some(reason)) => Fact::unknown(reason.clone(), value.origin),
        _ => Fact::known(List::complete(vec![]), value.origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::answers;

    #[test]
    fn a_record_says_whether_it_is_proxied_and_what_stands_behind_it() {
        let inventory = answers(&[(
            "esa:ListRecords",
            "SiteId=1",
            r#"{"TotalCount":3,"Records":[
            {"RecordId":11,"RecordName":"www.shop.example","RecordType":"A/AAAA","Proxied":true,"SiteId":1,"Data":{"Value":"203.0.113.7,203.0.113.8"}},
            {"RecordId":12,"RecordName":"api.shop.example","RecordType":"CNAME","RecordSourceType":"OP","Proxied":true,"SiteId":1,"Data":{"Value":"pool.shop.example"}},
            {"RecordId":13,"RecordName":"shop.example","RecordType":"TXT","Proxied":false,"SiteId":1,"Data":{"Value":"v=spf1 -all"}}]}"#,
        )]);
        let records = inventory.all::<Record>();
        let servers = |index: usize| records[index].origins.value().map(|list| list.items.join(" "));
        assert_eq!(servers(0).as_deref(), Some("203.0.113.7 203.0.113.8"));
        assert_eq!(records[1].origins.reason(), Some(&Reason::NotCollected));
        assert_eq!((servers(2).as_deref(), records[2].proxied.value()), (Some(""), Some(&false)));
    }
}
