//! WAF answers, versions 3 and 2 (product code `waf-openapi` for both).

use xiezhi_model::service::waf::{Domain, Instance, ProtectedObject, Rule, Template};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::json::Raw;
use crate::sink::Sink;
use crate::time::millis;
use crate::words::values;

/// The calls of WAF.
pub const CALLS: &[Call] = &[
    Call::listing("waf-openapi", "DescribeInstance", "", Instance::SCHEMA, instance),
    Call::listing("waf-openapi", "DescribeInstanceInfo", "InstanceInfo", Instance::SCHEMA, instance_2),
    Call::answer("waf-openapi", "DescribePauseProtectionStatus", paused),
    Call::answer("waf-openapi", "DescribeUserWafLogStatus", user_log_status),
    Call::answer("waf-openapi", "DescribeSlsLogStoreStatus", logstore_status),
    Call::answer("waf-openapi", "DescribeSlsLogStore", logstore),
    Call::answer("waf-openapi", "DescribeWafSourceIpSegment", source_ranges),
    Call::listing("waf-openapi", "DescribeDefenseResources", "Resources", ProtectedObject::SCHEMA, defense_resource),
    Call::each("waf-openapi", "DescribeCloudResources", "CloudResources", cloud_resource),
    Call::each("waf-openapi", "DescribeCloudResourceList", "CloudResourceList", cloud_resource),
    Call::answer("waf-openapi", "DescribeCloudResourceAccessedPorts", accessed_ports),
    Call::each("waf-openapi", "DescribeResourceLogStatus", "Result", resource_log),
    Call::listing("waf-openapi", "DescribeDomains", "Domains", Domain::SCHEMA, domain),
    Call::answer("waf-openapi", "DescribeDomainDetail", domain_detail),
    Call::each("waf-openapi", "DescribeHybridCloudResources", "Domains", hybrid_domain),
    Call::answer("waf-openapi", "DescribeDomainDNSRecord", dns_record),
    Call::listing("waf-openapi", "DescribeDomainNames", "DomainNames", Domain::SCHEMA, domain_name),
    Call::listing("waf-openapi", "DescribeDefenseTemplates", "Templates", Template::SCHEMA, template),
    Call::answer("waf-openapi", "DescribeTemplateResources", template_resources),
    Call::listing("waf-openapi", "DescribeDefenseRules", "Rules", Rule::SCHEMA, rule),
];

/// WAF is run from two centres. Source: WAF, endpoints: `cn-hangzhou` for the mainland, `ap-southeast-1` for the rest.
fn center(f: &Fields<'_>, path: &str, sink: &Sink<'_>) -> Fact<Text> {
    let region = if f.has(path) { f.text(path) } else { sink.around.region.clone() };
    region.map(|region| if region.starts_with("cn-") { "mainland" } else { "international" }.into())
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    // Without an instance the answer has no id.
    if f.opt_text("InstanceId").is_absent() {
        return;
    }
    let center = center(f, "RegionId", sink);
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.version = f.known(3);
        instance.edition = f.text("Edition");
        // Source: waf-openapi DescribeInstance `Status`: 1 normal, 2 expired, 3 released.
        instance.active = f.flag("Status", &["1"], &["2", "3"]);
        instance.expires = millis(f, "EndTime");
        instance.center = center;
    });
}

fn instance_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    if f.opt_text("InstanceId").is_absent() {
        return;
    }
    let center = center(f, "Region", sink);
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.version = f.known(2);
        instance.edition = f.text("Version");
        // Source: waf-openapi 2019-09-10 DescribeInstanceInfo `Status`: 0 expired, 1 in service.
        instance.active = f.flag("Status", &["1"], &["0"]);
        instance.paused = f.absent();
        instance.center = center;
    });
}

fn instance_asked(sink: &Sink<'_>) -> Fact<Link<Instance>> {
    sink.param("InstanceId").map(Link::id)
}

fn paused(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&instance_asked(sink), |instance: &mut Instance| instance.paused = f.bool("PauseStatus"));
}

fn user_log_status(f: &Fields<'_>, sink: &mut Sink<'_>) {
    // Source: WAF, DescribeUserWafLogStatus `LogStatus`: initializing, initialize_failed, normal, releasing, released.
    let on = f.flag(
        "LogStatus",
        &["normal", "open", "initializing"],
        &["close", "initialize_failed", "releasing", "released"],
    );
    sink.on(&instance_asked(sink), |instance: &mut Instance| instance.log_service = on);
}

fn logstore_status(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&instance_asked(sink), |instance: &mut Instance| instance.log_service = f.bool("ExistStatus"));
}

fn logstore(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&instance_asked(sink), |instance: &mut Instance| instance.log_days = f.int("Ttl"));
}

