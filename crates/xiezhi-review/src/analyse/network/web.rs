//! What stands before web applications: WAF here, content delivery and Anti-DDoS, the names of the estate, and
//! applications without an address beside. Sources: network semantics §6.1 (how coverage is visible), EDGE-1 to EDGE-7.

use std::collections::BTreeMap;
use std::net::IpAddr;

use xiezhi_model::service::{alb, apigateway, cdn, ddos, ecs, eip, fc, mse, waf};
use xiezhi_model::{Fact, Head, Inventory, List, Reason, Resource, State, Text};
use xiezhi_net::model::{Guard, GuardKind, Id, Listing, Origin, RecordTo, RuleState, Seen, Web};

use super::super::evidence::Listed;
use super::convert::{Converter, id_of};
use super::web_names::{apps, bucket_named, covers, dns, names, relayed, thresholds};
use super::{web_chain, web_delivery};

/// Everything about web protection.
pub(super) fn web(converter: &mut Converter<'_>) -> Web {
    let mut guards = waf_domains(converter);
    let (objects, strange) = waf_objects(converter);
    guards.extend(objects);
    guards.extend(waf_editions(converter));
    guards.extend(web_delivery::guards(converter));
    web_chain::lock(converter, &mut guards);
    let mut missing = listing_gaps::<waf::Instance>(converter);
    missing.extend(strange);
    if uses_waf(converter) {
        missing.extend(listing_gaps::<waf::Domain>(converter));
        missing.extend(listing_gaps::<waf::ProtectedObject>(converter));
    }
    let names = names(converter);
    Web {
        guards: Listing { items: guards, missing },
        names,
        ddos: covers(converter),
        relayed: relayed(converter),
        thresholds: thresholds(converter),
        apps: apps(converter),
    }
}

pub(super) fn listing_gaps<R: Resource>(converter: &mut Converter<'_>) -> Vec<std::sync::Arc<str>> {
    let gaps = converter.inventory.gaps(R::SCHEMA);
    gaps.iter()
        .map(|gap| {
            let place: Vec<&str> = [gap.of.as_deref(), gap.region.as_deref()].into_iter().flatten().collect();
            let place = if place.is_empty() { String::new() } else { format!(" {}", place.join(" ")) };
            converter.gap(format!("the list of {}{place}", R::SCHEMA.kind), &gap.reason)
        })
        .collect()
}

/// Whether there may be anything in WAF: without an instance in service nothing is protected.
fn uses_waf(converter: &Converter<'_>) -> bool {
    !converter.inventory.all::<waf::Instance>().is_empty()
        || !converter.inventory.gaps(waf::Instance::SCHEMA).is_empty()
}

/// A name for comparing.
pub(super) fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// A text of an origin or record: an address, else a name.
pub(super) fn to(text: &str) -> RecordTo {
    match text.parse::<IpAddr>() {
        Ok(address) => RecordTo::Address(address),
        Err(_) => RecordTo::Name(text.trim_end_matches('.').to_ascii_lowercase()),
    }
}

/// The address of what a configuration makes, `set#address`: an EIP or a load balancer. One that the provider assigns
/// later stands for itself.
fn made_address(converter: &mut Converter<'_>, text: &Text) -> Option<IpAddr> {
    let inventory = converter.inventory;
    if let Some(eip) = inventory.follow_as::<eip::Eip>(None, text) {
        return Some(super::eips::address_of_eip(converter, eip));
    }
    super::balancers::address_of(converter, text)
}

/// Where a text of an origin or record leads that a configuration gives as a reference; a proxy that it makes keeps the
/// reference as its name, since nobody knows the one that the provider will give it. `None` for what is no address.
pub(super) fn made(converter: &mut Converter<'_>, text: &Text) -> Option<RecordTo> {
    let is_proxy = is_proxy(converter.inventory, text);
    made_address(converter, text)
        .map(RecordTo::Address)
        .or_else(|| is_proxy.then(|| RecordTo::Name(text.as_str().to_owned())))
}

/// Whether a reference names a proxy of the configuration.
pub(super) fn is_proxy(inventory: &Inventory, text: &str) -> bool {
    inventory.follow_as::<waf::Domain>(None, text).is_some()
        || inventory.follow_as::<ddos::Domain>(None, text).is_some()
        || inventory.follow_as::<cdn::Domain>(None, text).is_some()
        || inventory.follow_as::<cdn::DynamicDomain>(None, text).is_some()
}

/// The name under which a configuration refers to what it makes.
pub(super) fn reference(head: &Head) -> String {
    format!("{}#{}", head.set, head.address)
}

