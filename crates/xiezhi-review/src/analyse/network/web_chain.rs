//! Chains of guards: whether a WAF behind another guard takes requests from that guard only (network semantics §6.2,
//! case 15). WAF refuses others only by a rule of its own.

use ipnet::IpNet;
use xiezhi_model::service::waf;
use xiezhi_model::{Reason, State};
use xiezhi_net::model::{Guard, Seen, net};
use xiezhi_net::set::Addresses;

use super::super::evidence::{Listed, called};
use super::convert::{Converter, each};
use super::web::guard_id;
use super::web_templates::{Known, in_template, templates};
use super::web_waf::object_of;

/// States of every WAF domain that another guard forwards to whether it takes requests from there only.
pub(super) fn lock(converter: &mut Converter<'_>, guards: &mut [Guard]) {
    for domain in converter.inventory.all::<waf::Domain>() {
        let id = guard_id::<waf::Domain>(&domain.head);
        let before: Vec<&Guard> = guards.iter().filter(|guard| guard.forwards_to.as_ref() == Some(&id)).collect();
        if before.is_empty() {
            continue;
        }
        let mut ranges = Ok(Vec::new());
        for guard in before {
            ranges = match (ranges, &guard.egress) {
                (Ok(mut all), Seen::Known(own)) => {
                    all.extend(own.iter().copied());
                    Ok(all)
                }
                (Ok(_), Seen::Missing(what)) => Err(converter.reason_of(what)),
                // No range of content delivery is published (EDGE-7).
                (Ok(_), Seen::Absent) => Err(Reason::NotInEvidence),
                (Err(reason), _) => Err(reason),
            };
        }
        let answer = match locked(converter, domain, ranges) {
            Ok(only) => Seen::Known(only),
            Err(reason) => {
                Seen::Missing(converter.gap(format!("whether {id} takes requests from its upstream only"), &reason))
            }
        };
        if let Some(guard) = guards.iter_mut().find(|guard| guard.id == id) {
            guard.only_from_upstream = answer;
        }
    }
}

/// Whether a custom rule blocks everything from outside the upstream's ranges. A rule that asks for anything else than
/// the source may do so too, by a header that the upstream sets: then nobody can tell.
fn locked(
    converter: &Converter<'_>,
    domain: &waf::Domain,
    upstream: Result<Vec<IpNet>, Reason>,
) -> Result<bool, Reason> {
    let inventory = converter.inventory;
    let (object, name) = object_of(converter, domain);
    let known = Known::of(object, name.as_ref());
    let templates = templates(converter, &domain.head, known, |scene| scene == "custom_acl")?;
    if templates.is_empty() {
        return Ok(false);
    }
    let mut doubt = Listed::of::<waf::Rule>(inventory).gap(&domain.head).cloned();
    let mut locks = Vec::new();
    for rule in inventory.all::<waf::Rule>() {
        match in_template(converter, rule, &templates) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(reason) => {
                doubt = Some(reason);
                continue;
            }
        }
        match (&rule.enabled.state, &rule.action.state, &rule.outside.state) {
            (State::Known(false), _, _) => {}
            (State::Known(true), State::Known(action), _) if action != "block" => {}
            (State::Known(true), State::Known(_), State::Known(ranges)) => locks.push(each(ranges, net)?),
            (State::Known(true), State::Known(_), State::Absent) => {
                doubt = Some(Reason::not_understood(format!("WAF rule {}", called(&rule.head))));
            }
            (State::Unknown(reason), _, _) | (_, State::Unknown(reason), _) | (_, _, State::Unknown(reason)) => {
                doubt = Some(reason.clone());
            }
            _ => {}
        }
    }
    if locks.is_empty() {
        return doubt.map_or(Ok(false), Err);
    }
    let upstream = Addresses::from_nets(upstream?);
    let closed = |ranges: &Vec<IpNet>| Addresses::from_nets(ranges.iter().copied()).subtract(&upstream).is_empty();
    match (locks.iter().any(closed), doubt) {
        (true, _) => Ok(true),
        (false, None) => Ok(false),
        (false, Some(reason)) => Err(reason),
    }
}
