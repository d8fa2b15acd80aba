//! WAF in Terraform. Source: terraform-provider-alicloud, `website/docs/r/wafv3_*` and `waf_*`.

use xiezhi_model::service::waf::{Domain, Instance, Rule, Template};
use xiezhi_model::{Fact, Text};

use crate::api::waf::{optional, ranges_outside};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::values;

/// The resource types of WAF.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_wafv3_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_waf_instance", kind: Some(Instance::SCHEMA), read: instance_2 },
    Block { name: "alicloud_wafv3_domain", kind: Some(Domain::SCHEMA), read: domain },
    Block { name: "alicloud_waf_domain", kind: Some(Domain::SCHEMA), read: domain_2 },
    Block { name: "alicloud_wafv3_defense_template", kind: Some(Template::SCHEMA), read: template },
    Block { name: "alicloud_wafv3_defense_rule", kind: Some(Rule::SCHEMA), read: rule },
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.version = f.known(3);
        instance.active = if f.has("status") { f.int("status").map(|status| status == 1) } else { f.known(true) };
    });
}

fn instance_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.version = f.known(2);
        instance.edition = f.text("package_code");
        instance.active = if f.has("status") { f.int("status").map(|status| status == 1) } else { f.known(true) };
        instance.log_service = f.bool("waf_log");
    });
}

fn lower(fact: Fact<Text>) -> Fact<Text> {
    fact.map(|text| text.to_ascii_lowercase())
}

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domain"), |domain: &mut Domain| {
        domain.head.name = f.text("domain");
        domain.domain = f.text("domain");
        domain.http_ports = f.opt_texts("listen.http_ports");
        domain.https_ports = f.opt_texts("listen.https_ports");
        domain.tls_min = lower(f.opt_text("listen.tls_version"));
        domain.https_forced = f.bool("listen.focus_https");
        domain.origins = f.texts("redirect.backends");
        domain.marks = f.opt_records("redirect.request_headers", |header| header.text("key")).map(values);
    });
}

fn domain_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(if f.has("domain_name") { "domain_name" } else { "domain" });
    sink.put(f, name.clone(), |domain: &mut Domain| {
        domain.head.name = name.clone();
        domain.domain = name;
        domain.http_ports = f.opt_texts("http_port");
        domain.https_ports = f.opt_texts("https_port");
        domain.https_forced = f.flag("https_redirect", &["On"], &["Off"]);
        domain.origins = f.texts("source_ips");
    });
}

fn template(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = f.text("defense_template_id");
    sink.put(f, id, |template: &mut Template| {
        template.head.name = f.text("defense_template_name");
        template.scene = f.text("defense_scene");
        template.enabled = f.flag("status", &["1"], &["0"]);
        template.default = f.text("template_type").map(|kind| kind == "user_default");
    });
}

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let action = ["rule_action", "config.rule_action"].into_iter().find(|path| f.has(path)).unwrap_or("rule_action");
    sink.put(f, f.text("rule_id"), |rule: &mut Rule| {
        rule.head.name = f.text("rule_name");
        rule.scene = f.text("defense_scene");
        rule.enabled = f.flag("rule_status", &["1"], &["0"]);
        rule.action = f.text(action);
        rule.template = f.text("template_id");
        rule.outside = optional(f.known(ranges_outside(&f.each("config.conditions"), "op_value")));
    });
}