/// Where texts lead that may be references.
pub(super) struct Made(BTreeMap<Text, Option<RecordTo>>);

impl Made {
    /// Looks up the references among some texts.
    pub(super) fn of<'t>(converter: &mut Converter<'_>, texts: impl Iterator<Item = &'t Text>) -> Self {
        Self(texts.filter(|text| text.contains('#')).map(|text| (text.clone(), made(converter, text))).collect())
    }

    /// Where one leads.
    pub(super) fn to(&self, text: &Text) -> Result<RecordTo, Reason> {
        match self.0.get(text) {
            Some(Some(found)) => Ok(found.clone()),
            Some(None) => Err(Reason::unresolved(text.as_str())),
            None => Ok(to(text)),
        }
    }
}

pub(super) fn origins(
    converter: &mut Converter<'_>,
    of: &Id,
    fact: &Fact<List<Text>>,
    ports: &[u16],
) -> Seen<Vec<Origin>> {
    let made = Made::of(converter, fact.value().into_iter().flat_map(|list| &list.items));
    converter.seen(of, "origins", fact, |list| match &list.more {
        Some(reason) => Err(reason.clone()),
        None => list.items.iter().map(|text| Ok(Origin { to: made.to(text)?, ports: ports.to_vec() })).collect(),
    })
}

/// The bucket of the estate among origins: it is no server of the network.
pub(super) fn take_bucket(converter: &Converter<'_>, origins: &mut Seen<Vec<Origin>>) -> Option<Id> {
    let Seen::Known(origins) = origins else { return None };
    let of = |origin: &Origin| match &origin.to {
        RecordTo::Name(name) => bucket_named(converter.inventory, name),
        RecordTo::Address(_) => None,
    };
    let bucket = origins.iter().find_map(of)?;
    origins.retain(|origin| of(origin).is_none());
    Some(bucket)
}

fn ports_of(facts: &[&Fact<List<Text>>]) -> Result<Vec<u16>, Reason> {
    let mut ports = Vec::new();
    for fact in facts {
        match &fact.state {
            State::Known(list) => {
                if let Some(reason) = &list.more {
                    return Err(reason.clone());
                }
                for text in &list.items {
                    ports.push(text.parse().map_err(|_| Reason::not_understood(format!("the port `{text}`")))?);
                }
            }
            State::Absent => {}
            State::Unknown(reason) => return Err(reason.clone()),
        }
    }
    ports.sort_unstable();
    ports.dedup();
    Ok(ports)
}

/// The ports on which a proxy talks to origins: those it listens on, and 80, to which it may fall back
/// (waf-openapi CreateDomain `FocusHttpBackend`); 443 and 80 when they are not in evidence.
fn origin_ports(listened: &Result<Vec<u16>, Reason>) -> Vec<u16> {
    let mut ports = listened.clone().unwrap_or_else(|_| vec![443]);
    ports.push(80);
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// Whether WAF is in service and not paused: every instance of the evidence, since an object does not name its own.
fn in_service(converter: &mut Converter<'_>, of: &Id) -> Seen<bool> {
    let mut all = Vec::new();
    let mut doubt = None;
    for instance in converter.inventory.all::<waf::Instance>() {
        match (&instance.active.state, &instance.paused.state) {
            (State::Known(false), _) | (_, State::Known(true)) => all.push(false),
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => doubt = Some(reason.clone()),
            (State::Known(true), State::Known(false) | State::Absent) => all.push(true),
            (State::Absent, _) => {}
        }
    }
    let doubt = match (all.iter().any(|on| *on), all.iter().any(|on| !*on), doubt) {
        (_, _, Some(reason)) => reason,
        (true, false, None) => return Seen::Known(true),
        (false, true, None) => return Seen::Known(false),
        (true, true, None) => Reason::not_understood("which of several WAF instances it is in"),
        (false, false, None) => Reason::NotCollected,
    };
    Seen::Missing(converter.gap(format!("state of WAF for {of}"), &doubt))
}

/// The ranges from which WAF talks to origins: of the one instance in service (DescribeWafSourceIpSegment).
fn egress(converter: &mut Converter<'_>, of: &Id) -> Seen<Vec<ipnet::IpNet>> {
    let all = converter.inventory.all::<waf::Instance>();
    let seen = match all {
        [instance] => converter.seen(of, "source ranges of WAF", &instance.source_ranges, |list| {
            super::convert::each(list, xiezhi_net::model::net)
        }),
        _ => Seen::Absent,
    };
    match seen {
        Seen::Known(ranges) if !ranges.is_empty() => Seen::Known(ranges),
        Seen::Missing(what) => Seen::Missing(what),
        Seen::Known(_) | Seen::Absent => {
            Seen::Missing(converter.gap(format!("source ranges of WAF of {of}"), &Reason::NotCollected))
        }
    }
}

/// Under which names the templates of WAF may know something.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    name: Option<&'a Text>,
    group: Option<&'a Fact<Text>>,
}

