//! Container Registry in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cr_*`.

use xiezhi_model::service::cr::{Instance, Repository};
use xiezhi_model::{Fact, Reason, State, Text};

use crate::api::cr::none;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Container Registry.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_cr_ee_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_cr_endpoint_acl_policy", kind: None, read: acl_entry },
    Block { name: "alicloud_cr_scan_rule", kind: None, read: scan_rule },
    Block { name: "alicloud_cr_ee_repo", kind: Some(Repository::SCHEMA), read: repository },
    Block { name: "alicloud_cr_repo", kind: Some(Repository::SCHEMA), read: repository_personal },
];

const INSTANCE: &str = "terraform-provider-alicloud r/cr_ee_instance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("instance_name");
        instance.edition = f.text("instance_type").map(|edition| edition.to_ascii_lowercase());
        instance.scanner = f.text("image_scanner").map(|scanner| scanner.to_ascii_lowercase());
        instance.scan_rules = documented(INSTANCE).known(none());
        // Entries are resources of their own; the list begins with what the service puts in it, `127.0.0.1/32`.
        instance.internet_acl_entries = documented(INSTANCE).known(none());
        instance.bucket = f.link("custom_oss_bucket");
    });
}

fn one(fact: Fact<Text>) -> (Vec<Text>, Option<Reason>) {
    match fact.state {
        State::Known(text) => (vec![text], None),
        State::Absent => (vec![], None),
        State::Unknown(reason) => (vec![], Some(reason)),
    }
}

fn acl_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one(f.text("entry"));
    sink.append(&f.link("instance_id"), |instance: &mut Instance| &mut instance.internet_acl_entries, items, more);
    // An entry can only be added to an endpoint whose list is on.
    sink.on(&f.link("instance_id"), |instance: &mut Instance| {
        instance.internet_endpoint = f.known(true);
        instance.internet_acl = f.known(true);
    });
}

fn scan_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one(f.text("rule_name"));
    sink.append(&f.link("instance_id"), |instance: &mut Instance| &mut instance.scan_rules, items, more);
}

fn repository(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("repo_id"), |repository: &mut Repository| {
        repository.head.name = f.text("name");
        repository.instance = f.link("instance_id");
        repository.namespace = f.text("namespace");
        repository.public = f.flag("repo_type", &["PUBLIC"], &["PRIVATE"]);
        repository.tag_immutable = f.bool_or("tag_immutability", false, "terraform-provider-alicloud r/cr_ee_repo");
    });
}

fn repository_personal(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |repository: &mut Repository| {
        repository.head.name = f.text("name");
        repository.instance = f.absent();
        repository.namespace = f.text("namespace");
        repository.public = f.flag("repo_type", &["PUBLIC"], &["PRIVATE"]);
    });
}