fn source_ranges(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let mut ranges = f.texts("WafSourceIp.IPv4");
    let v6 = f.opt_texts("WafSourceIp.IPv6");
    if let (State::Known(all), Some(more)) = (&mut ranges.state, v6.value()) {
        all.items.extend(more.items.iter().cloned());
    }
    sink.on(&instance_asked(sink), |instance: &mut Instance| instance.source_ranges = ranges);
}

fn defense_resource(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Resource"), |object: &mut ProtectedObject| {
        object.head.name = f.text("Resource");
        object.name = f.text("Resource");
        object.group = f.opt_text("ResourceGroup");
        let product = f.text(if f.has("Product") { "Product" } else { "Detail.product" });
        object.product = product.map(|product| match product.as_str() {
            "waf" | "custom" => "cname".into(),
            _ => product.to_ascii_lowercase(),
        });
        object.domain = f.opt_text("Detail.domain");
        object.instance = first(f, &["Detail.resourceInstanceId", "Detail.instanceId", "Detail.resource"]);
        if let (Some(name), Some(product)) = (object.name.value(), object.product.value())
            && let Some((instance, port)) = named_so(name, product)
        {
            if object.instance.reason().is_some() {
                object.instance = f.known(instance);
            }
            object.ports = f.known(List::complete(vec![port]));
        }
        // Being listed is being protected; a switch exists only in version 2.
        object.protected = f.known(true);
    });
}

/// Instance and port out of the name that WAF gives the ports of a cloud product: `i-…-80-ecs`, `lb-…-80-clb7`. Source:
/// waf-openapi CreateCloudResource, the answer's `CloudResourceId`.
fn named_so(name: &Text, product: &Text) -> Option<(Text, Text)> {
    let (instance, port) = name.strip_suffix(product.as_str())?.strip_suffix('-')?.rsplit_once('-')?;
    let port = port.parse::<u16>().ok().filter(|number| *number > 0)?;
    (!instance.is_empty()).then(|| (instance.into(), port.to_string().into()))
}

/// The first path at which a text stands; none is unknown, since the shape of `Detail` differs by product.
fn first(f: &Fields<'_>, paths: &[&str]) -> Fact<Text> {
    paths.iter().find(|path| f.has(path)).map_or_else(|| f.unknown(Reason::NotInEvidence), |path| f.opt_text(path))
}

/// A connected instance, or one port of it: DescribeCloudResources counts ports (`HttpPortCount`) and names none,
/// DescribeCloudResourceList has an entry for each port, under the name of its protected object (`CloudResourceId`).
fn cloud_resource(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let instance = first(f, &["ResourceInstanceId", "ResourceInstance"]);
    let product = f.text("ResourceProduct").map(|product| product.to_ascii_lowercase());
    let port = first(f, &["Port", "ResourceInstancePort", "ResourcePort"]);
    let id = match (f.plain("CloudResourceId"), &instance.state, &product.state) {
        (Some(id), _, _) => f.known(Text::from(id)),
        (None, State::Known(instance), State::Known(product)) => {
            let port = port.value().map_or_else(String::new, |port| format!("-{port}"));
            f.known(Text::from(format!("{instance}{port}-{product}")))
        }
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, id, |object: &mut ProtectedObject| {
        object.head.name = f.text("ResourceName");
        // Only the list by ports says under which name templates know it.
        object.name = f.text("CloudResourceId");
        object.product = product;
        object.domain = f.opt_text("ResourceDomain");
        object.instance = instance;
        object.ports = port.map(|port| List::complete(vec![port]));
        object.protected = f.known(true);
    });
}

/// The redirected ports of an instance, for the objects of it that do not name their own.
fn accessed_ports(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(instance) = sink.param("ResourceInstanceId").value().cloned() else { return };
    let mut ports = f.texts("Http");
    if let (State::Known(all), State::Known(more)) = (&mut ports.state, f.texts("Https").state) {
        all.items.extend(more.items);
        all.more = all.more.take().or(more.more);
    } else if let State::Unknown(reason) = f.texts("Https").state {
        ports = f.unknown(reason);
    }
    sink.batch.later(move |batch| {
        batch.for_each::<ProtectedObject>(|object| {
            if object.instance.value() == Some(&instance) && object.ports.reason().is_some_and(Reason::is_silence) {
                object.ports = ports.clone();
            }
        });
    });
}

fn resource_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let object = f.text("Resource").map(Link::id);
    sink.on(&object, |object: &mut ProtectedObject| object.logged = f.bool("Status"));
}

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Domain"), |domain: &mut Domain| {
        domain.head.name = f.text("Domain");
        domain.domain = f.text("Domain");
        domain.hybrid = f.known(false);
        domain.cname = f.text("Cname");
        domain.http_ports = f.texts("ListenPorts.Http");
        domain.https_ports = f.texts("ListenPorts.Https");
        domain.origins = origins(f, &["Backeds.Http", "Backeds.Https"]);
    });
}

