//! What one trail takes, whether it delivers, and what becomes of it: the conditions of network semantics §12.1, one by one.

use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::resourcedirectory::Member;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Inventory, List, Reason, State, Text};

use super::{Class, Holds, role};
use crate::analyse::evidence::called;
use crate::analyse::log_retention::{self, FOR_EVER, Kept};
use crate::analyse::oss_policy::anyone_reads;

/// Whether a trail is of the account itself, or of the organisation that it is a member of (§12.1(4)).
pub(super) fn speaks_of(trail: &Trail, account: Option<&Text>, inventory: &Inventory) -> Holds {
    let of = trail.head.account.value().or(inventory.only_account());
    let (Some(of), Some(account)) = (of, account) else { return Ok(true) };
    if of == account {
        return Ok(true);
    }
    if !fact(&trail.organization)? {
        return Ok(false);
    }
    let managed = |member: &&Member| member.head.account.value().is_none_or(|manager| manager == of);
    let mut members = inventory.all::<Member>().iter().filter(managed);
    if let Some(member) = members.find(|member| member.head.id.value() == Some(account)) {
        return fact(&member.joined);
    }
    let gaps = inventory.gaps(Member::SCHEMA);
    let gap = gaps.into_iter().find(|gap| gap.of.is_none() || gap.of.as_ref() == Some(of));
    gap.map_or(Ok(false), |gap| Err(gap.reason))
}

/// Whether every condition holds: one that does not decides.
pub(super) fn all<const N: usize>(conditions: [Holds; N]) -> Holds {
    let mut doubt = None;
    for condition in conditions {
        match condition {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(reason) => doubt = doubt.or(Some(reason)),
        }
    }
    doubt.map_or(Ok(true), Err)
}

