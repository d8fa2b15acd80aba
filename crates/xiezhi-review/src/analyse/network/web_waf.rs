//! WAF before web applications: domains by CNAME, objects of cloud products, load balancers whose edition inspects. Sources:
//! network semantics §6.1, EDGE-1 to EDGE-3.

use xiezhi_model::service::{alb, apigateway, ecs, fc, mse, sae, slb, waf};
use xiezhi_model::{Fact, Head, List, Reason, State, Text};
use xiezhi_net::model::{Guard, GuardKind, Id, Seen};

use super::convert::{Converter, id_of};
use super::web::{guard_id, lower, origins, plain, take_bucket};
use super::web_names::dns;
use super::web_templates::{Known, rules};

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

/// Domains that go through WAF by CNAME.
pub(super) fn domains(converter: &mut Converter<'_>) -> Vec<Guard> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for domain in inventory.all::<waf::Domain>() {
        let id = guard_id::<waf::Domain>(&domain.head);
        converter.rests(&id, &domain.origins);
        let hybrid = domain.hybrid.value() == Some(&true);
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
                // Where the customer's cluster answers nobody reads.
                None if hybrid && domain.cname.value().is_none() => {
                    Seen::Missing(converter.gap(format!("DNS status of {id}"), &Reason::NotInEvidence))
                }
                // WAF itself looked it up.
                Some(matched) => Seen::Known(*matched),
                None => dns(converter, &id, &domain.head, name, &domain.cname),
            },
            running: in_service(converter, &id),
            egress: match hybrid {
                true => Seen::Missing(
                    converter.gap(format!("source ranges of the cluster of {id}"), &Reason::NotInEvidence),
                ),
                false => egress(converter, &id),
            },
            // The clusters of WAF serve many tenants (network semantics §6.2, case 14): that an origin admits their
            // ranges admits every tenant's WAF domain. A cluster of the customer's own is nobody else's.
            shared_egress: Seen::Known(!hybrid),
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
pub(super) fn objects(converter: &mut Converter<'_>) -> (Vec<Guard>, Vec<std::sync::Arc<str>>) {
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
                // So are those that the customer's own clusters serve, whatever the object is called.
                _ if is_hybrid(converter, object) => continue,
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
        let serverless = object.product.value().is_some_and(|product| product == "sae");
        let led = if serverless { Some(leads_to(converter, &object.head, &object.instance)) } else { None };
        let (resource, led) = match led {
            None => (resource, None),
            Some(Ok(None)) => continue,
            Some(Ok(Some((balancer, ports)))) => (Some(balancer), Some(ports)),
            // It may be any load balancer that leads to the application.
            Some(Err(reason)) => {
                strange.push(converter.gap(format!("what leads to {id}"), &reason));
                (resource, None)
            }
        };
        let ports = match (kind, &object.ports.state) {
            (GuardKind::WafNative, _) if led.is_some() => led.map_or(Seen::Absent, Seen::Known),
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

/// Whether an object is a domain of the customer's own clusters.
fn is_hybrid(converter: &Converter<'_>, object: &waf::ProtectedObject) -> bool {
    let same = |domain: &waf::Domain| {
        domain.hybrid.value() == Some(&true)
            && domain.domain.value().is_some_and(|name| object.domain.value() == Some(name))
    };
    converter.inventory.all::<waf::Domain>().iter().any(same)
}

/// The load balancer, and its ports, by which the internet reaches an application of SAE that WAF inspects; none when no
/// load balancer does. Source: SAE DescribeApplicationSlbs.
fn leads_to(
    converter: &Converter<'_>,
    from: &Head,
    application: &Fact<Text>,
) -> Result<Option<(Id, Vec<u16>)>, Reason> {
    let name = match &application.state {
        State::Known(name) => name,
        State::Absent => return Err(Reason::NotInEvidence),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let inventory = converter.inventory;
    let found = inventory.follow_as::<sae::Application>(Some(from), name).or_else(|| {
        inventory.all::<sae::Application>().iter().find(|one| one.head.name.value().is_some_and(|own| own == name))
    });
    let found = found.ok_or(Reason::NotCollected)?;
    match &found.internet_balancer.state {
        State::Known(link) => {
            let balancer = inventory.follow_as::<slb::LoadBalancer>(Some(&found.head), &link.target);
            let balancer = balancer.ok_or(Reason::NotCollected)?;
            Ok(Some((id_of(&balancer.head), ports_of(&[&found.internet_ports])?)))
        }
        State::Absent => Ok(None),
        State::Unknown(reason) => Err(reason.clone()),
    }
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
pub(super) fn editions(converter: &mut Converter<'_>) -> Vec<Guard> {
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