/// A domain that clusters of the customer's own serve; it has a name in WAF's DNS only as a fallback (`CnameEnabled`).
/// Source: waf-openapi DescribeHybridCloudResources.
fn hybrid_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Domain"), |domain: &mut Domain| {
        domain.head.name = f.text("Domain");
        domain.domain = f.text("Domain");
        domain.hybrid = f.known(true);
        domain.cname = f.opt_text("Cname");
        domain.http_ports = f.texts("Listen.HttpPorts");
        domain.https_ports = f.texts("Listen.HttpsPorts");
        domain.tls_min = f.opt_text("Listen.TLSVersion");
        domain.https_forced = f.bool("Listen.FocusHttps");
        domain.origins = origins(f, &["Redirect.Backends"]);
        domain.marks = f.opt_records("Redirect.RequestHeaders", |header| header.text("Key")).map(values);
    });
}

/// The backends of several lists together.
fn origins(f: &Fields<'_>, paths: &[&str]) -> Fact<List<Text>> {
    let mut all = List::complete(vec![]);
    let mut said = false;
    for path in paths.iter().filter(|path| f.has(path)) {
        said = true;
        for backend in f.each(path) {
            match backend.text(if backend.has("Backend") { "Backend" } else { "" }).state {
                State::Known(origin) if !all.items.contains(&origin) => all.items.push(origin),
                State::Known(_) | State::Absent => {}
                State::Unknown(reason) => all.more = Some(reason),
            }
        }
    }
    if said { f.known(all) } else { f.unknown(Reason::NotInEvidence) }
}

fn domain_detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Domain"), |domain: &mut Domain| {
        domain.head.name = f.text("Domain");
        domain.domain = f.text("Domain");
        domain.cname = f.text("Cname");
        domain.http_ports = f.texts("Listen.HttpPorts");
        domain.https_ports = f.texts("Listen.HttpsPorts");
        domain.tls_min = f.opt_text("Listen.TLSVersion");
        domain.https_forced = f.bool("Listen.FocusHttps");
        domain.origins = origins(f, &["Redirect.Backends", "Redirect.AllBackends", "Redirect.BackendList"]);
        domain.marks = f.opt_records("Redirect.RequestHeaders", |header| header.text("Key")).map(values);
    });
}

/// Source: waf-openapi DescribeDomainDNSRecord `DNSStatus`; `checkTimeout` says nothing.
fn dns_record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("Domain").map(Link::id);
    let matched = f.flag("DNSStatus", &["cnameMatched", "vipMatched", "wafVip"], &["unRecord", "unUsed"]);
    sink.on(&target, |domain: &mut Domain| domain.dns_matched = matched);
}

fn domain_name(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text(""), |domain: &mut Domain| {
        domain.head.name = f.text("");
        domain.domain = f.text("");
    });
}

fn template(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("waf-scenes", scenes);
    sink.put(f, f.text("TemplateId"), |template: &mut Template| {
        template.head.name = f.text("TemplateName");
        template.scene = f.text("DefenseScene");
        template.enabled = f.bool("TemplateStatus");
        template.default = is_default(f, "TemplateType");
    });
}

/// Source: waf-openapi DescribeDefenseTemplates `TemplateType`: `user_default`, `user_custom`.
pub(crate) fn is_default(f: &Fields<'_>, path: &str) -> Fact<bool> {
    f.flag(path, &["user_default"], &["user_custom"])
}

/// Which scenes have an enabled template: once every template is read.
fn scenes(batch: &mut xiezhi_model::Batch) {
    let mut all = List { items: vec![], more: batch.gap(Template::SCHEMA) };
    for template in batch.resources::<Template>() {
        match (&template.scene.state, &template.enabled.state) {
            (State::Known(scene), State::Known(true)) if !all.items.contains(scene) => all.items.push(scene.clone()),
            (State::Known(_), State::Known(_)) => {}
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => all.more = Some(reason.clone()),
            _ => {}
        }
    }
    all.items.sort();
    let origin = batch.resources::<Template>().first().map(|template| template.head.origin.clone());
    let Some(origin) = origin else { return };
    batch.for_each::<Instance>(|instance| instance.scenes.merge(Fact::known(all.clone(), origin.clone())));
}

