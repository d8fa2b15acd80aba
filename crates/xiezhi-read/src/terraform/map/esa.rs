//! ESA in Terraform. Source: terraform-provider-alicloud, `website/docs/r/esa_site`, `esa_record`.

use xiezhi_model::service::esa::{Record, Site};

use crate::api::esa::{servers, source};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::lower;

/// The resource types of ESA.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_esa_site", kind: Some(Site::SCHEMA), read: site },
    Block { name: "alicloud_esa_record", kind: Some(Record::SCHEMA), read: record },
];

fn site(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |site: &mut Site| {
        site.head.name = f.text("site_name");
        site.domain = f.text("site_name");
        site.access = lower(f.text("access_type"));
    });
}

fn record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |record: &mut Record| {
        record.head.name = f.text("record_name");
        record.site = f.link("site_id");
        record.name = f.text("record_name");
        record.proxied = f.bool("proxied");
        record.source = source(f.text("record_type"), f.opt_text("source_type"));
        record.origins = servers(&record.source, f.text("data.value"));
    });
}
