//! ESA in Terraform. Source: terraform-provider-alicloud, `website/docs/r/esa_site`, `esa_record`, `esa_https_basic_configuration`.

use xiezhi_model::service::esa::{HttpsRule, Record, Site};

use crate::api::esa::{servers, source, tls_versions};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::lower;

/// The resource types of ESA.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_esa_site", kind: Some(Site::SCHEMA), read: site },
    Block { name: "alicloud_esa_record", kind: Some(Record::SCHEMA), read: record },
    Block { name: "alicloud_esa_https_basic_configuration", kind: Some(HttpsRule::SCHEMA), read: https_rule },
];

const HTTPS: &str = "terraform-provider-alicloud r/esa_https_basic_configuration";

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

/// A configuration without a rule is the site's global one.
fn https_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |rule: &mut HttpsRule| {
        let global = !f.has("rule") && !f.has("rule_enable") && !f.has("rule_name");
        rule.site = f.link("site_id");
        rule.global = f.known(global);
        rule.enabled = if global { f.known(true) } else { f.flag("rule_enable", &["on"], &["off"]) };
        rule.https = if f.has("https") { f.flag("https", &["on"], &["off"]) } else { documented(HTTPS).known(true) };
        rule.tls_versions = tls_versions(f, ["tls10", "tls11", "tls12", "tls13"]);
    });
}