fn template_resources(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let template = sink.param("TemplateId").map(Link::id);
    // Source: waf-openapi DescribeTemplateResources `ResourceType`: `single` (also when left out) or `group`.
    if sink.param("ResourceType").value().is_some_and(|kind| kind == "group") {
        sink.extend(&template, |template: &mut Template| &mut template.groups, f.texts("Resources"));
    } else {
        sink.extend(&template, |template: &mut Template| &mut template.objects, f.texts("Resources"));
    }
}

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("RuleId"), |rule: &mut Rule| {
        rule.head.name = f.text("RuleName");
        rule.scene = f.text("DefenseScene");
        rule.enabled = f.bool("Status");
        rule.action = action(f.text("Config"));
        rule.template = f.text("TemplateId");
        rule.outside = outside(f.text("Config"));
    });
}

/// The ranges outside which a rule acts on every request, out of its configuration: one condition `IP` `not-contain`.
/// Source: terraform-provider-alicloud r/wafv3_defense_rule, `conditions` (`key`, `op_value`, `values`).
fn outside(config: Fact<Text>) -> Fact<List<Text>> {
    let origin = config.origin.clone();
    let read = |config: Text| {
        let node = Raw::whole(&config).node().map_err(|error| error.reason())?;
        let fields = Fields::new(&node, &origin, "");
        Ok(ranges_outside(&fields.each("conditions"), "opValue"))
    };
    optional(config.try_map(read))
}

/// The ranges of a single condition that asks for sources outside them.
pub(crate) fn ranges_outside(conditions: &[Fields<'_>], operator: &str) -> Option<List<Text>> {
    let [only] = conditions else { return None };
    let is = |path: &str, word: &str| only.plain(path).is_some_and(|text| text.eq_ignore_ascii_case(word));
    let values = only.plain("values").filter(|_| is("key", "IP") && is(operator, "not-contain"))?;
    Some(List::complete(values.split(',').map(|range| Text::from(range.trim())).collect()))
}

/// A value that may be none as a fact that may be absent.
pub(crate) fn optional<T>(fact: Fact<Option<T>>) -> Fact<T> {
    match fact.state {
        State::Known(Some(value)) => Fact::known(value, fact.origin),
        State::Known(None) | State::Absent => Fact::absent(fact.origin),
        State::Unknown(reason) => Fact::unknown(reason, fact.origin),
    }
}

/// The action in a rule's configuration, which is JSON as text.
fn action(config: Fact<Text>) -> Fact<Text> {
    let origin = config.origin.clone();
    config.try_map(|config| {
        let node = Raw::whole(&config).node().map_err(|error| error.reason())?;
        let fields = Fields::new(&node, &origin, "");
        let path = ["action", "ruleAction", "rule_action"].into_iter().find(|path| fields.has(path));
        match path.map(|path| fields.text(path).state) {
            Some(State::Known(action)) => known_action(&action),
            Some(State::Unknown(reason)) => Err(reason),
            Some(State::Absent) | None => Err(Reason::not_understood("a rule configuration without an action")),
        }
    })
}

/// What a rule does, in the words of the API. Source: waf-openapi CreateDefenseRule, terraform-provider-alicloud
/// r/wafv3_defense_rule `rule_action`.
pub(crate) fn known_action(word: &str) -> Result<Text, Reason> {
    match word {
        "block" | "monitor" | "js" | "captcha" | "captcha_strict" | "filter" => Ok(word.into()),
        _ => Err(Reason::not_understood(format!("the rule action `{word}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn an_answer_without_an_instance_id_makes_no_instance() {
        let inventory = answers(&[("waf-openapi:DescribeInstance", "", r#"{"RequestId":"x"}"#)]);
        assert!(inventory.all::<Instance>().is_empty());
    }

    #[test]
    fn a_domain_has_the_origins_of_both_lists_once() {
        let inventory = answers(&[(
            "waf-openapi:DescribeDomains",
            "",
            r#"{"Domains":[{"Domain":"a.example","Cname":"a.yundunwaf.com","ListenPorts":{"Http":[80],"Https":[443]},
            "Backeds":{"Http":[{"Backend":"203.0.113.9"}],"Https":[{"Backend":"203.0.113.9"},{"Backend":"b"}]}}]}"#,
        )]);
        let domain: &Domain = only(&inventory);
        assert_eq!(domain.origins.value().map(|list| list.items.len()), Some(2));
        assert_eq!(domain.https_ports.value().map(|ports| ports.items[0].as_str()), Some("443"));
    }

    #[test]
    fn the_action_of_a_rule_is_read_out_of_its_configuration() {
        let inventory = answers(&[(
            "waf-openapi:DescribeDefenseRules",
            "",
            r#"{"Rules":[{"RuleId":1,"RuleName":"r","DefenseScene":"waf_group","Status":1,
            "Config":"{\"status\":1,\"policyId\":1012,\"action\":\"monitor\"}","TemplateId":2}]}"#,
        )]);
        let rule: &Rule = only(&inventory);
        assert_eq!((rule.action.value().map(Text::as_str), rule.enabled.value()), (Some("monitor"), Some(&true)));
    }
}
