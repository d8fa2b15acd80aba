//! Which of the six areas a check belongs to, and how disruptive its fix is.

use xiezhi_rule::{Check, Phase};

use crate::assessment::Area;

/// The area of a checklist item. Source: reference review, section C.
pub fn area_of_item(number: u8) -> Area {
    match number {
        1..=3 => Area::Identity,
        4 => Area::Network,
        5 | 12 => Area::Data,
        6 | 7 => Area::Detection,
        8 | 9 => Area::Web,
        _ => Area::Compliance,
    }
}

/// The checklist items that a check gives evidence to.
pub(crate) fn items_of(check: &Check) -> impl Iterator<Item = u8> {
    check.controls.iter().filter_map(|control| control.strip_prefix("review:")?.parse().ok())
}

/// The area of a check: that of the first checklist item which says more than "some control of the level" (item 10 is
/// informed by checks of every area), else that of the service it judges.
pub(crate) fn area_of(check: &Check) -> Area {
    if let Some(item) = items_of(check).find(|item| *item != 10) {
        return area_of_item(item);
    }
    let kind = check.subject.kind;
    let service = kind.split('.').next().unwrap_or(kind);
    match service {
        "account" if check.question.is_some() => Area::Compliance,
        "account" | "ram" | "cloudsso" | "resourcedirectory" => Area::Identity,
        "actiontrail" | "sls" | "sas" | "config" | "bastionhost" | "cloudmonitor" => Area::Detection,
        "waf" | "ddos" | "cdn" | "dcdn" | "apigateway" | "alidns" => Area::Web,
        "ecs" if matches!(kind, "ecs.disk" | "ecs.snapshot" | "ecs.auto-snapshot-policy" | "ecs.region-settings") => {
            Area::Data
        }
        "ecs" | "vpc" | "eip" | "nat" | "slb" | "alb" | "nlb" | "gwlb" | "vpn" | "cen" | "privatelink" | "ess"
        | "eci" | "ens" | "expressconnect" | "cloudfw" | "ack" | "fc" | "mse" | "emr" | "cr" => Area::Network,
        _ => Area::Data,
    }
}

/// How disruptive the fix of a check is, lower comes first: what the check says, else what is usual for its area.
pub(crate) fn phase_of(check: &Check) -> Phase {
    check.phase.unwrap_or_else(|| match area_of(check) {
        Area::Detection | Area::Compliance => Phase::Observe,
        Area::Identity => Phase::Restrict,
        Area::Network | Area::Web => Phase::Close,
        Area::Data => Phase::Migrate,
    })
}
