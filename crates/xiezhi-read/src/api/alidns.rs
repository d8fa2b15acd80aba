//! DNS answers.

use xiezhi_model::service::alidns::{Domain, Record};
use xiezhi_model::{Fact, Link, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of DNS.
pub const CALLS: &[Call] = &[
    Call::listing("alidns", "DescribeDomains", "Domains.Domain", Domain::SCHEMA, domain),
    Call::listing("alidns", "DescribeDomainRecords", "DomainRecords.Record", Record::SCHEMA, record),
];

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DomainName"), |domain: &mut Domain| {
        domain.head.name = f.text("DomainName");
        domain.domain = f.text("DomainName");
    });
}

fn record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let zone = if f.has("DomainName") { f.text("DomainName") } else { sink.param("DomainName") };
    sink.put(f, f.text("RecordId"), |record: &mut Record| {
        record.head.name = name(&f.text("RR"), &zone);
        record.zone = zone.map(Link::id);
        record.host = f.text("RR");
        record.record_type = f.text("Type").map(|kind| kind.to_ascii_uppercase());
        record.value = f.text("Value");
        record.enabled = f.flag("Status", &["ENABLE"], &["DISABLE"]);
    });
}

/// The full name of a record: the host part and the domain.
pub(crate) fn name(host: &Fact<Text>, zone: &Fact<Text>) -> Fact<Text> {
    let origin = host.origin.clone();
    match (host.value(), zone.value()) {
        (Some(host), Some(zone)) if host == "@" => Fact::known(zone.clone(), origin),
        (Some(host), Some(zone)) => Fact::known(format!("{host}.{zone}").into(), origin),
        _ => Fact::unknown(Reason::NotInEvidence, origin),
    }
}