impl<'a> Known<'a> {
    /// By the name of its protected object, and the group that this one is in.
    pub(super) fn of(object: Option<&'a waf::ProtectedObject>, name: Option<&'a Text>) -> Self {
        Self { name: object.and_then(|object| object.name.value()).or(name), group: object.map(|object| &object.group) }
    }
}

/// Whether rules of the basic protection act on an object (EDGE-1): through a template that names it or its group, else
/// through the default one. Templates that a configuration does not declare still exist in the product.
fn rules(converter: &mut Converter<'_>, of: &Id, head: &Head, object: Known<'_>) -> Seen<RuleState> {
    match rule_state(converter, head, object) {
        Ok(state) => Seen::Known(state),
        Err(reason) => Seen::Missing(converter.gap(format!("rules of {of}"), &reason)),
    }
}

fn rule_state(converter: &Converter<'_>, head: &Head, object: Known<'_>) -> Result<RuleState, Reason> {
    let basic = |scene: &str| matches!(scene, "waf_base" | "waf_group");
    let templates = templates(converter, head, object, basic)?;
    if templates.is_empty() {
        return Ok(RuleState::None);
    }
    let mut state = RuleState::None;
    let mut unread = Listed::of::<waf::Rule>(converter.inventory).gap(head).cloned();
    for rule in converter.inventory.all::<waf::Rule>() {
        match in_template(converter, rule, &templates) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(reason) => {
                unread = Some(reason);
                continue;
            }
        }
        match (&rule.enabled.state, rule.action.value().map(Text::as_str)) {
            (State::Known(false) | State::Absent, _) => {}
            (State::Known(true), Some("monitor")) => state = state.max(RuleState::Observing),
            (State::Known(true), Some("block" | "js" | "captcha" | "captcha_strict")) => state = RuleState::Enforcing,
            (State::Known(true), Some(other)) => {
                unread = Some(Reason::not_understood(format!("the rule action `{other}`")));
            }
            (State::Known(true), None) => unread = Some(rule.action.reason().cloned().unwrap_or(Reason::NotInEvidence)),
            (State::Unknown(reason), _) => unread = Some(reason.clone()),
        }
    }
    match unread {
        Some(reason) if state != RuleState::Enforcing => Err(reason),
        _ => Ok(state),
    }
}

/// The enabled templates of some scenes that apply to an object: those that name it or its group, else the default ones.
pub(super) fn templates<'a>(
    converter: &Converter<'a>,
    head: &Head,
    object: Known<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<&'a waf::Template>, Reason> {
    let inventory = converter.inventory;
    let (mut own, mut default, mut doubt) = (Vec::new(), Vec::new(), None);
    for template in inventory.all::<waf::Template>() {
        match (&template.scene.state, &template.enabled.state) {
            (State::Known(scene), _) if !wanted(scene) => continue,
            (State::Known(_), State::Known(true)) => {}
            (State::Known(_), State::Known(false)) => continue,
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => {
                doubt = Some(reason.clone());
                continue;
            }
            _ => continue,
        }
        match &template.default.state {
            State::Known(true) => {
                default.push(template);
                continue;
            }
            State::Known(false) | State::Absent => {}
            State::Unknown(reason) => {
                doubt = Some(reason.clone());
                continue;
            }
        }
        match (named(&template.objects, object.name.ok_or(Reason::NotInEvidence)), in_group(template, object)) {
            (Ok(true), _) | (_, Ok(true)) => own.push(template),
            (Ok(false), Ok(false)) => {}
            (Err(reason), _) | (_, Err(reason)) => doubt = doubt.or(Some(reason)),
        }
    }
    if let Some(reason) = doubt {
        return Err(reason);
    }
    let templates = if own.is_empty() { default } else { own };
    if templates.is_empty() {
        if let Some(reason) = Listed::of::<waf::Template>(inventory).gap(head) {
            return Err(reason.clone());
        }
        if !head.set.is_empty() {
            return Err(Reason::NotInEvidence);
        }
    }
    Ok(templates)
}

