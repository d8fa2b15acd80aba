//! DNS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/alidns_*` and `dns*`.

use xiezhi_model::service::alidns::{Domain, Record};

use crate::api::alidns::name;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::target;

/// The resource types of DNS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_alidns_domain", kind: Some(Domain::SCHEMA), read: domain },
    Block { name: "alicloud_alidns_record", kind: Some(Record::SCHEMA), read: record },
    Block { name: "alicloud_dns_record", kind: Some(Record::SCHEMA), read: older_record },
];

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domain_name"), |domain: &mut Domain| {
        domain.head.name = f.text("domain_name");
        domain.domain = f.text("domain_name");
    });
}

fn fill(f: &Fields<'_>, record: &mut Record, zone: &str, host: &str) {
    record.head.name = name(&f.text(host), &f.text(zone));
    record.zone = f.link(zone);
    record.host = f.text(host);
    record.record_type = f.text("type").map(|kind| kind.to_ascii_uppercase());
    // An address or proxy of the configuration by its reference.
    record.value = target(f.link::<Record>("value"));
}

fn record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |record: &mut Record| {
        fill(f, record, "domain_name", "rr");
        record.enabled =
            f.flag_or("status", &["ENABLE"], &["DISABLE"], true, "terraform-provider-alicloud r/alidns_record");
    });
}

fn older_record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |record: &mut Record| {
        fill(f, record, "name", "host_record");
        record.enabled = f.known(true);
    });
}
