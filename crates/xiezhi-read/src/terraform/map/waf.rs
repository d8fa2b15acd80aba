//! WAF in Terraform. Source: terraform-provider-alicloud, `website/docs/r/wafv3_*` and `waf_*`.

use xiezhi_model::service::eip::Eip;
use xiezhi_model::service::waf::{Domain, Instance, Rule, Template};
use xiezhi_model::{Fact, List, Reason, Text};

use crate::api::waf::{is_default, known_action, optional, ranges_outside};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{target, values};

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
        instance.active = if f.has("status") { f.flag("status", &["1"], &["2", "3"]) } else { f.known(true) };
        // What is made is not paused; only the console pauses it later.
        instance.paused = documented("waf-openapi DescribePauseProtectionStatus").known(false);
    });
}

fn instance_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.version = f.known(2);
        instance.edition = f.text("package_code");
        instance.active = if f.has("status") { f.flag("status", &["1"], &["0"]) } else { f.known(true) };
        instance.paused = f.absent();
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
        domain.origins = servers(f, "redirect.backends");
        domain.marks = f.opt_records("redirect.request_headers", |header| header.text("key")).map(values);
    });
}

fn domain_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(if f.has("domain_name") { "domain_name" } else { "domain" });
    sink.put(f, name.clone(), |domain: &mut Domain| {
        domain.head.name = name.clone();
        domain.domain = name;
        domain.cname = f.text("cname");
        domain.http_ports = f.opt_texts("http_port");
        domain.https_ports = f.opt_texts("https_port");
        domain.https_forced = f.flag("https_redirect", &["On"], &["Off"]);
        domain.origins = servers(f, "source_ips");
    });
}

fn template(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = f.text("defense_template_id");
    sink.put(f, id, |template: &mut Template| {
        template.head.name = f.text("defense_template_name");
        template.scene = f.text("defense_scene");
        template.enabled = f.flag("status", &["1"], &["0"]);
        template.default = is_default(f, "template_type");
        template.objects = f.opt_texts("resources");
        template.groups = f.opt_texts("resource_groups");
    });
}

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("rule_id"), |rule: &mut Rule| {
        rule.head.name = f.text("rule_name");
        rule.scene = f.text("defense_scene");
        rule.enabled = f.flag("rule_status", &["1"], &["0"]);
        rule.action = action(f);
        rule.template = match target(f.link::<Template>("template_id")) {
            none if none.is_absent() => f.unknown(Reason::NotInEvidence),
            template => template,
        };
        rule.outside = optional(f.known(ranges_outside(&f.each("config.conditions"), "op_value")));
    });
}

/// Servers by address or name; one that the configuration itself makes by its reference, `set#address`.
pub(crate) fn servers(f: &Fields<'_>, path: &str) -> Fact<List<Text>> {
    if !f.has(path) {
        return f.texts(path);
    }
    f.links::<Eip>(path)
        .map(|list| List { items: list.items.into_iter().map(|link| link.target).collect(), more: list.more })
}

/// What a rule does. The core protection (`waf_base`) has an action for each of its own rules, and one for all of them
/// where the batch operation sets it; where both stand, or single rules differ, it has no one action.
fn action(f: &Fields<'_>) -> Fact<Text> {
    let path = ["rule_action", "config.rule_action"].into_iter().find(|path| f.has(path));
    if !f.has("config.waf_base_config") {
        return f.text(path.unwrap_or("rule_action")).try_map(|word| known_action(&word));
    }
    let word = f.text("config.waf_base_config.rule_batch_operation_config");
    word.try_map(|word| match (word.as_str(), path) {
        ("all_block", None) => Ok("block".into()),
        ("all_monitor", None) => Ok("monitor".into()),
        _ => Err(Reason::not_understood(format!("what core protection does after `{word}`"))),
    })
}