/// Whether a rule is one of some templates.
pub(super) fn in_template(
    converter: &Converter<'_>,
    rule: &waf::Rule,
    templates: &[&waf::Template],
) -> Result<bool, Reason> {
    match &rule.template.state {
        State::Known(name) => {
            let found = converter.inventory.follow_as::<waf::Template>(Some(&rule.head), name);
            Ok(found.is_some_and(|found| templates.iter().any(|template| template.head == found.head)))
        }
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// Whether a list holds a name; a name that nobody knows may stand in every list that holds any.
fn named(list: &Fact<List<Text>>, name: Result<&Text, Reason>) -> Result<bool, Reason> {
    match (&list.state, name) {
        (State::Known(list), Ok(name)) if list.items.contains(name) => Ok(true),
        (State::Known(list), _) if list.items.is_empty() && list.more.is_none() => Ok(false),
        (State::Known(List { more: Some(reason), .. }), _) | (State::Unknown(reason), _) => Err(reason.clone()),
        (State::Known(_), Ok(_)) | (State::Absent, _) => Ok(false),
        (State::Known(_), Err(reason)) => Err(reason),
    }
}

/// Whether a template applies to the group that an object is in.
fn in_group(template: &waf::Template, object: Known<'_>) -> Result<bool, Reason> {
    match object.group.map(|group| &group.state) {
        Some(State::Absent) => Ok(false),
        Some(State::Known(group)) => named(&template.groups, Ok(group)),
        Some(State::Unknown(reason)) => named(&template.groups, Err(reason.clone())),
        None => named(&template.groups, Err(Reason::NotInEvidence)),
    }
}

/// The id of a guard: one domain may be behind several products.
pub(super) fn guard_id<R: Resource>(head: &Head) -> Id {
    Id::from(format!("{} {}", R::SCHEMA.kind, id_of(head)))
}

/// A guard of which nothing else is known.
pub(super) fn plain(id: Id, kind: GuardKind) -> Guard {
    Guard {
        id,
        kind,
        domain: None,
        resource: None,
        ports: Seen::Absent,
        origins: Seen::Absent,
        egress: Seen::Absent,
        shared_egress: Seen::Absent,
        marks_requests: Seen::Absent,
        dns: Seen::Absent,
        running: Seen::Absent,
        rules: Seen::Absent,
        forwards_to: None,
        only_from_upstream: Seen::Absent,
    }
}

/// The protected object of a domain, and the name that templates know it by.
pub(super) fn object_of<'a>(
    converter: &Converter<'a>,
    domain: &waf::Domain,
) -> (Option<&'a waf::ProtectedObject>, Option<Text>) {
    let name = domain.domain.value();
    let objects = converter.inventory.all::<waf::ProtectedObject>();
    let object = objects.iter().find(|object| object.domain.value().is_some() && object.domain.value() == name);
    (object, name.map(|name| Text::from(format!("{name}-waf"))))
}

fn waf_domains(converter: &mut Converter<'_>) -> Vec<Guard> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for domain in inventory.all::<waf::Domain>() {
        let id = guard_id::<waf::Domain>(&domain.head);
        converter.rests(&id, &domain.origins);
        let listened = ports_of(&[&domain.http_ports, &domain.https_ports]);
        let name = domain.domain.value();
        let (object, object_name) = object_of(converter, domain);
        let mut origins = origins(converter, &id, &domain.origins, &origin_ports(&listened));
        let resource = take_bucket(converter, &mut origins);
        let ports = match listened {
            Ok(ports) => Seen::Known(ports),
            Err(reason) => Seen::Missing(converter.gap(format!("ports of {id}"), &reason)),
        };
        all.push(Guard {
            domain: name.map(|name| lower(name)),
            resource,
            ports,
            origins,
            dns: match domain.dns_matched.value() {
                // WAF itself looked it up.
                Some(matched) => Seen::Known(*matched),
                None => dns(converter, &id, &domain.head, name, &domain.cname),
            },
            running: in_service(converter, &id),
            egress: egress(converter, &id),
            // The clusters of WAF serve many tenants (network semantics §6.2, case 14): that an origin admits their
            // ranges admits every tenant's WAF domain.
            shared_egress: Seen::Known(true),
            marks_requests: match converter
                .seen(&id, "marks of requests", &domain.marks, |list| Ok(!list.items.is_empty()))
            {
                Seen::Absent => Seen::Known(false),
                seen => seen,
            },
            rules: rules(converter, &id, &domain.head, Known::of(object, object_name.as_ref())),
            ..plain(id, GuardKind::WafProxy)
        });
    }
    all
}