pub(super) fn fact(fact: &Fact<bool>) -> Holds {
    match &fact.state {
        State::Known(value) => Ok(*value),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

pub(super) fn takes(trail: &Trail, region: Option<&Text>) -> Holds {
    match (fact(&trail.all_regions), region, &trail.regions.state) {
        (Ok(true), _, _) => Ok(true),
        (Ok(false), None, _) => Ok(false),
        (_, Some(region), State::Known(list)) => {
            Ok(list.split(',').map(str::trim).any(|one| one == region || one.eq_ignore_ascii_case("all")))
        }
        (Err(reason), _, _) => Err(reason),
        (Ok(false), Some(_), State::Unknown(reason)) => Err(reason.clone()),
        (Ok(false), Some(_), State::Absent) => Ok(false),
    }
}

pub(super) fn events(trail: &Trail, class: Class<'_>) -> Holds {
    match class {
        Class::Management(class) => match &trail.events.state {
            State::Known(word) => Ok(word == "all" || word == class),
            State::Absent => Err(Reason::NotInEvidence),
            State::Unknown(reason) => Err(reason.clone()),
        },
        Class::Data(service) => {
            let both = format!("{service} all");
            has(&trail.data_events, |selected| *selected == both)
        }
        Class::Insight => has(&trail.insights, |_| true),
    }
}

/// Whether a list has such a member; one that may have more members is open.
fn has(list: &Fact<List<Text>>, wanted: impl Fn(&Text) -> bool) -> Holds {
    match &list.state {
        State::Known(list) if list.items.iter().any(wanted) => Ok(true),
        State::Known(list) => list.more.clone().map_or(Ok(false), Err),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// Whether the last deliveries succeeded and the targets are there.
pub(super) fn delivers(trail: &Trail) -> Holds {
    let succeeded = |error: &Fact<Text>| match &error.state {
        State::Absent => Ok(true),
        State::Known(_) => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    };
    let there = |exists: &Fact<bool>| match &exists.state {
        State::Known(there) => Ok(*there),
        State::Absent => Ok(true),
        State::Unknown(reason) => Err(reason.clone()),
    };
    // What is not delivered to is not there and cannot fail.
    let bucket = match trail.bucket.is_absent() {
        true => Ok(true),
        false => all([there(&trail.bucket_exists), arrives(&trail.idle_days)]),
    };
    let project = match trail.project.is_absent() {
        true => Ok(true),
        false => {
            let arrives = arrives(&trail.project_idle_days);
            all([succeeded(&trail.project_delivery_error), there(&trail.project_exists), arrives])
        }
    };
    all([succeeded(&trail.delivery_error), bucket, project])
}

/// How many days a trail may deliver nothing before nobody can tell whether it works: the look itself is an event, and
/// every account that is in use has some each day. The choice is ours.
const IDLE: i64 = 7;

/// Whether something was delivered not long before the look; where the evidence does not say when it was taken, nobody
/// can count, and the absence of errors has to do.
fn arrives(idle: &Fact<i64>) -> Holds {
    match &idle.state {
        State::Known(days) if *days <= IDLE => Ok(true),
        // Nothing says whether there was nothing to deliver.
        State::Known(_) | State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(Reason::NotInEvidence | Reason::NotCollected) => Ok(true),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// In what ways a trail's events can be lost or read by others where it delivers them (§12.1(6)): a bucket that is
/// public, is neither versioned nor under retention, or whose accesses nobody logs. A target that is not in evidence is in
/// another account, which keeps it out of reach of this one's administrators, or was not looked at. And a write role that
/// people or other accounts may assume: whoever does writes there in ActionTrail's place.
pub(super) fn risks_of(inventory: &Inventory, trail: &Trail) -> List<Text> {
    let mut risks = List { items: vec![], more: None };
    for role in role::named(inventory, trail) {
        let outside = role.external_trust.value().is_some_and(|list| !list.items.is_empty());
        match (outside, &role.trusts_people.state) {
            (true, _) | (_, State::Known(true)) => {
                risks.items.push(format!("role {}: assumed by others", called(&role.head)).into());
            }
            (false, State::Unknown(reason)) => risks.more = Some(reason.clone()),
            (false, State::Known(false) | State::Absent) => {}
        }
    }
    risks.items.dedup();
    let State::Known(link) = &trail.bucket.state else { return risks };
    let also_logged = trail.project.value().is_some();
    let Some(bucket) = inventory.follow_as::<Bucket>(Some(&trail.head), &link.target) else {
        risks.more = Some(Reason::NotCollected);
        return risks;
    };
    match anyone_reads(inventory, bucket) {
        Ok(false) => {}
        Ok(true) => risks.items.push(format!("bucket {}: public", called(&bucket.head)).into()),
        Err(reason) => risks.more = Some(reason),
    }
    // Where a log project keeps them as well, they are not lost with the bucket.
    if also_logged {
        return risks;
    }
    let name = called(&bucket.head);
    match (&bucket.versioning.state, &bucket.worm.state) {
        (State::Known(word), _) if word == "Enabled" => {}
        (_, State::Known(word)) if word == "locked" => {}
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => risks.more = Some(reason.clone()),
        _ => risks.items.push(format!("bucket {name}: not versioned").into()),
    }
    match &bucket.logging_bucket.state {
        State::Known(_) => {}
        State::Absent => risks.items.push(format!("bucket {name}: not logged").into()),
        State::Unknown(reason) => risks.more = Some(reason.clone()),
    }
    risks
}

/// For how long a trail's events are kept, by the target that keeps them longer. Source: §12.1(6).
pub(super) fn retention(inventory: &Inventory, trail: &Trail) -> Kept {
    let mut all: Vec<Kept> = Vec::new();
    match &trail.project.state {
        State::Known(link) => {
            let name = trail.head.name.value().or(trail.head.id.value()).ok_or(Reason::NotInEvidence)?;
            let found = inventory.follow_as::<Project>(Some(&trail.head), &link.target);
            let project = found.and_then(|one| one.head.id.value().or(one.head.name.value())).unwrap_or(&link.target);
            let store = Text::from(format!("actiontrail_{name}"));
            all.push(log_retention::logstore(inventory, &trail.head, project, &store));
        }
        State::Absent => {}
        State::Unknown(reason) => all.push(Err(reason.clone())),
    }
    match &trail.bucket.state {
        State::Known(link) => {
            let prefix = match &trail.bucket_prefix.state {
                State::Known(prefix) => Ok(format!("{prefix}/AliyunLogs/Actiontrail/")),
                State::Absent => Ok("AliyunLogs/Actiontrail/".to_owned()),
                State::Unknown(reason) => Err(reason.clone()),
            };
            all.push(match (inventory.follow_as::<Bucket>(Some(&trail.head), &link.target), prefix) {
                (Some(bucket), Ok(prefix)) => log_retention::bucket(bucket, &prefix),
                (None, _) => Err(Reason::NotCollected),
                (_, Err(reason)) => Err(reason),
            });
        }
        State::Absent => {}
        State::Unknown(reason) => all.push(Err(reason.clone())),
    }
    let longest = all.iter().flatten().max_by_key(|(days, _)| *days).cloned();
    match (longest, all.into_iter().find_map(Result::err)) {
        (Some(kept), _) if kept.0 >= FOR_EVER => Ok(kept),
        (_, Some(reason)) => Err(reason),
        (Some(kept), None) => Ok(kept),
        (None, None) => Err(Reason::NotInEvidence),
    }
}

/// Whether events arrive somewhere that is there and not public: in a bucket or a log project.
pub(super) fn target(inventory: &Inventory, trail: &Trail) -> Holds {
    match (&trail.bucket.state, &trail.project.state) {
        (_, State::Known(link)) => {
            let Some(project) = inventory.follow_as::<Project>(Some(&trail.head), &link.target) else {
                return Err(Reason::NotCollected);
            };
            fact(&project.policy_grants_anyone).map(|public| !public)
        }
        (State::Known(link), _) => {
            let Some(bucket) = inventory.follow_as::<Bucket>(Some(&trail.head), &link.target) else {
                // It may be in another account, which is the better place for it.
                return Err(Reason::NotCollected);
            };
            anyone_reads(inventory, bucket).map(|public| !public)
        }
        (State::Absent, State::Absent) => Ok(false),
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err(reason.clone()),
    }
}
