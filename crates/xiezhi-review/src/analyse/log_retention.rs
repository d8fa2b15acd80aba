//! For how many days logs are kept where they are delivered: the TTL of a Logstore, the lifecycle of a bucket. Source:
//! network semantics §12.1(6) (`ttl`, 3650 is for ever; hot storage does not shorten it), §12.3; six months by
//! Cybersecurity Law art. 21(3).

use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::sls::{Logstore, Project};
use xiezhi_model::service::{alb, slb, vpc};
use xiezhi_model::{Fact, Head, Inventory, Link, Reason, State, Text};

use super::evidence::called;
use super::{Analysis, Proof, derived, in_words};

/// See the module.
pub(super) struct LogRetention;

const NAME: &str = "log retention";

/// Source: Sls GetLogStore `ttl`: 3650 means for ever.
pub(super) const FOR_EVER: i64 = 3650;

impl Analysis for LogRetention {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let of_store = |head: &Head, project: &Fact<Text>, store: &Fact<Text>| {
            let label = project.origin.label.weakest(store.origin.label);
            let none = in_words("its logs go nowhere", "日志未投递");
            match (&project.state, &store.state) {
                (State::Absent, _) | (_, State::Absent) => Fact::absent(derived(NAME, none, label)),
                (State::Unknown(reason), _) | (_, State::Unknown(reason)) => {
                    Fact::unknown(reason.clone(), derived(NAME, "", label))
                }
                (State::Known(project), State::Known(store)) => said(logstore(inventory, head, project, store), label),
            }
        };
        let balancers: Vec<Fact<i64>> = inventory
            .all::<alb::LoadBalancer>()
            .iter()
            .map(|one| of_store(&one.head, &one.access_log_project, &one.access_log_store))
            .collect();
        let classic: Vec<Fact<i64>> = inventory
            .all::<slb::LoadBalancer>()
            .iter()
            .map(|one| of_store(&one.head, &one.access_log_project, &one.access_log_store))
            .collect();
        let flows: Vec<Fact<i64>> = inventory
            .all::<vpc::FlowLog>()
            .iter()
            .map(|one| of_store(&one.head, &one.project, &one.logstore))
            .collect();
        let buckets: Vec<Fact<i64>> = inventory.all::<Bucket>().iter().map(|one| access_logs(inventory, one)).collect();
        let all = inventory.all_mut::<alb::LoadBalancer>().iter_mut().zip(balancers);
        all.for_each(|(one, days)| one.access_log_days = days);
        let all = inventory.all_mut::<slb::LoadBalancer>().iter_mut().zip(classic);
        all.for_each(|(one, days)| one.access_log_days = days);
        inventory.all_mut::<vpc::FlowLog>().iter_mut().zip(flows).for_each(|(one, days)| one.retention_days = days);
        inventory.all_mut::<Bucket>().iter_mut().zip(buckets).for_each(|(one, days)| one.access_log_days = days);
    }
}

/// Days, with what keeps them; why nobody can tell otherwise.
pub(super) type Kept = Result<(i64, Proof), Reason>;

fn said(kept: Kept, label: xiezhi_model::Label) -> Fact<i64> {
    match kept {
        Ok((days, proof)) => Fact::known(days, derived(NAME, proof, label)),
        Err(reason) => Fact::unknown(reason, derived(NAME, "", label)),
    }
}

/// How long a Logstore keeps logs, by the names of project and store.
pub(super) fn logstore(inventory: &Inventory, from: &Head, project: &Text, store: &Text) -> Kept {
    let id = Text::from(format!("{project}:{store}"));
    let found = inventory.follow_as::<Logstore>(Some(from), &id).or_else(|| {
        // Declared ones are known by name, and name their project by a link.
        let same = |link: &Link<Project>| {
            link.target == *project
                || inventory
                    .follow_as::<Project>(Some(from), &link.target)
                    .is_some_and(|one| one.head.name.value() == Some(project) || one.head.id.value() == Some(project))
        };
        inventory.all::<Logstore>().iter().find(|one| {
            one.head.name.value().is_some_and(|name| name == store || *name == id)
                && one.project.value().is_some_and(same)
        })
    });
    let found = found.ok_or(Reason::NotCollected)?;
    match &found.ttl_days.state {
        State::Known(days) => {
            let proof = in_words(
                format!("Logstore {} keeps {days} days", called(&found.head)),
                format!("日志库 {} 保留 {days} 天", called(&found.head)),
            );
            Ok((*days, proof))
        }
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// How long the objects of a bucket under a prefix are kept: until the first lifecycle rule that concerns some of them
/// deletes them, for ever without one.
pub(super) fn bucket(bucket: &Bucket, prefix: &str) -> Kept {
    let list = match &bucket.lifecycle_rules.state {
        State::Known(list) => list,
        State::Absent => return Err(Reason::NotInEvidence),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    if let Some(reason) = &list.more {
        return Err(reason.clone());
    }
    let mut days = FOR_EVER;
    for rule in &list.items {
        match (&rule.enabled.state, &rule.prefix.state, &rule.expiration_days.state) {
            (State::Known(false), _, _) | (_, _, State::Absent) => {}
            (State::Known(true), State::Known(own), State::Known(after)) => {
                if prefix.starts_with(own.as_str()) || own.starts_with(prefix) {
                    days = days.min(*after);
                }
            }
            (State::Known(true), State::Absent, State::Known(after)) => days = days.min(*after),
            (State::Unknown(reason), _, _) | (_, State::Unknown(reason), _) | (_, _, State::Unknown(reason)) => {
                return Err(reason.clone());
            }
            (State::Absent, _, _) => return Err(Reason::NotInEvidence),
        }
    }
    let name = called(&bucket.head);
    let proof = match days == FOR_EVER {
        true => in_words(
            format!("no lifecycle rule of bucket {name} deletes them"),
            format!("存储空间 {name} 没有会删除它们的生命周期规则"),
        ),
        false => in_words(
            format!("a lifecycle rule of bucket {name} deletes them after {days} days"),
            format!("存储空间 {name} 的生命周期规则在 {days} 天后删除它们"),
        ),
    };
    Ok((days, proof))
}

/// How long the access logs of a bucket are kept.
fn access_logs(inventory: &Inventory, one: &Bucket) -> Fact<i64> {
    let label = one.logging_bucket.origin.label;
    let target = match &one.logging_bucket.state {
        State::Known(link) => link,
        State::Absent => {
            return Fact::absent(derived(NAME, in_words("access logging is off", "未开启访问日志"), label));
        }
        State::Unknown(reason) => return Fact::unknown(reason.clone(), derived(NAME, "", label)),
    };
    let prefix = match &one.logging_prefix.state {
        State::Known(prefix) => prefix.as_str(),
        State::Absent => "",
        State::Unknown(reason) => return Fact::unknown(reason.clone(), derived(NAME, "", label)),
    };
    match inventory.follow_as::<Bucket>(Some(&one.head), &target.target) {
        Some(found) => said(bucket(found, prefix), label.weakest(found.lifecycle_rules.origin.label)),
        None => Fact::unknown(Reason::NotCollected, derived(NAME, "", label)),
    }
}