/// Cloud products behind WAF: inspected inside the product, or by redirected ports (section 6.1); and what may be there
/// beside, because an object is of no product that is known here.
fn waf_objects(converter: &mut Converter<'_>) -> (Vec<Guard>, Vec<std::sync::Arc<str>>) {
    let inventory = converter.inventory;
    let objects = inventory.all::<waf::ProtectedObject>();
    let called: Vec<&Text> =
        objects.iter().filter(|one| one.name.value().is_some()).filter_map(|one| one.instance.value()).collect();
    let (mut all, mut strange) = (Vec::new(), Vec::new());
    for object in objects {
        // The list of connected instances repeats what stands among protected objects under the name of each.
        if object.name.value().is_none() && object.instance.value().is_some_and(|id| called.contains(&id)) {
            continue;
        }
        let id = guard_id::<waf::ProtectedObject>(&object.head);
        let kind = match &object.product.state {
            State::Known(product) => match product.as_str() {
                "alb" | "mse" | "fc" | "apig" | "sae" => GuardKind::WafNative,
                "ecs" | "clb4" | "clb7" | "nlb" => GuardKind::WafTransparent,
                // Domains by CNAME are read with their origins.
                "cname" => continue,
                other => {
                    let reason = Reason::not_understood(format!("the product `{other}`"));
                    strange.push(converter.gap(format!("what {id} protects"), &reason));
                    continue;
                }
            },
            State::Absent => continue,
            State::Unknown(reason) => {
                strange.push(converter.gap(format!("what {id} protects"), reason));
                continue;
            }
        };
        let resource = match &object.instance.state {
            State::Known(name) => Some(protected(converter, &object.head, name)),
            State::Absent => None,
            State::Unknown(reason) => {
                if object.domain.value().is_none() {
                    strange.push(converter.gap(format!("what {id} protects"), reason));
                }
                None
            }
        };
        // Which load balancer leads to an application of SAE nobody reads: it may be any.
        if object.product.value().is_some_and(|product| product == "sae") {
            strange.push(converter.gap(format!("what leads to {id}"), &Reason::NotCollected));
        }
        let ports = match (kind, &object.ports.state) {
            (GuardKind::WafNative, _) => Seen::Absent,
            (_, State::Known(list)) if list.items.is_empty() => {
                Seen::Missing(converter.gap(format!("redirected ports of {id}"), &Reason::NotInEvidence))
            }
            _ => match ports_of(&[&object.ports]) {
                Ok(ports) => Seen::Known(ports),
                Err(reason) => Seen::Missing(converter.gap(format!("redirected ports of {id}"), &reason)),
            },
        };
        let on = converter.seen(&id, "switch", &object.protected, |on| Ok(*on));
        let running = match (on, in_service(converter, &id)) {
            (Seen::Known(false), _) | (_, Seen::Known(false)) => Seen::Known(false),
            (Seen::Known(true), Seen::Known(true)) => Seen::Known(true),
            (Seen::Missing(what), _) | (_, Seen::Missing(what)) => Seen::Missing(what),
            _ => Seen::Absent,
        };
        all.push(Guard {
            domain: object.domain.value().map(|name| lower(name)),
            resource,
            ports,
            running,
            rules: rules(converter, &id, &object.head, Known::of(Some(object), None)),
            ..plain(id, kind)
        });
    }
    (all, strange)
}

/// What a protected object protects: a load balancer, an instance, or an application by its own id.
fn protected(converter: &Converter<'_>, from: &Head, name: &Text) -> Id {
    let inventory = converter.inventory;
    if let Some(found) = inventory.follow_as::<ecs::Instance>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<fc::Trigger>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<apigateway::Group>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<apigateway::NativeGateway>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<mse::Gateway>(Some(from), name) {
        return id_of(&found.head);
    }
    super::balancers::named(converter, from, name)
}

/// Application load balancers whose edition inspects what they forward.
fn waf_editions(converter: &mut Converter<'_>) -> Vec<Guard> {
    let mut all = Vec::new();
    for balancer in converter.inventory.all::<alb::LoadBalancer>() {
        if balancer.edition.value().is_some_and(|edition| edition == "standardwithwaf") {
            let resource = id_of(&balancer.head);
            let id = Id::from(format!("{resource} (WAF edition)"));
            let objects = converter.inventory.all::<waf::ProtectedObject>();
            let object =
                objects.iter().find(|one| one.instance.value().is_some_and(|name| *name == *resource.as_str()));
            all.push(Guard {
                resource: Some(resource),
                // The edition is of the balancer; the switches and rules are those of WAF.
                running: in_service(converter, &id),
                rules: rules(converter, &id, &balancer.head, Known::of(object, None)),
                ..plain(id, GuardKind::WafNative)
            });
        }
    }
    all
}
